//! An earlier report of `check`, read again: what it found is known.

use super::held::{Found, Held, Standing};
use super::observed::OTHERS;
use crate::error::{Error, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// An earlier report, as `check --output json` wrote it.
#[derive(Debug, Clone, Deserialize)]
pub struct Past {
    /// The annex that it was held against.
    pub annex: String,
    /// Whether everything that was named could be read.
    pub complete: bool,
    /// The digest of the rules, in hexadecimal.
    pub rules_sha256: String,
    /// How many records there were.
    pub records: u64,
    /// What was found.
    pub found: Vec<PastRow>,
}

/// What was found of one entity in the data of one subject.
#[derive(Debug, Clone, Deserialize)]
pub struct PastRow {
    /// How it stood to the annex.
    pub standing: Standing,
    /// The subject's id, if it could be told.
    pub subject: Option<String>,
    /// The entity.
    #[serde(rename = "type")]
    pub entity: String,
    /// How many findings.
    pub findings: u64,
    /// How many different values.
    pub distinct: u64,
    /// By field: how many findings.
    pub fields: BTreeMap<String, u64>,
}

impl Past {
    /// The report in the text of a file; `path` is for messages.
    ///
    /// # Errors
    ///
    /// It is none: where reading it failed, and how one is written.
    pub fn parse(path: &Path, text: &str) -> Result<Past> {
        serde_json::from_str(text).map_err(|e| {
            // What the parser says could quote the file: only the place is told.
            let what = "this is no report of `check`; write one by `sluice check --output json -o FILE`".to_owned();
            Error::Config { path: path.to_owned(), line: e.line(), what }
        })
    }

    /// Whether it can be a baseline for what is held against `annex` by the rules with the digest `rules_sha256`.
    ///
    /// # Errors
    ///
    /// It is of another annex or other rules, or was not complete; what to do.
    pub fn fits(&self, path: &Path, annex: &str, rules_sha256: &str) -> Result<()> {
        let wrong = |what: String| Err(Error::Config { path: path.to_owned(), line: 0, what });
        let anew = "write it anew by `sluice check --output json -o FILE`";
        if self.annex != annex {
            return wrong(format!("this report is of the annex `{}`, not `{annex}`; {anew}", self.annex));
        }
        if !self.complete {
            return wrong(format!("this report is of a check that could not read everything; {anew}"));
        }
        if self.rules_sha256 != rules_sha256 {
            return wrong(format!(
                "this report was made by other rules (another version, or other --patterns), which find other things; {anew}"
            ));
        }
        Ok(())
    }

    /// Marks what `held` has that was found then: of the same subject and entity, in no field in which it was not.
    pub fn mark(&self, held: &mut Held) {
        for found in &mut held.found {
            let Some(known) = self.row(found) else { continue };
            let fields: BTreeSet<&String> = known.fields.keys().collect();
            // Fields that were too many to be named can't be told apart from others.
            let new = |f: &&String| !fields.contains(f) || f.as_str() == OTHERS;
            found.new_fields = found.fields.keys().filter(new).cloned().collect();
            found.known = found.new_fields.is_empty() && known.standing <= found.standing;
            found.before = Some(known.findings);
        }
    }

    fn row(&self, found: &Found) -> Option<&PastRow> {
        self.found.iter().find(|f| (&f.subject, &f.entity) == (&found.subject, &found.entity))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn past(standing: &str, field: &str) -> Past {
        let text = format!(
            "{{\"annex\":\"own\",\"complete\":true,\"rules_sha256\":\"00\",\"records\":3,\"found\":[{{\"standing\":\"{standing}\",\"subject\":null,\
             \"type\":\"EMAIL_ADDRESS\",\"findings\":1,\"distinct\":1,\"fields\":{{\"{field}\":1}}}}]}}"
        );
        Past::parse(Path::new("a.json"), &text).unwrap()
    }

    fn held(fields: &[&str]) -> Held {
        let fields = fields.iter().map(|f| ((*f).to_owned(), 1)).collect();
        let found = Found {
            standing: Standing::Undeclared,
            entity: "EMAIL_ADDRESS".into(),
            category: "contact",
            fields,
            ..Found::default()
        };
        Held { found: vec![found], ..Held::default() }
    }

    #[test]
    fn what_was_found_there_is_known_and_what_was_not_is_new() {
        let mark = |past: Past, mut held: Held| {
            past.mark(&mut held);
            (held.found[0].known, held.found[0].new_fields.clone())
        };
        assert_eq!(mark(past("undeclared", "/a"), held(&["/a"])), (true, vec![]));
        assert_eq!(mark(past("undeclared", "/a"), held(&["/a", "/b"])), (false, vec!["/b".to_owned()]));
        // Among so many fields that not all are named a new one would not show.
        assert_eq!(mark(past("undeclared", OTHERS), held(&[OTHERS])), (false, vec![OTHERS.to_owned()]));
        // It was declared then, and isn't any more: that is new.
        assert!(!mark(past("declared", "/a"), held(&["/a"])).0);
        assert!(mark(past("ruled-out", "/a"), held(&["/a"])).0);
    }

    #[test]
    fn a_baseline_of_something_else_is_refused() {
        let path = Path::new("a.json");
        let error = |past: &Past, annex: &str, rules: &str| past.fits(path, annex, rules).unwrap_err().to_string();
        let mut past = past("declared", "a");
        past.fits(path, "own", "00").unwrap();
        assert!(error(&past, "other", "00").contains("report is of the annex `own`, not `other`"));
        assert!(error(&past, "own", "01").contains("made by other rules"));
        past.complete = false;
        assert!(error(&past, "own", "00").contains("could not read everything"));
        let e = Past::parse(path, "{\n\"annex\": 4444333322221111}").unwrap_err().to_string();
        assert!(e.starts_with("a.json:2: this is no report") && !e.contains("4444"), "{e}");
    }
}
