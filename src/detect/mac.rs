//! MAC_ADDRESS: six or eight bytes in hexadecimal (EUI-48, EUI-64) with `:`, `-` or Cisco's dots.

use super::anchors::{Anchor, Kinds};
use super::context::Context;
use super::{Detector, Match, View, chars};
use crate::model::Span;
use crate::patterns::Rule;

/// Bytes to either side that a stretch of groups is followed: longer ones are fingerprints and dumps.
const SIDE: usize = 32;
/// Words before hexadecimal bytes that are no device's.
const OTHER: &[&[u8]] = &[b"fingerprint", b"serial", b"sha", b"md5", b"keyid", b"key id", b"identifier", b"digest"];

#[derive(Debug)]
pub(crate) struct Mac {
    score: f32,
    context: Context,
}

impl Mac {
    pub fn new(rule: &Rule) -> Mac {
        Mac { score: rule.score, context: Context::new(rule) }
    }

    fn is_address(&self, view: &View<'_>, span: Span, separator: u8) -> bool {
        let value = &view.text[span.range()];
        let groups: Vec<&[u8]> = value.split(|b| *b == separator).collect();
        let letters = value.iter().any(u8::is_ascii_alphabetic);
        let digits = value.iter().any(u8::is_ascii_digit);
        let width = |n: usize| groups.iter().all(|g| g.len() == n);
        if is_nobodys(value, separator) {
            return false;
        }
        match separator {
            b'.' => {
                let shape = matches!(groups.len(), 3 | 4) && width(4);
                shape && ((letters && digits) || self.context.near(view, span))
            }
            b'-' => {
                let shape = matches!(groups.len(), 6 | 8) && width(2);
                shape && (letters || self.context.near(view, span))
            }
            _ if matches!(groups.len(), 6 | 8) && width(2) => true,
            // BSD writes groups without their leading zero: `0:1a:2b:3:4d:5e`.
            _ => {
                let full = groups.iter().filter(|g| g.len() == 2).count();
                groups.len() == 6 && full >= 3 && groups.iter().all(|g| matches!(g.len(), 1 | 2)) && letters
            }
        }
    }
}

impl Detector for Mac {
    fn kinds(&self) -> Kinds {
        Kinds::COLONS
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        let (text, at) = (view.text, anchor.start());
        let separator = text[at];
        let is_part = |b: &u8| b.is_ascii_hexdigit() || *b == separator;
        let from = at.saturating_sub(SIDE);
        let mut start = text[from..at].iter().rposition(|b| !is_part(b)).map_or(from, |i| from + i + 1);
        let to = text.len().min(at + SIDE);
        let mut end = text[at..to].iter().position(|b| !is_part(b)).map_or(to, |i| at + i);
        let seen = end;
        if chars::word_before(text, start) {
            // `mac:00:1a:…`: the first group is the end of a word.
            start += memchr::memchr(separator, &text[start..end]).unwrap_or(0);
        }
        if text[start] == separator {
            start += 1;
        }
        if end > start && text[end - 1] == separator {
            end -= 1;
        }
        let span = Span::new(start, end.max(start));
        let apart = !chars::word_before(text, span.start) && !chars::word_after(text, span.end);
        if apart
            && !part_of_more(text, span, separator)
            && self.is_address(view, span, separator)
            && (!other(text, span) || self.context.near(view, span))
        {
            out.push(Match { span, score: self.context.score(view, span, self.score) });
        }
        seen
    }
}

/// Whether no device has it: zeros throughout say that there is none, ones are for all (IEEE 802, broadcast).
fn is_nobodys(value: &[u8], separator: u8) -> bool {
    let all = |digit: u8| value.iter().all(|b| *b == separator || b.eq_ignore_ascii_case(&digit));
    all(b'0') || all(b'f')
}

/// Whether groups go on over a line break, as a key's or certificate's bytes do.
fn part_of_more(text: &[u8], span: Span, separator: u8) -> bool {
    let blank = |b: &&u8| b.is_ascii_whitespace();
    let before = &text[span.start.saturating_sub(80)..span.start];
    let lead = before.trim_ascii_end();
    let broken = before.len() > lead.len() && before[lead.len()..].contains(&b'\n');
    let hex = |b: Option<&u8>| b.is_some_and(u8::is_ascii_hexdigit);
    let goes_back = broken
        && lead.last() == Some(&separator)
        && lead.len() > 2
        && lead[lead.len() - 3..lead.len() - 1].iter().all(u8::is_ascii_hexdigit);
    let tail = text[span.end..].strip_prefix(&[separator]).unwrap_or(b"");
    let skipped = tail.iter().take(80).take_while(blank).count();
    goes_back
        || (skipped > 0
            && tail[..skipped].contains(&b'\n')
            && hex(tail.get(skipped))
            && hex(tail.get(skipped + 1))
            && tail.get(skipped + 2) == Some(&separator))
}

/// Whether the words before say that the bytes are something else's.
fn other(text: &[u8], span: Span) -> bool {
    let lead = text[span.start.saturating_sub(40)..span.start].to_ascii_lowercase();
    OTHER.iter().any(|w| memchr::memmem::find(&lead, w).is_some())
}
