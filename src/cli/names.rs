//! Names of files and archive members: scanned, masked wherever they are printed, redacted by `--rename`.

use crate::detect::{self, Detectors, Hit, Scratch as DetectScratch};
use crate::engine::{Engine, Listed, Lookup, Outcome, Scratch};
use crate::error::{Error, Result};
use crate::format;
use crate::model::{EntityType, RuleId, Span};
use crate::patterns::RuleSet;
use crate::pipeline::sink::{Base, Done, Numbers, rewrite_unit};
use crate::proof::absent::Within;
use crate::report::Row;
use crate::report::masked::{masked, steers};
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;
use std::sync::Arc;

/// Finds in names.
pub(crate) struct Names {
    detectors: Arc<Detectors>,
    scratch: DetectScratch,
    /// Values that are reported instead of what the detectors find; both are masked.
    listed: Option<Listed>,
    lookup: Lookup,
}

/// Personal data in a name.
pub(crate) struct Named {
    pub entity: EntityType,
    pub rule: RuleId,
    pub score: f32,
    /// Code points of the name before it and up to its end.
    pub start: u64,
    pub end: u64,
    pub masked: String,
    pub value: String,
    /// The line of the list that holds it, if it was found by one.
    pub listed: Option<u32>,
}

impl Named {
    /// As a row of a report: a finding in a name has no line.
    pub fn row<'a>(&'a self, shown: &'a str, rules: &'a RuleSet, value: bool) -> Row<'a> {
        let entity = rules.entity(self.entity);
        Row {
            path: shown,
            line: 0,
            column: self.start + 1,
            record: 0,
            field: Some("name"),
            nested: None,
            start: self.start,
            end: self.end,
            byte_start: 0,
            byte_end: 0,
            time_start: None,
            time_end: None,
            entity: &entity.name,
            category: entity.category.id(),
            score: (f64::from(self.score) * 100.0).round() / 100.0,
            masked: &self.masked,
            value: value.then_some(&self.value),
            rule: &rules.rule(self.rule).id,
            pieces: Vec::new(),
        }
    }
}

impl Names {
    pub fn new(detectors: Arc<Detectors>) -> Names {
        Names { detectors, scratch: DetectScratch::default(), listed: None, lookup: Lookup::default() }
    }

    /// By the built-in rules: for paths that no run reads as input.
    ///
    /// # Errors
    ///
    /// None that a user could cause: the built-in rules are compiled.
    pub fn plain() -> Result<Names> {
        let rules = RuleSet::builtin();
        let enabled = rules.entities().iter().map(|e| !e.on_request).collect();
        let options = detect::Options { enabled, ..detect::Options::default() };
        Ok(Names::new(Arc::new(Detectors::new(Arc::new(rules), &options)?)))
    }

    /// As an engine finds that works out `wanted`.
    pub fn like(engine: &Engine) -> Names {
        Names { listed: engine.wanted().listed.clone(), ..Names::new(engine.detectors().clone()) }
    }

    /// What stands in `name`, each component for itself; spans count in `name`.
    fn hits(&mut self, name: &[u8]) -> Vec<Hit> {
        let (mut all, mut at) = (Vec::new(), 0);
        for part in name.split(|b| *b == b'/') {
            let first = all.len();
            self.detectors.find(part, None, &mut self.scratch, &mut all);
            if let Some(listed) = &self.listed {
                let entity = self.detectors.rules().rule(listed.rule).entity;
                let hit = |span| Hit { entity, rule: listed.rule, span, score: 1.0, wrap: None };
                all.extend(self.lookup.find(&listed.values, part, Within::Name).iter().map(|f| hit(f.span)));
            }
            for hit in &mut all[first..] {
                hit.span = hit.span.shifted(at);
            }
            at += part.len() + 1;
        }
        all.sort_by_key(|h| h.span);
        all
    }

    /// What stands in `name`, to be reported.
    pub fn find(&mut self, name: &[u8]) -> Vec<Named> {
        let points = |to: usize| String::from_utf8_lossy(&name[..to]).chars().count() as u64;
        let mut hits = self.hits(name);
        let mut lines = Vec::new();
        if let Some(listed) = &self.listed {
            hits.retain(|h| (h.rule == listed.rule) == listed.search);
            for h in hits.iter().filter(|_| listed.search) {
                lines.push(
                    self.lookup.find(&listed.values, &name[h.span.range()], Within::Name).first().map(|f| f.line),
                );
            }
        }
        let rules = self.detectors.rules();
        let named = |(i, h): (usize, &Hit)| {
            let (entity, text) = (rules.entity(h.entity), &name[h.span.range()]);
            Named {
                entity: h.entity,
                rule: h.rule,
                score: h.score,
                start: points(h.span.start),
                end: points(h.span.end),
                masked: masked(&entity.name, entity.category, text),
                value: String::from_utf8_lossy(text).into_owned(),
                listed: lines.get(i).copied().flatten(),
            }
        };
        hits.iter().enumerate().map(named).collect()
    }

