//! Where personal data stands: a format cuts its input into units, reads records and their segments from them, and says how
//! a replacement is written there. Knows nothing of what personal data is.
//!
//! A format is one file and one row in [`FORMATS`].

mod csv;
mod cues;
pub(crate) mod json;
mod jsonl;
mod shapes;
mod srt;
#[cfg(test)]
mod testing;
mod text;
mod vtt;
mod whatsapp;

use crate::model::record::Record;
use crate::model::{Span, Stops};
use std::fmt::Debug;

/// The formats, in the order in which they are tried. Text recognises everything and comes last.
pub const FORMATS: &[&dyn Format] =
    &[&vtt::WebVtt, &srt::Srt, &whatsapp::WhatsApp, &jsonl::JsonLines, &json::Json, &csv::Tsv, &csv::Csv, &text::Text];

/// The format with this name.
pub fn named(name: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|f| f.name() == name)
}

/// The most bytes of an input that recognition looks at.
pub const HEAD: usize = 64 << 10;

/// Bytes of context on either side of a part of a record that is too long to be taken whole. No finding is longer.
pub const CONTEXT: usize = 2 * crate::model::MAX_FINDING;

/// What recognition sees: the input's first bytes and its name.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// The first bytes, without a byte-order mark: at most [`HEAD`].
    pub bytes: &'a [u8],
    /// They are the whole input.
    pub whole: bool,
    /// The name of the file or zip member, in lower case; empty for standard input.
    pub name: &'a str,
}

impl<'a> Head<'a> {
    /// The first line that is not empty, without its end; `None` if it isn't complete yet.
    pub fn first_line(&self) -> Option<&'a [u8]> {
        self.lines().next()
    }

    /// The complete lines that are not empty, without their ends (a last line without one counts at the end of input or
    /// when the head is full).
    pub fn lines(&self) -> impl Iterator<Item = &'a [u8]> {
        let full = self.whole || self.bytes.len() >= HEAD;
        self.bytes
            .split_inclusive(|b| *b == b'\n')
            .filter(move |l| full || l.ends_with(b"\n"))
            .map(|l| l.trim_ascii())
            .filter(|l| !l.is_empty())
    }
}

/// What a format says to a [`Head`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guess {
    /// It is this format.
    Yes,
    /// It isn't.
    No,
    /// One more line decides (an SRT file's first line is a bare number). Use sparingly: a stream that pauses after its
    /// first line waits for that.
    Wait,
}

/// How a stream is to be cut and read.
#[derive(Debug, Clone)]
pub struct Settings {
    /// A record longer than this many bytes is taken in parts.
    pub max_record: usize,
    /// JSON pointers (`*` for one level) to which scanning is limited; empty: everything.
    pub text_fields: Vec<String>,
    /// JSON pointers that are left out.
    pub skip_fields: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { max_record: 1 << 20, text_fields: Vec::new(), skip_fields: Vec::new() }
    }
}

