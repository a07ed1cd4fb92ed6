//! Fields: names of JSON keys, CSV columns and parts of a format that say what their values are.

use super::{Matcher, Rule, RuleSet};
use crate::error::{Error, Result, nearest};
use serde::Deserialize;
use std::path::Path;

/// The built-in field families: one row a file under `patterns/fields/`. Groups stand before the fields that use them.
pub(super) const FIELDS: &[(&str, &str)] = &[
    ("patterns/fields/groups.toml", include_str!("../../patterns/fields/groups.toml")),
    ("patterns/fields/words.toml", include_str!("../../patterns/fields/words.toml")),
    ("patterns/fields/names.toml", include_str!("../../patterns/fields/names.toml")),
    ("patterns/fields/account.toml", include_str!("../../patterns/fields/account.toml")),
    ("patterns/fields/contact.toml", include_str!("../../patterns/fields/contact.toml")),
    ("patterns/fields/demographic.toml", include_str!("../../patterns/fields/demographic.toml")),
    ("patterns/fields/profile.toml", include_str!("../../patterns/fields/profile.toml")),
    ("patterns/fields/online.toml", include_str!("../../patterns/fields/online.toml")),
    ("patterns/fields/location.toml", include_str!("../../patterns/fields/location.toml")),
    ("patterns/fields/financial.toml", include_str!("../../patterns/fields/financial.toml")),
    ("patterns/fields/credential.toml", include_str!("../../patterns/fields/credential.toml")),
    ("patterns/fields/employment.toml", include_str!("../../patterns/fields/employment.toml")),
    ("patterns/fields/national.toml", include_str!("../../patterns/fields/national.toml")),
    ("patterns/fields/usage.toml", include_str!("../../patterns/fields/usage.toml")),
    ("patterns/fields/special.toml", include_str!("../../patterns/fields/special.toml")),
];

/// The most groups that a rule set can have: sets of them are 128 bits.
const MAX_GROUPS: usize = 128;

/// What a value must look like to be what its field's name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // each is said in detect/fields/shape.rs, where it is decided
pub enum Shape {
    Text,
    Name,
    Speaker,
    SpeakerWord,
    Username,
    Id,
    LongId,
    LongCode,
    Token,
    Secret,
    Jwt,
    Email,
    Phone,
    Street,
    StreetLoose,
    StreetNumber,
    Postal,
    Place,
    Degrees,
    DegreesExact,
    State,
    CookieTag,
    PrefixedId,
    Timezone,
    Date,
    Age,
    AgePlain,
    Gender,
    Locale,
    Image,
    Profile,
    AccountLink,
    Prose,
    Ip,
    Mac,
    Cookie,
    UserAgent,
    Card,
    CardPart,
    Expiry,
    Cvc,
    Iban,
    Account,
    AccountPart,
    National,
    Organization,
    Job,
    Special,
    Biometric,
    Activity,
}

/// What must agree with a name before it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Needs {
    /// The name is enough (and the value's shape).
    #[default]
    Nothing,
    /// The object it stands in: what it is called (`parents`), or what else it holds (`siblings`).
    Object,
    /// As `Object`, or what stands elsewhere in the objects around it.
    Record,
}

/// A field: its names, and what must agree.
#[derive(Debug, Clone)]
pub struct FieldMatcher {
    /// Its names, as written in the file.
    pub names: Vec<String>,
    /// What its values look like.
    pub shape: Shape,
    /// What must agree with the name.
    pub needs: Needs,
    /// Groups (a bit each) of which the parent, or a word before the name, must be one.
    pub parents: u128,
    /// Groups of which a field beside it must be one.
    pub siblings: u128,
    /// Groups of which none beside it may be one.
    pub unless: u128,
    /// Groups that, where a field of each stands beside it, settle whose it is: those of `despite` do not speak against it then.
    pub settled: u128,
    /// Groups of `unless` that say nothing where `settled` does.
    pub despite: u128,
    /// Groups to which its own names belong.
    pub member: u128,
    /// No words may stand before or after a name.
    pub exact: bool,
    /// Names that end in one of its own and are something else.
    pub except: Vec<String>,
    /// It is found wherever a format itself has such a part (`speaker`), without other evidence.
    pub parts: bool,
}

