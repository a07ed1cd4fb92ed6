//! Reads values that stand one after the other: small documents, or elements of an array.

use super::document::Documents;
use super::emit::Emitter;
use super::line;
use super::path::Path;
use super::pointer::Pointers;
use super::skip::Skip;
use super::walk::{Step, Walker, blank};
use crate::format::{Cut, Reader, Stream, Unit};
use crate::model::Span;
use crate::model::record::Record;
use std::collections::VecDeque;
use std::sync::Arc;

/// See the module.
pub(crate) struct Values {
    /// The way to the first element; `None` for documents.
    path: Option<Path>,
    max: usize,
    pointers: Arc<Pointers>,
    /// The pieces of the document being read, with their ends in the unit.
    pieces: VecDeque<Unit>,
    /// Where the first of them begins.
    piece: usize,
}

impl Values {
    /// See the fields.
    pub fn new(path: Option<Path>, max: usize, pointers: Arc<Pointers>) -> Values {
        Values { path, max, pointers, pieces: VecDeque::new(), piece: 0 }
    }

    /// The end of what stands between values.
    fn filler(&mut self, bytes: &[u8], at: usize) -> usize {
        let Some(path) = &mut self.path else {
            return at + bytes[at..].iter().take_while(|b| blank(**b) || **b == 0x1E).count();
        };
        let run = bytes[at..].iter().take_while(|b| blank(**b) || **b == b',');
        let (count, commas) = run.fold((0, 0), |(n, c), b| (n + 1, c + u64::from(*b == b',')));
        if let Some(level) = path.levels.last_mut() {
            level.index += commas;
        }
        at + count
    }

    /// The document's pieces, if arrays of objects are most of it: then their elements are the records.
    fn split(&self, document: &[u8], at: usize) -> VecDeque<Unit> {
        let mut pieces = VecDeque::new();
        if self.path.is_some() || document.first() != Some(&b'{') || memchr::memchr(b'[', document).is_none() {
            return pieces;
        }
        let mut stream = Documents::within(self.max, Arc::clone(&self.pointers));
        let mut from = 0;
        while from < document.len() {
            let Cut::Unit(mut unit) = stream.cut(&document[from..], true) else { break };
            from += unit.end;
            unit.end = at + from;
            pieces.push_back(unit);
        }
        if from < document.len() || stream.elements() < document.len() / 2 {
            pieces.clear();
        }
        pieces
    }

    /// Reads the value `span`.
    fn value(&self, bytes: &[u8], span: Span, record: &mut Record) {
        let path = self.path.as_ref();
        let mut emitter = Emitter::new(record, &self.pointers, path.unwrap_or(&Path::default()));
        let rest = match Walker::default().value(&bytes[..span.end], span.start, true, &mut emitter) {
            Step::Done(end) | Step::To(end) => end,
            Step::Blank => span.end,
            Step::Short(at) | Step::Broken(at) => {
                record.odd = true;
                at
            }
        };
        line::text(record, bytes, Span::new(rest, span.end), &self.pointers);
    }
}

impl Reader for Values {
    fn read(&mut self, bytes: &[u8], core: Span, at: usize, record: &mut Record) -> usize {
        let bytes = &bytes[..core.end];
        if self.pieces.is_empty() {
            let filled = self.filler(bytes, at);
            if filled > at {
                record.clear(Span::new(at, filled));
                record.starts = false;
                return filled;
            }
            let end = Skip::default().value(&bytes[at..], true).map_or(core.end, |len| at + len.max(1));
            (self.pieces, self.piece) = (self.split(&bytes[at..end], at), at);
            if self.pieces.is_empty() {
                record.clear(Span::new(at, end));
                self.value(bytes, record.span, record);
                return end;
            }
        }
        let Some(piece) = self.pieces.front_mut() else { return core.end };
        let core = Span::new(self.piece, piece.end);
        let end = piece.reader.read(&bytes[..core.end], core, at, record);
        if end >= core.end {
            self.piece = core.end;
            self.pieces.pop_front();
        }
        end
    }
}
