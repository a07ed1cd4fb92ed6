//! Where output goes: standard output, or a file that appears whole or not at all; compressed as its input was.

use super::stop::{Hold, Stop};
use super::utf16::{Encoder, Odd, Order};
use flate2::write::GzEncoder;
use std::ffi::OsStr;
use std::fs::{File, Metadata, Permissions};
use std::io::{self, BufWriter, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Bytes that are held before they are written, unless a flush comes first.
const BUFFER: usize = 256 << 10;

/// How an input was compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
}

/// A writer with an end of its own.
pub trait Finish: Write + Send {
    /// Writes what is held and the end.
    ///
    /// # Errors
    ///
    /// It can't be written.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// A writer that ends with a flush.
pub struct Plain<W>(pub W);

impl<W: Write> Write for Plain<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl<W: Write + Send> Finish for Plain<W> {
    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.0.flush()
    }
}

/// Where a compressor writes to: it owns this while it works, and gives it back at its end.
type Inner<'a> = Box<dyn Finish + 'a>;

/// Compressed output is never flushed before its end: that would cost much of the compression.
struct Gzip<'a>(GzEncoder<Inner<'a>>);

struct Zstd<'a>(zstd::Encoder<'static, Inner<'a>>);

impl Write for Gzip<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Finish for Gzip<'_> {
    fn finish(self: Box<Self>) -> io::Result<()> {
        self.0.finish()?.finish()
    }
}

impl Write for Zstd<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Finish for Zstd<'_> {
    fn finish(self: Box<Self>) -> io::Result<()> {
        self.0.finish()?.finish()
    }
}

/// Puts around `out` what was taken off the input: `packing` from the outside in, then the encoding.
///
/// A gzip header's name and comment are not written again: they could hold personal data.
///
/// # Errors
///
/// The compressor can't be made.
pub fn pack<'a>(
    packing: &[Packing],
    encoding: Option<(Order, Odd)>,
    mut out: Box<dyn Finish + 'a>,
) -> io::Result<Box<dyn Finish + 'a>> {
    for p in packing {
        out = match p {
            Packing::Gzip => Box::new(Gzip(GzEncoder::new(out, flate2::Compression::default()))),
            Packing::Zstd => {
                let mut encoder = zstd::Encoder::new(out, 0)?;
                encoder.include_checksum(true)?;
                Box::new(Zstd(encoder))
            }
        };
    }
    Ok(match encoding {
        Some((order, odd)) => Box::new(Encoder::new(out, order, odd)),
        None => out,
    })
}

/// Standard output, buffered until a flush.
///
/// # Errors
///
/// It is closed.
pub fn stdout() -> io::Result<BufWriter<File>> {
    let fd = io::stdout().as_fd().try_clone_to_owned()?;
    Ok(BufWriter::with_capacity(BUFFER, File::from(fd)))
}

/// What stands at `path` and is no regular file (a device, a pipe, a descriptor of this process), to be written into: it is not
/// replaced. `None`: there is nothing, or a file.
///
/// # Errors
///
/// It is a directory, or can't be opened.
pub fn standing(path: &Path) -> io::Result<Option<BufWriter<File>>> {
    let Ok(meta) = std::fs::metadata(path) else { return Ok(None) };
    if meta.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    // A descriptor may be of a regular file that was opened to be appended to.
    let descriptor = ["/dev", "/proc"].iter().any(|d| path.starts_with(d));
    if meta.is_file() && !descriptor {
        return Ok(None);
    }
    let file = std::fs::OpenOptions::new().append(true).open(path)?;
    Ok(Some(BufWriter::with_capacity(BUFFER, file)))
}

/// A file that appears under its name when it is whole: until then, or if never, there is only a nameless-looking
/// temporary file beside it, which is removed.
#[derive(Debug)]
pub struct Whole {
    temp: tempfile::NamedTempFile<BufWriter<File>>,
    target: PathBuf,
    /// Whether a file that has the name already may be replaced.
    replace: bool,
    _hold: Option<Hold>,
}

