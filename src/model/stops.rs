//! Where a format's texts stop: at few bytes, which the sweep can note while it goes over a unit anyway.

/// A few bytes of ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StopBytes {
    bytes: &'static [u8],
    /// By low nibble: a bit for each high nibble with which it makes one of them.
    low: [u8; 16],
}

impl StopBytes {
    /// By high nibble: its bit.
    pub const HIGH: [u8; 16] = [1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0];

    /// These bytes.
    ///
    /// # Panics
    ///
    /// If one isn't ASCII.
    pub const fn new(bytes: &'static [u8]) -> StopBytes {
        let (mut low, mut i) = ([0; 16], 0);
        while i < bytes.len() {
            assert!(bytes[i].is_ascii());
            low[(bytes[i] & 15) as usize] |= 1 << (bytes[i] >> 4);
            i += 1;
        }
        StopBytes { bytes, low }
    }

    /// These bytes.
    pub fn bytes(&self) -> &'static [u8] {
        self.bytes
    }

    /// The table by low nibbles: a byte is among them if it shares a bit with that by high nibbles ([`StopBytes::HIGH`]).
    pub const fn low(&self) -> &[u8; 16] {
        &self.low
    }

    /// Whether `byte` is one of them.
    #[inline(always)]
    pub const fn holds(&self, byte: u8) -> bool {
        self.low[(byte & 15) as usize] & Self::HIGH[(byte >> 4) as usize] != 0
    }
}

/// The stops of a unit, a bit a byte; or nothing, then they are looked for where they are asked for.
#[derive(Debug)]
pub struct Stops {
    of: &'static StopBytes,
    words: Vec<u64>,
}

impl Stops {
    /// To be filled with where these bytes stand.
    pub const fn new(of: &'static StopBytes) -> Stops {
        Stops { of, words: Vec::new() }
    }

    /// The bytes that it is about.
    pub const fn of(&self) -> &'static StopBytes {
        self.of
    }

    /// Empties it, to be filled with a word for each 64 bytes of a unit, from the lowest bit up.
    pub fn refill(&mut self) -> &mut Vec<u64> {
        self.words.clear();
        &mut self.words
    }

    /// A word for each 64 bytes, if it has been filled.
    #[cfg(test)]
    pub(crate) fn words(&self) -> &[u64] {
        &self.words
    }

    /// The first stop of `unit` from `at` on.
    #[inline(always)]
    pub fn next(&self, unit: &[u8], at: usize) -> Option<usize> {
        let (first, bit) = (at / 64, at % 64);
        let Some(word) = self.words.get(first) else {
            return self.search(unit.get(at..)?).map(|i| at + i);
        };
        // The 64 bytes from `at` on: where in its word a value begins is nothing that a processor foresees.
        let beyond = self.words.get(first + 1).copied().unwrap_or(0);
        let near = word >> bit | beyond << (63 - bit) << 1;
        if near != 0 {
            return Some(at + near.trailing_zeros() as usize);
        }
        let further = self.words[first + 1..].iter().position(|w| *w != 0)? + first + 1;
        Some(further * 64 + self.words[further].trailing_zeros() as usize)
    }

    fn search(&self, text: &[u8]) -> Option<usize> {
        match *self.of.bytes {
            [a, b, c] => memchr::memchr3(a, b, c, text),
            _ => text.iter().position(|b| self.of.holds(*b)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    static SOME: [StopBytes; 2] = [StopBytes::new(b"\"\\\n"), StopBytes::new(b"\n\r<>{:")];

    #[test]
    fn no_other_bytes_are_among_them() {
        for of in &SOME {
            assert!((0..=255).all(|b| of.holds(b) == of.bytes.contains(&b)), "{of:?}");
        }
    }

    proptest! {
        #[test]
        fn the_next_is_the_same_with_and_without_words(text in r#"([a-z"\\\n<\r:é]|[a-z]{60,140}){0,9}"#) {
            let text = text.as_bytes();
            for of in &SOME {
                let mut stops = Stops::new(of);
                let word = |c: &[u8]| c.iter().enumerate().fold(0, |w, (i, b)| w | u64::from(of.holds(*b)) << i);
                stops.refill().extend(text.chunks(64).map(word));
                for at in 0..=text.len() {
                    let want = text[at..].iter().position(|b| of.bytes.contains(b)).map(|i| at + i);
                    prop_assert_eq!(Stops::new(of).next(text, at), want);
                    prop_assert_eq!(stops.next(text, at), want);
                }
            }
        }
    }
}
