//! `sluice verify`: copies that hold nothing they should not, by the program itself. What no output may quote is `canary.bird`.

#[path = "support/program.rs"]
mod program;

use program::{Place, gzip, utf16, zipped};
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

const CHAT: &str = "{\"id\":\"m1\",\"from\":{\"name\":\"Erika Muster\",\"email\":\"erika@example.com\"},\"text\":\"ring +44 20 7946 0018\"}\n\
    {\"id\":\"m2\",\"from\":{\"name\":\"Erika Muster\",\"email\":\"erika@example.com\"},\"text\":\"no \\u0026 yes\"}\n";

/// A place with originals of all kinds and their redaction by `args`, in `red`.
fn redacted(args: &[&str]) -> Place {
    let place = Place::new();
    place
        .put("data/chat.jsonl", CHAT)
        .put("data/sub/notes.txt", "Ana: ana@example.org\nlast line without end ana@example.org")
        .put("data/empty.txt", "")
        .put("data/chat.jsonl.gz", gzip(CHAT.as_bytes()))
        .put("data/wide.txt", utf16("héllo ana@example.org\n", false))
        .put("data/odd.txt", [&utf16("odd ana@example.org", true)[..], b"x"].concat())
        .put(
            "data/box.zip",
            zipped(&[("a.txt", b"ana@example.org\n"), ("same.txt", b"nothing\n"), ("in/c.jsonl", CHAT.as_bytes())]),
        );
    place.run(&[&["redact", "data", "-o", "red", "-q"], args].concat()).ended(0, &[]);
    place
}

fn json(place: &Place, name: &str) -> serde_json::Value {
    serde_json::from_slice(&place.read(name)).unwrap()
}

#[test]
fn what_was_redacted_passes_and_what_was_not_is_told() {
    let place = redacted(&[]);
    let ran = place.run(&["verify", "red"]).ended(0, &[]);
    assert!(ran.out().contains("0 left") && ran.out().contains("not legal advice"), "{}", ran.out());
    let ran = place.run(&["verify", "data/chat.jsonl"]).ended(1, &[]);
    assert!(ran.out().contains("data/chat.jsonl:1:51: EMAIL_ADDRESS e••••@e••••••.com 0.9"), "{}", ran.out());
    // What the policy keeps is counted, and no failure.
    let ran = place.run(&[
        "verify",
        "data/chat.jsonl",
        "--op",
        "default=keep",
        "--op",
        "contact=keep",
        "--op",
        "identification=keep",
    ]);
    assert!(ran.ended(0, &[]).out().contains("0 left"));
    let ran = place.run(&["verify", "data/chat.jsonl", "--json"]).ended(1, &[]);
    let rows: Vec<serde_json::Value> = ran.out().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert!(rows.len() >= 3 && rows.iter().all(|r| r["verdict"] == "left" && r["type"].is_string()), "{rows:?}");
    let ran = place.pipe(&["verify"], b"mail ana@example.org\n").ended(1, &[]);
    assert!(
        ran.out().contains("-:1:6: EMAIL_ADDRESS") && ran.out().contains("below the redaction's score not looked for")
    );
    // A second look at a pipe would see nothing, and pass.
    place.put("list", "usr_8812\n");
    for args in [&["verify", "--strict"][..], &["verify", "-", "--absent", "list", "--policy", "default"]] {
        place.pipe(args, b"usr_8812\n").ended(2, &["can be read once"]);
    }
    let pipe = place.at("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    place.run(&["verify", "pipe", "--absent", "list", "--policy", "default"]).ended(2, &["can be read once"]);
    place.pipe(&["verify", "--absent", "list"], b"usr_8812\n").ended(1, &[]);
}

#[test]
fn names_and_keys_count() {
    let place = Place::new();
    place
        .put("d/chat with ana@example.org.txt", "hello\n")
        .put("d/k.jsonl", "{\"ana@example.org\":1,\"b\":2}\n{\"c\":1}\n");
    let ran = place.run(&["verify", "d"]).ended(1, &[]);
    assert_eq!(ran.out().matches("EMAIL_ADDRESS").count(), 2, "{}", ran.out());
    place.run(&["redact", "d", "-o", "r", "--rename", "-q"]).ended(0, &[]);
    place.run(&["verify", "r", "--rename", "--against", "d"]).ended(0, &[]);
}

#[test]
fn what_scores_below_is_listed_and_fails_only_when_strict() {
    let place = Place::new();
    place.put("a.txt", "number 123-45-6789 there\nand 078051120\n");
    let low = place.run(&["scan", "a.txt", "--min-score", "0.3"]).out();
    let high = place.run(&["scan", "a.txt", "--min-score", "0.99"]).out();
    assert!(low.lines().count() > high.lines().count());
    let ran = place.run(&["verify", "a.txt", "--min-score", "0.99"]).ended(0, &[]);
    assert!(ran.out().contains("below the redaction's score\n"), "{}", ran.out());
    place.run(&["verify", "a.txt", "--min-score", "0.99", "--strict"]).ended(1, &[]);
    let ran = place.run(&["verify", "a.txt", "--min-score", "0.99", "--list-from", "0.99", "--strict"]).ended(0, &[]);
    assert!(!ran.out().contains("0.30 below"), "{}", ran.out());
    place.run(&["verify", "a.txt", "--list-from", "2"]).ended(2, &["--list-from takes a number from 0 to 1"]);
}

#[test]
fn nothing_but_the_findings_changed() {
    for args in [
        &[][..],
        &["--op", "default=token"],
        &["--op", "default=token", "--scope", "file"],
        &["--op", "default=token", "--scope", "record"],
        &["--op", "default=mask:keep=2"],
        &["--op", "default=remove"],
        &["--policy", "support"],
        &["--rename", "--op", "contact=token"],
        &["--numbers", "null"],
    ] {
        let place = redacted(args);
        let ran = place.run(&[&["verify", "red", "--against", "data"], args].concat()).ended(0, &[]);
        assert!(ran.out().contains("7 files held against their originals, 0 differences"), "{args:?}: {}", ran.out());
    }
}

/// The differences of `red` to `data`, `path:line` or `path`.
fn differences(place: &Place, args: &[&str]) -> Vec<String> {
    let ran = place.run(&[&["verify", "red", "--against", "data", "--json", "-q"], args].concat());
    assert_eq!(ran.status, Some(1), "{}", ran.err);
    let rows = ran.out().lines().map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap()).collect::<Vec<_>>();
    let one = |r: &serde_json::Value| match r["line"].as_u64() {
        Some(line) => format!("{}:{line}", r["path"].as_str().unwrap()),
        None => r["path"].as_str().unwrap().to_owned(),
    };
    rows.iter().filter(|r| r["verdict"] == "differs").map(one).collect()
}

