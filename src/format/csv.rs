//! CSV and TSV: a record is a row, its segments are the cells.
//!
//! The delimiter is what divides the first line; whether that line is a header is decided from it, and from the second
//! row where it leaves that open. A row that is too long is taken in parts, between two cells where it can be.

mod cells;
mod header;

use super::json::emit;
use super::json::layout::may_hold_json;
use super::json::pointer::Pointers;
use super::shapes::Shapes;
use super::{CONTEXT, Cut, Format, Guess, Head, Reader, Settings, Stream, Unit, part_end};
use crate::model::record::{Record, Role, Segment, Step, TextRef};
use crate::model::{Layer, Layers, Span};
use cells::{Cell, Look, Seen, Text};
use std::sync::Arc;

/// Cells between commas, semicolons, bars or tabs.
#[derive(Debug)]
pub struct Csv;

/// Cells between tabs.
#[derive(Debug)]
pub struct Tsv;

impl Format for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }
    fn about(&self) -> &'static str {
        "CSV (, ; | or tab; quoted fields, with a header or none): a record is a row"
    }
    fn guess(&self, head: &Head<'_>) -> Guess {
        match header::recognise(head) {
            header::Table::Is(b'\t') => Guess::No,
            header::Table::Is(_) => Guess::Yes,
            header::Table::No if head.name.ends_with(".csv") => Guess::Yes,
            header::Table::No => Guess::No,
            header::Table::Wait => Guess::Wait,
        }
    }
    fn stream(&self, _: &Head<'_>, settings: &Settings) -> Box<dyn Stream> {
        Box::new(Rows::new(None, settings.max_record))
    }
}

impl Format for Tsv {
    fn name(&self) -> &'static str {
        "tsv"
    }
    fn about(&self) -> &'static str {
        "TSV (tabs between fields, with a header or none): a record is a row"
    }
    fn guess(&self, head: &Head<'_>) -> Guess {
        match header::recognise(head) {
            header::Table::Is(b'\t') => Guess::Yes,
            header::Table::No if head.name.ends_with(".tsv") || head.name.ends_with(".tab") => Guess::Yes,
            header::Table::Wait => Guess::Wait,
            _ => Guess::No,
        }
    }
    fn stream(&self, _: &Head<'_>, settings: &Settings) -> Box<dyn Stream> {
        Box::new(Rows::new(Some(b'\t'), settings.max_record))
    }
}

/// What all rows share.
#[derive(Debug, Default)]
struct Table {
    delimiter: u8,
    /// The header's cells, decoded; empty: there is no header.
    names: Vec<Vec<u8>>,
}

struct Rows {
    max: usize,
    /// The delimiter that was asked for.
    delimiter: Option<u8>,
    /// `None` until the first rows have told.
    table: Option<Arc<Table>>,
    /// The length of Excel's `sep=;` line, until it has gone.
    lead: usize,
    /// The next row that isn't empty is the header.
    header: bool,
    /// Where in a row the next unit begins; `None`: at its start.
    within: Option<Within>,
    /// Bytes at the window's start that belong to the last unit.
    context: usize,
    /// How far the next unit's first row has been looked at.
    open: Open,
}

/// Where in a row a unit begins.
#[derive(Debug, Clone, Copy)]
struct Within {
    /// The cell's number.
    column: u32,
    /// In a bare cell; else at a cell's start.
    cell: bool,
}

/// A row's last cell so far: from the unit's start.
#[derive(Debug, Clone, Copy, Default)]
struct Open {
    cell: usize,
    column: u32,
    seen: Seen,
}

/// How a row, or its next part, ends.
enum RowEnd {
    /// The row ends.
    Row(usize),
    /// The part ends between two cells, before that with this number.
    Between(usize, u32),
    /// The part ends within a bare cell with this number.
    Inside(usize, u32),
    More,
}

impl Rows {
    fn new(delimiter: Option<u8>, max: usize) -> Rows {
        Rows {
            max: max.max(1),
            delimiter,
            table: None,
            lead: 0,
            header: false,
            within: None,
            context: 0,
            open: Open::default(),
        }
    }

