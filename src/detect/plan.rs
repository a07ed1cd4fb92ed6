//! Records that are built alike, of which a stream has thousands: what is the same for all of them is worked out once. Which
//! names say something, and about what; which texts need no look because nothing stands in them; and, since names and
//! ids come again with every message of a conversation, what was found in the values of such fields.

use super::fields::{Named, Outline, are_labels, hash};
use super::{Detectors, Hit, Scratch, Verdict, swept_with_unit};
use crate::model::record::{Record, Role, Segment, TextRef};

/// Values that are kept for a field at most, and for all fields of a plan, powers of two, however many fields the records have.
const KEPT: usize = 1024;
const KEPT_IN_ALL: usize = 8192;
/// With more rows than this, some 4 MB, what is known of values is forgotten.
const ROWS: usize = 1 << 15;
/// Longer values are worked out each time.
const LONGEST: usize = 64;

/// What was worked out for records that are built alike.
#[derive(Debug)]
pub struct Plan {
    /// A record that is built so.
    like: Record,
    /// The segments to look at, in order.
    slots: Vec<Slot>,
    /// Those of them in which the name alone may find something.
    named: Vec<usize>,
    /// By object: which slots' values count among those that may be labels; only where a slot depends on it.
    objects: Vec<Object>,
    /// The number of the record at hand.
    turn: u64,
    /// The segments that hold what somebody has written or said.
    bodies: Vec<u32>,
    /// A key holds something, or the records are of a kind that is not planned for.
    void: bool,
}

#[derive(Debug, Default)]
struct Object {
    counted: Vec<u32>,
    /// Whether the values are labels, worked out for the record with this number.
    labels: (bool, u64),
}

#[derive(Debug)]
struct Slot {
    segment: u32,
    named: Named,
    /// Index into the plan's objects, if the name says something.
    object: Option<u32>,
    /// Index of the table that holds what is known of its values; `None` where it isn't needed.
    table: Option<usize>,
    /// The row of the value in the record with this number, and how many values had been taken in when it was: there, if no other has
    /// taken its place.
    row: usize,
    turn: u64,
    taken: u64,
}

impl Slot {
    /// The row of the value in the record with this number, if it was looked up for that and no other value has taken its place.
    #[inline(always)]
    fn holds<'a>(&self, turn: u64, known: &'a Known) -> Option<&'a Row> {
        let row = known.tables[self.table?].rows.get(self.row)?;
        (self.turn == turn && row.taken == self.taken).then_some(row)
    }
}

/// What is known of values, by what is said by the names of the fields in which they stand: those of a conversation stand in records
/// of several kinds, and in several places of one.
#[derive(Debug, Default)]
pub struct Known {
    tables: Vec<Table>,
    /// Values taken in so far.
    taken: u64,
}

#[derive(Debug)]
struct Table {
    rules: Vec<u16>,
    labels: bool,
    number: bool,
    /// By a hash of the value, a power of two.
    rows: Vec<Row>,
}

impl Known {
    /// Whether it has grown so much that it should be forgotten, with all plans.
    pub fn is_full(&self) -> bool {
        self.tables.iter().map(|t| t.rows.len()).sum::<usize>() > ROWS
    }

    /// The table of such values, with so many rows if there is none.
    fn table(&mut self, named: &Named, role: Role, rows: usize) -> usize {
        let number = role == Role::Number;
        let same = |t: &Table| t.rules == named.rules && t.labels == named.labels && t.number == number;
        self.tables.iter().position(same).unwrap_or_else(|| {
            let empty = Row { value: [0; LONGEST], len: NONE, taken: 0, label: None, hits: None, depends: false };
            let (rules, rows) = (named.rules.clone(), vec![empty; rows]);
            self.tables.push(Table { rules, labels: named.labels, number, rows });
            self.tables.len() - 1
        })
    }
}

/// What is known of a value.
#[derive(Debug, Clone)]
struct Row {
    value: [u8; LONGEST],
    len: u8,
    /// How many values had been taken in when this one was.
    taken: u64,
    /// Whether it is what a program calls a field, once that was asked.
    label: Option<bool>,
    /// What is found in it if the values around are no labels, once that was asked.
    hits: Option<Vec<Hit>>,
    /// Whether it would be something else if they were.
    depends: bool,
}

