//! EMAIL_ADDRESS: addresses that are written so that programs don't know them, or that came to harm: `tom [at] example [dot] net`,
//! `tom AT example DOT com`, `ida @ example.de`, `ida@example,com`, `ida=40example.de`, `ida@exam=` and `ple.de` in the next line,
//! Cyrillic letters in a domain.
//!
//! Around the sign, or what stands for it, the address is written out as it was meant, with the way back; what that is is
//! decided by the rules for plain ones. How sure it is depends on how it is written.

use super::{Email, LOCAL};
use crate::detect::anchors::{Anchor, Kinds};
use crate::detect::context::Context;
use crate::detect::{Detector, Match, View, chars, domain};
use crate::model::Span;
use crate::patterns::Rule;

/// Where an address may be hidden. A bracket is part of most, since `at` alone is a word; words stand around `dot`.
const WORDS: &[&str] = &["at)", "at]", "at}", "at>", "arroba)", "arroba]", "dot ", "dot-"];
/// The sign in quoted-printable.
const ENCODED: &[&str] = &["=40"];
/// Bytes before the `dot` of a domain in which its `at` may stand.
const FAR: usize = 64;
/// Labels of a domain that are read.
const LABELS: usize = 6;
/// Bytes before an address that its rules may look at.
const CONTEXT: usize = 64;

/// The letters of a language's code at most.
const LOCALE: usize = 3;
/// The score of an address that is written as it should be.
const PLAIN: f32 = 0.95;

/// Endings that a comma or a space may part from a domain: other words stand there, too.
const ENDINGS: &[&str] = &[
    "com", "net", "org", "edu", "gov", "info", "example", "de", "at", "ch", "fr", "es", "it", "nl", "pl", "pt", "br",
    "uk", "eu", "ru", "jp", "cn", "co", "io", "tr", "se", "cz",
];

/// Words that stand before `at` or a lone `@` where no address is meant: `look at`, `join us @`.
const NO_LOCAL: &[&str] = &[
    "all",
    "also",
    "and",
    "anything",
    "apply",
    "are",
    "arrive",
    "available",
    "back",
    "be",
    "book",
    "breakfast",
    "buy",
    "check",
    "click",
    "deal",
    "deals",
    "dinner",
    "directly",
    "everything",
    "find",
    "follow",
    "found",
    "free",
    "get",
    "go",
    "going",
    "had",
    "have",
    "here",
    "hosted",
    "in",
    "is",
    "it",
    "just",
    "live",
    "location",
    "look",
    "looking",
    "lunch",
    "me",
    "meet",
    "meeting",
    "more",
    "new",
    "now",
    "of",
    "off",
    "offer",
    "on",
    "online",
    "only",
    "order",
    "ordered",
    "out",
    "party",
    "play",
    "playing",
    "pm",
    "am",
    "price",
    "read",
    "register",
    "sale",
    "see",
    "seen",
    "shop",
    "shopping",
    "sign",
    "site",
    "sold",
    "start",
    "starts",
    "stay",
    "stream",
    "streaming",
    "tea",
    "that",
    "the",
    "them",
    "there",
    "this",
    "tickets",
    "times",
    "today",
    "tomorrow",
    "tonight",
    "up",
    "us",
    "via",
    "visit",
    "was",
    "watch",
    "watching",
    "we",
    "website",
    "were",
    "work",
    "working",
    "works",
    "you",
    "fetch",
    "origin",
    "branch",
    "commit",
    "merge",
    "push",
    "version",
    "x",
    "self",
];

/// How an address's sign is written, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Written {
    /// `[at]`, `(@)`.
    Bracketed,
    /// `AT`, `-at-`.
    Word,
    /// `=40`, of quoted-printable.
    Encoded,
    /// `@`, without or with a space.
    Sign,
    /// `at`, a word as others.
    Small,
}

/// What stands for a sign: its place, and how it is written.
#[derive(Debug, Clone, Copy)]
struct At {
    span: Span,
    written: Written,
}

#[derive(Debug)]
pub(crate) struct Hidden {
    plain: Email,
    score: f32,
    context: Context,
    /// It looks for what stands within words: the sign in quoted-printable.
    encoded: bool,
}

