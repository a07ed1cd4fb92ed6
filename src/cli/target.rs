//! Where a report goes.

use super::End;
use crate::error::{Error, Result};
use crate::pipeline::output::{self, Whole};
use crate::pipeline::stop::{Hold, Stop};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Where the report goes: a file appears whole or not at all.
pub(crate) enum Target {
    Stdout(BufWriter<io::Stdout>),
    /// A device or pipe that stands there.
    Standing(PathBuf, BufWriter<File>),
    /// A file; as long as it is being written, signals ask and don't end the program at once.
    File(PathBuf, Box<Whole>, Hold),
}

impl Target {
    /// Standard output, or a file that replaces one of its name when all is written.
    pub fn open(path: Option<&Path>) -> Result<Target> {
        Ok(match path {
            None => Target::Stdout(BufWriter::with_capacity(1 << 16, io::stdout())),
            Some(p) => {
                let failed = |e| Error::io(p, "cannot write", e);
                match output::standing(p).map_err(failed)? {
                    Some(out) => Target::Standing(p.to_owned(), out),
                    None => {
                        let hold = Stop::install().map_err(failed)?.hold();
                        let whole = Whole::begin(p, None, true, None).map_err(failed)?;
                        Target::File(p.to_owned(), Box::new(whole), hold)
                    }
                }
            }
        })
    }

    /// Writes by `write`.
    pub fn with(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
        match self {
            Target::Stdout(out) => write(out).map_err(|e| Error::io("-", "cannot write", e)),
            Target::Standing(path, out) => write(out).map_err(|e| Error::io(path, "cannot write", e)),
            Target::File(path, whole, _) => write(whole.file()).map_err(|e| Error::io(path, "cannot write", e)),
        }
    }

    /// Writes `bytes`.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.with(|out| out.write_all(bytes))
    }

    /// What was written to standard output is to be seen now.
    pub fn flush(&mut self) -> Result<()> {
        match self {
            Target::Stdout(out) => out.flush().map_err(|e| Error::io("-", "cannot write", e)),
            Target::Standing(path, out) => out.flush().map_err(|e| Error::io(path, "cannot write", e)),
            Target::File(..) => Ok(()),
        }
    }

    /// The end of a run: all is written, or, if a signal ended it, no file is.
    pub fn end(self, end: &End) -> Result<()> {
        match (self, end) {
            (Target::File(..), End::Signal(_)) => Ok(()),
            (target, _) => target.commit(),
        }
    }

    /// All is written.
    pub fn commit(self) -> Result<()> {
        match self {
            Target::Stdout(mut out) => out.flush().map_err(|e| Error::io("-", "cannot write", e)),
            Target::Standing(path, mut out) => out.flush().map_err(|e| Error::io(path, "cannot write", e)),
            Target::File(path, whole, _hold) => whole.commit(None).map_err(|e| Error::io(path, "cannot write", e)),
        }
    }
}
