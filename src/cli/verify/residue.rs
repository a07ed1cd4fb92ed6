//! What is found in a copy, told and counted.

use super::super::inputs::Work;
use super::super::log::Digests;
use super::super::names::Named;
use super::super::progress::Progress;
use super::super::target::Target;
use super::Basis;
use crate::engine::Engine;
use crate::error::Result;
use crate::model::EntityType;
use crate::patterns::RuleSet;
use crate::pipeline::sink::{Done, Sink};
use crate::pipeline::{self, Input, Job, Totals};
use crate::redact::policy::Operators;
use crate::report::{self, Row};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

/// What a finding is to a verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Verdict {
    /// The policy does not keep it, and it is there.
    Left,
    /// As that, at a lower score than the redaction's.
    Below,
    /// It stands on the list of values that must be nowhere.
    Listed,
    /// The policy keeps it.
    Kept,
}

/// A file of the copy.
#[derive(Debug, Serialize)]
pub(super) struct CopyFile {
    pub path: String,
    pub format: &'static str,
    pub bytes: u64,
    pub records: u64,
    /// Of its content after decompression and decoding to UTF-8.
    pub sha256: String,
}

/// One pass over a copy.
pub(super) struct Residue<'a> {
    rules: &'a RuleSet,
    operators: &'a Operators,
    verdict: Verdict,
    least: f32,
    json: bool,
    pub out: Target,
    progress: Arc<Progress>,
    /// Whether digests are asked for.
    pub digests: bool,
    digest: Digests,
    path: String,
    pub counts: BTreeMap<(Verdict, EntityType), u64>,
    pub files: Vec<CopyFile>,
}

/// A row with what it is to the verification.
#[derive(Serialize)]
struct Told<'a> {
    verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    list_line: Option<u32>,
    #[serde(flatten)]
    row: &'a Row<'a>,
}

impl<'a> Residue<'a> {
    pub fn new(
        engine: &'a Engine,
        basis: &'a Basis,
        verdict: Verdict,
        least: f32,
        json: bool,
        out: Target,
        progress: &Arc<Progress>,
    ) -> Residue<'a> {
        Residue {
            rules: engine.detectors().rules(),
            operators: &basis.operators,
            verdict,
            least,
            json,
            out,
            progress: progress.clone(),
            digests: false,
            digest: Digests::default(),
            path: String::new(),
            counts: BTreeMap::new(),
            files: Vec::new(),
        }
    }

    /// What a finding of this pass is; `None`: another pass tells it.
    fn judge(&mut self, entity: EntityType, score: f32) -> Option<Verdict> {
        let verdict = match self.verdict {
            Verdict::Below if score >= self.least => return None,
            Verdict::Left | Verdict::Below if self.operators.keeps(entity) => Verdict::Kept,
            verdict => verdict,
        };
        if (self.verdict, verdict) != (Verdict::Below, Verdict::Kept) {
            *self.counts.entry((verdict, entity)).or_default() += 1;
        }
        (verdict != Verdict::Kept).then_some(verdict)
    }

    fn tell(&mut self, verdict: Verdict, row: &Row<'_>, list_line: Option<u32>) -> Result<()> {
        if self.json {
            let mut line = serde_json::to_vec(&Told { verdict, list_line, row }).unwrap_or_default();
            line.push(b'\n');
            return self.out.write(&line);
        }
        let mut line = Vec::new();
        self.out.with(|out| {
            report::text::write(row, false, &mut line)?;
            line.pop();
            match (verdict, list_line) {
                (Verdict::Below, _) => line.extend_from_slice(b" below the redaction's score"),
                (_, Some(n)) => line.extend_from_slice(format!(" line {n} of the list").as_bytes()),
                _ => {}
            }
            line.push(b'\n');
            out.write_all(&line)
        })
    }
}

impl Work for Residue<'_> {
    fn text(
        &mut self,
        shown: &str,
        job: &Job<'_>,
        input: &mut dyn Input,
        _: Option<&mut (dyn Write + Send)>,
    ) -> Result<Totals> {
        shown.clone_into(&mut self.path);
        self.digest = Digests::default();
        let totals = pipeline::run(job, input, self)?;
        if self.digests {
            self.files.push(CopyFile {
                path: shown.to_owned(),
                format: totals.format,
                bytes: totals.bytes,
                records: totals.records,
                sha256: std::mem::take(&mut self.digest).read(),
            });
        }
        Ok(totals)
    }

    fn name(&mut self, shown: &str, found: &[Named]) -> Result<()> {
        for n in found {
            if let Some(verdict) = self.judge(n.entity, n.score) {
                self.tell(verdict, &n.row(shown, self.rules, false), n.listed)?;
            }
        }
        Ok(())
    }
}

impl Sink for Residue<'_> {
    fn raw(&mut self, bytes: &[u8]) -> Result<()> {
        if self.digests {
            self.digest.pass(bytes, b"");
        }
        Ok(())
    }

    fn unit(&mut self, done: &Done<'_>) -> Result<()> {
        let outcome = done.outcome;
        self.progress.add(done.core.len(), outcome.findings.len());
        if self.digests {
            self.digest.pass(&done.bytes[done.core.range()], b"");
        }
        let path = std::mem::take(&mut self.path);
        let rules = self.rules;
        for f in &outcome.findings {
            let Some(verdict) = self.judge(f.entity, f.score) else { continue };
            let place = &outcome.places[f.place as usize];
            let row = report::row(&path, f, place, &done.base, &|at| done.offset(at), rules);
            self.tell(verdict, &row, place.listed)?;
        }
        self.path = path;
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        self.out.flush()
    }
}