impl Hidden {
    pub fn new(rule: &Rule) -> Hidden {
        Hidden { plain: Email::new(rule), score: rule.score, context: Context::new(rule), encoded: false }
    }

    /// For addresses in quoted-printable.
    pub fn encoded(rule: &Rule) -> Hidden {
        Hidden { encoded: true, ..Hidden::new(rule) }
    }

    fn found(&self, text: &[u8], view: &View<'_>, at: At) -> Option<Match> {
        let meant = Meant::read(text, at)?;
        let own = View { text: &meant.text, hint: view.hint };
        let found = self.plain.found(&own, meant.at)?;
        let (start, end) = (meant.from(found.span.start)?, meant.from(found.span.end - 1)?);
        let span = Span::new(start, end + chars::after(text, end)?.1);
        if meant.plain || !(meant.local_from..=meant.at).contains(&found.span.start) {
            return None;
        }
        let local = &meant.text[found.span.start..meant.at];
        // `sr@latin,ru` is a list of locales.
        if meant.comma
            && local.len() <= LOCALE
            && span.end - 3 == meant.from(found.span.end - 3)?
            && text[span.end - 3] == b','
        {
            return None;
        }
        let known = domain::is_one_of(local, NO_LOCAL);
        let telling = local.iter().any(|b| !b.is_ascii_alphabetic());
        let provider = domain::is_provider(&meant.text[meant.at + 1..]);
        let score = match at.written {
            Written::Bracketed => self.score,
            Written::Word | Written::Encoded => self.score - 0.1,
            // Of what is an address already, more is the better one.
            Written::Sign if !meant.apart && at.span.len() == 1 && self.plain.found(view, at.span.start).is_some() => {
                PLAIN
            }
            Written::Sign if !meant.apart => self.score - 0.1,
            Written::Sign | Written::Small if known => return None,
            Written::Sign if telling || provider => self.score - 0.15,
            Written::Sign => self.context.score(view, span, self.score - 0.4),
            Written::Small => self.context.score(view, span, self.score - 0.45),
        };
        let known = known && at.written != Written::Bracketed;
        (!known).then_some(Match { span, score })
    }
}

impl Detector for Hidden {
    fn kinds(&self) -> Kinds {
        if self.encoded { Kinds::LITERAL } else { Kinds::AT.and(Kinds::LITERAL) }
    }

    fn literals(&self) -> &[&'static str] {
        if self.encoded { ENCODED } else { WORDS }
    }

    fn within_words(&self) -> bool {
        self.encoded
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        let (text, start) = (view.text, anchor.start());
        let at = match anchor {
            Anchor::At(_) => sign(text, start),
            _ if text[start] == b'=' => encoded(text, start),
            _ if text[start].eq_ignore_ascii_case(&b'd') => word_before_dot(text, start),
            _ => start.checked_sub(1).and_then(|open| bracketed(text, open)),
        };
        match at.and_then(|at| self.found(text, view, at)) {
            Some(m) => {
                out.push(m);
                m.span.end
            }
            None => start + 1,
        }
    }
}

/// The `@` at `at`, if something is odd about it or what stands around it.
fn sign(text: &[u8], at: usize) -> Option<At> {
    let (before, after) = (*text.get(at.checked_sub(1)?)?, *text.get(at + 1)?);
    let span = Span::new(at, at + 1);
    match (before, after) {
        (b'(' | b'[' | b'{', b')' | b']' | b'}') => bracketed(text, at - 1),
        (b' ', b' ') => Some(At { span: Span::new(at - 1, at + 2), written: Written::Sign }),
        (b, b' ') if word(b) => Some(At { span: Span::new(at, at + 2), written: Written::Sign }),
        // `see @ana.example` is a handle.
        (b, a) if (word(b) && (word(a) || a >= 0x80) || b == b'\n' || a == b'=') && odd(text, at) => {
            Some(At { span, written: Written::Sign })
        }
        _ => None,
    }
}

