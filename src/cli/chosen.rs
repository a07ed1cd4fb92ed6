//! What a user chose to find, as reports say it: a report that does not say what was left out could pass for one that left out nothing.

use super::options::{Reading, Selection, read};
use crate::error::Result;
use crate::normalise::hex;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::path::PathBuf;

/// The options that decide what is found. Lists are told by the SHA-256 of their files: they hold values.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Chosen {
    min_score: f32,
    entities: Vec<String>,
    not_entities: Vec<String>,
    region: Vec<String>,
    allow_sha256: Vec<String>,
    deny_sha256: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<String>,
    text_fields: Vec<String>,
    skip_fields: Vec<String>,
    skip_unsupported: bool,
}

impl Chosen {
    /// What `selection` (before anything of it is lowered) and `reading` say.
    ///
    /// # Errors
    ///
    /// A list can't be read.
    pub fn of(selection: &Selection, reading: &Reading) -> Result<Chosen> {
        let digests =
            |files: &[PathBuf]| files.iter().map(|f| Ok(hex(&Sha256::digest(read(f)?)))).collect::<Result<Vec<_>>>();
        Ok(Chosen {
            min_score: selection.min_score,
            entities: selection.entities.clone(),
            not_entities: selection.not_entities.clone(),
            region: selection.region.clone(),
            allow_sha256: digests(&selection.allow)?,
            deny_sha256: digests(&selection.deny)?,
            format: reading.format.clone(),
            text_fields: reading.text_fields.clone(),
            skip_fields: reading.skip_fields.clone(),
            skip_unsupported: reading.skip_unsupported,
        })
    }

    /// What was left out by choice, for people; empty: nothing.
    pub fn left_out(&self) -> Vec<String> {
        let mut out = Vec::new();
        let mut say = |said: bool, what: String| out.extend(said.then_some(what));
        say(!self.entities.is_empty(), format!("only {} looked for", self.entities.join(", ")));
        say(!self.not_entities.is_empty(), format!("{} not looked for", self.not_entities.join(", ")));
        say(self.min_score > 0.5, format!("nothing below the score {}", self.min_score));
        say(!self.allow_sha256.is_empty(), "values of a list (--allow) passed over".into());
        say(!self.text_fields.is_empty(), format!("only the fields {} read", self.text_fields.join(", ")));
        say(!self.skip_fields.is_empty(), format!("the fields {} not read", self.skip_fields.join(", ")));
        say(self.skip_unsupported, "inputs that can't be looked into left out".into());
        out
    }
}
