//! `sluice check`: data held against an agreement's annex.

use super::End;
use super::inputs::{Inputs, Work};
use super::names::Named;
use super::options::{Reading, Selection, Talk, read};
use super::outputs::Outputs;
use super::progress::Progress;
use super::target::Target;
use crate::annex::held::{self, Found, Held, Standing};
use crate::annex::observed::{Finding, Observed};
use crate::annex::{Annex, Subject};
use crate::engine::{Engine, Wanted};
use crate::error::{Error, Result};
use crate::model::{Category, EntityType};
use crate::normalise::{Key, canonical};
use crate::patterns::RuleSet;
use crate::pipeline::sink::{Done, Sink};
use crate::pipeline::{self, Input, Job, Totals};
use crate::report;
use clap::{Args, ValueEnum};
use regex::Regex;
use serde::Serialize;
use std::hash::{DefaultHasher, Hasher};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

/// What every report ends with.
const NOTE: &str = "Evidence for whoever answers for the data, not legal advice.";

/// Hold data against an agreement: what it declares against what is there
#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    selection: Selection,
    /// The agreement: butly, botsify, 365-aitech, personizely, or a file of your own
    #[arg(long, value_name = "NAME|FILE.toml")]
    annex: String,
    /// Whose data it is: a subject of the annex, for all inputs or those whose path fits (* stands for anything)
    #[arg(long, value_name = "[PATH=]ID")]
    subject: Vec<String>,
    /// Status 1 on these rows, too
    #[arg(long, value_enum, value_name = "ROWS", value_delimiter = ',')]
    fail_on: Vec<Row>,
    /// Status 1 on what only a label covers that sets no limit: the same as --fail-on open
    #[arg(long)]
    closed: bool,
    /// Leave out findings of special categories (Article 9 GDPR) below this score
    #[arg(long, value_name = "SCORE", default_value_t = 0.5)]
    special_score: f32,
    /// Write the annex file that would declare what is found
    #[arg(long, conflicts_with = "output")]
    record: bool,
    /// The form of the report
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Form::Text)]
    output: Form,
    /// Write the report to a file
    #[arg(long, short = 'o', value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    talk: Talk,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Text,
    Json,
    Markdown,
}

/// Rows that a status may depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Row {
    /// Found, and ruled out (always)
    RuledOut,
    /// Found, and not declared (always)
    Undeclared,
    /// Found, and covered only by a label that sets no limit
    Open,
    /// Declared, and not found
    Absent,
}

/// Whose data an input is.
struct Mapping {
    path: Option<Regex>,
    subject: usize,
}

impl Check {
    pub fn run(mut self) -> Result<End> {
        let annex = Annex::open(&self.annex, &read)?;
        if !(0.0..=1.0).contains(&self.special_score) {
            return Err(Error::Usage("--special-score takes a number from 0 to 1".into()));
        }
        let mappings = self.subject.iter().map(|s| mapping(&annex, s)).collect::<Result<Vec<_>>>()?;
        let rules = self.selection.rules()?;
        annex.check(&rules)?;
        let min_score = self.selection.min_score;
        self.selection.min_score = min_score.min(self.special_score);
        let (mut enabled, mut asked) = (self.selection.wanted(&rules)?, self.selection.asked(&rules)?);
        if self.selection.entities.is_empty() {
            let off = self.selection.not_wanted(&rules)?;
            for (i, e) in rules.entities().iter().enumerate() {
                enabled[i] |= e.category == Category::Special && !off[i];
                asked[i] |= e.category == Category::Special && !off[i];
            }
        }
        let detectors = Arc::new(self.selection.compile(rules, enabled, asked)?);
        let engine = Engine::new(
            detectors.clone(),
            Wanted { places: true, values: true, ..Wanted::default() },
            Key::new(Vec::new()),
        );
        let mut inputs = Inputs::new(&engine, &self.reading, &self.talk, Outputs::Nowhere)?;
        let mut work = Checking {
            annex: &annex,
            rules: detectors.rules(),
            mappings,
            least: [min_score, self.special_score],
            progress: inputs.progress.clone(),
            observed: Observed::default(),
            path: String::new(),
            subject: None,
            input: 0,
        };
        let end = inputs.run(&mut work)?;
        if inputs.count == 0 && matches!(end, End::Done) {
            let what =
                "there is nothing to check in what was named, and a check of nothing proves nothing; name the data";
            return Err(Error::Usage(what.into()));
        }
        let observed = work.observed;
        let held = held::held(&annex, detectors.rules(), &observed);
        let report = Report {
            annex: &annex.name,
            title: &annex.title,
            dated: annex.dated.as_deref(),
            subjects: annex.subjects.iter().map(SubjectRow::of).collect(),
            complete: matches!(end, End::Done),
            records: observed.records.values().sum(),
            held: &held,
            rules_sha256: detectors.rules().digest(),
            note: NOTE,
        };
        let text = match self.output {
            _ if self.record => held::draft(&held, Some(&annex)),
            Form::Json => serde_json::to_string_pretty(&report).unwrap_or_default() + "\n",
            Form::Text => report.text(),
            Form::Markdown => report.markdown(),
        };
        let mut out = Target::open(self.out.as_deref())?;
        out.write(text.as_bytes())?;
        out.commit()?;
        // A check that is not complete never passes.
        Ok(match end {
            End::Done if self.fails(&held) => End::Found,
            end => end,
        })
    }

