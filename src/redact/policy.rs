//! Policies: which operator each entity gets. Built in under `patterns/policies/`, or a user's own file in that form.

use super::operators::{self, Operator};
use crate::error::{Error, Result, hinted, nearest};
use crate::model::{Category, EntityType};
use crate::normalise::Key;
use crate::patterns::{Entity, RuleSet};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The built-in policies: one row a file under `patterns/policies/`.
pub const POLICIES: &[(&str, &str)] = &[
    ("default", include_str!("../../patterns/policies/default.toml")),
    ("strict", include_str!("../../patterns/policies/strict.toml")),
    ("analytics", include_str!("../../patterns/policies/analytics.toml")),
    ("llm", include_str!("../../patterns/policies/llm.toml")),
    ("support", include_str!("../../patterns/policies/support.toml")),
    ("pci", include_str!("../../patterns/policies/pci.toml")),
];

/// A policy as written: targets (entities, categories) and operators by name.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// What it is for, in a sentence.
    #[serde(default)]
    pub purpose: String,
    /// The operator of what `operators` doesn't name.
    pub default: String,
    /// Entity or category to operator: an entity wins over its category.
    #[serde(default)]
    pub operators: BTreeMap<String, String>,
    /// Entities and categories that are looked for besides those that always are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// What it makes of some inputs: its tests.
    #[serde(default, rename = "case", skip_serializing)]
    pub cases: Vec<Case>,
    #[serde(skip)]
    origin: PathBuf,
}

/// What a policy makes of an input.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The input, of any format.
    pub text: String,
    /// What comes out, with `…` for the digits of a hash.
    pub gives: String,
}

/// A policy ready to be applied: an operator for each entity of a rule set.
#[derive(Debug, Clone)]
pub struct Operators {
    by_entity: Vec<Arc<dyn Operator>>,
}

impl Operators {
    /// The operator of `entity`.
    pub fn of(&self, entity: EntityType) -> &dyn Operator {
        self.by_entity[entity.index()].as_ref()
    }

    /// Whether values of `entity` stay as they are.
    pub fn keeps(&self, entity: EntityType) -> bool {
        self.of(entity).keeps()
    }
}

impl Policy {
    /// The built-in policy with this name.
    ///
    /// # Errors
    ///
    /// There's none; the message names those there are.
    pub fn named(name: &str) -> Result<Policy> {
        let known = POLICIES.iter().map(|p| p.0);
        let Some((_, text)) = POLICIES.iter().find(|p| p.0 == name) else {
            let hint = nearest(name, known.clone()).map_or_else(
                || format!("known are {}; or give the path of a .toml file", known.collect::<Vec<_>>().join(", ")),
                |n| format!("did you mean `{n}`?"),
            );
            return Err(Error::Usage(format!("there is no policy `{name}`; {hint}")));
        };
        Policy::parse(Path::new(&format!("patterns/policies/{name}.toml")), text)
    }

    /// The built-in policy `name`, or, if it looks like a path (`.toml`, a `/`), the file that `read` reads.
    ///
    /// # Errors
    ///
    /// As [`Policy::named`] and [`Policy::parse`]; the file can't be read.
    pub fn open(name: &str, read: &dyn Fn(&Path) -> Result<String>) -> Result<Policy> {
        if name.ends_with(".toml") || name.contains('/') {
            let path = Path::new(name);
            Policy::parse(path, &read(path)?)
        } else {
            Policy::named(name)
        }
    }

    /// A policy from the text of a file; `path` is for messages.
    ///
    /// # Errors
    ///
    /// The line and key of what is wrong.
    pub fn parse(path: &Path, text: &str) -> Result<Policy> {
        let mut policy: Policy = toml::from_str(text).map_err(|e| Error::Config {
            path: path.to_owned(),
            line: e.span().map_or(0, |s| text.as_bytes()[..s.start].iter().filter(|b| **b == b'\n').count() + 1),
            what: hinted(e.message()),
        })?;
        policy.origin = path.to_owned();
        Ok(policy)
    }

    /// Puts `TARGET=OPERATOR[:ARG]` over it; TARGET is an entity, a category or `default`.
    ///
    /// # Errors
    ///
    /// There is no `=`.
    pub fn set(&mut self, op: &str) -> Result<()> {
        let (target, operator) = op
            .split_once('=')
            .ok_or_else(|| Error::Usage("--op takes TARGET=OPERATOR[:ARG], for example contact=mask".into()))?;
        if target == "default" {
            self.default = operator.to_owned();
            // What the policy says of categories was said against its own default, and still holds.
        } else {
            self.operators.insert(target.to_owned(), operator.to_owned());
        }
        Ok(())
    }

    /// The operator of `entity`, as it is written.
    pub fn spec(&self, entity: &Entity) -> &str {
        (self.operators.get(&entity.name)).or_else(|| self.operators.get(entity.category.id())).unwrap_or(&self.default)
    }

    /// The operators for the entities of `rules`.
    ///
    /// # Errors
    ///
    /// A target that is no entity or category, an operator that doesn't exist or needs a key.
    pub fn operators(&self, rules: &RuleSet, key: Option<&Key>) -> Result<Operators> {
        let place = |e: Error| match e {
            Error::Usage(what) if !self.origin.as_os_str().is_empty() => {
                Error::Usage(format!("policy `{}`: {what}", self.name))
            }
            e => e,
        };
        for target in self.operators.keys() {
            if rules.entity_named(target).is_none() && Category::from_id(target).is_none() {
                let known = rules.entities().iter().map(|e| e.name.as_str()).chain(Category::ALL.map(Category::id));
                let hint = nearest(target, known)
                    .map_or_else(|| "see `sluice patterns list`".into(), |n| format!("did you mean `{n}`?"));
                return Err(place(Error::Usage(format!("`{target}` is no entity or category; {hint}"))));
            }
        }
        let mut made: BTreeMap<&str, Arc<dyn Operator>> = BTreeMap::new();
        let mut by_entity = Vec::new();
        for entity in rules.entities() {
            let spec = self.spec(entity);
            if !made.contains_key(spec) {
                made.insert(spec, operators::parse(spec, key).map_err(place)?.into());
            }
            by_entity.push(made[spec].clone());
        }
        Ok(Operators { by_entity })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entity_over_category_over_default() {
        let rules = RuleSet::builtin();
        let email = rules.entity_named("EMAIL_ADDRESS").unwrap();
        let mut p = Policy::named("default").unwrap();
        let name = |p: &Policy| format!("{:?}", p.operators(&rules, None).unwrap().of(email));
        assert!(name(&p).starts_with("Replace"));
        p.set("contact=mask").unwrap();
        assert!(name(&p).starts_with("Mask"));
        p.set("EMAIL_ADDRESS=remove").unwrap();
        assert!(name(&p).starts_with("Remove"));
    }

    #[test]
    fn errors_name_the_remedy() {
        let rules = RuleSet::builtin();
        let mut p = Policy::named("default").unwrap();
        p.set("EMAIL_ADRESS=mask").unwrap();
        let e = p.operators(&rules, None).unwrap_err().to_string();
        assert!(e.contains("did you mean `EMAIL_ADDRESS`"), "{e}");
        assert!(Policy::named("defualt").unwrap_err().to_string().contains("did you mean `default`"));
        let e = Policy::parse(Path::new("p.toml"), "name='x'\npurpose='y'\ndefault='keep'\nextra=1\n").unwrap_err();
        assert!(e.to_string().starts_with("p.toml:4:"), "{e}");
    }
}
