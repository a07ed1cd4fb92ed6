//! Reads one part of something long as one record.

use super::decode::{closing_quote, decode, raw_at};
use super::emit::Emitter;
use super::line;
use super::part::{Inside, Mark, begins_json};
use super::pointer::Pointers;
use super::walk::{Expect, Sink as _, Step};
use crate::format::Reader;
use crate::model::Span;
use crate::model::record::Record;
use std::sync::Arc;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct PartReader {
    pub(super) from: Mark,
    /// Where it ends, if that is within what is walked.
    pub(super) to: Option<Mark>,
    pub(super) pointers: Arc<Pointers>,
    pub(super) starts: bool,
}

impl Reader for PartReader {
    fn read(&mut self, bytes: &[u8], core: Span, _: usize, record: &mut Record) -> usize {
        record.clear(core);
        record.starts = self.starts;
        let mut emitter = Emitter::new(record, &self.pointers, &self.from.path);
        if let Some(broken) = walk(bytes, core, &self.from, self.to.as_ref(), &mut emitter) {
            record.odd = true;
            line::text(record, bytes, Span::new(broken, core.end), &self.pointers);
        }
        core.end
    }
}

/// Walks from one place to another. Says where what can't be read as JSON begins.
fn walk(bytes: &[u8], core: Span, from: &Mark, to: Option<&Mark>, emitter: &mut Emitter<'_>) -> Option<usize> {
    let mut walker = from.walker.clone();
    let mut at = core.start;
    if !matches!(from.inside, Inside::No) {
        let quote = closing_quote(bytes, core.start);
        let raw = Span::new(0, quote.unwrap_or(bytes.len()));
        let goes_on = quote.is_ok_and(|q| q < core.end);
        match &from.inside {
            Inside::Json(mark) => {
                let to = to.filter(|_| !goes_on).and_then(|to| to.held());
                held(bytes, raw, Span::new(core.start, raw.end.min(core.end)), mark, to, emitter);
            }
            _ => _ = emitter.piece(bytes, raw, walker.expect == Expect::Key),
        }
        at = quote.ok().filter(|_| goes_on)? + 1;
        walker.string_ends(at);
    }
    let text = &bytes[..core.end];
    loop {
        let step = match emitter.within() {
            true => Mark::over(&walker, text, at).map(Step::Broken),
            false => None,
        };
        match step.unwrap_or_else(|| walker.step(text, at, true, emitter)) {
            Step::To(next) | Step::Done(next) => at = next,
            Step::Blank => return None,
            Step::Short(quote) => {
                let raw = Span::new(quote + 1, bytes.len());
                match to.map(|to| &to.inside) {
                    None | Some(Inside::No) => return Some(quote),
                    Some(Inside::Json(to)) => {
                        held(bytes, raw, Span::new(raw.start, core.end), &Mark::default(), Some(to), emitter);
                    }
                    Some(Inside::Text) if walker.expect == Expect::Key => emitter.key(bytes, raw),
                    Some(Inside::Text) => {
                        emitter.piece(bytes, raw, false);
                        if begins_json(&bytes[raw.range()]) {
                            emitter.unopened();
                        }
                    }
                }
                return None;
            }
            Step::Broken(at) => return Some(at),
        }
    }
}

/// Walks the text of the string whose content is `raw`, of which `core` belongs to the part. What is no JSON is text.
fn held(bytes: &[u8], raw: Span, core: Span, from: &Mark, to: Option<&Mark>, emitter: &mut Emitter<'_>) {
    let Some(mut inner) = emitter.held(bytes, raw, &from.path) else { return };
    let mut text = Vec::new();
    decode(&bytes[raw.start..core.start], &mut text);
    let start = text.len();
    decode(&bytes[core.range()], &mut text);
    let end = text.len();
    decode(&bytes[core.end..raw.end], &mut text);
    if let Some(broken) = walk(&text, Span::new(start, end), from, to, &mut inner) {
        let broken = raw.start + raw_at(&bytes[raw.range()], broken);
        emitter.piece(bytes, Span::new(broken, raw.end), false);
    }
}
