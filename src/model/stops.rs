//! Where the strings of JSON stop.

/// The quotes, backslashes and line ends of a unit, a bit a byte; or nothing, then they are looked for where they are asked for.
#[derive(Debug, Default)]
pub struct Stops {
    words: Vec<u64>,
}

impl Stops {
    /// Empties it, to be filled with a word for each 64 bytes of a unit, from the lowest bit up.
    pub fn refill(&mut self) -> &mut Vec<u64> {
        self.words.clear();
        &mut self.words
    }

    /// The first quote, backslash or line end of `unit` from `at` on.
    #[inline(always)]
    pub fn next(&self, unit: &[u8], at: usize) -> Option<usize> {
        let Some(word) = self.words.get(at / 64) else {
            return memchr::memchr3(b'"', b'\\', b'\n', unit.get(at..)?).map(|i| at + i);
        };
        let rest = word >> (at % 64);
        if rest != 0 {
            return Some(at + rest.trailing_zeros() as usize);
        }
        let further = self.words[at / 64 + 1..].iter().position(|w| *w != 0)? + at / 64 + 1;
        Some(further * 64 + self.words[further].trailing_zeros() as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_next_is_the_same_with_and_without_words(text in r#"([a-z"\\\n]|[a-z]{60,140}){0,9}"#) {
            let text = text.as_bytes();
            let mut stops = Stops::default();
            let stop = |b: &u8| matches!(b, b'"' | b'\\' | b'\n');
            let word = |c: &[u8]| c.iter().enumerate().fold(0, |w, (i, b)| w | u64::from(stop(b)) << i);
            stops.refill().extend(text.chunks(64).map(word));
            for at in 0..=text.len() {
                let want = text[at..].iter().position(stop).map(|i| at + i);
                prop_assert_eq!(Stops::default().next(text, at), want);
                prop_assert_eq!(stops.next(text, at), want);
            }
        }
    }
}