#[test]
fn a_copy_that_was_changed_shows_where() {
    let place = redacted(&["--op", "default=token"]);
    let args = &["--op", "default=token"][..];
    let notes = place.text("red/sub/notes.txt");
    for (changed, line) in [
        (notes.replace("Ana", "Eva"), ":1"),
        (notes.replace("last", "first"), ":2"),
        (notes.replacen("<EMAIL_ADDRESS_", "<EMAIL_ADDRESS_9", 1), ":1"),
        (notes.clone() + "x", ":2"),
        (notes[..notes.len() - 1].to_owned(), ":2"),
        (String::new(), ":1"),
    ] {
        place.put("red/sub/notes.txt", &changed);
        assert_eq!(differences(&place, args), [format!("red/sub/notes.txt{line}")], "{changed}");
    }
    place.put("red/sub/notes.txt", &notes);
    // Compressed otherwise it is the same; with other content it is not.
    let gz = program::gunzip(&place.read("red/chat.jsonl.gz"));
    let again = [gzip(&gz[..10]), gzip(&gz[10..])].concat();
    place.put("red/chat.jsonl.gz", again);
    place.run(&[&["verify", "red", "--against", "data"], args].concat()).ended(0, &[]);
    place.put("red/chat.jsonl.gz", gzip(&gz[..gz.len() - 1]));
    assert_eq!(differences(&place, args), ["red/chat.jsonl.gz:2"]);
    place.put("red/chat.jsonl.gz", gzip(&gz));
    let odd = place.read("red/odd.txt");
    place.put("red/odd.txt", [&odd[..odd.len() - 1], b"y"].concat());
    assert_eq!(differences(&place, args), ["red/odd.txt"]);
    place.put("red/odd.txt", odd);
    let members = program::unzipped(&place.read("red/box.zip"));
    type Members = Vec<(String, Vec<u8>)>;
    let with = |change: &dyn Fn(&mut Members)| {
        let mut members = members.clone();
        change(&mut members);
        let members: Vec<(&str, &[u8])> = members.iter().map(|(n, b)| (n.as_str(), &b[..])).collect();
        place.put("red/box.zip", zipped(&members));
        differences(&place, args)
    };
    assert_eq!(with(&|m| m[1].1[0] = b'N'), ["red/box.zip!/same.txt:1"]);
    assert_eq!(with(&|m| drop(m.remove(2))), ["red/box.zip!/in/c.jsonl"]);
    assert_eq!(with(&|m| m.push(("more.txt".into(), b"x".to_vec()))), ["red/box.zip"]);
    assert_eq!(with(&|m| m[0].0 = "b.txt".into()).len(), 4);
}

