//! Context words: what stands before or after a value raises its score. It never makes a finding out of nothing.

use super::View;
use crate::model::{EntityType, Span};
use crate::patterns::Rule;
use std::collections::HashSet;

/// Bytes before a value that are looked at.
const BEFORE: usize = 60;
/// Bytes after a value that are looked at.
const AFTER: usize = 30;

/// The context words of a rule.
#[derive(Debug)]
pub(crate) struct Context {
    entity: EntityType,
    words: HashSet<Vec<u8>>,
    boost: f32,
}

impl Context {
    pub fn new(rule: &Rule) -> Context {
        Context {
            entity: rule.entity,
            words: rule.context.iter().map(|w| w.to_lowercase().into_bytes()).collect(),
            boost: rule.boost,
        }
    }

    /// Whether a context word of the rule stands near `span`, or the field's name says the same.
    pub fn near(&self, view: &View<'_>, span: Span) -> bool {
        if view.hint == Some(self.entity) {
            return true;
        }
        let from = span.start.saturating_sub(BEFORE);
        let to = (span.end + AFTER).min(view.text.len());
        self.any(&view.text[from..span.start]) || self.any(&view.text[span.end..to])
    }

    /// `score`, raised by the rule's boost if [`Context::near`]; at most 1.
    pub fn score(&self, view: &View<'_>, span: Span, score: f32) -> f32 {
        if self.near(view, span) { (score + self.boost).min(1.0) } else { score }
    }

    /// Whether one of the words stands in `text` as a word of its own, in any case.
    fn any(&self, text: &[u8]) -> bool {
        let lower = String::from_utf8_lossy(text).to_lowercase();
        lower
            .split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '\''))
            .flat_map(|w| [w, w.trim_matches(|c: char| !c.is_alphanumeric())])
            .any(|w| self.words.contains(w.as_bytes()))
    }
}
