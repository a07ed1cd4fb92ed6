//! URL: `scheme://…` and `www.…`, up to where the text around goes on. Looked for on request.

use super::anchors::{Anchor, Kinds};
use super::{Detector, Match, REACH, View, chars};
use crate::model::Span;
use crate::patterns::Rule;

/// The longest scheme.
const SCHEME: usize = 32;

#[derive(Debug)]
pub(crate) struct Url {
    score: f32,
}

impl Url {
    pub fn new(rule: &Rule) -> Url {
        Url { score: rule.score }
    }
}

impl Detector for Url {
    fn kinds(&self) -> Kinds {
        Kinds::LITERAL
    }

    fn literals(&self) -> &[&'static str] {
        &["://", "www."]
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        let (text, at) = (view.text, anchor.start());
        let host = if text[at] == b':' { at + 3 } else { at };
        let Some(start) = (if text[at] == b':' { scheme(text, at) } else { bare(text, at) }) else { return at + 3 };
        // Looked at first: the way to the end is long.
        let named =
            chars::after(text, host).is_some_and(|(c, _)| !c.is_ascii() || c.is_ascii_alphanumeric() || c == '[');
        if !named {
            return at + 3;
        }
        let end = end(text, host);
        if end <= host || (host == at && !text[at + 4..end.max(at + 4)].contains(&b'.')) {
            return at + 3;
        }
        out.push(Match { span: Span::new(start, end), score: self.score });
        end
    }
}

/// Where the scheme before the `:` at `at` begins (RFC 3986 section 3.1).
fn scheme(text: &[u8], at: usize) -> Option<usize> {
    let from = at.saturating_sub(SCHEME);
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'.' | b'-');
    let mut start = text[from..at].iter().rposition(|b| !is_part(b)).map_or(from, |i| from + i + 1);
    while start < at && !text[start].is_ascii_alphabetic() {
        start += 1;
    }
    // Glued to a word, as in `seehttp://`, the well-known schemes are still told.
    let word = text[start..at].to_ascii_lowercase();
    if let Some(known) = [&b"https"[..], b"http"].iter().find(|k| word.ends_with(k)) {
        return Some(at - known.len());
    }
    (at - start >= 2).then_some(start)
}

/// Whether `www.` at `at` begins a host's name.
fn bare(text: &[u8], at: usize) -> Option<usize> {
    let glued = chars::word_before(text, at) || at > 0 && matches!(text[at - 1], b'.' | b'@' | b'-' | b'/');
    (!glued).then_some(at)
}

/// Where the URL whose host begins at `host` ends: at white space, quotes, angle brackets, a bracket that it didn't open,
/// a next URL; and before the punctuation of the sentence around it.
pub(crate) fn end(text: &[u8], host: usize) -> usize {
    let limit = text.len().min(host + REACH - SCHEME);
    let (mut at, mut last) = (host, ' ');
    // How many of each bracket are open.
    let mut open = [0u16; 3];
    while let Some((c, n)) = chars::after(text, at) {
        if at + n > limit || breaks(c) || (chars::unspaced(c) && last.is_ascii_alphanumeric()) {
            break;
        }
        if let Some(i) = "([{".find(c) {
            open[i] += 1;
        } else if let Some(i) = ")]}".find(c) {
            if open[i] == 0 {
                break;
            }
            open[i] -= 1;
        } else if matches!(c, ',' | ';') && text[at + 1..].starts_with(b"http") {
            break;
        }
        (at, last) = (at + n, c);
    }
    trimmed(text, host, at)
}

/// Characters that end a URL wherever they stand.
fn breaks(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '<' | '>' | '"' | '`' | '|' | '\\' | '^' | '\u{FFFD}' | '«' | '»' | '‘'..='‟' | '…' | '،' | '؛' | '؟'
        )
        || matches!(c as u32, 0x3000..=0x303F | 0xFE30..=0xFE4F | 0x1F000..)
            && !(0x20000..0x40000).contains(&(c as u32))
}

/// `end` without the punctuation that belongs to the sentence.
fn trimmed(text: &[u8], host: usize, mut end: usize) -> usize {
    while end > host {
        let b = text[end - 1];
        let opener = match b {
            b')' => Some(b'('),
            b']' => Some(b'['),
            b'}' => Some(b'{'),
            _ => None,
        };
        let count = |x: u8| text[host..end].iter().filter(|y| **y == x).count();
        let cut = match opener {
            Some(o) => count(b) > count(o),
            None => matches!(
                b,
                b'.' | b',' | b';' | b':' | b'!' | b'?' | b'\'' | b'*' | b'_' | b'~' | b'(' | b'[' | b'{' | b'$'
            ),
        };
        if !cut {
            break;
        }
        end -= 1;
    }
    end
}
