//! A record and its segments: what a format hands over to be scanned, with the way back to the record's bytes.

use super::{Layers, Span};

/// A node of the path to a value: an object's key, an array's index, a column, a part of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

impl NodeId {
    /// The id as an index into [`Record::nodes`].
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// One step of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A key of a JSON object: decoded bytes in the record's arena.
    Key(Span),
    /// A place in a JSON array, from 0.
    Index(u64),
    /// A CSV column: its header (bytes in the record's arena), or empty, and its number from 0.
    Column(Span, u32),
    /// A part of the format: `text`, `speaker`.
    Part(&'static str),
}

/// A step and the node above it.
#[derive(Debug, Clone, Copy)]
pub struct Node {
    /// The enclosing value; `None` at the top. The node of a JSON object is that of the member or element which it is the
    /// value of (`None` for the record's own), so nodes of one `parent` are siblings, those of an opened string's object too:
    /// their parent is the opened string's node. Nodes of keys stand once for each time a key is met.
    pub parent: Option<NodeId>,
    /// How to get here from there.
    pub step: Step,
}

/// What kind of text a segment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Prose or a log line, a message's text: scanned.
    Text,
    /// The value of a field (JSON string, CSV cell): scanned, and judged by the field's name.
    Value,
    /// A JSON number, `true`, `false` or `null`: judged by the field's name; a finding takes all of it.
    Number,
    /// A JSON key or CSV header: scanned; changed only by `--rename`.
    Key,
    /// A string that was opened because it holds JSON: not scanned itself, its parts are. Kept because offsets count in it.
    Opened,
    /// Several segments of one speaker joined, where a number may run from one into the next: only what crosses a join counts.
    Joined,
}

/// Where a segment's scannable text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextRef {
    /// It stands in the unit as it is: the segment's `raw` bytes.
    Raw,
    /// Decoded into the record's arena, with the runs that lead back.
    Decoded {
        /// Bytes in the arena.
        text: Span,
        /// Indices into the record's runs, half open.
        runs: (u32, u32),
    },
}

/// A stretch of decoded text and the raw bytes it came from.
///
/// Where both are of one length and `verbatim`, byte stands for byte; else the run is an atom (an escape) and is taken whole.
/// A run with no raw bytes joins two pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Offset in the decoded text, from the segment's start.
    pub text: u32,
    /// Length in the decoded text.
    pub text_len: u32,
    /// Offset in the unit.
    pub raw: u32,
    /// Length in the unit.
    pub raw_len: u32,
    /// Byte stands for byte.
    pub verbatim: bool,
}

/// A piece of scannable text in a record.
#[derive(Debug, Clone, Copy)]
pub struct Segment {
    /// Its bytes in the unit, without quotes; edits stay within.
    pub raw: Span,
    /// The text to scan.
    pub text: TextRef,
    /// What kind of text it is.
    pub role: Role,
    /// Where it stands in the record.
    pub node: Option<NodeId>,
    /// How a replacement is written here.
    pub layers: Layers,
    /// Seconds from the start of the recording, where the format has times: from, to.
    pub time: Option<(f64, f64)>,
    /// The opened string it is part of (index into the record's segments): the outermost one. What follows that one's node
    /// on the way to this one's is the pointer within.
    pub opened: Option<u32>,
}

impl Segment {
    /// A segment whose text stands in the unit as it is, written back as it is.
    pub fn plain(raw: Span, role: Role) -> Segment {
        Segment { raw, text: TextRef::Raw, role, node: None, layers: Layers::PLAIN, time: None, opened: None }
    }
}

/// One record's segments, in the order in which they stand. Reused from record to record: clearing keeps its memory.
///
/// Offsets called raw count in the unit that the record was read from.
#[derive(Debug, Default, Clone)]
pub struct Record {
    /// The record's bytes in the unit.
    pub span: Span,
    /// What may be scanned; only these bytes are ever changed.
    pub segments: Vec<Segment>,
    /// Whether this is the first part (or the whole) of a record: only then it counts as one.
    pub starts: bool,
    /// How many of the records that it counts as hold no data but say how to read it: a CSV's header, a transcript's header and notes.
    pub headings: u32,
    /// Where further records begin that are read together with this one (cues that a number may run through), as offsets in
    /// the unit. Each counts as a record.
    pub also: Vec<usize>,
    /// It was held until the record before could be told: names that it declares are known there, too.
    pub held: bool,
    /// It was not of its stream's format (a stack trace in JSON Lines) and is handled as what it is.
    pub odd: bool,
    /// Something in it begins as JSON and was too long or nested too deep to be opened: it is scanned as text.
    pub unopened: bool,
    /// Over 0: as all records of its unit with this number, it has the same nodes, and segments that differ in nothing but where
    /// they stand and in their texts.
    pub layout: u32,
    /// Of a record with a layout: nobody asks where its keys stand, so those are left as they were.
    pub no_keys: bool,
    /// Of a record with a layout: some of its texts do not stand in the unit as they are.
    pub decoded: bool,
    arena: Vec<u8>,
    runs: Vec<Run>,
    nodes: Vec<Node>,
}

