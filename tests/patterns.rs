//! Every built-in rule against the examples in its own TOML entry: the marked spans are found, and nothing else of
//! its entity.

use sluicegate::detect::{Detectors, Options, Scratch};
use sluicegate::model::{EntityType, Span};
use sluicegate::patterns::{Rule, RuleSet};
use std::sync::Arc;

/// The built-in rules, those on request too.
fn everything() -> Detectors {
    let rules = Arc::new(RuleSet::builtin());
    let enabled = vec![true; rules.entities().len()];
    Detectors::new(rules, &Options { enabled, ..Options::default() }).expect("the built-in rules compile")
}

/// An example without its marks, and the spans between « and ».
fn unmark(example: &str) -> (String, Vec<Span>) {
    let (mut text, mut spans, mut open) = (String::new(), Vec::new(), None);
    for c in example.chars() {
        match c {
            '«' => assert!(open.replace(text.len()).is_none(), "« within «: {example}"),
            '»' => spans.push(Span::new(open.take().expect("» without «"), text.len())),
            c => text.push(c),
        }
    }
    assert!(open.is_none(), "« without »: {example}");
    (text, spans)
}

fn found(detectors: &Detectors, text: &str, entity: EntityType) -> Vec<Span> {
    let mut hits = Vec::new();
    detectors.find(text.as_bytes(), None, &mut Scratch::default(), &mut hits);
    hits.iter().filter(|h| h.entity == entity).map(|h| h.span).collect()
}

/// What is wrong with a rule's examples.
fn complaints(detectors: &Detectors, rule: &Rule) -> Vec<String> {
    let mut wrong = Vec::new();
    let entity = &detectors.rules().entity(rule.entity).name;
    let place = format!("{}:{}: rule `{}`", rule.origin.display(), rule.line, rule.id);
    if rule.hits.is_empty() || rule.misses.is_empty() {
        wrong.push(format!("{place}: it has no hits or no misses; give it both"));
    }
    for (example, is_hit) in rule.hits.iter().map(|e| (e, true)).chain(rule.misses.iter().map(|e| (e, false))) {
        let (text, want) = unmark(example);
        if want.is_empty() == is_hit {
            wrong.push(format!("{place}: hits mark their spans with « and », misses have none: {example:?}"));
            continue;
        }
        let got = found(detectors, &text, rule.entity);
        if got != want {
            let got: Vec<&str> = got.iter().map(|s| text.get(s.range()).unwrap_or("(not at characters)")).collect();
            wrong.push(format!("{place}: {entity} in {example:?}: found {got:?}"));
        }
    }
    wrong
}

#[test]
fn rules_find_their_hits_and_not_their_misses() {
    let detectors = everything();
    let wrong: Vec<String> = detectors.rules().rules().iter().flat_map(|r| complaints(&detectors, r)).collect();
    assert!(wrong.is_empty(), "{} examples:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_wrong_example_is_told() {
    let detectors = everything();
    let mut rule = detectors.rules().rules()[0].clone();
    assert_eq!(rule.entity, detectors.rules().entity_named("EMAIL_ADDRESS").unwrap());
    rule.hits = vec!["a «ana@example.com» b".into(), "«no address»".into(), "unmarked ana@example.com".into()];
    rule.misses = vec!["nothing".into(), "ana@example.com".into()];
    let told = complaints(&detectors, &rule);
    assert_eq!(told.len(), 3, "{told:?}");
    rule.hits.clear();
    assert!(complaints(&detectors, &rule)[0].contains("no hits"));
}
