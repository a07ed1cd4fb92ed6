//! What `check` reports, as a page: in HTML and Markdown.

use super::forms::{Report, fields, new_fields, places};
use crate::annex::compare::{self, Change};
use crate::annex::held::{Found, Item, Standing};
use crate::model::Category;
use crate::report::NOTE;
use crate::report::page::{Block, Cell, Chart, Kind, Page, Section, Table, Tone, counted, grouped};

/// A standing: its section's title, what it means, how it is to be taken.
const PARTS: [(Standing, &str, &str, Tone); 4] = [
    (Standing::RuledOut, "Ruled out, and found", "The agreement says that this is not in the data.", Tone::Bad),
    (Standing::Undeclared, "Not declared, and found", "No label of the agreement covers this.", Tone::Bad),
    (
        Standing::Open,
        "Covered only by a label that sets no limit",
        "It passes unless --closed or --fail-on open asks for more.",
        Tone::Doubtful,
    ),
    (Standing::Declared, "Declared, and found", "A label of the agreement covers this.", Tone::Good),
];

impl Report<'_> {
    /// The report as a page.
    pub fn page(&self) -> Page {
        let dated = self.dated.map_or(String::new(), |d| format!(" ({d})"));
        let mut sections = vec![self.chart()];
        sections.extend(PARTS.map(|part| self.part(part)));
        sections.push(items("Declared, and not found", "Nothing of this was seen in the data.", &self.held.absent));
        let unseen = "Activity as such need not show in fields.";
        sections.push(items("Declared, and not seen", unseen, &self.held.unseen));
        sections.push(self.not_here());
        let warning = "Not all inputs could be read: this check is not complete, and does not pass.";
        Page {
            title: format!("{}{dated}", self.title),
            verdict: self.outcome(),
            warning: (!self.complete).then(|| warning.to_owned()),
            figures: vec![
                (Tone::Bad, self.count(Standing::RuledOut), "ruled out, and found"),
                (Tone::Bad, self.count(Standing::Undeclared), "not declared, and found"),
                (Tone::Doubtful, self.count(Standing::Open), "only openly declared"),
                (Tone::Good, self.count(Standing::Declared), "declared, and found"),
                (Tone::Plain, self.held.absent.len() as u64, "declared, and not found"),
            ],
            facts: self.facts(),
            sections,
            note: self.note,
        }
    }

    /// The verdict, as `check`'s status gives it without further options.
    fn outcome(&self) -> (Tone, String) {
        let fresh = |standing| self.held.found.iter().filter(|f| f.standing == standing && !f.known).count() as u64;
        let kinds = |n| counted(n, "kind");
        let (tone, says) = match (fresh(Standing::RuledOut), fresh(Standing::Undeclared), fresh(Standing::Open)) {
            (0, 0, 0) => (Tone::Good, "All that was found is declared.".to_owned()),
            (0, 0, n) => {
                let says = "of data only by a label that sets no limit.";
                (Tone::Doubtful, format!("All that was found is declared, {} {says}", kinds(n)))
            }
            (0, n, _) => (Tone::Bad, format!("{} of data found that the agreement does not declare.", kinds(n))),
            (n, 0, _) => (Tone::Bad, format!("{} of data found that the agreement rules out.", kinds(n))),
            (n, m, _) => {
                let says = format!("of data found that the agreement rules out, {m} that it does not declare.");
                (Tone::Bad, format!("{} {says}", kinds(n)))
            }
        };
        match self.held.found.iter().filter(|f| f.known && f.standing < Standing::Declared).count() as u64 {
            0 => (tone, says),
            n if tone == Tone::Good => {
                (Tone::Doubtful, format!("Nothing that is not declared but {}, known from the baseline.", kinds(n)))
            }
            n => (tone, format!("{says} {} more known from the baseline.", kinds(n))),
        }
    }

    fn count(&self, standing: Standing) -> u64 {
        self.held.found.iter().filter(|f| f.standing == standing).count() as u64
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let subject = |s: &super::forms::SubjectRow<'_>| match s.role {
            Some(role) => format!("{} ({role})", s.name),
            None => s.name.to_owned(),
        };
        let subjects: Vec<String> = self.subjects.iter().map(subject).collect();
        let told = match self.held.found.iter().filter(|f| f.subject.is_some()).count() {
            _ if self.held.found.is_empty() => "nothing was found",
            0 => "not told by the data: every subject's labels count",
            n if n == self.held.found.len() => "told for all that was found",
            _ => "told for a part, by row",
        };
        let left_out = self.options.left_out();
        vec![
            ("annex", self.annex.to_owned()),
            ("subjects", if subjects.is_empty() { "none".into() } else { subjects.join(", ") }),
            ("whose data", told.to_owned()),
            ("records", grouped(self.records)),
            ("people", self.persons()),
            ("left out by choice", if left_out.is_empty() { "nothing".into() } else { left_out.join("; ") }),
            ("not looked at", self.unread.told().unwrap_or_else(|| "nothing".into())),
            ("complete", if self.complete { "yes" } else { "no" }.into()),
            ("rules, SHA-256", self.rules_sha256.clone()),
        ]
    }

    /// All findings; the tables of the sections below have the same numbers.
    fn chart(&self) -> Section {
        let bar = |f: &Found| {
            let part = PARTS.iter().find(|p| p.0 == f.standing);
            let subject = f.subject.as_ref().map_or(String::new(), |s| format!(" [{s}]"));
            let name = format!("{}{subject}, {}", f.entity, f.standing.name());
            (name, f.findings, part.map_or(Tone::Plain, |p| p.3))
        };
        let bars: Vec<_> =
            self.held.found.iter().filter(|f| f.entity != Category::Communication.id()).map(bar).collect();
        let title = "Findings by entity, the worst standing first".to_owned();
        let blocks = match bars.is_empty() {
            true => Vec::new(),
            false => vec![Block::Chart(Chart { title, upright: false, bars })],
        };
        Section { title: "At a glance".into(), blocks, ..Section::default() }
    }

    fn part(&self, (standing, title, lead, tone): (Standing, &'static str, &'static str, Tone)) -> Section {
        let found: Vec<&Found> = self.held.found.iter().filter(|f| f.standing == standing).collect();
        let row = |f: &&Found| {
            let records = f.entity == Category::Communication.id();
            vec![
                match records {
                    true => Cell::text(&f.entity),
                    false => Cell::List(vec![f.entity.clone(), f.category.to_owned()]),
                },
                Cell::text(self.subject(f)),
                if records { Cell::text("") } else { Cell::Number(f.findings) },
                match f.distinct_exact {
                    _ if records => Cell::text(""),
                    true => Cell::Number(f.distinct),
                    false => Cell::About(f.distinct),
                },
                Cell::Number(f.records),
                Cell::List(f.says.clone()),
                Cell::List(fields(f)),
                Cell::text(since(f)),
                Cell::List(places(f)),
                Cell::List(f.samples.clone()),
            ]
        };
        let columns = vec![
            ("entity", Kind::Code),
            ("subject", Kind::Words),
            ("findings", Kind::Number),
            ("different", Kind::Number),
            ("records", Kind::Number),
            ("in the agreement", Kind::Words),
            ("fields", Kind::Code),
            ("since the baseline", Kind::Words),
            ("first places", Kind::Code),
            ("samples, masked", Kind::Code),
        ];
        let rows: Vec<_> = found.iter().map(row).collect();
        let table = Table { caption: title.into(), columns, rows, more: None }.filled();
        let blocks = if found.is_empty() { Vec::new() } else { vec![Block::Table(table)] };
        Section { title: title.into(), lead: Some(lead.into()), tone, blocks }
    }

    fn not_here(&self) -> Section {
        let name = |id: &String| self.subjects.iter().find(|s| s.id == *id).map_or(id.as_str(), |s| s.name).to_owned();
        let rows: Vec<_> = self.held.not_here.iter().map(|id| vec![Cell::Text(name(id)), Cell::text(id)]).collect();
        let columns = vec![("subject", Kind::Words), ("id", Kind::Code)];
        let lead = "Whose data it is could be told for all that was looked at, and none of it is theirs.";
        section("No data of", lead, columns, rows)
    }

    fn subject(&self, f: &Found) -> &str {
        // Where the data tells of nobody whose it is, that is said once, above.
        let told = self.held.found.iter().any(|f| f.subject.is_some());
        let named = |id: &String| self.subjects.iter().find(|s| s.id == id).map(|s| s.name);
        f.subject.as_ref().and_then(named).unwrap_or(if told { "not told by the data" } else { "" })
    }
}

