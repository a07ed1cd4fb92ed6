//! Masks by AVX-512: what bytes are is looked up in tables, eight classes a lookup, and turned into masks by the product of bit
//! matrices (GFNI) and shuffles, so that no mask leaves the vector unit.

use super::folds::FOLDS;
use super::lanes::{LANES, Lanes, Places, Words};
use super::literals::{INNER, Literals, PRINT, Prints, SHORT_PRINT};
use super::masks::{BLOCK, CLASSES, Classify, Masks};
use super::{Anchor, Kinds, blocks};
use crate::model::Stops;
use std::arch::x86_64::*;
use std::ops::{BitAnd, BitOr, Not};

/// What a byte is beside its [`CLASSES`], a bit each: where the fingerprint of a literal fits that may stand within a word; what could
/// fold; a stop; part of a name; where the fingerprint of another literal fits (the lowest of those buckets).
const WITHIN: u8 = 1;
const FOLD: u8 = 2;
const STOP: u8 = 4;
const NAME: u8 = 8;
const BEGINS: u8 = INNER + 1;

#[derive(Clone, Copy)]
struct Avx512<'a> {
    literals: &'a Literals,
    /// By [`CLASSES`].
    classes: Table,
    /// By [`FOLD`], [`STOP`] and [`NAME`].
    others: Table,
}

/// The places of a block.
const NUMBERS: [u8; 64] = {
    let mut numbers = [0; 64];
    let mut i = 0;
    while i < 64 {
        numbers[i] = i as u8;
        i += 1;
    }
    numbers
};

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
    fn up<const N: u32>(self, behind: Register) -> Register {
        // SAFETY: as above, and of AVX-512 VBMI2.
        Register(unsafe { _mm512_shldv_epi64(self.0, behind.0, _mm512_set1_epi64(i64::from(N))) })
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

    #[inline(always)]
    fn places(self, to: &mut Places) -> usize {
        let mut count = 0;
        for (lane, word) in self.store().into_iter().enumerate() {
            let half = |places: __m256i| {
                // SAFETY: as above, and of BW.
                unsafe { _mm512_add_epi16(_mm512_cvtepu8_epi16(places), _mm512_set1_epi16((lane * BLOCK) as i16)) }
            };
            // SAFETY: as above, and of VBMI2; `NUMBERS` has 64 bytes. A block has 64 places at most, so `count` is at most BATCH, behind
            // which there is room for 32.
            unsafe {
                let numbers = _mm512_loadu_si512(NUMBERS.as_ptr().cast());
                let places = _mm512_maskz_compress_epi8(word, numbers);
                let to: *mut u16 = to.as_mut_ptr().add(count);
                _mm512_storeu_si512(to.cast(), half(_mm512_castsi512_si256(places)));
                if word.count_ones() > 32 {
                    let rest = _mm512_extracti64x4_epi64::<1>(places);
                    _mm512_storeu_si512(to.add(32).cast(), half(rest));
                }
            }
            count += word.count_ones() as usize;
        }
        count
    }
}

/// What bytes of ASCII are, a bit a class.
#[derive(Clone, Copy)]
struct Table([__m512i; 2]);

impl Table {
    #[inline(always)]
    unsafe fn load(of: &[u8; 128]) -> Table {
        let (low, high) = of.split_at(64);
        // SAFETY: AVX-512 F is the caller's promise; each half has 64 bytes.
        unsafe { Table([_mm512_loadu_si512(low.as_ptr().cast()), _mm512_loadu_si512(high.as_ptr().cast())]) }
    }

    /// By byte: its classes, none for those beyond ASCII, which are `beyond`.
    #[inline(always)]
    unsafe fn of(self, bytes: __m512i, beyond: u64) -> __m512i {
        // SAFETY: AVX-512 VBMI is the caller's promise.
        unsafe { _mm512_maskz_permutex2var_epi8(!beyond, self.0[0], bytes, self.0[1]) }
    }
}

