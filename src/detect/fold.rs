//! One text folded for the detectors, with the way back: full-width and other scripts' digits, spaces, dashes and `@`
//! become ASCII; zero-width characters go; HTML entities and percent-encoding are decoded.

use crate::model::Span;

/// What a folded span was written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Atoms {
    /// Plain characters.
    None,
    /// At least one HTML entity (`&#64;`).
    Markup,
    /// At least one percent-encoded byte (`%40`).
    Percent,
}

/// A folded text: its bytes, and where each stretch came from.
#[derive(Debug, Default)]
pub struct Folded {
    text: Vec<u8>,
    /// Where the folded and the original text part: (folded offset, folded length, original offset, original length, atoms).
    cuts: Vec<Cut>,
}

#[derive(Debug, Clone, Copy)]
struct Cut {
    folded: usize,
    folded_len: usize,
    from: usize,
    from_len: usize,
    atoms: Atoms,
}

impl Folded {
    /// The folded bytes.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The bytes of the original text that `span` of the folded one came from.
    pub fn back(&self, span: Span) -> (Span, Atoms) {
        let start = self.original(span.start, false);
        let end = self.original(span.end, true);
        let first = self.cuts.partition_point(|c| c.folded + c.folded_len <= span.start);
        let atoms = self.cuts[first..]
            .iter()
            .take_while(|c| c.folded < span.end)
            .map(|c| c.atoms)
            .find(|a| *a != Atoms::None)
            .unwrap_or(Atoms::None);
        (Span::new(start, end), atoms)
    }

    /// The original offset of a folded one; for an `end`, what was dropped right before it stays outside.
    fn original(&self, at: usize, end: bool) -> usize {
        let i = self.cuts.partition_point(|c| if end { c.folded < at } else { c.folded <= at });
        match i.checked_sub(1).map(|i| self.cuts[i]) {
            None => at,
            Some(c) if at < c.folded + c.folded_len => {
                if end {
                    c.from + c.from_len
                } else {
                    c.from
                }
            }
            Some(c) => c.from + c.from_len + (at - c.folded - c.folded_len),
        }
    }
}

/// Folds `text` into `out`. `false`: nothing to fold, the text is its own folding and `out` is empty.
pub fn fold(text: &[u8], out: &mut Folded) -> bool {
    rewrite(text, out, next, one)
}

/// Writes `text` to `out` with what `one` makes of what stands at the places that `next` gives (the first from an offset on): bytes
/// read, bytes written, and how it was written. `false`: it made nothing of any, and `out` is empty.
pub fn rewrite(
    text: &[u8],
    out: &mut Folded,
    next: impl Fn(&[u8], usize) -> Option<usize>,
    one: impl Fn(&[u8], &mut [u8; 4]) -> Option<(usize, usize, Atoms)>,
) -> bool {
    out.text.clear();
    out.cuts.clear();
    let (mut at, mut copied) = (0, 0);
    let mut decoded = [0u8; 4];
    while let Some(i) = next(text, at) {
        let Some((from_len, folded_len, atoms)) = one(&text[i..], &mut decoded) else {
            at = i + 1;
            continue;
        };
        out.text.extend_from_slice(&text[copied..i]);
        out.cuts.push(Cut { folded: out.text.len(), folded_len, from: i, from_len, atoms });
        out.text.extend_from_slice(&decoded[..folded_len]);
        at = i + from_len;
        copied = at;
    }
    if out.cuts.is_empty() {
        return false;
    }
    out.text.extend_from_slice(&text[copied..]);
    true
}

