//! Agreements: what an annex declares, and how what is found stands to it. Evidence, not legal advice.
//!
//! The built-in annexes stand under `patterns/annexes/`; a user's own has the same form (`blank.toml` is one to copy).

pub mod breach;
pub mod compare;
pub mod fields;
pub mod held;
pub mod observed;
pub mod past;
pub mod people;
pub mod replaced;
pub mod whose;

use crate::error::{Error, Result, nearest};
use crate::model::Category;
use crate::patterns::RuleSet;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// The built-in annexes: one row a file under `patterns/annexes/`.
pub const ANNEXES: &[(&str, &str)] = &[
    ("butly", include_str!("../patterns/annexes/butly.toml")),
    ("botsify", include_str!("../patterns/annexes/botsify.toml")),
    ("365-aitech", include_str!("../patterns/annexes/365-aitech.toml")),
    ("personizely", include_str!("../patterns/annexes/personizely.toml")),
    ("blank", include_str!("../patterns/annexes/blank.toml")),
];

/// The form of annex files that this program reads.
const VERSION: u32 = 1;

/// What an agreement declares, rules out and promises.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Annex {
    version: Spanned<u32>,
    /// What it is called by.
    pub name: String,
    /// Who does what.
    pub title: String,
    /// How the agreement is dated.
    pub dated: Option<String>,
    /// The service carries messages: their text as such is no finding.
    #[serde(default)]
    pub carries_messages: bool,
    /// Whom the data is about.
    #[serde(default, rename = "subject")]
    pub subjects: Vec<Subject>,
    /// How the data shows whose it is.
    #[serde(default, rename = "mapping")]
    pub mappings: Vec<Spanned<Mapping>>,
    /// What is declared.
    #[serde(default, rename = "label")]
    pub labels: Vec<Spanned<Label>>,
    /// What may not be there.
    #[serde(default)]
    pub ruled_out: Vec<Spanned<RuledOut>>,
    /// When a breach must be told, and to whom.
    #[serde(default, rename = "breach")]
    pub breaches: Vec<Spanned<Breach>>,
    /// What else is promised, in words.
    #[serde(default, rename = "promise")]
    pub promises: Vec<Promise>,
    #[serde(skip)]
    origin: PathBuf,
    /// Of the labels and what is ruled out: their lines in the file.
    #[serde(skip)]
    lines: Vec<usize>,
}

/// Whom data is about, in which role it is held.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// What labels call it by.
    pub id: String,
    /// Its name in the agreement.
    pub name: String,
    /// `controller` or `processor`, where the agreement says so.
    pub role: Option<String>,
}

/// Where data of a subject stands. All conditions must hold; of those with several values, one of each. `*` stands for anything; case doesn't
/// matter.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The subject's id.
    pub subject: String,
    /// Files: by their names, or, with a `/`, by the whole path as it is shown.
    #[serde(default)]
    pub path: Vec<String>,
    /// Fields: a column, a part of the format (`speaker`), a key anywhere on the way; or, with a `/` at the head, a whole JSON pointer with array
    /// indices as `*`.
    #[serde(default)]
    pub field: Vec<String>,
    /// Values that stand beside: by key or column (or `speaker`) in the same object, or one around it; what the value may be.
    #[serde(default)]
    pub beside: BTreeMap<String, Vec<String>>,
    /// Why this is so, where the agreement doesn't say it.
    pub reading: Option<String>,
}

/// A declared category, as the agreement names it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// The subject's id.
    pub subject: String,
    /// Its name in the agreement.
    pub name: String,
    /// What it lists.
    pub items: Vec<Listed>,
}

/// What a label lists.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// In the agreement's words.
    pub says: String,
    /// Entities and categories that this means.
    #[serde(default)]
    pub covers: Vec<String>,
    /// It sets no limit.
    #[serde(default)]
    pub open: bool,
    /// How the words are read here, where they name no list.
    pub reading: Option<String>,
}

/// What may not be there.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuledOut {
    /// In the agreement's words.
    pub says: String,
    /// Of whom; all, if it isn't said.
    pub subject: Option<String>,
    /// Entities.
    pub entities: Vec<String>,
}

