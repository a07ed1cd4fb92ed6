//! Lines that are built alike: most streams have lines of a few layouts, the same keys in the same order. What stands between
//! the values of such a line is known, so it is compared instead of parsed, and only the values are looked for.
//!
//! A line fits a layout if every byte outside its values is the same, each string ends at the first quote that is not
//! escaped, and each number or word is one. A parser would come to the same tokens, so its record is that of the line
//! the layout was learned from but for where the values stand and what they are.

use super::decode;
use super::walk::{is_word, word_end};
use crate::model::record::{Mark, Record, Role, TextRef};
use crate::model::{Span, StopBytes, Stops};

/// The most layouts that are kept for a unit.
const KEPT: usize = 16;
/// Lines with more keys and values have no layout: what is kept for one would grow with the line.
const SEGMENTS: usize = 512;
/// After so many lines in a row that fit none, no more is tried: the lines are all different.
const MISSES: u32 = 64;

/// The layouts of a unit's lines.
pub(crate) struct Layouts {
    list: Vec<Layout>,
    /// Whose record the caller holds, from 1; 0: their own.
    lent: u32,
    misses: u32,
    stops: Stops,
}

/// What the lines have in common.
struct Layout {
    /// What stands before each value, and behind the last one up to the next line, one after the other.
    literal: Vec<u8>,
    slots: Vec<Slot>,
    behind: Piece,
    /// Keys by where they stand: behind how many values, at which byte of what follows that one, and how long they are.
    keys: Vec<Key>,
    record: Record,
    mark: Mark,
}

struct Slot {
    /// What stands before it.
    before: Piece,
    segment: usize,
    /// A number, `true`, `false` or `null`.
    word: bool,
}

/// What stands between two values.
struct Piece {
    /// Its first [`HEAD`] bytes, and which of their bits count.
    head: [u8; HEAD],
    counts: [u8; HEAD],
    /// Its bytes.
    len: usize,
    /// Where it is in `literal`, if it has more than those.
    long: Option<usize>,
}

/// Bytes of a piece that are compared at once, whatever its length: few have more.
const HEAD: usize = 32;

struct Key {
    slot: usize,
    at: usize,
    len: usize,
    segment: usize,
}

/// Whether a line is built as a layout says.
enum Fit {
    /// It is, and ends here.
    Yes(usize),
    No,
    /// It may be, but a value holds JSON itself and must be parsed.
    Opened,
}

/// Where a string ends, or goes on otherwise than it looks.
static STRINGS: StopBytes = StopBytes::new(b"\"\\\n");

impl Default for Layouts {
    fn default() -> Layouts {
        Layouts { list: Vec::new(), lent: 0, misses: 0, stops: Stops::new(&STRINGS) }
    }
}

impl Layouts {
    /// What the strings of the unit stop at; may be filled.
    pub fn stops(&mut self) -> &mut Stops {
        &mut self.stops
    }

    /// Reads the line at `at`, if it fits one of the layouts; returns its end.
    pub fn read(&mut self, bytes: &[u8], at: usize, record: &mut Record) -> Option<usize> {
        if self.misses < MISSES {
            let last = self.lent.saturating_sub(1) as usize;
            let others = (0..self.list.len()).filter(|i| *i != last);
            for i in std::iter::once(last).chain(others) {
                // The record at hand may be filled in vain, others are not fetched for that.
                let lent = self.lent == i as u32 + 1;
                if !self.list.get(i).is_some_and(|l| lent || l.begins(bytes, at)) {
                    continue;
                }
                self.lend(i as u32 + 1, record);
                match self.list[i].fit(bytes, at, &self.stops, record) {
                    Fit::Yes(end) => {
                        self.misses = 0;
                        return Some(end);
                    }
                    Fit::No => {}
                    Fit::Opened => break,
                }
            }
            self.misses += 1;
        }
        self.lend(0, record);
        None
    }

