//! IP_ADDRESS, version 6: all forms of RFC 4291 section 2.2, with the zone of RFC 4007.
//!
//! `::` is also how programs join names and cut lists, so short forms without much of an address about them need
//! the text around to agree.

use crate::detect::anchors::{Anchor, Kinds};
use crate::detect::context::Context;
use crate::detect::{Detector, Match, View, chars};
use crate::model::Span;
use crate::patterns::Rule;
use std::net::Ipv6Addr;

/// The longest address as text: six groups and four numbers.
const LONGEST: usize = 45;
/// The longest zone.
const ZONE: usize = 32;

#[derive(Debug)]
pub(crate) struct V6 {
    score: f32,
    context: Context,
}

impl V6 {
    pub fn new(rule: &Rule) -> V6 {
        V6 { score: rule.score, context: Context::new(rule) }
    }
}

impl Detector for V6 {
    fn kinds(&self) -> Kinds {
        Kinds::COLONS
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        let (text, at) = (view.text, anchor.start());
        if text[at] != b':' {
            return at + 1;
        }
        let is_part = |b: &u8| b.is_ascii_hexdigit() || matches!(b, b':' | b'.');
        let from = at.saturating_sub(LONGEST + 8);
        let start = text[from..at].iter().rposition(|b| !is_part(b)).map_or(from, |i| from + i + 1);
        let to = text.len().min(at + LONGEST + 8);
        let end = text[at..to].iter().position(|b| !is_part(b)).map_or(to, |i| at + i);
        // A longer stretch of bytes in hexadecimal is a fingerprint or a dump.
        if end - start > LONGEST + 8 || (start == from && from > 0 && is_part(&text[from - 1])) {
            return end;
        }
        if let Some(span) = self.address(view, start, end) {
            out.push(Match { span, score: self.context.score(view, span, self.score) });
            return span.end.max(end);
        }
        end
    }
}

impl V6 {
    /// The address in a stretch of hexadecimal digits, colons and dots.
    fn address(&self, view: &View<'_>, mut start: usize, end: usize) -> Option<Span> {
        let text = view.text;
        if chars::word_before(text, start) {
            // `addr:fe80::1`: the first group is the end of a word.
            let colon = start + memchr::memchr(b':', &text[start..end])?;
            if text.get(colon + 1) == Some(&b':') {
                return None;
            }
            start = colon;
        }
        if text[start] == b':' && text.get(start + 1) != Some(&b':') {
            start += 1;
        }
        let word = &text[start..end];
        let (len, ip) = parse(word, chars::word_after(text, end))?;
        let mut span = Span::new(start, start + len);
        if chars::word_after(text, span.end) {
            return None;
        }
        let value = &text[span.range()];
        if !self.is_address(view, span, value, ip) {
            return None;
        }
        span.end += zone(text, span.end)?;
        Some(span)
    }

    /// Whether something with the grammar of an address is one.
    fn is_address(&self, view: &View<'_>, span: Span, value: &[u8], ip: Ipv6Addr) -> bool {
        let text = view.text;
        let groups: Vec<&[u8]> = value.split(|b| *b == b':').filter(|g| !g.is_empty()).collect();
        let short = memchr::memmem::find(value, b"::").is_some();
        let before = &text[..span.start];
        let after = &text[span.end..];
        if !short {
            // Eight bytes in hexadecimal are a MAC address.
            return !groups.iter().all(|g| g.len() == 2);
        }
        if ip.is_unspecified() && groups.is_empty() {
            // `[::]:80` and `::/0` are addresses, a bare `::` says nothing.
            return before.ends_with(b"[") && !subscript(before) && after.starts_with(b"]:")
                || after.starts_with(b"/0");
        }
        if heads_a_block(text, span, &groups)
            || before.ends_with(b"?")
            || after.starts_with(b";;")
            || after.starts_with(b";=")
        {
            return false;
        }
        // A first group in full, in the blocks that are given out (2000::/3, fc00::/7, fe80::/10, ff00::/8): `bf16::E` is code.
        let full = groups.first().is_some_and(|g| {
            let given_out = match g {
                [b'f' | b'F', b, ..] => b.to_ascii_lowercase() >= b'c',
                _ => g[0].is_ascii_digit(),
            };
            g.len() == 4 && given_out && g.iter().any(u8::is_ascii_digit)
        });
        if groups.len() >= 4 || full || value.contains(&b'.') {
            return true;
        }
        if subscript(before) || matches!(after.first(), Some(b'(' | b'<' | b'!' | b'{')) {
            return false;
        }
        // What could be names joined: each group begins with a letter.
        let names = groups.iter().all(|g| g[0].is_ascii_alphabetic());
        if names && groups.len() < 3 {
            let wrapped = before.ends_with(b"[") && after.starts_with(b"]") && value.ends_with(b"::");
            let assigned = before.ends_with(b"=") && value.ends_with(b"::");
            return wrapped || assigned || self.context.near(view, span);
        }
        true
    }
}

