//! The small face of the library: one text at a time, no formats, no files.

use crate::detect::{Detectors, Options};
use crate::engine::{Engine, Outcome, Scratch, Wanted};
use crate::error::Result;
use crate::format::{self, Cut, Head, Settings};
use crate::model::{EntityType, Finding};
use crate::normalise::Key;
use crate::patterns::RuleSet;
use crate::pipeline::sink::{Base, Done, Numbers, Scope, rewrite_unit};
use crate::redact::policy::Policy;
use std::sync::Arc;

/// The compiled rules: built once, immutable, shared by threads. Clones are cheap.
#[derive(Debug, Clone)]
pub struct Scanner {
    detectors: Arc<Detectors>,
}

impl Scanner {
    /// The built-in rules at their default settings: all entities that are not on request, scores from 0.5.
    ///
    /// # Errors
    ///
    /// None with the built-in rules.
    pub fn new() -> Result<Scanner> {
        Scanner::with(RuleSet::builtin(), &Options::default())
    }

    /// These rules and settings.
    ///
    /// ```
    /// use sluicegate::{RuleSet, Scanner, detect::Options};
    ///
    /// let options = Options { min_score: 0.9, ..Options::default() };
    /// let scanner = Scanner::with(RuleSet::builtin(), &options)?;
    /// assert!(scanner.scan(b"nothing here").is_empty());
    /// # Ok::<(), sluicegate::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A rule's pattern does not compile.
    pub fn with(rules: RuleSet, options: &Options) -> Result<Scanner> {
        Ok(Scanner { detectors: Arc::new(Detectors::new(Arc::new(rules), options)?) })
    }

    /// The name of an entity: `EMAIL_ADDRESS`.
    pub fn name(&self, entity: EntityType) -> &str {
        &self.detectors.rules().entity(entity).name
    }

    /// What stands in `text`, in order, none overlapping; spans are bytes of `text`. Bytes that are no UTF-8 are no obstacle.
    ///
    /// The text is read as plain text, line by line: see [`crate::pipeline`] for JSON, CSV and transcripts.
    pub fn scan(&self, text: &[u8]) -> Vec<Finding> {
        let engine = Engine::new(self.detectors.clone(), Wanted::default(), Key::new(Vec::new()));
        let mut findings = Vec::new();
        each_unit(&engine, text, |done| {
            let shift = done.base.offset as usize;
            let core = done.core.start;
            findings.extend(done.outcome.findings.iter().map(|f| {
                let mut f = *f;
                f.span.start += shift - core;
                f.span.end += shift - core;
                f
            }));
        });
        findings
    }

    /// As [`Scanner::scan`].
    pub fn scan_str(&self, text: &str) -> Vec<Finding> {
        self.scan(text.as_bytes())
    }
}

/// A scanner with a policy: texts in, redacted texts out.
#[derive(Debug)]
pub struct Redactor {
    engine: Engine,
}

impl Redactor {
    /// `key` is needed by `hash`.
    ///
    /// # Errors
    ///
    /// The policy names what the rules don't know, or needs a key.
    pub fn new(scanner: Scanner, policy: &Policy, key: Option<&Key>) -> Result<Redactor> {
        let operators = policy.operators(scanner.detectors.rules(), key)?;
        let wanted = Wanted { edits: Some(operators), ..Wanted::default() };
        let run_key = key.cloned().unwrap_or_else(|| Key::new(Vec::new()));
        Ok(Redactor { engine: Engine::new(scanner.detectors, wanted, run_key) })
    }

    /// `text` with what the policy replaces replaced; tokens are numbered within the text.
    pub fn redact(&self, text: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len());
        let mut numbers = Numbers::new(Scope::Run);
        each_unit(&self.engine, text, |done| {
            rewrite_unit(done, self.engine.detectors().rules(), &mut numbers, &mut out)
        });
        out
    }

    /// As [`Redactor::redact`].
    pub fn redact_str(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.redact(text.as_bytes())).into_owned()
    }
}

/// Runs `text` as plain text through the engine, unit by unit.
fn each_unit(engine: &Engine, text: &[u8], mut take: impl FnMut(&Done<'_>)) {
    let head = Head { bytes: &[], whole: true, name: "" };
    let mut stream = format::named("text").unwrap_or(format::FORMATS[0]).stream(&head, &Settings::default());
    let (mut scratch, mut outcome) = (Scratch::default(), Outcome::default());
    let (mut start, mut context, mut base) = (0, 0, Base::default());
    while start + context < text.len() {
        let window = &text[start..];
        let mut unit = match stream.cut(window, true) {
            Cut::Unit(u) if u.end > context => u,
            _ => format::rest(context, window.len()),
        };
        let core = crate::model::Span::new(context, unit.end);
        let bytes = &window[..unit.until.clamp(unit.end, window.len())];
        engine.process(bytes, core, unit.reader.as_mut(), &mut scratch, &mut outcome);
        take(&Done { bytes, core, outcome: &outcome, base, wide: None });
        base.offset += core.len() as u64;
        base.record += outcome.records;
        start += unit.end - unit.keep;
        context = unit.keep;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_count_in_the_whole_text() {
        let scanner = Scanner::new().unwrap();
        let text = "one\n".repeat(400_000) + "x ana@example.com y";
        let findings = scanner.scan_str(&text);
        assert_eq!(findings.len(), 1);
        assert_eq!(&text[findings[0].span.range()], "ana@example.com");
    }
}
