//! Values that must be nowhere: a set of millions, looked for in texts at the speed of a scan.
//!
//! What counts as one value written twice:
//!
//! - case, marks above letters and how letters are composed never matter ([`characters`]); white space of any kind and length is one space,
//!   and so is a `_`, `-`, `.` or `+` between words of a value that has spaces; `'` and `’` are one;
//! - a value begins and ends where a word does: `8812` is in `id:8812` and `usr_8812`, not in `18812` or `8812a`. Characters of
//!   scripts that are written without spaces are words of their own. Marks before and behind a value do not count;
//! - an e-mail address is not part of a longer one, where that can't be anything else ([`email`]);
//! - a number of 9 digits and more, or of 7 if the list writes it in groups, is found with any spaces, dots, dashes, slashes, brackets,
//!   apostrophes and the like between its digits, and with commas and tabs where these are not columns ([`numbers`]); one of 6 and more
//!   if few such are listed; a phone number with or without `+`, `00`, `011`, its country's code and its trunk prefix;
//! - an IBAN, or what is written like one, is found in groups and in one piece, as are UUIDs ([`spellings`]).
//!
//! Texts are to be given as they stand and as they decode, and what runs over their ends apart: see [`crate::engine::Engine`]. Not looked for are
//! values that are encoded otherwise (Base64), spoken, or split over two fields.

mod characters;
mod email;
mod numbers;
mod seek;
mod spellings;
mod table;
mod walk;

use crate::model::{MAX_FINDING, Span};
pub use seek::Walker;
use spellings::Signs;
use std::collections::BTreeMap;
use table::{Building, Table};
use walk::{Window, Word};

/// A value of more words is refused.
const WORDS: usize = 128;

/// Why a value can't be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Fewer than three letters and digits (two where each is a word).
    Short,
    /// Over 1024 bytes, or 128 words.
    Long,
}

/// Where one of the values stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Bytes of the text.
    pub span: Span,
    /// The first line of the list that holds it, from 1.
    pub line: u32,
}

/// Beside a line in the table: the value is an e-mail address.
const EMAIL: u32 = 1 << 31;

/// How a key was made, so that keys of different kinds never meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The value's words and what stands between them.
    Literal = 1,
    /// Letters and digits of what is written like an IBAN.
    Grouped = 3,
    /// A phone number with its country's code.
    International = 4,
    /// What is left of one without that.
    Shortened = 5,
    /// Any other number, without a trunk prefix.
    Number = 6,
}

/// The values. Immutable, shared by threads.
#[derive(Debug)]
pub struct Absent {
    table: Table,
    shape: Shape,
    /// Lines of the list that hold a value.
    values: u64,
    /// Numbers that are looked for as they are written only.
    written: u64,
}

/// What the values have in common, so that most of a text is passed over without a look at the table.
#[derive(Debug, Clone)]
struct Shape {
    /// Numbers of words that values have, a bit each.
    sizes: u128,
    /// As `sizes`, by the last byte of values.
    ends: Vec<u128>,
    /// Numbers of words, lengths and first and last bytes that values have, a bit for each hash of these.
    edges: Vec<u64>,
    /// Lengths of digits that could be a number among the values.
    digits: u64,
    /// By kind: lengths of digits that such keys have.
    kinds: [u64; 7],
    /// There are values that are written like an IBAN.
    grouped: bool,
    /// The most words of a value with spaces.
    spaced: usize,
}

/// Words of `Shape::edges`: 8 KiB, which a core's nearest cache holds.
const EDGES: usize = 1024;

impl Shape {
    /// The word and bit for what runs from one word to another, `size` words in all.
    #[inline(always)]
    fn edge(size: usize, first: &Word, last: &Word) -> (usize, u64) {
        let length = (last.to - first.from).min(0xFF);
        let hash = (u32::from(first.first) | u32::from(last.last) << 8 | length << 16 | (size as u32) << 24)
            .wrapping_mul(0x9E37_79B1);
        (hash as usize >> 22, 1 << (hash >> 16 & 63))
    }
}

/// Values being gathered.
#[derive(Debug)]
pub struct Builder {
    table: Building,
    shape: Shape,
    walker: Walker,
    values: u64,
    /// Short numbers, by their digits: keys and lines, and how many there are. No more are kept than are looked for.
    short: BTreeMap<usize, (Vec<(u64, u32)>, usize)>,
}

impl Default for Builder {
    fn default() -> Builder {
        let shape = Shape {
            sizes: 0,
            ends: vec![0; 256],
            edges: vec![0; EDGES],
            digits: 0,
            kinds: [0; 7],
            grouped: false,
            spaced: 0,
        };
        let short = BTreeMap::new();
        Builder { table: Building::default(), shape, walker: Walker::default(), values: 0, short }
    }
}

impl Builder {
    /// Adds the value on `line` (from 1) of the list; `text` is folded.
    ///
    /// # Errors
    ///
    /// It is too short or too long to be looked for.
    pub fn add(&mut self, line: u32, text: &[u8]) -> Result<(), Refused> {
        let core = self.literal(line, text)?;
        let core = &text[core.range()];
        self.number(line, text);
        self.other_spellings(line, core);
        self.values += 1;
        Ok(())
    }

