//! Where a domain name ends: the longest stretch of labels whose last one is a top-level domain.
//!
//! Text is often glued to an address (`pine.appTel:`, `example.com李四`), so a name may also end inside a label, but only
//! where the kind of character changes: no one can tell `com` from `community` by length alone.

use super::chars;

/// Why a name was taken for a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Its top-level domain is on the public suffix list.
    Public,
    /// It ends in a name kept for tests and private networks (`.example`, `.local`).
    Reserved,
    /// A mail provider's name with its ending mistyped or missing (`gmail.con`).
    Provider,
}

/// A domain name in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Domain {
    /// One past its last byte.
    pub end: usize,
    pub kind: Kind,
    /// Its labels.
    pub labels: usize,
}

/// RFC 1035: a label's and a name's most bytes.
const LABEL: usize = 63;
const NAME: usize = 253;

/// RFC 2606, RFC 6762, RFC 8375 and what private networks are called.
const RESERVED: &[&str] =
    &["corp", "example", "home", "internal", "intranet", "invalid", "lan", "local", "localdomain", "localhost", "test"];

/// Mail providers that people write to from chats, by the label before the ending.
const PROVIDERS: &[&str] =
    &["gmail", "gmx", "googlemail", "hotmail", "icloud", "outlook", "proton", "protonmail", "yahoo", "yandex"];

/// The domain name that starts at `start`, if there is one.
pub(crate) fn read(text: &[u8], start: usize) -> Option<Domain> {
    let (mut at, mut labels) = (start, 0);
    let (mut best, mut inner) = (None, None);
    let mut provider = false;
    loop {
        let end = label_end(text, at);
        let label = &text[at..end];
        if label.is_empty() || label[0] == b'-' || label.len() > LABEL || end - start > NAME {
            break;
        }
        labels += 1;
        if labels > 1 {
            let sentence = best.is_some() && capitalised(label) && !text[start..at].iter().any(u8::is_ascii_uppercase);
            if sentence {
                break;
            }
            if let Some(kind) = top_level(label) {
                best = Some(Domain { end, kind, labels });
            } else if best.is_none_or(|d: Domain| d.kind == Kind::Reserved) && inner.is_none() {
                inner = glued(label).map(|n| Domain { end: at + n, kind: Kind::Public, labels });
                if inner.is_none() && provider {
                    inner = mistyped(label).map(|n| Domain { end: at + n, kind: Kind::Provider, labels });
                }
            }
        }
        provider = is_one_of(label, PROVIDERS);
        if text.get(end) != Some(&b'.') || label.ends_with(b"-") {
            break;
        }
        at = end + 1;
    }
    let bare = provider && labels == 1;
    let best = if best.is_none_or(|d| d.kind == Kind::Reserved) { inner.or(best) } else { best };
    best.or_else(|| bare.then(|| Domain { end: label_end(text, start), kind: Kind::Provider, labels }))
}

/// Where the stretch of label characters from `at` ends; a little beyond a label's most bytes at the latest. A `-` at its
/// end belongs to the text after it, unless a dot follows.
fn label_end(text: &[u8], at: usize) -> usize {
    let mut end = at;
    while end - at <= LABEL {
        match chars::after(text, end) {
            Some((c, n)) if c == '-' || chars::in_name(c) => end += n,
            _ => break,
        }
    }
    if text.get(end) != Some(&b'.') {
        while end > at && text[end - 1] == b'-' {
            end -= 1;
        }
    }
    end
}

/// What a whole label is as a top-level domain.
fn top_level(label: &[u8]) -> Option<Kind> {
    if is_public(label) { Some(Kind::Public) } else { is_one_of(label, RESERVED).then_some(Kind::Reserved) }
}

/// Whether `label` is a top-level domain on the public suffix list, in any case.
pub(crate) fn is_public(label: &[u8]) -> bool {
    // Two labels before it, since some countries have rules for names under theirs only (`*.ck`).
    let mut name = [0u8; LABEL + 4];
    name[..4].copy_from_slice(b"a.b.");
    let Some(slot) = name.get_mut(4..4 + label.len()) else { return false };
    if label.is_empty() || label.iter().all(u8::is_ascii_digit) {
        return false;
    }
    slot.copy_from_slice(label);
    slot.make_ascii_lowercase();
    psl::suffix(&name[..4 + label.len()]).is_some_and(|s| s.is_known())
}

