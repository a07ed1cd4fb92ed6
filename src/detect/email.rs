//! EMAIL_ADDRESS: RFC 5321 and RFC 6531 addresses around an `@`.
//!
//! What the grammar allows in a local part is more than what people write in one: `/ = ? & # | * '` bound an address in
//! URLs, tables and Markdown far more often than they belong to it. So an unquoted local part is letters, digits and
//! `. _ - +`, with `'` and `&` between letters; the other characters of the grammar count only where nothing else stands.

pub(crate) mod hidden;
mod not;

use super::anchors::{Anchor, Kinds};
use super::context::Context;
use super::domain::{self, Kind};
use super::{Detector, Match, View, chars};
use crate::model::Span;
use crate::patterns::Rule;
use std::net::{Ipv4Addr, Ipv6Addr};

/// RFC 5321 section 4.5.3.1: the most bytes of a local part, and of an address.
const LOCAL: usize = 64;
const ADDRESS: usize = 254;
/// Bytes before an `@` that are read: more than a local part, to tell a long word from an address.
const BACK: usize = 2 * LOCAL;

/// Hosts of Japanese carriers whose customers have addresses with two dots in a row or one before the `@`.
const LOOSE_DOTS: &[&str] = &["docomo.ne.jp", "ezweb.ne.jp"];

#[derive(Debug)]
pub(crate) struct Email {
    score: f32,
    context: Context,
}

impl Email {
    pub fn new(rule: &Rule) -> Email {
        Email { score: rule.score, context: Context::new(rule) }
    }

    fn found(&self, view: &View<'_>, at: usize) -> Option<Match> {
        let text = view.text;
        let (end, kind, labels) = match text.get(at + 1)? {
            b'[' => (literal(text, at + 1)?, Kind::Public, 1),
            _ => {
                let d = domain::read(text, at + 1)?;
                (d.end, d.kind, d.labels)
            }
        };
        let start = match text.get(at.checked_sub(1)?)? {
            b'"' => quoted(text, at)?,
            _ => local(text, at, end).or_else(|| symbols(text, at))?,
        };
        if end - start > ADDRESS || not::an_address(text, start, at, end, labels) {
            return None;
        }
        let span = Span::new(start, end);
        let score = match kind {
            Kind::Public => self.score,
            Kind::Reserved => self.context.score(view, span, self.score - 0.15),
            Kind::Provider => self.context.score(view, span, self.score - 0.3),
        };
        Some(Match { span, score })
    }
}

impl Detector for Email {
    fn kinds(&self) -> Kinds {
        Kinds::AT
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        let at = anchor.start();
        match self.found(view, at) {
            Some(m) => {
                out.push(m);
                m.span.end
            }
            None => at + 1,
        }
    }
}

/// Where an address literal that starts with the `[` at `open` ends: `[192.0.2.1]`, `[IPv6:2001:db8::1]`.
fn literal(text: &[u8], open: usize) -> Option<usize> {
    let inner = &text[open + 1..text.len().min(open + LOCAL)];
    let inner = &inner[..memchr::memchr(b']', inner)?];
    let address = std::str::from_utf8(inner).ok()?;
    let valid = match address.get(..5) {
        Some(tag) if tag.eq_ignore_ascii_case("ipv6:") => address[5..].parse::<Ipv6Addr>().is_ok(),
        _ => address.parse::<Ipv4Addr>().is_ok(),
    };
    valid.then_some(open + inner.len() + 2)
}

/// Where the unquoted local part before the `@` at `at` begins. `end` is the end of its domain.
fn local(text: &[u8], at: usize, end: usize) -> Option<usize> {
    let mut start = at;
    while at - start <= BACK {
        match chars::before(text, start) {
            Some((c, n)) if is_plain(c) || joins(text, start - n, c, end) => start -= n,
            // A quoted word within: `ana."von der".berg@`.
            Some(('"', _)) if text[start] == b'.' => start = quoted_word(text, start)?,
            _ => break,
        }
    }
    start += escape(text, start, at);
    start = cut_script(text, start, at);
    let loose = domain::is_one_of(&text[at + 1..end], LOOSE_DOTS);
    if !loose {
        start = memchr::memmem::rfind(&text[start..at], b"..").map_or(start, |i| start + i + 2);
    }
    start = trimmed(text, start, at, end);
    start += literal_prefix(text, start, end);
    let word = &text[start..at];
    let good = !word.is_empty()
        && word.len() <= LOCAL
        && (loose || !word.ends_with(b"."))
        && word.iter().any(|b| b.is_ascii_alphanumeric() || *b >= 0x80);
    good.then_some(start)
}

fn is_plain(c: char) -> bool {
    matches!(c, '.' | '_' | '-' | '+') || chars::in_name(c)
}

/// Whether the `'` or `&` at `i` joins two parts of a name (`o'brien`, `r&d`) and is no quote or separator.
fn joins(text: &[u8], i: usize, c: char, end: usize) -> bool {
    let between = || {
        let letter = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphabetic() || *b >= 0x80);
        i > 0 && letter(text.get(i - 1)) && letter(text.get(i + 1))
    };
    match c {
        '\'' => between() && text.get(end) != Some(&b'\''),
        '&' => {
            // Not in a URL's query: no `=` or `?` in the word before.
            let word = text[i.saturating_sub(LOCAL)..i].iter().rev().take_while(|b| !b.is_ascii_whitespace());
            between() && !word.clone().any(|b| matches!(b, b'=' | b'?' | b'&'))
        }
        _ => false,
    }
}

