//! What is written in place of findings, and of records that could not be handled.

use super::{Engine, Found, OnError, Outcome, Scratch, owner};
use crate::model::record::{Record, Role, Segment};
use crate::model::{Layer, Span};
use crate::normalise::canonical;
use crate::redact::operators::{Applied, Value};
use crate::redact::policy::Operators;
use crate::redact::{Edit, Replacement, rewrite};

impl Engine {
    /// Replaces a record that could not be handled.
    pub(super) fn unreadable(&self, span: Span, bytes: &[u8], core: Span, scratch: &Scratch, out: &mut Outcome) {
        out.failed += 1;
        let json = scratch
            .record
            .segments
            .iter()
            .any(|s| s.layers.iter().any(|l| matches!(l, Layer::JsonString | Layer::JsonValue)));
        let whole = bytes[span.range()].trim_ascii_end().len() < span.len() && span.end <= core.end;
        // The line's end stays: it parts this record from the next.
        let to = if whole { span.start + bytes[span.range()].trim_ascii_end().len() } else { span.end };
        let with = match (self.wanted.on_error, json) {
            (OnError::Drop, false) => {
                Edit { span, with: Replacement::Text(Span::default()), record: out.records as u32 }
            }
            (_, true) => Edit {
                span: Span::new(span.start, to),
                with: out.keep(b"\"<UNREADABLE_RECORD>\""),
                record: out.records as u32,
            },
            (_, false) => Edit {
                span: Span::new(span.start, to),
                with: out.keep(b"<UNREADABLE_RECORD>"),
                record: out.records as u32,
            },
        };
        out.edits.push(with);
    }

    /// Plans what stands in place of a finding.
    pub(super) fn edit(
        &self,
        operators: &Operators,
        f: &Found,
        bytes: &[u8],
        core: Span,
        record: &Record,
        out: &mut Outcome,
    ) {
        let segment = &record.segments[f.segment as usize];
        let name = &self.detectors.rules().entity(f.hit.entity).name;
        let text = &record.text(segment, bytes)[f.hit.span.range()];
        let canonical = || canonical(name, &crate::detect::folded(text));
        let value = Value { entity: name, text, canonical: &canonical };
        let mut plain = Vec::new();
        let applied = operators.of(f.hit.entity).apply(&value, &mut plain);
        if applied == Applied::Kept {
            return;
        }
        for piece in f.pieces() {
            let owner = if segment.role == Role::Joined { owner(record, piece).unwrap_or(segment) } else { segment };
            let layers = f.hit.wrap.and_then(|w| owner.layers.around(w)).unwrap_or(owner.layers);
            let clipped = Span::new(piece.start.max(core.start), piece.end.min(core.end));
            if clipped.is_empty() {
                continue;
            }
            let with = if piece.start < core.start {
                Replacement::Text(Span::default()) // the last unit has written it
            } else if let (Role::Number, Some(text)) = (segment.role, self.wanted.numbers) {
                out.keep(text.as_bytes())
            } else if applied == Applied::Numbered {
                Replacement::Token { entity: f.hit.entity, value: self.run_key.fingerprint(name, &canonical()), layers }
            } else {
                let mut encoded = Vec::new();
                if rewrite::encode(&plain, layers, &mut encoded) {
                    quote_field(owner, core, bytes, out);
                }
                out.keep(&encoded)
            };
            out.edits.push(Edit { span: clipped, with, record: out.records as u32 });
        }
    }
}

/// Quotes the bare CSV field `segment`: a quote before and after, those within doubled.
fn quote_field(segment: &Segment, core: Span, bytes: &[u8], out: &mut Outcome) {
    if !segment.layers.iter().any(|l| matches!(l, Layer::CsvBare(_))) {
        return;
    }
    let (start, end) = (segment.raw.start.max(core.start), segment.raw.end.min(core.end));
    let record = out.records as u32;
    let (settled, added) = out.edits.split_at(out.settled);
    let before = settled.partition_point(|e| e.span.start < start);
    let quoted = |e: &Edit| e.span == Span::new(start, start);
    if settled.get(before).is_some_and(quoted) || added.iter().rev().take_while(|e| e.record == record).any(quoted) {
        return; // another finding has quoted it
    }
    let quote = out.keep(b"\"");
    out.edits.push(Edit { span: Span::new(start, start), with: quote, record });
    out.edits.push(Edit { span: Span::new(end, end), with: quote, record });
    let doubled = out.keep(b"\"\"");
    for i in memchr::memchr_iter(b'"', &bytes[start..end]) {
        out.edits.push(Edit { span: Span::new(start + i, start + i + 1), with: doubled, record });
    }
}

/// Brings edits into order. Where two overlap (a doubled quote within a value), the first stands and what the other covers
/// beyond it goes: nothing that any edit covers may stay.
pub(super) fn tidy(edits: &mut Vec<Edit>) {
    edits.sort_by_key(|e| (e.span.start, e.span.end));
    let mut end = 0;
    edits.retain_mut(|e| {
        if e.span.start < end {
            if e.span.end <= end {
                return false;
            }
            *e = Edit { span: Span::new(end, e.span.end), with: Replacement::Text(Span::default()), ..*e };
        }
        end = e.span.end;
        true
    });
}
