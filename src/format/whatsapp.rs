//! WhatsApp's exported chat: a record is a message, with its author and its text over any number of lines.
//!
//! The date and time are no text and not scanned; everything else is.

mod head;

use super::{CONTEXT, Cut, Format, Guess, Head, Reader, Settings, Stream, Unit, part_end};
use crate::model::record::{Record, Role, Segment, Step};
use crate::model::{Layer, Layers, Span};
use head::{Doubt, LONGEST, head};

/// The most lines by nobody before the first message: encryption, who made the group, who was added.
const NOBODY: usize = 8;

/// See the module.
#[derive(Debug)]
pub struct WhatsApp;

impl Format for WhatsApp {
    fn name(&self) -> &'static str {
        "whatsapp"
    }
    fn about(&self) -> &'static str {
        "WhatsApp chat exports (.txt from iOS or Android): a record is a message"
    }
    /// Yes if the first line is a message with an author, or some lines by nobody come before it.
    fn guess(&self, seen: &Head<'_>) -> Guess {
        let mut lines = 0;
        let mut bracket = None;
        for line in seen.lines().take(NOBODY) {
            let Some(found) = head(line) else { return Guess::No };
            if *bracket.get_or_insert(found.bracket) != found.bracket {
                return Guess::No;
            }
            match found.doubt(line) {
                Doubt::None => return Guess::Yes,
                Doubt::Log => return Guess::No,
                Doubt::Nobody if seen.name.contains("whatsapp") => return Guess::Yes,
                Doubt::Nobody => lines += 1,
            }
        }
        if (1..NOBODY).contains(&lines) && !seen.whole { Guess::Wait } else { Guess::No }
    }
    fn stream(&self, _: &Head<'_>, settings: &Settings) -> Box<dyn Stream> {
        Box::new(Messages { max: settings.max_record.max(1), inside: false, context: 0 })
    }
}

struct Messages {
    max: usize,
    /// The next unit goes on with a message.
    inside: bool,
    /// Bytes at the window's start that belong to the last unit: more than 0 within a line.
    context: usize,
}

/// What looking through a window says besides the messages that end.
enum Rest {
    /// The last one is not complete, or nothing is left.
    Open,
    /// The last one is too long; its lines up to the offset aren't.
    Long(usize),
}

impl Messages {
    /// The ends of the messages in `window`.
    fn ends(&self, window: &[u8], last: bool) -> (Vec<usize>, Rest) {
        let (mut ends, mut first, mut at) = (Vec::new(), self.context, self.context);
        while at < window.len() {
            // What is long enough, or whole, shows whether it is a head.
            let line = &window[at..];
            let newline = memchr::memchr(b'\n', &line[..line.len().min(LONGEST)]);
            if at > first {
                if newline.is_none() && line.len() < LONGEST && !last {
                    return (ends, Rest::Open);
                }
                if head(&line[..newline.unwrap_or(line.len())]).is_some() {
                    ends.push(at);
                    first = at;
                }
            }
            let limit = first + self.max;
            let to = window.len().min(limit);
            match memchr::memchr(b'\n', &window[at..to]) {
                Some(i) => at += i + 1,
                None if window.len() > limit => return (ends, Rest::Long(at)),
                None if last => at = window.len(),
                None => return (ends, Rest::Open),
            }
        }
        if last {
            ends.push(at);
        }
        (ends, Rest::Open)
    }

    fn unit(&mut self, ends: Vec<usize>, end: usize, until: usize, keep: usize, inside: bool) -> Cut {
        let reader = MessageReader { ends: ends.into_iter(), inside: self.inside, open: keep > 0 };
        (self.inside, self.context) = (inside, keep);
        Cut::Unit(Unit { end, until, keep, reader: Box::new(reader) })
    }
}

impl Stream for Messages {
    fn cut(&mut self, window: &[u8], last: bool) -> Cut {
        let (ends, rest) = self.ends(window, last);
        if let Some(&end) = ends.last() {
            return self.unit(ends, end, end, 0, false);
        }
        let start = self.context;
        match rest {
            Rest::Open => Cut::More,
            Rest::Long(end) if end > start => self.unit(Vec::new(), end, end, 0, true),
            Rest::Long(_) if !last && window.len() < start + self.max + CONTEXT => Cut::More,
            Rest::Long(_) => {
                let end = part_end(window, start + self.max).max(start + 1);
                let keep = end - part_end(window, end.saturating_sub(CONTEXT));
                self.unit(Vec::new(), end, window.len().min(end + CONTEXT), keep, true)
            }
        }
    }
}

struct MessageReader {
    ends: std::vec::IntoIter<usize>,
    /// The first record goes on with a message.
    inside: bool,
    /// The unit ends within a line.
    open: bool,
}

impl Reader for MessageReader {
    fn read(&mut self, bytes: &[u8], core: Span, at: usize, record: &mut Record) -> usize {
        let end = self.ends.find(|e| *e > at).unwrap_or(core.end);
        record.clear(Span::new(at, end));
        record.starts = !std::mem::take(&mut self.inside);
        // A part of a line sees what lies around it.
        let mut from = if record.starts { at } else { 0 };
        let to = match self.open {
            true => memchr::memchr(b'\n', &bytes[core.end..]).map_or(bytes.len(), |i| core.end + i),
            false => end,
        };
        let text = &bytes[at..to];
        if record.starts {
            let line = &text[..memchr::memchr(b'\n', text).unwrap_or(text.len())];
            match head(line) {
                Some(head) => {
                    from = at + head.rest;
                    if let Some((author, rest)) = head.author(line) {
                        add(record, author.shifted(at), Role::Value, "speaker");
                        from = at + rest;
                    }
                }
                None if line.trim_ascii().is_empty() && text.trim_ascii().is_empty() => record.starts = false,
                None => record.odd = true,
            }
        }
        let blank = bytes[from.min(to)..to].iter().rev().take_while(|b| matches!(b, b'\n' | b'\r')).count();
        add(record, Span::new(from, to - blank), Role::Text, "text");
        end
    }
}

/// Adds a segment that isn't empty.
fn add(record: &mut Record, raw: Span, role: Role, part: &'static str) {
    if !raw.is_empty() {
        let node = Some(record.node(None, Step::Part(part)));
        record.segments.push(Segment { node, layers: Layers::one(Layer::Line), ..Segment::plain(raw, role) });
    }
}

#[cfg(test)]
mod tests;
