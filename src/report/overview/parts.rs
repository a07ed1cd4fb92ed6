//! The page of what a scan found, part by part.

use super::super::NOTE;
use super::super::page::{Block, Cell, Chart, Kind, Page, Section, Table, Tone, counted, cut, grouped};
use super::{ByCategory, OTHERS, Overview, Run, index};
use crate::model::Category;
use crate::patterns::RuleSet;
use std::collections::HashMap;

/// Rows of a table of files, fields or conversations.
const ROWS: usize = 50;

impl Overview {
    /// The page.
    pub fn page(&self, rules: &RuleSet, run: &Run) -> Page {
        let findings: u64 = self.categories.iter().sum();
        let held = self.files.counts.values().filter(|n| n.iter().any(|n| *n > 0)).count() as u64;
        let kinds = self.entities.iter().filter(|e| e.0 > 0).count() as u64;
        let verdict = match (findings, run.complete) {
            (0, true) => (Tone::Good, "No personal data was found.".to_owned()),
            (0, false) => (Tone::Plain, "No personal data was found in what could be read.".to_owned()),
            _ => {
                let (kinds, files) = (counted(kinds, "kind"), counted(run.files, "file"));
                (Tone::Doubtful, format!("{} of {kinds}, in {held} of {files}.", counted(findings, "finding")))
            }
        };
        let warning = "Not all that was named could be read. Standard error named what is missing here.";
        let special = self.categories[index(Category::Special)];
        let secrets = self.categories[index(Category::Credential)];
        Page {
            title: "Personal data found".into(),
            verdict,
            warning: (!run.complete).then(|| warning.to_owned()),
            figures: vec![
                (Tone::Doubtful, findings, "findings"),
                (Tone::Plain, kinds, "kinds of data"),
                (Tone::Plain, held, "files that hold some"),
                (Tone::Bad, secrets, "passwords, keys, tokens"),
                (Tone::Bad, special, "of special categories"),
            ],
            facts: run.facts(rules),
            sections: vec![
                self.by_category(findings),
                self.by_entity(rules, findings),
                self.by_file(findings),
                self.by_field(findings),
                self.by_conversation(),
                self.by_time(),
                self.places(rules),
            ],
            note: NOTE,
        }
    }

    fn by_category(&self, findings: u64) -> Section {
        let found = || Category::ALL.iter().zip(self.categories).filter(|(_, n)| *n > 0);
        let bars = found().map(|(c, n)| (c.id().to_owned(), n, tone(*c))).collect();
        let rows = found().map(|(c, n)| vec![Cell::text(c.id()), Cell::Number(n), Cell::share(n, findings)]).collect();
        let columns = vec![("category", Kind::Words), ("findings", Kind::Number), ("share", Kind::Number)];
        Section {
            title: "By category".into(),
            lead: Some("The kinds of personal data that agreements name.".into()),
            blocks: blocks(
                Some(Chart { title: "Findings by category".into(), upright: false, bars }),
                Table { caption: "Findings by category".into(), columns, rows, more: None },
            ),
            ..Section::default()
        }
    }

    /// Entities that were found and how often, the most frequent first.
    fn frequent(&self) -> Vec<(usize, u64)> {
        let mut found: Vec<_> =
            self.entities.iter().enumerate().filter(|(_, e)| e.0 > 0).map(|(i, e)| (i, e.0)).collect();
        found.sort_by_key(|(i, n)| (std::cmp::Reverse(*n), *i));
        found
    }

    fn by_entity(&self, rules: &RuleSet, findings: u64) -> Section {
        let found = self.frequent();
        let row = |&(i, n): &(usize, u64)| {
            let e = &rules.entities()[i];
            vec![Cell::text(&e.name), Cell::text(e.category.id()), Cell::Number(n), Cell::share(n, findings)]
        };
        let columns = vec![
            ("entity", Kind::Code),
            ("category", Kind::Words),
            ("findings", Kind::Number),
            ("share", Kind::Number),
        ];
        let table =
            Table { caption: "Findings by entity".into(), columns, rows: found.iter().map(row).collect(), more: None };
        Section { title: "By entity".into(), blocks: blocks(None, table), ..Section::default() }
    }

    fn by_file(&self, findings: u64) -> Section {
        let row = |path: &str, found: &ByCategory| {
            let mut by: Vec<_> = Category::ALL.iter().zip(found).filter(|(_, n)| **n > 0).collect();
            by.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
            let kinds: Vec<String> = by.iter().map(|(c, n)| format!("{c} {}", grouped(**n))).collect();
            let n = found.iter().sum();
            (n, vec![Cell::text(path), Cell::Number(n), Cell::share(n, findings), Cell::text(kinds.join(", "))])
        };
        let columns =
            vec![("file", Kind::Code), ("findings", Kind::Number), ("share", Kind::Number), ("of which", Kind::Words)];
        named("By file", "Findings by file", "file", columns, self.files.rows(row))
    }

    fn by_field(&self, findings: u64) -> Section {
        let row = |field: &str, n: &u64| (*n, vec![Cell::text(field), Cell::Number(*n), Cell::share(*n, findings)]);
        let columns = vec![("field", Kind::Code), ("findings", Kind::Number), ("share", Kind::Number)];
        let mut section = named("By field", "Findings by field", "field", columns, self.fields.rows(row));
        section.lead = Some(
            "JSON pointers with * for any element of a list, columns, or parts of a format. Plain text has no fields."
                .into(),
        );
        section
    }