    /// Goes over the lines within `still` from its start on that fit a layout of which `silent` says that nothing is found by the names
    /// of its fields, and that hold no escapes: where they end, and how many they are.
    pub fn pass(&self, bytes: &[u8], still: Span, silent: &dyn Fn(u32) -> bool) -> (usize, u64) {
        let (mut at, mut lines) = (still.start, 0);
        let may = |i: usize| self.list.get(i).filter(|_| silent(i as u32 + 1));
        let mut last = may(self.lent.saturating_sub(1) as usize);
        if last.is_some_and(|l| l.literal.len() > still.len()) {
            return (at, lines);
        }
        let until = memchr::memrchr(b'\n', &bytes[still.range()]).map_or(at, |i| at + i + 1);
        while at < until {
            let mut others = (0..self.list.len()).filter_map(may);
            let fits = |layout: &Layout| layout.passes(bytes, at, &self.stops);
            let end = last.and_then(fits).or_else(|| {
                others.find_map(|other| {
                    let end = fits(other)?;
                    last = Some(other);
                    Some(end)
                })
            });
            let Some(end) = end else { break };
            (at, lines) = (end, lines + 1);
        }
        (at, lines)
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
        let large = record.segments.len() > SEGMENTS;
        if large || record.odd || !record.starts || !bytes[line.range()].ends_with(b"\n") {
            return None;
        }
        let mut layout = Layout {
            literal: Vec::new(),
            slots: Vec::new(),
            behind: Piece::of(&[], 0),
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
                    let before = layout.piece(&bytes[at..segment.raw.start]);
                    let word = segment.role == Role::Number;
                    layout.slots.push(Slot { before, segment: i, word });
                    at = segment.raw.end;
                }
                _ => return None,
            }
        }
        layout.behind = layout.piece(&bytes[at..line.end]);
        Some(layout)
    }

    fn piece(&mut self, text: &[u8]) -> Piece {
        let at = self.literal.len();
        self.literal.extend_from_slice(text);
        Piece::of(text, at)
    }

    /// Whether the line at `at` begins as this layout's do.
    fn begins(&self, bytes: &[u8], at: usize) -> bool {
        self.slots.first().map_or(&self.behind, |s| &s.before).stands(bytes, at, &self.literal)
    }

    /// Fills `record`, which is this layout's, with the line at `at`, if it fits.
    fn fit(&self, bytes: &[u8], line: usize, stops: &Stops, record: &mut Record) -> Fit {
        record.again(self.mark);
        let fit = self.values(bytes, line, stops, |slot, raw, plain| {
            if !plain {
                return !decode(bytes, raw, record, slot.segment);
            }
            let segment = &mut record.segments[slot.segment];
            (segment.raw, segment.text) = (raw, TextRef::Raw);
            true
        });
        if let Fit::Yes(end) = fit {
            record.span = Span::new(line, end);
            if !record.no_keys {
                self.keys(record);
            }
        }
        fit
    }

    /// The end of the line at `at`, if it fits and holds no escapes.
    fn passes(&self, bytes: &[u8], line: usize, stops: &Stops) -> Option<usize> {
        match self.values(bytes, line, stops, |_, _, plain| plain) {
            Fit::Yes(end) => Some(end),
            Fit::No | Fit::Opened => None,
        }
    }

    /// Whether the line at `at` fits. `value` is given each value and whether it stands there as it is, without escapes; `false`: it
    /// must be parsed.
    #[inline(always)]
    fn values(
        &self,
        bytes: &[u8],
        line: usize,
        stops: &Stops,
        mut value: impl FnMut(&Slot, Span, bool) -> bool,
    ) -> Fit {
        let mut at = line;
        for slot in &self.slots {
            if !slot.before.stands(bytes, at, &self.literal) {
                return Fit::No;
            }
            at += slot.before.len;
            let (end, plain);
            if slot.word {
                (end, plain) = (word_end(bytes, at), true);
                if !is_word(&bytes[at..end]) {
                    return Fit::No;
                }
            } else {
                let Some(stop) = stops.next(bytes, at) else { return Fit::No };
                plain = bytes.get(stop) == Some(&b'"');
                if plain {
                    if may_hold_json(&bytes[at..stop]) {
                        return Fit::Opened;
                    }
                    end = stop;
                } else {
                    let Some(stop) = string_end(bytes, stop, stops) else { return Fit::No };
                    end = stop;
                }
            }
            if !value(slot, Span::new(at, end), plain) {
                return Fit::Opened;
            }
            at = end;
        }
        if !self.behind.stands(bytes, at, &self.literal) {
            return Fit::No;
        }
        Fit::Yes(at + self.behind.len)
    }

    /// Says where the keys of `record` stand, whose values are there.
    fn keys(&self, record: &mut Record) {
        for key in &self.keys {
            let before = key.slot.checked_sub(1).map(|i| self.slots[i].segment);
            let start = key.at + before.map_or(record.span.start, |s| record.segments[s].raw.end);
            record.segments[key.segment].raw = Span::new(start, start + key.len);
        }
    }
}

