//! `sluice verify`: proof that a redacted or purged copy holds nothing it should not.

mod chained;
mod list;
mod report;
mod residue;

use super::End;
use super::against::Copies;
use super::chosen::Chosen;
use super::inputs::Inputs;
use super::linked::{Linked, ReportOptions};
use super::log::Log;
use super::names::Names;
use super::options::{Reading, Selection, Talk};
use super::outputs::Outputs;
use super::policy::{PolicyOptions, blind, run_key};
use super::redact::Redaction;
use super::target::Target;
use crate::detect::Detectors;
use crate::engine::{Engine, Listed, Wanted};
use crate::error::{Error, Result};
use crate::model::RuleId;
use crate::normalise::Key;
use crate::patterns::RuleSet;
use crate::redact::policy::{Operators, Policy};
use clap::Args;
use list::List;
use report::Outcome;
use residue::{Residue, Verdict};
use std::path::PathBuf;
use std::sync::Arc;

/// Prove that a redacted or purged copy holds nothing it should not
///
/// Give the options of the redaction: the same policy, entities, score. Status 1 if something is left that the policy does not
/// keep, if a copy is not what the redaction of its original writes (--against), or if a listed value is there (--absent).
#[derive(Debug, Args)]
#[command(mut_arg("strict", |a| a.help("What is found below the redaction's score makes the status 1, and records that are not of their stream's format 2")))]
pub(crate) struct Verify {
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    policy: PolicyOptions,
    /// The originals of the copy, in the order in which they were redacted: nothing but the findings may have changed
    #[arg(long, value_name = "ORIGINAL")]
    against: Vec<PathBuf>,
    /// Values that must be nowhere in any spelling, one a line; without --policy, --op or --against nothing else is looked for
    #[arg(long, value_name = "FILE")]
    absent: Option<PathBuf>,
    /// List findings from this score on, too, if they are below the redaction's
    #[arg(long, value_name = "SCORE", default_value_t = 0.3)]
    list_from: f32,
    /// One JSON object a line for what is found
    #[arg(long)]
    json: bool,
    /// Write what is found to a file
    #[arg(long, short = 'o', value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    report: ReportOptions,
    /// PATH are reports of `redact` and `verify`, or directories with them: prove that none was removed or altered
    #[arg(long, conflicts_with_all = ["against", "absent", "report", "policy", "op"])]
    chain: bool,
    /// With --chain: each report must be signed by this ed25519 key (PEM)
    #[arg(long, value_name = "KEY.pem", requires = "chain")]
    public_key: Option<PathBuf>,
    #[command(flatten)]
    talk: Talk,
}

/// What a run goes by.
struct Basis {
    policy: Policy,
    operators: Operators,
    detectors: Arc<Detectors>,
    /// Values that must be nowhere: no pass shows one.
    listed: Option<Listed>,
    /// What stands for the digits of hashes whose key was not given.
    blind: Option<Vec<u8>>,
}

impl Verify {
    pub fn run(self) -> Result<End> {
        if self.chain {
            return chained::run(&self.reading.paths, self.public_key.as_deref(), self.json, self.out.as_deref());
        }
        if !(0.0..=1.0).contains(&self.list_from) {
            return Err(Error::Usage("--list-from takes a number from 0 to 1".into()));
        }
        let linked = self.report.open()?;
        let list = self.absent.as_deref().map(List::open).transpose()?;
        let basis = self.basis(list.as_ref())?;
        let copies = self.copies(&basis)?;
        let residual = list.is_none() || self.policy.policy.is_some() || !self.policy.op.is_empty() || copies.is_some();
        let below = residual && self.list_from < self.selection.min_score && !self.reads_once();
        self.refuse_second_looks(residual, list.is_some())?;
        let mut outcome = Outcome::new(&self, &basis, residual, below)?;
        let mut target = Target::open(self.out.as_deref())?;
        if residual {
            let engine = self.engine(basis.detectors.clone(), basis.listed.clone());
            target = self.pass(&engine, &basis, Verdict::Left, target, &linked, &mut outcome)?;
        }
        if below && !outcome.stopped() {
            let selection = Selection { min_score: self.list_from, ..self.selection.clone() };
            let detectors = self.policy.detectors(&selection, self.rules()?.0, &basis.policy)?;
            let engine = self.engine(Arc::new(detectors), basis.listed.clone());
            target = self.pass(&engine, &basis, Verdict::Below, target, &linked, &mut outcome)?;
        }
        if let Some(list) = list.filter(|_| !outcome.stopped()) {
            outcome.list(&list);
            let listed = basis.listed.clone().map(|l| Listed { search: true, ..l });
            let engine = self.engine(basis.detectors.clone(), listed);
            target = self.pass(&engine, &basis, Verdict::Listed, target, &linked, &mut outcome)?;
        }
        if let Some(copies) = copies.filter(|_| !outcome.stopped()) {
            self.hold_against(&basis, copies, &mut target, &mut outcome)?;
        }
        let end = outcome.end(self.reading.strict);
        if !self.json {
            target.write(outcome.text().as_bytes())?;
        }
        target.end(&end)?;
        linked.write(&outcome.json(linked.link("verify")))?;
        Ok(end)
    }

    /// Whether something is named that can't be read again: standard input, a pipe.
    fn reads_once(&self) -> bool {
        let again = |p: &PathBuf| p.metadata().is_ok_and(|m| m.is_file() || m.is_dir());
        let gone = |p: &PathBuf| p.as_os_str() != "-" && p.symlink_metadata().is_err();
        self.reading.paths.is_empty() || !self.reading.paths.iter().all(|p| again(p) || gone(p))
    }

