//! A cue's text: who says it, and the text without its tags.

use super::block::Dialect;
use crate::model::Span;
use crate::model::record::{Record, TextRef};
use memchr::{memchr, memchr3};

/// What one speaker says in a cue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Said {
    /// The speaker's name, where it is given.
    pub speaker: Option<Span>,
    /// The text, with tags.
    pub text: Span,
}

impl Said {
    /// The speaker's name; empty if none is given.
    pub fn name<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        self.speaker.map_or(&[], |s| bytes[s.range()].trim_ascii())
    }

    /// Whether `speaker` may be the one who goes on here: no name is given, or theirs.
    pub fn continues(&self, bytes: &[u8], speaker: &[u8]) -> bool {
        let name = self.name(bytes);
        name.is_empty() || name == speaker
    }

    /// Whether it ends as if a number, or an address behind its `@`, went on.
    pub fn goes_on(&self, bytes: &[u8]) -> bool {
        may_go_on(&bytes[self.text.range()])
    }

    /// Whether it begins as such a number's rest would.
    pub fn begins_on(&self, bytes: &[u8], before: &[u8]) -> bool {
        let mut text = &bytes[self.text.range()];
        loop {
            text = text.trim_ascii_start();
            match tag(text, 0) {
                Some(end) => text = &text[end..],
                None => break,
            }
        }
        if tail(before).ends_with(b"@") {
            return text.first().is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80);
        }
        let sign = text.iter().take_while(|b| b"-.(+ /".contains(b)).count();
        first_char(&text[sign..]).is_some_and(char::is_numeric)
    }
}

/// `text` without white space and tags at its end.
pub(crate) fn tail(mut text: &[u8]) -> &[u8] {
    loop {
        text = text.trim_ascii_end();
        let open = match text.last() {
            Some(b'>') => text.iter().rev().take(TAG).position(|b| *b == b'<'),
            Some(b'}') => text.iter().rev().take(TAG).position(|b| *b == b'{'),
            _ => None,
        };
        match open.map(|n| text.len() - n - 1) {
            Some(at) if tag(text, at) == Some(text.len()) => text = &text[..at],
            _ => return text,
        }
    }
}

/// Whether `text` ends as if a number, or an address behind its `@`, went on: in a digit, or a sign after one. Behind a full
/// stop nothing goes on.
pub(crate) fn may_go_on(text: &[u8]) -> bool {
    if text.last().is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'.' | b'?' | b'!')) {
        return false;
    }
    let text = tail(text);
    let Some((last, before)) = text.split_last() else { return false };
    match last {
        b'+' => true,
        b'@' => before.last().is_some_and(|b| b.is_ascii_alphanumeric() || *b >= 0x80),
        b'-' | b',' | b'/' | b'(' | b')' => last_char(before.trim_ascii_end()).is_some_and(char::is_numeric),
        b if b.is_ascii() => b.is_ascii_digit(),
        _ => {
            // Letters of two bytes, but those of the pages with Latin and Arabic digits: of these, the digits' own.
            let two = before.last().is_some_and(|b| matches!(b, 0xC3..=0xD8 | 0xDA));
            let arabic = before.last() == Some(&0xD9) && !matches!(last, 0xA0..=0xA9);
            !two && !arabic && last_char(text).is_some_and(char::is_numeric)
        }
    }
}

fn last_char(text: &[u8]) -> Option<char> {
    let start = (text.len().saturating_sub(4)..text.len()).rev().find(|i| text[*i] & 0xC0 != 0x80)?;
    std::str::from_utf8(&text[start..]).ok()?.chars().next()
}

fn first_char(text: &[u8]) -> Option<char> {
    let len = (1..=4.min(text.len())).find(|n| text.get(*n).is_none_or(|b| b & 0xC0 != 0x80))?;
    std::str::from_utf8(&text[..len]).ok()?.chars().next()
}

/// No tag is longer.
const TAG: usize = 128;

/// The end of the tag at `at`. What could be an address in angle brackets is none.
fn tag(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at..text.len().min(at + TAG)];
    let close = match rest.first()? {
        b'<' => b'>',
        b'{' if rest.get(1) == Some(&b'\\') => b'}',
        _ => return None,
    };
    let end = memchr(close, rest)?;
    let inner = &rest[1..end];
    if inner.iter().any(|b| matches!(b, b'@' | b'<' | b'\n' | b'\r')) {
        return None;
    }
    let name = inner.strip_prefix(b"/").unwrap_or(inner);
    let len = name.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let known = [&b"i"[..], b"b", b"u", b"s", b"c", b"v", b"ruby", b"rt", b"lang", b"font"]
        .iter()
        .any(|n| n.eq_ignore_ascii_case(&name[..len]));
    let bounded = matches!(name.get(len), None | Some(b' ' | b'.' | b'\t'));
    let time = !name.is_empty() && name.iter().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b','));
    (close == b'}' || known && bounded || time && name.contains(&b':')).then_some(at + end + 1)
}

