//! Cues as nearly all are: an id, times, and what one speaker says. Read in one go; what is anything else is read as
//! [`block`](super::block) says.

use super::block::{Dialect, is_number, line, timing};
use super::payload::{self, Said};
use crate::model::Span;

/// A cue in which one speaker says something.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Simple {
    /// Where it begins and, with the empty line behind, ends.
    pub span: Span,
    /// The line above the times, where it is to be scanned.
    pub id: Option<Span>,
    /// What stands behind the times, from the space on, if anything.
    pub settings: Option<Span>,
    /// In seconds: from, to.
    pub time: (f64, f64),
    pub said: Said,
}

/// Reads the block at `at` if it is such a cue. `bytes` ends with it or with one behind it.
pub(super) fn read(bytes: &[u8], at: usize, dialect: Dialect) -> Option<Simple> {
    let (mut start, mut id) = (at, None);
    let (mut to, mut next) = line(bytes, at, true)?;
    let mut found = times(&bytes[at..to]);
    if found.is_none() {
        let above = bytes[at..to].trim_ascii();
        if above.is_empty() || timing(above).is_some() {
            return None;
        }
        id = (dialect == Dialect::Vtt || !is_number(above)).then_some(Span::new(at, to));
        start = next;
        (to, next) = line(bytes, start, true)?;
        found = times(&bytes[start..to]);
    }
    let (time, end) = found?;
    let behind = Span::new(start + end, to);
    let settings = Some(behind).filter(|s| !bytes[s.range()].trim_ascii().is_empty());
    let Lines { payload, end, dashes } = lines(bytes, next)?;
    let said = payload::only(bytes, payload, dialect, dashes)?;
    let apart = |s: Span| s.start == 0 || !(bytes[s.start - 1].is_ascii_alphanumeric() || bytes[s.start - 1] == b'.');
    let all = [id, said.speaker, Some(said.text)];
    (!said.text.is_empty() && all.into_iter().flatten().all(apart)).then_some(Simple {
        span: Span::new(at, end),
        id,
        settings,
        time,
        said,
    })
}

/// What stands between a cue's times and its end.
struct Lines {
    /// Without white space at the end.
    payload: Span,
    /// Where the empty line behind ends.
    end: usize,
    /// A line may begin with a dash.
    dashes: bool,
}

/// The lines from `at` up to an empty one. `None`: there are none, or one says when another cue begins.
fn lines(bytes: &[u8], at: usize) -> Option<Lines> {
    let (mut here, mut end, mut dashes) = (at, bytes.len(), false);
    while let Some((to, next)) = line(bytes, here, true) {
        let content = &bytes[here..to];
        let first = content.first().copied().unwrap_or(b' ');
        if first.is_ascii_whitespace() || first.is_ascii_digit() {
            let content = content.trim_ascii();
            if content.is_empty() {
                end = next;
                break;
            }
            if timing(content).is_some() {
                return None;
            }
        }
        dashes |= payload::is_dash(first);
        here = next;
    }
    let payload = Span::new(at, at + bytes[at..here].trim_ascii_end().len());
    (!payload.is_empty()).then_some(Lines { payload, end, dashes })
}

/// The times that a line begins with, and where they end.
fn times(line: &[u8]) -> Option<((f64, f64), usize)> {
    // Nearly all are written in full.
    if let Some((from, rest)) = time(line)
        && let Some((to, rest @ ([] | [b' ' | b'\t', ..]))) = rest.strip_prefix(b" --> ").and_then(time)
    {
        return Some(((from, to), line.len() - rest.len()));
    }
    timing(line)
}

