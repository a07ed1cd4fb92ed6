//! One pass over a text: its words, a rolling hash, and at each word's end a look at what ends there.

use super::characters::{Class, KNOWN, Known, character};
use super::table::mix;
use super::{Absent, Found, Kind, Shape, WORDS, numbers};
use crate::model::Span;
use unicode_normalization::char::decompose_canonical;

/// The multiplier of the rolling hash: odd, so that nothing is lost in 64 bits.
const BASE: u64 = 0xD6E8_FEB8_6659_FD93;

/// The longest value in normalised bytes: case and composed letters make it longer than it was written.
const LONGEST: usize = 4096;

/// Characters of what is written like an IBAN (ISO 13616: 15 to 34).
pub(super) const GROUPED: std::ops::RangeInclusive<usize> = 15..=34;

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
        let power = POWERS.get(length).copied().unwrap_or_else(|| BASE.wrapping_pow(length as u32));
        Window { length, hash: last.behind.wrapping_sub(first.before.wrapping_mul(power)) }
    }

    pub fn key(&self) -> u64 {
        mix(self.hash ^ (Kind::Literal as u64) << 56 ^ (self.length as u64) << 40)
    }
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

/// A group of digits that may be part of a longer number.
#[derive(Debug, Clone, Copy)]
struct Group {
    start: usize,
    end: usize,
    /// Where its digits begin in `Walker::digits`.
    from: usize,
    /// `+` leads.
    plus: bool,
}

/// What may become an IBAN.
#[derive(Debug, Clone, Copy)]
struct Begun {
    start: usize,
    hash: u64,
    length: usize,
}

