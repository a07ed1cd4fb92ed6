//! How findings are shown: masked samples, lines of text, JSON Lines, CSV, SARIF, summaries, pages.

mod chart;
pub mod csv;
pub mod html;
pub mod json;
pub mod markdown;
pub mod masked;
pub mod overview;
pub mod page;
pub mod sarif;
pub mod summary;
pub mod text;
mod times;

use crate::model::place::{Base, Piece, Place};
use crate::model::{Finding, Span};
use crate::patterns::RuleSet;
use serde::Serialize;

/// What reports end with.
pub const NOTE: &str = "Evidence for whoever answers for the data, not legal advice.";

/// `1 record`, `12 records`: for lines of text; pages group digits ([`page::counted`]).
pub fn counted(n: u64, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// A finding with everything that is shown of it, counted from the input's start. Lines and columns from 1, records from 0,
/// `start` and `end` in code points of the decoded segment, `byte_*` in bytes of the input after decompression, times in seconds.
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "the names are those of the wire format, described above and in the README")]
pub struct Row<'a> {
    pub path: &'a str,
    pub line: u64,
    pub column: u64,
    pub record: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nested: Option<&'a str>,
    pub start: u64,
    pub end: u64,
    pub byte_start: u64,
    pub byte_end: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_start: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_end: Option<f64>,
    #[serde(rename = "type")]
    pub entity: &'a str,
    pub category: &'a str,
    pub score: f64,
    pub masked: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<&'a str>,
    pub rule: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pieces: Vec<PieceRow<'a>>,
}

/// One of several pieces of a finding; as in [`Row`].
#[derive(Debug, Serialize)]
#[allow(missing_docs, reason = "as in Row")]
pub struct PieceRow<'a> {
    pub line: u64,
    pub column: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<&'a str>,
    pub start: u64,
    pub end: u64,
    pub byte_start: u64,
    pub byte_end: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_start: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_end: Option<f64>,
}

/// Makes a row of a finding in a unit that had `base` before it; `offset` tells where a byte of the unit stood in the input.
pub fn row<'a>(
    path: &'a str,
    f: &Finding,
    place: &'a Place,
    base: &Base,
    offset: &dyn Fn(usize) -> u64,
    rules: &'a RuleSet,
) -> Row<'a> {
    let bytes = |s: Span| (offset(s.start), offset(s.end));
    let column = |line: u64, column: u64| if line == 0 { base.column + column + 1 } else { column + 1 };
    let (byte_start, byte_end) = bytes(f.span);
    let piece = |p: &'a Piece| {
        let (byte_start, byte_end) = bytes(p.span);
        PieceRow {
            line: base.line + p.line + 1,
            column: column(p.line, p.column),
            field: p.field.as_deref(),
            start: p.start,
            end: p.end,
            byte_start,
            byte_end,
            time_start: p.time.map(|t| t.0),
            time_end: p.time.map(|t| t.1),
        }
    };
    let rule = rules.rule(f.rule);
    Row {
        path,
        line: base.line + place.line + 1,
        column: column(place.line, place.column),
        record: (base.record + place.record).saturating_sub(1),
        field: place.field.as_deref(),
        nested: place.nested.as_deref(),
        start: place.start,
        end: place.end,
        byte_start,
        byte_end,
        time_start: place.time.map(|t| t.0),
        time_end: place.time.map(|t| t.1),
        entity: &rules.entity(f.entity).name,
        category: f.category.id(),
        score: (f64::from(f.score) * 100.0).round() / 100.0,
        masked: &place.masked,
        value: place.value.as_deref(),
        rule: &rule.id,
        pieces: place.pieces.iter().map(piece).collect(),
    }
}
