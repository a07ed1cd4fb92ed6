//! One unit in, edits and findings out. Pure: no files, no clock, no threads.

mod alike;
mod beside;
mod counts;
mod edits;
mod escapes;
mod numbers;
mod outcome;
mod paths;
mod places;
mod recall;
mod seams;
mod search;

use crate::detect::fields::Verdict;
use crate::detect::plan::Plan;
use crate::detect::{Detectors, Hit, Scratch as DetectScratch, swept_with_unit};
use crate::format::Reader;
use crate::model::record::{Record, Role, Segment, TextRef};
use crate::model::{Finding, Span};
use crate::normalise::Key;
use crate::redact::policy::Operators;
use alike::Alike;
pub use beside::Beside;
pub use counts::Counts;
use edits::tidy;
pub use outcome::Outcome;
use paths::Paths;
pub use paths::without_indices;
use places::Lines;
pub use recall::Recall;
pub use search::{Folding, Listed, Lookup};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What becomes of a record that could not be handled (an internal error: nothing in the data is wrong in itself).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnError {
    /// Work stops, and what was not checked is not passed on.
    #[default]
    Stop,
    /// The record is left out; where its format needs something in its place, as with `Placeholder`.
    Drop,
    /// `<UNREADABLE_RECORD>` stands in its place.
    Placeholder,
}

/// What the engine works out besides the findings themselves.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Lines, columns, fields, masked samples.
    pub places: bool,
    /// How many findings stand in each field.
    pub fields: bool,
    /// The values themselves, in the places.
    pub values: bool,
    /// What counting takes of places, instead of them.
    pub traces: bool,
    /// Questions about what stands beside findings, answered in the places.
    pub beside: Beside,
    /// Edits, by these operators.
    pub edits: Option<Operators>,
    /// Edit keys and headers, too.
    pub rename: bool,
    /// What stands in place of a redacted JSON number; `None`: a JSON string.
    pub numbers: Option<&'static str>,
    /// What becomes of a record that could not be handled.
    pub on_error: OnError,
    /// Values that are looked for, with their places, instead of all else.
    pub listed: Option<Listed>,
}

/// Finds and plans: immutable, shared by threads.
#[derive(Debug)]
pub struct Engine {
    detectors: Arc<Detectors>,
    wanted: Wanted,
    /// Tells values apart within a run.
    run_key: Key,
}

/// A worker's buffers.
#[derive(Debug, Default)]
pub struct Scratch {
    detect: DetectScratch,
    record: Record,
    hits: Vec<Hit>,
    found: Vec<Found>,
    pieces: Vec<Span>,
    verdicts: Vec<Verdict>,
    paths: Paths,
    /// The unit at hand was swept as a whole.
    swept: bool,
    /// By segment of the record: nothing could stand in it, whatever its name says.
    still: Vec<bool>,
    /// Segments of the record that hold what somebody says.
    bodies: Vec<u32>,
    alike: Alike,
    beside: beside::Index,
    lookup: Lookup,
}

/// From how many segments of a record on it pays to sweep a unit as a whole, or from how many bytes.
const MANY: usize = 4;
const LARGE: usize = 4096;

/// Fewer bytes without anchors are not worth asking whether they hold whole records.
const STILL: usize = 24;

/// A hit with its way back to the unit.
#[derive(Debug, Clone)]
struct Found {
    segment: u32,
    hit: Hit,
    /// The first piece.
    first: Span,
    /// The others: only in joined segments.
    more: Vec<Span>,
}

impl Found {
    fn pieces(&self) -> impl Iterator<Item = Span> + '_ {
        std::iter::once(self.first).chain(self.more.iter().copied())
    }
    fn len(&self) -> usize {
        self.pieces().map(Span::len).sum()
    }
    fn overlaps(&self, other: &Found) -> bool {
        self.pieces().any(|p| other.pieces().any(|q| p.overlaps(q)))
    }
}

impl Engine {
    /// An engine; `run_key` tells values apart within a run and should be random.
    pub fn new(detectors: Arc<Detectors>, wanted: Wanted, run_key: Key) -> Engine {
        Engine { detectors, wanted, run_key }
    }

