//! A zip archive as a tree of members: what is refused, and how members are read and written.

use super::source::{Flow, Unpacked};
use super::unseen::unseen;
use crate::error::{Error, Result};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, Write};
use std::sync::Arc;
use zip::read::ZipFile;
use zip::result::ZipError;
use zip::write::{FullFileOptions, SimpleFileOptions};
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Something to write an archive into.
pub trait Places: Write + Seek + Send {}

impl<T: Write + Seek + Send> Places for T {}

/// An archive being written.
pub type Writer<'a> = ZipWriter<Box<dyn Places + 'a>>;

/// An archive being read.
#[derive(Debug)]
pub struct Archive {
    zip: ZipArchive<BufReader<File>>,
    file: File,
    flow: Arc<Flow>,
    shown: String,
}

/// What is known of a member without reading it.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its name as it stands in the archive.
    pub name: Vec<u8>,
    /// Its name as text.
    pub text: String,
    /// Its size as declared.
    pub size: u64,
    /// A directory: no content.
    pub directory: bool,
    /// Why it can't be read, if so.
    pub unsupported: Option<&'static str>,
    /// Its comment.
    pub comment: String,
}

/// Where a member lies in an archive: its header, and its data as stored.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    pub(super) start: u64,
    pub(super) data: u64,
    pub(super) end: u64,
    /// Bytes that it expands to.
    pub(super) size: u64,
    pub(super) crc: u32,
}

impl Archive {
    /// Opens `file`. Refused are archives whose members' names lead elsewhere or stand for several members.
    ///
    /// # Errors
    ///
    /// It is damaged, or refused: the message says why.
    pub fn open(file: File, shown: &str, flow: &Arc<Flow>) -> Result<Archive> {
        let refused = |what: String| Error::Input { path: shown.into(), what };
        flow.size(file.metadata().map_err(|e| Error::io(shown, "cannot read", e))?.len());
        let again = file.try_clone().map_err(|e| Error::io(shown, "cannot read", e))?;
        let zip = ZipArchive::new(BufReader::with_capacity(64 << 10, file)).map_err(|e| damaged(shown, e))?;
        if zip.has_duplicate_names() {
            let what = "two members of the zip archive have one name, of which readers see one only; unpack it first";
            return Err(refused(what.into()));
        }
        for (i, name) in zip.file_names_raw().enumerate() {
            let mut parts = name.split(|b| matches!(b, b'/' | b'\\'));
            let absolute = matches!(name, [b'/' | b'\\', ..]) || matches!(name, [_, b':', b'/' | b'\\', ..]);
            if absolute || parts.any(|p| p == b"..") {
                return Err(refused(format!(
                    "the name of member {} leads out of the zip archive (an absolute path or `..`), as in an attack; \
                     unpack it with a tool that can handle that, and redact the result",
                    i + 1
                )));
            }
        }
        Ok(Archive { zip, file: again, flow: flow.clone(), shown: shown.to_owned() })
    }

    /// How many bytes belong to no member: those of deleted or hidden ones, before the first or behind the end.
    ///
    /// # Errors
    ///
    /// It can't be read, or a header is damaged.
    pub fn unseen(&mut self) -> Result<u64> {
        let shown = &self.shown;
        let mut members = Vec::new();
        for i in 0..self.zip.len() {
            let m = self.zip.by_index_raw(i).map_err(|e| damaged(shown, e))?;
            let data = m.data_start().unwrap_or(m.header_start());
            let (start, end) = (m.header_start(), data.saturating_add(m.compressed_size()));
            members.push(Range { start, data, end, size: m.size(), crc: m.crc32() });
        }
        let directory = self.zip.central_directory_start();
        unseen(&self.file, &mut members, directory).map_err(|e| Error::io(shown, "cannot read", e))
    }

