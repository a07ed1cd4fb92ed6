//! Makes a record's segments from what a walk meets; opens strings that hold JSON themselves.

use super::decode;
use super::path::Path;
use super::pointer::Pointers;
use super::walk::{Deaf, Sink, Step as Token, Walker, blank};
use crate::model::record::{NodeId, Record, Role, Segment, Step, TextRef};
use crate::model::{Layer, Layers, Span};

/// See the module.
pub(crate) struct Emitter<'a> {
    record: &'a mut Record,
    pointers: &'a Pointers,
    places: Vec<Place>,
    /// The node of the value that is walked.
    top: Option<NodeId>,
    within: Option<Within>,
}

/// An open container.
struct Place {
    /// Its own node.
    node: Option<NodeId>,
    array: bool,
    index: u64,
    /// The node of the member being read, in an object.
    member: Option<NodeId>,
}

/// The opened string in whose text the walk goes.
struct Within {
    outer: Segment,
    /// The outermost one's index.
    root: u32,
}

impl<'a> Emitter<'a> {
    /// For a walk that begins at `path`.
    pub fn new(record: &'a mut Record, pointers: &'a Pointers, path: &Path) -> Emitter<'a> {
        let mut emitter = Emitter { record, pointers, places: Vec::new(), top: None, within: None };
        emitter.enter(path);
        emitter
    }

    /// For a walk through the text of segment `index`: that one is [`Role::Opened`]. `None`: it is nested too deep.
    fn opened(record: &'a mut Record, index: usize, pointers: &'a Pointers) -> Option<Emitter<'a>> {
        let outer = record.segments[index];
        outer.layers.around(Layer::JsonString)?;
        record.segments[index].role = Role::Opened;
        let within = Some(Within { outer, root: outer.opened.unwrap_or(index as u32) });
        Some(Emitter { record, pointers, places: Vec::new(), top: outer.node, within })
    }

    fn enter(&mut self, path: &Path) {
        for level in &path.levels {
            let node = self.value_node();
            let member = (!level.array).then(|| {
                let key = self.record.intern(&level.key);
                self.record.node(node, Step::Key(key))
            });
            self.places.push(Place { node, array: level.array, index: level.index, member });
        }
    }

    /// A piece of a key or value that is too long to be taken whole. The index of its segment, if it's to be scanned.
    pub fn piece(&mut self, bytes: &[u8], raw: Span, key: bool) -> Option<usize> {
        if key {
            let node = self.places.last().and_then(|p| p.member);
            self.push(bytes, raw, Role::Key, node, Layer::JsonString)
        } else {
            let node = self.value_node();
            self.push(bytes, raw, Role::Value, node, Layer::JsonString)
        }
    }

    /// For a walk, from `path` on, through the text of a piece of a value.
    pub fn held(&mut self, bytes: &[u8], raw: Span, path: &Path) -> Option<Emitter<'_>> {
        let index = self.piece(bytes, raw, false)?;
        let mut emitter = Emitter::opened(self.record, index, self.pointers)?;
        emitter.enter(path);
        Some(emitter)
    }

    /// Whether the walk goes through the text of a string.
    pub fn within(&self) -> bool {
        self.within.is_some()
    }

    /// Something was JSON, and is scanned as text.
    pub fn unopened(&mut self) {
        self.record.unopened = true;
    }

    /// The node of the value that comes now.
    fn value_node(&mut self) -> Option<NodeId> {
        match self.places.last() {
            None => self.top,
            Some(Place { array: true, node, index, .. }) => Some(self.record.node(*node, Step::Index(*index))),
            Some(place) => place.member,
        }
    }

    /// Adds a segment for `raw` of the bytes walked, if it's to be scanned; its index.
    fn push(&mut self, bytes: &[u8], raw: Span, role: Role, node: Option<NodeId>, layer: Layer) -> Option<usize> {
        if !self.pointers.admit(self.record, node) {
            return None;
        }
        let text = match role {
            Role::Number if self.within.is_none() => TextRef::Raw,
            _ => self.decode(bytes, raw),
        };
        self.push_decoded(raw, text, role, node, layer)
    }

    fn push_decoded(
        &mut self,
        raw: Span,
        text: TextRef,
        role: Role,
        node: Option<NodeId>,
        layer: Layer,
    ) -> Option<usize> {
        let mut segment = Segment { node, text, layers: Layers::one(layer), ..Segment::plain(raw, role) };
        if let Some(within) = &self.within {
            segment.raw = self.record.raw_span(&within.outer, raw);
            segment.layers = within.outer.layers.around(layer)?;
            segment.opened = Some(within.root);
            segment.time = within.outer.time;
        }
        self.record.segments.push(segment);
        Some(self.record.segments.len() - 1)
    }

    /// The text of a string's content.
    fn decode(&mut self, bytes: &[u8], raw: Span) -> TextRef {
        let content = &bytes[raw.range()];
        if self.within.is_none() && memchr::memchr(b'\\', content).is_none() {
            return TextRef::Raw;
        }
        let mut decoding = self.record.decode();
        decode::pieces(content, |span, meaning| match meaning {
            Some(bytes) => decoding.escape(span.shifted(raw.start), bytes),
            None => decoding.copy(raw.start + span.start, &content[span.range()]),
        });
        match &self.within {
            Some(within) => decoding.finish_within(&within.outer),
            None => decoding.finish(),
        }
    }
}

