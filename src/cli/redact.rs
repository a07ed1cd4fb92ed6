//! `sluice redact`: copy the input with personal data replaced.

use super::End;
use super::inputs::{Inputs, Work};
use super::log::{Digests, Log};
use super::names::{Named, Names};
use super::options::{Reading, Selection, Talk, listed, read};
use super::outputs::OutputOptions;
use super::progress::Progress;
use crate::engine::{Engine, OnError, Wanted};
use crate::error::{Error, Result};
use crate::normalise::Key;
use crate::patterns::RuleSet;
use crate::pipeline::output::Whole;
use crate::pipeline::sink::{Done, Numbers, Scope, Sink, rewrite_unit};
use crate::pipeline::{self, Input, Job, Totals};
use crate::redact::policy::Policy;
use clap::{Args, ValueEnum};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
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
    /// A built-in policy or a file of your own: which operator each entity and category gets
    #[arg(long, value_name = "NAME|FILE.toml", default_value = "default")]
    policy: String,
    /// TARGET=OPERATOR[:ARG]: what becomes of an entity, a category or `default`
    #[arg(long, value_name = "TARGET=OPERATOR")]
    op: Vec<String>,
    /// A file that holds the key of `hash`
    #[arg(long, value_name = "FILE", conflicts_with = "key_env")]
    key_file: Option<PathBuf>,
    /// The environment variable that holds it
    #[arg(long, value_name = "NAME")]
    key_env: Option<String>,
    /// Within what `token` gives one number to one value
    #[arg(long, value_enum, default_value_t = ScopeName::Run)]
    scope: ScopeName,
    /// What a redacted JSON number becomes, for consumers with a fixed schema [default: a string]
    #[arg(long, value_enum)]
    numbers: Option<NumberName>,
    /// Redact the names of files and zip members, JSON keys and CSV headers, too
    #[arg(long)]
    rename: bool,
    /// What becomes of a record that could not be handled
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = OnErrorName::Stop)]
    on_error: OnErrorName,
    /// Write what was done as JSON: counts, digests, version; no values
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    talk: Talk,
    /// Copy content that is recognised but not supported as it is
    #[arg(long, conflicts_with = "skip_unsupported")]
    copy_unsupported: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ScopeName {
    Record,
    File,
    Run,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum OnErrorName {
    /// End with an error; what was not checked is not written
    Stop,
    /// Leave it out
    Drop,
    /// Write <UNREADABLE_RECORD> in its place
    Placeholder,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum NumberName {
    Null,
    Zero,
}

impl Redact {
    pub fn run(self) -> Result<End> {
        let mut policy = Policy::open(&self.policy, &read)?;
        let rules = self.selection.rules()?;
        let (mut enabled, mut asked) = (self.selection.wanted(&rules)?, self.selection.asked(&rules)?);
        if self.selection.entities.is_empty() {
            let also = listed(&rules, &policy.also, &format!("policy `{}`: key `also`", policy.name), true)?;
            let off = self.selection.not_wanted(&rules)?;
            for (i, (also, off)) in also.into_iter().zip(off).enumerate() {
                enabled[i] |= also && !off;
                asked[i] |= also && !off;
            }
        }
        let detectors = Arc::new(self.selection.compile(rules, enabled, asked)?);
        for op in &self.op {
            policy.set(op)?;
        }
        let operators = policy.operators(detectors.rules(), self.key()?.as_ref())?;
        let on_error = match self.on_error {
            OnErrorName::Stop => OnError::Stop,
            OnErrorName::Drop => OnError::Drop,
            OnErrorName::Placeholder => OnError::Placeholder,
        };
        let numbers = self.numbers.map(|n| match n {
            NumberName::Null => "null",
            NumberName::Zero => "0",
        });
        let wanted = Wanted { edits: Some(operators), rename: self.rename, numbers, on_error, ..Wanted::default() };
        let engine = Engine::new(detectors.clone(), wanted, run_key());
        let mut names = Names::new(detectors.clone());
        let outputs = self.output.plan(&self.reading.paths, self.rename, |p| names.shown_path(p))?;
        let scope = match self.scope {
            ScopeName::Record => Scope::Record,
            ScopeName::File => Scope::File,
            ScopeName::Run => Scope::Run,
        };
        let mut inputs = Inputs::new(&engine, &self.reading, &self.talk, outputs)?;
        inputs.copy_unsupported = self.copy_unsupported;
        inputs.rename = self.rename;
        let mut redaction = Redaction {
            rules: detectors.rules(),
            numbers: Numbers::new(scope),
            names: 0,
            progress: inputs.progress.clone(),
            log: self.report.is_some().then(|| Log::new(detectors.rules(), &policy, self.selection.min_score)),
        };
        let end = inputs.run(&mut redaction)?;
        if let (Some(path), Some(log)) = (&self.report, &redaction.log) {
            let failed = |e| Error::io(path, "cannot write", e);
            let mut whole = Whole::begin(path, None, true, None).map_err(failed)?;
            whole.write_all(log.json().as_bytes()).map_err(failed)?;
            whole.commit(None).map_err(failed)?;
        }
        if redaction.names > 0 {
            inputs.say(&format!(
                "personal data in {} names of files or members stays; --rename replaces it",
                redaction.names
            ));
        }
        Ok(end)
    }

    /// The key that operators need, from where the user has it; never from the command line.
    fn key(&self) -> Result<Option<Key>> {
        let short =
            |from: &str| Err(Error::Usage(format!("{from}: a key takes 16 bytes or more; 32 random ones are good")));
        if let Some(path) = &self.key_file {
            let mut bytes = std::fs::read(path).map_err(|e| Error::io(path, "cannot read the key", e))?;
            if bytes.last() == Some(&b'\n') {
                bytes.pop(); // what an editor or `echo` puts there
            }
            return if bytes.len() < 16 { short("--key-file") } else { Ok(Some(Key::new(bytes))) };
        }
        let Some(name) = &self.key_env else { return Ok(None) };
        match std::env::var_os(name) {
            None => Err(Error::Usage(format!("--key-env: the environment has no variable {name}"))),
            Some(v) if v.len() < 16 => short("--key-env"),
            Some(v) => Ok(Some(Key::new(v.into_encoded_bytes()))),
        }
    }
}

/// A key for this run only. The standard library seeds its hash maps from the system's random numbers.
fn run_key() -> Key {
    let mut bytes = Vec::new();
    for i in 0..4u64 {
        let mut hasher = RandomState::new().build_hasher();
        hasher.write_u64(i);
        bytes.extend_from_slice(&hasher.finish().to_le_bytes());
    }
    Key::new(bytes)
}

/// What a run carries from text to text.
struct Redaction<'a> {
    rules: &'a RuleSet,
    numbers: Numbers,
    /// Names that hold personal data and stay.
    names: u64,
    progress: Arc<Progress>,
    log: Option<Log>,
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
