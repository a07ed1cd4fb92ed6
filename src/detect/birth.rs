//! DATE_OF_BIRTH: a date beside a word for birth. Other dates are nobody's.

use super::anchors::{Anchor, Kinds};
use super::dates::{self, Depth};
use super::{Detector, Match, View, chars};
use crate::patterns::Rule;

/// What words for birth begin with. Each is looked for in all text: few, and none shorter than it must be.
const LITERALS: &[&str] = &[
    "born",
    "birth",
    "dob:",
    "dob ",
    "geboren",
    "geburt",
    "geboorte",
    "naissance",
    "né le",
    "née le",
    "nacid",
    "nacim",
    "nascid",
    "nascim",
    "nascit",
    "nato il",
    "nata il",
    "urodz",
    "född",
    "født",
    "fødsels",
    "födelse",
    "рожд",
    "родил",
    "doğum",
    "生年月日",
    "生まれ",
    "出生",
    "생년월일",
];
/// Behind these the date stands before the word: `1990年5月3日生まれ`.
const AFTER: &[&str] = &["生まれ", "出生", "doğum"];

/// Bytes between a word and its date.
const BETWEEN: usize = 40;
/// Words between them.
const WORDS: usize = 5;
/// Bytes of a date before a word.
const BEFORE: usize = 24;

/// Words that part a date from the word before it.
const OTHER: &[&str] = &[
    "died",
    "moved",
    "married",
    "joined",
    "since",
    "until",
    "till",
    "gestorben",
    "verstorben",
    "mort",
    "morte",
    "décédé",
    "falleció",
    "murió",
    "morto",
    "zm",
    "zmarł",
    "умер",
    "before",
    "after",
    "vor",
    "nach",
    "avant",
    "après",
    "certificate",
    "announcement",
    "defects",
    "party",
    "cake",
    "gift",
    "card",
    "control",
    "rate",
    "order",
];

#[derive(Debug)]
pub(crate) struct Birth {
    score: f32,
}

impl Birth {
    pub fn new(rule: &Rule) -> Birth {
        Birth { score: rule.score }
    }
}

impl Detector for Birth {
    fn kinds(&self) -> Kinds {
        Kinds::LITERAL
    }

    fn literals(&self) -> &[&'static str] {
        LITERALS
    }

    fn within_words(&self) -> bool {
        false
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        let (text, start) = (view.text, anchor.start());
        let found = behind(text, start).or_else(|| before(text, start));
        let Some((span, depth)) = found else { return start + 1 };
        let score = if depth == Depth::Full { self.score } else { self.score - 0.3 };
        out.push(Match { span, score });
        span.end.max(start + 1)
    }
}

/// The date behind the word at `start`.
fn behind(text: &[u8], start: usize) -> Option<(crate::model::Span, Depth)> {
    let limit = text.len().min(start + BETWEEN + 16);
    let mut at = start;
    let mut words = 0;
    while at < limit {
        let (c, len) = chars::after(text, at)?;
        if chars::is_alphanumeric(c) {
            // A form's hint is no word: `(dd/mm/yyyy)`.
            if at > start
                && let Some(found) = dates::read(text, at)
            {
                return Some(found);
            }
            if c.is_ascii_digit() {
                return None;
            }
            let word = word(text, at);
            if OTHER.iter().any(|o| word.eq_ignore_ascii_case(o)) {
                return None;
            }
            words += usize::from(!word.bytes().all(|b| b"dmyjtaDMYJTA".contains(&b)));
            if words > WORDS {
                return None;
            }
            at += word.len().max(len);
            continue;
        }
        let ends = matches!(c, ';' | '!' | '?' | '\u{1A}')
            || c == '.' && text.get(at + 1) == Some(&b' ') && at > start + 8 && !short(text, at);
        let label = c == '\n' && !text[start..at].trim_ascii_end().ends_with(b":");
        if ends || label {
            return None;
        }
        at += len;
    }
    None
}

/// Whether a word of at most four letters stands before the dot at `at`: `geb. 3.5.1990`.
fn short(text: &[u8], at: usize) -> bool {
    text[..at].iter().rev().take(5).take_while(|b| b.is_ascii_alphabetic()).count() <= 4
}

/// The word at `at`: its letters.
fn word(text: &[u8], at: usize) -> &str {
    let mut end = at;
    while let Some((_, len)) = chars::after(text, end).filter(|(c, _)| chars::is_letter(*c) && end - at < 48) {
        end += len;
    }
    std::str::from_utf8(&text[at..end]).unwrap_or("")
}

/// The date right before the word at `at`, in languages that put it there.
fn before(text: &[u8], at: usize) -> Option<(crate::model::Span, Depth)> {
    AFTER.iter().find(|w| text[at..].starts_with(w.as_bytes()))?;
    let from = at.saturating_sub(BEFORE);
    let starts = (from..at).filter(|i| text[*i].is_ascii_digit() && (*i == 0 || !text[*i - 1].is_ascii_digit()));
    starts.filter_map(|i| dates::read(text, i)).find(|(span, depth)| {
        *depth == Depth::Full
            && text.get(span.end..at).is_some_and(|t| t.len() <= 4 && !t.iter().any(u8::is_ascii_alphanumeric))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_bytes_are_taken() {
        for text in ["born", "born ", "born \u{e9}", "born 1", "出生", "1990年5月3日出生", "born (dd/mm/yyyy): 1"]
        {
            for cut in 0..=text.len() {
                let _ = behind(&text.as_bytes()[..cut], 0);
                let _ = before(text.as_bytes(), cut);
            }
        }
    }
}
