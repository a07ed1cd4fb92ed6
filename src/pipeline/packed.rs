//! Compressed data, member by member and frame by frame, so that nothing in it is passed over unseen: names and comments in the
//! headers of gzip members (RFC 1952 section 2.3), and frames that zstd decompressors skip (RFC 8878 section 3.1.2).

use super::output::Packing;
use flate2::bufread::GzDecoder;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::{Arc, Mutex, PoisonError};

/// How much of what stands beside the data is kept.
const KEPT: usize = 64 << 10;

/// Extra fields of gzip headers up to this length hold sizes and times: block compressors write one for each block.
const SHORT: usize = 8;

/// What compressed data holds beside the data.
#[derive(Debug, Default)]
pub struct Beside {
    /// Names, comments and other fields, and the content of frames that are skipped.
    pub texts: Vec<Vec<u8>>,
    /// Bytes that were too many to be kept.
    pub more: u64,
    kept: usize,
}

impl Beside {
    fn add(&mut self, text: &[u8]) {
        let known = self.texts.last().is_some_and(|t| t == text);
        if !known && self.kept + text.len() <= KEPT {
            self.kept += text.len();
            self.texts.push(text.to_vec());
        } else if !known {
            self.more += text.len() as u64;
        }
    }
}

/// [`Beside`], filled while data is read.
pub type Found = Arc<Mutex<Beside>>;

/// Decompresses all members or frames there are.
pub struct Members<'a> {
    packing: Packing,
    state: State<'a>,
    found: Found,
}

enum State<'a> {
    Before(Ahead<'a>),
    Gzip { from: Box<GzDecoder<Ahead<'a>>>, told: bool },
    Zstd(zstd::stream::read::Decoder<'static, Ahead<'a>>),
    End,
}

impl<'a> Members<'a> {
    /// Reads `from`, which was compressed by `packing`.
    pub fn new(packing: Packing, from: BufReader<Box<dyn Read + Send + 'a>>, found: Found) -> Members<'a> {
        Members { packing, state: State::Before(Ahead { bytes: [0; 4], at: 4, from }), found }
    }

    fn tell(&self, text: &[u8]) {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).add(text);
    }

    /// Begins the next member or frame that holds data, if there is one.
    fn begin(&self, mut from: Ahead<'a>) -> io::Result<State<'a>> {
        if self.packing == Packing::Gzip {
            let over = from.fill_buf()?.is_empty();
            return Ok(if over {
                State::End
            } else {
                State::Gzip { from: Box::new(GzDecoder::new(from)), told: false }
            });
        }
        loop {
            if from.fill_buf()?.is_empty() {
                return Ok(State::End);
            }
            let mut magic = [0; 4];
            from.read_exact(&mut magic)?;
            if magic[0] & 0xF0 != 0x50 || magic[1..] != *b"\x2A\x4D\x18" {
                (from.bytes, from.at) = (magic, 0);
                return Ok(State::Zstd(zstd::stream::read::Decoder::with_buffer(from)?.single_frame()));
            }
            let mut size = [0; 4];
            from.read_exact(&mut size)?;
            self.skipped(&mut from, u64::from(u32::from_le_bytes(size)))?;
        }
    }

    /// A frame that decompressors skip.
    fn skipped(&self, from: &mut Ahead<'a>, size: u64) -> io::Result<()> {
        let mut text = Vec::new();
        let kept = from.by_ref().take(size.min(KEPT as u64)).read_to_end(&mut text)? as u64;
        let more = io::copy(&mut from.by_ref().take(size - kept), &mut io::sink())?;
        if kept + more < size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.tell(&text);
        self.found.lock().unwrap_or_else(PoisonError::into_inner).more += more;
        Ok(())
    }
}

impl Read for Members<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            self.state = match std::mem::replace(&mut self.state, State::End) {
                State::End => return Ok(0),
                State::Before(from) => self.begin(from)?,
                State::Gzip { mut from, told } => {
                    let n = from.read(buffer);
                    if let Some(header) = from.header().filter(|_| !told) {
                        let extra = header.extra().filter(|e| e.len() > SHORT);
                        [header.filename(), header.comment(), extra].into_iter().flatten().for_each(|t| self.tell(t));
                    }
                    match n {
                        Ok(0) if !buffer.is_empty() => State::Before(from.into_inner()),
                        n => {
                            self.state = State::Gzip { from, told: true };
                            return n;
                        }
                    }
                }
                State::Zstd(mut from) => match from.read(buffer) {
                    Ok(0) if !buffer.is_empty() => State::Before(from.finish()),
                    n => {
                        self.state = State::Zstd(from);
                        return n;
                    }
                },
            };
        }
    }
}

/// A reader into which four bytes can be put back.
struct Ahead<'a> {
    bytes: [u8; 4],
    at: usize,
    from: BufReader<Box<dyn Read + Send + 'a>>,
}

impl Read for Ahead<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(buffer)?;
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Ahead<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at < self.bytes.len() { Ok(&self.bytes[self.at..]) } else { self.from.fill_buf() }
    }
    fn consume(&mut self, n: usize) {
        if self.at < self.bytes.len() { self.at += n } else { self.from.consume(n) }
    }
}
