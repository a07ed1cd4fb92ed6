//! Where findings stand: lines, columns, fields.

use super::paths::Paths;
use super::{Engine, Found, Outcome, outer, owner, told_by};
use crate::model::Span;
use crate::model::place::{Piece, Place, Text, Trace};
use crate::model::record::{Record, Role, Segment, TextRef};
use crate::report::masked::masked;

impl Engine {
    /// Where a finding stands, as far as counting asks.
    pub(super) fn trace(
        &self,
        f: &Found,
        bytes: &[u8],
        record: &Record,
        number: u64,
        paths: &mut Paths,
        out: &mut Outcome,
    ) -> Trace {
        let segment = &record.segments[f.segment as usize];
        let text = record.text(segment, bytes);
        let value = match segment.text {
            TextRef::Raw => Text::Unit(f.hit.span.shifted(segment.raw.start)),
            TextRef::Decoded { .. } => Text::Kept(out.kept(&text[f.hit.span.range()])),
        };
        let i = told_by(record, f);
        let node = outer(record, i).node;
        let field = node.map(|n| paths.field(record, i, n, &self.detectors, &mut out.fields, &mut out.indices));
        Trace {
            record: number,
            field: field.map(|f| f.number),
            indices: field.map_or(Span::default(), |f| f.indices),
            value,
            whole: is_whole(segment, text, f.hit.span),
            beside: 0,
        }
    }

    /// Where a finding stands.
    pub(super) fn place(
        &self,
        f: &Found,
        bytes: &[u8],
        record: &Record,
        paths: &mut Paths,
        lines: &mut Lines<'_>,
        records: u64,
    ) -> Place {
        let entity = self.detectors.rules().entity(f.hit.entity);
        let joined = &record.segments[f.segment as usize];
        let text = record.text(joined, bytes);
        let value = &text[f.hit.span.range()];
        let mut place = Place {
            record: records,
            whole: is_whole(joined, text, f.hit.span),
            masked: masked(&entity.name, entity.category, value),
            value: self.wanted.values.then(|| String::from_utf8_lossy(value).into_owned()),
            ..Place::default()
        };
        for (n, span) in f.pieces().enumerate() {
            let segment = if joined.role == Role::Joined { owner(record, span).unwrap_or(joined) } else { joined };
            if n == 0 {
                lines.advance(span.start);
            }
            let (line, column) = if n == 0 { (lines.line, lines.column) } else { lines.ahead(span.start) };
            // Offsets count in the outermost string where one holds JSON.
            let outer = segment.opened.map_or(segment, |o| &record.segments[o as usize]);
            let text = record.text(outer, bytes);
            let mut count = |raw| lines.points(outer.raw, text, record.text_offset(outer, raw).min(text.len()));
            let (start, end) = (count(span.start), count(span.end));
            let field = outer.node.map(|n| paths.of_layout(record.layout, record, n, &self.detectors));
            if n == 0 {
                (place.line, place.column, place.start, place.end) = (line, column, start, end);
                place.field = field.clone();
                place.time = segment.time;
                if let (Some(_), Some(node)) = (segment.opened, segment.node) {
                    place.nested = Some(paths.shown(record, node, outer.node, &self.detectors));
                }
            }
            if !f.more.is_empty() {
                place.pieces.push(Piece { line, column, field, start, end, span, time: segment.time });
            }
        }
        place
    }
}

/// Whether `span` is all of the segment's `text`, but for spaces around it.
fn is_whole(segment: &Segment, text: &[u8], span: Span) -> bool {
    let blank = |of: &[u8]| of.iter().all(u8::is_ascii_whitespace);
    segment.node.is_some() && blank(&text[..span.start]) && blank(&text[span.end..])
}

/// Code points; a byte that is no UTF-8 and no continuation counts as one.
fn code_points(text: &[u8]) -> u64 {
    text.iter().filter(|b| **b & 0xC0 != 0x80).count() as u64
}

/// Counts lines and columns on the way through a unit.
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    pub line: u64,
    pub column: u64,
    /// The segment that code points were last counted in, up to which of its bytes, and how many there are.
    counted: (Span, usize, u64),
}

impl<'a> Lines<'a> {
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Lines { bytes, at, line: 0, column: 0, counted: (Span::default(), 0, 0) }
    }

    pub fn advance(&mut self, to: usize) {
        if to > self.at {
            (self.line, self.column) = self.ahead(to);
            self.at = to;
        }
    }

    /// The code points before `to` in the `text` of the segment at `raw`. Goes on from where it was last asked: a segment may
    /// hold a million findings.
    pub fn points(&mut self, raw: Span, text: &[u8], to: usize) -> u64 {
        let (last, at, points) = self.counted;
        let (at, points) = if last == raw && at <= to { (at, points) } else { (0, 0) };
        let points = points + code_points(&text[at..to]);
        self.counted = (raw, to, points);
        points
    }

    /// What `advance` would count, without going there.
    pub fn ahead(&self, to: usize) -> (u64, u64) {
        let between = &self.bytes[self.at.min(to)..to];
        match memchr::memrchr(b'\n', between) {
            Some(i) => (self.line + memchr::memchr_iter(b'\n', between).count() as u64, code_points(&between[i + 1..])),
            None => (self.line, self.column + code_points(between)),
        }
    }
}
