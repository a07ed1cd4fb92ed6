//! Replacements that name themselves: recognised, so that redacting twice is redacting once.

use super::REACH;
use super::fold::Atoms;
use crate::model::{Layer, Span};

/// Whether `span` of a folded text lies within `<EMAIL_ADDRESS>`, `<EMAIL_ADDRESS_1>` or `<EMAIL_ADDRESS:0f3a…>`.
pub fn is_replacement(text: &[u8], span: Span) -> bool {
    let from = span.start.saturating_sub(96);
    let Some(open) = text[from..span.start].iter().rposition(|&b| b == b'<').map(|i| i + from) else {
        return text.get(span.start) == Some(&b'<') && whole(&text[span.range()]);
    };
    let to = (span.end + 96).min(text.len());
    let Some(close) = text[open..to].iter().position(|&b| b == b'>').map(|i| i + open + 1) else {
        return false;
    };
    close >= span.end && whole(&text[open..close])
}

/// Whether `text` is one such replacement.
pub fn whole(text: &[u8]) -> bool {
    let Some(inner) = text.strip_prefix(b"<").and_then(|t| t.strip_suffix(b">")) else {
        return false;
    };
    let (name, tail) = match inner.iter().position(|&b| b == b':') {
        Some(i) => (&inner[..i], Some(&inner[i + 1..])),
        None => (inner, None),
    };
    name.first().is_some_and(u8::is_ascii_uppercase)
        && name.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_')
        && tail.is_none_or(|t| !t.is_empty() && t.iter().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b)))
}

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
        for t in ["<email>", "<A B>", "<>", "<X:>", "<X:GG>", "EMAIL"] {
            assert!(!whole(t.as_bytes()), "{t}");
        }
        let t = b"x <PHONE_NUMBER:4155552671415555> y";
        assert!(is_replacement(t, Span::new(16, 32)));
        assert!(!is_replacement(b"a < 4155552671", Span::new(4, 14)));
    }

    #[test]
    fn in_a_url() {
        let t = b"see https://x.example/?m=ana@example.com";
        assert_eq!(wrap(t, Span::new(25, 40), Atoms::None), Some(Layer::Percent));
        let t = b"https://x.example ana@example.com";
        assert_eq!(wrap(t, Span::new(18, 33), Atoms::None), None);
    }
}
