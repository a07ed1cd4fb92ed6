//! PHONE_NUMBER: international and national numbers in runs of digits. Finding is done here, by the shape of the groups
//! and the words around; whether digits are of a numbering plan is asked of [`plan`] last.

mod around;
mod plan;
mod shape;
mod words;

use super::anchors::{Anchor, Kinds};
use super::{Detector, Match, Options, View};
use crate::error::Result;
use crate::model::{EntityType, Span};
use crate::patterns::Rule;
use around::Lead;
use plan::Fit;
use rlibphonenumber::Region;
use shape::{DIGITS, Gap, Shape, Window};
use words::{Said, Words};

#[derive(Debug)]
pub(crate) struct Phone {
    entity: EntityType,
    score: f32,
    words: Words,
    regions: Vec<Region>,
}

/// A number that may begin at a group: what stands before it, and what the words say.
struct Place<'a> {
    text: &'a [u8],
    lead: Lead,
    /// Digits stand before, separated by a space: it is not alone.
    crowded: bool,
    said: Said,
}

impl Phone {
    pub fn new(rule: &Rule, options: &Options) -> Result<Phone> {
        Ok(Phone {
            entity: rule.entity,
            score: rule.score,
            words: Words::new(rule)?,
            regions: plan::regions(&options.regions),
        })
    }

    /// The number that begins with the window's first group: how many groups it has, and its score.
    fn number(&self, view: &View<'_>, window: &Window) -> Option<(usize, Match)> {
        let text = view.text;
        let first = window.groups().first()?;
        let lead = around::lead(text, first.start)?;
        let mut place = Place { text, lead, crowded: around::crowded(text, lead.start()), said: Said::Nothing };
        let whole = Shape::new(text, window.groups());
        let enough = whole.count() >= 7;
        if !enough || (!lead.plus() && whole.dated()) {
            return None;
        }
        place.said = if view.hint == Some(self.entity) || lead.link() {
            Said::Phone
        } else {
            self.words.before(text, lead.start())
        };
        for n in (1..=window.groups().len()).rev() {
            let shape = Shape::new(text, &window.groups()[..n]);
            let cut = if n == window.groups().len() { window.cut } else { true };
            let end = window.groups()[n - 1].end;
            if !(7..=DIGITS).contains(&shape.count()) || !shape.balanced(lead.open()) || !around::may_end(text, end) {
                continue;
            }
            let Some(score) = self.score(&place, &shape, cut, window, n) else { continue };
            let end = around::extension(text, end);
            return Some((n, Match { span: Span::new(lead.start(), end), score }));
        }
        None
    }

    /// How sure it is that `shape` at `place` is a number.
    fn score(&self, place: &Place<'_>, shape: &Shape<'_>, cut: bool, window: &Window, n: usize) -> Option<f32> {
        if let Some(skip) = abroad(place, shape) {
            if let Some(score) = self.international(place, shape, skip) {
                return Some(score);
            }
            if place.lead.plus() {
                return None;
            }
        }
        let next = window.groups().get(n).map(|g| g.gap);
        self.national(place, shape, cut, next)
    }

    /// `shape` without its first `skip` digits as country code and number.
    fn international(&self, place: &Place<'_>, shape: &Shape<'_>, skip: usize) -> Option<f32> {
        let mut buffer = [0; DIGITS + 2];
        let digits = &without_trunk(shape, &mut buffer)[skip..];
        let fit = plan::international(digits);
        let said = place.said;
        match fit {
            Fit::No => {
                (place.lead.plus() && said == Said::Phone && digits.len() >= 9 && shape.groups.len() > 1).then_some(0.6)
            }
            Fit::Possible if !place.lead.plus() || shape.groups.len() == 1 => {
                (said == Said::Phone || (place.lead.plus() && digits.len() >= 10)).then_some(0.7)
            }
            Fit::Possible => Some(0.85),
            _ if place.lead.plus() || said == Said::Phone => Some(self.score),
            _ if said == Said::Other || place.crowded => None,
            _ => Some(0.75),
        }
    }

