//! A look at what ends at each word of a text: values as they are written, numbers, what is written like an IBAN.

use super::characters::Known;
use super::numbers::Joint;
use super::table::mix;
use super::walk::{BASE, Take, Window, Word, walk};
use super::{Absent, Found, Kind, Shape, WORDS, Within, numbers};
use crate::model::Span;

/// Characters of what is written like an IBAN (ISO 13616: 15 to 34).
pub(super) const GROUPED: std::ops::RangeInclusive<usize> = 15..=34;

/// A group of digits that may be part of a longer number.
#[derive(Debug, Clone, Copy)]
struct Group {
    start: usize,
    end: usize,
    /// Where its digits begin in `Walker::digits`.
    from: usize,
    /// `+` leads.
    plus: bool,
    /// What stands before it.
    joint: Joint,
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
    within: Within,
    /// Words up to the last between which stands what may be written for a space, and of them those behind the last one that is none.
    chain: usize,
    apart: usize,
}

impl Walker {
    /// The words of a value.
    pub(super) fn words(&mut self, text: &[u8]) -> &[Word] {
        self.words.clear();
        walk(text, &mut self.known, &mut self.words);
        &self.words
    }

    /// See [`Absent::search`].
    pub(super) fn search(&mut self, absent: &Absent, text: &[u8], within: Within, found: &mut Vec<Found>) {
        self.within = within;
        self.words.clear();
        self.groups.clear();
        self.digits.clear();
        self.begun.clear();
        let numbers = absent.shape.digits != 0 && within != Within::Lines;
        let mut known = std::mem::take(&mut self.known);
        walk(text, &mut known, &mut Search { walker: self, absent, text, numbers, found });
        self.known = known;
    }

    /// Values that end with the last word.
    #[inline(always)]
    fn literals(&mut self, absent: &Absent, text: &[u8], found: &mut Vec<Found>) {
        let count = self.words.len();
        let last = &self.words[count - 1];
        let mut sizes = absent.shape.ends[usize::from(last.last)];
        while sizes != 0 {
            let size = sizes.trailing_zeros() as usize + 1;
            if size > count {
                return;
            }
            sizes &= sizes - 1;
            let first = &self.words[count - size];
            let (word, bit) = Shape::edge(size, first, last);
            if absent.shape.edges[word] & bit == 0 {
                continue;
            }
            let window = Window::of(first, last);
            let span = Span::new(first.start, last.end);
            absent.get(window.key(), text, span, self.within, found);
            if (2..=self.chain).contains(&size) && self.apart < size - 1 {
                let spaced = Window::spaced(&self.words[count - size..], window.length);
                absent.get(spaced.key(), text, span, self.within, found);
            }
        }
    }

    /// Counts how many words up to the last stand apart by a space, or what is written for one in names of files and addresses of pages.
    #[inline(always)]
    fn joined(&mut self) {
        let [.., before, last] = &self.words[..] else {
            (self.chain, self.apart) = (1, 0);
            return;
        };
        let near = last.from == before.to + 1;
        self.chain = if near && matches!(last.joint, b' ' | b'_' | b'-' | b'.' | b'+') { self.chain + 1 } else { 1 };
        self.apart = if last.joint == b' ' { self.apart.saturating_add(1) } else { 0 };
    }

