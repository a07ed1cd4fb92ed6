//! Blocks of lines between empty lines, and their timing lines.

use super::payload::{self, Said};
use crate::model::Span;

/// WebVTT or SRT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// WebVTT.
    Vtt,
    /// SubRip.
    Srt,
}

/// A block.
#[derive(Debug)]
pub(crate) struct Block {
    /// What is scanned as text and is no cue text: notes, headers, ids; and what it is called.
    pub plain: Vec<(Span, &'static str)>,
    /// A cue's time.
    pub time: Option<Times>,
    /// A cue's text, without the last line's end.
    pub payload: Span,
    /// It counts as a record.
    pub counts: bool,
}

/// From when to when, in thousandths of a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Times(pub u64, pub u64);

impl Times {
    /// The same in seconds: sums of fractions would not come out as they are written.
    pub fn seconds(self) -> (f64, f64) {
        (self.0 as f64 / 1000.0, self.1 as f64 / 1000.0)
    }
}

impl Block {
    /// What is said in it: nothing in what is no cue.
    pub(super) fn said(&self, bytes: &[u8], dialect: Dialect) -> Vec<Said> {
        if self.time.is_some() { payload::said(bytes, self.payload, dialect) } else { Vec::new() }
    }
}

/// The end of the line at `at`: of its content, and with its line break. `None`: it may go on.
pub(super) fn line(bytes: &[u8], at: usize, last: bool) -> Option<(usize, usize)> {
    let Some(i) = memchr::memchr2(b'\n', b'\r', &bytes[at..]).map(|i| at + i) else {
        return (last && at < bytes.len()).then_some((bytes.len(), bytes.len()));
    };
    match (bytes[i], bytes.get(i + 1)) {
        (b'\r', Some(b'\n')) => Some((i, i + 2)),
        (b'\r', None) if !last => None,
        _ => Some((i, i + 1)),
    }
}

/// What looking for a block's end says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It ends there.
    At(usize),
    /// It is not there yet.
    More,
    /// A line of it reaches beyond the limit.
    Beyond,
}

/// The end of the block at `at`: empty lines, lines, and an empty line; or up to a second timing line and its number.
pub(crate) fn end(bytes: &[u8], at: usize, limit: usize, last: bool) -> End {
    let (mut here, mut filled, mut timed, mut number) = (at, false, false, None);
    while here < bytes.len() {
        let (to, next) = match line(bytes, here, last) {
            Some((to, next)) if next <= limit => (to, next),
            None if bytes.len() <= limit => return End::More,
            _ => return End::Beyond,
        };
        let content = bytes[here..to].trim_ascii();
        if content.is_empty() {
            if filled {
                return End::At(next);
            }
        } else if timing(content).is_some() {
            if timed {
                return End::At(number.unwrap_or(here));
            }
            (timed, filled) = (true, true);
        } else {
            filled = true;
        }
        number = (timed && is_number(content)).then_some(here);
        here = next;
    }
    if last { End::At(bytes.len()) } else { End::More }
}

/// A cue's number.
pub(super) fn is_number(line: &[u8]) -> bool {
    (1..10).contains(&line.len()) && line.iter().all(u8::is_ascii_digit)
}

/// Reads a block.
pub(crate) fn read(bytes: &[u8], span: Span, dialect: Dialect) -> Block {
    let mut block = Block { plain: Vec::new(), time: None, payload: Span::default(), counts: false };
    let bytes = &bytes[..span.end];
    let mut at = span.start;
    let mut lines = 0;
    while let Some((to, next)) = line(bytes, at, true) {
        let content = Span::new(at, to);
        at = next;
        let text = &bytes[content.range()];
        if text.trim_ascii().is_empty() {
            continue;
        }
        lines += 1;
        if let Some((time, rest)) = timing(text) {
            block.time = Some(time);
            let rest = Span::new(content.start + rest, content.end);
            if !bytes[rest.range()].trim_ascii().is_empty() {
                block.plain.push((rest, "settings"));
            }
            let payload = bytes[at..].trim_ascii_end().len();
            block.payload = Span::new(at, at + payload);
            break;
        }
        if !(is_number(text.trim_ascii()) && lines == 1 && dialect == Dialect::Srt) {
            block.plain.push((content, "text"));
        }
    }
    // The line above the timing line is the cue's id; what an empty line has split off a cue is a part of it.
    match block.time {
        Some(_) => block.plain.iter_mut().filter(|p| p.1 == "text").for_each(|p| p.1 = "id"),
        None => {
            let note = dialect == Dialect::Vtt && block.plain.first().is_some_and(|p| special(&bytes[p.0.range()]));
            block.plain.iter_mut().for_each(|p| p.1 = if note { "note" } else { "text" });
        }
    }
    block.counts = lines > 0 && (block.time.is_some() || dialect == Dialect::Vtt);
    block
}