#[test]
fn what_is_missing_or_additional_is_named() {
    let place = redacted(&["--op", "default=token"]);
    let args = &["--op", "default=token"][..];
    place.put("red/more.txt", "x\n");
    std::fs::remove_file(place.at("red/chat.jsonl")).unwrap();
    // The numbers of the tokens behind a missing file are right all the same.
    assert_eq!(differences(&place, args), ["red/chat.jsonl", "red/more.txt"]);
    place.put("other/x.txt", "hello\n");
    let ran = place.run(&["verify", "red", "--against", "other"]).ended(1, &[]);
    assert!(ran.out().contains("red/x.txt: is missing in the copy"), "{}", ran.out());
    assert!(ran.out().contains("red/sub/notes.txt: is in the copy only"), "{}", ran.out());
    place.run(&["verify", "red/more.txt", "--against", "data"]).ended(2, &["can only be the copy of one file"]);
    place.run(&["verify", "red", "--against", "red"]).ended(2, &["is the copy itself"]);
    place.run(&["verify", "red", "--against", "nowhere"]).ended(2, &["there is no such file"]);
    place.run(&["verify", "--against", "data"]).ended(2, &["--against takes one PATH"]);
    place.run(&["verify", "-", "--against", "data"]).ended(2, &["read twice"]);
}

#[test]
fn what_is_not_supported_is_only_compared() {
    let place = Place::new();
    let pdf = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\nbody".to_vec();
    place
        .put("data/a.txt", "hello\n")
        .put("data/b.pdf", &pdf)
        .put("data/z.zip", zipped(&[("c.pdf", &pdf), ("d.txt", b"x\n")]));
    place.run(&["redact", "data", "-o", "red", "--copy-unsupported", "-q"]).ended(0, &[]);
    let verify = &["verify", "red", "--against", "data", "--skip-unsupported"];
    // The copy itself can't be looked into either, and says so.
    place.run(&["verify", "red", "--against", "data", "--copy-unsupported"]).ended(2, &["was not looked at"]);
    place.run(verify).ended(1, &[]);
    place.run(&["redact", "data", "-o", "skipped", "--skip-unsupported", "-q"]).ended(0, &[]);
    place
        .run(&["verify", "skipped", "--against", "data", "--skip-unsupported"])
        .ended(0, &["was not looked at; skipped"]);
    place.run(&["verify", "skipped", "--against", "data"]).ended(2, &["is a PDF"]);
}

#[test]
fn hashes_are_exact_with_the_key_and_have_their_form_without() {
    let ops = &["--op", "default=hash:24", "--op", "usage=keep"][..];
    let place = Place::new();
    place
        .put("data/chat.jsonl", CHAT)
        .put("data/x.csv", "url,mail\nhttps://x.example/?m=ana@example.org,a@example.org\n");
    place.put("key", "0123456789abcdef0123456789abcdef").put("other", "fedcba9876543210fedcba9876543210");
    place.run(&[&["redact", "data", "-o", "red", "--key-file", "key"], ops].concat()).ended(0, &[]);
    let run = |more: &[&str]| place.run(&[&["verify", "red", "--against", "data"], ops, more].concat());
    run(&["--key-file", "key"]).ended(0, &[]);
    run(&["--key-file", "other"]).ended(1, &[]);
    assert!(run(&[]).ended(0, &[]).out().contains("hashes by their form only"));
    let text = place.text("red/chat.jsonl");
    let at = text.find("<EMAIL_ADDRESS:").unwrap() + "<EMAIL_ADDRESS:".len();
    let with = |digit: &str| format!("{}{digit}{}", &text[..at], &text[at + 1..]);
    let digit = if &text[at..=at] == "0" { "1" } else { "0" };
    place.put("red/chat.jsonl", with(digit));
    run(&["--key-file", "key"]).ended(1, &[]);
    run(&[]).ended(0, &[]);
    place.put("red/chat.jsonl", with("g"));
    run(&[]).ended(1, &[]);
    run(&["--op", "contact=hash:4"]).ended(2, &["8 to 64"]);
}