impl Record {
    /// Empties it for the next record.
    pub fn clear(&mut self, span: Span) {
        self.span = span;
        self.starts = true;
        self.headings = 0;
        self.held = false;
        self.odd = false;
        self.unopened = false;
        self.layout = 0;
        self.no_keys = false;
        self.decoded = false;
        self.also.clear();
        self.segments.clear();
        self.arena.clear();
        self.runs.clear();
        self.nodes.clear();
    }

    /// Begins anew with the nodes and segments it has: those of a record that is built alike. Forgets decoded texts that were
    /// added since `mark`.
    pub fn again(&mut self, mark: Mark) {
        self.decoded = false;
        self.arena.truncate(mark.arena);
        self.runs.truncate(mark.runs);
    }

    /// How much has been decoded so far.
    pub fn mark(&self) -> Mark {
        Mark { arena: self.arena.len(), runs: self.runs.len() }
    }

    /// Whether `other` is built alike: the same nodes, and segments of the same roles at them.
    pub fn alike(&self, other: &Record) -> bool {
        let same = |a: Step, b: Step| match (a, b) {
            (Step::Key(a), Step::Key(b)) => self.interned(a) == other.interned(b),
            (Step::Column(a, i), Step::Column(b, j)) => i == j && self.interned(a) == other.interned(b),
            (a, b) => a == b,
        };
        self.nodes.len() == other.nodes.len()
            && self.segments.len() == other.segments.len()
            && self.segments.iter().zip(&other.segments).all(|(a, b)| (a.role, a.node) == (b.role, b.node))
            && self.nodes.iter().zip(&other.nodes).all(|(a, b)| a.parent == b.parent && same(a.step, b.step))
    }

    /// The scannable text of `segment`.
    pub fn text<'a>(&'a self, segment: &Segment, unit: &'a [u8]) -> &'a [u8] {
        match segment.text {
            TextRef::Raw => &unit[segment.raw.range()],
            TextRef::Decoded { text, .. } => &self.arena[text.range()],
        }
    }

    /// Adds a node.
    pub fn node(&mut self, parent: Option<NodeId>, step: Step) -> NodeId {
        self.nodes.push(Node { parent, step });
        NodeId(self.nodes.len() as u32 - 1)
    }

    /// All nodes; a node comes after its parent.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The node behind an id.
    pub fn at(&self, id: NodeId) -> Node {
        self.nodes[id.0 as usize]
    }

    /// Copies `bytes` (a decoded key, a column's name) into the arena.
    pub fn intern(&mut self, bytes: &[u8]) -> Span {
        let start = self.arena.len();
        self.arena.extend_from_slice(bytes);
        Span::new(start, self.arena.len())
    }

    /// Bytes of the arena: those of a [`Step::Key`] or [`Step::Column`].
    pub fn interned(&self, span: Span) -> &[u8] {
        &self.arena[span.range()]
    }

