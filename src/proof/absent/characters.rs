//! Characters beyond ASCII: what each is to words, and what is hashed for it.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

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
        let mut known = Known { character: c as u32, ..Known::default() };
        for lower in c.to_lowercase() {
            decompose_canonical(lower, |d| known.add(d));
        }
        known
    }

    pub fn add(&mut self, d: char) {
        let class = match d {
            _ if without_spaces(d) => Class::Single,
            _ if is_combining_mark(d) => Class::Combining,
            _ if d.is_alphanumeric() => Class::Letter,
            _ if d.is_whitespace() => Class::Space,
            _ => Class::Mark,
        };
        let mut buffer = [0; 4];
        let bytes = match d {
            '\u{2018}' | '\u{2019}' | '\u{2BC}' => b"'",
            d => d.encode_utf8(&mut buffer).as_bytes(),
        };
        let end = self.length as usize + bytes.len();
        self.class = match (self.class, class) {
            (Class::Unknown, class) => class,
            (Class::Letter, Class::Combining) if end <= self.bytes.len() => Class::Letter,
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
