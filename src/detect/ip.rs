//! IP_ADDRESS, version 4: four numbers to 255 with dots, told apart from versions, section numbers and object ids.
//! Version 6 is in [`v6`].

pub(super) mod v6;

use super::anchors::{Anchor, Kinds};
use super::context::Context;
use super::{Detector, Match, View, chars};
use crate::model::Span;
use crate::patterns::Rule;

/// Words before four numbers that make them a version, a section or an object id.
const NUMBERED: &[&str] = &[
    "appendix",
    "article",
    "build",
    "chapter",
    "clause",
    "fig",
    "figure",
    "firmware",
    "oid",
    "para",
    "release",
    "released",
    "releases",
    "rev",
    "revision",
    "sec",
    "section",
    "sections",
    "table",
    "upgrade",
    "v",
    "ver",
    "version",
    "versions",
    "bump",
    "bumped",
    "downgrade",
    "update",
    "updated",
    "upgraded",
    "chrome",
    "firefox",
    "safari",
    "opera",
    "glibc",
    "openssl",
    "versione",
];
/// The same in other languages.
const NUMBERED_ELSEWHERE: &[&str] = &[
    "aktualizacja",
    "wersja",
    "wersji",
    "wersję",
    "verze",
    "versie",
    "versio",
    "sürüm",
    "версия",
    "версии",
    "версію",
    "versión",
    "versão",
    "版本",
    "バージョン",
    "버전",
];

/// Object identifiers with four numbers that certificates and directories are full of: how they begin.
const OBJECT_IDS: &[&str] = &["1.2.840.", "1.3.6.1", "1.3.14.", "1.3.101.", "1.3.132.", "2.16.840.", "2.23.1"];

/// Name servers that everyone writes of: low numbers, yet addresses.
const RESOLVERS: &[&str] = &["1.1.1.1", "1.0.0.1", "8.8.8.8", "8.8.4.4", "9.9.9.9"];

/// Names under which an address stands written as a host name.
const AS_NAME: &[&str] = &[".in-addr.arpa", ".nip.io", ".sslip.io", ".xip.io"];

/// The separators of an address: the dot, and the forms that keep programs from linking it.
const DEFANGED: &[&str] = &["[.]", "(.)", "{.}", "[dot]", "(dot)"];

#[derive(Debug)]
pub(crate) struct V4 {
    score: f32,
    context: Context,
}

impl V4 {
    pub fn new(rule: &Rule) -> V4 {
        V4 { score: rule.score, context: Context::new(rule) }
    }
}

impl Detector for V4 {
    fn kinds(&self) -> Kinds {
        Kinds::DOTS
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        let text = view.text;
        let dot = anchor.start();
        let start = dot - digits_before(text, dot);
        let Some(span) = quad(text, start, &["."]) else { return dot + 1 };
        if !bounded(text, span) {
            return dot + 1;
        }
        let near = self.context.near(view, span);
        if follows(lead(text, span), &text[span.range()]) || (!near && is_numbering(text, span)) {
            return dot + 1;
        }
        let score = if near { self.context.raised(self.score) } else { self.score };
        out.push(Match { span, score });
        span.end
    }
}

/// `198[.]51[.]100[.]23`: nobody writes anything else this way.
#[derive(Debug)]
pub(crate) struct Defanged {
    score: f32,
}

impl Defanged {
    pub fn new(rule: &Rule) -> Defanged {
        Defanged { score: rule.score }
    }
}

impl Detector for Defanged {
    fn kinds(&self) -> Kinds {
        Kinds::LITERAL
    }

    fn literals(&self) -> &[&'static str] {
        DEFANGED
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        let (text, at) = (view.text, anchor.start());
        // The first of the separators may be a plain dot: `198.51[.]100[.]23`.
        let mut start = at - digits_before(text, at);
        while start > 1 && start > at.saturating_sub(12) && text[start - 1] == b'.' {
            let n = digits_before(text, start - 1);
            if n == 0 {
                break;
            }
            start -= n + 1;
        }
        let all: Vec<&str> = ["."].iter().chain(DEFANGED).copied().collect();
        match quad(text, start, &all) {
            Some(span) if span.end > at && bounded(text, span) && !numbers_go_on(text, span) => {
                out.push(Match { span, score: self.score });
                span.end
            }
            _ => at + 1,
        }
    }
}

/// Whether a further number with a defanged dot stands on either side.
fn numbers_go_on(text: &[u8], span: Span) -> bool {
    let digit = |b: Option<&u8>| b.is_some_and(u8::is_ascii_digit);
    DEFANGED.iter().any(|d| {
        text[span.end..].strip_prefix(d.as_bytes()).is_some_and(|r| digit(r.first()))
            || text[..span.start].strip_suffix(d.as_bytes()).is_some_and(|r| digit(r.last()))
    })
}