    /// The compiled rules.
    pub fn detectors(&self) -> &Arc<Detectors> {
        &self.detectors
    }

    /// What it works out.
    pub fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// Works through the unit `bytes`, whose own bytes are `core`; the rest is context.
    pub fn process(&self, bytes: &[u8], core: Span, reader: &mut dyn Reader, scratch: &mut Scratch, out: &mut Outcome) {
        out.clear();
        scratch.paths.absent = self.wanted.listed.as_ref().map(|l| l.values.clone());
        scratch.swept = !self.searches() && bytes.len() >= LARGE && self.sweep(bytes, reader, &mut scratch.detect);
        scratch.alike.unit();
        scratch.beside.unit();
        scratch.paths.unit();
        let mut lines = Lines::new(bytes, core.start);
        let mut at = core.start;
        while at < core.end {
            let pass = AssertUnwindSafe(|| self.pass(bytes, core, at, reader, scratch));
            // What panics there is looked at record by record.
            let (next, records) = catch_unwind(pass).unwrap_or((at, 0));
            out.records += records;
            at = next;
            if at >= core.end {
                break;
            }
            let places = (out.places.len(), out.traces.len());
            let before = (out.findings.len(), places, out.edits.len(), out.held.mark());
            // A panic in one record must not let it, or any other, pass unchecked. What the record left behind in the buffers
            // is cleared before they are used again.
            let one = AssertUnwindSafe(|| self.record(bytes, core, at, reader, scratch, &mut lines, out));
            at = match catch_unwind(one) {
                Ok(end) => end,
                Err(_) => {
                    out.findings.truncate(before.0);
                    out.places.truncate(before.1.0);
                    out.traces.truncate(before.1.1);
                    out.edits.truncate(before.2);
                    out.held.back(before.3);
                    let span = scratch.record.span;
                    let end = if span.start == at && span.end > at { span.end.min(core.end) } else { core.end };
                    self.unreadable(Span::new(at, end), bytes, core, scratch, out);
                    end
                }
            };
        }
        tidy(&mut out.edits);
        // Only places ask for them.
        if self.wanted.places || self.wanted.listed.is_some() {
            lines.advance(core.end);
        }
        (out.lines, out.column) = (lines.line, lines.column);
    }

    /// Whether values are looked for instead of what the detectors find.
    fn searches(&self) -> bool {
        self.wanted.listed.as_ref().is_some_and(|l| l.search)
    }

    /// Sweeps a unit as a whole. `false`: it panicked, so each record must be looked at by itself.
    fn sweep(&self, bytes: &[u8], reader: &mut dyn Reader, detect: &mut DetectScratch) -> bool {
        let sweep = AssertUnwindSafe(|| self.detectors.sweep_unit(bytes, reader.stops(), detect));
        let swept = catch_unwind(sweep).is_ok();
        if !swept && let Some(stops) = reader.stops() {
            stops.refill();
        }
        swept
    }

    /// Works through the record at `at` and returns its end.
    #[allow(clippy::too_many_arguments, reason = "the unit's parts, which live in different places")]
    fn record(
        &self,
        bytes: &[u8],
        core: Span,
        at: usize,
        reader: &mut dyn Reader,
        scratch: &mut Scratch,
        lines: &mut Lines<'_>,
        out: &mut Outcome,
    ) -> usize {
        let end = reader.read(bytes, core, at, &mut scratch.record).clamp(at + 1, core.end);
        out.records += u64::from(scratch.record.starts) + scratch.record.also.len() as u64;
        out.headings += u64::from(scratch.record.headings);
        out.odd += u64::from(scratch.record.odd);
        out.unopened += u64::from(scratch.record.unopened);
        if let Some(listed) = self.wanted.listed.as_ref().filter(|l| l.search) {
            self.search(listed, bytes, core, scratch, lines, out);
            self.hold_ends(bytes, core, scratch, out);
            return end;
        }
        self.find(bytes, scratch);
        let asked = !self.wanted.beside.is_empty();
        if asked {
            self.wanted.beside.index(&scratch.record, bytes, &mut scratch.beside);
        }
        if self.wanted.fields {
            self.count_fields(core, scratch, out);
        }
        if self.detectors.recalls().is_some() {
            self.hold(bytes, scratch, out);
        }
        let Scratch { record, found, paths, beside, .. } = scratch;
        for f in found.iter() {
            let later = record.also.iter().filter(|start| **start > f.first.start).count() as u64;
            let place = self.take(f, bytes, core, record, later, paths, lines, out);
            if asked && place != Finding::NO_PLACE {
                out.beside(place, self.wanted.beside.of(record, told_by(record, f), beside));
            }
        }
        end
    }

