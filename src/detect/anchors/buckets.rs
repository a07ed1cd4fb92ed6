//! Which bucket of a fingerprint a literal goes into.
//!
//! A bucket fits wherever each of four bytes has a low and a high nibble that some literal of it has in that place, so literals that
//! share nibbles should share a bucket. Each goes where it adds least to what the bucket lets through, in text as it usually is: with
//! some three hundred literals that is half of what passes when they are shared out evenly in alphabetical order.

use super::literals::{BUCKETS, PRINT};
use std::ops::Range;

/// How often letters stand in running text, in thousandths, from `a` on. Rough: all that matters is which are common.
const LETTERS: [f32; 26] = [
    65.0, 12.0, 22.0, 34.0, 100.0, 18.0, 16.0, 49.0, 56.0, 1.0, 6.0, 32.0, 19.0, 54.0, 60.0, 15.0, 1.0, 48.0, 51.0,
    73.0, 22.0, 8.0, 19.0, 1.0, 16.0, 1.0,
];

/// How often a byte stands in running text, roughly.
fn weight(b: u8) -> f32 {
    match b {
        b' ' => 150.0,
        b'a'..=b'z' => LETTERS[usize::from(b - b'a')],
        b'A'..=b'Z' => LETTERS[usize::from(b - b'A')] / 12.0 + 1.0,
        b'0'..=b'9' => 6.0,
        // Letters with accents, Cyrillic; what follows such a byte.
        0xC3 | 0xD0 | 0xD1 => 10.0,
        0x80..=0xBF => 3.0,
        0xE0..=0xEF => 3.0,
        0x21..=0x7E => 2.0,
        _ => 0.1,
    }
}

/// The nibbles of a bucket's literals: a bit for each low and each high one, by place.
type Nibbles = [(u16, u16); PRINT];

/// Buckets being filled.
pub(super) struct Buckets {
    /// By high nibble, low nibble.
    weights: [[f32; 16]; 16],
    buckets: [Nibbles; BUCKETS],
    /// What each lets through.
    passes: [f32; BUCKETS],
    /// Those that may be used.
    range: Range<usize>,
}

impl Buckets {
    /// Empty ones, of which those in `range` are used.
    pub fn new(range: Range<usize>) -> Buckets {
        let weights = std::array::from_fn(|high| std::array::from_fn(|low| weight((high << 4 | low) as u8) / 1000.0));
        Buckets { weights, buckets: [[(0, 0); PRINT]; BUCKETS], passes: [0.0; BUCKETS], range }
    }

    /// Puts a literal (in lower case) where it adds least, and says where that is.
    pub fn put(&mut self, literal: &[u8]) -> usize {
        let with = self.buckets.map(|bucket| joined(bucket, literal));
        let passes = with.map(|bucket| self.passes(&bucket));
        let added = |i: usize| passes[i] - self.passes[i];
        let best = self.range.clone().min_by(|a, b| added(*a).total_cmp(&added(*b))).unwrap_or(self.range.start);
        (self.buckets[best], self.passes[best]) = (with[best], passes[best]);
        best
    }

    /// How often a bucket fits.
    fn passes(&self, bucket: &Nibbles) -> f32 {
        let row = |high: usize, lows: u16| -> f32 {
            (0..16).filter(|l| lows >> l & 1 == 1).map(|l| self.weights[high][l]).sum()
        };
        let place = |(lows, highs): &(u16, u16)| -> f32 {
            (0..16).filter(|h| highs >> h & 1 == 1).map(|h| row(h, *lows)).sum()
        };
        bucket.iter().map(place).product()
    }
}

/// A bucket with one literal more.
fn joined(mut bucket: Nibbles, literal: &[u8]) -> Nibbles {
    for (place, (low, high)) in bucket.iter_mut().enumerate() {
        match literal.get(place) {
            Some(&b) => {
                *low |= 1 << (b & 15);
                *high |= 1 << (b >> 4) | 1 << (b.to_ascii_uppercase() >> 4);
            }
            // Any byte may follow a literal that is too short.
            None => (*low, *high) = (u16::MAX, u16::MAX),
        }
    }
    bucket
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_alike_stands_together() {
        let mut buckets = Buckets::new(0..BUCKETS);
        let places: Vec<usize> = [&b"passport"[..], b"driver", b"geboren", b"n\xc3\xa9e le", b"passeport", b"geboorte"]
            .map(|l| buckets.put(l))
            .into();
        assert_eq!((places[4], places[5]), (places[0], places[2]));
        assert_ne!(places[0], places[2]);
    }
}
