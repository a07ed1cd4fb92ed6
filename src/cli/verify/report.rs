//! What came of a verification: the lines at the end, the report, the status.

use super::super::End;
use super::super::against::{Copies, Difference};
use super::super::chosen::Chosen;
use super::super::inputs::Inputs;
use super::super::log::{FileLog, Log};
use super::super::redact::Redaction;
use super::super::target::Target;
use super::super::unread::Unread;
use super::list::List;
use super::residue::{CopyFile, Residue, Verdict};
use super::{Basis, Verify};
use crate::detect::Detectors;
use crate::model::EntityType;
use crate::proof::chain::Link;
use crate::report::{NOTE, counted};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A difference, as `--json` tells it.
#[derive(Serialize)]
pub(super) struct Differs<'a> {
    pub verdict: &'static str,
    #[serde(flatten)]
    pub difference: &'a Difference,
}

/// The options that decide what is found.
#[derive(Debug, Clone, Serialize)]
struct Options {
    #[serde(flatten)]
    chosen: Chosen,
    /// None: what scores below was not looked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    list_from: Option<f32>,
    rename: bool,
    strict: bool,
}

/// Findings of one verdict.
#[derive(Debug, Default, Serialize)]
struct Counts {
    findings: u64,
    entities: BTreeMap<String, u64>,
    categories: BTreeMap<&'static str, u64>,
}

/// What was held against originals.
#[derive(Debug, Serialize)]
struct Against {
    /// Files that were held against a copy.
    files: u64,
    /// Where copies are not what the redaction of their originals writes.
    differences: Vec<Difference>,
    /// `exact`, or `form` where hashes' key was not given: then only that they are hashes was proven.
    hashes: &'static str,
    /// The originals and what their redaction writes.
    originals: Vec<FileLog>,
    /// What of the originals was not looked at.
    not_looked_at: Unread,
}

/// What was looked for and must be nowhere.
#[derive(Debug, Serialize)]
struct AbsentList {
    sha256: String,
    values: u64,
}

/// What came of a run.
pub(super) struct Outcome {
    pub passes: u32,
    detectors: Arc<Detectors>,
    options: Options,
    policy_name: String,
    policy_sha256: String,
    residual: bool,
    found: BTreeMap<(Verdict, EntityType), u64>,
    list: Option<AbsentList>,
    against: Option<Against>,
    files: Vec<CopyFile>,
    unread: Unread,
    count: u64,
    records: u64,
    bytes: u64,
    end: End,
}

#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    link: Link,
    version: &'static str,
    /// `passed`, `failed`, or `incomplete`: something could not be read.
    result: &'static str,
    rules_sha256: String,
    policy: &'a str,
    policy_sha256: &'a str,
    options: &'a Options,
    files: u64,
    records: u64,
    bytes: u64,
    /// Whether the copy was searched for what the policy does not keep.
    residual_scan: bool,
    left: Counts,
    below: Counts,
    kept: Counts,
    #[serde(skip_serializing_if = "Option::is_none")]
    absent: Option<&'a AbsentList>,
    listed: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<&'a Against>,
    /// What was not looked at.
    not_looked_at: &'a Unread,
    copies: &'a [CopyFile],
    note: &'static str,
}

impl Outcome {
    pub fn new(verify: &Verify, basis: &Basis, residual: bool, below: bool) -> crate::error::Result<Outcome> {
        let options = Options {
            chosen: Chosen::of(&verify.selection, &verify.reading)?,
            list_from: below.then_some(verify.list_from),
            rename: verify.policy.rename,
            strict: verify.reading.strict,
        };
        Ok(Outcome {
            passes: 0,
            detectors: basis.detectors.clone(),
            options,
            policy_name: basis.policy.name.clone(),
            policy_sha256: Log::digest(&basis.policy),
            residual,
            found: BTreeMap::new(),
            list: None,
            against: None,
            files: Vec::new(),
            unread: Unread::default(),
            count: 0,
            records: 0,
            bytes: 0,
            end: End::Done,
        })
    }

    /// What is looked for and must be nowhere.
    pub fn list(&mut self, list: &List) {
        self.list = Some(AbsentList { sha256: list.sha256.clone(), values: list.values.values() });
    }

    /// Takes over what a pass over the copy has found; gives back where it was told.
    pub fn passed(&mut self, verdict: Verdict, end: End, inputs: Inputs<'_>, work: Residue<'_>) -> Target {
        self.passes += 1;
        self.worse(end);
        if self.passes == 1 {
            (self.count, self.records, self.bytes) = (inputs.count, inputs.totals.records, inputs.totals.bytes);
            self.unread = inputs.unread;
            self.files = work.files;
        }
        let counts = work.counts.into_iter().filter(|((v, _), _)| *v == verdict || *v == Verdict::Kept);
        // The entity of listed values may be one that the other passes do not know: it is told apart by its verdict.
        self.found.extend(counts);
        work.out
    }