    /// Passes over the records from `at` on in which nothing can be found: where the first of the others begins, and how many they are.
    fn pass(
        &self,
        bytes: &[u8],
        core: Span,
        at: usize,
        reader: &mut dyn Reader,
        scratch: &mut Scratch,
    ) -> (usize, u64) {
        let Scratch { detect, alike, swept, .. } = scratch;
        if !*swept || core.end < bytes.len() || self.searches() {
            return (at, 0);
        }
        let still = Span::new(at, self.detectors.still_until(at, detect).min(core.end));
        if still.len() < STILL {
            return (at, 0);
        }
        let silent = |layout| alike.plan(layout).is_some_and(Plan::is_silent);
        // Names that are found again may be said in any record.
        let names = self.detectors.recalls().is_some();
        reader.pass(bytes, still, if names { None } else { Some(&silent) })
    }

    /// Fills `scratch.found` with what the record holds, in order.
    fn find(&self, bytes: &[u8], scratch: &mut Scratch) {
        if scratch.record.layout > 0 && self.find_alike(bytes, scratch) {
            return;
        }
        let Scratch { detect, record, hits, found, pieces, verdicts, swept, still, .. } = scratch;
        found.clear();
        let many = record.segments.len() >= MANY || *swept;
        if many && !std::mem::replace(swept, true) {
            self.detectors.sweep_unit(bytes, None, detect);
        }
        let as_it_stands = |s: &Segment| many && s.text == TextRef::Raw && apart(bytes, s.raw.start);
        still.clear();
        still.extend(record.segments.iter().map(|s| as_it_stands(s) && !self.detectors.stirs(bytes, s.raw, detect)));
        if still.iter().all(|still| *still) && !self.detectors.names_find(record, detect) {
            return;
        }
        self.detectors.judge(bytes, record, still, detect, verdicts);
        let mut joined = false;
        for (i, segment) in record.segments.iter().enumerate() {
            let verdict = &verdicts[i];
            // A number is nothing by itself: only under a name that says so.
            if segment.role == Role::Opened || segment.role == Role::Number && verdict.hint.is_none() {
                continue;
            }
            hits.clear();
            let text = record.text(segment, bytes);
            let mut stands = None;
            if as_it_stands(segment) {
                stands = swept_with_unit(text, verdict).then_some(segment.raw);
                if verdict.whole.is_none() && stands.is_some() && still[i] {
                    continue;
                }
            }
            self.detectors.find_value(text, stands, verdict, detect, hits);
            for hit in hits.iter_mut() {
                if segment.role == Role::Number {
                    hit.span = Span::new(0, text.len());
                }
                record.raw_pieces(segment, hit.span, pieces);
                let Some(&first) = pieces.first() else { continue };
                if segment.role == Role::Joined {
                    if pieces.len() < 2 {
                        continue;
                    }
                    joined = true;
                }
                found.push(Found { segment: i as u32, hit: *hit, first, more: pieces[1..].to_vec() });
                if segment.role == Role::Number {
                    break;
                }
            }
        }
        if joined {
            settle(found, record);
        }
        found.sort_by_key(|f| f.first);
    }