/// Whether something folds at `at`, and if so whether it could make an anchor where none is in the text as it stands. Punctuation folds in every
/// Chinese or French text, and marks behind emoji; such a text is folded only if there is something to look at in it.
///
/// Holds as long as no literal anchor has more than ASCII letters, digits and `_ - . : / = @ [ ] { } < >` in it, and brackets of the other kind only behind a
/// word of [`BRACKETED`].
pub fn makes_anchors(text: &[u8], at: usize) -> Option<bool> {
    let mut out = [0; 4];
    let (len, written, atoms) = one(&text[at..], &mut out)?;
    let digit_near = || {
        let behind = at + len;
        text[at.saturating_sub(NEAR)..at].iter().chain(text[behind..].iter().take(NEAR)).any(u8::is_ascii_digit)
    };
    Some(match out[..written] {
        _ if atoms != Atoms::None => true,
        // Nothing: what stands on either side meets. Where several such stand in a row, the first tells.
        [] => at > 0 && text[at - 1].is_ascii(),
        // What stands between the groups of a number, or behind a coordinate.
        [b'(' | b')'] => digit_near() || BRACKETED.iter().any(|w| beside(text, at, at + len, w)),
        [b' ' | b',' | b';'] => digit_near(),
        [b'!' | b'?' | b'"' | b'\'' | b'~'] => false,
        _ => true,
    })
}

/// What literals have before a bracket.
const BRACKETED: [&[u8]; 2] = [b"at", b"arroba"];

/// Whether a literal is one of these words before its bracket.
pub fn is_bracketed(literal: &str) -> bool {
    let inner = literal.strip_suffix(')');
    inner.is_some_and(|l| BRACKETED.contains(&l.as_bytes()))
}

/// Whether `word` ends at `start` or begins at `end`, in any case.
fn beside(text: &[u8], start: usize, end: usize, word: &[u8]) -> bool {
    let is = |part: Option<&[u8]>| part.is_some_and(|p| p.eq_ignore_ascii_case(word));
    is(start.checked_sub(word.len()).map(|from| &text[from..start])) || is(text.get(end..end + word.len()))
}

/// How far from a separator the next group of a number may begin, in bytes.
const NEAR: usize = 4;

/// Folds what stands at the start of `text` into `out`: bytes read, bytes written, and how it was written.
fn one(text: &[u8], out: &mut [u8; 4]) -> Option<(usize, usize, Atoms)> {
    match text.first()? {
        b'&' => {
            let (len, c) = entity(text)?;
            // An entity may stand for a character that is itself folded (&#xFF20;).
            let written = simple(c).unwrap_or(Some(c)).map_or(0, |c| c.encode_utf8(out).len());
            Some((len, written, Atoms::Markup))
        }
        b'%' => percent(text, out).map(|(len, written)| (len, written, Atoms::Percent)),
        _ if !may_be_simple(text) => None,
        _ => {
            let (c, len) = super::chars::after(text, 0)?;
            Some((len, simple(c)?.map_or(0, |c| c.encode_utf8(out).len()), Atoms::None))
        }
    }
}

/// The first place from `at` on where something could fold. Most text of most scripts holds no such byte, so this is where
/// the time goes: ASCII is passed over eight bytes at a time.
fn next(text: &[u8], mut at: usize) -> Option<usize> {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    const ONES: u64 = 0x0101_0101_0101_0101;
    loop {
        while let Some(eight) = text.get(at..at + 8).and_then(|b| <[u8; 8]>::try_from(b).ok()) {
            let x = u64::from_le_bytes(eight);
            // A byte that is zero after the exclusive or borrows into its top bit.
            let zero = |x: u64| x.wrapping_sub(ONES) & !x;
            let special = zero(x ^ (ONES * b'&' as u64)) | zero(x ^ (ONES * b'%' as u64)) | x;
            if special & HIGH != 0 {
                break;
            }
            at += 8;
        }
        let end = text.len().min(at + 8);
        match text[at..end].iter().position(|b| FOLDS[*b as usize]) {
            Some(i) if may_fold(&text[at + i..]) => return Some(at + i),
            Some(i) => at += i + 1,
            None if end == text.len() => return None,
            None => at = end,
        }
    }
}

/// By byte: whether it can begin something that folds: `&`, `%`, and the UTF-8 lead bytes of the characters in [`simple`].
const FOLDS: [bool; 256] = {
    let mut t = [false; 256];
    t[b'&' as usize] = true;
    t[b'%' as usize] = true;
    let leads = [0xC2, 0xCD, 0xD8, 0xD9, 0xDB, 0xDF, 0xE0, 0xE1, 0xE2, 0xE3, 0xEA, 0xEF, 0xF0, 0xF3];
    let mut i = 0;
    while i < leads.len() {
        t[leads[i]] = true;
        i += 1;
    }
    t
};