    fn by_conversation(&self) -> Section {
        let here = |(file, here): &'_ (String, HashMap<String, u64>)| {
            let row =
                |(pointer, n): (&String, &u64)| (*n, vec![Cell::text(file), Cell::text(pointer), Cell::Number(*n)]);
            let mut rows: Vec<_> = here.iter().collect();
            rows.sort_unstable();
            rows.into_iter().map(row).collect::<Vec<_>>()
        };
        let mut rows: Vec<_> = self.conversations.iter().flat_map(here).collect();
        rows.sort_by_key(|r| std::cmp::Reverse(r.0));
        if self.others > 0 {
            rows.push((self.others, vec![Cell::text(OTHERS), Cell::text(""), Cell::Number(self.others)]));
        }
        let columns = vec![("file", Kind::Code), ("conversation", Kind::Code), ("findings", Kind::Number)];
        let mut section = named("By conversation", "Findings by conversation", "conversation", columns, rows);
        section.lead = Some(
            "Of documents that hold several: each object with a list of messages. A file of another format is one conversation, or \
             its records do not say in a way that could be shown without their values."
                .into(),
        );
        section
    }

    fn by_time(&self) -> Section {
        let spans = self.times.spans();
        let bars = spans.iter().map(|(from, _, n)| (clock(*from), *n, Tone::Plain)).collect();
        let row = |(from, to, n): &(u64, u64, u64)| {
            vec![Cell::text(format!("{} to {}", clock(*from), clock(*to))), Cell::Number(*n)]
        };
        let columns = vec![("time", Kind::Words), ("findings", Kind::Number)];
        let caption = "Findings by time since the recording began";
        let rows = spans.iter().filter(|s| s.2 > 0).map(row).collect();
        Section {
            title: "Over time".into(),
            lead: Some("Of transcripts: when in the recording it is said, all recordings together. Other formats are not counted here.".into()),
            blocks: blocks(Some(Chart { title: caption.into(), upright: true, bars }), Table { caption: caption.into(), columns, rows, more: None }),
            ..Section::default()
        }
    }

    fn places(&self, rules: &RuleSet) -> Section {
        let table = |(i, n): (usize, u64)| {
            let places = &self.entities[i].1;
            let rows = places.iter().map(|p| {
                let sample = Cell::text(&p.sample);
                vec![Cell::text(&p.at), Cell::text(&p.field), sample, Cell::text(format!("{:.2}", p.score))]
            });
            let more = n - places.len() as u64;
            Block::Table(Table {
                caption: format!("{}: {}", rules.entities()[i].name, counted(n, "finding")),
                columns: vec![
                    ("place", Kind::Code),
                    ("field", Kind::Code),
                    ("sample, masked", Kind::Code),
                    ("score", Kind::Number),
                ],
                rows: rows.collect(),
                more: (more > 0).then(|| format!("and {} not shown", counted(more, "more finding"))),
            })
        };
        Section {
            title: "First places".into(),
            lead: Some("File, line and column.".into()),
            blocks: self.frequent().into_iter().filter(|(i, _)| !self.entities[*i].1.is_empty()).map(table).collect(),
            ..Section::default()
        }
    }
}

impl Run {
    fn facts(&self, rules: &RuleSet) -> Vec<(&'static str, String)> {
        vec![
            ("looked at", self.named.join(", ")),
            ("looked for", self.wanted.clone()),
            ("not looked at", self.not_looked_at.clone().unwrap_or_else(|| "nothing".into())),
            ("files", grouped(self.files)),
            ("records", grouped(self.records)),
            ("bytes", grouped(self.bytes)),
            ("lowest score", format!("{}", (f64::from(self.min_score) * 100.0).round() / 100.0)),
            ("rules, SHA-256", rules.digest()),
        ]
    }
}

fn tone(category: Category) -> Tone {
    if matches!(category, Category::Special | Category::Credential) { Tone::Bad } else { Tone::Plain }
}

/// A section with a table of names, or none if there's nothing to show.
fn named(
    title: &str,
    caption: &str,
    what: &str,
    columns: Vec<(&'static str, Kind)>,
    rows: Vec<(u64, Vec<Cell>)>,
) -> Section {
    let (rows, more) = cut(rows.into_iter().map(|r| r.1).collect(), ROWS, what);
    let table = Table { caption: caption.into(), columns, rows, more };
    Section { title: title.into(), blocks: blocks(None, table), ..Section::default() }
}

/// A table, with a chart before it; neither if there's nothing to show.
fn blocks(chart: Option<Chart>, table: Table) -> Vec<Block> {
    if table.rows.is_empty() {
        return Vec::new();
    }
    chart.map(Block::Chart).into_iter().chain([Block::Table(table)]).collect()
}

/// Seconds as `1:02:03`.
fn clock(seconds: u64) -> String {
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if h > 0 { format!("{h}:{m:02}:{s:02}") } else { format!("{m}:{s:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        assert_eq!([0, 59, 61, 3599, 3661].map(clock), ["0:00", "0:59", "1:01", "59:59", "1:01:01"]);
    }
}
