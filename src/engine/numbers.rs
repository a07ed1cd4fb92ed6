//! Under which numbers fields are counted. Most records are built like one before them, so a field's way up is compared with one that
//! was met, and its name is put together for the first of them only.

use super::Counts;
use super::paths::{LONGEST_PATH, Paths, without_indices};
use crate::detect::Detectors;
use crate::model::Span;
use crate::model::record::{NodeId, Record, Step};

/// Ways that are kept.
const KEPT: usize = 256;
/// Digits of the largest index.
const DIGITS: usize = 20;

/// A field, as it is counted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Field {
    /// The number of its name, array indices as `*`.
    pub number: u32,
    /// Which of the unit's indices stand for each `*`.
    pub indices: Span,
}

/// Fields of the unit at hand.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// By the number of the unit's layouts, from 1, then by segment.
    layouts: Vec<Vec<Option<Field>>>,
    /// Of records without a layout: the ways to the fields that were met last.
    ways: Vec<Way>,
}

/// A way up from a value to the top, and what it comes to.
#[derive(Debug, Default)]
struct Way {
    steps: Vec<Known>,
    names: Vec<u8>,
    number: u32,
}

/// A step of it.
#[derive(Debug, Clone, Copy)]
enum Known {
    /// A key and, if it looks like an index, which.
    Key(Span, Option<u64>),
    Column(Span, u32),
    Part(&'static str),
    Index,
}

/// The number that stands for `*` where there's none: no index is that large.
const NO_NUMBER: u64 = u64::MAX;

/// What becomes `*` in a pointer ([`without_indices`]), as a number.
fn index(step: &str) -> Option<u64> {
    let digits = !step.is_empty() && step.bytes().all(|b| b.is_ascii_digit());
    (digits || step == "*").then(|| step.parse().unwrap_or(NO_NUMBER))
}

impl Paths {
    /// The field of segment `i` of `record`, whose node is `node`; `names` are those of the unit, to which `indices` belong.
    pub fn field(
        &mut self,
        record: &Record,
        i: usize,
        node: NodeId,
        detectors: &Detectors,
        names: &mut Counts,
        indices: &mut Vec<u64>,
    ) -> Field {
        if let Some(layout) = (record.layout as usize).checked_sub(1) {
            if let Some(field) = self.numbers.layouts.get(layout).and_then(|l| *l.get(i)?) {
                return field;
            }
            let field = self.named(record, node, detectors, names, indices, None);
            let layouts = &mut self.numbers.layouts;
            layouts.resize_with(layouts.len().max(layout + 1), Vec::new);
            let of = &mut layouts[layout];
            of.resize(of.len().max(i + 1), None);
            of[i] = Some(field);
            return field;
        }
        let way = place(record, node);
        let ways = &mut self.numbers.ways;
        ways.resize_with(ways.len().max(way + 1), Way::default);
        let start = indices.len();
        if ways[way].leads(record, node, indices) {
            indices[start..].reverse();
            return Field { number: ways[way].number, indices: Span::new(start, indices.len()) };
        }
        indices.truncate(start);
        let mut way_up = std::mem::take(&mut ways[way]);
        let field = self.named(record, node, detectors, names, indices, Some(&mut way_up));
        self.numbers.ways[way] = way_up;
        field
    }

    /// A field by its name, which is put together.
    fn named(
        &mut self,
        record: &Record,
        node: NodeId,
        detectors: &Detectors,
        names: &mut Counts,
        indices: &mut Vec<u64>,
        way: Option<&mut Way>,
    ) -> Field {
        let shown = self.shown(record, node, None, detectors);
        let start = indices.len();
        if shown.starts_with('/') {
            indices.extend(shown.split('/').filter_map(index));
        }
        let mut way = way;
        way.iter_mut().for_each(|way| way.follow(record, node, &shown));
        let number = names.field(without_indices(shown));
        way.into_iter().for_each(|way| way.number = number);
        Field { number, indices: Span::new(start, indices.len()) }
    }
}

/// Where a way is kept: by what is seen at once of its last steps.
fn place(record: &Record, node: NodeId) -> usize {
    let (mut at, mut sum) = (Some(node), 0);
    for _ in 0..3 {
        let Some(node) = at.map(|id| record.at(id)) else { break };
        let step = match node.step {
            Step::Key(key) => {
                let name = record.interned(key);
                name.len() << 8 | usize::from(name.last().copied().unwrap_or(0))
            }
            Step::Column(_, n) => n as usize,
            Step::Part(part) => part.len(),
            Step::Index(_) => 1,
        };
        (sum, at) = (sum * 31 + step, node.parent);
    }
    (sum ^ sum >> 8) % KEPT
}

impl Numbers {
    /// Goes on to another unit, in which names have other numbers.
    pub fn unit(&mut self) {
        self.layouts.clear();
        self.ways.iter_mut().for_each(|way| way.steps.clear());
    }
}

impl Way {
    /// Whether it is the way up from `node`. Adds the indices on it, the last first.
    fn leads(&self, record: &Record, node: NodeId, indices: &mut Vec<u64>) -> bool {
        let mut at = Some(node);
        for step in &self.steps {
            let Some(node) = at.map(|id| record.at(id)) else { return false };
            match (step, node.step) {
                (Known::Key(name, number), Step::Key(key)) if self.names[name.range()] == *record.interned(key) => {
                    indices.extend(number);
                }
                (Known::Column(name, n), Step::Column(key, m))
                    if *n == m && self.names[name.range()] == *record.interned(key) => {}
                (Known::Part(name), Step::Part(part)) if *name == part => {}
                (Known::Index, Step::Index(n)) => indices.push(n),
                _ => return false,
            }
            at = node.parent;
        }
        !self.steps.is_empty() && at.is_none()
    }

    /// Follows the way up from `node`, which is shown so. One that is too long to be shown whole is not kept, nor one on which
    /// keys or indices stand with something else.
    fn follow(&mut self, record: &Record, node: NodeId, shown: &str) {
        self.steps.clear();
        self.names.clear();
        let alone = record.at(node).parent.is_none() && !shown.starts_with('/');
        let (mut at, mut names, mut longest) = (Some(node), shown.rsplit('/'), shown.len());
        while let Some(node) = at.map(|id| record.at(id)) {
            let start = self.names.len();
            let step = match node.step {
                Step::Key(key) => {
                    self.names.extend_from_slice(record.interned(key));
                    Known::Key(Span::new(start, self.names.len()), names.next().and_then(index))
                }
                Step::Column(key, n) if alone => {
                    self.names.extend_from_slice(record.interned(key));
                    Known::Column(Span::new(start, self.names.len()), n)
                }
                Step::Part(part) if alone => Known::Part(part),
                Step::Index(_) => {
                    (longest, _) = (longest + DIGITS, names.next());
                    Known::Index
                }
                Step::Column(..) | Step::Part(_) => return self.steps.clear(),
            };
            self.steps.push(step);
            at = node.parent;
        }
        if longest > LONGEST_PATH {
            self.steps.clear();
        }
    }
}