/// Decodes the string `raw` for one of the record's segments. `true`: it may hold JSON itself.
#[cold]
fn decode(bytes: &[u8], raw: Span, record: &mut Record, segment: usize) -> bool {
    let content = &bytes[raw.range()];
    record.decoded = true;
    let mut decoding = record.decode();
    decode::pieces(content, |piece, meaning| match meaning {
        Some(bytes) => decoding.escape(piece.shifted(raw.start), bytes),
        None => decoding.copy(raw.start + piece.start, &content[piece.range()]),
    });
    let opened = may_hold_json(decoding.bytes());
    let text = decoding.finish();
    (record.segments[segment].raw, record.segments[segment].text) = (raw, text);
    opened
}

/// Where the string ends, in its line, of which the first quote, backslash or line end is at `at`.
fn string_end(bytes: &[u8], mut at: usize, stops: &Stops) -> Option<usize> {
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at),
            b'\\' if bytes.get(at + 1).is_some_and(|b| *b != b'\n') => at = stops.next(bytes, at + 2)?,
            _ => return None,
        }
    }
}

impl Piece {
    /// `text`, which stands in the literal from `at` on.
    fn of(text: &[u8], at: usize) -> Piece {
        Piece {
            head: std::array::from_fn(|i| text.get(i).copied().unwrap_or(0)),
            counts: std::array::from_fn(|i| if i < text.len() { 0xFF } else { 0 }),
            len: text.len(),
            long: (text.len() > HEAD).then_some(at),
        }
    }

    /// Whether it stands at `at` of `bytes`. As many bytes are compared whatever it has (in two vectors): how many that are is nothing
    /// that a processor foresees.
    #[inline(always)]
    fn stands(&self, bytes: &[u8], at: usize, literal: &[u8]) -> bool {
        let Some(head) = bytes.get(at..).and_then(<[u8]>::first_chunk::<HEAD>) else {
            return self.stands_late(bytes, at, literal);
        };
        let pairs = head.iter().zip(&self.head).zip(&self.counts);
        let others = pairs.fold(0, |others, ((a, b), counts)| others | ((a ^ b) & counts));
        others == 0 && (self.long.is_none() || self.stands_late(bytes, at, literal))
    }

    /// As that, for a long one or near the end of `bytes`.
    #[cold]
    fn stands_late(&self, bytes: &[u8], at: usize, literal: &[u8]) -> bool {
        let Some(text) = bytes.get(at..at + self.len) else { return false };
        match self.long {
            Some(from) => *text == literal[from..from + self.len],
            None => *text == self.head[..self.len],
        }
    }
}

