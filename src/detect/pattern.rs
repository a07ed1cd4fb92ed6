//! A rule whose matcher is a regular expression from TOML, tried at its literal anchors (or everywhere if it has none).

use super::anchors::{Anchor, Kinds};
use super::checks::{self, Check};
use super::context::Context;
use super::{Detector, Match, REACH, View, chars};
use crate::error::{Error, Result, nearest};
use crate::model::Span;
use crate::patterns::{PatternMatcher, Rule};
use regex::bytes::{Captures, Regex, RegexBuilder};
use std::path::PathBuf;
use std::sync::OnceLock;

#[derive(Debug)]
pub(crate) struct Pattern {
    at_literal: bool,
    lead: usize,
    source: Source,
    /// Compiled when it is needed.
    regex: OnceLock<Regex>,
    word: bool,
    check: Option<Check>,
    score: f32,
    context: Context,
}

/// What a regex is compiled from, and where it stands.
#[derive(Debug)]
struct Source {
    regex: String,
    unicode: bool,
    ignore_case: bool,
    origin: PathBuf,
    line: usize,
    rule: String,
}

impl Source {
    fn build(&self) -> std::result::Result<Regex, regex::Error> {
        RegexBuilder::new(&self.regex).unicode(self.unicode).case_insensitive(self.ignore_case).build()
    }
}

impl Pattern {
    /// # Errors
    ///
    /// Its check doesn't exist.
    pub fn new(rule: &Rule, p: &PatternMatcher) -> Result<Pattern> {
        let at_literal = !p.anchors.is_empty();
        let regex = if at_literal && p.lead == 0 { format!("^(?:{})", p.regex) } else { p.regex.clone() };
        let source = Source {
            regex,
            unicode: p.unicode,
            ignore_case: p.ignore_case,
            origin: rule.origin.clone(),
            line: rule.line,
            rule: rule.id.clone(),
        };
        let check = p.check.as_deref().map(|name| {
            checks::named(name).ok_or_else(|| {
                let hint = nearest(name, checks::names()).map_or_else(
                    || format!("known are {}", checks::names().join(", ")),
                    |n| format!("did you mean `{n}`?"),
                );
                let what = format!("rule `{}`: key `check`: there is no check `{name}`; {hint}", rule.id);
                Error::Config { path: rule.origin.clone(), line: rule.line, what }
            })
        });
        let (lead, word, score, context) = (p.lead, p.word, rule.score, Context::new(rule));
        Ok(Pattern {
            at_literal,
            lead,
            source,
            regex: OnceLock::new(),
            word,
            check: check.transpose()?,
            score,
            context,
        })
    }

    /// Compiles the regex now.
    ///
    /// # Errors
    ///
    /// It can't be compiled. Of the built-in ones, a test has seen that they can.
    pub fn compile(&self) -> Result<()> {
        let built = self.source.build().map_err(|e| Error::Config {
            path: self.source.origin.clone(),
            line: self.source.line,
            what: format!("rule `{}`: its regex does not compile: {e}", self.source.rule),
        })?;
        let _ = self.regex.set(built);
        Ok(())
    }

    /// A user's is compiled at the start, and of the built-in ones a test has seen that they can be. Were one not, the record must
    /// fail: nothing may pass because a rule could not look at it.
    fn regex(&self) -> &Regex {
        self.regex.get_or_init(|| self.source.build().expect("a test compiles the built-in regexes"))
    }

    fn accept(&self, view: &View<'_>, span: Span, out: &mut Vec<Match>) -> bool {
        if span.is_empty()
            || (self.word && (chars::word_before(view.text, span.start) || chars::word_after(view.text, span.end)))
        {
            return false;
        }
        if self.check.is_some_and(|check| !check(&written(&view.text[span.range()]))) {
            return false;
        }
        if self.context.denied(view, span) {
            return false;
        }
        out.push(Match { span, score: self.context.score(view, span, self.score) });
        true
    }
}

/// The letters, as capitals, and digits of a value.
fn written(value: &[u8]) -> Vec<u8> {
    value.iter().filter(|b| b.is_ascii_alphanumeric()).map(u8::to_ascii_uppercase).collect()
}

impl Detector for Pattern {
    fn kinds(&self) -> Kinds {
        if self.at_literal { Kinds::LITERAL } else { Kinds::TEXT }
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        if !self.at_literal {
            for m in self.regex().find_iter(view.text) {
                self.accept(view, Span::new(m.start(), m.end()), out);
            }
            return view.text.len();
        }
        let start = anchor.start();
        let from = start.saturating_sub(self.lead);
        let window = &view.text[from..(start + REACH).min(view.text.len())];
        // A group named `value` narrows the finding to a part of what was matched.
        let at = start - from;
        // What ends before the anchor, such as another address, is another anchor's.
        let here = |c: &Captures<'_>| c.get(0).is_some_and(|m| m.end() > at);
        let Some(found) = self.regex().captures_iter(window).find(here) else { return start + 1 };
        let Some(all) = found.get(0).filter(|m| m.start() <= at) else { return start + 1 };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patterns::{Matcher, RuleSet};

    #[test]
    fn the_built_in_regexes_compile() {
        let rules = RuleSet::builtin();
        let patterns = rules.rules().iter().filter_map(|r| match &r.matcher {
            Matcher::Pattern(p) => Some(Pattern::new(r, p).unwrap()),
            _ => None,
        });
        assert!(patterns.map(|p| p.compile().unwrap()).count() > 20);
    }
}
