//! One input through the engine into one ordered sink: read, cut, work on units, write in order.
//!
//! With one thread everything happens in the caller's. With more, the caller's thread reads and cuts, workers run the
//! engine, and one thread feeds the sink in order. The number of units under way is fixed, so a slow sink holds the
//! reader back and memory is bounded. The result is the same for any number of threads and any way in which reads arrive.

pub mod archive;
pub mod kinds;
pub mod output;
pub mod packed;
pub mod sink;
pub mod source;
pub mod stop;
pub mod tree;
pub mod unseen;
pub mod utf16;

use crate::engine::{Engine, OnError, Outcome, Recall, Scratch};
use crate::error::{Error, Result};
use crate::format::{self, Cut, Format, HEAD, Head, Reader, Settings};
use crate::model::Span;
use crossbeam_channel::{Receiver, Sender, bounded};
use sink::{Base, Done, Sink, Wide};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// How many bytes are asked of an input at a time. From 256 KiB on, larger reads were no faster.
const CHUNK: usize = 256 << 10;

/// Where bytes come from. Unlike `std::io::Read`, it ends early when the program is told to.
pub trait Input {
    /// Reads some bytes; 0 at the end. Blocks until there are some.
    ///
    /// # Errors
    ///
    /// The input can't be read, or work is to stop at once ([`Error::Stopped`]).
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize>;

    /// Whether the bytes read so far were cut off within a record by a request to stop: what is incomplete is not passed on.
    fn drained(&self) -> bool {
        false
    }
}

/// An input read from any reader.
pub struct Plain<'a, R> {
    /// For messages.
    pub path: &'a Path,
    /// The bytes.
    pub from: R,
}

impl<R: std::io::Read> Input for Plain<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        loop {
            match self.from.read(buffer) {
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                r => return r.map_err(|e| Error::io(self.path, "cannot read", e)),
            }
        }
    }
}

/// How one input is to be processed.
#[derive(Debug, Clone)]
pub struct Job<'a> {
    /// The engine.
    pub engine: &'a Engine,
    /// The format; `None`: recognised from the content, then the name.
    pub format: Option<&'static dyn Format>,
    /// The input's name in lower case, for recognition.
    pub name: &'a str,
    /// How it is cut.
    pub settings: Settings,
    /// Workers; 1: none, the caller's thread does all.
    pub threads: usize,
    /// The input was UTF-16 and is read as UTF-8: offsets are counted in what it was.
    pub utf16: bool,
}

/// What was done with one input.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Totals {
    /// Bytes read (after decompression).
    pub bytes: u64,
    /// Records; headings (a CSV's header row, a transcript's notes) are none.
    pub records: u64,
    /// Records that were not of their stream's format.
    pub odd: u64,
    /// Records, or parts of long ones, that hold JSON which was scanned as text: too long or nested too deep to be opened.
    pub unopened: u64,
    /// Records that could not be handled and were dropped or replaced.
    pub failed: u64,
    /// Findings.
    pub findings: u64,
    /// Edits that were made.
    pub edits: u64,
    /// The format's name.
    pub format: &'static str,
    /// Bytes of an incomplete record that were left out when the program was told to end.
    pub left_out: u64,
}

impl Totals {
    /// Adds another input's.
    pub fn add(&mut self, other: &Totals) {
        self.bytes += other.bytes;
        self.records += other.records;
        self.odd += other.odd;
        self.unopened += other.unopened;
        self.failed += other.failed;
        self.findings += other.findings;
        self.edits += other.edits;
        self.left_out += other.left_out;
    }
}

/// The bytes that are read and not yet worked off.
struct Window {
    buffer: Vec<u8>,
    /// Where the window starts: at the context kept by the last cut.
    start: usize,
    /// One past the last byte read.
    end: usize,
    /// Bytes of context at its start.
    context: usize,
    last: bool,
}