/// The places at which the values of `list` stand, as `path:line:column`.
fn listed(place: &Place, list: &str, data: &str) -> Vec<String> {
    place.put("list", list);
    let ran = place.run(&["verify", data, "--absent", "list", "--json"]);
    assert!(matches!(ran.status, Some(0 | 1)), "{}", ran.err);
    let rows = ran.out().lines().map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap()).collect::<Vec<_>>();
    assert_eq!(ran.status == Some(1), !rows.is_empty());
    assert!(rows.iter().all(|r| r["verdict"] == "listed" && r.get("value").is_none()));
    let one = |r: &serde_json::Value| {
        format!("{}:{}:{} {}", r["path"].as_str().unwrap(), r["line"], r["column"], r["list_line"])
    };
    rows.iter().map(one).collect()
}

#[test]
fn listed_values_are_found_wherever_they_stand() {
    let place = Place::new();
    let at = |data: &str, text: &str, list: &str| {
        place.put(data, text);
        listed(&place, list, data)
    };
    assert_eq!(at("a.txt", "x\nid usr_8812 here\n", "usr_8812\n"), ["a.txt:2:4 1"]);
    assert_eq!(at("a.txt", "x\nid usr_8813 here\n", "\n\nusr_8812\n"), [] as [&str; 0]);
    assert_eq!(
        at("a.jsonl", "{\"USR_8812\":{\"n\":1}}\n{\"a\":8812345}\n", "usr_8812\n8812345"),
        ["a.jsonl:1:3 1", "a.jsonl:2:6 2"]
    );
    // Escapes, JSON in JSON, entities, percent-encoding, full-width letters, zero-width characters.
    for text in [
        "{\"a\":\"hi\\nusr_8812\"}\n{}\n",
        "{\"a\":\"\\u0075sr_8812\"}\n{}\n",
        "{\"a\":\"{\\\"b\\\":\\\"\\\\u0075sr_8812\\\"}\"}\n{}\n",
        "{\"a\":\"usr&#95;8812\"}\n{}\n",
        "{\"a\":\"?u=usr%5F8812\"}\n{}\n",
        "{\"a\":\"ｕｓｒ＿８８１２\"}\n{}\n",
        "{\"a\":\"usr_\u{200B}8812\"}\n{}\n",
        "{\"a\":[{\"\\u0075sr_8812\":0}]}\n{}\n",
    ] {
        assert_eq!(at("a.jsonl", text, "x1y2z3\nusr_8812\n").len(), 1, "{text}");
    }
    assert_eq!(at("a.csv", "id,name\n1,\"O\"\"Neil, Ana\"\n2,x\n", "O\"Neil, Ana\n"), ["a.csv:2:4 1"]);
    assert_eq!(at("a.vtt", "WEBVTT\n\nusr_8812\n00:01.000 --> 00:02.000\n<v Ana>hi\n", "usr_8812"), ["a.vtt:3:1 1"]);
    assert_eq!(at("a.txt", "call (020) 7946 0018\n", "+44 20 7946 0018"), ["a.txt:1:7 1"]);
    assert_eq!(at("a.txt", "50%usr_8812 5%4155550142\n", "usr_8812\n415-555-0142").len(), 2);
    place.put("z.zip", zipped(&[("usr_8812.txt", b"x\n"), ("b.txt", b"in usr_8812\n")]));
    assert_eq!(listed(&place, "usr_8812", "z.zip"), ["z.zip!/•••_••••.txt:0:1 1", "z.zip!/b.txt:1:4 1"]);
    place.put("w.txt", utf16("é usr_8812\n", true)).put("g.gz", gzip(b"usr_8812"));
    assert_eq!(listed(&place, "usr_8812", "w.txt"), ["w.txt:1:3 1"]);
    assert_eq!(listed(&place, "usr_8812", "g.gz"), ["g.gz:1:1 1"]);
}

#[test]
fn a_listed_value_is_found_once_wherever_a_long_record_is_cut() {
    let place = Place::new();
    for pad in [(1 << 20) - 12, (1 << 20) - 5, 1 << 20, (1 << 20) + 3000] {
        for (head, tail) in [("", ""), ("{\"a\":\"", "\"}")] {
            let text = format!("{head}{} usr_8812 {}{tail}\n", "y ".repeat(pad / 2), "z ".repeat(1 << 19));
            place.put("long", text);
            assert_eq!(listed(&place, "usr_8812", "long").len(), 1, "{pad} {head}");
        }
    }
}

