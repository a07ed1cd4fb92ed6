//! TOML to a checked rule set: entities and the rules that find them.
//!
//! The built-in files stand under `patterns/` and are compiled in; a user's own come beside them in the same form.

pub mod fields;
pub mod lists;
pub mod national;
pub mod review;
pub mod special;

use crate::error::{Error, Result, hinted, nearest};
use crate::model::{Category, EntityType, RuleId};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// The built-in entity families: one row a file under `patterns/entities/`.
const ENTITIES: &[(&str, &str)] = &[
    ("patterns/entities/email.toml", include_str!("../patterns/entities/email.toml")),
    ("patterns/entities/ip.toml", include_str!("../patterns/entities/ip.toml")),
    ("patterns/entities/mac.toml", include_str!("../patterns/entities/mac.toml")),
    ("patterns/entities/phone.toml", include_str!("../patterns/entities/phone.toml")),
    ("patterns/entities/card.toml", include_str!("../patterns/entities/card.toml")),
    ("patterns/entities/iban.toml", include_str!("../patterns/entities/iban.toml")),
    ("patterns/entities/ssn.toml", include_str!("../patterns/entities/ssn.toml")),
    ("patterns/entities/documents.toml", include_str!("../patterns/entities/documents.toml")),
    ("patterns/entities/birth.toml", include_str!("../patterns/entities/birth.toml")),
    ("patterns/entities/coordinates.toml", include_str!("../patterns/entities/coordinates.toml")),
    ("patterns/entities/crypto.toml", include_str!("../patterns/entities/crypto.toml")),
    ("patterns/entities/online.toml", include_str!("../patterns/entities/online.toml")),
    ("patterns/entities/credential.toml", include_str!("../patterns/entities/credential.toml")),
    ("patterns/entities/payment.toml", include_str!("../patterns/entities/payment.toml")),
    ("patterns/entities/person.toml", include_str!("../patterns/entities/person.toml")),
    ("patterns/entities/address.toml", include_str!("../patterns/entities/address.toml")),
    ("patterns/entities/url.toml", include_str!("../patterns/entities/url.toml")),
];

/// All built-in files, in order.
fn built_in() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    ENTITIES.iter().chain(fields::FIELDS).chain(national::NATIONAL).chain(special::SPECIAL)
}

/// An entity: what a finding can be.
#[derive(Debug, Clone)]
pub struct Entity {
    /// `EMAIL_ADDRESS`.
    pub name: String,
    /// Which kind of data an agreement would call it.
    pub category: Category,
    /// Looked for only if asked for by name.
    pub on_request: bool,
}

/// How a rule finds its entity.
#[derive(Debug, Clone)]
pub enum Matcher {
    /// A detector written in Rust, by name.
    Code(String),
    /// A regular expression.
    Pattern(PatternMatcher),
    /// A row of the table of national ids.
    National(national::NationalMatcher),
    /// Terms of a special category.
    Special(special::SpecialMatcher),
    /// The names of fields. Its `hits` and `misses` are JSON or CSV, not running text.
    Field(fields::FieldMatcher),
    /// Nothing: it stands for a list that is looked up beside the rules.
    Listed,
}

/// A regular expression and how it is applied.
#[derive(Debug, Clone)]
pub struct PatternMatcher {
    /// In the syntax of the regex crate. With `anchors` it is tried where one of them stands and must match from there.
    /// A group named `value` narrows the finding.
    pub regex: String,
    /// Literals with which every match begins, in any case. Empty: the regex runs over all text, which is slow.
    pub anchors: Vec<String>,
    /// A match may begin up to this many bytes before its anchor, which it must hold.
    pub lead: usize,
    /// No letter or digit may stand right before or after.
    pub word: bool,
    /// Letters match in any case.
    pub ignore_case: bool,
    /// `\w`, `\d`, `.` and classes know Unicode; else bytes.
    pub unicode: bool,
    /// The name of the check that its letters and digits must pass, see `detect::checks`.
    pub check: Option<String>,
    /// It is a line of a `--deny` list.
    pub listed: bool,
}

