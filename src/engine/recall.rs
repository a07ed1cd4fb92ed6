//! Names that the input has declared, found again in what its records say: see [`crate::detect::roster`].
//!
//! Which names are known at a record depends on all records before it, and units are worked on in any order. So a worker only
//! keeps what a record declares and what it says ([`Held`]), and the ordered side recalls ([`Engine::recall`]) before a unit passes
//! on: the same for any number of threads and any way in which reads arrive.

use super::paths::Paths;
use super::seams::Seams;
use super::{Engine, Found, Lines, Outcome, Scratch, tidy};
use crate::detect::Hit;
use crate::detect::Match;
use crate::detect::roster::Roster;
use crate::model::Span;
use crate::model::record::{NodeId, Record, Role, Segment};

/// What the records of a unit declare and say.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// What they say: segments of all of them.
    said: Record,
    /// By segment: its record's number in the unit, how many that are read together with it begin behind, and what stands beside it.
    numbers: Vec<(u64, u64, u64)>,
    /// Names, and how many segments stand before the record that declares them, or before the first of those that it was held with.
    declared: Vec<(usize, Span)>,
    /// How many stand before the last of such first ones.
    first: usize,
    names: Vec<u8>,
    /// By layout and segment: the node of such segments, the same for all records that are built alike.
    nodes: Vec<((u32, u32), Option<NodeId>)>,
}

/// How much is held.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark(usize, usize);

impl Held {
    pub(super) fn clear(&mut self) {
        self.said.clear(Span::default());
        self.numbers.clear();
        self.declared.clear();
        self.names.clear();
        self.nodes.clear();
        self.first = 0;
    }

    /// The texts.
    pub(super) fn said(&self) -> &Record {
        &self.said
    }

    /// Adds a text, with the nodes above it if they are asked for.
    pub(super) fn keep(&mut self, record: &Record, segment: &Segment, nodes: bool) {
        self.said.adopt(record, segment, nodes, &mut None);
    }

    /// Says of the last text who speaks, the number of its record and how many that are read together with it begin behind, and `more`.
    pub(super) fn tell(&mut self, speaker: &[u8], number: u64, later: u64, more: u64) {
        self.numbers.resize(self.said.segments.len(), (number, later, more));
        if !speaker.is_empty() {
            let start = self.names.len();
            self.names.extend_from_slice(speaker);
            self.declared.push((self.said.segments.len() - 1, Span::new(start, self.names.len())));
        }
    }

    /// Who speaks in text `i`, and whether it is not the rest of the one before.
    pub(super) fn told(&self, i: usize) -> (&[u8], bool) {
        let at = self.declared.partition_point(|d| d.0 < i);
        let name = self.declared.get(at).filter(|d| d.0 == i).map_or(&[][..], |d| &self.names[d.1.range()]);
        (name, self.numbers[i].2 == 0)
    }

    /// The number of the record in which text `i` stands.
    pub(super) fn number(&self, i: usize) -> u64 {
        self.numbers[i].0 - self.numbers[i].1
    }

    pub(super) fn mark(&self) -> Mark {
        Mark(self.said.segments.len(), self.declared.len())
    }

    /// Forgets what a record that could not be handled has left.
    pub(super) fn back(&mut self, to: Mark) {
        self.said.segments.truncate(to.0);
        self.numbers.resize(self.said.segments.len(), (0, 0, 0));
        self.declared.truncate(to.1);
    }
}

/// What the ordered side knows of an input so far.
#[derive(Debug, Default)]
pub struct Recall {
    roster: Roster,
    paths: Paths,
    matches: Vec<Match>,
    pieces: Vec<Span>,
    seams: Seams,
}

impl Engine {
    /// Keeps what the record at hand declares and says.
    pub(super) fn hold(&self, bytes: &[u8], scratch: &mut Scratch, out: &mut Outcome) {
        let Scratch { detect, record, found, bodies, alike, beside, .. } = scratch;
        let held = &mut out.held;
        if !record.held {
            held.first = held.said.segments.len();
        }
        for f in found.iter().filter(|f| self.detectors.declares(f.hit.rule)) {
            let name = &record.text(&record.segments[f.segment as usize], bytes)[f.hit.span.range()];
            let start = held.names.len();
            held.names.extend_from_slice(name);
            held.declared.push((held.first, Span::new(start, held.names.len())));
        }
        let planned = alike.plan(record.layout).filter(|plan| !plan.is_void());
        let bodies = match planned {
            Some(plan) => plan.bodies(),
            None => {
                bodies.clear();
                self.detectors.bodies(record, detect, bodies);
                bodies
            }
        };
        let nodes = self.wanted.places || self.wanted.traces || self.wanted.fields;
        let mut around = None;
        for &i in bodies {
            let segment = &record.segments[i as usize];
            let place = (record.layout, i);
            let alike = held.nodes.iter().find(|n| record.layout > 0 && n.0 == place).map(|n| n.1);
            held.said.adopt(record, segment, nodes && alike.is_none(), &mut around);
            let own = &mut held.said.segments[..];
            match (own.last_mut(), alike) {
                (Some(own), Some(node)) => own.node = node,
                (Some(own), None) if nodes && record.layout > 0 => held.nodes.push((place, own.node)),
                _ => {}
            }
            let later = record.also.iter().filter(|start| **start > segment.raw.start).count() as u64;
            let said = &self.wanted.beside;
            let beside = if said.is_empty() { 0 } else { said.of(record, i as usize, beside) };
            held.numbers.resize(held.said.segments.len(), (out.records, later, beside));
        }
    }

