//! The masks of several blocks at once: what is asked of one is asked of all in as many instructions.

use std::ops::{BitAnd, BitOr, Not};

/// Blocks of a batch.
pub(super) const LANES: usize = 8;

/// A mask for each block of a batch, in order.
pub(super) type Words = [u64; LANES];

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

    /// For each block the mask of the one before; for the first the last of `before`, the batch before.
    fn behind(self, before: Self) -> Self;

    /// Which lanes are not zero: bit `i` for lane `i`.
    fn some(self) -> u32;
}

/// The masks of a batch and, for each block, those of the block before.
#[derive(Clone, Copy)]
pub(super) struct Trail<L> {
    pub here: L,
    pub behind: L,
}

impl<L: Lanes> Trail<L> {
    /// The masks moved up by `n` bytes, 1 to 63, from block to block.
    #[inline(always)]
    pub fn up(self, n: u32) -> L {
        self.here.shl(n) | self.behind.shr(64 - n)
    }

    /// Where one of the masks' bytes stands one to five bytes before.
    #[inline(always)]
    pub fn within_five(self) -> L {
        let two = self.here.shl(1) | self.here.shl(2);
        let over = self.behind.shr(59);
        let pair = over | over.shr(1);
        two | two.shl(2) | self.here.shl(5) | pair | pair.shr(2) | over.shr(4)
    }

    /// Where one of them stands two to four bytes before.
    #[inline(always)]
    pub fn two_to_four(self) -> L {
        self.up(2) | self.up(3) | self.up(4)
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
