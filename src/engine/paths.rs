//! Where a value stands, as it is shown: a JSON pointer (RFC 6901), a column's name, a part of the format. Keys and headers
//! may hold personal data themselves, so that is masked.

use crate::detect::{Detectors, Scratch};
use crate::model::record::{NodeId, Record, Step};
use crate::report::masked::masked;
use std::collections::HashMap;
use std::fmt::Write as _;

/// Names that are kept at most.
const KEPT: usize = 4096;

/// Names as they are shown, kept from finding to finding.
#[derive(Debug, Default)]
pub(super) struct Paths {
    shown: HashMap<Box<[u8]>, Box<str>>,
    scratch: Scratch,
}

impl Paths {
    /// The path to `node`; `from`: relative to that node.
    pub fn shown(&mut self, record: &Record, node: NodeId, from: Option<NodeId>, detectors: &Detectors) -> String {
        let mut steps = Vec::new();
        let mut at = Some(node);
        while let Some(id) = at {
            if Some(id) == from {
                break;
            }
            let n = record.at(id);
            steps.push(n.step);
            at = n.parent;
        }
        let mut out = String::new();
        for step in steps.iter().rev() {
            match *step {
                Step::Key(s) => {
                    out.push('/');
                    out.push_str(&self.name(record.interned(s), detectors).replace('~', "~0").replace('/', "~1"));
                }
                Step::Index(i) => {
                    let _ = write!(out, "/{i}");
                }
                Step::Column(s, i) if s.is_empty() => {
                    let _ = write!(out, "{}", i + 1);
                }
                Step::Column(s, _) => out.push_str(self.name(record.interned(s), detectors)),
                Step::Part(p) => out.push_str(p),
            }
        }
        out
    }

    /// A key or header, with what is personal data in it masked.
    fn name(&mut self, name: &[u8], detectors: &Detectors) -> &str {
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
        let (mut out, mut at) = (String::new(), 0);
        for hit in hits {
            let entity = detectors.rules().entity(hit.entity);
            out.push_str(&String::from_utf8_lossy(&name[at..hit.span.start]));
            out.push_str(&masked(&entity.name, entity.category, &name[hit.span.range()]));
            at = hit.span.end;
        }
        out.push_str(&String::from_utf8_lossy(&name[at..]));
        out
    }
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
}