    /// Counts the findings of a record that begin in the unit's own bytes by field.
    fn count_fields(&self, core: Span, scratch: &mut Scratch, out: &mut Outcome) {
        let (Scratch { record, found, paths, .. }, Outcome { fields, indices, .. }) = (scratch, out);
        for f in found.iter().filter(|f| (core.start..core.end).contains(&f.first.start)) {
            let i = f.segment as usize;
            if let Some(node) = outer(record, i).node {
                let field = paths.field(record, i, node, &self.detectors, fields, indices);
                fields.add(field.number);
            }
        }
    }

    /// Adds the finding, its place and its edits; `later`: records that are read together with its own and begin behind it. The number of
    /// the place.
    #[allow(clippy::too_many_arguments, reason = "the unit's parts, which live in different places")]
    fn take(
        &self,
        f: &Found,
        bytes: &[u8],
        core: Span,
        record: &Record,
        later: u64,
        paths: &mut Paths,
        lines: &mut Lines<'_>,
        out: &mut Outcome,
    ) -> u32 {
        let segment = &record.segments[f.segment as usize];
        let rules = self.detectors.rules();
        let entity = rules.entity(f.hit.entity);
        let mut place = Finding::NO_PLACE;
        // What begins in the context before belongs to the last unit, what begins after the core to the next.
        if (core.start..core.end).contains(&f.first.start) {
            if self.wanted.traces {
                place = out.traces.len() as u32;
                let trace = self.trace(f, bytes, record, out.records - later, paths, out);
                out.traces.push(trace);
            } else if self.wanted.places {
                place = out.places.len() as u32;
                let p = self.place(f, bytes, record, paths, lines, out.records - later);
                out.places.push(p);
            }
            out.findings.push(Finding {
                entity: f.hit.entity,
                category: entity.category,
                span: f.first,
                score: f.hit.score,
                rule: f.hit.rule,
                place,
            });
        }
        if let Some(operators) = &self.wanted.edits
            && (segment.role != Role::Key || self.wanted.rename)
        {
            self.edit(operators, f, bytes, core, record, out);
        }
        place
    }
}

/// Whether a text that begins at `at` has the unit's anchors: see `Sweep::cut`. No anchor begins with a space.
fn apart(bytes: &[u8], at: usize) -> bool {
    at == 0
        || !(bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'.')
        || matches!(bytes.get(at), Some(b' ' | b'\t'))
}

/// Between a finding in a joined segment and those in its parts, the one with the better evidence stays; in one class of
/// evidence (tenths of a score, see `detect::resolve`) the longer.
fn settle(found: &mut Vec<Found>, record: &Record) {
    let (joined, mut single): (Vec<Found>, Vec<Found>) =
        found.drain(..).partition(|f| record.segments[f.segment as usize].role == Role::Joined);
    let rank = |f: &Found| ((f.hit.score * 10.0 + 0.5) as u8, f.len());
    let mut kept: Vec<Found> = Vec::new();
    for j in joined {
        let beaten = single.iter().chain(&kept).any(|s| s.overlaps(&j) && rank(s) >= rank(&j));
        if !beaten {
            single.retain(|s| !s.overlaps(&j));
            kept.retain(|s| !s.overlaps(&j));
            kept.push(j);
        }
    }
    found.extend(single);
    found.extend(kept);
}

/// The segment, other than a joined one, that a piece stands in.
fn owner(record: &Record, piece: Span) -> Option<&Segment> {
    record.segments.iter().find(|s| s.role != Role::Joined && s.raw.covers(piece))
}

/// Segment `i`, or the opened string that it is part of.
fn outer(record: &Record, i: usize) -> &Segment {
    let segment = &record.segments[i];
    segment.opened.map_or(segment, |o| &record.segments[o as usize])
}

/// The number of the segment in which a finding begins.
fn told_by(record: &Record, f: &Found) -> usize {
    let own = f.segment as usize;
    let joined = record.segments[own].role == Role::Joined;
    let begins = |s: &Segment| s.role != Role::Joined && s.raw.covers(f.first);
    joined.then(|| record.segments.iter().position(begins)).flatten().unwrap_or(own)
}

#[cfg(test)]
mod tests;
