//! How sure it is that a shape at its place is a phone number: cheap signs first, the numbering plans last.

use super::MOST;
use super::around::{self, Lead};
use super::plan::{self, Fit};
use super::shape::{DIGITS, Gap, Group, Shape};
use super::words::{Label, Said, Words};
use std::ops::Deref;

/// What the user chose.
#[derive(Debug)]
pub struct Judge {
    /// The score of what is sure.
    pub score: f32,
    /// Country codes in whose national format numbers may be written; empty: any, with evidence.
    pub codes: Vec<u16>,
}

/// What stands around a shape.
pub struct Place<'a> {
    /// The text.
    pub text: &'a [u8],
    /// What stands before it.
    pub lead: Lead,
    /// What the words before say: worked out when it is asked for.
    pub label: &'a dyn Deref<Target = Label>,
    /// To ask what the words behind say.
    pub words: &'a Words,
    /// The group that follows in the same stretch.
    pub next: Option<&'a Group>,
    /// Whether digits follow in the same stretch.
    pub cut: bool,
    /// Whether digits stand before that are no number of their own.
    pub crowded: bool,
}

impl Place<'_> {
    /// What the words around say: those before count first.
    fn said(&self, shape: &Shape<'_>) -> Said {
        match self.label.said {
            Said::Nothing => self.words.after(self.text, around::extension(self.text, shape.end())),
            said => said,
        }
    }
}

impl Judge {
    /// The score of `shape`; `None`: it is no number.
    pub fn score(&self, place: &Place<'_>, shape: &Shape<'_>) -> Option<f32> {
        if let Some((skip, code)) = abroad(place.lead, shape) {
            let score = self.international(place, shape, skip, code);
            if score.is_some() || place.lead.plus {
                return score;
            }
        }
        self.national(place, shape)
    }

    /// `shape` without its first `skip` digits as country code (of `code` digits, if known) and number.
    fn international(&self, place: &Place<'_>, shape: &Shape<'_>, skip: usize, code: Option<usize>) -> Option<f32> {
        let mut buffer = [0; DIGITS + 2];
        let digits = shape.abroad(&mut buffer).get(skip..)?;
        if digits.len() > 15 || shape.monotone() || shape.signed_figure() {
            return None;
        }
        let plus = place.lead.plus;
        if !plus && (digits.len() < 7 || digits[0] == b'0') {
            return None;
        }
        let phone = place.said(shape) == Said::Phone;
        // Sums, versions, points on the globe: a plus alone is not enough there.
        let glued = plus && around::glued_plus(place.text, place.lead.start);
        let decimal = shape.groups.len() == 2 && shape.has(Gap::Dot) && shape.groups[1].len() < 9;
        let odd = glued
            || decimal
            || shape.has(Gap::Under) && shape.groups.len() < 3
            || shape.has(Gap::Slash) && shape.dated();
        if !phone && (odd || plus && shape.signed_point() || around::named(place.text, shape.end())) {
            return None;
        }
        if !plus && !phone && (place.label.said == Said::Other || place.crowded || place.cut) {
            return None;
        }
        match plan::international(digits, code) {
            Fit::No => (plus && phone && digits.len() >= 9 && shape.groups.len() > 1).then_some(0.6),
            Fit::Possible if phone => Some(0.75),
            Fit::Possible if !plus => None,
            Fit::Possible if shape.groups.len() > 1 && !shape.has(Gap::Dot) => Some(0.75),
            Fit::Possible => (digits.len() >= 10).then_some(0.6),
            _ if plus || phone => Some(self.score),
            _ => Some(0.75),
        }
    }

    /// `shape` as dialled within a country.
    fn national(&self, place: &Place<'_>, shape: &Shape<'_>) -> Option<f32> {
        let no = shape.count() > MOST || shape.dated() || shape.dotted_address() || shape.other_id();
        if no || shape.measure() || shape.monotone() {
            return None;
        }
        let said = place.said(shape);
        if said == Said::Other || around::amount(place.text, place.lead.start) {
            return None;
        }
        let american = shape.american(place.lead.open);
        if said == Said::Phone {
            return match american {
                Some(true) => Some(0.9),
                Some(false) => Some(0.75),
                None if shape.groups.len() == 1 => bare(place, shape),
                None => (!place.crowded && place.ends(shape) && plausible(shape)).then_some(0.8),
            };
        }
        if around::named(place.text, shape.end()) {
            return None;
        }
        if let (Some(known), false) = (american, shape.digits(0)[0] == b'0') {
            return lone_american(place, shape, known);
        }
        self.lone(place, shape)
    }

