//! What was tried on a text, what became of it, and which words around made the difference: for `sluice patterns explain` and for
//! people who write rules.
//!
//! No detector says why. What a word does is found out by trying again without it.

use super::{Detectors, Match, Scratch, View, anchors::Anchor, fold, own, resolve};
use crate::model::{EntityType, RuleId, Span};

/// Bytes on either side of a candidate in which words are left out, one by one.
const NEAR: usize = 96;
/// What stands in a word's place while it is left out: a letter that begins no word that any rule knows alone.
const BLANK: u8 = b'q';

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

/// What a word does to a candidate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Effect {
    /// Without it the score would be lower by so much.
    Raises(f32),
    /// Without it the score would be higher by so much.
    Lowers(f32),
    /// Without it there would be no match.
    Allows,
    /// Without it there would be a match.
    Bars,
}

/// A word, or all words around a candidate together, and what they do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Influence {
    /// Bytes of the text; `None`: no word alone, but all that stand around.
    pub word: Option<Span>,
    /// What it does.
    pub effect: Effect,
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
    /// The words that make a difference, in order.
    pub influences: Vec<Influence>,
}

impl Detectors {
    /// Tries every rule on `text` and tells all, whatever the score.
    pub fn explain(&self, text: &[u8]) -> Vec<Trial> {
        let mut folded = fold::Folded::default();
        let is_folded = fold::fold(text, &mut folded);
        let whole = if is_folded { folded.text() } else { text };
        let back = |span: Span| if is_folded { folded.back(span).0 } else { span };
        let mut anchors = Vec::new();
        self.sweep.sweep(whole, &mut anchors);
        let mut blanked = Vec::new();
        let view = View { text: if own::blank(whole, &mut blanked) { &blanked } else { whole }, hint: None };
        let mut trials = Vec::new();
        let mut done = vec![0; self.armed.len() + self.crowds.len()];
        let trial = |anchor: &Anchor, rule: RuleId, m: Option<&Match>, retry: &dyn Fn(&View<'_>) -> Vec<Match>| {
            let candidate = m.map_or_else(|| candidate(view.text, anchor), |m| m.span);
            let told = |i: Influence| Influence { word: i.word.map(back), ..i };
            let influences =
                influences(view.text, candidate, m.map(|m| m.score), retry).into_iter().map(told).collect();
            let matched = m.map(|m| (back(m.span), m.score, self.fate(view.text, whole, m)));
            Trial { anchor: *anchor, rule, entity: self.rules.rule(rule).entity, matched, influences }
        };
        for anchor in &anchors {
            for &i in self.callees(anchor) {
                let (i, a) = (i as usize, &self.armed[i as usize]);
                if anchor.start() < done[i] {
                    continue;
                }
                let mut matches = Vec::new();
                done[i] = done[i].max(a.detector.verify(&view, anchor, &mut matches));
                let retry = |view: &View<'_>| {
                    let mut matches = Vec::new();
                    a.detector.verify(view, anchor, &mut matches);
                    matches
                };
                if matches.is_empty() {
                    trials.push(trial(anchor, a.rule, None, &retry));
                }
                trials.extend(matches.iter().map(|m| trial(anchor, a.rule, Some(m), &retry)));
            }
            // Of many rules, those that found something: the others would fill a page.
            for ((kinds, crowd), done) in self.crowds.iter().zip(&mut done[self.armed.len()..]) {
                if !kinds.holds(anchor.kind()) || anchor.start() < *done {
                    continue;
                }
                let mut matches = Vec::new();
                *done = (*done).max(crowd.verify(&view, anchor, &mut matches));
                for (rule, m) in &matches {
                    let retry = |view: &View<'_>| {
                        let mut matches = Vec::new();
                        crowd.verify(view, anchor, &mut matches);
                        matches.into_iter().filter(|(r, _)| r == rule).map(|(_, m)| m).collect()
                    };
                    trials.push(trial(anchor, *rule, Some(m), &retry));
                }
            }
        }
        self.beat(text, &mut trials);
        trials
    }

    /// What becomes of a match in `text`, which stands for `whole` with replacements blanked, before others are looked at.
    fn fate(&self, text: &[u8], whole: &[u8], m: &Match) -> Fate {
        if text[m.span.range()] != whole[m.span.range()] {
            Fate::Replacement
        } else if self.allowed.holds(&text[m.span.range()]) {
            Fate::Allowed
        } else if m.score < self.min_score {
            Fate::Low
        } else {
            Fate::Found
        }
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

/// What an anchor made a rule look at, where it found nothing: the run or word, else all up to the next blanks.
fn candidate(text: &[u8], anchor: &Anchor) -> Span {
    match *anchor {
        Anchor::Run { start, end } | Anchor::Long { start, end } => Span::new(start, end),
        Anchor::Text => Span::new(0, text.len()),
        _ => {
            let at = anchor.start();
            let start = text[..at].iter().rposition(u8::is_ascii_whitespace).map_or(0, |i| i + 1);
            let end = text[at..].iter().position(u8::is_ascii_whitespace).map_or(text.len(), |i| at + i);
            Span::new(start, end)
        }
    }
}

/// The words near `candidate` without which `retry` would make something else of it; `score`: what it makes of it.
fn influences(
    text: &[u8],
    candidate: Span,
    score: Option<f32>,
    retry: &dyn Fn(&View<'_>) -> Vec<Match>,
) -> Vec<Influence> {
    let near = words(text, candidate);
    let without = |words: &[Span]| {
        let mut text = text.to_vec();
        words.iter().for_each(|w| text[w.range()].fill(BLANK));
        let matches = retry(&View { text: &text, hint: None });
        matches.iter().find(|m| m.span.overlaps(candidate)).map(|m| m.score)
    };
    let effect = |without: Option<f32>| match (score, without) {
        (Some(with), Some(without)) if with - without > 0.005 => Some(Effect::Raises(with - without)),
        (Some(with), Some(without)) if without - with > 0.005 => Some(Effect::Lowers(without - with)),
        (Some(_), None) => Some(Effect::Allows),
        (None, Some(_)) => Some(Effect::Bars),
        _ => None,
    };
    let mut found: Vec<Influence> = near
        .iter()
        .filter_map(|word| Some(Influence { word: Some(*word), effect: effect(without(&[*word]))? }))
        .collect();
    if found.is_empty() {
        found.extend(effect(without(&near)).map(|effect| Influence { word: None, effect }));
    }
    found
}

/// The words of `text` near `span` and outside of it.
fn words(text: &[u8], span: Span) -> Vec<Span> {
    let (from, to) = (span.start.saturating_sub(NEAR), text.len().min(span.end + NEAR));
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b >= 0x80;
    let mut out = Vec::new();
    let mut at = from;
    while at < to {
        let end = at + text[at..].iter().take_while(|b| is_word(**b)).count();
        let word = Span::new(at, end);
        // One that is cut by the edge is looked at as a whole or not at all.
        let cut = at == from && from > 0 && is_word(text[from - 1]);
        if !word.is_empty() && !cut && !word.overlaps(span) {
            out.push(word);
        }
        at = end + 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Options;
    use crate::patterns::RuleSet;
    use std::sync::Arc;

    /// By rule: what the words around do, as `effect word`.
    fn explained(text: &str, rule: &str) -> Vec<String> {
        let detectors = Detectors::new(Arc::new(RuleSet::builtin()), &Options::default()).unwrap();
        let trials = detectors.explain(text.as_bytes());
        let of_rule = trials.iter().filter(|t| detectors.rules().rule(t.rule).id == rule);
        let said = |i: &Influence| {
            let effect = match i.effect {
                Effect::Raises(_) => "raises",
                Effect::Lowers(_) => "lowers",
                Effect::Allows => "allows",
                Effect::Bars => "bars",
            };
            format!("{effect} {}", i.word.map_or("all", |w| &text[w.range()]))
        };
        of_rule.flat_map(|t| t.influences.iter().map(said).collect::<Vec<_>>()).collect()
    }

    #[test]
    fn the_word_that_makes_the_difference_is_named() {
        assert_eq!(explained("tracking number 0301234567", "phone"), [""; 0]);
        assert_eq!(explained("Tel. 1234567", "phone"), ["allows Tel"]);
        assert_eq!(explained("my order 415-555-0142 is late", "phone"), ["bars order"]);
        assert_eq!(explained("電話：１２３４５６７", "phone"), ["allows 電話"]);
        assert_eq!(explained("visa 4111 1111 1111 1111", "card"), ["raises visa"]);
        assert_eq!(explained("version 1.2.3.4", "ipv4"), ["bars version"]);
    }

    #[test]
    fn any_text_is_explained() {
        for text in ["", "@", "é@é", "1234567", "＋１ (415) 555-0142 ☎", &"q1 ".repeat(400), "\u{200e}::1"] {
            explained(text, "phone");
        }
    }
}
