//! SRT (SubRip) transcripts and subtitles: a record is a cue.

use super::cues::Cues;
use super::cues::block::{self, Dialect};
use super::{Format, Guess, Head, Settings, Stream};

/// See the module.
#[derive(Debug)]
pub struct Srt;

impl Format for Srt {
    fn name(&self) -> &'static str {
        "srt"
    }
    fn about(&self) -> &'static str {
        "SRT transcripts and subtitles: a record is a cue"
    }
    /// Yes if the first line is a timing line, or a bare number with one below.
    fn guess(&self, head: &Head<'_>) -> Guess {
        let mut lines = head.lines();
        let Some(first) = lines.next() else { return Guess::No };
        let timing = |line: &[u8]| block::timing(line).is_some();
        let number = first.len() < 10 && first.iter().all(u8::is_ascii_digit);
        match lines.next() {
            _ if timing(first) => Guess::Yes,
            Some(second) if number && timing(second) => Guess::Yes,
            None if number && !head.whole => Guess::Wait,
            _ => Guess::No,
        }
    }
    fn stream(&self, _: &Head<'_>, settings: &Settings) -> Box<dyn Stream> {
        Box::new(Cues::new(Dialect::Srt, settings.max_record))
    }
}
