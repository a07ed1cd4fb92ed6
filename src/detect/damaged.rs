//! Numbers in which letters stand for the digits they look like: `4O12 8888 8888 1881`, `+1 415 555 O142`. Read as they were
//! meant, they are shown to the detector of plain ones; what it finds there is less sure.

use super::anchors::{Anchor, Kinds};
use super::{Detector, Match, REACH, View};
use crate::model::Span;

/// By how much a number with letters in it is less sure.
const LESS: f32 = 0.2;
/// Letters in a number, at most.
const LETTERS: usize = 4;
/// Groups on either side of the digits that were found.
const GROUPS: usize = 4;
/// No group is longer.
const LONGEST: usize = 20;

/// Which letters stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ways {
    /// In groups with digits, and in groups of four of their own: a card's.
    Card,
    /// In groups with digits, of which there are several: a phone's.
    Phone,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Damaged {
    plain: Box<dyn Detector>,
    ways: Ways,
}

impl Damaged {
    pub fn new(plain: Box<dyn Detector>, ways: Ways) -> Damaged {
        Damaged { plain, ways }
    }

    /// The groups around the digits `run`, from first to last, if letters stand in them.
    fn number(&self, text: &[u8], run: Span) -> Option<Span> {
        let first = group(text, run.start)?;
        let last = group(text, run.end - 1)?;
        let fits = |g: Span| self.fits(&text[g.range()]);
        if !fits(first) || !fits(last) {
            return None;
        }
        let (mut start, mut end) = (first.start, last.end);
        for _ in 0..GROUPS {
            let Some(g) = before(text, start).and_then(|at| group(text, at)).filter(|g| fits(*g)) else { break };
            start = g.start;
        }
        for _ in 0..GROUPS {
            let Some(g) = after(text, end).and_then(|at| group(text, at)).filter(|g| fits(*g)) else { break };
            end = g.end;
        }
        let letters = text[start..end].iter().filter(|b| b.is_ascii_alphabetic()).count();
        // A `l` at the end of a constant is its type.
        let suffix = !text[start..end].iter().any(|b| separates(*b)) && text[end - 1].is_ascii_alphabetic();
        let many = self.ways == Ways::Card || text[start..end].iter().filter(|b| separates(**b)).count() > 1;
        ((1..=LETTERS).contains(&letters) && many && !suffix).then_some(Span::new(start, end))
    }

    /// Whether a group may be one of a number.
    fn fits(&self, group: &[u8]) -> bool {
        let digits = group.iter().filter(|b| b.is_ascii_digit()).count();
        let like = group.iter().all(|b| digit(*b).is_some());
        like && (digits > 0
            || self.ways == Ways::Card && group.len() == LETTERS && group.windows(2).all(|w| w[0] == w[1]))
    }
}

impl Detector for Damaged {
    fn kinds(&self) -> Kinds {
        Kinds::RUN
    }

    /// One group with no letter that looks like a digit right beside.
    fn dismisses(&self, unit: &[u8], run: Span) -> bool {
        let letter = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphabetic() && digit(*b).is_some());
        !letter(run.start.checked_sub(1).map(|i| &unit[i])) && !letter(unit.get(run.end))
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        let &Anchor::Run { start, end } = anchor else { return anchor.start() + 1 };
        let text = view.text;
        if !letter_beside(text, Span::new(start, end)) {
            return end;
        }
        let Some(number) = self.number(text, Span::new(start, end)) else { return end };
        let from = number.start.saturating_sub(REACH);
        let mut meant = text[from..text.len().min(number.end + REACH)].to_vec();
        let own = Span::new(number.start - from, number.end - from);
        meant[own.range()].iter_mut().for_each(|b| *b = digit(*b).unwrap_or(*b));
        let mut found = Vec::new();
        let run = Anchor::Run { start: own.start, end: own.end };
        self.plain.verify(&View { text: &meant, hint: view.hint }, &run, &mut found);
        for m in found {
            let span = m.span.shifted(from);
            let letters = text[span.range()].iter().any(u8::is_ascii_alphabetic);
            if letters && span.start <= number.start && span.end >= number.end {
                out.push(Match { span, score: m.score - LESS });
            }
        }
        number.end.max(end)
    }
}

/// The digit that a letter looks like; a digit for itself.
fn digit(b: u8) -> Option<u8> {
    match b {
        b'0'..=b'9' => Some(b),
        b'O' | b'o' => Some(b'0'),
        b'l' | b'I' => Some(b'1'),
        _ => None,
    }
}

const fn separates(b: u8) -> bool {
    matches!(b, b' ' | b'-' | b'.' | b'(' | b')')
}

/// Whether a letter that looks like a digit stands before or behind the digits `run`, with up to two separators between: else they are
/// as plain as they look.
#[inline(always)]
fn letter_beside(text: &[u8], run: Span) -> bool {
    const NEITHER: u8 = 0;
    const BETWEEN: u8 = 1;
    const LETTER: u8 = 2;
    const KINDS: [u8; 256] = {
        let (mut t, mut b) = ([NEITHER; 256], 0);
        while b < 256 {
            t[b] = if separates(b as u8) {
                BETWEEN
            } else if matches!(b as u8, b'O' | b'o' | b'l' | b'I') {
                LETTER
            } else {
                NEITHER
            };
            b += 1;
        }
        t
    };
    let kind = |at: usize| text.get(at).map_or(NEITHER, |b| KINDS[usize::from(*b)]);
    // Without a branch for each byte: which of them tells is nothing that a processor foresees.
    let tells = |first: u8, second: u8, third: u8| {
        (first == LETTER) | (first == BETWEEN) & ((second == LETTER) | (second == BETWEEN) & (third == LETTER))
    };
    let before = |n: usize| kind(run.start.wrapping_sub(n));
    tells(kind(run.end), kind(run.end + 1), kind(run.end + 2)) | tells(before(1), before(2), before(3))
}

/// The letters and digits around the one at `at`.
fn group(text: &[u8], at: usize) -> Option<Span> {
    let part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80;
    let start = at - text[..at].iter().rev().take(LONGEST).take_while(|b| part(b)).count();
    let end = at + text[at..].iter().take(LONGEST).take_while(|b| part(b)).count();
    (end > start).then_some(Span::new(start, end))
}

/// The last byte of the group before `start`, behind one or two separators.
fn before(text: &[u8], start: usize) -> Option<usize> {
    let n = text[..start].iter().rev().take(2).take_while(|b| separates(**b)).count();
    (n > 0).then(|| (start - n).checked_sub(1)).flatten().filter(|i| text[*i].is_ascii_alphanumeric())
}

/// The first byte of the group behind `end`.
fn after(text: &[u8], end: usize) -> Option<usize> {
    let n = text[end..].iter().take(2).take_while(|b| separates(**b)).count();
    (n > 0 && text.get(end + n).is_some_and(u8::is_ascii_alphanumeric)).then_some(end + n)
}
