//! What was replaced in data before: redacted, pseudonymised, masked. By entity, as far as a replacement says what it stands for.

use super::observed::Distinct;
use crate::model::EntityType;
use crate::patterns::RuleSet;
use serde::Serialize;
use std::collections::BTreeMap;

/// In what way a value was replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// By what it is: `<EMAIL_ADDRESS>`. Nothing of the value is left.
    Redacted,
    /// By asterisks: its length and form are left, and with `keep` its end.
    Masked,
    /// By a number: `<EMAIL_ADDRESS_1>`. Equal values stay equal, and the vault tells which they were.
    Token,
    /// By a keyed hash: `<EMAIL_ADDRESS:…>`. Equal values stay equal, and the key tells whether it was a given one.
    Hash,
}

/// Counts replacements.
#[derive(Debug, Clone, Default)]
pub struct Replacements {
    counts: BTreeMap<(Way, Option<u16>), (u64, Distinct)>,
}

/// Replacements of one way and entity.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Row {
    /// In what way.
    pub way: Way,
    /// What it stands for, where that can be told.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub entity: Option<String>,
    /// How many.
    pub count: u64,
    /// Of tokens and hashes: how many different ones; so many values they stand for at most, and at least where one numbering
    /// holds for all inputs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub different: Option<u64>,
}

impl Replacements {
    /// Counts a replacement that names itself, by what stands between its angle brackets; `hash` is that of it.
    /// What names no entity of `rules` is none: `<DIV>`.
    pub fn named(&mut self, rules: &RuleSet, inner: &str, hash: u64) {
        let Some((way, entity)) = read(rules, inner) else { return };
        let held = self.counts.entry((way, Some(entity.index() as u16))).or_default();
        held.0 += 1;
        if matches!(way, Way::Token | Way::Hash) {
            held.1.add(hash);
        }
    }

    /// Counts a mask; of an `address`: it has the form of an e-mail address.
    pub fn masked(&mut self, rules: &RuleSet, address: bool) {
        let entity = rules.entity_named("EMAIL_ADDRESS").filter(|_| address);
        self.counts.entry((Way::Masked, entity.map(|e| e.index() as u16))).or_default().0 += 1;
    }

    /// What there was, by way and entity.
    pub fn rows(&self, rules: &RuleSet) -> Vec<Row> {
        let row = |((way, entity), (count, distinct)): (&(Way, Option<u16>), &(u64, Distinct))| Row {
            way: *way,
            entity: entity.map(|e| rules.entities()[usize::from(e)].name.clone()),
            count: *count,
            different: matches!(way, Way::Token | Way::Hash).then(|| distinct.count().0),
        };
        self.counts.iter().map(row).collect()
    }
}

/// What a replacement says of itself.
fn read(rules: &RuleSet, inner: &str) -> Option<(Way, EntityType)> {
    if let Some((name, _)) = inner.split_once(':') {
        return Some((Way::Hash, rules.entity_named(name)?));
    }
    if let Some(entity) = rules.entity_named(inner) {
        return Some((Way::Redacted, entity));
    }
    let (name, number) = inner.rsplit_once('_')?;
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    is_number.then_some(())?;
    Some((Way::Token, rules.entity_named(name)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_way_and_entity() {
        let rules = RuleSet::builtin();
        let mut r = Replacements::default();
        for (i, inner) in
            ["PERSON", "PERSON", "US_SSN_1", "US_SSN_2", "US_SSN_1", "US_SSN:00ff", "DIV", "H_1", "US_SSN_", "X:00"]
                .iter()
                .enumerate()
        {
            // One hash for one text.
            let hash = if i == 4 { 2 } else { i as u64 };
            r.named(&rules, inner, hash << 40);
        }
        r.masked(&rules, true);
        r.masked(&rules, false);
        let rows: Vec<String> = r
            .rows(&rules)
            .iter()
            .map(|r| format!("{:?} {:?} {} {:?}", r.way, r.entity.as_deref().unwrap_or("?"), r.count, r.different))
            .collect();
        assert_eq!(
            rows,
            [
                "Redacted \"PERSON\" 2 None",
                "Masked \"?\" 1 None",
                "Masked \"EMAIL_ADDRESS\" 1 None",
                "Token \"US_SSN\" 3 Some(2)",
                "Hash \"US_SSN\" 1 Some(1)",
            ]
        );
    }
}
