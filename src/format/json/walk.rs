//! JSON, token by token, without recursion: tells a [`Sink`] where keys and values stand.
//!
//! Tolerates what programs do write: trailing commas, `NaN` and `Infinity`, leading zeros and `+`, control characters and
//! broken UTF-8 in strings, duplicate keys. Everything else is a break, and what follows it is text.

use super::decode::closing_quote;
use crate::model::Span;

/// Containers open at once; what is deeper is a break.
pub(crate) const MAX_DEPTH: usize = 512;

/// No number or word is longer.
const MAX_WORD: usize = 1024;

/// Hears what stands where. Spans are those of the bytes walked.
pub(crate) trait Sink {
    /// A member's key: its content, without quotes.
    fn key(&mut self, bytes: &[u8], raw: Span);
    /// A string value: its content, without quotes.
    fn string(&mut self, bytes: &[u8], raw: Span);
    /// A number or `true`, `false`, `null`.
    fn word(&mut self, bytes: &[u8], raw: Span);
    /// An array or an object begins.
    fn open(&mut self, array: bool);
    /// It ends.
    fn close(&mut self);
    /// A comma in an array.
    fn next(&mut self);
}

/// Hears nothing: to see whether something is JSON.
pub(crate) struct Deaf;

impl Sink for Deaf {
    fn key(&mut self, _: &[u8], _: Span) {}
    fn string(&mut self, _: &[u8], _: Span) {}
    fn word(&mut self, _: &[u8], _: Span) {}
    fn open(&mut self, _: bool) {}
    fn close(&mut self) {}
    fn next(&mut self) {}
}

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Expect {
    #[default]
    Value,
    Key,
    Colon,
    Comma,
}

/// Where a walk stands, between two tokens. Made by default: before a value.
#[derive(Debug, Clone, Default)]
pub(crate) struct Walker {
    /// The open containers: whether each is an array.
    levels: Vec<bool>,
    pub expect: Expect,
    /// How much of the string that was [`Step::Short`] has been looked through.
    looked: usize,
}

/// What one token was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// It ends here; the value goes on.
    To(usize),
    /// The whole value ends here.
    Done(usize),
    /// It begins here and doesn't end within the bytes.
    Short(usize),
    /// There is none: only white space up to the end.
    Blank,
    /// What stands here can't.
    Broken(usize),
}

/// Whether JSON allows this byte between tokens.
pub(crate) fn blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

impl Walker {
    /// Containers open.
    pub fn depth(&self) -> usize {
        self.levels.len()
    }

    /// Whether the innermost open container is an array.
    pub fn in_array(&self) -> bool {
        self.levels.last() == Some(&true)
    }

    /// Takes one token from `at`. `whole`: nothing follows the bytes (else a word that ends with them may go on).
    pub fn step(&mut self, bytes: &[u8], at: usize, whole: bool, sink: &mut impl Sink) -> Step {
        let Some(at) = bytes[at..].iter().position(|b| !blank(*b)).map(|i| at + i) else { return Step::Blank };
        match (bytes[at], self.expect) {
            (b'"', Expect::Key | Expect::Value) => self.string(bytes, at, sink),
            (b'{' | b'[', Expect::Value) if self.levels.len() < MAX_DEPTH => {
                let array = bytes[at] == b'[';
                sink.open(array);
                self.levels.push(array);
                self.expect = if array { Expect::Value } else { Expect::Key };
                Step::To(at + 1)
            }
            (b']', Expect::Value | Expect::Comma) if self.in_array() => self.close(at, sink),
            (b'}', Expect::Key | Expect::Comma) if self.levels.last() == Some(&false) => self.close(at, sink),
            (b',', Expect::Comma) => {
                self.expect = if self.in_array() { Expect::Value } else { Expect::Key };
                if self.in_array() {
                    sink.next();
                }
                Step::To(at + 1)
            }
            (b':', Expect::Colon) => {
                self.expect = Expect::Value;
                Step::To(at + 1)
            }
            (_, Expect::Value) => self.word(bytes, at, whole, sink),
            _ => Step::Broken(at),
        }
    }

    /// Takes all tokens of one value from `at`: [`Step::Done`], [`Step::Short`], [`Step::Blank`] or [`Step::Broken`].
    pub fn value(&mut self, bytes: &[u8], mut at: usize, whole: bool, sink: &mut impl Sink) -> Step {
        loop {
            match self.step(bytes, at, whole, sink) {
                Step::To(next) => at = next,
                step => return step,
            }
        }
    }

    fn close(&mut self, at: usize, sink: &mut impl Sink) -> Step {
        self.levels.pop();
        sink.close();
        self.after_value(at + 1)
    }

    fn after_value(&mut self, end: usize) -> Step {
        if self.levels.is_empty() {
            self.expect = Expect::Value;
            return Step::Done(end);
        }
        self.expect = Expect::Comma;
        Step::To(end)
    }

