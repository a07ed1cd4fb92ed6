//! SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"): what code hosts and editors show beside the lines.
//!
//! Written as it goes: the rules stand at the head, results follow one by one, and how the run ended stands behind them, so a hundred
//! million results need no memory. There are no fingerprints: what would stay the same while lines move is the value alone, and a hash of a
//! phone number is undone by trying all of them.

use super::Row;
use crate::model::Category;
use crate::patterns::RuleSet;
use serde::Serialize;
use std::io::{self, Write};

/// The schema that the validator and editors go by.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// How much a result matters (section 3.27.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are the standard's")]
pub enum Level {
    Error,
    Warning,
    Note,
}

/// What results may be about: `reportingDescriptor` (section 3.49).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule<'a> {
    id: &'a str,
    short_description: Text<'a>,
    full_description: Text<'a>,
    help: Text<'a>,
    default_configuration: Configuration,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Tags<'a>>,
}

#[derive(Debug, Serialize)]
struct Configuration {
    level: Level,
}

#[derive(Debug, Serialize)]
struct Tags<'a> {
    tags: [&'a str; 2],
}

/// A message, plain text (section 3.11).
#[derive(Debug, Serialize)]
pub struct Text<'a> {
    text: std::borrow::Cow<'a, str>,
}

impl<'a> Rule<'a> {
    /// A rule: its id, what a result of it says in a sentence, what to do about one.
    pub fn new(id: &'a str, level: Level, says: String, help: &'a str) -> Rule<'a> {
        Rule {
            id,
            short_description: text(says.clone()),
            full_description: text(format!("{says} {help}")),
            help: text(help),
            default_configuration: Configuration { level },
            properties: None,
        }
    }
}

/// A rule for each entity, in the order of their ids.
pub fn rules(rules: &RuleSet) -> Vec<Rule<'_>> {
    let help = "Redact it before the file goes further, or allow the value if it belongs to nobody.";
    let rule = |e: &'_ crate::patterns::Entity| {
        let says = format!("The file holds personal data: {} ({}).", e.name, e.category.id());
        (says, level(e.category))
    };
    rules
        .entities()
        .iter()
        .map(|e| {
            let (says, level) = rule(e);
            let properties = Some(Tags { tags: ["privacy", e.category.id()] });
            Rule { properties, ..Rule::new(&e.name, level, says, help) }
        })
        .collect()
}

/// A secret that stands in a file is an error; whether other data may stand there is for somebody to say.
fn level(category: Category) -> Level {
    if category == Category::Credential { Level::Error } else { Level::Warning }
}

/// One result (section 3.27).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome<'a, P> {
    rule_id: &'a str,
    rule_index: usize,
    level: Level,
    #[serde(skip_serializing_if = "Option::is_none")]
    rank: Option<f64>,
    message: Text<'a>,
    locations: Vec<Location<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression>,
    properties: P,
}

/// Why a result is no reason to act (section 3.35).
#[derive(Debug, Serialize)]
struct Suppression {
    kind: &'static str,
    justification: &'static str,
}

impl<'a, P> Outcome<'a, P> {
    /// A result of the rule with this id and index, with a property bag.
    pub fn new(
        rule: (&'a str, usize),
        level: Level,
        says: String,
        locations: Vec<Location<'a>>,
        properties: P,
    ) -> Outcome<'a, P> {
        let (rule_id, rule_index) = rule;
        Outcome {
            rule_id,
            rule_index,
            level,
            rank: None,
            message: message(&says),
            locations,
            suppressions: Vec::new(),
            properties,
        }
    }

    /// It was accepted elsewhere: for this reason.
    #[must_use]
    pub fn accepted(mut self, justification: &'static str) -> Self {
        self.suppressions.push(Suppression { kind: "external", justification });
        self
    }
}

/// Where it is (section 3.28).
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_location: Option<Physical<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical<'a> {
    artifact_location: Artifact<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Debug, Serialize)]
