//! `redact --report`: what was done, as JSON, without a value.

use super::chosen::Chosen;
use super::unread::Unread;
use crate::model::{Category, Finding};
use crate::normalise::hex;
use crate::patterns::RuleSet;
use crate::pipeline::Totals;
use crate::proof::chain::Link;
use crate::redact::policy::Policy;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The report of a run.
#[derive(Debug, Serialize)]
pub(crate) struct Log {
    /// Set when it is written.
    #[serde(flatten)]
    pub link: Option<Link>,
    version: &'static str,
    /// `done`, `incomplete` (something could not be read), `interrupted` or `failed`; set when it is written.
    pub result: &'static str,
    /// What made it fail, as it is said on standard error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// SHA-256 of the rule files' texts.
    rules_sha256: String,
    /// SHA-256 of the policy as it was applied, as JSON.
    policy_sha256: String,
    policy: Policy,
    options: Chosen,
    files: Vec<FileLog>,
    /// What was not looked at; set when it is written.
    pub not_looked_at: Unread,
}

/// One input. Digests are of its content after decompression and decoding to UTF-8, and of what was written before packing.
#[derive(Debug, Serialize)]
pub(crate) struct FileLog {
    path: String,
    format: &'static str,
    bytes: u64,
    records: u64,
    odd_records: u64,
    /// Records, or parts of long ones, that hold JSON which was scanned as text.
    unopened_json: u64,
    failed_records: u64,
    findings: u64,
    edits: u64,
    entities: BTreeMap<String, u64>,
    categories: BTreeMap<&'static str, u64>,
    input_sha256: String,
    output_sha256: String,
}

/// What is collected while an input passes.
#[derive(Debug, Default)]
pub(crate) struct Digests {
    input: Sha256,
    output: Sha256,
    counts: Vec<u64>,
}

impl Digests {
    /// Some bytes came in, some went out.
    pub fn pass(&mut self, input: &[u8], output: &[u8]) {
        self.input.update(input);
        self.output.update(output);
    }

    /// SHA-256 of what came in.
    pub fn read(self) -> String {
        hex(&self.input.finalize())
    }

    /// Counts findings by entity.
    pub fn count(&mut self, findings: &[Finding]) {
        for f in findings {
            let i = f.entity.index();
            if i >= self.counts.len() {
                self.counts.resize(i + 1, 0);
            }
            self.counts[i] += 1;
        }
    }
}

impl Log {
    /// An empty report.
    pub fn new(rules: &RuleSet, policy: &Policy, options: Chosen) -> Log {
        Log {
            link: None,
            version: env!("CARGO_PKG_VERSION"),
            result: "interrupted",
            error: None,
            rules_sha256: rules.digest(),
            policy_sha256: Log::digest(policy),
            policy: policy.clone(),
            options,
            files: Vec::new(),
            not_looked_at: Unread::default(),
        }
    }

    /// SHA-256 of a policy.
    pub fn digest(policy: &Policy) -> String {
        hex(&Sha256::digest(serde_json::to_vec(policy).unwrap_or_default()))
    }

    /// The inputs.
    pub fn into_files(self) -> Vec<FileLog> {
        self.files
    }

    /// Adds an input.
    pub fn file(&mut self, shown: &str, totals: &Totals, digests: Digests, rules: &RuleSet) {
        let mut entities = BTreeMap::new();
        let mut categories: BTreeMap<&'static str, u64> = BTreeMap::new();
        for (i, n) in digests.counts.iter().enumerate().filter(|(_, n)| **n > 0) {
            let entity = &rules.entities()[i];
            entities.insert(entity.name.clone(), *n);
            *categories.entry(Category::id(entity.category)).or_default() += n;
        }
        self.files.push(FileLog {
            path: shown.to_owned(),
            format: totals.format,
            bytes: totals.bytes,
            records: totals.records,
            odd_records: totals.odd,
            unopened_json: totals.unopened,
            failed_records: totals.failed,
            findings: totals.findings,
            edits: totals.edits,
            entities,
            categories,
            input_sha256: hex(&digests.input.finalize()),
            output_sha256: hex(&digests.output.finalize()),
        });
    }

    /// As JSON, for people to read, too.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}