/// When a breach must be told.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Breach {
    /// The role in which this is promised.
    pub role: Option<String>,
    /// `72h`, `3d` or `at once`.
    pub deadline: String,
    /// From what the time runs, where the agreement says so.
    pub from: Option<String>,
    /// Which of the times given to `breach` that is.
    #[serde(default)]
    pub counted: Counted,
    /// Who is told.
    pub to: Option<String>,
    /// What the notice must hold, in the agreement's words.
    #[serde(default)]
    pub holds: Vec<String>,
    /// When no notice is needed, in the agreement's words.
    pub unless: Option<String>,
    /// What else the agreement says of it.
    pub says: Option<String>,
}

/// From which time a deadline is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// `--discovered`.
    #[default]
    Discovered,
    /// `--notified`: when whoever is told first received the notice.
    Notified,
}

/// What else is promised.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// In words.
    pub says: String,
}

/// Whether a word of an annex is an entity, a category, or one of both that stands for records as such.
fn means(rules: &RuleSet, word: &str, entity: &str, category: Category) -> bool {
    word == entity || rules.entity_named(word).is_none() && word == category.id()
}

impl Annex {
    /// The built-in annex with this name.
    ///
    /// # Errors
    ///
    /// There's none; the message names those there are.
    pub fn named(name: &str) -> Result<Annex> {
        let known = ANNEXES.iter().map(|a| a.0);
        let Some((_, text)) = ANNEXES.iter().find(|a| a.0 == name) else {
            let hint = nearest(name, known.clone()).map_or_else(
                || format!("known are {}; or give the path of a .toml file", known.collect::<Vec<_>>().join(", ")),
                |n| format!("did you mean `{n}`?"),
            );
            return Err(Error::Usage(format!("there is no annex `{name}`; {hint}")));
        };
        Annex::parse(Path::new(&format!("patterns/annexes/{name}.toml")), text)
    }

    /// The built-in annex `name`, or, if it looks like a path (`.toml`, a `/`), the file that `read` reads.
    ///
    /// # Errors
    ///
    /// As [`Annex::named`] and [`Annex::parse`]; the file can't be read.
    pub fn open(name: &str, read: &dyn Fn(&Path) -> Result<String>) -> Result<Annex> {
        if name.ends_with(".toml") || name.contains('/') {
            let path = Path::new(name);
            Annex::parse(path, &read(path)?)
        } else {
            Annex::named(name)
        }
    }

