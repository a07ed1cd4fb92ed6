//! `--allow` and `--deny`: one literal or `/regex/` a line; empty lines and lines that begin with `#` are left out.

use crate::error::{Error, Result};
use regex::bytes::{Regex, RegexBuilder};
use std::collections::HashSet;
use std::path::Path;

/// A line of a list.
#[derive(Debug, Clone)]
pub enum Entry {
    /// Stands for itself, in any case.
    Literal(String),
    /// A regular expression, in the syntax of the regex crate.
    Regex(String),
}

/// The entries of a list file, each with its line from 1.
///
/// # Errors
///
/// A regex that doesn't compile: its line and why.
pub fn parse(path: &Path, text: &str) -> Result<Vec<(usize, Entry)>> {
    let mut out = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let entry = match line.strip_prefix('/').and_then(|l| l.strip_suffix('/')) {
            Some(regex) if !regex.is_empty() => {
                compile(regex).map_err(|e| Error::Config {
                    path: path.to_owned(),
                    line: i + 1,
                    what: format!("the regex does not compile: {e}"),
                })?;
                Entry::Regex(regex.to_owned())
            }
            _ => Entry::Literal(line.to_owned()),
        };
        out.push((i + 1, entry));
    }
    Ok(out)
}

fn compile(regex: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(regex).case_insensitive(true).build()
}

/// Values that are never findings.
#[derive(Debug, Clone, Default)]
pub struct Allowed {
    literals: HashSet<String>,
    regexes: Vec<Regex>,
}

impl Allowed {
    /// From the entries of lists; a regex must match a whole value.
    pub fn new<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Allowed {
        let mut out = Allowed::default();
        for e in entries {
            match e {
                Entry::Literal(l) => {
                    out.literals.insert(l.to_lowercase());
                }
                Entry::Regex(r) => out.regexes.extend(compile(&format!("^(?:{r})$")).ok()),
            }
        }
        out
    }

    /// Whether `value` (folded) is one of them.
    pub fn holds(&self, value: &[u8]) -> bool {
        if self.literals.is_empty() && self.regexes.is_empty() {
            return false;
        }
        self.literals.contains(&String::from_utf8_lossy(value).to_lowercase())
            || self.regexes.iter().any(|r| r.is_match(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list() {
        let list = parse(Path::new("l"), "# ours\n\ninfo@example.com\n/.*@example\\.org/\n").unwrap();
        assert_eq!(list.iter().map(|e| e.0).collect::<Vec<_>>(), [3, 4]);
        let allowed = Allowed::new(list.iter().map(|e| &e.1));
        assert!(allowed.holds(b"INFO@example.com"));
        assert!(allowed.holds(b"x@example.org"));
        assert!(!allowed.holds(b"x@example.org.net"));
        let e = parse(Path::new("l"), "a\n/(/\n").unwrap_err().to_string();
        assert!(e.starts_with("l:2:"), "{e}");
    }
}
