//! JSON formats as wholes: whatever the windows and the size of parts, the same comes out and nothing is lost.

mod held;

use super::Json;
use crate::format::jsonl::JsonLines;
use crate::format::{CONTEXT, Cut, Format, Guess, Head, Settings};
use crate::model::record::{NodeId, Record, Role, Step};
use crate::model::{MAX_FINDING, Span};
use proptest::prelude::*;
use serde_json::Value;

/// A segment with all that its record says of it.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    role: Role,
    pointer: String,
    /// Bytes of the input.
    raw: Span,
    text: String,
    opened: bool,
}

/// A record with something in it.
#[derive(Debug, Clone, PartialEq)]
struct Got {
    starts: bool,
    odd: bool,
    segments: Vec<Seen>,
}

fn pointer(record: &Record, node: Option<NodeId>) -> String {
    let Some(id) = node else { return String::new() };
    let n = record.at(id);
    let step = match n.step {
        Step::Key(s) => String::from_utf8_lossy(record.interned(s)).replace('~', "~0").replace('/', "~1"),
        Step::Index(i) => i.to_string(),
        Step::Column(..) | Step::Part(_) => unreachable!("no JSON"),
    };
    pointer(record, n.parent) + "/" + &step
}

/// All records of `input`, shown in windows that grow by these steps.
fn run(format: &dyn Format, input: &[u8], settings: &Settings, growth: &[usize]) -> Vec<Got> {
    let head = Head { bytes: &input[..input.len().min(1000)], whole: input.len() <= 1000, name: "" };
    let mut stream = format.stream(&head, settings);
    let (mut from, mut done, mut to) = (0, 0, 0);
    let mut growth = growth.iter().cycle();
    let mut out = Vec::new();
    let mut record = Record::default();
    while done < input.len() {
        let last = to == input.len();
        match stream.cut(&input[from..to], last) {
            Cut::More => {
                assert!(!last, "the end was not taken");
                to = input.len().min(to + growth.next().unwrap());
            }
            Cut::Unit(mut unit) => {
                let core = Span::new(done - from, unit.end);
                assert!(!core.is_empty() && unit.until >= unit.end && unit.until <= to - from && unit.keep <= unit.end);
                let bytes = &input[from..from + unit.until];
                let mut at = core.start;
                while at < core.end {
                    let end = unit.reader.read(bytes, core, at, &mut record);
                    assert!(end > at && end <= core.end, "{at} {end} {core:?}");
                    assert_eq!(record.span, Span::new(at, end));
                    out.extend(got(&record, bytes, from));
                    at = end;
                }
                done = from + unit.end;
                from = done - unit.keep;
            }
        }
    }
    out
}

fn got(record: &Record, bytes: &[u8], from: usize) -> Option<Got> {
    let segments: Vec<Seen> = record
        .segments
        .iter()
        .map(|s| Seen {
            role: s.role,
            pointer: pointer(record, s.node),
            raw: s.raw.shifted(from),
            text: String::from_utf8_lossy(record.text(s, bytes)).into_owned(),
            opened: s.opened.is_some(),
        })
        .collect();
    (record.starts || !segments.is_empty()).then_some(Got { starts: record.starts, odd: record.odd, segments })
}

fn max(max_record: usize) -> Settings {
    Settings { max_record, ..Settings::default() }
}

fn whole(format: &dyn Format, input: &str) -> Vec<Got> {
    run(format, input.as_bytes(), &max(1 << 20), &[1 << 20])
}

/// `pointer=text` of all values, records apart.
fn values(got: &[Got]) -> Vec<Vec<String>> {
    let value = |s: &Seen| match s.role {
        Role::Value | Role::Number => Some(format!("{}={}", s.pointer, s.text)),
        Role::Text => Some(s.text.clone()),
        _ => None,
    };
    got.iter().map(|g| g.segments.iter().filter_map(value).collect()).collect()
}

#[test]
fn the_first_line_tells() {
    let guess = |bytes: &str| Json.guess(&Head { bytes: bytes.as_bytes(), whole: true, name: "" });
    for yes in [
        "{\n",
        "[",
        "{\"a\":1}",
        "[{\"a\":1}]\n",
        "{\"a\":1}{\"b\":2}\n",
        "\u{1e}{\"a\":1}\n",
        "{\"a\":'x'}",
        "[ {\"a\": \"b",
    ] {
        assert_eq!(guess(yes), Guess::Yes, "{yes}");
    }
    for no in ["[INFO] x", "[2024-01-01 10:00] {}", "{\"a\":1} x", "x", "", "{{ x }}", "\"a\"", "[{x"] {
        assert_eq!(guess(no), Guess::No, "{no}");
    }
}

