//! Cuts JSON documents into records, in order and with as little looking as it takes.
//!
//! Small values (documents, elements of arrays of objects) are skipped over by their brackets and go to the readers whole;
//! what is larger than a record may be is walked. The cut is the same for all windows: only how many records go into a unit
//! depends on them.

use super::part::{Kind, Long, Taken};
use super::path::Path;
use super::pointer::Pointers;
use super::skip::Skip;
use super::values::Values;
use super::walk::{Expect, Walker, blank, is_word};
use crate::format::{Cut, Reader, Stream, Unit, cut_lines, text::LineReader};
use crate::model::Span;
use crate::model::record::Record;
use std::sync::Arc;

/// See the module.
pub(crate) struct Documents {
    max: usize,
    pointers: Arc<Pointers>,
    /// Bytes at the window's start that belong to the last unit: more than 0 within a long string or line.
    context: usize,
    mode: Mode,
    /// The array whose elements are cut: where the walk stood at its start; `None` between documents.
    array: Option<(Walker, Path)>,
    elements: usize,
    /// The number of the unit's first element.
    index: u64,
    /// Where the value that isn't complete begins, from the unit's start, its number, and how far it has been looked through.
    value: usize,
    number: u64,
    skip: Skip,
}

enum Mode {
    /// Values one after the other: documents, or elements of an array.
    Values,
    Long(Box<Long>),
    /// Not JSON any more.
    Text,
}

impl Documents {
    /// Begins before the first document.
    pub fn new(max: usize, pointers: Arc<Pointers>) -> Documents {
        Documents {
            max,
            pointers,
            context: 0,
            mode: Mode::Values,
            array: None,
            elements: 0,
            index: 0,
            value: 0,
            number: 0,
            skip: Skip::default(),
        }
    }

    /// Begins at a document that is to be cut at its arrays of objects, however small it is.
    pub fn within(max: usize, pointers: Arc<Pointers>) -> Documents {
        let mut documents = Documents::new(max, pointers);
        documents.walk(Kind::Document);
        documents
    }

    /// How many bytes have been cut into elements.
    pub fn elements(&self) -> usize {
        self.elements
    }

    /// The value at the unit's start is walked.
    fn walk(&mut self, kind: Kind) {
        let path = match &self.array {
            Some((_, path)) => self.placed(path),
            None => Path::default(),
        };
        self.mode = Mode::Long(Box::new(Long::new(kind, self.max, Walker::default(), path)));
    }

    /// The array's path at the element to come.
    fn placed(&self, path: &Path) -> Path {
        let mut path = path.clone();
        if let Some(level) = path.levels.last_mut() {
            level.index = self.index;
        }
        path
    }

    /// The array ends here, or what is no element begins: the document around it is walked on.
    fn leave(&mut self) {
        if let Some((mut walker, path)) = self.array.take() {
            let path = self.placed(&path);
            walker.expect = Expect::Comma;
            self.mode = Mode::Long(Box::new(Long::new(Kind::Document, self.max, walker, path).goes_on()));
        }
    }

    /// What stands between values.
    fn filler(&self, byte: u8) -> bool {
        blank(byte) || byte == if self.array.is_some() { b',' } else { 0x1E }
    }