/// Names, or words, that serve as evidence.
#[derive(Debug, Clone)]
pub struct Group {
    /// What fields call it by.
    pub id: String,
    /// Its names.
    pub names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupEntry {
    id: String,
    names: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldEntry {
    pub id: String,
    pub entity: String,
    pub category: String,
    names: Vec<String>,
    shape: String,
    #[serde(default)]
    needs: Option<String>,
    #[serde(default)]
    parents: Vec<String>,
    #[serde(default)]
    siblings: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    settled: Vec<String>,
    #[serde(default)]
    despite: Vec<String>,
    #[serde(default)]
    member: Vec<String>,
    #[serde(default)]
    exact: bool,
    #[serde(default)]
    except: Vec<String>,
    #[serde(default)]
    parts: bool,
    score: f32,
    #[serde(default)]
    on_request: bool,
    #[serde(default)]
    hits: Vec<String>,
    #[serde(default)]
    misses: Vec<String>,
}

impl FieldEntry {
    /// The field of a national id: its name is enough, and beside other fields it says that these are somebody's.
    pub fn national(id: &str, entity: &str, names: Vec<String>, hits: Vec<String>, misses: Vec<String>) -> FieldEntry {
        FieldEntry {
            id: format!("field-{id}"),
            entity: entity.to_owned(),
            category: "identification".to_owned(),
            names,
            shape: "national".to_owned(),
            needs: None,
            parents: Vec::new(),
            siblings: Vec::new(),
            unless: Vec::new(),
            settled: Vec::new(),
            despite: Vec::new(),
            member: vec!["identity".to_owned()],
            exact: false,
            except: Vec::new(),
            parts: false,
            score: 0.85,
            on_request: false,
            hits,
            misses,
        }
    }
}

impl RuleSet {
    /// The groups of names; a group's bit in a [`FieldMatcher`] is its index.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The bit of the group with this id; 0 if there is none.
    pub fn group_bit(&self, id: &str) -> u128 {
        self.groups.iter().position(|g| g.id == id).map_or(0, |i| 1 << i)
    }

    /// Adds a group, or names to the group that has this id already.
    pub(super) fn add_group(&mut self, path: &Path, line: usize, e: GroupEntry) -> Result<()> {
        let wrong =
            |what: &str| Error::Config { path: path.to_owned(), line, what: format!("group `{}`: {what}", e.id) };
        if e.names.is_empty() {
            return Err(wrong("key `names`: give at least one name"));
        }
        if let Some(group) = self.groups.iter_mut().find(|g| g.id == e.id) {
            group.names.extend(e.names);
        } else if self.groups.len() == MAX_GROUPS {
            return Err(wrong("there are 128 groups already; use one of them"));
        } else {
            self.groups.push(Group { id: e.id, names: e.names });
        }
        Ok(())
    }

    pub(super) fn add_field(&mut self, path: &Path, line: usize, e: FieldEntry) -> Result<()> {
        let wrong =
            |what: String| Error::Config { path: path.to_owned(), line, what: format!("field `{}`: {what}", e.id) };
        if e.names.iter().all(|n| n.trim().is_empty()) {
            return Err(wrong("key `names`: give at least one name".into()));
        }
        let shape = word::<Shape>("shape", &e.shape).map_err(&wrong)?;
        let needs = e.needs.as_deref().map_or(Ok(Needs::Nothing), |n| word("needs", n)).map_err(&wrong)?;
        let bits = |key, ids: &[String]| self.bits(key, ids).map_err(&wrong);
        let matcher = FieldMatcher {
            shape,
            needs,
            parents: bits("parents", &e.parents)?,
            siblings: bits("siblings", &e.siblings)?,
            unless: bits("unless", &e.unless)?,
            settled: bits("settled", &e.settled)?,
            despite: bits("despite", &e.despite)?,
            member: bits("member", &e.member)?,
            exact: e.exact,
            except: e.except.clone(),
            parts: e.parts,
            names: e.names.clone(),
        };
        if needs != Needs::Nothing && matcher.parents | matcher.siblings == 0 {
            return Err(wrong("key `needs`: say what must agree, with `parents` or `siblings`".into()));
        }
        if (matcher.settled == 0) != (matcher.despite == 0) || matcher.despite & !matcher.unless != 0 {
            return Err(wrong("key `despite`: name groups of `unless`, and with `settled` what outweighs them".into()));
        }
        let entity = self.entity_for(&e.id, &e.entity, &e.category, e.score, e.on_request).map_err(&wrong)?;
        self.rules.push(Rule {
            id: e.id,
            entity,
            about: String::new(),
            matcher: Matcher::Field(matcher),
            score: e.score,
            context: Vec::new(),
            against: Vec::new(),
            boost: 0.0,
            hits: e.hits,
            misses: e.misses,
            origin: path.to_owned(),
            line,
        });
        Ok(())
    }

    fn bits(&self, key: &str, ids: &[String]) -> Result<u128, String> {
        ids.iter().try_fold(0, |bits, id| match self.group_bit(id) {
            0 => Err(unknown(key, "group", id, self.groups.iter().map(|g| g.id.as_str()))),
            bit => Ok(bits | bit),
        })
    }
}

/// A word that serde knows as a variant of `T`; else the message with the nearest one.
fn word<T: for<'d> Deserialize<'d>>(key: &str, given: &str) -> Result<T, String> {
    use serde::de::value::{Error as Plain, StrDeserializer};
    T::deserialize(StrDeserializer::<Plain>::new(given)).map_err(|e| {
        // serde lists the variants in backquotes, after the one that was given.
        let said = e.to_string();
        unknown(key, key, given, said.split('`').skip(3).step_by(2))
    })
}

fn unknown<'a>(key: &str, kind: &str, given: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    let hint = nearest(given, known.iter().copied())
        .map_or_else(|| format!("known are {}", known.join(", ")), |n| format!("did you mean `{n}`?"));
    format!("key `{key}`: there is no {kind} `{given}`; {hint}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        let mut set = RuleSet::builtin();
        set.add(Path::new("own.toml"), text).unwrap_err().to_string()
    }

    fn field(rest: &str) -> String {
        format!("\n[[field]]\nid = \"f\"\nentity = \"PERSON\"\nscore = 0.9\n{rest}")
    }

    #[test]
    fn every_file_is_listed() {
        for (dir, rows) in [
            ("fields", FIELDS),
            ("entities", super::super::ENTITIES),
            ("national", super::super::national::NATIONAL),
            ("special", super::super::special::SPECIAL),
        ] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("patterns").join(dir);
            for entry in std::fs::read_dir(folder).unwrap() {
                let name = format!("patterns/{dir}/{}", entry.unwrap().file_name().to_string_lossy());
                assert!(rows.iter().any(|(path, _)| *path == name), "{name} is compiled in nowhere");
            }
        }
    }

