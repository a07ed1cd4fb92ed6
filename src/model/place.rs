//! Where findings are: a side table beside them, since findings themselves are small and without text.

use super::Span;

/// Where a finding is, for people and other programs. Lines and records count within the unit; the ordered sink adds what
/// came before.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Place {
    /// Line ends in the unit before it.
    pub line: u64,
    /// Code points in its line before it; within the unit if `line` is 0.
    pub column: u64,
    /// Records that begin in the unit up to and with its own; 0 if its record began in an earlier unit.
    pub record: u64,
    /// JSON pointer, column name, or part of the format.
    pub field: Option<String>,
    /// The pointer within a JSON string that holds JSON.
    pub nested: Option<String>,
    /// Code points of the decoded segment before it.
    pub start: u64,
    /// Code points of the decoded segment up to its end.
    pub end: u64,
    /// It is all that its field holds, but for spaces around it.
    pub whole: bool,
    /// Seconds.
    pub time: Option<(f64, f64)>,
    /// Masked sample.
    pub masked: String,
    /// The value, if asked for.
    pub value: Option<String>,
    /// What stands beside it: a bit for each question that was asked.
    pub beside: u64,
    /// The line of the list that holds the value, if it was found by one: see [`crate::engine::Listed`].
    pub listed: Option<u32>,
    /// All pieces, if there are several; the first is the place itself.
    pub pieces: Vec<Piece>,
}

/// One of several pieces of a finding.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Piece {
    /// As in [`Place`].
    pub line: u64,
    /// As in [`Place`].
    pub column: u64,
    /// As in [`Place`].
    pub field: Option<String>,
    /// As in [`Place`].
    pub start: u64,
    /// As in [`Place`].
    pub end: u64,
    /// Bytes of the unit.
    pub span: Span,
    /// As in [`Place`].
    pub time: Option<(f64, f64)>,
}

/// What counting takes of where a finding is: less than a [`Place`], and nothing that would have to be allocated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trace {
    /// As in [`Place`].
    pub record: u64,
    /// The number of its field, array indices as `*`, among the unit's; `None`: it stands in none.
    pub field: Option<u32>,
    /// Which of the unit's indices stand for each `*` in that field.
    pub indices: Span,
    /// Where its value stands.
    pub value: Text,
    /// As in [`Place`].
    pub whole: bool,
    /// As in [`Place`].
    pub beside: u64,
}

/// Where a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// In the unit's bytes.
    Unit(Span),
    /// Among the bytes that were kept of it.
    Kept(Span),
}

/// What came before a unit in its input.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Base {
    /// Bytes.
    pub offset: u64,
    /// Line ends.
    pub line: u64,
    /// Code points since the last line end.
    pub column: u64,
    /// Records that have begun.
    pub record: u64,
}
