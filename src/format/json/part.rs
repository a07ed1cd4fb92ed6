//! What is too long to be taken whole, in parts: a line, a document, an element of it. Walked token by token as it comes, so
//! that each part's reader knows where it begins.
//!
//! A string that is too long itself and begins as an array or object is walked in its text, in the same way, and so on inwards.
//! That it is JSON to its end can't be known before: from where it isn't any more, it is text.

use super::decode::{LONGEST_ESCAPE, closing_quote, cut_before, decode, raw_at};
use super::path::Path;
use super::pointer::Pointers;
use super::read::PartReader;
use super::walk::{Expect, Sink as _, Step, Walker, blank};
use crate::format::CONTEXT;
use crate::model::Span;
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
    /// The text of a string: arrays and objects up to its end.
    Held,
}

/// Strings in strings that are walked in parts: as many as [`crate::model::Layers`] can hold a value of.
const MAX_HELD: usize = 6;

/// As much of a string's content as is looked at to see whether it begins as an array or object.
const BEGINNING: usize = 4096;

/// Where a part begins or ends.
#[derive(Debug, Clone, Default)]
pub(super) struct Mark {
    pub walker: Walker,
    pub path: Path,
    pub inside: Inside,
}

/// Whether a place is within a string, and how that is read.
#[derive(Debug, Clone, Default)]
pub(super) enum Inside {
    #[default]
    No,
    /// As text.
    Text,
    /// As JSON, by this place in the text that it holds.
    Json(Box<Mark>),
}

impl Mark {
    /// The place in the text of the string that is read as JSON.
    pub fn held(&self) -> Option<&Mark> {
        if let Inside::Json(mark) = &self.inside { Some(mark) } else { None }
    }