/// What a walk keeps; reused from text to text.
#[derive(Debug, Default)]
pub struct Walker {
    words: Vec<Word>,
    groups: Vec<Group>,
    digits: Vec<u8>,
    begun: Vec<Begun>,
    known: Vec<Known>,
}

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
            (self.letters, self.first) = (0, byte);
        }
        self.letters += 1;
        self.spaced = false;
    }

    fn end(&mut self, at: usize, single: bool) -> Option<Word> {
        let (start, from, before) = self.open.take()?;
        let (to, behind, letters, first, last) = (self.length, self.hash, self.letters, self.first, self.last);
        Some(Word { start, end: at, from, to, before, behind, first, last, letters, single })
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

/// Calls `word` with each word of `text`.
#[inline(always)]
fn walk(text: &[u8], known: &mut Vec<Known>, mut word: impl FnMut(Word)) {
    let mut state = State::default();
    let mut at = 0;
    while at < text.len() {
        let byte = text[at];
        if LOWER[byte as usize] != 0 {
            state.begin(at, LOWER[byte as usize]);
            state.push(LOWER[byte as usize]);
            at += 1;
            while let Some(lower) = text.get(at).map(|b| LOWER[*b as usize]).filter(|l| *l != 0) {
                state.push(lower);
                state.letters += 1;
                at += 1;
            }
            continue;
        }
        if byte >= 0x80 {
            at = beyond(text, at, known, &mut state, &mut word);
            continue;
        }
        if let Some(w) = state.end(at, false) {
            word(w);
        }
        if byte.is_ascii_whitespace() || byte.is_ascii_control() {
            state.space();
        } else {
            state.mark(&[byte]);
        }
        at += 1;
    }
    if let Some(w) = state.end(at, false) {
        word(w);
    }
}

/// One character beyond ASCII at `at`; returns its end.
fn beyond(text: &[u8], at: usize, known: &mut Vec<Known>, state: &mut State, word: &mut impl FnMut(Word)) -> usize {
    let Some((c, length)) = character(&text[at..]) else {
        if let Some(w) = state.end(at, false) {
            word(w);
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
        for lower in c.to_lowercase() {
            decompose_canonical(lower, |d| {
                let mut one = Known::default();
                one.add(d);
                put(&one, at, end, state, word);
            });
        }
    } else {
        put(&now, at, end, state, word);
    }
    end
}

/// Takes a character, or a part of what one decomposes into, that stands from `at` to `end`.
#[inline(always)]
fn put(known: &Known, at: usize, end: usize, state: &mut State, word: &mut impl FnMut(Word)) {
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
        _ => {}
    }
    if let Some(w) = state.end(at, false) {
        word(w);
    }
    match known.class {
        Class::Single => {
            state.begin(at, bytes[0]);
            bytes.iter().for_each(|b| state.push(*b));
            if let Some(w) = state.end(end, true) {
                word(w);
            }
        }
        Class::Space => state.space(),
        _ => state.mark(bytes),
    }
}

impl Walker {
    /// The words of a value.
    pub(super) fn words(&mut self, text: &[u8]) -> &[Word] {
        self.words.clear();
        walk(text, &mut self.known, |w| self.words.push(w));
        &self.words
    }

    /// See [`Absent::search`].
    pub(super) fn search(&mut self, absent: &Absent, text: &[u8], found: &mut Vec<Found>) {
        self.words.clear();
        self.groups.clear();
        self.digits.clear();
        self.begun.clear();
        let mut known = std::mem::take(&mut self.known);
        walk(text, &mut known, |word| {
            self.words.push(word);
            self.literals(absent, text, found);
            if absent.shape.digits != 0 && text[word.start].is_ascii_digit() {
                self.number(absent, text, &word, found);
            }
            if absent.shape.grouped {
                self.group(absent, text, &word, found);
            }
            if self.words.len() >= 32 * WORDS {
                self.words.drain(..31 * WORDS);
            }
        });
        self.known = known;
    }

    /// Values that end with the last word.
    #[inline(always)]
    fn literals(&mut self, absent: &Absent, text: &[u8], found: &mut Vec<Found>) {
        let count = self.words.len();
        let last = self.words[count - 1];
        let mut sizes = absent.shape.sizes;
        while sizes != 0 {
            let size = sizes.trailing_zeros() as usize + 1;
            if size > count {
                return;
            }
            sizes &= sizes - 1;
            let first = &self.words[count - size];
            let (word, bit) = Shape::edge(size, first, &last);
            if absent.shape.edges[word] & bit == 0 {
                continue;
            }
            let window = Window::of(first, &last);
            let span = Span::new(first.start, last.end);
            absent.get(window.key(), text, span, found);
        }
    }

    /// Numbers that end with `word`.
    fn number(&mut self, absent: &Absent, text: &[u8], word: &Word, found: &mut Vec<Found>) {
        let digits = &text[word.start..word.end];
        let joined = self.groups.last().is_some_and(|g| numbers::separates(&text[g.end..word.start]));
        if !joined {
            self.groups.clear();
            self.digits.clear();
        }
        if digits.len() > numbers::MOST || !digits.iter().all(u8::is_ascii_digit) {
            self.groups.clear();
            return;
        }
        let plus = matches!(&text[..word.start], [.., b'+'] | [.., b'+', b'(' | b' ']);
        self.groups.push(Group { start: word.start, end: word.end, from: self.digits.len(), plus });
        self.digits.extend_from_slice(digits);
        for i in (0..self.groups.len()).rev() {
            let group = self.groups[i];
            let digits = &self.digits[group.from..];
            if digits.len() > numbers::MOST {
                break;
            }
            if absent.shape.digits >> digits.len() & 1 == 0 || self.is_date(i) {
                continue;
            }
            let span = Span::new(group.start, word.end);
            let mut look = |kind, hash, length| absent.get(numbers::key(kind, hash, length), text, span, found);
            if self.is_behind_country(i) {
                numbers::own(digits, &mut look);
            } else {
                numbers::looks(digits, group.plus, &mut look);
            }
        }
        // What is longer than a number may be is no use for the next group.
        if self.groups.len() > numbers::MOST {
            let first = self.groups.len() - numbers::MOST;
            let from = self.groups[first].from;
            self.groups.drain(..first);
            self.groups.iter_mut().for_each(|g| g.from -= from);
            self.digits.drain(..from);
        }
    }

    /// Whether a country's code stands before group `i`, with `+`, and at most its trunk's zero between.
    fn is_behind_country(&self, i: usize) -> bool {
        let Some(first) = self.groups[..i].iter().rposition(|g| g.plus) else { return false };
        let before = &self.digits[self.groups[first].from..self.groups[i].from];
        numbers::is_country(before) || before.split_last().is_some_and(|(d, b)| *d == b'0' && numbers::is_country(b))
    }

    /// Whether the groups from `i` on begin with a day.
    fn is_date(&self, i: usize) -> bool {
        let Some([a, b, c]) = self.groups.get(i..i + 3) else { return false };
        let end = self.groups.get(i + 3).map_or(self.digits.len(), |g| g.from);
        let digits = |from: usize, to: usize| &self.digits[from..to];
        numbers::is_date([digits(a.from, b.from), digits(b.from, c.from), digits(c.from, end)])
    }

    /// What is written like an IBAN and ends with `word`.
    fn group(&mut self, absent: &Absent, text: &[u8], word: &Word, found: &mut Vec<Found>) {
        let bytes = &text[word.start..word.end];
        let between = self.words.len().checked_sub(2).map(|i| &text[self.words[i].end..word.start]);
        if !matches!(between, Some(b" " | b"-")) {
            self.begun.clear();
        }
        if begins_grouped(bytes) {
            self.begun.push(Begun { start: word.start, hash: 0, length: 0 });
        }
        self.begun.retain_mut(|begun| {
            begun.length += bytes.len();
            if begun.length > *GROUPED.end() || !bytes.is_ascii() {
                return false;
            }
            begun.hash = grouped_hash(begun.hash, bytes);
            if GROUPED.contains(&begun.length) {
                let span = Span::new(begun.start, word.end);
                absent.get(grouped_key(begun.hash, begun.length), text, span, found);
            }
            true
        });
    }
}

/// Two letters and two digits, as every IBAN begins (ISO 13616).
pub(super) fn begins_grouped(text: &[u8]) -> bool {
    matches!(text, [a, b, c, d, ..] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() && c.is_ascii_digit() && d.is_ascii_digit())
}

fn grouped_hash(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |h, b| h.wrapping_mul(BASE).wrapping_add(u64::from(b.to_ascii_lowercase()) + 1))
}

fn grouped_key(hash: u64, length: usize) -> u64 {
    mix(hash ^ (Kind::Grouped as u64) << 56 ^ (length as u64) << 48)
}

/// The key of what is written like an IBAN, without what stands between its groups.
pub(super) fn grouped(compact: &[u8]) -> u64 {
    grouped_key(grouped_hash(0, compact), compact.len())
}
