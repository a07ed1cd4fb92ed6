//! Which bytes of a block are what, a bit a byte. How that is found out is what differs between processors.

use super::lanes::{LANES, Lanes, Words};

/// Bytes of a block.
pub(super) const BLOCK: usize = 64;
/// Bytes after a block that [`Classify::masks`] may read.
pub(super) const AHEAD: usize = super::literals::PRINT - 1;

/// Which bytes of a block are what: bit `i` for byte `i`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Masks {
    pub digit: u64,
    pub letter: u64,
    /// Capitals among the letters.
    pub upper: u64,
    /// What may stand between the digits of a run: [`is_separator`].
    pub separator: u64,
    pub at: u64,
    pub colon: u64,
    pub dot: u64,
    pub dash: u64,
    /// Where the fingerprint of a literal fits that may stand within a word.
    pub inner: u64,
    /// Where that of another literal fits.
    pub literal: u64,
    /// Where something could fold: see [`super::folds`].
    pub fold: u64,
    /// What is asked for as stops: see [`crate::model::Stops`].
    pub stop: u64,
}

/// The masks of the blocks of a batch, by what they say.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub digit: Words,
    pub letter: Words,
    pub upper: Words,
    pub separator: Words,
    pub at: Words,
    pub colon: Words,
    pub dot: Words,
    pub dash: Words,
    pub inner: Words,
    pub literal: Words,
    pub fold: Words,
    pub stop: Words,
}

impl Batch {
    /// Puts the masks of a block in its lane.
    #[inline(always)]
    pub fn set(&mut self, lane: usize, m: Masks) {
        assert!(lane < LANES);
        self.digit[lane] = m.digit;
        self.letter[lane] = m.letter;
        self.upper[lane] = m.upper;
        self.separator[lane] = m.separator;
        self.at[lane] = m.at;
        self.colon[lane] = m.colon;
        self.dot[lane] = m.dot;
        self.dash[lane] = m.dash;
        self.inner[lane] = m.inner;
        self.literal[lane] = m.literal;
        self.fold[lane] = m.fold;
        self.stop[lane] = m.stop;
    }
}

/// Makes masks.
pub(super) trait Classify: Copy {
    /// What the masks of a batch are worked with.
    type Lanes: Lanes;

    /// The masks of the 64 bytes from `from`.
    ///
    /// # Safety
    ///
    /// `from` must be valid for reading [`BLOCK`] + [`AHEAD`] bytes, and the processor must have the features of the
    /// implementation, as for its lanes.
    unsafe fn masks(self, from: *const u8) -> Masks;
}

/// A byte that may stand between the digits of a run.
pub(super) const fn is_separator(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b'\r' | b'.' | b'-' | b'(' | b')' | b'/' | b'+' | b'_')
}

/// The separators by their low and their high nibble, a bit for each high nibble: what [`is_separator`] says, for vector tables.
pub(super) const SEPARATORS: ([u8; 16], [u8; 16]) = {
    let (mut low, mut high) = ([0; 16], [0; 16]);
    let mut b = 0;
    while b < 128 {
        if is_separator(b) {
            low[(b & 15) as usize] |= 1 << (b >> 4);
            high[(b >> 4) as usize] |= 1 << (b >> 4);
        }
        b += 1;
    }
    (low, high)
};
