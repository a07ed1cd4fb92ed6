//! What was tried on a text and what became of it: for `sluice patterns explain` and for people who write rules.

use super::{Detectors, Scratch, View, anchors::Anchor, fold, own, resolve};
use crate::model::{EntityType, RuleId, Span};

/// What became of a match.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fate {
    /// It is a finding.
    Found,
    /// Its score is too low.
    Low,
    /// It is a replacement that a redaction has left.
    Replacement,
    /// An allow list names it.
    Allowed,
    /// Another finding that overlaps it has better evidence.
    Beaten(RuleId),
}

/// One rule at one anchor.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// What made the rule look: `At`, `Run`, … with its offset in the folded text.
    pub anchor: Anchor,
    /// The rule.
    pub rule: RuleId,
    /// What it would find.
    pub entity: EntityType,
    /// What it matched, as bytes of the text, with score and fate; `None`: nothing.
    pub matched: Option<(Span, f32, Fate)>,
}

impl Detectors {
    /// Tries every rule on `text` and tells all, whatever the score.
    pub fn explain(&self, text: &[u8]) -> Vec<Trial> {
        let mut folded = fold::Folded::default();
        let is_folded = fold::fold(text, &mut folded);
        let whole = if is_folded { folded.text() } else { text };
        let mut anchors = Vec::new();
        self.sweep.sweep(whole, &mut anchors);
        let mut blanked = Vec::new();
        let view = View { text: if own::blank(whole, &mut blanked) { &blanked } else { whole }, hint: None };
        let mut trials = Vec::new();
        let mut done = vec![0; self.armed.len()];
        for anchor in &anchors {
            for &i in self.callees(anchor) {
                let (i, a) = (i as usize, &self.armed[i as usize]);
                if anchor.start() < done[i] {
                    continue;
                }
                let mut matches = Vec::new();
                done[i] = done[i].max(a.detector.verify(&view, anchor, &mut matches));
                let trial = |matched| Trial { anchor: *anchor, rule: a.rule, entity: a.entity, matched };
                if matches.is_empty() {
                    trials.push(trial(None));
                }
                for m in matches {
                    let fate = if view.text[m.span.range()] != whole[m.span.range()] {
                        Fate::Replacement
                    } else if self.allowed.holds(&view.text[m.span.range()]) {
                        Fate::Allowed
                    } else if m.score < self.min_score {
                        Fate::Low
                    } else {
                        Fate::Found
                    };
                    let span = if is_folded { folded.back(m.span).0 } else { m.span };
                    trials.push(trial(Some((span, m.score, fate))));
                }
            }
        }
        self.beat(text, &mut trials);
        trials
    }

    /// Marks the matches that lost to another.
    fn beat(&self, text: &[u8], trials: &mut [Trial]) {
        let mut hits = Vec::new();
        self.find(text, None, &mut Scratch::default(), &mut hits);
        resolve::resolve(&mut hits, 0);
        for t in trials {
            if let Some((span, _, fate @ Fate::Found)) = &mut t.matched
                && let Some(winner) = hits.iter().find(|h| h.span.overlaps(*span))
                && (winner.rule != t.rule || winner.span != *span)
            {
                *fate = Fate::Beaten(winner.rule);
            }
        }
    }
}