impl Sink for Emitter<'_> {
    fn key(&mut self, bytes: &[u8], raw: Span) {
        let text = self.decode(bytes, raw);
        let name = match text {
            TextRef::Raw => self.record.intern(&bytes[raw.range()]),
            TextRef::Decoded { text, .. } => text,
        };
        let Some(parent) = self.places.last().map(|p| p.node) else { return };
        let node = Some(self.record.node(parent, Step::Key(name)));
        if let Some(place) = self.places.last_mut() {
            place.member = node;
        }
        if self.pointers.admit(self.record, node) {
            self.push_decoded(raw, text, Role::Key, node, Layer::JsonString);
        }
    }
    fn string(&mut self, bytes: &[u8], raw: Span) {
        let node = self.value_node();
        if let Some(index) = self.push(bytes, raw, Role::Value, node, Layer::JsonString) {
            // Within an opened string, texts are decoded: the unit isn't asked for.
            let unit = if self.within.is_some() { &[] } else { bytes };
            open(self.record, index, unit, self.pointers);
        }
    }
    fn word(&mut self, bytes: &[u8], raw: Span) {
        let node = self.value_node();
        self.push(bytes, raw, Role::Number, node, Layer::JsonValue);
    }
    fn open(&mut self, array: bool) {
        let node = self.value_node();
        self.places.push(Place { node, array, index: 0, member: None });
    }
    fn close(&mut self) {
        self.places.pop();
    }
    fn next(&mut self) {
        if let Some(place) = self.places.last_mut() {
            place.index += 1;
        }
    }
}

/// If the segment with this index is a string that holds a JSON object or array (and nothing else but space around it), it is
/// opened: its keys and values become segments, and it is [`Role::Opened`]. Text beyond what [`Layers`] can hold stays text.
pub(crate) fn open(record: &mut Record, index: usize, unit: &[u8], pointers: &Pointers) {
    let Some(outer) = record.segments.get(index) else { return };
    let text = record.text(outer, unit);
    if !holds_json(text) {
        return;
    }
    let text = text.to_vec();
    match Emitter::opened(record, index, pointers) {
        Some(mut emitter) => _ = Walker::default().value(&text, 0, true, &mut emitter),
        None => record.unopened = true,
    }
}

fn holds_json(text: &[u8]) -> bool {
    let inner = text.trim_ascii();
    if !matches!((inner.first(), inner.last()), (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']'))) {
        return false;
    }
    match Walker::default().value(text, 0, true, &mut Deaf) {
        Token::Done(end) => text[end..].iter().all(|b| blank(*b)),
        _ => false,
    }
}
