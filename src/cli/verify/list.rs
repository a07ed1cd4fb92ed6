//! The list of values that must be nowhere, read line by line.

mod shape;

use crate::engine::Folding;
use crate::error::{Error, Result};
use crate::model::MAX_FINDING;
use crate::normalise::hex;
use crate::proof::absent::{Absent, Builder, Refused};
use sha2::{Digest, Sha256};
use shape::Shape;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

/// The list.
pub(super) struct List {
    pub values: Arc<Absent>,
    /// SHA-256 of its file.
    pub sha256: String,
}

/// A line longer than this is not kept: no value is, whatever it is written with.
const LINE: u64 = 4 * MAX_FINDING as u64;

impl List {
    /// Reads the list at `path`: a value a line, blank lines left out.
    pub fn open(path: &Path) -> Result<List> {
        let refused = |what: &str| Error::Input { path: path.into(), what: what.into() };
        let unread = |e: io::Error| Error::io(path, "cannot read the list of values", e);
        if path.is_dir() {
            return Err(refused("--absent: is a directory; name a file with a value a line"));
        }
        let mut lines = Lines::new(File::open(path).map_err(unread)?);
        let (mut builder, mut shape) = (Builder::default(), Shape::default());
        let (mut n, mut folding) = (0u32, Folding::default());
        while let Some(line) = lines.next().map_err(unread)? {
            n += 1;
            let wrong = |what: &str| Error::Config { path: path.into(), line: n as usize, what: what.into() };
            let text = if n == 1 { line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line) } else { line }.trim_ascii();
            let seen = shape::signs(text);
            if let Some(what) = unfit(line, n, seen) {
                return Err(wrong(what));
            }
            if text.is_empty() {
                continue;
            }
            shape.add(text, seen).map_err(wrong)?;
            builder.add(n, folding.of(shape::value(text, seen))).map_err(|r| {
                wrong(match r {
                    Refused::Short => "--absent: a value of fewer than three letters and digits would be found everywhere; take it out",
                    Refused::Long => "--absent: a value of over 1024 bytes or 128 words is not looked for; take it out",
                })
            })?;
        }
        if let Some(what) = shape.table() {
            return Err(refused(what));
        }
        let values = builder.finish();
        if values.values() == 0 {
            return Err(refused("--absent: holds no value, and none looked for is no proof; give a value a line"));
        }
        let sha256 = hex(&lines.digest.finalize());
        Ok(List { values: Arc::new(values), sha256 })
    }
}

/// The lines of a file, and the digest of what was read.
struct Lines<R> {
    from: R,
    digest: Sha256,
    buffer: Vec<u8>,
    /// What was read and not handed out.
    start: usize,
    end: usize,
    last: bool,
}

/// How much is read at a time.
const CHUNK: usize = 256 << 10;

impl<R: Read> Lines<R> {
    fn new(from: R) -> Lines<R> {
        Lines { from, digest: Sha256::new(), buffer: vec![0; CHUNK], start: 0, end: 0, last: false }
    }

    /// The next line, with its end; of one that is longer than [`LINE`] so much.
    fn next(&mut self) -> io::Result<Option<&[u8]>> {
        loop {
            let rest = &self.buffer[self.start..self.end];
            let within = &rest[..rest.len().min(LINE as usize)];
            let line = memchr::memchr(b'\n', within).map(|i| i + 1);
            let whole = within.len() as u64 == LINE || self.last;
            if let Some(length) = line.or_else(|| whole.then_some(within.len())) {
                let line = self.start..self.start + length;
                self.start = line.end;
                return Ok((length > 0).then_some(&self.buffer[line]));
            }
            self.fill()?;
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        match self.from.read(&mut self.buffer[self.end..]) {
            Ok(n) => {
                self.digest.update(&self.buffer[self.end..self.end + n]);
                (self.end, self.last) = (self.end + n, n == 0);
                Ok(())
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => Ok(()),
            Err(e) => Err(e),
        }
    }
}

/// What is wrong with line `n`, in which these signs stand ([`shape::signs`]), as text.
fn unfit(line: &[u8], n: u32, seen: u8) -> Option<&'static str> {
    match () {
        () if n == 1 && (line.starts_with(b"\xFF\xFE") || line.starts_with(b"\xFE\xFF")) => {
            Some("--absent: is UTF-16; write it as UTF-8")
        }
        () if seen & shape::ZERO != 0 => {
            Some("--absent: is no text (there is a zero byte); give a value a line, in UTF-8")
        }
        () if line.len() as u64 == LINE && !line.ends_with(b"\n") => {
            Some("--absent: a value of over 1024 bytes is not looked for; give one value a line")
        }
        () => None,
    }
}
