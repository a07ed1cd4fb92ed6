//! What was found, held against what an annex declares.

use super::observed::{Holding, Observed, Place};
use super::{Annex, Label, means};
use crate::model::Category;
use crate::patterns::RuleSet;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How what was found stands to the annex, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Found, and ruled out.
    #[default]
    RuledOut,
    /// Found, and not declared.
    Undeclared,
    /// Found, and covered only by a label that sets no limit.
    Open,
    /// Found, and declared.
    Declared,
}

impl Standing {
    /// As `--fail-on` and the JSON form name it.
    pub fn name(self) -> &'static str {
        match self {
            Standing::RuledOut => "ruled-out",
            Standing::Undeclared => "undeclared",
            Standing::Open => "open",
            Standing::Declared => "declared",
        }
    }
}

/// Something that was found.
#[derive(Debug, Default, Serialize)]
pub struct Found {
    /// How it stands to the annex.
    pub standing: Standing,
    /// The subject's id; `None`: it can't be told whose it is, so every subject's labels count.
    pub subject: Option<String>,
    /// The entity, or `communication`: the records themselves.
    #[serde(rename = "type")]
    pub entity: String,
    /// Its category.
    pub category: &'static str,
    /// What covers it, or rules it out, in the agreement's words.
    pub says: Vec<String>,
    /// How many findings.
    pub findings: u64,
    /// How many different values.
    pub distinct: u64,
    /// Whether that is exact; else within 2 % or so.
    pub distinct_exact: bool,
    /// In how many records.
    pub records: u64,
    /// By field, array indices as `*`.
    pub fields: BTreeMap<String, u64>,
    /// The first places.
    pub places: Vec<Place>,
    /// Masked samples.
    pub samples: Vec<String>,
    /// An earlier report has it, too: see [`super::past::Past::mark`].
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub known: bool,
    /// How many findings there were then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
    /// Fields in which the earlier report does not have it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub new_fields: Vec<String>,
}

/// Something that is declared.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct Item {
    /// The subject's id.
    pub subject: String,
    /// The label.
    pub label: String,
    /// The item, in the agreement's words.
    pub says: String,
    /// What it covers.
    pub covers: Vec<String>,
}

/// What was found, held against an annex.
#[derive(Debug, Default, Serialize)]
pub struct Held {
    /// What was found, the worst standing first, then by category.
    pub found: Vec<Found>,
    /// What is declared and was not found.
    pub absent: Vec<Item>,
    /// What is declared and was not seen, but need not show in fields: activity as such.
    pub unseen: Vec<Item>,
    /// Subjects of whom there is no data that could be told to be theirs, by their ids; empty while there is data of which it can't be told
    /// whose it is.
    pub not_here: Vec<String>,
}