#[test]
fn what_stands_around_an_address_does_not_hide_it() {
    let place = Place::new();
    place.put(
        "a.txt",
        "ana@example.com.zip\nana@example.com.md\nana@example.com.It works\nana@example.com-export.zip\nx:ana@example.com\n\
         mariana@example.com\nana@example.com.br\nx.ana@example.com\nana@example.community\n",
    );
    assert_eq!(
        listed(&place, "ana@example.com", "a.txt"),
        ["a.txt:1:1 1", "a.txt:2:1 1", "a.txt:3:1 1", "a.txt:4:1 1", "a.txt:5:3 1"]
    );
    // In names of files whatever stands around.
    for name in ["n/ana@example.com.br", "n/x.ana@example.com.zip", "n/ana@example.com-export.zip", "n/Ana_Reis+cv.txt"]
    {
        place.put(name, "x\n");
    }
    assert_eq!(listed(&place, "ana@example.com\nAna Reis", "n").len(), 4);
}

#[test]
fn escapes_in_plain_text_hide_nothing() {
    let place = Place::new();
    for text in [
        r"log: 'ana\u0040example.com'",
        r"ana\x40example.com",
        r"hi\nana@example.com",
        r"ana\@example\.com",
        "ana&#64;example.com",
        "ana&#0064example.com",
        "ana%40example.com",
        "ana%2540example.com",
        "?text=hi%0Aana%40example.com+ok",
        "ana=40example.com",
        "ana [at] example (dot) com",
        "&amp;#97;na@example.com",
        r"\u0061na%40example\u002ecom",
    ] {
        for (name, text) in [("e.txt", format!("{text}\n")), ("e.csv", format!("a,b\n1,\"{text}\"\n2,x\n"))] {
            place.put(name, &text);
            assert_eq!(listed(&place, "ana@example.com", name).len(), 1, "{text}");
        }
    }
    place.put("w.txt", "m&uuml;ller M=C3=BCller M%FCller M\\xfcller\nC:\\nora D:\\tmp\n");
    assert_eq!(listed(&place, "Müller\nC:\\nora", "w.txt").len(), 5);
}

/// Names and ids that run over a line's end, or from cue to cue of one speaker, in one unit or two.
#[test]
fn what_runs_over_lines_and_cues() {
    let place = Place::new();
    let at = |name: &str, text: &str, list: &str| {
        place.put(name, text);
        listed(&place, list, name)
    };
    assert_eq!(at("a.txt", "this is Ana\nReis speaking\n", "Ana Reis"), ["a.txt:2:1 1"]);
    assert_eq!(at("a.txt", "Ana\n  Maria\nReis and Ana\nMaria Reis\n", "Ana Maria Reis").len(), 2);
    assert_eq!(at("a.txt", "mail ana@exam=\nple.com or ana@\nexample.com\n", "ana@example.com\nAna Reis").len(), 2);
    assert_eq!(at("a.txt", "Ana\nLeo\nReis\nn 123\n456789\n", "Ana Reis\n123456789"), [] as [&str; 0]);
    let cue = |n: usize, text: &str| format!("00:00:{n:02}.000 --> 00:00:{n:02}.900\n{text}\n\n");
    let vtt = |cues: &[&str]| cues.iter().enumerate().fold("WEBVTT\n\n".to_owned(), |text, (i, c)| text + &cue(i, c));
    assert_eq!(at("a.vtt", &vtt(&["I am Ana", "Reis, hello"]), "Ana Reis"), ["a.vtt:7:1 1"]);
    assert_eq!(at("a.vtt", &vtt(&["<v Ana>I am Ana", "<v Leo>mhm", "<v Ana>Reis."]), "Ana Reis"), ["a.vtt:10:8 1"]);
    assert_eq!(at("a.vtt", &vtt(&["<v Ana>I am Ana", "<v Leo>Reis."]), "Ana Reis"), [] as [&str; 0]);
    assert_eq!(at("a.vtt", &vtt(&["Ana", "Maria", "Reis"]), "Ana Maria Reis").len(), 1);
    assert_eq!(at("a.vtt", &vtt(&["my card is 4111 1111", "1111 1111"]), "4111111111111111").len(), 1);
    let srt = "1\n00:00:01,000 --> 00:00:02,000\nI am Ana\n\n2\n00:00:02,000 --> 00:00:03,000\nReis.\n";
    assert_eq!(at("a.srt", srt, "Ana Reis"), ["a.srt:7:1 1"]);
    // Wherever units are cut: a megabyte of lines with one at each place.
    for threads in ["1", "2"] {
        let long: String =
            (0..40_000).map(|i| if i % 2 == 0 { "some words, and then Ana\n" } else { "Reis says more\n" }).collect();
        place.put("long.txt", &long).put("list", "Ana Reis\n");
        let ran = place.run(&["verify", "long.txt", "--absent", "list", "--json", "--threads", threads]).ended(1, &[]);
        assert_eq!(ran.out().lines().count(), 20_000, "{threads}");
    }
}