/// A format: how to recognise it, and its stream.
pub trait Format: Sync + Debug {
    /// The name that `--format` takes.
    fn name(&self) -> &'static str;
    /// One line for `sluice patterns list --formats`.
    fn about(&self) -> &'static str;
    /// Whether `head` is of this format. Depends on the head's content alone (and its name where content leaves it open).
    fn guess(&self, head: &Head<'_>) -> Guess;
    /// Starts on an input.
    fn stream(&self, head: &Head<'_>, settings: &Settings) -> Box<dyn Stream>;
}

/// The ordered, stateful part of a format: cuts one input into units.
///
/// It is shown a window onto the input that starts with the context kept by the last cut and only grows until the next cut,
/// so it may remember how far it has looked. Where it cuts into records depends on the content alone: never on how much of
/// it a window happens to show. How many whole records it puts into one unit is free.
pub trait Stream: Send {
    /// Looks at `window`; `last`: the input ends with it. Returns a unit as soon as a record is complete: as many whole
    /// records as the window holds, without those whose end could still be moved by what comes. With `last`, takes
    /// everything, in as many calls as it needs; is not called with an empty rest.
    fn cut(&mut self, window: &[u8], last: bool) -> Cut;
}

/// What [`Stream::cut`] says.
pub enum Cut {
    /// No record is complete yet.
    More,
    /// A unit.
    Unit(Unit),
}

/// A stretch of the window that a worker can read without knowing what came before.
pub struct Unit {
    /// Offset in the window where the unit's own bytes end; they begin where the last unit's ended.
    pub end: usize,
    /// How much of the window the reader may look at: more than `end` if what follows is its context (parts of a long record).
    pub until: usize,
    /// How many bytes before `end` stay in the window as context for the next unit: 0 unless the next one goes on within a record.
    pub keep: usize,
    /// Reads the records of the unit.
    pub reader: Box<dyn Reader>,
}

/// Reads the records of one unit; owns what it needs to know of what came before (a CSV header, an open object).
pub trait Reader: Send {
    /// Reads the record at `at` into `record` (which it clears first) and returns its end, at least `at + 1`.
    ///
    /// `bytes` is the unit with its context; `core` are its own bytes, `at` lies in them. Segments may reach into the context:
    /// edits are clipped to the core. All of the core must be covered by records, or bytes are written unscanned.
    fn read(&mut self, bytes: &[u8], core: Span, at: usize, record: &mut Record) -> usize;

    /// Passes over records of the unit's own bytes `still`, in which no anchor stands, that begin at its start and end within it, as
    /// long as nothing can be found in them by the names of their fields and reading them would change nothing for those
    /// behind: where they end, and how many they are. `silent`: whether nothing is found by name in records with this layout; `None`: in
    /// none with a layout.
    fn pass(&mut self, bytes: &[u8], still: Span, silent: Option<&dyn Fn(u32) -> bool>) -> (usize, u64) {
        let _ = (bytes, silent);
        (still.start, 0)
    }

    /// To be filled from the unit before the first record is read, if it is swept by then; `None`: there is no use for it.
    fn stops(&mut self) -> Option<&mut Stops> {
        None
    }
}

/// Recognises the format of `head`; `None`: the head does not decide yet, read on.
pub fn recognise(head: &Head<'_>) -> Option<&'static dyn Format> {
    let full = head.whole || head.bytes.len() >= HEAD;
    // Nothing is decided before the first line that says anything is complete.
    if !full && head.first_line().is_none() {
        return None;
    }
    for f in FORMATS {
        match f.guess(head) {
            Guess::Yes => return Some(*f),
            Guess::Wait if !full => return None,
            Guess::Wait | Guess::No => {}
        }
    }
    Some(&text::Text)
}

/// A unit that reads the rest of a window as lines of text: where a stream has left something over at the end of input.
pub(crate) fn rest(context: usize, end: usize) -> Unit {
    let reader = Box::new(text::LineReader::new(context > 0));
    Unit { end, until: end, keep: 0, reader }
}

/// Cuts whole lines, and a line longer than `max_record` into parts: what every line-based stream does.
///
/// `window[..start]` is context. `None`: no line is complete yet. A unit with `keep` over 0 ends within a line.
pub(crate) fn cut_lines(window: &[u8], start: usize, last: bool, max: usize) -> Option<LineCut> {
    let limit = window.len().min(start + max);
    if let Some(i) = memchr::memrchr(b'\n', &window[start..limit]) {
        let end = start + i + 1;
        return Some(LineCut { end, until: end, keep: 0 });
    }
    let short = window.len() - start <= max;
    if last && short {
        return Some(LineCut { end: window.len(), until: window.len(), keep: 0 });
    }
    if !last && window.len() < start + max + CONTEXT {
        return None;
    }
    // A part that is smaller than a character is cut within it.
    let end = Some(part_end(window, start + max)).filter(|end| *end > start).unwrap_or(start + max.max(1));
    let until = window.len().min(end + CONTEXT);
    let keep = end - context_start(window, end);
    Some(LineCut { end, until, keep })
}

/// See [`cut_lines`].
pub(crate) struct LineCut {
    pub end: usize,
    pub until: usize,
    pub keep: usize,
}

/// Moves an end of a part back to a character's start.
pub(crate) fn part_end(window: &[u8], at: usize) -> usize {
    (at.saturating_sub(3)..=at).rev().find(|&i| window.get(i).is_none_or(|b| b & 0xC0 != 0x80)).unwrap_or(at)
}

/// Where the context before a part that starts at `end` begins: at a character's start.
fn context_start(window: &[u8], end: usize) -> usize {
    part_end(window, end.saturating_sub(CONTEXT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_whole_and_long_ones_in_parts() {
        let c = cut_lines(b"a\nb\nc", 0, false, 100).unwrap();
        assert_eq!((c.end, c.keep), (4, 0));
        assert!(cut_lines(b"abc", 0, false, 100).is_none());
        assert_eq!(cut_lines(b"abc", 0, true, 100).unwrap().end, 3);
        let long = vec![b'x'; 10 + CONTEXT + 5];
        let c = cut_lines(&long, 0, false, 10).unwrap();
        assert_eq!((c.end, c.until, c.keep), (10, 10 + CONTEXT, 10));
        // The line's length decides, not what the window shows of it.
        let mut line = vec![b'x'; 12];
        line.push(b'\n');
        assert!(cut_lines(&line, 0, false, 10).is_none());
        assert_eq!(cut_lines(&line, 0, true, 10).unwrap().end, 10);
    }
}