    #[test]
    fn errors_name_the_line_the_key_and_the_nearest_word() {
        let base = "category = \"identification\"\nnames = [\"x\"]\n";
        let e = error(&field(&format!("{base}shape = \"nam\"")));
        assert_eq!(e, "own.toml:8: field `f`: key `shape`: there is no shape `nam`; did you mean `name`?");
        let e = error(&field(&format!("{base}shape = \"name\"\nneeds = \"objekt\"")));
        assert_eq!(e, "own.toml:9: field `f`: key `needs`: there is no needs `objekt`; did you mean `object`?");
        let e = error(&field(&format!("{base}shape = \"name\"\nneeds = \"object\"")));
        assert!(e.contains("say what must agree"), "{e}");
        let e = error(&field(&format!("{base}shape = \"name\"\nunless = [\"thing\"]\ndespite = [\"thing\"]")));
        assert!(e.contains("key `despite`: name groups of `unless`"), "{e}");
        let e = error(&field(&format!("{base}shape = \"name\"\nparents = [\"persn\"]")));
        assert!(e.contains("key `parents`: there is no group `persn`; did you mean `person`?"), "{e}");
        let e = error(&field("category = \"contakt\"\nnames = [\"x\"]\nshape = \"name\""));
        assert!(e.contains("key `category`: `contakt` is no category; did you mean `contact`?"), "{e}");
        let e = error(&field("category = \"contact\"\nnames = [\"x\"]\nshape = \"name\""));
        assert!(e.contains("`PERSON` is of category `identification` already"), "{e}");
        let e = error(&field("category = \"identification\"\nnames = []\nshape = \"name\""));
        assert!(e.contains("key `names`"), "{e}");
        assert!(error("[[group]]\nid = \"g\"\nnames = []").starts_with("own.toml:3: group `g`: key `names`"));
    }

    #[test]
    fn a_user_brings_fields_and_names_of_a_group() {
        let mut set = RuleSet::builtin();
        let groups = set.groups().len();
        let own = "[[group]]\nid = \"person\"\nnames = [\"astronaut\"]\n[[field]]\nid = \"own\"\nentity = \"BADGE\"\n\
                   category = \"custom\"\nnames = [\"badge no\"]\nshape = \"id\"\nscore = 0.8";
        set.add(Path::new("own.toml"), own).unwrap();
        assert_eq!(set.groups().len(), groups);
        assert!(set.entity_named("BADGE").is_some());
    }
}
