//! `sluice scan`: find personal data and report it.

use super::End;
use super::inputs::{Inputs, Work};
use super::names::Named;
use super::options::{Reading, Selection};
use super::outputs::Outputs;
use crate::engine::{Engine, Wanted};
use crate::error::{Error, Result};
use crate::normalise::Key;
use crate::patterns::RuleSet;
use crate::pipeline::sink::{Done, Sink};
use crate::pipeline::{self, Input, Job, Totals};
use crate::report::{self, Row};
use clap::Args;
use std::io::{self, BufWriter, Write};
use std::path::Path;
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
        let mut report = Report {
            path: "-".into(),
            json: self.json,
            values: self.values,
            rules: detectors.rules(),
            out: BufWriter::with_capacity(1 << 16, io::stdout()),
        };
        let mut inputs = Inputs::new(&engine, &self.reading, Outputs::Nowhere)?;
        let end = inputs.run(&mut report)?;
        report.flush()?;
        Ok(end)
    }
}

struct Report<'a> {
    path: String,
    json: bool,
    values: bool,
    rules: &'a RuleSet,
    out: BufWriter<io::Stdout>,
}

impl Report<'_> {
    fn write(&mut self, row: &Row<'_>) -> Result<()> {
        let written = if self.json {
            report::json::write(row, &mut self.out)
        } else {
            report::text::write(row, false, &mut self.out)
        };
        written.map_err(|e| Error::io(Path::new("-"), "cannot write", e))
    }
}

impl Work for Report<'_> {
    fn text(
        &mut self,
        shown: &str,
        job: &Job<'_>,
        input: &mut dyn Input,
        _: Option<&mut (dyn Write + Send)>,
    ) -> Result<Totals> {
        shown.clone_into(&mut self.path);
        pipeline::run(job, input, self)
    }

    /// A finding in a name has no line.
    fn name(&mut self, shown: &str, found: &[Named]) -> Result<()> {
        for n in found {
            let entity = self.rules.entity(n.entity);
            let row = Row {
                path: shown,
                line: 0,
                column: n.start + 1,
                record: 0,
                field: Some("name"),
                nested: None,
                start: n.start,
                end: n.end,
                byte_start: 0,
                byte_end: 0,
                time_start: None,
                time_end: None,
                entity: &entity.name,
                category: entity.category.id(),
                score: (f64::from(n.score) * 100.0).round() / 100.0,
                masked: &n.masked,
                value: self.values.then_some(&n.value),
                rule: &self.rules.rule(n.rule).id,
                pieces: Vec::new(),
            };
            self.write(&row)?;
        }
        Ok(())
    }
}

impl Sink for Report<'_> {
    fn unit(&mut self, done: &Done<'_>) -> Result<()> {
        let path = std::mem::take(&mut self.path);
        for f in &done.outcome.findings {
            let place = &done.outcome.places[f.place as usize];
            let row = report::row(&path, f, place, &done.base, &|at| done.offset(at), self.rules);
            self.write(&row)?;
        }
        self.path = path;
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        self.out.flush().map_err(|e| Error::io(Path::new("-"), "cannot write", e))
    }
}
