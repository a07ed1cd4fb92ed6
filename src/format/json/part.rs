//! What is too long to be taken whole, in parts: a line, a document, an element of it. Walked token by token as it comes, so
//! that each part's reader knows where it begins.

use super::decode::{LONGEST_ESCAPE, closing_quote, cut_before};
use super::emit::Emitter;
use super::line;
use super::path::Path;
use super::pointer::Pointers;
use super::walk::{Expect, Sink as _, Step, Walker, blank};
use crate::format::{CONTEXT, Reader};
use crate::model::Span;
use crate::model::record::Record;
use std::sync::Arc;

/// What is taken in parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A line: values up to its end.
    Line,
    /// One value.
    Value,
    /// A document: stops at the first element of an array whose elements are objects.
    Document,
}

/// Where a part begins.
#[derive(Debug, Clone, Default)]
struct Mark {
    walker: Walker,
    path: Path,
    /// Within a string.
    inside: bool,
}

/// The walk through something long. See the module.
#[derive(Debug)]
pub(crate) struct Long {
    kind: Kind,
    max: usize,
    /// At the part's start.
    from: Mark,
    /// At `pos`.
    now: Mark,
    /// How far the walk is, from the part's start, and where its last token ended: what lies between depends on the window.
    pos: usize,
    token: usize,
    /// The best place to cut that the part's second half has shown.
    best: Option<Best>,
    /// No part has been taken yet.
    first: bool,
}

#[derive(Debug)]
struct Best {
    pos: usize,
    rank: usize,
    mark: Mark,
}

/// What has been found. Offsets count in the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// Not enough has come.
    More,
    /// A part, and it goes on behind it. See [`crate::format::Unit`].
    Part { end: usize, until: usize, keep: usize },
    /// The last part.
    End(usize),
    /// A part before the first element of an array of objects.
    Elements(usize),
    /// A part (it may be empty) behind which is no JSON.
    Broken(usize),
}

impl Long {
    /// Begins at a value, or where `walker` and `path` stand.
    pub fn new(kind: Kind, max: usize, walker: Walker, path: Path) -> Long {
        let now = Mark { walker, path, inside: false };
        // Room for an escape, and for progress.
        let max = max.max(64);
        Long { kind, max, from: now.clone(), now, pos: 0, token: 0, best: None, first: true }
    }

    /// As [`Long::new`], for what has been counted as a record.
    pub fn goes_on(mut self) -> Long {
        self.first = false;
        self
    }

    /// Whether a part has been taken.
    pub fn begun(&self) -> bool {
        !self.first
    }

    /// Where the walk stands.
    pub fn place(self) -> (Walker, Path) {
        (self.now.walker, self.now.path)
    }

    /// Looks for the end of the part that begins at `start`; `whole`: nothing follows the window.
    ///
    /// With the part comes its reader.
    pub fn cut(
        &mut self,
        window: &[u8],
        start: usize,
        whole: bool,
        pointers: &Arc<Pointers>,
    ) -> (Taken, Option<PartReader>) {
        let taken = self.take(window, start, whole);
        if taken == Taken::More {
            return (taken, None);
        }
        let mut reader = PartReader { pointers: Arc::clone(pointers), ..PartReader::default() };
        // The bracket before a document's elements is no record.
        let bracket = matches!(taken, Taken::Elements(_)) && self.now.walker.depth() == 1;
        reader.starts = self.first && !bracket;
        reader.open = matches!(taken, Taken::Part { .. }) && self.now.inside;
        self.first = false;
        (self.pos, self.token, self.best) = (0, 0, None);
        reader.from = std::mem::replace(&mut self.from, self.now.clone());
        (taken, Some(reader))
    }

    fn take(&mut self, window: &[u8], start: usize, whole: bool) -> Taken {
        let stop = start + self.max;
        let view = &window[..window.len().min(stop)];
        let ended = whole && view.len() == window.len();
        if self.now.inside {
            match closing_quote(view, start + self.pos) {
                Ok(quote) => {
                    self.now.inside = false;
                    let step = self.now.walker.string_ends(quote + 1);
                    if let Some(taken) = self.passed(start, step) {
                        return taken;
                    }
                }
                Err(_) if ended => return Taken::Broken(view.len()),
                Err(_) if view.len() == stop => return self.within(window, 0, stop, whole),
                Err(at) => {
                    self.pos = at - start;
                    return Taken::More;
                }
            }
        }
        loop {
            self.note();
            let at = start + self.pos;
            if self.elements(view, at) {
                return Taken::Elements(start + self.token);
            }
            let step = self.now.walker.step(view, at, ended, &mut self.now.path);
            match step {
                Step::Blank if ended => {
                    return if self.over() { Taken::End(view.len()) } else { Taken::Broken(view.len()) };
                }
                Step::Short(at) if ended => return Taken::Broken(at),
                Step::Blank if view.len() == stop => return self.between(start, stop),
                Step::Short(at) if view.len() == stop => {
                    if self.best.is_none() && view[at] == b'"' {
                        return self.within(window, at + 1, stop, whole);
                    }
                    return if at == start { Taken::Broken(at) } else { self.between(start, at) };
                }
                Step::Blank => {
                    self.pos = view.len() - start;
                    return Taken::More;
                }
                Step::Short(_) => return Taken::More,
                step => {
                    if let Some(taken) = self.passed(start, step) {
                        return taken;
                    }
                }
            }
        }
    }

