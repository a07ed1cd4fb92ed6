//! CSV: one row a finding, for spreadsheets.

use super::Row;
use super::masked::plain;
use std::io::{self, Write};

/// The header row.
pub const HEADER: &str = "path,line,column,record,field,nested,start,end,byte_start,byte_end,time_start,time_end,type,category,score,masked,value,rule\n";

/// Writes `row` as a line (RFC 4180, with a bare line feed).
///
/// # Errors
///
/// `out` can't be written.
pub fn write(row: &Row<'_>, out: &mut dyn Write) -> io::Result<()> {
    let number = |t: Option<f64>| t.map_or(String::new(), |t| t.to_string());
    let cells = [
        row.path.to_owned(),
        row.line.to_string(),
        row.column.to_string(),
        row.record.to_string(),
        plain(row.field.unwrap_or("")).into_owned(),
        plain(row.nested.unwrap_or("")).into_owned(),
        row.start.to_string(),
        row.end.to_string(),
        row.byte_start.to_string(),
        row.byte_end.to_string(),
        number(row.time_start),
        number(row.time_end),
        row.entity.to_owned(),
        row.category.to_owned(),
        row.score.to_string(),
        row.masked.to_owned(),
        row.value.unwrap_or("").to_owned(),
        row.rule.to_owned(),
    ];
    let line: Vec<String> = cells.iter().map(|c| quoted(c)).collect();
    writeln!(out, "{}", line.join(","))
}

/// Quoted where it must be, and where a spreadsheet would take it for a formula.
pub(super) fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula {
        format!("\"'{}\"", cell.replace('"', "\"\""))
    } else if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells() {
        assert_eq!(quoted("a"), "a");
        assert_eq!(quoted("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(quoted("+•• ••42"), "\"'+•• ••42\"");
    }
}
