//! Context words: what stands before or after a value raises its score. It never makes a finding out of nothing.

use super::{View, chars};
use crate::model::{EntityType, Span};
use crate::patterns::Rule;
use std::collections::HashSet;

/// Bytes before a value that are looked at.
const BEFORE: usize = 60;
/// Bytes after a value that are looked at.
const AFTER: usize = 30;

/// Words to look for in a text, in any case.
#[derive(Debug)]
pub(crate) struct Words {
    /// Found as words of their own.
    whole: HashSet<Vec<u8>>,
    /// In scripts without spaces: found anywhere.
    parts: Vec<String>,
}

impl Words {
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Words {
        let (parts, whole): (Vec<String>, Vec<String>) =
            words.into_iter().map(str::to_lowercase).partition(|w| w.chars().any(chars::unspaced));
        Words { whole: whole.into_iter().map(String::into_bytes).collect(), parts }
    }

    /// Whether one of the words stands in `text`.
    pub fn any(&self, text: &[u8]) -> bool {
        let lower = String::from_utf8_lossy(text).to_lowercase();
        lower
            .split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '\''))
            .flat_map(|w| [w, w.trim_matches(|c: char| !c.is_alphanumeric())])
            .any(|w| self.whole.contains(w.as_bytes()))
            || (!lower.is_ascii() && self.parts.iter().any(|p| lower.contains(p.as_str())))
    }

    /// Whether one of the words stands in the `bytes` before `at`.
    pub fn before(&self, text: &[u8], at: usize, bytes: usize) -> bool {
        self.any(&text[at.saturating_sub(bytes)..at])
    }
}

/// The context words of a rule.
#[derive(Debug)]
pub(crate) struct Context {
    entity: EntityType,
    words: Words,
    boost: f32,
}

impl Context {
    pub fn new(rule: &Rule) -> Context {
        Context { entity: rule.entity, words: Words::new(rule.context.iter().map(String::as_str)), boost: rule.boost }
    }

    /// Whether a context word of the rule stands near `span`, or the field's name says the same.
    pub fn near(&self, view: &View<'_>, span: Span) -> bool {
        if view.hint == Some(self.entity) {
            return true;
        }
        let to = (span.end + AFTER).min(view.text.len());
        self.words.before(view.text, span.start, BEFORE) || self.words.any(&view.text[span.end..to])
    }

    /// `score`, raised by the rule's boost if [`Context::near`]; at most 1.
    pub fn score(&self, view: &View<'_>, span: Span, score: f32) -> f32 {
        if self.near(view, span) { (score + self.boost).min(1.0) } else { score }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_every_script() {
        let w = Words::new(["Card", "карта", "卡号"]);
        for yes in ["my CARD: ", "card_number", "Карта №", "其银行卡号是", "(card)"] {
            assert!(w.any(yes.as_bytes()), "{yes}");
        }
        for no in ["cardinal", "discard ", "卡", ""] {
            assert!(!w.any(no.as_bytes()), "{no}");
        }
        assert!(w.before(b"card 4111", 5, 10));
        assert!(!w.before(b"4111 card", 5, 4));
    }
}
