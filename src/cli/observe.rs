//! What a set of data holds, counted by subject and entity while its inputs pass.

use super::inputs::Work;
use super::names::Named;
use super::options::Selection;
use super::progress::Progress;
use crate::annex::observed::{Finding, Observed};
use crate::annex::whose::Whose;
use crate::detect::Detectors;
use crate::detect::replaced::{self, Replaced};
use crate::engine::Beside;
use crate::error::{Error, Result};
use crate::model::{Category, EntityType};
use crate::normalise::canonical;
use crate::patterns::RuleSet;
use crate::pipeline::sink::{Done, Sink};
use crate::pipeline::{self, Input, Job, Totals};
use crate::report;
use crate::report::masked::masked;
use regex::bytes::Regex;
use std::borrow::Cow;
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
    hashes: Hashes,
    path: String,
    input: u64,
}

impl<'a> Observing<'a> {
    /// `least`: the lowest scores that count, of all and of special categories.
    pub fn new(rules: &'a RuleSet, whose: Whose, least: [f32; 2], progress: Arc<Progress>) -> Observing<'a> {
        let (observed, path, hashes) = (Observed::default(), String::new(), Hashes(vec![None; HASHES]));
        let asked = whose.questions().count() as u32;
        let bots = (0..BOTS.len() as u32).filter_map(|n| 1u64.checked_shl(asked + n)).sum();
        Observing { rules, whose, bots, least, progress, observed, hashes, path, input: 0 }
    }

    fn begin(&mut self, shown: &str) {
        shown.clone_into(&mut self.path);
        self.whose.begin(shown);
        self.input += 1;
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
                value: &n.value,
                bot: false,
                hash: self.hashes.of(self.rules, n.entity, &n.value),
                record: (self.input, u64::MAX),
                field: Some("(name)"),
                at: None,
                whole: false,
                path: shown,
                line: 0,
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
        for f in &outcome.findings {
            if f.score < self.least[usize::from(f.category == Category::Special)] {
                continue;
            }
            let place = &outcome.places[f.place as usize];
            let row = report::row(&self.path, f, place, &done.base, &|at| done.offset(at), self.rules);
            let at = row.field;
            // Most fields have no number in them.
            let field = at.map(|at| match at.bytes().any(|b| b.is_ascii_digit()) {
                true => Cow::Owned(crate::engine::without_indices(at.to_owned())),
                false => Cow::Borrowed(at),
            });
            let value = row.value.unwrap_or_default();
            let entity = self.rules.entity(f.entity);
            let finding = Finding {
                entity: f.entity,
                value,
                bot: place.beside & self.bots != 0,
                hash: self.hashes.of(self.rules, f.entity, value),
                record: (self.input, row.record),
                field: field.as_deref(),
                at,
                whole: place.whole,
                path: &self.path,
                line: row.line,
                masked: &|| masked(&entity.name, entity.category, value.as_bytes()),
            };
            self.observed.add(self.whose.of(field.as_deref(), place.beside), &finding);
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

/// Hashes of values. Of those that were met, by the hash of how they were written: what was worked out last at each place.
struct Hashes(Vec<Option<(u64, u64)>>);

/// Their places.
const HASHES: usize = 8192;

impl Hashes {
    /// The hash of a value, the same for all its spellings. Those of a conversation come again with every message.
    fn of(&mut self, rules: &RuleSet, entity: EntityType, value: &str) -> u64 {
        let written = {
            let mut hasher = DefaultHasher::new();
            hasher.write_u16(entity.index() as u16);
            hasher.write(value.as_bytes());
            hasher.finish()
        };
        let at = written as usize % HASHES;
        if let Some((_, hash)) = self.0[at].filter(|known| known.0 == written) {
            return hash;
        }
        let hash = canonical_hash(rules, entity, value);
        self.0[at] = Some((written, hash));
        hash
    }
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
