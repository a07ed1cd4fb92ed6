//! `sluice breach`: the facts of a notice, by the program itself: deadlines, people, what was replaced before, the draft.

mod support {
    pub mod program;
}

use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;
use support::program::{Place, Ran};

const BERLIN: &str = "2026-03-28T22:30[Europe/Berlin]";

fn breach(place: &Place, annex: &str, more: &[&str]) -> Ran {
    place.run(&[&["breach", "--annex", annex, "--discovered", BERLIN][..], more].concat())
}

fn json(place: &Place, annex: &str, more: &[&str]) -> Value {
    let ran = breach(place, annex, &[&["--output", "json"], more].concat());
    serde_json::from_slice(&ran.out).unwrap_or_else(|e| panic!("{e}: {}", ran.err))
}

/// One person's record, of people who have addresses, phones and accounts.
fn contacts(people: std::ops::Range<usize>) -> String {
    people.fold(String::from("email,first_name,last_name,phone\n"), |mut out, n| {
        let _ = writeln!(out, "person{n}@example.com,Wanda,Testerly,+44 7700 900{:03}", n % 1000);
        out
    })
}

#[test]
fn each_agreement_has_its_deadline() {
    let place = Place::new();
    place.put("a.csv", contacts(0..3));
    for (annex, more, want) in [
        ("butly", &[][..], &[("processor", "2026-03-31T03:30:00+02:00", "2026-03-31T01:30:00Z")][..]),
        ("botsify", &[], &[]),
        (
            "personizely",
            &[],
            &[
                ("controller", "2026-03-31T23:30:00+02:00", "2026-03-31T21:30:00Z"),
                ("processor", "2026-03-31T23:30:00+02:00", "2026-03-31T21:30:00Z"),
            ],
        ),
        (
            "365-aitech",
            &["--notified", "2026-03-29T10:00:00+02:00"],
            &[
                ("processor", "2026-03-28T22:30:00+01:00", "2026-03-28T21:30:00Z"),
                ("controller", "2026-04-01T10:00:00+02:00", "2026-04-01T08:00:00Z"),
            ],
        ),
    ] {
        let report = json(&place, annex, &[more, &["a.csv"]].concat());
        let due: Vec<_> = report["deadlines"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| (d["role"].as_str().unwrap(), d["due"].as_str().unwrap(), d["due_utc"].as_str().unwrap()))
            .collect();
        assert_eq!(due, want, "{annex}");
        let text = breach(&place, annex, &[more, &["a.csv"]].concat()).ended(0, &[]).out();
        assert_eq!(text.contains("The agreement states no deadline"), annex == "botsify", "{text}");
        assert_eq!(text.contains("No 1182/71"), annex != "botsify", "{text}");
        assert!(text.contains("not legal advice"), "{text}");
    }
}

#[test]
fn a_deadline_that_runs_from_a_notice_waits_for_it() {
    let place = Place::new();
    place.put("a.csv", contacts(0..3));
    let report = json(&place, "365-aitech", &["a.csv"]);
    let controller = &report["deadlines"][1];
    assert_eq!((&controller["hours"], &controller["due"]), (&Value::from(72), &Value::Null));
    let ran = breach(&place, "365-aitech", &["a.csv"]).ended(0, &[]);
    assert!(ran.out().contains("72 h from receiving the notice: not known yet; give --notified"), "{}", ran.out());
    assert!(ran.out().contains("to the controller: at once"), "{}", ran.out());
    // Where nothing runs from it, that is said.
    breach(&place, "butly", &["--notified", "2026-03-29T10:00Z", "a.csv"])
        .ended(0, &["no deadline of this annex runs"]);
}

#[test]
fn times_that_cannot_be_meant_are_told() {
    let place = Place::new();
    place.put("a.csv", contacts(0..3));
    let run = |args: &[&str]| place.run(&[&["breach", "--annex", "365-aitech", "a.csv"], args].concat());
    for (time, want) in [
        ("2026-03-28T22:30:00", "--discovered: the time zone is missing; write it like 2026-03-28T22:30:00+01:00"),
        ("2026-03-28", "the time of day is missing"),
        ("last night", "this is no time"),
        ("2026-03-29T02:30[Europe/Berlin]", "skip this time"),
        ("2026-03-28T22:30[Mars/Olympus]", "there is no such time zone"),
        ("9999-01-01T00:00Z", "--discovered: it lies in the future"),
    ] {
        let ran = run(&["--discovered", time]).ended(2, &[want]);
        assert!(ran.out.is_empty());
    }
    run(&["--discovered", BERLIN, "--notified", "2026-03-28T21:00Z"])
        .ended(2, &["--notified: it lies before --discovered"]);
    run(&["--discovered", BERLIN, "--notified", "9999-03-28T21:00Z"]).ended(2, &["--notified: it lies in the future"]);
    let missing = run(&[]);
    assert!(missing.status == Some(2) && missing.err.contains("--discovered"), "{}", missing.err);
}

