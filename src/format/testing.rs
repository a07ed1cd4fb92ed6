//! For the tests of formats: an input cut and read as the pipeline does it.

use super::{Cut, Format, Head, Settings};
use crate::model::Span;
use crate::model::record::{Record, Role, Step};

/// A record as it was read: offsets count in the input.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Read {
    pub span: Span,
    pub starts: bool,
    /// How many records it counts as.
    pub records: usize,
    pub segments: Vec<Piece>,
}

/// A segment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Piece {
    pub raw: Span,
    pub role: Role,
    pub field: String,
    pub text: String,
    pub time: Option<(f64, f64)>,
}

/// Reads `input`, of which the stream is shown `step` more bytes at a time.
pub(crate) fn read(format: &dyn Format, input: &[u8], max_record: usize, step: usize) -> Vec<Read> {
    let head = Head { bytes: input, whole: true, name: "" };
    let mut stream = format.stream(&head, &Settings { max_record, ..Settings::default() });
    let (mut base, mut context, mut shown) = (0, 0, 0);
    let mut out = Vec::new();
    let mut record = Record::default();
    while base + context < input.len() {
        shown = shown.max(base + context + 1).min(input.len());
        let window = &input[base..shown];
        let mut unit = match stream.cut(window, shown == input.len()) {
            Cut::Unit(unit) => unit,
            Cut::More => {
                assert!(shown < input.len(), "more is asked for at the end");
                shown = (shown + step).min(input.len());
                continue;
            }
        };
        assert!(unit.end > context && unit.end <= unit.until && unit.until <= window.len(), "a unit moves on");
        let (bytes, core) = (&window[..unit.until], Span::new(context, unit.end));
        let mut at = core.start;
        while at < core.end {
            let end = unit.reader.read(bytes, core, at, &mut record);
            assert!(end > at && end <= core.end, "records lie in the core, {at}..{end}");
            assert_eq!(record.span, Span::new(at, end));
            out.push(seen(&record, bytes, base));
            at = end;
        }
        base += unit.end - unit.keep;
        context = unit.keep;
    }
    out
}

fn seen(record: &Record, bytes: &[u8], base: usize) -> Read {
    let segments = record.segments.iter().map(|s| Piece {
        raw: s.raw.shifted(base),
        role: s.role,
        field: s.node.map(|n| field(record, n)).unwrap_or_default(),
        text: String::from_utf8_lossy(record.text(s, bytes)).into_owned(),
        time: s.time,
    });
    let records = usize::from(record.starts) + record.also.len();
    Read { span: record.span.shifted(base), starts: record.starts, records, segments: segments.collect() }
}

fn field(record: &Record, node: crate::model::record::NodeId) -> String {
    match record.at(node).step {
        Step::Column(name, n) => format!("{}#{n}", String::from_utf8_lossy(record.interned(name))),
        _ => String::from_utf8_lossy(record.field_name(node).unwrap_or_default()).into_owned(),
    }
}

/// Reads `input` whole, and checks that it is read alike however it arrives.
pub(crate) fn read_alike(format: &dyn Format, input: &[u8], max_record: usize) -> Vec<Read> {
    let whole = read(format, input, max_record, input.len());
    for step in [1, 2, 7, 64] {
        assert_eq!(read(format, input, max_record, step), whole, "in steps of {step}");
    }
    covers(&whole, input);
    whole
}

/// Checks that records follow each other and cover everything.
pub(crate) fn covers(records: &[Read], input: &[u8]) {
    let mut at = 0;
    for r in records {
        assert_eq!(r.span.start, at, "no gap");
        at = r.span.end;
    }
    assert_eq!(at, input.len(), "to the end");
}

/// What has been read, a line a record: `Role field text | …`.
pub(crate) fn show(records: &[Read]) -> Vec<String> {
    let line = |r: &Read| {
        let pieces: Vec<String> = r.segments.iter().map(|s| format!("{:?} {} {}", s.role, s.field, s.text)).collect();
        format!("{}{}", if r.starts { "" } else { "+ " }, pieces.join(" | "))
    };
    records.iter().map(line).collect()
}