    /// Numbers that end with `word`.
    fn number(&mut self, absent: &Absent, text: &[u8], word: &Word, found: &mut Vec<Found>) {
        let digits = &text[word.start..word.end];
        let before = self.groups.last().and_then(|g| text.get(g.end..word.start));
        let joint = before.map_or(Joint::None, numbers::joint);
        if joint == Joint::None {
            self.groups.clear();
            self.digits.clear();
        }
        if digits.len() > numbers::MOST || !digits.iter().all(u8::is_ascii_digit) {
            self.groups.clear();
            return;
        }
        let plus = matches!(&text[..word.start], [.., b'+'] | [.., b'+', b'(' | b' ']);
        self.groups.push(Group { start: word.start, end: word.end, from: self.digits.len(), plus, joint });
        self.digits.extend_from_slice(digits);
        let mut loose = None;
        for i in (0..self.groups.len()).rev() {
            let group = self.groups[i];
            let digits = &self.digits[group.from..];
            if digits.len() > numbers::MOST {
                break;
            }
            let span = Span::new(group.start, word.end);
            let listed = absent.shape.digits >> digits.len() & 1 != 0;
            let joined = || loose.is_none_or(|by| numbers::may_join(by, digits.len(), self.alone(text, i, by)));
            if listed
                && joined()
                && !(i + 2 < self.groups.len() && !group.plus && numbers::begins_as_day(&text[span.range()]))
            {
                let within = self.within;
                let mut look = |kind: Kind, hash, length: usize| {
                    if absent.shape.kinds[kind as usize] >> length & 1 != 0 {
                        absent.get(numbers::key(kind, hash, length), text, span, within, found);
                    }
                };
                if self.is_behind_country(i) {
                    numbers::own(digits, &mut look);
                } else {
                    numbers::looks(digits, group.plus, &mut look);
                }
            }
            match group.joint {
                // Of two such marks one parts two numbers.
                Joint::Loose(by) if loose.is_some_and(|other| other != by) => break,
                Joint::Loose(by) => loose = Some(by),
                Joint::Firm | Joint::None => {}
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

    /// Whether neither before group `i` nor behind the last one another group stands behind `by`.
    fn alone(&self, text: &[u8], i: usize, by: u8) -> bool {
        let behind = self.groups.last().map_or(0, |g| g.end);
        let more = matches!(text.get(behind..behind + 2), Some([b, digit]) if *b == by && digit.is_ascii_digit());
        self.groups[i].joint != Joint::Loose(by) && !more
    }

    /// Whether a country's code stands before group `i`, with `+`, and at most its trunk's zero between.
    fn is_behind_country(&self, i: usize) -> bool {
        let Some(first) = self.groups[..i].iter().rposition(|g| g.plus) else { return false };
        let before = &self.digits[self.groups[first].from..self.groups[i].from];
        numbers::is_country(before) || before.split_last().is_some_and(|(d, b)| *d == b'0' && numbers::is_country(b))
    }

    /// What is written like an IBAN and ends with `word`.
    fn group(&mut self, absent: &Absent, text: &[u8], word: &Word, found: &mut Vec<Found>) {
        let bytes = &text[word.start..word.end];
        // Parts of one character end with it, all of them.
        let between = self.words.len().checked_sub(2).and_then(|i| text.get(self.words[i].end..word.start));
        if !matches!(between, Some(b" " | b"-")) {
            self.begun.clear();
        }
        if begins_grouped(bytes) {
            self.begun.push(Begun { start: word.start, hash: 0, length: 0 });
        }
        let within = self.within;
        self.begun.retain_mut(|begun| {
            begun.length += bytes.len();
            if begun.length > *GROUPED.end() || !bytes.is_ascii() {
                return false;
            }
            begun.hash = grouped_hash(begun.hash, bytes);
            if GROUPED.contains(&begun.length) {
                let span = Span::new(begun.start, word.end);
                absent.get(grouped_key(begun.hash, begun.length), text, span, within, found);
            }
            true
        });
    }
}

/// A walk in search of values.
struct Search<'a> {
    walker: &'a mut Walker,
    absent: &'a Absent,
    text: &'a [u8],
    /// Numbers are looked for.
    numbers: bool,
    found: &'a mut Vec<Found>,
}

impl Take for Search<'_> {
    #[inline(always)]
    fn word(&mut self, word: Word) {
        self.walker.words.push(word);
        self.ended();
    }
}

impl Search<'_> {
    /// Looks for what ends with the last word.
    #[inline(never)]
    fn ended(&mut self) {
        let Search { walker, absent, text, numbers, found } = self;
        walker.joined();
        walker.literals(absent, text, found);
        let count = walker.words.len();
        if *numbers && text[walker.words[count - 1].start].is_ascii_digit() {
            let word = walker.words[count - 1];
            walker.number(absent, text, &word, found);
        }
        if absent.shape.grouped {
            let word = walker.words[count - 1];
            walker.group(absent, text, &word, found);
        }
        if count >= 32 * WORDS {
            walker.words.drain(..31 * WORDS);
        }
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
