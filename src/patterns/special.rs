//! Special categories (Article 9 GDPR): terms, and the words that make a term something about somebody.

use super::{Matcher, Rule, RuleSet};
use crate::error::{Error, Result, nearest};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The built-in terms: one row a file under `patterns/special/`. Claims stand before the terms that use them.
pub(super) const SPECIAL: &[(&str, &str)] = &[
    ("patterns/special/claims.toml", include_str!("../../patterns/special/claims.toml")),
    ("patterns/special/health.toml", include_str!("../../patterns/special/health.toml")),
    ("patterns/special/religion.toml", include_str!("../../patterns/special/religion.toml")),
    ("patterns/special/politics.toml", include_str!("../../patterns/special/politics.toml")),
    ("patterns/special/ethnicity.toml", include_str!("../../patterns/special/ethnicity.toml")),
    ("patterns/special/union.toml", include_str!("../../patterns/special/union.toml")),
    ("patterns/special/sexuality.toml", include_str!("../../patterns/special/sexuality.toml")),
    ("patterns/special/genetic.toml", include_str!("../../patterns/special/genetic.toml")),
    ("patterns/special/biometric.toml", include_str!("../../patterns/special/biometric.toml")),
];

/// Words by the language they are of (ISO 639-1).
pub type ByLanguage = BTreeMap<String, Vec<String>>;

/// The terms of a group, and what makes them something about somebody.
#[derive(Debug, Clone)]
pub struct SpecialMatcher {
    /// What to look for.
    pub terms: ByLanguage,
    /// What stands before a term that is said of somebody.
    pub claims: ByLanguage,
    /// The score of a term that is said of nobody.
    pub alone: f32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClaimEntry {
    id: String,
    words: ByLanguage,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SpecialEntry {
    id: String,
    entity: String,
    claims: Vec<String>,
    score: f32,
    alone: f32,
    hits: Vec<String>,
    misses: Vec<String>,
    terms: ByLanguage,
}

impl RuleSet {
    /// Adds claims, or words to those that have this id already.
    pub(super) fn add_claim(&mut self, e: ClaimEntry) {
        let words = self.claims.entry(e.id).or_default();
        e.words.into_iter().for_each(|(language, list)| words.entry(language).or_default().extend(list));
    }

    /// Adds the rule of an entry: on request, whether its entity is or not.
    pub(super) fn add_special(&mut self, path: &Path, line: usize, e: SpecialEntry) -> Result<()> {
        let wrong =
            |what: String| Error::Config { path: path.to_owned(), line, what: format!("special `{}`: {what}", e.id) };
        let mut claims = ByLanguage::new();
        for id in &e.claims {
            let words = self.claims.get(id).ok_or_else(|| {
                let known = self.claims.keys().map(String::as_str);
                let hint = nearest(id, known.clone()).map_or_else(
                    || format!("known are {}", known.collect::<Vec<_>>().join(", ")),
                    |n| format!("did you mean `{n}`?"),
                );
                wrong(format!("key `claims`: there is no claim `{id}`; {hint}"))
            })?;
            words
                .iter()
                .for_each(|(language, list)| claims.entry(language.clone()).or_default().extend(list.iter().cloned()));
        }
        if claims.is_empty() || e.terms.values().all(Vec::is_empty) {
            return Err(wrong("keys `claims` and `terms`: give at least one each".into()));
        }
        if !(0.0..=e.score).contains(&e.alone) {
            return Err(wrong("key `alone`: must be from 0 to `score`".into()));
        }
        let entity = self.entity_for(&e.id, &e.entity, "special", e.score, false).map_err(&wrong)?;
        let matcher = SpecialMatcher { terms: e.terms, claims, alone: e.alone };
        self.rules.push(Rule {
            id: e.id,
            entity,
            matcher: Matcher::Special(matcher),
            score: e.score,
            context: Vec::new(),
            against: Vec::new(),
            boost: 0.0,
            hits: e.hits,
            misses: e.misses,
            about: "a term behind a word that makes it somebody's".to_owned(),
            origin: path.to_owned(),
            line,
        });
        Ok(())
    }
}

impl Rule {
    /// Whether it looks only where its entity was asked for by name or category, though others find that entity without being asked.
    pub fn on_request(&self) -> bool {
        matches!(self.matcher, Matcher::Special(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_line_and_the_key() {
        let e = |claims: &str, terms: &str| {
            let text = format!(
                "\n[[special]]\nid = \"x\"\nentity = \"HEALTH\"\nclaims = [{claims}]\nscore = 0.8\nalone = 0.2\nhits = []\nmisses = []\n\
                 [special.terms]\nen = [{terms}]"
            );
            RuleSet::builtin().add(Path::new("own.toml"), &text).map_err(|e| e.to_string())
        };
        assert_eq!(e("\"my\"", "\"gout\""), Ok(()));
        let wrong = e("\"mine\"", "\"gout\"").unwrap_err();
        assert!(wrong.starts_with("own.toml:5: special `x`: key `claims`") && wrong.contains("`mine`"), "{wrong}");
        assert!(e("\"my\"", "").unwrap_err().contains("`terms`"));
    }
}
