//! What a set of data holds, by subject and entity: counts, distinct values, fields, places. Memory does not grow with the data.

use super::fields::{Fields, Tally};
use super::people::{People, Seen, Told};
use super::replaced::Replacements;
use crate::model::EntityType;
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, HashSet};

/// Distinct values are counted exactly up to this many, beyond by a sketch of so many hashes.
const HASHES: usize = 16_384;
/// Hashes that came last are passed over without a look, by their lowest bits.
const RECENT: usize = 64;
/// What stands for the fields behind the first 32.
pub const OTHERS: &str = "(others)";
/// Files and samples that are named at most.
const PLACES: usize = 3;
/// Code points of a sample.
const SAMPLE: usize = 40;

/// How many different values there were: exactly while they are few, then estimated.
///
/// The sketch keeps the smallest hashes there were ("k minimum values", Bar-Yossef and others, 2002): if the k-th smallest of
/// evenly spread hashes lies at a share x of their range, there were about (k - 1) / x. The standard error is 1 / sqrt(k - 2):
/// 0.8 % for 16,384.
#[derive(Debug, Clone, Default)]
pub struct Distinct {
    /// The smallest hashes, and others at times: they are sorted out when there are twice as many as are wanted.
    kept: HashSet<u64>,
    /// What is above is not kept; `None`: all is.
    most: Option<u64>,
    recent: Vec<u64>,
}

impl Distinct {
    /// Counts the value with this hash, which must be spread evenly over all 64 bits.
    pub fn add(&mut self, hash: u64) {
        // Hashes below the highest that stays are in the sketch or were pushed out of it, and those above change nothing.
        if self.most.is_some_and(|most| hash > most) {
            return;
        }
        if self.recent.is_empty() {
            // No hash stands where its own lowest bits are not.
            self.recent = (0..RECENT as u64).map(|at| !at).collect();
        }
        if std::mem::replace(&mut self.recent[hash as usize % RECENT], hash) == hash {
            return;
        }
        self.kept.insert(hash);
        if self.kept.len() >= 2 * HASHES {
            let smallest = self.smallest();
            self.most = smallest.last().copied();
            self.kept.clear();
            self.kept.extend(smallest);
        }
    }

    /// The smallest hashes, in order.
    fn smallest(&self) -> Vec<u64> {
        let mut all: Vec<u64> = self.kept.iter().copied().collect();
        if all.len() > HASHES {
            all.select_nth_unstable(HASHES);
            all.truncate(HASHES);
        }
        all.sort_unstable();
        all
    }

    /// How many there were, and whether that is exact.
    pub fn count(&self) -> (u64, bool) {
        let smallest = self.smallest();
        let n = smallest.len() as u64;
        match smallest.last() {
            Some(last) if self.most.is_some() || self.kept.len() > HASHES => {
                let share = (*last as f64 + 1.0) / (u64::MAX as f64 + 1.0);
                (((n - 1) as f64 / share).round() as u64, false)
            }
            _ => (n, true),
        }
    }
}

/// What was found of one entity in the data of one subject.
#[derive(Debug, Clone, Default)]
pub struct Holding {
    /// Findings.
    pub findings: u64,
    /// Different values, in whatever spelling.
    pub distinct: Distinct,
    /// Records in which it stands.
    pub records: u64,
    /// By field: findings.
    pub(super) tally: Tally,
    /// The first places.
    pub places: Vec<Place>,
    /// The first masked samples, all different.
    pub samples: Vec<String>,
    /// The record of the last finding.
    pub(super) last: Option<(u64, u64)>,
}

impl Holding {
    /// By field: findings; the first 32 fields, then the rest together ([`OTHERS`]).
    pub fn fields(&self) -> BTreeMap<String, u64> {
        let mut fields = self.tally.named();
        if self.tally.others() > 0 {
            *fields.entry(OTHERS.to_owned()).or_default() += self.tally.others();
        }
        fields
    }

    fn add(&mut self, f: &Finding<'_>, field: &str) {
        self.findings += 1;
        self.distinct.add(f.value.hash);
        if self.last.replace(f.record) != Some(f.record) {
            self.records += 1;
        }
        self.tally.add(f.field, field);
        if self.places.len() < PLACES {
            self.places.push(Place { path: f.path.to_owned(), line: (f.line)() });
        }
        if self.samples.len() < PLACES {
            let sample = shortened((f.masked)());
            if !self.samples.contains(&sample) {
                self.samples.push(sample);
            }
        }
    }
}

/// A line of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The input, with names masked.
    pub path: String,
    /// Its line, from 1; 0: it has none.
    pub line: u64,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => f.write_str(&self.path),
            line => write!(f, "{}:{line}", self.path),
        }
    }
}

impl Serialize for Place {
    /// As `path:line`.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// One finding, as it is counted.
pub struct Finding<'a> {
    /// What it is.
    pub entity: EntityType,
    /// What its value tells.
    pub value: Told,
    /// What stands beside it says that it is a program's, not a person's.
    pub bot: bool,
    /// The number of its input, and of its record there.
    pub record: (u64, u64),
    /// The number of its field ([`Observed::field`]).
    pub field: u32,
    /// What stands for each `*` in the field's name, as far as that is a number.
    pub indices: &'a [u64],
    /// It is all that its field holds.
    pub whole: bool,
    /// Its input, with names masked.
    pub path: &'a str,
    /// Tells its line, from 1 (0: it has none): few are wanted.
    pub line: &'a dyn Fn() -> u64,
    /// Makes a masked sample: few are wanted.
    pub masked: &'a dyn Fn() -> String,
}