fn items(title: &str, lead: &str, items: &[Item]) -> Section {
    let row = |i: &Item| {
        let covers = Cell::text(i.covers.join(", "));
        vec![Cell::text(&i.says), Cell::text(&i.label), Cell::text(&i.subject), covers]
    };
    let columns =
        vec![("item", Kind::Words), ("label", Kind::Words), ("subject", Kind::Words), ("read as", Kind::Code)];
    section(title, lead, columns, items.iter().map(row).collect())
}

/// How a row stands to the baseline, if there is one.
fn since(f: &Found) -> String {
    match f.known {
        true => "known".into(),
        false if f.new_fields.is_empty() => String::new(),
        false => format!("new in {}", new_fields(f)),
    }
}

/// What has changed between two annexes or two reports, as a page.
pub(super) fn changes(before: &str, after: &str, changes: &[Change]) -> Page {
    let count = |kind| changes.iter().filter(|c| c.kind == kind).count() as u64;
    let row = |c: &Change| {
        let kind = match c.kind {
            compare::Kind::New => "new",
            compare::Kind::Gone => "gone",
            compare::Kind::Changed => "changed",
        };
        let subject = c.subject.as_deref().unwrap_or_default();
        vec![Cell::text(kind), Cell::text(&c.what), Cell::text(subject), Cell::text(c.says.join(" → "))]
    };
    let columns = vec![("how", Kind::Words), ("what", Kind::Words), ("subject", Kind::Words), ("says", Kind::Words)];
    let lead = "New: only the later one has it. Gone: only the earlier one. Changed: what the earlier one says, then the later.";
    let differences = section("Differences", lead, columns, changes.iter().map(row).collect());
    Page {
        title: "What has changed".into(),
        verdict: match changes.len() as u64 {
            0 => (Tone::Good, "Nothing has changed.".into()),
            n => (Tone::Doubtful, format!("{}.", counted(n, "difference"))),
        },
        figures: vec![
            (Tone::Doubtful, count(compare::Kind::New), "new"),
            (Tone::Plain, count(compare::Kind::Gone), "gone"),
            (Tone::Doubtful, count(compare::Kind::Changed), "changed"),
        ],
        facts: vec![("before", before.to_owned()), ("after", after.to_owned())],
        sections: vec![differences],
        note: NOTE,
        ..Page::default()
    }
}

/// A section with one table.
fn section(title: &str, lead: &str, columns: Vec<(&'static str, Kind)>, rows: Vec<Vec<Cell>>) -> Section {
    let blocks = match rows.is_empty() {
        true => Vec::new(),
        false => vec![Block::Table(Table { caption: title.into(), columns, rows, more: None }.filled())],
    };
    Section { title: title.into(), lead: Some(lead.into()), blocks, ..Section::default() }
}
