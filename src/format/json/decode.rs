//! JSON strings: where they end, what their escapes stand for, and where they may be cut.
//!
//! Tolerant: what is no valid escape stands for itself, a lone surrogate for U+FFFD, and bytes are not looked at otherwise
//! (invalid UTF-8 and control characters pass).

use crate::format::part_end;
use crate::model::Span;

/// The quote that ends a string whose content begins (or goes on, not within an escape) at `from`; else the place from which
/// to look on when more has come.
pub(crate) fn closing_quote(bytes: &[u8], mut from: usize) -> Result<usize, usize> {
    while let Some(i) = bytes.get(from..).and_then(|b| memchr::memchr2(b'"', b'\\', b)) {
        if bytes[from + i] == b'"' {
            return Ok(from + i);
        }
        if from + i + 2 > bytes.len() {
            return Err(from + i);
        }
        from += i + 2;
    }
    Err(bytes.len())
}

/// Goes through a string's content: stretches that stand for themselves (`None`), and escapes with what they stand for.
pub(crate) fn pieces(raw: &[u8], mut each: impl FnMut(Span, Option<&[u8]>)) {
    let (mut at, mut plain) = (0, 0);
    while let Some(i) = memchr::memchr(b'\\', &raw[at..]) {
        let i = at + i;
        let (len, meaning) = escape(&raw[i..]);
        at = i + len;
        if let Some(c) = meaning {
            if plain < i {
                each(Span::new(plain, i), None);
            }
            each(Span::new(i, at), Some(c.encode_utf8(&mut [0; 4]).as_bytes()));
            plain = at;
        }
    }
    if plain < raw.len() {
        each(Span::new(plain, raw.len()), None);
    }
}

/// What a string's content stands for, put behind `text`.
pub(crate) fn decode(raw: &[u8], text: &mut Vec<u8>) {
    pieces(raw, |span, meaning| text.extend_from_slice(meaning.unwrap_or(&raw[span.range()])));
}

/// Where in a string's content what stands at `at` in its text comes from; its end for the text's end.
pub(crate) fn raw_at(raw: &[u8], at: usize) -> usize {
    let (mut text, mut found) = (0, raw.len());
    pieces(raw, |span, meaning| {
        let len = meaning.map_or(span.len(), <[u8]>::len);
        if (text..text + len).contains(&at) {
            found = span.start + if meaning.is_some() { 0 } else { at - text };
        }
        text += len;
    });
    found
}

/// The length of the escape at the start of `bytes`, and what it stands for: `None` if for itself.
fn escape(bytes: &[u8]) -> (usize, Option<char>) {
    let meaning = match bytes.get(1) {
        Some(b'u') => return unicode(bytes),
        Some(c @ (b'"' | b'\\' | b'/' | b'\'')) => char::from(*c),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(c) if c.is_ascii() => return (2, None),
        _ => return (1, None),
    };
    (2, Some(meaning))
}

/// As [`escape`], for one that begins with `\u`.
fn unicode(bytes: &[u8]) -> (usize, Option<char>) {
    let Some(first) = hex(bytes.get(2..6)) else { return (2, None) };
    if (0xD800..0xDC00).contains(&first)
        && bytes.get(6..8) == Some(br"\u")
        && let Some(second @ 0xDC00..0xE000) = hex(bytes.get(8..12))
    {
        return (12, char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)));
    }
    (6, Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER)))
}

fn hex(digits: Option<&[u8]>) -> Option<u32> {
    digits?.iter().try_fold(0, |n, b| Some(n * 16 + char::from(*b).to_digit(16)?))
}

/// The longest escape: a pair of surrogates.
pub(crate) const LONGEST_ESCAPE: usize = 12;

/// The last place up to `at` where a string may be cut: within no escape and no character. Its content begins, or is known to
/// be cut well, at `from`. Looks up to [`LONGEST_ESCAPE`] bytes further.
pub(crate) fn cut_before(bytes: &[u8], mut from: usize, at: usize) -> usize {
    while let Some(i) = bytes.get(from..at).and_then(|b| memchr::memchr(b'\\', b)) {
        let end = from + i + escape(&bytes[from + i..]).0;
        if end > at {
            return from + i;
        }
        from = end;
    }
    part_end(bytes, at).max(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(raw: &[u8]) -> Vec<u8> {
        let mut at = 0;
        pieces(raw, |span, _| {
            assert_eq!(span.start, at, "pieces follow each other");
            at = span.end;
        });
        assert_eq!(at, raw.len());
        let mut out = Vec::new();
        decode(raw, &mut out);
        out
    }

    #[test]
    fn escapes_are_decoded_and_faults_stand_for_themselves() {
        for (raw, want) in [
            (r"", ""),
            (r#"a\"b\\c\/d\b\f\n\r\te"#, "a\"b\\c/d\u{8}\u{c}\n\r\te"),
            (r"\u0040\u00e9\u20AC", "@é€"),
            (r"\ud83d\ude00!", "😀!"),
            (r"\ud83d!", "\u{fffd}!"),
            (r"\ude00\ud83d\u0041", "\u{fffd}\u{fffd}A"),
            (r"\ud83d\u00", "\u{fffd}\\u00"),
            (r"\x41\é\u12", r"\x41\é\u12"),
            ("end\\", "end\\"),
        ] {
            assert_eq!(String::from_utf8_lossy(&decoded(raw.as_bytes())), want, "{raw}");
        }
        assert_eq!(decoded(b"\xff\\n\0"), b"\xff\n\0");
    }

    #[test]
    fn texts_lead_back() {
        let raw = r"a\nb\u00e9\ud83d\ude00c".as_bytes();
        // The text: a, a line end, b, two bytes, four bytes, c.
        let want = [0, 1, 3, 4, 4, 10, 10, 10, 10, 22, 23];
        assert_eq!((0..=10).map(|at| raw_at(raw, at)).collect::<Vec<_>>(), want);
    }

    #[test]
    fn a_quote_behind_a_backslash_does_not_end() {
        assert_eq!(closing_quote(br#"a\"b\\"c"#, 0), Ok(6));
        assert_eq!(closing_quote(br"abc", 0), Err(3));
        assert_eq!(closing_quote(br"abc\", 0), Err(3));
        assert_eq!(closing_quote(br#"abc\""#, 3), Err(5));
    }

    #[test]
    fn cuts_keep_escapes_and_characters_whole() {
        let text = r"ab\n\ud83d\ude00é😀\\\\x".as_bytes();
        let ok = [0, 1, 2, 4, 16, 18, 22, 24, 26, 27];
        for at in 0..=text.len() {
            let want = *ok.iter().rfind(|i| **i <= at).unwrap();
            assert_eq!(cut_before(text, 0, at), want, "{at}");
        }
    }
}