/// Holds `observed` against `annex`, whose words must be those of `rules` ([`Annex::check`]).
pub fn held(annex: &Annex, rules: &RuleSet, observed: &Observed) -> Held {
    let mut found: Vec<Found> = Vec::new();
    for (subject, entity, holding) in observed.held() {
        let entity = rules.entity(entity);
        let row = one(annex, rules, subject, &entity.name, entity.category, holding);
        // What somebody does is, as messages are, what a service that carries them is for: a finding where it is declared.
        if entity.category != Category::Usage || !annex.carries_messages || row.standing == Standing::Declared {
            found.push(row);
        }
    }
    for (subject, records) in observed.records.iter().filter(|r| *r.1 > 0) {
        let row = Holding { findings: *records, records: *records, ..Holding::default() };
        let row = one(annex, rules, *subject, Category::Communication.id(), Category::Communication, &row);
        // Messages as such are a finding of no agreement: they are shown where one declares them.
        if row.standing == Standing::Declared {
            found.push(row);
        }
    }
    let order = |f: &Found| Category::ALL.iter().position(|c| c.id() == f.category);
    found.sort_by(|a, b| {
        (a.standing, &a.subject, order(a), &a.entity).cmp(&(b.standing, &b.subject, order(b), &b.entity))
    });
    let (mut absent, mut unseen) = (Vec::new(), Vec::new());
    for label in annex.labels.iter().map(toml::Spanned::get_ref) {
        let index = annex.subjects.iter().position(|s| s.id == label.subject);
        let seen = observed.records.keys().copied().chain(observed.held().map(|h| h.0));
        let here: Vec<Option<usize>> = seen.filter(|of| of.is_none() || *of == index).collect();
        if here.is_empty() {
            continue; // nothing of theirs was looked at
        }
        for item in label.items.iter().filter(|i| !i.open) {
            let row = || Item {
                subject: label.subject.clone(),
                label: label.name.clone(),
                says: item.says.clone(),
                covers: item.covers.clone(),
            };
            let is_here = |f: &Found| {
                let of = f.subject.as_ref().and_then(|id| annex.subjects.iter().position(|s| s.id == *id));
                here.contains(&of)
            };
            let covers = |f: &Found| {
                let category = Category::from_id(f.category).unwrap_or(Category::Custom);
                item.covers.iter().any(|c| means(rules, c, &f.entity, category))
            };
            let communication = || {
                item.covers.iter().any(|c| c == Category::Communication.id())
                    && here.iter().any(|of| observed.records.get(of).is_some_and(|n| *n > 0))
            };
            if found.iter().any(|f| is_here(f) && covers(f)) || communication() {
                continue;
            }
            // Activity need not stand in fields of its own.
            let activity = item.covers.iter().all(|c| c == Category::Usage.id());
            if activity { &mut unseen } else { &mut absent }.push(row());
        }
    }
    let seen =
        |of: Option<usize>| observed.records.get(&of).is_some_and(|n| *n > 0) || observed.held().any(|h| h.0 == of);
    let not_here = if seen(None) { 0..0 } else { 0..annex.subjects.len() };
    let not_here = not_here.filter(|i| !seen(Some(*i))).map(|i| annex.subjects[i].id.clone()).collect();
    Held { found, absent, unseen, not_here }
}

fn one(
    annex: &Annex,
    rules: &RuleSet,
    subject: Option<usize>,
    entity: &str,
    category: Category,
    holding: &Holding,
) -> Found {
    let id = subject.map(|i| annex.subjects[i].id.clone());
    let theirs = |of: &str| id.as_deref().is_none_or(|id| id == of);
    let ruled_out: Vec<String> = annex
        .ruled_out
        .iter()
        .map(toml::Spanned::get_ref)
        .filter(|r| r.subject.as_deref().is_none_or(theirs) && r.entities.iter().any(|e| e == entity))
        .map(|r| r.says.clone())
        .collect();
    let labels: Vec<&Label> = annex.labels.iter().map(toml::Spanned::get_ref).filter(|l| theirs(&l.subject)).collect();
    let said = |open: bool| -> Vec<String> {
        let mut said = Vec::new();
        for label in &labels {
            for item in label.items.iter().filter(|i| i.open == open) {
                if open || item.covers.iter().any(|c| means(rules, c, entity, category)) {
                    let text = if item.says == label.name {
                        label.name.clone()
                    } else {
                        format!("{}: {}", label.name, item.says)
                    };
                    if !said.contains(&text) {
                        said.push(text);
                    }
                }
            }
        }
        said
    };
    let (declared, open) = (said(false), said(true));
    let (standing, says) = match (ruled_out.is_empty(), declared.is_empty(), open.is_empty()) {
        (false, ..) => (Standing::RuledOut, ruled_out),
        (_, false, _) => (Standing::Declared, declared),
        (_, _, false) => (Standing::Open, open),
        _ => (Standing::Undeclared, Vec::new()),
    };
    let (distinct, distinct_exact) = holding.distinct.count();
    Found {
        standing,
        subject: id,
        entity: entity.to_owned(),
        category: category.id(),
        says,
        findings: holding.findings,
        distinct,
        distinct_exact,
        records: holding.records,
        fields: holding.fields(),
        places: holding.places.clone(),
        samples: holding.samples.clone(),
        ..Found::default()
    }
}

