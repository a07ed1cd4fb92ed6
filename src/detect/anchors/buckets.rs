//! Which bucket of a fingerprint a literal goes into.
//!
//! A bucket fits wherever each of four bytes has a low and a high nibble that some literal of it has in that place, so literals that
//! share nibbles should share a bucket. Each goes where it adds least to what the bucket lets through, in text as it usually is, and
//! then once more, when it is known what else there is. With some five hundred literals in sixteen buckets that is a third of what
//! passes when they are shared out evenly in alphabetical order among eight.

use super::literals::PRINT;

/// How often bytes stand in text, in tenths of thousandths, from the space to `~`; capitals with the small letters. Taken from chats,
/// transcripts, prose, tables, logs and sources in equal parts. Rough: all that matters is which are common.
const ASCII: [u16; 95] = [
    866, 1, 299, 4, 1, 1, 6, 12, 24, 24, 2, 10, 246, 148, 203, 33, 263, 286, 283, 207, 157, 153, 132, 132, 132, 127,
    262, 17, 19, 31, 39, 5, 17, 9, 15, 11, 10, 22, 15, 11, 14, 21, 2, 2, 14, 19, 14, 20, 20, 4, 17, 17, 26, 8, 4, 5, 2,
    2, 8, 20, 1, 20, 1, 35, 1, 400, 78, 144, 153, 514, 82, 77, 107, 284, 22, 64, 172, 150, 264, 271, 106, 14, 272, 243,
    343, 119, 64, 45, 35, 51, 31, 21, 1, 23, 1,
];

/// How often a byte stands in text, roughly.
fn weight(b: u8) -> f32 {
    let tenths = match b {
        b' '..=b'~' => ASCII[usize::from(b - b' ')],
        b'\n' => 133,
        b'\r' | b'\t' => 10,
        0xD0 | 0xE0 => 90,
        0xC3 | 0xD1 | 0xD8 | 0xD9 | 0xE3 => 40,
        0x80..=0xBF | 0xC4 | 0xC5 | 0xE4..=0xE9 => 12,
        _ => 1,
    };
    f32::from(tenths) / 10_000.0
}

/// The nibbles of a bucket's literals: a bit for each low and each high one, by place.
type Nibbles = [(u16, u16); PRINT];

/// Buckets being filled.
pub(super) struct Buckets {
    /// By high nibble, by the lower and the upper half of the low nibbles, by which of these there are: how often such bytes stand.
    weights: Box<[[[f32; 256]; 2]; 16]>,
    literals: Vec<Nibbles>,
    /// The bucket of each.
    of: Vec<usize>,
    buckets: Vec<Nibbles>,
    /// What each lets through.
    passes: Vec<f32>,
}

impl Buckets {
    /// The bucket, of so many, of each literal (in lower case).
    pub fn share_out(literals: &[&[u8]], buckets: usize) -> Vec<usize> {
        let sum = |high: usize, half: usize, lows: usize| {
            let byte = |low: usize| (high << 4 | half << 3 | low) as u8;
            (0..8).filter(|low| lows >> low & 1 == 1).map(|low| weight(byte(low))).sum::<f32>()
        };
        let row = |high| [0, 1].map(|half| std::array::from_fn(|lows| sum(high, half, lows)));
        let mut all = Buckets {
            weights: Box::new(std::array::from_fn(row)),
            literals: literals.iter().map(|l| nibbles(l)).collect(),
            of: Vec::new(),
            buckets: vec![[(0, 0); PRINT]; buckets],
            passes: vec![0.0; buckets],
        };
        for i in 0..literals.len() {
            let best = all.put(i);
            all.of.push(best);
        }
        for i in 0..literals.len() {
            all.take(i);
            all.of[i] = all.put(i);
        }
        all.of
    }

    /// Puts a literal where it adds least, and says where that is.
    fn put(&mut self, i: usize) -> usize {
        let mut best = (f32::MAX, 0, 0.0);
        for (n, bucket) in self.buckets.iter().enumerate() {
            let passes = self.passes(&joined(bucket, &self.literals[i]));
            if passes - self.passes[n] < best.0 {
                best = (passes - self.passes[n], n, passes);
            }
        }
        let (_, n, passes) = best;
        (self.buckets[n], self.passes[n]) = (joined(&self.buckets[n], &self.literals[i]), passes);
        n
    }

    /// Takes a literal out of its bucket.
    fn take(&mut self, i: usize) {
        let n = std::mem::replace(&mut self.of[i], usize::MAX);
        let left = self.of.iter().zip(&self.literals).filter(|(of, _)| **of == n);
        self.buckets[n] = left.fold([(0, 0); PRINT], |bucket, (_, literal)| joined(&bucket, literal));
        self.passes[n] = self.passes(&self.buckets[n]);
    }

    /// How often a bucket fits.
    fn passes(&self, bucket: &Nibbles) -> f32 {
        let place = |(lows, highs): &(u16, u16)| -> f32 {
            let halves = [usize::from(lows & 0xFF), usize::from(lows >> 8)];
            let (mut sum, mut left) = (0.0, *highs);
            while left != 0 {
                let row = &self.weights[left.trailing_zeros() as usize];
                sum += row[0][halves[0]] + row[1][halves[1]];
                left &= left - 1;
            }
            sum
        };
        bucket.iter().map(place).product()
    }
}

/// The nibbles of a literal.
fn nibbles(literal: &[u8]) -> Nibbles {
    std::array::from_fn(|place| match literal.get(place) {
        Some(&b) => (1 << (b & 15), 1 << (b >> 4) | 1 << (b.to_ascii_uppercase() >> 4)),
        // Any byte may follow a literal that is too short.
        None => (u16::MAX, u16::MAX),
    })
}

/// A bucket with one literal more.
fn joined(bucket: &Nibbles, literal: &Nibbles) -> Nibbles {
    std::array::from_fn(|place| (bucket[place].0 | literal[place].0, bucket[place].1 | literal[place].1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_alike_stands_together() {
        let literals =
            [&b"passport"[..], b"driver", b"geboren", b"n\xc3\xa9e le", b"passeport", b"geboorte", b"at)", b"id"];
        let places = Buckets::share_out(&literals, 8);
        assert_eq!((places[4], places[5]), (places[0], places[2]));
        assert_ne!(places[0], places[2]);
        assert!(places.iter().all(|p| *p < 8));
        assert!(Buckets::share_out(&[], 0).is_empty());
    }
}
