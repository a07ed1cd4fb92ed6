//! What has changed: between two annexes, or between two runs of `check`.

use super::past::{Past, PastRow};
use super::{Annex, Breach, Label, RuledOut, Subject};
use serde::Serialize;
use std::collections::BTreeMap;

/// How something differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Only the second has it.
    New,
    /// Only the first has it.
    Gone,
    /// Both have it, and it differs.
    Changed,
}

/// A difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// How it differs.
    pub kind: Kind,
    /// What: `label`, `ruled out`, `PERSON`, …
    pub what: String,
    /// Whose it is: the subject's id, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// What it says there; for a change, what it said and says.
    pub says: Vec<String>,
}

/// By name, and whose it is: what it says.
type Rows = BTreeMap<(String, Option<String>), String>;

/// What differs between two annexes.
pub fn annexes(before: &Annex, after: &Annex) -> Vec<Change> {
    changes(&rows(before), &rows(after))
}

fn rows(annex: &Annex) -> Rows {
    let mut rows = Rows::new();
    for Subject { id, name, role } in &annex.subjects {
        let role = role.as_deref().map_or(String::new(), |r| format!(" ({r})"));
        rows.insert(("subject".into(), Some(id.clone())), format!("{name}{role}"));
    }
    for Label { subject, name, items } in annex.labels.iter().map(toml::Spanned::get_ref) {
        for item in items {
            let covers = if item.open { "sets no limit".to_owned() } else { item.covers.join(", ") };
            rows.insert((format!("label `{name}`: {}", item.says), Some(subject.clone())), covers);
        }
    }
    for RuledOut { says, subject, entities } in annex.ruled_out.iter().map(toml::Spanned::get_ref) {
        rows.insert((format!("ruled out: {says}"), subject.clone()), entities.join(", "));
    }
    for (n, Breach { role, deadline, from, to, .. }) in annex.breaches.iter().map(toml::Spanned::get_ref).enumerate() {
        let words = |lead: &str, of: &Option<String>| of.as_ref().map_or(String::new(), |o| format!(" {lead} {o}"));
        let name =
            role.as_ref().map_or_else(|| format!("breach notice {}", n + 1), |r| format!("breach notice as {r}"));
        let says = format!("{deadline}{}{}", words("from", from), words("to", to));
        let same = rows.keys().filter(|k| k.0.starts_with(&name)).count();
        rows.insert((if same == 0 { name } else { format!("{name} ({})", same + 1) }, None), says);
    }
    for promise in &annex.promises {
        rows.insert((format!("promise: {}", promise.says), None), String::new());
    }
    rows
}

/// What differs between two runs: what is found of whom, how it stands to the annex, in which fields, how often.
pub fn runs(before: &Past, after: &Past) -> Vec<Change> {
    let rows = |past: &Past| -> Rows {
        let says = |f: &PastRow| {
            let fields: Vec<&str> = f.fields.keys().map(String::as_str).collect();
            let counts = format!("findings: {}, different: {}", f.findings, f.distinct);
            if fields.is_empty() {
                format!("{}, {counts}", f.standing.name())
            } else {
                format!("{}, {counts}, in {}", f.standing.name(), fields.join(", "))
            }
        };
        past.found.iter().map(|f| ((f.entity.clone(), f.subject.clone()), says(f))).collect()
    };
    changes(&rows(before), &rows(after))
}

fn changes(before: &Rows, after: &Rows) -> Vec<Change> {
    let change = |kind, (what, subject): &(String, Option<String>), says: Vec<&String>| Change {
        kind,
        what: what.clone(),
        subject: subject.clone(),
        says: says.into_iter().filter(|s| !s.is_empty()).cloned().collect(),
    };
    let mut out: Vec<Change> =
        after.iter().filter(|r| !before.contains_key(r.0)).map(|(k, says)| change(Kind::New, k, vec![says])).collect();
    out.extend(before.iter().filter(|r| !after.contains_key(r.0)).map(|(k, says)| change(Kind::Gone, k, vec![says])));
    let both = before.iter().filter_map(|(k, b)| Some((k, b, after.get(k)?)));
    out.extend(both.filter(|(_, b, a)| b != a).map(|(k, b, a)| change(Kind::Changed, k, vec![b, a])));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn annexes_differ_in_what_they_say() {
        let own = |name: &str| Annex::named(name).unwrap();
        assert_eq!(annexes(&own("butly"), &own("butly")), []);
        let changed = include_str!("../../patterns/annexes/personizely.toml")
            .replacen("deadline = \"72h\"", "deadline = \"24h\"", 1)
            .replace("covers = [\"BIO\"]", "covers = [\"BIO\", \"PHOTO_URL\"]")
            .replace("    { says = \"phone\", covers = [\"PHONE_NUMBER\"] },\n", "")
            + "\n[[ruled_out]]\nsays = \"no cards\"\nentities = [\"CREDIT_CARD\"]\n";
        let changed = Annex::parse(Path::new("new.toml"), &changed).unwrap();
        let told: Vec<String> = annexes(&own("personizely"), &changed)
            .iter()
            .map(|c| {
                format!("{:?} {} {:?} {}", c.kind, c.what, c.subject.as_deref().unwrap_or("-"), c.says.join(" → "))
            })
            .collect();
        assert_eq!(
            told,
            [
                "New ruled out: no cards \"-\" CREDIT_CARD",
                "Gone label `Data Controlled by Client`: phone \"contact\" PHONE_NUMBER",
                "Changed breach notice as controller \"-\" 72h to the authority and the clients → 24h to the authority and the clients",
                "Changed label `Data Controlled by Client`: bio \"contact\" BIO → BIO, PHOTO_URL",
            ]
        );
    }

    #[test]
    fn runs_differ_in_what_was_found() {
        let run = |rows: &[(&str, u64)]| {
            let rows: Vec<String> = rows
                .iter()
                .map(|(entity, n)| {
                    format!(
                        "{{\"standing\":\"open\",\"subject\":\"contact\",\"type\":\"{entity}\",\"findings\":{n},\"distinct\":1,\"fields\":{{\"/a\":{n}}}}}"
                    )
                })
                .collect();
            let rows = rows.join(",");
            let text = format!(
                "{{\"annex\":\"x\",\"complete\":true,\"rules_sha256\":\"0\",\"records\":1,\"found\":[{rows}]}}"
            );
            Past::parse(Path::new("a.json"), &text).unwrap()
        };
        let told =
            runs(&run(&[("AGE", 1), ("BIO", 2), ("PERSON", 3)]), &run(&[("BIO", 5), ("PERSON", 3), ("UNION", 1)]));
        let kinds: Vec<_> = told.iter().map(|c| (c.kind, c.what.as_str(), c.says.len())).collect();
        assert_eq!(kinds, [(Kind::New, "UNION", 1), (Kind::Gone, "AGE", 1), (Kind::Changed, "BIO", 2)]);
        assert_eq!(told[0].says, ["open, findings: 1, different: 1, in /a"]);
    }
}
