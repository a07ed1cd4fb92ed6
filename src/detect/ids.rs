//! Ids that were dismissed a moment ago: those of a conversation come again with every message.

use crate::model::Span;

/// How many are kept, a power of two.
const KEPT: usize = 64;
/// Bytes of a longer id and of what stands before it are not kept.
const LONGEST: usize = 24;

/// Runs that nothing was made of, each with the byte before it.
#[derive(Debug)]
pub(super) struct Dismissed {
    ids: [[u8; LONGEST]; KEPT],
}

impl Default for Dismissed {
    fn default() -> Dismissed {
        Dismissed { ids: [[0; LONGEST]; KEPT] }
    }
}

impl Dismissed {
    /// Whether the run `run` of `unit` is dismissed: `ask` tells if it isn't known.
    pub fn holds(&mut self, unit: &[u8], run: Span, ask: impl FnOnce() -> bool) -> bool {
        let Some(id) = id(unit, run) else { return ask() };
        // Ids differ most at their ends.
        let end = [unit[run.end - 3], unit[run.end - 2], unit[run.end - 1]];
        let place = end.iter().fold(0, |n, b| n * 10 + usize::from(b & 15)) % KEPT;
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

/// The byte before a run and the run, zeros behind; `None` if they are too long. (No run is empty, so none is all zeros.)
fn id(unit: &[u8], run: Span) -> Option<[u8; LONGEST]> {
    let mut id = [0; LONGEST];
    if run.len() < 3 {
        return None;
    }
    id[0] = run.start.checked_sub(1).map_or(b'"', |i| unit[i]);
    id.get_mut(1..=run.len())?.copy_from_slice(&unit[run.range()]);
    Some(id)
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
}
