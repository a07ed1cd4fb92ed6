//! What a value may be written with in a text that no format decodes: a log that quotes JSON, an address of a page, a mail's source, a
//! page's. Decoded besides the text as it stands, never instead of it: a path's `\nora` is no line break. Only for values that must be
//! nowhere ([`super::search`]); for what detectors find such texts are decoded by their formats.

use crate::detect::fold::{Atoms, Folded, rewrite};

/// Decodes `text` into `out`; `false`: there is nothing to decode. `form`: [`is_form`].
pub(super) fn decode(text: &[u8], form: bool, out: &mut Folded) -> bool {
    let any = memchr::memchr3(b'\\', b'%', b'&', text).is_some() || memchr::memchr2(b'(', b'[', text).is_some();
    let any = any || form && memchr::memchr(b'+', text).is_some();
    if !any {
        return false;
    }
    let next = |text: &[u8], at: usize| {
        let begins = |i: &usize| match text[*i] {
            b' ' => matches!(text.get(i + 1), Some(b'(' | b'[')),
            b'+' => form && *i > 0 && text[i - 1].is_ascii_alphanumeric(),
            b => BEGINS[b as usize],
        };
        (at..text.len()).find(begins)
    };
    rewrite(text, out, next, |text, out| one(text, out).map(|(read, written)| (read, written, Atoms::None)))
}

/// Decodes quoted-printable; `false`: there is none. By itself: what begins with A to F behind an `=` may look like it.
pub(super) fn printable(text: &[u8], out: &mut Folded) -> bool {
    let next = |text: &[u8], at: usize| memchr::memchr(b'=', &text[at..]).map(|i| at + i);
    rewrite(text, out, next, |text, out| quoted(text, out).map(|(read, written)| (read, written, Atoms::None)))
}

/// Whether `text` holds percent-encoding, so that `+` stands for a space in it (WHATWG URL, application/x-www-form-urlencoded).
pub(super) fn is_form(text: &[u8]) -> bool {
    memchr::memchr_iter(b'%', text).any(|i| byte(&text[i + 1..]).is_some())
}

/// By byte: whether it can begin what is decoded; besides these a space and `+`.
const BEGINS: [bool; 256] = {
    let mut table = [false; 256];
    let mut i = 0;
    while i < b"\\%&([".len() {
        table[b"\\%&(["[i] as usize] = true;
        i += 1;
    }
    table
};

/// What stands at the start of `text`: bytes read, bytes written to `out`.
fn one(text: &[u8], out: &mut [u8; 4]) -> Option<(usize, usize)> {
    match text[0] {
        b'\\' => backslash(text, out),
        b'%' => percent(text, out),
        b'&' => entity(text, out),
        b'+' => text.get(1)?.is_ascii_alphanumeric().then(|| put(' ', out, 1)),
        _ => sign(text, out),
    }
}

fn put(c: char, out: &mut [u8; 4], read: usize) -> (usize, usize) {
    (read, c.encode_utf8(out).len())
}

/// The byte that two hexadecimal digits at the start of `text` are.
fn byte(text: &[u8]) -> Option<u8> {
    let hex = |i: usize| char::from(*text.get(i)?).to_digit(16);
    Some((hex(0)? << 4 | hex(1)?) as u8)
}

/// `count` hexadecimal digits at the start of `text`.
fn number(text: &[u8], count: usize) -> Option<u32> {
    text.get(..count)?.iter().try_fold(0u32, |n, b| Some(n << 4 | char::from(*b).to_digit(16)?))
}

/// Bytes of one character, each with `mark` before it: of UTF-8, or else a Latin-1 letter.
fn bytes_of(
    text: &[u8],
    mark: &[u8],
    at: impl Fn(&[u8]) -> Option<u8>,
    digits: usize,
    out: &mut [u8; 4],
) -> Option<(usize, usize)> {
    let step = mark.len() + digits;
    let get = |i: usize| text.get(i * step..)?.strip_prefix(mark).and_then(&at);
    let first = get(0)?;
    let len = match first {
        0..0x20 | 0x7F => return Some(put(' ', out, step)),
        0x20..0x7F => return Some(put(char::from(first), out, step)),
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => 1,
    };
    let mut bytes = [first; 4];
    let whole = (1..len).all(|i| get(i).map(|b| bytes[i] = b).is_some());
    match std::str::from_utf8(&bytes[..len]) {
        Ok(c) if whole && len > 1 => Some(put(c.chars().next()?, out, len * step)),
        _ => Some(put(char::from(first), out, step)),
    }
}

