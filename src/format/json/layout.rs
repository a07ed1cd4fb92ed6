//! Lines that are built alike: most streams have lines of a few layouts, the same keys in the same order. What stands between
//! the values of such a line is known, so it is compared instead of parsed, and only the values are looked for.
//!
//! A line fits a layout if every byte outside its values is the same, each string ends at the first quote that is not
//! escaped, and each number or word is one. A parser would come to the same tokens, so its record is that of the line
//! the layout was learned from but for where the values stand and what they are.

use super::decode;
use super::walk::{is_word, word_end};
use crate::model::Span;
use crate::model::record::{Mark, Record, Role, TextRef};

/// The most layouts that are kept for a unit.
const KEPT: usize = 16;
/// After so many lines in a row that fit none, no more is tried: the lines are all different.
const MISSES: u32 = 64;

/// The layouts of a unit's lines.
#[derive(Default)]
pub(crate) struct Layouts {
    list: Vec<Layout>,
    /// Whose record the caller holds, from 1; 0: their own.
    lent: u32,
    misses: u32,
    /// Where the values of the line at hand stand.
    values: Vec<Value>,
}

/// What the lines have in common.
struct Layout {
    /// What stands before each value, and behind the last one up to the next line, one after the other.
    literal: Vec<u8>,
    slots: Vec<Slot>,
    /// Keys by where they stand: behind how many values, at which byte of what follows that one, and how long they are.
    keys: Vec<Key>,
    record: Record,
    mark: Mark,
}

struct Slot {
    /// Where in `literal` that ends which stands before it.
    end: usize,
    segment: usize,
    /// A number, `true`, `false` or `null`.
    word: bool,
}

struct Key {
    slot: usize,
    at: usize,
    len: usize,
    segment: usize,
}

/// A value of the line at hand.
#[derive(Clone, Copy)]
struct Value {
    raw: Span,
    escaped: bool,
}

impl Layouts {
    /// Reads the line at `at`, if it fits one of the layouts; returns its end.
    pub fn read(&mut self, bytes: &[u8], at: usize, record: &mut Record) -> Option<usize> {
        if self.misses < MISSES {
            let last = self.lent.saturating_sub(1) as usize;
            let others = (0..self.list.len()).filter(|i| *i != last);
            for i in std::iter::once(last).chain(others) {
                let Some(end) = self.list.get(i).and_then(|l| l.fits(bytes, at, &mut self.values)) else { continue };
                self.lend(i as u32 + 1, record);
                if self.list[i].fill(bytes, Span::new(at, end), &self.values, record) {
                    self.misses = 0;
                    return Some(end);
                }
                break;
            }
            self.misses += 1;
        }
        self.lend(0, record);
        None
    }

    /// Puts the record of a layout into the caller's hands, and theirs away.
    fn lend(&mut self, to: u32, record: &mut Record) {
        if self.lent == to {
            return;
        }
        for n in [self.lent, to] {
            if let Some(layout) = (n as usize).checked_sub(1).and_then(|i| self.list.get_mut(i)) {
                std::mem::swap(record, &mut layout.record);
            }
        }
        self.lent = to;
    }

    /// Keeps the layout of a line that was parsed, if it has one.
    pub fn learn(&mut self, bytes: &[u8], record: &Record) {
        if self.list.len() < KEPT
            && self.misses < MISSES
            && let Some(mut layout) = Layout::of(bytes, record)
        {
            layout.record.layout = self.list.len() as u32 + 1;
            self.list.push(layout);
        }
    }
}

