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
use std::io::{self, BufRead, BufReader, Read};
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
        let mut from = BufReader::with_capacity(256 << 10, File::open(path).map_err(unread)?);
        let (mut builder, mut digest, mut shape) = (Builder::default(), Sha256::new(), Shape::default());
        let (mut line, mut n, mut folding) = (Vec::new(), 0u32, Folding::default());
        loop {
            line.clear();
            from.by_ref().take(LINE).read_until(b'\n', &mut line).map_err(unread)?;
            if line.is_empty() {
                break;
            }
            digest.update(&line);
            n += 1;
            let wrong = |what: &str| Error::Config { path: path.into(), line: n as usize, what: what.into() };
            if let Some(what) = unfit(&line, n) {
                return Err(wrong(what));
            }
            let text = if n == 1 { line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&line) } else { &line }.trim_ascii();
            if text.is_empty() {
                continue;
            }
            shape.add(text).map_err(wrong)?;
            builder.add(n, folding.of(shape::value(text))).map_err(|r| {
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
        let sha256 = hex(&digest.finalize());
        Ok(List { values: Arc::new(values), sha256 })
    }
}

/// What is wrong with line `n` as text.
fn unfit(line: &[u8], n: u32) -> Option<&'static str> {
    match () {
        () if n == 1 && (line.starts_with(b"\xFF\xFE") || line.starts_with(b"\xFE\xFF")) => {
            Some("--absent: is UTF-16; write it as UTF-8")
        }
        () if line.contains(&0) => Some("--absent: is no text (there is a zero byte); give a value a line, in UTF-8"),
        () if line.len() as u64 == LINE && !line.ends_with(b"\n") => {
            Some("--absent: a value of over 1024 bytes is not looked for; give one value a line")
        }
        () => None,
    }
}
