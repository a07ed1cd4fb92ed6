//! JSON: what its formats share.

pub(crate) mod decode;
pub(crate) mod emit;
pub(crate) mod line;
pub(crate) mod path;
pub(crate) mod pointer;
pub(crate) mod walk;
