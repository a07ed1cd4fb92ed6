//! Two streams that must be the same: what a redaction would write, and the copy that there is.

use std::io::{self, Read, Write};

/// Where a copy parts from what it should be: counted in the copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parting {
    /// The line, from 1.
    pub line: u64,
    /// Bytes before it, after decompression and decoding to UTF-8.
    pub byte: u64,
    /// How.
    pub how: How,
}

/// How a copy parts from what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It holds something else.
    Other,
    /// It ends too early.
    Short,
    /// It goes on.
    Long,
}

/// Takes what should be written and holds it against a copy. Remembers the first place where they part and takes the rest, so that
/// whoever writes goes on as if it were written.
pub struct Comparer<'a, R> {
    copy: R,
    buffer: Vec<u8>,
    /// What stands in what is written where the copy may have any lower-case hexadecimal digits: as many of its letters as there
    /// are digits, eight or more. For hashes whose key is not known.
    blind: Option<&'a [u8]>,
    byte: u64,
    line: u64,
    parting: Option<Parting>,
    failed: Option<io::Error>,
}

impl<'a, R: Read> Comparer<'a, R> {
    /// Against `copy`.
    pub fn new(copy: R, blind: Option<&'a [u8]>) -> Comparer<'a, R> {
        Comparer { copy, buffer: Vec::new(), blind, byte: 0, line: 1, parting: None, failed: None }
    }

    /// All is written: the copy must end here. The first place where it parts, and how many bytes were the same.
    ///
    /// # Errors
    ///
    /// The copy can't be read.
    pub fn finish(mut self) -> io::Result<(Option<Parting>, u64)> {
        if self.parting.is_none() && self.failed.is_none() && self.fill(1) > 0 {
            self.parts(How::Long, 0);
        }
        match self.failed {
            Some(e) => Err(e),
            None => Ok((self.parting, self.byte)),
        }
    }

    /// Reads up to `n` bytes of the copy into the buffer.
    fn fill(&mut self, n: usize) -> usize {
        self.buffer.resize(n, 0);
        let mut read = 0;
        while read < n {
            match self.copy.read(&mut self.buffer[read..]) {
                Ok(0) => break,
                Ok(more) => read += more,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => {
                    self.failed = Some(e);
                    break;
                }
            }
        }
        read
    }

    /// They part `at` bytes into the buffer.
    fn parts(&mut self, how: How, at: usize) {
        self.pass(at);
        self.parting = Some(Parting { line: self.line, byte: self.byte, how });
    }

    /// The first `n` bytes of the buffer are as they should be.
    fn pass(&mut self, n: usize) {
        self.byte += n as u64;
        self.line += memchr::memchr_iter(b'\n', &self.buffer[..n]).count() as u64;
    }

    /// The first place in the buffer where it is not what it should be.
    fn first_other(&self, wanted: &[u8], there: usize) -> Option<usize> {
        let mut at = 0;
        loop {
            let same = wanted[at..there].iter().zip(&self.buffer[at..there]).take_while(|(a, b)| a == b).count();
            at += same;
            if at == there {
                return None;
            }
            let hidden = self.blind.map_or(0, |b| b.iter().zip(&wanted[at..]).take_while(|(a, b)| a == b).count());
            let hidden = if hidden < 8 { 0 } else { hidden.min(there - at) };
            let digit = |b: &u8| b.is_ascii_digit() || (b'a'..=b'f').contains(b);
            if hidden == 0 || !self.buffer[at..at + hidden].iter().all(digit) {
                return Some(at);
            }
            at += hidden;
        }
    }
}

impl<R: Read> Write for Comparer<'_, R> {
    fn write(&mut self, wanted: &[u8]) -> io::Result<usize> {
        if self.parting.is_some() || self.failed.is_some() {
            return Ok(wanted.len());
        }
        let there = self.fill(wanted.len());
        match (wanted == &self.buffer[..there], self.failed.is_some()) {
            (_, true) => {}
            (true, _) => self.pass(there),
            _ => match self.first_other(wanted, there) {
                Some(at) => self.parts(How::Other, at),
                None if there < wanted.len() => self.parts(How::Short, there),
                None => self.pass(there),
            },
        }
        Ok(wanted.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parting(wanted: &[&str], copy: &str, blind: Option<&str>) -> Option<(u64, u64, How)> {
        let mut comparer = Comparer::new(copy.as_bytes(), blind.map(str::as_bytes));
        wanted.iter().for_each(|w| comparer.write_all(w.as_bytes()).unwrap());
        comparer.finish().unwrap().0.map(|p| (p.line, p.byte, p.how))
    }

    #[test]
    fn the_first_place_is_told() {
        assert_eq!(parting(&["ab\n", "cd"], "ab\ncd", None), None);
        assert_eq!(parting(&["ab\n", "cd", "x"], "ab\nce", None), Some((2, 4, How::Other)));
        assert_eq!(parting(&["ab\n", "cd"], "ab\nc", None), Some((2, 4, How::Short)));
        assert_eq!(parting(&["ab\n"], "ab\nc", None), Some((2, 3, How::Long)));
        assert_eq!(parting(&[], "", None), None);
        assert_eq!(parting(&["ab"], "", None), Some((1, 0, How::Short)));
    }

    #[test]
    fn a_hash_whose_key_is_not_known_has_its_form() {
        let blind = Some("ghijklmnopqrst");
        assert_eq!(parting(&["<A:ghijklmnop>x"], "<A:0123456789>x", blind), None);
        assert_eq!(parting(&["<A:ghijklmnop>x"], "<A:012345678z>x", blind), Some((1, 3, How::Other)));
        assert_eq!(parting(&["<A:ghijklmnop>x"], "<A:0123>x", blind), Some((1, 3, How::Other)));
        assert_eq!(parting(&["<A:ghijklmnop>x"], "<A:012345", blind), Some((1, 9, How::Short)));
        assert_eq!(parting(&["ghij"], "0123", blind), Some((1, 0, How::Other)));
    }
}