/// A second look for lead bytes that are common in text.
fn may_fold(text: &[u8]) -> bool {
    let second = text.get(1).copied().unwrap_or(0);
    match text[0] {
        0xC2 => matches!(second, 0xA0 | 0xAD),
        0xD8 => second == 0x9C,
        0xD9 => (0xA0..=0xA9).contains(&second),
        0xDB => second >= 0xB0,
        0xE3 => second == 0x80,
        _ => true,
    }
}

/// What a character folds to: `Some(None)` to nothing (zero width), `None` if it stands for itself.
fn simple(c: char) -> Option<Option<char>> {
    let u = c as u32;
    Some(match u {
        0..0x80 => return None,
        // Soft hyphen, zero-width and direction marks, variation selectors, the keycap's frame.
        0xAD
        | 0x034F
        | 0x061C
        | 0x115F
        | 0x180E
        | 0x200B..=0x200F
        | 0x202A..=0x202E
        | 0x2060..=0x2064
        | 0x2066..=0x206F
        | 0xFE00..=0xFE0F
        | 0xFEFF
        | 0x20E3 => None,
        0xA0 | 0x1680 | 0x2000..=0x200A | 0x202F | 0x205F | 0x3000 => Some(' '),
        0x2010..=0x2015 | 0x2212 | 0x2043 | 0xFE58 | 0xFE63 => Some('-'),
        0x2024 | 0xFE52 => Some('.'),
        0xFE6B => Some('@'),
        0xFE55 | 0x2236 | 0xA789 => Some(':'),
        // Full-width ASCII (FF01 to FF5E), as Unicode's compatibility decomposition has it.
        0xFF01..=0xFF5E => char::from_u32(u - 0xFF01 + 0x21),
        _ => Some((b'0' + digit(u)?) as char),
    })
}

/// What of [`simple`] lies below U+10000, but for the digits.
const SIMPLE: [(u32, u32); 23] = [
    (0xA0, 0xA0),
    (0xAD, 0xAD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x115F),
    (0x1680, 0x1680),
    (0x180E, 0x180E),
    (0x2000, 0x2015),
    (0x2024, 0x2024),
    (0x202A, 0x202F),
    (0x2043, 0x2043),
    (0x205F, 0x2064),
    (0x2066, 0x206F),
    (0x20E3, 0x20E3),
    (0x2212, 0x2212),
    (0x2236, 0x2236),
    (0x3000, 0x3000),
    (0xA789, 0xA789),
    (0xFE00, 0xFE0F),
    (0xFE52, 0xFE58),
    (0xFE63, 0xFE6B),
    (0xFEFF, 0xFEFF),
    (0xFF01, 0xFF5E),
];

/// A bit for each character below U+10000 that may fold: nearly all that the sweep takes for one that does, and isn't, are
/// punctuation and letters that are told by it.
static MAY_BE_SIMPLE: [u64; 1024] = {
    let mut table = [0; 1024];
    let mut i = 0;
    while i < SIMPLE.len() + ZEROS.len() {
        let (mut u, last) =
            if i < SIMPLE.len() { SIMPLE[i] } else { (ZEROS[i - SIMPLE.len()], ZEROS[i - SIMPLE.len()] + 9) };
        while u <= last && u < 0x1_0000 {
            table[(u / 64) as usize] |= 1 << (u % 64);
            u += 1;
        }
        i += 1;
    }
    table
};

/// Whether the character at the start of `text` may fold: `false` is sure.
fn may_be_simple(text: &[u8]) -> bool {
    let (high, low) = match *text {
        [a @ 0xC0..=0xDF, b, ..] => (usize::from(a & 31), b),
        [a @ 0xE0..=0xEF, b, c, ..] => (usize::from(a & 15) << 6 | usize::from(b & 63), c),
        _ => return true,
    };
    MAY_BE_SIMPLE[high] >> (low & 63) & 1 != 0
}

