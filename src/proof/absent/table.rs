//! Keys of 64 bits, each with a line: a bit map that fits a core's cache says no to nearly everything, buckets say the rest.
//! Two values with one key are as good as impossible: of a million values and ten billion looks, one in two thousand runs has a
//! false find, and none a missed one.

/// Bits of the map for each key. Three of them, in one word, stand for a key: one in thirty of what is not there passes.
const BITS: usize = 8;

/// The word of the map, of `words`, and its bits that stand for `key`.
#[inline(always)]
fn bits(key: u64, words: usize) -> (usize, u64) {
    let bits = 1 << (key & 63) | 1 << (key >> 6 & 63) | 1 << (key >> 12 & 63);
    ((key >> 18) as usize & (words - 1), bits)
}

/// Keys on their way into a table.
#[derive(Debug, Default)]
pub(super) struct Building(Vec<(u64, u32)>);

impl Building {
    pub fn add(&mut self, key: u64, line: u32) {
        self.0.push((key, line));
    }

    /// Puts the keys into buckets by their first bits, each in the order in which they came: to sort them all takes three times as long.
    pub fn finish(self) -> Table {
        let words = (self.0.len() * BITS / 64).next_power_of_two();
        let shift = 64 - (self.0.len().max(2)).ilog2();
        let mut map = vec![0; words];
        let mut starts = vec![0u32; (1usize << (64 - shift)) + 1];
        for (key, _) in &self.0 {
            let (word, bits) = bits(*key, words);
            map[word] |= bits;
            starts[(key >> shift) as usize + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let (mut free, mut keys) = (starts.clone(), vec![(0, 0); self.0.len()]);
        for entry in self.0 {
            let at = &mut free[(entry.0 >> shift) as usize];
            keys[*at as usize] = entry;
            *at += 1;
        }
        Table { map, keys, starts, shift }
    }
}

/// The keys.
#[derive(Debug)]
pub(super) struct Table {
    map: Vec<u64>,
    keys: Vec<(u64, u32)>,
    /// By a key's first bits: where such keys begin; and where the last ones end.
    starts: Vec<u32>,
    shift: u32,
}

impl Table {
    /// The line of `key`.
    #[inline]
    pub fn get(&self, key: u64) -> Option<u32> {
        let (word, bits) = bits(key, self.map.len());
        if self.map[word] & bits != bits {
            return None;
        }
        self.line(key)
    }

    #[cold]
    fn line(&self, key: u64) -> Option<u32> {
        let bucket = (key >> self.shift) as usize;
        let (from, to) = (self.starts[bucket] as usize, self.starts[bucket + 1] as usize);
        self.keys[from..to].iter().find(|(k, _)| *k == key).map(|(_, line)| *line)
    }
}

/// Spreads a hash over all 64 bits (the end of Steele, Lea and Flood's SplitMix64).
pub(super) fn mix(n: u64) -> u64 {
    let mut z = n.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ z >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_is_found_with_its_first_line() {
        for n in [0u64, 1, 2, 3, 100, 10_000] {
            let mut building = Building::default();
            for i in (0..n).chain(0..n) {
                building.add(mix(i), i as u32 + 1);
            }
            let table = building.finish();
            assert_eq!(table.keys.len() as u64, 2 * n);
            assert!((0..n).all(|i| table.get(mix(i)) == Some(i as u32 + 1)));
            assert!((n..n + 1000).all(|i| table.get(mix(i)).is_none()));
        }
    }
}
