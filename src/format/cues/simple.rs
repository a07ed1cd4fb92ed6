//! Cues as nearly all are: an id, times, and what one speaker says. Read in one go; what is anything else is read as
//! [`block`](super::block) says.

use super::block::{Dialect, Times, is_number, timing};
use super::payload::{self, Said};
use crate::model::{Span, StopBytes, Stops};

/// Where lines end, what a cue's text is looked at closer for, and where a voice tag ends.
pub(super) static STOPS: StopBytes = StopBytes::new(b"\n\r:<{>");

/// A cue in which one speaker says something.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Simple {
    /// Where it begins and, with the empty line behind, ends.
    pub span: Span,
    /// The line above the times, where it is to be scanned.
    pub id: Option<Span>,
    /// What stands behind the times, from the space on, if anything.
    pub settings: Option<Span>,
    pub time: Times,
    pub said: Said,
    /// Where the text without its tags stands as it is, if that is known.
    pub plain: Option<Span>,
}

impl Simple {
    /// Whether what is said ends as if a number went on: see [`Said::goes_on`].
    #[inline(always)]
    pub fn goes_on(&self, bytes: &[u8]) -> bool {
        payload::may_go_on(&bytes[self.plain.unwrap_or(self.said.text).range()])
    }
}

/// Reads the block at `at` if it is such a cue. `bytes` ends with it or with one behind it; `stops`: where [`STOPS`] are.
pub(super) fn read(bytes: &[u8], at: usize, dialect: Dialect, stops: &Stops) -> Option<Simple> {
    at_once(bytes, at, dialect, stops).or_else(|| closer(bytes, at, dialect, stops))
}

/// As [`read`], of cues in which each thing is where it mostly is: a number for an id, times in full, a voice tag or none, lines in which
/// there is no other mark and of which none begins with a digit or a space. Others may be such cues, too.
#[inline(always)]
pub(super) fn at_once(bytes: &[u8], at: usize, dialect: Dialect, stops: &Stops) -> Option<Simple> {
    let digits = bytes.get(at..)?.iter().take(NUMBER).take_while(|b| b.is_ascii_digit()).count();
    let numbered = digits > 0 && bytes.get(at + digits) == Some(&b'\n');
    let start = if numbered { at + digits + 1 } else { at };
    let (time, end) = in_full(&bytes[start..])?;
    let mut next = start + end;
    let mut settings = None;
    if *bytes.get(next)? != b'\n' {
        let to = line(bytes, next, stops)?.0;
        settings = Some(Span::new(next, to));
        if bytes.get(to) != Some(&b'\n') || bytes[next..to].trim_ascii().is_empty() {
            return None;
        }
        next = to;
    }
    next += 1;
    let (mut speaker, mut from) = (None, next);
    let mut first = *bytes.get(next)?;
    if first == b'<' {
        if !bytes[next..].starts_with(b"<v ") {
            return None;
        }
        let close = stops.next(bytes, next + 3)?;
        let name = Span::new(next + 3, close);
        let apart = |at: usize| bytes.get(at).is_some_and(|b| !b.is_ascii_whitespace());
        if bytes[close] != b'>' || name.is_empty() || name.len() > NAME || !apart(name.start) || !apart(close - 1) {
            return None;
        }
        (speaker, from) = (Some(name), close + 1);
        if !apart(from) {
            return None;
        }
    }
    let mut look = from;
    let (to, shut) = loop {
        if first.is_ascii_whitespace() || first.is_ascii_digit() || payload::is_dash(first) {
            return None;
        }
        let stop = stops.next(bytes, look)?;
        match bytes[stop..] {
            [b'\n', b'\n', ..] => break (stop, 0),
            [b'\n', begins, ..] => (first, look) = (begins, stop + 1),
            [b'<', b'/', b'v', b'>', b'\n', b'\n', ..] => break (stop, 4),
            _ => return None,
        }
    };
    let plain = Span::new(from, to);
    if plain.is_empty() || bytes[to - 1].is_ascii_whitespace() || numbered && !apart(bytes, at) {
        return None;
    }
    let said = Said { speaker, text: Span::new(from, to + shut) };
    let id = (numbered && dialect == Dialect::Vtt).then_some(Span::new(at, at + digits));
    Some(Simple { span: Span::new(at, to + shut + 2), id, settings, time, said, plain: Some(plain) })
}

