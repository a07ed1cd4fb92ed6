//! What becomes of a finding: policies, operators, and how a replacement is written where it stands. Knows no formats.

pub mod operators;
pub mod policy;
pub mod rewrite;

use crate::model::{EntityType, Layers, Span};
use crate::normalise::Fingerprint;

/// What is written in place of some bytes of a unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Replacement {
    /// Bytes of the arena that came with the edit, encoded already.
    Text(Span),
    /// `<ENTITY_n>`, whose number the ordered sink gives: one number for one value.
    Token {
        /// What it is.
        entity: EntityType,
        /// Which value it is.
        value: Fingerprint,
        /// How it is written here.
        layers: Layers,
    },
}

/// A change of some bytes of a unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edit {
    /// The bytes that go; empty to insert.
    pub span: Span,
    /// What comes in their place.
    pub with: Replacement,
    /// The record it falls in, counted within the unit: tokens may be numbered by record.
    pub record: u32,
}