struct Artifact<'a> {
    uri: std::borrow::Cow<'a, str>,
}

/// A stretch of a file (section 3.30): columns in code points, bytes after decompression.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    byte_offset: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    byte_length: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical<'a> {
    fully_qualified_name: std::borrow::Cow<'a, str>,
}

impl Location<'_> {
    /// A line of a file; 0: the file as a whole.
    pub fn line(path: &str, line: u64) -> Location<'static> {
        let region = (line > 0).then_some(Region {
            start_line: line,
            start_column: None,
            end_line: None,
            end_column: None,
            byte_offset: None,
            byte_length: None,
        });
        let physical = Physical { artifact_location: Artifact { uri: uri(path).into() }, region };
        Location { physical_location: Some(physical), logical_locations: Vec::new() }
    }

    /// A place that is in no file, by its name.
    pub fn named(name: String) -> Location<'static> {
        Location { physical_location: None, logical_locations: vec![Logical { fully_qualified_name: name.into() }] }
    }
}

/// Writes a log with one run.
#[derive(Debug, Default)]
pub struct Writer {
    any: bool,
    path: String,
    uri: String,
}

impl Writer {
    /// Writes what stands before the results.
    ///
    /// # Errors
    ///
    /// `out` can't be written.
    pub fn begin(&mut self, rules: &[Rule<'_>], out: &mut dyn Write) -> io::Result<()> {
        write!(out, "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":")?;
        let driver = serde_json::json!({
            "name": "sluice",
            "fullName": "Sluice, a scanner and redactor of personal data",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "version": env!("CARGO_PKG_VERSION"),
            "language": "en",
            "rules": rules,
        });
        serde_json::to_writer(&mut *out, &driver)?;
        write!(out, "}},\"columnKind\":\"unicodeCodePoints\",\"results\":[")
    }

    /// Writes a result, on a line of its own.
    ///
    /// # Errors
    ///
    /// `out` can't be written.
    pub fn result<P: Serialize>(&mut self, outcome: &Outcome<'_, P>, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if std::mem::replace(&mut self.any, true) { b",\n" } else { b"\n" })?;
        Ok(serde_json::to_writer(out, outcome)?)
    }

    /// Writes a finding of the entity with this index; `raw`: the bytes of each of its pieces, of which only the extent is told.
    ///
    /// # Errors
    ///
    /// `out` can't be written.
    pub fn finding(&mut self, row: &Row<'_>, entity: usize, raw: &[&[u8]], out: &mut dyn Write) -> io::Result<()> {
        if self.path != row.path {
            row.path.clone_into(&mut self.path);
            self.uri = uri(row.path);
        }
        // Taken out while the result borrows it.
        let uri = std::mem::take(&mut self.uri);
        let bytes = |from: u64, to: u64| (Some(from), Some(to - from));
        let place = |region: Option<Region>, field: Option<&'_ str>| Location {
            physical_location: Some(Physical { artifact_location: Artifact { uri: uri.as_str().into() }, region }),
            logical_locations: field
                .map(|f| Logical { fully_qualified_name: f.to_owned().into() })
                .into_iter()
                .collect(),
        };
        let mut locations = Vec::with_capacity(raw.len().max(1));
        if row.line == 0 {
            locations.push(place(None, row.field)); // a file's name
        } else if row.pieces.is_empty() {
            let text = raw.first().copied().unwrap_or_default();
            let region = Region::of(row.line, row.column, text, bytes(row.byte_start, row.byte_end));
            locations.push(place(Some(region), row.field));
        }
        for (p, text) in row.pieces.iter().zip(raw) {
            let region = Region::of(p.line, p.column, text, bytes(p.byte_start, p.byte_end));
            locations.push(place(Some(region), p.field));
        }
        let outcome = Outcome {
            rule_id: row.entity,
            rule_index: entity,
            level: Category::from_id(row.category).map_or(Level::Warning, level),
            rank: Some((row.score * 1000.0).round() / 10.0),
            message: message(&format!("{} ({}): {}.", row.entity, row.category, row.masked)),
            locations,
            suppressions: Vec::new(),
            properties: Properties {
                category: row.category,
                score: row.score,
                rule: row.rule,
                nested: row.nested,
                time_start: row.time_start,
                time_end: row.time_end,
            },
        };
        self.result(&outcome, out)?;
        drop(outcome);
        self.uri = uri;
        Ok(())
    }

    /// Writes what stands behind the results; `complete`: all that was named could be looked at.
    ///
    /// # Errors
    ///
    /// `out` can't be written.
    pub fn end<P: Serialize>(&mut self, complete: bool, properties: &P, out: &mut dyn Write) -> io::Result<()> {
        let mut invocation = serde_json::json!({ "executionSuccessful": complete });
        if !complete {
            let text = "Not all inputs could be read, and nothing is said of those; standard error named them.";
            invocation["toolExecutionNotifications"] =
                serde_json::json!([{ "level": "error", "message": { "text": text } }]);
        }
        out.write_all(b"\n],\"invocations\":")?;
        serde_json::to_writer(&mut *out, &[invocation])?;
        out.write_all(b",\"properties\":")?;
        serde_json::to_writer(&mut *out, properties)?;
        out.write_all(b"}]}\n")
    }
}

#[derive(Debug, Serialize)]
struct Properties<'a> {
    category: &'a str,
    score: f64,
    rule: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    nested: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_start: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_end: Option<f64>,
}

