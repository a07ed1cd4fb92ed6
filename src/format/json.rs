//! JSON documents of any size, one or several in a row, pretty-printed or not: a record is an element of the outermost arrays
//! of objects (a message in `{"messages":[{…},{…}]}`), or else the document, or a part of it if it's very large. From where
//! it isn't JSON any more it's read as text.

pub(crate) mod decode;
pub(crate) mod document;
pub(crate) mod emit;
pub(crate) mod layout;
pub(crate) mod line;
pub(crate) mod part;
pub(crate) mod path;
pub(crate) mod pointer;
pub(crate) mod read;
pub(crate) mod skip;
pub(crate) mod values;
pub(crate) mod walk;

#[cfg(test)]
mod tests;

use super::{Format, Guess, Head, Settings, Stream};
use document::Documents;
use pointer::Pointers;
use std::sync::Arc;
use walk::{Deaf, Step, Walker, blank};

/// See the module.
#[derive(Debug)]
pub struct Json;

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
    }
    fn about(&self) -> &'static str {
        "JSON documents of any size: a record is an element of the outermost arrays of objects, or else the document"
    }
    /// Yes if the first line is an array or object, or several, or the beginning of one.
    fn guess(&self, head: &Head<'_>) -> Guess {
        let Some(line) = head.first_line() else { return Guess::No };
        // RFC 7464 puts a record separator before each document.
        let line = line.strip_prefix(b"\x1E").unwrap_or(line);
        if !matches!(line.first(), Some(b'{' | b'[')) {
            return Guess::No;
        }
        let yes = match Walker::default().value(line, 0, true, &mut Deaf) {
            Step::Done(end) => line[end..].iter().find(|b| !blank(**b)).is_none_or(|b| matches!(b, b'{' | b'[' | 0x1E)),
            Step::Blank | Step::Short(_) | Step::To(_) => true,
            // Broken, but it had begun well.
            Step::Broken(_) => {
                let line: Vec<u8> = line.iter().copied().filter(|b| !blank(*b)).take(3).collect();
                line.starts_with(b"{\"") || line == b"[{\""
            }
        };
        if yes { Guess::Yes } else { Guess::No }
    }
    fn stream(&self, _: &Head<'_>, settings: &Settings) -> Box<dyn Stream> {
        Box::new(Documents::new(settings.max_record, Arc::new(Pointers::new(settings))))
    }
}
