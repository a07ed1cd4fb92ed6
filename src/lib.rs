//! Sluice: a fast, exact scanner and redactor of personal data in chat histories, call transcripts and bot logs.
//!
//! Build a [`Scanner`] once; it is immutable and can be shared by threads. It finds personal data in one text at a time:
//!
//! ```
//! use sluicegate::Scanner;
//!
//! let scanner = Scanner::new()?;
//! let text = "write to ana.reis@example.com, please";
//! let findings = scanner.scan_str(text);
//! assert_eq!(scanner.name(findings[0].entity), "EMAIL_ADDRESS");
//! assert_eq!(&text[findings[0].span.range()], "ana.reis@example.com");
//! # Ok::<(), sluicegate::Error>(())
//! ```
//!
//! A [`Redactor`] puts a [`Policy`] on top:
//!
//! ```
//! use sluicegate::{Policy, Redactor, Scanner};
//!
//! let redactor = Redactor::new(Scanner::new()?, &Policy::named("default")?, None)?;
//! assert_eq!(redactor.redact_str("write to ana.reis@example.com, please"), "write to <EMAIL_ADDRESS>, please");
//! # Ok::<(), sluicegate::Error>(())
//! ```
//!
//! Whole inputs in their formats (JSON, CSV, transcripts), files and pipes go through [`pipeline::run`], which is what the
//! program `sluice` does.
//!
//! The modules, from the command line down to the words that all are written in; imports run in this direction only.
#![deny(missing_docs)]
#![deny(unsafe_code)]

pub mod cli;
pub mod pipeline;

pub mod engine;

pub mod annex;
pub mod detect;
pub mod format;
pub mod proof;
pub mod redact;
pub mod report;

pub mod normalise;
pub mod patterns;

pub mod model;

pub mod error;

mod face;

pub use error::{Error, Result};
pub use face::{Redactor, Scanner};
pub use model::{Category, EntityType, Finding, Span};
pub use normalise::Key;
pub use patterns::RuleSet;
pub use redact::policy::Policy;
