//! What the benches share: texts from the corpus's generator, by kind and by how much there is to find, and runs over them in
//! memory.
//!
//! The counts that benches expect were read off once. A change of the generator or of the rules changes them: then look
//! whether the new ones are right, and write them down.

#![allow(dead_code, reason = "each bench uses its part")]

#[path = "../../corpus/generate/compose.rs"]
mod compose;
#[path = "../../corpus/generate/kinds.rs"]
mod kinds;
#[path = "../../corpus/generate/plans.rs"]
mod plans;
#[path = "../../corpus/generate/rng.rs"]
mod rng;
#[path = "../../corpus/generate/sink.rs"]
mod sink;
#[path = "../../corpus/generate/values.rs"]
mod values;
#[path = "../../corpus/generate/words/mod.rs"]
mod words;

pub use kinds::Kind;

use sluicegate::detect::{Detectors, Options};
use sluicegate::engine::{Engine, Wanted};
use sluicegate::error::Result;
use sluicegate::format::Settings;
use sluicegate::pipeline::sink::{Done, Numbers, Scope, Sink, rewrite_unit};
use sluicegate::pipeline::{Job, Plain, Totals, run};
use sluicegate::{Key, Policy, RuleSet, Scanner};
use std::path::Path;
use std::sync::Arc;

/// How large a text is: as much as the pipeline reads at a time, and short enough for tests without optimisation.
const BYTES: u64 = 256 << 10;

/// What share of the texts holds a value, beside the three in ten that hold something that looks like one (of which few are taken
/// for one): the third is that of the comparison with other programs.
pub const DENSITIES: [(&str, f64); 4] = [("none", 0.0), ("rare", 0.001), ("usual", 0.035), ("every", 1.0)];
/// See [`DENSITIES`].
pub const USUAL: f64 = 0.035;

/// Records of `kind`, of which a share of `values` holds something to find.
pub fn generated(kind: Kind, values: f64) -> Vec<u8> {
    generated_as(kind, values, false)
}

/// As [`generated`]; `ascii`: with all that isn't as an escape in JSON strings.
pub fn generated_as(kind: Kind, values: f64, ascii: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = kinds::Writer::new(1, compose::Shares { values, negatives: 0.30 });
    writer.ascii = ascii;
    let mut sink = sink::Sink::new(&mut out, None);
    writer.head(kind, &mut sink);
    while sink.written() < BYTES {
        writer.record(kind, &mut sink).expect("memory can be written");
    }
    writer.foot(kind, &mut sink);
    sink.flush().expect("memory can be written");
    drop(sink);
    out
}

/// `lines` over and over, and how often.
pub fn repeated(lines: &[&str]) -> (String, usize) {
    let round: String = lines.iter().map(|l| format!("{l}\n")).collect();
    let times = (BYTES as usize).div_ceil(round.len());
    (round.repeat(times), times)
}

/// What the generator writes as values, so that their share says how much there is to find: names and ids stand in most records.
pub const FOUR: &[&str] = &["EMAIL_ADDRESS", "PHONE_NUMBER", "IP_ADDRESS", "CREDIT_CARD"];
/// All that is looked for by default.
pub const ALL: &[&str] = &[];

fn options(rules: &RuleSet, entities: &[&str]) -> Options {
    let mut options = Options::default();
    if !entities.is_empty() {
        options.enabled = rules.entities().iter().map(|e| entities.contains(&&*e.name)).collect();
        assert_eq!(options.enabled.iter().filter(|e| **e).count(), entities.len(), "{entities:?} are entities");
    }
    options
}

/// The built-in rules of these entities alone.
pub fn scanner(entities: &[&str]) -> Scanner {
    let rules = RuleSet::builtin();
    let options = options(&rules, entities);
    Scanner::with(rules, &options).expect("the built-in rules compile")
}

/// An engine that finds these entities, and redacts by the default policy if `edits`.
pub fn engine(entities: &[&str], edits: bool) -> Engine {
    let rules = Arc::new(RuleSet::builtin());
    let options = options(&rules, entities);
    let policy = Policy::named("default").expect("a policy");
    let edits = edits.then(|| policy.operators(&rules, None).expect("no operator needs a key"));
    let detectors = Detectors::new(rules, &options).expect("the built-in rules compile");
    Engine::new(Arc::new(detectors), Wanted { edits, ..Wanted::default() }, Key::new(*b"a key that only benches use"))
}

/// Runs `bytes` through `engine` in one thread as the program does, but into memory, from which what was written goes after
/// each unit. The format is recognised.
pub fn process(engine: &Engine, bytes: &[u8]) -> Totals {
    let job = Job { engine, format: None, name: "", settings: Settings::default(), threads: 1, utf16: false };
    let mut sink = Memory {
        rules: engine.detectors().rules().clone(),
        rewrites: engine.wanted().edits.is_some(),
        numbers: Numbers::new(Scope::Run),
        out: Vec::new(),
    };
    run(&job, &mut Plain { path: Path::new("memory"), from: bytes }, &mut sink).expect("memory can be read")
}

struct Memory {
    rules: Arc<RuleSet>,
    rewrites: bool,
    numbers: Numbers,
    out: Vec<u8>,
}

impl Sink for Memory {
    fn unit(&mut self, done: &Done<'_>) -> Result<()> {
        if self.rewrites {
            self.out.clear();
            rewrite_unit(done, &self.rules, &mut self.numbers, &mut self.out);
            std::hint::black_box(&self.out);
        }
        Ok(())
    }
}
