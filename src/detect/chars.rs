//! Characters at a place in bytes that may be no UTF-8. Boundaries are decided here, since `\b` is wrong beside CJK.

/// The character that ends before `at`, and its length; invalid bytes are U+FFFD of length 1.
pub fn before(text: &[u8], at: usize) -> Option<(char, usize)> {
    let at = at.min(text.len());
    let last = *text.get(at.checked_sub(1)?)?;
    if last < 0x80 {
        return Some((last as char, 1));
    }
    let from = at.saturating_sub(4);
    let start = (from..at).rev().find(|&i| text[i] & 0xC0 != 0x80)?;
    Some(decoded(&text[start..at]).filter(|(_, n)| *n == at - start).unwrap_or(('\u{FFFD}', 1)))
}

/// The character that starts at `at`, and its length; invalid bytes are U+FFFD of length 1.
pub fn after(text: &[u8], at: usize) -> Option<(char, usize)> {
    let first = *text.get(at)?;
    if first < 0x80 {
        return Some((first as char, 1));
    }
    Some(decoded(&text[at..]).unwrap_or(('\u{FFFD}', 1)))
}

/// The character beyond ASCII that begins `bytes`, and its length; `None`: it is no UTF-8.
#[inline(always)]
fn decoded(bytes: &[u8]) -> Option<(char, usize)> {
    let next = |i: usize| bytes.get(i).filter(|b| **b & 0xC0 == 0x80).map(|b| u32::from(b & 0x3F));
    let first = u32::from(*bytes.first()?);
    let (code, least, len) = match first {
        0xC2..0xE0 => ((first & 0x1F) << 6 | next(1)?, 0x80, 2),
        0xE0..0xF0 => ((first & 0x0F) << 12 | next(1)? << 6 | next(2)?, 0x800, 3),
        0xF0..0xF5 => ((first & 0x07) << 18 | next(1)? << 12 | next(2)? << 6 | next(3)?, 0x1_0000, 4),
        _ => return None,
    };
    char::from_u32(code).filter(|_| code >= least).map(|c| (c, len))
}

/// Whether a letter or digit of a script that writes words with spaces stands before `at`. Beside CJK, Thai and the like
/// a value may begin without a space, so their letters are no part of a word.
pub fn word_before(text: &[u8], at: usize) -> bool {
    before(text, at).is_some_and(|(c, _)| is_word(c))
}

/// As [`word_before`], for what starts at `at`.
pub fn word_after(text: &[u8], at: usize) -> bool {
    after(text, at).is_some_and(|(c, _)| is_word(c))
}

/// As [`char::is_alphabetic`], which searches tables for most characters beyond ASCII: the letters of scripts in common use, and what stands
/// between words, are told by ranges.
pub fn is_letter(c: char) -> bool {
    match known(c) {
        Some(letter) => letter,
        None => c.is_alphabetic(),
    }
}

/// As [`char::is_alphanumeric`]: see [`is_letter`].
pub fn is_alphanumeric(c: char) -> bool {
    match known(c) {
        Some(letter) => letter || c.is_ascii_digit(),
        None => c.is_alphanumeric(),
    }
}

/// Whether `c` is a letter; `None`: look it up. What is none here is no digit, unless of ASCII.
#[inline(always)]
fn known(c: char) -> Option<bool> {
    match c as u32 {
        0..=0x7F => Some(c.is_ascii_alphabetic()),
        0xC0..=0x24F => Some(c != '×' && c != '÷'),
        0x038E..=0x03A1 | 0x03A3..=0x03E1 | 0x0400..=0x0481 => Some(true),
        // The virama of Devanagari.
        0x094D => Some(false),
        _ if caseless(c) => Some(true),
        0x2000..=0x206F | 0x3000..=0x3004 | 0x1F300..=0x1FAFF => Some(false),
        _ => None,
    }
}

/// Whether `c` is one of the letters in common use that are neither capital nor small, and no digit.
pub fn caseless(c: char) -> bool {
    // Of Devanagari with the vowels that are written on others; of Katakana with the mark for long ones.
    matches!(c as u32, 0x05D0..=0x05EA | 0x0620..=0x0657 | 0x0904..=0x093B | 0x093D..=0x094C | 0x0E01..=0x0E30)
        || matches!(c as u32, 0x3041..=0x3096 | 0x30A1..=0x30FA | 0x30FC | 0x4E00..=0x9FFF | 0xAC00..=0xD7A3)
}

/// The small letter of `c`, which may be that itself, of scripts in common use; `None`: look it up.
#[inline(always)]
fn small(c: char) -> Option<char> {
    let plus = |n: u32| char::from_u32(c as u32 + n);
    match c as u32 {
        0..=0x7F => Some(c.to_ascii_lowercase()),
        0xD7 | 0xDF..=0xFF => Some(c),
        0xC0..=0xDE => plus(0x20),
        0x0100..=0x012F | 0x014A..=0x0177 => plus(c as u32 & 1 ^ 1),
        0x0139..=0x0148 => plus(c as u32 & 1),
        0x0391..=0x03A1 | 0x03A3..=0x03AB | 0x0410..=0x042F => plus(0x20),
        0x03AC..=0x03CE | 0x0430..=0x045F => Some(c),
        0x0400..=0x040F => plus(0x50),
        _ => caseless(c).then_some(c),
    }
}

/// Calls `with` for each character of [`char::to_lowercase`] while it says `true`. `false`: it has said otherwise.
#[inline(always)]
pub fn lower(c: char, mut with: impl FnMut(char) -> bool) -> bool {
    match small(c) {
        Some(small) => with(small),
        None => c.to_lowercase().all(with),
    }
}