    /// Adds to `out`, what came of the unit `bytes`, the names that are known from the records before. To be called for all
    /// units of an input, in order.
    pub fn recall(&self, bytes: &[u8], core: Span, known: &mut Recall, out: &mut Outcome) {
        if let Some(listed) = self.wanted.listed.as_ref().filter(|l| l.search) {
            self.seams(listed, bytes, core, &mut known.seams, out);
            return;
        }
        let Some((rule, score)) = self.detectors.recalls() else { return };
        known.paths.unit();
        known.paths.absent = self.wanted.listed.as_ref().map(|l| l.values.clone());
        let held = std::mem::take(&mut out.held);
        let records = out.records;
        let entity = self.detectors.rules().rule(rule).entity;
        let (mut lines, mut declared) = (Lines::new(bytes, core.start), held.declared.iter().peekable());
        let (findings, edits) = (out.findings.len(), out.edits.len());
        out.settled = edits;
        for (i, segment) in held.said.segments.iter().enumerate() {
            let text = held.said.text(segment, bytes);
            let mut begun = core.start;
            known.matches.clear();
            // What crosses the edge before the unit was found with the names that were known there.
            if segment.raw.start < core.start && !known.roster.is_empty() {
                known.roster.find(text, score, &mut known.matches);
                known.matches.retain(|m| {
                    let raw = held.said.raw_span(segment, m.span);
                    let crosses = raw.start < core.start && raw.end > core.start;
                    begun = if crosses { raw.end } else { begun };
                    crosses
                });
            }
            while let Some((_, name)) = declared.next_if(|(at, _)| *at <= i) {
                known.roster.declare(&held.names[name.range()]);
            }
            if known.roster.is_empty() || segment.role == Role::Opened {
                continue;
            }
            let crossing = known.matches.len();
            known.roster.find(text, score, &mut known.matches);
            let (number, later, beside) = held.numbers[i];
            out.records = number;
            for n in 0..known.matches.len() {
                let m = known.matches[n];
                held.said.raw_pieces(segment, m.span, &mut known.pieces);
                let Some(&first) = known.pieces.first() else { continue };
                let doubled = n >= crossing && first.start < begun;
                if doubled || m.score < self.detectors.min_score() || self.detectors.allows(&text[m.span.range()]) {
                    continue;
                }
                let hit = Hit { entity, rule, span: m.span, score: m.score, wrap: None };
                let f = Found { segment: i as u32, hit, first, more: known.pieces[1..].to_vec() };
                if taken(&f, out, findings, edits) {
                    continue;
                }
                let place = self.take(&f, bytes, core, &held.said, later, &mut known.paths, &mut lines, out);
                out.beside(place, beside);
                if let Some(node) = segment.node.filter(|_| self.wanted.fields && first.start >= core.start) {
                    let Outcome { fields, indices, .. } = out;
                    let field = known.paths.field(&held.said, i, node, &self.detectors, fields, indices);
                    fields.add(field.number);
                }
            }
        }
        declared.for_each(|(_, name)| known.roster.declare(&held.names[name.range()]));
        (out.records, out.held) = (records, held);
        if out.findings.len() > findings {
            out.findings.sort_by_key(|f| f.span);
        }
        if out.edits.len() > edits {
            tidy(&mut out.edits);
        }
    }
}

/// Whether one of the unit's own findings, of which there are so many, or an edit of one stands where the name does.
fn taken(f: &Found, out: &Outcome, findings: usize, edits: usize) -> bool {
    let (findings, edits) = (&out.findings[..findings], &out.edits[..edits]);
    f.pieces().any(|p| {
        let first = findings.partition_point(|other| other.span.start < p.end);
        let found = findings[..first].iter().rev().take(BEFORE).any(|other| other.span.overlaps(p));
        let first = edits.partition_point(|e| e.span.start < p.end);
        found || edits[..first].iter().rev().take(BEFORE).any(|e| e.span.overlaps(p))
    })
}

/// Findings do not overlap, but pieces of one may lie between those of another: so many are looked at before a place.
const BEFORE: usize = 4;