    /// Takes over a segment of `other`, a record of the same unit, with its text and, if they are asked for, the nodes above it
    /// and the opened string around it. `around`: the last one of that record that was taken over, there and here.
    pub fn adopt(&mut self, other: &Record, segment: &Segment, nodes: bool, around: &mut Option<(u32, u32)>) {
        let mut own = *segment;
        if let TextRef::Decoded { text, runs } = segment.text {
            let (start, first) = (self.arena.len(), self.runs.len() as u32);
            self.arena.extend_from_slice(&other.arena[text.range()]);
            self.runs.extend_from_slice(&other.runs[runs.0 as usize..runs.1 as usize]);
            let (text, runs) = (Span::new(start, self.arena.len()), (first, self.runs.len() as u32));
            own.text = TextRef::Decoded { text, runs };
        }
        // Offsets count in the outermost string, which comes before.
        own.opened = None;
        let mut above = None;
        if let Some(outer) = segment.opened.filter(|_| nodes) {
            let (there, here) = (&other.segments[outer as usize], around.filter(|a| a.0 == outer).map(|a| a.1));
            let here = here.unwrap_or_else(|| {
                self.adopt(other, there, false, &mut None);
                let node = there.node.map(|node| self.adopt_nodes(other, node, None));
                let here = self.segments.len() - 1;
                self.segments[here].node = node;
                here as u32
            });
            (*around, own.opened) = (Some((outer, here)), Some(here));
            above = there.node.zip(self.segments[here as usize].node);
        }
        own.node = segment.node.filter(|_| nodes).map(|node| self.adopt_nodes(other, node, above));
        self.segments.push(own);
    }

    /// Copies `node` of `other` and the nodes above it. `above`: one that was copied, and its copy.
    fn adopt_nodes(&mut self, other: &Record, node: NodeId, above: Option<(NodeId, NodeId)>) -> NodeId {
        if let Some((_, copy)) = above.filter(|a| a.0 == node) {
            return copy;
        }
        let Node { parent, step } = other.at(node);
        let parent = parent.map(|p| self.adopt_nodes(other, p, above));
        let step = match step {
            Step::Key(k) => Step::Key(self.intern(other.interned(k))),
            Step::Column(k, i) => Step::Column(self.intern(other.interned(k)), i),
            step => step,
        };
        self.node(parent, step)
    }

    /// The name of the field that `node` is a value of: the nearest key, column or part on the way up.
    /// Elements of an array have the array's name.
    pub fn field_name(&self, node: NodeId) -> Option<&[u8]> {
        let mut at = Some(node);
        while let Some(id) = at {
            let n = self.at(id);
            match n.step {
                Step::Key(s) | Step::Column(s, _) => return Some(self.interned(s)),
                Step::Part(p) => return Some(p.as_bytes()),
                Step::Index(_) => at = n.parent,
            }
        }
        None
    }

