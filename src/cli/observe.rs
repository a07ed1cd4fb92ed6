//! What a set of data holds, counted by subject and entity while its inputs pass.

use super::inputs::Work;
use super::names::Named;
use super::options::Selection;
use super::progress::Progress;
use crate::annex::fields::NONE;
use crate::annex::observed::{Finding, Observed};
use crate::annex::people::Told;
use crate::annex::whose::Whose;
use crate::detect::Detectors;
use crate::detect::replaced::{self, Replaced};
use crate::engine::{Beside, Outcome};
use crate::error::{Error, Result};
use crate::model::{Category, EntityType};
use crate::normalise::canonical;
use crate::patterns::RuleSet;
use crate::pipeline::sink::{Done, Sink};
use crate::pipeline::{self, Input, Job, Totals};
use crate::report::masked::masked;
use regex::bytes::Regex;
use std::hash::{DefaultHasher, Hasher};
use std::io::Write;
use std::sync::Arc;

/// Keys whose values say that an author is a program, as Intercom's, Slack's and most chat exports' do.
const BOTS: [&str; 4] = ["type", "role", "sender_type", "author_type"];

/// What is asked of the values beside findings, to tell whose they are.
pub(super) fn beside(whose: &Whose) -> Beside {
    let mut beside = Beside::default();
    for (key, value) in whose.questions() {
        beside.ask(key, value.clone());
    }
    // Where a mapping asks all that can be asked, programs count as people.
    if let Ok(bot) = Regex::new("(?i)^(?:bot|chatbot|system)$") {
        for key in BOTS {
            beside.ask(key, bot.clone());
        }
    }
    beside
}

/// The rules of `selection`, special categories and usage among them unless it says otherwise, down to the lower of its score and `special_score`.
pub(super) fn detectors(selection: &mut Selection, rules: RuleSet, special_score: f32) -> Result<Arc<Detectors>> {
    if !(0.0..=1.0).contains(&special_score) {
        return Err(Error::Usage("--special-score takes a number from 0 to 1".into()));
    }
    selection.min_score = selection.min_score.min(special_score);
    let (mut enabled, mut asked) = (selection.wanted(&rules)?, selection.asked(&rules)?);
    if selection.entities.is_empty() {
        let off = selection.not_wanted(&rules)?;
        for (i, e) in rules.entities().iter().enumerate() {
            let also = matches!(e.category, Category::Special | Category::Usage) && !off[i];
            enabled[i] |= also;
            asked[i] |= also;
        }
    }
    Ok(Arc::new(selection.compile(rules, enabled, asked)?))
}

/// Counts what passes: the work of the verbs that hold data against an annex.
pub(super) struct Observing<'a> {
    rules: &'a RuleSet,
    pub whose: Whose,
    /// The answers that say that something is a program's.
    bots: u64,
    /// The lowest scores: of all, of special categories.
    least: [f32; 2],
    progress: Arc<Progress>,
    pub observed: Observed,
    values: Values,
    /// By number of field: whose data stands there, by what stands beside it.
    subjects: Vec<Vec<(u64, Option<usize>)>>,
    /// By number among the unit's fields.
    fields: Vec<u32>,
    path: String,
    input: u64,
}

impl<'a> Observing<'a> {
    /// `least`: the lowest scores that count, of all and of special categories.
    pub fn new(rules: &'a RuleSet, whose: Whose, least: [f32; 2], progress: Arc<Progress>) -> Observing<'a> {
        let (observed, path, values) = (Observed::default(), String::new(), Values(vec![Known::default(); VALUES]));
        let asked = whose.questions().count() as u32;
        let bots = (0..BOTS.len() as u32).filter_map(|n| 1u64.checked_shl(asked + n)).sum();
        let (subjects, fields) = (Vec::new(), Vec::new());
        Observing { rules, whose, bots, least, progress, observed, values, subjects, fields, path, input: 0 }
    }

    fn begin(&mut self, shown: &str) {
        shown.clone_into(&mut self.path);
        self.whose.begin(shown);
        self.subjects.clear();
        self.input += 1;
    }

    /// Takes the fields that the next unit has.
    fn unit_fields(&mut self, outcome: &Outcome) {
        if self.observed.unit() {
            self.subjects.clear();
        }
        self.fields.clear();
        for (name, _) in outcome.fields.iter() {
            self.fields.push(self.observed.field(Some(name)));
        }
    }

    /// Whose data stands in a field, with these answers to what stands beside it.
    fn subject(&mut self, number: u32, name: Option<&str>, beside: u64) -> Option<usize> {
        let i = number as usize;
        if i >= self.subjects.len() {
            self.subjects.resize(i + 1, Vec::new());
        }
        let known = &mut self.subjects[i];
        if let Some((_, subject)) = known.iter().find(|k| k.0 == beside) {
            return *subject;
        }
        if known.len() >= ANSWERS {
            known.clear();
        }
        let subject = self.whose.of(name, beside);
        known.push((beside, subject));
        subject
    }
}

impl Work for Observing<'_> {
    fn text(
        &mut self,
        shown: &str,
        job: &Job<'_>,
        input: &mut dyn Input,
        _: Option<&mut (dyn Write + Send)>,
    ) -> Result<Totals> {
        self.begin(shown);
        let totals = pipeline::run(job, input, self)?;
        self.observed.records(self.whose.of_input(), totals.records);
        Ok(totals)
    }

