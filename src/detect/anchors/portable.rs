//! Masks without vector instructions: a table of byte classes.

use super::lanes::Plain;
use super::literals::Literals;
use super::masks::{AHEAD, BLOCK, Classify, Masks, is_separator};
use super::{Anchor, Kinds, blocks, folds};

const DIGIT: u8 = 1;
const LETTER: u8 = 2;
const AT: u8 = 4;
const COLON: u8 = 8;
const DOT: u8 = 16;
const DASH: u8 = 32;
const SEPARATOR: u8 = 64;
const FOLD: u8 = 128;

const CLASS: [u8; 256] = {
    let mut t = [0; 256];
    let mut i = 0;
    while i < 256 {
        t[i] = match i as u8 {
            b'0'..=b'9' => DIGIT,
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'@' => AT,
            b':' => COLON,
            b'.' => DOT,
            b'-' => DASH,
            b'&' | b'%' | 0x80.. => FOLD,
            _ => 0,
        };
        if is_separator(i as u8) {
            t[i] |= SEPARATOR;
        }
        i += 1;
    }
    t
};

#[derive(Clone, Copy)]
struct Portable<'a>(&'a Literals, bool);

impl Classify for Portable<'_> {
    type Lanes = Plain;

    #[inline(always)]
    unsafe fn masks(self, from: *const u8) -> Masks {
        // SAFETY: the caller's promise: BLOCK + AHEAD bytes are readable.
        let bytes = unsafe { std::slice::from_raw_parts(from, BLOCK + AHEAD) };
        let mut m = Masks::default();
        for (i, &b) in bytes[..BLOCK].iter().enumerate() {
            let class = CLASS[b as usize];
            let bit = |mask: u8| u64::from(class & mask != 0) << i;
            m.digit |= bit(DIGIT);
            m.letter |= bit(LETTER);
            m.upper |= u64::from(b.is_ascii_uppercase()) << i;
            m.at |= bit(AT);
            m.colon |= bit(COLON);
            m.dot |= bit(DOT);
            m.dash |= bit(DASH);
            m.separator |= bit(SEPARATOR);
            m.stop |= u64::from(matches!(b, b'"' | b'\\' | b'\n')) << i;
            m.fold |= u64::from(class & FOLD != 0 && folds::fits(b, bytes[i + 1])) << i;
            if self.1 {
                m.inner |= u64::from(self.0.inner.fit(bytes, i)) << i;
                m.literal |= u64::from(self.0.word.fit(bytes, i)) << i;
            }
        }
        m
    }
}

/// See [`super::Sweep::sweep`].
pub(super) fn sweep(
    text: &[u8],
    kinds: Kinds,
    literals: &Literals,
    stops: Option<&mut Vec<u64>>,
    out: &mut Vec<Anchor>,
) {
    let by = Portable(literals, !literals.is_empty());
    // SAFETY: it needs no features.
    unsafe { blocks::sweep(by, text, kinds, literals, stops, out) }
}
