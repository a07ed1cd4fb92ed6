//! Where a value stands, as it is shown: a JSON pointer (RFC 6901), a column's name, a part of the format. Keys and headers
//! may hold personal data themselves, so that is masked.

use super::numbers::Numbers;
use super::search::Lookup;
use crate::detect::{Detectors, Hit, Scratch};
use crate::model::record::{NodeId, Record, Step};
use crate::model::{Category, Span};
use crate::proof::absent::{Absent, Within};
use crate::report::masked::masked;
use std::collections::HashMap;
use std::sync::Arc;

/// Names that are kept at most.
const KEPT: usize = 4096;
/// The longest path that is told, in bytes, and the longest name in it: one is kept for each finding, so that their length
/// must not be the input's to choose.
pub(super) const LONGEST_PATH: usize = 512;
const LONGEST_NAME: usize = 256;

/// Names as they are shown, kept from finding to finding.
#[derive(Debug, Default)]
pub(super) struct Paths {
    shown: HashMap<Box<[u8]>, Box<str>>,
    /// Of the unit at hand, by layout and node.
    of_layouts: HashMap<(u32, NodeId), Box<str>>,
    scratch: Scratch,
    /// Values that are masked, too.
    pub absent: Option<Arc<Absent>>,
    lookup: Lookup,
    /// Those of the unit at hand by number.
    pub numbers: Numbers,
}

impl Paths {
    /// Goes on to another unit, in which layouts have other numbers.
    pub fn unit(&mut self) {
        self.of_layouts.clear();
        self.numbers.unit();
    }

    /// The path to `node` from the top, which all records with this `layout` (over 0) share within a unit.
    pub fn of_layout(&mut self, layout: u32, record: &Record, node: NodeId, detectors: &Detectors) -> String {
        if layout == 0 {
            return self.shown(record, node, None, detectors);
        }
        if let Some(known) = self.of_layouts.get(&(layout, node)) {
            return known.to_string();
        }
        let shown = self.shown(record, node, None, detectors);
        self.of_layouts.insert((layout, node), shown.as_str().into());
        shown
    }

    /// The path to `node`; `from`: relative to that node. Of a very long one the end, behind `…`.
    pub fn shown(&mut self, record: &Record, node: NodeId, from: Option<NodeId>, detectors: &Detectors) -> String {
        let (mut steps, mut len) = (Vec::new(), 0);
        let mut at = Some(node);
        while let Some(id) = at.filter(|id| Some(*id) != from) {
            if len > LONGEST_PATH {
                steps.push("…".to_owned());
                break;
            }
            let n = record.at(id);
            let step = match n.step {
                Step::Key(s) => {
                    format!("/{}", self.name(record.interned(s), detectors).replace('~', "~0").replace('/', "~1"))
                }
                Step::Index(i) => format!("/{i}"),
                Step::Column(s, i) if s.is_empty() => (i + 1).to_string(),
                Step::Column(s, _) => self.name(record.interned(s), detectors),
                Step::Part(p) => p.to_owned(),
            };
            len += step.len();
            steps.push(step);
            at = n.parent;
        }
        steps.reverse();
        steps.concat()
    }

    /// A key or header, with what is personal data in it masked; of a very long one the beginning, before `…`.
    fn name(&mut self, name: &[u8], detectors: &Detectors) -> String {
        let Some(head) = name.get(..LONGEST_NAME) else { return self.known(name, detectors).to_owned() };
        // A value that the cut goes through would not be known as one: what is at the cut is left out.
        let cut = head.iter().rposition(|b| b.is_ascii_whitespace()).unwrap_or(0);
        self.known(&head[..cut], detectors).to_owned() + "…"
    }

    fn known(&mut self, name: &[u8], detectors: &Detectors) -> &str {
        if !self.shown.contains_key(name) {
            if self.shown.len() >= KEPT {
                self.shown.clear();
            }
            let shown = self.mask(name, detectors);
            self.shown.insert(name.into(), shown.into());
        }
        self.shown.get(name).map_or("", |s| s)
    }

    fn mask(&mut self, name: &[u8], detectors: &Detectors) -> String {
        let mut hits = Vec::new();
        detectors.find(name, None, &mut self.scratch, &mut hits);
        let entity = |h: &Hit| {
            let entity = detectors.rules().entity(h.entity);
            (h.span, entity.name.as_str(), entity.category)
        };
        let mut spans: Vec<(Span, &str, Category)> = hits.iter().map(entity).collect();
        if let Some(values) = &self.absent {
            spans.extend(
                self.lookup.find(values, name, Within::Name).iter().map(|f| (f.span, "CUSTOM", Category::Custom)),
            );
            spans.sort_by_key(|s| s.0);
        }
        let (mut out, mut at) = (String::new(), 0);
        for (span, entity, category) in spans {
            let span = Span::new(span.start.max(at), span.end.max(at));
            out.push_str(&String::from_utf8_lossy(&name[at..span.start]));
            out.push_str(&masked(entity, category, &name[span.range()]));
            at = span.end;
        }
        out.push_str(&String::from_utf8_lossy(&name[at..]));
        out
    }
}

/// A JSON pointer with its array indices as `*`: one field for all elements.
pub fn without_indices(field: String) -> String {
    if !field.starts_with('/') {
        return field;
    }
    let steps: Vec<&str> = field
        .split('/')
        .map(|s| if !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit()) { "*" } else { s })
        .collect();
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Options;
    use crate::patterns::RuleSet;
    use std::sync::Arc;

    #[test]
    fn a_key_that_is_personal_data_is_masked() {
        let detectors = Detectors::new(Arc::new(RuleSet::builtin()), &Options::default()).unwrap();
        let mut record = Record::default();
        let (a, b) = (record.intern(b"by ana@example.com"), record.intern(b"x/y"));
        let top = record.node(None, Step::Key(a));
        let third = record.node(Some(top), Step::Index(3));
        let node = record.node(Some(third), Step::Key(b));
        let mut paths = Paths::default();
        for _ in 0..2 {
            assert_eq!(paths.shown(&record, node, None, &detectors), "/by a••@e••••••.com/3/x~1y");
        }
        assert_eq!(paths.shown(&record, node, Some(third), &detectors), "/x~1y");
    }

    #[test]
    fn fields_without_indices() {
        assert_eq!(without_indices("/messages/12/text".into()), "/messages/*/text");
        assert_eq!(without_indices("email".into()), "email");
    }

    #[test]
    fn long_names_and_paths_are_cut() {
        let detectors = Detectors::new(Arc::new(RuleSet::builtin()), &Options::default()).unwrap();
        let mut record = Record::default();
        let long = record.intern(&b"word ".repeat(1000));
        let mut node = record.node(None, Step::Key(long));
        let mut paths = Paths::default();
        let shown = paths.shown(&record, node, None, &detectors);
        assert!(shown.starts_with("/word word") && shown.ends_with("word…") && shown.len() < 300, "{shown}");
        for _ in 0..10_000 {
            node = record.node(Some(node), Step::Index(7));
        }
        let shown = paths.shown(&record, node, None, &detectors);
        assert!(shown.starts_with("…/7/7") && shown.len() < 530, "{}", shown.len());
    }
}
