//! Messages: a few clauses of one language, now and then a value or something that looks like one.

use super::rng::Rng;
use super::values::{self, Kind, Text};
use super::words::Language;

/// What shares of the texts hold what.
#[derive(Clone, Copy)]
pub struct Shares {
    /// One of the four must-have types.
    pub values: f64,
    /// Something that only looks like one.
    pub negatives: f64,
}

/// How long texts are.
#[derive(Clone, Copy, PartialEq)]
pub enum Length {
    /// As in a chat: short replies, one sentence, rarely several.
    Chat,
    /// As in speech.
    Speech,
    /// As in a letter.
    Prose,
}

/// Writes a text of `language` into `text`.
pub fn compose(rng: &mut Rng, language: &Language, shares: Shares, length: Length, text: &mut Text) {
    text.clear();
    let value = rng.chance(shares.values);
    let negative = rng.chance(shares.negatives);
    if length == Length::Chat && rng.chance(0.3) {
        text.text.push_str(rng.pick(language.short));
    } else {
        let n = match length {
            Length::Chat => [1, 1, 1, 2, 2, 3, 5][rng.below(7)],
            Length::Speech => rng.range(1, 6),
            Length::Prose => rng.range(6, 16),
        };
        for i in 0..n {
            clause(rng, language, length, i, text);
        }
    }
    if negative {
        gap(rng, language, text);
        values::negative(rng, language, &mut text.text);
    }
    if value {
        gap(rng, language, text);
        carry(rng, language, text);
        if rng.chance(0.3) {
            gap(rng, language, text);
            text.text.push_str(rng.pick(language.short));
        }
    }
    if length == Length::Prose || rng.chance(0.25) {
        text.text.push_str(language.stop);
    }
}

/// What stands between two parts of a message.
fn gap(rng: &mut Rng, language: &Language, text: &mut Text) {
    match rng.below(10) {
        0..=5 => text.text.push_str([", ", ". ", " - ", "; "][rng.below(4)]),
        6 => text.text.push('\n'),
        7 if language.space.is_empty() => text.text.push('，'),
        _ => text.text.push(' '),
    }
}

fn clause(rng: &mut Rng, language: &Language, length: Length, i: usize, text: &mut Text) {
    if i > 0 {
        let full = length == Length::Prose && i.is_multiple_of(2) || rng.chance(0.3);
        let comma = if language.space.is_empty() { "、" } else { "," };
        text.text.push_str(if full { language.stop } else { comma });
        text.text.push_str(language.space);
    }
    let clause = rng.pick(language.clauses);
    let (before, after) = clause.split_once('_').unwrap_or((clause, ""));
    text.text.push_str(before);
    if before.len() < clause.len() {
        text.text.push_str(rng.pick(language.nouns));
    }
    text.text.push_str(after);
}

/// A value in a clause that leads to it, or bare, or in the wrapping in which such values travel.
fn carry(rng: &mut Rng, language: &Language, text: &mut Text) {
    let kind: Kind = match rng.below(100) {
        0..=39 => values::EMAIL,
        40..=79 => values::PHONE,
        80..=89 => values::IP,
        _ => values::CARD,
    };
    let carriers = match kind {
        values::EMAIL => language.email,
        values::PHONE => language.phone,
        values::IP => language.ip,
        _ => language.card,
    };
    // A telephone number at home's form without any context is nobody's to tell: it always has its clause.
    let carrier = if kind == values::PHONE || rng.chance(0.8) { rng.pick(carriers) } else { "_" };
    let (before, after) = carrier.split_once('_').unwrap_or((carrier, ""));
    text.text.push_str(before);
    let mut value = String::new();
    match kind {
        values::EMAIL => values::email(rng, &mut value),
        values::PHONE => values::phone(rng, language, &mut value),
        values::CARD => values::card(rng, &mut value),
        _ => values::ip(rng, &mut value),
    }
    let (open, close) = match (kind, rng.below(20)) {
        (values::EMAIL, 0) => ("<", ">"),
        (values::EMAIL, 1) => ("mailto:", ""),
        (values::EMAIL, 2) => ("(", ")"),
        (values::IP, 0..=2) if value.contains(':') => ("http://[", "]:8080/"),
        (values::IP, 0..=2) => ("http://", ":8080/"),
        (values::IP, 3) => ("from=", ""),
        _ => ("", ""),
    };
    text.text.push_str(open);
    text.value(kind, |out| out.push_str(&value));
    text.text.push_str(close);
    text.text.push_str(after);
}
