//! Ids that were dismissed a moment ago: those of a conversation come again with every message.

use crate::model::Span;

/// How many are kept, a power of two.
const KEPT: usize = 64;
/// An id that is kept has at least so many digits, and at most three times as many.
const WIDTH: usize = 8;

/// An id: its first sixteen bytes and its last eight, how many it has, and the byte before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Id {
    first: [u64; 2],
    last: u64,
    len: u8,
    before: u8,
}

/// Runs that nothing was made of, each with the byte before it.
#[derive(Debug)]
pub(super) struct Dismissed {
    ids: [Id; KEPT],
}

impl Default for Dismissed {
    fn default() -> Dismissed {
        Dismissed { ids: [Id::default(); KEPT] }
    }
}

impl Dismissed {
    /// Whether the run `run` of `unit` is dismissed: `ask` tells if it isn't known.
    pub fn holds(&mut self, unit: &[u8], run: Span, ask: impl FnOnce() -> bool) -> bool {
        let Some(id) = id(unit, run) else { return ask() };
        // Ids differ most at their ends.
        let place = (id.last.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize % KEPT;
        if self.ids[place] == id {
            return true;
        }
        let dismissed = ask();
        if dismissed {
            self.ids[place] = id;
        }
        dismissed
    }
}

/// The run as an id; `None` if it is too short or too long to be kept. (None that is has no bytes.)
#[inline(always)]
fn id(unit: &[u8], run: Span) -> Option<Id> {
    let digits = unit.get(run.range())?;
    let word = |at: usize| digits.get(at..)?.first_chunk::<WIDTH>().map(|b| u64::from_le_bytes(*b));
    let middle = digits.len().min(2 * WIDTH).checked_sub(WIDTH)?;
    if digits.len() > 3 * WIDTH {
        return None;
    }
    Some(Id {
        first: [word(0)?, word(middle)?],
        last: word(digits.len() - WIDTH)?,
        len: digits.len() as u8,
        before: run.start.checked_sub(1).map_or(b'"', |i| unit[i]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_dismissed_is_known_and_nothing_else() {
        let unit = b"\"12345678901234\" +12345678901234 \"12345678901235\" \"123456789012345678901234567890\"";
        let mut known = Dismissed::default();
        let first = Span::new(1, 15);
        assert!(!known.holds(unit, first, || false));
        assert!(known.holds(unit, first, || true));
        assert!(known.holds(unit, first, || unreachable!()));
        // Another byte before, another digit, too long to be kept.
        for other in [Span::new(18, 32), Span::new(34, 48), Span::new(51, 81)] {
            assert!(!known.holds(unit, other, || false));
            assert!(known.holds(unit, other, || true));
        }
        assert!(!known.holds(unit, Span::new(51, 81), || false));
    }

    /// Whatever place it is in: ids are kept as stretches that overlap.
    #[test]
    fn ids_that_differ_in_a_digit_are_told_apart() {
        for len in 1..=30 {
            let mut unit = vec![b'5'; len];
            let run = Span::new(0, len);
            let mut known = Dismissed::default();
            known.holds(&unit, run, || true);
            assert_eq!(known.holds(&unit, run, || false), (WIDTH..=3 * WIDTH).contains(&len));
            for place in 0..len {
                unit[place] = b'6';
                assert!(!known.holds(&unit, run, || false), "{len} {place}");
                unit[place] = b'5';
            }
        }
    }
}