#[test]
fn a_table_or_json_is_no_list() {
    let place = Place::new();
    place.put("a.txt", "Reis, Ana and ana@example.com and 17 x\n");
    for list in [
        "id,email\n17,ana@example.com\n",
        "17;ana@example.com\n",
        "id\temail\n17\tx\n",
        "{\"email\":\"ana@example.com\"}\n",
        "[\"ana@example.com\"]\n",
        "Ana Reis <ana@example.com>\n",
        "u_17,Ana\nu_18,Tom\n",
    ] {
        place.put("list", list);
        let ran = place.run(&["verify", "a.txt", "--absent", "list"]).ended(2, &["give one value a line"]);
        assert!(!ran.err.contains("example") && !ran.err.contains("Ana R"), "{}", ran.err);
    }
    assert_eq!(listed(&place, "Reis, Ana\nMuster, Erika\n", "a.txt"), ["a.txt:1:1 1"]);
    assert_eq!(listed(&place, "\"ana@example.com\",\nmailto:tom@example.com\n", "a.txt"), ["a.txt:1:15 1"]);
    let many: String = (100_000..100_200).map(|n| format!("{n}\n")).collect();
    place.put("list", many).put("b.txt", "100,150 of it\n");
    place.run(&["verify", "b.txt", "--absent", "list"]).ended(0, &["only as they are written"]);
    assert_eq!(listed(&place, "100150\n100151\n", "b.txt"), ["b.txt:1:1 1"]);
}

#[test]
fn no_value_reaches_any_output() {
    let place = Place::new();
    let value = "canary.bird_77";
    place
        .put(
            "d/canary.bird_77/canary.bird_77.jsonl",
            "{\"canary.bird_77\":{\"mail\":\"canary.bird@example.org\",\"x\":\"canary.bird_77\"}}\n{\"a\":1}\n",
        )
        .put("d/z.zip", zipped(&[("canary.bird_77.txt", b"canary.bird_77 canary.bird@example.org\n")]))
        .put("o/z.zip", zipped(&[("canary.bird_77.txt", b"other canary.bird@example.org\n")]))
        .put("list", format!("zzz-1\n{value}\n"));
    for args in [
        &["verify", "d", "--absent", "list", "--report", "r.json", "-v"][..],
        &["verify", "d", "--absent", "list", "--json"],
        &["verify", "d", "--absent", "list", "--policy", "default", "--report", "r.json"],
        &["verify", "d", "--against", "o", "--report", "r.json", "--json"],
    ] {
        let ran = place.run(args).ended(1, &[]);
        let report = if args.contains(&"r.json") { place.text("r.json") } else { String::new() };
        let (mut said, names) = (ran.out() + &report, args.contains(&"--against"));
        if names {
            // Without a list nobody knows that this name is one.
            said = said.replace("canary.bird_77.txt", "").replace("canary.bird_77/canary.bird_77.jsonl", "");
            said = said.replace("/canary.bird_77/x", "").replace("/canary.bird_77/mail", "");
        }
        assert!(!said.contains("canary"), "{args:?}: {said}");
    }
    for (list, said) in [
        ("good-1\nc4\n", "list:2: --absent: a value of fewer than three"),
        (&format!("{}\n", "canary.bird ".repeat(100)), "list:1: --absent: a value of over 1024 bytes"),
        (&format!("{}\n", "canary.bird ".repeat(1000)), "list:1: --absent: a value of over 1024 bytes"),
        ("\n \n", "holds no value"),
        ("", "holds no value"),
        ("canary.bird\0\n", "is no text"),
    ] {
        place.put("list", list);
        place.run(&["verify", "d", "--absent", "list"]).ended(2, &[said]);
    }
    place.run(&["verify", "d", "--absent", "d"]).ended(2, &["is a directory"]);
    place.run(&["verify", "d", "--absent", "gone"]).ended(2, &["cannot read the list of values"]);
}

