//! Where nothing is held: a place to cut at that does not depend on what came before it.

use super::block::{self, Dialect, End};
use super::{REACH, payload};
use crate::model::Span;

/// So many places at which a block surely ends are gone back at first.
const BACK: usize = 8;

/// The last end of a block in `window` behind which no number may go on, found from the window's last blocks: so many stand
/// before it of which none ends as if one did that whatever came before them is no longer held. `None`: there is none.
pub(super) fn end(window: &[u8], dialect: Dialect) -> Option<usize> {
    let mut back = BACK;
    loop {
        let from = nth_last(window, back);
        let found = forward(window, from.unwrap_or(0), dialect);
        if found.is_some() || from.is_none() {
            return found;
        }
        back *= 4;
    }
}

/// As [`end`], from the block's start `at` on.
fn forward(window: &[u8], mut at: usize, dialect: Dialect) -> Option<usize> {
    let (mut quiet, mut found) = (0, None);
    while let End::At(end) = block::end(window, at, usize::MAX, false) {
        let block = block::read(window, Span::new(at, end), dialect);
        let goes_on = block.time.is_some() && payload::may_go_on(&window[block.payload.range()]);
        quiet = if goes_on { 0 } else { quiet + 1 };
        if quiet >= REACH {
            found = Some(end);
        }
        at = end;
    }
    found
}

/// The `n`th-last place in `window` at which a block ends wherever the blocks before it begin: behind an empty line that follows
/// one which isn't.
fn nth_last(window: &[u8], n: usize) -> Option<usize> {
    memchr::memrchr_iter(b'\n', window).filter_map(|i| ends(window, i)).nth(n - 1)
}

/// Where the empty line ends that follows the line break at `i`, behind a line that isn't empty.
fn ends(window: &[u8], i: usize) -> Option<usize> {
    let end = match window[i + 1..] {
        [b'\n', ..] => i + 2,
        [b'\r', b'\n', ..] => i + 3,
        _ => return None,
    };
    let line = window[..i].strip_suffix(b"\r").unwrap_or(&window[..i]);
    line.last().is_some_and(|b| !b.is_ascii_whitespace()).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::super::Group;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

        #[test]
        fn a_group_ends_there_whatever_came_before(
            lines in prop::collection::vec(prop::sample::select(vec![
                "", "", "", "\r", "1", "00:00:01,000 --> 00:00:02,000", "00:01.000 --> 00:02.000", "Ana: 415", "Leo: ok", "555 0142", "x",
                "<v Ana>12", "<i>3</i>", "NOTE x", "- a", "415\n- ", "\r\r", "<", "a\rb", "WEBVTT", "ana@", " ", "x",
            ]), 0..60),
            dialect in prop::sample::select(vec![Dialect::Vtt, Dialect::Srt]),
        ) {
            let text = lines.join("\n");
            let window = text.as_bytes();
            let Some(end) = end(window, dialect) else { return Ok(()) };
            let (mut at, mut group) = (0, Group::default());
            let mut closes = false;
            while at < end {
                let End::At(next) = block::end(window, at, usize::MAX, false) else { break };
                let block = block::read(window, Span::new(at, next), dialect);
                closes = group.add(window, &block.said(window, dialect));
                if closes {
                    group = Group::default();
                }
                at = next;
            }
            prop_assert!(at == end && closes, "{:?} {}", text, end);
        }
    }
}