/// Digits of a cue's number at most: see [`is_number`].
const NUMBER: usize = 9;
/// Bytes of a name that is taken for one without a closer look.
const NAME: usize = 128;

/// Whether what stands at `at` is parted from what stands before it as no number would be.
fn apart(bytes: &[u8], at: usize) -> bool {
    at == 0 || !(bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'.')
}

/// As [`read`], of all such cues.
fn closer(bytes: &[u8], at: usize, dialect: Dialect, stops: &Stops) -> Option<Simple> {
    let (mut start, mut id) = (at, None);
    let (mut found, (mut to, mut next)) = times(bytes, at, stops)?;
    if found.is_none() {
        let above = bytes[at..to].trim_ascii();
        if above.is_empty() || timing(above).is_some() {
            return None;
        }
        id = (dialect == Dialect::Vtt || !is_number(above)).then_some(Span::new(at, to));
        start = next;
        (found, (to, next)) = times(bytes, start, stops)?;
    }
    let (time, end) = found?;
    let behind = Span::new(start + end, to);
    let settings = Some(behind).filter(|s| !bytes[s.range()].trim_ascii().is_empty());
    let (speaker, from) = match bytes.get(next)? {
        b'<' => voice(bytes, next, stops).map_or((None, next), |(name, end)| (Some(name), end)),
        _ => (None, next),
    };
    let lines = lines(bytes, next, from, stops)?;
    let (said, plain) = match lines.alone(bytes, speaker, from) {
        Some((said, plain)) => (said, plain),
        None => (payload::only(bytes, lines.payload, dialect)?, None),
    };
    let all = [id, said.speaker, Some(said.text)];
    let span = Span::new(at, lines.end);
    let all_apart = all.into_iter().flatten().all(|part| apart(bytes, part.start));
    (!said.text.is_empty() && all_apart).then_some(Simple { span, id, settings, time, said, plain })
}

/// As [`super::block::line`], where no more is to come.
fn line(bytes: &[u8], start: usize, stops: &Stops) -> Option<(usize, usize)> {
    let mut at = start;
    while let Some(i) = stops.next(bytes, at) {
        match bytes[i] {
            b'\n' => return Some((i, i + 1)),
            b'\r' => return Some((i, i + 1 + usize::from(bytes.get(i + 1) == Some(&b'\n')))),
            _ => at = i + 1,
        }
    }
    (start < bytes.len()).then_some((bytes.len(), bytes.len()))
}

/// As [`payload::voice`], for the tag at `at`.
fn voice(bytes: &[u8], at: usize, stops: &Stops) -> Option<(Span, usize)> {
    let mut close = at;
    loop {
        close = stops.next(bytes, close + 1)?;
        match bytes[close] {
            b'>' => return payload::voiced(bytes, at, close),
            b'\n' | b'\r' => return None,
            _ => {}
        }
    }
}

/// What stands between a cue's times and its end.
struct Lines {
    /// Without white space at the end.
    payload: Span,
    /// Where the empty line behind ends.
    end: usize,
    /// A line may begin with a dash.
    dashes: bool,
    /// The first colon, tag or what looks like one, behind the tag that says who speaks.
    mark: usize,
    /// A line within ends with a carriage return.
    returns: bool,
}

/// The lines from `at` up to an empty one; their text begins at `from`. `None`: there are none, or one says when another cue begins.
fn lines(bytes: &[u8], at: usize, from: usize, stops: &Stops) -> Option<Lines> {
    let (mut here, mut look, mut end) = (at, from, bytes.len());
    let (mut dashes, mut mark, mut returned) = (false, bytes.len(), bytes.len());
    while here < bytes.len() {
        let (to, next) = loop {
            let Some(i) = stops.next(bytes, look) else { break (bytes.len(), bytes.len()) };
            match bytes[i] {
                b'\n' => break (i, i + 1),
                b'\r' => {
                    returned = returned.min(i);
                    break (i, i + 1 + usize::from(bytes.get(i + 1) == Some(&b'\n')));
                }
                b'>' => {}
                _ => mark = mark.min(i),
            }
            look = i + 1;
        };
        let first = bytes[here];
        if first.is_ascii_whitespace() || first.is_ascii_digit() {
            let content = bytes[here..to].trim_ascii();
            if content.is_empty() {
                end = next;
                break;
            }
            if timing(content).is_some() {
                return None;
            }
        }
        dashes |= payload::is_dash(first);
        (here, look) = (next, next);
    }
    let payload = Span::new(at, at + bytes[at..here].trim_ascii_end().len());
    (!payload.is_empty()).then_some(Lines { payload, end, dashes, mark, returns: returned < payload.end })
}