#[test]
fn what_is_not_complete_never_passes() {
    let place = redacted(&[]);
    std::fs::create_dir(place.at("void")).unwrap();
    place.run(&["verify", "void"]).ended(2, &["nothing proves nothing"]);
    place.run(&["verify", "gone"]).ended(2, &["there is no such file"]);
    let gz = place.read("red/chat.jsonl.gz");
    place.put("red/chat.jsonl.gz", &gz[..gz.len() - 12]);
    let ran = place.run(&["verify", "red", "--report", "r.json"]).ended(2, &["ends early"]);
    assert!(ran.out().contains("INCOMPLETE"), "{}", ran.out());
    assert_eq!(json(&place, "r.json")["result"], "incomplete");
    place.run(&["verify", "red", "--against", "data"]).ended(2, &["ends early"]);
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let place = Place::new();
    place.put("a.txt", "ana@example.org\n".repeat(50_000));
    let mut child = place.command(&["verify", "a.txt"]).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), ended.stderr.len()), (Some(0), 0));
}

fn openssl(place: &Place, args: &[&str]) -> Option<bool> {
    let done = Command::new("openssl").current_dir(place.0.path()).args(args).output().ok()?;
    Some(done.status.success())
}

/// The first test key of RFC 8032 (section 7.1), as `openssl genpkey -algorithm ed25519` writes one, and its public half.
const KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";

/// Four reports on each other, signed.
fn chain() -> Place {
    let place = redacted(&[]);
    std::fs::create_dir(place.at("r")).unwrap();
    place.put("key.pem", KEY).put("pub.pem", PUBLIC);
    std::fs::set_permissions(place.at("key.pem"), std::fs::Permissions::from_mode(0o600)).unwrap();
    place.run(&["redact", "data", "-o", "again", "--report", "r/1.json", "--sign", "key.pem"]).ended(0, &[]);
    for n in 2..5 {
        let (before, report) = (format!("r/{}.json", n - 1), format!("r/{n}.json"));
        let args = ["verify", "red", "--against", "data", "--report", &report, "--after", &before, "--sign", "key.pem"];
        place.run(&args).ended(0, &[]);
    }
    place
}

#[test]
fn a_report_says_what_was_verified() {
    let place = redacted(&[]);
    place.run(&["verify", "red", "--against", "data", "--report", "r.json"]).ended(0, &[]);
    let report = json(&place, "r.json");
    assert_eq!(
        (&report["result"], &report["sequence"], &report["report"]),
        (&"passed".into(), &1.into(), &"verify".into())
    );
    assert_eq!((report["files"].as_u64(), report["against"]["files"].as_u64()), (Some(7), Some(7)));
    assert!(
        report["time"].as_str().unwrap().ends_with('Z')
            && report["note"].as_str().unwrap().contains("not legal advice")
    );
    for name in ["rules_sha256", "policy_sha256"] {
        assert_eq!(report[name].as_str().unwrap().len(), 64);
    }
    let sums = |rows: &serde_json::Value, key: &str| -> BTreeMap<String, String> {
        let text = |v: &serde_json::Value| v.as_str().unwrap().to_owned();
        let name = |p: &str| Path::new(p).iter().skip(1).collect::<std::path::PathBuf>().display().to_string();
        rows.as_array().unwrap().iter().map(|r| (name(r["path"].as_str().unwrap()), text(&r[key]))).collect()
    };
    // What the redaction of the originals writes is what the copies are.
    assert_eq!(sums(&report["copies"], "sha256"), sums(&report["against"]["originals"], "output_sha256"));
    place.run(&["verify", "data", "--report", "r.json"]).ended(1, &[]);
    let report = json(&place, "r.json");
    assert_eq!(report["result"], "failed");
    assert!(
        report["left"]["entities"]["EMAIL_ADDRESS"].as_u64().unwrap() > 3
            && report["left"]["categories"]["contact"].as_u64() > Some(3)
    );
}