/// The annex file that would declare what was found: a draft of a record of processing activities (Article 30 GDPR), for a person to
/// complete.
pub fn draft(held: &Held, annex: Option<&Annex>) -> String {
    let mut out = String::from(
        "# A draft, made from what was found in data. Whom it is about, in which role, why and for how long is for you to say.\n\
         version = 1\nname = \"draft\"\ntitle = \"Who does what for whom\"\n",
    );
    if let Some(annex) = annex {
        out += &kept(annex);
    }
    let mut subjects: Vec<Option<&str>> = held.found.iter().map(|f| f.subject.as_deref()).collect();
    // Those that a mapping names must be there, whether or not something of theirs was found.
    subjects.extend(annex.iter().flat_map(|a| &a.mappings).map(|m| Some(m.get_ref().subject.as_str())));
    subjects.sort_unstable();
    subjects.dedup();
    for subject in subjects {
        let known = annex.and_then(|a| a.subjects.iter().find(|s| Some(s.id.as_str()) == subject));
        let id = subject.unwrap_or("not-told");
        out += &format!("\n[[subject]]\nid = {id:?}\nname = {:?}\n", known.map_or("not told by the data", |s| &s.name));
        if let Some(role) = known.and_then(|s| s.role.as_deref()) {
            out += &format!("role = {role:?}\n");
        }
        let mut by_category: BTreeMap<usize, Vec<&Found>> = BTreeMap::new();
        for f in held.found.iter().filter(|f| f.subject.as_deref() == subject) {
            let order = Category::ALL.iter().position(|c| c.id() == f.category).unwrap_or(usize::MAX);
            by_category.entry(order).or_default().push(f);
        }
        for found in by_category.values() {
            out += &format!("\n[[label]]\nsubject = {id:?}\nname = {:?}\nitems = [\n", found[0].category);
            for f in found {
                out += &format!(
                    "    {{ says = {0:?}, covers = [{0:?}] }}, # findings: {1}, different: {2}\n",
                    f.entity, f.findings, f.distinct
                );
            }
            out += "]\n";
        }
    }
    out
}

