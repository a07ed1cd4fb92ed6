//! Masks by AVX2: 32 bytes an instruction, two halves a block.

use super::blocks::{self, Classify, Masks, SEPARATORS};
use super::folds::FOLDS;
use super::literals::{Literals, PRINT, Prints};
use super::{Anchor, Kinds};
use std::arch::x86_64::*;

#[derive(Clone, Copy)]
struct Avx2<'a>(&'a Literals, bool);

/// Bytes from `from` on that lie in `low..=low + span`.
#[inline(always)]
unsafe fn within(bytes: __m256i, low: u8, span: u8) -> u32 {
    // SAFETY: AVX2 is the caller's promise.
    unsafe {
        let shifted = _mm256_sub_epi8(bytes, _mm256_set1_epi8(low as i8));
        let capped = _mm256_min_epu8(shifted, _mm256_set1_epi8(span as i8));
        _mm256_movemask_epi8(_mm256_cmpeq_epi8(capped, shifted)) as u32
    }
}

#[inline(always)]
unsafe fn equal(bytes: __m256i, to: u8) -> u32 {
    // SAFETY: AVX2 is the caller's promise.
    unsafe { _mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(to as i8))) as u32 }
}

/// By byte: the bits that the tables have in common for its nibbles.
#[inline(always)]
unsafe fn by_nibbles(bytes: __m256i, low: &[u8; 16], high: &[u8; 16]) -> __m256i {
    // SAFETY: AVX2 is the caller's promise; the tables have 16 bytes.
    unsafe {
        let nibble = _mm256_set1_epi8(15);
        let low = _mm256_broadcastsi128_si256(_mm_loadu_si128(low.as_ptr().cast()));
        let high = _mm256_broadcastsi128_si256(_mm_loadu_si128(high.as_ptr().cast()));
        let by_low = _mm256_shuffle_epi8(low, _mm256_and_si256(bytes, nibble));
        let by_high = _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), nibble));
        _mm256_and_si256(by_low, by_high)
    }
}

/// Separators: see [`blocks::is_separator`].
#[inline(always)]
unsafe fn separators(bytes: __m256i) -> u32 {
    // SAFETY: AVX2 is the caller's promise.
    unsafe {
        let none = _mm256_cmpeq_epi8(by_nibbles(bytes, &SEPARATORS.0, &SEPARATORS.1), _mm256_setzero_si256());
        !(_mm256_movemask_epi8(none) as u32)
    }
}

impl Avx2<'_> {
    /// Where a fingerprint fits, in the 32 bytes from `from` on.
    #[inline(always)]
    unsafe fn fits(prints: &Prints, from: *const u8) -> u32 {
        // SAFETY: the caller's promise: 32 + AHEAD bytes are readable, and AVX2 is there.
        unsafe {
            let mut fits = _mm256_set1_epi8(-1);
            for place in 0..PRINT {
                let bytes = _mm256_loadu_si256(from.add(place).cast());
                fits = _mm256_and_si256(fits, by_nibbles(bytes, &prints.low[place], &prints.high[place]));
            }
            !(_mm256_movemask_epi8(_mm256_cmpeq_epi8(fits, _mm256_setzero_si256())) as u32)
        }
    }

    /// Where something could fold, in the 32 bytes from `from` on.
    #[inline(always)]
    unsafe fn folds(bytes: __m256i, from: *const u8) -> u32 {
        // SAFETY: the caller's promise: 32 + AHEAD bytes are readable, and AVX2 is there.
        unsafe {
            if _mm256_movemask_epi8(bytes) == 0 {
                return equal(bytes, b'&') | equal(bytes, b'%');
            }
            let mut fits = _mm256_set1_epi8(-1);
            for place in 0..2 {
                let bytes = _mm256_loadu_si256(from.add(place).cast());
                fits = _mm256_and_si256(fits, by_nibbles(bytes, &FOLDS.low[place], &FOLDS.high[place]));
            }
            let none = _mm256_movemask_epi8(_mm256_cmpeq_epi8(fits, _mm256_setzero_si256())) as u32;
            !none | equal(bytes, b'&') | equal(bytes, b'%')
        }
    }

    #[inline(always)]
    unsafe fn half(self, from: *const u8) -> [u32; 11] {
        // SAFETY: the caller's promise: 32 + AHEAD bytes are readable, and AVX2 is there.
        unsafe {
            let bytes = _mm256_loadu_si256(from.cast());
            let literals = self.0;
            let inner = if self.1 { Self::fits(&literals.inner, from) } else { 0 };
            let literal = if literals.words { Self::fits(&literals.word, from) } else { 0 };
            let lower = _mm256_or_si256(bytes, _mm256_set1_epi8(0x20));
            [
                within(bytes, b'0', 9),
                within(lower, b'a', 25),
                equal(bytes, b'@'),
                equal(bytes, b':'),
                equal(bytes, b'.'),
                equal(bytes, b'-'),
                inner,
                literal,
                within(bytes, b'A', 25),
                separators(bytes),
                Self::folds(bytes, from),
            ]
        }
    }
}

impl Classify for Avx2<'_> {
    #[inline(always)]
    unsafe fn masks(self, from: *const u8) -> Masks {
        // SAFETY: the caller's promise: BLOCK + AHEAD bytes are readable, and AVX2 is there.
        let (a, b) = unsafe { (self.half(from), self.half(from.add(32))) };
        let m = |i: usize| u64::from(a[i]) | u64::from(b[i]) << 32;
        Masks {
            digit: m(0),
            letter: m(1),
            at: m(2),
            colon: m(3),
            dot: m(4),
            dash: m(5),
            inner: m(6),
            literal: m(7),
            upper: m(8),
            separator: m(9),
            fold: m(10),
        }
    }
}

/// See [`super::Sweep::sweep`].
///
/// # Safety
///
/// The processor must have AVX2, BMI1, BMI2, LZCNT and POPCNT.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
pub(super) unsafe fn sweep(text: &[u8], kinds: Kinds, literals: &Literals, out: &mut Vec<Anchor>) {
    // SAFETY: the features are this function's own.
    unsafe { blocks::sweep(Avx2(literals, !literals.is_empty()), text, kinds, literals, out) }
}
