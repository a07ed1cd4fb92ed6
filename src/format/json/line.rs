//! A line that is JSON, or text with JSON in it: a log's prefix and then an object.

use super::emit::Emitter;
use super::path::Path;
use super::pointer::Pointers;
use super::walk::{Deaf, Step, Walker, blank, is_word};
use crate::model::record::{Record, Role, Segment};
use crate::model::{Layer, Layers, Span};

/// How often in one line an object is looked for in vain.
const TRIES: usize = 8;

/// The line without its end.
pub(crate) fn content(bytes: &[u8], line: Span) -> Span {
    let line = Span::new(line.start, line.end - usize::from(bytes[line.range()].ends_with(b"\n")));
    Span::new(line.start, line.end - usize::from(bytes[line.range()].ends_with(b"\r")))
}

/// Whether a line that begins with this byte may be JSON and no text.
pub(crate) fn begins(byte: u8) -> bool {
    matches!(byte, b'{' | b'[' | b'"')
}

/// Reads a whole line, without its end, that should be JSON: one value or several. What isn't is text and makes the record odd.
pub(crate) fn json(record: &mut Record, bytes: &[u8], line: Span, pointers: &Pointers) {
    let bytes = &bytes[..line.end];
    let mut at = line.start;
    loop {
        let Some(next) = bytes[at..].iter().position(|b| !blank(*b)) else {
            // An empty line is no record.
            record.starts = at > line.start;
            return;
        };
        let value = at + next;
        if at == line.start && !begins(bytes[value]) {
            break;
        }
        let before = record.segments.len();
        match Walker::default().value(bytes, value, true, &mut Emitter::new(record, pointers, &Path::default())) {
            Step::Done(end) => at = end,
            // Cut off behind a token, all of what there is has been read.
            Step::Blank => {
                record.odd = true;
                return;
            }
            // `[INFO] …` is no array.
            Step::Broken(_) | Step::Short(_) if record.segments.len() == before => break,
            Step::Broken(to) | Step::Short(to) | Step::To(to) => {
                at = to;
                break;
            }
        }
    }
    // A line that is a number is JSON too, but no field's name says what it is: read as text, it's looked at more closely.
    record.odd = !is_word(bytes[at..].trim_ascii());
    text(record, bytes, Span::new(at, line.end), pointers);
}

/// Reads text, whole lines or the rest of one, and opens the objects in it.
pub(crate) fn text(record: &mut Record, bytes: &[u8], span: Span, pointers: &Pointers) {
    let bytes = &bytes[..span.end];
    let (mut from, mut at, mut tries) = (span.start, span.start, 0);
    while let Some(i) = memchr::memchr(b'{', &bytes[at..]) {
        let brace = at + i;
        at = brace + 1;
        if bytes[at..].iter().find(|b| !blank(**b)) != Some(&b'"') {
            continue;
        }
        match Walker::default().value(bytes, brace, true, &mut Deaf) {
            Step::Done(end) => {
                plain(record, bytes, Span::new(from, brace));
                Walker::default().value(bytes, brace, true, &mut Emitter::new(record, pointers, &Path::default()));
                (from, at) = (end, end);
            }
            // It goes to the line's end: what is in it won't do better.
            Step::Short(_) | Step::Blank => break,
            Step::Broken(_) | Step::To(_) => tries += 1,
        }
        if tries == TRIES {
            break;
        }
    }
    plain(record, bytes, Span::new(from, span.end));
}

/// Whether an object seems to begin in a text.
pub(crate) fn objects(text: &[u8]) -> bool {
    memchr::memchr_iter(b'{', text).any(|i| text[i + 1..].iter().find(|b| !blank(**b)) == Some(&b'"'))
}

/// Adds text as it stands, a segment a line.
fn plain(record: &mut Record, bytes: &[u8], span: Span) {
    let mut at = span.start;
    while at < span.end {
        let end = memchr::memchr(b'\n', &bytes[at..span.end]).map_or(span.end, |i| at + i + 1);
        let text = content(bytes, Span::new(at, end));
        if !text.is_empty() {
            let segment = Segment::plain(text, Role::Text);
            record.segments.push(Segment { layers: Layers::one(Layer::Line), ..segment });
        }
        at = end;
    }
}