impl Whole {
    /// Begins the file `target`. It is never more readable than `like`, the input it is made from.
    ///
    /// # Errors
    ///
    /// The directory can't be written.
    pub fn begin(target: &Path, like: Option<&Input>, replace: bool, stop: Option<&Arc<Stop>>) -> io::Result<Whole> {
        let hold = stop.map(Stop::hold);
        let directory = match target.parent() {
            Some(p) if !p.as_os_str().is_empty() => p,
            _ => Path::new("."),
        };
        let mode = like.map_or(0o600, |l| l.mode);
        let temp = tempfile::Builder::new()
            .prefix(".sluice-")
            .suffix(".tmp")
            .permissions(Permissions::from_mode(mode | 0o200))
            .tempfile_in(directory)
            .map_err(unnamed)?;
        if let Some(like) = like {
            like.restrict(temp.as_file(), mode)?;
        }
        let (file, path) = temp.into_parts();
        let temp = tempfile::NamedTempFile::from_parts(BufWriter::with_capacity(BUFFER, file), path);
        Ok(Whole { temp, target: target.to_owned(), replace, _hold: hold })
    }

    /// The file is whole: it gets its name. With `backup`, what had the name stays under that one.
    ///
    /// # Errors
    ///
    /// The last bytes can't be written, or the name is taken.
    pub fn commit(mut self, backup: Option<&Path>) -> io::Result<()> {
        self.temp.as_file_mut().flush()?;
        self.temp.as_file().get_ref().sync_all()?;
        if let Some(backup) = backup {
            // A link never replaces a file and leaves no moment without one.
            std::fs::hard_link(&self.target, backup)?;
        }
        let done =
            if self.replace { self.temp.persist(&self.target) } else { self.temp.persist_noclobber(&self.target) };
        done.map(drop).map_err(|e| e.error)
    }

    /// The file, to write in places.
    pub fn file(&mut self) -> &mut BufWriter<File> {
        self.temp.as_file_mut()
    }
}

impl Write for Whole {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.temp.as_file_mut().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The system's error without the temporary file's name, which says nothing to a user.
fn unnamed(e: io::Error) -> io::Error {
    let inner = e.get_ref().and_then(|i| i.source()).and_then(|s| s.downcast_ref::<io::Error>());
    inner.and_then(io::Error::raw_os_error).map_or(io::Error::from(e.kind()), io::Error::from_raw_os_error)
}

/// What an output takes over from its input.
#[derive(Debug, Clone, Copy)]
pub struct Input {
    mode: u32,
    owner: u32,
    group: u32,
}

impl Input {
    /// What can be said of an input by its metadata; `path`: to ask for an access list.
    pub fn of(meta: &Metadata, path: Option<&Path>) -> Input {
        let mut mode = meta.mode() & 0o777;
        if path.is_some_and(has_access_list) {
            mode &= 0o707; // the group's bits are then the list's upper bound, not what the group may do
        }
        Input { mode, owner: meta.uid(), group: meta.gid() }
    }

    /// The permissions of a directory made from this one: its owner may always work in it.
    pub fn directory_mode(&self) -> u32 {
        self.mode | 0o700
    }

    /// Gives `file` the input's owner and group where that's possible; where the group is another one, it may do no more
    /// than everyone may.
    fn restrict(&self, file: &File, mode: u32) -> io::Result<()> {
        let now = file.metadata()?;
        let same_owner = now.uid() == self.owner || std::os::unix::fs::fchown(file, Some(self.owner), None).is_ok();
        let same_group = now.gid() == self.group || std::os::unix::fs::fchown(file, None, Some(self.group)).is_ok();
        let mut allowed = now.mode() & (mode | 0o200) & 0o777;
        if !same_group {
            allowed &= !0o070 | (mode & 0o007) << 3;
        }
        if same_owner {
            allowed &= mode; // already open: writing needs no permission any more
        }
        file.set_permissions(Permissions::from_mode(allowed))
    }
}

#[cfg(target_os = "linux")]
fn has_access_list(path: &Path) -> bool {
    rustix::fs::getxattr(path, "system.posix_acl_access", &mut [0u8; 0][..]).is_ok_and(|n| n > 0)
}

#[cfg(not(target_os = "linux"))]
fn has_access_list(_: &Path) -> bool {
    false
}

/// `path` with `suffix` after its name.
pub fn with_suffix(path: &Path, suffix: &OsStr) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
