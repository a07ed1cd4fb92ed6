//! `sluice scan`: find personal data and report it.

use super::End;
use super::inputs::{Inputs, Work};
use super::names::Named;
use super::options::{Reading, Selection, Talk};
use super::outputs::Outputs;
use super::progress::Progress;
use super::target::Target;
use crate::engine::{Engine, Wanted};
use crate::error::Result;
use crate::normalise::Key;
use crate::patterns::RuleSet;
use crate::pipeline::sink::{Done, Sink};
use crate::pipeline::{self, Input, Job, Totals};
use crate::report::summary::Summary;
use crate::report::{self, Row};
use clap::{Args, ValueEnum};
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;

/// Find personal data and report it
#[derive(Debug, Args)]
pub(crate) struct Scan {
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    selection: Selection,
    /// One JSON object a line per finding: the same as --output json
    #[arg(long, conflicts_with = "output")]
    json: bool,
    /// The form of the report
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Form::Text)]
    output: Form,
    /// Write the report to a file
    #[arg(long, short = 'o', value_name = "FILE")]
    out: Option<PathBuf>,
    /// Counts by entity, category, field and file instead of findings
    #[arg(long)]
    summary: bool,
    /// Show the values themselves, too
    #[arg(long, conflicts_with = "summary")]
    values: bool,
    /// Status 1 if anything is found
    #[arg(long)]
    fail: bool,
    /// Colours in text
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    color: When,
    #[command(flatten)]
    talk: Talk,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Text,
    Json,
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

impl Scan {
    pub fn run(self) -> Result<End> {
        let detectors = Arc::new(self.selection.detectors(self.selection.rules()?)?);
        let wanted = Wanted { places: !self.summary, fields: self.summary, values: self.values, ..Wanted::default() };
        let engine = Engine::new(detectors.clone(), wanted, Key::new(Vec::new()));
        let mut inputs = Inputs::new(&engine, &self.reading, &self.talk, Outputs::Nowhere)?;
        let form = if self.json { Form::Json } else { self.output };
        let mut report = Report {
            path: "-".into(),
            form,
            color: self.colored(),
            values: self.values,
            summary: self.summary.then(Summary::default),
            rules: detectors.rules(),
            progress: inputs.progress.clone(),
            found: 0,
            out: Target::open(self.out.as_deref())?,
        };
        if form == Form::Csv && !self.summary {
            report.out.write(report::csv::HEADER.as_bytes())?;
        }
        let end = inputs.run(&mut report)?;
        let found = report.found > 0;
        report.finish()?;
        Ok(match end {
            End::Done if self.fail && found => End::Found,
            end => end,
        })
    }

    fn colored(&self) -> bool {
        match self.color {
            When::Always => true,
            When::Never => false,
            When::Auto => {
                let plain = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
                self.out.is_none() && !plain && io::stdout().is_terminal()
            }
        }
    }
}

struct Report<'a> {
    path: String,
    form: Form,
    color: bool,
    values: bool,
    summary: Option<Summary>,
    rules: &'a RuleSet,
    progress: Arc<Progress>,
    found: u64,
    out: Target,
}

impl Report<'_> {
    fn row(&mut self, row: &Row<'_>) -> Result<()> {
        let (form, color) = (self.form, self.color);
        self.out.with(|out| match form {
            Form::Json => report::json::write(row, out),
            Form::Csv => report::csv::write(row, out),
            Form::Text => report::text::write(row, color, out),
        })
    }

    fn finish(mut self) -> Result<()> {
        if let Some(mut summary) = self.summary.take() {
            summary.finish(self.rules);
            let text = match self.form {
                Form::Json => serde_json::to_string(&summary).unwrap_or_default() + "\n",
                Form::Csv => summary.csv(),
                Form::Text => summary.text(),
            };
            self.out.write(text.as_bytes())?;
        }
        self.out.commit()
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
        let totals = pipeline::run(job, input, self)?;
        if let Some(summary) = &mut self.summary {
            summary.file(shown, totals.findings);
        }
        Ok(totals)
    }

    /// A finding in a name has no line.
    fn name(&mut self, shown: &str, found: &[Named]) -> Result<()> {
        self.found += found.len() as u64;
        for n in found {
            if let Some(summary) = &mut self.summary {
                summary.name(n.entity);
                continue;
            }
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
            self.row(&row)?;
        }
        Ok(())
    }
}

impl Sink for Report<'_> {
    fn unit(&mut self, done: &Done<'_>) -> Result<()> {
        let outcome = done.outcome;
        self.progress.add(done.core.len(), outcome.findings.len());
        self.found += outcome.findings.len() as u64;
        if let Some(summary) = &mut self.summary {
            summary.count(&outcome.findings);
            outcome.fields.iter().for_each(|(field, n)| summary.field(field, n));
            return Ok(());
        }
        let path = std::mem::take(&mut self.path);
        for f in &outcome.findings {
            let place = &outcome.places[f.place as usize];
            let row = report::row(&path, f, place, &done.base, &|at| done.offset(at), self.rules);
            self.row(&row)?;
        }
        self.path = path;
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        self.out.flush()
    }
}
