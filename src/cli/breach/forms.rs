//! The forms of what `breach` reports: the facts as JSON and text. The draft of a notice is in `draft`.

use super::Times;
use crate::annex::Annex;
use crate::annex::breach::{Due, may_follow};
use crate::annex::held::Held;
use crate::annex::observed::Concerned;
use crate::annex::people::{Count, Counted, persons};
use crate::annex::replaced::{Row, Way};
use crate::cli::unread::Unread;
use crate::model::Category;
use crate::report::{NOTE, counted};
use serde::Serialize;

/// On what deadlines are counted by.
pub(super) const COUNT: &str = "Deadlines are the plain count of hours from the time given: the earliest reading. Article 3 of Regulation \
     (EEC, Euratom) No 1182/71 leaves out the hour in which it all begins and has two days or more include two working days; whether that \
     holds here is for a lawyer.";

/// What holds where an agreement is silent.
pub(super) const SILENT: &str = "The agreement states no deadline. The law holds all the same: Article 33 of Regulation (EU) 2016/679 has a \
     controller tell the authority within 72 hours of becoming aware, where feasible, and a processor tell the controller without undue delay.";

/// What goes into a report.
pub(super) struct Facts<'a> {
    pub annex: &'a Annex,
    pub inputs: u64,
    pub complete: bool,
    pub times: &'a Times,
    pub deadlines: Vec<Due>,
    pub records: u64,
    pub concerned: &'a Concerned,
    pub held: &'a Held,
    pub people: &'a Count,
    pub unread: &'a Unread,
    pub replaced: Vec<Row>,
    pub rules_sha256: String,
}

/// The JSON form of the report.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    pub annex: &'a str,
    pub title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dated: Option<&'a str>,
    /// Everything that was named could be looked at.
    pub complete: bool,
    pub discovered: String,
    pub discovered_utc: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notified: Option<String>,
    pub reported_utc: String,
    /// Empty: the agreement states none.
    pub deadlines: Vec<Due>,
    pub inputs: u64,
    /// Records that were read.
    pub records: u64,
    /// Those of them in which something was found.
    pub concerned: u64,
    pub people: &'a Count,
    /// What was not looked at.
    #[serde(rename = "not_looked_at")]
    pub unread: &'a Unread,
    pub subjects: Vec<Class<'a>>,
    pub categories: Vec<Kind<'a>>,
    pub replaced: Vec<Row>,
    pub rules_sha256: String,
    pub notes: Vec<&'static str>,
}

/// Whose data it is.
#[derive(Serialize)]
pub(super) struct Class<'a> {
    /// Its id; none: it can't be told whose data it is.
    pub id: Option<&'a str>,
    pub name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<&'a str>,
    pub records: u64,
    pub people: u64,
}

/// A category of data that was found.
#[derive(Serialize)]
pub(super) struct Kind<'a> {
    pub category: &'static str,
    pub entities: Vec<Entity<'a>>,
    /// What may follow, for whoever judges it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub may_follow: Option<&'static str>,
}

#[derive(Serialize)]
pub(super) struct Entity<'a> {
    #[serde(rename = "type")]
    pub entity: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<&'a str>,
    pub findings: u64,
    pub distinct: u64,
    pub distinct_exact: bool,
    pub records: u64,
}

impl Entity<'_> {
    /// `EMAIL_ADDRESS (12 different, in 14 records)`.
    pub fn counted(&self) -> String {
        let about = if self.distinct_exact { "" } else { "about " };
        let whose = self.subject.map_or(String::new(), |s| format!(" of {s}"));
        format!("{}{whose} ({about}{} different, in {})", self.entity, self.distinct, counted(self.records, "record"))
    }
}

