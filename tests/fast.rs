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
