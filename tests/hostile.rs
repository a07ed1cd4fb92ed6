//! Text made to cost time. What takes a step for each byte is through it in no time; what takes a step for each pair of bytes
//! never comes back.

mod support;

use sluicegate::detect::{Detectors, Options, Scratch};
use sluicegate::patterns::RuleSet;
use std::sync::Arc;

/// Repeated, each is full of anchors that lead nowhere or of rows that look like values.
const PIECES: &[&str] = &[
    "4 ",
    "4242",
    "4242 ",
    "4242424242424242 ",
    "4242-",
    "123-45-6789 ",
    "123-45-6789-",
    "eyJ",
    "eyJhbGci.",
    "0x",
    "1",
    "z1",
    "DE89 ",
    "DE ",
    "40.7128, ",
    "40°",
    "40.7128° N, ",
    "lat1.23",
    "password: ",
    "password=1",
    "card_",
    "cvv ",
    "exp ",
    ":AA",
    "Mozilla/5.0 (",
    "-----BEGIN ",
    "a@",
    "::",
    "1.",
    "_ga=GA1.",
    "@",
    "@a",
    "a@b.",
    "a@b.c",
    "<a@b.de>",
    "\n a@b.de",
    "\"@",
    "a@gmail.",
    "1.1.1.1 ",
    "1[.]",
    ":",
    "a:",
    "00:",
    "0-0-",
    "1111.",
    "://",
    "www.",
    "http://(",
    "http://a:b@c.de ",
    "t.me/",
    "x.com/a/",
    "\u{6F22}@",
    "'@",
    "&@",
    "[::",
    "1.2.3.4:",
    "https://github.com/a ",
];

/// Of each: at a step for every pair of bytes, ten thousand million steps.
const BYTES: usize = 100_000;

#[test]
fn hostile_text_comes_to_an_end() {
    let rules = Arc::new(RuleSet::builtin());
    let detectors =
        Detectors::new(rules.clone(), &Options { enabled: vec![true; rules.entities().len()], ..Options::default() })
            .expect("the built-in rules compile");
    let (mut scratch, mut hits) = (Scratch::default(), Vec::new());
    for piece in PIECES {
        let text = piece.repeat(BYTES / piece.len());
        hits.clear();
        detectors.find(text.as_bytes(), None, &mut scratch, &mut hits);
        let apart = hits.windows(2).all(|h| h[0].span.end <= h[1].span.start);
        assert!(apart && hits.last().is_none_or(|h| h.span.end <= text.len()), "{piece:?}");
    }
}

#[test]
fn what_is_said_in_one_opened_string_is_held_once() {
    let engine = support::engine(&[]);
    let each = serde_json::json!({"first_name": "Wrenna", "text": "that is what she said"});
    let list = serde_json::Value::from(vec![each; BYTES * 4 / 60]).to_string();
    let text = serde_json::json!({ "body": list }).to_string() + "\n";
    let (got, _) = support::Run::new(&engine, "-").over(text.as_bytes());
    assert_eq!(got.found.len(), BYTES * 4 / 60);
}

#[test]
fn places_of_many_findings_in_one_record_come_to_an_end_and_stay_small() {
    const EACH: &str = "léo a@example.com ";
    let engine = support::engine(&[]);
    let value = EACH.repeat(BYTES * 8 / EACH.len());
    let key = "k".repeat(BYTES);
    let deep = 400;
    for text in [
        format!("{{\"{key}\":\"{value}\"}}\n"),
        format!("{}\"{value}\"{}\n", "{\"key\":".repeat(deep), "}".repeat(deep)),
    ] {
        let (got, _) = support::Run::new(&engine, "-").over(text.as_bytes());
        assert_eq!(got.found.len(), value.len() / EACH.len());
        for (i, row) in got.found.iter().enumerate() {
            assert!(row.len() < 2000, "{}", row.len());
            let row: serde_json::Value = serde_json::from_str(row).unwrap();
            assert_eq!(row["start"], i * EACH.chars().count() + 4);
            assert_eq!(row["end"], i * EACH.chars().count() + 17);
        }
    }
}
