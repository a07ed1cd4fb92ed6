//! Groups of cues that are built alike: with or without an id, settings, a speaker. Their records have the same nodes and
//! segments, so only where these stand is filled in.

use super::block::Dialect;
use super::payload;
use super::simple::{self, Simple};
use crate::model::Span;
use crate::model::record::{Mark, Record, TextRef};

/// The shapes of a unit's groups.
#[derive(Default)]
pub(super) struct Shapes {
    list: Vec<Shape>,
    /// Whose record the caller holds, from 1; 0: their own.
    lent: usize,
}

struct Shape {
    code: u32,
    record: Record,
    mark: Mark,
}

/// One cue by itself, or two: behind one that ends as if a number went on, one of the same speaker with which it doesn't.
pub(super) struct Few {
    first: Simple,
    second: Option<Simple>,
}

impl Few {
    /// Reads the group at `at`, if it is one of simple cues.
    pub fn read(bytes: &[u8], at: usize, dialect: Dialect) -> Option<Few> {
        let first = simple::read(bytes, at, dialect)?;
        if !first.said.goes_on(bytes) || first.span.end == bytes.len() {
            return Some(Few { first, second: None });
        }
        let second = simple::read(bytes, first.span.end, dialect)?;
        let text = &bytes[first.said.text.range()];
        // Few shapes: what is worked out for each of them is kept.
        let ends = first.speaker().is_some() == second.speaker().is_some()
            && first.settings.or(second.settings).is_none()
            && second.said.continues(bytes, first.said.name(bytes))
            && !second.said.begins_on(bytes, text)
            && !second.said.goes_on(bytes);
        ends.then_some(Few { first, second: Some(second) })
    }

    fn cues(&self) -> impl Iterator<Item = &Simple> {
        std::iter::once(&self.first).chain(&self.second)
    }

    /// The same for groups that are built alike.
    fn code(&self) -> u32 {
        self.cues().flat_map(Simple::plain).fold(1, |code, part| code << 1 | u32::from(part.is_some()))
    }

    fn span(&self) -> Span {
        Span::new(self.first.span.start, self.cues().last().map_or(0, |c| c.span.end))
    }
}

impl Simple {
    /// What stands before what is said, where it does.
    fn plain(&self) -> [Option<Span>; 3] {
        [self.id, self.settings, self.speaker()]
    }

    /// The speaker's name, if there is anything of it.
    fn speaker(&self) -> Option<Span> {
        self.said.speaker.filter(|s| !s.is_empty())
    }
}

impl Shapes {
    /// Fills `record` with `group`, if its shape is known; returns its end. If not, `record` is the caller's own.
    pub fn fill(&mut self, bytes: &[u8], group: &Few, record: &mut Record) -> Option<usize> {
        let code = group.code();
        let shape = self.list.iter().position(|s| s.code == code);
        self.lend(shape.map_or(0, |i| i + 1), record);
        record.again(self.list[shape?].mark);
        record.span = group.span();
        record.also.clear();
        record.also.extend(group.second.iter().map(|c| c.span.start));
        let mut at = 0;
        for cue in group.cues() {
            for span in cue.plain().into_iter().flatten() {
                (record.segments[at].raw, record.segments[at].time) = (span, Some(cue.time));
                at += 1;
            }
            let (raw, text) = payload::decode(bytes, &cue.said, record);
            record.decoded |= text != TextRef::Raw;
            let segment = &mut record.segments[at];
            (segment.raw, segment.text, segment.time) = (raw, text, Some(cue.time));
            at += 1;
        }
        Some(record.span.end)
    }

    /// Puts the record of a shape into the caller's hands, and theirs away; 0: their own.
    pub fn lend(&mut self, to: usize, record: &mut Record) {
        if self.lent == to {
            return;
        }
        for n in [self.lent, to] {
            if let Some(shape) = n.checked_sub(1).and_then(|i| self.list.get_mut(i)) {
                std::mem::swap(record, &mut shape.record);
            }
        }
        self.lent = to;
    }

    /// Keeps the shape of a group, which `record` was read from.
    pub fn learn(&mut self, group: &Few, record: &Record) {
        let mut shape = Shape { code: group.code(), record: record.clone(), mark: record.mark() };
        shape.record.layout = self.list.len() as u32 + 1;
        self.list.push(shape);
    }
}
