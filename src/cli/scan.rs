//! `sluice scan`: find personal data and report it.

use super::End;
use super::inputs::{Inputs, Work};
use super::names::Named;
use super::options::{Reading, Selection, Talk};
use super::outputs::Outputs;
use super::progress::Progress;
use super::target::Target;
use crate::engine::{Engine, Wanted};
use crate::error::{Error, Result};
use crate::model::EntityType;
use crate::normalise::Key;
use crate::patterns::RuleSet;
use crate::pipeline::sink::{Done, Sink};
use crate::pipeline::{self, Input, Job, Totals};
use crate::report::NOTE;
use crate::report::overview::{self, Overview};
use crate::report::summary::Summary;
use crate::report::{self, Row, html, sarif};
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
    /// Counts by entity, category, field and file instead of findings; with html, a page without places and samples
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
    /// SARIF 2.1.0, for code hosts and editors
    Sarif,
    /// One page that needs nothing else
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

impl Scan {
    pub fn run(self) -> Result<End> {
        let form = if self.json { Form::Json } else { self.output };
        self.fits(form)?;
        let detectors = Arc::new(self.selection.detectors(self.selection.rules()?)?);
        let page = form == Form::Html;
        let fields = self.summary || page;
        let wanted = Wanted { places: !self.summary, fields, values: self.values, ..Wanted::default() };
        let engine = Engine::new(detectors.clone(), wanted, Key::new(Vec::new()));
        let mut inputs = Inputs::new(&engine, &self.reading, &self.talk, Outputs::Nowhere)?;
        let mut report = Report {
            path: "-".into(),
            form,
            color: self.colored(),
            values: self.values,
            summary: (self.summary && !page).then(Summary::default),
            overview: page.then(Overview::default),
            summary_only: self.summary,
            run: overview::Run {
                min_score: self.selection.min_score,
                wanted: self.wanted(detectors.rules()),
                ..overview::Run::default()
            },
            sarif: sarif::Writer::default(),
            rules: detectors.rules(),
            progress: inputs.progress.clone(),
            found: 0,
            out: Target::open(self.out.as_deref())?,
        };
        report.begin()?;
        let end = inputs.run(&mut report)?;
        let found = report.found > 0;
        report.run = overview::Run {
            named: inputs.named_paths(),
            records: inputs.totals.records,
            bytes: inputs.totals.bytes,
            complete: matches!(end, End::Done),
            not_looked_at: inputs.unread.told(),
            ..report.run
        };
        report.finish(&end)?;
        Ok(match end {
            End::Done if self.fail && found => End::Found,
            end => end,
        })
    }

    /// Whether the form can hold what is asked for.
    fn fits(&self, form: Form) -> Result<()> {
        let what = match form {
            Form::Sarif if self.summary => {
                "--summary counts findings, and SARIF lists them; use --output text, json, csv or html with it"
            }
            Form::Sarif | Form::Html if self.values => {
                "SARIF and HTML reports are passed on and hold no values; use --output text, json or csv with --values"
            }
            _ => return Ok(()),
        };
        Err(Error::Usage(what.into()))
    }

    /// What is looked for, in words: a page that shows none of a kind must say whether it was.
    fn wanted(&self, rules: &RuleSet) -> String {
        let listed = |names: &[String]| names.join(", ");
        let mut wanted = listed(&self.selection.entities);
        if wanted.is_empty() {
            let asked: Vec<_> = rules.entities().iter().filter(|e| e.on_request).map(|e| e.name.clone()).collect();
            let special = "special categories only where a field's name says so (--entities special for all)";
            wanted = format!("all but {}; {special}", listed(&asked));
        }
        if !self.selection.not_entities.is_empty() {
            wanted += &format!("; not {}", listed(&self.selection.not_entities));
        }
        wanted
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
    overview: Option<Overview>,
    run: overview::Run,
    /// Counts only.
    summary_only: bool,
    sarif: sarif::Writer,
    rules: &'a RuleSet,
    progress: Arc<Progress>,
    found: u64,
    out: Target,
}

impl Report<'_> {
    /// What stands before the findings.
    fn begin(&mut self) -> Result<()> {
        let Report { sarif, rules, .. } = self;
        match self.form {
            Form::Csv if self.summary.is_none() => self.out.write(report::csv::HEADER.as_bytes()),
            Form::Sarif => self.out.with(|out| sarif.begin(&sarif::rules(rules), out)),
            _ => Ok(()),
        }
    }

