//! Replacements that name themselves: recognised, so that redacting twice is redacting once.

use super::REACH;
use super::fold::Atoms;
use crate::model::{Layer, Span};

/// What stands in place of the characters between the angle brackets of a replacement while detectors look: no letter,
/// digit or separator, so it neither matches nor counts as context (`ADDRESS` in `<MAC_ADDRESS>` is no word about an IP address).
const BLANK: u8 = 0x1A;

/// The longest replacement: a name and 64 hexadecimal digits.
const LONGEST: usize = 160;

/// Copies `text` to `out` with all replacements of ours blanked. `false`: there are none, and `out` is not written.
pub fn blank(text: &[u8], out: &mut Vec<u8>) -> bool {
    let mut any = false;
    let mut at = 0;
    while let Some(i) = memchr::memchr(b'<', &text[at..]).map(|i| at + i) {
        at = i + 1;
        if !text.get(at).is_some_and(u8::is_ascii_uppercase) {
            continue;
        }
        let window = &text[i..text.len().min(i + LONGEST)];
        let Some(len) = memchr::memchr(b'>', window).map(|n| n + 1).filter(|&n| whole(&window[..n])) else { continue };
        if !any {
            out.clear();
            out.extend_from_slice(text);
            any = true;
        }
        out[i + 1..i + len - 1].fill(BLANK);
        at = i + len;
    }
    any
}

/// Whether `text` is one such replacement.
pub fn whole(text: &[u8]) -> bool {
    text.strip_prefix(b"<").and_then(|t| t.strip_suffix(b">")).is_some_and(whole_inner)
}

/// Whether `inner` is what stands between the angle brackets of one.
pub(super) fn whole_inner(inner: &[u8]) -> bool {
    let (name, tail) = match inner.iter().position(|&b| b == b':') {
        Some(i) => (&inner[..i], Some(&inner[i + 1..])),
        None => (inner, None),
    };
    // A number longer than that is no token's, and a row of digits as long as a card's no hash: `redact::operators::hash` writes none.
    let number = name.iter().rev().take_while(|b| b.is_ascii_digit()).count();
    let hash = |t: &[u8]| {
        let digits = t.iter().filter(|b| b.is_ascii_digit()).count();
        let letters = t.iter().filter(|b| (b'a'..=b'f').contains(b)).count();
        !t.is_empty() && digits + letters == t.len() && (letters > 0 || digits < DIGITS_ALONE)
    };
    name.first().is_some_and(u8::is_ascii_uppercase)
        && name.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_')
        && number <= TOKEN_DIGITS
        && tail.is_none_or(hash)
}

/// Digits of a token's number: as many values as a run may hold.
const TOKEN_DIGITS: usize = 8;

/// From so many digits on, hexadecimal digits without a letter could be a card's.
pub const DIGITS_ALONE: usize = 12;

/// How a replacement of `span` must be written, besides the layers of its segment.
pub fn wrap(text: &[u8], span: Span, atoms: Atoms) -> Option<Layer> {
    match atoms {
        Atoms::Markup => return Some(Layer::Markup),
        Atoms::Percent => return Some(Layer::Percent),
        Atoms::None => {}
    }
    // Inside a URL: something://… without a break up to the span.
    let from = span.start.saturating_sub(REACH);
    let token = text[from..span.start]
        .iter()
        .rposition(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'<' | b'>' | b'`' | b'{' | b'}' | b'|'))
        .map_or(from, |i| from + i + 1);
    memchr::memmem::find(&text[token..span.start], b"://").map(|_| Layer::Percent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_replacements() {
        for t in ["<EMAIL_ADDRESS>", "<EMAIL_ADDRESS_12>", "<US_SSN:00ff12>"] {
            assert!(whole(t.as_bytes()), "{t}");
        }
        for t in [
            "<email>",
            "<A B>",
            "<>",
            "<X:>",
            "<X:GG>",
            "EMAIL",
            "<CREDIT_CARD:4242424242424242>",
            "<US_SSN_123456789>",
        ] {
            assert!(!whole(t.as_bytes()), "{t}");
        }
        let mut out = Vec::new();
        assert!(blank(b"x <PHONE_NUMBER:415555267141555f> <b> <MAC_ADDRESS>", &mut out));
        assert_eq!(out.len(), 51);
        assert!(!out.windows(3).any(|w| w == b"415" || w == b"MAC") && out.windows(3).any(|w| w == b"<b>"));
        assert!(!blank(b"a < 4155552671 <B", &mut out));
    }

    #[test]
    fn in_a_url() {
        let t = b"see https://x.example/?m=ana@example.com";
        assert_eq!(wrap(t, Span::new(25, 40), Atoms::None), Some(Layer::Percent));
        let t = b"https://x.example ana@example.com";
        assert_eq!(wrap(t, Span::new(18, 33), Atoms::None), None);
    }
}
