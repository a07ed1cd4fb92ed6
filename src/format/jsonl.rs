//! JSON Lines: a record is a line. A line that isn't JSON is handled as what it is: text, with the objects in it.

use super::json::document::Odd;
use super::json::layout::Layouts;
use super::json::line;
use super::json::part::{Kind, Long, Taken};
use super::json::path::Path;
use super::json::pointer::Pointers;
use super::json::walk::{Deaf, Step, Walker, blank};
use super::text::LineReader;
use super::{Cut, Format, Guess, Head, Reader, Settings, Stream, Unit, cut_lines};
use crate::model::record::Record;
use crate::model::{Span, Stops};
use std::sync::Arc;

/// See the module.
#[derive(Debug)]
pub struct JsonLines;

impl Format for JsonLines {
    fn name(&self) -> &'static str {
        "jsonl"
    }
    fn about(&self) -> &'static str {
        "JSON Lines: a record is a line with a JSON value; other lines are read as text"
    }
    /// Yes if the first line is one whole object, or an array of other things than objects.
    fn guess(&self, head: &Head<'_>) -> Guess {
        let Some(first) = head.first_line() else { return Guess::No };
        let named = head.name.ends_with(".jsonl") || head.name.ends_with(".ndjson");
        if named && matches!(first.first(), Some(b'{' | b'[')) && !head.bytes.contains(&b'\n') {
            return Guess::Yes;
        }
        let (Some(b'{' | b'['), Some(b'}' | b']')) = (first.first(), first.last()) else { return Guess::No };
        let whole = Walker::default().value(first, 0, true, &mut Deaf) == Step::Done(first.len());
        let elements = first[1..].iter().find(|b| !blank(**b));
        let one = first[0] == b'[' && elements == Some(&b'{');
        // An object that no line end follows is a document: one line is what minified documents have.
        let alone = !head.bytes.contains(&b'\n');
        if whole && !one && !alone { Guess::Yes } else { Guess::No }
    }
    fn stream(&self, _: &Head<'_>, settings: &Settings) -> Box<dyn Stream> {
        Box::new(Lines {
            max: settings.max_record,
            pointers: Arc::new(Pointers::new(settings)),
            context: 0,
            seen: 0,
            mode: Mode::Lines,
        })
    }
}

struct Lines {
    max: usize,
    pointers: Arc<Pointers>,
    /// Bytes at the window's start that belong to the last unit: more than 0 within a long string or line.
    context: usize,
    /// No line ends before this place in the window.
    seen: usize,
    mode: Mode,
}

enum Mode {
    /// Whole lines.
    Lines,
    /// A line longer than a record may be, in parts.
    Long(Box<Long>),
    /// As that, but it isn't JSON. `begun`: the line was, up to here.
    Text { begun: bool },
}

impl Lines {
    /// Cuts whole lines; `None`: the line is too long for that.
    fn lines(&mut self, window: &[u8], last: bool) -> Option<Cut> {
        let limit = window.len().min(self.max);
        let newline = memchr::memrchr(b'\n', &window[self.seen.min(limit)..limit]);
        let end = match newline {
            Some(i) => self.seen + i + 1,
            None if window.len() > self.max => {
                let first = window.iter().find(|b| !blank(**b));
                self.mode = match first {
                    Some(b) if line::begins(*b) => {
                        let long = Long::new(Kind::Line, self.max, Walker::default(), Path::default());
                        Mode::Long(Box::new(long))
                    }
                    _ => Mode::Text { begun: false },
                };
                return None;
            }
            None if last => window.len(),
            None => {
                self.seen = limit;
                return Some(Cut::More);
            }
        };
        self.seen = 0;
        let reader = Box::new(Records::new(&self.pointers));
        Some(Cut::Unit(Unit { end, until: end, keep: 0, reader }))
    }

    /// The end of the line, if it has come.
    fn newline(&mut self, window: &[u8]) -> Option<usize> {
        let newline = memchr::memchr(b'\n', &window[self.seen..]).map(|i| self.seen + i);
        self.seen = newline.unwrap_or(window.len());
        newline
    }

    /// A unit that ends here; the window goes on with the last `keep` bytes of it.
    fn unit(&mut self, end: usize, until: usize, keep: usize, reader: Box<dyn Reader>) -> Option<Cut> {
        let empty = end == self.context;
        self.seen = self.seen.saturating_sub(end - keep);
        self.context = keep;
        if empty { None } else { Some(Cut::Unit(Unit { end, until, keep, reader })) }
    }

    fn long(&mut self, window: &[u8], last: bool) -> Option<Cut> {
        let newline = self.newline(window);
        let Mode::Long(long) = &mut self.mode else { return None };
        let line = &window[..newline.unwrap_or(window.len())];
        let begun = long.begun();
        let (taken, reader) = long.cut(line, self.context, last || newline.is_some(), &self.pointers);
        let Some(reader) = reader.map(Box::new) else { return Some(Cut::More) };
        match taken {
            Taken::More => Some(Cut::More),
            Taken::Part { end, until, keep } => self.unit(end, until, keep, reader),
            Taken::Broken(end) if end < line.len() => {
                self.mode = Mode::Text { begun: begun || end > self.context };
                self.unit(end, end, 0, reader)
            }
            Taken::Broken(_) | Taken::End(_) | Taken::Elements(_) => {
                self.mode = Mode::Lines;
                let end = newline.map_or(window.len(), |i| i + 1);
                self.unit(end, end, 0, reader)
            }
        }
    }

