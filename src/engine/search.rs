//! Values that must be nowhere, looked for in every record: in its bytes as they stand, in what they decode to, and in both as
//! they fold. See [`crate::proof::absent`] for what counts as one value.

use super::{Engine, Found, Lines, Outcome, Scratch, escapes};
use crate::detect::Hit;
use crate::detect::fold::{self, Folded};
use crate::model::place::Place;
use crate::model::record::{Record, Role, Segment, TextRef};
use crate::model::{Finding, RuleId, Span};
use crate::proof::absent::{Absent, Found as Stands, Walker, Within};
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
    layers: Vec<Folded>,
    printable: Folded,
    found: Vec<Stands>,
}

/// A text is decoded so many times: `%2540` is `%40` is `@`.
const LAYERS: usize = 6;

impl Lookup {
    /// Where values stand in `text`, as it stands and as it decodes: in order, one for each place and line of the list.
    pub fn find(&mut self, values: &Absent, text: &[u8], within: Within) -> &[Stands] {
        self.found.clear();
        self.look(values, text, within);
        let mut printable = std::mem::take(&mut self.printable);
        if escapes::printable(text, &mut printable) {
            let from = self.found.len();
            self.look(values, printable.text(), within);
            self.found[from..].iter_mut().for_each(|f| f.span = printable.back(f.span).0);
        }
        self.printable = printable;
        if self.found.len() > 1 {
            self.found.sort_by_key(|f| (f.line, f.span.start, std::cmp::Reverse(f.span.end)));
            self.found.dedup_by(|b, a| a.line == b.line && a.span.overlaps(b.span));
            self.found.sort_by_key(|f| f.span.start);
        }
        &self.found
    }

    fn look(&mut self, values: &Absent, text: &[u8], within: Within) {
        values.search(text, within, &mut self.walker, &mut self.found);
        let form = escapes::is_form(text);
        // What folding decodes and what it doesn't may be written within each other, or hide each other.
        if self.decode(values, text, within, form, true) {
            self.decode(values, text, within, form, false);
        }
    }

    /// Searches what `text` folds to and what is written in it with escapes, in turn, as long as that makes something else of it. Returns
    /// whether the first of these did, `fold` or not.
    fn decode(&mut self, values: &Absent, text: &[u8], within: Within, form: bool, fold: bool) -> bool {
        self.layers.resize_with(LAYERS, Folded::default);
        let (mut used, mut idle, mut first) = (0, 0, false);
        for turn in 0..LAYERS {
            let (below, free) = self.layers.split_at_mut(used);
            let (now, out) = (below.last().map_or(text, |l| l.text()), &mut free[0]);
            let folds = (turn % 2 == 0) == fold;
            if !(if folds { fold::fold(now, out) } else { escapes::decode(now, form, out) }) {
                idle += 1;
                // What is there without the other's turn is searched already.
                if idle == 2 || turn == 0 && !fold {
                    break;
                }
                continue;
            }
            (idle, used, first) = (0, used + 1, first || turn == 0);
            let from = self.found.len();
            values.search(self.layers[used - 1].text(), within, &mut self.walker, &mut self.found);
            for f in &mut self.found[from..] {
                f.span = self.layers[..used].iter().rev().fold(f.span, |span, layer| layer.back(span).0);
            }
        }
        first
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
    let found = lookup.find(values, &bytes[from..to], Within::Text);
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
        for f in lookup.find(values, record.text(segment, bytes), Within::Text) {
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
