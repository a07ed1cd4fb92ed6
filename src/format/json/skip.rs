//! Finds the end of a JSON value quickly, by quotes and brackets alone: what cuts a document into its records. What lies
//! between is not judged: the reader of the record does that.

use super::decode::closing_quote;
use super::walk::word_end;

/// How far a value has been looked through. Made by default at its start.
#[derive(Debug, Default)]
pub(crate) struct Skip {
    /// Bytes looked at, from the value's start.
    at: usize,
    depth: u64,
    string: bool,
    /// The byte to come is escaped.
    escaped: bool,
}

impl Skip {
    /// The length of the value with which `bytes` begin, `None` if it doesn't end in them. To be called again with the same
    /// bytes and more: none is looked at twice. `whole`: nothing follows.
    pub fn value(&mut self, bytes: &[u8], whole: bool) -> Option<usize> {
        match bytes.first()? {
            b'{' | b'[' => self.nested(bytes),
            b'"' => match closing_quote(bytes, self.at.max(1)) {
                Ok(quote) => Some(quote + 1),
                Err(at) => {
                    self.at = at;
                    None
                }
            },
            _ => Some(word_end(bytes, 0)).filter(|end| whole || *end < bytes.len()),
        }
    }

    fn nested(&mut self, bytes: &[u8]) -> Option<usize> {
        while let Some(block) = bytes[self.at..].first_chunk() {
            if let Some(end) = self.block(block) {
                return Some(self.at + end);
            }
            self.at += block.len();
        }
        for &byte in &bytes[self.at..] {
            self.at += 1;
            if self.byte(byte) {
                return Some(self.at);
            }
        }
        None
    }

    /// Whether the value ends with this byte.
    fn byte(&mut self, byte: u8) -> bool {
        if std::mem::take(&mut self.escaped) {
            return false;
        }
        match byte {
            b'\\' => self.escaped = true,
            b'"' => self.string = !self.string,
            b'{' | b'[' if !self.string => self.depth += 1,
            b'}' | b']' if !self.string => {
                self.depth -= 1;
                return self.depth == 0;
            }
            _ => {}
        }
        false
    }

    /// Behind which byte of the block the value ends.
    fn block(&mut self, block: &[u8; 64]) -> Option<usize> {
        let escaped = self.escapes(mask(block, |b| b == b'\\'));
        let quotes = mask(block, |b| b == b'"') & !escaped;
        let inside = parity(quotes) ^ if self.string { u64::MAX } else { 0 };
        self.string = inside >> 63 != 0;
        // `[` and `{`, `]` and `}` differ in one bit.
        let opens = mask(block, |b| b | 0x20 == b'{') & !inside & !escaped;
        let closes = mask(block, |b| b | 0x20 == b'}') & !inside & !escaped;
        if u64::from(closes.count_ones()) < self.depth {
            self.depth = self.depth + u64::from(opens.count_ones()) - u64::from(closes.count_ones());
            return None;
        }
        let mut brackets = opens | closes;
        while brackets != 0 {
            let at = brackets.trailing_zeros();
            if opens >> at & 1 != 0 {
                self.depth += 1;
            } else {
                self.depth -= 1;
                if self.depth == 0 {
                    return Some(at as usize + 1);
                }
            }
            brackets &= brackets - 1;
        }
        None
    }

    /// Which bytes of a block are escaped, from where its backslashes are.
    fn escapes(&mut self, backslashes: u64) -> u64 {
        let mut escaped = u64::from(std::mem::take(&mut self.escaped));
        let mut rest = backslashes & !escaped;
        while rest != 0 {
            let at = rest.trailing_zeros();
            if at == 63 {
                self.escaped = true;
                break;
            }
            escaped |= 2 << at;
            rest &= !(3 << at);
        }
        escaped
    }
}

/// A bit for each byte that is `wanted`. Written so that the compiler compares many at once.
fn mask(block: &[u8; 64], wanted: impl Fn(u8) -> bool) -> u64 {
    let flags = block.map(|b| u8::from(wanted(b)));
    let (eights, _) = flags.as_chunks::<8>();
    // The product gathers eight flags in its highest byte.
    let gather = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    eights.iter().rev().fold(0, |mask, eight| mask << 8 | gather(eight))
}

/// Each bit: whether an odd number of bits are set up to it.
fn parity(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn byte_by_byte(bytes: &[u8]) -> Option<usize> {
        let mut skip = Skip::default();
        bytes.iter().position(|b| skip.byte(*b)).map(|i| i + 1)
    }

    #[test]
    fn values_of_all_kinds_end() {
        for (text, end) in [
            (r#"{"a":[1,{"b":"]}\"}"}]} x"#, Some(23)),
            (r#""a\"b" x"#, Some(6)),
            ("12,", Some(2)),
            ("12", None),
            ("}", Some(0)),
            ("[[]", None),
        ] {
            assert_eq!(Skip::default().value(text.as_bytes(), false), end, "{text}");
        }
        assert_eq!(Skip::default().value(b"12", true), Some(2));
    }

    proptest! {
        #[test]
        fn blocks_find_what_bytes_find(body in r#"[{}\[\]"\\a]{0,300}"#, cuts in prop::collection::vec(1usize..90, 1..20)) {
            let text = format!("[{body}");
            let want = byte_by_byte(text.as_bytes());
            prop_assert_eq!(Skip::default().value(text.as_bytes(), false), want);
            // The same, shown bit by bit.
            let (mut skip, mut shown, mut got) = (Skip::default(), 0, None);
            for cut in cuts.iter().cycle() {
                shown = text.len().min(shown + cut);
                got = skip.value(&text.as_bytes()[..shown], false);
                if got.is_some() || shown == text.len() {
                    break;
                }
            }
            prop_assert_eq!(got, want);
        }
    }
}
