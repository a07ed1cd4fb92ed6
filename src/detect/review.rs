//! What is doubtful in a user's rules once they are tried: what they find in plain text, and what other rules make of their
//! examples. What can be told without trying stands in `patterns/review.rs`.

use super::examples::unmark;
use super::{Detectors, Scratch};
use crate::model::Span;
use crate::patterns::{Matcher, Rule};

/// A page of messages, logs, code and tables in several languages without anything personal in it.
const PLAIN: &str = include_str!("../../patterns/plain.txt");

/// What is doubtful in `rule`, one line each, with file, line and rule. `detectors` must have its entity enabled.
pub fn doubts(detectors: &Detectors, rule: &Rule) -> Vec<String> {
    if matches!(rule.matcher, Matcher::Field(_)) {
        return Vec::new();
    }
    let place = format!("{}:{}: rule `{}`", rule.origin.display(), rule.line, rule.id);
    let mut doubts: Vec<String> = plain(detectors, rule).into_iter().collect();
    doubts.extend(rule.hits.iter().filter_map(|hit| rivals(detectors, rule, hit)));
    doubts.iter().map(|what| format!("{place}: {what}")).collect()
}

/// What the rule finds where there is nothing to be found.
fn plain(detectors: &Detectors, rule: &Rule) -> Option<String> {
    let mut hits = Vec::new();
    detectors.find(PLAIN.as_bytes(), None, &mut Scratch::default(), &mut hits);
    let of_rule = |h: &&super::Hit| detectors.rules().rule(h.rule).id == rule.id;
    let found: Vec<&str> = hits.iter().filter(of_rule).filter_map(|h| PLAIN.get(h.span.range())).collect();
    let example = found.first()?;
    Some(format!("it finds {} things in a page of plain text, {example:?} among them; make it narrower", found.len()))
}

/// Which other rules find something at the places that a hit marks.
fn rivals(detectors: &Detectors, rule: &Rule, hit: &str) -> Option<String> {
    let (text, spans) = unmark(hit)?;
    let at = |span: Span| spans.iter().any(|s| s.overlaps(span));
    let trials = detectors.explain(text.as_bytes());
    let others: Vec<String> = trials
        .iter()
        .filter_map(|t| Some((detectors.rules().rule(t.rule), t.entity, t.matched?)))
        .filter(|(other, entity, (span, score, _))| {
            other.id != rule.id && *entity != rule.entity && at(*span) && *score >= detectors.min_score()
        })
        .map(|(other, entity, (_, score, _))| {
            format!("`{}` ({}, score {score:.2})", other.id, detectors.rules().entity(entity).name)
        })
        .collect();
    (!others.is_empty()).then(|| {
        format!(
            "in {hit:?} {} finds something at the same place; the surer wins, then the longer",
            others.join(" and ")
        )
    })
}
