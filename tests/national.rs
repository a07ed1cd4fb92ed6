//! National ids in sentences: found beside the word that names them, not without it where their check is weak, and not as
//! something else.

use proptest::prelude::*;
use sluicegate::detect::{Detectors, Hit, Options, Scratch};
use sluicegate::patterns::{Matcher, RuleSet};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

fn detectors() -> &'static Detectors {
    static ONCE: OnceLock<Detectors> = OnceLock::new();
    ONCE.get_or_init(|| Detectors::new(Arc::new(RuleSet::builtin()), &Options::default()).unwrap())
}

/// What is found in `text`: the entity's name and the value.
fn found(text: &str) -> Vec<(String, String)> {
    let mut hits: Vec<Hit> = Vec::new();
    detectors().find(text.as_bytes(), None, &mut Scratch::default(), &mut hits);
    let rules = detectors().rules();
    hits.iter().map(|h| (rules.entity(h.entity).name.clone(), text[h.span.range()].to_owned())).collect()
}

/// By check: synthetic numbers that pass.
fn numbers() -> BTreeMap<&'static str, Vec<&'static str>> {
    let lines = include_str!("../src/detect/national/vectors.txt").lines().filter(|l| !l.starts_with('#'));
    lines
        .map(|l| {
            let (check, rest) = l.split_once(' ').unwrap();
            (check, rest.split(" | ").next().unwrap().split(' ').collect())
        })
        .collect()
}

/// `number` in the form that the table writes with `#`, `@`, `*` and a space; `None`: it hasn't that many characters.
fn written(number: &str, form: &str) -> Option<String> {
    let mut chars = number.chars();
    let mut out = String::new();
    for p in form.chars() {
        match p {
            ' ' | '-' | '.' | '/' | '+' => out.push(p),
            '#' => out.push(chars.next().filter(char::is_ascii_digit)?),
            '@' => out.push(chars.next().filter(char::is_ascii_alphabetic)?),
            '*' => out.push(chars.next()?),
            own => out.push(chars.next().filter(|c| *c == own)?),
        }
    }
    chars.next().is_none().then_some(out)
}

#[test]
fn each_form_beside_each_word() {
    let numbers = numbers();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for rule in detectors().rules().rules() {
        let Matcher::National(m) = &rule.matcher else { continue };
        let entity = &detectors().rules().entity(rule.entity).name;
        for (n, number) in numbers.get(m.check.as_str()).into_iter().flatten().enumerate() {
            for form in &m.forms {
                let Some(value) = written(number, form) else { continue };
                let word = &rule.context[n % rule.context.len()];
                let text = format!("so, {word}: {value}, thanks");
                count += 1;
                let hits = found(&text);
                if hits.len() != 1 || hits[0].1 != value || (hits[0].0 != *entity && !shared(&m.check)) {
                    wrong.push(format!("{}: {text}: {hits:?}", rule.id));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}: {wrong:#?}", wrong.len());
    assert!(count > 300, "{count}");
}

/// Two countries number alike.
fn shared(check: &str) -> bool {
    check == "ee-ik"
}

#[test]
fn bare_digits_with_a_weak_check_need_a_word() {
    let strong = ["cn-ric", "luhn"];
    for (check, all) in numbers() {
        for number in all.iter().filter(|n| n.bytes().all(|b| b.is_ascii_digit()) && !strong.contains(&check)) {
            for text in [format!("the {number} of"), format!("order {number}"), format!("{{\"n\":{number}}}")] {
                assert_eq!(found(&text), [], "{check}");
            }
        }
    }
}

#[test]
fn what_is_no_id_of_a_person() {
    for text in [
        "IMEI 490154203237518",
        "ISBN 9780306406157",
        "EAN 7612345678900",
        "ts=1709546420963 id=1709546420",
        "tracking 1Z999AA10123456784",
        "Bestellnummer 86095742719",
        "invoice 9434765919",
        "phone 943 476 5919",
        "build 20240131123456",
        "sha 4bf92f3577b34da6a3ce929d0e0e4736",
        "NHS: call 943 476 5919",
        "0x12345678L",
        "20240101T000000",
        "v1.2.3.4",
        "PO 710319 2745",
        "seq 44051401359 of 44051401360",
        "uuid 123e4567-e89b-12d3-a456-426614174000",
    ] {
        let ids: Vec<_> = found(text).into_iter().filter(|(e, _)| !e.starts_with("PHONE")).collect();
        assert_eq!(ids, [], "{text}");
    }
}

#[test]
fn the_word_decides_what_a_number_is() {
    for (text, entity, value) in [
        ("NHS number 943 476 5919", "UK_NHS", "943 476 5919"),
        ("his NHS number is 9434765919, phone 020 7946 0018", "UK_NHS", "9434765919"),
        ("phone 943 476 5919 (NHS helpline)", "PHONE_NUMBER", "943 476 5919"),
        ("SIN 130-692-544", "CA_SIN", "130-692-544"),
        ("TFN: 123 456 782", "AU_TFN", "123 456 782"),
        ("BSN 111222333", "NL_BSN", "111222333"),
        ("PESEL:44051401359", "PL_PESEL", "44051401359"),
        ("numer PESEL 44051401359", "PL_PESEL", "44051401359"),
        ("cpf=39053344705", "BR_CPF", "39053344705"),
        ("{\"note\": \"cpf 390.533.447-05\"}", "BR_CPF", "390.533.447-05"),
    ] {
        let want = (entity.to_owned(), value.to_owned());
        assert!(found(text).contains(&want), "{text}: {:?}", found(text));
    }
}

proptest! {
    /// No digits make it panic or take more than one of overlapping readings.
    #[test]
    fn any_digits_are_taken(text in "([0-9]{1,6}[ ./-]?|[A-Z]{1,6}|PESEL |nhs |é|番号){0,30}") {
        let hits = found(&text);
        prop_assert!(hits.iter().map(|h| h.1.len()).sum::<usize>() <= text.len());
    }
}