/// How much of a label is a top-level domain, where text is glued to it: up to a change in the kind of character.
fn glued(label: &[u8]) -> Option<usize> {
    if label.len() > 4 && label[..4].eq_ignore_ascii_case(b"xn--") {
        return None;
    }
    let mut found = None;
    let mut at = chars::after(label, 0)?.1;
    while let (Some((a, _)), Some((b, n))) = (chars::before(label, at), chars::after(label, at)) {
        let next_lower = chars::after(label, at + n).is_some_and(|(c, _)| c.is_lowercase());
        let turns = kind(a) != kind(b) && !(a.is_uppercase() && b.is_lowercase() && at == a.len_utf8());
        let word_starts = a.is_uppercase() && b.is_uppercase() && next_lower;
        if (turns || word_starts || (chars::unspaced(a) && chars::unspaced(b))) && is_public(&label[..at]) {
            found = Some(at);
        }
        at += n;
    }
    found
}

/// What a letter can be glued to visibly.
fn kind(c: char) -> u8 {
    match c {
        'a'..='z' => 0,
        'A'..='Z' => 1,
        '0'..='9' => 2,
        '-' => 3,
        c if chars::unspaced(c) => 4,
        _ => 5,
    }
}

/// How much of the label after a provider's name stands for its ending: `con`, `comm`, `comPlease`, `comthanks`.
fn mistyped(label: &[u8]) -> Option<usize> {
    let letters = label.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    match letters {
        2..=4 => Some(letters),
        5.. if label[..3].eq_ignore_ascii_case(b"com") || label[..3].eq_ignore_ascii_case(b"net") => Some(3),
        _ => None,
    }
}

fn capitalised(label: &[u8]) -> bool {
    label[0].is_ascii_uppercase() && label[1..].iter().all(u8::is_ascii_lowercase)
}

/// Whether a domain's first label is a mail provider's name.
pub(crate) fn is_provider(domain: &[u8]) -> bool {
    is_one_of(domain.split(|b| *b == b'.').next().unwrap_or_default(), PROVIDERS)
}

/// Whether `word` is one of `list` in any case.
pub(crate) fn is_one_of(word: &[u8], list: &[&str]) -> bool {
    list.iter().any(|w| w.as_bytes().eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Option<(&str, Kind)> {
        read(text.as_bytes(), 0).map(|d| (&text[..d.end], d.kind))
    }

    #[test]
    fn names_end_where_they_end() {
        for (text, want) in [
            ("example.com", "example.com"),
            ("example.com.", "example.com"),
            ("example.co.uk/x", "example.co.uk"),
            ("EXAMPLE.COM", "EXAMPLE.COM"),
            ("Example.Com", "Example.Com"),
            ("example.com.Thanks", "example.com"),
            ("example.com.My name", "example.com"),
            ("example.com.please", "example.com"),
            ("pine.appTel:", "pine.app"),
            ("EXAMPLE.COMTel", "EXAMPLE.COM"),
            ("acme.com123-45", "acme.com"),
            ("example.com-Ana", "example.com"),
            ("example.com-", "example.com"),
            ("example.com李四", "example.com"),
            ("例子.公司吧", "例子.公司"),
            ("x.xn--p1ai", "x.xn--p1ai"),
            ("пример.рф", "пример.рф"),
            ("a.netApp.example.com", "a.netApp.example.com"),
            ("gmail.comthanks", "gmail.com"),
        ] {
            assert_eq!(name(text).map(|n| n.0), Some(want), "{text}");
        }
        for text in [
            "2x.png",
            "foo.txt",
            "1.2.3",
            "localhost",
            "host",
            "-a.com",
            "a-.com",
            ".com",
            "",
            "a..com",
            "foo.component",
        ] {
            assert_eq!(name(text), None, "{text}");
        }
        assert_eq!(name("mail.local"), Some(("mail.local", Kind::Reserved)));
        assert_eq!(name("gmail.con "), Some(("gmail.con", Kind::Provider)));
        assert_eq!(name("gmail"), Some(("gmail", Kind::Provider)));
    }

    #[test]
    fn names_are_bounded() {
        assert_eq!(name(&format!("{}.com", "a".repeat(64))), None);
        assert!(name(&format!("{}.com", "a".repeat(63))).is_some());
        assert_eq!(name(&format!("{}com", "ab.".repeat(90))), None);
    }
}