#[test]
fn records_are_the_elements_of_arrays_of_objects() {
    let got = whole(&Json, r#" [{"a":"x"}, {"b":["y",1]} ] {"c":"z"}"#);
    assert_eq!(values(&got), [vec!["/0/a=x"], vec!["/1/b/0=y", "/1/b/1=1"], vec!["/c=z"]]);
    let got = whole(&Json, r#"{"n":"s","messages":[{"t":"a long enough text"},5,{"t":"another one"}],"e":"f"}"#);
    assert_eq!(
        values(&got),
        [
            vec!["/n=s"],
            vec!["/messages/0/t=a long enough text"],
            vec!["/messages/1=5"],
            vec!["/messages/2/t=another one"],
            vec!["/e=f"]
        ]
    );
    assert_eq!(got.iter().map(|g| g.starts).collect::<Vec<_>>(), [true, true, true, true, false]);
    // One contact: its values stay together.
    let got = whole(&Json, r#"{"name":"Ana Reis","emails":[{"a":"x"}],"phone":"y"}"#);
    assert_eq!(values(&got), [vec!["/name=Ana Reis", "/emails/0/a=x", "/phone=y"]]);
    let got = whole(&Json, "\u{1e}{\"a\":1}\n\u{1e}[1,[\"x\"]]\n");
    assert_eq!(values(&got), [vec!["/a=1"], vec!["/0=1", "/1/0=x"]]);
}

#[test]
fn what_is_broken_is_text_to_the_end() {
    let got = whole(&Json, "[{\"a\":\"x\"},{\"b\":'y z'},{\"c\":\"w\"}] and\nmore \"of\" it");
    assert_eq!(values(&got), [vec!["/0/a=x"], vec!["'y z'}"], vec!["/2/c=w"], vec!["and"], vec!["more \"of\" it"]]);
    assert_eq!(got.iter().map(|g| g.odd).collect::<Vec<_>>(), [false, true, false, true, true]);
    for (text, want) in [
        ("{\n int x = \"y\";\n}", vec!["int x = \"y\";", "}"]),
        ("[{\"a\":\"x\",\"b\":\"cut", vec!["/0/a=x", "\"cut"]),
        ("{\"a\":\"x\",\"b\":\"cut\nhere", vec!["/a=x", "\"cut", "here"]),
        ("{\"a\":\"x\" // c\n}", vec!["/a=x", "// c", "}"]),
        ("[1,\0]", vec!["/0=1", "\0]"]),
        ("{\"a\":1}}}", vec!["/a=1", "}}"]),
    ] {
        assert_eq!(values(&whole(&Json, text)).concat(), want, "{text}");
    }
}

#[test]
fn pointers_limit_what_is_scanned() {
    let text = r#"[{"a":"x","b":{"c":"y"}},{"a":"z","s":"{\"a\":\"n\"}"}]"#;
    let settings = |only: &[&str], not: &[&str]| Settings {
        text_fields: only.iter().map(|s| (*s).to_owned()).collect(),
        skip_fields: not.iter().map(|s| (*s).to_owned()).collect(),
        ..Settings::default()
    };
    let get = |settings| values(&run(&Json, text.as_bytes(), &settings, &[9])).concat();
    assert_eq!(get(settings(&["/*/a"], &[])), ["/0/a=x", "/1/a=z"]);
    assert_eq!(get(settings(&["/1"], &["/1/a"])), ["/1/s/a=n"]);
    assert_eq!(get(settings(&[], &["/*/b", "/1/s/a"])), ["/0/a=x", "/1/a=z"]);
}

/// No clock is needed: at this size, a quadratic step would take hours.
#[test]
fn hostile_input_takes_no_long_time() {
    let n = 1 << 20;
    for text in [
        "[".repeat(n),
        "{\"a\":".repeat(n / 5),
        "\"\\u".repeat(n / 3),
        "\\".repeat(n),
        format!("[\"{}", "\\".repeat(n)),
        format!("[\"{}\"]", "\\\\".repeat(n / 2)),
        format!("[{{\"{}\":1}}]", "k".repeat(n)),
        "{\"".repeat(n / 2),
        "{\"a\":1".repeat(n / 6),
        "[{},".repeat(n / 4),
        "[{\"".repeat(n / 3),
        format!("[{}", " ".repeat(n)),
        format!("[{}]", "1".repeat(n)),
        "{} ".repeat(n / 24),
        "x {\"a\":{\"b\" ".repeat(n / 12),
        // In strings.
        format!("{{\"a\":\"{}", r#"{\"a\":"#.repeat(n / 7)),
        format!("[\"[{}", r#"\"x\","#.repeat(n / 6)),
        format!("[{}", "\"[1,\\\"".repeat(n / 7)),
        format!("[\"[\\\"[\\\\\\\"{}", "[".repeat(n)),
        format!("[\"[{}\"]", " ".repeat(n)),
        bomb(n),
    ] {
        for format in [&Json as &dyn Format, &JsonLines] {
            for max_record in [4096, 1 << 20] {
                run(format, text.as_bytes(), &max(max_record), &[8 << 10]);
            }
        }
    }
}

/// Strings that hold JSON, one in the other, until the text is that long.
fn bomb(len: usize) -> String {
    let mut value = Value::from("x@example.com");
    while value.to_string().len() < len {
        let inner = serde_json::json!({ "a": value, "b": [value] });
        value = Value::from(inner.to_string());
    }
    serde_json::json!({ "v": value }).to_string()
}

/// JSON text written with odd spaces and escapes, and the values it holds as `pointer=text`.
#[derive(Debug, Clone)]
struct Written {
    text: String,
    values: Vec<String>,
}

fn write(value: &Value, at: &str, dice: &mut impl FnMut(u8) -> u8, out: &mut Written) {
    let space = |dice: &mut dyn FnMut(u8) -> u8, out: &mut Written| {
        out.text.push_str(["", "", "", " ", "\n", "\r\n\t"][dice(6) as usize]);
    };
    space(dice, out);
    match value {
        Value::Array(list) => {
            out.text.push('[');
            for (i, v) in list.iter().enumerate() {
                out.text.push_str(if i > 0 { "," } else { "" });
                write(v, &format!("{at}/{i}"), dice, out);
            }
            out.text.push(']');
        }
        Value::Object(map) => {
            out.text.push('{');
            for (i, (k, v)) in map.iter().enumerate() {
                out.text.push_str(if i > 0 { "," } else { "" });
                space(dice, out);
                string(k, dice, out);
                space(dice, out);
                out.text.push(':');
                write(v, &format!("{at}/{}", k.replace('~', "~0").replace('/', "~1")), dice, out);
            }
            out.text.push('}');
        }
        Value::String(s) => {
            string(s, dice, out);
            out.values.push(format!("{at}={s}"));
        }
        other => {
            out.text.push_str(&other.to_string());
            out.values.push(format!("{at}={other}"));
        }
    }
    space(dice, out);
}

fn string(s: &str, dice: &mut impl FnMut(u8) -> u8, out: &mut Written) {
    out.text.push('"');
    for c in s.chars() {
        if dice(8) == 0 {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.text.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            let quoted = Value::from(c.to_string()).to_string();
            out.text.push_str(&quoted[1..quoted.len() - 1]);
        }
    }
    out.text.push('"');
}

fn json() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        4 => r#"[a-z@é"\\/\n 0-9😀{}\[\]:,]{0,12}"#,
        1 => r#"[a-z@é"\\/\n 😀]{3000,5000}"#,
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 24, 5, |inner| {
        let key = "[a-z/~\"é]{0,4}";
        let object =
            prop::collection::vec((key, inner.clone()), 0..5).prop_map(|m| Value::Object(m.into_iter().collect()));
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            object.clone(),
            // Arrays of objects, and objects in strings.
            prop::collection::vec(object.clone(), 0..4).prop_map(Value::from),
        ]
    })
}

/// Some documents in a row.
fn written() -> impl Strategy<Value = Written> {
    (prop::collection::vec(json(), 1..4), prop::collection::vec(any::<u8>(), 1..60)).prop_map(|(values, rolls)| {
        let mut rolls = rolls.into_iter().cycle();
        let mut dice = |n: u8| rolls.next().unwrap_or(0) % n;
        let mut out = Written { text: String::new(), values: Vec::new() };
        for value in values {
            write(&value, "", &mut dice, &mut out);
            out.text.push('\n');
        }
        out
    })
}

/// Every part's text is a piece of the whole's, and what a finding can be stands in one part whole.
fn parts_are_the_whole(parts: &[Got], whole: &[Got]) -> Result<(), TestCaseError> {
    let scanned =
        |got: &[Got]| -> Vec<Seen> { got.iter().flat_map(|g| g.segments.clone()).filter(|s| !s.opened).collect() };
    let (parts, whole) = (scanned(parts), scanned(whole));
    for w in &whole {
        let mut seen = w.raw.start;
        for p in parts.iter().filter(|p| w.raw.covers(p.raw) && p.raw.start >= w.raw.start) {
            if w.raw.len() > CONTEXT {
                prop_assert!(w.text.contains(&p.text), "{:?} in {:?}", p.raw, w.raw);
                prop_assert!(p.raw.start == w.raw.start || p.raw.start + MAX_FINDING <= seen, "{:?} {seen}", p.raw);
            } else {
                prop_assert_eq!(&p.text, &w.text);
            }
            if p.role != Role::Key || w.role != Role::Key {
                prop_assert_eq!(&p.pointer, &w.pointer);
            }
            seen = seen.max(p.raw.end);
        }
        prop_assert_eq!(seen, w.raw.end, "{:?}", w.pointer);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn every_value_comes_out(doc in written()) {
        let values: Vec<Value> = serde_json::Deserializer::from_str(&doc.text).into_iter().collect::<Result<_, _>>().unwrap();
        prop_assert!(!values.is_empty());
        let got = whole(&Json, &doc.text);
        let outer = |s: &&Seen| !s.opened && s.role != Role::Key;
        let seen: Vec<String> =
            got.iter().flat_map(|g| g.segments.iter().filter(outer)).map(|s| format!("{}={}", s.pointer, s.text)).collect();
        prop_assert_eq!(seen, doc.values);
        prop_assert!(got.iter().all(|g| !g.odd));
    }

    #[test]
    fn windows_change_nothing(
        doc in written(),
        junk in "[a{}\\[\\]\",: 1\\n]{0,20}",
        junk_at in any::<prop::sample::Index>(),
        growth in prop::collection::vec(1usize..200, 1..20),
        max_record in prop_oneof![Just(64usize), Just(200), Just(5000), Just(1 << 20)],
    ) {
        let mut text = doc.text;
        let at = junk_at.index(text.len());
        if text.is_char_boundary(at) {
            text.insert_str(at, &junk);
        }
        for format in [&Json as &dyn Format, &JsonLines] {
            let want = run(format, text.as_bytes(), &max(max_record), &[text.len()]);
            prop_assert_eq!(&run(format, text.as_bytes(), &max(max_record), &growth), &want);
            prop_assert_eq!(&run(format, text.as_bytes(), &max(max_record), &[1]), &want);
        }
    }

    #[test]
    fn parts_lose_nothing(doc in written(), max_record in 64usize..3000) {
        let parts = run(&Json, doc.text.as_bytes(), &max(max_record), &[777]);
        parts_are_the_whole(&parts, &whole(&Json, &doc.text))?;
        let line = doc.text.replace(['\n', '\r'], " ");
        // A line that begins with a number is text, with objects in it: they aren't opened in parts of it.
        if line.trim().starts_with(['{', '[', '"']) {
            let parts = run(&JsonLines, line.as_bytes(), &max(max_record), &[777]);
            parts_are_the_whole(&parts, &whole(&JsonLines, &line))?;
        }
    }

    #[test]
    fn any_bytes_are_covered(bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(&b"{}[]\",:\\u0a \n"[..])], 1..300), max_record in 1usize..200) {
        for format in [&Json as &dyn Format, &JsonLines] {
            let got = run(format, &bytes, &max(max_record), &[17]);
            // What isn't structure has been seen.
            let mut seen = vec![false; bytes.len()];
            for s in got.iter().flat_map(|g| &g.segments) {
                seen[s.raw.range()].fill(true);
            }
            for (i, b) in bytes.iter().enumerate() {
                prop_assert!(seen[i] || b"{}[]\",: \t\r\n\x1e".contains(b), "{i} {b}");
            }
        }
    }
}
