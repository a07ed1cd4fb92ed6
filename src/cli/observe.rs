//! What a set of data holds, counted by subject and entity while its inputs pass.

use super::inputs::Work;
use super::names::Named;
use super::options::Selection;
use super::progress::Progress;
use crate::annex::Annex;
use crate::annex::observed::{Finding, Observed};
use crate::detect::Detectors;
use crate::error::{Error, Result};
use crate::model::{Category, EntityType};
use crate::normalise::canonical;
use crate::patterns::RuleSet;
use crate::pipeline::sink::{Done, Sink};
use crate::pipeline::{self, Input, Job, Totals};
use crate::report;
use regex::Regex;
use std::hash::{DefaultHasher, Hasher};
use std::io::Write;
use std::sync::Arc;

/// Whose data an input is.
pub(super) struct Mapping {
    path: Option<Regex>,
    subject: usize,
}

/// `[PATH=]ID`, as `--subject` gives it.
pub(super) fn mapping(annex: &Annex, given: &str) -> Result<Mapping> {
    let (path, id) = given.rsplit_once('=').map_or((None, given), |(path, id)| (Some(path), id));
    annex.subject(id)?;
    let subject = annex.subjects.iter().position(|s| s.id == id).unwrap_or_default();
    let regex = |path: &str| {
        let pattern = format!("^{}$", regex::escape(path).replace(r"\*", ".*"));
        Regex::new(&pattern).map_err(|_| Error::Usage("--subject: the path is too long".into()))
    };
    Ok(Mapping { path: path.map(regex).transpose()?, subject })
}

/// The rules of `selection`, special categories among them unless it says otherwise, down to the lower of its score and `special_score`.
pub(super) fn detectors(selection: &mut Selection, rules: RuleSet, special_score: f32) -> Result<Arc<Detectors>> {
    if !(0.0..=1.0).contains(&special_score) {
        return Err(Error::Usage("--special-score takes a number from 0 to 1".into()));
    }
    selection.min_score = selection.min_score.min(special_score);
    let (mut enabled, mut asked) = (selection.wanted(&rules)?, selection.asked(&rules)?);
    if selection.entities.is_empty() {
        let off = selection.not_wanted(&rules)?;
        for (i, e) in rules.entities().iter().enumerate() {
            enabled[i] |= e.category == Category::Special && !off[i];
            asked[i] |= e.category == Category::Special && !off[i];
        }
    }
    Ok(Arc::new(selection.compile(rules, enabled, asked)?))
}

/// Counts what passes: the work of the verbs that hold data against an annex.
pub(super) struct Observing<'a> {
    annex: &'a Annex,
    rules: &'a RuleSet,
    mappings: Vec<Mapping>,
    /// The lowest scores: of all, of special categories.
    least: [f32; 2],
    progress: Arc<Progress>,
    pub observed: Observed,
    path: String,
    subject: Option<usize>,
    input: u64,
}

impl<'a> Observing<'a> {
    /// `least`: the lowest scores that count, of all and of special categories.
    pub fn new(
        annex: &'a Annex,
        rules: &'a RuleSet,
        mappings: Vec<Mapping>,
        least: [f32; 2],
        progress: Arc<Progress>,
    ) -> Observing<'a> {
        let (observed, path) = (Observed::default(), String::new());
        Observing { annex, rules, mappings, least, progress, observed, path, subject: None, input: 0 }
    }

    fn begin(&mut self, shown: &str) {
        shown.clone_into(&mut self.path);
        let fits = |m: &&Mapping| m.path.as_ref().is_none_or(|p| p.is_match(shown));
        // The one that says more: with a path over without.
        let best = self.mappings.iter().filter(fits).max_by_key(|m| m.path.is_some());
        self.subject = best.map(|m| m.subject).or_else(|| (self.annex.subjects.len() == 1).then_some(0));
        self.input += 1;
    }

    fn hash(&self, entity: EntityType, value: &str) -> u64 {
        let name = &self.rules.entity(entity).name;
        let canonical = canonical(name, &crate::detect::folded(value.as_bytes()));
        // Only counted, and only in this run: SipHash spreads well enough, at a tenth of the cost of a keyed digest.
        let mut hasher = DefaultHasher::new();
        hasher.write(&canonical);
        hasher.finish()
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
        self.observed.records(self.subject, totals.records);
        Ok(totals)
    }

    fn name(&mut self, shown: &str, found: &[Named]) -> Result<()> {
        self.begin(shown);
        for n in found {
            let finding = Finding {
                entity: n.entity,
                hash: self.hash(n.entity, &n.value),
                record: (self.input, u64::MAX),
                field: Some("(name)"),
                path: shown,
                line: 0,
                masked: &n.masked,
            };
            self.observed.add(self.subject, &finding);
        }
        Ok(())
    }
}

impl Sink for Observing<'_> {
    fn unit(&mut self, done: &Done<'_>) -> Result<()> {
        let outcome = done.outcome;
        self.progress.add(done.core.len(), outcome.findings.len());
        for f in &outcome.findings {
            if f.score < self.least[usize::from(f.category == Category::Special)] {
                continue;
            }
            let place = &outcome.places[f.place as usize];
            let row = report::row(&self.path, f, place, &done.base, &|at| done.offset(at), self.rules);
            let field = row.field.map(|f| crate::engine::without_indices(f.to_owned()));
            let finding = Finding {
                entity: f.entity,
                hash: self.hash(f.entity, row.value.unwrap_or_default()),
                record: (self.input, row.record),
                field: field.as_deref(),
                path: &self.path,
                line: row.line,
                masked: row.masked,
            };
            self.observed.add(self.subject, &finding);
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}