/// Whether something is odd about what stands around the `@` at `at`: most addresses are as they should be.
fn odd(text: &[u8], at: usize) -> bool {
    let part = |b: &u8| word(*b) || *b == b'.';
    let start = at - text[..at].iter().rev().take(LOCAL).take_while(|b| part(b)).count();
    let end = at + 1 + text[at + 1..].iter().take(LOCAL).take_while(|b| part(b)).count();
    let broken = text[..start].ends_with(b"=\n") || text[..start].ends_with(b"=\r\n");
    let dotted = text[at..end].ends_with(b".") && text.get(end) == Some(&b' ');
    let spelled = memchr::memmem::find(&text[at..end], b"-dot-").is_some();
    let behind = matches!(
        &text[end..],
        [b',', b'a'..=b'z', ..]
            | [b'=', b'\r' | b'\n', ..]
            | [b' ', b'.' | b'(' | b'[' | b'{' | b'<', ..]
            | [b'(' | b'[' | b'{' | b'<', b'.' | b'd' | b'D' | b'p' | b'P' | b' ', ..]
            | [b' ', b'd' | b'D', b'o' | b'O', b't' | b'T', ..]
            | [0x80..=0xFF, ..]
    );
    broken || dotted || spelled || behind
}

fn word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'+')
}

/// `=40` between letters: an `@` in quoted-printable (RFC 2045 section 6.7).
fn encoded(text: &[u8], at: usize) -> Option<At> {
    let around = |i: Option<&u8>| i.is_some_and(|b| b.is_ascii_alphanumeric());
    let inside = around(text.get(at.checked_sub(1)?)) && around(text.get(at + 3));
    // A query's `?width=400px` is no address.
    let word = text[at.saturating_sub(LOCAL)..at].iter().rev().take_while(|b| word(**b) || **b == b'.').count();
    let query = text[..at - word].last().is_some_and(|b| matches!(b, b'?' | b'&' | b';' | b'"' | b'\''));
    (inside && !query).then_some(At { span: Span::new(at, at + 3), written: Written::Encoded })
}

/// `[at]`, `( at )`, `(@)` from its bracket on, with the spaces around.
fn bracketed(text: &[u8], open: usize) -> Option<At> {
    let end = closed(text, open, &[b"at", b"@", b"arroba"])?;
    Some(At { span: spaced(text, open, end), written: Written::Bracketed })
}

/// Behind the bracket that closes the one at `open`, if one of `words` stands between.
fn closed(text: &[u8], open: usize, words: &[&[u8]]) -> Option<usize> {
    let close = match text.get(open)? {
        b'(' => b')',
        b'[' => b']',
        b'{' => b'}',
        b'<' => b'>',
        _ => return None,
    };
    let inner = &text[open + 1..text.len().min(open + 12)];
    let inner = &inner[..memchr::memchr(close, inner)?];
    let held = inner.trim_ascii();
    words.iter().any(|w| w.eq_ignore_ascii_case(held)).then_some(open + inner.len() + 2)
}

/// `from..to` with up to two spaces on either side.
fn spaced(text: &[u8], from: usize, to: usize) -> Span {
    let before = text[..from].iter().rev().take(2).take_while(|b| **b == b' ').count();
    let after = text[to..].iter().take(2).take_while(|b| **b == b' ').count();
    Span::new(from - before, to + after)
}

/// The nearest `at` before the `dot` of a domain: a word between spaces or hyphens.
fn word_before_dot(text: &[u8], dot: usize) -> Option<At> {
    dot_after(text, spaced(text, dot, dot).start).or_else(|| dot_after(text, dot.checked_sub(1)?))?;
    let from = dot.saturating_sub(FAR);
    (from..dot.saturating_sub(2)).rev().find_map(|i| {
        if let Some(at) = bracketed(text, i) {
            return Some(at);
        }
        let at = text.get(i..i + 2).filter(|w| w.eq_ignore_ascii_case(b"at"))?;
        let (before, after) = (*text.get(i.checked_sub(1)?)?, *text.get(i + 2)?);
        let (span, written) = match (before, after) {
            (b' ', b' ') if at == b"AT" => (spaced(text, i, i + 2), Written::Word),
            (b' ', b' ') => (spaced(text, i, i + 2), Written::Small),
            (b'-', b'-') | (b'_', b'_') => (Span::new(i - 1, i + 3), Written::Word),
            _ => return None,
        };
        // Where all is in capitals, they say nothing.
        let shouted = !text[from..i].iter().chain(&text[i + 2..dot]).any(u8::is_ascii_lowercase);
        Some(At { span, written: if shouted { Written::Small } else { written } })
    })
}

