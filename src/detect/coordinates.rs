//! COORDINATES: latitude and longitude as two decimal numbers, around a decimal point.

use super::anchors::{Anchor, Kinds};
use super::context::Context;
use super::{Detector, Match, View, chars};
use crate::model::Span;
use crate::patterns::Rule;

/// The most digits behind a decimal point.
const DECIMALS: usize = 17;
/// The most bytes between the two numbers.
const GAP: usize = 4;

#[derive(Debug)]
pub(crate) struct Coordinates {
    score: f32,
    context: Context,
}

impl Coordinates {
    pub fn new(rule: &Rule) -> Coordinates {
        Coordinates { score: rule.score, context: Context::new(rule) }
    }
}

/// One number of a pair.
#[derive(Debug, Clone, Copy)]
struct Degrees {
    span: Span,
    value: f64,
    decimals: usize,
    /// `N`, `S`, `E`, `W` behind it.
    side: Option<u8>,
}

impl Detector for Coordinates {
    fn kinds(&self) -> Kinds {
        Kinds::DECIMAL
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        let text = view.text;
        let point = anchor.start();
        let next = point + 1;
        let whole = text[..point].iter().rev().take(4).take_while(|b| b.is_ascii_digit()).count();
        let signed = (point - whole).checked_sub(1).is_some_and(|i| matches!(text[i], b'-' | b'+'));
        let start = point - whole - usize::from(signed);
        let Some((first, second)) = pair(text, start) else { return next };
        let span = Span::new(start, second.span.end);
        if !(apart(text, span) && in_range(first, second)) || drawn(&text[..span.start]) || same(first, second) {
            return next;
        }
        // Decimals are what tells a place from a pair of figures; so do sides, and degrees of two digits.
        let decimals = first.decimals.min(second.decimals);
        let sides = first.side.is_some() && second.side.is_some();
        let far = first.value.abs() >= 10.0 || second.value.abs() >= 10.0;
        let small = first.value.abs() < 1.0 && second.value.abs() < 1.0;
        let own = match decimals {
            _ if sides => self.score + 0.25,
            4.. if far => self.score,
            6.. if !small => self.score,
            _ => 0.35,
        };
        out.push(Match { span, score: self.context.score(view, span, own) });
        span.end
    }
}

/// The two numbers that start at `start`.
fn pair(text: &[u8], start: usize) -> Option<(Degrees, Degrees)> {
    let first = degrees(text, start)?;
    let rest = &text[first.span.end..];
    let gap = rest.iter().take(GAP + 1).take_while(|b| matches!(b, b' ' | b',' | b';' | b'/')).count();
    let between = &rest[..gap];
    let marks = between.iter().filter(|b| **b != b' ').count();
    // Only sides make a pair of two numbers with nothing but a space between.
    if gap == 0 || gap > GAP || marks > 1 || (marks == 0 && first.side.is_none()) {
        return None;
    }
    Some((first, degrees(text, first.span.end + gap)?))
}

/// A number with a sign, one to three digits, a point and decimals, and perhaps `°` and a side behind it.
fn degrees(text: &[u8], start: usize) -> Option<Degrees> {
    let digits =
        |at: usize| text[at.min(text.len())..].iter().take(DECIMALS + 1).take_while(|b| b.is_ascii_digit()).count();
    let from = start + usize::from(matches!(text.get(start)?, b'-' | b'+'));
    let whole = digits(from);
    let point = from + whole;
    let decimals = digits(point + 1);
    if !(1..=3).contains(&whole) || text.get(point) != Some(&b'.') || !(3..=DECIMALS).contains(&decimals) {
        return None;
    }
    let end = point + 1 + decimals;
    let value = std::str::from_utf8(&text[start..end]).ok()?.trim_start_matches('+').parse().ok()?;
    let mut at = end;
    if text[at..].starts_with("°".as_bytes()) {
        at += "°".len();
    }
    let side_at = at + text[at..].iter().take(1).filter(|b| **b == b' ').count();
    let side = text.get(side_at).map(u8::to_ascii_uppercase).filter(|b| b"NSEWO".contains(b));
    Some(match side {
        Some(_) if !chars::word_after(text, side_at + 1) => {
            Degrees { span: Span::new(start, side_at + 1), value, decimals, side }
        }
        _ => Degrees { span: Span::new(start, at), value, decimals, side: None },
    })
}