    /// A national number that no word announces.
    fn lone(&self, place: &Place<'_>, shape: &Shape<'_>) -> Option<f32> {
        let digits = shape.count();
        if place.cut || place.crowded || shape.counting() || shape.has(Gap::Under) {
            return None;
        }
        if shape.groups.len() == 1 || chinese(shape) {
            return self.mobile(place, shape);
        }
        if russian(shape) {
            return (plan::national(shape, &[7], Fit::Valid) >= Fit::Valid).then_some(0.65);
        }
        let zero = shape.digits(0).first() == Some(&b'0') && shape.digits(0).len() > 1;
        let known = !self.codes.is_empty();
        let inner = shape.groups[1].gap == Gap::Open && digits >= 10;
        let bracket = place.lead.open || inner;
        let long = digits >= 9 && zero;
        if !(known || bracket || long) || shape.year(usize::from(inner)) {
            return None;
        }
        // Bytes and code points in hexadecimal look like this when they have no letter.
        let pairs = shape.all_of(2) && digits != 10;
        let hex = !known && (pairs || shape.all_of(4) && !shape.has(Gap::Dash));
        let decimal = shape.groups.len() == 2 && shape.has(Gap::Dot);
        if hex || decimal || around::hex_beside(place.text, place.lead.start, shape.end()) {
            return None;
        }
        match plan::national(shape, &self.codes, Fit::Grouped) {
            Fit::Grouped => Some(0.8),
            Fit::Area => Some(0.65),
            Fit::Valid if known => Some(0.6),
            // 051-123-4567: a shape that many countries have and little else.
            _ if shape.is(&[3, 3, 4]) && shape.all_gaps(Gap::Dash) => Some(0.6),
            _ => None,
        }
    }

    /// Digits that no word announces: only what mobile numbers alone look like, and only where it is all there is or
    /// stands among characters of the country.
    fn mobile(&self, place: &Place<'_>, shape: &Shape<'_>) -> Option<f32> {
        let mut buffer = [0; DIGITS + 2];
        let digits = shape.all(&mut buffer);
        let (start, end) = (place.lead.start, shape.end());
        let all = around::alone(place.text, start, end);
        let long = digits.len() == 11;
        let eastern =
            long && matches!(digits, [b'1', b'3'..=b'9', ..] | [b'0', b'7'..=b'9', b'0', ..] | [b'0', b'1', b'0', ..]);
        if eastern {
            let among = around::eastern(place.text, start, end);
            let least = if among { Fit::Possible } else { Fit::Valid };
            let may = among || all || shape.is(&[3, 4, 4]);
            return (may && plan::national(shape, &plan::EASTERN, least) >= least).then_some(0.65);
        }
        let known = !self.codes.is_empty() && digits.first() == Some(&b'0');
        let western = long && matches!(digits, [b'0', b'7', b'1'..=b'9', ..] | [b'0', b'1', b'5'..=b'7', ..]);
        let codes: &[u16] = if known { &self.codes } else { &[44, 49] };
        (known || western && all).then_some(())?;
        (plan::national(shape, codes, Fit::Valid) >= Fit::Valid).then_some(0.55)
    }
}

/// Whether it has the groups of a Chinese mobile number.
fn chinese(shape: &Shape<'_>) -> bool {
    (shape.is(&[3, 4, 4]) || shape.is(&[3, 8])) && matches!(shape.digits(0), [b'1', b'3'..=b'9', _])
}

