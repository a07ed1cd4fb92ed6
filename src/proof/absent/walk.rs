//! One pass over a text: its words, and a rolling hash by which what runs from one to another is compared.

use super::Kind;
use super::characters::{Class, KNOWN, Known, character, compared};
use super::table::mix;

/// The multiplier of the rolling hash: odd, so that nothing is lost in 64 bits.
pub(super) const BASE: u64 = 0xD6E8_FEB8_6659_FD93;

/// The longest value in normalised bytes: case and composed letters make it longer than it was written.
const LONGEST: usize = 4096;

/// A word of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    /// Bytes of the text.
    pub start: usize,
    pub end: usize,
    /// Normalised bytes before it and up to its end, and the rolling hash there.
    pub from: u32,
    pub to: u32,
    before: u64,
    behind: u64,
    /// Its first and last normalised byte.
    pub first: u8,
    pub last: u8,
    /// Its characters.
    pub letters: u32,
    /// One character of a script without spaces.
    pub single: bool,
    /// The normalised byte before it.
    pub joint: u8,
}

/// The text from one word to another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    /// Normalised bytes.
    pub length: usize,
    hash: u64,
}

impl Window {
    pub fn of(first: &Word, last: &Word) -> Window {
        let length = (last.to - first.from) as usize;
        Window { length, hash: last.behind.wrapping_sub(first.before.wrapping_mul(power(length))) }
    }

    /// The window of `words` if each two of them stood apart by a space; `length` in all.
    pub fn spaced(words: &[Word], length: usize) -> Window {
        let mut hash = 0u64;
        for (i, word) in words.iter().enumerate() {
            if i > 0 {
                hash = hash.wrapping_mul(BASE).wrapping_add(u64::from(b' ') + 1);
            }
            let own = Window::of(word, word);
            hash = hash.wrapping_mul(power(own.length)).wrapping_add(own.hash);
        }
        Window { length, hash }
    }

    pub fn key(&self) -> u64 {
        mix(self.hash ^ (Kind::Literal as u64) << 56 ^ (self.length as u64) << 40)
    }
}

#[inline(always)]
fn power(length: usize) -> u64 {
    POWERS.get(length).copied().unwrap_or_else(|| BASE.wrapping_pow(length as u32))
}

static POWERS: [u64; LONGEST] = {
    let mut powers = [1u64; LONGEST];
    let mut i = 1;
    while i < LONGEST {
        powers[i] = powers[i - 1].wrapping_mul(BASE);
        i += 1;
    }
    powers
};

/// By byte: letters in lower case and digits, else 0.
const LOWER: [u8; 256] = {
    let mut table = [0; 256];
    let mut b = 0;
    while b < 128 {
        let c = b as u8;
        if c.is_ascii_alphanumeric() {
            table[b] = c.to_ascii_lowercase();
        }
        b += 1;
    }
    table
};

/// Where a walk is.
#[derive(Default)]
struct State {
    hash: u64,
    length: u32,
    /// The last thing was white space.
    spaced: bool,
    /// Where the open word began: bytes of the text, normalised bytes, hash; and its characters.
    open: Option<(usize, u32, u64)>,
    first: u8,
    last: u8,
    letters: u32,
    /// What stands before the open word.
    joint: u8,
}

impl State {
    #[inline(always)]
    fn push(&mut self, byte: u8) {
        self.hash = self.hash.wrapping_mul(BASE).wrapping_add(u64::from(byte) + 1);
        self.length += 1;
        self.last = byte;
    }

    /// A word begins, or goes on with one more letter, whose first normalised byte is `byte`.
    #[inline(always)]
    fn begin(&mut self, at: usize, byte: u8) {
        if self.open.is_none() {
            self.open = Some((at, self.length, self.hash));
            (self.letters, self.first, self.joint) = (0, byte, self.last);
        }
        self.letters += 1;
        self.spaced = false;
    }