/// `00:00:00.000`, or with a comma, or with up to four digits of hours; and what follows. What stands behind the hours is looked
/// at eight bytes at a time.
fn time(text: &[u8]) -> Option<(f64, &[u8])> {
    // The bits that differ from zeros: of a mark none (of a point the one by which it is a comma), of a digit its value.
    const ZEROS: u64 = u64::from_le_bytes(*b":00:00.0");
    const NONE: u64 = u64::from_le_bytes([0xFF, 0xF0, 0xF0, 0xFF, 0xF0, 0xF0, 0xFD, 0xF0]);
    // Six more than nine is a bit further.
    const SIX: u64 = u64::from_le_bytes([0, 6, 6, 0, 6, 6, 0, 6]);
    const OVER: u64 = u64::from_le_bytes([0, 16, 16, 0, 16, 16, 0, 16]);
    let (mut hours, mut at) = (0, 0);
    while let Some(digit) = text.get(at).map(|b| b.wrapping_sub(b'0')).filter(|d| *d < 10) {
        (hours, at) = (hours * 10 + u64::from(digit), at + 1);
        if at > 4 {
            return None;
        }
    }
    let (tail, rest) = text.get(at..)?.split_first_chunk::<10>()?;
    let [eight @ .., tens, ones] = *tail;
    let bits = u64::from_le_bytes(eight) ^ ZEROS;
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    if at == 0 || bits & NONE != 0 || (bits + SIX) & OVER != 0 {
        return None;
    }
    let digit = |place: u32| bits >> (8 * place) & 15;
    let seconds = (hours * 60 + digit(1) * 10 + digit(2)) * 60 + digit(4) * 10 + digit(5);
    let thousandths = seconds * 1000 + digit(7) * 100 + u64::from(tens) * 10 + u64::from(ones);
    (tens < 10 && ones < 10).then_some((thousandths as f64 / 1000.0, rest))
}

#[cfg(test)]
mod tests {
    use super::super::block::{self, End};
    use super::*;
    use proptest::prelude::*;

    /// What reading the block in two goes says.
    fn plainly(bytes: &[u8], at: usize, dialect: Dialect) -> Option<Simple> {
        let End::At(end) = block::end(bytes, at, usize::MAX, true) else { return None };
        let span = Span::new(at, end);
        let block = block::read(bytes, span, dialect);
        let said = payload::said(bytes, block.payload, dialect);
        let &[said] = &said[..] else { return None };
        let plain = |part: &str| block.plain.iter().find(|p| p.1 == part).map(|p| p.0);
        (block.plain.iter().filter(|p| p.1 == "id").count() < 2).then_some(())?;
        Some(Simple { span, id: plain("id"), settings: plain("settings"), time: block.time?, said })
    }

    #[test]
    fn times_in_full_and_otherwise() {
        for text in [
            "00:01:02.003",
            "99:59:59,999",
            "9999:59:59.999",
            "99999:00:00.000",
            "1:00:00.5",
            "59:59.25",
            "0a:00:00.000",
            "00:00:00:000",
        ] {
            let line = format!("{text} --> {text}");
            for line in [line.clone(), format!("{line} align:end"), format!("{line}\t"), format!("{line}x")] {
                assert_eq!(times(line.as_bytes()), timing(line.as_bytes()), "{line}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

        #[test]
        fn the_same_as_read_in_two_goes(
            lines in prop::collection::vec(prop::sample::select(vec![
                "", "", " ", "1", "intro", "00:00:01.000 --> 00:00:02.000", "00:00:01,000 --> 00:00:02,000", "0:1.5 --> 0:2.5",
                "00:01.000 --> 00:02.000 align:end", " 00:00:01.000 --> 00:00:02.000", "Ana: 415", "<v Leo>ok", "<v Leo>ok</v>",
                "555 0142", "- a", "<i>3</i>", "a\rb", "x\r", "<v >", "x.", "[Ana]: 5", "00:00:01.000 --> 00:00:02.00x", "\u{c}x",
            ]), 1..7),
            vtt in any::<bool>(),
        ) {
            let dialect = if vtt { Dialect::Vtt } else { Dialect::Srt };
            for text in [lines.join("\n"), format!("00:00:01.000 --> 00:00:02.000\n{}", lines.join("\n")), lines.join("\r\n")] {
                let got = read(text.as_bytes(), 0, dialect);
                if got.is_some() {
                    prop_assert_eq!(got, plainly(text.as_bytes(), 0, dialect), "{:?}", text);
                }
            }
        }
    }

    #[test]
    fn most_cues_are_simple() {
        for text in [
            "00:00:01.000 --> 00:00:02.000\nx\n\n",
            "7\n00:00:01.000 --> 00:00:02.000\n<v Ana Reis>x\ny</v>\n\nz",
            "intro\r\n00:01.000 --> 00:02.000\r\nAna: x\r\n\r\n",
            "00:00:01.000 --> 00:00:02.000 align:start position:10%\nx\n\n",
        ] {
            let got = read(text.as_bytes(), 0, Dialect::Vtt);
            assert!(got.is_some() && got == plainly(text.as_bytes(), 0, Dialect::Vtt), "{text}");
        }
    }
}
