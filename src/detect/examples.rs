//! The examples in a rule's own entry, run: `hits` mark what must be found between « and », in `misses` nothing of the
//! rule's entity may be found. This is what `sluice patterns test` does, and the tests do for the built-in rules.

use super::roster::Roster;
use super::{Detectors, Scratch};
use crate::model::Span;
use crate::patterns::{Matcher, Rule};

/// An example without its marks, and the spans between « and ».
pub(super) fn unmark(example: &str) -> Option<(String, Vec<Span>)> {
    let (mut text, mut spans, mut open) = (String::new(), Vec::new(), None);
    for c in example.chars() {
        match c {
            '«' if open.is_some() => return None,
            '«' => open = Some(text.len()),
            '»' => spans.push(Span::new(open.take()?, text.len())),
            c => text.push(c),
        }
    }
    open.is_none().then_some((text, spans))
}

/// What `rule` finds in an example.
fn found(detectors: &Detectors, text: &str, rule: &Rule) -> Vec<Span> {
    if matches!(&rule.matcher, Matcher::Code(code) if code == "roster") {
        return recalled(text, rule.score);
    }
    let entity = rule.entity;
    let mut hits = Vec::new();
    detectors.find(text.as_bytes(), None, &mut Scratch::default(), &mut hits);
    hits.iter().filter(|h| h.entity == entity).map(|h| h.span).collect()
}

/// What is found of the names in the example's first line, parted by `;`, in the rest.
fn recalled(example: &str, score: f32) -> Vec<Span> {
    let (names, text) = example.split_once('\n').unwrap_or_default();
    let (mut roster, mut found) = (Roster::default(), Vec::new());
    names.split(';').for_each(|n| roster.declare(n.trim().as_bytes()));
    roster.find(text.as_bytes(), score, &mut found);
    found.iter().map(|m| m.span.shifted(names.len() + 1)).collect()
}

/// What is wrong with a rule's examples; empty if all is well. `detectors` must have the rule's entity enabled.
pub fn complaints(detectors: &Detectors, rule: &Rule) -> Vec<String> {
    let mut wrong = Vec::new();
    let entity = &detectors.rules().entity(rule.entity).name;
    let place = format!("{}:{}: rule `{}`", rule.origin.display(), rule.line, rule.id);
    if rule.hits.is_empty() || rule.misses.is_empty() {
        wrong.push(format!("{place}: it has no hits or no misses; give it both"));
    }
    if matches!(rule.matcher, Matcher::Field(_)) {
        wrong.extend(super::fields::examples::complaints(detectors, rule));
        return wrong;
    }
    for (example, is_hit) in rule.hits.iter().map(|e| (e, true)).chain(rule.misses.iter().map(|e| (e, false))) {
        let marked = unmark(example).filter(|(_, want)| want.is_empty() != is_hit);
        let Some((text, want)) = marked else {
            wrong.push(format!("{place}: hits mark their spans with « and », misses have none: {example:?}"));
            continue;
        };
        let got = found(detectors, &text, rule);
        if got != want {
            let got: Vec<&str> = got.iter().map(|s| text.get(s.range()).unwrap_or("(not at characters)")).collect();
            wrong.push(format!("{place}: {entity} in {example:?}: found {got:?}"));
        }
    }
    wrong
}
