//! Context words: what stands before or after a value raises its score. It never makes a finding out of nothing.

use super::fields::Quick;
use super::{View, chars};
use crate::model::{EntityType, Span};
use crate::patterns::Rule;
use std::collections::HashSet;
use std::hash::BuildHasherDefault;

/// Bytes before a value that are looked at.
const BEFORE: usize = 60;
/// Bytes after a value that are looked at.
const AFTER: usize = 30;

/// Words to look for in a text, in any case.
#[derive(Debug)]
pub(crate) struct Words {
    /// Found as words of their own.
    whole: HashSet<Vec<u8>, BuildHasherDefault<Quick>>,
    /// In scripts without spaces: found anywhere.
    parts: Vec<String>,
    /// The shortest and the longest of `whole`, in bytes: most words of a text are told by their length.
    lengths: (usize, usize),
    /// By byte: whether one of `whole` begins with it.
    firsts: [bool; 256],
}

impl Words {
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Words {
        let (parts, whole): (Vec<String>, Vec<String>) =
            words.into_iter().map(|w| w.to_lowercase().replace('ς', "σ")).partition(|w| w.chars().any(chars::unspaced));
        let shortest = whole.iter().map(String::len).min().unwrap_or(usize::MAX);
        let longest = whole.iter().map(String::len).max().unwrap_or(0);
        let mut firsts = [false; 256];
        whole.iter().filter_map(|w| w.bytes().next()).for_each(|first| firsts[usize::from(first)] = true);
        let whole = whole.into_iter().map(String::into_bytes).collect();
        Words { whole, parts, lengths: (shortest.max(1), longest), firsts }
    }

    /// Whether one of the words stands in `text`.
    pub fn any(&self, text: &[u8]) -> bool {
        if text.is_ascii() {
            let mut near = [0; BEFORE];
            return match near.get_mut(..text.len()) {
                Some(near) => {
                    near.copy_from_slice(text);
                    near.make_ascii_lowercase();
                    self.any_ascii(near)
                }
                None => self.any_ascii(&text.to_ascii_lowercase()),
            };
        }
        let (mut lower, mut word, mut any) = (String::with_capacity(text.len()), 0, false);
        let mut add = |c: char| {
            if !chars::is_alphanumeric(c) && c != '-' && c != '\'' {
                any |= self.word(&lower.as_bytes()[word..]);
                word = lower.len() + c.len_utf8();
            }
            // One letter, which is written otherwise at the end of a word.
            lower.push(if c == 'ς' { 'σ' } else { c });
            true
        };
        let mut at = 0;
        while let Some((c, len)) = chars::after(text, at) {
            chars::lower(c, &mut add);
            at += len;
        }
        add(' ');
        // The letters of the others take three bytes or four.
        any || lower.bytes().any(|b| b >= 0xE0)
            && self.parts.iter().any(|p| memchr::memmem::find(lower.as_bytes(), p.as_bytes()).is_some())
    }

    fn any_ascii(&self, lower: &[u8]) -> bool {
        let within = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'\'');
        lower.split(|b| !within(b)).any(|word| self.word(word))
    }

    /// Whether it is one of the words, with hyphens and apostrophes around it or without.
    fn word(&self, word: &[u8]) -> bool {
        let inner = trimmed(word);
        self.has(word) || inner.len() < word.len() && self.has(inner)
    }

    fn has(&self, word: &[u8]) -> bool {
        (self.lengths.0..=self.lengths.1).contains(&word.len())
            && self.firsts[usize::from(word[0])]
            && self.whole.contains(word)
    }

    /// Whether one of the words stands in the `bytes` before `at`.
    pub fn before(&self, text: &[u8], at: usize, bytes: usize) -> bool {
        self.any(&text[at.saturating_sub(bytes)..at])
    }
}

fn trimmed(mut word: &[u8]) -> &[u8] {
    while let [b'-' | b'\'', rest @ ..] | [rest @ .., b'-' | b'\''] = word {
        word = rest;
    }
    word
}

/// Whether a word is written in capitals alone, as in a list of words: it counts in capitals only. `sin` is a word of many languages,
/// `SIN` is none.
pub(crate) fn in_capitals(word: &str) -> bool {
    word.is_ascii() && word.contains(char::is_alphabetic) && !word.contains(char::is_lowercase)
}

/// The ways in which a word is written: ASCII letters match in any case, of others the three usual ways.
pub(crate) fn spellings(word: &str, exact: bool) -> Vec<String> {
    if exact || word.is_ascii() {
        return vec![word.to_owned()];
    }
    let lower = word.to_lowercase();
    let mut title: String = lower.chars().take(1).flat_map(char::to_uppercase).collect();
    title.extend(lower.chars().skip(1));
    let mut all = vec![word.to_uppercase(), lower, title];
    all.dedup();
    all
}

/// The context words of a rule.
#[derive(Debug)]
pub(crate) struct Context {
    entity: EntityType,
    words: Words,
    against: Words,
    boost: f32,
}

impl Context {
    pub fn new(rule: &Rule) -> Context {
        let words = |words: &[String]| Words::new(words.iter().map(String::as_str));
        Context { entity: rule.entity, words: words(&rule.context), against: words(&rule.against), boost: rule.boost }
    }

    /// Whether a context word of the rule stands near `span`, or the field's name says the same.
    pub fn near(&self, view: &View<'_>, span: Span) -> bool {
        if view.hint == Some(self.entity) {
            return true;
        }
        let to = (span.end + AFTER).min(view.text.len());
        self.words.before(view.text, span.start, BEFORE) || self.words.any(&view.text[span.end..to])
    }

    /// Whether a word before `span` says that it is something else, and none around that it isn't.
    pub fn denied(&self, view: &View<'_>, span: Span) -> bool {
        self.against.before(view.text, span.start, BEFORE) && !self.near(view, span)
    }

    /// `score`, raised by the rule's boost if [`Context::near`]; at most 1.
    pub fn score(&self, view: &View<'_>, span: Span, score: f32) -> f32 {
        if self.near(view, span) { self.raised(score) } else { score }
    }

    /// `score`, raised by the rule's boost; at most 1.
    pub fn raised(&self, score: f32) -> f32 {
        (score + self.boost).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_every_script() {
        let w = Words::new(["Card", "карта", "卡号", "κάρτας", "l'été"]);
        for yes in [
            "my CARD: ",
            "card_number",
            "Карта №",
            "其银行卡号是",
            "(card)",
            "'-card-'",
            "é card",
            "é '-card-'",
            "ΚΆΡΤΑΣ",
            "κάρτας 4",
            "της κάρτας",
            "L'ÉTÉ",
            "\u{fffd}card",
        ] {
            assert!(w.any(yes.as_bytes()), "{yes}");
        }
        for no in ["cardinal", "discard ", "卡", "", "écard", "cardé", "карта1", "é-card-é", "é-'card"] {
            assert!(!w.any(no.as_bytes()), "{no}");
        }
        assert!(w.any(b"\xE9card \xFF") && !w.any(b"discard\xC3"));
        assert!(w.before(b"card 4111", 5, 10));
        assert!(!w.before(b"4111 card", 5, 4));
    }
}