#[test]
fn a_chain_of_reports_holds() {
    let place = chain();
    let ran = place.run(&["verify", "--chain", "r", "--public-key", "pub.pem"]).ended(0, &[]);
    assert!(ran.out().contains("4 reports: the chain is whole, and every report is signed"), "{}", ran.out());
    place.run(&["verify", "--chain", "r/4.json", "r/2.json", "r/1.json", "r/3.json"]).ended(0, &[]);
    let broken = |said: &str| {
        let ran = place.run(&["verify", "--chain", "r", "--public-key", "pub.pem"]).ended(1, &[]);
        assert!(ran.out().contains(said), "{said}: {}", ran.out());
    };
    let two = place.text("r/2.json");
    let put = |text: &str| {
        place.put("r/2.json", text);
    };
    put(&two.replace("\"passed\"", "\"failed\""));
    broken("r/2.json: its signature does not fit");
    broken("r/3.json: does not follow on r/2.json as that is now");
    put(&two[..two.len() / 2]);
    broken("r/2.json: can't be read as a report");
    std::fs::remove_file(place.at("r/2.json")).unwrap();
    broken("r/3.json: report 2 before it is missing");
    put(&two.replace("\"rules_sha256\"", "\"rules\""));
    broken("r/2.json: can't be read as a report");
    put(&two);
    place.put("r/2b.json", &two);
    broken("two reports have the number 2");
    broken("r/2b.json: has no signature");
    std::fs::remove_file(place.at("r/2b.json")).unwrap();
    std::fs::remove_file(place.at("r/1.json")).unwrap();
    broken("r/2.json: report 1 before it is missing");
    let ran = place.run(&["verify", "--chain", "r", "--json"]).ended(1, &[]);
    let told: serde_json::Value = serde_json::from_str(&ran.out()).unwrap();
    assert_eq!((told["reports"].as_u64(), told["problems"].as_array().unwrap().len()), (Some(3), 1));
}

#[test]
fn a_chain_tells_what_did_not_pass() {
    let place = chain();
    place.put("red/more.txt", "write to canary.bird@example.com");
    place.run(&["verify", "red", "--report", "r/5.json", "--after", "r/4.json"]).ended(1, &[]);
    let ran = place.run(&["verify", "--chain", "r"]).ended(1, &[]);
    assert!(ran.out().contains("r/5.json: the run failed"), "{}", ran.out());
    assert!(ran.out().contains("5 reports: the chain is whole; 1 of them tells of a run that did not pass"));
    let ran = place.run(&["verify", "--chain", "r", "--json"]).ended(1, &[]);
    let told: serde_json::Value = serde_json::from_str(&ran.out()).unwrap();
    let results: Vec<_> = told["chain"].as_array().unwrap().iter().map(|r| r["result"].as_str().unwrap()).collect();
    assert_eq!(results, ["done", "passed", "passed", "passed", "failed"]);
}

#[test]
fn other_tools_can_check_a_signature() {
    let place = chain();
    let check = |file| {
        openssl(
            &place,
            &["pkeyutl", "-verify", "-pubin", "-inkey", "pub.pem", "-rawin", "-in", file, "-sigfile", "r/3.json.sig"],
        )
    };
    match check("r/3.json") {
        Some(fits) => assert!(fits && check("r/2.json") == Some(false)),
        None => assert_eq!(place.read("r/3.json.sig").len(), 64, "there is no openssl to ask"),
    }
}

#[test]
fn keys_and_reports_that_are_none() {
    let place = chain();
    place.put("no.pem", "canary.bird").put("no.json", "{\"program\":\"canary.bird\"}");
    let verify = |args: &[&str]| place.run(&[&["verify", "red"], args].concat());
    verify(&["--report", "x.json", "--sign", "no.pem"]).ended(2, &["no.pem: is no ed25519 key"]);
    verify(&["--report", "x.json", "--sign", "pub.pem"]).ended(2, &["is no ed25519 key"]);
    verify(&["--report", "x.json", "--after", "no.json"]).ended(2, &["no.json: --after: is no report"]);
    verify(&["--report", "x.json", "--after", "gone.json"]).ended(2, &["cannot read the report before"]);
    assert_eq!(verify(&["--sign", "key.pem"]).status, Some(2));
    assert!(!place.at("x.json").exists());
    std::fs::set_permissions(place.at("key.pem"), std::fs::Permissions::from_mode(0o644)).unwrap();
    verify(&["--report", "x.json", "--sign", "key.pem"]).ended(0, &["may be read by others"]);
    place.run(&["verify", "--chain", "data"]).ended(2, &["there is no report"]);
    place.run(&["verify", "--chain", "r", "--public-key", "key.pem"]).ended(2, &["is no ed25519 public key"]);
}
