//! Overlaps, resolved once and by one rule.
//!
//! Of two hits that share a byte, the one with the higher score stays, where scores count in tenths (.87 and .93 are one
//! class of evidence); in one class the longer stays, since half a value left is a leak; then the higher exact score; then
//! the one that starts first; then the rule that stands first in the rule set. The other is dropped.

use super::Hit;
use crate::model::Span;
use std::collections::BTreeMap;

/// Resolves `hits[first..]`: in order of place, none overlapping.
pub fn resolve(hits: &mut Vec<Hit>, first: usize) {
    if hits.len() - first < 2 {
        return;
    }
    let mut ranked: Vec<Hit> = hits.drain(first..).collect();
    ranked.sort_by(|a, b| {
        class(b.score)
            .cmp(&class(a.score))
            .then(b.span.len().cmp(&a.span.len()))
            .then(b.score.total_cmp(&a.score))
            .then(a.span.start.cmp(&b.span.start))
            .then(a.rule.cmp(&b.rule))
    });
    // By start; none overlaps another, so only the two neighbours can overlap a new one.
    let mut kept: BTreeMap<usize, Hit> = BTreeMap::new();
    for hit in ranked {
        let before = kept.range(..=hit.span.start).next_back().is_none_or(|(_, k)| k.span.end <= hit.span.start);
        let after = kept.range(hit.span.start..).next().is_none_or(|(_, k)| k.span.start >= hit.span.end);
        if before && after {
            kept.insert(hit.span.start, hit);
        }
    }
    hits.extend(kept.into_values());
}

/// Puts `value`, the value of a field by its name, among `hits[first..]`.
///
/// It gives way to a hit that covers all of it (a name field that holds an e-mail address) unless that is of a lower class;
/// else it takes the place of what overlaps it, and all of that, since half a value left is a leak.
pub fn settle(hits: &mut Vec<Hit>, first: usize, mut value: Hit) {
    for hit in &mut hits[first..] {
        if hit.span.covers(value.span) && (hit.entity == value.entity || class(hit.score) >= class(value.score)) {
            if hit.entity == value.entity {
                hit.score = hit.score.max(value.score);
            }
            return;
        }
    }
    // None of the hits overlaps another, so those that overlap the value stand together.
    let from = first + hits[first..].partition_point(|h| h.span.end <= value.span.start);
    let to = first + hits[first..].partition_point(|h| h.span.start < value.span.end);
    for hit in hits.get(from..to).unwrap_or_default() {
        value.span = Span::new(value.span.start.min(hit.span.start), value.span.end.max(hit.span.end));
    }
    hits.splice(from..to.max(from), [value]);
}

fn class(score: f32) -> u8 {
    (score.clamp(0.0, 1.0) * 10.0 + 0.5) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{EntityType, RuleId};

    fn hit(start: usize, end: usize, score: f32, rule: u16) -> Hit {
        Hit { entity: EntityType(rule), rule: RuleId(rule), span: Span::new(start, end), score, wrap: None }
    }

    #[test]
    fn a_field_and_the_hits_in_its_value() {
        let settled = |hits: &[Hit], value| {
            let mut hits = hits.to_vec();
            settle(&mut hits, 0, value);
            hits.iter().map(|h| (h.rule.0, h.span.start, h.span.end)).collect::<Vec<_>>()
        };
        assert_eq!(settled(&[], hit(0, 9, 0.8, 7)), [(7, 0, 9)]);
        assert_eq!(settled(&[hit(0, 9, 0.9, 1)], hit(0, 9, 0.8, 7)), [(1, 0, 9)], "an e-mail address in a name field");
        assert_eq!(settled(&[hit(0, 9, 0.5, 1)], hit(0, 9, 0.8, 7)), [(7, 0, 9)], "a weak hit");
        assert_eq!(settled(&[hit(2, 4, 0.9, 1), hit(5, 7, 0.9, 2)], hit(0, 9, 0.8, 7)), [(7, 0, 9)], "within");
        assert_eq!(settled(&[hit(5, 12, 0.9, 1)], hit(0, 9, 0.8, 7)), [(7, 0, 12)], "nothing is left over");
        assert_eq!(settled(&[hit(10, 12, 0.9, 1)], hit(0, 9, 0.8, 7)), [(7, 0, 9), (1, 10, 12)]);
    }

    fn rules(mut hits: Vec<Hit>) -> Vec<u16> {
        resolve(&mut hits, 0);
        hits.iter().map(|h| h.rule.0).collect()
    }

    #[test]
    fn the_rule() {
        assert_eq!(rules(vec![hit(0, 5, 0.6, 1), hit(3, 9, 0.9, 2)]), [2]);
        assert_eq!(rules(vec![hit(0, 5, 0.93, 1), hit(0, 9, 0.88, 2)]), [2], "one class: the longer");
        assert_eq!(rules(vec![hit(6, 9, 0.5, 3), hit(0, 5, 0.5, 1), hit(5, 6, 0.5, 2)]), [1, 2, 3]);
        assert_eq!(rules(vec![hit(0, 5, 0.5, 4), hit(0, 5, 0.5, 2)]), [2], "the first rule");
        assert_eq!(rules(vec![hit(0, 4, 0.9, 1), hit(3, 8, 0.7, 2), hit(7, 9, 0.8, 3)]), [1, 3]);
    }
}
