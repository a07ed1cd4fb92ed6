//! Records that are built alike, of which a stream has thousands: what is the same for all of them is worked out once. Which
//! names say something, and about what; which texts need no look because nothing stands in them; and, since names and
//! ids come again with every message of a conversation, what was found in the values of such fields.

use super::fields::{Named, Outline, are_labels, hash};
use super::{Detectors, Hit, Scratch, Verdict};
use crate::model::Span;
use crate::model::record::{Record, Role, TextRef};

/// Values that are kept for a field, a power of two.
const KEPT: usize = 256;
/// Longer values are worked out each time.
const LONGEST: usize = 64;
/// The most objects with names that say something, in a record.
const OBJECTS: usize = 64;

/// What was worked out for records that are built alike.
#[derive(Debug)]
pub struct Plan {
    /// A record that is built so.
    like: Record,
    /// The segments to look at, in order.
    slots: Vec<Slot>,
    /// By object: which slots' values count among those that may be labels; only where a slot depends on it.
    objects: Vec<Vec<u32>>,
    /// A key holds something, or the records are of a kind that is not planned for.
    void: bool,
}

#[derive(Debug)]
struct Slot {
    segment: u32,
    named: Named,
    /// Index into the plan's objects, if the name says something.
    object: Option<u32>,
    /// By a hash of the value; empty where it isn't needed.
    rows: Vec<Row>,
}

/// What is known of a value.
#[derive(Debug, Clone)]
struct Row {
    value: [u8; LONGEST],
    len: u8,
    label: bool,
    hits: Vec<Hit>,
}

/// Longer than any value that is kept: no value is in the row.
const NONE: u8 = u8::MAX;

impl Plan {
    /// Whether it was made for records like this one.
    pub fn is_for(&self, record: &Record) -> bool {
        self.like.alike(record)
    }

    /// Whether records must be looked at as if each stood alone.
    pub fn is_void(&self) -> bool {
        self.void
    }
}

impl Detectors {
    /// Works out what is the same for all records that are built like `record`.
    pub fn plan(&self, unit: &[u8], record: &Record, scratch: &mut Scratch) -> Plan {
        let Outline { segments } = self.fields.outline(record, &mut scratch.judging);
        let mut plan = Plan { like: record.clone(), slots: Vec::new(), objects: Vec::new(), void: false };
        let mut numbers: Vec<usize> = Vec::new();
        for (i, (segment, named)) in record.segments.iter().zip(segments).enumerate() {
            match segment.role {
                Role::Key => {
                    let mut hits = Vec::new();
                    self.find(record.text(segment, unit), None, scratch, &mut hits);
                    plan.void |= !hits.is_empty();
                }
                Role::Opened | Role::Joined => plan.void = true,
                Role::Number if !named.live => {}
                Role::Text | Role::Value | Role::Number => {
                    let object = named.live.then(|| {
                        numbers.iter().position(|n| *n == named.object).unwrap_or_else(|| {
                            numbers.push(named.object);
                            plan.objects.push(Vec::new());
                            numbers.len() - 1
                        }) as u32
                    });
                    plan.slots.push(Slot { segment: i as u32, named, object, rows: Vec::new() });
                }
            }
        }
        plan.void |= numbers.len() > OBJECTS;
        for (i, slot) in plan.slots.iter_mut().enumerate() {
            let object = numbers.iter().position(|n| *n == slot.named.object && (slot.named.live || slot.named.counts));
            if let Some(object) = object {
                let empty = Row { value: [0; LONGEST], len: NONE, label: false, hits: Vec::new() };
                slot.rows.resize(KEPT, empty);
                if slot.named.counts {
                    plan.objects[object].push(i as u32);
                }
            }
        }
        plan
    }