    /// Goes over values; `None`: what comes is to be taken in another way, from the unit's start.
    fn values(&mut self, window: &[u8], last: bool) -> Option<Cut> {
        let (mut pos, mut complete) = (self.value, false);
        let other = loop {
            while let Some(&byte) = window.get(pos).filter(|b| self.filler(**b)) {
                self.number += u64::from(byte == b',');
                pos += 1;
            }
            if pos == window.len() || complete && pos >= self.max {
                break None;
            }
            match self.other(&window[pos..], last) {
                Some(Other::Wait) => break None,
                Some(other) => break Some(other),
                None => {}
            }
            let view = &window[pos..window.len().min(pos + self.max)];
            let whole = last && view.len() == window.len() - pos;
            match self.skip.value(view, whole) {
                Some(len) => {
                    self.skip = Skip::default();
                    if !matches!(window[pos], b'{' | b'[' | b'"') && !is_word(&view[..len]) {
                        break Some(Other::Text);
                    }
                    (pos, complete) = (pos + len, true);
                }
                None if whole || view.len() == self.max => break Some(Other::Long),
                None => break None,
            }
        };
        self.value = pos;
        if complete || other.is_some() && pos > 0 || pos >= self.max || last && pos == window.len() {
            let path = self.array.as_ref().map(|(_, path)| self.placed(path));
            let reader = Values::new(path, self.max, Arc::clone(&self.pointers));
            self.elements += if self.array.is_some() { pos } else { 0 };
            (self.value, self.index) = (0, self.number);
            return Some(Cut::Unit(Unit { end: pos, until: pos, keep: 0, reader: Box::new(reader) }));
        }
        match other {
            None => return Some(Cut::More),
            Some(Other::Long) if self.array.is_some() => self.walk(Kind::Value),
            Some(Other::Long) => self.walk(Kind::Document),
            Some(Other::End) => self.leave(),
            Some(Other::Text | Other::Wait) => self.mode = Mode::Text,
        }
        self.skip = Skip::default();
        None
    }

    /// Whether what begins here is no value to be skipped.
    fn other(&self, bytes: &[u8], last: bool) -> Option<Other> {
        match bytes[0] {
            b']' if self.array.is_some() => Some(Other::End),
            b'[' if self.array.is_none() => match bytes[1..].iter().find(|b| !blank(**b)) {
                Some(b'{') => Some(Other::Long),
                // White space without end is no reason to wait.
                None if !last && bytes.len() < self.max => Some(Other::Wait),
                _ => None,
            },
            _ => None,
        }
    }

    fn long(&mut self, window: &[u8], last: bool) -> Option<Cut> {
        let Mode::Long(long) = &mut self.mode else { return None };
        let (taken, reader) = long.cut(window, self.context, last, &self.pointers);
        let (mut until, mut keep) = (0, 0);
        let end = match taken {
            Taken::More => return Some(Cut::More),
            Taken::Part { end, until: to, keep: kept } => {
                (until, keep) = (to, kept);
                end
            }
            Taken::End(end) => {
                self.mode = Mode::Values;
                end
            }
            Taken::Elements(end) => {
                if let Mode::Long(long) = std::mem::replace(&mut self.mode, Mode::Values) {
                    self.array = Some(long.place());
                    (self.index, self.number) = (0, 0);
                }
                end
            }
            Taken::Broken(end) => {
                self.mode = Mode::Text;
                end
            }
        };
        let empty = end == self.context;
        self.context = keep;
        match reader {
            Some(reader) if !empty => {
                Some(Cut::Unit(Unit { end, until: until.max(end), keep, reader: Box::new(reader) }))
            }
            _ => None,
        }
    }

    fn text(&mut self, window: &[u8], last: bool) -> Cut {
        let Some(cut) = cut_lines(window, self.context, last, self.max) else { return Cut::More };
        let reader = Box::new(Odd(LineReader::new(self.context > 0)));
        self.context = cut.keep;
        Cut::Unit(Unit { end: cut.end, until: cut.until, keep: cut.keep, reader })
    }
}

/// What may come other than a value that is skipped.
enum Other {
    /// It can't be told yet.
    Wait,
    /// Something to be walked.
    Long,
    /// The end of the array.
    End,
    /// No JSON.
    Text,
}

impl Stream for Documents {
    fn cut(&mut self, window: &[u8], last: bool) -> Cut {
        loop {
            let cut = match self.mode {
                Mode::Values => self.values(window, last),
                Mode::Long(_) => self.long(window, last),
                Mode::Text => Some(self.text(window, last)),
            };
            if let Some(cut) = cut {
                return cut;
            }
        }
    }
}

/// Lines of text where there should be JSON.
pub(crate) struct Odd(pub LineReader);

impl Reader for Odd {
    fn read(&mut self, bytes: &[u8], core: Span, at: usize, record: &mut Record) -> usize {
        let end = self.0.read(bytes, core, at, record);
        record.odd = true;
        end
    }
}
