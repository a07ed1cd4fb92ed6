//! Masks without vector instructions: tables of byte classes, and eight bytes of them turned at a time.

use super::lanes::Plain;
use super::literals::Literals;
use super::masks::{AHEAD, BLOCK, Blocks, CLASSES, Classify, Masks, by_blocks};
use super::{Anchor, Kinds, blocks, folds};
use crate::model::{StopBytes, Stops};

/// [`CLASSES`], for all bytes.
const CLASS: [u8; 256] = {
    let mut t = [0; 256];
    let mut i = 0;
    while i < 128 {
        t[i] = CLASSES[i];
        i += 1;
    }
    t
};

/// What folds.
const FOLDS: [u8; 256] = {
    let mut t = [0; 256];
    let mut i = 0;
    while i < 256 {
        let b = i as u8;
        t[i] = matches!(b, b'&' | b'%' | 0x80..) as u8;
        i += 1;
    }
    t
};

/// Eight bytes of eight bits, turned: byte `k` of what comes out has bit `k` of each byte that went in, in order (Warren, Hacker's
/// Delight, 7-3).
#[inline(always)]
fn turned(mut x: u64) -> u64 {
    for (shift, mask) in [(7, 0x00AA_00AA_00AA_00AA), (14, 0x0000_CCCC_0000_CCCC), (28, 0x0000_0000_F0F0_F0F0)] {
        let t = (x ^ x >> shift) & mask;
        x ^= t ^ t << shift;
    }
    x
}

#[derive(Clone, Copy)]
struct Portable<'a> {
    literals: &'a Literals,
    stops: Option<&'static StopBytes>,
}

impl Portable<'_> {
    /// Whether the byte at `at` folds, stops, begins what may be a literal within a word, or another, is part of a name: a bit each.
    #[inline(always)]
    fn other(self, bytes: &[u8; BLOCK + AHEAD], at: usize) -> u8 {
        let fits = self.literals.fit(&std::array::from_fn(|i| bytes[at + i]));
        let folds = FOLDS[usize::from(bytes[at])] & u8::from(folds::fits(bytes[at], bytes[at + 1]));
        let stops = self.stops.is_some_and(|s| s.holds(bytes[at]));
        let name = bytes[at] == b'_' || bytes[at].is_ascii_alphabetic();
        u8::from(name) << 4
            | folds
            | u8::from(stops) << 1
            | u8::from(fits & 0xFFFF != 0) << 2
            | u8::from(fits >> 16 != 0) << 3
    }
}

impl Classify for Portable<'_> {
    type Lanes = Plain;

    #[inline(always)]
    unsafe fn batch(self, from: *const u8, blocks: usize) -> Masks<Plain> {
        // SAFETY: the caller's promise.
        unsafe { by_blocks(self, from, blocks) }
    }
}

impl Blocks for Portable<'_> {
    #[inline(always)]
    unsafe fn masks(self, from: *const u8) -> Masks<u64> {
        // SAFETY: the caller's promise: BLOCK + AHEAD bytes are readable.
        let bytes: &[u8; BLOCK + AHEAD] = unsafe { &*from.cast() };
        // By class, then by eighth of the block: a bit a byte.
        let mut classes = [[0u8; 8]; 8];
        let mut others = [[0u8; 8]; 5];
        for eighth in 0..8 {
            let at = eighth * 8;
            let these = turned(u64::from_le_bytes(std::array::from_fn(|i| CLASS[usize::from(bytes[at + i])])));
            classes.iter_mut().zip(these.to_le_bytes()).for_each(|(class, bits)| class[eighth] = bits);
            let these = turned(u64::from_le_bytes(std::array::from_fn(|i| self.other(bytes, at + i))));
            others.iter_mut().zip(these.to_le_bytes()).for_each(|(class, bits)| class[eighth] = bits);
        }
        let [digit, letter, upper, separator, at, colon, dot, dash] = classes.map(u64::from_le_bytes);
        let [fold, stop, inner, literal, name] = others.map(u64::from_le_bytes);
        Masks { digit, letter, upper, name, separator, at, colon, dot, dash, inner, literal, fold, stop }
    }
}

/// See [`super::Sweep::sweep`].
pub(super) fn sweep(text: &[u8], kinds: Kinds, literals: &Literals, stops: Option<&mut Stops>, out: &mut Vec<Anchor>) {
    let by = Portable { literals, stops: stops.as_ref().map(|s| s.of()) };
    // SAFETY: it needs no features.
    unsafe { blocks::sweep(by, text, kinds, literals, stops, out) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turned_is_turned() {
        let mut x = 0x0123_4567_89AB_CDEFu64;
        for _ in 0..50 {
            x = x.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let bit = |x: u64, byte: u32, bit: u32| x >> (byte * 8 + bit) & 1;
            let all = |n: u32| bit(turned(x), n / 8, n % 8) == bit(x, n % 8, n / 8);
            assert!((0..64).all(all), "{x:x}");
        }
    }
}
