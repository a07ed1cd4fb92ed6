//! Where it is written: in large pieces, lines counted, the expected findings beside it.

use super::values::{Kind, Text};
use std::io::{self, Write};

/// How a text is written where it stands.
#[derive(Clone, Copy, PartialEq)]
pub enum Form {
    /// As it is.
    Raw,
    /// In a JSON string.
    Json,
    /// In a JSON string, all of it ASCII.
    JsonAscii,
    /// In a quoted CSV field.
    Csv,
    /// In a cue.
    Cue,
}

/// A value written in the record at hand: its offset in the buffer, its kind, its text and its field.
struct Pending {
    at: usize,
    kind: Kind,
    text: String,
    field: String,
}

/// Collects records and writes them on.
pub struct Sink<'a> {
    pub buf: Vec<u8>,
    out: &'a mut dyn Write,
    labels: Option<&'a mut dyn Write>,
    pending: Vec<Pending>,
    flushed: u64,
    line: u64,
    counted: usize,
}

const PIECE: usize = 1 << 20;

impl<'a> Sink<'a> {
    /// Writes to `out`, and the labels to `labels`.
    pub fn new(out: &'a mut dyn Write, labels: Option<&'a mut dyn Write>) -> Sink<'a> {
        let buf = Vec::with_capacity(PIECE + (1 << 16));
        Sink { buf, out, labels, pending: Vec::new(), flushed: 0, line: 1, counted: 0 }
    }

    /// Bytes so far.
    pub fn written(&self) -> u64 {
        self.flushed + self.buf.len() as u64
    }

    /// Appends what needs no escaping.
    pub fn put(&mut self, s: &str) {
        self.buf.extend_from_slice(s.as_bytes());
    }

    /// Appends a number with at least `width` digits.
    pub fn number(&mut self, mut n: u64, width: usize) {
        let mut digits = [b'0'; 20];
        let mut at = 20;
        while n > 0 || 20 - at < width.max(1) {
            at -= 1;
            digits[at] = b'0' + (n % 10) as u8;
            n /= 10;
        }
        self.buf.extend_from_slice(&digits[at..]);
    }

    /// Appends a text, its values labelled as found in `field`.
    pub fn text(&mut self, text: &Text, form: Form, field: impl Fn() -> String) {
        self.part(text, 0, text.text.len(), form, field);
    }

    /// Appends a part of a text, with the values that begin in it.
    pub fn part(&mut self, text: &Text, from: usize, to: usize, form: Form, field: impl Fn() -> String) {
        let mut at = from;
        if self.labels.is_some() {
            for &(kind, start, end) in text.values.iter().filter(|v| (from..to).contains(&v.1)) {
                escape(&text.text[at..start], form, &mut self.buf);
                let value = text.text[start..end].to_owned();
                self.pending.push(Pending { at: self.buf.len(), kind, text: value, field: field() });
                at = start;
            }
        }
        escape(&text.text[at..to], form, &mut self.buf);
    }

    /// Ends a record: writes its labels, and what has gathered if it is enough.
    pub fn end(&mut self) -> io::Result<()> {
        let mut pending = std::mem::take(&mut self.pending);
        if let Some(labels) = self.labels.as_mut() {
            for p in pending.drain(..) {
                self.line += newlines(&self.buf[self.counted..p.at]);
                self.counted = p.at;
                let mut label = format!("{{\"line\":{}", self.line).into_bytes();
                for (name, value) in [("field", p.field.as_str()), ("type", p.kind), ("text", &p.text)] {
                    if !value.is_empty() {
                        _ = write!(label, ",\"{name}\":\"");
                        escape(value, Form::Json, &mut label);
                        label.push(b'"');
                    }
                }
                label.extend_from_slice(b"}\n");
                labels.write_all(&label)?;
            }
        }
        self.pending = pending;
        if self.buf.len() >= PIECE { self.flush() } else { Ok(()) }
    }

    /// Writes all that has gathered.
    pub fn flush(&mut self) -> io::Result<()> {
        self.line += newlines(&self.buf[self.counted..]);
        self.counted = 0;
        self.flushed += self.buf.len() as u64;
        self.out.write_all(&self.buf)?;
        self.buf.clear();
        self.out.flush()
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|&&b| b == b'\n').count() as u64
}

fn escape(s: &str, form: Form, out: &mut Vec<u8>) {
    let special = |b: u8| match form {
        Form::Raw => false,
        Form::Json => b == b'"' || b == b'\\' || b < 0x20,
        Form::JsonAscii => b == b'"' || b == b'\\' || !(0x20..0x7f).contains(&b),
        Form::Csv => b == b'"',
        Form::Cue => matches!(b, b'&' | b'<' | b'>'),
    };
    if !s.bytes().any(special) {
        return out.extend_from_slice(s.as_bytes());
    }
    for c in s.chars() {
        match (form, c) {
            (Form::Json | Form::JsonAscii, '"' | '\\') => out.extend_from_slice(&[b'\\', c as u8]),
            (Form::Json | Form::JsonAscii, '\n') => out.extend_from_slice(b"\\n"),
            (Form::JsonAscii, c) if !(' '..='~').contains(&c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    _ = write!(out, "\\u{unit:04x}");
                }
            }
            (Form::Csv, '"') => out.extend_from_slice(b"\"\""),
            (Form::Cue, '&') => out.extend_from_slice(b"&amp;"),
            (Form::Cue, '<') => out.extend_from_slice(b"&lt;"),
            (Form::Cue, '>') => out.extend_from_slice(b"&gt;"),
            _ => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}