impl Layout {
    /// The layout of the line that `record` was read from.
    fn of(bytes: &[u8], record: &Record) -> Option<Layout> {
        let line = record.span;
        if record.odd || !record.starts || !bytes[line.range()].ends_with(b"\n") {
            return None;
        }
        let mut layout = Layout {
            literal: Vec::new(),
            slots: Vec::new(),
            keys: Vec::new(),
            record: record.clone(),
            mark: record.mark(),
        };
        let mut at = line.start;
        for (i, segment) in record.segments.iter().enumerate() {
            if segment.raw.start < at || segment.opened.is_some() {
                return None;
            }
            match segment.role {
                Role::Key if segment.text == TextRef::Raw => layout.keys.push(Key {
                    slot: layout.slots.len(),
                    at: segment.raw.start - at,
                    len: segment.raw.len(),
                    segment: i,
                }),
                Role::Value | Role::Number => {
                    layout.literal.extend_from_slice(&bytes[at..segment.raw.start]);
                    let word = segment.role == Role::Number;
                    layout.slots.push(Slot { end: layout.literal.len(), segment: i, word });
                    at = segment.raw.end;
                }
                _ => return None,
            }
        }
        layout.literal.extend_from_slice(&bytes[at..line.end]);
        Some(layout)
    }

    /// The end of the line at `at` if it fits, and where its values stand.
    fn fits(&self, bytes: &[u8], at: usize, values: &mut Vec<Value>) -> Option<usize> {
        values.clear();
        let (mut at, mut from) = (at, 0);
        for slot in &self.slots {
            let before = &self.literal[from..slot.end];
            if !bytes[at..].starts_with(before) {
                return None;
            }
            at += before.len();
            from = slot.end;
            let (end, escaped) = if slot.word {
                let end = word_end(bytes, at);
                (is_word(&bytes[at..end]).then_some(end)?, false)
            } else {
                string_end(bytes, at)?
            };
            values.push(Value { raw: Span::new(at, end), escaped });
            at = end;
        }
        let behind = &self.literal[from..];
        bytes[at..].starts_with(behind).then_some(at + behind.len())
    }

    /// Fills `record`, which is this layout's, with the line `span`. `false`: a value holds JSON itself and must be parsed.
    fn fill(&self, bytes: &[u8], span: Span, values: &[Value], record: &mut Record) -> bool {
        record.again(span, self.mark);
        for (slot, value) in self.slots.iter().zip(values) {
            let raw = value.raw;
            let mut text = TextRef::Raw;
            if value.escaped {
                let content = &bytes[raw.range()];
                let mut decoding = record.decode();
                decode::pieces(content, |piece, meaning| match meaning {
                    Some(bytes) => decoding.escape(piece.shifted(raw.start), bytes),
                    None => decoding.copy(raw.start + piece.start, &content[piece.range()]),
                });
                if may_hold_json(decoding.bytes()) {
                    return false;
                }
                text = decoding.finish();
            } else if !slot.word && may_hold_json(&bytes[raw.range()]) {
                return false;
            }
            let segment = &mut record.segments[slot.segment];
            (segment.raw, segment.text) = (raw, text);
        }
        if record.no_keys {
            return true;
        }
        for key in &self.keys {
            let start = key.at + key.slot.checked_sub(1).map_or(span.start, |i| values[i].raw.end);
            record.segments[key.segment].raw = Span::new(start, start + key.len);
        }
        true
    }
}

/// Where the string whose content begins at `at` ends, in its line, and whether there is a backslash in it.
fn string_end(bytes: &[u8], mut at: usize) -> Option<(usize, bool)> {
    let mut escaped = false;
    loop {
        at += memchr::memchr3(b'"', b'\\', b'\n', &bytes[at..])?;
        match bytes[at] {
            b'"' => return Some((at, escaped)),
            b'\\' if bytes.get(at + 1).is_some_and(|b| *b != b'\n') => {
                escaped = true;
                at += 2;
            }
            _ => return None,
        }
    }
}

/// Whether a string may hold an object or array: see [`super::emit::open`].
fn may_hold_json(text: &[u8]) -> bool {
    matches!(text.first(), Some(b'{' | b'[' | b' ' | b'\t' | b'\r' | b'\n' | 0x0B | 0x0C))
        && matches!(text.trim_ascii().first(), Some(b'{' | b'['))
}
