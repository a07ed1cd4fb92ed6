//! Masks by AVX-512: a block an instruction, and comparisons that give masks at once.

use super::folds::FOLDS;
use super::lanes::{LANES, Lanes, Words};
use super::literals::{INNER, Literals, PRINT, Prints, SHORT_PRINT};
use super::masks::{Classify, Masks, SEPARATORS};
use super::{Anchor, Kinds, blocks};
use crate::model::{StopBytes, Stops};
use std::arch::x86_64::*;
use std::ops::{BitAnd, BitOr, Not};

#[derive(Clone, Copy)]
struct Avx512<'a> {
    literals: &'a Literals,
    stops: Option<&'static StopBytes>,
}

/// A batch in one register.
#[derive(Clone, Copy)]
struct Register(__m512i);

impl BitAnd for Register {
    type Output = Register;
    #[inline(always)]
    fn bitand(self, with: Register) -> Register {
        // SAFETY: a value is proof of AVX-512 F, here and below.
        Register(unsafe { _mm512_and_si512(self.0, with.0) })
    }
}

impl BitOr for Register {
    type Output = Register;
    #[inline(always)]
    fn bitor(self, with: Register) -> Register {
        // SAFETY: as above.
        Register(unsafe { _mm512_or_si512(self.0, with.0) })
    }
}

impl Not for Register {
    type Output = Register;
    #[inline(always)]
    fn not(self) -> Register {
        // SAFETY: as above.
        Register(unsafe { _mm512_xor_si512(self.0, _mm512_set1_epi64(-1)) })
    }
}

impl Lanes for Register {
    #[inline(always)]
    unsafe fn load(words: &Words) -> Register {
        // SAFETY: AVX-512 F is the caller's promise; `words` has 64 bytes.
        Register(unsafe { _mm512_loadu_si512(words.as_ptr().cast()) })
    }

    #[inline(always)]
    fn store(self) -> Words {
        let mut words = [0; LANES];
        // SAFETY: as above; `words` has 64 bytes.
        unsafe { _mm512_storeu_si512(words.as_mut_ptr().cast(), self.0) };
        words
    }

    #[inline(always)]
    fn shl(self, n: u32) -> Register {
        // SAFETY: as above.
        Register(unsafe { _mm512_sll_epi64(self.0, _mm_cvtsi32_si128(n as i32)) })
    }

    #[inline(always)]
    fn shr(self, n: u32) -> Register {
        // SAFETY: as above.
        Register(unsafe { _mm512_srl_epi64(self.0, _mm_cvtsi32_si128(n as i32)) })
    }

    #[inline(always)]
    fn behind(self, before: Register) -> Register {
        // SAFETY: as above.
        Register(unsafe { _mm512_alignr_epi64::<7>(self.0, before.0) })
    }

    #[inline(always)]
    fn some(self) -> u32 {
        // SAFETY: as above.
        u32::from(unsafe { _mm512_test_epi64_mask(self.0, self.0) })
    }
}

/// Bytes that lie in `low..=low + span`.
#[inline(always)]
unsafe fn within(bytes: __m512i, low: u8, span: u8) -> u64 {
    // SAFETY: AVX-512 F and BW are the caller's promise.
    unsafe {
        let shifted = _mm512_sub_epi8(bytes, _mm512_set1_epi8(low as i8));
        _mm512_cmple_epu8_mask(shifted, _mm512_set1_epi8(span as i8))
    }
}

#[inline(always)]
unsafe fn equal(bytes: __m512i, to: u8) -> u64 {
    // SAFETY: AVX-512 F and BW are the caller's promise.
    unsafe { _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(to as i8)) }
}

/// By byte: the bits that the tables have in common for its nibbles.
#[inline(always)]
unsafe fn by_nibbles(bytes: __m512i, low: &[u8; 16], high: &[u8; 16]) -> __m512i {
    // SAFETY: AVX-512 F and BW are the caller's promise; the tables have 16 bytes.
    unsafe {
        let nibble = _mm512_set1_epi8(15);
        let low = _mm512_broadcast_i32x4(_mm_loadu_si128(low.as_ptr().cast()));
        let high = _mm512_broadcast_i32x4(_mm_loadu_si128(high.as_ptr().cast()));
        let by_low = _mm512_shuffle_epi8(low, _mm512_and_si512(bytes, nibble));
        let by_high = _mm512_shuffle_epi8(high, _mm512_and_si512(_mm512_srli_epi16::<4>(bytes), nibble));
        _mm512_and_si512(by_low, by_high)
    }
}

