//! Cues: what WebVTT and SRT share. A record is a block between empty lines: a cue, a note, a header.
//!
//! A number may run from one cue into the next one of the same speaker. A cue whose text ends as if it went on is held
//! until that one has come, or [`REACH`] blocks. If it does go on, they are read together, else one by one ([`alone`]).
//!
//! Cutting looks at the window's last blocks alone, for a place where nothing is held whatever came before ([`settled`]);
//! those who read the unit find its groups.

mod alone;
pub(crate) mod block;
pub(crate) mod payload;
mod settled;
mod simple;

use super::shapes::Shapes;
use super::{CONTEXT, Cut, Reader, Stream, Unit, part_end, text};
use crate::model::record::{Record, Role, Segment, Step};
use crate::model::{Layer, Layers, Span, Stops};
use alone::Alone;
use block::{Block, Dialect, End, Times};
use payload::Said;

/// The most blocks after an open one in which its number may go on.
const REACH: usize = 4;
/// The most blocks that are read together.
const TOGETHER: usize = 16;

/// Cuts a file of cues.
pub(crate) struct Cues {
    dialect: Dialect,
    max: usize,
    /// Bytes at the window's start that belong to the last unit: more than 0 within a line that is too long.
    context: usize,
}

/// A group of blocks being put together.
#[derive(Default)]
struct Group {
    blocks: usize,
    /// Speakers whose number may go on, with what they said last, and for how many blocks.
    open: Vec<(Said, usize)>,
}

impl Group {
    /// Adds a block in which this is said; `true`: the group ends with it.
    fn add(&mut self, bytes: &[u8], said: &[Said]) -> bool {
        self.blocks += 1;
        self.open.iter_mut().for_each(|o| o.1 -= 1);
        if let Some(first) = said.first() {
            self.open.retain(|o| !first.continues(bytes, o.0.name(bytes)));
        }
        if let Some(last) = said.last().filter(|s| s.goes_on(bytes)) {
            self.open.push((*last, REACH));
        }
        self.open.retain(|o| o.1 > 0);
        self.open.is_empty() || self.blocks == TOGETHER
    }

    /// Whether what stands in `block` makes no difference.
    fn passes(&self, bytes: &[u8], block: &Block) -> bool {
        self.open.is_empty() && !payload::may_go_on(&bytes[block.payload.range()])
    }
}

impl Cues {
    pub fn new(dialect: Dialect, max: usize) -> Cues {
        Cues { dialect, max: max.max(1), context: 0 }
    }

    /// Lines of a block that is too long; of a line that is too long, a part.
    fn lines(&mut self, window: &[u8], last: bool) -> Cut {
        let start = self.context;
        let limit = start + self.max;
        let within = &window[start..window.len().min(limit)];
        // The rest of a long line is a unit of its own.
        let newline = if start > 0 { memchr::memchr(b'\n', within) } else { memchr::memrchr(b'\n', within) };
        let (end, keep) = match newline.map(|i| start + i + 1) {
            Some(end) => (end, 0),
            None if last && window.len() <= limit => (window.len(), 0),
            None if !last && window.len() < limit + CONTEXT => return Cut::More,
            None => {
                let end = part_end(window, limit).max(start + 1);
                (end, end - part_end(window, end.saturating_sub(CONTEXT)))
            }
        };
        let until = if keep > 0 { window.len().min(end + CONTEXT) } else { end };
        let reader = Box::new(text::LineReader::new(start > 0));
        self.context = keep;
        Cut::Unit(Unit { end, until, keep, reader })
    }

    /// Where the last complete group of blocks in `window` ends, if one does; then whether a block follows that is too long.
    fn groups(&self, window: &[u8], last: bool) -> (Option<usize>, bool) {
        let (mut closed, mut at, mut first, mut group) = (None, 0, 0, Group::default());
        while at < window.len() {
            let limit = first + self.max;
            let end = match block::end(window, at, limit, last) {
                End::At(end) => end,
                End::More => return (closed, false),
                // What is too long is not taken whole, and closes the group before it.
                End::Beyond => return (Some(at).filter(|at| *at > 0), at == 0),
            };
            let block = block::read(window, Span::new(at, end), self.dialect);
            at = end;
            let said = if group.passes(window, &block) { Vec::new() } else { block.said(window, self.dialect) };
            if group.add(window, &said) || last && end == window.len() {
                closed = Some(at);
                (first, group) = (at, Group::default());
            }
        }
        (closed, false)
    }
}

