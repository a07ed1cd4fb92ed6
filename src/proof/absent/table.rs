//! Keys of 64 bits, each with a line: a bit map that fits a core's cache says no to nearly everything, buckets say the rest.
//! Two values with one key are as good as impossible: of a million values and ten billion looks, one in two thousand runs has a
//! false find, and none a missed one.

/// Bits of the map for each key. Three of them, in one word, stand for a key: one in thirty of what is not there passes.
const BITS: usize = 8;

/// Keys are gathered in so many parts, by their first bits: what is done with one part stays in a core's cache, and a part's memory is free
/// before the next one is put into the table.
const PARTS: usize = 128;
/// Bits that tell a key's part.
const PART: u32 = PARTS.ilog2();
/// The fewest bits that tell a key's bucket: so many need not be kept.
const LEAST: u32 = 16;

/// The word of the map and its bits that stand for `key`; `shift`: so many bits do not tell the word.
#[inline(always)]
fn bits(key: u64, shift: u32) -> (usize, u64) {
    let bits = 1 << (key & 63) | 1 << (key >> 6 & 63) | 1 << (key >> 12 & 63);
    ((key >> shift) as usize, bits)
}

/// A key, in halves, and its line: 12 bytes.
type Entry = ([u32; 2], u32);

fn key(entry: &Entry) -> u64 {
    u64::from(entry.0[0]) << 32 | u64::from(entry.0[1])
}

/// Keys on their way into a table.
#[derive(Debug)]
pub(super) struct Building(Vec<Vec<Entry>>);

impl Default for Building {
    fn default() -> Building {
        Building(vec![Vec::new(); PARTS])
    }
}

impl Building {
    #[inline]
    pub fn add(&mut self, key: u64, line: u32) {
        self.0[(key >> (64 - PART)) as usize].push(([(key >> 32) as u32, key as u32], line));
    }

    /// Puts the keys into buckets by their first bits, each in the order in which they came: to sort them all takes three times as long.
    pub fn finish(self) -> Table {
        let count: usize = self.0.iter().map(Vec::len).sum();
        let words = (count * BITS / 64).next_power_of_two().max(PARTS);
        // Some four to eight keys to a bucket.
        let of_bucket = LEAST.max(count.max(1).ilog2().saturating_sub(2));
        let mut table = Table {
            map: vec![0; words],
            map_shift: 64 - words.ilog2(),
            low: vec![0; count],
            high: vec![0; count],
            lines: vec![0; count],
            starts: vec![0; (1 << of_bucket) + 1],
            shift: 64 - of_bucket,
        };
        let (mut before, mut free) = (0, vec![0; 1 << (of_bucket - PART)]);
        for (i, part) in self.0.into_iter().enumerate() {
            table.put(i << (of_bucket - PART), &part, before, &mut free);
            before += part.len() as u32;
        }
        if let Some(end) = table.starts.last_mut() {
            *end = before;
        }
        table
    }
}

/// The keys.
#[derive(Debug)]
pub(super) struct Table {
    map: Vec<u64>,
    map_shift: u32,
    /// What of the keys does not tell their bucket: the lowest bits, those above, and the lines.
    low: Vec<u32>,
    high: Vec<u16>,
    lines: Vec<u32>,
    /// By a key's first bits: where such keys begin; and where the last ones end.
    starts: Vec<u32>,
    shift: u32,
}

impl Table {
    /// Puts in a part, whose buckets begin with number `first`; so many keys stand `before` it. `free` is as long as it has buckets.
    fn put(&mut self, first: usize, part: &[Entry], before: u32, free: &mut [u32]) {
        free.fill(0);
        for entry in part {
            let (word, bits) = bits(key(entry), self.map_shift);
            self.map[word] |= bits;
            free[(key(entry) >> self.shift) as usize - first] += 1;
        }
        let mut next = before;
        for (start, free) in self.starts[first..].iter_mut().zip(free.iter_mut()) {
            *start = next;
            next += std::mem::replace(free, next);
        }
        for entry in part {
            let key = key(entry);
            let free = &mut free[(key >> self.shift) as usize - first];
            let at = *free as usize;
            *free += 1;
            (self.low[at], self.high[at], self.lines[at]) = (key as u32, self.high(key), entry.1);
        }
    }

    /// The bits of a key between those that tell its bucket and the lowest 32: no more than 16.
    fn high(&self, key: u64) -> u16 {
        (key >> 32 & ((1 << (self.shift - 32)) - 1)) as u16
    }

    /// The line of `key`.
    #[inline]
    pub fn get(&self, key: u64) -> Option<u32> {
        let (word, bits) = bits(key, self.map_shift);
        if self.map[word] & bits != bits {
            return None;
        }
        self.line(key)
    }

    #[cold]
    fn line(&self, key: u64) -> Option<u32> {
        let bucket = (key >> self.shift) as usize;
        let (from, to) = (self.starts[bucket] as usize, self.starts[bucket + 1] as usize);
        let is_key = |at: &usize| self.low[*at] == key as u32 && self.high[*at] == self.high(key);
        (from..to).find(is_key).map(|at| self.lines[at])
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
        for n in [0u64, 1, 2, 3, 100, 10_000, 400_000] {
            let mut building = Building::default();
            for i in (0..n).chain(0..n) {
                building.add(mix(i), i as u32 + 1);
            }
            let table = building.finish();
            assert_eq!(table.low.len() as u64, 2 * n);
            assert!((0..n).all(|i| table.get(mix(i)) == Some(i as u32 + 1)));
            assert!((n..n + 1000).all(|i| table.get(mix(i)).is_none()));
            // Keys that differ in one bit are others, whichever it is.
            let near = |i: u64| (0..64).all(|bit| table.line(mix(i) ^ 1 << bit).is_none());
            assert!((0..n.min(1000)).all(near));
        }
    }
}
