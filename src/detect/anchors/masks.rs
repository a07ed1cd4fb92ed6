//! Which bytes of a block are what, a bit a byte. How that is found out is what differs between processors.

use super::lanes::{LANES, Lanes, Words};

/// Bytes of a block.
pub(super) const BLOCK: usize = 64;
/// Bytes of a batch.
pub(super) const BATCH: usize = LANES * BLOCK;
/// Bytes after a block or batch that may be read.
pub(super) const AHEAD: usize = super::literals::PRINT - 1;

/// Which bytes are what, bit `i` of a word for byte `i` of its block: of one block, or of those of a batch.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Masks<T> {
    pub digit: T,
    pub letter: T,
    /// Capitals among the letters.
    pub upper: T,
    /// What ids are told from numbers by: letters and `_`.
    pub name: T,
    /// What may stand between the digits of a run: [`is_separator`].
    pub separator: T,
    pub at: T,
    pub colon: T,
    pub dot: T,
    pub dash: T,
    /// Where the fingerprint of a literal fits that may stand within a word.
    pub inner: T,
    /// Where that of another literal fits.
    pub literal: T,
    /// Where something could fold: see [`super::folds`].
    pub fold: T,
    /// What is asked for as stops: see [`crate::model::Stops`].
    pub stop: T,
}

/// Makes masks of batches.
pub(super) trait Classify: Copy {
    /// What the masks of a batch are worked with.
    type Lanes: Lanes;

    /// The masks of the [`BATCH`] bytes from `from`, of which only the first `blocks` blocks may be other than zeros.
    ///
    /// # Safety
    ///
    /// `from` must be valid for reading [`BATCH`] + [`AHEAD`] bytes, and the processor must have the features of the
    /// implementation, as for its lanes.
    unsafe fn batch(self, from: *const u8, blocks: usize) -> Masks<Self::Lanes>;
}

/// Makes masks of blocks.
pub(super) trait Blocks: Copy {
    /// The masks of the 64 bytes from `from`.
    ///
    /// # Safety
    ///
    /// `from` must be valid for reading [`BLOCK`] + [`AHEAD`] bytes, and the processor must have the features of the
    /// implementation.
    unsafe fn masks(self, from: *const u8) -> Masks<u64>;
}

/// [`Classify::batch`], block by block.
///
/// # Safety
///
/// As there, and as for `by`.
#[inline(always)]
pub(super) unsafe fn by_blocks<L: Lanes>(by: impl Blocks, from: *const u8, blocks: usize) -> Masks<L> {
    let mut rows: Masks<Words> = Masks::default();
    for lane in 0..blocks.min(LANES) {
        // SAFETY: the caller's promise, for a block of the batch.
        let m = unsafe { by.masks(from.add(lane * BLOCK)) };
        rows.digit[lane] = m.digit;
        rows.letter[lane] = m.letter;
        rows.upper[lane] = m.upper;
        rows.name[lane] = m.name;
        rows.separator[lane] = m.separator;
        rows.at[lane] = m.at;
        rows.colon[lane] = m.colon;
        rows.dot[lane] = m.dot;
        rows.dash[lane] = m.dash;
        rows.inner[lane] = m.inner;
        rows.literal[lane] = m.literal;
        rows.fold[lane] = m.fold;
        rows.stop[lane] = m.stop;
    }
    // SAFETY: the features are the caller's promise.
    unsafe {
        Masks {
            digit: L::load(&rows.digit),
            letter: L::load(&rows.letter),
            upper: L::load(&rows.upper),
            name: L::load(&rows.name),
            separator: L::load(&rows.separator),
            at: L::load(&rows.at),
            colon: L::load(&rows.colon),
            dot: L::load(&rows.dot),
            dash: L::load(&rows.dash),
            inner: L::load(&rows.inner),
            literal: L::load(&rows.literal),
            fold: L::load(&rows.fold),
            stop: L::load(&rows.stop),
        }
    }
}

/// Which of eight classes a byte of ASCII belongs to, a bit each, from the lowest up: digit, letter, capital, separator, `@`, `:`, `.`, `-`.
pub(super) const CLASSES: [u8; 128] = {
    let mut t = [0; 128];
    let mut i = 0;
    while i < 128 {
        let b = i as u8;
        t[i] = b.is_ascii_digit() as u8
            | (b.is_ascii_alphabetic() as u8) << 1
            | (b.is_ascii_uppercase() as u8) << 2
            | (is_separator(b) as u8) << 3
            | ((b == b'@') as u8) << 4
            | ((b == b':') as u8) << 5
            | ((b == b'.') as u8) << 6
            | ((b == b'-') as u8) << 7;
        i += 1;
    }
    t
};

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
