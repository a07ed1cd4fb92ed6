//! IP_ADDRESS, version 4: four numbers to 255 with dots, told apart from versions, section numbers and object ids in
//! [`numbering`]. Version 6 is in [`v6`].

mod numbering;
pub(super) mod v6;
mod version;

use super::anchors::{Anchor, Kinds};
use super::context::Context;
use super::{Detector, Match, View, chars};
use crate::model::{EntityType, Span};
use crate::patterns::Rule;

/// Names under which an address stands written as a host name.
const AS_NAME: &[&str] = &[".in-addr.arpa", ".nip.io", ".sslip.io", ".xip.io"];

/// The separators of an address: the dot, and the forms that keep programs from linking it.
const DEFANGED: &[&str] = &["[.]", "(.)", "{.}", "[dot]", "(dot)"];

#[derive(Debug)]
pub(crate) struct V4 {
    entity: EntityType,
    score: f32,
    context: Context,
}

impl V4 {
    pub fn new(rule: &Rule) -> V4 {
        V4 { entity: rule.entity, score: rule.score, context: Context::new(rule) }
    }
}

impl Detector for V4 {
    fn kinds(&self) -> Kinds {
        Kinds::DOTS
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        let text = view.text;
        let dot = anchor.start();
        let start = dot - digits_before(text, dot);
        let Some(span) = quad(text, start, &["."]) else { return dot + 1 };
        if !bounded(text, span) {
            return dot + 1;
        }
        // What a field of another name holds: `{"version": "1.2.3.4"}`.
        let other = view.hint.is_some_and(|h| h != self.entity) && numbering::is_low(&text[span.range()]);
        if other || numbering::is_announced(text, span) {
            return dot + 1;
        }
        let near = self.context.near(view, span);
        if !near && numbering::is_numbering(text, span) {
            return dot + 1;
        }
        let score = if near { self.context.raised(self.score) } else { self.score };
        out.push(Match { span, score });
        span.end
    }
}

/// `198[.]51[.]100[.]23`: nobody writes anything else this way.
#[derive(Debug)]
pub(crate) struct Defanged {
    score: f32,
}

impl Defanged {
    pub fn new(rule: &Rule) -> Defanged {
        Defanged { score: rule.score }
    }
}

impl Detector for Defanged {
    fn kinds(&self) -> Kinds {
        Kinds::LITERAL
    }

    fn literals(&self) -> &[&'static str] {
        DEFANGED
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        let (text, at) = (view.text, anchor.start());
        // The first of the separators may be a plain dot: `198.51[.]100[.]23`.
        let mut start = at - digits_before(text, at);
        while start > 1 && start > at.saturating_sub(12) && text[start - 1] == b'.' {
            let n = digits_before(text, start - 1);
            if n == 0 {
                break;
            }
            start -= n + 1;
        }
        let all: Vec<&str> = ["."].iter().chain(DEFANGED).copied().collect();
        match quad(text, start, &all) {
            Some(span) if span.end > at && bounded(text, span) && !numbers_go_on(text, span) => {
                out.push(Match { span, score: self.score });
                span.end
            }
            _ => at + 1,
        }
    }
}

/// Whether a further number with a defanged dot stands on either side.
fn numbers_go_on(text: &[u8], span: Span) -> bool {
    let digit = |b: Option<&u8>| b.is_some_and(u8::is_ascii_digit);
    DEFANGED.iter().any(|d| {
        text[span.end..].strip_prefix(d.as_bytes()).is_some_and(|r| digit(r.first()))
            || text[..span.start].strip_suffix(d.as_bytes()).is_some_and(|r| digit(r.last()))
    })
}

/// How many digits stand right before `at`; more than four are not counted.
fn digits_before(text: &[u8], at: usize) -> usize {
    text[..at].iter().rev().take(4).take_while(|b| b.is_ascii_digit()).count()
}

/// Four numbers from `start` on with one of `separators` between two; longer separators stand later in the list.
fn quad(text: &[u8], start: usize, separators: &[&str]) -> Option<Span> {
    let (mut at, mut padded) = (start, 0);
    for part in 0..4 {
        if part > 0 {
            let rest = &text[at..];
            let is_next = |s: &&&str| rest.get(..s.len()).is_some_and(|r| r.eq_ignore_ascii_case(s.as_bytes()));
            at += separators.iter().rev().find(is_next)?.len();
        }
        let digits = text[at..].iter().take(4).take_while(|b| b.is_ascii_digit()).count();
        let number = text[at..at + digits].iter().fold(0u16, |n, d| n * 10 + u16::from(d - b'0'));
        if digits == 0 || digits > 3 || number > 255 {
            return None;
        }
        if digits > 1 && text[at] == b'0' {
            padded += 1;
        }
        at += digits;
    }
    // A leading zero is a version's or an error, unless numbers are padded throughout (`010.001.002.003`).
    let whole = at - start == 15 && padded >= 2 && (start == 0 || text[start - 1] != b':');
    (padded == 0 || whole).then_some(Span::new(start, at))
}

/// Whether nothing goes on right before or after: no word, no further number.
fn bounded(text: &[u8], span: Span) -> bool {
    if chars::word_before(text, span.start) || chars::word_after(text, span.end) {
        return false;
    }
    let before = &text[..span.start];
    // `so.1.2.3.4`, `9.1.2.3.4`, `foo-1.2.3.4`; but `...1.2.3.4` and `x - 1.2.3.4`.
    let glued = match before {
        [.., a, b'.'] => a.is_ascii_alphanumeric() || *a == b'_',
        [.., a, b'-' | b'+'] => a.is_ascii_alphabetic(),
        _ => false,
    };
    let after = &text[span.end..];
    let goes_on = match after {
        [b'.', b, ..] if b.is_ascii_lowercase() => !AS_NAME.iter().any(|n| after.starts_with(n.as_bytes())),
        [b'.', b, ..] => b.is_ascii_digit() || *b == b'_',
        // `3.188.188.119-.195`: a path of a drawing.
        [b'-', b'.', b, ..] => b.is_ascii_digit(),
        [b'-' | b'+', b, ..] => b.is_ascii_alphabetic(),
        _ => false,
    };
    !(glued || goes_on)
}
