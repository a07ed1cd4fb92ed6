//! The forms of what `check` reports.

use crate::annex::Subject;
use crate::annex::held::{Found, Held, Standing};
use crate::model::Category;
use serde::Serialize;

/// What every report ends with.
pub(super) const NOTE: &str = "Evidence for whoever answers for the data, not legal advice.";

/// The JSON form of the report.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    pub annex: &'a str,
    pub title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dated: Option<&'a str>,
    pub subjects: Vec<SubjectRow<'a>>,
    /// Everything that was named could be looked at.
    pub complete: bool,
    pub records: u64,
    #[serde(flatten)]
    pub held: &'a Held,
    pub rules_sha256: String,
    pub note: &'static str,
}

#[derive(Serialize)]
pub(super) struct SubjectRow<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'a str>,
}

impl SubjectRow<'_> {
    pub fn of(s: &Subject) -> SubjectRow<'_> {
        SubjectRow { id: &s.id, name: &s.name, role: s.role.as_deref() }
    }
}

const TITLES: [(Standing, &str); 4] = [
    (Standing::RuledOut, "RULED OUT, AND FOUND"),
    (Standing::Undeclared, "NOT DECLARED, AND FOUND"),
    (Standing::Open, "COVERED ONLY BY A LABEL THAT SETS NO LIMIT"),
    (Standing::Declared, "DECLARED, AND FOUND"),
];

impl Report<'_> {
    fn head(&self) -> String {
        let dated = self.dated.map_or(String::new(), |d| format!(" ({d})"));
        let incomplete = if self.complete { "" } else { "; NOT ALL INPUTS COULD BE READ" };
        format!("{}{dated}: {} records{incomplete}", self.title, self.records)
    }

    fn verdict(&self) -> String {
        let count = |standing| self.held.found.iter().filter(|f| f.standing == standing).count();
        format!(
            "{} ruled out, {} not declared, {} open, {} declared and found, {} declared and not found",
            count(Standing::RuledOut),
            count(Standing::Undeclared),
            count(Standing::Open),
            count(Standing::Declared),
            self.held.absent.len()
        )
    }

    pub fn text(&self) -> String {
        let mut out = format!("{}\n", self.head());
        for (standing, title) in TITLES {
            let found: Vec<&Found> = self.held.found.iter().filter(|f| f.standing == standing).collect();
            if found.is_empty() {
                continue;
            }
            out += &format!("\n{title}\n");
            let width = found.iter().map(|f| f.entity.len()).max().unwrap_or(0);
            for f in found {
                let subject = f.subject.as_ref().map_or(String::new(), |s| format!("  [{s}]"));
                out += &format!("  {:width$}  {}{subject}\n", f.entity, counts(f));
                for says in &f.says {
                    out += &format!(
                        "      {}\n",
                        if standing == Standing::RuledOut { format!("ruled out: {says}") } else { says.clone() }
                    );
                }
                if !f.samples.is_empty() {
                    out += &format!("      {}   {}\n", f.samples.join(", "), f.places.join(", "));
                }
            }
        }
        for (items, title) in [
            (&self.held.absent, "DECLARED, AND NOT FOUND"),
            (&self.held.unseen, "DECLARED, AND NOT LOOKED FOR (activity as such)"),
        ] {
            if !items.is_empty() {
                out += &format!("\n{title}\n");
                for i in items {
                    out += &format!("  [{}] {}: {}\n", i.subject, i.label, i.says);
                }
            }
        }
        out + &format!("\n{}\n{}\n", self.verdict(), self.note)
    }

    pub fn markdown(&self) -> String {
        let cell = |s: &str| s.replace('|', "\\|").replace(['\n', '\r'], " ");
        let mut out = format!("# {}\n\n{}\n", cell(self.title), cell(&self.head()));
        for (standing, title) in TITLES {
            let found: Vec<&Found> = self.held.found.iter().filter(|f| f.standing == standing).collect();
            if found.is_empty() {
                continue;
            }
            out += &format!("\n## {}{}\n\n", &title[..1], title[1..].to_lowercase());
            out += "| entity | category | subject | findings | different | records | in the agreement | first places | samples |\n|---|---|---|--:|--:|--:|---|---|---|\n";
            for f in found {
                out += &format!(
                    "| {} | {} | {} | {} | {}{} | {} | {} | {} | {} |\n",
                    f.entity,
                    f.category,
                    f.subject.as_deref().unwrap_or("not told"),
                    f.findings,
                    if f.distinct_exact { "" } else { "about " },
                    f.distinct,
                    f.records,
                    cell(&f.says.join("; ")),
                    cell(&f.places.join(", ")),
                    cell(&f.samples.join(", ")),
                );
            }
        }
        for (items, title) in
            [(&self.held.absent, "Declared, and not found"), (&self.held.unseen, "Declared, and not looked for")]
        {
            if !items.is_empty() {
                out += &format!("\n## {title}\n\n| subject | label | item |\n|---|---|---|\n");
                for i in items {
                    out += &format!("| {} | {} | {} |\n", cell(&i.subject), cell(&i.label), cell(&i.says));
                }
            }
        }
        out + &format!("\n{}\n\n{}\n", self.verdict(), self.note)
    }
}

fn counts(f: &Found) -> String {
    let about = if f.distinct_exact { "" } else { "about " };
    if f.entity == Category::Communication.id() {
        return counted(f.records, "record");
    }
    let (findings, records) = (counted(f.findings, "finding"), counted(f.records, "record"));
    format!("{findings}, {about}{} different, in {records}", f.distinct)
}

fn counted(n: u64, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}
