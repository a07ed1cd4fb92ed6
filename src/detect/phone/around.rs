//! What stands right before and right behind a number: `+`, an opening bracket, `tel:`, an extension; or a sign that
//! the digits are part of something else.

use crate::detect::chars;

/// What stands before the first digit.
#[derive(Debug, Clone, Copy)]
pub struct Lead {
    /// Where the number begins, with `+` or bracket.
    pub start: usize,
    /// A `+` stands before.
    pub plus: bool,
    /// A bracket is open.
    pub open: bool,
    /// It is the target of a link whose number is international.
    pub link: bool,
}

/// What stands before the digit at `at`; `None`: the digits are part of something else.
pub fn lead(text: &[u8], at: usize) -> Option<Lead> {
    let before = |i: usize| i.checked_sub(1).map(|i| text[i]);
    let (start, plus, open) = match (before(at), before(at.saturating_sub(1))) {
        (Some(b'+'), _) => (at - 1, true, false),
        // +(49) 30…, ( +49 )
        (Some(b'('), Some(b'+')) => (at - 2, true, true),
        (Some(b' '), Some(b'+')) if at > 1 => (at - 2, true, false),
        (Some(b'('), _) => (at - 1, false, true),
        _ => (at, false, false),
    };
    let link = linked(text, start);
    if link {
        return Some(Lead { start, plus, open, link });
    }
    let c = chars::before(text, start).map(|(c, _)| c);
    let free = match c {
        None => true,
        Some('+' | '$' | '€' | '£' | '¥' | '₹' | '₽' | '₩' | '\\' | '%' | '@' | '^' | '~') => false,
        Some('&' | '<' | '>' | '=') => true,
        // A list without spaces.
        Some(',' | '/' | ':') if plus => true,
        // Decimals, times, paths, ranges: what holds before a digit.
        Some('.' | '-' | '_' | '\'' | '*' | '#') if plus => !digit_before(text, start - 1),
        Some('.' | ',' | ':' | '-' | '/' | '\'' | '*') if digit_before(text, start - 1) => false,
        Some('.') => start > 1 && text[start - 2].is_ascii_alphabetic(),
        Some('/' | '_' | '-' | '#' | '*') => false,
        Some(c) if c.is_ascii_digit() => false,
        Some(')' | ']') if open => false,
        Some(c) => !chars::is_word(c) || (plus && chars::is_letter(c)),
    };
    free.then_some(Lead { start, plus, open, link })
}

fn digit_before(text: &[u8], at: usize) -> bool {
    at > 0 && text[at - 1].is_ascii_digit()
}

/// Whether `tel:` or a messenger's link ends at `start`.
fn linked(text: &[u8], start: usize) -> bool {
    const LINKS: [&[u8]; 6] = [b"wa.me/", b"send?phone=", b"send/?phone=", b"tel:", b"callto:", b"sms:"];
    // All end in one of these; nearly nothing that stands before a number does.
    let ends = start > 0 && matches!(text[start - 1], b'/' | b'=' | b':');
    ends && LINKS.iter().any(|l| {
        start >= l.len()
            && text[start - l.len()..start].eq_ignore_ascii_case(l)
            && !chars::word_before(text, start - l.len())
            || (l[0] != b't' && start >= l.len() && text[start - l.len()..start].eq_ignore_ascii_case(l))
    })
}

/// Whether digits stand before `start` that it could go on from: a space or comma between, or a dash or slash with spaces.
pub fn crowded(text: &[u8], start: usize) -> bool {
    const GAPS: [&[u8]; 7] = [b" - ", b" / ", b"- ", b"/ ", b" -", b" ", b","];
    let gap = GAPS.iter().find(|g| text[..start].ends_with(g));
    gap.is_some_and(|g| digit_before(text, start - g.len()))
}

/// Whether the `+` at `start` may add or be part of a word: a letter stands right before, or a space behind and
/// something that could be added to before.
pub fn glued_plus(text: &[u8], start: usize) -> bool {
    let Some((c, len)) = chars::before(text, start) else { return text.get(start + 1) == Some(&b' ') };
    if chars::is_word(c) {
        return true;
    }
    let left = if c == ' ' { chars::before(text, start - len).map_or(' ', |(c, _)| c) } else { c };
    text.get(start + 1) == Some(&b' ') && (chars::is_word(left) || matches!(left, ')' | ']' | ' '))
}

/// Whether a name goes on behind `end` with a dash: a part number, a file.
pub fn named(text: &[u8], end: usize) -> bool {
    text.get(end) == Some(&b'-') && chars::word_after(text, end + 1)
}

