//! Fields by number, and counts by field: a name is looked up once for a unit of data, not for each finding.

use std::collections::{BTreeMap, HashMap};

/// Fields that are named in a report at most.
const NAMED: usize = 32;
/// From so many names on numbers are given anew: memory must not grow with the data.
const KEPT: usize = 4096;

/// What stands in no field.
pub const NONE: u32 = 0;

/// Names of fields, array indices as `*`, and their numbers.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    numbers: HashMap<Box<str>, u32>,
    names: Vec<Box<str>>,
}

impl Fields {
    /// The number of a field, until [`Fields::forget`]; of `None`: [`NONE`].
    pub fn number(&mut self, name: Option<&str>) -> u32 {
        let Some(name) = name else { return NONE };
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        self.names.push(name.into());
        let number = self.names.len() as u32;
        self.numbers.insert(name.into(), number);
        number
    }

    /// The name of the field with this number.
    pub fn name(&self, number: u32) -> Option<&str> {
        self.names.get((number as usize).checked_sub(1)?).map(|name| &**name)
    }

    /// Whether there are so many that they should be forgotten.
    pub fn is_full(&self) -> bool {
        self.names.len() >= KEPT
    }

    /// Gives numbers anew.
    pub fn forget(&mut self) {
        self.numbers.clear();
        self.names.clear();
    }
}

/// How often something stands in each field: in the first 32 by name, in the rest together.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    named: Vec<(Box<str>, u64)>,
    others: u64,
    /// By the field's number: its place among the named, from 1, or one behind them; 0: it was not met yet.
    places: Vec<u8>,
}

impl Tally {
    /// Counts the field with this number, which is called `name`.
    pub fn add(&mut self, number: u32, name: &str) {
        let number = number as usize;
        if number >= self.places.len() {
            self.places.resize(number + 1, 0);
        }
        if self.places[number] == 0 {
            self.places[number] = self.place(name) as u8 + 1;
        }
        match self.named.get_mut(usize::from(self.places[number]) - 1) {
            Some((_, n)) => *n += 1,
            None => self.others += 1,
        }
    }

    /// Where a field stands among the named; behind them: it doesn't.
    fn place(&mut self, name: &str) -> usize {
        if let Some(known) = self.named.iter().position(|(known, _)| &**known == name) {
            return known;
        }
        if self.named.len() == NAMED {
            return NAMED;
        }
        self.named.push((name.into(), 0));
        self.named.len() - 1
    }

    /// Numbers are given anew.
    pub fn forget(&mut self) {
        self.places.clear();
    }

    /// The first 32 fields and how often it stands there.
    pub fn named(&self) -> BTreeMap<String, u64> {
        self.named.iter().map(|(name, n)| (name.to_string(), *n)).collect()
    }

    /// How often it stands in others.
    pub fn others(&self) -> u64 {
        self.others
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_named_whatever_their_numbers_are() {
        let (mut fields, mut tally) = (Fields::default(), Tally::default());
        for round in 0..3u64 {
            for n in 0..100 {
                let name = format!("/f{n}");
                let number = fields.number(Some(&name));
                assert_eq!(fields.number(Some(&name)), number);
                assert_eq!(fields.name(number), Some(&*name));
                tally.add(number, &name);
            }
            assert_eq!(tally.named().len(), NAMED);
            assert!(tally.named().values().all(|n| *n == round + 1));
            assert_eq!(tally.others(), 68 * (round + 1));
            fields.forget();
            tally.forget();
            assert_eq!(fields.number(Some("/another")), 1);
        }
        assert_eq!((fields.number(None), fields.name(NONE)), (NONE, None));
    }

    #[test]
    fn what_stands_in_no_field_counts_with_one_that_is_called_so() {
        let mut tally = Tally::default();
        tally.add(NONE, "(text)");
        tally.add(7, "(text)");
        assert_eq!(tally.named(), BTreeMap::from([("(text)".to_owned(), 2)]));
    }
}
