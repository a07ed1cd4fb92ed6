//! The fast path finds what the slow path finds: units of many records (swept as a whole, lines that are built alike compared and
//! not parsed, records in which nothing stirs passed over) against one record at a time, with each version of the sweep.

#[path = "../benches/common/mod.rs"]
mod common;
mod support;

use common::{Kind, generated};
use sluicegate::detect::anchors::Level;
use sluicegate::detect::{Detectors, Options};
use sluicegate::engine::{Engine, Wanted};
use sluicegate::{Key, Policy, RuleSet};
use std::sync::Arc;
use support::{Run, parting};

/// Bytes of each kind: some hundred records.
const BYTES: usize = 50_000;

fn engine(entities: &[&str], level: Level) -> Engine {
    let rules = Arc::new(RuleSet::builtin());
    let mut options = Options { level: Some(level), ..Options::default() };
    if !entities.is_empty() {
        options.enabled = vec![false; rules.entities().len()];
        entities.iter().for_each(|e| options.enabled[rules.entity_named(e).unwrap().index()] = true);
    }
    let detectors = Arc::new(Detectors::new(rules, &options).unwrap());
    let edits = Some(Policy::named("default").unwrap().operators(detectors.rules(), None).unwrap());
    Engine::new(detectors, Wanted { edits, places: true, ..Wanted::default() }, Key::new(*b"a key for tests"))
}

#[test]
fn units_of_many_records_find_what_single_records_hold() {
    for kind in [Kind::Chat, Kind::Vtt, Kind::Prose, Kind::Log, Kind::Csv, Kind::Json] {
        let mut bytes = generated(kind, 0.2);
        // A document ends where it ends; of the others, whole lines.
        if kind != Kind::Json {
            bytes.truncate(BYTES);
            bytes.truncate(bytes.iter().rposition(|b| *b == b'\n').unwrap() + 1);
        } else {
            bytes.truncate(BYTES);
        }
        for entities in [common::ALL, common::FOUR] {
            let slow = engine(entities, Level::Portable);
            let (want, totals) = Run { sizes: &[150], ..Run::new(&slow, "") }.over(&bytes);
            assert!(want.found.len() > 20, "{kind:?} has something to find");
            for level in Level::ALL.into_iter().filter(|l| l.available()) {
                let fast = engine(entities, level);
                let (got, t) = Run::new(&fast, "").over(&bytes);
                assert_eq!(got.found, want.found, "{kind:?}, {}", level.name());
                assert!(got.out == want.out, "{kind:?}, {}: {}", level.name(), parting(&got.out, &want.out));
                assert_eq!(t, totals, "{kind:?}, {}", level.name());
            }
        }
    }
}

/// Records that nothing is found in are passed over without being read; what stands among them must not be.
#[test]
fn what_stands_among_records_that_are_passed_over_is_found() {
    const QUIET: [&str; 3] = [
        r#"{"id":"m1","sender":{"id":"71","name":"Ana"},"text":"see you at noon","n":4}"#,
        r#"{"id":"m2","sender":{"id":"71","name":"Ana"},"text":"","n":null}"#,
        r#"{"kind":"typing","on":true}"#,
    ];
    const OTHERS: [&str; 16] = [
        r#"{"id":"m3","sender":{"id":"71","name":"Ana"},"text":"at ana@example.com","n":5}"#,
        r#"{"id":"m3","sender":{"id":"71","name":"Ana"},"text":"at ana\u0040example.com","n":5}"#,
        r#"{"id":"m3","sender":{"id":"71","name":"Ana"},"text":"call +1 415 555\u00200142","n":5}"#,
        r#"{"id":"m3","sender":{"id":"71","name":"Ana"},"text":"{\"to\":\"ana@example.com\"}","n":5}"#,
        r#"{"id":"m3","sender":{"id":"71","name":"Ana"},"text":"{\"phone\":\"55 01\"}","n":5}"#,
        r#"{"id":"m3","sender":{"id":"71","name":"Ana"},"phone":"415-555-0142","n":5}"#,
        r#"{"id":"m3","sender":{"id":"71","name":"Ana"},"phone":4155550142,"n":5}"#,
        r#"{"id":"m3","sender":{"id":"71","name":"Ana"},"email":"ana at example","n":5}"#,
        r#"{"id":"m3","sender":{"id":"71","name":"Ana"},"text":"192.0.2.17","n":5}"#,
        r#"{"id":"m3","sender":{"id":"71","name":"Ana"},"text":"４１１１ 1111 1111 1111","n":5}"#,
        r#"{"id":"m3","sender":{"id":"71","name":"Ana"},"text":"cut o"#,
        "call 415-555-0142 then",
        "",
        "and {\"text\":\"ana@example.com\"} and {\"phone\":\"4155550142\"} there",
        "{\"kind\":\"typing\",\"on\":true}\r",
        "plain words, and more of them",
    ];
    let mut seed = 1u64;
    let mut random = |n: usize| {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 33) as usize % n
    };
    // As JSON Lines, and as text.
    for head in [QUIET[0], "a first line"] {
        let mut text = format!("{head}\n");
        for _ in 0..900 {
            let line = if random(4) > 0 { QUIET[random(QUIET.len())] } else { OTHERS[random(OTHERS.len())] };
            text += line;
            text.push('\n');
        }
        for entities in [common::ALL, common::FOUR] {
            let slow = engine(entities, Level::Portable);
            let (want, totals) = Run { sizes: &[150], ..Run::new(&slow, "") }.over(text.as_bytes());
            assert!(want.found.len() > 50, "{}", want.found.len());
            for level in Level::ALL.into_iter().filter(|l| l.available()) {
                let fast = engine(entities, level);
                let (got, t) = Run::new(&fast, "").over(text.as_bytes());
                assert_eq!(got.found, want.found, "{}", level.name());
                assert!(got.out == want.out, "{}: {}", level.name(), parting(&got.out, &want.out));
                assert_eq!(t, totals, "{}", level.name());
            }
        }
    }
}
