//! `sluice breach`: the facts that a notice of a breach needs.

mod draft;
mod forms;

use super::End;
use super::options::{Reading, Selection, Talk};
use super::survey::{Seen, Survey};
use super::target::Target;
use crate::annex::Counted;
use crate::annex::breach::{When, due};
use crate::error::{Error, Result};
use clap::{Args, ValueEnum};
use forms::{Facts, Report};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// The facts that a breach notice needs: whose data, how much, until when
#[derive(Debug, Args)]
pub(crate) struct Breach {
    #[command(flatten)]
    reading: Reading,
    #[command(flatten)]
    selection: Selection,
    /// The agreement: butly, botsify, 365-aitech, personizely, or a file of your own
    #[arg(long, value_name = "NAME|FILE.toml")]
    annex: String,
    /// When the breach was discovered: 2026-03-28T22:30:00+01:00, 2026-03-28T21:30Z or 2026-03-28T22:30[Europe/Berlin]
    #[arg(long, value_name = "TIME")]
    discovered: String,
    /// When the notice of it was received, for deadlines that run from there
    #[arg(long, value_name = "TIME")]
    notified: Option<String>,
    /// Whose data it is: a subject of the annex, of all that is read, or of files (a path), fields (field:NAME) or what stands beside a value
    /// (beside:role:agent); * stands for anything
    #[arg(long, value_name = "[WHERE=]ID")]
    subject: Vec<String>,
    /// Leave out findings of special categories (Article 9 GDPR) below this score
    #[arg(long, value_name = "SCORE", default_value_t = 0.5)]
    special_score: f32,
    /// The form of the report; markdown is a draft of the notice (Article 33(3) GDPR)
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

/// When it happened, as far as it was said.
struct Times {
    discovered: When,
    notified: Option<When>,
    now: When,
}

impl Breach {
    pub fn run(self) -> Result<End> {
        let times = self.times()?;
        let survey = Survey::new(&self.annex, &self.subject, self.selection.clone(), self.special_score)?;
        let silent =
            times.notified.is_some() && survey.annex.breaches.iter().all(|b| b.get_ref().counted != Counted::Notified);
        let silent = silent.then_some("--notified: no deadline of this annex runs from a notice; it is only reported");
        let seen = survey.run(&self.reading, &self.talk, true, silent)?;
        let text = self.report(&survey, &times, &seen);
        let mut out = Target::open(self.out.as_deref())?;
        out.write(text.as_bytes())?;
        out.end(&seen.end)?;
        Ok(seen.end)
    }

    fn report(&self, survey: &Survey, times: &Times, seen: &Seen) -> String {
        let (annex, rules, observed) = (&survey.annex, survey.rules(), &seen.observed);
        let report = Report::of(Facts {
            annex,
            inputs: seen.inputs,
            unread: &seen.unread,
            complete: matches!(seen.end, End::Done),
            times,
            deadlines: due(annex, &times.discovered, times.notified.as_ref(), &times.now),
            records: observed.records.values().sum(),
            concerned: &observed.concerned,
            held: &seen.held,
            people: &seen.people,
            replaced: observed.replaced.as_ref().map(|r| r.rows(rules)).unwrap_or_default(),
            rules_sha256: rules.digest(),
        });
        match self.output {
            Form::Json => serde_json::to_string_pretty(&report).unwrap_or_default() + "\n",
            Form::Text => report.text(),
            Form::Markdown => report.draft(),
        }
    }

    fn times(&self) -> Result<Times> {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
        let wrong = |option: &str, what: &str| Error::Usage(format!("{option}: {what}"));
        let now = i64::try_from(seconds).ok().and_then(When::at);
        let now = now.ok_or_else(|| Error::Usage("this computer's clock is wrong; set it".into()))?;
        let past = |option: &str, text: &str| {
            let when = When::parse(text).map_err(|e| wrong(option, &e))?;
            if now.is_before(&when) {
                let what = format!(
                    "it lies in the future: this computer's clock says {}; check the date and the zone",
                    now.utc()
                );
                return Err(wrong(option, &what));
            }
            Ok(when)
        };
        let discovered = past("--discovered", &self.discovered)?;
        let notified = self.notified.as_deref().map(|n| past("--notified", n)).transpose()?;
        if notified.as_ref().is_some_and(|n| n.is_before(&discovered)) {
            return Err(wrong("--notified", "it lies before --discovered; a notice follows what it is about"));
        }
        Ok(Times { discovered, notified, now })
    }
}