    fn name(&mut self, shown: &str, found: &[Named]) -> Result<()> {
        self.begin(shown);
        for n in found {
            let finding = Finding {
                entity: n.entity,
                value: self.values.of(self.rules, n.entity, n.value.as_bytes()),
                bot: false,
                record: (self.input, u64::MAX),
                field: self.observed.field(Some("(name)")),
                indices: &[],
                whole: false,
                path: shown,
                line: &|| 0,
                masked: &|| n.masked.clone(),
            };
            self.observed.add(self.whose.of_input(), &finding);
        }
        Ok(())
    }
}

impl Sink for Observing<'_> {
    fn unit(&mut self, done: &Done<'_>) -> Result<()> {
        let outcome = done.outcome;
        self.progress.add(done.core.len(), outcome.findings.len());
        if let Some(replaced) = &mut self.observed.replaced {
            replaced::each(done.bytes, done.core, &mut |r| match r {
                Replaced::Named(inner, hash) => replaced.named(self.rules, inner, hash),
                Replaced::Masked(address) => replaced.masked(self.rules, address),
            });
        }
        self.unit_fields(outcome);
        for f in &outcome.findings {
            if f.score < self.least[usize::from(f.category == Category::Special)] {
                continue;
            }
            let trace = &outcome.traces[f.place as usize];
            let value = outcome.text(trace.value, done.bytes);
            let field = trace.field.map_or(NONE, |field| self.fields[field as usize]);
            let name = trace.field.and_then(|field| outcome.fields.name(field));
            let subject = self.subject(field, name, trace.beside);
            let entity = self.rules.entity(f.entity);
            let lines = || memchr::memchr_iter(b'\n', &done.bytes[done.core.start..f.span.start]).count() as u64;
            let finding = Finding {
                entity: f.entity,
                value: self.values.of(self.rules, f.entity, value),
                bot: trace.beside & self.bots != 0,
                record: (self.input, (done.base.record + trace.record).saturating_sub(1)),
                field,
                indices: &outcome.indices[trace.indices.range()],
                whole: trace.whole,
                path: &self.path,
                line: &|| done.base.line + lines() + 1,
                masked: &|| masked(&entity.name, entity.category, value),
            };
            self.observed.add(subject, &finding);
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

/// Answers that are kept for each field at most.
const ANSWERS: usize = 16;

/// What values tell: of each place, the value that was met there last. Those of a conversation come again with every message.
struct Values(Vec<Known>);

/// A value that was met, as it was written.
#[derive(Clone, Default)]
struct Known {
    entity: u16,
    written: Vec<u8>,
    told: Told,
}

/// Places; longer values than so many bytes are worked out anew.
const VALUES: usize = 8192;
const LONGEST: usize = 128;

impl Values {
    /// What a value tells: its hash is the same for all its spellings.
    fn of(&mut self, rules: &RuleSet, entity: EntityType, value: &[u8]) -> Told {
        let known = &mut self.0[place(entity, value)];
        let index = entity.index() as u16;
        if (known.entity, &known.written[..]) == (index, value) && !value.is_empty() {
            return known.told;
        }
        let text = String::from_utf8_lossy(value);
        let told = Told::of(&text, canonical_hash(rules, entity, &text));
        if value.len() <= LONGEST {
            known.written.clear();
            known.written.extend_from_slice(value);
            (known.entity, known.told) = (index, told);
        }
        told
    }
}

/// Where a value is kept: by its length, its first and its last eight bytes.
fn place(entity: EntityType, value: &[u8]) -> usize {
    let eight = |bytes: &[u8]| bytes.iter().fold(0, |n, b| n << 8 | u64::from(*b));
    let (first, last) = match (value.first_chunk::<8>(), value.last_chunk::<8>()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => (eight(value), 0),
    };
    let mixed = (first ^ (value.len() as u64) << 56).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    let mixed = (mixed ^ last ^ entity.index() as u64).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed >> 32) as usize % VALUES
}

fn canonical_hash(rules: &RuleSet, entity: EntityType, value: &str) -> u64 {
    let name = &rules.entity(entity).name;
    let canonical = canonical(name, &crate::detect::folded(value.as_bytes()));
    // Only counted, and only in this run: SipHash spreads well enough, at a tenth of the cost of a keyed digest.
    let hash = |bytes: &[u8]| {
        let mut hasher = DefaultHasher::new();
        hasher.write(bytes);
        hasher.finish()
    };
    // A name is the same in whichever order its parts stand, and as a first and a last name in two fields.
    let words = canonical.split(|b| matches!(b, b' ' | b',')).filter(|w| !w.is_empty());
    if name == "PERSON" { words.map(hash).fold(0, u64::wrapping_add) } else { hash(&canonical) }
}
