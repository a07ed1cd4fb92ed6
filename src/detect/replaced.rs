//! Replacements in text that was redacted before, counted: names, tokens, hashes, masks. Unlike `own`, which keeps detectors from
//! them, this looks at bytes as they stand, in the spellings in which a replacement is written.

use super::own;
use crate::model::Span;
use aho_corasick::{AhoCorasick, MatchKind};
use std::hash::{DefaultHasher, Hasher};
use std::sync::LazyLock;

/// How a replacement opens and closes: as it is, in markup, percent-encoded, and as JSON writers escape it that write no `<`.
const SPELLINGS: [(&str, &str); 6] =
    [("<", ">"), ("&lt;", "&gt;"), ("%3C", "%3E"), ("%3c", "%3e"), ("\\u003c", "\\u003e"), ("\\u003C", "\\u003E")];

/// The longest that is looked at: a name and 64 hexadecimal digits, and as much of a mask.
const LONGEST: usize = 160;

/// So many asterisks are a mask; fewer may be emphasis.
const STARS: usize = 4;

/// A replacement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replaced<'a> {
    /// What stands between the angle brackets (`EMAIL_ADDRESS`, `EMAIL_ADDRESS_1`, `EMAIL_ADDRESS:0f…`), and its hash.
    Named(&'a str, u64),
    /// Letters and digits that are asterisks; whether it has the form of an e-mail address.
    Masked(bool),
}

/// Tells `found` of each replacement that begins in `core`.
pub fn each(bytes: &[u8], core: Span, found: &mut dyn FnMut(Replaced<'_>)) {
    static OPEN: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(SPELLINGS.iter().map(|s| s.0)).ok()
    });
    let opens = OPEN.as_ref().into_iter().flat_map(|o| o.find_iter(&bytes[core.range()]));
    for open in opens {
        let at = core.start + open.end();
        if !bytes.get(at).is_some_and(u8::is_ascii_uppercase) {
            continue;
        }
        let window = &bytes[at..bytes.len().min(at + LONGEST)];
        let close = SPELLINGS[open.pattern().as_usize()].1;
        let Some(len) = memchr::memmem::find(window, close.as_bytes()) else { continue };
        if own::whole_inner(&window[..len])
            && let Ok(text) = std::str::from_utf8(&window[..len])
        {
            let mut hasher = DefaultHasher::new();
            hasher.write(&window[..len]);
            found(Replaced::Named(text, hasher.finish()));
        }
    }
    let mut at = core.start;
    while let Some(i) = memchr::memchr(b'*', &bytes[at..core.end]).map(|i| at + i) {
        let (end, mask) = mask(bytes, i);
        mask.into_iter().for_each(|address| found(Replaced::Masked(address)));
        at = end.max(i + 1).min(core.end);
    }
}

/// The stretch of asterisks and what stands between them from `from` on, and whether it's a mask (of an e-mail address).
fn mask(bytes: &[u8], from: usize) -> (usize, Option<bool>) {
    let between = |b: u8| matches!(b, b'*' | b' ' | b'@' | b'.' | b'_' | b'-' | b'+' | b'(' | b')' | b'/' | b':');
    let window = &bytes[from..bytes.len().min(from + LONGEST)];
    let end = window.iter().position(|b| !between(*b)).unwrap_or(window.len());
    let stars = window[..end].iter().filter(|b| **b == b'*').count();
    // `mask:keep=4` leaves the end, which may have separators in it, too.
    let kept =
        window[end..].iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'@' | b'-')).count();
    let kept = if window[..end].last().is_some_and(|b| *b != b' ') || kept < STARS { kept } else { 0 };
    let before = from.checked_sub(1).map(|i| bytes[i]);
    let emphasis = before.is_some_and(|b| b.is_ascii_alphanumeric() || b == b'/') || kept > stars.min(8);
    // A line of them, and nothing else, is drawn.
    let line = |b: Option<&u8>| b.is_none_or(|b| matches!(b, b'\n' | b'\r'));
    let drawn = line(before.as_ref()) && line(window.get(window[..end].trim_ascii_end().len())) || end > 64;
    let is = stars >= STARS && !emphasis && !drawn;
    (from + end, is.then(|| window[..end].contains(&b'@')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let mut out = Vec::new();
        each(text.as_bytes(), Span::new(0, text.len()), &mut |r| {
            out.push(match r {
                Replaced::Named(name, _) => name.to_owned(),
                Replaced::Masked(address) => format!("mask {address}"),
            });
        });
        out
    }

    #[test]
    fn every_spelling() {
        let text = r#"<PERSON> &lt;EMAIL_ADDRESS_1&gt; https://x.example/?m=%3CEMAIL_ADDRESS_2%3E {"a":"\u003cUS_SSN:00ff\u003e"} <b> <B C> a<B"#;
        assert_eq!(found(text), ["PERSON", "EMAIL_ADDRESS_1", "EMAIL_ADDRESS_2", "US_SSN:00ff"]);
    }

    #[test]
    fn masks() {
        for (text, want) in [
            (r#"{"email":"***.****@*******.***"}"#, &["mask true"][..]),
            (r#"{"phone":"+** *** *** **42"}"#, &["mask false"]),
            ("a@b, **** **** **** 4242, x", &["mask false"]),
            ("name,*** ****\n", &["mask false"]),
            ("**bold** and ***both*** f**** /****** c */", &[]),
            ("********************\n", &[]),
            ("2 * 3 * 4 * 5 * x", &[]),
        ] {
            assert_eq!(found(text), want, "{text}");
        }
    }

    #[test]
    fn only_what_begins_in_the_core() {
        let text = b"<PERSON> <PERSON> <PERSON>";
        let mut n = 0;
        each(text, Span::new(1, 10), &mut |_| n += 1);
        assert_eq!(n, 1, "it may end behind the core");
    }
}
