//! Where the cells of a row end: RFC 4180, and what programs really write.
//!
//! A quoted cell ends at a quote that is followed by a delimiter or a line's end. A quote that opens a cell and has no such
//! end within the limit, or whose end is followed by other text after a line break, is stray: its cell is bare. So a stray
//! quote never swallows more than its own line. A quoted cell of one line whose closing quote is followed by other text
//! (`"a"b`) goes on as a bare one, as every reader has it. `\"` is an escaped quote from the first one on that can be
//! nothing else.

use crate::model::Span;
use memchr::{memchr, memchr2, memchr3};

/// A cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Its text: without its quotes if it is quoted.
    pub text: Span,
    /// It stands in quotes.
    pub quoted: bool,
    /// Quotes in it are escaped with a backslash.
    pub backslash: bool,
    /// Where its delimiter or its line's end stands, or the input's end.
    pub end: usize,
}

impl Cell {
    /// Gives what its text is made of: bytes of `bytes` and what of them counts, which is the same but for an escaped
    /// quote or backslash.
    pub fn pieces(&self, bytes: &[u8], mut piece: impl FnMut(Span, Span)) {
        let (mut from, mut at) = (self.text.start, self.text.start);
        let end = self.text.end;
        let escape = |at| self.quoted.then(|| memchr2(b'"', b'\\', &bytes[at..end])).flatten();
        while let Some(i) = escape(at) {
            let (here, next) = (at + i, bytes[at + i + 1..end].first());
            let escaped = match bytes[here] {
                b'"' => next == Some(&b'"'),
                _ => self.backslash && matches!(next, Some(b'"' | b'\\')),
            };
            at = here + 1;
            if escaped {
                piece(Span::new(from, here), Span::new(from, here));
                piece(Span::new(here, here + 2), Span::new(here + 1, here + 2));
                at = here + 2;
                from = at;
            }
        }
        piece(Span::new(from, end), Span::new(from, end));
    }
}

/// What looking for a cell's end says.
#[derive(Debug, PartialEq, Eq)]
pub enum Look {
    /// It ends.
    Cell(Cell),
    /// What there is does not tell.
    More,
    /// It doesn't end before the limit.
    Beyond,
}

/// How far a cell has been looked at, from its start: what comes later need not look again.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seen {
    /// Bytes that hold no end.
    upto: usize,
    /// The bytes looked at are known not to be a quoted cell.
    bare: bool,
    backslash: bool,
}

/// The bytes in which cells are looked for.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// All there is so far.
    pub bytes: &'a [u8],
    /// The input ends with it.
    pub last: bool,
    /// What stands between two cells.
    pub delimiter: u8,
}

/// The most spaces between a closing quote and a delimiter.
const BLANKS: usize = 8;

impl Text<'_> {
    /// The cell at `start`, if it ends before `limit`. `alone`: no cell comes before it in this part of the row, so it is
    /// bare if it is a quoted one that doesn't end.
    pub fn cell(&self, start: usize, limit: usize, alone: bool, seen: &mut Seen) -> Look {
        if !seen.bare {
            match self.bytes.get(start) {
                Some(b'"') => match self.quoted(start, limit, seen) {
                    Quoted::Cell(cell) => return Look::Cell(cell),
                    Quoted::More => return Look::More,
                    Quoted::Beyond if !alone => return Look::Beyond,
                    Quoted::Beyond | Quoted::Stray => *seen = Seen { bare: true, ..Seen::default() },
                    Quoted::Bare(from) => *seen = Seen { bare: true, upto: from - start, ..Seen::default() },
                },
                None if !self.last => return Look::More,
                _ => seen.bare = true,
            }
        }
        self.bare(start, limit, seen)
    }

    /// The end of a bare cell.
    pub fn bare(&self, start: usize, limit: usize, seen: &mut Seen) -> Look {
        let to = self.bytes.len().min(limit);
        let from = (start + seen.upto).min(to);
        let end = match memchr3(self.delimiter, b'\n', b'\r', &self.bytes[from..to]) {
            Some(i) => from + i,
            None if self.bytes.len() > limit => return Look::Beyond,
            None if self.last => to,
            None => {
                seen.upto = to - start;
                return Look::More;
            }
        };
        Look::Cell(Cell { text: Span::new(start, end), quoted: false, backslash: false, end })
    }

    fn quoted(&self, start: usize, limit: usize, seen: &mut Seen) -> Quoted {
        let to = self.bytes.len().min(limit);
        let mut at = start + seen.upto.max(1);
        loop {
            let Some(quote) = memchr(b'"', &self.bytes[at.min(to)..to]).map(|i| at + i) else {
                seen.upto = at.max(to) - start;
                // At the input's end an open quote is stray, however near the limit is.
                return match (self.bytes.len() > limit, self.last) {
                    (true, _) => Quoted::Beyond,
                    (false, true) => Quoted::Stray,
                    (false, false) => Quoted::More,
                };
            };
            seen.upto = quote - start;
            let after = self.after(quote);
            if after == After::Unknown {
                return Quoted::More;
            }
            if self.escaped(start, quote) && (seen.backslash || after == After::Text) {
                seen.backslash = true;
                at = quote + 1;
                continue;
            }
            match after {
                After::Quote => at = quote + 2,
                After::End(end) => {
                    let (text, backslash) = (Span::new(start + 1, quote), seen.backslash);
                    return Quoted::Cell(Cell { text, quoted: true, backslash, end });
                }
                _ if memchr2(b'\n', b'\r', &self.bytes[start..quote]).is_some() => return Quoted::Stray,
                _ => return Quoted::Bare(quote + 1),
            }
        }
    }

    /// Whether a backslash stands before `quote` that isn't one of a pair itself.
    fn escaped(&self, start: usize, quote: usize) -> bool {
        self.bytes[start + 1..quote].iter().rev().take_while(|b| **b == b'\\').count() % 2 == 1
    }

    fn after(&self, quote: usize) -> After {
        let rest = &self.bytes[quote + 1..];
        if rest.first() == Some(&b'"') {
            return After::Quote;
        }
        let blanks = rest.iter().take(BLANKS).take_while(|b| **b == b' ' && **b != self.delimiter).count();
        match rest.get(blanks) {
            Some(b'\n' | b'\r') => After::End(quote + 1 + blanks),
            Some(b) if *b == self.delimiter => After::End(quote + 1 + blanks),
            Some(_) => After::Text,
            None if self.last => After::End(quote + 1 + blanks),
            None => After::Unknown,
        }
    }

    /// The length of the line's end at `at`; `None`: it may go on.
    pub fn line_end(&self, at: usize) -> Option<usize> {
        match (self.bytes.get(at), self.bytes.get(at + 1)) {
            (Some(b'\n'), _) => Some(1),
            (Some(b'\r'), Some(b'\n')) => Some(2),
            (Some(b'\r'), None) if !self.last => None,
            (Some(b'\r'), _) => Some(1),
            _ => Some(0),
        }
    }

    /// Whether a cell that ends at `at` has another one after it in its row.
    pub fn goes_on(&self, at: usize) -> bool {
        self.bytes.get(at) == Some(&self.delimiter)
    }
}