/// How many digits stand right before `at`; more than four are not counted.
fn digits_before(text: &[u8], at: usize) -> usize {
    text[..at].iter().rev().take(4).take_while(|b| b.is_ascii_digit()).count()
}

/// Four numbers from `start` on with one of `separators` between two; longer separators stand later in the list.
fn quad(text: &[u8], start: usize, separators: &[&str]) -> Option<Span> {
    let (mut at, mut padded) = (start, 0);
    for part in 0..4 {
        if part > 0 {
            let rest = &text[at..];
            let is_next = |s: &&&str| rest.get(..s.len()).is_some_and(|r| r.eq_ignore_ascii_case(s.as_bytes()));
            at += separators.iter().rev().find(is_next)?.len();
        }
        let digits = text[at..].iter().take(4).take_while(|b| b.is_ascii_digit()).count();
        let number = text[at..at + digits].iter().fold(0u16, |n, d| n * 10 + u16::from(d - b'0'));
        if digits == 0 || digits > 3 || number > 255 {
            return None;
        }
        if digits > 1 && text[at] == b'0' {
            padded += 1;
        }
        at += digits;
    }
    // A leading zero is a version's or an error, unless numbers are padded throughout (`010.001.002.003`).
    let whole = at - start == 15 && padded >= 2 && (start == 0 || text[start - 1] != b':');
    (padded == 0 || whole).then_some(Span::new(start, at))
}

/// Whether nothing goes on right before or after: no word, no further number.
fn bounded(text: &[u8], span: Span) -> bool {
    if chars::word_before(text, span.start) || chars::word_after(text, span.end) {
        return false;
    }
    let before = &text[..span.start];
    // `so.1.2.3.4`, `9.1.2.3.4`, `foo-1.2.3.4`; but `...1.2.3.4` and `x - 1.2.3.4`.
    let glued = match before {
        [.., a, b'.'] => a.is_ascii_alphanumeric() || *a == b'_',
        [.., a, b'-' | b'+'] => a.is_ascii_alphabetic(),
        _ => false,
    };
    let after = &text[span.end..];
    let goes_on = match after {
        [b'.', b, ..] if b.is_ascii_lowercase() => !AS_NAME.iter().any(|n| after.starts_with(n.as_bytes())),
        [b'.', b, ..] => b.is_ascii_digit() || *b == b'_',
        [b'-' | b'+', b, ..] => b.is_ascii_alphabetic(),
        _ => false,
    };
    !(glued || goes_on)
}

/// What stands before `span` on its line, a few words at most.
fn lead(text: &[u8], span: Span) -> &[u8] {
    let lead = &text[span.start.saturating_sub(32)..span.start];
    &lead[memchr::memrchr(b'\n', lead).map_or(0, |i| i + 1)..]
}

/// Whether four numbers count something: a version, a section, an object id. Where context words stand near, they say more.
fn is_numbering(text: &[u8], span: Span) -> bool {
    let value = &text[span.range()];
    let lead = lead(text, span);
    let numbers: Vec<u16> =
        value.split(|b| *b == b'.').map(|n| n.iter().fold(0, |n, d| n * 10 + u16::from(d - b'0'))).collect();
    let small = numbers.iter().all(|n| *n < 40);
    // The X.500 arc has some fifty branches with low numbers in each.
    let directory = value.starts_with(b"2.5.") && numbers[2] < 50 && numbers[3] < 130;
    let id = directory || OBJECT_IDS.iter().any(|p| value.starts_with(p.as_bytes()));
    let product = matches!(lead, [.., a, b'/'] if a.is_ascii_alphabetic()) && numbers[1..3].contains(&0);
    let compared =
        [&b"=="[..], b">=", b"<=", b"~=", b"!=", b"~>", b"^", b"~"].iter().any(|op| trim_quotes(lead).ends_with(op));
    let heading = small && is_heading(text, span, lead);
    let told = small && (follows_passage(lead) || precedes_release(&text[span.end..]));
    let low = numbers[0] < 20 && numbers[0] != 10 && !RESOLVERS.iter().any(|r| value == r.as_bytes());
    let after = &text[span.end..];
    let package = low
        && (is_revision(after, small || numbers[0] == 0, numbers[3])
            || small && lead.ends_with(b">") && is_title(after));
    id || product || compared || heading || told || package || among_strokes(text, span)
}

