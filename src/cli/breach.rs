//! `sluice breach`: the facts that a notice of a breach needs.

mod draft;
mod forms;

use super::End;
use super::inputs::Inputs;
use super::observe::{self, Observing};
use super::options::{Reading, Selection, Talk, read};
use super::outputs::Outputs;
use super::target::Target;
use crate::annex::breach::{When, due};
use crate::annex::observed::Observed;
use crate::annex::people::{LIMIT, People};
use crate::annex::replaced::Replacements;
use crate::annex::whose::Whose;
use crate::annex::{Annex, Counted, held};
use crate::engine::{Engine, Wanted};
use crate::error::{Error, Result};
use crate::normalise::Key;
use crate::patterns::RuleSet;
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
    pub fn run(mut self) -> Result<End> {
        let annex = Annex::open(&self.annex, &read)?;
        let times = self.times()?;
        let whose = Whose::new(&annex, &self.subject)?;
        let rules = self.selection.rules()?;
        annex.check(&rules)?;
        let least = [self.selection.min_score, self.special_score];
        let detectors = observe::detectors(&mut self.selection, rules, self.special_score)?;
        let rules = detectors.rules();
        let wanted = Wanted {
            places: true,
            values: true,
            no_samples: true,
            beside: observe::beside(&whose),
            ..Wanted::default()
        };
        let engine = Engine::new(detectors.clone(), wanted, Key::new(Vec::new()));
        let mut inputs = Inputs::new(&engine, &self.reading, &self.talk, Outputs::Nowhere)?;
        if times.notified.is_some() && annex.breaches.iter().all(|b| b.get_ref().counted != Counted::Notified) {
            inputs.say("--notified: no deadline of this annex runs from a notice; it is only reported");
        }
        let mut work = Observing::new(rules, whose, least, inputs.progress.clone());
        work.observed.people = Some(People::new(rules, LIMIT));
        work.observed.replaced = Some(Replacements::default());
        let end = inputs.run(&mut work)?;
        if inputs.count == 0 && matches!(end, End::Done) {
            let what =
                "there is nothing in what was named, and a breach of nothing has no facts; name the affected files";
            return Err(Error::Usage(what.into()));
        }
        let complete = matches!(end, End::Done);
        let text = self.report(&annex, rules, work.observed, &times, (inputs.count, complete));
        let mut out = Target::open(self.out.as_deref())?;
        out.write(text.as_bytes())?;
        out.end(&end)?;
        Ok(end)
    }

    fn report(
        &self,
        annex: &Annex,
        rules: &RuleSet,
        mut observed: Observed,
        times: &Times,
        (inputs, complete): (u64, bool),
    ) -> String {
        let mut people = observed.people.take().unwrap_or_else(|| People::new(rules, LIMIT));
        let held = held::held(annex, rules, &observed);
        let report = Report::of(Facts {
            annex,
            inputs,
            complete,
            times,
            deadlines: due(annex, &times.discovered, times.notified.as_ref(), &times.now),
            records: observed.records.values().sum(),
            concerned: &observed.concerned,
            held: &held,
            people: people.count(rules, annex.subjects.len()),
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