/// Whether the word on either side is two or more hexadecimal digits with a letter among them: a dump of bytes.
pub fn hex_beside(text: &[u8], start: usize, end: usize) -> bool {
    let hex = |word: &[u8]| {
        matches!(word.len(), 2 | 4 | 8)
            && word.iter().all(u8::is_ascii_hexdigit)
            && word.iter().any(|b| !b.is_ascii_digit())
    };
    let before = text[..start].strip_suffix(b" ").unwrap_or(b"");
    let before = &before[before.len().saturating_sub(10)..];
    let from = before.iter().rposition(|b| !b.is_ascii_alphanumeric()).map_or(0, |i| i + 1);
    let after = text[end..].strip_prefix(b" ").unwrap_or(b"");
    let to = after.iter().take(10).take_while(|b| b.is_ascii_alphanumeric()).count();
    hex(&before[from..]) || hex(&after[..to])
}

/// Whether nothing but spaces stands around.
pub fn alone(text: &[u8], start: usize, end: usize) -> bool {
    let blank = |t: &[u8]| t.len() < 8 && t.iter().all(u8::is_ascii_whitespace);
    blank(&text[..start]) && blank(&text[end..])
}

/// Whether Chinese, Japanese or Korean is written around.
pub fn eastern(text: &[u8], start: usize, end: usize) -> bool {
    let mut at = start;
    for _ in 0..8 {
        let Some((c, len)) = chars::before(text, at) else { break };
        if chars::unspaced(c) {
            return true;
        }
        at -= len;
    }
    let mut at = end;
    for _ in 0..8 {
        let Some((c, len)) = chars::after(text, at) else { break };
        if chars::unspaced(c) {
            return true;
        }
        at += len;
    }
    false
}

/// Whether a sign of money stands before `start`, with a space.
pub fn amount(text: &[u8], start: usize) -> bool {
    start > 1
        && text[start - 1] == b' '
        && chars::before(text, start - 1)
            .is_some_and(|(c, _)| matches!(c, '$' | '€' | '£' | '¥' | '₹' | '₽' | '₩' | '='))
}

/// Whether a number may end at `end`.
pub fn may_end(text: &[u8], end: usize) -> bool {
    let after = |i: usize| text.get(end + i).copied();
    match (after(0), after(1)) {
        (Some(b'.' | b',' | b':' | b'/' | b'\''), Some(b'0'..=b'9')) => false,
        (Some(b'%' | b'$' | b'@' | b'_' | b'\\'), _) => false,
        (Some(b'-'), Some(b)) if b.is_ascii_digit() => false,
        (Some(b'x' | b'X'), Some(b'0'..=b'9')) => true,
        (Some(b'e'), _) if extension(text, end) > end => true,
        _ => !chars::word_after(text, end),
    }
}

/// The most digits of an extension.
const EXTENSION: usize = 7;

/// Where a number that ends at `end` ends with its extension: `ext. 12`, `x12`, `#12`, `Durchwahl 3`.
pub fn extension(text: &[u8], end: usize) -> usize {
    const NAMES: [&str; 20] = [
        "extension",
        "extensión",
        "extn.",
        "extn",
        "ext.",
        "ext",
        "x.",
        "x",
        "#",
        "durchwahl",
        "dw",
        "доб.",
        "доб",
        "poste",
        "anexo",
        "interno",
        "int.",
        "内線",
        "内线",
        "ramal",
    ];
    let skip = |mut at: usize, of: &[u8]| {
        let stop = (at + 3).min(text.len());
        while at < stop && of.contains(&text[at]) {
            at += 1;
        }
        at
    };
    let at = skip(end, b" ,;(");
    // What they begin with; hardly anything that follows a number does.
    let begins = text.get(at).is_some_and(|b| {
        matches!(b | 0x20, b'e' | b'x' | b'd' | b'p' | b'a' | b'i' | b'r') || matches!(b, b'#' | 0xD0 | 0xE5)
    });
    for name in NAMES.iter().filter(|_| begins) {
        let Some(word) = text.get(at..at + name.len()) else { continue };
        let same = word.eq_ignore_ascii_case(name.as_bytes());
        if !same {
            continue;
        }
        let digits = skip(at + name.len(), b" .:=");
        let count = text[digits..].iter().take(EXTENSION + 1).take_while(|b| b.is_ascii_digit()).count();
        let stop = digits + count;
        if (1..=EXTENSION).contains(&count) && !chars::word_after(text, stop) {
            let bracket = text[end..at].contains(&b'(') && text.get(stop) == Some(&b')');
            return stop + usize::from(bracket);
        }
    }
    end
}