impl Lines {
    /// What is said from `from` on, as [`payload::only`] has it, and where it stands as it is; `None`: it must be looked at closer.
    fn alone(&self, bytes: &[u8], speaker: Option<Span>, from: usize) -> Option<(Said, Option<Span>)> {
        let end = self.payload.end;
        let blank = bytes.get(from..end)?.iter().take_while(|b| b.is_ascii_whitespace()).count();
        let text = Span::new(from + blank, end);
        // Where there is no colon and no other tag, there is no other speaker.
        let closed = self.mark > text.start && bytes.get(self.mark..end) == Some(b"</v>");
        if self.dashes || self.mark < end && !closed {
            return None;
        }
        let plain = Span::new(text.start, self.mark.min(end));
        Some((Said { speaker, text }, (!self.returns).then_some(plain)))
    }
}

/// The times that the line at `at` begins with; then where that line ends, and the next begins.
#[allow(clippy::type_complexity, reason = "two pairs")]
fn times(bytes: &[u8], at: usize, stops: &Stops) -> Option<(Option<(Times, usize)>, (usize, usize))> {
    if let Some((time, end)) = in_full(&bytes[at..]) {
        return Some((Some((time, end)), line(bytes, at + end, stops)?));
    }
    let (to, next) = line(bytes, at, stops)?;
    Some((timing(&bytes[at..to]), (to, next)))
}

/// `00:00:00.000 --> 00:00:00.000`, with points or commas: nearly all times are written so.
#[inline(always)]
fn in_full(text: &[u8]) -> Option<(Times, usize)> {
    let (from, rest) = time(text)?;
    let (to, rest) = rest.strip_prefix(b" --> ").and_then(time)?;
    let ends = matches!(rest, [] | [b' ' | b'\t' | b'\n' | b'\r', ..]);
    ends.then_some((Times(from, to), text.len() - rest.len()))
}

/// `00:00:00.000`, or with a comma, or with up to four digits of hours or none, in thousandths of a second; and what follows. What stands
/// behind the hours is looked at eight bytes at a time.
#[inline(always)]
fn time(text: &[u8]) -> Option<(u64, &[u8])> {
    // The bits that differ from zeros: of a mark none (of a point the one by which it is a comma), of a digit its value.
    const ZEROS: u64 = u64::from_le_bytes(*b":00:00.0");
    const NONE: u64 = u64::from_le_bytes([0xFF, 0xF0, 0xF0, 0xFF, 0xF0, 0xF0, 0xFD, 0xF0]);
    // Six more than nine is a bit further.
    const SIX: u64 = u64::from_le_bytes([0, 6, 6, 0, 6, 6, 0, 6]);
    const OVER: u64 = u64::from_le_bytes([0, 16, 16, 0, 16, 16, 0, 16]);
    const FOUR: u32 = u32::from_le_bytes(*b"0000");
    const TENS: u32 = u32::from_le_bytes([0xF0; 4]);
    const SIXES: u32 = u32::from_le_bytes([6; 4]);
    let at = match text {
        // Without hours.
        [_, _, b':', _, _, b'.' | b',', ..] => 0,
        [_, _, b':', ..] => 2,
        [_, _, _, b':', ..] => 3,
        [_, b':', ..] => 1,
        [_, _, _, _, b':', ..] => 4,
        _ => return None,
    };
    let (eight, tens, ones, rest, hours) = if at == 0 {
        let ([eight @ .., ones], rest) = text.split_first_chunk::<9>()?;
        (u64::from_le_bytes(*eight) << 8 | u64::from(b':'), eight[7], *ones, rest, 0)
    } else {
        let ([eight @ .., tens, ones], rest) = text[at..].split_first_chunk::<10>()?;
        // As if there were four digits of hours.
        let hours = u32::from_le_bytes(*text.first_chunk()?) << (32 - 8 * at);
        (u64::from_le_bytes(*eight), *tens, *ones, rest, hours ^ FOUR & u32::MAX << (32 - 8 * at))
    };
    let bits = eight ^ ZEROS;
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    let odd = bits & NONE | bits.wrapping_add(SIX) & OVER | u64::from(hours & TENS | hours.wrapping_add(SIXES) & TENS);
    if odd != 0 || tens > 9 || ones > 9 {
        return None;
    }
    let hour = |place: u32| u64::from(hours >> (8 * place) & 15);
    let hours = hour(0) * 1000 + hour(1) * 100 + hour(2) * 10 + hour(3);
    let digit = |place: u32| bits >> (8 * place) & 15;
    let seconds = (hours * 60 + digit(1) * 10 + digit(2)) * 60 + digit(4) * 10 + digit(5);
    Some((seconds * 1000 + digit(7) * 100 + u64::from(tens) * 10 + u64::from(ones), rest))
}