    /// Whether what is walked may end here.
    fn over(&self) -> bool {
        self.kind == Kind::Line && self.now.walker.depth() == 0
    }

    fn passed(&mut self, start: usize, step: Step) -> Option<Taken> {
        match step {
            Step::Done(end) if self.kind != Kind::Line => return Some(Taken::End(end)),
            Step::To(end) | Step::Done(end) => (self.pos, self.token) = (end - start, end - start),
            Step::Broken(at) | Step::Short(at) => return Some(Taken::Broken(at)),
            Step::Blank => {}
        }
        None
    }

    /// Whether the first element of an array of objects begins at `at`.
    fn elements(&self, view: &[u8], at: usize) -> bool {
        let Mark { walker, path, .. } = &self.now;
        self.kind == Kind::Document
            && walker.expect == Expect::Value
            && path.levels.last().is_some_and(|l| l.array && l.index == 0)
            && view[at..].iter().find(|b| !blank(**b)) == Some(&b'{')
    }

    /// Keeps the place in mind if it's good for a cut: in a part's second half, as far out as there is one, so that objects
    /// smaller than half a part stay whole.
    fn note(&mut self) {
        if self.token < self.max / 2 {
            return;
        }
        let Walker { expect, .. } = self.now.walker;
        let in_member = expect == Expect::Colon || expect == Expect::Value && !self.now.walker.in_array();
        let rank = 2 * self.now.walker.depth() + usize::from(in_member);
        let step = self.max / 32;
        if self.best.as_ref().is_none_or(|b| rank < b.rank || rank == b.rank && self.token > b.pos + step) {
            self.best = Some(Best { pos: self.token, rank, mark: self.now.clone() });
        }
    }

    /// Cuts at the best place, or else at `at`, where a token begins.
    fn between(&mut self, start: usize, at: usize) -> Taken {
        let end = match self.best.take() {
            Some(best) => {
                self.now = best.mark;
                start + best.pos
            }
            None => at,
        };
        Taken::Part { end, until: end, keep: 0 }
    }

    /// Cuts within the string whose content begins (or goes on) at `content`.
    fn within(&mut self, window: &[u8], content: usize, stop: usize, whole: bool) -> Taken {
        if !whole && window.len() < stop + CONTEXT + LONGEST_ESCAPE {
            return Taken::More;
        }
        let end = cut_before(window, content, stop);
        let context = window.len().min(end + CONTEXT);
        let until = closing_quote(&window[..context], end).unwrap_or_else(|_| cut_before(window, end, context));
        let kept = cut_before(window, content, end.saturating_sub(CONTEXT).max(content));
        if !self.now.inside && self.now.walker.expect == Expect::Key {
            self.now.path.key(window, Span::new(content, end));
        }
        self.now.inside = true;
        self.now.walker.forget();
        Taken::Part { end, until, keep: end - kept }
    }
}

/// Reads one part as one record.
#[derive(Debug, Default)]
pub(crate) struct PartReader {
    from: Mark,
    pointers: Arc<Pointers>,
    starts: bool,
    /// The part ends within a string.
    open: bool,
}

impl Reader for PartReader {
    fn read(&mut self, bytes: &[u8], core: Span, _: usize, record: &mut Record) -> usize {
        record.clear(core);
        record.starts = self.starts;
        if let Some(broken) = self.walk(bytes, core, record) {
            record.odd = true;
            line::text(record, bytes, Span::new(broken, core.end), &self.pointers);
        }
        core.end
    }
}

impl PartReader {
    /// Where what can't be read as JSON begins.
    fn walk(&self, bytes: &[u8], core: Span, record: &mut Record) -> Option<usize> {
        let mut emitter = Emitter::new(record, &self.pointers, &self.from.path);
        let mut walker = self.from.walker.clone();
        let mut at = core.start;
        if self.from.inside {
            let quote = closing_quote(bytes, core.start);
            let raw = Span::new(0, quote.unwrap_or(bytes.len()));
            emitter.piece(bytes, raw, walker.expect == Expect::Key);
            at = quote.ok().filter(|q| *q < core.end)? + 1;
            walker.string_ends(at);
        }
        loop {
            match walker.step(&bytes[..core.end], at, true, &mut emitter) {
                Step::To(next) | Step::Done(next) => at = next,
                Step::Blank => return None,
                Step::Short(quote) if self.open => {
                    let raw = Span::new(quote + 1, bytes.len());
                    match walker.expect {
                        Expect::Key => emitter.key(bytes, raw),
                        _ => emitter.piece(bytes, raw, false),
                    }
                    return None;
                }
                Step::Short(at) | Step::Broken(at) => return Some(at),
            }
        }
    }
}