    /// Starts to decode a text; [`Decoding::finish`] gives the reference to it.
    pub fn decode(&mut self) -> Decoding<'_> {
        let (start, first) = (self.arena.len(), self.runs.len() as u32);
        Decoding { record: self, start, first }
    }

    /// The raw pieces of `span` of the segment's text: one, or several where joins lie between.
    pub fn raw_pieces(&self, segment: &Segment, span: Span, out: &mut Vec<Span>) {
        out.clear();
        let TextRef::Decoded { runs, .. } = segment.text else {
            out.push(span.shifted(segment.raw.start));
            return;
        };
        let runs = &self.runs[runs.0 as usize..runs.1 as usize];
        let first = runs.partition_point(|r| ((r.text + r.text_len) as usize) <= span.start);
        let mut broken = true;
        for r in &runs[first..] {
            if r.text as usize >= span.end {
                break;
            }
            if r.raw_len == 0 {
                broken = true;
                continue;
            }
            let raw = if r.verbatim {
                let from = span.start.max(r.text as usize) - r.text as usize;
                let to = span.end.min((r.text + r.text_len) as usize) - r.text as usize;
                Span::new(r.raw as usize + from, r.raw as usize + to)
            } else {
                Span::new(r.raw as usize, (r.raw + r.raw_len) as usize)
            };
            match out.last_mut() {
                Some(last) if !broken => last.end = raw.end,
                _ => out.push(raw),
            }
            broken = false;
        }
    }

    /// From the first to the last raw byte of `span` of the segment's text. An empty span lies behind the text before it.
    pub fn raw_span(&self, segment: &Segment, span: Span) -> Span {
        let mut pieces = Vec::new();
        self.raw_pieces(segment, span, &mut pieces);
        if let (Some(first), Some(last)) = (pieces.first(), pieces.last()) {
            return Span::new(first.start, last.end);
        }
        self.raw_pieces(segment, Span::new(span.start.saturating_sub(1), span.start), &mut pieces);
        let at = pieces.last().map_or(segment.raw.start, |p| p.end);
        Span::new(at, at)
    }

    /// The offset in the segment's text at which the raw byte `raw` lies (an escape's start for any byte of it).
    pub fn text_offset(&self, segment: &Segment, raw: usize) -> usize {
        let TextRef::Decoded { text, runs } = segment.text else {
            return raw.saturating_sub(segment.raw.start).min(segment.raw.len());
        };
        let runs = &self.runs[runs.0 as usize..runs.1 as usize];
        let i = runs.partition_point(|r| ((r.raw + r.raw_len) as usize) <= raw);
        match runs.get(i) {
            Some(r) if raw < r.raw as usize => r.text as usize,
            Some(r) if r.verbatim => r.text as usize + raw - r.raw as usize,
            Some(r) => r.text as usize,
            None => text.len(),
        }
    }

    /// The texts of segments one after the other, each with what stands between it and the next.
    pub fn joined(&mut self, parts: &[(Segment, &[u8])], unit: &[u8]) -> TextRef {
        let mut pieces = Vec::new();
        for (segment, between) in parts {
            let text = self.text(segment, unit);
            match segment.text {
                TextRef::Raw => pieces.push((segment.raw, text.to_vec(), true)),
                TextRef::Decoded { runs, .. } => {
                    pieces.extend(self.runs[runs.0 as usize..runs.1 as usize].iter().map(|r| {
                        let raw = Span::new(r.raw as usize, (r.raw + r.raw_len) as usize);
                        (raw, text[r.text as usize..(r.text + r.text_len) as usize].to_vec(), r.verbatim)
                    }));
                }
            }
            pieces.push((Span::default(), between.to_vec(), false));
        }
        pieces.pop();
        let mut out = self.decode();
        for (raw, text, verbatim) in pieces {
            match verbatim {
                true => out.copy(raw.start, &text),
                false if raw.is_empty() => out.join(&text),
                false => out.escape(raw, &text),
            }
        }
        out.finish()
    }

    /// Appends to `out` the runs by which `inner`, decoded from a part of this segment's text, leads back to the unit.
    fn through(&self, segment: &Segment, inner: Run, out: &mut Vec<Run>) {
        let span = Span::new(inner.raw as usize, (inner.raw + inner.raw_len) as usize);
        let TextRef::Decoded { runs, .. } = segment.text else {
            out.push(Run { raw: inner.raw + segment.raw.start as u32, ..inner });
            return;
        };
        let runs = &self.runs[runs.0 as usize..runs.1 as usize];
        if !inner.verbatim {
            let mut pieces = Vec::new();
            self.raw_pieces(segment, span, &mut pieces);
            if let (Some(a), Some(b)) = (pieces.first(), pieces.last()) {
                out.push(Run { raw: a.start as u32, raw_len: (b.end - a.start) as u32, ..inner });
            }
            return;
        }
        let first = runs.partition_point(|r| ((r.text + r.text_len) as usize) <= span.start);
        for r in &runs[first..] {
            if r.text as usize >= span.end {
                break;
            }
            let from = span.start.max(r.text as usize) as u32;
            let to = span.end.min((r.text + r.text_len) as usize) as u32;
            let text = inner.text + (from - inner.raw);
            out.push(if r.verbatim {
                Run { text, text_len: to - from, raw: r.raw + (from - r.text), raw_len: to - from, verbatim: true }
            } else {
                Run { text, text_len: to - from, raw: r.raw, raw_len: r.raw_len, verbatim: false }
            });
        }
    }
}

/// A place in what a record has decoded: see [`Record::mark`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Mark {
    arena: usize,
    runs: usize,
}

/// A text being decoded into a record's arena. See [`Record::decode`].
pub struct Decoding<'a> {
    record: &'a mut Record,
    start: usize,
    first: u32,
}

