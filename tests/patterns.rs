//! Every built-in rule against the examples in its own TOML entry: the marked spans are found, and nothing else of
//! its entity.

use sluicegate::detect::examples::complaints;
use sluicegate::detect::review::doubts;
use sluicegate::detect::{Detectors, Options, Scratch};
use sluicegate::patterns::{Matcher, Rule, RuleSet};
use std::path::Path;
use std::sync::Arc;

/// The built-in rules; those on request, too, if `all`: what they find takes the place of what stands in it.
fn everything(all: bool) -> Detectors {
    let rules = Arc::new(RuleSet::builtin());
    let enabled = rules.entities().iter().map(|e| all || !e.on_request).collect();
    Detectors::new(rules, &Options { enabled, ..Options::default() }).expect("the built-in rules compile")
}

#[test]
fn rules_find_their_hits_and_not_their_misses() {
    let detectors = [everything(false), everything(true)];
    let on_request = |r: &Rule| detectors[0].rules().entity(r.entity).on_request;
    let rules = detectors[0].rules().rules().iter();
    let wrong: Vec<String> = rules.flat_map(|r| complaints(&detectors[usize::from(on_request(r))], r)).collect();
    assert!(wrong.is_empty(), "{} examples:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn rules_in_code_say_what_they_take() {
    for rule in RuleSet::builtin().rules() {
        assert!(!matches!(rule.matcher, Matcher::Code(_)) || rule.about.len() > 10, "{} has no `about`", rule.id);
    }
}

/// A user's rules, those of the set beside them.
fn own(text: &str) -> Detectors {
    let mut rules = RuleSet::builtin();
    rules.add(Path::new("own.toml"), text).expect("the rules are in order");
    let enabled = vec![true; rules.entities().len()];
    Detectors::new(Arc::new(rules), &Options { enabled, ..Options::default() }).expect("they compile")
}

#[test]
fn what_is_doubtful_in_own_rules_is_told() {
    let rule =
        |rest: &str| format!("[[rule]]\nid = \"own\"\nentity = \"BADGE\"\ncategory = \"custom\"\nscore = 0.9\n{rest}");
    let doubted = |rest: &str| {
        let detectors = own(&rule(rest));
        doubts(&detectors, detectors.rules().rules().last().unwrap())
    };
    assert_eq!(doubted("regex = 'BDG[0-9]{4}'\nanchors = [\"BDG\"]\nhits = [\"«BDG1234»\"]"), [""; 0]);
    let wide = doubted("regex = '[0-9]{3,}'\nhits = [\"a «1234» b\"]");
    assert!(
        wide[0].starts_with("own.toml:1: rule `own`: it finds ") && wide[0].contains("page of plain text"),
        "{wide:?}"
    );
    let rival = doubted("regex = '[0-9]{3}-[0-9]{3}-[0-9]{4}'\nhits = [\"call «415-555-0142»\"]");
    assert!(rival.iter().any(|d| d.contains("`phone` (PHONE_NUMBER")), "{rival:?}");
}

#[test]
fn a_word_against_it_stops_a_regex_unless_another_speaks_for_it() {
    let detectors =
        own("[[rule]]\nid = \"own\"\nentity = \"BADGE\"\ncategory = \"custom\"\nscore = 0.6\nboost = 0.3\n\
         context = [\"badge\"]\nagainst = [\"order\"]\nregex = 'BDG[0-9]{4}'\nanchors = [\"BDG\"]");
    let scores = |text: &str| {
        let mut hits = Vec::new();
        detectors.find(text.as_bytes(), None, &mut Scratch::default(), &mut hits);
        hits.iter().map(|h| (h.score * 10.0).round() as u32).collect::<Vec<_>>()
    };
    assert_eq!(scores("it is BDG1234"), [6]);
    assert_eq!(scores("order BDG1234"), [0; 0]);
    assert_eq!(scores("order of badge BDG1234"), [9]);
    assert_eq!(scores("BDG1234 in order"), [6]);
}

#[test]
fn a_url_goes_as_a_whole_where_urls_are_asked_for() {
    let found = |options: Options, text: &str| {
        let detectors = Detectors::new(Arc::new(RuleSet::builtin()), &options).unwrap();
        let mut hits = Vec::new();
        detectors.find(text.as_bytes(), None, &mut Scratch::default(), &mut hits);
        hits.iter().map(|h| text[h.span.range()].to_owned()).collect::<Vec<_>>()
    };
    let asked = || Options { enabled: vec![true; RuleSet::builtin().entities().len()], ..Options::default() };
    for (url, within) in [
        ("http://203.0.113.77/admin", "203.0.113.77"),
        ("http://[2001:db8::1]/x", "2001:db8::1"),
        ("https://shop.example/u/marta-lopez?email=marta@mail.example&name=Marta+Lopez", "marta@mail.example"),
        ("https://shop.example/pay?card=4242424242424242&x=1", "4242424242424242"),
    ] {
        let text = format!("see {url} thanks");
        assert_eq!(found(Options::default(), &text), [within]);
        assert_eq!(found(asked(), &text), [url]);
    }
}

#[test]
fn a_check_goes_with_a_regex() {
    let rule = |check: &str| {
        format!(
            "[[rule]]\nid = \"member\"\nentity = \"MEMBER\"\ncategory = \"identification\"\nregex = 'M[- ]?[0-9]{{4}}-?[0-9]{{4}}'\n\
             anchors = [\"M\"]\nscore = 0.9\ncheck = \"{check}\"\nhits = [\"card «M-7992-7383», please\"]\nmisses = [\"card M-7992-7384\"]\n"
        )
    };
    let detectors = own(&rule("mod-97-10"));
    assert_eq!(complaints(&detectors, detectors.rules().rules().last().unwrap()), [""; 0]);
    // It is the check that passes one and not the other.
    let without = own(&rule("mod-97-10").replace("check = \"mod-97-10\"\n", ""));
    assert_eq!(complaints(&without, without.rules().rules().last().unwrap()).len(), 1);
    let error = |text: &str| {
        let mut rules = RuleSet::builtin();
        let added = rules.add(Path::new("own.toml"), text);
        added.and_then(|()| Detectors::new(Arc::new(rules), &Options::default()).map(drop)).unwrap_err().to_string()
    };
    let e = error(&rule("mod-97-1"));
    assert!(
        e.contains("own.toml:1: rule `member`: key `check`: there is no check `mod-97-1`; did you mean `mod-97-10`?"),
        "{e}"
    );
    let e = error(&rule("luhn").replace("regex = 'M[- ]?[0-9]{4}-?[0-9]{4}'", "code = \"card\""));
    assert!(e.contains("own.toml:8: rule `member`: key `check`: it goes with `regex`"), "{e}");
}

#[test]
fn a_wrong_example_is_told() {
    let detectors = everything(true);
    let mut rule = detectors.rules().rules()[0].clone();
    assert_eq!(rule.entity, detectors.rules().entity_named("EMAIL_ADDRESS").unwrap());
    rule.hits = vec!["a «ana@example.com» b".into(), "«no address»".into(), "unmarked ana@example.com".into()];
    rule.misses = vec!["nothing".into(), "ana@example.com".into()];
    let told = complaints(&detectors, &rule);
    assert_eq!(told.len(), 3, "{told:?}");
    rule.hits.clear();
    assert!(complaints(&detectors, &rule)[0].contains("no hits"));
}
