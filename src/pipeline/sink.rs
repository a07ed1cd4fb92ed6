//! The ordered end: sees every unit once, in order, with what came before it.

use super::utf16::width;
use crate::engine::Outcome;
use crate::error::Result;
pub use crate::model::place::Base;
use crate::model::{EntityType, Span};
use crate::normalise::Fingerprint;
use crate::patterns::RuleSet;
use crate::redact::{Edit, Replacement, rewrite};
use std::collections::HashMap;

/// A unit that is worked off.
#[derive(Debug, Clone, Copy)]
pub struct Done<'a> {
    /// Its bytes, with context around them.
    pub bytes: &'a [u8],
    /// Its own bytes.
    pub core: Span,
    /// What came of it.
    pub outcome: &'a Outcome,
    /// What came before it.
    pub base: Base,
    /// How wide its bytes were in the input, if that was UTF-16.
    pub wide: Option<&'a Wide>,
}

impl Done<'_> {
    /// The offset in the input of the unit's byte `at`.
    pub fn offset(&self, at: usize) -> u64 {
        self.base.offset
            + match self.wide {
                Some(w) => w.before(self.bytes, self.core, at),
                None => at.saturating_sub(self.core.start) as u64,
            }
    }
}

/// How many bytes of UTF-16 the bytes of a unit came from, counted once for every few thousand.
#[derive(Debug, Default)]
pub struct Wide(Vec<u64>);

impl Wide {
    const STEP: usize = 4096;

    /// Counts through a unit; returns what its core came from.
    pub(super) fn measure(&mut self, bytes: &[u8], core: Span) -> u64 {
        self.0.clear();
        let mut sum = 0;
        for piece in bytes[core.start..].chunks(Self::STEP) {
            self.0.push(sum);
            sum += width(piece);
        }
        self.before(bytes, core, core.end)
    }

    fn before(&self, bytes: &[u8], core: Span, at: usize) -> u64 {
        let i = at.saturating_sub(core.start) / Self::STEP;
        let Some(counted) = self.0.get(i).or(self.0.last()) else { return 0 };
        let from = core.start + i.min(self.0.len() - 1) * Self::STEP;
        counted + bytes.get(from..at).map_or(0, width)
    }
}

/// Takes units in order.
pub trait Sink: Send {
    /// Bytes that belong to the input and are not scanned: a byte-order mark.
    ///
    /// # Errors
    ///
    /// They can't be written.
    fn raw(&mut self, bytes: &[u8]) -> Result<()> {
        let _ = bytes;
        Ok(())
    }

    /// The next unit.
    ///
    /// # Errors
    ///
    /// It can't be written.
    fn unit(&mut self, done: &Done<'_>) -> Result<()>;

    /// Nothing more is at hand: pass on what is held.
    ///
    /// # Errors
    ///
    /// It can't be written.
    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

/// Within what `token` gives one number to one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// A record.
    Record,
    /// A file.
    File,
    /// All files of the run.
    #[default]
    Run,
}

/// The numbers that `token` has given.
#[derive(Debug, Default)]
pub struct Numbers {
    /// Within what they hold.
    pub scope: Scope,
    given: HashMap<(EntityType, Fingerprint), u64>,
    next: HashMap<EntityType, u64>,
    record: Option<u64>,
}

impl Numbers {
    /// None given yet.
    pub fn new(scope: Scope) -> Numbers {
        Numbers { scope, ..Numbers::default() }
    }

    /// The next input begins.
    pub fn file(&mut self) {
        if self.scope != Scope::Run {
            self.clear();
        }
    }

    fn clear(&mut self) {
        self.given.clear();
        self.next.clear();
    }

    fn number(&mut self, entity: EntityType, value: Fingerprint, record: u64) -> u64 {
        if self.scope == Scope::Record && self.record.replace(record) != Some(record) {
            self.clear();
        }
        *self.given.entry((entity, value)).or_insert_with(|| {
            let n = self.next.entry(entity).or_insert(0);
            *n += 1;
            *n
        })
    }
}

/// Writes a unit's core with its edits to `out`, giving tokens their numbers.
pub fn rewrite_unit(done: &Done<'_>, rules: &RuleSet, numbers: &mut Numbers, out: &mut Vec<u8>) {
    let mut at = done.core.start;
    for edit in &done.outcome.edits {
        out.extend_from_slice(&done.bytes[at..edit.span.start]);
        write_edit(edit, done, rules, numbers, out);
        at = edit.span.end;
    }
    out.extend_from_slice(&done.bytes[at..done.core.end]);
}

fn write_edit(edit: &Edit, done: &Done<'_>, rules: &RuleSet, numbers: &mut Numbers, out: &mut Vec<u8>) {
    match edit.with {
        Replacement::Text(span) => out.extend_from_slice(&done.outcome.arena[span.range()]),
        Replacement::Token { entity, value, layers } => {
            let n = numbers.number(entity, value, done.base.record + u64::from(edit.record));
            let text = format!("<{}_{n}>", rules.entity(entity).name);
            rewrite::encode(text.as_bytes(), layers, out);
        }
    }
}
