//! One unit in, edits and findings out. Pure: no files, no clock, no threads.

mod alike;
mod beside;
mod counts;
mod escapes;
mod numbers;
mod paths;
mod recall;
mod seams;
mod search;

use crate::detect::fields::Verdict;
use crate::detect::plan::Plan;
use crate::detect::{Detectors, Hit, Scratch as DetectScratch};
use crate::format::Reader;
use crate::model::place::{Piece, Place, Text, Trace};
use crate::model::record::{Record, Role, Segment, TextRef};
use crate::model::{Finding, Layer, Span};
use crate::normalise::{Key, canonical};
use crate::redact::operators::{Applied, Value};
use crate::redact::policy::Operators;
use crate::redact::{Edit, Replacement, rewrite};
use crate::report::masked::masked;
use alike::Alike;
pub use beside::Beside;
pub use counts::Counts;
use paths::Paths;
pub use paths::without_indices;
use recall::Held;
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
    /// Records that could not be handled. With [`OnError::Stop`] nothing of such a unit may be passed on.
    pub failed: u64,
    /// Line ends in the core, where places are wanted.
    pub lines: u64,
    /// Code points after the last line end in the core, where places are wanted.
    pub column: u64,
    /// What the records declare and say, for [`Engine::recall`].
    held: Held,
    /// So many edits are in order; those behind are being added.
    settled: usize,
}

impl Outcome {
    /// Keeps `bytes`.
    fn kept(&mut self, bytes: &[u8]) -> Span {
        let start = self.arena.len();
        self.arena.extend_from_slice(bytes);
        Span::new(start, self.arena.len())
    }

