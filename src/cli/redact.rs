//! `sluice redact`: copy the input with personal data replaced.

use super::End;
use super::options::{Reading, Selection};
use crate::engine::{Engine, Wanted};
use crate::error::{Error, Result};
use crate::normalise::Key;
use crate::patterns::RuleSet;
use crate::pipeline::sink::{Done, Numbers, Scope, Sink, rewrite_unit};
use crate::pipeline::{self, Job, Plain};
use crate::redact::policy::Policy;
use clap::Args;
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
    /// TARGET=OPERATOR[:ARG]: what becomes of an entity, a category or `default`
    #[arg(long, value_name = "TARGET=OPERATOR")]
    op: Vec<String>,
}

impl Redact {
    pub fn run(self) -> Result<End> {
        let detectors = Arc::new(self.selection.detectors(self.selection.rules()?)?);
        let mut policy = Policy::named("default")?;
        for op in &self.op {
            policy.set(op)?;
        }
        let operators = policy.operators(detectors.rules(), None)?;
        let wanted = Wanted { edits: Some(operators), ..Wanted::default() };
        let engine = Engine::new(detectors.clone(), wanted, Key::new(Vec::new()));
        let mut sink = Rewriter {
            rules: detectors.rules(),
            numbers: Numbers::new(Scope::Run),
            buffer: Vec::new(),
            out: io::stdout(),
        };
        let paths = if self.reading.paths.is_empty() { vec![PathBuf::from("-")] } else { self.reading.paths.clone() };
        for path in &paths {
            let name = path.to_string_lossy().to_lowercase();
            let job = Job {
                engine: &engine,
                format: self.reading.format()?,
                name: &name,
                settings: self.reading.settings(),
                threads: self.reading.threads(),
            };
            if path.as_os_str() == "-" {
                pipeline::run(&job, &mut Plain { path, from: io::stdin().lock() }, &mut sink)?;
            } else {
                let file = std::fs::File::open(path).map_err(|e| Error::io(path, "cannot open", e))?;
                pipeline::run(&job, &mut Plain { path, from: file }, &mut sink)?;
            }
        }
        Ok(End::Done)
    }
}

struct Rewriter<'a, W> {
    rules: &'a RuleSet,
    numbers: Numbers,
    buffer: Vec<u8>,
    out: W,
}

impl<W: Write + Send> Sink for Rewriter<'_, W> {
    fn raw(&mut self, bytes: &[u8]) -> Result<()> {
        self.out.write_all(bytes).map_err(|e| Error::io(Path::new("-"), "cannot write", e))
    }

    fn unit(&mut self, done: &Done<'_>) -> Result<()> {
        self.buffer.clear();
        rewrite_unit(done, self.rules, &mut self.numbers, &mut self.buffer);
        self.out.write_all(&self.buffer).map_err(|e| Error::io(Path::new("-"), "cannot write", e))
    }

    fn flush(&mut self) -> Result<()> {
        self.out.flush().map_err(|e| Error::io(Path::new("-"), "cannot write", e))
    }
}