    /// `shape` as dialled within a country.
    fn national(&self, place: &Place<'_>, shape: &Shape<'_>, cut: bool, next: Option<Gap>) -> Option<f32> {
        let digits = shape.count();
        if digits > 13 || shape.dated() || shape.dotted_address() || shape.other_id() || shape.monotone() {
            return None;
        }
        let said = match place.said {
            Said::Nothing => self.words.after(place.text, shape.groups[shape.groups.len() - 1].end),
            said => said,
        };
        if said == Said::Other || around::amount(place.text, place.lead.start()) {
            return None;
        }
        let apart = !cut || next == Some(Gap::Space) && !shape.groups.iter().any(|g| g.gap == Gap::Space);
        if let Some(known) = american(shape, place.lead.open()) {
            if said == Said::Phone {
                return Some(if known { 0.9 } else { 0.75 });
            }
            let spaced = shape.all_gaps(Gap::Space);
            return match (apart, known, spaced) {
                (true, true, false) => Some(0.8),
                (true, false, false) => Some(0.6),
                (true, true, true) if !place.crowded => Some(0.6),
                _ => None,
            };
        }
        if said == Said::Phone {
            let score = if shape.groups.len() > 1 { 0.8 } else { 0.7 };
            return (!cut && plausible(shape)).then_some(score);
        }
        if cut || place.crowded || shape.groups.len() < 2 {
            return None;
        }
        let zero = shape.digits(0).first() == Some(&b'0') && shape.digits(0).len() > 1;
        if !(zero || place.lead.open() || !self.regions.is_empty()) {
            return None;
        }
        match plan::national(shape, &self.regions) {
            Fit::Grouped => Some(0.8),
            Fit::Area => Some(0.65),
            Fit::Valid if !self.regions.is_empty() => Some(0.6),
            _ => None,
        }
    }
}

/// How many digits of an international prefix stand at the beginning: none after `+`, two of `00`, three of `011`.
/// `None`: it is not written as from abroad.
fn abroad(place: &Place<'_>, shape: &Shape<'_>) -> Option<usize> {
    if place.lead.plus() || place.lead.link() {
        return Some(0);
    }
    if place.lead.open() {
        return None;
    }
    let mut buffer = [0; DIGITS + 2];
    match shape.all(&mut buffer) {
        [b'0', b'0', b'1'..=b'9', ..] => Some(2),
        [b'0', b'1', b'1', b'1'..=b'9', ..] if shape.digits(0) == b"011" => Some(3),
        _ => None,
    }
}

/// All digits, without the `(0)` that is dialled at home only.
fn without_trunk<'b>(shape: &Shape<'_>, buffer: &'b mut [u8; DIGITS + 2]) -> &'b [u8] {
    let mut n = 0;
    for (i, g) in shape.groups.iter().enumerate() {
        if shape.digits(i) == b"0" && g.gap == Gap::Open {
            continue;
        }
        for &d in shape.digits(i) {
            if n < buffer.len() {
                buffer[n] = d;
                n += 1;
            }
        }
    }
    &buffer[..n]
}

/// Whether it has North America's shape, and if so whether area and exchange can be.
fn american(shape: &Shape<'_>, open: bool) -> Option<bool> {
    let groups = shape.groups;
    let at = match groups.len() {
        3 if shape.is(&[3, 3, 4]) => 0,
        4 if shape.is(&[1, 3, 3, 4]) && shape.digits(0) == b"1" => 1,
        2 if shape.is(&[3, 7]) && open => 0,
        _ => return None,
    };
    let gap = groups[at + 1].gap;
    let even = groups.len() == at + 2 || gap == groups[at + 2].gap || gap == Gap::Close;
    if !even || matches!(gap, Gap::Loose | Gap::Under) {
        return None;
    }
    let code = |d: &[u8]| d[0] >= b'2' && d[1..3] != *b"11";
    Some(code(shape.digits(at)) && code(shape.digits(at + 1)))
}

/// Whether a word for a phone before it makes these groups a number.
fn plausible(shape: &Shape<'_>) -> bool {
    let groups = shape.groups;
    let dotted_decimal =
        groups.len() == 2 && groups[1].gap == Gap::Dot && !shape.is(&[3, 4]) && shape.digits(0)[0] != b'0';
    if groups.len() > 6 || dotted_decimal {
        return false;
    }
    if groups.len() == 1 {
        let mut buffer = [0; DIGITS + 2];
        let digits = shape.all(&mut buffer);
        let limit: &[u8] = match digits {
            [b'2', ..] => b"2147483647",
            _ => b"4294967295",
        };
        return digits.len() <= 12 && digits != limit;
    }
    groups.iter().filter(|g| g.len() == 1).count() <= 1 && groups.iter().all(|g| g.len() <= 8)
}

impl Detector for Phone {
    fn kinds(&self) -> Kinds {
        Kinds::RUN
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        let &Anchor::Run { start, end } = anchor else { return anchor.start() + 1 };
        let mut at = start;
        while at < end {
            let window = Window::read(view.text, at, end);
            match self.number(view, &window) {
                Some((n, found)) => {
                    out.push(found);
                    at = window.groups()[n - 1].end.max(found.span.end);
                }
                None => at = window.groups().first().map_or(at, |g| g.end),
            }
            // On to the next group.
            at += view.text[at.min(end)..end].iter().take_while(|b| b.is_ascii_digit()).count();
            at += view.text[at.min(end)..end].iter().take_while(|b| !b.is_ascii_digit()).count();
        }
        at
    }
}