    fn fails(&self, held: &Held) -> bool {
        let has = |standing| held.found.iter().any(|f| f.standing == standing);
        has(Standing::RuledOut)
            || has(Standing::Undeclared)
            || (self.closed || self.fail_on.contains(&Row::Open)) && has(Standing::Open)
            || self.fail_on.contains(&Row::Absent) && !held.absent.is_empty()
    }
}

/// `[PATH=]ID`.
fn mapping(annex: &Annex, given: &str) -> Result<Mapping> {
    let (path, id) = given.rsplit_once('=').map_or((None, given), |(path, id)| (Some(path), id));
    annex.subject(id)?;
    let subject = annex.subjects.iter().position(|s| s.id == id).unwrap_or_default();
    let regex = |path: &str| {
        let pattern = format!("^{}$", regex::escape(path).replace(r"\*", ".*"));
        Regex::new(&pattern).map_err(|_| Error::Usage("--subject: the path is too long".into()))
    };
    Ok(Mapping { path: path.map(regex).transpose()?, subject })
}

/// What is counted while inputs pass.
struct Checking<'a> {
    annex: &'a Annex,
    rules: &'a RuleSet,
    mappings: Vec<Mapping>,
    /// The lowest scores: of all, of special categories.
    least: [f32; 2],
    progress: Arc<Progress>,
    observed: Observed,
    path: String,
    subject: Option<usize>,
    input: u64,
}

impl Checking<'_> {
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

impl Work for Checking<'_> {
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

impl Sink for Checking<'_> {
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

/// The JSON form of the report.
#[derive(Serialize)]
struct Report<'a> {
    annex: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    dated: Option<&'a str>,
    subjects: Vec<SubjectRow<'a>>,
    /// Everything that was named could be looked at.
    complete: bool,
    records: u64,
    #[serde(flatten)]
    held: &'a Held,
    rules_sha256: String,
    note: &'static str,
}

#[derive(Serialize)]
struct SubjectRow<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'a str>,
}

impl SubjectRow<'_> {
    fn of(s: &Subject) -> SubjectRow<'_> {
        SubjectRow { id: &s.id, name: &s.name, role: s.role.as_deref() }
    }
}

const TITLES: [(Standing, &str); 4] = [
    (Standing::RuledOut, "RULED OUT, AND FOUND"),
    (Standing::Undeclared, "NOT DECLARED, AND FOUND"),
    (Standing::Open, "COVERED ONLY BY A LABEL THAT SETS NO LIMIT"),
    (Standing::Declared, "DECLARED, AND FOUND"),
];

