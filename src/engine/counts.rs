//! How many findings stand in each field of a unit.

use std::collections::HashMap;

/// Counts by field. Reused: clearing keeps its memory.
#[derive(Debug, Default)]
pub struct Counts {
    index: HashMap<String, u32>,
    counts: Vec<(String, u64)>,
}

impl Counts {
    /// The fields and how many findings stand in each, in the order in which they were met.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.counts.iter().map(|(field, n)| (field.as_str(), *n))
    }

    /// The name of the field with this number.
    pub fn name(&self, field: u32) -> Option<&str> {
        self.counts.get(field as usize).map(|(name, _)| name.as_str())
    }

    /// The number under which `field` is counted.
    pub(super) fn field(&mut self, field: String) -> u32 {
        if let Some(i) = self.index.get(&field) {
            return *i;
        }
        let i = self.counts.len() as u32;
        self.counts.push((field.clone(), 0));
        self.index.insert(field, i);
        i
    }

    /// One more in the field with this number.
    pub(super) fn add(&mut self, field: u32) {
        self.counts[field as usize].1 += 1;
    }

    pub(super) fn clear(&mut self) {
        self.index.clear();
        self.counts.clear();
    }
}
