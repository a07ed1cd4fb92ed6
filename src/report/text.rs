//! For people: `path:line:column: ENTITY masked-value score`.

use super::Row;
use std::io::{self, Write};

/// Writes `row` as one line; `color`: with ANSI colours.
///
/// # Errors
///
/// `out` can't be written.
pub fn write(row: &Row<'_>, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let (path, line, column, entity, masked, score) =
        (row.path, row.line, row.column, row.entity, row.masked, row.score);
    if color {
        writeln!(
            out,
            "\x1b[35m{path}\x1b[0m:\x1b[32m{line}\x1b[0m:{column}: \x1b[1;31m{entity}\x1b[0m {masked} {score:.2}"
        )
    } else {
        writeln!(out, "{path}:{line}:{column}: {entity} {masked} {score:.2}")
    }
}
