//! A fast, exact scanner and redactor of personal data in chat histories, call transcripts and bot logs.
pub mod cli;
pub mod detect;
pub mod engine;
pub mod error;
pub mod format;
pub mod model;
pub mod normalise;
pub mod patterns;
pub mod pipeline;
pub mod redact;
pub mod report;
