//! Words near a number that say what it is: `Tel.`, `call me on`, `手机`; or what else it is: `order`, `Rechnung`.
//! The nearest word decides.

use crate::detect::chars;
use crate::error::{Error, Result};
use crate::patterns::Rule;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};

/// Bytes before a number that are looked at.
const BEFORE: usize = 48;
/// Bytes after.
const AFTER: usize = 20;

/// What the words near a number say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// It is a phone number.
    Phone,
    /// It is something else.
    Other,
    /// Nothing.
    Nothing,
}

/// The words of a rule, compiled.
#[derive(Debug)]
pub struct Words {
    words: AhoCorasick,
    /// Words below are for, the rest against.
    against: usize,
}

impl Words {
    /// Compiles the context words of `rule`, and those against.
    ///
    /// # Errors
    ///
    /// More words than the automaton holds.
    pub fn new(rule: &Rule) -> Result<Words> {
        // ASCII letters match in any case; other letters in the three usual ways of writing a word.
        let spellings = |words: &[String]| -> Vec<String> {
            let mut all: Vec<String> = words
                .iter()
                .flat_map(|w| {
                    let lower = w.to_lowercase();
                    let mut title: String = lower.chars().take(1).flat_map(char::to_uppercase).collect();
                    title.extend(lower.chars().skip(1));
                    [lower, title, w.to_uppercase()]
                })
                .collect();
            all.sort();
            all.dedup();
            all
        };
        let mut all = spellings(&rule.context);
        let against = all.len();
        all.extend(spellings(&rule.against));
        let words = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(&all)
            .map_err(|e| Error::Usage(format!("the words of rule `{}` can't be compiled: {e}", rule.id)))?;
        Ok(Words { words, against })
    }

    /// What the last word before `at` says.
    pub fn before(&self, text: &[u8], at: usize) -> Said {
        let from = line_before(text, at);
        let mut best = (0, Said::Nothing);
        for m in self.words.find_overlapping_iter(&text[from..at]) {
            if m.end() >= best.0 && whole(text, from + m.start(), from + m.end()) {
                best = (m.end(), self.says(m.pattern().as_usize()));
            }
        }
        best.1
    }

    /// What the first word after `at` says.
    pub fn after(&self, text: &[u8], at: usize) -> Said {
        let to = (at + AFTER).min(text.len());
        let stop =
            text[at..to].iter().position(|b| matches!(b, b'\n' | b',' | b';' | b'"' | b'|' | b'{' | b'0'..=b'9'));
        let to = stop.map_or(to, |i| at + i);
        let mut best = (usize::MAX, Said::Nothing);
        for m in self.words.find_overlapping_iter(&text[at..to]) {
            if m.start() < best.0 && whole(text, at + m.start(), at + m.end()) {
                best = (m.start(), self.says(m.pattern().as_usize()));
            }
        }
        best.1
    }

    fn says(&self, pattern: usize) -> Said {
        if pattern < self.against { Said::Phone } else { Said::Other }
    }
}

/// Where to begin looking before `at`: at most one line break back, and that only right behind a label.
fn line_before(text: &[u8], at: usize) -> usize {
    let from = at.saturating_sub(BEFORE);
    match text[from..at].iter().rposition(|b| *b == b'\n') {
        None => from,
        Some(i) => {
            let label = text[from..from + i].trim_ascii_end();
            let bare = text[from + i..at].iter().all(|b| !b.is_ascii_alphanumeric());
            if !(bare && label.ends_with(b":")) {
                return from + i + 1;
            }
            label.iter().rposition(|b| *b == b'\n').map_or(from, |j| from + j + 1)
        }
    }
}

/// Whether no letter stands on either side. Scripts without spaces have no such sides.
fn whole(text: &[u8], start: usize, end: usize) -> bool {
    let letter = |c: Option<(char, usize)>| c.is_some_and(|(c, _)| c.is_alphabetic() && !chars::unspaced(c));
    let first = chars::after(text, start).is_some_and(|(c, _)| c.is_alphabetic() && !chars::unspaced(c));
    let last = chars::before(text, end).is_some_and(|(c, _)| c.is_alphabetic() && !chars::unspaced(c));
    let glued = first && letter(chars::before(text, start)) || last && letter(chars::after(text, end));
    !glued
}
