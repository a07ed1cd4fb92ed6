//! The examples of field rules: records, as a JSON value or as CSV, in which `«` and `»` mark what is found.

use super::{Judging, Whole};
use crate::detect::{Detectors, Scratch};
use crate::model::Span;
use crate::model::record::{NodeId, Record, Role, Segment, Step};
use crate::patterns::Rule;
use serde_json::Value as Json;

/// A record made of an example, and its unit: what a format would hand over.
#[derive(Debug, Default)]
pub(super) struct Example {
    pub unit: Vec<u8>,
    pub record: Record,
}

impl Example {
    /// The records of an example: one of a JSON value, one of each row of CSV. `None`: it is neither.
    pub fn read(text: &str) -> Option<Vec<Example>> {
        if text.starts_with(['{', '[']) {
            let json = serde_json::from_str(text).ok()?;
            let mut example = Example::default();
            example.value(&json, None);
            return Some(vec![example]);
        }
        let (header, rows) = text.split_once('\n')?;
        let delimiter = if header.contains(';') { ';' } else { ',' };
        Some(rows.lines().map(|row| Example::row(header, row, delimiter)).collect())
    }

    fn row(header: &str, row: &str, delimiter: char) -> Example {
        let mut example = Example::default();
        for (i, (name, cell)) in header.split(delimiter).zip(row.split(delimiter)).enumerate() {
            let name = example.record.intern(name.as_bytes());
            let node = example.record.node(None, Step::Column(name, i as u32));
            example.leaf(cell, Role::Value, Some(node));
        }
        example
    }

    fn value(&mut self, json: &Json, node: Option<NodeId>) {
        match json {
            Json::Object(map) => {
                for (key, inner) in map {
                    let key = self.record.intern(key.as_bytes());
                    let node = self.record.node(node, Step::Key(key));
                    self.value(inner, Some(node));
                }
            }
            Json::Array(list) => {
                for (i, inner) in list.iter().enumerate() {
                    let node = self.record.node(node, Step::Index(i as u64));
                    self.value(inner, Some(node));
                }
            }
            Json::String(s) => self.leaf(s, Role::Value, node),
            other => self.leaf(&other.to_string(), Role::Number, node),
        }
    }

    pub fn leaf(&mut self, text: &str, role: Role, node: Option<NodeId>) {
        let start = self.unit.len();
        self.unit.extend_from_slice(text.as_bytes());
        let segment = Segment::plain(Span::new(start, self.unit.len()), role);
        self.record.segments.push(Segment { node, ..segment });
    }

    /// What the field rules find in it, and the text of each.
    pub fn judged(&self, detectors: &Detectors, scratch: &mut Scratch) -> Vec<(Whole, String)> {
        let mut verdicts = Vec::new();
        detectors.judge(&self.unit, &self.record, &vec![false; self.record.segments.len()], scratch, &mut verdicts);
        let wholes = self.record.segments.iter().zip(verdicts).filter_map(|(s, v)| Some((s, v.whole?)));
        wholes
            .map(|(s, w)| {
                let text = &self.record.text(s, &self.unit)[w.span.range()];
                (w, String::from_utf8_lossy(text).into_owned())
            })
            .collect()
    }
}

/// What is wrong with the examples of a field rule. A hit must be found by this very rule; other values beside it may be
/// found as other entities, by their own rules.
pub fn complaints(detectors: &Detectors, rule: &Rule) -> Vec<String> {
    let mut wrong = Vec::new();
    let place = format!("{}:{}: field `{}`", rule.origin.display(), rule.line, rule.id);
    let (rules, mut scratch) = (detectors.rules(), Scratch { judging: Judging::default(), ..Scratch::default() });
    for (example, is_hit) in rule.hits.iter().map(|e| (e, true)).chain(rule.misses.iter().map(|e| (e, false))) {
        let marked: Vec<&str> = example.split('«').skip(1).filter_map(|r| Some(r.split_once('»')?.0)).collect();
        let records = Example::read(&example.replace(['«', '»'], "")).filter(|_| marked.is_empty() != is_hit);
        let Some(records) = records else {
            wrong.push(format!(
                "{place}: an example is JSON or CSV; hits mark values with « and », misses have none: {example:?}"
            ));
            continue;
        };
        let all: Vec<_> = records.iter().flat_map(|r| r.judged(detectors, &mut scratch)).collect();
        let same: Vec<_> = all.iter().filter(|(w, _)| w.entity == rule.entity).collect();
        let by_rule = same.is_empty() || same.iter().any(|(w, _)| rules.rule(w.rule).id == rule.id);
        if !same.iter().map(|(_, t)| t.as_str()).eq(marked) || !by_rule {
            let got: Vec<_> = all.iter().map(|(w, t)| format!("{} by {}", t, rules.rule(w.rule).id)).collect();
            wrong.push(format!("{place}: in {example:?}: found {got:?}"));
        }
    }
    wrong
}