    /// Writes the finding; `raw`: the bytes of its pieces.
    fn row(&mut self, row: &Row<'_>, entity: EntityType, raw: &[&[u8]]) -> Result<()> {
        let Report { form, color, sarif, overview, .. } = self;
        self.out.with(|out| match form {
            Form::Json => report::json::write(row, out),
            Form::Csv => report::csv::write(row, out),
            Form::Text => report::text::write(row, *color, out),
            Form::Sarif => sarif.finding(row, entity.index(), raw, out),
            Form::Html => {
                overview.iter_mut().for_each(|o| o.place(entity.index(), row));
                Ok(())
            }
        })
    }

    /// Counts the unit's findings for a page, and keeps the first places.
    fn overview(&mut self, done: &Done<'_>) {
        let (Some(overview), outcome) = (&mut self.overview, done.outcome) else { return };
        for f in &outcome.findings {
            let entity = f.entity.index();
            overview.finding(entity, f.category);
            let Some(place) = outcome.places.get(f.place as usize) else { continue };
            overview.stands(&self.path, place.field.as_deref(), place.time);
            if overview.shows(entity) {
                let row = report::row(&self.path, f, place, &done.base, &|at| done.offset(at), self.rules);
                overview.place(entity, &row);
            }
        }
        outcome.fields.iter().for_each(|(field, n)| overview.field(field, n));
    }

    fn finish(mut self, end: &End) -> Result<()> {
        if let Some(mut summary) = self.summary.take() {
            summary.finish(self.rules);
            let text = match self.form {
                Form::Json => serde_json::to_string(&summary).unwrap_or_default() + "\n",
                Form::Csv => summary.csv(),
                _ => summary.text(),
            };
            self.out.write(text.as_bytes())?;
        }
        if let Some(overview) = &self.overview {
            self.out.write(html::render(&overview.page(self.rules, &self.run)).as_bytes())?;
        }
        if self.form == Form::Sarif {
            let properties = serde_json::json!({ "rules_sha256": self.rules.digest(), "note": NOTE });
            let complete = self.run.complete;
            self.out.with(|out| self.sarif.end(complete, &properties, out))?;
        }
        self.out.end(end)
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
        let before = self.overview.as_ref().map(Overview::categories);
        let totals = pipeline::run(job, input, self)?;
        self.run.files += 1;
        if let (Some(overview), Some(before)) = (&mut self.overview, before) {
            overview.file(shown, &before);
        }
        if let Some(summary) = &mut self.summary {
            summary.file(shown, totals.findings);
        }
        Ok(totals)
    }

    fn name(&mut self, shown: &str, found: &[Named]) -> Result<()> {
        self.found += found.len() as u64;
        for n in found {
            if let Some(summary) = &mut self.summary {
                summary.name(n.entity);
                continue;
            }
            if let Some(overview) = &mut self.overview {
                overview.name(shown, n.entity.index(), self.rules.entity(n.entity).category);
                if !overview.shows(n.entity.index()) || self.summary_only {
                    continue;
                }
            }
            let row = n.row(shown, self.rules, self.values);
            self.row(&row, n.entity, &[])?;
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
        if self.overview.is_some() {
            self.overview(done);
            return Ok(());
        }
        let path = std::mem::take(&mut self.path);
        let mut raw = Vec::new();
        for f in &outcome.findings {
            let place = &outcome.places[f.place as usize];
            let row = report::row(&path, f, place, &done.base, &|at| done.offset(at), self.rules);
            raw.clear();
            if place.pieces.is_empty() {
                raw.push(&done.bytes[f.span.range()]);
            }
            raw.extend(place.pieces.iter().map(|p| &done.bytes[p.span.range()]));
            self.row(&row, f.entity, &raw)?;
        }
        self.path = path;
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        self.out.flush()
    }
}
