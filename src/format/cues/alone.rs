//! Cues that stand alone, which nearly all do. They are built alike: with or without an id, settings, a speaker.

use super::block::Dialect;
use super::simple::{self, Simple};
use super::{Group, add_said, add_segment, payload};
use crate::format::shapes::Shapes;
use crate::model::record::{Record, TextRef};
use crate::model::{Span, Stops};

/// Simple cues that stand alone: what one of them says does not go on in another. Those whose number may go on until others have come are
/// found out in groups.
#[derive(Default)]
pub(super) struct Alone {
    /// A group of them, and which of them was given last.
    cues: Vec<Simple>,
    last: usize,
    /// Where a group begins that is none.
    no: Option<usize>,
}

impl Alone {
    /// Which cue of the group that was read last begins at `at`.
    #[inline(always)]
    pub fn known(&self, at: usize) -> Option<usize> {
        (self.last..self.last + 2).find(|i| self.cues.get(*i).is_some_and(|c| c.span.start == at))
    }

    /// The cue at `at`, where a group begins or, within one of these, a cue; `None`: its group must be read as a whole.
    #[inline(always)]
    pub fn cue(&mut self, bytes: &[u8], at: usize, dialect: Dialect, stops: &Stops) -> Option<Simple> {
        if let Some(i) = self.known(at) {
            self.last = i;
            return Some(self.cues[i]);
        }
        let one = simple::at_once(bytes, at, dialect, stops).filter(|cue| !cue.goes_on(bytes));
        one.or_else(|| {
            if self.no == Some(at) {
                return None;
            }
            self.cues.clear();
            self.last = 0;
            if !self.group(bytes, at, dialect, stops) {
                self.no = Some(at);
                self.cues.clear();
            }
            self.cues.first().copied()
        })
    }

    /// Reads the group at `at`; `false`: it isn't one of such cues.
    fn group(&mut self, bytes: &[u8], at: usize, dialect: Dialect, stops: &Stops) -> bool {
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
}

impl Simple {
    /// What stands before what is said, where it does.
    #[inline(always)]
    fn parts(&self) -> [Option<Span>; 3] {
        [self.id, self.settings, self.said.speaker.filter(|s| !s.is_empty())]
    }

    /// The same for cues that are built alike.
    #[inline(always)]
    pub fn code(&self) -> u8 {
        self.parts().into_iter().fold(0, |code, part| code << 1 | u8::from(part.is_some()))
    }

    /// What is said: see [`payload::decode`].
    fn decode(&self, bytes: &[u8], record: &mut Record) -> (Span, TextRef) {
        self.plain.map_or_else(|| payload::decode(bytes, &self.said, record), |plain| (plain, TextRef::Raw))
    }
}

/// Fills `record` with `cue`; returns its end.
pub(super) fn fill(bytes: &[u8], cue: &Simple, shapes: &mut Shapes<u8>, record: &mut Record) -> usize {
    let code = cue.code();
    if shapes.take(&code, record) {
        again(bytes, cue, record);
    } else {
        build(bytes, cue, record);
        shapes.learn(code, record);
    }
    cue.span.end
}

/// Fills `record`, which has the shape of `cue`.
fn again(bytes: &[u8], cue: &Simple, record: &mut Record) {
    record.span = cue.span;
    let time = Some(cue.time.seconds());
    let mut at = 0;
    for span in cue.parts().into_iter().flatten() {
        (record.segments[at].raw, record.segments[at].time) = (span, time);
        at += 1;
    }
    let (raw, text) = cue.decode(bytes, record);
    record.decoded |= text != TextRef::Raw;
    let segment = &mut record.segments[at];
    (segment.raw, segment.text, segment.time) = (raw, text, time);
}

/// Reads `cue` into `record` as any block is.
fn build(bytes: &[u8], cue: &Simple, record: &mut Record) {
    record.clear(cue.span);
    let time = cue.time.seconds();
    let plain = cue.id.map(|id| (id, "id")).into_iter().chain(cue.settings.map(|s| (s, "settings")));
    plain.for_each(|(span, part)| add_segment(span, part, Some(time), record));
    add_said(bytes, &cue.said, time, record);
}
