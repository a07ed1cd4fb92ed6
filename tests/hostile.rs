//! Text made to cost time: eight times as much of it takes about eight times as long, not sixty-four.

use sluicegate::detect::{Detectors, Options, Scratch};
use sluicegate::patterns::RuleSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

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

fn time(detectors: &Detectors, text: &str) -> Duration {
    let (mut scratch, mut hits) = (Scratch::default(), Vec::new());
    let start = Instant::now();
    detectors.find(text.as_bytes(), None, &mut scratch, &mut hits);
    start.elapsed()
}

#[test]
fn time_grows_with_the_text_and_no_faster() {
    let rules = Arc::new(RuleSet::builtin());
    let detectors =
        Detectors::new(rules.clone(), &Options { enabled: vec![true; rules.entities().len()], ..Options::default() })
            .expect("the built-in rules compile");
    let mut slow = Vec::new();
    for piece in PIECES {
        let times = 6_000 / piece.len();
        let (little, much) = (piece.repeat(times), piece.repeat(times * 8));
        let ratio = || time(&detectors, &much).as_secs_f64() / time(&detectors, &little).as_secs_f64().max(2e-4);
        // A machine with other work may stumble once, not three times.
        let ratio = (0..3).map(|_| ratio()).find(|r| *r <= 24.0).unwrap_or(f64::INFINITY);
        if ratio.is_infinite() {
            slow.push(format!("{piece:?}: over 24 times as long for 8 times the text"));
        }
    }
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}