/// Behind what stands for a dot at `i`, and whether it is one that could be no other; `None`: nothing does.
fn dot_after(text: &[u8], i: usize) -> Option<(usize, bool)> {
    let rest = text.get(i..)?;
    let blank = rest.iter().take(2).take_while(|b| **b == b' ').count();
    let inner = rest.get(blank..)?;
    if let Some(end) = closed(text, i + blank, &[b"dot", b".", b"punkt", b"punto", b"ponto", b"point"]) {
        return Some((spaced(text, i, end).end, true));
    }
    let named = |w: &[u8]| inner.get(..w.len()).is_some_and(|t| t.eq_ignore_ascii_case(w));
    let behind = |n: usize| inner.get(n).copied().unwrap_or(0);
    let end = i + blank;
    match inner.first()? {
        b'.' if blank == 0 && behind(1) != b' ' => Some((i + 1, false)),
        b'.' if blank > 0 => Some((end + 1 + usize::from(behind(1) == b' '), true)),
        b'.' if ending(inner.get(2..)?) => Some((end + 2, true)),
        b',' if blank == 0 && ending(inner.get(1..)?) => Some((end + 1, true)),
        b'-' | b'_' if named(&[b"-dot-", b"_dot_"][usize::from(inner[0] == b'_')][..]) => Some((end + 5, true)),
        _ if blank > 0 && named(b"dot ") => Some((spaced(text, i, end + 3).end, true)),
        _ => None,
    }
}

/// Whether `rest` begins with an ending that domains commonly have, and no word goes on behind it.
fn ending(rest: &[u8]) -> bool {
    let letters = rest.iter().take(8).take_while(|b| b.is_ascii_alphabetic()).count();
    let apart = rest.get(letters).is_none_or(|b| !b.is_ascii_alphanumeric() && *b != b'-' && *b < 0x80);
    rest[..letters].iter().all(u8::is_ascii_lowercase) && domain::is_one_of(&rest[..letters], ENDINGS) && apart
}

/// An address as it was meant.
#[derive(Debug, Default)]
struct Meant {
    text: Vec<u8>,
    /// By byte of `text`: where it came from.
    back: Vec<usize>,
    /// Where the local part may begin, and the sign.
    local_from: usize,
    at: usize,
    /// Nothing in it is odd.
    plain: bool,
    /// A space stands beside the sign, and nothing else is odd.
    apart: bool,
    /// A comma stands for a dot.
    comma: bool,
}

impl Meant {
    fn read(text: &[u8], at: At) -> Option<Meant> {
        let mut meant = Meant::default();
        let mut odd = meant.local(text, at.span.start, at.span.len() > 1);
        meant.at = meant.text.len();
        meant.push(b'@', at.span.start);
        odd |= meant.domain(text, at.span.end)?;
        meant.apart = !odd && at.span.len() > 1;
        meant.plain = !odd && at.written == Written::Sign && at.span.len() == 1;
        Some(meant)
    }

    fn push(&mut self, byte: u8, from: usize) {
        self.text.push(byte);
        self.back.push(from);
    }

    fn from(&self, at: usize) -> Option<usize> {
        self.back.get(at).copied()
    }

    /// Writes out what stands before `end` back to where the local part begins, and some bytes more.
    /// `apart`: dots may have spaces around them.
    fn local(&mut self, text: &[u8], end: usize, apart: bool) -> bool {
        let (mut at, mut odd) = (end, false);
        // From the back: bytes and where they came from.
        let mut parts: Vec<(u8, usize)> = Vec::new();
        while end - at <= LOCAL + CONTEXT && at > 0 {
            if let Some(start) = soft_break_before(text, at) {
                (at, odd) = (start, true);
            } else if let Some(start) = dot_before(text, at).filter(|_| at < end && apart) {
                parts.push((b'.', start));
                (at, odd) = (start, true);
            } else if let Some((c, n)) = chars::before(text, at).filter(|(c, _)| super::is_plain(*c)) {
                let _ = c;
                (1..=n).for_each(|k| parts.push((text[at - k], at - k)));
                at -= n;
            } else {
                break;
            }
        }
        (at.saturating_sub(CONTEXT)..at).for_each(|i| self.push(text[i], i));
        self.local_from = self.text.len();
        parts.iter().rev().for_each(|(b, from)| self.push(*b, *from));
        odd
    }