/// Longer than any value that is kept: no value is in the row.
const NONE: u8 = u8::MAX;

impl Plan {
    /// Whether it was made for records like this one.
    pub fn is_for(&self, record: &Record) -> bool {
        self.like.alike(record)
    }

    /// The segments that hold what somebody has written or said.
    pub fn bodies(&self) -> &[u32] {
        &self.bodies
    }

    /// Whether nothing is found in a record where nothing stirs.
    pub fn is_silent(&self) -> bool {
        !self.void && self.named.is_empty()
    }

    /// Whether records must be looked at as if each stood alone.
    pub fn is_void(&self) -> bool {
        self.void
    }
}

impl Detectors {
    /// Works out what is the same for all records that are built like `record`.
    pub fn plan(&self, unit: &[u8], record: &Record, known: &mut Known, scratch: &mut Scratch) -> Plan {
        let Outline { segments } = self.fields.outline(record, &mut scratch.judging);
        let mut plan = Plan {
            like: record.clone(),
            slots: Vec::new(),
            named: Vec::new(),
            objects: Vec::new(),
            bodies: Vec::new(),
            void: false,
            turn: 0,
        };
        let mut numbers: Vec<usize> = Vec::new();
        for (i, (segment, named)) in record.segments.iter().zip(segments).enumerate() {
            match segment.role {
                Role::Key => {
                    let mut hits = Vec::new();
                    self.find(record.text(segment, unit), None, scratch, &mut hits);
                    plan.void |= !hits.is_empty();
                }
                Role::Opened | Role::Joined => plan.void = true,
                Role::Number if !named.speaks => {}
                Role::Text | Role::Value | Role::Number => {
                    let object = named.speaks.then(|| {
                        numbers.iter().position(|n| *n == named.object).unwrap_or_else(|| {
                            numbers.push(named.object);
                            plan.objects.push(Object::default());
                            numbers.len() - 1
                        }) as u32
                    });
                    plan.slots.push(Slot { segment: i as u32, named, object, table: None, row: 0, turn: 0, taken: 0 });
                }
            }
        }
        self.fields.bodies(record, &mut scratch.judging, &mut plan.bodies);
        plan.named = (0..plan.slots.len()).filter(|i| plan.slots[*i].named.finds).collect();
        let object = |slot: &Slot| {
            numbers.iter().position(|n| *n == slot.named.object && (slot.named.speaks || slot.named.counts))
        };
        let fields = plan.slots.iter().filter(|slot| object(slot).is_some()).count();
        let kept = (KEPT_IN_ALL / fields.next_power_of_two()).clamp(1, KEPT);
        for (i, slot) in plan.slots.iter_mut().enumerate() {
            if let Some(object) = object(slot) {
                let role = record.segments[slot.segment as usize].role;
                slot.table = Some(known.table(&slot.named, role, kept));
                if slot.named.counts {
                    plan.objects[object].counted.push(i as u32);
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
        known: &mut Known,
        scratch: &mut Scratch,
        mut found: impl FnMut(u32, &Hit),
    ) {
        plan.turn += 1;
        // In most records nothing stands; and most of the others are quiet up to one of their last slots.
        let still = !record.decoded && self.is_quiet(record.span, scratch);
        let count = if still { plan.named.len() } else { plan.slots.len() };
        let mut hits = std::mem::take(&mut scratch.hits);
        for i in 0..count {
            let i = if still { plan.named[i] } else { i };
            let slot = &plan.slots[i];
            let segment = &record.segments[slot.segment as usize];
            let stands = (segment.text == TextRef::Raw).then_some(segment.raw);
            if !slot.named.finds && stands.is_some_and(|span| !self.stirs(unit, span, scratch)) {
                continue;
            }
            hits.clear();
            let text = record.text(segment, unit);
            let Some(object) = slot.object else {
                self.find_value(text, stands, &Verdict::default(), scratch, &mut hits);
                hits.iter().for_each(|h| found(slot.segment, h));
                continue;
            };
            let depends = self.row(unit, record, plan, known, i, scratch).is_none_or(|row| row.depends);
            let labels = depends && self.labels(unit, record, plan, known, object as usize, scratch);
            if !labels {
                // Another value may have taken the row's place.
                if plan.slots[i].holds(plan.turn, known).is_none() {
                    self.row(unit, record, plan, known, i, scratch);
                }
                let slot = &plan.slots[i];
                if let Some(row) = slot.holds(plan.turn, known) {
                    row.hits.iter().flatten().for_each(|h| found(slot.segment, h));
                    continue;
                }
            }
            let slot = &plan.slots[i];
            let _ = self.find_named(&slot.named, labels, segment, text, scratch, &mut hits);
            hits.iter().for_each(|h| found(slot.segment, h));
        }
        scratch.hits = hits;
    }

    /// Whether the values of one of the plan's objects are labels, in this record.
    fn labels(
        &self,
        unit: &[u8],
        record: &Record,
        plan: &mut Plan,
        known: &mut Known,
        object: usize,
        scratch: &mut Scratch,
    ) -> bool {
        let (labels, turn) = plan.objects[object].labels;
        if turn == plan.turn {
            return labels;
        }
        let of = plan.objects[object].counted.len();
        let mut labels = 0;
        for n in 0..of {
            let i = plan.objects[object].counted[n] as usize;
            if let Some(label) = plan.slots[i].holds(plan.turn, known).and_then(|row| row.label) {
                labels += usize::from(label);
                continue;
            }
            let text = record.text(&record.segments[plan.slots[i].segment as usize], unit);
            let label = match self.row(unit, record, plan, known, i, scratch) {
                Some(row) => *row.label.get_or_insert_with(|| self.fields.is_label(text, &mut scratch.judging)),
                None => self.fields.is_label(text, &mut scratch.judging),
            };
            labels += usize::from(label);
        }
        let labels = are_labels(labels, of);
        plan.objects[object].labels = (labels, plan.turn);
        labels
    }

    /// The row of a slot's value, worked out if it is not known; `None` if it is too long to be kept.
    fn row<'a>(
        &self,
        unit: &[u8],
        record: &Record,
        plan: &mut Plan,
        known: &'a mut Known,
        slot: usize,
        scratch: &mut Scratch,
    ) -> Option<&'a mut Row> {
        let (turn, slot) = (plan.turn, &mut plan.slots[slot]);
        let segment = &record.segments[slot.segment as usize];
        let text = record.text(segment, unit);
        let rows = &mut known.tables[slot.table?].rows;
        if text.len() > LONGEST {
            return None;
        }
        if slot.turn != turn {
            (slot.row, slot.turn) = (hash(text) & (rows.len() - 1), turn);
        }
        let row = &mut rows[slot.row];
        if usize::from(row.len) != text.len() || row.value[..text.len()] != *text {
            known.taken += 1;
            (row.len, row.taken) = (text.len() as u8, known.taken);
            row.value[..text.len()].copy_from_slice(text);
            (row.label, row.hits, row.depends) = (None, None, false);
        }
        slot.taken = row.taken;
        if slot.named.speaks && row.hits.is_none() {
            let mut hits = Vec::new();
            row.depends = self.find_named(&slot.named, false, segment, text, scratch, &mut hits);
            row.hits = Some(hits);
        }
        Some(row)
    }

    /// Adds what stands in a value whose name says something. `true`: whether values are labels makes a difference.
    fn find_named(
        &self,
        named: &Named,
        labels: bool,
        segment: &Segment,
        text: &[u8],
        scratch: &mut Scratch,
        out: &mut Vec<Hit>,
    ) -> bool {
        let number = segment.role == Role::Number;
        let mut verdict = |labels| self.fields.in_outline(named, text, number, labels, &mut scratch.judging);
        let this = verdict(labels);
        let depends = named.soft && verdict(!labels) != this;
        if !(number && this.hint.is_none()) {
            let stands = (segment.text == TextRef::Raw && swept_with_unit(text, &this)).then_some(segment.raw);
            self.find_value(text, stands, &this, scratch, out);
        }
        depends
    }
}
