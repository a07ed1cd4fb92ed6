//! `sluice scan`: find personal data and report it.

use super::End;
use super::options::{Reading, Selection};
use crate::engine::{Engine, Wanted};
use crate::error::{Error, Result};
use crate::normalise::Key;
use crate::patterns::RuleSet;
use crate::pipeline::sink::{Done, Sink};
use crate::pipeline::{self, Job, Plain};
use crate::report;
use clap::Args;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Find personal data and report it
#[derive(Debug, Args)]
pub(crate) struct Scan {
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    selection: Selection,
    /// One JSON object a line per finding
    #[arg(long)]
    json: bool,
    /// Show the values themselves, too
    #[arg(long)]
    values: bool,
}

impl Scan {
    pub fn run(self) -> Result<End> {
        let detectors = Arc::new(self.selection.detectors(self.selection.rules()?)?);
        let wanted = Wanted { places: true, values: self.values, ..Wanted::default() };
        let engine = Engine::new(detectors.clone(), wanted, Key::new(Vec::new()));
        let mut sink = Report {
            path: "-".into(),
            json: self.json,
            rules: detectors.rules(),
            out: BufWriter::with_capacity(1 << 16, io::stdout()),
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
            sink.path = path.to_string_lossy().into_owned();
            if path.as_os_str() == "-" {
                pipeline::run(&job, &mut Plain { path, from: io::stdin().lock() }, &mut sink)?;
            } else {
                let file = std::fs::File::open(path).map_err(|e| Error::io(path, "cannot open", e))?;
                pipeline::run(&job, &mut Plain { path, from: file }, &mut sink)?;
            }
        }
        sink.flush()?;
        Ok(End::Done)
    }
}

struct Report<'a> {
    path: String,
    json: bool,
    rules: &'a RuleSet,
    out: BufWriter<io::Stdout>,
}

impl Sink for Report<'_> {
    fn unit(&mut self, done: &Done<'_>) -> Result<()> {
        for f in &done.outcome.findings {
            let place = &done.outcome.places[f.place as usize];
            let row = report::row(&self.path, f, place, &done.base, done.core.start, self.rules);
            let written = if self.json {
                report::json::write(&row, &mut self.out)
            } else {
                report::text::write(&row, false, &mut self.out)
            };
            written.map_err(|e| Error::io(Path::new("-"), "cannot write", e))?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        self.out.flush().map_err(|e| Error::io(Path::new("-"), "cannot write", e))
    }
}
