//! `sluice redact`: copy the input with personal data replaced.

use super::End;
use super::chosen::Chosen;
use super::inputs::{Inputs, Work};
use super::linked::ReportOptions;
use super::log::{Digests, Log};
use super::names::{Named, Names};
use super::options::{Reading, Selection, Talk};
use super::outputs::OutputOptions;
use super::policy::{PolicyOptions, run_key};
use super::progress::Progress;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::patterns::RuleSet;
use crate::pipeline::sink::{Done, Numbers, Scope, Sink, rewrite_unit};
use crate::pipeline::{self, Input, Job, Totals};
use crate::report::counted;
use clap::Args;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

/// Copy the input with personal data replaced
#[derive(Debug, Args)]
pub(crate) struct Redact {
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    output: OutputOptions,
    #[command(flatten)]
    policy: PolicyOptions,
    #[command(flatten)]
    report: ReportOptions,
    #[command(flatten)]
    talk: Talk,
}

impl Redact {
    pub fn run(self) -> Result<End> {
        let linked = self.report.open()?;
        let policy = self.policy.policy()?;
        let detectors = Arc::new(self.policy.detectors(&self.selection, self.selection.rules()?, &policy)?);
        let operators = policy.operators(detectors.rules(), self.policy.key()?.as_ref())?;
        let engine = Engine::new(detectors.clone(), self.policy.wanted(operators), run_key());
        let mut names = Names::new(detectors.clone());
        let outputs = self.output.plan(&self.reading.paths, self.policy.rename, |p| names.shown_path(p))?;
        let mut inputs = Inputs::new(&engine, &self.reading, &self.talk, outputs)?;
        inputs.copy_unsupported = self.policy.copy_unsupported;
        inputs.rename = self.policy.rename;
        linked.warning.iter().for_each(|w| inputs.say(w));
        let rules = detectors.rules();
        let chosen = self.report.report.is_some().then(|| Chosen::of(&self.selection, &self.reading)).transpose()?;
        let log = chosen.map(|chosen| Log::new(rules, &policy, chosen));
        let mut redaction = Redaction::new(rules, self.policy.scope(), inputs.progress.clone(), log);
        let end = inputs.run(&mut redaction);
        if let Some(log) = &mut redaction.log {
            (log.result, log.error) = match &end {
                Ok(End::Done | End::Found) => ("done", None),
                Ok(End::Partly) => ("incomplete", None),
                Ok(End::Signal(_)) | Err(Error::Stopped) => ("interrupted", None),
                // Nobody reads the output any more, as with `| head`.
                Err(e) if e.is_closed_pipe() => ("interrupted", None),
                Err(e) => ("failed", Some(inputs.names.shown(e.to_string().as_bytes()))),
            };
            log.not_looked_at = inputs.unread.clone();
            log.link = Some(linked.link("redact"));
            match linked.write(&log.json()) {
                Err(unwritten) if end.is_err() => {
                    let said = inputs.names.shown_error(unwritten).to_string();
                    inputs.say(&said);
                }
                written => written?,
            }
        }
        let end = end?;
        if redaction.names > 0 {
            inputs.say(&format!(
                "personal data in {} of a file or member stays; --rename replaces it",
                counted(redaction.names, "name")
            ));
        }
        Ok(end)
    }
}

/// What a run carries from text to text.
pub(super) struct Redaction<'a> {
    rules: &'a RuleSet,
    numbers: Numbers,
    /// Names that hold personal data and stay.
    names: u64,
    progress: Arc<Progress>,
    log: Option<Log>,
}

impl<'a> Redaction<'a> {
    pub fn new(rules: &'a RuleSet, scope: Scope, progress: Arc<Progress>, log: Option<Log>) -> Redaction<'a> {
        Redaction { rules, numbers: Numbers::new(scope), names: 0, progress, log }
    }

    /// What was done, if that was asked for.
    pub fn into_log(self) -> Option<Log> {
        self.log
    }
}

impl Work for Redaction<'_> {
    fn text(
        &mut self,
        shown: &str,
        job: &Job<'_>,
        input: &mut dyn Input,
        out: Option<&mut (dyn Write + Send)>,
    ) -> Result<Totals> {
        self.numbers.file();
        let mut nowhere = io::sink();
        let out = out.unwrap_or(&mut nowhere);
        let mut sink = Rewriter {
            rules: self.rules,
            numbers: &mut self.numbers,
            progress: &self.progress,
            digests: self.log.as_ref().map(|_| Digests::default()),
            buffer: Vec::new(),
            out,
        };
        let totals = pipeline::run(job, input, &mut sink)?;
        if let (Some(log), Some(digests)) = (&mut self.log, sink.digests) {
            log.file(shown, &totals, digests, self.rules);
        }
        Ok(totals)
    }

    fn name(&mut self, _: &str, _: &[Named]) -> Result<()> {
        self.names += 1;
        Ok(())
    }
}

/// Writes one text with its edits.
struct Rewriter<'a> {
    rules: &'a RuleSet,
    numbers: &'a mut Numbers,
    progress: &'a Progress,
    digests: Option<Digests>,
    buffer: Vec<u8>,
    out: &'a mut (dyn Write + Send),
}

fn failed(e: io::Error) -> Error {
    Error::io(Path::new("-"), "cannot write", e)
}

impl Sink for Rewriter<'_> {
    fn raw(&mut self, bytes: &[u8]) -> Result<()> {
        if let Some(d) = &mut self.digests {
            d.pass(bytes, bytes);
        }
        self.out.write_all(bytes).map_err(failed)
    }

    fn unit(&mut self, done: &Done<'_>) -> Result<()> {
        let core = &done.bytes[done.core.range()];
        self.progress.add(core.len(), done.outcome.findings.len());
        let bytes = if done.outcome.edits.is_empty() {
            core
        } else {
            self.buffer.clear();
            rewrite_unit(done, self.rules, self.numbers, &mut self.buffer);
            &self.buffer
        };
        if let Some(d) = &mut self.digests {
            d.pass(core, bytes);
            d.count(&done.outcome.findings);
        }
        self.out.write_all(bytes).map_err(failed)
    }

    fn flush(&mut self) -> Result<()> {
        self.out.flush().map_err(failed)
    }
}