    /// The delimiter and the header; `None`: there isn't enough yet.
    fn learn(&mut self, window: &[u8], last: bool) -> Option<Arc<Table>> {
        if self.table.is_none() {
            let (delimiter, lead) = header::delimiter(window, last, self.delimiter)?;
            let names = header::names(&Text { bytes: window, last, delimiter }, lead, self.max)?;
            (self.lead, self.header) = (lead, !names.is_empty());
            self.table = Some(Arc::new(Table { delimiter, names }));
        }
        self.table.clone()
    }

    /// Where the row at `start`, or the part of it that begins there, ends.
    fn row(&self, text: &Text<'_>, start: usize, open: &mut Open) -> RowEnd {
        let limit = start + self.max;
        let cell = self.within.is_some_and(|w| w.cell);
        loop {
            let at = start + open.cell;
            let look = if cell && open.cell == 0 {
                text.bare(at, limit, &mut open.seen)
            } else {
                text.cell(at, limit, open.cell == 0, &mut open.seen)
            };
            match look {
                Look::Cell(c) if text.goes_on(c.end) => {
                    *open = Open { cell: c.end + 1 - start, column: open.column + 1, seen: Seen::default() };
                }
                Look::Cell(c) => return text.line_end(c.end).map_or(RowEnd::More, |n| RowEnd::Row(c.end + n)),
                Look::More => return RowEnd::More,
                Look::Beyond if open.cell > 0 => return RowEnd::Between(at, open.column),
                Look::Beyond if !text.last && text.bytes.len() < limit + CONTEXT => return RowEnd::More,
                Look::Beyond => return RowEnd::Inside(part_end(text.bytes, limit).max(start + 1), open.column),
            }
        }
    }

    /// A unit that is a part of a row.
    fn part(&mut self, window: &[u8], end: &RowEnd, table: Arc<Table>) -> Cut {
        let (end, within) = match *end {
            RowEnd::Row(end) => (end, None),
            RowEnd::Between(end, column) => (end, Some(Within { column, cell: false })),
            RowEnd::Inside(end, column) => (end, Some(Within { column, cell: true })),
            RowEnd::More => return Cut::More,
        };
        let open = within.is_some_and(|w| w.cell);
        let until = if open { window.len().min(end + CONTEXT) } else { end };
        let keep = if open { end - part_end(window, end.saturating_sub(CONTEXT)) } else { 0 };
        let part = Part { begins: self.within, open };
        (self.within, self.context) = (within, keep);
        self.open = Open { column: within.map_or(0, |w| w.column), ..Open::default() };
        let reader = RowReader::new(table, self.max, Kind::Part(part));
        Cut::Unit(Unit { end, until, keep, reader: Box::new(reader) })
    }

    /// A unit of whole rows, or a part of a row.
    fn rows(&mut self, window: &[u8], last: bool, table: Arc<Table>) -> Cut {
        let text = Text { bytes: window, last, delimiter: table.delimiter };
        let mut open = self.open;
        let mut end = 0;
        while end < window.len() {
            match self.row(&text, end, &mut open) {
                RowEnd::Row(e) => (end, open) = (e, Open::default()),
                RowEnd::More => break,
                part if end == 0 => return self.part(window, &part, table),
                // Rows before a part go first.
                _ => {
                    open = Open::default();
                    break;
                }
            }
        }
        self.open = open;
        if end == 0 {
            return Cut::More;
        }
        let kind = if std::mem::take(&mut self.header) { Kind::Header } else { Kind::Rows };
        let reader = RowReader::new(table, self.max, kind);
        Cut::Unit(Unit { end, until: end, keep: 0, reader: Box::new(reader) })
    }
}

