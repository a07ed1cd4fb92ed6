//! One input on its way to the pipeline: what it is, taken out of its compression and encoding, stopped by signals.

use super::Input;
use super::kinds::{self, Kind};
use super::output::Packing;
use super::packed::{Found, Members};
use super::stop::Stop;
use super::unseen;
use super::utf16::{Decoder, Odd, Order};
use crate::error::{Error, Result};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Up to this many bytes an input may expand to whatever its own size.
const FREE: u64 = 16 << 20;

/// How deep compression and archives may be nested.
pub const MAX_DEPTH: usize = 8;

/// What is common to an input and everything within it.
#[derive(Debug, Default)]
pub struct Flow {
    stop: Option<Arc<Stop>>,
    /// SIGTERM ends it at a record.
    stream: bool,
    drained: AtomicBool,
    /// Bytes read, before decompression.
    read: AtomicU64,
    /// Bytes that decompression gave.
    expanded: AtomicU64,
    /// How many times its size an input may expand to; 0: no limit.
    max_expansion: u64,
}

/// Why reading ended, where the system's errors don't say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum End {
    #[error("drained")]
    Drained,
    #[error("stopped")]
    Stopped,
    #[error("the {0} data ends early: the file is incomplete; get it again")]
    Short(&'static str),
    #[error("the {0} data is damaged; get the file again")]
    Damaged(&'static str),
    #[error("the zstd data needs a window over 128 MiB; recompress it without --long")]
    Window,
    #[error(
        "it expands to more than {0} times its size, as a decompression bomb would; raise --max-expansion if it is none"
    )]
    Bomb(u64),
    #[error("it is compressed or archived more than {MAX_DEPTH} times over; unpack it first")]
    Deep,
}

impl From<End> for io::Error {
    fn from(e: End) -> io::Error {
        io::Error::other(e)
    }
}

fn end(e: &io::Error) -> Option<End> {
    e.get_ref().and_then(|e| e.downcast_ref::<End>()).copied()
}

impl Flow {
    /// For an input; `stream`: SIGTERM lets it drain.
    pub fn new(stop: Option<Arc<Stop>>, stream: bool, max_expansion: u64) -> Arc<Flow> {
        Arc::new(Flow { stop, stream, max_expansion, ..Flow::default() })
    }

    /// Whether a request to stop cut it off.
    pub fn drained(&self) -> bool {
        self.drained.load(Ordering::SeqCst)
    }

    /// Bytes read so far, before decompression.
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// An archive is read in places: its whole size counts from the start.
    pub fn size(&self, bytes: u64) {
        self.read.fetch_max(bytes, Ordering::Relaxed);
    }

    /// Says what went wrong in reading `shown`.
    pub fn error(&self, shown: &str, e: io::Error) -> Error {
        match end(&e) {
            Some(End::Stopped) => Error::Stopped,
            Some(End::Drained) => Error::Stopped,
            Some(what) => Error::Input { path: shown.into(), what: what.to_string() },
            None => Error::io(shown, "cannot read", e),
        }
    }

    fn check(&self) -> io::Result<()> {
        match &self.stop {
            Some(s) if s.signal().is_some() && !(self.stream && s.is_term()) => Err(End::Stopped.into()),
            _ => Ok(()),
        }
    }
}

/// A file or pipe that signals can interrupt.
pub struct Watched {
    file: File,
    flow: Arc<Flow>,
}

impl Watched {
    /// Reads `file`.
    pub fn new(file: File, flow: Arc<Flow>) -> Watched {
        if let (true, Some(stop)) = (flow.stream, &flow.stop) {
            stop.drains();
        }
        Watched { file, flow }
    }
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            self.flow.check()?;
            if let (true, Some(stop)) = (self.flow.stream, &self.flow.stop)
                && !stop.wait(&self.file)?
            {
                self.flow.check()?;
                self.flow.drained.store(true, Ordering::SeqCst);
                return Err(End::Drained.into());
            }
            match self.file.read(buffer) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Ok(n) => {
                    self.flow.read.fetch_add(n as u64, Ordering::Relaxed);
                    return Ok(n);
                }
                Err(e) => return Err(e),
            }
        }
    }
}

