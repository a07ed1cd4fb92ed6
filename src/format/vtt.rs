//! WebVTT: a record is a cue; headers, notes, styles and regions are read as text.

use super::cues::Cues;
use super::cues::block::Dialect;
use super::{Format, Guess, Head, Settings, Stream};

/// See the module.
#[derive(Debug)]
pub struct WebVtt;

impl Format for WebVtt {
    fn name(&self) -> &'static str {
        "webvtt"
    }
    fn about(&self) -> &'static str {
        "WebVTT transcripts and captions: a record is a cue"
    }
    fn guess(&self, head: &Head<'_>) -> Guess {
        let rest = head.bytes.strip_prefix(b"WEBVTT");
        let yes = rest.is_some_and(|r| matches!(r.first(), None | Some(b' ' | b'\t' | b'\n' | b'\r')));
        if yes { Guess::Yes } else { Guess::No }
    }
    fn stream(&self, _: &Head<'_>, settings: &Settings) -> Box<dyn Stream> {
        Box::new(Cues::new(Dialect::Vtt, settings.max_record))
    }
}