#[cfg(test)]
mod tests {
    use super::super::block::{self, End};
    use super::*;
    use crate::model::record::{Record, TextRef};
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
        Some(Simple { span, id: plain("id"), settings: plain("settings"), time: block.time?, said, plain: None })
    }

    /// As [`read`] without marks of stops and with them; where the text stands as it is, if it knows, that is so.
    fn simply(bytes: &[u8], dialect: Dialect) -> Option<Simple> {
        let got = read(bytes, 0, dialect, &Stops::new(&STOPS));
        let mut stops = Stops::new(&STOPS);
        let word = |c: &[u8]| c.iter().enumerate().fold(0, |w, (i, b)| w | u64::from(STOPS.holds(*b)) << i);
        stops.refill().extend(bytes.chunks(64).map(word));
        assert_eq!(read(bytes, 0, dialect, &stops), got);
        let at_once = at_once(bytes, 0, dialect, &stops);
        assert!(at_once.is_none() || at_once == closer(bytes, 0, dialect, &stops));
        let got = got?;
        assert_eq!(got.goes_on(bytes), got.said.goes_on(bytes));
        if let Some(plain) = got.plain {
            assert_eq!(payload::decode(bytes, &got.said, &mut Record::default()), (plain, TextRef::Raw));
        }
        Some(Simple { plain: None, ..got })
    }

    #[test]
    fn times_in_full_and_otherwise() {
        for text in [
            "00:01:02.003",
            "99:59:59,999",
            "9999:59:59.999",
            "99999:00:00.000",
            "1:00:00.5",
            "1:00:00.500",
            "59:59.25",
            "59:59.250",
            "59:59,250",
            "9:59.250",
            "5a:59.250",
            "59:59.2a0",
            "59:59.25a",
            "0a:00:00.000",
            "00:00:00:000",
            "\u{ff}:00:00.000",
            "00:00:00.00\u{ff}",
            "0\u{ff}:00:00.000",
            "00:00:00\u{ff}000",
        ] {
            let line = format!("{text} --> {text}");
            for line in [line.clone(), format!("{line} align:end"), format!("{line}\t"), format!("{line}x")] {
                let (full, timing) = (in_full(line.as_bytes()), timing(line.as_bytes()));
                assert!(full.is_none() || full == timing, "{line}");
                let thousandths = text.rfind(['.', ',']).is_some_and(|at| at + 4 == text.len());
                let written = thousandths && (text.len() == 9 || (11..15).contains(&text.len()));
                assert_eq!(full.is_some(), timing.is_some() && written, "{line}");
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
                "555 0142", "- a", "<i>3</i>", "a\rb", "x\r", "<v >", "</v>", "x</v>", "a > b", "<v.loud Ana>ok </v>", "<v Ana", "a < b", "x.", "ok</v>", "ok </v>", "<v Leo> ok", "<v Ana>x", "[Ana]: 5", "00:00:01.000 --> 00:00:02.00x", "\u{c}x",
            ]), 1..7),
            vtt in any::<bool>(),
        ) {
            let dialect = if vtt { Dialect::Vtt } else { Dialect::Srt };
            for text in [lines.join("\n"), format!("00:00:01.000 --> 00:00:02.000\n{}", lines.join("\n")), lines.join("\r\n")] {
                let got = simply(text.as_bytes(), dialect);
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
            let got = simply(text.as_bytes(), Dialect::Vtt);
            let at_once = at_once(text.as_bytes(), 0, Dialect::Vtt, &Stops::new(&STOPS));
            assert_eq!(at_once.is_some(), !text.contains('\r'), "{text}");
            assert!(got.is_some() && got == plainly(text.as_bytes(), 0, Dialect::Vtt), "{text}");
        }
    }
}