/// What decompresses, with errors that say what to do and a limit to what comes out.
pub struct Unpacked<R> {
    from: R,
    what: &'static str,
    flow: Arc<Flow>,
}

impl<R> Unpacked<R> {
    /// Reads from the decompressor `from` of `what` ("gzip").
    pub fn new(from: R, what: &'static str, flow: Arc<Flow>) -> Self {
        Unpacked { from, what, flow }
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.flow.check()?;
        let n = match self.from.read(buffer) {
            Ok(n) => n,
            // What comes from below the decompressor passes as it is.
            Err(e) if end(&e).is_some() || e.raw_os_error().is_some() => return Err(e),
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Err(End::Short(self.what).into()),
            Err(e) if self.what == "zstd" && e.to_string().contains("memory") => return Err(End::Window.into()),
            Err(_) => return Err(End::Damaged(self.what).into()),
        };
        let f = &self.flow;
        let out = f.expanded.fetch_add(n as u64, Ordering::Relaxed) + n as u64;
        if f.max_expansion > 0 && out > FREE && out / f.max_expansion > f.read() {
            return Err(End::Bomb(f.max_expansion).into());
        }
        Ok(n)
    }
}

/// What was found within the compression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Text, to be scanned.
    Text,
    /// A zip archive, read from its start.
    Zip,
    /// What it is, with an article.
    Unsupported(&'static str),
}

/// An input, recognised.
pub struct Source<'a> {
    /// What it is.
    pub content: Content,
    /// How it was compressed, from the outside in.
    pub packing: Vec<Packing>,
    /// How it is encoded, if it isn't UTF-8 or bytes.
    pub encoding: Option<(Order, Odd)>,
    /// What its compression holds beside the data: filled while it is read.
    pub beside: Found,
    /// Its bytes from the start, decompressed and decoded.
    pub from: Box<dyn Read + Send + 'a>,
    flow: Arc<Flow>,
    shown: String,
}

impl std::fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("content", &self.content).field("packing", &self.packing).finish_non_exhaustive()
    }
}

impl<'a> Source<'a> {
    /// Recognises what `from` is; `shown` is its name in messages.
    ///
    /// # Errors
    ///
    /// It can't be read, or is damaged.
    pub fn open(mut from: Box<dyn Read + Send + 'a>, shown: &str, flow: &Arc<Flow>) -> Result<Source<'a>> {
        let mut packing = Vec::new();
        let beside = Found::default();
        loop {
            let (kind, whole) = sniff(from).map_err(|e| flow.error(shown, e))?;
            from = whole;
            if packing.len() > MAX_DEPTH {
                return Err(flow.error(shown, End::Deep.into()));
            }
            let (content, encoding) = match kind {
                Kind::Packed(p) => {
                    from = unpack(p, from, flow, &beside);
                    packing.push(p);
                    continue;
                }
                Kind::Text => (Content::Text, None),
                Kind::Utf16(order) => (Content::Text, Some((order, Odd::default()))),
                Kind::Zip => (Content::Zip, None),
                Kind::Unsupported(what) => (Content::Unsupported(what), None),
            };
            if let Some((order, odd)) = &encoding {
                from = Box::new(Decoder::new(from, *order, odd.clone()));
            }
            let (flow, shown) = (flow.clone(), shown.to_owned());
            return Ok(Source { content, packing, encoding, beside, from, flow, shown });
        }
    }

    /// Reads `from` as what `like` was found to be: compressed and encoded in the same way.
    pub fn open_like(
        mut from: Box<dyn Read + Send + 'a>,
        like: &Source<'_>,
        shown: &str,
        flow: &Arc<Flow>,
    ) -> Source<'a> {
        let beside = Found::default();
        for packing in &like.packing {
            from = unpack(*packing, from, flow, &beside);
        }
        let encoding = like.encoding.as_ref().map(|(order, _)| (*order, Odd::default()));
        if let Some((order, odd)) = &encoding {
            from = Box::new(Decoder::new(from, *order, odd.clone()));
        }
        let packing = like.packing.clone();
        let (flow, shown) = (flow.clone(), shown.to_owned());
        Source { content: like.content, packing, encoding, beside, from, flow, shown }
    }

