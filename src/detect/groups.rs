//! The groups of digits in a run, and what stands between and beside them.

use crate::model::Span;

/// What joins two groups of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Join {
    /// Spaces.
    Space,
    /// A line break or a tab: the next line or column.
    Break,
    /// `-`, `.`, `/` or `_`, with or without spaces around it.
    Mark(u8),
    /// Something that doesn't stand within a number.
    None,
}

/// What stands between two groups.
pub(crate) fn join(between: &[u8]) -> Join {
    let mut join = Join::None;
    for &b in between {
        join = match (b, join) {
            (b' ', Join::None) => Join::Space,
            (b' ', j) => j,
            (b'\n' | b'\r' | b'\t', Join::None | Join::Space | Join::Break) => Join::Break,
            (b'-' | b'.' | b'/' | b'_', Join::None | Join::Space) => Join::Mark(b),
            (b'-' | b'_', Join::Mark(m)) if m == b => join,
            _ => return Join::None,
        };
    }
    join
}

/// The next group of digits from `from` on, before `end`.
pub(crate) fn next(text: &[u8], from: usize, end: usize) -> Option<Span> {
    let start = from + text[from..end].iter().position(u8::is_ascii_digit)?;
    let len = text[start..end].iter().position(|b| !b.is_ascii_digit()).unwrap_or(end - start);
    Some(Span::new(start, start + len))
}

/// How letters or marks right beside a number bear on its being one of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Edge {
    /// A part of something else: a hash, a decimal, an address.
    Inside,
    /// It may be a part of something else.
    Doubtful,
    /// Nothing stands against it.
    Clear,
}

/// The most letters that are looked at beside a number.
const WORD: usize = 24;

/// What stands right before a number at `at`.
pub(crate) fn left(text: &[u8], at: usize, bare: bool) -> Edge {
    let Some(i) = at.checked_sub(1) else { return Edge::Clear };
    let before = i.checked_sub(1).map_or(b' ', |j| text[j]);
    let doubt = if bare { Edge::Doubtful } else { Edge::Clear };
    match text[i] {
        b'+' => Edge::Inside,
        b'.' if before.is_ascii_digit() && bare => Edge::Inside,
        b'.' if !before.is_ascii_alphabetic() => doubt,
        b'-' | b'_' if before.is_ascii_digit() => doubt,
        b'-' if before.is_ascii_alphabetic() => Edge::Doubtful,
        b'/' | b'$' => doubt,
        b if b.is_ascii_alphabetic() => {
            let letters = text[..at].iter().rev().take(WORD).take_while(|b| b.is_ascii_alphabetic()).count();
            let word = &text[at - letters..at];
            match (at - letters).checked_sub(1).map(|j| text[j]) {
                Some(b'\\') if matches!(word[0], b'n' | b'r' | b't') => {
                    if letters == 1 {
                        Edge::Clear
                    } else {
                        glued(&word[1..])
                    }
                }
                Some(b) if b.is_ascii_digit() => Edge::Inside,
                _ => glued(word),
            }
        }
        _ => Edge::Clear,
    }
}

/// What stands right after a number that ends at `at`.
pub(crate) fn right(text: &[u8], at: usize, bare: bool) -> Edge {
    let rest = &text[at..];
    let doubt = if bare { Edge::Doubtful } else { Edge::Clear };
    let letters = |from: usize| {
        rest.get(from..).unwrap_or_default().iter().take(WORD).take_while(|b| b.is_ascii_alphabetic()).count()
    };
    let digit = |i: usize| rest.get(i).is_some_and(u8::is_ascii_digit);
    match rest.first() {
        Some(b'@') => Edge::Inside,
        Some(b'.') if bare && digit(1) => Edge::Inside,
        // The ending of a file's name.
        Some(b'.') if (2..=4).contains(&letters(1)) && rest[1].is_ascii_lowercase() => doubt,
        Some(b'-') if letters(1) > 0 || digit(1) => doubt,
        Some(b'_') if digit(1) || letters(1) == 1 => doubt,
        Some(b'%') => doubt,
        Some(b) if b.is_ascii_alphabetic() => {
            let n = letters(0);
            match rest.get(n) {
                Some(b) if b.is_ascii_digit() => Edge::Inside,
                _ if matches!(&rest[..n], b"ULL" | b"ull" | b"LL" | b"UL" | b"u" | b"i") => Edge::Inside,
                _ => glued(&rest[..n]),
            }
        }
        _ => Edge::Clear,
    }
}

/// Letters right beside a number: a word (`card4242…`), or the rest of a hash or an encoded text.
fn glued(word: &[u8]) -> Edge {
    let hex = word.iter().all(u8::is_ascii_hexdigit);
    let rest = &word[1..];
    let cased = rest.iter().all(u8::is_ascii_lowercase) || word.iter().all(u8::is_ascii_uppercase);
    match word.len() {
        _ if word.eq_ignore_ascii_case(b"cc") => Edge::Clear,
        1 if hex => Edge::Inside,
        1 => Edge::Doubtful,
        _ if hex => Edge::Inside,
        _ if cased => Edge::Clear,
        _ => Edge::Doubtful,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_joins() {
        for (between, want) in [
            (" ", Join::Space),
            ("  ", Join::Space),
            (" - ", Join::Mark(b'-')),
            ("--", Join::Mark(b'-')),
            ("\r\n", Join::Break),
            (" \n ", Join::Break),
            (".", Join::Mark(b'.')),
            ("..", Join::None),
            ("-/", Join::None),
            ("(", Join::None),
            (") ", Join::None),
        ] {
            assert_eq!(join(between.as_bytes()), want, "{between:?}");
        }
    }

    #[test]
    fn what_stands_beside() {
        use Edge::*;
        for (text, want) in [
            ("card", Clear),
            ("CARD", Clear),
            ("Card", Clear),
            ("cc", Clear),
            ("x", Doubtful),
            ("f", Inside),
            ("deadbeef", Inside),
            ("aGVsbGz", Doubtful),
            ("0x", Inside),
            ("\\n", Clear),
            ("\\ncard", Clear),
            ("é", Clear),
            ("卡", Clear),
            ("+", Inside),
            ("0.", Inside),
            (" .", Doubtful),
            ("no.", Clear),
            ("ORD-", Doubtful),
            ("", Clear),
        ] {
            assert_eq!(left(text.as_bytes(), text.len(), true), want, "{text:?}");
        }
        for (text, want) in [
            ("@x", Inside),
            (".5", Inside),
            (".", Clear),
            (".jpg", Doubtful),
            ("exp", Clear),
            ("ULL", Inside),
            ("n", Doubtful),
        ] {
            assert_eq!(right(text.as_bytes(), 0, true), want, "{text:?}");
        }
    }
}