    /// What it is if it is no mere archive.
    pub fn document(&self) -> Option<&'static str> {
        let mut names = self.zip.file_names_raw();
        if names.next() == Some(b"mimetype") {
            return Some("an OpenDocument or EPUB file");
        }
        self.zip.index_for_name_raw(b"[Content_Types].xml").map(|_| "an office document")
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.zip.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.zip.is_empty()
    }

    /// The archive's comment.
    pub fn comment(&self) -> &[u8] {
        self.zip.comment()
    }

    /// What is known of member `i`.
    ///
    /// # Errors
    ///
    /// Its header is damaged.
    pub fn member(&mut self, i: usize) -> Result<Member> {
        let shown = self.shown.clone();
        let m = self.zip.by_index_raw(i).map_err(|e| damaged(&shown, e))?;
        #[allow(deprecated, reason = "there is no other way to ask for a method that isn't known")]
        let unsupported = match m.compression() {
            _ if m.encrypted() => Some("an encrypted member"),
            CompressionMethod::Unsupported(_) => Some("a member compressed by a method other than deflate or zstd"),
            _ => None,
        };
        Ok(Member {
            name: m.name_raw().to_vec(),
            text: m.name().map_or_else(|_| String::from_utf8_lossy(m.name_raw()).into_owned(), |n| n.into_owned()),
            size: m.size(),
            directory: m.is_dir(),
            unsupported,
            comment: m.comment().to_owned(),
        })
    }

    /// Reads member `i`.
    ///
    /// # Errors
    ///
    /// Its header is damaged.
    pub fn read(&mut self, i: usize) -> Result<Box<dyn Read + Send + '_>> {
        let shown = &self.shown;
        let member = self.zip.by_index(i).map_err(|e| damaged(shown, e))?;
        Ok(Box::new(Unpacked::new(member, "zip", self.flow.clone())))
    }

    /// What identifies the content of member `i` without reading it: its checksum, its size and its size as stored.
    ///
    /// # Errors
    ///
    /// Its header is damaged.
    pub fn stored(&mut self, i: usize) -> Result<(u32, u64, u64)> {
        let shown = &self.shown;
        let m = self.zip.by_index_raw(i).map_err(|e| damaged(shown, e))?;
        Ok((m.crc32(), m.size(), m.compressed_size()))
    }

    /// How member `i` was written: method, date, permissions.
    ///
    /// # Errors
    ///
    /// Its header is damaged.
    pub fn options(&mut self, i: usize) -> Result<SimpleFileOptions> {
        let shown = &self.shown;
        let m: ZipFile<'_, _> = self.zip.by_index_raw(i).map_err(|e| damaged(shown, e))?;
        Ok(m.options())
    }

    /// Copies member `i` as it is.
    ///
    /// # Errors
    ///
    /// It can't be read or written.
    pub fn copy(&mut self, i: usize, to: &mut Writer<'_>) -> Result<()> {
        let shown = &self.shown;
        let m = self.zip.by_index_raw(i).map_err(|e| damaged(shown, e))?;
        to.raw_copy_file(m).map_err(|e| unwritten(shown, e))
    }
}

/// Begins a member like the one that had `options`.
///
/// # Errors
///
/// It can't be written.
pub fn begin(to: &mut Writer<'_>, name: &str, options: SimpleFileOptions, comment: &str, shown: &str) -> Result<()> {
    let mut options: FullFileOptions<'_, '_> = options.into_full_options();
    if !comment.is_empty() {
        options = options.with_file_comment(comment);
    }
    to.start_file(name, options).map_err(|e| unwritten(shown, e))
}

/// A zip error on reading; its text may quote a name, so it is said in other words.
fn damaged(shown: &str, e: ZipError) -> Error {
    let what = match e {
        ZipError::Io(e) if e.kind() != io::ErrorKind::UnexpectedEof => return Error::io(shown, "cannot read", e),
        ZipError::UnsupportedArchive(_) => {
            "the zip archive is of a kind that is not supported (split, or newer); unpack it first"
        }
        _ => "the zip archive is damaged or incomplete; get it again",
    };
    Error::Input { path: shown.into(), what: what.into() }
}

/// A zip error on writing.
pub fn unwritten(shown: &str, e: ZipError) -> Error {
    match e {
        ZipError::Io(e) => Error::io(shown, "cannot write its copy", e),
        _ => Error::Input {
            path: shown.into(),
            what: "its copy cannot be written: a name or comment is too long, or there twice".into(),
        },
    }
}