impl Region {
    /// `text` from this line and column on. Lines and columns must say the same stretch as the bytes do (section 3.30.4), so its end is told;
    /// `endColumn` is one past the last.
    fn of(line: u64, column: u64, text: &[u8], bytes: (Option<u64>, Option<u64>)) -> Region {
        let points = |t: &[u8]| t.iter().filter(|b| **b & 0xC0 != 0x80).count() as u64;
        let (end_line, end_column) = match memchr::memrchr(b'\n', text) {
            Some(last) => (line + memchr::memchr_iter(b'\n', text).count() as u64, points(&text[last + 1..]) + 1),
            None => (line, column + points(text)),
        };
        Region {
            start_line: line,
            start_column: Some(column),
            end_line: (end_line != line).then_some(end_line),
            end_column: Some(end_column),
            byte_offset: bytes.0,
            byte_length: bytes.1,
        }
    }
}

fn text<'a>(text: impl Into<std::borrow::Cow<'a, str>>) -> Text<'a> {
    Text { text: text.into() }
}

/// A message: braces would be placeholders in it (section 3.11.5), brackets links (3.11.6).
fn message<'a>(says: &str) -> Text<'a> {
    text(says.replace(['{', '}', '[', ']', '\\'], "•"))
}

/// A path as a URI reference (RFC 3986): percent-encoded, from the root with `file://`.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len() + 8);
    if path.starts_with('/') {
        out.push_str("file://");
    }
    for b in path.bytes() {
        match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b'!' => {
                out.push(char::from(b))
            }
            _ => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("a b/ü:1.zip!/x?#%.txt"), "a%20b/%C3%BC%3A1.zip!/x%3F%23%25.txt");
        assert_eq!(uri("/srv/chat.txt"), "file:///srv/chat.txt");
    }

    #[test]
    fn messages_hold_no_links_and_placeholders() {
        assert_eq!(message("a@[•] {0} \\").text, "a@••• •0• •");
    }

    #[test]
    fn regions_end_where_their_text_does() {
        let end = |line, column, text: &str| {
            let r = Region::of(line, column, text.as_bytes(), (None, None));
            (r.end_line, r.end_column)
        };
        assert_eq!(end(3, 5, "üx"), (None, Some(7)));
        assert_eq!(end(3, 5, "a\nb\ncd"), (Some(5), Some(3)));
        assert_eq!(end(3, 5, "a\n"), (Some(4), Some(1)));
    }
}