    /// An annex from the text of a file; `path` is for messages.
    ///
    /// # Errors
    ///
    /// The line and key of what is wrong, and the nearest word that would be right.
    pub fn parse(path: &Path, text: &str) -> Result<Annex> {
        let line = |at: usize| text.as_bytes()[..at.min(text.len())].iter().filter(|b| **b == b'\n').count() + 1;
        let wrong = |at: usize, what: String| Error::Config { path: path.to_owned(), line: line(at), what };
        let mut annex: Annex = toml::from_str(text).map_err(|e| {
            let at = e.span().map_or(0, |s| s.start);
            wrong(at, remedied(&crate::error::hinted(e.message()), text, at))
        })?;
        if let Some(odd) = toml::from_str::<toml::Table>(text).ok().and_then(|t| odd_text(&toml::Value::Table(t))) {
            let what = format!(
                "key `{odd}`: it holds characters that steer terminals or turn text around; write plain text on one line"
            );
            return Err(wrong(0, what));
        }
        path.clone_into(&mut annex.origin);
        annex.lines = annex.labels.iter().map(|l| line(l.span().start)).collect();
        annex.lines.extend(annex.ruled_out.iter().map(|r| line(r.span().start)));
        let version = *annex.version.get_ref();
        if version != VERSION {
            let what = format!(
                "key `version`: this program reads form {VERSION}, not {version}; use a version of sluice that does"
            );
            return Err(wrong(annex.version.span().start, what));
        }
        let ids: Vec<&str> = annex.subjects.iter().map(|s| s.id.as_str()).collect();
        for (i, id) in ids.iter().enumerate() {
            if ids[..i].contains(id) {
                let second = text.match_indices("[[subject]]").nth(i).map_or(0, |m| m.0);
                return Err(wrong(second, format!("key `subject`: the id `{id}` stands twice; give each its own")));
            }
        }
        let role = |at: usize, key: &str, role: Option<&String>| match role.map(String::as_str) {
            None | Some("controller" | "processor") => Ok(()),
            Some(other) => {
                let what = format!("key `{key}`: the role `{other}` is none; write `controller` or `processor`");
                Err(wrong(at, what))
            }
        };
        for (i, s) in annex.subjects.iter().enumerate() {
            role(text.match_indices("[[subject]]").nth(i).map_or(0, |m| m.0), "subject", s.role.as_ref())?;
        }
        annex.breaches.iter().try_for_each(|b| role(b.span().start, "breach", b.get_ref().role.as_ref()))?;
        let subject = |at: usize, id: &str| {
            let hint = nearest(id, ids.iter().copied())
                .map_or_else(|| format!("known are {}", ids.join(", ")), |n| format!("did you mean `{n}`?"));
            let unknown = || wrong(at, format!("key `subject`: there is no subject `{id}`; {hint}"));
            ids.contains(&id).then_some(()).ok_or_else(unknown)
        };
        for mapping in &annex.mappings {
            let (at, m) = (mapping.span().start, mapping.get_ref());
            subject(at, &m.subject)?;
            if m.path.is_empty() && m.field.is_empty() && m.beside.values().all(Vec::is_empty) {
                return Err(wrong(
                    at,
                    "key `mapping`: it says nothing; give a `path`, a `field` or what stands `beside`".into(),
                ));
            }
        }
        for (i, label) in annex.labels.iter().enumerate() {
            let (at, label) = (label.span().start, label.get_ref());
            subject(at, &label.subject)?;
            let same = |l: &&Spanned<Label>| (&l.get_ref().subject, &l.get_ref().name) == (&label.subject, &label.name);
            if annex.labels[..i].iter().any(|l| same(&l)) {
                return Err(wrong(
                    at,
                    format!("label `{}`: it stands twice for `{}`; put its items together", label.name, label.subject),
                ));
            }
            if label.items.iter().any(|item| item.covers.is_empty() != item.open) {
                let what = "key `items`: each either `covers` entities or is `open`";
                return Err(wrong(at, format!("label `{}`: {what}", label.name)));
            }
        }
        for out in &annex.ruled_out {
            out.get_ref().subject.iter().try_for_each(|id| subject(out.span().start, id))?;
        }
        for breach in &annex.breaches {
            if Deadline::parse(&breach.get_ref().deadline).is_none() {
                let what = format!(
                    "key `deadline`: `{}` is no time; write `72h`, `3d` or `at once`",
                    breach.get_ref().deadline
                );
                return Err(wrong(breach.span().start, what));
            }
        }
        Ok(annex)
    }

    /// Whether its words are entities and categories of `rules`.
    ///
    /// # Errors
    ///
    /// The label and the word that isn't one, with the nearest that is.
    pub fn check(&self, rules: &RuleSet) -> Result<()> {
        let known = || rules.entities().iter().map(|e| e.name.as_str()).chain(Category::ALL.map(Category::id));
        let word = |line: usize, place: &str, word: &str, categories: bool| {
            if rules.entity_named(word).is_some() || categories && Category::from_id(word).is_some() {
                return Ok(());
            }
            let hint = nearest(word, known())
                .map_or_else(|| "see `sluice patterns list`".into(), |n| format!("did you mean `{n}`?"));
            let what = format!("{place}: `{word}` is no entity or category; {hint}");
            Err(Error::Config { path: self.origin.clone(), line, what })
        };
        let mut lines = self.lines.iter().copied();
        for label in self.labels.iter().map(Spanned::get_ref) {
            let line = lines.next().unwrap_or(0);
            for covers in label.items.iter().flat_map(|i| &i.covers) {
                word(line, &format!("label `{}`: key `covers`", label.name), covers, true)?;
            }
        }
        for out in self.ruled_out.iter().map(Spanned::get_ref) {
            let line = lines.next().unwrap_or(0);
            out.entities.iter().try_for_each(|entity| word(line, "key `ruled_out`", entity, false))?;
        }
        Ok(())
    }

