//! Special categories: in each language each term counts behind each claim, never alone, and only where its group was asked for.

use sluicegate::detect::{Detectors, Hit, Options, Scratch};
use sluicegate::patterns::{Matcher, RuleSet};
use std::sync::Arc;

const LANGUAGES: [&str; 8] = ["en", "de", "fr", "es", "it", "pt", "nl", "pl"];
const GROUPS: [&str; 8] = ["HEALTH", "RELIGION", "POLITICS", "ETHNICITY", "UNION", "SEXUALITY", "GENETIC", "BIOMETRIC"];

fn detectors(entities: &[&str], min_score: f32) -> Detectors {
    let rules = Arc::new(RuleSet::builtin());
    let mut options = Options { min_score, ..Options::default() };
    if !entities.is_empty() {
        options.enabled = vec![false; rules.entities().len()];
        entities.iter().for_each(|e| options.enabled[rules.entity_named(e).unwrap().index()] = true);
    }
    Detectors::new(rules, &options).unwrap()
}

fn found(detectors: &Detectors, text: &str) -> Vec<(String, String, f32)> {
    let mut hits: Vec<Hit> = Vec::new();
    detectors.find(text.as_bytes(), None, &mut Scratch::default(), &mut hits);
    let name = |h: &Hit| detectors.rules().entity(h.entity).name.clone();
    hits.iter().map(|h| (name(h), text[h.span.range()].to_owned(), h.score)).collect()
}

#[test]
fn each_term_behind_a_claim_of_its_language_and_not_alone() {
    for group in GROUPS {
        let (detectors, low) = (detectors(&[group], 0.5), detectors(&[group], 0.1));
        let mut count = 0;
        for rule in detectors.rules().rules() {
            let Matcher::Special(m) = &rule.matcher else { continue };
            if detectors.rules().entity(rule.entity).name != group {
                continue;
            }
            for language in LANGUAGES {
                let (terms, claims) = (&m.terms[language], &m.claims[language]);
                assert!(terms.len() >= 6 && claims.len() >= 5, "{} {language}", rule.id);
                for (n, term) in terms.iter().enumerate() {
                    let text = format!("{} {term}.", claims[n % claims.len()]);
                    let hits = found(&detectors, &text);
                    assert!(hits.iter().any(|h| h.0 == group && term.contains(&h.1)), "{language}: {text}: {hits:?}");
                    assert_eq!(found(&detectors, &format!("News: {term}")), [], "{language}");
                    let alone = found(&low, &format!("News: {term}"));
                    assert!(alone.iter().any(|h| h.2 < 0.5), "{language}: {term}: {alone:?}");
                    count += 1;
                }
            }
        }
        assert!(count > 60, "{group}: {count}");
    }
}

#[test]
fn nobody_who_has_not_asked_finds_terms() {
    let text = "I have diabetes, I'm Catholic and gay, I voted for Labour";
    assert_eq!(found(&detectors(&[], 0.5), text), []);
    assert_eq!(found(&detectors(&["RELIGION"], 0.5), text), [("RELIGION".to_owned(), "Catholic".to_owned(), 0.8)]);
}

#[test]
fn claims_do_not_reach_over_sentences_and_things() {
    let all = detectors(&GROUPS, 0.5);
    for text in [
        "I have a cold. Diabetes is common",
        "my Diabetes App crashed",
        "I have news about cancer research",
        "my black jacket is lost",
        "I am at the gay bar",
        "she is reading an article about HIV",
        "we offer: asthma inhalers",
    ] {
        assert_eq!(found(&all, text), [], "{text}");
    }
}
