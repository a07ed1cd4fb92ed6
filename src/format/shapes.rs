//! Records that are built alike: the same nodes and segments, so only where these stand is filled in. What they have in common a
//! format says by a code.

use crate::model::record::{Mark, Record};

/// The shapes of a unit's records.
pub(super) struct Shapes<C> {
    codes: Vec<C>,
    list: Vec<(Record, Mark)>,
    /// Whose record the caller holds, from 1; 0: their own.
    lent: usize,
}

impl<C> Default for Shapes<C> {
    fn default() -> Shapes<C> {
        Shapes { codes: Vec::new(), list: Vec::new(), lent: 0 }
    }
}

impl<C: PartialEq> Shapes<C> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// The number of the layout of records with this code, if one is known.
    pub fn layout(&self, code: &C) -> Option<u32> {
        let last = self.lent.checked_sub(1).filter(|i| self.codes[*i] == *code);
        last.or_else(|| self.codes.iter().position(|c| c == code)).map(|i| i as u32 + 1)
    }

    /// Puts the record with this code into the caller's hands, to be filled: `true`; or, if none is known, their own.
    pub fn take(&mut self, code: &C, record: &mut Record) -> bool {
        let layout = self.layout(code).map_or(0, |n| n as usize);
        self.lend(layout, record);
        let Some((_, mark)) = layout.checked_sub(1).map(|i| &self.list[i]) else { return false };
        record.again(*mark);
        true
    }

    /// Puts the caller's own record into their hands.
    pub fn own(&mut self, record: &mut Record) {
        self.lend(0, record);
    }

    fn lend(&mut self, to: usize, record: &mut Record) {
        if self.lent == to {
            return;
        }
        for n in [self.lent, to] {
            if let Some((shape, _)) = n.checked_sub(1).and_then(|i| self.list.get_mut(i)) {
                std::mem::swap(record, shape);
            }
        }
        self.lent = to;
    }

    /// Keeps the caller's own record as the shape of those with this code, of which none is known.
    pub fn learn(&mut self, code: C, record: &Record) {
        let mut shape = record.clone();
        self.codes.push(code);
        shape.layout = self.codes.len() as u32;
        self.list.push((shape, record.mark()));
    }
}