    /// The subject with this id.
    ///
    /// # Errors
    ///
    /// There's none; the message names the nearest.
    pub fn subject(&self, id: &str) -> Result<&Subject> {
        let known = self.subjects.iter().map(|s| s.id.as_str());
        self.subjects.iter().find(|s| s.id == id).ok_or_else(|| {
            let hint = nearest(id, known.clone()).map_or_else(
                || format!("known are {}", known.collect::<Vec<_>>().join(", ")),
                |n| format!("did you mean `{n}`?"),
            );
            Error::Usage(format!("annex `{}` has no subject `{id}`; {hint}", self.name))
        })
    }
}

/// The key of a text that would do more than be read where reports print it.
fn odd_text(value: &toml::Value) -> Option<String> {
    let odd = |c: char| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    match value {
        toml::Value::String(s) => s.contains(odd).then(String::new),
        toml::Value::Array(all) => all.iter().find_map(odd_text),
        toml::Value::Table(keys) => keys.iter().find_map(|(key, value)| {
            let within = if key.contains(odd) { Some("(a name)".to_owned()) } else { odd_text(value) }?;
            Some(if within.is_empty() { key.escape_debug().to_string() } else { within })
        }),
        _ => None,
    }
}

/// What the TOML reader says of `text` at `at`, with the key and what to write instead where that can be told.
fn remedied(said: &str, text: &str, at: usize) -> String {
    let start = text[..at.min(text.len())].rfind('\n').map_or(0, |i| i + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    let key = line
        .split_once('=')
        .map(|(key, _)| key.trim())
        .filter(|key| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
    let place = key
        .filter(|k| !k.is_empty() && !said.contains(&format!("`{k}`")))
        .map_or(String::new(), |k| format!("key `{k}`: "));
    let remedy = if said.contains("expected a sequence") && line.trim_start().starts_with('[') {
        "; write the heading in two brackets: `[[mapping]]`"
    } else if said.contains("expected a sequence") {
        "; write a list: `[\"…\"]`"
    } else if said.contains("expected a string") {
        "; write it in quotes"
    } else if said.contains("expected a boolean") {
        "; write `true` or `false`, without quotes"
    } else if said.contains("duplicate key") {
        "; each heading that may stand more than once has two brackets: `[[mapping]]`, `[[label]]`"
    } else {
        ""
    };
    format!("{place}{said}{remedy}")
}

/// How long there is to tell of a breach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deadline {
    /// No time at all.
    AtOnce,
    /// So many hours.
    Hours(u32),
}

impl Deadline {
    /// `72h`, `3d` (days of 24 hours) or `at once`.
    pub fn parse(text: &str) -> Option<Deadline> {
        if text == "at once" {
            return Some(Deadline::AtOnce);
        }
        let number = |unit: char| text.strip_suffix(unit)?.parse::<u32>().ok().filter(|n| *n > 0);
        number('h').or_else(|| number('d')?.checked_mul(24)).map(Deadline::Hours)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        let parsed = Annex::parse(Path::new("own.toml"), text);
        parsed.and_then(|a| a.check(&RuleSet::builtin())).unwrap_err().to_string()
    }

    #[test]
    fn the_built_in_annexes_are_in_order() {
        for (name, _) in ANNEXES {
            let annex = Annex::named(name).unwrap();
            annex.check(&RuleSet::builtin()).unwrap();
            assert_eq!(annex.name, *name);
            assert_eq!(annex.labels.is_empty(), *name == "blank");
        }
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("patterns/annexes");
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), ANNEXES.len());
    }

    #[test]
    fn the_blank_one_can_be_filled_in() {
        let filled: String = ANNEXES[4]
            .1
            .lines()
            .map(|l| {
                let key = |c: &str| {
                    c.split_once(" = ").is_some_and(|(key, _)| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
                };
                let code = l.strip_prefix("# ").filter(|c| c.starts_with(['[', ']', ' ']) || key(c));
                format!("{}\n", code.unwrap_or(l))
            })
            .collect();
        let annex = Annex::parse(Path::new("blank.toml"), &filled).unwrap_or_else(|e| panic!("{e}\n{filled}"));
        let rows = (annex.labels.len(), annex.ruled_out.len(), annex.breaches.len(), annex.mappings.len());
        assert_eq!(rows, (1, 1, 1, 1));
    }

    #[test]
    fn errors_name_the_line_the_key_and_the_remedy() {
        let head = "version = 1\nname = \"x\"\ntitle = \"y\"\n[[subject]]\nid = \"visitor\"\nname = \"V\"\n";
        let label = |rest: &str| format!("{head}[[label]]\nsubject = \"visitor\"\nname = \"L\"\n{rest}");
        for (text, want) in [
            (
                "version = 2\nname = \"x\"\ntitle = \"y\"".to_owned(),
                "own.toml:1: key `version`: this program reads form 1, not 2",
            ),
            (format!("{head}titel = \"z\""), "own.toml:7: unknown field `titel`"),
            (
                format!("{head}[[label]]\nsubject = \"visitors\"\nname = \"L\"\nitems = []"),
                "own.toml:7: key `subject`: there is no subject `visitors`; did you mean `visitor`?",
            ),
            (label("items = [{ says = \"a\" }]"), "own.toml:7: label `L`: key `items`"),
            (
                label("items = [{ says = \"a\", covers = [\"EMAIL\"] }]"),
                "own.toml:7: label `L`: key `covers`: `EMAIL` is no entity or category",
            ),
            (label("items = [{ says = \"a\", covers = [\"contakt\"] }]"), "did you mean `contact`?"),
            (
                label(&format!("items = []\n{}", label("items = []").split_once("V\"\n").unwrap().1)),
                "own.toml:11: label `L`: it stands twice",
            ),
            (
                format!("{head}[[mapping]]\nsubject = \"visitor\""),
                "own.toml:7: key `mapping`: it says nothing; give a `path`",
            ),
            (
                format!("{head}role = \"procesor\"\n"),
                "own.toml:4: key `subject`: the role `procesor` is none; write `controller` or `processor`",
            ),
            (
                format!("{head}[[subject]]\nid = \"visitor\"\nname = \"W\""),
                "own.toml:7: key `subject`: the id `visitor` stands twice",
            ),
            (
                format!("{head}[[mapping]]\nsubject = \"visitor\"\nfield = \"a\""),
                "own.toml:9: key `field`: invalid type: string \"a\", expected a sequence; write a list",
            ),
            (
                format!("{head}[[promise]]\nsays = \"a\\u001b[31mb\""),
                "key `says`: it holds characters that steer terminals",
            ),
            (format!("dated = 2024-06-01\n{head}"), "expected a string; write it in quotes"),
            (
                format!("{head}[[mapping]]\nsubject = \"vistor\"\nfield = [\"a\"]"),
                "own.toml:7: key `subject`: there is no subject `vistor`; did you mean `visitor`?",
            ),
            (
                format!("{head}[[breach]]\ndeadline = \"soon\""),
                "own.toml:7: key `deadline`: `soon` is no time; write `72h`",
            ),
            (
                format!("{head}[[breach]]\ndeadline = \"72h\"\ncounted = \"notice\""),
                "own.toml:9: key `counted`: unknown variant `notice`, expected `discovered` or `notified`",
            ),
            (format!("{head}[[breach]]\ndeadline = \"72h\"\nholds = \"all\""), "own.toml:9: "),
            (
                format!("{head}[[ruled_out]]\nsays = \"a\"\nentities = [\"contact\"]"),
                "key `ruled_out`: `contact` is no entity",
            ),
        ] {
            let e = error(&text);
            assert!(e.contains(want), "{e}\n{want}");
        }
        assert!(Annex::named("botsfy").unwrap_err().to_string().contains("did you mean `botsify`?"));
    }

    #[test]
    fn deadlines() {
        for (text, want) in [
            ("72h", Some(Deadline::Hours(72))),
            ("3d", Some(Deadline::Hours(72))),
            ("at once", Some(Deadline::AtOnce)),
            ("0h", None),
            ("h", None),
            ("72", None),
            ("-1h", None),
            ("4294967295d", None),
        ] {
            assert_eq!(Deadline::parse(text), want, "{text}");
        }
    }
}
