//! The rules' literals, looked for many at a time: a three-byte fingerprint by nibbles says where one could begin (as
//! Teddy does, from Intel's Hyperscan), and the literals of its bucket are compared there. ASCII letters in any case.

use super::Anchor;

/// Bytes of a fingerprint.
pub(super) const PRINT: usize = 3;

/// Compiled literals.
#[derive(Debug, Default)]
pub(super) struct Literals {
    /// By place in the fingerprint and low nibble: the buckets that have such a byte there.
    pub low: [[u8; 16]; PRINT],
    /// The same by high nibble.
    pub high: [[u8; 16]; PRINT],
    /// Lower-case literals and the armed rules that asked for them.
    buckets: [Vec<(Vec<u8>, u32)>; 8],
}

impl Literals {
    /// Compiles literals with the rules that asked for them.
    pub fn new(list: impl IntoIterator<Item = (String, u32)>) -> Literals {
        let mut sorted: Vec<(Vec<u8>, u32)> = list
            .into_iter()
            .map(|(l, rule)| (l.to_ascii_lowercase().into_bytes(), rule))
            .filter(|(l, _)| !l.is_empty())
            .collect();
        // Literals that begin alike share a bucket: their fingerprints add little to one another.
        sorted.sort();
        let mut out = Literals::default();
        let total = sorted.len();
        for (i, (literal, rule)) in sorted.into_iter().enumerate() {
            let bucket = i * 8 / total;
            for place in 0..PRINT {
                match literal.get(place) {
                    Some(&b) => {
                        out.print(place, b, bucket);
                        out.print(place, b.to_ascii_uppercase(), bucket);
                    }
                    None => (0..16).for_each(|n| {
                        out.low[place][n] |= 1 << bucket;
                        out.high[place][n] |= 1 << bucket;
                    }),
                }
            }
            out.buckets[bucket].push((literal, rule));
        }
        out
    }

    fn print(&mut self, place: usize, byte: u8, bucket: usize) {
        self.low[place][usize::from(byte & 15)] |= 1 << bucket;
        self.high[place][usize::from(byte >> 4)] |= 1 << bucket;
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.buckets.iter().all(Vec::is_empty)
    }

    /// The buckets that may begin at `at`.
    pub fn buckets_at(&self, text: &[u8], at: usize) -> u8 {
        (0..PRINT).fold(0xFF, |acc, place| {
            let b = text.get(at + place).copied().unwrap_or(0);
            acc & self.low[place][usize::from(b & 15)] & self.high[place][usize::from(b >> 4)]
        })
    }

    /// Adds an anchor for each literal of `buckets` that stands at `at`.
    #[cold]
    pub fn verify(&self, text: &[u8], at: usize, mut buckets: u8, out: &mut Vec<Anchor>) {
        let rest = &text[at..];
        while buckets != 0 {
            let i = buckets.trailing_zeros() as usize;
            buckets &= buckets - 1;
            for (literal, rule) in &self.buckets[i] {
                if rest.len() >= literal.len() && rest[..literal.len()].eq_ignore_ascii_case(literal) {
                    out.push(Anchor::Literal { rule: *rule, start: at });
                }
            }
        }
    }
}
