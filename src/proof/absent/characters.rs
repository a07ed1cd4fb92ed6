//! Characters beyond ASCII: what each is to words, and what is hashed for it.
//!
//! Two spellings of a letter are one if they differ in case (Unicode 16, CaseFolding, in full: `ß` is `ss`, `ς` is `σ`; and İ, I, ı and i are
//! one, since who wrote them is not known), in what marks stand above and below it (capitals lose them, in Greek always), or in form
//! (compatibility decompositions of letters: ligatures, half-width katakana, mathematical letters).

use unicode_normalization::char::{decompose_canonical, decompose_compatible, is_combining_mark};

/// What a character beyond ASCII is in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Class {
    /// Not worked out yet.
    #[default]
    Unknown,
    /// Part of a word.
    Letter,
    /// A word.
    Single,
    /// Goes with the letter before it; beside none it stands between words.
    Combining,
    Space,
    /// Nothing: a mark above a letter, a variant's selector.
    Nothing,
    /// Anything else between words.
    Mark,
    /// It decomposes into several of these.
    Several,
}

/// What is known of a character.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known {
    pub character: u32,
    pub class: Class,
    length: u8,
    /// What is hashed for it.
    bytes: [u8; 12],
}

/// Characters that were met, by their last bits: a text has few hundred.
pub(super) const KNOWN: usize = 1024;

impl Known {
    pub fn of(c: char) -> Known {
        let mut known = Known { character: c as u32, class: Class::Nothing, ..Known::default() };
        compared(c, &mut |d| known.add(d));
        known
    }

    /// One of the characters of [`compared`].
    pub fn single(d: char) -> Known {
        let mut known = Known { class: Class::Nothing, ..Known::default() };
        known.add(d);
        known
    }

    fn add(&mut self, d: char) {
        let class = match d {
            _ if without_spaces(d) => Class::Single,
            _ if is_combining_mark(d) => Class::Combining,
            _ if is_raised(d) => Class::Mark,
            _ if d.is_alphanumeric() => Class::Letter,
            _ if d.is_whitespace() => Class::Space,
            _ => Class::Mark,
        };
        let mut buffer = [0; 4];
        let bytes = match d {
            '\u{B4}' | '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{2BC}' | '\u{2032}' => b"'",
            d => d.encode_utf8(&mut buffer).as_bytes(),
        };
        let end = self.length as usize + bytes.len();
        self.class = match (self.class, class) {
            (Class::Nothing, class) => class,
            (Class::Letter, Class::Combining | Class::Letter) if end <= self.bytes.len() => Class::Letter,
            _ => Class::Several,
        };
        if let Some(to) = self.bytes.get_mut(self.length as usize..end) {
            to.copy_from_slice(bytes);
            self.length = end as u8;
        }
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length as usize]
    }
}

/// Calls `take` with each character that is compared for `c`.
pub(super) fn compared(c: char, take: &mut dyn FnMut(char)) {
    let mut one = |d: char| {
        for lower in d.to_lowercase() {
            decompose_canonical(lower, |d| match d {
                'ß' => "ss".chars().for_each(&mut *take),
                'ς' => take('σ'),
                'ı' => take('i'),
                d if is_nothing(d) => {}
                d => take(d),
            });
        }
    };
    // `½` and `ŀ` are no letters throughout, `™` is none at all: behind a name it is a mark.
    let mut letters = c.is_alphanumeric() && !is_raised(c);
    decompose_compatible(c, |d| letters &= d.is_alphanumeric() || is_combining_mark(d));
    if letters {
        decompose_compatible(c, one);
    } else {
        one(c);
    }
}

/// Small digits above or below the line: a note's number behind a word is no part of it.
fn is_raised(c: char) -> bool {
    matches!(c as u32, 0xB2 | 0xB3 | 0xB9 | 0x2070 | 0x2074..=0x2079 | 0x2080..=0x2089)
}

/// Marks that a letter is the same letter without (Unicode 16, Blocks: combining diacritical marks and their supplements, combining half
/// marks; the points of Hebrew and Arabic and the latter's tatweel, which are left out as a rule), and selectors of variants.
fn is_nothing(c: char) -> bool {
    matches!(c as u32, 0x0300..=0x036F | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF | 0xFE20..=0xFE2F
        | 0x0591..=0x05BD | 0x05BF | 0x05C1..=0x05C2 | 0x05C4..=0x05C5 | 0x05C7
        | 0x0640 | 0x064B..=0x065F | 0x0670
        | 0x180B..=0x180D | 0x180F | 0xFE00..=0xFE0F | 0xE_0100..=0xE_01EF)
}

/// The character at the start of `text`, which is not ASCII, and its length; `None`: that is no UTF-8.
#[inline(always)]
pub(super) fn character(text: &[u8]) -> Option<(char, usize)> {
    let tail = |i: usize| text.get(i).filter(|b| **b & 0xC0 == 0x80).map(|b| u32::from(b & 0x3F));
    let (code, length) = match text[0] {
        b @ 0xC2..=0xDF => (u32::from(b & 0x1F) << 6 | tail(1)?, 2),
        b @ 0xE0..=0xEF => (u32::from(b & 0x0F) << 12 | tail(1)? << 6 | tail(2)?, 3),
        b @ 0xF0..=0xF4 => (u32::from(b & 0x07) << 18 | tail(1)? << 12 | tail(2)? << 6 | tail(3)?, 4),
        _ => return None,
    };
    let least = [0, 0, 0x80, 0x800, 0x1_0000][length];
    char::from_u32(code).filter(|_| code >= least).map(|c| (c, length))
}

/// Whether a character belongs to a script that is written without spaces, or with endings right behind names: it is a word of its
/// own. Thai to Burmese, Khmer, Hangul (as Jamo, into which syllables decompose), Chinese and Japanese (Unicode 16, Blocks).
fn without_spaces(c: char) -> bool {
    matches!(c as u32, 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1100..=0x11FF | 0x1780..=0x17FF | 0x2E80..=0x2FDF
        | 0x3005..=0x3007 | 0x3031..=0x3035 | 0x3040..=0x30FA | 0x30FC..=0x9FFF | 0xA000..=0xA4CF | 0xA960..=0xA97F
        | 0xAC00..=0xD7FF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}