/// As [`char::is_lowercase`]: see [`is_letter`].
#[inline(always)]
pub fn is_lower(c: char) -> bool {
    match c as u32 {
        0..=0x7F => c.is_ascii_lowercase(),
        0xC0..=0xDE | 0xF7 => false,
        0xDF..=0xFF => true,
        0x0410..=0x042F => false,
        0x0430..=0x044F => true,
        _ => !caseless(c) && c.is_lowercase(),
    }
}

/// As [`char::is_uppercase`]: see [`is_letter`].
#[inline(always)]
pub fn is_upper(c: char) -> bool {
    match c as u32 {
        0..=0x7F => c.is_ascii_uppercase(),
        0xC0..=0xDE => c != '×',
        0xDF..=0xFF => false,
        0x0410..=0x042F => true,
        0x0430..=0x044F => false,
        _ => !caseless(c) && c.is_uppercase(),
    }
}

/// As [`char::is_numeric`]: see [`is_letter`].
#[inline(always)]
pub fn is_numeric(c: char) -> bool {
    match known(c) {
        Some(_) => c.is_ascii_digit(),
        None => c.is_numeric(),
    }
}

/// A letter or digit of a script that separates words by spaces, or `_`.
pub fn is_word(c: char) -> bool {
    c == '_' || c.is_ascii_alphanumeric() || (!c.is_ascii() && is_alphanumeric(c) && !unspaced(c))
}

/// A character of a script that is written without spaces between words.
pub fn unspaced(c: char) -> bool {
    matches!(c as u32,
        0x0E00..=0x0EFF      // Thai, Lao
        | 0x1000..=0x109F    // Myanmar
        | 0x1780..=0x17FF    // Khmer
        | 0x2E80..=0x31FF    // CJK radicals, Hiragana, Katakana, Bopomofo
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF
        | 0xFF66..=0xFF9F | 0x20000..=0x3FFFF)
}

/// A letter, mark or digit that a name may hold: of any script, with the marks that its letters bear.
pub fn in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || (!c.is_ascii() && (is_alphanumeric(c) || is_mark(c)))
}

/// A mark on a letter that the standard library does not count as alphabetic (viramas, tone marks, accents).
fn is_mark(c: char) -> bool {
    matches!(c as u32, 0x0300..=0x036F | 0x0483..=0x0487 | 0x0591..=0x05BD | 0x064B..=0x065F
        | 0x093C | 0x094D | 0x09BC | 0x09CD | 0x0A3C | 0x0A4D | 0x0ABC | 0x0ACD | 0x0B3C | 0x0B4D | 0x0BCD | 0x0C4D
        | 0x0CCD | 0x0D4D | 0x0DCA | 0x0E38..=0x0E4E | 0x0EB8..=0x0ECD | 0x1037..=0x103A | 0x17D2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_case_stays_as_it_is() {
        for c in ('\0'..=char::MAX).filter(|c| caseless(*c)) {
            assert!(is_letter(c) && !c.is_numeric() && !c.is_uppercase() && c.to_lowercase().eq([c]), "{c:?}");
        }
    }

    #[test]
    fn characters_around() {
        let t = "aé漢\u{1F600}".as_bytes();
        assert_eq!(before(t, 1), Some(('a', 1)));
        assert_eq!(before(t, 3), Some(('é', 2)));
        assert_eq!(after(t, 3), Some(('漢', 3)));
        assert_eq!(before(t, t.len()), Some(('\u{1F600}', 4)));
        assert_eq!(before(t, 0), None);
        assert_eq!(after(t, t.len()), None);
        assert_eq!(after(b"\xff", 0), Some(('\u{FFFD}', 1)));
        assert_eq!(before(b"\xe6\xbc", 2), Some(('\u{FFFD}', 1)));
    }

    #[test]
    fn characters_are_those_of_the_standard_library() {
        const EDGES: [u8; 12] = [0, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xE2, 0xFF];
        for first in 0x80..=0xFF {
            for rest in 0..EDGES.len().pow(3) {
                let edge = |n: u32| EDGES[rest / EDGES.len().pow(n) % EDGES.len()];
                let text = [first, edge(0), edge(1), edge(2)];
                let valid = (2..=4).find_map(|n| std::str::from_utf8(&text[..n]).ok().map(|s| (s.chars().next(), n)));
                let want = valid.filter(|(c, n)| c.is_some_and(|c| c.len_utf8() == *n));
                let want = want.map_or(('\u{FFFD}', 1), |(c, n)| (c.unwrap_or_default(), n));
                assert_eq!(after(&text, 0), Some(want), "{text:X?}");
                if want.1 > 1 {
                    assert_eq!(before(&text, want.1), Some(want), "{text:X?}");
                }
            }
        }
    }

    #[test]
    fn letters_are_those_of_unicode() {
        for c in '\0'..=char::MAX {
            assert_eq!((is_letter(c), is_alphanumeric(c)), (c.is_alphabetic(), c.is_alphanumeric()), "{:X}", c as u32);
            assert_eq!((is_lower(c), is_upper(c)), (c.is_lowercase(), c.is_uppercase()), "{:X}", c as u32);
            assert_eq!(is_numeric(c), c.is_numeric(), "{:X}", c as u32);
            let mut all = String::new();
            assert!(lower(c, |l| {
                all.push(l);
                true
            }));
            assert!(all.chars().eq(c.to_lowercase()), "{:X}", c as u32);
        }
    }

    #[test]
    fn words() {
        assert!(word_before("é1".as_bytes(), 2));
        assert!(!word_before("漢1".as_bytes(), 3));
        assert!(word_after(b"_", 0));
        assert!(!word_after(b" ", 0));
    }
}