    /// Where no value can go on in the text of a string: behind one stands what is neither array nor object.
    pub fn over(walker: &Walker, text: &[u8], at: usize) -> Option<usize> {
        if walker.depth() > 0 {
            return None;
        }
        let next = at + text[at..].iter().position(|b| !blank(*b))?;
        (!matches!(text[next], b'{' | b'[')).then_some(next)
    }
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
    /// In how many strings it lies.
    depth: usize,
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
        // Room for an escape, and for progress.
        Long::at(kind, max.max(64), Mark { walker, path, inside: Inside::No }, 0)
    }

    fn at(kind: Kind, max: usize, now: Mark, depth: usize) -> Long {
        Long { kind, max, from: now.clone(), now, pos: 0, token: 0, best: None, first: true, depth }
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
        let taken = self.take(window, start, start + self.max, whole);
        if taken == Taken::More {
            return (taken, None);
        }
        // The bracket before a document's elements is no record.
        let bracket = matches!(taken, Taken::Elements(_)) && self.now.walker.depth() == 1;
        let starts = std::mem::take(&mut self.first) && !bracket;
        let to = matches!(taken, Taken::Part { .. }).then(|| self.now.clone());
        let from = std::mem::replace(&mut self.from, self.now.clone());
        (self.pos, self.token, self.best) = (0, 0, None);
        (taken, Some(PartReader { from, to, pointers: Arc::clone(pointers), starts }))
    }

    /// As [`Long::cut`], for a part that ends at `stop` if not before.
    fn take(&mut self, window: &[u8], start: usize, stop: usize, whole: bool) -> Taken {
        let view = &window[..window.len().min(stop)];
        let ended = whole && view.len() == window.len();
        while !matches!(self.now.inside, Inside::No) {
            let quote = closing_quote(view, start + self.pos);
            let taken = match quote {
                Err(at) if !ended && (view.len() < stop || self.waits(window, stop, whole)) => {
                    self.pos = at - start;
                    return Taken::More;
                }
                _ if matches!(self.now.inside, Inside::Json(_)) => {
                    let taken = self.held(window, 0, start, start, stop, whole);
                    if matches!(self.now.inside, Inside::Text) {
                        self.from.inside = Inside::Text;
                    }
                    taken
                }
                Ok(quote) => self.string_ended(start, quote),
                Err(_) if ended => Some(Taken::Broken(view.len())),
                Err(_) => Some(self.within(window, 0, stop)),
            };
            if let Some(taken) = taken {
                return taken;
            }
        }
        loop {
            self.note();
            let at = start + self.pos;
            if self.elements(view, at) {
                return Taken::Elements(start + self.token);
            }
            if let Some(at) = Mark::over(&self.now.walker, view, at).filter(|_| self.kind == Kind::Held) {
                return Taken::Broken(at);
            }
            let step = self.now.walker.step(view, at, ended, &mut self.now.path);
            match step {
                Step::Blank if ended => {
                    return if self.over() { Taken::End(view.len()) } else { Taken::Broken(view.len()) };
                }
                Step::Short(at) if ended => return Taken::Broken(at),
                Step::Blank if view.len() == stop => return self.between(start, stop),
                Step::Short(at) if view.len() == stop => return self.short(window, start, at, stop, whole),
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

    /// What is done about the token at `at` that goes on beyond `stop`.
    fn short(&mut self, window: &[u8], start: usize, at: usize, stop: usize, whole: bool) -> Taken {
        if self.best.is_some() || window[at] != b'"' {
            return if at == start { Taken::Broken(at) } else { self.between(start, at) };
        }
        let content = &window[at + 1..stop];
        let value = self.now.walker.expect == Expect::Value && self.depth < MAX_HELD;
        // To be looked at from its own beginning.
        if value && at > start && (content.len() < BEGINNING || begins_json(content)) {
            return self.between(start, at);
        }
        if self.waits(window, stop, whole) {
            return Taken::More;
        }
        if value && begins_json(content) {
            self.now.walker.forget();
            self.now.inside = Inside::Json(Box::default());
            let taken = self.held(window, at + 1, at + 1, start, stop, whole);
            if let Some(taken) = taken {
                return taken;
            }
        }
        self.within(window, at + 1, stop)
    }

    /// Whether more is to be waited for: what lies behind a part is context of a string in which it is cut. Where a string's
    /// text is walked, all that can be seen of it is there.
    fn waits(&self, window: &[u8], stop: usize, whole: bool) -> bool {
        !whole && self.depth == 0 && window.len() < stop + CONTEXT + LONGEST_ESCAPE
    }

    fn string_ended(&mut self, start: usize, quote: usize) -> Option<Taken> {
        self.now.inside = Inside::No;
        let step = self.now.walker.string_ends(quote + 1);
        self.passed(start, step)
    }

    /// Walks the text of a string: `window` shows its content from `content` on, of which what comes before `from` is context.
    /// `None`: the string has ended, or it is text from `from` on, as [`Inside`] then says.
    fn held(
        &mut self,
        window: &[u8],
        content: usize,
        from: usize,
        start: usize,
        stop: usize,
        whole: bool,
    ) -> Option<Taken> {
        let Inside::Json(mark) = std::mem::take(&mut self.now.inside) else { return None };
        let limit = window.len().min(stop + CONTEXT);
        let quote = closing_quote(&window[..limit], from).ok();
        let shown = quote.unwrap_or_else(|| cut_before(window, from, limit));
        let closed = quote.filter(|q| *q < stop);
        let stop = closed.unwrap_or_else(|| cut_before(window, from, stop.min(shown)));
        let mut text = Vec::new();
        decode(&window[content..from], &mut text);
        let begin = text.len();
        decode(&window[from..stop], &mut text);
        let end = text.len();
        decode(&window[stop..shown], &mut text);
        let over = whole && shown == window.len();
        let mut long = Long::at(Kind::Held, end - begin, *mark, self.depth + 1);
        let taken = long.take(&text, begin, end, quote.is_some() || over);
        if let Inside::Json(mark) = &mut self.from.inside {
            **mark = long.from;
        }
        let raw = |at| content + raw_at(&window[content..shown], at);
        let (end, until, keep) = match (taken, closed) {
            (Taken::End(_), Some(quote)) => return self.string_ended(start, quote),
            (Taken::End(_), None) if over && quote.is_none() => return Some(Taken::Broken(shown)),
            (Taken::End(_), None) => (stop, stop, 0),
            (Taken::Part { end, until, keep }, _) => (raw(end), raw(until), raw(end) - raw(end - keep)),
            (Taken::Broken(at), _) => (raw(at), raw(at), 0),
            (Taken::Elements(_) | Taken::More, _) => (from, from, 0),
        };
        if end <= from {
            self.now.inside = Inside::Text;
            return None;
        }
        self.now.inside = Inside::Json(Box::new(long.now));
        Some(Taken::Part { end, until, keep })
    }

    /// Whether values may follow each other.
    fn several(&self) -> bool {
        matches!(self.kind, Kind::Line | Kind::Held)
    }

    /// Whether what is walked may end here.
    fn over(&self) -> bool {
        self.several() && self.now.walker.depth() == 0
    }

    fn passed(&mut self, start: usize, step: Step) -> Option<Taken> {
        match step {
            Step::Done(end) if !self.several() => return Some(Taken::End(end)),
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
    fn within(&mut self, window: &[u8], content: usize, stop: usize) -> Taken {
        let end = cut_before(window, content, stop);
        let context = window.len().min(end + CONTEXT);
        let until = closing_quote(&window[..context], end).unwrap_or_else(|_| cut_before(window, end, context));
        let kept = cut_before(window, content, end.saturating_sub(CONTEXT).max(content));
        if matches!(self.now.inside, Inside::No) && self.now.walker.expect == Expect::Key {
            self.now.path.key(window, Span::new(content, end));
        }
        self.now.inside = Inside::Text;
        self.now.walker.forget();
        Taken::Part { end, until, keep: end - kept }
    }
}

/// Whether a string's content begins as an array or object does.
pub(super) fn begins_json(content: &[u8]) -> bool {
    let mut text = Vec::new();
    decode(&content[..content.len().min(BEGINNING)], &mut text);
    let mut bytes = text.iter().filter(|b| !blank(**b));
    match (bytes.next(), bytes.next()) {
        (Some(b'{'), Some(b'"' | b'}')) => true,
        (Some(b'['), Some(b)) => matches!(b, b'"' | b'{' | b'[' | b']' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n'),
        _ => false,
    }
}