    /// Refuses what would take a second look at what can be read once: an empty second look would pass.
    fn refuse_second_looks(&self, residual: bool, list: bool) -> Result<()> {
        let refused = |what: &str| Err(Error::Usage(format!("standard input or a pipe can be read once: {what}")));
        match self.reads_once() {
            true if residual && list => refused("use --absent without --policy and --op, or name files"),
            true if residual && self.reading.strict => {
                refused("--strict needs a second look at what scores lower; name files")
            }
            _ => Ok(()),
        }
    }

    /// The rules, and the one that findings of listed values name.
    fn rules(&self) -> Result<(RuleSet, Option<RuleId>)> {
        let mut rules = self.selection.rules()?;
        let rule = self.absent.as_deref().map(|path| rules.listed(path));
        Ok((rules, rule))
    }

    fn basis(&self, list: Option<&List>) -> Result<Basis> {
        let policy = self.policy.policy()?;
        let (rules, rule) = self.rules()?;
        let listed = list.zip(rule).map(|(l, rule)| Listed { search: false, values: l.values.clone(), rule });
        let detectors = Arc::new(self.policy.detectors(&self.selection, rules, &policy)?);
        let key = self.policy.key()?;
        let (applied, blind) = match key {
            Some(_) => (policy.clone(), None),
            None => blind(&policy, detectors.rules())?,
        };
        let operators = applied.operators(detectors.rules(), key.as_ref())?;
        Ok(Basis { policy, operators, detectors, listed, blind })
    }

    fn copies(&self, basis: &Basis) -> Result<Option<Copies>> {
        if self.against.is_empty() {
            return Ok(None);
        }
        let [copy] = &self.reading.paths[..] else {
            let what = "--against takes one PATH: the file or directory that redact wrote";
            return Err(Error::Usage(what.into()));
        };
        let mut names = Names::like(&self.engine(basis.detectors.clone(), basis.listed.clone()));
        Copies::of(copy, &self.against, basis.blind.clone(), &mut |p| names.shown_path(p)).map(Some)
    }

    fn engine(&self, detectors: Arc<Detectors>, listed: Option<Listed>) -> Engine {
        Engine::new(detectors, Wanted { places: true, listed, ..Wanted::default() }, Key::new(Vec::new()))
    }

    /// One pass over the copy.
    fn pass(
        &self,
        engine: &Engine,
        basis: &Basis,
        verdict: Verdict,
        out: Target,
        linked: &Linked<'_>,
        outcome: &mut Outcome,
    ) -> Result<Target> {
        let mut talk = self.talk.clone();
        // What can't be read is said once.
        talk.quiet |= outcome.passes > 0;
        let mut inputs = Inputs::new(engine, &self.reading, &talk, Outputs::Nowhere)?;
        if outcome.passes == 0 {
            linked.warning.iter().for_each(|w| inputs.say(w));
            if let Some(n) = basis.listed.as_ref().map(|l| l.values.written()).filter(|n| *n > 0) {
                inputs.say(&format!(
                    "--absent: {n} numbers of fewer than nine digits are looked for only as they are written: so many are listed that amounts \
                     and the like would meet them"
                ));
            }
        }
        let mut work = Residue::new(engine, basis, verdict, self.selection.min_score, self.json, out, &inputs.progress);
        work.digests = self.report.report.is_some() && outcome.passes == 0;
        let end = inputs.run(&mut work)?;
        // That a copy is as empty as its original is proof.
        let nothing = if self.against.is_empty() { inputs.nothing_read() } else { inputs.count == 0 };
        if nothing && matches!(end, End::Done) {
            let what = "there is nothing in what was named, and nothing proves nothing; name the data";
            return Err(Error::Usage(what.into()));
        }
        Ok(outcome.passed(verdict, end, inputs, work))
    }

    /// Redacts the originals again and holds the copies against that.
    fn hold_against(&self, basis: &Basis, copies: Copies, out: &mut Target, outcome: &mut Outcome) -> Result<()> {
        let wanted = Wanted { listed: basis.listed.clone(), ..self.policy.wanted(basis.operators.clone()) };
        let engine = Engine::new(basis.detectors.clone(), wanted, run_key());
        let reading = Reading { paths: self.against.clone(), strict: false, ..self.reading.clone() };
        let mut inputs = Inputs::new(&engine, &reading, &self.talk, Outputs::Against(copies))?;
        inputs.copy_unsupported = self.policy.copy_unsupported;
        inputs.rename = self.policy.rename;
        let rules = basis.detectors.rules();
        let log = Log::new(rules, &basis.policy, Chosen::of(&self.selection, &self.reading)?);
        let mut work = Redaction::new(rules, self.policy.scope(), inputs.progress.clone(), Some(log));
        let end = inputs.run(&mut work)?;
        let Outputs::Against(mut copies) = std::mem::replace(&mut inputs.outputs, Outputs::Nowhere) else {
            return Ok(());
        };
        copies.additional(&mut |p| inputs.names.shown_path(p));
        for difference in &copies.differences {
            let line = if self.json {
                serde_json::to_string(&report::Differs { verdict: "differs", difference }).unwrap_or_default()
            } else {
                match difference.line {
                    Some(line) => format!("{}:{line}: {}", difference.path, difference.what),
                    None => format!("{}: {}", difference.path, difference.what),
                }
            };
            out.write((line + "\n").as_bytes())?;
        }
        let unread = std::mem::take(&mut inputs.unread);
        outcome.against(end, copies, work, unread, basis.blind.is_some());
        Ok(())
    }
}
