//! JSON in strings that are longer than a part: what whole strings hold comes out of parts.

use super::*;
use serde_json::json;

/// As many contacts, with what has to be escaped in them.
fn contacts(n: usize) -> Value {
    let one =
        |i| json!({"name": format!("Ana \"{i}\" R\u{e9}is\n"), "id": i, "tags": ["a\\b", "\u{1F600}", ""], "ok": true});
    (0..n).map(one).collect()
}

/// `value` in so many strings, each a field of an object.
fn wrapped(value: &Value, times: usize) -> Value {
    (0..times).fold(value.clone(), |v, i| json!({"at": i, "body": v.to_string(), "end": "x y"}))
}

/// The values by their pointers, in parts, and whether any was opened in them.
fn parts(format: &dyn Format, text: &str, max_record: usize) -> Vec<String> {
    let got = run(format, text.as_bytes(), &max(max_record), &[777]);
    assert_eq!(run(format, text.as_bytes(), &max(max_record), &[1]), got);
    assert!(got.iter().all(|g| !g.odd));
    values(&got).concat()
}

fn same(got: &[String], want: &[String]) {
    for (i, (g, w)) in got.iter().zip(want).enumerate() {
        assert_eq!(g, w, "{i}");
    }
    assert_eq!(got.len(), want.len(), "{:?}", got.last());
}

#[test]
fn long_strings_are_opened_in_parts() {
    for times in 1..=6 {
        let text = wrapped(&contacts(160), times).to_string();
        let want = values(&whole(&Json, &text)).concat();
        assert_eq!(want.len(), 160 * 6 + 2 * times, "{times}");
        // Where all quotes stand behind many backslashes, a part must be longer to hold anything.
        for max_record in [300 << times, 1000 << times] {
            assert!(max_record < text.len() / 2, "it goes in parts");
            same(&parts(&Json, &text, max_record), &want);
            same(&parts(&JsonLines, &text, max_record), &want);
        }
    }
    // A string by itself, in an array, and one that is all blank between its tokens.
    let pretty = serde_json::to_string_pretty(&contacts(40)).unwrap();
    for value in [json!(pretty), json!([1, [pretty, 2]]), json!({"a": {"b": [pretty, pretty]}, "c": "z"})] {
        let text = format!("  {value}  \n");
        same(&parts(&JsonLines, &text, 700), &values(&whole(&JsonLines, &text)).concat());
    }
}

#[test]
fn a_long_string_is_json_as_far_as_it_is() {
    let list = contacts(30).to_string();
    let line = |body: &str| json!({"body": body, "end": "x"}).to_string();
    let got = |body: &str| {
        let got = run(&Json, line(body).as_bytes(), &max(800), &[100]);
        let shut = values(&got).concat();
        assert_eq!(shut.last().map(String::as_str), Some("/end=x"));
        shut[..shut.len() - 1].to_vec()
    };
    let all = values(&whole(&Json, &json!({ "body": contacts(30) }).to_string())).concat();
    // Several values in one string, and text behind them.
    let twice = got(&format!("{list}\n {list}"));
    same(&twice, &[all.clone(), all.clone()].concat());
    let text = got(&format!("{list} call 415-555-0142, {{he}} said"));
    same(&text, &[all.clone(), vec!["/body=call 415-555-0142, {he} said".into()]].concat());
    let number = got(&format!("{list} 4155550142"));
    same(&number, &[all.clone(), vec!["/body=4155550142".into()]].concat());
    // Cut off, as loggers do: what is whole is read, the rest is text.
    let cut = got(&list[..list.rfind("Ana").unwrap() + 3]);
    same(&cut[..29 * 6], &all[..29 * 6]);
    assert_eq!(cut[29 * 6..], ["/body=\"Ana".to_owned()]);
    // What only looks like it is text from where it doesn't any more.
    let prose = format!("[1] {}", "as the note says, call me. ".repeat(100));
    assert_eq!(got(&prose).first().map(String::as_str), Some("/body/0=1"));
    let prose = format!("[see {}", "as the note says, call me. ".repeat(100));
    assert!(got(&prose)[0].starts_with("/body=[see as"));
}

#[test]
fn what_can_not_be_opened_is_told() {
    let unopened = |text: &str, max_record| {
        let settings = max(max_record);
        let mut stream = Json.stream(&Head { bytes: b"", whole: false, name: "" }, &settings);
        let (mut from, mut told, mut record) = (0, false, Record::default());
        while let Cut::Unit(mut unit) = stream.cut(&text.as_bytes()[from..], true) {
            let (bytes, keep) = (&text.as_bytes()[from..from + unit.until], unit.keep);
            let mut at = 0;
            while at < unit.end {
                at = unit.reader.read(bytes, Span::new(at, unit.end), at, &mut record);
                told |= record.unopened;
            }
            assert_eq!(keep, 0, "small enough to need no context");
            from += unit.end;
            if from == text.len() {
                break;
            }
        }
        told
    };
    assert!(!unopened(&wrapped(&json!({"a": "x"}), 6).to_string(), 1 << 20));
    assert!(unopened(&wrapped(&json!({"a": "x"}), 7).to_string(), 1 << 20));
}

/// A document of which much is JSON in strings, and its parts.
fn nested() -> impl Strategy<Value = Written> {
    let strings = json().prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|v| Value::from(Value::from(v).to_string())),
            (inner.clone(), inner).prop_map(|(a, b)| Value::from(json!({"a": a, "b\u{e9}": b}).to_string())),
        ]
    });
    (strings, prop::collection::vec(any::<u8>(), 1..60)).prop_map(|(value, rolls)| {
        let mut rolls = rolls.into_iter().cycle();
        let mut out = Written { text: String::new(), values: Vec::new() };
        write(&json!({ "v": value }), "", &mut |n| rolls.next().unwrap_or(0) % n, &mut out);
        out
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn strings_in_strings_lose_nothing(doc in nested(), max_record in 64usize..6000, growth in prop::collection::vec(1usize..300, 1..9)) {
        let parts = run(&Json, doc.text.as_bytes(), &max(max_record), &growth);
        prop_assert_eq!(&run(&Json, doc.text.as_bytes(), &max(max_record), &[1 << 20]), &parts);
        // All is scanned: what is structure in the whole may be text in a part, but nothing is left out.
        let whole = whole(&Json, &doc.text);
        let mut seen = vec![false; doc.text.len()];
        let leaves = |got: &[Got]| got.iter().flat_map(|g| g.segments.clone()).filter(|s| s.role != Role::Opened).collect::<Vec<_>>();
        for s in leaves(&parts) {
            seen[s.raw.range()].fill(true);
        }
        for s in leaves(&whole) {
            prop_assert!(seen[s.raw.range()].iter().all(|s| *s), "{} {:?}", s.pointer, s.raw);
        }
        if max_record > 600 {
            let parts = leaves(&parts);
            for w in leaves(&whole).iter().filter(|w| w.raw.len() <= CONTEXT / 4 && w.role != Role::Key) {
                let found = parts.iter().any(|p| p.raw == w.raw && p.text == w.text && p.pointer == w.pointer);
                prop_assert!(found, "{} {:?} {:?}", w.pointer, w.raw, w.text);
            }
        }
    }
}