impl Avx512<'_> {
    /// By byte: the buckets whose fingerprints fit, as far as their first `places` bytes go.
    #[inline(always)]
    unsafe fn buckets(prints: &Prints, places: usize, from: *const u8) -> __m512i {
        // SAFETY: the caller's promise: BLOCK + AHEAD bytes are readable, and AVX-512 F and BW are there.
        unsafe {
            let mut fits = _mm512_set1_epi8(-1);
            for place in 0..places {
                let bytes = _mm512_loadu_si512(from.add(place).cast());
                fits = _mm512_and_si512(fits, by_nibbles(bytes, &prints.low[place], &prints.high[place]));
            }
            fits
        }
    }

    /// Where the fingerprint of a literal fits that may stand within a word, and where that of another does.
    #[inline(always)]
    unsafe fn fits(self, from: *const u8) -> (u64, u64) {
        let literals = self.literals;
        let (mut inner, mut word) = (0, 0);
        // SAFETY: as above.
        unsafe {
            if let Some(joint) = &literals.joint {
                let fits = Self::buckets(joint, SHORT_PRINT, from);
                let inner = _mm512_test_epi8_mask(fits, _mm512_set1_epi8(INNER as i8));
                return (inner, _mm512_test_epi8_mask(fits, _mm512_set1_epi8(!INNER as i8)));
            }
            for prints in &literals.inner {
                let fits = Self::buckets(prints, PRINT, from);
                inner |= _mm512_test_epi8_mask(fits, fits);
            }
            for prints in &literals.word {
                let fits = Self::buckets(prints, PRINT, from);
                word |= _mm512_test_epi8_mask(fits, fits);
            }
        }
        (inner, word)
    }

    /// Where something could fold.
    #[inline(always)]
    unsafe fn folds(bytes: __m512i, from: *const u8) -> u64 {
        // SAFETY: the caller's promise: BLOCK + AHEAD bytes are readable, and AVX-512 F and BW are there.
        unsafe {
            let signs = equal(bytes, b'&') | equal(bytes, b'%');
            if _mm512_movepi8_mask(bytes) == 0 {
                return signs;
            }
            let next = _mm512_loadu_si512(from.add(1).cast());
            let first = by_nibbles(bytes, &FOLDS.low[0], &FOLDS.high[0]);
            signs | _mm512_test_epi8_mask(first, by_nibbles(next, &FOLDS.low[1], &FOLDS.high[1]))
        }
    }
}

impl Classify for Avx512<'_> {
    type Lanes = Register;

    #[inline(always)]
    unsafe fn masks(self, from: *const u8) -> Masks {
        // SAFETY: the caller's promise: BLOCK + AHEAD bytes are readable, and AVX-512 F and BW are there.
        unsafe {
            let bytes = _mm512_loadu_si512(from.cast());
            let (inner, literal) = self.fits(from);
            // No closure: it would not have the features.
            let stop = match self.stops {
                Some(stops) => {
                    let stops = by_nibbles(bytes, stops.low(), &StopBytes::HIGH);
                    _mm512_test_epi8_mask(stops, stops)
                }
                None => 0,
            };
            let separators = by_nibbles(bytes, &SEPARATORS.0, &SEPARATORS.1);
            Masks {
                digit: within(bytes, b'0', 9),
                letter: within(_mm512_or_si512(bytes, _mm512_set1_epi8(0x20)), b'a', 25),
                upper: within(bytes, b'A', 25),
                separator: _mm512_test_epi8_mask(separators, separators),
                at: equal(bytes, b'@'),
                colon: equal(bytes, b':'),
                dot: equal(bytes, b'.'),
                dash: equal(bytes, b'-'),
                inner,
                literal,
                fold: Self::folds(bytes, from),
                stop,
            }
        }
    }
}

/// See [`super::Sweep::sweep`].
///
/// # Safety
///
/// The processor must have AVX-512 F and BW, AVX2, BMI1, BMI2, LZCNT and POPCNT.
#[target_feature(enable = "avx512f,avx512bw,avx2,bmi1,bmi2,lzcnt,popcnt")]
pub(super) unsafe fn sweep(
    text: &[u8],
    kinds: Kinds,
    literals: &Literals,
    stops: Option<&mut Stops>,
    out: &mut Vec<Anchor>,
) {
    let by = Avx512 { literals, stops: stops.as_ref().map(|s| s.of()) };
    // SAFETY: the features are this function's own.
    unsafe { blocks::sweep(by, text, kinds, literals, stops, out) }
}