    fn text(&mut self, window: &[u8], last: bool) -> Option<Cut> {
        let newline = self.newline(window);
        let line = &window[..newline.map_or(window.len(), |i| i + 1)];
        let Some(cut) = cut_lines(line, self.context, last || newline.is_some(), self.max) else {
            return Some(Cut::More);
        };
        let Mode::Text { begun } = self.mode else { return None };
        let reader = Box::new(Odd(LineReader::new(begun || self.context > 0)));
        if cut.keep == 0 {
            self.mode = Mode::Lines;
        }
        self.unit(cut.end, cut.until, cut.keep, reader)
    }
}

impl Stream for Lines {
    fn cut(&mut self, window: &[u8], last: bool) -> Cut {
        loop {
            let cut = match self.mode {
                Mode::Lines => self.lines(window, last),
                Mode::Long(_) => self.long(window, last),
                Mode::Text { .. } => self.text(window, last),
            };
            if let Some(cut) = cut {
                return cut;
            }
        }
    }
}

/// Reads whole lines.
struct Records {
    pointers: Arc<Pointers>,
    /// What is left out by a pointer is no segment: then layouts don't tell where all values are.
    layouts: Option<Layouts>,
}

impl Records {
    fn new(pointers: &Arc<Pointers>) -> Records {
        Records { pointers: Arc::clone(pointers), layouts: pointers.all().then(Layouts::default) }
    }
}

impl Reader for Records {
    fn stops(&mut self) -> Option<&mut Stops> {
        self.layouts.as_mut().map(Layouts::stops)
    }

    fn pass(&mut self, bytes: &[u8], still: Span, silent: Option<&dyn Fn(u32) -> bool>) -> (usize, u64) {
        let layouts = self.layouts.as_ref().zip(silent);
        layouts.map_or((still.start, 0), |(l, silent)| l.pass(bytes, still, silent))
    }

    fn read(&mut self, bytes: &[u8], core: Span, at: usize, record: &mut Record) -> usize {
        let bytes = &bytes[..core.end];
        if let Some(end) = self.layouts.as_mut().and_then(|l| l.read(bytes, at, record)) {
            return end;
        }
        let end = memchr::memchr(b'\n', &bytes[at..]).map_or(core.end, |i| at + i + 1);
        let span = Span::new(at, end);
        record.clear(span);
        line::json(record, bytes, line::content(bytes, span), &self.pointers);
        if let Some(layouts) = &mut self.layouts {
            layouts.learn(bytes, record);
        }
        end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(bytes: &str) -> Guess {
        JsonLines.guess(&Head { bytes: bytes.as_bytes(), whole: true, name: "" })
    }

    #[test]
    fn the_first_line_tells() {
        for yes in ["{\"a\":1}\n", "\r\n {\"a\":{\"b\":[1]}} \r\nx", "[1,\"a\"]\n[2]\n", "{}\n"] {
            assert_eq!(guess(yes), Guess::Yes, "{yes}");
        }
        for no in ["{\"a\":1}", "[{\"a\":1}]\n", "{\n", "[INFO] {}\n", "{\"a\":1} x\n", "x\n{}\n", "{{x}}\n", "", "\n"]
        {
            assert_eq!(guess(no), Guess::No, "{no}");
        }
    }

    /// The segments of a record as `role path text`.
    fn read(text: &str) -> (Vec<String>, bool) {
        let mut record = Record::default();
        let mut reader = Records::new(&Arc::default());
        let end = reader.read(text.as_bytes(), Span::new(0, text.len()), 0, &mut record);
        assert_eq!(end, text.len());
        let show = record.segments.iter().map(|s| {
            let name = s.node.and_then(|n| record.field_name(n)).unwrap_or_default();
            let text = String::from_utf8_lossy(record.text(s, text.as_bytes()));
            format!("{:?} {} {text}", s.role, String::from_utf8_lossy(name))
        });
        (show.collect(), record.odd)
    }

    #[test]
    fn lines_are_read_as_what_they_are() {
        let (got, odd) = read("{\"a\":\"x\\ny\",\"n\":5,\"l\":[\"p\",null]}\r\n");
        assert_eq!(got, ["Key a a", "Value a x\ny", "Key n n", "Number n 5", "Key l l", "Value l p", "Number l null"]);
        assert!(!odd);
        let (got, odd) = read("  at com.example.Main(Main.java:5)\n");
        assert_eq!(got, ["Text    at com.example.Main(Main.java:5)"]);
        assert!(odd);
        let (got, odd) = read("[INFO] user {\"u\":\"x\"} done {y}\n");
        assert_eq!(got, ["Text  [INFO] user ", "Key u u", "Value u x", "Text   done {y}"]);
        assert!(odd);
        let (got, odd) = read("{\"a\":\"x\"} and more\n");
        assert_eq!(got, ["Key a a", "Value a x", "Text   and more"]);
        assert!(odd);
        let (got, odd) = read("{\"a\":\"x\"}{\"b\":\"y\"}\n");
        assert_eq!(got, ["Key a a", "Value a x", "Key b b", "Value b y"]);
        assert!(!odd);
        let (got, odd) = read("{\"a\":\"x\",\"b\":\"cut o\n");
        assert_eq!(got, ["Key a a", "Value a x", "Key b b", "Text  \"cut o"]);
        assert!(odd);
        assert_eq!(read("\n"), (vec![], false));
    }

    #[test]
    fn strings_that_hold_json_are_opened() {
        let (got, _) = read(r#"{"a":" {\"b\":\"x\\u0040y\",\"n\":[7,\"\"]} "}"#);
        assert_eq!(
            got,
            [
                "Key a a",
                "Opened a  {\"b\":\"x\\u0040y\",\"n\":[7,\"\"]} ",
                "Key b b",
                "Value b x@y",
                "Key n n",
                "Number n 7",
                "Value n "
            ]
        );
        let (got, _) = read(r#"{"a":"{\"b\":} x"}"#);
        assert_eq!(got, ["Key a a", "Value a {\"b\":} x"]);
    }
}