    /// Takes over what was held against originals.
    pub fn against(&mut self, end: End, copies: Copies, work: Redaction<'_>, not_looked_at: Unread, blind: bool) {
        self.worse(end);
        let originals = work.into_log().map(Log::into_files).unwrap_or_default();
        let hashes = if blind { "form" } else { "exact" };
        let Copies { held: files, differences, .. } = copies;
        self.against = Some(Against { files, differences, hashes, originals, not_looked_at });
    }

    fn worse(&mut self, end: End) {
        self.end = match (std::mem::replace(&mut self.end, End::Done), end) {
            (End::Signal(s), _) | (_, End::Signal(s)) => End::Signal(s),
            (End::Partly, _) | (_, End::Partly) => End::Partly,
            _ => End::Done,
        };
    }

    /// A signal ended a pass.
    pub fn stopped(&self) -> bool {
        matches!(self.end, End::Signal(_))
    }

    fn sum(&self, verdict: Verdict) -> u64 {
        self.found.iter().filter(|((v, _), _)| *v == verdict).map(|(_, n)| n).sum()
    }

    fn fails(&self, strict: bool) -> bool {
        self.sum(Verdict::Left) + self.sum(Verdict::Listed) > 0
            || strict && self.sum(Verdict::Below) > 0
            || self.against.as_ref().is_some_and(|a| !a.differences.is_empty())
    }

    /// How the run ends: what is not complete never passes.
    pub fn end(&self, strict: bool) -> End {
        match self.end {
            End::Done if self.fails(strict) => End::Found,
            End::Done | End::Found => End::Done,
            End::Partly => End::Partly,
            End::Signal(s) => End::Signal(s),
        }
    }

    /// The lines at the end, for people.
    pub fn text(&self) -> String {
        let mut parts = Vec::new();
        if self.residual {
            let below = match self.options.list_from {
                Some(_) => format!("{} below the redaction's score", self.sum(Verdict::Below)),
                None => "what scores below the redaction's score not looked for".to_owned(),
            };
            let (left, kept) = (self.sum(Verdict::Left), self.sum(Verdict::Kept));
            parts.push(format!("{left} left, {below}, {kept} kept by the policy `{}`", self.policy_name));
        }
        if let Some(list) = &self.list {
            let (places, values) = (counted(self.sum(Verdict::Listed), "place"), counted(list.values, "listed value"));
            parts.push(format!("{places} with one of {values}"));
        }
        if let Some(a) = &self.against {
            let form = if a.hashes == "form" { " (hashes by their form only: no key was given)" } else { "" };
            parts.push(format!(
                "{} held against {}, {}{form}",
                counted(a.files, "file"),
                if a.files == 1 { "its original" } else { "their originals" },
                counted(a.differences.len() as u64, "difference")
            ));
        }
        let incomplete = if matches!(self.end, End::Done) { "" } else { "\nINCOMPLETE: not all could be read" };
        let unread = self.unread.told().map_or(String::new(), |u| format!("\nNOT LOOKED AT: {u}"));
        let originals = self.against.as_ref().and_then(|a| a.not_looked_at.told());
        let unread = unread + &originals.map_or(String::new(), |u| format!("\nNOT LOOKED AT, of the originals: {u}"));
        let (files, records) = (counted(self.count, "file"), counted(self.records, "record"));
        format!("{files}, {records}: {}{unread}{incomplete}\n{NOTE}\n", parts.join("; "))
    }

    fn counts(&self, verdict: Verdict) -> Counts {
        let mut counts = Counts::default();
        for ((_, entity), n) in self.found.iter().filter(|((v, _), _)| *v == verdict) {
            let entity = self.detectors.rules().entity(*entity);
            counts.findings += n;
            *counts.entities.entry(entity.name.clone()).or_default() += n;
            *counts.categories.entry(entity.category.id()).or_default() += n;
        }
        counts
    }

    /// The report.
    pub fn json(&self, link: Link) -> String {
        let result = match self.end(self.options.strict) {
            End::Done => "passed",
            End::Found => "failed",
            End::Partly | End::Signal(_) => "incomplete",
        };
        let report = Report {
            link,
            version: env!("CARGO_PKG_VERSION"),
            result,
            rules_sha256: self.detectors.rules().digest(),
            policy: &self.policy_name,
            policy_sha256: &self.policy_sha256,
            options: &self.options,
            files: self.count,
            records: self.records,
            bytes: self.bytes,
            residual_scan: self.residual,
            left: self.counts(Verdict::Left),
            below: self.counts(Verdict::Below),
            kept: self.counts(Verdict::Kept),
            absent: self.list.as_ref(),
            listed: self.sum(Verdict::Listed),
            against: self.against.as_ref(),
            not_looked_at: &self.unread,
            copies: &self.files,
            note: NOTE,
        };
        serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
    }
}