impl Decoding<'_> {
    fn run(&mut self, text_len: usize, raw: Span, verbatim: bool) {
        let text = (self.record.arena.len() - self.start) as u32;
        if let Some(last) = self.record.runs[self.first as usize..].last_mut()
            && verbatim
            && last.verbatim
            && last.raw + last.raw_len == raw.start as u32
        {
            last.text_len += text_len as u32;
            last.raw_len += raw.len() as u32;
            return;
        }
        let run = Run { text, text_len: text_len as u32, raw: raw.start as u32, raw_len: raw.len() as u32, verbatim };
        self.record.runs.push(run);
    }

    /// Bytes that stand for themselves; `raw` is their offset in the unit.
    pub fn copy(&mut self, raw: usize, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.run(bytes.len(), Span::new(raw, raw + bytes.len()), true);
            self.record.arena.extend_from_slice(bytes);
        }
    }

    /// Bytes that an escape at `raw` stands for. Empty `bytes` (a tag that is left out) add no text.
    pub fn escape(&mut self, raw: Span, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.run(bytes.len(), raw, false);
            self.record.arena.extend_from_slice(bytes);
        }
    }

    /// Text that stands nowhere and joins two pieces.
    pub fn join(&mut self, bytes: &[u8]) {
        // Runs are looked up by where they stand, so this one stands where the last one ends.
        let at = self.record.runs[self.first as usize..].last().map_or(0, |r| (r.raw + r.raw_len) as usize);
        self.run(bytes.len(), Span::new(at, at), false);
        self.record.arena.extend_from_slice(bytes);
    }

    /// What has been decoded so far.
    pub fn bytes(&self) -> &[u8] {
        &self.record.arena[self.start..]
    }

    /// The reference to put into a [`Segment`].
    pub fn finish(self) -> TextRef {
        TextRef::Decoded {
            text: Span::new(self.start, self.record.arena.len()),
            runs: (self.first, self.record.runs.len() as u32),
        }
    }

    /// As [`Decoding::finish`], where the raw offsets given so far were offsets into the text of `outer` (a string that
    /// was decoded from the unit and opened): the runs are rewritten to lead to the unit.
    pub fn finish_within(self, outer: &Segment) -> TextRef {
        let first = self.first;
        let (start, record) = (self.start, self.record);
        let inner: Vec<Run> = record.runs.drain(first as usize..).collect();
        let mut runs = Vec::with_capacity(inner.len());
        for run in inner {
            record.through(outer, run, &mut runs);
        }
        record.runs.extend(runs);
        TextRef::Decoded { text: Span::new(start, record.arena.len()), runs: (first, record.runs.len() as u32) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(r: &Record, s: &Segment, a: usize, b: usize) -> Vec<(usize, usize)> {
        let mut out = Vec::new();
        r.raw_pieces(s, Span::new(a, b), &mut out);
        out.iter().map(|p| (p.start, p.end)).collect()
    }

    #[test]
    fn an_escape_is_taken_whole() {
        // unit: xx\u0040yy
        let mut r = Record::default();
        let mut d = r.decode();
        d.copy(0, b"xx");
        d.escape(Span::new(2, 8), b"@");
        d.copy(8, b"yy");
        let text = d.finish();
        let s = Segment { text, ..Segment::plain(Span::new(0, 10), Role::Value) };
        assert_eq!(r.text(&s, b""), b"xx@yy");
        assert_eq!(pieces(&r, &s, 1, 4), [(1, 9)]);
        assert_eq!(pieces(&r, &s, 2, 3), [(2, 8)]);
        assert_eq!(r.text_offset(&s, 5), 2);
        assert_eq!(r.text_offset(&s, 9), 4);
    }

    #[test]
    fn a_join_makes_pieces() {
        let mut r = Record::default();
        let mut d = r.decode();
        d.copy(10, b"555");
        d.join(b" ");
        d.copy(30, b"0142");
        let text = d.finish();
        let s = Segment { text, ..Segment::plain(Span::new(10, 34), Role::Joined) };
        assert_eq!(pieces(&r, &s, 0, 8), [(10, 13), (30, 34)]);
        assert_eq!(pieces(&r, &s, 4, 8), [(30, 34)]);
    }

    #[test]
    fn nested_texts_lead_back_to_the_unit() {
        // unit: a\"b\\u0040c   decoded once: a"b\u0040c   the part from 2 decoded again: b@c
        let mut r = Record::default();
        let mut d = r.decode();
        d.copy(0, b"a");
        d.escape(Span::new(1, 3), b"\"");
        d.copy(3, b"b");
        d.escape(Span::new(4, 6), b"\\");
        d.copy(6, b"u0040c");
        let text = d.finish();
        let outer = Segment { text, ..Segment::plain(Span::new(0, 12), Role::Opened) };
        let mut d = r.decode();
        d.copy(2, b"b");
        d.escape(Span::new(3, 9), b"@");
        d.copy(9, b"c");
        let text = d.finish_within(&outer);
        let inner = Segment { text, ..outer };
        assert_eq!(r.text(&inner, b""), b"b@c");
        assert_eq!(pieces(&r, &inner, 1, 2), [(4, 11)]);
        assert_eq!(pieces(&r, &inner, 0, 3), [(3, 12)]);
    }
}
