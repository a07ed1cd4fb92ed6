//! Every built-in rule against the examples in its own TOML entry: the marked spans are found, and nothing else of
//! its entity.

use sluicegate::detect::examples::complaints;
use sluicegate::detect::{Detectors, Options};
use sluicegate::patterns::{Matcher, RuleSet};
use std::sync::Arc;

/// The built-in rules, those on request too.
fn everything() -> Detectors {
    let rules = Arc::new(RuleSet::builtin());
    let enabled = vec![true; rules.entities().len()];
    Detectors::new(rules, &Options { enabled, ..Options::default() }).expect("the built-in rules compile")
}

#[test]
fn rules_find_their_hits_and_not_their_misses() {
    let detectors = everything();
    let wrong: Vec<String> = detectors.rules().rules().iter().flat_map(|r| complaints(&detectors, r)).collect();
    assert!(wrong.is_empty(), "{} examples:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn rules_in_code_say_what_they_take() {
    for rule in RuleSet::builtin().rules() {
        assert!(!matches!(rule.matcher, Matcher::Code(_)) || rule.about.len() > 10, "{} has no `about`", rule.id);
    }
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
