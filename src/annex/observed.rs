//! What a set of data holds, by subject and entity: counts, distinct values, fields, places. Memory does not grow with the data.

use super::people::{People, Seen};
use super::replaced::Replacements;
use crate::model::EntityType;
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};

/// Distinct values are counted exactly up to this many, beyond by a sketch of so many hashes.
const HASHES: usize = 16_384;
/// What stands for the fields behind the first 32.
pub const OTHERS: &str = "(others)";
/// Fields, files and samples that are named at most.
const FIELDS: usize = 32;
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
    smallest: BTreeSet<u64>,
    full: bool,
}

impl Distinct {
    /// Counts the value with this hash, which must be spread evenly over all 64 bits.
    pub fn add(&mut self, hash: u64) {
        if self.smallest.len() < HASHES {
            self.smallest.insert(hash);
            return;
        }
        if self.smallest.last().is_some_and(|last| hash < *last) && self.smallest.insert(hash) {
            self.smallest.pop_last();
            self.full = true;
        } else if !self.smallest.contains(&hash) {
            self.full = true;
        }
    }

    /// How many there were, and whether that is exact.
    pub fn count(&self) -> (u64, bool) {
        let n = self.smallest.len() as u64;
        match self.smallest.last() {
            Some(last) if self.full => {
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
    /// By field: findings; the first 32 fields, then the rest together.
    pub fields: BTreeMap<String, u64>,
    /// The first places.
    pub places: Vec<Place>,
    /// The first masked samples, all different.
    pub samples: Vec<String>,
    /// The record of the last finding.
    pub(super) last: Option<(u64, u64)>,
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
    /// Its value.
    pub value: &'a str,
    /// What stands beside it says that it is a program's, not a person's.
    pub bot: bool,
    /// The hash of its value.
    pub hash: u64,
    /// The number of its input, and of its record there.
    pub record: (u64, u64),
    /// Its field, array indices as `*`.
    pub field: Option<&'a str>,
    /// Its field with array indices.
    pub at: Option<&'a str>,
    /// It is all that its field holds.
    pub whole: bool,
    /// Its input, with names masked.
    pub path: &'a str,
    /// Its line, from 1; 0: it has none.
    pub line: u64,
    /// Makes a masked sample: few are wanted.
    pub masked: &'a dyn Fn() -> String,
}

/// What was found, by subject (index into the annex's; `None`: it can't be told) and entity.
#[derive(Debug, Clone, Default)]
pub struct Observed {
    /// By subject and entity.
    pub held: BTreeMap<(Option<usize>, u16), Holding>,
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
    /// With the last record; under its own key those of all subjects.
    by: BTreeMap<Key, (u64, (u64, u64))>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    All,
    Of(Option<usize>),
}

impl Concerned {
    fn add(&mut self, subject: Option<usize>, record: (u64, u64)) {
        if record.1 == u64::MAX {
            return; // a file's name is no record
        }
        for key in [Key::All, Key::Of(subject)] {
            let (count, last) = self.by.entry(key).or_insert((0, (u64::MAX, 0)));
            *count += u64::from(std::mem::replace(last, record) != record);
        }
    }

    /// In the data of `subject`.
    pub fn of(&self, subject: Option<usize>) -> u64 {
        self.by.get(&Key::Of(subject)).map_or(0, |c| c.0)
    }

    /// In all: one that holds data of several subjects counts once.
    pub fn all(&self) -> u64 {
        self.by.get(&Key::All).map_or(0, |c| c.0)
    }
}

impl Observed {
    /// Counts a finding in the data of `subject`.
    pub fn add(&mut self, subject: Option<usize>, f: &Finding<'_>) {
        if let Some(people) = &mut self.people {
            let Finding { entity, value, bot, hash, record, field, at, whole, .. } = *f;
            people.add(&Seen { entity, value, hash, record, field, at, whole, subject, bot });
        }
        self.concerned.add(subject, f.record);
        let held = self.held.entry((subject, f.entity.index() as u16)).or_default();
        held.findings += 1;
        held.distinct.add(f.hash);
        if held.last.replace(f.record) != Some(f.record) {
            held.records += 1;
        }
        let field = f.field.unwrap_or("(text)");
        if let Some(n) = held.fields.get_mut(field) {
            *n += 1;
        } else {
            let name = if held.fields.len() < FIELDS { field } else { OTHERS };
            *held.fields.entry(name.to_owned()).or_default() += 1;
        }
        if held.places.len() < PLACES {
            held.places.push(Place { path: f.path.to_owned(), line: f.line });
        }
        if held.samples.len() < PLACES {
            let sample = shortened((f.masked)());
            if !held.samples.contains(&sample) {
                held.samples.push(sample);
            }
        }
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
            let (field, masked) = (format!("/f{n}"), format!("•{n}"));
            let f = Finding {
                entity: EntityType(3),
                value: "",
                bot: false,
                hash: hash(n),
                record: (0, n / 2),
                field: Some(&field),
                at: Some(&field),
                whole: true,
                path: "a",
                line: n + 1,
                masked: &|| masked.clone(),
            };
            observed.add(None, &f);
        }
        let held = &observed.held[&(None, 3)];
        assert_eq!((held.findings, held.records, held.fields.len()), (1000, 500, FIELDS + 1));
        assert_eq!((held.places.len(), held.samples.len()), (PLACES, PLACES));
        assert_eq!(held.places[0].to_string(), "a:1");
        assert_eq!(
            (observed.concerned.all(), observed.concerned.of(None), observed.concerned.of(Some(1))),
            (500, 500, 0)
        );
    }
}
