//! CARD_EXPIRY and CARD_CVC right after a card number: `4242… 04/27 123`, `4242…|0427|123`, `4242…;04;2027;123`.
//! What stands behind a label of its own is found by the rules with a pattern.

use super::Card;
use crate::detect::anchors::{Anchor, Kinds};
use crate::detect::{Detector, Match, View};
use crate::model::Span;
use crate::patterns::Rule;

/// The most bytes between a card, its expiry and its code.
const GAP: usize = 4;

/// Finds the expiry date after a card.
#[derive(Debug)]
pub(crate) struct Expiry {
    card: Card,
    score: f32,
}

/// Finds the security code after a card and its expiry date.
#[derive(Debug)]
pub(crate) struct Cvc {
    card: Card,
    score: f32,
}

impl Expiry {
    pub fn new(rule: &Rule) -> Expiry {
        Expiry { card: Card::new(rule), score: rule.score }
    }
}

impl Cvc {
    pub fn new(rule: &Rule) -> Cvc {
        Cvc { card: Card::new(rule), score: rule.score }
    }
}

impl Detector for Expiry {
    fn kinds(&self) -> Kinds {
        Kinds::RUN
    }

    fn dismisses(&self, unit: &[u8], run: Span) -> bool {
        super::no_card(unit, run)
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        each(&self.card, view, anchor, |expiry, _| out.push(Match { span: expiry, score: self.score }))
    }
}

impl Detector for Cvc {
    fn kinds(&self) -> Kinds {
        Kinds::RUN
    }

    fn dismisses(&self, unit: &[u8], run: Span) -> bool {
        super::no_card(unit, run)
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        each(&self.card, view, anchor, |_, code| {
            out.extend(code.map(|span| Match { span, score: self.score }));
        })
    }
}

/// Calls `found` with the expiry date and the code after each card of a run.
fn each(card: &Card, view: &View<'_>, anchor: &Anchor, mut found: impl FnMut(Span, Option<Span>)) -> usize {
    let Anchor::Run { start, end } = *anchor else { return anchor.start() + 1 };
    // Few runs have anything like a date behind so many digits, and telling a card takes longer.
    let dated = |at: usize| gap(view.text, at).is_some_and(|at| expiry(view.text, at).is_some());
    if !(start + super::SHORTEST..=end).any(dated) {
        return end;
    }
    card.each(view, Span::new(start, end), |span, score| {
        if score < 0.5 {
            return;
        }
        if let Some(e) = gap(view.text, span.end).and_then(|at| expiry(view.text, at)) {
            found(e, gap(view.text, e.end).and_then(|at| code(view.text, at)));
        }
    });
    end
}

/// Whether the group `next` right after a card is its expiry date or its code, so that it doesn't speak against it.
pub(super) fn follows_card(text: &[u8], next: Span) -> bool {
    next.len() == 3 || (next.len() <= 2 && expiry(text, next.start).is_some())
}

/// The end of the separators at `at`, if there are some and not too many.
fn gap(text: &[u8], at: usize) -> Option<usize> {
    let seps = text[at..]
        .iter()
        .take(GAP + 1)
        .take_while(|b| matches!(b, b' ' | b'\t' | b'|' | b',' | b';' | b':' | b'/' | b'-' | b'"' | b'\''))
        .count();
    (1..=GAP).contains(&seps).then_some(at + seps)
}

/// The number that `len` digits at `at` make.
fn digits(text: &[u8], at: usize, len: usize) -> Option<u32> {
    text.get(at..at + len)?.iter().try_fold(0, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')))
}

/// `04/27`, `4/27`, `04-2027`, `04|27`, `0427` at `at`.
fn expiry(text: &[u8], at: usize) -> Option<Span> {
    let is_digit = |i: usize| text.get(i).is_some_and(u8::is_ascii_digit);
    let months = if is_digit(at + 1) { 2 } else { 1 };
    if !(1..=12).contains(&digits(text, at, months)?) {
        return None;
    }
    let mark = at + months;
    let joined = is_digit(mark);
    if joined && months == 1 {
        return None;
    }
    let year = match text.get(mark) {
        Some(_) if joined => mark,
        Some(b'/' | b'-' | b'|' | b',' | b';' | b':' | b'.' | b' ') => mark + 1,
        _ => return None,
    };
    let years = if is_digit(year + 2) { 4 } else { 2 };
    let full = digits(text, year, years)? + if years == 2 { 2000 } else { 0 };
    let end = year + years;
    let sep = text.get(mark).copied();
    // A third part makes it a date, unless it has the three digits of a code.
    let third = code(text, end + 1).map_or(0, Span::len);
    let year_like = matches!(sep, Some(b'/' | b'-' | b'.'));
    let date = text.get(end).copied() == sep && is_digit(end + 1) && (third == 0 || (year_like && third != 3));
    ((2010..2060).contains(&full) && !is_digit(end) && !date).then_some(Span::new(at, end))
}

/// Three or four digits at `at`.
fn code(text: &[u8], at: usize) -> Option<Span> {
    let len = text.get(at..)?.iter().take(5).take_while(|b| b.is_ascii_digit()).count();
    let end = at + len;
    let more = text.get(end).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_')
        || (text.get(end).is_some_and(|b| matches!(b, b'.' | b',' | b'-' | b'/'))
            && text.get(end + 1).is_some_and(u8::is_ascii_digit));
    ((3..=4).contains(&len) && !more).then_some(Span::new(at, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expiry_dates() {
        for (text, want) in [
            ("04/27", Some("04/27")),
            ("4/27 ", Some("4/27")),
            ("04-2027", Some("04-2027")),
            ("0427|", Some("0427")),
            ("04|27|123", Some("04|27")),
            ("13/27", None),
            ("00/27", None),
            ("04/99", None),
            ("04/27/2026", None),
            ("04/27/123", Some("04/27")),
            ("04271", None),
            ("427", None),
            ("0", None),
            ("", None),
        ] {
            assert_eq!(expiry(text.as_bytes(), 0).map(|s| &text[s.range()]), want, "{text}");
        }
    }

    #[test]
    fn codes() {
        for (text, want) in
            [("123", true), ("1234 ", true), ("12", false), ("12345", false), ("123.5", false), ("123a", false)]
        {
            assert_eq!(code(text.as_bytes(), 0).is_some(), want, "{text}");
        }
    }
}