/// Whether a string may hold an object or array: see [`super::emit::open`].
#[inline(always)]
pub(in crate::format) fn may_hold_json(text: &[u8]) -> bool {
    text.first().is_some_and(|b| *b <= b' ' || matches!(b, b'{' | b'[')) && {
        let text = text.trim_ascii();
        matches!((text.first(), text.last()), (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']')))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::json::line;
    use crate::format::json::pointer::Pointers;
    use proptest::prelude::*;

    /// The records of the lines of `text`, each as it is shown; `learn`: lines that fit a layout are not parsed.
    fn records(text: &str, learn: bool) -> (Vec<String>, usize) {
        let bytes = text.as_bytes();
        let (mut layouts, mut record, mut out, mut fitted) = (Layouts::default(), Record::default(), Vec::new(), 0);
        let mut at = 0;
        while at < bytes.len() {
            let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |i| at + i + 1);
            let known = if learn { layouts.read(bytes, at, &mut record) } else { None };
            if let Some(known) = known {
                assert_eq!(known, end, "{text}");
                fitted += 1;
            } else {
                let span = Span::new(at, end);
                record.clear(span);
                line::json(&mut record, bytes, line::content(bytes, span), &Pointers::default());
                layouts.learn(bytes, &record);
            }
            let segments: Vec<String> = record
                .segments
                .iter()
                .map(|s| {
                    let name = s.node.and_then(|n| record.field_name(n)).unwrap_or_default();
                    let mut pieces = Vec::new();
                    let text = record.text(s, bytes);
                    record.raw_pieces(s, Span::new(0, text.len()), &mut pieces);
                    format!("{:?} {:?} {:?} {:?} {:?} {pieces:?}", s.role, s.raw, s.layers, name, text)
                })
                .collect();
            out.push(format!("{:?} {} {} {segments:?}", record.span, record.starts, record.odd));
            at = end;
        }
        (out, fitted)
    }

    fn alike(text: &str) -> usize {
        let (parsed, _) = records(text, false);
        let (learned, fitted) = records(text, true);
        assert_eq!(learned, parsed, "{text}");
        fitted
    }

    #[test]
    fn lines_that_are_built_alike_are_not_parsed() {
        let text = r#"{"id":"1","a":{"n":5,"t":"x"},"l":["p",null]}
{"id":"","a":{"n":-1.5e3,"t":"a\"b\u0040c\\"},"l":["longer than eight bytes, and than thirty-two of them",true]}
{"id":"22","a":{"n":7,"t":"{\"k\":1}"},"l":["q",false]}
{"id":"3","a":{"n":7,"t":"{ no"},"l":["q",false]}
"#;
        assert_eq!(alike(text), 2);
        // Other keys, other order, no comma, a line end of two bytes, none.
        for other in [
            "{\"a\":\"1\"}\n{\"b\":\"1\"}\n",
            "{\"a\":\"1\",\"b\":2}\n{\"b\":2,\"a\":\"1\"}\n",
            "{\"a\":\"1\"}\n{\"a\":\"1\"}\r\n",
            "{\"a\":\"1\"}\n{\"a\":\"1\"}",
            "{\"a\":\"1\"}\n{\"a\":\"1\\\"}\n{\"a\":\"1",
            "{\"a\":1}\n{\"a\":1x}\n",
            "{\"a\":\"1\"}\n{\"a\":\"1\"} x\n",
        ] {
            assert_eq!(alike(other), 0, "{other}");
        }
        // What is kept for a layout is bounded: a line of very many values has none.
        let many = |n: usize| format!("[{}1]\n", "1,".repeat(n)).repeat(2);
        assert_eq!((alike(&many(SEGMENTS - 1)), alike(&many(SEGMENTS))), (1, 0));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

        #[test]
        fn a_layout_says_what_parsing_says(
            shapes in prop::collection::vec(0usize..4, 2..9),
            values in prop::collection::vec(r#"([a-z@ ]{0,40}|\\u00e9x|\\"|\\|"|\{|\[1|\{"a":1\}|[0-9]{1,3}|true|null|,|\r)"#, 40),
        ) {
            let mut values = values.iter().cycle();
            let mut text = String::new();
            for shape in shapes {
                let mut v = || values.next().map_or("", |v| v);
                text += &match shape {
                    0 => format!("{{\"id\":\"{}\",\"t\":\"{}\",\"n\":{}}}\n", v(), v(), v()),
                    1 => format!("{{\"id\":\"{}\", \"o\":{{\"k\":[\"{}\",{}]}}}}\n", v(), v(), v()),
                    2 => format!("[\"{}\",{}]\r\n", v(), v()),
                    _ => format!("\"{}\" {}\n", v(), v()),
                };
            }
            alike(&text);
        }

        #[test]
        fn pieces_are_compared(text in "[a-z]{1,70}", before in 0usize..3, len in 0usize..50) {
            let text = text.as_bytes();
            for at in 0..text.len() {
                let piece = &text[at..text.len().min(at + len)];
                let literal = [&vec![b'~'; before], piece].concat();
                let stands = |text: &[u8]| Piece::of(piece, before).stands(text, at, &literal);
                prop_assert!(stands(text));
                for other in at..text.len() {
                    let mut text = text.to_vec();
                    text[other] ^= 1;
                    prop_assert_eq!(stands(&text), other >= at + piece.len());
                }
                prop_assert!(!stands(&text[..(at + piece.len()).saturating_sub(1)]) || piece.is_empty());
            }
        }
    }
}