impl Window {
    fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Reads once.
    fn fill(&mut self, input: &mut dyn Input) -> Result<usize> {
        // What is left is mostly part of a line, and bytes that were there before are near.
        let left = self.end - self.start;
        if self.start > 0 && (left <= self.start || self.buffer.len() - self.end < CHUNK) {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.buffer.len() - self.end < CHUNK {
            self.buffer.resize(self.end + CHUNK, 0);
        }
        let n = input.read(&mut self.buffer[self.end..self.end + CHUNK])?;
        self.end += n;
        self.last = n == 0;
        Ok(n)
    }
}

/// A unit on its way.
struct Work {
    number: u64,
    bytes: Vec<u8>,
    core: Span,
    reader: Option<Box<dyn Reader>>,
    outcome: Outcome,
}

/// Processes `input` into `sink`.
///
/// # Errors
///
/// The input can't be read, the sink can't be written, or a worker failed: nothing after that point is written.
pub fn run(job: &Job<'_>, input: &mut dyn Input, sink: &mut dyn Sink) -> Result<Totals> {
    let mut window = Window { buffer: vec![0; 2 * CHUNK], start: 0, end: 0, context: 0, last: false };
    let (format, mark) = head(job, input, &mut window)?;
    let mark = &window.buffer[window.start - mark..window.start];
    sink.raw(mark)?;
    let order = Order::new(if job.utf16 { utf16::width(mark) } else { mark.len() as u64 }, job.utf16);
    let mut totals = if job.threads <= 1 {
        alone(job, format, input, sink, &mut window, order)?
    } else {
        together(job, format, input, sink, &mut window, order)?
    };
    totals.format = format.name();
    totals.left_out = if input.drained() { (window.end - window.start - window.context) as u64 } else { 0 };
    Ok(totals)
}

/// Reads until the format is known. Returns it and the length of a byte-order mark, which is left out of the window.
fn head(job: &Job<'_>, input: &mut dyn Input, window: &mut Window) -> Result<(&'static dyn Format, usize)> {
    const MARK: &[u8] = b"\xEF\xBB\xBF";
    loop {
        let mark = if window.bytes().starts_with(MARK) { MARK.len() } else { 0 };
        let unsure = !window.last && MARK.starts_with(window.bytes()) && window.bytes().len() < MARK.len();
        let text = &window.bytes()[mark..];
        let bytes = &text[..text.len().min(HEAD)];
        let head = Head { bytes, whole: window.last && text.len() <= HEAD, name: job.name };
        let found = match job.format {
            _ if unsure => None,
            Some(f) => Some(f),
            None => format::recognise(&head),
        };
        if let Some(f) = found {
            window.start += mark;
            return Ok((f, mark));
        }
        window.fill(input)?;
    }
}

/// Cuts the window's next unit, if there is one.
fn next(
    stream: &mut dyn format::Stream,
    window: &mut Window,
    drained: bool,
) -> Option<(std::ops::Range<usize>, Span, Box<dyn Reader>)> {
    let bytes = window.bytes();
    if bytes.len() <= window.context {
        return None;
    }
    // What a stopped input left incomplete could hold half of a value that nothing recognises: it isn't passed on.
    let cut = stream.cut(bytes, window.last && !drained);
    let unit = match cut {
        Cut::Unit(u) if u.end > window.context && u.end <= bytes.len() => u,
        // A stream that leaves a rest at the end would lose it: read it as text.
        _ if window.last && !drained => format::rest(window.context, bytes.len()),
        _ => return None,
    };
    let (start, core) = (window.start, Span::new(window.context, unit.end));
    let until = unit.until.clamp(unit.end, bytes.len());
    let keep = unit.keep.min(unit.end);
    window.start += unit.end - keep;
    window.context = keep;
    Some((start..start + until, core, unit.reader))
}

/// The head as the stream may see it again.
fn start_stream(job: &Job<'_>, format: &'static dyn Format, window: &Window) -> Box<dyn format::Stream> {
    let text = window.bytes();
    let bytes = &text[..text.len().min(HEAD)];
    format.stream(&Head { bytes, whole: window.last && text.len() <= HEAD, name: job.name }, &job.settings)
}

fn alone(
    job: &Job<'_>,
    format: &'static dyn Format,
    input: &mut dyn Input,
    sink: &mut dyn Sink,
    window: &mut Window,
    order: Order,
) -> Result<Totals> {
    let mut stream = start_stream(job, format, window);
    let (mut scratch, mut outcome) = (Scratch::default(), Outcome::default());
    let mut order = order;
    loop {
        while let Some((range, core, mut reader)) = next(stream.as_mut(), window, input.drained()) {
            let bytes = &window.buffer[range];
            job.engine.process(bytes, core, reader.as_mut(), &mut scratch, &mut outcome);
            check(job.engine, &outcome)?;
            order.pass(job.engine, bytes, core, &mut outcome, sink)?;
        }
        sink.flush()?;
        if window.last {
            return Ok(order.totals);
        }
        window.fill(input)?;
    }
}

fn together(
    job: &Job<'_>,
    format: &'static dyn Format,
    input: &mut dyn Input,
    sink: &mut dyn Sink,
    window: &mut Window,
    order: Order,
) -> Result<Totals> {
    let mut stream = start_stream(job, format, window);
    let under_way = job.threads * 3;
    let (to_workers, at_workers) = bounded::<Work>(under_way);
    let (to_sink, at_sink) = bounded::<Work>(under_way);
    let (to_pool, pool) = bounded::<Work>(under_way);
    for _ in 0..under_way {
        let _ = to_pool.send(Work {
            number: 0,
            bytes: Vec::new(),
            core: Span::default(),
            reader: None,
            outcome: Outcome::default(),
        });
    }
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..job.threads)
            .map(|_| {
                let (from, to) = (at_workers.clone(), to_sink.clone());
                scope.spawn(move || work(job.engine, &from, &to))
            })
            .collect();
        drop((at_workers, to_sink));
        let writer = scope.spawn(move || write(job.engine, &at_sink, &to_pool, sink, order));
        let read = feed(stream.as_mut(), input, window, &pool, &to_workers);
        drop((to_workers, pool));
        let worked = workers.into_iter().map(|w| w.join()).all(|r| r.is_ok());
        let written = writer.join().unwrap_or_else(|_| Err(failed()));
        match (read, written) {
            (_, Err(e)) => Err(e),
            (Err(e), _) => Err(e),
            _ if !worked => Err(failed()),
            (Ok(()), Ok(totals)) => Ok(totals),
        }
    })
}