/// The classes of 64 bytes, turned: byte `k` of word `n` has bit `k` of the bytes from `8 * n` on, in order.
#[inline(always)]
unsafe fn turned(classes: __m512i) -> __m512i {
    // SAFETY: AVX-512 BW and GFNI are the caller's promise.
    unsafe {
        // The product of a matrix with a vector that has one bit is a column of the matrix, whose rows are counted from the last.
        let back = _mm512_broadcast_i32x4(_mm_set_epi8(8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
        let columns = _mm512_set1_epi64(0x8040_2010_0804_0201_u64 as i64);
        _mm512_gf2p8affine_epi64_epi8::<0>(columns, _mm512_shuffle_epi8(classes, back))
    }
}

/// For the lower and for the upper four classes: the bytes of two blocks that [`turned`] made, by class, block and word.
const PAIRS: [[u8; 64]; 2] = {
    let mut pairs = [[0; 64]; 2];
    let mut i = 0;
    while i < 128 {
        let (class, block, word) = (i / 16, i / 8 % 2, i % 8);
        pairs[i / 64][i % 64] = (block * 64 + word * 8 + class) as u8;
        i += 1;
    }
    pairs
};

/// By class: the masks of the blocks of a batch, from what [`turned`] made of them.
#[inline(always)]
unsafe fn by_class(blocks: &[__m512i; LANES]) -> [Register; 8] {
    // SAFETY: AVX-512 F and VBMI are the caller's promise; an index has 64 bytes.
    unsafe {
        let mut out = [Register(blocks[0]); 8];
        for half in 0..2 {
            let index = _mm512_loadu_si512(PAIRS[half].as_ptr().cast());
            let pair = |i: usize| _mm512_permutex2var_epi8(blocks[i], index, blocks[i + 1]);
            let (a, b, c, d) = (pair(0), pair(2), pair(4), pair(6));
            // Quarters of a register: classes 0 and 1 of four blocks, then 2 and 3.
            let first = [_mm512_shuffle_i64x2::<0x44>(a, b), _mm512_shuffle_i64x2::<0x44>(c, d)];
            let second = [_mm512_shuffle_i64x2::<0xEE>(a, b), _mm512_shuffle_i64x2::<0xEE>(c, d)];
            for (i, [left, right]) in [first, second].into_iter().enumerate() {
                out[half * 4 + i * 2] = Register(_mm512_shuffle_i64x2::<0x88>(left, right));
                out[half * 4 + i * 2 + 1] = Register(_mm512_shuffle_i64x2::<0xDD>(left, right));
            }
        }
        out
    }
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

    /// By byte: whether the fingerprint of a literal fits that may stand within a word ([`WITHIN`]), or that of another ([`BEGINS`]).
    #[inline(always)]
    unsafe fn fits(self, from: *const u8) -> __m512i {
        let literals = self.literals;
        // SAFETY: as above.
        unsafe {
            let one = _mm512_set1_epi8(WITHIN as i8);
            if let Some(joint) = &literals.joint {
                let fits = Self::buckets(joint, SHORT_PRINT, from);
                let inner = _mm512_min_epu8(_mm512_and_si512(fits, _mm512_set1_epi8(INNER as i8)), one);
                let word = _mm512_and_si512(fits, _mm512_set1_epi8(!INNER as i8));
                return _mm512_or_si512(inner, _mm512_min_epu8(word, _mm512_set1_epi8(BEGINS as i8)));
            }
            let (mut inner, mut word) = (_mm512_setzero_si512(), _mm512_setzero_si512());
            for prints in &literals.inner {
                inner = _mm512_or_si512(inner, Self::buckets(prints, PRINT, from));
            }
            for prints in &literals.word {
                word = _mm512_or_si512(word, Self::buckets(prints, PRINT, from));
            }
            let word = _mm512_slli_epi16::<{ BEGINS.trailing_zeros() }>(_mm512_min_epu8(word, one));
            _mm512_or_si512(_mm512_min_epu8(inner, one), word)
        }
    }

    /// By byte that isn't ASCII: whether it could fold.
    #[inline(always)]
    unsafe fn folds(bytes: __m512i, from: *const u8) -> u64 {
        // SAFETY: the caller's promise: BLOCK + AHEAD bytes are readable, and AVX-512 F and BW are there.
        unsafe {
            let next = _mm512_loadu_si512(from.add(1).cast());
            let first = by_nibbles(bytes, &FOLDS.low[0], &FOLDS.high[0]);
            _mm512_test_epi8_mask(first, by_nibbles(next, &FOLDS.low[1], &FOLDS.high[1]))
        }
    }
}

/// What bytes of ASCII are of these, without stops.
const OTHERS: [u8; 128] = {
    let mut t = [0; 128];
    let mut i = 0;
    while i < 128 {
        let b = i as u8;
        t[i] = (matches!(b, b'&' | b'%') as u8 * FOLD) | ((b == b'_' || b.is_ascii_alphabetic()) as u8 * NAME);
        i += 1;
    }
    t
};

impl Classify for Avx512<'_> {
    type Lanes = Register;

    #[inline(always)]
    unsafe fn batch(self, from: *const u8, blocks: usize) -> Masks<Register> {
        // SAFETY: the caller's promise: BATCH + AHEAD bytes are readable, and the features are there.
        unsafe {
            let (mut first, mut second) = ([_mm512_setzero_si512(); LANES], [_mm512_setzero_si512(); LANES]);
            for lane in 0..blocks.min(LANES) {
                let from = from.add(lane * BLOCK);
                let bytes = _mm512_loadu_si512(from.cast());
                let beyond = _mm512_movepi8_mask(bytes);
                first[lane] = turned(self.classes.of(bytes, beyond));
                let mut others = _mm512_or_si512(self.others.of(bytes, beyond), self.fits(from));
                if beyond != 0 {
                    let folds = Self::folds(bytes, from);
                    others = _mm512_or_si512(others, _mm512_maskz_set1_epi8(folds, FOLD as i8));
                }
                second[lane] = turned(others);
            }
            let [digit, letter, upper, separator, at, colon, dot, dash] = by_class(&first);
            let [inner, fold, stop, name, literal, ..] = by_class(&second);
            Masks { digit, letter, upper, name, separator, at, colon, dot, dash, inner, literal, fold, stop }
        }
    }
}

/// See [`super::Sweep::sweep`].
///
/// # Safety
///
/// The processor must have AVX-512 F, BW, VBMI and VBMI2, GFNI, AVX2, BMI1, BMI2, LZCNT and POPCNT.
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi,avx512vbmi2,gfni,avx2,bmi1,bmi2,lzcnt,popcnt")]
pub(super) unsafe fn sweep(
    text: &[u8],
    kinds: Kinds,
    literals: &Literals,
    stops: Option<&mut Stops>,
    out: &mut Vec<Anchor>,
) {
    let mut others = OTHERS;
    for byte in stops.as_ref().map_or(&[][..], |s| s.of().bytes()) {
        others[usize::from(*byte) % OTHERS.len()] |= STOP;
    }
    // SAFETY: the features are this function's own.
    unsafe {
        let by = Avx512 { literals, classes: Table::load(&CLASSES), others: Table::load(&others) };
        blocks::sweep(by, text, kinds, literals, stops, out);
    }
}
