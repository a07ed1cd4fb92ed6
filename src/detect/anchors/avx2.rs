//! Masks by AVX2: 32 bytes an instruction, two halves a block.

use super::folds::FOLDS;
use super::lanes::{LANES, Lanes, Words};
use super::literals::{INNER, Literals, PRINT, Prints, SHORT_PRINT};
use super::masks::{Blocks, Classify, Masks, SEPARATORS, by_blocks};
use super::{Anchor, Kinds, blocks};
use crate::model::{StopBytes, Stops};
use std::arch::x86_64::*;
use std::ops::{BitAnd, BitOr, Not};

#[derive(Clone, Copy)]
struct Avx2<'a> {
    literals: &'a Literals,
    stops: Option<&'static StopBytes>,
}

/// A batch in two registers.
#[derive(Clone, Copy)]
struct Registers(__m256i, __m256i);

impl BitAnd for Registers {
    type Output = Registers;
    #[inline(always)]
    fn bitand(self, with: Registers) -> Registers {
        // SAFETY: a value is proof of AVX2, here and below.
        unsafe { Registers(_mm256_and_si256(self.0, with.0), _mm256_and_si256(self.1, with.1)) }
    }
}

impl BitOr for Registers {
    type Output = Registers;
    #[inline(always)]
    fn bitor(self, with: Registers) -> Registers {
        // SAFETY: as above.
        unsafe { Registers(_mm256_or_si256(self.0, with.0), _mm256_or_si256(self.1, with.1)) }
    }
}

impl Not for Registers {
    type Output = Registers;
    #[inline(always)]
    fn not(self) -> Registers {
        // SAFETY: as above.
        unsafe {
            let ones = _mm256_set1_epi64x(-1);
            Registers(_mm256_xor_si256(self.0, ones), _mm256_xor_si256(self.1, ones))
        }
    }
}

impl Lanes for Registers {
    #[inline(always)]
    unsafe fn load(words: &Words) -> Registers {
        // SAFETY: AVX2 is the caller's promise; `words` has 64 bytes.
        unsafe {
            let from: *const __m256i = words.as_ptr().cast();
            Registers(_mm256_loadu_si256(from), _mm256_loadu_si256(from.add(1)))
        }
    }

    #[inline(always)]
    fn store(self) -> Words {
        let mut words = [0; LANES];
        let to: *mut __m256i = words.as_mut_ptr().cast();
        // SAFETY: as above; `words` has 64 bytes.
        unsafe {
            _mm256_storeu_si256(to, self.0);
            _mm256_storeu_si256(to.add(1), self.1);
        }
        words
    }

    #[inline(always)]
    fn shl(self, n: u32) -> Registers {
        // SAFETY: as above.
        unsafe {
            let n = _mm_cvtsi32_si128(n as i32);
            Registers(_mm256_sll_epi64(self.0, n), _mm256_sll_epi64(self.1, n))
        }
    }

    #[inline(always)]
    fn shr(self, n: u32) -> Registers {
        // SAFETY: as above.
        unsafe {
            let n = _mm_cvtsi32_si128(n as i32);
            Registers(_mm256_srl_epi64(self.0, n), _mm256_srl_epi64(self.1, n))
        }
    }

    #[inline(always)]
    fn behind(self, before: Registers) -> Registers {
        // SAFETY: as above.
        unsafe {
            // The lane before the first of each half comes from the middle of both.
            let first = _mm256_permute2x128_si256::<0x21>(before.1, self.0);
            let second = _mm256_permute2x128_si256::<0x21>(self.0, self.1);
            Registers(_mm256_alignr_epi8::<8>(self.0, first), _mm256_alignr_epi8::<8>(self.1, second))
        }
    }

    #[inline(always)]
    fn some(self) -> u32 {
        // SAFETY: as above.
        unsafe {
            let zero = |half| {
                let zero = _mm256_cmpeq_epi64(half, _mm256_setzero_si256());
                _mm256_movemask_pd(_mm256_castsi256_pd(zero)) as u32
            };
            !(zero(self.0) | zero(self.1) << 4) & 0xFF
        }
    }
}

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

/// Which bytes are not zero.
#[inline(always)]
unsafe fn some(bytes: __m256i) -> u32 {
    // SAFETY: AVX2 is the caller's promise.
    unsafe { !(_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_setzero_si256())) as u32) }
}

