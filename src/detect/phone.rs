//! PHONE_NUMBER: international and national numbers in runs of digits. Finding is done here, by the shape of the groups
//! ([`shape`]) and what stands around ([`around`], [`words`]); [`judge`] weighs it, and whether digits are of a numbering
//! plan is asked of [`plan`] last.

mod around;
mod countries;
mod judge;
mod plan;
mod ranges;
mod shape;
mod trunks;
mod words;

use super::anchors::{Anchor, Kinds};
use super::{Detector, Match, Options, View};
use crate::model::{EntityType, Span};
use crate::patterns::Rule;
use around::Lead;
use judge::{Judge, Place};
use shape::{DIGITS, Shape, Window};
use std::cell::LazyCell;
use words::{Label, Words};

/// The fewest digits of a number.
const FEWEST: usize = 7;
/// The most digits of a number as dialled within a country.
const MOST: usize = 13;

#[derive(Debug)]
pub(crate) struct Phone {
    entity: EntityType,
    words: Words,
    judge: Judge,
}

impl Phone {
    pub fn new(rule: &Rule, options: &Options) -> Phone {
        let judge = Judge { score: rule.score, codes: plan::codes(&options.regions) };
        Phone { entity: rule.entity, words: Words::new(rule), judge }
    }

    /// The number that begins with the window's first group: how many groups it has, and its score. `last`: where the
    /// number before ends.
    fn number(&self, view: &View<'_>, window: &Window, last: usize) -> Option<(usize, Match)> {
        let text = view.text;
        let all = window.groups();
        let lead = around::lead(text, all.first()?.start)?;
        let whole = Shape::new(text, all);
        if whole.count() < FEWEST || (!lead.plus && whole.dated()) {
            return None;
        }
        let sure = view.hint == Some(self.entity) || lead.link;
        let label = LazyCell::new(|| if sure { Label::SURE } else { self.words.before(text, lead.start) });
        (1..=all.len()).rev().find_map(|n| {
            let shape = Shape::new(text, &all[..n]);
            let end = all[n - 1].end;
            if !(FEWEST..=DIGITS).contains(&shape.count()) || !around::may_end(text, end) {
                return None;
            }
            let lead = bracketed(text, lead, &shape)?;
            let next = all.get(n);
            let crowded = around::crowded(text, lead.start) && (last == 0 || lead.start > last + 3);
            let cut = n < all.len() || window.cut;
            let place = Place { text, lead, label: &label, words: &self.words, next, cut, crowded };
            let score = self.judge.score(&place, &shape)?;
            Some((n, Match { span: Span::new(lead.start, around::extension(text, end)), score }))
        })
    }
}

/// `lead` for `shape`: a bracket that is not closed within it stands around all of it and is no part of it.
fn bracketed(text: &[u8], lead: Lead, shape: &Shape<'_>) -> Option<Lead> {
    if shape.balanced(lead.open) {
        return Some(lead);
    }
    let end = shape.groups[shape.groups.len() - 1].end;
    let around =
        lead.open && !lead.plus && shape.balanced(false) && matches!(text.get(end), Some(b')' | b' ' | b',' | b';'));
    around.then_some(Lead { start: lead.start + 1, open: false, ..lead })
}

impl Detector for Phone {
    fn kinds(&self) -> Kinds {
        Kinds::RUN
    }