/// The zeros of the scripts (Unicode 16, DerivedNumericType); nine digits follow each.
const ZEROS: [u32; 71] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50,
    0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50,
    0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x10D40, 0x11066, 0x110F0,
    0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x116D0, 0x116DA, 0x11730, 0x118E0, 0x11950,
    0x11BF0, 0x11C50, 0x11D50, 0x11DA0, 0x11F50, 0x16130, 0x16A60, 0x16AC0, 0x16B50, 0x16D70, 0x1CCF0, 0x1D7CE,
    0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0,
];

/// Stretches of sixteen characters, up to U+FFFF, in which digits stand, a bit each: most characters are told by it.
const WITH_DIGITS: [u64; 64] = {
    let mut table = [0; 64];
    let mut i = 0;
    while i < ZEROS.len() {
        let (first, last) = (ZEROS[i] >> 4, (ZEROS[i] + 9) >> 4);
        if last < 4096 {
            table[(first / 64) as usize] |= 1 << (first % 64);
            table[(last / 64) as usize] |= 1 << (last % 64);
        }
        i += 1;
    }
    table
};

/// The value of a decimal digit of any script (Unicode general category Nd).
fn digit(u: u32) -> Option<u8> {
    if u < 0x1_0000 && WITH_DIGITS[(u >> 10) as usize] >> (u >> 4 & 63) & 1 == 0 {
        return None;
    }
    let i = ZEROS.partition_point(|z| *z <= u).checked_sub(1)?;
    let d = u - ZEROS[i];
    (d < 10).then_some(d as u8)
}

/// The character that an HTML entity at the start of `text` stands for, and its length. Only characters that can be part
/// of a value or bound one are decoded by name; by number any.
fn entity(text: &[u8]) -> Option<(usize, char)> {
    let end = text.iter().take(12).position(|b| *b == b';')?;
    let name = std::str::from_utf8(&text[1..end]).ok()?;
    let c = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        char::from_u32(code.ok()?)?
    } else {
        match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            "nbsp" | "ensp" | "emsp" | "thinsp" | "NonBreakingSpace" => ' ',
            "commat" => '@',
            "period" => '.',
            "colon" => ':',
            "plus" => '+',
            "lowbar" | "UnderBar" => '_',
            "sol" => '/',
            "lpar" => '(',
            "rpar" => ')',
            "lsqb" | "lbrack" => '[',
            "rsqb" | "rbrack" => ']',
            "hyphen" | "dash" | "ndash" | "mdash" | "minus" => '-',
            "shy" | "zwnj" | "zwj" | "lrm" | "rlm" | "ZeroWidthSpace" | "NoBreak" => '\u{200B}',
            _ => return None,
        }
    };
    Some((end + 1, c))
}