    /// Looks at the end of the file that it comes from: what begins as text may be a zip archive behind something else.
    ///
    /// # Errors
    ///
    /// It can't be read.
    pub fn look_behind(&mut self, whole: &File) -> Result<()> {
        if self.content == Content::Text
            && self.packing.is_empty()
            && unseen::ends_as_zip(whole).map_err(|e| self.flow.error(&self.shown, e))?
        {
            self.content = Content::Unsupported("a zip archive behind other data, as self-extracting ones are");
        }
        Ok(())
    }

    /// The last byte, if it is half a unit of UTF-16 and was read.
    pub fn odd(&self) -> Option<u8> {
        let odd = self.encoding.as_ref()?.1.load(Ordering::SeqCst);
        (odd > 0).then_some(odd as u8)
    }

    /// Its name in messages.
    pub fn shown(&self) -> &str {
        &self.shown
    }
}

impl Input for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        loop {
            match self.from.read(buffer) {
                Ok(n) => return Ok(n),
                Err(_) if self.flow.drained() => return Ok(0),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(self.flow.error(&self.shown, e)),
            }
        }
    }

    fn drained(&self) -> bool {
        self.flow.drained()
    }
}

fn unpack<'a>(
    packing: Packing,
    from: Box<dyn Read + Send + 'a>,
    flow: &Arc<Flow>,
    beside: &Found,
) -> Box<dyn Read + Send + 'a> {
    let members = Members::new(packing, BufReader::with_capacity(128 << 10, from), beside.clone());
    let what = match packing {
        Packing::Gzip => "gzip",
        Packing::Zstd => "zstd",
    };
    Box::new(Unpacked::new(members, what, flow.clone()))
}

/// Reads as much as it takes to say what `from` is, and gives it back whole.
fn sniff<'a>(mut from: Box<dyn Read + Send + 'a>) -> io::Result<(Kind, Box<dyn Read + Send + 'a>)> {
    let mut head = Vec::new();
    let mut buffer = [0; 4096];
    let mut ended = None;
    let kind = loop {
        match kinds::recognise(&head, ended.is_some()) {
            Some(k) => break k,
            None if ended.is_some() => break Kind::Text,
            None => {}
        }
        match from.read(&mut buffer) {
            Ok(0) => ended = Some(Ok(())),
            Ok(n) => head.extend_from_slice(&buffer[..n]),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            // What was read before the error is handled first.
            Err(e) if end(&e) == Some(End::Drained) => ended = Some(Err(e)),
            Err(e) => return Err(e),
        }
    };
    let head = io::Cursor::new(head);
    Ok(match ended {
        Some(Err(e)) => (kind, Box::new(head.chain(Failing(Some(e))))),
        _ => (kind, Box::new(head.chain(from))),
    })
}

/// Fails as the reader before it did.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(self.0.take().unwrap_or_else(|| End::Drained.into()))
    }
}

/// Keeps what can only be read once in a nameless temporary file, so that it can be read in places.
///
/// # Errors
///
/// It can't be read, or the temporary directory is full.
pub fn spool(source: &mut Source<'_>) -> Result<File> {
    let shown = source.shown.clone();
    let full = |e| Error::io(std::env::temp_dir(), "cannot keep an archive", e);
    let mut file = tempfile::tempfile().map_err(full)?;
    let mut buffer = vec![0; 256 << 10];
    loop {
        let n = match source.from.read(&mut buffer) {
            Ok(0) => return Ok(file),
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(source.flow.error(&shown, e)),
        };
        io::Write::write_all(&mut file, &buffer[..n]).map_err(full)?;
    }
}