    #[inline(always)]
    fn end(&mut self, at: usize, single: bool) -> Option<Word> {
        let (start, from, before) = self.open.take()?;
        let (to, behind, letters, joint) = (self.length, self.hash, self.letters, self.joint);
        let (first, last) = (self.first, self.last);
        Some(Word { start, end: at, from, to, before, behind, first, last, letters, single, joint })
    }

    fn space(&mut self) {
        if !self.spaced {
            self.push(b' ');
        }
        self.spaced = true;
    }

    fn mark(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|b| self.push(*b));
        self.spaced = false;
    }
}

/// Takes words one by one. They are written where they stay: to copy what was just put together piece by piece stalls a core.
pub(super) trait Take {
    fn word(&mut self, word: Word);
}

impl Take for Vec<Word> {
    #[inline(always)]
    fn word(&mut self, word: Word) {
        self.push(word);
    }
}

/// Hands each word of `text` to `words`.
#[inline(always)]
pub(super) fn walk(text: &[u8], known: &mut Vec<Known>, words: &mut impl Take) {
    let mut state = State::default();
    let mut at = 0;
    while at < text.len() {
        let byte = text[at];
        if LOWER[byte as usize] != 0 {
            state.begin(at, LOWER[byte as usize]);
            let (from, mut hash, mut last) = (at, state.hash, 0);
            while let Some(lower) = text.get(at).map(|b| LOWER[*b as usize]).filter(|l| *l != 0) {
                hash = hash.wrapping_mul(BASE).wrapping_add(u64::from(lower) + 1);
                last = lower;
                at += 1;
            }
            let letters = (at - from) as u32;
            (state.hash, state.last) = (hash, last);
            (state.length, state.letters) = (state.length + letters, state.letters + letters - 1);
            continue;
        }
        if byte >= 0x80 {
            at = beyond(text, at, known, &mut state, words);
            continue;
        }
        if let Some(w) = state.end(at, false) {
            words.word(w);
        }
        match byte {
            _ if byte.is_ascii_whitespace() || byte.is_ascii_control() => state.space(),
            b'`' => state.mark(b"'"),
            _ => state.mark(&[byte]),
        }
        at += 1;
    }
    if let Some(w) = state.end(at, false) {
        words.word(w);
    }
}

/// One character beyond ASCII at `at`; returns its end.
fn beyond(text: &[u8], at: usize, known: &mut Vec<Known>, state: &mut State, words: &mut impl Take) -> usize {
    let Some((c, length)) = character(&text[at..]) else {
        if let Some(w) = state.end(at, false) {
            words.word(w);
        }
        state.mark(&text[at..=at]);
        return at + 1;
    };
    if known.is_empty() {
        known.resize(KNOWN, Known::default());
    }
    let slot = &mut known[c as usize % KNOWN];
    if slot.character != c as u32 || slot.class == Class::Unknown {
        *slot = Known::of(c);
    }
    let (now, end) = (*slot, at + length);
    if now.class == Class::Several {
        compared(c, &mut |d| put(&Known::single(d), at, end, state, words));
    } else {
        put(&now, at, end, state, words);
    }
    end
}

/// Takes a character, or a part of what one decomposes into, that stands from `at` to `end`.
#[inline(always)]
fn put(known: &Known, at: usize, end: usize, state: &mut State, words: &mut impl Take) {
    let bytes = known.bytes();
    match known.class {
        Class::Letter => {
            state.begin(at, bytes[0]);
            bytes.iter().for_each(|b| state.push(*b));
            return;
        }
        Class::Combining if state.open.is_some() => {
            bytes.iter().for_each(|b| state.push(*b));
            return;
        }
        Class::Nothing => return,
        _ => {}
    }
    if let Some(w) = state.end(at, false) {
        words.word(w);
    }
    match known.class {
        Class::Single => {
            state.begin(at, bytes[0]);
            bytes.iter().for_each(|b| state.push(*b));
            if let Some(w) = state.end(end, true) {
                words.word(w);
            }
        }
        Class::Space => state.space(),
        _ => state.mark(bytes),
    }
}