impl<'a> Report<'a> {
    pub fn of(facts: Facts<'a>) -> Report<'a> {
        let Facts { annex, times, held, people, .. } = facts;
        let records = |s: Option<usize>| facts.concerned.of(s);
        let told = annex.subjects.iter().enumerate().map(|(i, s)| Class {
            id: Some(&s.id),
            name: &s.name,
            role: s.role.as_deref(),
            records: records(Some(i)),
            people: people.subjects.get(i + 1).copied().unwrap_or(0),
        });
        let not_told = Class {
            id: None,
            name: "not told by the data",
            role: None,
            records: records(None),
            people: people.subjects[0],
        };
        let subjects = told.chain([not_told]).filter(|c| c.records > 0 || c.people > 0).collect();
        let kind = |category: Category| {
            let here = held.found.iter().filter(|f| f.category == category.id() && f.entity != category.id());
            let entities: Vec<Entity<'_>> = here
                .map(|f| Entity {
                    entity: &f.entity,
                    subject: f.subject.as_deref(),
                    findings: f.findings,
                    distinct: f.distinct,
                    distinct_exact: f.distinct_exact,
                    records: f.records,
                })
                .collect();
            (!entities.is_empty()).then(|| Kind { category: category.id(), entities, may_follow: may_follow(category) })
        };
        let notes = if annex.breaches.is_empty() { vec![SILENT, NOTE] } else { vec![COUNT, NOTE] };
        Report {
            annex: &annex.name,
            title: &annex.title,
            dated: annex.dated.as_deref(),
            complete: facts.complete,
            discovered: times.discovered.local(),
            discovered_utc: times.discovered.utc(),
            notified: times.notified.as_ref().map(super::When::local),
            reported_utc: times.now.utc(),
            deadlines: facts.deadlines,
            inputs: facts.inputs,
            records: facts.records,
            concerned: facts.concerned.all(),
            subjects,
            categories: Category::ALL.into_iter().filter_map(kind).collect(),
            people,
            unread: facts.unread,
            replaced: facts.replaced,
            rules_sha256: facts.rules_sha256,
            notes,
        }
    }

    pub fn text(&self) -> String {
        let dated = self.dated.map_or(String::new(), |d| format!(" ({d})"));
        let mut out = format!(
            "{}{dated}: {}, personal data found in {}, in {}\n",
            self.title,
            counted(self.records, "record"),
            self.concerned,
            counted(self.inputs, "input")
        );
        if !self.complete {
            out += "NOT ALL INPUTS COULD BE READ: what follows is what is at least there\n";
        }
        out += &self.unread.told().map_or(String::new(), |u| format!("NOT LOOKED AT: {u}\n"));
        out += &format!("\nDEADLINE (discovered {})\n", self.discovered);
        for d in &self.deadlines {
            out += &format!("  {}\n", deadline(d));
            for says in d.unless.iter().map(|u| format!("not needed if {u}")).chain(d.says.clone()) {
                out += &format!("      {says}\n");
            }
        }
        out += &format!("  {}\n\nPEOPLE\n", self.notes[0]);
        self.how_counted()
            .iter()
            .enumerate()
            .for_each(|(i, l)| out += &format!("{}{l}\n", if i == 0 { "  " } else { "      " }));
        for c in &self.subjects {
            let id = c.id.map_or(String::new(), |id| format!("[{id}] "));
            out += &format!("  {id}{}: about {}, {}\n", c.name, persons(c.people), counted(c.records, "record"));
        }
        out += "\nCATEGORIES OF DATA\n";
        for k in &self.categories {
            out += &format!(
                "  {}: {}\n",
                k.category,
                k.entities.iter().map(Entity::counted).collect::<Vec<_>>().join(", ")
            );
        }
        if self.categories.is_empty() {
            out += "  none found\n";
        }
        out += "\nREDACTED OR PSEUDONYMISED BEFORE\n";
        self.how_replaced().iter().for_each(|l| out += &format!("  {l}\n"));
        out + &format!("\n{NOTE}\n")
    }

    /// How many people, and how they were counted, in sentences; the first has the number.
    pub fn how_counted(&self) -> Vec<String> {
        let p = &self.people;
        let least = if self.complete { "" } else { "at least " };
        let how = if p.exact {
            "counted one by one".into()
        } else {
            format!("estimated from a sample, give or take {} %", p.error_percent)
        };
        let mut out = vec![format!("{least}about {}, {how}", persons(p.about))];
        let fields = |c: &Counted| {
            let mut by: Vec<_> = c.fields.iter().collect();
            by.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
            let more = if by.len() > 3 { ", …" } else { "" };
            format!(" in {}{more}", by.iter().take(3).map(|f| f.0.as_str()).collect::<Vec<_>>().join(", "))
        };
        let values = |c: &Counted| format!("{}{} {}", if c.exact { "" } else { "about " }, c.values, c.entity);
        if p.identified > 0 {
            let by: Vec<String> = p.by.iter().map(|c| values(c) + &fields(c)).collect();
            out.push(format!(
                "{} by identifiers; those in one record are one person's: {}",
                p.identified,
                by.join("; ")
            ));
        }
        if p.named > 0 {
            out.push(format!("{} by name alone: people of one name count once, one in two spellings twice", p.named));
        }
        if p.mentioned > 0 {
            let other = if p.about == 0 {
                "no field holds any, so these may be all there is to count by"
            } else {
                "others' or theirs: not counted"
            };
            let more = if p.mentioned == 1 {
                "1 more identifier stands".into()
            } else {
                format!("{} more identifiers stand", p.mentioned)
            };
            out.push(format!("{more} only in texts ({other})"));
        }
        if p.devices_alone > 0 {
            let devices: Vec<String> = p.devices.iter().map(values).collect();
            let parts = counted(p.devices_alone, "record");
            out.push(format!(
                "{parts} with nothing but marks of devices or connections ({}): not counted as people",
                devices.join(", ")
            ));
        }
        if p.shared > 0 {
            let stand = if p.shared == 1 { "stands" } else { "stand" };
            let what = counted(p.shared, "identifier");
            out.push(format!(
                "{what} {stand} with several people, or with too many others, and so {} nobody",
                if p.shared == 1 { "joins" } else { "join" }
            ));
        }
        out
    }

    /// Whether what leaked was replaced before, in sentences.
    pub fn how_replaced(&self) -> Vec<String> {
        let clear: u64 = self.categories.iter().flat_map(|k| &k.entities).map(|e| e.findings).sum();
        let mut out = vec![format!("in clear: {}", counted(clear, "finding"))];
        for (way, what) in [
            (Way::Redacted, "redacted, by name: nothing of the values is left"),
            (Way::Masked, "masks of asterisks: length and form of the values are left, at times their ends"),
            (
                Way::Token,
                "pseudonymised, by numbers: equal values show as equal, and the vault that keeps them gives them back",
            ),
            (
                Way::Hash,
                "pseudonymised, by keyed hashes: equal values show as equal, and the key tells a value that is tried",
            ),
        ] {
            let rows: Vec<&Row> = self.replaced.iter().filter(|r| r.way == way).collect();
            if rows.is_empty() {
                continue;
            }
            let one = |r: &&Row| {
                let different = r.different.map_or(String::new(), |d| format!(" ({d} different)"));
                format!("{} {}{different}", r.count, r.entity.as_deref().unwrap_or("of what can't be told"))
            };
            out.push(format!("{what}: {}", rows.iter().map(one).collect::<Vec<_>>().join(", ")));
        }
        if self.replaced.is_empty() {
            out.push("no replacement was recognised".into());
        }
        if self.replaced.iter().any(|r| matches!(r.way, Way::Token | Way::Hash)) {
            out.push("pseudonymised data is personal data still (recital 26 of Regulation (EU) 2016/679)".into());
        }
        out.push(
            "what fake values, shifted dates or encryption stand for can't be told from values and counts as found"
                .into(),
        );
        out
    }
}

/// One deadline in a line.
pub(super) fn deadline(d: &Due) -> String {
    let role = d.role.as_ref().map_or(String::new(), |r| format!("as {r}, "));
    let to = d.to.as_ref().map_or("the notice".into(), |t| format!("to {t}"));
    let from = d.from.as_ref().map_or(String::new(), |f| format!(" from {f}"));
    let Some(hours) = d.hours else {
        let since = d.minutes_left.map_or(String::new(), |m| format!(": {}", passed(m)));
        return format!("{role}{to}: at once{from}{since}");
    };
    match (&d.due, &d.due_utc, d.minutes_left) {
        (Some(due), Some(utc), Some(left)) => {
            let utc = if due == utc { String::new() } else { format!(" ({utc})") };
            let left = if left >= 0 { format!("{} left", span(left)) } else { passed(left).to_uppercase() };
            format!("{role}{to}: {due}{utc}, {hours} h{from}: {left}")
        }
        _ => format!("{role}{to}: {hours} h{from}: not known yet; give --notified when the notice is received"),
    }
}

/// How long ago it was; what is a month ago is no longer told to the minute.
fn passed(minutes: i64) -> String {
    if minutes < -30 * 24 * 60 {
        "passed more than 30 days ago".into()
    } else {
        format!("passed {} ago", span(-minutes))
    }
}

fn span(minutes: i64) -> String {
    format!("{} h {} min", minutes / 60, minutes % 60)
}
