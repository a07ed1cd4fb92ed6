//! Groups of cues that are built alike: with or without an id, settings, a speaker. Their records have the same nodes and
//! segments, so only where these stand is filled in.

use super::block::Dialect;
use super::simple::{self, Simple};
use super::{Group, add_said, add_segment, payload};
use crate::model::record::{Mark, Record, TextRef};
use crate::model::{Span, Stops};

/// Shapes that are kept for a unit's groups of several cues; single ones have few.
const MOST: usize = 48;

/// The shapes of a unit's groups.
#[derive(Default)]
pub(super) struct Shapes {
    list: Vec<Shape>,
    /// Whose record the caller holds, from 1; 0: their own.
    lent: usize,
}

struct Shape {
    code: u64,
    record: Record,
    mark: Mark,
}

/// A group of simple cues of which none goes on with what another says.
#[derive(Default)]
pub(super) struct Alone {
    cues: Vec<Simple>,
}

impl Alone {
    /// Reads the group at `at`; `false`: it isn't such a one.
    pub fn read(&mut self, bytes: &[u8], at: usize, dialect: Dialect, stops: &Stops) -> bool {
        self.cues.clear();
        let Some(first) = simple::read(bytes, at, dialect, stops) else { return false };
        self.cues.push(first);
        let mut end = first.span.end;
        if !first.goes_on(bytes) {
            return true;
        }
        let mut group = Group::default();
        group.add(bytes, &[first.said]);
        while end < bytes.len() {
            let Some(cue) = simple::read(bytes, end, dialect, stops) else { return false };
            if group.open.iter().any(|(o, _)| {
                cue.said.continues(bytes, o.name(bytes)) && cue.said.begins_on(bytes, &bytes[o.text.range()])
            }) {
                return false;
            }
            self.cues.push(cue);
            end = cue.span.end;
            if group.add(bytes, &[cue.said]) {
                break;
            }
        }
        true
    }

    /// The same for groups that are built alike, of which each cue has three bits.
    pub fn code(&self) -> u64 {
        code(&self.cues)
    }

    /// How many cues it has.
    pub fn count(&self) -> u64 {
        self.cues.len() as u64
    }

    /// Whether all that is said stands there as it is.
    pub fn stands(&self) -> bool {
        self.cues.iter().all(|c| c.plain.is_some())
    }

    /// From the first cue to the end of the last.
    pub fn span(&self) -> Span {
        let (first, last) = (self.cues.first(), self.cues.last());
        Span::new(first.map_or(0, |c| c.span.start), last.map_or(0, |c| c.span.end))
    }
}

/// The code of a group of these cues.
#[inline(always)]
pub(super) fn code(cues: &[Simple]) -> u64 {
    cues.iter().flat_map(Simple::parts).fold(1, |code, part| code << 1 | u64::from(part.is_some()))
}

impl Simple {
    /// What stands before what is said, where it does.
    fn parts(&self) -> [Option<Span>; 3] {
        [self.id, self.settings, self.said.speaker.filter(|s| !s.is_empty())]
    }

    /// What is said: see [`payload::decode`].
    fn decode(&self, bytes: &[u8], record: &mut Record) -> (Span, TextRef) {
        self.plain.map_or_else(|| payload::decode(bytes, &self.said, record), |plain| (plain, TextRef::Raw))
    }
}

impl Shapes {
    /// The number of the layout of groups with this code, if it is known.
    pub fn layout(&self, code: u64) -> Option<u32> {
        self.list.iter().position(|s| s.code == code).map(|i| i as u32 + 1)
    }

    /// Reads `group` into `record`; returns its end.
    pub fn read(&mut self, bytes: &[u8], group: &Alone, record: &mut Record) -> usize {
        let code = group.code();
        let shape = self.list.iter().position(|s| s.code == code);
        self.lend(shape.map_or(0, |i| i + 1), record);
        match shape {
            Some(i) => self.fill(i, bytes, group, record),
            None => {
                build(bytes, group, record);
                if group.cues.len() == 1 || self.list.len() < MOST {
                    self.learn(code, record);
                }
            }
        }
        record.span.end
    }

    /// Fills `record`, which has the shape of `group`.
    fn fill(&self, shape: usize, bytes: &[u8], group: &Alone, record: &mut Record) {
        record.again(self.list[shape].mark);
        record.span = group.span();
        record.also.clear();
        record.also.extend(group.cues[1..].iter().map(|c| c.span.start));
        let mut at = 0;
        for cue in &group.cues {
            for span in cue.parts().into_iter().flatten() {
                (record.segments[at].raw, record.segments[at].time) = (span, Some(cue.time));
                at += 1;
            }
            let (raw, text) = cue.decode(bytes, record);
            record.decoded |= text != TextRef::Raw;
            let segment = &mut record.segments[at];
            (segment.raw, segment.text, segment.time) = (raw, text, Some(cue.time));
            at += 1;
        }
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

    /// Keeps the shape of a group, which is `record`'s.
    fn learn(&mut self, code: u64, record: &Record) {
        let mut shape = Shape { code, record: record.clone(), mark: record.mark() };
        shape.record.layout = self.list.len() as u32 + 1;
        self.list.push(shape);
    }
}

/// Reads `group` into `record` as any blocks are.
fn build(bytes: &[u8], group: &Alone, record: &mut Record) {
    record.clear(group.span());
    record.also.extend(group.cues[1..].iter().map(|c| c.span.start));
    for cue in &group.cues {
        let plain = cue.id.map(|id| (id, "id")).into_iter().chain(cue.settings.map(|s| (s, "settings")));
        plain.for_each(|(span, part)| add_segment(span, part, Some(cue.time), record));
        add_said(bytes, &cue.said, cue.time, record);
    }
}
