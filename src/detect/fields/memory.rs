//! What was worked out for recent values: the names and ids of a conversation come again with every message.

use crate::model::Span;
use crate::patterns::fields::Shape;
use std::hash::Hasher;

/// Values that are remembered, a power of two.
const KEPT: usize = 1024;
/// Longer values are worked out each time.
const LONGEST: usize = 64;

/// A table of recent values; one takes the place of another that has the same hash.
#[derive(Debug, Default)]
pub struct Memory {
    rows: Vec<Row>,
}

#[derive(Debug, Clone)]
struct Row {
    /// The value and its length: within the row, so that a new value allocates nothing.
    value: [u8; LONGEST],
    len: usize,
    label: Option<bool>,
    placeholder: Option<bool>,
    fitted: [Option<(Shape, bool, Option<Span>)>; 2],
}

impl Default for Row {
    fn default() -> Row {
        Row { value: [0; LONGEST], len: 0, label: None, placeholder: None, fitted: [None; 2] }
    }
}

impl Memory {
    /// The row of `value`; `None` if it is too long to be kept.
    fn row(&mut self, value: &[u8]) -> Option<&mut Row> {
        if value.len() > LONGEST {
            return None;
        }
        if self.rows.is_empty() {
            self.rows.resize(KEPT, Row::default());
        }
        let row = &mut self.rows[hash(value) & (KEPT - 1)];
        if row.value[..row.len] != *value {
            row.value[..value.len()].copy_from_slice(value);
            row.len = value.len();
            (row.label, row.placeholder, row.fitted) = (None, None, [None; 2]);
        }
        Some(row)
    }

    /// Whether the value is a label.
    pub fn label(&mut self, value: &[u8], work: impl FnOnce() -> bool) -> bool {
        match self.row(value) {
            Some(row) => *row.label.get_or_insert_with(work),
            None => work(),
        }
    }

    /// Whether the value is a placeholder.
    pub fn placeholder(&mut self, value: &[u8], work: impl FnOnce() -> bool) -> bool {
        match self.row(value) {
            Some(row) => *row.placeholder.get_or_insert_with(work),
            None => work(),
        }
    }

    /// What part of the value has the shape.
    pub fn fitted(
        &mut self,
        value: &[u8],
        shape: Shape,
        bare: bool,
        work: impl FnOnce() -> Option<Span>,
    ) -> Option<Span> {
        let Some(row) = self.row(value) else { return work() };
        if let Some((.., known)) = row.fitted.iter().flatten().find(|f| f.0 == shape && f.1 == bare) {
            return *known;
        }
        let found = work();
        row.fitted = [Some((shape, bare, found)), row.fitted[0]];
        found
    }
}

/// Eight bytes at a time; only to spread values over rows.
pub fn hash(value: &[u8]) -> usize {
    let mix = |h: u64, x: u64| (h ^ x).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    let mut h = value.len() as u64;
    let (eights, rest) = value.as_chunks::<8>();
    for eight in eights {
        h = mix(h, u64::from_le_bytes(*eight));
    }
    match value.last_chunk::<8>() {
        _ if rest.is_empty() => {}
        Some(last) => h = mix(h, u64::from_le_bytes(*last)),
        None => h = mix(h, rest.iter().fold(0, |x, b| x << 8 | u64::from(*b))),
    }
    (h ^ h >> 32) as usize
}

/// For tables whose keys are those of the rules: nobody can choose them so that they fall together.
#[derive(Debug, Default, Clone, Copy)]
pub struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 31
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = (self.0 ^ hash(bytes) as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
    // Lengths are mixed in with the bytes.
    fn write_usize(&mut self, _: usize) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn works_a_value_out_once() {
        let mut m = Memory::default();
        assert!(m.label(b"Name", || true));
        assert!(m.label(b"Name", || panic!("known")));
        assert!(!m.label(b"Ana", || false));
        let span = Some(Span::new(0, 3));
        assert_eq!(m.fitted(b"Ana", Shape::Name, false, || span), span);
        assert_eq!(m.fitted(b"Ana", Shape::Name, false, || panic!("known")), span);
        assert_eq!(m.fitted(b"Ana", Shape::Text, false, || None), None);
        let long = [b'x'; LONGEST + 1];
        assert!(m.label(&long, || true) && !m.label(&long, || false));
    }

    #[test]
    fn another_value_in_the_same_row_is_another_value() {
        let mut m = Memory::default();
        for i in 0..10 * KEPT {
            let value = i.to_string();
            assert_eq!(m.label(value.as_bytes(), || i % 3 == 0), i % 3 == 0);
            assert_eq!(m.label(value.as_bytes(), || panic!("just worked out")), i % 3 == 0);
        }
    }
}
