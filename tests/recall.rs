//! Names that an input declares are found again in what follows: in every format, and the same for any way in which it is read.

mod support;

use support::{Run, engine, parting};

fn redacted(name: &str, text: &str) -> String {
    let engine = engine(&[]);
    String::from_utf8(Run::new(&engine, name).over(text.as_bytes()).0.out).unwrap()
}

#[test]
fn json_lines() {
    let text = r#"{"sender":{"id":"7","name":"Ana Reis"},"text":"Leo Berg? I'm Ana, hi"}
{"sender":{"id":"8","name":"Leo Berg"},"text":"Hello Ana, is that Ana Reis's order? \u00dcber Leo\n\u0041na"}
{"text":"Dear Ms Reis, Leo's reply","kind":"Ana"}
"#;
    let want = r#"{"sender":{"id":"<ACCOUNT_ID>","name":"<PERSON>"},"text":"Leo Berg? I'm <PERSON>, hi"}
{"sender":{"id":"<ACCOUNT_ID>","name":"<PERSON>"},"text":"Hello <PERSON>, is that <PERSON>'s order? \u00dcber <PERSON>\n<PERSON>"}
{"text":"Dear Ms <PERSON>, <PERSON>'s reply","kind":"Ana"}
"#;
    assert_eq!(redacted("a.jsonl", text), want);
}

#[test]
fn a_document_with_participants() {
    let text = r#"{"participants":[{"name":"Ana Reis"},{"name":"Leo Berg"}],"messages":[{"sender_name":"Ana Reis","content":"Leo, see {you}"},{"sender_name":"Leo Berg","content":"ok Ana"},{"payload":"{\"text\":\"so says Leo \\u0042erg\"}"}]}"#;
    let want = r#"{"participants":[{"name":"<PERSON>"},{"name":"<PERSON>"}],"messages":[{"sender_name":"<PERSON>","content":"<PERSON>, see {you}"},{"sender_name":"<PERSON>","content":"ok <PERSON>"},{"payload":"{\"text\":\"so says <PERSON>\"}"}]}"#;
    assert_eq!(redacted("a.json", text), want);
}

#[test]
fn csv() {
    let text = "first_name,last_name,email,notes\nAna,Reis,ana@example.com,\"met Ana, \"\"Ana\"\" she said\"\nLeo,Berg,,Ana told me: Leo\n";
    let want = "first_name,last_name,email,notes\n<PERSON>,<PERSON>,<EMAIL_ADDRESS>,\"met <PERSON>, \"\"<PERSON>\"\" she said\"\n<PERSON>,<PERSON>,,<PERSON> told me: <PERSON>\n";
    assert_eq!(redacted("a.csv", text), want);
}

#[test]
fn cues_and_messages() {
    let text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana Reis>This is Ana, hello <i>Ana</i>\n\n00:02.000 --> 00:03.000\n<v Leo Berg>Hi Ana Reis &amp; Leo\n";
    let want = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v &lt;PERSON&gt;>This is &lt;PERSON&gt;, hello <i>&lt;PERSON&gt;</i>\n\n00:02.000 --> 00:03.000\n<v &lt;PERSON&gt;>Hi &lt;PERSON&gt; &amp; &lt;PERSON&gt;\n";
    assert_eq!(redacted("a.vtt", text), want);
    let text = "[12/03/24, 10:15:22] Ana Reis: Hi\nAna here\n[12/03/24, 10:15:29] Leo: thanks Ana!\n";
    let want = "[12/03/24, 10:15:22] <PERSON>: Hi\n<PERSON> here\n[12/03/24, 10:15:29] <PERSON>: thanks <PERSON>!\n";
    assert_eq!(redacted("a.txt", text), want);
}

/// What ends in a digit is held until the next cues have come, so who speaks in these is known there.
#[test]
fn cues_that_are_held_know_the_next_speakers() {
    let vtt = |about: &str, said: &str| {
        let who = if said == "PERSON" { "&lt;PERSON&gt;" } else { "Ana Reis" };
        let (leo, ana) = if said.is_empty() { ("Leo Berg", "Ana Reis") } else { ("&lt;PERSON&gt;", "&lt;PERSON&gt;") };
        format!(
            "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\n<v {leo}>I asked {who} about {about}\n\n\
             2\n00:00:02.000 --> 00:00:03.000\n<v {ana}>yes\n\n"
        )
    };
    assert_eq!(redacted("a.vtt", &vtt("2", "")), vtt("2", "PERSON"));
    assert_eq!(redacted("a.vtt", &vtt("it", "")), vtt("it", "later"));
}