    /// Writes out the labels from `start` on, and some bytes more. Whether something is odd; `None`: there is no dot.
    fn domain(&mut self, text: &[u8], start: usize) -> Option<bool> {
        let (mut at, mut odd, mut dots) = (start, false, 0);
        let mut label = self.text.len();
        while dots < LABELS && at - start < 2 * LOCAL {
            if let Some(end) = soft_break(text, at) {
                (at, odd) = (end, true);
                continue;
            }
            match chars::after(text, at) {
                Some((c, n)) if c == '-' && !text[at..].starts_with(b"-dot-") || chars::in_name(c) => {
                    (at..at + n).for_each(|i| self.push(text[i], i));
                    at += n;
                }
                _ => {
                    odd |= self.latin(label);
                    let Some((end, sure)) = dot_after(text, at).filter(|_| self.text.len() > label) else { break };
                    if !chars::after(text, end).is_some_and(|(c, _)| chars::in_name(c)) {
                        break;
                    }
                    self.push(b'.', at);
                    self.comma |= text[at] == b',';
                    (at, odd, dots, label) = (end, odd | sure, dots + 1, self.text.len());
                }
            }
        }
        odd |= self.latin(label);
        // What follows, as far as it tells a path or a call.
        (at..text.len().min(at + 16)).for_each(|i| self.push(text[i], i));
        (dots > 0).then_some(odd)
    }

    /// Makes Latin letters of those that only look so, in the label from `from` on: if it has both, or is an ending so. Whether it did.
    fn latin(&mut self, from: usize) -> bool {
        let label = &self.text[from..];
        if label.is_ascii() {
            return false;
        }
        let Ok(written) = std::str::from_utf8(label) else { return false };
        let Some(meant) = written.chars().map(looks_like).collect::<Option<String>>() else { return false };
        let mixed = written.bytes().any(|b| b.is_ascii_alphabetic());
        if !mixed && !domain::is_public(meant.as_bytes()) {
            return false;
        }
        let starts: Vec<usize> = written.char_indices().map(|(i, _)| self.back[from + i]).collect();
        self.text.truncate(from);
        self.back.truncate(from);
        meant.bytes().zip(starts).for_each(|(b, at)| self.push(b, at));
        true
    }
}

/// Where what stands for a dot before `end` begins, if it is a word or has spaces around it: `ida . berg`, `ida [dot] berg`.
fn dot_before(text: &[u8], end: usize) -> Option<usize> {
    (end.saturating_sub(9)..end).find(|&start| {
        let odd = text[start] != b'.' && text[start] != b',';
        odd && dot_after(text, start).is_some_and(|(to, sure)| sure && to == end)
            && chars::before(text, start).is_some_and(|(c, _)| chars::in_name(c))
    })
}

/// Behind the soft line break of quoted-printable at `at` (RFC 2045 section 6.7).
fn soft_break(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?.strip_prefix(b"=")?;
    let n = if rest.starts_with(b"\r\n") { 2 } else { usize::from(rest.starts_with(b"\n")) };
    (n > 0).then_some(at + 1 + n)
}

/// Where the soft line break that ends at `at` begins.
fn soft_break_before(text: &[u8], at: usize) -> Option<usize> {
    (at.saturating_sub(3)..at).find(|i| soft_break(text, *i) == Some(at))
}

/// The Latin letter that a character looks like (Unicode's confusables, UTS 39, as far as domains are forged with them); an ASCII
/// character for itself.
fn looks_like(c: char) -> Option<char> {
    Some(match c {
        c if c.is_ascii() => c,
        'а' | 'α' => 'a',
        'в' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ҽ' => 'e',
        'ɡ' => 'g',
        'һ' => 'h',
        'і' | 'ι' | 'ı' => 'i',
        'ј' => 'j',
        'κ' | 'к' => 'k',
        'ӏ' => 'l',
        'м' => 'm',
        'п' | 'ո' => 'n',
        'о' | 'ο' | 'օ' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'г' => 'r',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'ս' => 'u',
        'ν' | 'ѵ' => 'v',
        'ԝ' | 'ѡ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        _ => return None,
    })
}
