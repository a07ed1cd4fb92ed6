//! Values that must be nowhere: a set of millions, looked for in texts at the speed of a scan.
//!
//! What counts as one value written twice:
//!
//! - case, and how accented letters are composed, never matter; white space of any kind and length is one space; `'` and `’` are one;
//! - a value begins and ends where a word does: `8812` is in `id:8812` and `usr_8812`, not in `18812` or `8812a`. Characters of
//!   scripts that are written without spaces are words of their own. Marks before and behind a value do not count;
//! - an e-mail address is not part of a longer one (`ana@example.com` is not in `x.ana@example.com` or `ana@example.com.br`);
//! - a number of 7 digits and more (of 9, if the list writes it as one group) is found with any spaces, dots, dashes, slashes and
//!   brackets between its digits; a phone number with or without `+`, `00`, `011`, its country's code and its trunk prefix;
//! - an IBAN, or what is written like one, is found in groups and in one piece.
//!
//! Texts are to be given decoded and, besides, folded: see [`crate::engine::Engine`]. Not looked for are values that are encoded
//! otherwise (Base64), wrapped over two lines of plain text, or split over two fields.

mod characters;
mod numbers;
mod table;
mod walk;

use crate::model::{MAX_FINDING, Span};
use table::{Building, Table};
pub use walk::Walker;
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
}

/// What the values have in common, so that most of a text is passed over without a look at the table.
#[derive(Debug, Clone)]
struct Shape {
    /// Numbers of words that values have, a bit each.
    sizes: u128,
    /// Numbers of words, lengths and first and last bytes that values have, a bit for each hash of these.
    edges: Vec<u64>,
    /// Lengths of digits that could be a number among the values.
    digits: u64,
    /// There are values that are written like an IBAN.
    grouped: bool,
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
}

impl Default for Builder {
    fn default() -> Builder {
        let shape = Shape { sizes: 0, edges: vec![0; EDGES], digits: 0, grouped: false };
        Builder { table: Building::default(), shape, walker: Walker::default(), values: 0 }
    }
}

impl Builder {
    /// Adds the value on `line` (from 1) of the list; `text` is folded.
    ///
    /// # Errors
    ///
    /// It is too short or too long to be looked for.
    pub fn add(&mut self, line: u32, text: &[u8]) -> Result<(), Refused> {
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
        let (word, bit) = Shape::edge(words.len(), first, last);
        self.shape.edges[word] |= bit;
        self.table.add(window.key(), if is_email(text) { line | EMAIL } else { line });
        self.other_spellings(line, &text[core.range()], text);
        self.values += 1;
        Ok(())
    }

    /// The keys of a number, a phone number, an IBAN.
    fn other_spellings(&mut self, line: u32, core: &[u8], text: &[u8]) {
        if let Some(number) = numbers::listed(text) {
            let table = &mut self.table;
            let mut lengths = 0;
            numbers::keys(&number, &mut |kind, key, length| {
                lengths |= numbers::reach(length);
                table.add(numbers::key(kind, key, length), line);
            });
            self.shape.digits |= lengths;
        }
        let compact: Vec<u8> = core.iter().filter(|b| b.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect();
        let plain = core.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'-'));
        if plain && walk::begins_grouped(&compact) && walk::GROUPED.contains(&compact.len()) {
            self.shape.grouped = true;
            self.table.add(walk::grouped(&compact), line);
        }
    }

    /// All values are in.
    pub fn finish(self) -> Absent {
        Absent { table: self.table.finish(), shape: self.shape, values: self.values }
    }
}

impl Absent {
    /// How many lines of the list held a value.
    pub fn values(&self) -> u64 {
        self.values
    }

    /// Adds to `found` where values stand in `text`, in no order; one that is found by several spellings may come several times.
    pub fn search(&self, text: &[u8], walker: &mut Walker, found: &mut Vec<Found>) {
        walker.search(self, text, found);
    }

    #[inline(always)]
    fn get(&self, key: u64, text: &[u8], span: Span, found: &mut Vec<Found>) {
        if let Some(line) = self.table.get(key)
            && (line & EMAIL == 0 || !is_in_longer_email(text, span))
        {
            found.push(Found { span, line: line & !EMAIL });
        }
    }
}

/// Whether a value is an e-mail address: one `@` with something on both sides, no space.
fn is_email(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let at = text.iter().position(|b| *b == b'@');
    at.is_some_and(|i| i > 0 && text[i + 1..].contains(&b'.')) && !text.iter().any(u8::is_ascii_whitespace)
}

/// Whether what stands around `span` makes another address of it.
fn is_in_longer_email(text: &[u8], span: Span) -> bool {
    let before = &text[..span.start];
    let joined = before.last().is_some_and(|b| b"._%+-".contains(b));
    if joined && before.len() > 1 && before[before.len() - 2].is_ascii_alphanumeric() {
        return true;
    }
    let behind = &text[span.end..];
    let host = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    let more = &behind[..behind.iter().take(256).take_while(|b| host(b)).count()];
    if more.len() < 2 || !more[1].is_ascii_alphanumeric() {
        return false;
    }
    // `.Please` behind a full stop is no domain's end; `.br` is one.
    let from = text[..span.end].iter().rposition(|b| *b == b'@').map_or(span.start, |i| i + 1);
    let mut end = span.end + more.len();
    while matches!(text[end - 1], b'.' | b'-') {
        end -= 1;
    }
    let domain = text[from..end].to_ascii_lowercase();
    psl::suffix(&domain).is_some_and(|s| s.is_known())
}

#[cfg(test)]
mod tests;
