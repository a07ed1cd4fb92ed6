//! Counts by entity, category, field and file.

use super::masked::plain;
use crate::model::{Category, EntityType, Finding};
use crate::patterns::RuleSet;
use serde::Serialize;
use std::collections::BTreeMap;

/// The most fields and files that are counted by name; the rest is counted together, so that memory is bounded.
const NAMES: usize = 10_000;
/// What the rest is called.
const REST: &str = "(others)";

/// Counts of findings.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Summary {
    /// All.
    pub findings: u64,
    /// By entity.
    pub entities: BTreeMap<String, u64>,
    /// By category.
    pub categories: BTreeMap<&'static str, u64>,
    /// By field: column, pointer with array indices as `*`, or part of the format.
    pub fields: BTreeMap<String, u64>,
    /// By file.
    pub files: BTreeMap<String, u64>,
    #[serde(skip)]
    counts: Vec<u64>,
}

fn count(map: &mut BTreeMap<String, u64>, name: &str, by: u64) {
    if let Some(n) = map.get_mut(name) {
        *n += by;
    } else if map.len() < NAMES {
        map.insert(name.to_owned(), by);
    } else {
        *map.entry(REST.to_owned()).or_default() += by;
    }
}

impl Summary {
    /// Counts findings by entity: cheap, called for every unit.
    pub fn count(&mut self, findings: &[Finding]) {
        findings.iter().for_each(|f| self.one(f.entity));
    }

    /// Counts a finding in the name of a file or member.
    pub fn name(&mut self, entity: EntityType) {
        self.one(entity);
        count(&mut self.fields, "(name)", 1);
    }

    fn one(&mut self, entity: EntityType) {
        let i = entity.index();
        if i >= self.counts.len() {
            self.counts.resize(i + 1, 0);
        }
        self.counts[i] += 1;
    }

    /// Counts findings in a field.
    pub fn field(&mut self, field: &str, findings: u64) {
        count(&mut self.fields, field, findings);
    }

    /// Counts a file's findings.
    pub fn file(&mut self, path: &str, findings: u64) {
        count(&mut self.files, path, findings);
    }

    /// Gives the counts their names, when all is counted.
    pub fn finish(&mut self, rules: &RuleSet) {
        for (i, n) in std::mem::take(&mut self.counts).into_iter().enumerate().filter(|(_, n)| *n > 0) {
            let entity = &rules.entities()[i];
            *self.entities.entry(entity.name.clone()).or_default() += n;
            *self.categories.entry(entity.category.id()).or_default() += n;
            self.findings += n;
        }
    }

    /// As CSV: what is counted, its name, its count.
    pub fn csv(&self) -> String {
        let mut out = String::from("by,name,findings\n");
        let named = |by: &str, name: &str, n: u64| format!("{by},{},{n}\n", super::csv::quoted(&plain(name)));
        self.entities.iter().for_each(|(k, n)| out.push_str(&named("entity", k, *n)));
        self.categories.iter().for_each(|(k, n)| out.push_str(&named("category", k, *n)));
        self.fields.iter().for_each(|(k, n)| out.push_str(&named("field", k, *n)));
        self.files.iter().for_each(|(k, n)| out.push_str(&named("file", k, *n)));
        out
    }

    /// As text, in columns.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let mut part = |title: &str, rows: Vec<(&str, u64)>| {
            if rows.is_empty() {
                return;
            }
            let width = rows.iter().map(|(n, _)| n.chars().count()).max().unwrap_or(0);
            out.push_str(&format!("{title}\n"));
            for (name, n) in rows {
                out.push_str(&format!("  {:width$}  {n}\n", plain(name)));
            }
        };
        part("entity", sorted(self.entities.iter().map(|(k, v)| (k.as_str(), *v))));
        let order = |id: &str| Category::ALL.iter().position(|c| c.id() == id);
        let mut categories: Vec<_> = self.categories.iter().map(|(k, v)| (*k, *v)).collect();
        categories.sort_by_key(|(id, _)| order(id));
        part("category", categories);
        part("field", sorted(self.fields.iter().map(|(k, v)| (k.as_str(), *v))));
        part("file", self.files.iter().map(|(k, v)| (k.as_str(), *v)).collect());
        out.push_str(&format!("findings  {}\n", self.findings));
        out
    }
}

/// The most frequent first.
fn sorted<'a>(rows: impl Iterator<Item = (&'a str, u64)>) -> Vec<(&'a str, u64)> {
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_bounded() {
        let mut s = Summary::default();
        for i in 0..NAMES + 5 {
            s.file(&format!("f{i}"), 1);
        }
        assert_eq!(s.files.len(), NAMES + 1);
        assert_eq!(s.files[REST], 5);
    }
}