    /// Keeps `bytes` for an edit.
    fn keep(&mut self, bytes: &[u8]) -> Replacement {
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
    fn beside(&mut self, place: u32, beside: u64) {
        let i = place as usize;
        self.places.get_mut(i).into_iter().for_each(|p| p.beside = beside);
        self.traces.get_mut(i).into_iter().for_each(|t| t.beside = beside);
    }

    fn clear(&mut self) {
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
        // Names that are found again may be said in any record.
        let names = self.detectors.recalls().is_some();
        let silent = |layout| !names && alike.plan(layout).is_some_and(Plan::is_silent);
        reader.pass(bytes, still, &silent)
    }

    /// Replaces a record that could not be handled.
    fn unreadable(&self, span: Span, bytes: &[u8], core: Span, scratch: &Scratch, out: &mut Outcome) {
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
                // Ids are dismissed whatever the text around says, but not against their field's name.
                stands = verdict.hint.is_none().then_some(segment.raw);
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

    fn edit(&self, operators: &Operators, f: &Found, bytes: &[u8], core: Span, record: &Record, out: &mut Outcome) {
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

    fn trace(
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

    fn place(
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

/// Whether `span` is all of the segment's `text`, but for spaces around it.
fn is_whole(segment: &Segment, text: &[u8], span: Span) -> bool {
    let blank = |of: &[u8]| of.iter().all(u8::is_ascii_whitespace);
    segment.node.is_some() && blank(&text[..span.start]) && blank(&text[span.end..])
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
fn tidy(edits: &mut Vec<Edit>) {
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

/// Code points; a byte that is no UTF-8 and no continuation counts as one.
fn code_points(text: &[u8]) -> u64 {
    text.iter().filter(|b| **b & 0xC0 != 0x80).count() as u64
}

/// Counts lines and columns on the way through a unit.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
    column: u64,
    /// The segment that code points were last counted in, up to which of its bytes, and how many there are.
    counted: (Span, usize, u64),
}

impl<'a> Lines<'a> {
    fn new(bytes: &'a [u8], at: usize) -> Self {
        Lines { bytes, at, line: 0, column: 0, counted: (Span::default(), 0, 0) }
    }

    fn advance(&mut self, to: usize) {
        if to > self.at {
            (self.line, self.column) = self.ahead(to);
            self.at = to;
        }
    }

    /// The code points before `to` in the `text` of the segment at `raw`. Goes on from where it was last asked: a segment may
    /// hold a million findings.
    fn points(&mut self, raw: Span, text: &[u8], to: usize) -> u64 {
        let (last, at, points) = self.counted;
        let (at, points) = if last == raw && at <= to { (at, points) } else { (0, 0) };
        let points = points + code_points(&text[at..to]);
        self.counted = (raw, to, points);
        points
    }

    /// What `advance` would count, without going there.
    fn ahead(&self, to: usize) -> (u64, u64) {
        let between = &self.bytes[self.at.min(to)..to];
        match memchr::memrchr(b'\n', between) {
            Some(i) => (self.line + memchr::memchr_iter(b'\n', between).count() as u64, code_points(&between[i + 1..])),
            None => (self.line, self.column + code_points(between)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Options;
    use crate::model::Layers;
    use crate::patterns::RuleSet;
    use crate::redact::policy::Policy;

    /// Lines of comma-separated bare cells; a line with `boom` is a bug.
    struct Cells;
    impl Reader for Cells {
        fn read(&mut self, bytes: &[u8], core: Span, at: usize, record: &mut Record) -> usize {
            let end = memchr::memchr(b'\n', &bytes[at..core.end]).map_or(core.end, |i| at + i + 1);
            record.clear(Span::new(at, end));
            let line = &bytes[at..end];
            assert!(!line.starts_with(b"boom"), "a bug");
            let mut start = at;
            for cell in line.trim_ascii_end().split(|b| *b == b',') {
                let mut s = Segment::plain(Span::new(start, start + cell.len()), Role::Text);
                s.layers = Layers::one(Layer::CsvBare(b','));
                record.segments.push(s);
                start += cell.len() + 1;
            }
            end
        }
    }

    fn redacted(text: &str, core: Span, op: &str, on_error: OnError) -> (String, Outcome) {
        let rules = Arc::new(RuleSet::builtin());
        let mut policy = Policy::named("default").unwrap();
        policy.set(op).unwrap();
        let edits = Some(policy.operators(&rules, None).unwrap());
        let detectors = Arc::new(Detectors::new(rules, &Options::default()).unwrap());
        let engine =
            Engine::new(detectors, Wanted { edits, on_error, places: true, ..Wanted::default() }, Key::new(*b"k"));
        let mut outcome = Outcome::default();
        engine.process(text.as_bytes(), core, &mut Cells, &mut Scratch::default(), &mut outcome);
        let (mut out, mut at) = (String::new(), core.start);
        for e in &outcome.edits {
            assert!(at <= e.span.start && e.span.end <= core.end, "{e:?}");
            out.push_str(&text[at..e.span.start]);
            let Replacement::Text(s) = e.with else { panic!("no tokens here") };
            out.push_str(std::str::from_utf8(&outcome.arena[s.range()]).unwrap());
            at = e.span.end;
        }
        out.push_str(&text[at..core.end]);
        (out, outcome)
    }

    fn all(text: &str) -> Span {
        Span::new(0, text.len())
    }

    #[test]
    fn a_bare_field_is_quoted_when_its_replacement_needs_it() {
        let text = "5\" x ana@example.com and bob@example.com,y\n";
        let (out, _) = redacted(text, all(text), "contact=replace:a,\"b", OnError::Stop);
        assert_eq!(out, "\"5\"\" x a,\"\"b and a,\"\"b\",y\n");
        let (out, _) = redacted(text, all(text), "contact=replace", OnError::Stop);
        assert_eq!(out, "5\" x <EMAIL_ADDRESS> and <EMAIL_ADDRESS>,y\n");
    }

    /// A part of a long line: sees its context on both sides.
    struct Part;
    impl Reader for Part {
        fn read(&mut self, bytes: &[u8], core: Span, at: usize, record: &mut Record) -> usize {
            record.clear(Span::new(at, core.end));
            record.starts = core.start == 0;
            record.segments.push(Segment::plain(Span::new(0, bytes.len()), Role::Text));
            core.end
        }
    }

    #[test]
    fn what_crosses_a_units_edge_is_written_once() {
        let text = "to ana@example.com now";
        let detectors = Arc::new(Detectors::new(Arc::new(RuleSet::builtin()), &Options::default()).unwrap());
        let edits = Some(Policy::named("default").unwrap().operators(detectors.rules(), None).unwrap());
        let engine = Engine::new(detectors, Wanted { edits, ..Wanted::default() }, Key::new(*b"k"));
        let mut out = Outcome::default();
        let scratch = &mut Scratch::default();
        engine.process(text.as_bytes(), Span::new(0, 8), &mut Part, scratch, &mut out);
        assert_eq!((out.findings.len(), out.records, out.edits[0].span), (1, 1, Span::new(3, 8)));
        assert_ne!(out.edits[0].with, Replacement::Text(Span::default()));
        engine.process(text.as_bytes(), Span::new(8, text.len()), &mut Part, scratch, &mut out);
        assert_eq!((out.findings.len(), out.records, out.edits[0].span), (0, 0, Span::new(8, 18)));
        assert_eq!(out.edits[0].with, Replacement::Text(Span::default()));
    }

    #[test]
    fn a_record_that_fails_is_never_passed_on() {
        let text = "ana@example.com\nboom bob@example.com\nx\n";
        let (out, o) = redacted(text, all(text), "contact=replace", OnError::Placeholder);
        assert_eq!((out.as_str(), o.failed), ("<EMAIL_ADDRESS>\n<UNREADABLE_RECORD>\nx\n", 1));
        let (out, _) = redacted(text, all(text), "contact=replace", OnError::Drop);
        assert_eq!(out, "<EMAIL_ADDRESS>\nx\n");
    }

    #[test]
    fn lines_and_columns() {
        let text = "a,b\nü ana@example.com,bob@example.org\n";
        let (_, o) = redacted(text, all(text), "contact=replace", OnError::Stop);
        let at: Vec<_> = o.places.iter().map(|p| (p.line, p.column, p.record, p.start, p.end)).collect();
        assert_eq!(at, [(1, 2, 2, 2, 17), (1, 18, 2, 0, 15)]);
        assert_eq!((o.lines, o.column, o.records), (2, 0, 2));
    }
}
