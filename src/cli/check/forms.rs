//! The forms of what `check` reports.

use crate::annex::Subject;
use crate::annex::compare::{Change, Kind};
use crate::annex::held::{Found, Held, Standing};
use crate::annex::people::Count;
use crate::cli::chosen::Chosen;
use crate::cli::unread::Unread;
use crate::model::Category;
use crate::report::counted;
use crate::report::masked::plain;
use serde::Serialize;

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
    /// How many people it is about.
    pub people: Count,
    /// What was looked for.
    pub options: &'a Chosen,
    /// What was not looked at.
    #[serde(rename = "not_looked_at")]
    pub unread: &'a Unread,
    #[serde(flatten)]
    pub held: &'a Held,
    pub rules_sha256: String,
    pub note: &'static str,
}

#[derive(Serialize)]
pub(super) struct SubjectRow<'a> {
    pub id: &'a str,
    pub name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<&'a str>,
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
        format!("{}{dated}: {}{incomplete}", self.title, counted(self.records, "record"))
    }

    /// How many people it is about.
    pub fn persons(&self) -> String {
        let ids: Vec<&str> = self.subjects.iter().map(|s| s.id).collect();
        self.people.told(&ids)
    }

    fn verdict(&self) -> String {
        let count = |standing| self.held.found.iter().filter(|f| f.standing == standing).count();
        let known = self.held.found.iter().filter(|f| f.known && f.standing < Standing::Declared).count();
        let known =
            if known == 0 { String::new() } else { format!("; {known} of the first three known from the baseline") };
        format!(
            "{} ruled out, {} not declared, {} open, {} declared and found, {} declared and not found",
            count(Standing::RuledOut),
            count(Standing::Undeclared),
            count(Standing::Open),
            count(Standing::Declared),
            self.held.absent.len()
        ) + &known
    }

    pub fn text(&self) -> String {
        let mut out = format!("{}\n{}\n", self.head(), self.persons());
        out += &self.unread.told().map_or(String::new(), |u| format!("NOT LOOKED AT: {u}\n"));
        let left_out = self.options.left_out();
        out += &if left_out.is_empty() { String::new() } else { format!("BY CHOICE: {}\n", left_out.join("; ")) };
        for (standing, title) in TITLES {
            let found: Vec<&Found> = self.held.found.iter().filter(|f| f.standing == standing).collect();
            if found.is_empty() {
                continue;
            }
            out += &format!("\n{title}\n");
            let width = found.iter().map(|f| f.entity.len()).max().unwrap_or(0);
            for f in found {
                let untold = if self.subjects.len() > 1 { "  [not told]" } else { "" };
                let subject = f.subject.as_ref().map_or(untold.to_owned(), |s| format!("  [{s}]"));
                out += &format!("  {:width$}  {}{subject}{}\n", f.entity, counts(f), since(f));
                for says in &f.says {
                    out += &format!(
                        "      {}\n",
                        if standing == Standing::RuledOut { format!("ruled out: {says}") } else { says.clone() }
                    );
                }
                if !f.fields.is_empty() {
                    out += &format!("      in {}\n", fields(f).join(", "));
                }
                if !f.samples.is_empty() {
                    out += &format!("      {}   {}\n", f.samples.join(", "), places(f).join(", "));
                }
            }
        }
        for (items, title) in [
            (&self.held.absent, "DECLARED, AND NOT FOUND"),
            (&self.held.unseen, "DECLARED, AND NOT SEEN (activity as such need not show in fields)"),
        ] {
            if !items.is_empty() {
                out += &format!("\n{title}\n");
                for i in items {
                    out += &format!("  [{}] {}: {}\n", i.subject, i.label, i.says);
                }
            }
        }
        if !self.held.not_here.is_empty() {
            let ids: Vec<String> = self.held.not_here.iter().map(|id| format!("[{id}]")).collect();
            out += &format!("\nNO DATA OF\n  {}\n", ids.join(", "));
        }
        if self.subjects.len() > 1 && self.held.found.iter().any(|f| f.subject.is_none()) {
            out += "\n[not told]: nothing here says whose data it is, so every subject's labels count; a [[mapping]] or --subject says it\n";
        }
        out + &format!("\n{}\n{}\n", self.verdict(), self.note)
    }
}

/// The fields that hold most of it.
pub(super) fn fields(f: &Found) -> Vec<String> {
    let mut all: Vec<(&String, &u64)> = f.fields.iter().collect();
    all.sort_by_key(|(name, n)| (std::cmp::Reverse(**n), *name));
    let more = all.len().saturating_sub(FIELDS);
    let named = all.iter().take(FIELDS).map(|(name, n)| format!("{} ({n})", plain(name)));
    named.chain((more > 0).then(|| format!("and {more} more"))).collect()
}

/// Fields that the baseline does not have.
pub(super) fn new_fields(f: &Found) -> String {
    f.new_fields.iter().map(|n| plain(n)).collect::<Vec<_>>().join(", ")
}

/// Fields that a row names.
const FIELDS: usize = 4;

/// How it stands to the baseline.
fn since(f: &Found) -> String {
    let fails = f.standing < Standing::Declared;
    match (f.known, f.before, f.new_fields.is_empty()) {
        (true, Some(before), _) if fails && before != f.findings => format!("  (known; {before} then)"),
        (true, ..) if fails => "  (known)".into(),
        (false, _, false) => format!("  (new in {})", new_fields(f)),
        _ => String::new(),
    }
}

/// What has changed, a line each.
pub(super) fn changes(changes: &[Change]) -> String {
    let mut out = String::new();
    for c in changes {
        let sign = match c.kind {
            Kind::New => '+',
            Kind::Gone => '-',
            Kind::Changed => '~',
        };
        let subject = c.subject.as_ref().map_or(String::new(), |s| format!("  [{s}]"));
        out += &format!("{sign} {}{subject}\n", c.what);
        match &c.says[..] {
            [was, is] => out += &format!("      was {was}\n      is  {is}\n"),
            says => says.iter().for_each(|s| out += &format!("      {s}\n")),
        }
    }
    if changes.is_empty() { "nothing has changed\n".into() } else { out }
}

/// The first places, as they are shown.
pub(super) fn places(f: &Found) -> Vec<String> {
    f.places.iter().map(ToString::to_string).collect()
}

pub(super) fn counts(f: &Found) -> String {
    let about = if f.distinct_exact { "" } else { "about " };
    if f.entity == Category::Communication.id() {
        return counted(f.records, "record");
    }
    let (findings, records) = (counted(f.findings, "finding"), counted(f.records, "record"));
    format!("{findings}, {about}{} different, in {records}", f.distinct)
}