enum Quoted {
    Cell(Cell),
    More,
    Beyond,
    Stray,
    Bare(usize),
}

#[derive(PartialEq, Eq)]
enum After {
    Quote,
    End(usize),
    Text,
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(line: &str) -> Vec<(&str, bool)> {
        let text = Text { bytes: line.as_bytes(), last: true, delimiter: b',' };
        let mut out = Vec::new();
        let mut at = 0;
        while let Look::Cell(c) = text.cell(at, 100, true, &mut Seen::default()) {
            out.push((&line[c.text.range()], c.quoted));
            if !text.goes_on(c.end) {
                break;
            }
            at = c.end + 1;
        }
        out
    }

    #[test]
    fn cells_as_they_are_written() {
        assert_eq!(cells("a,b c,\r\nx"), [("a", false), ("b c", false), ("", false)]);
        assert_eq!(cells("\"a,b\",\"c\nd\"\n"), [("a,b", true), ("c\nd", true)]);
        assert_eq!(cells("\"say \"\"hi\"\"\",\"\""), [("say \"\"hi\"\"", true), ("", true)]);
        assert_eq!(cells("12\" pipe,x"), [("12\" pipe", false), ("x", false)]);
        assert_eq!(cells("\"a\" ,x"), [("a", true), ("x", false)]);
        // Text after the closing quote: a bare cell from there on.
        assert_eq!(cells("\"a,b\"c,d"), [("\"a,b\"c", false), ("d", false)]);
    }

    #[test]
    fn backslashes_escape_where_they_must() {
        assert_eq!(cells(r#""say \"hi, you\", now",x"#), [(r#"say \"hi, you\", now"#, true), ("x", false)]);
        assert_eq!(cells(r#""C:\",x"#), [(r"C:\", true), ("x", false)]);
        assert_eq!(cells(r#""{""a"":""b\""c""}",x"#), [(r#"{""a"":""b\""c""}"#, true), ("x", false)]);
        assert_eq!(cells(r#""{\"a\":\"b\"}",x"#), [(r#"{\"a\":\"b\"}"#, true), ("x", false)]);
    }

    #[test]
    fn a_stray_quote_takes_its_line_only() {
        assert_eq!(cells("\"a,b\n1,\"c\"\n"), [("\"a", false), ("b", false)]);
        assert_eq!(cells("\"a,b\n\"ok\",\"x\"\n"), [("\"a", false), ("b", false)]);
        assert_eq!(cells("\"a,b\nc,d\n"), [("\"a", false), ("b", false)]);
        let far = format!("\"a\n{}\"\n", "x".repeat(200));
        assert_eq!(cells(&far), [("\"a", false)]);
    }

    #[test]
    fn what_is_not_there_yet_is_waited_for() {
        let look = |s: &str| {
            let text = Text { bytes: s.as_bytes(), last: false, delimiter: b',' };
            text.cell(0, 10, true, &mut Seen::default())
        };
        for s in ["", "a", "\"a", "\"a\"", "\"a\"  ", "\"a\nb"] {
            assert_eq!(look(s), Look::More, "{s:?}");
        }
        assert!(matches!(look("a,"), Look::Cell(_)));
        assert!(matches!(look("\"a\n\"b"), Look::Cell(Cell { end: 2, .. })));
        assert_eq!(look("aaaaaaaaaaaa"), Look::Beyond);
    }
}