/// Whether `::` at the end of a line opens a block of code in reStructuredText: `fill byte 3::`. Only what begins like a network that
/// is in use, or stands behind a word for one, is an address there.
fn heads_a_block(text: &[u8], span: Span, groups: &[&[u8]]) -> bool {
    const BLOCKS: [&[u8]; 8] = [b"2001", b"2002", b"fe80", b"fec0", b"fc00", b"fd00", b"ff00", b"64"];
    const NETWORKS: [&[u8]; 18] = [
        b"ping", b"ping6", b"inet6", b"addr", b"address", b"ip", b"ipv6", b"prefix", b"network", b"subnet", b"via",
        b"src", b"dst", b"host", b"server", b"client", b"gateway", b"route",
    ];
    let ends = text[span.end..].first().is_none_or(|b| matches!(b, b'\n' | b'\r'));
    if !ends || !text[..span.end].ends_with(b"::") || groups.len() > 2 {
        return false;
    }
    let lead = &text[span.start.saturating_sub(24)..span.start];
    // Behind a word of prose stands a space; `host=a::` is a value.
    if !lead.last().is_some_and(u8::is_ascii_whitespace) {
        return false;
    }
    let word = lead.trim_ascii_end();
    let word = &word[word.iter().rposition(|b| !b.is_ascii_alphanumeric()).map_or(0, |i| i + 1)..];
    let named = NETWORKS.iter().any(|w| word.eq_ignore_ascii_case(w));
    let block = BLOCKS.iter().any(|b| groups[0].eq_ignore_ascii_case(b)) && (groups.len() == 2 || groups[0].len() == 4);
    !lead.trim_ascii().is_empty() && !named && !block
}

/// Whether the `[` at the end of `before` opens a subscript: `list[::2]`, `f()[1::2]`.
fn subscript(before: &[u8]) -> bool {
    let Some(open) = memchr::memrchr(b'[', &before[before.len().saturating_sub(16)..]) else { return false };
    let open = before.len() - before.len().min(16) + open;
    let inside = &before[open + 1..];
    let lead = chars::before(before, open).is_some_and(|(c, _)| chars::is_word(c) || matches!(c, ')' | ']'));
    lead && inside.iter().all(|b| b.is_ascii_digit() || matches!(b, b':' | b',' | b' ' | b'-'))
}

/// The address at the start of `word` and its length. `on`: a letter goes on right after `word`.
fn parse(word: &[u8], on: bool) -> Option<(usize, Ipv6Addr)> {
    let mut len = word.len();
    while len > 0 && word[len - 1] == b'.' {
        len -= 1;
    }
    if len < word.len() || !on {
        if word[..len].ends_with(b":") && !word[..len].ends_with(b"::") {
            len -= 1;
        }
    } else if on && len == word.len() && len > 0 && word[len - 1] == b':' && !word.ends_with(b"::") {
        // `fe80::1:timeout`
        len -= 1;
    }
    let whole = std::str::from_utf8(&word[..len]).ok()?;
    if let Ok(ip) = whole.parse() {
        return Some((len, ip));
    }
    // A port after an embedded version 4 address, or after a dot as packet dumps have it.
    let colon = whole.rfind(':')?;
    let cut = match whole.find('.') {
        Some(dot) if dot < colon => colon,
        Some(dot) if whole[dot + 1..].bytes().all(|b| b.is_ascii_digit()) => dot,
        _ => return None,
    };
    whole[..cut].parse().ok().map(|ip| (cut, ip))
}

/// The length of a zone at `at` with its `%`; `None` if what stands there makes the whole no address.
fn zone(text: &[u8], at: usize) -> Option<usize> {
    if text.get(at) != Some(&b'%') {
        return Some(0);
    }
    let name = &text[at + 1..text.len().min(at + 1 + ZONE)];
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'~');
    let mut len = name.iter().position(|b| !is_part(b)).unwrap_or(name.len());
    if name.get(len) == Some(&b'%') {
        return None;
    }
    while len > 0 && !name[len - 1].is_ascii_alphanumeric() {
        len -= 1;
    }
    Some(if len == 0 { 0 } else { len + 1 })
}