/// The annotation of a voice tag at `at`, and the tag's end.
fn voice(text: &[u8], at: usize) -> Option<(Span, usize)> {
    if !speaks(&text[at..]) {
        return None;
    }
    let inner = &text[at + 2..];
    let end = memchr3(b'>', b'\n', b'\r', &inner[..inner.len().min(4 * TAG)])?;
    if inner[end] == b'>' { voiced(text, at, at + 2 + end) } else { None }
}

/// As [`voice`], where the first `>` or line end behind `at` is the `>` at `close`.
pub(super) fn voiced(text: &[u8], at: usize, close: usize) -> Option<(Span, usize)> {
    if close >= at + 2 + 4 * TAG || !speaks(&text[at..]) {
        return None;
    }
    let inner = &text[at + 2..close];
    // Classes come before the first space.
    let from = inner.iter().position(|b| matches!(b, b' ' | b'\t')).unwrap_or(inner.len());
    let before = inner.len() - inner[from..].trim_ascii_start().len();
    let name = inner[before..].trim_ascii_end();
    Some((Span::new(at + 2 + before, at + 2 + before + name.len()), close + 1))
}

/// Whether `text` begins as a voice tag does. What does and is none is no tag at all: its end isn't on its line.
fn speaks(text: &[u8]) -> bool {
    matches!(text, [b'<', b'v', b' ' | b'.' | b'\t' | b'>', ..])
}

/// Who says what in the cue text at `span`.
pub(crate) fn said(bytes: &[u8], span: Span, dialect: Dialect) -> Vec<Said> {
    let mut out = Vec::new();
    each(bytes, span, dialect, |said| out.push(said));
    out
}

/// As [`said`], if one speaker has all of it.
pub(super) fn only(bytes: &[u8], span: Span, dialect: Dialect) -> Option<Said> {
    let (mut first, mut count) = (None, 0);
    each(bytes, span, dialect, |said| (first, count) = (first.or(Some(said)), count + 1));
    first.filter(|_| count == 1)
}

fn each(bytes: &[u8], span: Span, dialect: Dialect, mut out: impl FnMut(Said)) {
    let text = &bytes[..span.end];
    let (mut speaker, mut from, mut at) = (None, span.start, span.start);
    let mut put = |speaker: Option<Span>, from: usize, to: usize| {
        let part = &text[from..to.max(from)];
        let start = from + part.len() - part.trim_ascii_start().len();
        let words = Span::new(start, start + part.trim_ascii().len());
        if !words.is_empty() || speaker.is_some() {
            out(Said { speaker, text: words });
        }
    };
    let mut line_start = true;
    while at < span.end {
        if line_start {
            let (after, name) = label(text, at);
            if after > at {
                put(speaker, from, at);
                (speaker, from, at) = (name, after, after);
            }
        }
        line_start = false;
        match memchr3(b'<', b'\n', b'\r', &text[at..]).map(|i| at + i) {
            None => break,
            Some(i) if text[i] == b'<' => match voice(text, i).filter(|_| dialect == Dialect::Vtt || i == at) {
                Some((name, end)) => {
                    put(speaker, from, i);
                    (speaker, from, at) = (Some(name), end, end);
                }
                None => at = i + 1,
            },
            Some(i) => {
                at = i + 1;
                line_start = true;
            }
        }
    }
    put(speaker, from, span.end);
}

/// Whether what [`label`] takes for a dash begins so.
pub(super) fn is_dash(b: u8) -> bool {
    matches!(b, b'-' | b'>' | b'&' | 0xE2)
}