/// What was found, by subject (index into the annex's; `None`: it can't be told) and entity.
#[derive(Debug, Clone, Default)]
pub struct Observed {
    /// By subject, from those whose it can't be told, and entity.
    held: Vec<Vec<Option<Holding>>>,
    fields: Fields,
    /// By subject: records.
    pub records: BTreeMap<Option<usize>, u64>,
    /// The records in which something was found.
    pub concerned: Concerned,
    /// How many people it is about, if that is asked for.
    pub people: Option<People>,
    /// What was replaced in it before, if that is asked for.
    pub replaced: Option<Replacements>,
}

/// How many records something was found in, by subject and in all.
#[derive(Debug, Clone, Default)]
pub struct Concerned {
    /// With the last record: first those of all subjects, then where it can't be told, then in the annex's order.
    by: Vec<(u64, Option<(u64, u64)>)>,
}

/// A subject's place in a list: the first is where it can't be told.
fn place(subject: Option<usize>) -> usize {
    subject.map_or(0, |s| s + 1)
}

/// `list[at]`, which is made if it isn't there.
fn at<T: Clone + Default>(list: &mut Vec<T>, at: usize) -> &mut T {
    if at >= list.len() {
        list.resize(at + 1, T::default());
    }
    &mut list[at]
}

impl Concerned {
    fn add(&mut self, subject: Option<usize>, record: (u64, u64)) {
        if record.1 == u64::MAX {
            return; // a file's name is no record
        }
        for of in [0, place(subject) + 1] {
            let (count, last) = at(&mut self.by, of);
            *count += u64::from(last.replace(record) != Some(record));
        }
    }

    /// In the data of `subject`.
    pub fn of(&self, subject: Option<usize>) -> u64 {
        self.by.get(place(subject) + 1).map_or(0, |c| c.0)
    }

    /// In all: one that holds data of several subjects counts once.
    pub fn all(&self) -> u64 {
        self.by.first().map_or(0, |c| c.0)
    }
}

impl Observed {
    /// The number of a field (array indices as `*`), until [`Observed::unit`].
    pub fn field(&mut self, name: Option<&str>) -> u32 {
        self.fields.number(name)
    }

    /// The next unit of data begins; whether numbers of fields are given anew.
    pub fn unit(&mut self) -> bool {
        let full = self.fields.is_full();
        if full {
            self.fields.forget();
            self.held.iter_mut().flatten().flatten().for_each(|h| h.tally.forget());
            self.people.iter_mut().for_each(People::forget_fields);
        }
        full
    }

    /// Counts a finding in the data of `subject`.
    pub fn add(&mut self, subject: Option<usize>, f: &Finding<'_>) {
        let name = self.fields.name(f.field);
        if let Some(people) = &mut self.people {
            let Finding { entity, value, bot, record, field, indices, whole, .. } = *f;
            people.add(&Seen { entity, value, record, field, name, indices, whole, subject, bot });
        }
        self.concerned.add(subject, f.record);
        let held = at(at(&mut self.held, place(subject)), f.entity.index());
        held.get_or_insert_default().add(f, name.unwrap_or("(text)"));
    }

    /// What was found, by subject (first where it can't be told) and entity.
    pub fn held(&self) -> impl Iterator<Item = (Option<usize>, EntityType, &Holding)> {
        self.held.iter().enumerate().flat_map(|(subject, of)| {
            let there = of.iter().enumerate().filter_map(|(entity, held)| Some((entity, held.as_ref()?)));
            there.map(move |(entity, held)| (subject.checked_sub(1), EntityType(entity as u16), held))
        })
    }

    /// Counts records in the data of `subject`.
    pub fn records(&mut self, subject: Option<usize>, records: u64) {
        *self.records.entry(subject).or_default() += records;
    }
}

/// The sample, or its beginning: user agents go over several lines.
fn shortened(sample: String) -> String {
    match sample.char_indices().nth(SAMPLE) {
        Some((end, _)) => format!("{}…", &sample[..end]),
        None => sample,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Evenly spread numbers (Steele, Lea and Flood's SplitMix64).
    fn hash(n: u64) -> u64 {
        let mut z = n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    }

    #[test]
    fn few_values_are_counted_exactly_and_many_nearly() {
        let mut few = Distinct::default();
        (0..HASHES as u64).chain(0..500).for_each(|n| few.add(hash(n)));
        assert_eq!(few.count(), (HASHES as u64, true));
        for many in [20_000, 100_000, 1_000_000] {
            let mut sketch = Distinct::default();
            (0..many).chain(0..1000).for_each(|n| sketch.add(hash(n + 7)));
            let (count, exact) = sketch.count();
            assert!(!exact && (count as f64 / many as f64 - 1.0).abs() < 0.02, "{many}: {count}");
        }
    }

    #[test]
    fn what_is_named_is_bounded() {
        let mut observed = Observed::default();
        for n in 0..1000u64 {
            let masked = format!("•{n}");
            let f = Finding {
                entity: EntityType(3),
                value: Told::of("", hash(n)),
                bot: false,
                record: (0, n / 2),
                field: observed.field(Some(&format!("/f{n}"))),
                indices: &[],
                whole: true,
                path: "a",
                line: &|| n + 1,
                masked: &|| masked.clone(),
            };
            observed.add(None, &f);
        }
        let (subject, entity, held) = observed.held().next().unwrap();
        assert_eq!((subject, entity, observed.held().count()), (None, EntityType(3), 1));
        assert_eq!((held.findings, held.records, held.fields().len()), (1000, 500, 33));
        assert_eq!(held.fields()[OTHERS], 968);
        assert_eq!((held.places.len(), held.samples.len()), (PLACES, PLACES));
        assert_eq!(held.places[0].to_string(), "a:1");
        assert_eq!(
            (observed.concerned.all(), observed.concerned.of(None), observed.concerned.of(Some(1))),
            (500, 500, 0)
        );
    }
}
