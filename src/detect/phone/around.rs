//! What stands right before and right behind a number: `+`, an opening bracket, `tel:`, an extension; or a sign that
//! the digits are part of something else.

use crate::detect::chars;

/// What stands before the first digit.
#[derive(Debug, Clone, Copy)]
pub struct Lead {
    start: usize,
    plus: bool,
    open: bool,
    link: bool,
}

impl Lead {
    /// Where the number begins, with `+` or bracket.
    pub fn start(self) -> usize {
        self.start
    }

    /// A `+` stands before.
    pub fn plus(self) -> bool {
        self.plus
    }

    /// A bracket is open.
    pub fn open(self) -> bool {
        self.open
    }

    /// It is the target of a link whose number is international.
    pub fn link(self) -> bool {
        self.link
    }
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
        // Decimals, times, paths, ranges: what holds before a digit.
        Some('.' | ',' | ':' | '/' | '-' | '_' | '\'' | '*' | '#') if plus => !digit_before(text, start - 1),
        Some('.' | ',' | ':' | '-' | '/' | '\'' | '*') if digit_before(text, start - 1) => false,
        Some('.') => start > 1 && text[start - 2].is_ascii_alphabetic(),
        Some('/' | '_' | '-' | '#' | '*') => false,
        Some(c) if c.is_ascii_digit() => false,
        Some(')' | ']') if open => false,
        Some(c) => !chars::is_word(c) || (plus && c.is_alphabetic()),
    };
    free.then_some(Lead { start, plus, open, link })
}

fn digit_before(text: &[u8], at: usize) -> bool {
    at > 0 && text[at - 1].is_ascii_digit()
}

/// Whether `tel:` or a messenger's link ends at `start`.
fn linked(text: &[u8], start: usize) -> bool {
    const LINKS: [&[u8]; 6] = [b"wa.me/", b"send?phone=", b"send/?phone=", b"tel:", b"callto:", b"sms:"];
    LINKS.iter().any(|l| {
        start >= l.len()
            && text[start - l.len()..start].eq_ignore_ascii_case(l)
            && !chars::word_before(text, start - l.len())
            || (l[0] != b't' && start >= l.len() && text[start - l.len()..start].eq_ignore_ascii_case(l))
    })
}

/// Whether digits stand before `start` with a space between.
pub fn crowded(text: &[u8], start: usize) -> bool {
    start > 1 && matches!(text[start - 1], b' ' | b',') && text[start - 2].is_ascii_digit()
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
    for name in NAMES {
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