#[test]
fn a_replacement_that_needs_quotes_is_quoted_once() {
    let engine = engine(&["default=replace:a,b"]);
    let text = "name,email,text\nAna Reis,ana@example.com,by ana@example.com for Ana and Ana Reis\n";
    let (got, _) = Run::new(&engine, "a.csv").over(text.as_bytes());
    assert_eq!(String::from_utf8(got.out).unwrap(), "name,email,text\n\"a,b\",\"a,b\",\"by a,b for a,b and a,b\"\n");
}

/// A chat in which names come up, go out of use and are mentioned, so long that it has many units.
fn chat(rows: usize) -> String {
    let syllables = ["ba", "ko", "ri", "me", "lu", "ta", "no", "shi"];
    let word = |mut n: usize| {
        let mut word = String::new();
        for _ in 0..4 {
            word.push_str(syllables[n % 8]);
            n /= 8;
        }
        word[..1].to_uppercase() + &word[1..]
    };
    (0..rows)
        .map(|i| {
            let (own, other) = (i / 3, (i * 7919) % (i + 1) / 3);
            format!(
                "{{\"sender\":{{\"id\":\"u{own}\",\"name\":\"{} {}\"}},\"text\":\"so says {}, and {} \\u0041\"}}\n",
                word(own),
                word(own + 77),
                word(other),
                word(own + 1)
            )
        })
        .collect()
}

#[test]
fn the_same_for_any_way_of_reading() {
    let engine = engine(&["default=token"]);
    let text = chat(4000);
    let whole = Run::new(&engine, "a.jsonl");
    let (want, totals) = whole.over(text.as_bytes());
    assert!(want.found.iter().filter(|f| f.contains("\"roster\"")).count() > 1000, "names are found again");
    for (sizes, threads) in [(&[333][..], 1), (&[1 << 20, 5], 3), (&[70_000], 4), (&[4096, 1], 2)] {
        let (got, t) = Run { sizes, threads, ..whole }.over(text.as_bytes());
        assert!(got.out == want.out, "{sizes:?}, {threads} threads: {}", parting(&got.out, &want.out));
        assert!(got.found == want.found && t == totals, "{sizes:?}, {threads} threads");
    }
}

/// A message in parts, each of which begins and ends within a name.
#[test]
fn a_name_across_the_edge_of_a_part() {
    let engine = engine(&[]);
    let text = format!("{{\"sender\":{{\"name\":\"Ana Reis\"}},\"text\":\"{}\"}}\n", "so Ana Reis said, ".repeat(60));
    for max_record in 100..118 {
        let run = Run { max_record, ..Run::new(&engine, "a.jsonl") };
        let (got, _) = run.over(text.as_bytes());
        let out = String::from_utf8(got.out).unwrap();
        assert_eq!(out.matches("<PERSON>").count(), 61, "{max_record}: {out}");
        assert!(!out.contains("Ana") && !out.contains("Reis") && !out.contains("eis "), "{max_record}: {out}");
        let (again, _) = Run { sizes: &[9], threads: 3, ..run }.over(text.as_bytes());
        assert_eq!(again.out, out.as_bytes());
    }
}

/// A number at a cue's end has the next cues read together with it: who speaks there is told as if it had not stood there.
#[test]
fn who_speaks_does_not_hang_on_what_was_said_before() {
    let call = |said: &str| {
        let cues = [
            ("Agent", said),
            ("Ana", "ok"),
            ("Support", said),
            ("Leo Berg", said),
            ("Customer", "yes"),
            ("Zoë Reis", "bye"),
        ];
        let cue = |(i, (who, what)): (usize, &(&str, &str))| {
            format!("00:0{i}.000 --> 00:0{}.000\n<v {who}>{what}\n\n", i + 1)
        };
        format!("WEBVTT\n\n{}", cues.iter().enumerate().map(cue).collect::<String>())
    };
    let want = |said: &str| {
        let people =
            call(said).replace("<v Ana>", "<v P>").replace("<v Leo Berg>", "<v P>").replace("<v Zoë Reis>", "<v P>");
        people.replace("<v P>", "<v &lt;PERSON&gt;>")
    };
    for said in ["fine", "it is 4155", "room 12", "it is 41", "1"] {
        assert_eq!(redacted("a.vtt", &call(said)), want(said), "{said}");
    }
}
