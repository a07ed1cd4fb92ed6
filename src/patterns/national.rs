//! National identifiers: one entry an id, with how it is written, its check and the words that go with it.

use super::fields::FieldEntry;
use super::{Matcher, Rule, RuleSet};
use crate::error::{Error, Result};
use serde::Deserialize;
use std::path::Path;

/// The built-in tables: one row a file under `patterns/national/`.
pub(super) const NATIONAL: &[(&str, &str)] = &[
    ("patterns/national/europe-west.toml", include_str!("../../patterns/national/europe-west.toml")),
    ("patterns/national/europe-south.toml", include_str!("../../patterns/national/europe-south.toml")),
    ("patterns/national/europe-north.toml", include_str!("../../patterns/national/europe-north.toml")),
    ("patterns/national/europe-east.toml", include_str!("../../patterns/national/europe-east.toml")),
    ("patterns/national/world.toml", include_str!("../../patterns/national/world.toml")),
];

/// The most characters of a form.
pub(crate) const LONGEST: usize = 24;

/// How an id is written and checked.
#[derive(Debug, Clone)]
pub struct NationalMatcher {
    /// ISO 3166 code of the country that gives it out.
    pub country: String,
    /// What it is called there, for people.
    pub name: String,
    /// How it is written: `#` a digit, `@` a letter, `*` either, a space one of space, dash and dot (the same one throughout);
    /// everything else stands for itself, letters in any case.
    pub forms: Vec<String>,
    /// The name of its check, see `detect::national`.
    pub check: String,
    /// The score without a word beside it that names it.
    pub alone: f32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NationalEntry {
    id: String,
    entity: String,
    country: String,
    name: String,
    forms: Vec<String>,
    check: String,
    /// Without context.
    #[serde(default)]
    alone: f32,
    /// With context.
    score: f32,
    context: Vec<String>,
    #[serde(default)]
    names: Vec<String>,
    hits: Vec<String>,
    misses: Vec<String>,
}

impl RuleSet {
    /// Adds the rule of an entry, and that of its field names: `field-` and its id.
    pub(super) fn add_national(&mut self, path: &Path, line: usize, e: NationalEntry) -> Result<()> {
        let wrong =
            |what: String| Error::Config { path: path.to_owned(), line, what: format!("national `{}`: {what}", e.id) };
        if e.country.len() != 2 || !e.country.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(wrong("key `country`: give its two letters of ISO 3166, in capitals".into()));
        }
        if let Some(form) = e.forms.iter().find(|f| !written(f)) {
            return Err(wrong(format!(
                "key `forms`: `{form}` must be ASCII, of 5 to {LONGEST} characters, and hold a `#` or `*`"
            )));
        }
        if e.forms.is_empty() || e.context.is_empty() {
            return Err(wrong("keys `forms` and `context`: give at least one each".into()));
        }
        if !(0.0..=e.score).contains(&e.alone) {
            return Err(wrong("key `alone`: must be from 0 to `score`".into()));
        }
        let entity = self.entity_for(&e.id, &e.entity, "identification", e.score, false).map_err(&wrong)?;
        let record = |example: &String| example.starts_with(['{', '[']);
        let (field_hits, hits): (Vec<String>, Vec<String>) = e.hits.iter().cloned().partition(record);
        let (field_misses, misses) = e.misses.iter().cloned().partition(record);
        if !e.names.is_empty() {
            let field = FieldEntry::national(&e.id, &e.entity, e.names, field_hits, field_misses);
            self.add_field(path, line, field)?;
        }
        let about = format!("{} ({}), written {}", e.name, e.country, e.forms.join(" or "));
        let matcher =
            NationalMatcher { country: e.country, name: e.name, forms: e.forms, check: e.check, alone: e.alone };
        self.rules.push(Rule {
            id: e.id,
            entity,
            matcher: Matcher::National(matcher),
            score: e.score,
            context: e.context,
            against: Vec::new(),
            boost: 0.0,
            hits,
            misses,
            about,
            origin: path.to_owned(),
            line,
        });
        Ok(())
    }
}

/// Whether a form is one.
fn written(form: &str) -> bool {
    (5..=LONGEST).contains(&form.len()) && form.is_ascii() && form.contains(['#', '*'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_line_and_the_key() {
        let entry = |country: &str, form: &str, alone: &str| {
            let text = format!(
                "\n[[national]]\nid = \"x\"\nentity = \"X\"\ncountry = \"{country}\"\nname = \"n\"\nforms = [\"{form}\"]\n\
                 check = \"luhn\"\nalone = {alone}\nscore = 0.9\ncontext = [\"x\"]\nhits = []\nmisses = []"
            );
            RuleSet::builtin().add(Path::new("own.toml"), &text).map_err(|e| e.to_string())
        };
        assert_eq!(entry("DE", "######", "0.1"), Ok(()));
        for (country, form, alone, key) in
            [("Germany", "######", "0.1", "country"), ("DE", "##", "0.1", "forms"), ("DE", "######", "0.95", "alone")]
        {
            let e = entry(country, form, alone).unwrap_err();
            assert!(e.contains(&format!(": national `x`: key `{key}`")), "{e}");
        }
    }
}