/// Which bytes' nibbles have a bit of the tables in common.
#[inline(always)]
unsafe fn among(bytes: __m256i, low: &[u8; 16], high: &[u8; 16]) -> u32 {
    // SAFETY: AVX2 is the caller's promise.
    unsafe { some(by_nibbles(bytes, low, high)) }
}

impl Avx2<'_> {
    /// By byte, of 32 from `from` on: the buckets whose fingerprints fit, as far as their first `places` bytes go.
    #[inline(always)]
    unsafe fn buckets(prints: &Prints, places: usize, from: *const u8) -> __m256i {
        // SAFETY: the caller's promise: 32 + AHEAD bytes are readable, and AVX2 is there.
        unsafe {
            let mut fits = _mm256_set1_epi8(-1);
            for place in 0..places {
                let bytes = _mm256_loadu_si256(from.add(place).cast());
                fits = _mm256_and_si256(fits, by_nibbles(bytes, &prints.low[place], &prints.high[place]));
            }
            fits
        }
    }

    /// Where the fingerprint of a literal fits that may stand within a word, and where that of another does.
    #[inline(always)]
    unsafe fn fits(self, from: *const u8) -> (u32, u32) {
        let literals = self.literals;
        let (mut inner, mut word) = (0, 0);
        // SAFETY: as above.
        unsafe {
            if let Some(joint) = &literals.joint {
                let fits = Self::buckets(joint, SHORT_PRINT, from);
                let inner = _mm256_and_si256(fits, _mm256_set1_epi8(INNER as i8));
                return (some(inner), some(_mm256_andnot_si256(_mm256_set1_epi8(INNER as i8), fits)));
            }
            for prints in &literals.inner {
                inner |= some(Self::buckets(prints, PRINT, from));
            }
            for prints in &literals.word {
                word |= some(Self::buckets(prints, PRINT, from));
            }
        }
        (inner, word)
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
            some(fits) | equal(bytes, b'&') | equal(bytes, b'%')
        }
    }

    #[inline(always)]
    unsafe fn half(self, from: *const u8) -> [u32; 13] {
        // SAFETY: the caller's promise: 32 + AHEAD bytes are readable, and AVX2 is there.
        unsafe {
            let bytes = _mm256_loadu_si256(from.cast());
            let (inner, literal) = self.fits(from);
            let lower = _mm256_or_si256(bytes, _mm256_set1_epi8(0x20));
            let letter = within(lower, b'a', 25);
            [
                within(bytes, b'0', 9),
                letter,
                equal(bytes, b'@'),
                equal(bytes, b':'),
                equal(bytes, b'.'),
                equal(bytes, b'-'),
                inner,
                literal,
                within(bytes, b'A', 25),
                among(bytes, &SEPARATORS.0, &SEPARATORS.1),
                Self::folds(bytes, from),
                // No closure: it would not have the features.
                match self.stops {
                    Some(stops) => among(bytes, stops.low(), &StopBytes::HIGH),
                    None => 0,
                },
                letter | equal(bytes, b'_'),
            ]
        }
    }
}

impl Classify for Avx2<'_> {
    type Lanes = Registers;

    #[inline(always)]
    unsafe fn batch(self, from: *const u8, blocks: usize) -> Masks<Registers> {
        // SAFETY: the caller's promise.
        unsafe { by_blocks(self, from, blocks) }
    }
}

impl Blocks for Avx2<'_> {
    #[inline(always)]
    unsafe fn masks(self, from: *const u8) -> Masks<u64> {
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
            stop: m(11),
            name: m(12),
        }
    }
}

/// See [`super::Sweep::sweep`].
///
/// # Safety
///
/// The processor must have AVX2, BMI1, BMI2, LZCNT and POPCNT.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
pub(super) unsafe fn sweep(
    text: &[u8],
    kinds: Kinds,
    literals: &Literals,
    stops: Option<&mut Stops>,
    out: &mut Vec<Anchor>,
) {
    let by = Avx2 { literals, stops: stops.as_ref().map(|s| s.of()) };
    // SAFETY: the features are this function's own.
    unsafe { blocks::sweep(by, text, kinds, literals, stops, out) }
}