#[test]
fn people_are_counted_over_all_files() {
    let place = Place::new();
    place.put("contacts.csv", contacts(0..500));
    // The same people by account and address, a few of them twice, and an agent who stands in every record.
    let mut chats = String::new();
    for n in (0..400).chain(0..400).chain(500..600) {
        let _ = writeln!(
            chats,
            r#"{{"user":{{"user_id":"ac-{n:06}","email":"Person{n}@example.com"}},"agent_email":"agent{}@example.org","text":"write to other{n}@example.net"}}"#,
            n % 3
        );
    }
    place.put("chats.jsonl", chats);
    let people = &json(&place, "personizely", &["contacts.csv", "chats.jsonl"])["people"];
    assert_eq!((&people["about"], &people["exact"]), (&Value::from(603), &Value::from(true)), "{people:#}");
    assert_eq!(people["mentioned"], 500, "{people:#}");
    let by = |entity: &str| {
        let all = people["by"].as_array().unwrap();
        all.iter().find(|b| b["type"] == entity).map(|b| b["values"].as_u64().unwrap()).unwrap_or(0)
    };
    assert_eq!((by("EMAIL_ADDRESS"), by("ACCOUNT_ID")), (603, 500), "{people:#}");
}

#[test]
fn ids_of_a_list_are_that_lists() {
    let about = |files: &[(&str, String)]| {
        let place = Place::new();
        for (name, text) in files {
            place.put(name, text);
        }
        let report = json(&place, "personizely", &["."]);
        report["people"]["about"].as_u64().unwrap()
    };
    let calls = (0..12).fold(String::new(), |mut out, n| {
        let _ = writeln!(
            out,
            r#"{{"participants":[{{"id":"p1","role":"agent","name":"Wanda Testerly","email":"agent{n}@example.org"}},{{"id":"p2","role":"customer","email":"customer{n}@example.com"}}]}}"#
        );
        out
    });
    assert_eq!(about(&[("calls.jsonl", calls)]), 24);
    let list = |kind: &str| {
        (1..=1000).fold(String::from("user_id,email\n"), |mut out, n| {
            let _ = writeln!(out, "{n},{kind}{n}@example.com");
            out
        })
    };
    assert_eq!(about(&[("customers.csv", list("customer")), ("agents.csv", list("agent"))]), 2000);
    let ids = (1..=300).map(|n| format!(r#"{{"user_id":{n}}}"#)).collect::<Vec<_>>().join(",");
    assert_eq!(about(&[("all.json", format!(r#"{{"customers":[{ids}],"agents":[{ids}]}}"#))]), 600);
    let office = (0..26).fold(String::from("email,phone\n"), |mut out, n| {
        let _ = writeln!(out, "person{n}@example.com,+44 7700 900123");
        out
    });
    assert_eq!(about(&[("office.csv", office)]), 26);
}

#[test]
fn programs_and_roles_are_no_people() {
    let place = Place::new();
    place.put(
        "intercom.json",
        r#"{"parts":[{"author":{"type":"bot","id":"1","name":"Fin","email":"operator+bot@example.net"}},{"author":{"type":"user","id":"64f1c2d3e4b5a697","email":"wanda@example.com"}}]}"#,
    );
    assert_eq!(json(&place, "personizely", &["intercom.json"])["people"]["about"], 1);
    place.put("mail.csv", "email\nsupport@example.com\nno-reply@example.com\nwanda@example.com\n");
    let report = json(&place, "personizely", &["mail.csv"]);
    assert_eq!(report["people"]["about"], 1);
    let findings = report["categories"].to_string();
    assert!(findings.contains("EMAIL_ADDRESS") && findings.contains("3"), "{findings}");
}

#[test]
fn people_are_counted_by_subject() {
    let place = Place::new();
    place.put("visitors.csv", contacts(0..40)).put("clients.csv", contacts(30..45));
    let report = json(
        &place,
        "personizely",
        &["--subject", "visitors*=contact", "--subject", "clients*=client", "visitors.csv", "clients.csv"],
    );
    let classes: Vec<_> = report["subjects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (c["id"].as_str().unwrap(), c["people"].as_u64().unwrap()))
        .collect();
    // Ten are in both.
    assert_eq!((classes, &report["people"]["about"]), (vec![("client", 15), ("contact", 40)], &Value::from(45)));
}

#[test]
fn what_was_replaced_is_counted() {
    let place = Place::new();
    place.put("in/contacts.csv", contacts(0..20)).put("key", "0123456789abcdef0123456789abcdef");
    let count = |op: &str, way: &str| {
        place.run(&["redact", "in", "-o", way, "--op", op, "--key-file", "key"]).ended(0, &[]);
        let report = json(&place, "personizely", &[way]);
        let found = |r: &&Value| r["way"] == way && r["type"] == "EMAIL_ADDRESS";
        let row = report["replaced"].as_array().unwrap().iter().find(found).cloned().unwrap_or_default();
        (row["count"].as_u64().unwrap_or(0), row["different"].as_u64())
    };
    assert_eq!(count("contact=replace", "redacted"), (20, None));
    assert_eq!(count("contact=token", "token"), (20, Some(20)));
    assert_eq!(count("contact=hash", "hash"), (20, Some(20)));
    assert_eq!(count("contact=mask", "masked"), (20, None));
    let text = breach(&place, "personizely", &["token"]).ended(0, &[]).out();
    assert!(text.contains("pseudonymised data is personal data still"), "{text}");
    assert!(text.contains("in clear: 0 findings") && text.contains("not needed if the data was encrypted"), "{text}");
    let text = breach(&place, "personizely", &["in"]).ended(0, &[]).out();
    assert!(text.contains("no replacement was recognised") && text.contains("in clear: 80 findings"), "{text}");
}

#[test]
fn what_is_not_read_whole_is_said() {
    let place = Place::new();
    place.put("d/a.csv", contacts(0..3)).put("d/b.pdf", "%PDF-1.7\n%\u{e2}\u{e3}\u{cf}\u{d3}\n");
    for form in ["text", "markdown"] {
        let ran = breach(&place, "butly", &["--output", form, "d"]).ended(2, &["b.pdf"]);
        assert!(ran.out().contains("NOT ALL INPUTS COULD BE READ") && ran.out().contains("at least about 3 people"));
    }
    assert_eq!(json(&place, "butly", &["d"])["complete"], false);
    breach(&place, "butly", &["missing"]).ended(2, &["missing"]);
    std::fs::create_dir(place.at("empty")).unwrap();
    let ran = breach(&place, "butly", &["empty"]).ended(2, &["name the data"]);
    assert!(ran.out.is_empty());
    breach(&place, "butli", &["d"]).ended(2, &["did you mean `butly`?"]);
    breach(&place, "butly", &["--special-score", "7", "d"]).ended(2, &["--special-score takes"]);
}

#[test]
fn special_categories_are_read_as_check_reads_them() {
    let place = Place::new();
    place.put("a.jsonl", "{\"text\":\"I was diagnosed with diabetes last year\"}\n");
    let special = |score: &str| {
        let report = json(&place, "butly", &["--special-score", score, "a.jsonl"]);
        report["categories"].as_array().unwrap().iter().any(|k| k["category"] == "special")
    };
    assert!(special("0.5") && !special("1"));
}

#[test]
fn reports_hold_no_values() {
    let place = Place::new();
    place.put(
        "Chat with canary.bird@example.org.jsonl",
        "{\"email\":\"canary.bird@example.org\",\"password\":\"canary.bird-7\",\"text\":\"4242 4242 4242 4242, <EMAIL_ADDRESS_7>\"}\n",
    );
    for form in ["text", "json", "markdown"] {
        let ran = breach(&place, "botsify", &["-v", "--output", form, "."]).ended(0, &[]);
        assert!(ran.out().contains("EMAIL_ADDRESS"), "{}", ran.out());
        for value in ["canary", "4242"] {
            assert!(!ran.out().contains(value) && !ran.err.contains(value), "{form}: {}{}", ran.out(), ran.err);
        }
    }
}

#[test]
fn the_draft_is_as_it_should_be() {
    let place = Place::new();
    place.put("visitors.csv", contacts(0..12));
    let args = ["--subject", "contact", "--output", "markdown", "-o", "draft.md", "visitors.csv"];
    assert!(breach(&place, "personizely", &args).ended(0, &[]).out.is_empty());
    let draft: String = place
        .text("draft.md")
        .lines()
        // What depends on the clock and on the rules' every change.
        .map(|l| if l.starts_with("Points (a) to (d)") { "Points (a) to (d): …\n".into() } else { format!("{l}\n") })
        .collect();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/breach.md");
    assert_eq!(draft, std::fs::read_to_string(golden).unwrap(), "now:\n{draft}");
}
