//! How findings are shown: masked samples, lines of text, JSON Lines, CSV, summaries.

pub mod masked;
