//! What the verbs that hold data against an agreement share: the annex, whose data it is, and a run over the inputs.

use super::End;
use super::inputs::Inputs;
use super::observe::{self, Observing};
use super::options::{Reading, Selection, Talk, read};
use super::outputs::Outputs;
use super::unread::Unread;
use crate::annex::Annex;
use crate::annex::held::{self, Held};
use crate::annex::observed::Observed;
use crate::annex::people::{Count, LIMIT, People};
use crate::annex::replaced::Replacements;
use crate::annex::whose::Whose;
use crate::detect::Detectors;
use crate::engine::{Engine, Wanted};
use crate::error::{Error, Result};
use crate::normalise::Key;
use crate::patterns::RuleSet;
use std::sync::Arc;

/// All that is ready before the inputs are read.
pub(super) struct Survey {
    pub annex: Annex,
    whose: Whose,
    least: [f32; 2],
    detectors: Arc<Detectors>,
}

/// What a run has seen.
pub(super) struct Seen {
    pub observed: Observed,
    pub people: Count,
    /// It, beside what the annex says.
    pub held: Held,
    /// Inputs that were read.
    pub inputs: u64,
    pub unread: Unread,
    pub end: End,
}

impl Survey {
    /// `annex`: its name or file; `subject`: whose data it is, as `--subject` takes it.
    pub fn new(annex: &str, subject: &[String], mut selection: Selection, special_score: f32) -> Result<Survey> {
        let annex = Annex::open(annex, &read)?;
        let whose = Whose::new(&annex, subject)?;
        let rules = selection.rules()?;
        annex.check(&rules)?;
        let least = [selection.min_score, special_score];
        let detectors = observe::detectors(&mut selection, rules, special_score)?;
        Ok(Survey { annex, whose, least, detectors })
    }

    pub fn rules(&self) -> &RuleSet {
        self.detectors.rules()
    }

    /// Reads the inputs; `replaced`: counts replacements, too. `before`: what the user is to know first.
    pub fn run(&self, reading: &Reading, talk: &Talk, replaced: bool, before: Option<&str>) -> Result<Seen> {
        let wanted = Wanted { traces: true, beside: observe::beside(&self.whose), ..Wanted::default() };
        let engine = Engine::new(self.detectors.clone(), wanted, Key::new(Vec::new()));
        let mut inputs = Inputs::new(&engine, reading, talk, Outputs::Nowhere)?;
        before.iter().for_each(|b| inputs.say(b));
        let mut work = Observing::new(self.rules(), self.whose.clone(), self.least, inputs.progress.clone());
        work.observed.people = Some(People::new(self.rules(), LIMIT));
        work.observed.replaced = replaced.then(Replacements::default);
        let end = inputs.run(&mut work)?;
        if matches!(end, End::Done) && inputs.nothing_read() {
            let what = "there is nothing in what was named, and nothing proves nothing; name the data";
            return Err(Error::Usage(what.into()));
        }
        let (mut observed, whose) = (work.observed, work.whose);
        if matches!(end, End::Done) {
            for given in whose.unused() {
                let given = inputs.names.shown(given.as_bytes());
                inputs.say(&format!("--subject {given}: nothing that was found is there"));
            }
        }
        let mut people = observed.people.take().unwrap_or_else(|| People::new(self.rules(), LIMIT));
        Ok(Seen {
            people: people.count(self.rules(), self.annex.subjects.len()),
            held: held::held(&self.annex, self.rules(), &observed),
            observed,
            inputs: inputs.count,
            unread: std::mem::take(&mut inputs.unread),
            end,
        })
    }
}