/// A percent-encoded character at the start of `text`: bytes read, bytes written to `out`. Control characters stay encoded.
fn percent(text: &[u8], out: &mut [u8; 4]) -> Option<(usize, usize)> {
    let byte = |i: usize| -> Option<u8> {
        (*text.get(i)? == b'%').then_some(())?;
        let hex = |b: u8| (b as char).to_digit(16).map(|d| d as u8);
        Some(hex(*text.get(i + 1)?)? << 4 | hex(*text.get(i + 2)?)?)
    };
    let first = byte(0)?;
    let len = match first {
        0x20..=0x7E => {
            out[0] = first;
            return Some((3, 1));
        }
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    out[0] = first;
    for (i, slot) in out.iter_mut().enumerate().take(len).skip(1) {
        *slot = byte(i * 3)?;
    }
    let c = std::str::from_utf8(&out[..len]).ok()?.chars().next()?;
    match simple(c) {
        Some(None) => Some((len * 3, 0)),
        Some(Some(to)) => {
            let n = to.encode_utf8(out).len();
            Some((len * 3, n))
        }
        None => Some((len * 3, len)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(s: &str) -> (String, bool) {
        let mut f = Folded::default();
        let any = fold(s.as_bytes(), &mut f);
        (String::from_utf8_lossy(if any { f.text() } else { s.as_bytes() }).into_owned(), any)
    }

    #[test]
    fn whatever_folds_may_fold() {
        let (mut folds, mut more) = (0, 0);
        for c in '\u{80}'..char::MAX {
            let mut buffer = [0; 4];
            let (is, may) = (simple(c).is_some(), may_be_simple(c.encode_utf8(&mut buffer).as_bytes()));
            assert!(may || !is, "{c:?}");
            folds += usize::from(is);
            more += usize::from(may && !is && u32::from(c) < 0x1_0000);
        }
        assert!(folds > 800 && more < 20, "{folds} {more}");
    }

    #[test]
    fn what_folds() {
        for (from, to) in [
            ("ana＠example.com", "ana@example.com"),
            ("ana\u{200B}@exam\u{AD}ple.com", "ana@example.com"),
            ("juan&#64;example.es", "juan@example.es"),
            ("juan&#x40;example.es", "juan@example.es"),
            ("eva%40example.ie", "eva@example.ie"),
            ("+٤٩ ١٥١", "+49 151"),
            ("555\u{A0}01\u{2011}42", "555 01-42"),
            ("1\u{FE0F}\u{20E3}2", "12"),
            ("m%C3%BCller", "müller"),
        ] {
            assert_eq!(folded(from), (to.into(), true), "{from}");
        }
        for same in ["AT&T 100% &unknown; %zz %0a", "müller 漢字", ""] {
            assert_eq!(folded(same), (same.into(), false), "{same}");
        }
    }

    #[test]
    fn the_zeros_are_in_order() {
        for c in ['0', '٣', '९', '９', '\u{1D7FF}'] {
            let want = match c {
                '0' => continue,
                '٣' => 3,
                '९' | '９' => 9,
                _ => 9,
            };
            assert_eq!(digit(c as u32), Some(want), "{c}");
        }
        for u in 0..0x11_0000 {
            let zero = ZEROS.iter().find(|z| (**z..**z + 10).contains(&u));
            assert_eq!(digit(u), zero.map(|z| (u - z) as u8), "U+{u:04X}");
        }
        assert_eq!(digit('a' as u32), None);
        assert_eq!(digit('é' as u32), None);
    }

    #[test]
    fn the_quick_look_sees_every_character_that_folds() {
        for c in (0x80..=0x10FFFF).filter_map(char::from_u32) {
            let s = format!("abcdefghijk{c}");
            let found = next(s.as_bytes(), 0) == Some(11);
            assert!(found || simple(c).is_none(), "U+{:04X}", c as u32);
        }
    }

    #[test]
    fn what_could_make_an_anchor() {
        for (text, makes) in [
            ("你好，世界", false),
            ("１", true),
            ("a＠b", true),
            ("5，1", true),
            ("5 （415", true),
            ("喂（好）", false),
            ("quoi\u{A0}?", false),
            ("415\u{A0}555", true),
            ("👍\u{FE0F}", false),
            ("4\u{FE0F}", true),
            ("a\u{200B}b", true),
            ("&#64;", true),
            ("fe80：", true),
            ("ＡＢ", true),
            ("tom（at）example.com", true),
            ("tom（AT", true),
            ("arroba）", true),
            ("（a）", false),
        ] {
            let any = (0..text.len()).any(|at| makes_anchors(text.as_bytes(), at) == Some(true));
            assert_eq!(any, makes, "{text}");
        }
    }

    #[test]
    fn the_way_back() {
        let s = "x\u{200B}ana&#64;b\u{200B}.de\u{200B} y";
        let mut f = Folded::default();
        assert!(fold(s.as_bytes(), &mut f));
        let t = String::from_utf8(f.text().to_vec()).unwrap();
        let at = t.find("ana@b.de").unwrap();
        let (span, atoms) = f.back(Span::new(at, at + 8));
        assert_eq!(&s[span.range()], "ana&#64;b\u{200B}.de");
        assert_eq!(atoms, Atoms::Markup);
    }
}
