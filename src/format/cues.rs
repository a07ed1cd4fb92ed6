//! Cues: what WebVTT and SRT share. A record is a block between empty lines: a cue, a note, a header.
//!
//! A number may run from one cue into the next one of the same speaker. A cue whose text ends as if it went on is held
//! until that one has come, or [`REACH`] blocks, and they are read together.

pub(crate) mod block;
pub(crate) mod payload;

use super::{CONTEXT, Cut, Reader, Stream, Unit, part_end, text};
use crate::model::record::{Record, Role, Segment, Step};
use crate::model::{Layer, Layers, Span};
use block::{Block, Dialect, End};
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
    /// Speakers whose number may go on, and for how many blocks.
    open: Vec<(Vec<u8>, usize)>,
}

impl Group {
    /// Adds a block; `true`: the group ends with it.
    fn add(&mut self, bytes: &[u8], block: &Block, dialect: Dialect) -> bool {
        self.blocks += 1;
        self.open.iter_mut().for_each(|o| o.1 -= 1);
        if block.time.is_some() && (!self.open.is_empty() || payload::may_go_on(&bytes[block.payload.range()])) {
            let said = payload::said(bytes, block.payload, dialect);
            if let Some(first) = said.first() {
                self.open.retain(|o| !first.continues(bytes, &o.0));
            }
            if let Some(last) = said.last().filter(|s| s.goes_on(bytes)) {
                self.open.push((last.name(bytes).to_vec(), REACH));
            }
        }
        self.open.retain(|o| o.1 > 0);
        self.open.is_empty() || self.blocks == TOGETHER
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
        let reader = Box::new(text::LineReader { goes_on: start > 0 });
        self.context = keep;
        Cut::Unit(Unit { end, until, keep, reader })
    }

    /// The blocks in `window`, each with its end and whether a group of blocks ends with it; then whether one follows that is
    /// too long. The last ones may be of a group that isn't complete.
    fn groups(&self, window: &[u8], last: bool) -> (Vec<Read>, bool) {
        let (mut blocks, mut at, mut first, mut group) = (Vec::<Read>::new(), 0, 0, Group::default());
        while at < window.len() {
            let limit = first + self.max;
            let end = match block::end(window, at, limit, last) {
                End::At(end) => end,
                End::More => return (blocks, false),
                // What is too long is not taken whole, and closes the group before it.
                End::Beyond => {
                    if let Some(block) = blocks.last_mut() {
                        block.closes = true;
                    }
                    return (blocks, at == 0);
                }
            };
            let block = block::read(window, Span::new(at, end), self.dialect);
            let closes = group.add(window, &block, self.dialect) || last && end == window.len();
            blocks.push(Read { span: Span::new(at, end), block, closes });
            at = end;
            if closes {
                (first, group) = (at, Group::default());
            }
        }
        (blocks, false)
    }
}

impl Stream for Cues {
    fn cut(&mut self, window: &[u8], last: bool) -> Cut {
        if self.context > 0 {
            return self.lines(window, last);
        }
        let (mut blocks, long) = self.groups(window, last);
        blocks.truncate(blocks.iter().rposition(|b| b.closes).map_or(0, |i| i + 1));
        let Some(end) = blocks.last().map(|b| b.span.end) else {
            return if long { self.lines(window, last) } else { Cut::More };
        };
        let reader = Box::new(CueReader { dialect: self.dialect, blocks: blocks.into_iter() });
        Cut::Unit(Unit { end, until: end, keep: 0, reader })
    }
}

/// A block that was read to see where its group ends.
struct Read {
    span: Span,
    block: Block,
    /// Its group ends with it.
    closes: bool,
}

struct CueReader {
    dialect: Dialect,
    blocks: std::vec::IntoIter<Read>,
}

impl Reader for CueReader {
    fn read(&mut self, bytes: &[u8], core: Span, at: usize, record: &mut Record) -> usize {
        record.clear(Span::new(at, core.end));
        let mut chains = Vec::new();
        let mut any = false;
        while let Some(Read { span, block, closes }) = self.blocks.next() {
            if block.counts {
                match any {
                    true => record.also.push(span.start),
                    false => any = true,
                }
            }
            self.block(bytes, &block, record, &mut chains);
            if closes {
                record.span.end = span.end;
                break;
            }
        }
        record.starts = any;
        for chain in chains {
            join(chain, bytes, record);
        }
        record.span.end
    }
}

/// What one speaker says over several cues.
struct Chain {
    speaker: Vec<u8>,
    /// Segments, by index.
    parts: Vec<usize>,
    /// For how many blocks it may go on.
    left: usize,
}

impl CueReader {
    fn block(&self, bytes: &[u8], block: &Block, record: &mut Record, chains: &mut Vec<Chain>) {
        for (span, part) in &block.plain {
            let node = Some(record.node(None, Step::Part(part)));
            let (layers, segment) = (Layers::one(Layer::Line), Segment::plain(*span, Role::Text));
            record.segments.push(Segment { node, layers, time: block.time, ..segment });
        }
        let Some(time) = block.time else {
            chains.iter_mut().for_each(|c| c.left = c.left.saturating_sub(1));
            return;
        };
        let said = payload::said(bytes, block.payload, self.dialect);
        let indices: Vec<Option<usize>> = said.iter().map(|s| push(bytes, s, time, record)).collect();
        let mut joined = false;
        if let (Some(first), Some(&index)) = (said.first(), indices.first()) {
            for chain in chains.iter_mut().filter(|c| c.left > 0 && first.continues(bytes, &c.speaker)) {
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
            chains.push(Chain { speaker: last.name(bytes).to_vec(), parts: vec![index], left: REACH + 1 });
        }
        chains.iter_mut().for_each(|c| c.left = c.left.saturating_sub(1));
    }
}

/// Adds a speaker and what they say; the index of the latter's segment.
fn push(bytes: &[u8], said: &Said, time: (f64, f64), record: &mut Record) -> Option<usize> {
    let layers = Layers::one(Layer::Markup).within(Layer::Line)?;
    if let Some(speaker) = said.speaker.filter(|s| !s.is_empty()) {
        let node = Some(record.node(None, Step::Part("speaker")));
        record.segments.push(Segment { node, layers, time: Some(time), ..Segment::plain(speaker, Role::Value) });
    }
    if said.text.is_empty() {
        return None;
    }
    let node = Some(record.node(None, Step::Part("text")));
    let text = payload::decode(bytes, said, record);
    record.segments.push(Segment { node, layers, text, time: Some(time), ..Segment::plain(said.text, Role::Text) });
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