    /// Adds the key of a value as it is written; returns it without the marks around it.
    fn literal(&mut self, line: u32, text: &[u8]) -> Result<Span, Refused> {
        if text.len() > MAX_FINDING {
            return Err(Refused::Long);
        }
        let words: &[Word] = self.walker.words(text);
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return Err(Refused::Short) };
        if words.len() > WORDS {
            return Err(Refused::Long);
        }
        // A word that is one character of a script without spaces says as much as two letters.
        let weight: usize = words.iter().map(|w| if w.single { 2 } else { w.letters as usize }).sum();
        if weight < 3 {
            return Err(Refused::Short);
        }
        let window = Window::of(first, last);
        let core = Span::new(first.start, last.end);
        self.shape.sizes |= 1 << (words.len() - 1);
        self.shape.ends[usize::from(last.last)] |= 1 << (words.len() - 1);
        let (word, bit) = Shape::edge(words.len(), first, last);
        self.shape.edges[word] |= bit;
        if words.len() > 1 && text[core.range()].iter().any(u8::is_ascii_whitespace) {
            self.shape.spaced = self.shape.spaced.max(words.len());
        }
        self.table.add(window.key(), if email::is(text) { line | EMAIL } else { line });
        Ok(core)
    }

    /// The keys of a number: see [`numbers`].
    fn number(&mut self, line: u32, text: &[u8]) {
        let Some(number) = numbers::listed(text) else { return };
        if let Some(digits) = number.short() {
            let (keys, listed) = self.short.entry(digits.len()).or_default();
            *listed += 1;
            if numbers::few(*listed, digits.len()) {
                keys.push((numbers::short(digits), line));
            }
            return;
        }
        let (table, shape) = (&mut self.table, &mut self.shape);
        let mut lengths = 0;
        numbers::keys(&number, &mut |kind, key, length| {
            lengths |= numbers::reach(length);
            shape.kinds[kind as usize] |= 1 << length;
            table.add(numbers::key(kind, key, length), line);
        });
        shape.digits |= lengths;
    }

    /// The keys of other spellings: see [`spellings`].
    fn other_spellings(&mut self, line: u32, core: &[u8]) {
        let signs = Signs::of(core);
        let letter = core.first().is_some_and(u8::is_ascii_alphabetic);
        if letter && signs.plain() && seek::GROUPED.contains(&signs.compact()) {
            let compact = spellings::compact(core);
            if seek::begins_grouped(&compact) {
                self.shape.grouped = true;
                self.table.add(seek::grouped(&compact), line);
            }
        }
        for other in spellings::others(core, signs).into_iter().flatten() {
            // What is too long in one spelling is looked for in the others.
            let _ = self.literal(line, &other);
        }
    }

    /// All values are in.
    pub fn finish(mut self) -> Absent {
        let mut written = 0;
        for (digits, (keys, listed)) in std::mem::take(&mut self.short) {
            if !numbers::few(listed, digits) {
                written += listed as u64;
                continue;
            }
            self.shape.digits |= 0b11 << digits; // with and without a zero before
            self.shape.kinds[Kind::Number as usize] |= 0b11 << (digits - 1);
            keys.into_iter().for_each(|(key, line)| self.table.add(key, line));
        }
        Absent { table: self.table.finish(), shape: self.shape, values: self.values, written }
    }
}

impl Absent {
    /// How many lines of the list held a value.
    pub fn values(&self) -> u64 {
        self.values
    }

    /// How many short numbers are looked for only as they are written, since so many are listed that amounts and the like would meet them.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// How many words before and behind a line's end may belong to a value that runs over it, `spaced`: to one that has a space there.
    pub fn reach(&self, spaced: bool) -> usize {
        let most = u128::BITS - self.shape.sizes.leading_zeros();
        if spaced { self.shape.spaced.saturating_sub(1) } else { most.saturating_sub(1) as usize }
    }

    /// Adds to `found` where values stand in `text`, in no order; one that is found by several spellings may come several times.
    pub fn search(&self, text: &[u8], within: Within, walker: &mut Walker, found: &mut Vec<Found>) {
        walker.search(self, text, within, found);
    }

    #[inline(always)]
    fn get(&self, key: u64, text: &[u8], span: Span, within: Within, found: &mut Vec<Found>) {
        if let Some(line) = self.table.get(key)
            && (line & EMAIL == 0 || within == Within::Name || !email::in_longer(text, span))
        {
            found.push(Found { span, line: line & !EMAIL });
        }
    }
}

/// What is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Within {
    /// Any text.
    #[default]
    Text,
    /// The name of a file: what stands around an e-mail address there makes no other one of it.
    Name,
    /// The end of a line and the beginning of another: lines end and begin with numbers, so these are looked for only as they are written.
    Lines,
}

#[cfg(test)]
mod tests;