/// The length of the mark of a literal in source text before an address in quotes: `u'ana@example.com'`.
fn literal_prefix(text: &[u8], start: usize, end: usize) -> usize {
    let mark = matches!(text[start..], [b'u' | b'b' | b'r' | b'f' | b'U' | b'B', b'\'', ..]);
    if mark && text.get(end) == Some(&b'\'') { 2 } else { 0 }
}

/// The length of what an escape before `start` takes of the word: source text and logs hold `\nana@example.com`.
fn escape(text: &[u8], start: usize, at: usize) -> usize {
    if start == 0 || text[start - 1] != b'\\' {
        return 0;
    }
    let word = &text[start..at];
    let hex = |n: usize| word.len() > n && word[1..n].iter().all(u8::is_ascii_hexdigit);
    match word.first() {
        Some(b'n' | b'r' | b't') => 1,
        Some(b'u') if hex(5) => 5,
        Some(b'x') if hex(3) => 3,
        _ => 0,
    }
}

/// Past text of another script that stands glued before a word in Latin letters: `邮箱zhang@`, `почтаivan@`. A word with a
/// dot before the other script (`hans.m端ller@`) is one.
fn cut_script(text: &[u8], start: usize, at: usize) -> usize {
    let mut i = start;
    let (mut cut, mut dot, mut foreign) = (start, false, false);
    while i < at {
        let Some((c, n)) = chars::after(text, i) else { break };
        if foreign && c.is_ascii_alphanumeric() && !dot {
            cut = i;
        }
        dot |= matches!(c, '.' | '_' | '+');
        // Latin letters with accents belong to Latin words.
        foreign = c as u32 > 0x24F && !(0x300..0x370).contains(&(c as u32)) && !(0x1E00..0x1F00).contains(&(c as u32));
        i += n;
    }
    cut
}

/// Past what leads a word without being part of it: dots, list dashes, a diff's `+`, Markdown's `_`.
fn trimmed(text: &[u8], mut start: usize, at: usize, end: usize) -> usize {
    while start < at {
        match text[start] {
            b'.' | b'-' => start += 1,
            b'+' if !text[start + 1..at].iter().all(u8::is_ascii_digit) => start += 1,
            b'_' if text.get(end) == Some(&b'_') => start += 1,
            _ => break,
        }
    }
    start
}

/// Where a local part of nothing but the grammar's symbols begins. It needs several different ones: `*@`, `{}@` and `**@`
/// are wildcards and templates.
fn symbols(text: &[u8], at: usize) -> Option<usize> {
    let is_symbol = |b: u8| b"!#$%&'*+-/=?^_`{|}~".contains(&b);
    let from = at.saturating_sub(LOCAL);
    let start = text[from..at].iter().rposition(|b| !is_symbol(*b)).map_or(from, |i| from + i + 1);
    let mut seen = text[start..at].to_vec();
    seen.sort_unstable();
    seen.dedup();
    (seen.len() >= 6 && (start == 0 || text[start - 1].is_ascii_whitespace())).then_some(start)
}

/// Where the quoted local part that ends before the `@` at `at` begins: `"john doe"@`. It stands apart from other words.
fn quoted(text: &[u8], at: usize) -> Option<usize> {
    let open = quoted_word(text, at)?;
    let apart =
        chars::before(text, open).is_none_or(|(c, _)| !chars::in_name(c) && !matches!(c, '"' | '\\' | '.' | '@'));
    apart.then_some(open)
}

/// Where the quoted string that ends right before `end` begins (RFC 5321 section 4.1.2).
fn quoted_word(text: &[u8], end: usize) -> Option<usize> {
    let close = end - 1;
    let backslashes = |i: usize| text[..i].iter().rev().take(LOCAL).take_while(|b| **b == b'\\').count();
    if backslashes(close) % 2 == 1 {
        return None;
    }
    let from = close.saturating_sub(LOCAL);
    let open = (from..close).rev().find(|&i| text[i] == b'"' && backslashes(i) % 2 == 0)?;
    let inner = &text[open + 1..close];
    let printable = inner.iter().all(|b| *b >= 0x20 && *b != 0x7F);
    // A backslash quotes a printable ASCII character only.
    let quotes = inner.windows(2).all(|w| w[0] != b'\\' || w[1] < 0x7F);
    (printable && quotes).then_some(open)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start_of(text: &str) -> Option<&str> {
        let t = text.as_bytes();
        let at = text.rfind('@')?;
        let end = domain::read(t, at + 1)?.end;
        local(t, at, end).map(|s| &text[s..end])
    }

    #[test]
    fn local_parts() {
        for (text, want) in [
            ("see...ana@example.com", "ana@example.com"),
            ("\\u003cana@example.com", "ana@example.com"),
            ("ana..b.@docomo.ne.jp", "ana..b.@docomo.ne.jp"),
            ("d'arc@example.com", "d'arc@example.com"),
            ("b'ana@example.com'", "ana@example.com"),
            ("?a=b&c@example.com", "c@example.com"),
        ] {
            assert_eq!(start_of(text), Some(want), "{text}");
        }
        assert_eq!(start_of(&format!("{}@example.com", "a".repeat(65))), None);
        assert_eq!(start_of("ana.@example.com"), None);
    }

    #[test]
    fn quotes_and_literals() {
        assert_eq!(quoted(b"x \"a b\"@", 7), Some(2));
        assert_eq!(quoted(b"x\"a b\"@", 6), None, "glued to a word");
        assert_eq!(quoted(b"\"a\\\"@", 4), None, "the last quote is escaped");
        assert_eq!(literal(b"[192.0.2.1]", 0), Some(11));
        assert_eq!(literal(b"[IPv6:2001:db8::1]", 0), Some(18));
        assert_eq!(literal(b"[192.0.2.256]", 0), None);
        assert_eq!(literal("[é".as_bytes(), 0), None);
    }
}