impl Report<'_> {
    fn head(&self) -> String {
        let dated = self.dated.map_or(String::new(), |d| format!(" ({d})"));
        let incomplete = if self.complete { "" } else { "; NOT ALL INPUTS COULD BE READ" };
        format!("{}{dated}: {} records{incomplete}", self.title, self.records)
    }

    fn verdict(&self) -> String {
        let count = |standing| self.held.found.iter().filter(|f| f.standing == standing).count();
        format!(
            "{} ruled out, {} not declared, {} open, {} declared and found, {} declared and not found",
            count(Standing::RuledOut),
            count(Standing::Undeclared),
            count(Standing::Open),
            count(Standing::Declared),
            self.held.absent.len()
        )
    }

    fn text(&self) -> String {
        let mut out = format!("{}\n", self.head());
        for (standing, title) in TITLES {
            let found: Vec<&Found> = self.held.found.iter().filter(|f| f.standing == standing).collect();
            if found.is_empty() {
                continue;
            }
            out += &format!("\n{title}\n");
            let width = found.iter().map(|f| f.entity.len()).max().unwrap_or(0);
            for f in found {
                let subject = f.subject.as_ref().map_or(String::new(), |s| format!("  [{s}]"));
                out += &format!("  {:width$}  {}{subject}\n", f.entity, counts(f));
                for says in &f.says {
                    out += &format!(
                        "      {}\n",
                        if standing == Standing::RuledOut { format!("ruled out: {says}") } else { says.clone() }
                    );
                }
                if !f.samples.is_empty() {
                    out += &format!("      {}   {}\n", f.samples.join(", "), f.places.join(", "));
                }
            }
        }
        for (items, title) in [
            (&self.held.absent, "DECLARED, AND NOT FOUND"),
            (&self.held.unseen, "DECLARED, AND NOT LOOKED FOR (activity as such)"),
        ] {
            if !items.is_empty() {
                out += &format!("\n{title}\n");
                for i in items {
                    out += &format!("  [{}] {}: {}\n", i.subject, i.label, i.says);
                }
            }
        }
        out + &format!("\n{}\n{}\n", self.verdict(), self.note)
    }

    fn markdown(&self) -> String {
        let cell = |s: &str| s.replace('|', "\\|").replace(['\n', '\r'], " ");
        let mut out = format!("# {}\n\n{}\n", cell(self.title), cell(&self.head()));
        for (standing, title) in TITLES {
            let found: Vec<&Found> = self.held.found.iter().filter(|f| f.standing == standing).collect();
            if found.is_empty() {
                continue;
            }
            out += &format!("\n## {}{}\n\n", &title[..1], title[1..].to_lowercase());
            out += "| entity | category | subject | findings | different | records | in the agreement | first places | samples |\n|---|---|---|--:|--:|--:|---|---|---|\n";
            for f in found {
                out += &format!(
                    "| {} | {} | {} | {} | {}{} | {} | {} | {} | {} |\n",
                    f.entity,
                    f.category,
                    f.subject.as_deref().unwrap_or("not told"),
                    f.findings,
                    if f.distinct_exact { "" } else { "about " },
                    f.distinct,
                    f.records,
                    cell(&f.says.join("; ")),
                    cell(&f.places.join(", ")),
                    cell(&f.samples.join(", ")),
                );
            }
        }
        for (items, title) in
            [(&self.held.absent, "Declared, and not found"), (&self.held.unseen, "Declared, and not looked for")]
        {
            if !items.is_empty() {
                out += &format!("\n## {title}\n\n| subject | label | item |\n|---|---|---|\n");
                for i in items {
                    out += &format!("| {} | {} | {} |\n", cell(&i.subject), cell(&i.label), cell(&i.says));
                }
            }
        }
        out + &format!("\n{}\n\n{}\n", self.verdict(), self.note)
    }
}

fn counts(f: &Found) -> String {
    let about = if f.distinct_exact { "" } else { "about " };
    if f.entity == Category::Communication.id() {
        return counted(f.records, "record");
    }
    let (findings, records) = (counted(f.findings, "finding"), counted(f.records, "record"));
    format!("{findings}, {about}{} different, in {records}", f.distinct)
}

fn counted(n: u64, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}
