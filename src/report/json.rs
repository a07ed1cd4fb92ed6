//! JSON Lines: one object a finding, a [`Row`] as it stands.

use super::Row;
use std::io::{self, Write};

/// Writes `row` and a line end.
///
/// # Errors
///
/// `out` can't be written.
pub fn write(row: &Row<'_>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, row)?;
    out.write_all(b"\n")
}