/// A rule: one way to find one entity.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its name, unique in the set.
    pub id: String,
    /// What it finds.
    pub entity: EntityType,
    /// What it takes to be one, in words: for who asks why something was not found. May be empty.
    pub about: String,
    /// How.
    pub matcher: Matcher,
    /// The score without context, 0 to 1. Detectors in code may state their own, relative to this one.
    pub score: f32,
    /// Words near the value that raise the score.
    pub context: Vec<String>,
    /// Words near the value that say it is something else: with one of them before it and none of `context` around, a regex finds
    /// nothing. Detectors in code may ask in their own ways.
    pub against: Vec<String>,
    /// By how much.
    pub boost: f32,
    /// Texts in which it finds what stands between « and ».
    pub hits: Vec<String>,
    /// Texts in which it finds nothing.
    pub misses: Vec<String>,
    /// The file it stands in.
    pub origin: PathBuf,
    /// Its line there, from 1.
    pub line: usize,
}

/// A checked set of rules.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    entities: Vec<Entity>,
    rules: Vec<Rule>,
    /// How many of them are built in.
    builtin: usize,
    groups: Vec<fields::Group>,
    claims: HashMap<String, special::ByLanguage>,
    by_name: HashMap<String, EntityType>,
    /// The texts of the files that are not built in.
    own: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    rule: Vec<Spanned<RuleEntry>>,
    #[serde(default)]
    group: Vec<Spanned<fields::GroupEntry>>,
    #[serde(default)]
    field: Vec<Spanned<fields::FieldEntry>>,
    #[serde(default)]
    national: Vec<Spanned<national::NationalEntry>>,
    #[serde(default)]
    claim: Vec<special::ClaimEntry>,
    #[serde(default)]
    special: Vec<Spanned<special::SpecialEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleEntry {
    id: String,
    entity: String,
    category: String,
    #[serde(default)]
    about: String,
    code: Option<String>,
    regex: Option<String>,
    check: Option<String>,
    #[serde(default)]
    anchors: Vec<String>,
    #[serde(default)]
    lead: usize,
    #[serde(default = "yes")]
    word: bool,
    #[serde(default)]
    ignore_case: bool,
    #[serde(default)]
    unicode: bool,
    score: f32,
    #[serde(default)]
    context: Vec<String>,
    #[serde(default)]
    against: Vec<String>,
    #[serde(default)]
    boost: f32,
    #[serde(default)]
    on_request: bool,
    #[serde(default)]
    hits: Vec<String>,
    #[serde(default)]
    misses: Vec<String>,
}

fn yes() -> bool {
    true
}

impl RuleSet {
    /// The built-in rules.
    ///
    /// # Panics
    ///
    /// Never: a test reads every built-in file.
    pub fn builtin() -> RuleSet {
        let mut set = RuleSet::default();
        for (path, text) in built_in() {
            set.add_text(Path::new(path), text).expect("built-in patterns are checked by a test");
        }
        set.builtin = set.rules.len();
        set
    }

    /// Whether a rule is one of the built-in ones, which are known to be in order.
    pub fn is_builtin(&self, rule: RuleId) -> bool {
        rule.index() < self.builtin
    }

    /// Adds the rules of a file's `text`; `path` is for messages.
    ///
    /// # Errors
    ///
    /// The line and key of what is wrong, and the nearest word that would be right.
    pub fn add(&mut self, path: &Path, text: &str) -> Result<()> {
        self.own.push(text.to_owned());
        self.add_text(path, text)
    }