impl Stream for Cues {
    fn cut(&mut self, window: &[u8], last: bool) -> Cut {
        if self.context > 0 {
            return self.lines(window, last);
        }
        // No group in such a unit can hold a block that is too long.
        let within = &window[..window.len().min(self.max)];
        let whole = last && within.len() == window.len();
        let settled = if whole { Some(window.len()) } else { settled::end(within, self.dialect) };
        let end = match settled.map_or_else(|| self.groups(window, last), |end| (Some(end), false)) {
            (Some(end), _) => end,
            (None, true) => return self.lines(window, last),
            (None, false) => return Cut::More,
        };
        let reader = Box::new(CueReader::new(self.dialect));
        Cut::Unit(Unit { end, until: end, keep: 0, reader })
    }
}

struct CueReader {
    dialect: Dialect,
    shapes: Shapes<u8>,
    alone: Alone,
    stops: Stops,
}

impl CueReader {
    fn new(dialect: Dialect) -> CueReader {
        CueReader { dialect, shapes: Shapes::default(), alone: Alone::default(), stops: Stops::new(&simple::STOPS) }
    }
}

impl Reader for CueReader {
    fn read(&mut self, bytes: &[u8], core: Span, at: usize, record: &mut Record) -> usize {
        let unit = &bytes[..core.end];
        if let Some(cue) = self.alone.cue(unit, at, self.dialect, &self.stops) {
            let end = alone::fill(unit, &cue, &mut self.shapes, record);
            record.held = self.alone.known(at).is_some_and(|i| i > 0);
            return end;
        }
        self.shapes.own(record);
        self.group(unit, at, record);
        record.span.end
    }

    /// Simple cues that stand there as they are, of which no number goes on from one to the next.
    fn pass(&mut self, unit: &[u8], still: Span, silent: Option<&dyn Fn(u32) -> bool>) -> (usize, u64) {
        let (mut at, mut cues) = (still.start, 0);
        let Some(silent) = silent else { return (at, cues) };
        let mut passes = (None, false);
        while at < still.end {
            let (end, code, stands);
            // Most are not worth being put together.
            if self.alone.known(at).is_none()
                && let Some(cue) = simple::at_once(unit, at, self.dialect, &self.stops)
                && !cue.goes_on(unit)
            {
                (end, code, stands) = (cue.span.end, cue.code(), true);
            } else if let Some(cue) = self.alone.cue(unit, at, self.dialect, &self.stops) {
                (end, code, stands) = (cue.span.end, cue.code(), cue.plain.is_some());
            } else {
                break;
            }
            if passes.0 != Some(code) {
                passes = (Some(code), self.shapes.layout(&code).is_some_and(silent));
            }
            if end > still.end || !passes.1 || !stands {
                break;
            }
            (at, cues) = (end, cues + 1);
        }
        (at, cues)
    }

    fn stops(&mut self) -> Option<&mut Stops> {
        Some(&mut self.stops)
    }
}

/// What one speaker says over several cues.
struct Chain {
    speaker: Said,
    /// Segments, by index.
    parts: Vec<usize>,
    /// For how many blocks it may go on.
    left: usize,
}

impl CueReader {
    /// Reads the group of blocks at `at` of a unit.
    fn group(&self, unit: &[u8], at: usize, record: &mut Record) {
        record.clear(Span::new(at, unit.len()));
        let (mut chains, mut group, mut any, mut at) = (Vec::new(), Group::default(), false, at);
        while at < unit.len() {
            let Some((block, said, end)) = self.next(unit, at) else { break };
            if block.counts {
                record.headings += u32::from(block.time.is_none());
                match any {
                    true => record.also.push(at),
                    false => any = true,
                }
            }
            block_of(unit, &block, &said, record, &mut chains);
            at = end;
            if group.add(unit, &said) {
                record.span.end = at;
                break;
            }
        }
        record.starts = any;
        for chain in chains {
            join(chain, unit, record);
        }
    }

