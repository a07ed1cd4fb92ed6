//! What `check` reports, as SARIF: what does not stand as it should, by how it stands.

use super::forms::{Report, counts};
use crate::annex::held::{Found, Item, Standing};
use crate::report::sarif::{Level, Location, Outcome, Rule, Writer};
use serde::Serialize;
use std::io::{self, Write};

/// By standing: id, level, what it says, what to do.
const RULES: [(&str, Level, &str, &str); 4] = [
    (
        "ruled-out",
        Level::Error,
        "The agreement rules this data out, and it is there.",
        "Remove it, or find out how it came here.",
    ),
    (
        "undeclared",
        Level::Error,
        "The agreement does not declare this data, and it is there.",
        "Remove it, or have the agreement declare it.",
    ),
    (
        "open",
        Level::Warning,
        "Only a label that sets no limit covers this data.",
        "Find out whether it is meant; --closed fails on it.",
    ),
    (
        "absent",
        Level::Note,
        "The agreement declares this data, and none was found.",
        "It may be declared without need, or be in data that was not looked at.",
    ),
];

#[derive(Serialize)]
struct Counts<'a> {
    category: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    findings: u64,
    distinct: u64,
    distinct_exact: bool,
    records: u64,
    samples: &'a [String],
}

#[derive(Serialize)]
struct Covers<'a> {
    subject: &'a str,
    covers: &'a [String],
}

impl Report<'_> {
    /// The report as SARIF.
    pub fn sarif(&self) -> String {
        let mut out = Vec::new();
        // Memory takes all that is written.
        let _ = self.log(&mut out);
        String::from_utf8(out).unwrap_or_default()
    }

    fn log(&self, out: &mut dyn Write) -> io::Result<()> {
        let rules = RULES.map(|(id, level, says, help)| Rule::new(id, level, says.to_owned(), help));
        let mut log = Writer::default();
        log.begin(&rules, out)?;
        let row = |standing: Standing| RULES.iter().position(|r| r.0 == standing.name());
        for (f, row) in self.held.found.iter().filter_map(|f| Some((f, row(f.standing)?))) {
            log.result(&found(f, row), out)?;
        }
        for item in &self.held.absent {
            log.result(&absent(item), out)?;
        }
        let declared = self.held.found.iter().filter(|f| f.standing == Standing::Declared).count();
        // What is as it should be is no result; how much of it there is stands here.
        let properties = serde_json::json!({
            "annex": self.annex,
            "title": self.title,
            "records": self.records,
            "declared": declared,
            "unseen": self.held.unseen.len(),
            "rules_sha256": self.rules_sha256,
            "note": self.note,
        });
        log.end(self.complete, &properties, out)
    }
}

fn found(f: &Found, row: usize) -> Outcome<'_, Counts<'_>> {
    let (id, level, ..) = RULES[row];
    let of = f.subject.as_ref().map_or(String::new(), |s| format!(" of {s}"));
    let says = if f.says.is_empty() { String::new() } else { format!(" The agreement: {}.", f.says.join("; ")) };
    let standing = ["ruled out", "not declared", "covered only by a label that sets no limit"][row];
    let says = format!("{}{of} ({}) is {standing}: {}.{says}", f.entity, f.category, counts(f));
    let locations = f.places.iter().map(|p| Location::line(&p.path, p.line)).collect();
    let properties = Counts {
        category: f.category,
        subject: f.subject.as_deref(),
        findings: f.findings,
        distinct: f.distinct,
        distinct_exact: f.distinct_exact,
        records: f.records,
        samples: &f.samples,
    };
    let outcome = Outcome::new((id, row), level, says, locations, properties);
    if f.known { outcome.accepted("known from the baseline") } else { outcome }
}

fn absent(item: &Item) -> Outcome<'_, Covers<'_>> {
    let (id, level, ..) = RULES[3];
    let says = format!("Declared of {}, and not found: {}, {}.", item.subject, item.label, item.says);
    let place = Location::named(format!("{}/{}/{}", item.subject, item.label, item.says));
    Outcome::new((id, 3), level, says, vec![place], Covers { subject: &item.subject, covers: &item.covers })
}
