//! `sluice check`: data held against an agreement's annex.

mod forms;
mod page;
mod sarif;

use super::End;
use super::chosen::Chosen;
use super::options::{Reading, Selection, Talk, read};
use super::survey::{Seen, Survey};
use super::target::Target;
use crate::annex::Annex;
use crate::annex::compare;
use crate::annex::held::{self, Held, Standing};
use crate::annex::past::Past;
use crate::error::{Error, Result};
use crate::report::{NOTE, html, markdown};
use clap::{Args, ValueEnum};
use forms::{Report, SubjectRow};
use std::path::{Path, PathBuf};

/// Hold data against an agreement: what it declares against what is there
#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    selection: Selection,
    /// The agreement: butly, botsify, 365-aitech, personizely, or a file of your own
    #[arg(long, value_name = "NAME|FILE.toml", required_unless_present_any = ["compare", "record"])]
    annex: Option<String>,
    /// What an earlier report (--output json -o FILE) has in the same fields is known: it is shown, and is no reason for status 1
    #[arg(long, value_name = "FILE.json")]
    baseline: Option<PathBuf>,
    /// Instead of checking data: what has changed between two annexes, or between two reports (.json); status 1 if anything has
    #[arg(long, num_args = 2, value_names = ["BEFORE", "AFTER"], conflicts_with_all = ["annex", "baseline", "record", "subject"])]
    compare: Vec<String>,
    /// Whose data it is: a subject of the annex, of all that is read, or of files (a path), fields (field:NAME) or what stands beside a value
    /// (beside:role:agent); * stands for anything
    #[arg(long, value_name = "[WHERE=]ID")]
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
    /// Write the annex file that would declare what is found, instead of the report; without --annex, from nothing. The status is the check's
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
    /// SARIF 2.1.0, for code hosts and editors
    Sarif,
    /// One page that needs nothing else
    Html,
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

impl Check {
    pub fn run(self) -> Result<End> {
        if let [before, after] = &self.compare[..] {
            return self.compare(before, after);
        }
        let annex = self.annex.as_deref().unwrap_or("blank");
        let survey = Survey::new(annex, &self.subject, self.selection.clone(), self.special_score)?;
        let (annex, rules) = (&survey.annex, survey.rules());
        let baseline = self.baseline.as_deref().map(|path| {
            let past = Past::parse(path, &read(path)?)?;
            past.fits(path, &annex.name, &rules.digest())?;
            Ok(past)
        });
        let baseline = baseline.transpose()?;
        let chosen = Chosen::of(&self.selection, &self.reading)?;
        let Seen { observed, people, mut held, unread, end, .. } =
            survey.run(&self.reading, &self.talk, false, None)?;
        if let Some(past) = &baseline {
            past.mark(&mut held);
        }
        let report = Report {
            annex: &annex.name,
            title: &annex.title,
            dated: annex.dated.as_deref(),
            subjects: annex.subjects.iter().map(SubjectRow::of).collect(),
            complete: matches!(end, End::Done),
            records: observed.records.values().sum(),
            people,
            options: &chosen,
            unread: &unread,
            held: &held,
            rules_sha256: rules.digest(),
            note: NOTE,
        };
        let text = match self.output {
            _ if self.record => held::draft(&held, Some(annex)),
            Form::Json => serde_json::to_string_pretty(&report).unwrap_or_default() + "\n",
            Form::Text => report.text(),
            Form::Markdown => markdown::render(&report.page()),
            Form::Html => html::render(&report.page()),
            Form::Sarif => report.sarif(),
        };
        let mut out = Target::open(self.out.as_deref())?;
        out.write(text.as_bytes())?;
        out.end(&end)?;
        // A check that is not complete never passes.
        Ok(match end {
            End::Done if self.fails(&held) => End::Found,
            end => end,
        })
    }

    /// What has changed between two annexes, or two reports.
    fn compare(&self, before: &str, after: &str) -> Result<End> {
        let is_report = |name: &str| name.ends_with(".json");
        let report = |name: &str| Past::parse(Path::new(name), &read(Path::new(name))?);
        let changes = match (is_report(before), is_report(after)) {
            (true, true) => {
                let (then, now) = (report(before)?, report(after)?);
                then.fits(Path::new(before), &now.annex, &now.rules_sha256)?;
                now.fits(Path::new(after), &then.annex, &then.rules_sha256)?;
                compare::runs(&then, &now)
            }
            (false, false) => compare::annexes(&Annex::open(before, &read)?, &Annex::open(after, &read)?),
            _ => {
                return Err(Error::Usage("--compare takes two annexes or two reports (.json), not one of each".into()));
            }
        };
        let text = match self.output {
            Form::Json => serde_json::to_string_pretty(&changes).unwrap_or_default() + "\n",
            Form::Text => forms::changes(&changes),
            Form::Markdown => markdown::render(&page::changes(before, after, &changes)),
            Form::Html => html::render(&page::changes(before, after, &changes)),
            Form::Sarif => {
                let what =
                    "SARIF lists what is found in files; use --output text, json, markdown or html with --compare";
                return Err(Error::Usage(what.into()));
            }
        };
        let mut out = Target::open(self.out.as_deref())?;
        out.write(text.as_bytes())?;
        out.commit()?;
        Ok(if changes.is_empty() { End::Done } else { End::Found })
    }

    fn fails(&self, held: &Held) -> bool {
        let has = |standing| held.found.iter().any(|f| f.standing == standing && !f.known);
        has(Standing::RuledOut)
            || has(Standing::Undeclared)
            || (self.closed || self.fail_on.contains(&Row::Open)) && has(Standing::Open)
            || self.fail_on.contains(&Row::Absent) && !held.absent.is_empty()
    }
}
