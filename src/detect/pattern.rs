//! A rule whose matcher is a regular expression from TOML, tried at its literal anchors (or everywhere if it has none).

use super::anchors::{Anchor, Kinds};
use super::context::Context;
use super::{Detector, Match, REACH, View, chars};
use crate::error::{Error, Result};
use crate::model::Span;
use crate::patterns::{PatternMatcher, Rule};
use regex::bytes::{Regex, RegexBuilder};

#[derive(Debug)]
pub(crate) struct Pattern {
    at_literal: bool,
    lead: usize,
    regex: Regex,
    word: bool,
    score: f32,
    context: Context,
}

impl Pattern {
    pub fn new(rule: &Rule, p: &PatternMatcher) -> Result<Pattern> {
        let at_literal = !p.anchors.is_empty();
        let source = if at_literal && p.lead == 0 { format!("^(?:{})", p.regex) } else { p.regex.clone() };
        let regex =
            RegexBuilder::new(&source).unicode(p.unicode).case_insensitive(p.ignore_case).build().map_err(|e| {
                Error::Config {
                    path: rule.origin.clone(),
                    line: rule.line,
                    what: format!("rule `{}`: its regex does not compile: {e}", rule.id),
                }
            })?;
        Ok(Pattern { at_literal, lead: p.lead, regex, word: p.word, score: rule.score, context: Context::new(rule) })
    }

    fn accept(&self, view: &View<'_>, span: Span, out: &mut Vec<Match>) -> bool {
        if span.is_empty()
            || (self.word && (chars::word_before(view.text, span.start) || chars::word_after(view.text, span.end)))
        {
            return false;
        }
        out.push(Match { span, score: self.context.score(view, span, self.score) });
        true
    }
}

impl Detector for Pattern {
    fn kinds(&self) -> Kinds {
        if self.at_literal { Kinds::LITERAL } else { Kinds::TEXT }
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        if !self.at_literal {
            for m in self.regex.find_iter(view.text) {
                self.accept(view, Span::new(m.start(), m.end()), out);
            }
            return view.text.len();
        }
        let start = anchor.start();
        let from = start.saturating_sub(self.lead);
        let window = &view.text[from..(start + REACH).min(view.text.len())];
        // A group named `value` narrows the finding to a part of what was matched.
        let Some(found) = self.regex.captures(window) else { return start + 1 };
        let Some(all) = found.get(0).filter(|m| (m.start()..m.end()).contains(&(start - from))) else {
            return start + 1;
        };
        let m = found.name("value").unwrap_or(all);
        let span = Span::new(from + m.start(), from + m.end());
        // A label is a word, or the last one of a name such as `userPassword` or `user_password`.
        let label = from + all.start();
        let named = m.start() > all.start() && view.text[label].is_ascii_alphabetic();
        let glued = named && label > 0 && {
            let humps = view.text[label].is_ascii_uppercase() && view.text[label - 1].is_ascii_lowercase();
            chars::word_before(view.text, label) && view.text[label - 1] != b'_' && !humps
        };
        if self.word && glued {
            return start + 1;
        }
        if self.accept(view, span, out) { span.end } else { start + 1 }
    }
}