    /// Without what leads a number from abroad, no number has so many digits.
    fn dismisses(&self, unit: &[u8], run: Span) -> bool {
        let lead = run.start.checked_sub(1).map_or(b'"', |i| unit[i]);
        run.len() > MOST && !unit[run.range()].starts_with(b"00") && !b"+( /=:".contains(&lead)
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        let &Anchor::Run { start, end } = anchor else { return anchor.start() + 1 };
        let (mut at, mut last) = (start, 0);
        while at < end {
            let window = Window::read(view.text, at, end);
            match self.number(view, &window, last) {
                Some((n, found)) => {
                    last = found.span.end;
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

/// Numbers below what is asked for, the same in every run (Knuth's MMIX generator).
#[cfg(test)]
pub(super) fn random(mut seed: u64) -> impl FnMut(usize) -> usize {
    move |n| {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 33) as usize % n
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::{Detectors, Hit, Options, Scratch};
    use crate::patterns::RuleSet;
    use std::sync::Arc;

    fn find(text: &str, regions: &[&str], named: bool) -> Vec<String> {
        let rules = Arc::new(RuleSet::builtin());
        let entity = rules.entity_named("PHONE_NUMBER").unwrap();
        let mut enabled = vec![false; rules.entities().len()];
        enabled[entity.index()] = true;
        let regions = regions.iter().map(ToString::to_string).collect();
        let detectors = Detectors::new(rules, &Options { enabled, regions, ..Options::default() }).unwrap();
        let mut hits: Vec<Hit> = Vec::new();
        detectors.find(text.as_bytes(), named.then_some(entity), &mut Scratch::default(), &mut hits);
        hits.iter().map(|h| text[h.span.range()].to_owned()).collect()
    }

    #[test]
    fn regions_make_their_national_formats_enough() {
        for (text, region) in
            [("612 345 678", "ES"), ("22 12 34 56", "NO"), ("0301234567", "DE"), ("091 2345 678", "HR")]
        {
            assert_eq!(find(text, &[region], false), [text]);
        }
        assert_eq!(find("612 345 678", &[], false), [""; 0]);
        assert_eq!(find("612 345 678", &["XX"], false), [""; 0]);
        assert_eq!(find("the 0301234567 of", &["GB"], false), [""; 0]);
    }

    #[test]
    fn a_fields_name_is_enough_for_bare_digits() {
        for text in ["4155550132", "14155550132", "4930901820", "22123456", "491701234567"] {
            assert_eq!(find(text, &[], true), [text]);
            assert_eq!(find(text, &[], false), [""; 0]);
        }
        assert_eq!(find("2024-01-31", &[], true), [""; 0]);
        assert_eq!(find("192.168.100.200", &[], true), [""; 0]);
    }

    #[test]
    fn reserved_numbers_are_found_in_every_country_code() {
        for text in ["+1 415 555 0199", "+44 1632 960001", "+44 20 7946 0999", "+44 7700 900999", "+44 29 2018 0123"] {
            assert_eq!(find(text, &[], false), [text]);
        }
    }

    #[test]
    fn numbers_in_a_list_without_spaces() {
        for by in [",", ";", "/", "|", ":"] {
            let text = format!("+12125550142{by}+442079460000");
            assert_eq!(find(&text, &[], false), ["+12125550142", "+442079460000"], "{by}");
        }
        for text in ["+48.8577,+002.2950", "12:00:00+0100", "3,+1234567"] {
            assert_eq!(find(text, &[], false), [""; 0]);
        }
    }

    /// Were the work to grow with the square of the text, this would hang.
    #[test]
    fn hostile_input_comes_to_an_end() {
        for unit in ["1 ", "+", "(0)", "00 49 ", "030 901820 ", "(030 ", "+49 (0", "tel 1-", "1", "0-", "x1 "] {
            let text = unit.repeat(100_000 / unit.len());
            let found = find(&text, &[], true);
            assert!(found.iter().map(String::len).sum::<usize>() <= text.len(), "{unit}");
        }
    }

    #[test]
    fn any_bytes_are_taken() {
        let pieces = ["+", "(", ")", "49", "0", "00", " ", "-", ".", "\n", "é", "電", "ext", "tel:", "1234567", "x"];
        let mut random = super::random(1);
        for _ in 0..400 {
            let mut text = String::new();
            for _ in 0..24 {
                text.push_str(pieces[random(pieces.len())]);
            }
            // Slices the text: a span that cuts a character would panic.
            find(&text, &[], false);
        }
    }
}