/// Refuses a unit with a record that could not be handled, unless the user has said what becomes of it.
fn check(engine: &Engine, outcome: &Outcome) -> Result<()> {
    if outcome.failed > 0 && engine.wanted().on_error == OnError::Stop { Err(failed()) } else { Ok(()) }
}

fn failed() -> Error {
    Error::Usage("an internal error in a record; what was not checked was not written; --on-error drop or placeholder goes on without it".into())
}

/// The reader's side: cuts units and hands them to the workers. Ends early, without an error of its own, if they are gone.
fn feed(
    stream: &mut dyn format::Stream,
    input: &mut dyn Input,
    window: &mut Window,
    pool: &Receiver<Work>,
    to: &Sender<Work>,
) -> Result<()> {
    let mut number = 0;
    loop {
        while let Some((range, core, reader)) = next(stream, window, input.drained()) {
            let Ok(mut work) = pool.recv() else { return Ok(()) };
            work.bytes.clear();
            work.bytes.extend_from_slice(&window.buffer[range]);
            (work.number, work.core, work.reader) = (number, core, Some(reader));
            number += 1;
            if to.send(work).is_err() {
                return Ok(());
            }
        }
        if window.last {
            return Ok(());
        }
        window.fill(input)?;
    }
}

fn work(engine: &Engine, from: &Receiver<Work>, to: &Sender<Work>) {
    let mut scratch = Scratch::default();
    while let Ok(mut work) = from.recv() {
        if let Some(mut reader) = work.reader.take() {
            engine.process(&work.bytes, work.core, reader.as_mut(), &mut scratch, &mut work.outcome);
        }
        if to.send(work).is_err() {
            return;
        }
    }
}

/// The ordered side: units arrive in any order and pass in theirs.
fn write(
    engine: &Engine,
    from: &Receiver<Work>,
    pool: &Sender<Work>,
    sink: &mut dyn Sink,
    order: Order,
) -> Result<Totals> {
    let mut order = order;
    let mut early: BTreeMap<u64, Work> = BTreeMap::new();
    let mut next = 0;
    loop {
        let work = match from.try_recv() {
            Ok(w) => w,
            Err(_) => {
                sink.flush()?;
                match from.recv() {
                    Ok(w) => w,
                    Err(_) => break,
                }
            }
        };
        early.insert(work.number, work);
        while let Some(mut work) = early.remove(&next) {
            check(engine, &work.outcome)?;
            order.pass(engine, &work.bytes, work.core, &mut work.outcome, sink)?;
            next += 1;
            let _ = pool.send(work);
        }
    }
    // A worker that failed leaves a gap: what comes after it is not written.
    if early.is_empty() { Ok(order.totals) } else { Err(failed()) }
}

/// Counts what has passed.
struct Order {
    base: Base,
    totals: Totals,
    utf16: bool,
    wide: Wide,
    known: Recall,
}

impl Order {
    fn new(offset: u64, utf16: bool) -> Order {
        let base = Base { offset, ..Base::default() };
        let totals = Totals { bytes: offset, ..Totals::default() };
        Order { base, totals, utf16, wide: Wide::default(), known: Recall::default() }
    }

    fn pass(
        &mut self,
        engine: &Engine,
        bytes: &[u8],
        core: Span,
        outcome: &mut Outcome,
        sink: &mut dyn Sink,
    ) -> Result<()> {
        // What was found before a panic is not known to be all: nothing of the unit passes.
        let recall = AssertUnwindSafe(|| engine.recall(bytes, core, &mut self.known, outcome));
        catch_unwind(recall).map_err(|_| failed())?;
        let mut len = core.len() as u64;
        if self.utf16 {
            len = self.wide.measure(bytes, core);
        }
        let wide = self.utf16.then_some(&self.wide);
        sink.unit(&Done { bytes, core, outcome, base: self.base, wide })?;
        let b = &mut self.base;
        b.offset += len;
        b.column = if outcome.lines > 0 { outcome.column } else { b.column + outcome.column };
        b.line += outcome.lines;
        b.record += outcome.records;
        let t = &mut self.totals;
        t.bytes += len;
        t.records += outcome.records - outcome.headings;
        t.odd += outcome.odd;
        t.unopened += outcome.unopened;
        t.failed += outcome.failed;
        t.findings += outcome.findings.len() as u64;
        t.edits += outcome.edits.len() as u64;
        Ok(())
    }
}