impl Stream for Rows {
    fn cut(&mut self, window: &[u8], last: bool) -> Cut {
        let Some(table) = self.learn(window, last) else { return Cut::More };
        if self.lead > 0 {
            let end = std::mem::take(&mut self.lead);
            let reader = Box::new(RowReader::new(table, self.max, Kind::Lead));
            return Cut::Unit(Unit { end, until: end, keep: 0, reader });
        }
        if self.within.is_none() {
            return self.rows(window, last, table);
        }
        let text = Text { bytes: window, last, delimiter: table.delimiter };
        let mut open = self.open;
        let end = self.row(&text, self.context, &mut open);
        self.open = open;
        self.part(window, &end, table)
    }
}

/// What a unit holds.
enum Kind {
    Rows,
    /// Rows, the first one that isn't empty being the header.
    Header,
    Part(Part),
    /// The line that gives the delimiter.
    Lead,
}

/// A part of a row.
#[derive(Clone, Copy)]
struct Part {
    /// `None`: at the row's start.
    begins: Option<Within>,
    /// It ends within a bare cell.
    open: bool,
}

struct RowReader {
    table: Arc<Table>,
    max: usize,
    kind: Kind,
    /// By which columns have a cell that isn't empty, the first in the lowest bit.
    shapes: Shapes<u64>,
    /// Those of the row at hand, and their columns.
    row: Vec<(Cell, u32)>,
}

/// Shapes that are kept for a unit's rows.
const SHAPES: usize = 64;

impl Reader for RowReader {
    fn read(&mut self, bytes: &[u8], core: Span, at: usize, record: &mut Record) -> usize {
        if let Kind::Rows = self.kind
            && let Some(end) = self.plain(&bytes[..core.end], at, record)
        {
            return end;
        }
        self.shapes.own(record);
        record.clear(Span::new(at, core.end));
        let end = match self.kind {
            Kind::Lead => {
                record.starts = false;
                core.end
            }
            Kind::Part(part) => self.part(bytes, core, part, record),
            Kind::Header => {
                let end = self.cells(bytes, core.end, at, None, Role::Key, record);
                if record.starts {
                    record.headings = 1;
                    self.kind = Kind::Rows;
                }
                end
            }
            Kind::Rows => self.cells(bytes, core.end, at, None, Role::Value, record),
        };
        record.span.end = end;
        end
    }
}

impl RowReader {
    fn new(table: Arc<Table>, max: usize, kind: Kind) -> RowReader {
        RowReader { table, max, kind, shapes: Shapes::default(), row: Vec::new() }
    }

    /// Reads the row at `start` if it is one of those of which many are built alike: none of its cells may hold JSON. Returns its end.
    fn plain(&mut self, bytes: &[u8], start: usize, record: &mut Record) -> Option<usize> {
        // What stands in a cell behind a dot could go on from it, as the unit is swept.
        if self.table.delimiter == b'.' {
            return None;
        }
        let text = Text { bytes, last: true, delimiter: self.table.delimiter };
        let (mut at, mut column, mut code) = (start, 0, 0);
        self.row.clear();
        let end = loop {
            let Look::Cell(cell) = text.cell(at, start + self.max, at == start, &mut Seen::default()) else {
                return None;
            };
            if let Some(&first) = bytes[cell.text.range()].first() {
                // What begins as a quoted cell and is none may be JSON that does not end.
                if column >= u64::BITS || may_hold_json(&bytes[cell.text.range()]) || !cell.quoted && first == b'"' {
                    return None;
                }
                code |= 1 << column;
                self.row.push((cell, column));
            }
            if !text.goes_on(cell.end) {
                break cell.end + text.line_end(cell.end).unwrap_or(0);
            }
            (at, column) = (cell.end + 1, column + 1);
        };
        if self.row.is_empty() {
            return None;
        }
        if self.shapes.take(&code, record) {
            for (i, (cell, _)) in self.row.iter().enumerate() {
                record.segments[i].layers = self.layers(cell);
                fill(record, i, bytes, cell);
            }
        } else {
            record.clear(Span::new(start, end));
            for (cell, column) in &self.row {
                self.segment(bytes, *cell, *column, Role::Value, record);
            }
            if self.shapes.len() < SHAPES {
                self.shapes.learn(code, record);
            }
        }
        record.span = Span::new(start, end);
        Some(end)
    }

