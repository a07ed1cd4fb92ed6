//! What four numbers with dots are when they are no address: a version, a section, an object id.

use super::quad;
use super::version::{self, RESOLVERS};
use crate::detect::chars;
use crate::model::Span;

/// Words before four numbers that make them a version, a section or an object id.
const NUMBERED: &[&str] = &[
    "appendix",
    "article",
    "subclause",
    "subsection",
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
    "versionadded",
    "versionchanged",
    "deprecated",
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

/// What stands before `span` on its line, a few words at most.
pub(super) fn lead(text: &[u8], span: Span) -> &[u8] {
    let lead = &text[span.start.saturating_sub(32)..span.start];
    &lead[memchr::memrchr(b'\n', lead).map_or(0, |i| i + 1)..]
}

/// The numbers of a dotted `value`.
pub(super) fn numbers(value: &[u8]) -> Vec<u16> {
    value.split(|b| *b == b'.').map(|n| n.iter().fold(0, |n, d| n * 10 + u16::from(d - b'0'))).collect()
}

/// Whether all four numbers are low, or they count like a version's.
pub(super) fn is_low(value: &[u8]) -> bool {
    let numbers = numbers(value);
    numbers.iter().all(|n| *n < 40) || version::counts(&numbers, value)
}

/// Whether four numbers count something: a version, a section, an object id. Where context words stand near, they say more.
pub(super) fn is_numbering(text: &[u8], span: Span) -> bool {
    let value = &text[span.range()];
    let lead = lead(text, span);
    let numbers = numbers(value);
    let small = numbers.iter().all(|n| *n < 40);
    // The X.500 arc: modules, attributes, syntaxes, object classes, algorithms, matching rules, operational ones, certificate extensions (X.501 annex A).
    let directory = value.starts_with(b"2.5.")
        && [1, 4, 5, 6, 8, 12, 13, 17, 18, 20, 21, 23, 29].contains(&numbers[2])
        && numbers[3] < 130;
    if is_logged(&text[span.end..]) {
        return false;
    }
    let id = directory || OBJECT_IDS.iter().any(|p| value.starts_with(p.as_bytes()));
    let product = matches!(lead, [.., a, b'/'] if a.is_ascii_alphabetic()) && numbers[1..3].contains(&0);
    let counts = version::counts(&numbers, value);
    let compared = [&b"=="[..], "≤".as_bytes(), "≥".as_bytes(), b">=", b"<=", b"~=", b"!=", b"~>", b"^", b"~"]
        .iter()
        .any(|op| trim_quotes(lead).ends_with(op))
        // Code compares addresses, too: `host == "10.0.0.1"`. A requirement has low numbers, or no space.
        && (counts || trim_quotes(lead).len() == lead.len());
    let after = &text[span.end..];
    let heading =
        (small || counts) && (is_heading(text, span, lead) || is_entry(lead, after) || is_reference(text, span, lead));
    let told = (small || counts) && (follows_passage(lead) || precedes_release(after) || precedes_sections(after));
    let low = numbers[0] < 20 && numbers[0] != 10 && !RESOLVERS.iter().any(|r| value == r.as_bytes());
    let package = low
        && (is_revision(after, small || numbers[0] == 0, numbers[3])
            || small && lead.ends_with(b">") && is_title(after));
    let version = counts && (version::is_named(text, span) || is_dated(text, span, lead) || is_part(lead, after));
    id || product || compared || heading || told || package || version || among_strokes(text, span)
}

/// An entry of a table of contents in markup: `>2.4.6.5. Name`, `title="2.4.6.5. Name"`, `(2.4.6.5. Name)`.
fn is_entry(lead: &[u8], after: &[u8]) -> bool {
    let titled = after.strip_prefix(b".").is_some_and(is_title);
    match lead.last() {
        Some(b'>') => after.starts_with(b". ") || is_title(after) && lead.ends_with(b"a>"),
        Some(b'(') => titled,
        Some(b'"') => titled || is_title(after) && !is_request(after) && !after[1].is_ascii_digit(),
        _ => ["</a> ", "` ", "“"].iter().any(|m| lead.ends_with(m.as_bytes())) && is_title(after),
    }
}

/// Whether a server's log in the common format goes on: ` - ana [20/Jan/2024:01:17:07 +0100]`.
fn is_logged(after: &[u8]) -> bool {
    let after = &after[..after.len().min(48)];
    after.starts_with(b" - ")
        && memchr::memchr(b'[', after).is_some_and(|i| after.get(i + 1).is_some_and(u8::is_ascii_digit))
}

/// What stands behind an address in a server's log.
fn is_request(after: &[u8]) -> bool {
    [&b" Mozilla"[..], b" GET", b" POST", b" PUT", b" HEAD", b" DELETE", b" HTTP"].iter().any(|w| after.starts_with(w))
}

/// A release as a part of a name: `RelNotes/1.7.7.1`, `com.example:quill:2.4.0.16`, `rv:1.9.2.28)`.
fn is_part(lead: &[u8], after: &[u8]) -> bool {
    let word = &lead[lead.iter().rposition(|b| matches!(b, b' ' | b'\'' | b'"' | b'(')).map_or(0, |i| i + 1)..];
    let addressed = matches!(after, [b':' | b'/', b, ..] if b.is_ascii_digit());
    let path = matches!(word, [.., a, b'/'] if a.is_ascii_alphabetic()) && !word.contains(&b':');
    let package = word.ends_with(b":") && word.iter().filter(|b| **b == b':').count() == 2 && word.contains(&b'.');
    !addressed && (path || package || word.ends_with(b"rv:"))
}

/// A section of a standard at the head of a comment: `// [23.2.1.2] modifiers`, `/* 8.4.26.1 */`, `/// 21.1.3.1  traits`.
fn is_reference(text: &[u8], span: Span, lead: &[u8]) -> bool {
    let (bare, bracket) = lead.strip_suffix(b"[").map_or((lead, false), |l| (l, true));
    let closed = !bracket || text[span.end..].starts_with(b"]");
    let spaced = bare.trim_ascii_end();
    let opens = span.start == lead.len() || text[span.start - lead.len() - 1] == b'\n';
    let marks =
        bracket && opens && spaced.iter().all(|b| matches!(b, b' ' | b'\t' | b'/' | b'*' | b';')) && !spaced.is_empty();
    bracket && closed && is_comment(text, span.start)
        || closed && spaced.len() < bare.len() && (marks || spaced.ends_with(b"//") || spaced.ends_with(b"/*"))
}

/// Whether the line of `at` is a comment of source text: `/// class codecvt [22.2.1.6].`
fn is_comment(text: &[u8], at: usize) -> bool {
    let window = &text[at.saturating_sub(96)..at];
    let Some(line) = memchr::memrchr(b'\n', window).map_or((at < 96).then_some(0), |i| Some(i + 1)) else {
        return false;
    };
    let line = window[line..].trim_ascii_start();
    line.starts_with(b"//") || line.starts_with(b"/*") || line.starts_with(b"* ")
}

/// Sections of fewer parts behind it in a list: `2.1.1.2, 3.1.1, and 5.3.1`.
fn precedes_sections(after: &[u8]) -> bool {
    let Some(rest) = after.strip_prefix(b", ") else { return false };
    let rest = rest.strip_prefix(b"and ").unwrap_or(rest);
    let word = &rest[..rest.iter().take(12).take_while(|b| b.is_ascii_digit() || **b == b'.').count()];
    let dots = word.trim_ascii_end().iter().filter(|b| **b == b'.').count() - usize::from(word.ends_with(b"."));
    matches!(dots, 1 | 2) && word[0] != b'.'
}

/// A release and its day: `2014-11-18 (3.8.7.2)`, and at the start of a line `0.11.1.7 2003-04-07` with nothing behind.
fn is_dated(text: &[u8], span: Span, lead: &[u8]) -> bool {
    let after = &text[span.end..];
    let behind = lead.strip_suffix(b" (").is_some_and(|l| l.len() >= 10 && is_day(&l[l.len() - 10..]));
    let opens = lead.trim_ascii().is_empty() || lead.trim_ascii() == b"*" || lead.trim_ascii() == b"#";
    let day = after.strip_prefix(b" (").or(after.strip_prefix(b" - ")).or(after.strip_prefix(b" ")).unwrap_or(b"");
    // With a time it is a log.
    let ends = |rest: &[u8]| !matches!(rest, [b'T', ..] | [b' ', b'0'..=b'9', ..]);
    behind && after.starts_with(b")") || opens && day.len() >= 10 && is_day(&day[..10]) && ends(&day[10..])
}

/// `2014-11-18`.
fn is_day(text: &[u8]) -> bool {
    text.iter().enumerate().all(|(i, b)| if matches!(i, 4 | 7) { *b == b'-' } else { b.is_ascii_digit() })
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
        plain
            && word.len() > 3
            && !word.ends_with(b".")
            && (dots == 2 || signed && dots > 0)
            && quad(word, 0, &["."]).is_none()
    };
    let between = |b: &u8| matches!(b, b' ' | b',');
    let before = &text[span.start.saturating_sub(16)..span.start];
    let before = before.split_last().filter(|(b, _)| between(b)).map_or(&b""[..], |(_, rest)| rest);
    let before = before.rsplit(between).next().unwrap_or(b"");
    let after = &text[span.end..text.len().min(span.end + 16)];
    let after = after.split_first().filter(|(b, _)| between(b)).map_or(&b""[..], |(_, rest)| rest);
    let after = after.split(between).next().unwrap_or(b"");
    let number = |word: &[u8]| {
        word.iter().any(u8::is_ascii_digit)
            && word.first().is_some_and(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'))
    };
    number(before) && number(after) && (stroke(before) || stroke(after))
}

fn trim_quotes(lead: &[u8]) -> &[u8] {
    let end = lead.iter().rposition(|b| !matches!(b, b' ' | b'"' | b'\'' | b'`')).map_or(0, |i| i + 1);
    &lead[..end]
}

/// Whether the last word before `span` says that a version or a section follows; where low numbers open a line, that of the line before.
pub(super) fn is_announced(text: &[u8], span: Span) -> bool {
    let (value, here) = (&text[span.range()], lead(text, span));
    let opens = here.iter().all(|b| matches!(b, b' ' | b'\t' | b'*' | b'#' | b'/' | b';'));
    let from = span.start - here.len();
    let small = || value.split(|b| *b == b'.').all(|n| n.len() == 1 || n.len() == 2 && n[0] < b'4');
    if opens && from > 1 && text[from - 1] == b'\n' && small() {
        let end = from - 1;
        return follows(lead(text, Span::new(end, end)), value);
    }
    follows(here, value)
}

/// Whether the last word of `lead` says that a version or a section follows.
fn follows(lead: &[u8], value: &[u8]) -> bool {
    let lead = String::from_utf8_lossy(lead).to_lowercase();
    if lead.ends_with('§') || lead.ends_with("§ ") {
        return true;
    }
    // Between the word and the number stand quotes, `=`, `:`, and at most one small word (`version is`, `release of`).
    let mut words = lead.rsplit(|c: char| !chars::is_letter(c)).filter(|w| !w.is_empty());
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
    let standard =
        lead.iter().rposition(|b| !(b.is_ascii_digit() || matches!(b, b' ' | b'.' | b'-'))).map_or(0, |i| i + 1);
    lead[..bare].ends_with(b"rfc")
        || lead[..standard].ends_with(b"ieee")
        || memchr::memmem::find(&lead[standard..], b"802.1").is_some()
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
    if is_request(line) {
        return false;
    }
    // `8.3.1.5.  switch`
    let dotted = matches!(text[span.end..], [b'.', b' ', b, ..] if b == b' ' || b.is_ascii_uppercase() || b >= 0x80)
        && !text[span.start..].starts_with(b"10.");
    // In a comment the number may stand alone.
    let comment = lead.iter().any(|b| matches!(b, b'/' | b'#')) && title.is_empty();
    let titled =
        (line.starts_with(b" ") || line.starts_with(b"\t")) && title.first().is_some_and(u8::is_ascii_uppercase);
    opens && marks && (comment || titled || dotted && !title.is_empty())
}
