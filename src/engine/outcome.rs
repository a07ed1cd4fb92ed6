//! What came of a unit.

use super::Counts;
use super::recall::Held;
use crate::model::place::{Place, Text, Trace};
use crate::model::{Finding, Span};
use crate::redact::{Edit, Replacement};

/// What came of one unit. Reused: clearing keeps its memory.
#[derive(Debug, Default)]
pub struct Outcome {
    /// In order of place; spans count in the unit's bytes.
    pub findings: Vec<Finding>,
    /// Side table of the findings.
    pub places: Vec<Place>,
    /// The same, if only traces are wanted.
    pub traces: Vec<Trace>,
    /// How many findings stand in each field, by its name or pointer with array indices as `*`. To traces only the names are of use.
    pub fields: Counts,
    /// The indices of fields.
    pub indices: Vec<u64>,
    /// In order, none overlapping, all within the unit's core.
    pub edits: Vec<Edit>,
    /// Bytes that edits and traces refer to.
    pub arena: Vec<u8>,
    /// Records that begin in the unit.
    pub records: u64,
    /// Those of them that hold no data but say how to read it: a CSV's header, a transcript's header and notes.
    pub headings: u64,
    /// Records that were not of their stream's format.
    pub odd: u64,
    /// Records that hold JSON which was scanned as text.
    pub unopened: u64,
    /// Records that could not be handled. With [`OnError::Stop`](super::OnError::Stop) nothing of such a unit may be passed on.
    pub failed: u64,
    /// Line ends in the core, where places are wanted.
    pub lines: u64,
    /// Code points after the last line end in the core, where places are wanted.
    pub column: u64,
    /// What the records declare and say, for [`Engine::recall`](super::Engine::recall).
    pub(super) held: Held,
    /// So many edits are in order; those behind are being added.
    pub(super) settled: usize,
}

impl Outcome {
    /// Keeps `bytes`.
    pub(super) fn kept(&mut self, bytes: &[u8]) -> Span {
        let start = self.arena.len();
        self.arena.extend_from_slice(bytes);
        Span::new(start, self.arena.len())
    }

    /// Keeps `bytes` for an edit.
    pub(super) fn keep(&mut self, bytes: &[u8]) -> Replacement {
        Replacement::Text(self.kept(bytes))
    }

    /// The bytes of a trace's text in the unit `bytes`.
    pub fn text<'a>(&'a self, text: Text, bytes: &'a [u8]) -> &'a [u8] {
        match text {
            Text::Unit(span) => &bytes[span.range()],
            Text::Kept(span) => &self.arena[span.range()],
        }
    }

    /// Says what stands beside the finding with this place.
    pub(super) fn beside(&mut self, place: u32, beside: u64) {
        let i = place as usize;
        self.places.get_mut(i).into_iter().for_each(|p| p.beside = beside);
        self.traces.get_mut(i).into_iter().for_each(|t| t.beside = beside);
    }

    pub(super) fn clear(&mut self) {
        self.findings.clear();
        self.places.clear();
        self.traces.clear();
        self.fields.clear();
        self.indices.clear();
        self.edits.clear();
        self.arena.clear();
        self.held.clear();
        self.settled = 0;
        (self.records, self.headings, self.odd, self.unopened, self.failed) = (0, 0, 0, 0, 0);
        (self.lines, self.column) = (0, 0);
    }
}