/// `1.2.5.1-2`, `2.6.1.85-423d-3`: a package's revision, where a range would go up (`192.0.2.1-50`). `last` is the fourth number.
fn is_revision(after: &[u8], small: bool, last: u16) -> bool {
    let Some(rest) = after.strip_prefix(b"-") else { return false };
    let digits = rest.iter().take(4).take_while(|b| b.is_ascii_digit()).count();
    let number = rest[..digits].iter().fold(0, |n, d| n * 10 + u16::from(d - b'0'));
    let range = quad(rest, 0, &["."]).is_some() || !small && number > last && number < 256;
    digits > 0 && !range
}

/// A title behind the number of a section in a table of contents' markup: `>7.1.1.2 <code>`.
fn is_title(after: &[u8]) -> bool {
    matches!(after, [b' ', b, ..] if b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'<')
}

/// Whether a neighbour shows that decimals are written without spaces, as in the path of a drawing: `2.83-2.12 3.51.98.32 2.03.5`.
fn among_strokes(text: &[u8], span: Span) -> bool {
    let stroke = |word: &[u8]| {
        let dots = word.iter().filter(|b| **b == b'.').count();
        let signed = word.windows(2).any(|w| w[0].is_ascii_digit() && w[1] == b'-');
        let plain = word.iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
        plain && word.len() > 3 && (dots == 2 || signed && dots > 0) && quad(word, 0, &["."]).is_none()
    };
    let before = text[span.start.saturating_sub(16)..span.start].strip_suffix(b" ").unwrap_or(b"");
    let before = before.rsplit(|b| *b == b' ').next().unwrap_or(b"");
    let after = &text[span.end..text.len().min(span.end + 16)];
    let after = after.strip_prefix(b" ").unwrap_or(b"").split(|b| *b == b' ').next().unwrap_or(b"");
    let number = |word: &[u8]| word.first().is_some_and(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    number(before) && number(after) && (stroke(before) || stroke(after))
}

fn trim_quotes(lead: &[u8]) -> &[u8] {
    let end = lead.iter().rposition(|b| !matches!(b, b' ' | b'"' | b'\'' | b'`')).map_or(0, |i| i + 1);
    &lead[..end]
}

/// Whether the last word of `lead` says that a version or a section follows.
fn follows(lead: &[u8], value: &[u8]) -> bool {
    let lead = String::from_utf8_lossy(lead).to_lowercase();
    if lead.ends_with('§') || lead.ends_with("§ ") {
        return true;
    }
    // Between the word and the number stand quotes, `=`, `:`, and at most one small word (`version is`, `release of`).
    let mut words = lead.rsplit(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty());
    let numbered =
        |w: &str| NUMBERED.iter().chain(NUMBERED_ELSEWHERE).any(|n| w == *n || (n.len() > 6 && w.ends_with(n)));
    match words.next() {
        Some(w) if numbered(w) => true,
        Some("is" | "to" | "of" | "from" | "number" | "no" | "string" | "code") => {
            // `update from 192.0.2.7` names a host: versions begin low.
            value.iter().position(|b| *b == b'.').is_some_and(|n| n < 3) && words.next().is_some_and(numbered)
        }
        _ => false,
    }
}

/// `RFC 7540 8.1.2.4`, `fixes since 1.5.5.5`, `broken in 1.6.0.1`.
fn follows_passage(lead: &[u8]) -> bool {
    let lead = lead.trim_ascii_end().to_ascii_lowercase();
    let bare = lead.iter().rposition(|b| !(b.is_ascii_digit() || *b == b' ')).map_or(0, |i| i + 1);
    lead[..bare].ends_with(b"rfc")
        || [&b" since"[..], b" in", b" until", b" before", b" kernel", b" linux", b" will be"]
            .iter()
            .any(|w| lead.ends_with(w))
}

/// `1.7.3.5 Release Notes`, `1.7.3.5 was released`.
fn precedes_release(after: &[u8]) -> bool {
    let after = after[..after.len().min(16)].to_ascii_lowercase();
    memchr::memmem::find(&after, b"release").is_some()
}

/// Whether `span` opens a line as a section number does: `1.2.3.4 Title`, `## 1.2.3.4. Title`.
fn is_heading(text: &[u8], span: Span, lead: &[u8]) -> bool {
    let opens = span.start < 33 || text[span.start - lead.len() - 1] == b'\n';
    let marks = lead.iter().all(|b| matches!(b, b' ' | b'\t' | b'#' | b'*' | b'=' | b'/'));
    let rest = &text[span.end..];
    let rest = rest.strip_prefix(b".").unwrap_or(rest);
    let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
    let title = line.trim_ascii();
    // In a comment the number may stand alone.
    let comment = lead.iter().any(|b| matches!(b, b'/' | b'#')) && title.is_empty();
    opens && marks && (comment || (line.starts_with(b" ") && title.first().is_some_and(u8::is_ascii_uppercase)))
}