    /// `name` as it may be printed.
    pub fn shown(&mut self, name: &[u8]) -> String {
        let hits = self.hits(name);
        let rules = self.detectors.rules();
        let mut out = String::new();
        let mut at = 0;
        for h in hits.iter().filter(|h| !h.span.is_empty()) {
            let span = Span::new(h.span.start.max(at), h.span.end.max(at));
            let entity = rules.entity(h.entity);
            out.push_str(&String::from_utf8_lossy(&name[at..span.start]));
            out.push_str(&masked(&entity.name, entity.category, &name[span.range()]));
            at = span.end;
        }
        out.push_str(&String::from_utf8_lossy(&name[at..]));
        // What a terminal would act on.
        out.chars().map(|c| if steers(c) { '\u{FFFD}' } else { c }).collect()
    }

    /// An error as it may be printed: its path, or what a message about the command line quotes.
    pub fn shown_error(&mut self, e: Error) -> Error {
        match e {
            Error::Usage(what) => {
                Error::Usage(what.split('\n').map(|line| self.shown(line.as_bytes())).collect::<Vec<_>>().join("\n"))
            }
            e => e.at(|p| self.shown_path(p)),
        }
    }

    /// As [`Names::shown`].
    pub fn shown_path(&mut self, path: &Path) -> String {
        self.shown(path.as_os_str().as_bytes())
    }
}

/// Redacts names with the operators of a run.
pub(crate) struct Renamer<'a> {
    engine: &'a Engine,
    scratch: Scratch,
    outcome: Outcome,
}

impl<'a> Renamer<'a> {
    pub fn new(engine: &'a Engine) -> Self {
        Renamer { engine, scratch: Scratch::default(), outcome: Outcome::default() }
    }

    /// A text, redacted.
    pub fn text(&mut self, text: &[u8], numbers: &mut Numbers) -> Vec<u8> {
        let core = Span::new(0, text.len());
        let mut reader = format::rest(0, text.len()).reader;
        self.engine.process(text, core, reader.as_mut(), &mut self.scratch, &mut self.outcome);
        let done = Done { bytes: text, core, outcome: &self.outcome, base: Base::default(), wide: None };
        let mut out = Vec::new();
        rewrite_unit(&done, self.engine.detectors().rules(), numbers, &mut out);
        out
    }

    /// One component of a path, redacted.
    pub fn component(&mut self, name: &[u8], numbers: &mut Numbers) -> Vec<u8> {
        let mut out = self.text(name, numbers);
        for b in &mut out {
            if matches!(*b, b'/' | 0) {
                *b = b'_';
            }
        }
        if matches!(&out[..], b"" | b"." | b"..") { b"_".to_vec() } else { out }
    }

    /// A relative path or a member's name, each component redacted.
    pub fn path(&mut self, name: &[u8], numbers: &mut Numbers) -> Vec<u8> {
        let parts: Vec<Vec<u8>> = name
            .split(|b| *b == b'/')
            .map(|p| if p.is_empty() { Vec::new() } else { self.component(p, numbers) })
            .collect();
        parts.join(&b'/')
    }
}

/// `name` with a number before its extension.
pub(crate) fn numbered(name: &[u8], n: usize) -> OsString {
    let file = name.iter().rposition(|b| *b == b'/').map_or(0, |i| i + 1);
    let dot = name[file..].iter().rposition(|b| *b == b'.').filter(|i| *i > 0).map_or(name.len(), |i| file + i);
    let mut out = name[..dot].to_vec();
    out.extend_from_slice(format!("-{n}").as_bytes());
    out.extend_from_slice(&name[dot..]);
    OsString::from_vec(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stands_before_the_extension() {
        assert_eq!(numbered(b"a.b/c.tar.gz", 2), "a.b/c.tar-2.gz");
        assert_eq!(numbered(b"a.b/c", 2), "a.b/c-2");
        assert_eq!(numbered(b".env", 3), ".env-3");
    }
}