/// What a draft takes over from the annex that data was held against: how whose data is told, above all.
fn kept(annex: &Annex) -> String {
    let mut out = if annex.carries_messages { "carries_messages = true\n".to_owned() } else { String::new() };
    let rest = [
        (annex.ruled_out.len(), "what is ruled out"),
        (annex.breaches.len(), "deadlines"),
        (annex.promises.len(), "promises"),
    ];
    let rest: Vec<&str> = rest.iter().filter(|r| r.0 > 0).map(|r| r.1).collect();
    if !rest.is_empty() {
        out += &format!("# Not taken over from `{}`: {}. No label here is open.\n", annex.name, rest.join(", "));
    }
    let list = |words: &[String]| words.iter().map(|w| format!("{w:?}")).collect::<Vec<_>>().join(", ");
    for m in annex.mappings.iter().map(toml::Spanned::get_ref) {
        out += &format!("\n[[mapping]]\nsubject = {:?}\n", m.subject);
        for (key, words) in [("path", &m.path), ("field", &m.field)] {
            if !words.is_empty() {
                out += &format!("{key} = [{}]\n", list(words));
            }
        }
        if !m.beside.is_empty() {
            let beside: Vec<String> = m.beside.iter().map(|(k, words)| format!("{k:?} = [{}]", list(words))).collect();
            out += &format!("beside = {{ {} }}\n", beside.join(", "));
        }
        out += &m.reading.as_ref().map_or(String::new(), |r| format!("reading = {r:?}\n"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::fields::NONE;
    use super::super::observed::Finding;
    use super::super::people::Told;
    use super::*;
    use std::path::Path;

    fn observed(rules: &RuleSet, of: &[(Option<usize>, &str)]) -> Observed {
        let mut observed = Observed::default();
        for (i, (subject, entity)) in of.iter().enumerate() {
            let entity = rules.entity_named(entity).unwrap();
            let f = Finding {
                entity,
                value: Told::of("", i as u64),
                bot: false,
                record: (0, i as u64),
                field: NONE,
                indices: &[],
                whole: false,
                path: "a",
                line: &|| 1,
                masked: &|| "•".into(),
            };
            observed.add(*subject, &f);
            observed.records(*subject, 1);
        }
        observed
    }

    fn standings(held: &Held) -> Vec<String> {
        held.found.iter().map(|f| format!("{} {}", f.standing.name(), f.entity)).collect()
    }

    #[test]
    fn each_standing() {
        let rules = RuleSet::builtin();
        let botsify = Annex::named("botsify").unwrap();
        let data =
            observed(&rules, &[(None, "CREDIT_CARD"), (None, "PERSON"), (None, "PHONE_NUMBER"), (None, "LOCALE")]);
        let held = held(&botsify, &rules, &data);
        assert_eq!(
            standings(&held),
            ["ruled-out CREDIT_CARD", "undeclared PHONE_NUMBER", "declared PERSON", "declared LOCALE"]
        );
        assert!(held.absent.iter().any(|i| i.says == "gender") && !held.absent.iter().any(|i| i.says == "first name"));
        assert_eq!(held.unseen.iter().map(|i| i.says.as_str()).collect::<Vec<_>>(), ["logs received from Facebook"]);
    }

    #[test]
    fn an_open_label_covers_what_no_other_does() {
        let rules = RuleSet::builtin();
        let personizely = Annex::named("personizely").unwrap();
        let data = observed(&rules, &[(None, "DATE_OF_BIRTH"), (None, "EMAIL_ADDRESS")]);
        assert_eq!(standings(&held(&personizely, &rules, &data)), ["open DATE_OF_BIRTH", "declared EMAIL_ADDRESS"]);
        // Of the clients themselves nothing open is declared.
        let data = observed(&rules, &[(Some(0), "DATE_OF_BIRTH"), (Some(0), "EMAIL_ADDRESS")]);
        let clients = held(&personizely, &rules, &data);
        assert_eq!(standings(&clients), ["undeclared DATE_OF_BIRTH", "declared EMAIL_ADDRESS"]);
        assert!(clients.absent.iter().all(|i| i.subject == "client"));
    }

    #[test]
    fn what_is_ruled_out_of_one_subject_is_not_of_another() {
        let rules = RuleSet::builtin();
        let annex = Annex::named("365-aitech").unwrap();
        let standing = |subject| standings(&held(&annex, &rules, &observed(&rules, &[(subject, "HEALTH")])))[0].clone();
        assert_eq!(standing(None), "ruled-out HEALTH");
        assert_eq!(standing(Some(0)), "ruled-out HEALTH");
        assert_eq!(standing(Some(1)), "undeclared HEALTH");
    }

    #[test]
    fn a_draft_declares_what_was_found() {
        let rules = RuleSet::builtin();
        let annex = Annex::named("personizely").unwrap();
        let data = observed(&rules, &[(None, "DATE_OF_BIRTH"), (Some(0), "EMAIL_ADDRESS"), (Some(0), "PERSON")]);
        let text = draft(&held(&annex, &rules, &data), Some(&annex));
        let drafted = Annex::parse(Path::new("draft.toml"), &text).unwrap();
        drafted.check(&rules).unwrap();
        assert_eq!(drafted.subject("client").unwrap().role.as_deref(), Some("controller"));
        let again = observed(&rules, &[(None, "DATE_OF_BIRTH"), (None, "EMAIL_ADDRESS"), (None, "PERSON")]);
        assert!(held(&drafted, &rules, &again).found.iter().all(|f| f.standing == Standing::Declared));
    }
}