/// The first line of a block that is no cue.
fn special(line: &[u8]) -> bool {
    [&b"WEBVTT"[..], b"NOTE", b"STYLE", b"REGION"].iter().any(|w| line.starts_with(w))
}

/// Bytes of the shortest timing line: `0:0.0-->0:0.0`.
const SHORTEST: usize = 13;

/// Reads `00:00:01.000 --> 00:00:02.000 …`: the times, and where what follows begins.
pub(crate) fn timing(line: &[u8]) -> Option<(Times, usize)> {
    let blanks = |at: usize| at + line[at..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    // Most lines begin with a letter, and many hold a number and nothing else.
    if line.len() < SHORTEST || !matches!(line[0], b' ' | b'\t' | b'0'..=b'9') {
        return None;
    }
    let (from, at) = time(line, blanks(0))?;
    let at = blanks(at);
    line[at..].starts_with(b"-->").then_some(())?;
    let (to, at) = time(line, blanks(at + 3))?;
    matches!(line.get(at), None | Some(b' ' | b'\t')).then_some((Times(from, to), at))
}

/// Reads `[hh:]mm:ss.mmm` at `at`: thousandths of a second, and its end.
fn time(line: &[u8], mut at: usize) -> Option<(u64, usize)> {
    let mut total = 0;
    for part in 0..3 {
        let (n, digits) = number(&line[at..])?;
        total = total * 60 + n;
        at += digits;
        match line.get(at) {
            Some(b':') if part < 2 => at += 1,
            Some(b'.' | b',') if part > 0 => break,
            _ => return None,
        }
    }
    let (fraction, digits) = number(&line[at + 1..])?;
    let scale = 10u64.pow(digits as u32);
    Some((total * 1000 + (fraction * 1000 + scale / 2) / scale, at + 1 + digits))
}

/// The one to six digits that `line` begins with: their number, and how many.
fn number(line: &[u8]) -> Option<(u64, usize)> {
    let (mut n, mut digits) = (0, 0);
    for b in line.iter().take(7).take_while(|b| b.is_ascii_digit()) {
        n = n * 10 + u64::from(b - b'0');
        digits += 1;
    }
    (1..=6).contains(&digits).then_some((n, digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        assert_eq!(timing(b"00:00:01,500 --> 01:00:02,000"), Some((Times(1500, 3_602_000), 29)));
        assert_eq!(timing(b"00:01.5 --> 01:02.250 align:start"), Some((Times(1500, 62_250), 21)));
        assert_eq!(timing(b"  100:00:00.000-->100:00:01.000"), Some((Times(360_000_000, 360_001_000), 31)));
        for no in ["", "-->", "00:01 --> 00:02", "00:00:01.000 -> 00:00:02.000", "1 --> 2", "a --> b"] {
            assert_eq!(timing(no.as_bytes()), None, "{no}");
        }
    }

    #[test]
    fn ends_of_blocks() {
        let end = |s: &str, last| end(s.as_bytes(), 0, 60, last);
        assert_eq!(end("a\nb\n\nc", false), End::At(5));
        assert_eq!(end("\n\na\r\n\r\nc", false), End::At(7));
        assert_eq!(end("a\n", false), End::More);
        assert_eq!(end("a\n", true), End::At(2));
        assert_eq!(end("a\n\r", false), End::More);
        assert_eq!(end("00:01.000 --> 00:02.000\na\n00:02.000 --> 00:03.000\nb\n", false), End::At(26));
        assert_eq!(end("00:01.000 --> 00:02.000\na\n2\n00:02.000 --> 00:03.000\nb\n", false), End::At(26));
        assert_eq!(end(&"a\n".repeat(31), false), End::Beyond);
        assert_eq!(end(&"a\n".repeat(30), true), End::At(60));
    }
}