    fn string(&mut self, bytes: &[u8], at: usize, sink: &mut impl Sink) -> Step {
        match closing_quote(bytes, at + 1 + self.looked) {
            Ok(end) => {
                self.looked = 0;
                let raw = Span::new(at + 1, end);
                match self.expect {
                    Expect::Key => sink.key(bytes, raw),
                    _ => sink.string(bytes, raw),
                }
                self.string_ends(end + 1)
            }
            Err(on) => {
                self.looked = on - at - 1;
                Step::Short(at)
            }
        }
    }

    /// A string that was taken in parts has ended; `end` is behind its quote.
    pub fn string_ends(&mut self, end: usize) -> Step {
        if self.expect == Expect::Key {
            self.expect = Expect::Colon;
            return Step::To(end);
        }
        self.after_value(end)
    }

    /// The string that was [`Step::Short`] will be gone on with elsewhere.
    pub fn forget(&mut self) {
        self.looked = 0;
    }

    fn word(&mut self, bytes: &[u8], at: usize, whole: bool, sink: &mut impl Sink) -> Step {
        let end = word_end(bytes, at);
        if end - at <= MAX_WORD && end == bytes.len() && !whole {
            return Step::Short(at);
        }
        if !is_word(&bytes[at..end]) {
            return Step::Broken(at);
        }
        sink.word(bytes, Span::new(at, end));
        self.after_value(end)
    }
}

/// Where the number or word at `at` ends (not looking much further than the longest).
pub(crate) fn word_end(bytes: &[u8], at: usize) -> usize {
    let view = &bytes[at..bytes.len().min(at + MAX_WORD + 1)];
    let stop = |b: &u8| blank(*b) || matches!(b, b',' | b':' | b'"' | b'{' | b'}' | b'[' | b']' | 0x1E);
    at + view.iter().position(stop).unwrap_or(view.len())
}

/// Whether this is a number or a literal.
pub(crate) fn is_word(word: &[u8]) -> bool {
    matches!(word, b"true" | b"false" | b"null" | b"NaN" | b"Infinity" | b"-Infinity")
        || word.len() <= MAX_WORD && is_number(word)
}

fn is_number(word: &[u8]) -> bool {
    let digits = |s: &[u8]| s.iter().take_while(|b| b.is_ascii_digit()).count();
    let unsigned = |s: &[u8]| usize::from(matches!(s.first(), Some(b'+' | b'-')));
    let mut rest = &word[unsigned(word)..];
    let whole = digits(rest);
    rest = &rest[whole..];
    if whole == 0 {
        return false;
    }
    if let [b'.', fraction @ ..] = rest {
        rest = &fraction[digits(fraction)..];
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = &exponent[unsigned(exponent)..];
        let n = digits(exponent);
        return n > 0 && n == exponent.len();
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(text: &str) -> Step {
        Walker::default().value(text.as_bytes(), 0, true, &mut Deaf)
    }

    #[test]
    fn takes_what_is_json_and_breaks_where_it_is_not() {
        for text in [
            r#"{"a":1,"a":[true,false,null,-1.5e+3,"x\"y"],"b":{}}"#,
            "[]",
            "[1,]",
            r#"{"a":1,}"#,
            r#""s""#,
            "[NaN,-Infinity,007,+1]",
            "[\"\0\u{1}\n\"]",
        ] {
            assert_eq!(walk(text), Step::Done(text.len()), "{text}");
        }
        for (text, at) in [
            ("[2024-01-01]", 1),
            ("[INFO]", 1),
            (r#"{"a" 1}"#, 5),
            ("{1:2}", 1),
            (r#"["a" "b"]"#, 5),
            ("{'a':1}", 1),
            ("[1}", 2),
            ("[1 // c", 3),
            ("{\"a\":}", 5),
            ("]", 0),
        ] {
            assert_eq!(walk(text), Step::Broken(at), "{text}");
        }
        assert_eq!(walk(r#"{"a":1} x"#), Step::Done(7));
        assert_eq!(walk(r#"{"a":"b"#), Step::Short(5));
        assert_eq!(walk("{"), Step::Blank);
    }

    #[test]
    fn depth_and_words_are_bounded() {
        assert_eq!(walk(&"[".repeat(MAX_DEPTH)), Step::Blank);
        assert_eq!(walk(&"[".repeat(1 << 20)), Step::Broken(MAX_DEPTH));
        let long = format!("[{}]", "1".repeat(MAX_WORD + 1));
        assert_eq!(walk(&long), Step::Broken(1));
    }

    #[test]
    fn a_string_is_not_looked_through_twice() {
        let mut w = Walker::default();
        assert_eq!(w.step(b"\"abc", 0, false, &mut Deaf), Step::Short(0));
        assert_eq!(w.looked, 3);
        assert_eq!(w.step(b"\"abc\\", 0, false, &mut Deaf), Step::Short(0));
        assert_eq!(w.looked, 3);
        assert_eq!(w.step(b"\"abc\\\"\"", 0, false, &mut Deaf), Step::Done(7));
        assert_eq!(w.step(b"12", 0, false, &mut Deaf), Step::Short(0));
        assert_eq!(w.step(b"12 ", 0, false, &mut Deaf), Step::Done(2));
    }
}
