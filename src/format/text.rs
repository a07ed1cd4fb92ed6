//! Plain text and logs: a record is a line; objects in it are opened as JSON (a log's prefix and then an object). What no other format recognises is read as this.

use super::json::line;
use super::json::pointer::Pointers;
use super::{Cut, Format, Guess, Head, Reader, Settings, Stream, Unit, cut_lines};
use crate::model::record::{Record, Role, Segment};
use crate::model::{Layer, Layers, Span};

/// See the module.
#[derive(Debug)]
pub struct Text;

impl Format for Text {
    fn name(&self) -> &'static str {
        "text"
    }
    fn about(&self) -> &'static str {
        "plain text and logs: a record is a line"
    }
    fn guess(&self, _: &Head<'_>) -> Guess {
        Guess::Yes
    }
    fn stream(&self, _: &Head<'_>, settings: &Settings) -> Box<dyn Stream> {
        Box::new(Lines { max: settings.max_record, context: 0 })
    }
}

struct Lines {
    max: usize,
    /// Bytes at the window's start that belong to the last unit: more than 0 within a long line.
    context: usize,
}

impl Stream for Lines {
    fn cut(&mut self, window: &[u8], last: bool) -> Cut {
        let Some(cut) = cut_lines(window, self.context, last, self.max) else { return Cut::More };
        let reader = Box::new(LineReader::new(self.context > 0));
        self.context = cut.keep;
        Cut::Unit(Unit { end: cut.end, until: cut.until, keep: cut.keep, reader })
    }
}

/// Reads lines as text.
pub(crate) struct LineReader {
    /// The first record is the rest of a line that began in an earlier unit.
    goes_on: bool,
    /// Where the unit's next brace stands, from where it was last looked for on; most units have none.
    brace: Option<usize>,
}

impl LineReader {
    /// `goes_on`: the first record is the rest of a line that began in an earlier unit.
    pub fn new(goes_on: bool) -> LineReader {
        LineReader { goes_on, brace: None }
    }

    /// The first brace from `at` on, or the unit's end.
    fn brace(&mut self, bytes: &[u8], at: usize) -> usize {
        let next = match self.brace {
            Some(brace) if brace >= at => brace,
            _ => memchr::memchr(b'{', &bytes[at..]).map_or(bytes.len(), |i| at + i),
        };
        *self.brace.insert(next)
    }
}

impl Reader for LineReader {
    /// No line has a layout or names: only objects in it do.
    fn pass(&mut self, bytes: &[u8], still: Span, _: Option<&dyn Fn(u32) -> bool>) -> (usize, u64) {
        let at = still.start;
        let lines = &bytes[at..still.end.min(self.brace(bytes, at)).max(at)];
        let end = memchr::memrchr(b'\n', lines).map_or(0, |i| i + 1);
        if self.goes_on { (at, 0) } else { (at + end, memchr::memchr_iter(b'\n', &lines[..end]).count() as u64) }
    }

    fn read(&mut self, bytes: &[u8], core: Span, at: usize, record: &mut Record) -> usize {
        let newline = memchr::memchr(b'\n', &bytes[at..core.end]).map(|i| at + i);
        let end = newline.map_or(core.end, |i| i + 1);
        record.clear(Span::new(at, end));
        record.starts = !std::mem::take(&mut self.goes_on);
        if record.starts && bytes.len() == core.end {
            let content = line::content(bytes, record.span);
            if self.brace(bytes, at) < end {
                line::text(record, bytes, content, &Pointers::default());
            } else if !content.is_empty() {
                let layers = Layers::one(Layer::Line);
                record.segments.push(Segment { layers, ..Segment::plain(content, Role::Text) });
            }
            return end;
        }
        // A part sees its context on both sides, up to the line's end.
        let from = if record.starts { at } else { 0 };
        let to =
            newline.unwrap_or_else(|| memchr::memchr(b'\n', &bytes[core.end..]).map_or(bytes.len(), |i| core.end + i));
        let mut segment = Segment::plain(line::content(bytes, Span::new(from, to)), Role::Text);
        segment.layers = Layers::one(Layer::Line);
        record.segments.push(segment);
        record.unopened = line::objects(&bytes[core.range()]);
        end
    }
}