/// Whether they are a latitude and a longitude.
fn in_range(first: Degrees, second: Degrees) -> bool {
    let ns = |d: Degrees| d.side.is_none_or(|s| matches!(s, b'N' | b'S'));
    let ew = |d: Degrees| d.side.is_none_or(|s| !matches!(s, b'N' | b'S'));
    let places = |lat: Degrees, lon: Degrees| lat.value.abs() <= 90.0 && lon.value.abs() <= 180.0 && ns(lat) && ew(lon);
    // With sides, either may come first.
    first.side.is_some() == second.side.is_some()
        && (places(first, second) || (first.side.is_some() && places(second, first)))
}

/// Whether the same figure stands twice: the dashes of a line, a scale. Nobody is where both degrees agree to four places.
fn same(first: Degrees, second: Degrees) -> bool {
    first.side.is_none() && (first.value - second.value).abs() < 0.0001
}

/// Whether a drawing's command or attribute stands before: `d="M 8.7185,4.0337`, `L 2.2072,0.0160`, `stroke-dasharray:30.0005, 60.0011`.
fn drawn(before: &[u8]) -> bool {
    const ATTRIBUTES: [&[u8]; 3] = [b"dasharray:", b"dasharray=\"", b"points=\""];
    let lead = before.trim_ascii_end();
    let command = matches!(
        lead,
        [.., b'"' | b'\'' | b' ' | b'0'..=b'9' | b'z' | b'Z', b'M' | b'm' | b'L' | b'l' | b'C' | b'c' | b'Q' | b'q']
    ) && lead.len() < before.len();
    command || ATTRIBUTES.iter().any(|a| lead.ends_with(a))
}

/// Digits of a figure in a row of them, at most, before its point: longer numbers, and those of several groups (phones, cards), are
/// something else, which may have been redacted already.
const FIGURE: usize = 6;

/// Whether a figure stands at the end of `text`.
fn figure_before(text: &[u8]) -> bool {
    let number = text.iter().rev().take(2 * DECIMALS).take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    let (before, number) = text.split_at(text.len() - number);
    let grouped = matches!(before, [.., b'0'..=b'9', b' ' | b'-' | b'/' | b')']);
    is_figure(number, grouped)
}

/// Whether a figure stands at the beginning of `text`.
fn figure_behind(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let number = text.iter().take(2 * DECIMALS).take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    let (number, behind) = text.split_at(number);
    let grouped = matches!(behind, [b' ' | b'-' | b'/' | b'(', b'0'..=b'9', ..]);
    is_figure(number.strip_suffix(b".").unwrap_or(number), grouped)
}

/// Whether `number`, of digits and points, is a figure; `grouped`: other digits stand beside it.
fn is_figure(number: &[u8], grouped: bool) -> bool {
    match number.iter().filter(|b| **b == b'.').count() {
        0 => !number.is_empty() && number.len() <= FIGURE && !grouped,
        points => points == 1 && number.len() > 1,
    }
}

/// Whether the pair stands alone: no path of a drawing (`M10.1234,20.5678`), no call, no row of numbers.
fn apart(text: &[u8], span: Span) -> bool {
    let before = &text[span.start.saturating_sub(GAP)..span.start];
    let trimmed = before.trim_ascii_end();
    let lead = &text[..span.start - (before.len() - trimmed.len())];
    let number_before = match lead.strip_suffix(b",").or_else(|| lead.strip_suffix(b";")) {
        Some(more) => figure_before(more.trim_ascii_end()),
        None => figure_before(lead) && !before.ends_with(b"\n"),
    };
    let opened = trimmed.strip_suffix(b"(").is_some_and(|t| t.last().is_some_and(u8::is_ascii_alphabetic));
    let mark = before.last().is_some_and(|b| matches!(b, b'$' | b'#' | b'-' | b'+' | b'*' | b'%' | b'^'));
    let rest = &text[span.end..];
    let after = rest[..rest.len().min(GAP)].trim_ascii_start();
    let behind = after.strip_prefix(b",").or_else(|| after.strip_prefix(b";")).unwrap_or(after).trim_ascii_start();
    let number_behind = figure_behind(&rest[rest.len().min(GAP) - behind.len()..]);
    let unit = rest.first().is_some_and(|b| {
        matches!(b, b'%' | b'*' | b'^' | b'.') && rest.get(1).is_some_and(|b| !b.is_ascii_whitespace())
    });
    let glued = chars::word_before(text, span.start) || chars::word_after(text, span.end);
    !(number_before || opened || mark || number_behind || unit || glued)
}