    /// Calls `found` for what stands in a record that is built as the plan says, by its segments and in order: the same as
    /// [`Detectors::judge`] and [`Detectors::find_value`] find.
    ///
    /// The unit that the record was read from must have been given to [`Detectors::sweep_unit`] before.
    pub fn find_planned(
        &self,
        unit: &[u8],
        record: &Record,
        plan: &mut Plan,
        scratch: &mut Scratch,
        mut found: impl FnMut(u32, &Hit),
    ) {
        let labelled = self.labelled(unit, record, plan, scratch);
        let mut hits = std::mem::take(&mut scratch.hits);
        for slot in &mut plan.slots {
            let segment = &record.segments[slot.segment as usize];
            let stands = (segment.text == TextRef::Raw).then_some(segment.raw);
            let Some(object) = slot.object else {
                if stands.is_some_and(|span| !self.stirs(span, scratch)) {
                    continue;
                }
                hits.clear();
                self.find_value(record.text(segment, unit), stands, &Verdict::default(), scratch, &mut hits);
                hits.iter().for_each(|h| found(slot.segment, h));
                continue;
            };
            let text = record.text(segment, unit);
            let labels = labelled >> object & 1 != 0;
            if !labels && let Some(row) = self.row(slot, record, unit, scratch) {
                slot.rows[row].hits.iter().for_each(|h| found(slot.segment, h));
                continue;
            }
            hits.clear();
            self.find_named(&slot.named, labels, segment.role, text, scratch, &mut hits);
            hits.iter().for_each(|h| found(slot.segment, h));
        }
        scratch.hits = hits;
    }

    /// A bit for each of the plan's objects: whether its values are labels.
    fn labelled(&self, unit: &[u8], record: &Record, plan: &mut Plan, scratch: &mut Scratch) -> u64 {
        let mut labelled = 0;
        for (object, counted) in plan.objects.iter().enumerate() {
            let mut labels = 0;
            for &i in counted {
                let slot = &mut plan.slots[i as usize];
                let label = match self.row(slot, record, unit, scratch) {
                    Some(row) => slot.rows[row].label,
                    None => {
                        let text = record.text(&record.segments[slot.segment as usize], unit);
                        self.fields.is_label(text, &mut scratch.judging)
                    }
                };
                labels += usize::from(label);
            }
            labelled |= u64::from(are_labels(labels, counted.len())) << object;
        }
        labelled
    }

    /// The row of a slot's value, worked out if it is not known; `None` if it is too long to be kept.
    fn row(&self, slot: &mut Slot, record: &Record, unit: &[u8], scratch: &mut Scratch) -> Option<usize> {
        let segment = &record.segments[slot.segment as usize];
        let text = record.text(segment, unit);
        if text.len() > LONGEST {
            return None;
        }
        let at = hash(text) & (KEPT - 1);
        let row = slot.rows.get_mut(at)?;
        if usize::from(row.len) == text.len() && row.value[..text.len()] == *text {
            return Some(at);
        }
        row.len = text.len() as u8;
        row.value[..text.len()].copy_from_slice(text);
        row.label = slot.named.counts && self.fields.is_label(text, &mut scratch.judging);
        row.hits.clear();
        if slot.named.live {
            self.find_named(&slot.named, false, segment.role, text, scratch, &mut row.hits);
        }
        Some(at)
    }

    /// What stands in a value whose name says something.
    fn find_named(
        &self,
        named: &Named,
        labels: bool,
        role: Role,
        text: &[u8],
        scratch: &mut Scratch,
        out: &mut Vec<Hit>,
    ) {
        let number = role == Role::Number;
        let verdict = self.fields.in_outline(named, text, number, labels, &mut scratch.judging);
        if !(number && verdict.hint.is_none()) {
            self.find_value(text, None, &verdict, scratch, out);
        }
    }

    /// Whether something could stand in these bytes of the unit at hand. To be asked in order.
    fn stirs(&self, span: Span, scratch: &mut Scratch) -> bool {
        let Scratch { unit, cursor, .. } = scratch;
        while unit.get(*cursor).is_some_and(|a| a.start() < span.start) {
            *cursor += 1;
        }
        self.sweep.wants_text() || unit.get(*cursor).is_some_and(|a| a.start() < span.end)
    }
}
