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
            words.into_iter().map(str::to_lowercase).partition(|w| w.chars().any(chars::unspaced));
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
        let lower = String::from_utf8_lossy(text).to_lowercase();
        let sign = |c: char| !chars::is_alphanumeric(c);
        let mut words = lower.split(|c: char| sign(c) && c != '-' && c != '\'');
        let has = |w: &str| self.has(w.as_bytes());
        words.any(|w| has(w) || (w.starts_with(sign) || w.ends_with(sign)) && has(w.trim_matches(sign)))
            // Their letters take three bytes or four.
            || lower.bytes().any(|b| b >= 0xE0)
                && self.parts.iter().any(|p| memchr::memmem::find(lower.as_bytes(), p.as_bytes()).is_some())
    }

    fn any_ascii(&self, lower: &[u8]) -> bool {
        let word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'\'');
        lower.split(|b| !word(b)).any(|w| {
            let inner = trimmed(w);
            self.has(w) || inner.len() < w.len() && self.has(inner)
        })
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
        let w = Words::new(["Card", "карта", "卡号"]);
        for yes in ["my CARD: ", "card_number", "Карта №", "其银行卡号是", "(card)", "'-card-'"] {
            assert!(w.any(yes.as_bytes()), "{yes}");
        }
        for no in ["cardinal", "discard ", "卡", ""] {
            assert!(!w.any(no.as_bytes()), "{no}");
        }
        assert!(w.before(b"card 4111", 5, 10));
        assert!(!w.before(b"4111 card", 5, 4));
    }
}