    /// The block at `at` of a unit, what is said in it, and its end.
    fn next(&self, unit: &[u8], at: usize) -> Option<(Block, Vec<Said>, usize)> {
        if let Some(cue) = simple::read(unit, at, self.dialect, &self.stops) {
            let settings = cue.settings.map(|s| (s, "settings"));
            let plain = cue.id.map(|id| (id, "id")).into_iter().chain(settings).collect();
            let block = Block { plain, time: Some(cue.time), payload: cue.said.text, counts: true };
            return Some((block, vec![cue.said], cue.span.end));
        }
        // Cutting has seen to it that no block is too long.
        let End::At(end) = block::end(unit, at, usize::MAX, true) else { return None };
        let block = block::read(unit, Span::new(at, end), self.dialect);
        let said = block.said(unit, self.dialect);
        Some((block, said, end))
    }
}

/// Adds a block to `record`, and what may be joined to `chains`.
fn block_of(bytes: &[u8], block: &Block, said: &[Said], record: &mut Record, chains: &mut Vec<Chain>) {
    for (span, part) in &block.plain {
        add_segment(*span, part, block.time.map(Times::seconds), record);
    }
    let Some(time) = block.time.map(Times::seconds) else {
        chains.iter_mut().for_each(|c| c.left = c.left.saturating_sub(1));
        return;
    };
    let indices: Vec<Option<usize>> = said.iter().map(|s| add_said(bytes, s, time, record)).collect();
    let mut joined = false;
    if let (Some(first), Some(&index)) = (said.first(), indices.first()) {
        for chain in chains.iter_mut().filter(|c| c.left > 0 && first.continues(bytes, c.speaker.name(bytes))) {
            chain.left = 0;
            let before = chain.parts.last().map_or(Span::default(), |i| record.segments[*i].raw);
            if let Some(index) = index.filter(|_| first.begins_on(bytes, &bytes[before.range()])) {
                chain.parts.push(index);
                joined = said.len() == 1 && first.goes_on(bytes);
                chain.left = if joined { REACH + 1 } else { 0 };
            }
        }
    }
    if let (Some(last), Some(&Some(index))) = (said.last(), indices.last())
        && !joined
        && last.goes_on(bytes)
    {
        chains.push(Chain { speaker: *last, parts: vec![index], left: REACH + 1 });
    }
    chains.iter_mut().for_each(|c| c.left = c.left.saturating_sub(1));
}

/// Adds what is scanned as it stands and is no cue text.
fn add_segment(span: Span, part: &'static str, time: Option<(f64, f64)>, record: &mut Record) {
    let node = Some(record.node(None, Step::Part(part)));
    let (layers, segment) = (Layers::one(Layer::Line), Segment::plain(span, Role::Text));
    record.segments.push(Segment { node, layers, time, ..segment });
}

/// Adds a speaker and what they say; the index of the latter's segment.
fn add_said(bytes: &[u8], said: &Said, time: (f64, f64), record: &mut Record) -> Option<usize> {
    let layers = Layers::one(Layer::Markup).within(Layer::Line)?;
    if let Some(speaker) = said.speaker.filter(|s| !s.is_empty()) {
        let node = Some(record.node(None, Step::Part("speaker")));
        record.segments.push(Segment { node, layers, time: Some(time), ..Segment::plain(speaker, Role::Value) });
    }
    if said.text.is_empty() {
        return None;
    }
    let node = Some(record.node(None, Step::Part("text")));
    let (raw, text) = payload::decode(bytes, said, record);
    record.segments.push(Segment { node, layers, text, time: Some(time), ..Segment::plain(raw, Role::Text) });
    Some(record.segments.len() - 1)
}

/// Adds the joined segment of a chain.
fn join(chain: Chain, bytes: &[u8], record: &mut Record) {
    if chain.parts.len() < 2 {
        return;
    }
    let parts: Vec<(Segment, &[u8])> = chain
        .parts
        .iter()
        .map(|i| {
            let segment = record.segments[*i];
            let apart = record.text(&segment, bytes).trim_ascii_end().last().is_some_and(|b| !b"-/(+@".contains(b));
            (segment, if apart { &b" "[..] } else { b"" })
        })
        .collect();
    let text = record.joined(&parts, bytes);
    let (Some((first, _)), Some((last, _))) = (parts.first(), parts.last()) else { return };
    let time = first.time.zip(last.time).map(|(a, b)| (a.0, b.1));
    let joined = Segment { text, time, raw: Span::new(first.raw.start, last.raw.end), role: Role::Joined, ..*first };
    record.segments.push(joined);
}

#[cfg(test)]
mod tests;