    fn layers(&self, cell: &Cell) -> Layers {
        Layers::one(if cell.quoted { Layer::CsvQuoted } else { Layer::CsvBare(self.table.delimiter) })
    }

    /// The cells of a row, or of a part that ends where a cell ends; returns the end of it.
    fn cells(
        &self,
        bytes: &[u8],
        to: usize,
        start: usize,
        begins: Option<Within>,
        role: Role,
        record: &mut Record,
    ) -> usize {
        let text = Text { bytes: &bytes[..to], last: true, delimiter: self.table.delimiter };
        let (mut at, mut column) = (start, begins.map_or(0, |w| w.column));
        let mut seen = Seen::default();
        record.starts = begins.is_none();
        while at < to {
            let in_cell = at == start && begins.is_some_and(|w| w.cell);
            let limit = start + self.max;
            let look =
                if in_cell { text.bare(at, limit, &mut seen) } else { text.cell(at, limit, at == start, &mut seen) };
            let cell = match look {
                Look::Cell(cell) => cell,
                // Not reached: the stream has seen where this ends.
                _ => Cell { text: Span::new(at, to), quoted: false, backslash: false, end: to },
            };
            // What came before of a cell in parts is its context.
            let from = if in_cell { 0 } else { cell.text.start };
            self.segment(bytes, Cell { text: Span::new(from, cell.text.end), ..cell }, column, role, record);
            if !text.goes_on(cell.end) {
                // An empty line is no row.
                record.starts &= cell.end > start;
                return cell.end + text.line_end(cell.end).unwrap_or(0);
            }
            (at, column, seen) = (cell.end + 1, column + 1, Seen::default());
        }
        to
    }

    fn part(&self, bytes: &[u8], core: Span, part: Part, record: &mut Record) -> usize {
        if !part.open {
            return self.cells(bytes, core.end, core.start, part.begins, Role::Value, record);
        }
        let in_cell = part.begins.is_some_and(|w| w.cell);
        let from = if in_cell { 0 } else { core.start };
        let after = &bytes[core.end..];
        let to = memchr::memchr3(self.table.delimiter, b'\n', b'\r', after).map_or(bytes.len(), |i| core.end + i);
        let cell = Cell { text: Span::new(from, to), quoted: false, backslash: false, end: to };
        record.starts = part.begins.is_none();
        self.segment(bytes, cell, part.begins.map_or(0, |w| w.column), Role::Value, record);
        core.end
    }

    fn segment(&self, bytes: &[u8], cell: Cell, column: u32, role: Role, record: &mut Record) {
        if cell.text.is_empty() {
            return;
        }
        let mut segment = Segment::plain(cell.text, role);
        let name = self.table.names.get(column as usize).map_or(Span::default(), |n| record.intern(n));
        segment.node = Some(record.node(None, Step::Column(name, column)));
        segment.layers = self.layers(&cell);
        record.segments.push(segment);
        fill(record, record.segments.len() - 1, bytes, &cell);
        // The quoted cell that this is the beginning of is too long, or it does not end.
        let shut = !cell.quoted && matches!(bytes[cell.text.range()], [b'"', b'{' | b'[', b'"' | b'{' | b'\\', ..]);
        record.unopened |= shut;
        emit::open(record, record.segments.len() - 1, bytes, &Pointers::default());
    }
}

/// Says of a segment where it stands, which is in `cell`.
fn fill(record: &mut Record, segment: usize, bytes: &[u8], cell: &Cell) {
    let mut text = TextRef::Raw;
    if cell.quoted && memchr::memchr2(b'"', b'\\', &bytes[cell.text.range()]).is_some() {
        let mut decoding = record.decode();
        cell.pieces(bytes, |raw, of| {
            if raw == of {
                decoding.copy(raw.start, &bytes[raw.range()]);
            } else {
                decoding.escape(raw, &bytes[of.range()]);
            }
        });
        text = decoding.finish();
        record.decoded = true;
    }
    (record.segments[segment].raw, record.segments[segment].text) = (cell.text, text);
}

#[cfg(test)]
mod tests;