/// What stands at a line's start before its text: a dash and a speaker's name with a colon. Returns where the text begins.
fn label(text: &[u8], start: usize) -> (usize, Option<Span>) {
    let mut at = start;
    if is_dash(text[at]) {
        let dashes = [&b"- "[..], "– ".as_bytes(), "— ".as_bytes(), b">> ", b"&gt;&gt; "];
        at += dashes.iter().find(|dash| text[at..].starts_with(dash)).map_or(0, |dash| dash.len());
    }
    let plain = at;
    while matches!(text.get(at), Some(b'<' | b'{'))
        && !speaks(&text[at..])
        && let Some(end) = tag(text, at)
    {
        at = end;
    }
    if text.get(at) == Some(&b'<') {
        return (plain, None);
    }
    let line = &text[at..text.len().min(at + 64)];
    let Some(colon) = memchr3(b':', b'\n', b'<', line).filter(|i| line[*i] == b':') else { return (plain, None) };
    if !matches!(line.get(colon + 1), None | Some(b' ' | b'\t' | b'\n' | b'\r' | b'<')) {
        return (plain, None);
    }
    let (open, shut) = (usize::from(line.starts_with(b"[")), usize::from(line[..colon].ends_with(b"]")));
    match line.get(open..colon - shut) {
        Some(name) if open == shut && is_speaker(name) => {
            let after = at + colon + 1;
            let after = if text[after..].starts_with(b"</") { tag(text, after).unwrap_or(after) } else { after };
            (after, Some(Span::new(at + open, at + colon - shut)))
        }
        _ => (plain, None),
    }
}

/// Up to four words that begin with a capital (or a letter of a script without), or a number's place: `SPEAKER_01`. Words
/// that say what follows (`Phone:`) are no speakers.
fn is_speaker(name: &[u8]) -> bool {
    let Ok(name) = std::str::from_utf8(name) else { return false };
    let words = name.split(' ').count();
    let shaped = name
        .split(' ')
        .all(|w| w.chars().next().is_some_and(|c| !c.is_lowercase() && (c.is_alphanumeric() || c == '(')));
    let lower = name.to_lowercase();
    shaped
        && words <= 4
        && name.chars().next().is_some_and(char::is_alphabetic)
        && !lower.split([' ', '-']).any(|w| NO_SPEAKERS.contains(&w))
}

/// Words before a colon that announce a value or a remark.
#[rustfmt::skip]
const NO_SPEAKERS: &[&str] = &[
    "phone", "tel", "telephone", "mobile", "cell", "fax", "email", "mail", "e", "address", "name", "number", "no", "nr", "card", "iban",
    "account", "code", "id", "pin", "date", "time", "birth", "born", "dob", "ip", "url", "website", "link", "note", "warning",
    "attention", "important", "question", "answer", "example", "reference", "order", "subject", "re", "cc", "ps", "from", "to",
    "telefon", "handy", "nummer", "adresse", "karte", "konto", "hinweis", "téléphone", "teléfono", "telefono", "correo",
    "dirección", "número", "numero", "tarjeta", "cuenta", "telefone", "endereço", "cartão", "conta", "indirizzo", "carta",
    "телефон", "почта", "адрес", "номер", "карта", "电话", "邮箱", "地址", "電話", "住所", "전화", "이메일",
];

/// The text of what is said, without tags, and where it stands: a tag at its end (`</v>`) is no part of that, so that most
/// texts stand in the unit as they are.
pub(crate) fn decode(bytes: &[u8], said: &Said, record: &mut Record) -> (Span, TextRef) {
    let text = &bytes[..said.text.end];
    let special = |at: usize| memchr3(b'<', b'{', b'\r', &text[at..]).map(|i| at + i);
    let Some(mut next) = special(said.text.start) else { return (said.text, TextRef::Raw) };
    if next > said.text.start && tag(text, next) == Some(said.text.end) {
        return (Span::new(said.text.start, next), TextRef::Raw);
    }
    let (mut from, mut out) = (said.text.start, record.decode());
    loop {
        let line_end = text[next] == b'\r' && text.get(next + 1) == Some(&b'\n');
        if let Some(end) = tag(text, next).or(line_end.then_some(next + 2)) {
            out.copy(from, &text[from..next]);
            // An edit must not take one of two tags with it, so a tag parts what stands around it.
            if line_end {
                out.escape(Span::new(next, end), b"\n")
            } else {
                out.join(b"")
            }
            (from, next) = (end, end);
        } else {
            next += 1;
        }
        match special(next) {
            Some(i) => next = i,
            None => break,
        }
    }
    out.copy(from, &text[from..]);
    (said.text, out.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_in_a_number_may_go_on() {
        for c in char::MIN..=char::MAX {
            let text = format!("a{c}");
            let plain = c.is_numeric() || c == '+' || c == '@';
            assert_eq!(may_go_on(text.as_bytes()), plain, "{c:?}");
        }
    }
}
