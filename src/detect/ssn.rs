//! US_SSN and US_ITIN: United States social security and taxpayer numbers, `AAA-GG-SSSS`.

use super::anchors::{Anchor, Kinds};
use super::context::Context;
use super::groups::{self, Edge, Join};
use super::{Detector, Match, View};
use crate::model::Span;
use crate::patterns::Rule;

/// Finds one of the two kinds.
#[derive(Debug)]
pub(crate) struct Ssn {
    score: f32,
    context: Context,
    taxpayer: bool,
}

impl Ssn {
    /// Finds social security numbers; taxpayer numbers (from 900 on) only where a context word calls them so.
    pub fn new(rule: &Rule) -> Ssn {
        Ssn { score: rule.score, context: Context::new(rule), taxpayer: false }
    }

    /// Finds individual taxpayer identification numbers.
    pub fn taxpayer(rule: &Rule) -> Ssn {
        Ssn { taxpayer: true, ..Ssn::new(rule) }
    }

    /// The number that starts with `first`: its place and its score without context.
    fn read(&self, text: &[u8], first: Span, end: usize) -> Option<(Span, f32)> {
        let (span, join) = match first.len() {
            9 => (first, Join::None),
            3 => {
                let second = groups::next(text, first.end, end)?;
                let third = groups::next(text, second.end, end)?;
                let join = groups::join(&text[first.end..second.start]);
                if second.len() != 2 || third.len() != 4 || join != groups::join(&text[second.end..third.start]) {
                    return None;
                }
                (Span::new(first.start, third.end), join)
            }
            _ => return None,
        };
        let mut digits = text[span.range()].iter().filter(|b| b.is_ascii_digit()).map(|b| u32::from(b - b'0'));
        let mut part = |n: usize| digits.by_ref().take(n).fold(0, |v, d| v * 10 + d);
        let (area, group, serial) = (part(3), part(2), part(4));
        let same = area == group * 10 + group / 10 && area % 111 == 0 && serial == area % 10 * 1111;
        // Publication 1915: the groups that are given to taxpayer numbers.
        let taxpayer = matches!(group, 50..=65 | 70..=88 | 90..=92 | 94..=99);
        let fits = match (self.taxpayer, area) {
            (true, 900..) => taxpayer,
            (true, _) | (_, 0 | 666) => false,
            _ => group != 0 && serial != 0,
        };
        if !fits {
            return None;
        }
        let score = match join {
            Join::Mark(b'-') if (area < 900 || self.taxpayer) && !same => self.score,
            Join::Mark(b'-' | b'.' | b'/') | Join::Space | Join::None => 0.3,
            _ => return None,
        };
        Some((span, score))
    }
}

/// Whether nine digits stand in a run in one group, or in groups of three, two and four, whatever parts them.
fn is_grouped(run: &[u8]) -> bool {
    let (mut groups, mut len) = ([0; 3], 0);
    for digit in run.iter().map(u8::is_ascii_digit).chain([false]) {
        if digit {
            len += 1;
        } else if len > 0 {
            groups = [groups[1], groups[2], std::mem::take(&mut len)];
            if groups[2] == 9 || groups == [3, 2, 4] {
                return true;
            }
        }
    }
    false
}

impl Detector for Ssn {
    fn kinds(&self) -> Kinds {
        Kinds::RUN
    }

    fn dismisses(&self, _: &[u8], run: Span) -> bool {
        run.len() != 9
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        let Anchor::Run { start, end } = *anchor else { return anchor.start() + 1 };
        let (text, mut at, mut previous) = (view.text, start, None::<Span>);
        if !is_grouped(&text[start..end]) {
            return end;
        }
        while let Some(group) = groups::next(text, at, end) {
            at = group.end;
            let Some((span, own)) = self.read(text, group, end) else {
                previous = Some(group);
                continue;
            };
            let bare = span == group;
            // Joined to more digits it is a part of something longer.
            let joined = |a: usize, b: usize| matches!(groups::join(&text[a..b]), Join::Mark(_));
            let longer = previous.is_some_and(|p| joined(p.end, span.start))
                || groups::next(text, span.end, end).is_some_and(|n| joined(span.end, n.start));
            let edge = match groups::left(text, span.start, bare) {
                // A value glued to the word before it, as exports without separators have it.
                Edge::Clear => groups::right(text, span.end, bare),
                other => other,
            };
            previous = Some(group);
            if longer || edge != Edge::Clear {
                continue;
            }
            out.push(Match { span, score: self.context.score(view, span, own) });
            at = span.end;
            previous = Some(Span::new(at - 1, at));
        }
        end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_that_may_hold_one() {
        for run in ["123456789", "123-45-6789", "1 123.45.6789", "12 123456789 1", "123 45 6789 0", "9 999 88 7777"] {
            assert!(is_grouped(run.as_bytes()), "{run}");
        }
        for run in ["1234567890", "12345678", "123-456-789", "123-45-67890", "1123-45-6789", "123 45 67 89", ""] {
            assert!(!is_grouped(run.as_bytes()), "{run}");
        }
    }
}
