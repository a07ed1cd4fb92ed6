//! E-mail addresses: which value is one, and whether what stands around one makes somebody else's of it.
//!
//! A listed address that isn't told is a leak, one told too much costs a look. So it is taken for part of a longer one only where that can be
//! nothing else: where the local part goes on to the left, or where the domain goes on to the right into a public suffix of which the listed
//! value holds a part (`ana@example.com` in `ana@example.com.br`: by the Public Suffix List nobody holds `com.br`). Anything else behind
//! it is a file's ending (`ana@example.com.zip`; that `zip` and `md` are top-level domains, too, makes no difference), the next sentence
//! (`ana@example.com.It works`), or what a program has appended (`ana@example.com-export.zip`): there are domains that begin with
//! another one and a hyphen, to look like it; that they are told is no harm.

use crate::model::Span;

/// Whether a value is an e-mail address: one `@` with something on both sides, no space.
pub(super) fn is(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let at = memchr::memchr(b'@', text);
    at.is_some_and(|i| i > 0 && text[i + 1..].contains(&b'.')) && !text.iter().any(u8::is_ascii_whitespace)
}

/// Whether what stands around `span` makes another address of it.
#[cold]
pub(super) fn in_longer(text: &[u8], span: Span) -> bool {
    longer_local_part(&text[..span.start]) || longer_domain(text, span)
}

/// Whether a local part (RFC 5321, 4.1.2) that `before` ends with goes on. Of the signs that may stand in one, those that rather part a value
/// from what announces it (`'`, `/`, `=`, `|`, `%`…) count as that.
fn longer_local_part(before: &[u8]) -> bool {
    matches!(before, [.., b, b'.' | b'_' | b'+' | b'-'] if b.is_ascii_alphanumeric() || *b >= 0x80)
}

fn longer_domain(text: &[u8], span: Span) -> bool {
    let from = text[..span.end].iter().rposition(|b| *b == b'@').map_or(span.start, |i| i + 1);
    let capital = |label: &[u8]| label.first().is_some_and(u8::is_ascii_uppercase);
    let last = text[from..span.end].rsplit(|b| *b == b'.').next().unwrap_or_default();
    let mut end = span.end;
    // No suffix on the list is longer than a few labels.
    for _ in 0..4 {
        let Some(rest) = text[end..].strip_prefix(b".") else { return false };
        let label =
            rest.iter().take(64).take_while(|b| b.is_ascii_alphanumeric() || **b == b'-' || **b >= 0x80).count();
        // `…com.In the` begins a sentence, `…COM.IN` and `…Com.In` go on.
        if label == 0 || capital(rest) && !capital(last) {
            return false;
        }
        end += 1 + label;
        let domain = text[from..end].to_ascii_lowercase();
        if psl::suffix(&domain).is_some_and(|s| s.is_known() && s.as_bytes().len() > end - span.end) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_surely_longer_is() {
        let longer = |value: &str, text: &str| {
            let start = text.to_lowercase().find(value).unwrap();
            in_longer(text.as_bytes(), Span::new(start, start + value.len()))
        };
        for text in [
            "ana@example.com",
            "x:ana@example.com",
            "<ana@example.com>",
            "mailto:ana@example.com?",
            "'ana@example.com'",
            "- ana@example.com",
            ".ana@example.com",
            "to=ana@example.com&x",
            "/ana@example.com/",
            "ana@example.com.",
            "ana@example.com...",
            "ana@example.com.zip",
            "ana@example.com.md",
            "ana@example.com.tar.gz",
            "ana@example.com.It works",
            "ana@example.com.In the",
            "ana@example.com.Br",
            "ana@example.com.7",
            "ana@example.com-export.zip",
            "ana@example.com-br.com.br",
            "ana@example.com.evil.example",
            "ana@example.com.json.zip",
        ] {
            assert!(!longer("ana@example.com", text), "{text}");
        }
        for text in [
            "x.ana@example.com",
            "mari-ana@example.com",
            "x+ana@example.com",
            "x_ana@example.com",
            "é.ana@example.com",
            "ana@example.com.br",
            "ana@example.com.br.",
            "ana@example.com.br.Please",
            "ANA@EXAMPLE.COM.BR",
            "Ana@Example.Com.Br",
            "ana@example.com.au/x",
        ] {
            assert!(longer("ana@example.com", text), "{text}");
        }
        assert!(longer("ana@example.co", "ana@example.co.uk") && !longer("ana@example.org", "ana@example.org.com"));
        assert!(!longer("ana@example.co.uk", "ana@example.co.uk.csv"));
    }
}