/// `\n`, `\"`, `\u0040`, `\u{40}`, `\U00000040`, `\x40`, `\xC3\xBC`, `\303\274`, and any other sign (Markdown's `\_`).
fn backslash(text: &[u8], out: &mut [u8; 4]) -> Option<(usize, usize)> {
    match *text.get(1)? {
        b'n' | b'r' | b't' | b'f' | b'b' | b'v' => Some(put(' ', out, 2)),
        b'u' if text.get(2) == Some(&b'{') => {
            let digits = text[3..].iter().take(7).position(|b| *b == b'}')?;
            Some(put(char::from_u32(number(&text[3..], digits)?)?, out, digits + 4))
        }
        b'u' => {
            let high = number(&text[2..], 4)?;
            if let Some(low) = text[6..].strip_prefix(b"\\u").and_then(|t| number(t, 4))
                && (0xD800..0xDC00).contains(&high)
                && (0xDC00..0xE000).contains(&low)
            {
                return Some(put(char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + low - 0xDC00)?, out, 12));
            }
            Some(put(char::from_u32(high)?, out, 6))
        }
        b'U' => Some(put(char::from_u32(number(&text[2..], 8)?)?, out, 10)),
        b'x' => bytes_of(text, b"\\x", byte, 2, out),
        b'0'..=b'3' => {
            let octal = |t: &[u8]| {
                let digits = t.get(..3)?;
                let value = |n: u32, b: &u8| Some(n << 3 | char::from(*b).to_digit(8)?);
                u8::try_from(digits.iter().try_fold(0, value)?).ok()
            };
            bytes_of(text, b"\\", octal, 3, out)
        }
        c if c.is_ascii_punctuation() => Some(put(char::from(c), out, 2)),
        _ => None,
    }
}

/// `%40`, `%0A`, `%C3%BC`, `%FC`, `%u0040`.
fn percent(text: &[u8], out: &mut [u8; 4]) -> Option<(usize, usize)> {
    match text.get(1)? {
        b'u' => Some(put(char::from_u32(number(&text[2..], 4)?)?, out, 6)),
        _ => bytes_of(text, b"%", byte, 2, out),
    }
}

/// `&#64;` also without its end or with zeros, and letters with marks by their names (HTML, 13.5): `&uuml;`. Others fold.
fn entity(text: &[u8], out: &mut [u8; 4]) -> Option<(usize, usize)> {
    if let Some(rest) = text.strip_prefix(b"&#") {
        let (radix, from) = if matches!(rest.first(), Some(b'x' | b'X')) { (16, 1) } else { (10, 0) };
        let digits = rest[from..].iter().take(10).take_while(|b| char::from(**b).is_digit(radix)).count();
        let code = std::str::from_utf8(&rest[from..from + digits]).ok()?;
        let c = char::from_u32(u32::from_str_radix(code, radix).ok()?)?;
        let end = 2 + from + digits;
        return Some(put(c, out, end + usize::from(text.get(end) == Some(&b';'))));
    }
    let end = text.iter().take(10).position(|b| *b == b';')?;
    let (letter, name) = (char::from(*text.get(1)?), text.get(2..end)?);
    if let Some(mark) = MARKS.iter().find(|m| m.0.as_bytes() == name).filter(|_| letter.is_ascii_alphabetic()) {
        let length = letter.len_utf8();
        letter.encode_utf8(out);
        return Some((end + 1, length + mark.1.encode_utf8(&mut out[length..]).len()));
    }
    let c = LETTERS.iter().find(|l| l.0.as_bytes() == &text[1..end])?.1;
    Some(put(c, out, end + 1))
}

/// What the names of letters with marks end in.
const MARKS: [(&str, char); 13] = [
    ("grave", '\u{300}'),
    ("acute", '\u{301}'),
    ("circ", '\u{302}'),
    ("tilde", '\u{303}'),
    ("macr", '\u{304}'),
    ("breve", '\u{306}'),
    ("dot", '\u{307}'),
    ("uml", '\u{308}'),
    ("ring", '\u{30A}'),
    ("dblac", '\u{30B}'),
    ("caron", '\u{30C}'),
    ("cedil", '\u{327}'),
    ("ogon", '\u{328}'),
];

