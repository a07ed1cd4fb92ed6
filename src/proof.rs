//! What proves that a redaction or an erasure was done: values that must be gone, two streams that must agree, reports that hold
//! on to each other. Knows no files, formats or detectors.

pub mod absent;
pub mod chain;
pub mod compare;