    fn add_text(&mut self, path: &Path, text: &str) -> Result<()> {
        let file: File = toml::from_str(text).map_err(|e| Error::Config {
            path: path.to_owned(),
            line: e.span().map_or(0, |s| line_of(text, s.start)),
            what: hinted(e.message()),
        })?;
        for entry in file.rule {
            let (start, line) = (entry.span().start, line_of(text, entry.span().start));
            self.add_rule(path, line, entry.into_inner()).map_err(|e| at_key(e, &text[start..]))?;
        }
        for entry in file.group {
            let (start, line) = (entry.span().start, line_of(text, entry.span().start));
            self.add_group(path, line, entry.into_inner()).map_err(|e| at_key(e, &text[start..]))?;
        }
        for entry in file.field {
            let (start, line) = (entry.span().start, line_of(text, entry.span().start));
            self.add_field(path, line, entry.into_inner()).map_err(|e| at_key(e, &text[start..]))?;
        }
        for entry in file.national {
            let (start, line) = (entry.span().start, line_of(text, entry.span().start));
            self.add_national(path, line, entry.into_inner()).map_err(|e| at_key(e, &text[start..]))?;
        }
        file.claim.into_iter().for_each(|entry| self.add_claim(entry));
        for entry in file.special {
            let (start, line) = (entry.span().start, line_of(text, entry.span().start));
            self.add_special(path, line, entry.into_inner()).map_err(|e| at_key(e, &text[start..]))?;
        }
        Ok(())
    }

    fn add_rule(&mut self, path: &Path, line: usize, e: RuleEntry) -> Result<()> {
        let wrong =
            |what: String| Error::Config { path: path.to_owned(), line, what: format!("rule `{}`: {what}", e.id) };
        if e.code.is_some() && e.check.is_some() {
            return Err(wrong("key `check`: it goes with `regex`".into()));
        }
        let matcher = match (e.code, e.regex) {
            (Some(code), None) => Matcher::Code(code),
            (None, Some(regex)) => Matcher::Pattern(PatternMatcher {
                regex,
                anchors: e.anchors,
                lead: e.lead,
                word: e.word,
                ignore_case: e.ignore_case,
                unicode: e.unicode,
                check: e.check,
                listed: false,
            }),
            _ => return Err(wrong("give either `regex` or `code`".into())),
        };
        if let Matcher::Pattern(p) = &matcher
            && self.builtin > 0
        {
            review::check(p).map_err(|e| wrong(format!("key `regex`: it does not compile: {e}")))?;
        }
        let entity = self.entity_for(&e.id, &e.entity, &e.category, e.score, e.on_request).map_err(wrong)?;
        self.rules.push(Rule {
            id: e.id,
            entity,
            about: e.about,
            matcher,
            score: e.score,
            context: e.context,
            against: e.against,
            boost: e.boost,
            hits: e.hits,
            misses: e.misses,
            origin: path.to_owned(),
            line,
        });
        Ok(())
    }

    /// Adds what a `--deny` list names: always a finding, of the entity `CUSTOM`.
    pub fn deny(&mut self, path: &Path, entries: &[(usize, lists::Entry)]) {
        let entity = self.by_name.get("CUSTOM").copied();
        let entity = entity.unwrap_or_else(|| self.add_entity("CUSTOM", Category::Custom, false));
        for (line, entry) in entries {
            let (regex, anchors) = match entry {
                lists::Entry::Literal(l) => (regex::escape(l), vec![l.clone()]),
                lists::Entry::Regex(r) => (r.clone(), Vec::new()),
            };
            let pattern = PatternMatcher {
                regex,
                anchors,
                lead: 0,
                word: true,
                ignore_case: true,
                unicode: true,
                check: None,
                listed: true,
            };
            self.rules.push(Rule {
                id: format!("deny-{}", self.rules.len()),
                entity,
                about: String::new(),
                matcher: Matcher::Pattern(pattern),
                score: 1.0,
                context: Vec::new(),
                against: Vec::new(),
                boost: 0.0,
                hits: Vec::new(),
                misses: Vec::new(),
                origin: path.to_owned(),
                line: *line,
            });
        }
    }

    /// Adds the rule that findings of values on a list name, of the entity `CUSTOM`.
    pub fn listed(&mut self, path: &Path) -> RuleId {
        let entity = self.by_name.get("CUSTOM").copied();
        let entity = entity.unwrap_or_else(|| self.add_entity("CUSTOM", Category::Custom, false));
        self.rules.push(Rule {
            id: "absent".into(),
            entity,
            about: String::new(),
            matcher: Matcher::Listed,
            score: 1.0,
            context: Vec::new(),
            against: Vec::new(),
            boost: 0.0,
            hits: Vec::new(),
            misses: Vec::new(),
            origin: path.to_owned(),
            line: 0,
        });
        RuleId(self.rules.len() as u16 - 1)
    }

