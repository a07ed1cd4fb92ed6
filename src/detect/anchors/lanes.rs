//! The masks of several blocks at once: what is asked of one is asked of all in as many instructions.

use std::ops::{BitAnd, BitOr, Not};

use super::masks::{BATCH, BLOCK};

/// Places that are written together.
const TOGETHER: usize = 3;

/// Blocks of a batch.
pub(super) const LANES: usize = 8;

/// A mask for each block of a batch, in order.
pub(super) type Words = [u64; LANES];

/// Places of bytes in a batch, and room for what [`Lanes::places`] writes beyond them.
pub(super) type Places = [u16; BATCH + BEYOND];
pub(super) const BEYOND: usize = 32;

/// A mask for each block of a batch, in registers. A value is proof that the processor has what its operations need:
/// only [`Lanes::load`] makes one.
pub(super) trait Lanes: Copy + BitAnd<Output = Self> + BitOr<Output = Self> + Not<Output = Self> {
    /// The masks as lanes.
    ///
    /// # Safety
    ///
    /// The processor must have the features of the implementation.
    unsafe fn load(words: &Words) -> Self;

    /// The lanes as masks.
    fn store(self) -> Words;

    /// Each mask moved up by `n` bytes, less than 64; what goes beyond its block is lost.
    fn shl(self, n: u32) -> Self;

    /// Each mask moved down.
    fn shr(self, n: u32) -> Self;

    /// Each mask moved up by `N` bytes, 1 to 63; what comes up from below is the end of the block before, of which `behind` has the masks.
    #[inline(always)]
    fn up<const N: u32>(self, behind: Self) -> Self {
        self.shl(N) | behind.shr(64 - N)
    }

    /// For each block the mask of the one before; for the first the last of `before`, the batch before.
    fn behind(self, before: Self) -> Self;

    /// Which lanes are not zero: bit `i` for lane `i`.
    fn some(self) -> u32;

    /// Writes where in the batch bytes are marked, in order, and says how many are.
    #[inline(always)]
    fn places(self, to: &mut Places) -> usize {
        let (mut lanes, words) = (self.some(), self.store());
        let mut count = 0;
        while lanes != 0 {
            let lane = lanes.trailing_zeros() as usize % LANES;
            lanes &= lanes - 1;
            let mut word = words[lane];
            let all = count + word.count_ones() as usize;
            while count < all {
                // Most have fewer, and to write some more costs less than to ask.
                for place in &mut to[count.min(BATCH)..][..TOGETHER] {
                    *place = (lane * BLOCK) as u16 | (word.trailing_zeros() & 63) as u16;
                    word &= word.wrapping_sub(1);
                }
                count += TOGETHER;
            }
            count = all;
        }
        count
    }
}

/// The masks of a batch and, for each block, those of the block before.
#[derive(Clone, Copy)]
pub(super) struct Trail<L> {
    pub here: L,
    pub behind: L,
}

impl<L: Lanes> Trail<L> {
    /// The masks moved up by `N` bytes, 1 to 63, from block to block.
    #[inline(always)]
    pub fn up<const N: u32>(self) -> L {
        self.here.up::<N>(self.behind)
    }

    /// Where one of the masks' bytes stands one to five bytes before.
    #[inline(always)]
    pub fn within_five(self) -> L {
        self.up::<1>() | self.up::<2>() | self.up::<3>() | self.up::<4>() | self.up::<5>()
    }

    /// Where one of them stands two to four bytes before.
    #[inline(always)]
    pub fn two_to_four(self) -> L {
        self.up::<2>() | self.up::<3>() | self.up::<4>()
    }
}

/// What a question needs to know of the batch before.
#[derive(Clone, Copy)]
pub(super) struct Last<L>(pub L);

impl<L: Lanes> Last<L> {
    /// The masks of this batch, which are kept for the next.
    #[inline(always)]
    pub fn then(&mut self, here: L) -> Trail<L> {
        let behind = here.behind(self.0);
        self.0 = here;
        Trail { here, behind }
    }
}

/// Lanes as they are, for any processor.
#[derive(Clone, Copy)]
pub(super) struct Plain(Words);

impl Plain {
    #[inline(always)]
    fn each(self, with: Plain, f: impl Fn(u64, u64) -> u64) -> Plain {
        Plain(std::array::from_fn(|i| f(self.0[i], with.0[i])))
    }
}

impl BitAnd for Plain {
    type Output = Plain;
    #[inline(always)]
    fn bitand(self, with: Plain) -> Plain {
        self.each(with, |a, b| a & b)
    }
}

impl BitOr for Plain {
    type Output = Plain;
    #[inline(always)]
    fn bitor(self, with: Plain) -> Plain {
        self.each(with, |a, b| a | b)
    }
}

impl Not for Plain {
    type Output = Plain;
    #[inline(always)]
    fn not(self) -> Plain {
        self.each(self, |a, _| !a)
    }
}

impl Lanes for Plain {
    #[inline(always)]
    unsafe fn load(words: &Words) -> Plain {
        Plain(*words)
    }

    #[inline(always)]
    fn store(self) -> Words {
        self.0
    }

    #[inline(always)]
    fn shl(self, n: u32) -> Plain {
        self.each(self, |a, _| a << n)
    }

    #[inline(always)]
    fn shr(self, n: u32) -> Plain {
        self.each(self, |a, _| a >> n)
    }

    #[inline(always)]
    fn behind(self, before: Plain) -> Plain {
        let [a, b, c, d, e, f, g, _] = self.0;
        Plain([before.0[LANES - 1], a, b, c, d, e, f, g])
    }

    #[inline(always)]
    fn some(self) -> u32 {
        self.0.iter().enumerate().fold(0, |some, (i, word)| some | u32::from(*word != 0) << i)
    }
}