/// Whether it has the groups of a number of Russia or Kazakhstan behind an 8 or 7, with dashes or of a mobile.
fn russian(shape: &Shape<'_>) -> bool {
    let dialled = shape.is(&[1, 3, 3, 2, 2]) && matches!(shape.digits(0), b"8" | b"7");
    dialled
        && !shape.has(Gap::Open)
        && (shape.has(Gap::Dash) && !shape.has(Gap::Dot) || shape.all_gaps(Gap::Space) && shape.digits(1)[0] == b'9')
}

impl Place<'_> {
    /// Whether the number can end here: nothing follows, or what follows is another.
    fn ends(&self, shape: &Shape<'_>) -> bool {
        let Some(next) = self.next else { return !self.cut };
        match next.gap {
            Gap::Loose => true,
            Gap::Space => shape.count() >= 9 && matches!(self.text.get(next.start), Some(b'0')),
            _ => false,
        }
    }
}

/// North America's shape without a word: its dashes, dots and brackets are telling, spaces less.
fn lone_american(place: &Place<'_>, shape: &Shape<'_>, known: bool) -> Option<f32> {
    let spaced = shape.all_gaps(Gap::Space);
    let apart =
        !place.cut || place.next.is_some_and(|g| g.gap == Gap::Loose || g.gap == Gap::Space && !shape.has(Gap::Space));
    match (apart, known, spaced) {
        (true, true, false) => Some(0.8),
        // 123-456-7890: an invented one, mostly; with dots it is a version or a measure.
        (true, false, false) if !shape.has(Gap::Dot) => Some(0.6),
        (true, true, true) if !place.crowded => Some(0.6),
        _ => None,
    }
}

/// How many digits of an international prefix stand at the beginning (none after `+`, two of `00`, three of `011`), and how
/// many digits of country code must follow, if a gap tells. `None`: it is not written as from abroad.
fn abroad(lead: Lead, shape: &Shape<'_>) -> Option<(usize, Option<usize>)> {
    if lead.plus || lead.link {
        return Some((0, shape.code_before_dot()));
    }
    let first = shape.digits(0);
    let rest = match first {
        [b'0', b'0', rest @ ..] => rest,
        b"011" if shape.digits(1).first().is_some_and(|d| *d != b'0') => return Some((3, None)),
        _ => return None,
    };
    match rest {
        [b'0', ..] => None,
        [] => shape.digits(1).first().is_some_and(|d| *d != b'0').then_some((2, None)),
        // In one group, or 0049 30 …: then the group is prefix and country code.
        _ if shape.groups.len() == 1 || rest.len() > 3 => Some((2, None)),
        _ => Some((2, Some(rest.len()))),
    }
}

/// Digits without a gap behind a word for a phone.
fn bare(place: &Place<'_>, shape: &Shape<'_>) -> Option<f32> {
    let digits = shape.digits(0);
    if place.cut || !place.label.close() && place.label.said == Said::Phone {
        return None;
    }
    // Largest integers, round amounts, seconds since 1970: `call 1706696100` is a time, `tel: 1706696100` is not.
    let limit = matches!(digits, b"2147483647" | b"2147483648" | b"4294967295" | b"4294967296");
    let round = digits.ends_with(b"00000");
    let epoch = digits.len() == 10 && digits[0] == b'1' || digits.len() == 13 && digits.starts_with(b"1");
    if limit || round || epoch && place.label.letters > 3 {
        return None;
    }
    match digits.len() {
        7..=10 => Some(0.7),
        11..=13 if digits[0] == b'0' => Some(0.7),
        11..=13 => (plan::international(digits, None) == Fit::Valid || digits.len() == 11).then_some(0.75),
        _ => None,
    }
}

/// Whether a word for a phone before it makes these groups a number.
fn plausible(shape: &Shape<'_>) -> bool {
    let groups = shape.groups;
    let decimal = groups.len() == 2 && groups[1].gap == Gap::Dot && !shape.is(&[3, 4]) && shape.digits(0)[0] != b'0';
    let mixed = shape.has(Gap::Dot) && shape.has(Gap::Space) || shape.has(Gap::Under) && shape.count() < 9;
    groups.len() <= 6
        && !decimal
        && !mixed
        && groups.iter().filter(|g| g.len() == 1).count() <= 2
        && groups.iter().all(|g| g.len() <= 8)
}