    /// The entity of a new rule, made if need be; what is wrong with the rule's id, category or score.
    fn entity_for(
        &mut self,
        id: &str,
        name: &str,
        category: &str,
        score: f32,
        on_request: bool,
    ) -> Result<EntityType, String> {
        let category = Category::from_id(category).ok_or_else(|| {
            let hint = nearest(category, Category::ALL.map(Category::id))
                .map_or_else(|| "see `sluice patterns list`".into(), |n| format!("did you mean `{n}`?"));
            format!("key `category`: `{category}` is no category; {hint}")
        })?;
        if self.rules.iter().any(|r| r.id == id) {
            return Err("this id is taken; give it another".into());
        }
        if !(0.0..=1.0).contains(&score) {
            return Err("key `score`: must be from 0 to 1".into());
        }
        match self.by_name.get(name) {
            Some(&t) if self.entity(t).category != category => {
                Err(format!("key `category`: `{name}` is of category `{}` already", self.entity(t).category))
            }
            Some(&t) => Ok(t),
            None => Ok(self.add_entity(name, category, on_request)),
        }
    }

    fn add_entity(&mut self, name: &str, category: Category, on_request: bool) -> EntityType {
        let t = EntityType(self.entities.len() as u16);
        self.entities.push(Entity { name: name.to_owned(), category, on_request });
        self.by_name.insert(name.to_owned(), t);
        t
    }

    /// SHA-256 (FIPS 180-4) over the texts of all files that were added, in order, as hexadecimal digits: tells rule sets apart.
    pub fn digest(&self) -> String {
        // Only here, since hashing them takes a good part of a run on one line.
        let mut digest = Sha256::new();
        let built_in = built_in().filter(|_| self.builtin > 0).map(|(_, text)| *text);
        built_in.chain(self.own.iter().map(String::as_str)).for_each(|text| digest.update(text));
        crate::normalise::hex(&digest.finalize())
    }

    /// All rules, in order.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// One rule.
    pub fn rule(&self, id: RuleId) -> &Rule {
        &self.rules[id.index()]
    }

    /// All entities; an [`EntityType`] is an index into them.
    pub fn entities(&self) -> &[Entity] {
        &self.entities
    }

    /// One entity.
    pub fn entity(&self, t: EntityType) -> &Entity {
        &self.entities[t.index()]
    }

    /// The entity with this name.
    pub fn entity_named(&self, name: &str) -> Option<EntityType> {
        self.by_name.get(name).copied()
    }

    pub(crate) fn unknown_code(&self, rule: &Rule, name: &str, known: &[&str]) -> Error {
        let hint = nearest(name, known.iter().copied())
            .map_or_else(|| format!("known are {}", known.join(", ")), |n| format!("did you mean `{n}`?"));
        Error::Config {
            path: rule.origin.clone(),
            line: rule.line,
            what: format!("rule `{}`: key `code`: there is no detector `{name}`; {hint}", rule.id),
        }
    }
}

/// The error with the line of the key that it names, where that stands in the entry with which `text` begins.
fn at_key(error: Error, text: &str) -> Error {
    let Error::Config { path, mut line, what } = error else { return error };
    let key = what.split_once("key `").and_then(|(_, rest)| rest.split_once('`')).map(|(key, _)| key);
    let entry = text.get(1..).and_then(|rest| rest.find("\n[")).map_or(text, |end| &text[..end + 1]);
    let is_key = |l: &str| l.strip_prefix(key.unwrap_or(" ")).is_some_and(|rest| rest.trim_start().starts_with('='));
    line += entry.lines().position(is_key).unwrap_or(0);
    Error::Config { path, line, what }
}

fn line_of(text: &str, offset: usize) -> usize {
    memchr::memchr_iter(b'\n', &text.as_bytes()[..offset.min(text.len())]).count() + 1
}
