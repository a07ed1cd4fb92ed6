//! What lies in what was named and was not looked at: reports say so, and a report on nothing is none.

#[path = "support/program.rs"]
mod program;

use program::*;
use serde_json::Value;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

const ABOUT: [&[&str]; 4] = [
    &["check", "--annex", "butly"],
    &["breach", "--annex", "butly", "--discovered", "2026-03-28T21:30Z"],
    &["verify"],
    &["verify", "--absent", "../list"],
];

/// A directory with a file, a link, a socket and a picture.
fn place() -> Place {
    let p = Place::new();
    p.put("list", "ana@example.com\n")
        .put("in/a.txt", "nothing to see\n")
        .put("in/b.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    symlink("a.txt", p.at("in/ida.link@example.com")).unwrap();
    UnixListener::bind(p.at("in/socket")).unwrap();
    p
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn what_was_passed_over_is_in_each_report() {
    let p = place();
    let all = ["--skip-unsupported", "in", "--quiet"];
    for about in &ABOUT[..2] {
        let out = p.run(&[about, &all[..], &["--output", "json"]].concat()).ended(0, &[]).out();
        let left = &json(&out)["not_looked_at"];
        assert_eq!(left["count"], 3, "{out}");
        let named: Vec<_> = left["first"].as_array().unwrap().iter().map(|u| u["is"].as_str().unwrap()).collect();
        assert_eq!(named, ["a PNG image", "a link", "no regular file"]);
        let out = p.run(&[about, &all[..]].concat()).ended(0, &[]).out();
        assert!(out.contains("NOT LOOKED AT: 3 inputs: in/b.png (a PNG image), "), "{out}");
        assert!(!out.contains("ida.link"), "{out}");
        let out = p.run(&[about, &all[..], &["--output", "markdown"]].concat()).ended(0, &[]).out();
        assert!(out.to_lowercase().contains("not looked at"), "{out}");
    }
    let out = p.run(&["verify", "--skip-unsupported", "in", "--report", "report", "-q"]).ended(0, &[]).out();
    assert!(out.contains("NOT LOOKED AT: 3 inputs: "), "{out}");
    assert_eq!(json(&p.text("report"))["not_looked_at"]["count"], 3);
    p.run(&["redact", "--skip-unsupported", "in", "-o", "out", "--report", "report", "-q"]).ended(0, &[]);
    assert_eq!(json(&p.text("report"))["not_looked_at"]["count"], 3);
    let args = ["verify", "--skip-unsupported", "out", "--against", "in", "--report", "second", "-q"];
    let out = p.run(&args).ended(0, &[]).out();
    assert!(out.contains("NOT LOOKED AT, of the originals: 3 inputs: "), "{out}");
    assert_eq!(json(&p.text("second"))["against"]["not_looked_at"]["count"], 3);
    let out = p.run(&["scan", "--skip-unsupported", "in", "--output", "html", "-q"]).ended(0, &[]).out();
    assert!(out.contains("3 inputs: in/b.png"), "{out}");
}

#[test]
fn nothing_proves_nothing() {
    let p = place();
    p.put("empty/a.txt", "").put("none/b.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    for about in ABOUT {
        let about: Vec<&str> = about.iter().map(|a| if *a == "../list" { "list" } else { a }).collect();
        for what in [&["empty"][..], &["empty/a.txt"], &["--skip-unsupported", "none"], &[]] {
            p.run(&[&about[..], what].concat()).ended(2, &["nothing proves nothing"]);
        }
    }
    // That a copy is as empty as its original is proof.
    p.run(&["redact", "empty", "-o", "copy"]).ended(0, &[]);
    p.run(&["verify", "copy", "--against", "empty"]).ended(0, &[]);
}

#[test]
fn whose_data_nothing_is() {
    let p = place();
    p.put("in.csv", "email,name\nana@example.com,Ana Reis\n");
    let with = |subject: &str| p.run(&["check", "--annex", "butly", "--subject", subject, "in.csv"]);
    with("field:mail=subscriber").ended(0, &["--subject field:mail=subscriber: nothing that was found is there"]);
    let said = with("field:email=subscriber").ended(0, &[]).err;
    assert!(said.is_empty(), "{said:?}");
}

#[test]
fn names_of_fields_steer_no_terminal() {
    let p = place();
    p.put("in.jsonl", "{\"\\u001b[31mred\\u202e\":\"ana@example.com\"}\n");
    for args in [
        &["scan", "--summary"][..],
        &["scan", "--summary", "--output", "csv"],
        &["scan", "--output", "csv"],
        &["check", "--annex", "butly"],
        &["check", "--annex", "butly", "--output", "markdown"],
    ] {
        let out = p.run(&[args, &["in.jsonl"]].concat()).out();
        assert!(out.contains("[31mred") && !out.contains(['\u{1b}', '\u{202e}']), "{args:?}: {out:?}");
    }
}