/// Names of other letters.
const LETTERS: [(&str, char); 16] = [
    ("szlig", 'ß'),
    ("aelig", 'æ'),
    ("AElig", 'æ'),
    ("oelig", 'œ'),
    ("OElig", 'œ'),
    ("oslash", 'ø'),
    ("Oslash", 'ø'),
    ("lstrok", 'ł'),
    ("Lstrok", 'ł'),
    ("dstrok", 'đ'),
    ("Dstrok", 'đ'),
    ("eth", 'ð'),
    ("ETH", 'ð'),
    ("thorn", 'þ'),
    ("THORN", 'þ'),
    ("imath", 'ı'),
];

/// `=C3=BC`, `=FC`, `ana=40example` (RFC 2045, 6.7). An `=` before digits is more likely a field's: of ASCII only signs are decoded, and `@`
/// between letters.
fn quoted(text: &[u8], out: &mut [u8; 4]) -> Option<(usize, usize)> {
    let upper = |t: &[u8]| byte(t).filter(|_| !t[..2].iter().any(u8::is_ascii_lowercase));
    match upper(&text[1..])? {
        b'@' if text.get(3).is_some_and(u8::is_ascii_alphabetic) => Some(put('@', out, 3)),
        b if b >= 0x80 || b.is_ascii_punctuation() && !text[2].is_ascii_digit() => bytes_of(text, b"=", upper, 2, out),
        _ => None,
    }
}

/// ` (at) `, `[dot]`: how addresses are hidden from programs.
fn sign(text: &[u8], out: &mut [u8; 4]) -> Option<(usize, usize)> {
    let start = usize::from(text[0] == b' ');
    let shut = match text.get(start)? {
        b'(' => b')',
        b'[' => b']',
        _ => return None,
    };
    let inner = &text[start + 1..];
    let length = inner.iter().take(8).position(|b| *b == shut)?;
    let word = inner[..length].trim_ascii();
    let is = |words: [&[u8]; 4]| words.iter().any(|w| w.eq_ignore_ascii_case(word));
    let c = match () {
        () if is([b"at", b"arroba", b"@", b"a"]) => '@',
        () if is([b"dot", b"punto", b"ponto", b"."]) => '.',
        () => return None,
    };
    let end = start + length + 2;
    Some(put(c, out, end + usize::from(text.get(end) == Some(&b' '))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_decoded() {
        for (text, want) in [
            (r"ana\u0040example.com", "ana@example.com"),
            (r"hi\nana \x40 \u{40}\U00000040 \/ \_", "hi ana @ @@ / _"),
            (r"M\xC3\xBCller M\303\274ller M\u00fcller M\xFCller", "Müller Müller Müller Müller"),
            (r"\ud83d\ude00 \", "😀 \\"),
            ("a%0Ana%40b M%C3%BCller M%FCller %u0040", "a na@b Müller Müller @"),
            ("a&#64b &#x40;c &#000064;d", "a@b @c @d"),
            ("M&uuml;ller &Ouml;z &szlig; &ccedil;", "Mu\u{308}ller O\u{308}z ß c\u{327}"),
            ("ana (at) example [dot] com a(AT)b", "ana@example.com a@b"),
            ("x%20y=Ana+Reis&p=+49", "x y=Ana Reis&p=+49"),
        ] {
            let mut out = Folded::default();
            assert!(decode(text.as_bytes(), is_form(text.as_bytes()), &mut out), "{text}");
            assert_eq!(String::from_utf8_lossy(out.text()), want);
        }
        for same in [
            "",
            "a+b",
            "100% & more",
            r"C:\Users\ana \q \",
            "id=20123456 x=40123 (see) [1] (a",
            "&unknown; &; &#; =zz",
            "%",
            "%u00",
            "=",
            "\\u",
            "\\x",
            "\\3",
        ] {
            assert!(!decode(same.as_bytes(), is_form(same.as_bytes()), &mut Folded::default()), "{same}");
        }
    }

    #[test]
    fn quoted_printable() {
        let mut out = Folded::default();
        assert!(printable(b"M=C3=BCller M=FCller ana=40example.com a=2Eb =", &mut out));
        assert_eq!(String::from_utf8_lossy(out.text()), "Müller Müller ana@example.com a.b =");
        for same in ["id=20123456 x=40123", "a=b", "=c3=bc", "=", "=A"] {
            assert!(!printable(same.as_bytes(), &mut out), "{same}");
        }
    }

    #[test]
    fn the_way_back() {
        let (text, mut out) = (r"x ana\u0040b.de\n", Folded::default());
        assert!(decode(text.as_bytes(), false, &mut out));
        let back = out.back(crate::model::Span::new(2, 10)).0;
        assert_eq!(&text[back.range()], r"ana\u0040b.de");
    }
}
