//! Values that must be nowhere, looked for in every record: in its bytes as they stand, in what they decode to, and in both as
//! they fold. See [`crate::proof::absent`] for what counts as one value.

use super::{Engine, Found, Lines, Outcome, Scratch};
use crate::detect::Hit;
use crate::detect::fold::{self, Folded};
use crate::model::place::Place;
use crate::model::record::{Record, Role, Segment, TextRef};
use crate::model::{Finding, RuleId, Span};
use crate::proof::absent::{Absent, Found as Stands, Walker};
use crate::report::masked::masked;
use std::sync::Arc;

/// Values that are masked wherever names and keys are shown, and looked for instead of what the detectors find.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Whether they are looked for; else they are only masked.
    pub search: bool,
    /// The values.
    pub values: Arc<Absent>,
    /// The rule that findings name: see [`crate::patterns::RuleSet::listed`].
    pub rule: RuleId,
}

/// Folds values as texts are folded; reused from value to value.
#[derive(Debug, Default)]
pub struct Folding(Folded);

impl Folding {
    /// `text` as it folds.
    pub fn of<'a>(&'a mut self, text: &'a [u8]) -> &'a [u8] {
        if fold::fold(text, &mut self.0) { self.0.text() } else { text }
    }
}

/// Looks values up in texts; reused from text to text.
#[derive(Debug, Default)]
pub struct Lookup {
    walker: Walker,
    folded: Folded,
    found: Vec<Stands>,
}

impl Lookup {
    /// Where values stand in `text`, as it stands and as it folds: in order, one for each place and line of the list.
    pub fn find(&mut self, values: &Absent, text: &[u8]) -> &[Stands] {
        self.found.clear();
        values.search(text, &mut self.walker, &mut self.found);
        let plain = self.found.len();
        if fold::fold(text, &mut self.folded) {
            values.search(self.folded.text(), &mut self.walker, &mut self.found);
            for f in &mut self.found[plain..] {
                f.span = self.folded.back(f.span).0;
            }
        }
        if self.found.len() > 1 {
            self.found.sort_by_key(|f| (f.line, f.span.start, std::cmp::Reverse(f.span.end)));
            self.found.dedup_by(|b, a| a.line == b.line && a.span.overlaps(b.span));
            self.found.sort_by_key(|f| f.span.start);
        }
        &self.found
    }
}

/// One of the values, with its way back to the unit. `text`: bytes of the segment's text.
#[derive(Debug)]
struct Met {
    line: u32,
    segment: Option<u32>,
    text: Span,
    first: Span,
    more: Vec<Span>,
}

impl Met {
    fn overlaps(&self, other: &Met) -> bool {
        let pieces = |m: &Met| std::iter::once(m.first).chain(m.more.clone()).collect::<Vec<_>>();
        pieces(self).iter().any(|p| pieces(other).iter().any(|q| p.overlaps(*q)))
    }
}

impl Engine {
    /// Adds the places in the record at hand where values stand.
    pub(super) fn search(
        &self,
        listed: &Listed,
        bytes: &[u8],
        core: Span,
        scratch: &mut Scratch,
        lines: &mut Lines<'_>,
        out: &mut Outcome,
    ) {
        let Scratch { record, lookup, paths, pieces, .. } = scratch;
        let mut met = as_they_stand(&listed.values, bytes, core, record, lookup);
        if record.layout == 0 || record.decoded {
            decoded(&listed.values, bytes, record, lookup, pieces, &mut met);
        }
        if met.is_empty() {
            return;
        }
        met.sort_by_key(|m| (m.first.start, std::cmp::Reverse(m.first.end)));
        let mut kept: Vec<Met> = Vec::new();
        for m in met {
            // By several ways one comes to the same place.
            if !kept.iter().rev().take(64).any(|k| k.line == m.line && k.overlaps(&m)) {
                kept.push(m);
            }
        }
        let rules = self.detectors.rules();
        let entity = rules.rule(listed.rule).entity;
        let category = rules.entity(entity).category;
        for m in kept.into_iter().filter(|m| (core.start..core.end).contains(&m.first.start)) {
            let later = record.also.iter().filter(|start| **start > m.first.start).count() as u64;
            let place = match m.segment {
                Some(segment) => {
                    let hit = Hit { entity, rule: listed.rule, span: m.text, score: 1.0, wrap: None };
                    let found = Found { segment, hit, first: m.first, more: m.more };
                    self.place(&found, bytes, record, paths, lines, out.records - later)
                }
                None => {
                    lines.advance(m.first.start);
                    let masked = masked(&rules.entity(entity).name, category, &bytes[m.first.range()]);
                    let (line, column) = (lines.line, lines.column);
                    let end = String::from_utf8_lossy(&bytes[m.first.range()]).chars().count() as u64;
                    Place { line, column, end, record: out.records - later, masked, ..Place::default() }
                }
            };
            out.findings.push(Finding {
                entity,
                category,
                span: m.first,
                score: 1.0,
                rule: listed.rule,
                place: out.places.len() as u32,
            });
            out.places.push(Place { listed: Some(m.line), ..place });
        }
    }
}

/// What stands in the record's bytes, in segments or between them. Of a part of a long record the context is seen, too.
fn as_they_stand(values: &Absent, bytes: &[u8], core: Span, record: &Record, lookup: &mut Lookup) -> Vec<Met> {
    let from = if record.starts || record.span.start > core.start { record.span.start } else { 0 };
    let to = if record.span.end == core.end { bytes.len() } else { record.span.end };
    let found = lookup.find(values, &bytes[from..to]);
    let one = |f: &Stands| {
        let first = f.span.shifted(from);
        let holds = |s: &&Segment| s.role != Role::Joined && s.raw.covers(first);
        let segment = record.segments.iter().rev().position(|s| holds(&s)).map(|i| record.segments.len() - 1 - i);
        let text = segment.map(|i| {
            let s = &record.segments[i];
            let len = record.text(s, bytes).len();
            let at = |raw| record.text_offset(s, raw).min(len);
            Span::new(at(first.start), at(first.end).max(at(first.start)))
        });
        Met {
            line: f.line,
            segment: segment.map(|i| i as u32),
            text: text.unwrap_or_default(),
            first,
            more: Vec::new(),
        }
    };
    found.iter().map(one).collect()
}

/// What stands in texts that had to be decoded or joined.
fn decoded(
    values: &Absent,
    bytes: &[u8],
    record: &Record,
    lookup: &mut Lookup,
    pieces: &mut Vec<Span>,
    met: &mut Vec<Met>,
) {
    for (i, segment) in record.segments.iter().enumerate().filter(|(_, s)| s.text != TextRef::Raw) {
        for f in lookup.find(values, record.text(segment, bytes)) {
            record.raw_pieces(segment, f.span, pieces);
            let Some(&first) = pieces.first() else { continue };
            // Of what is joined only what goes over a join is new.
            if segment.role == Role::Joined && pieces.len() < 2 {
                continue;
            }
            met.push(Met { line: f.line, segment: Some(i as u32), text: f.span, first, more: pieces[1..].to_vec() });
        }
    }
}
