//! `hash`: `<ENTITY:…>` with a keyed HMAC-SHA-256 of the normalised value, so that one value joins across files and runs.

use super::{Applied, Operator, Row, Value};
use crate::normalise::{Key, hex};

/// Hexadecimal digits without an argument: 64 bits, where two of a million values collide once in 30 million runs.
pub const DIGITS: usize = 16;

/// From so many digits on a hash has a letter: as `detect::own` recognises it.
const ALONE: usize = 12;

pub(super) const ROW: Row = Row {
    name: "hash",
    about: "<EMAIL_ADDRESS:0f3a…>: keyed HMAC-SHA-256 of the normalised value, 16 hexadecimal digits or as many as the argument says (8 to 64)",
    make: |arg, key| {
        let digits = match arg.map(str::parse) {
            None => DIGITS,
            Some(Ok(n)) if (8..=64).contains(&n) => n,
            Some(_) => return Err("the argument is the number of hexadecimal digits, 8 to 64".into()),
        };
        let key = key.ok_or("needs a key: give --key-file or --key-env")?.clone();
        Ok(Box::new(Hash { digits, key }))
    },
};

#[derive(Debug)]
struct Hash {
    digits: usize,
    key: Key,
}

impl Operator for Hash {
    fn apply(&self, value: &Value<'_>, out: &mut Vec<u8>) -> Applied {
        let digest = self.key.digest(value.entity, &(value.canonical)());
        let hex = hex(&digest);
        let hex = with_letter(&hex[..self.digits]);
        out.extend_from_slice(format!("<{}:{hex}>", value.entity).as_bytes());
        Applied::Written
    }
}

/// Digits alone could be a card's number, so that one in 1800 hashes of 16 digits has a letter for its last: `0` to `9` become `a` to `f` and
/// `a` to `d`.
fn with_letter(hex: &str) -> String {
    let mut hex = hex.to_owned();
    if hex.len() >= ALONE && hex.bytes().all(|b| b.is_ascii_digit()) {
        let last = hex.pop().unwrap_or('0') as u8 - b'0';
        hex.push((b'a' + last % 6) as char);
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_hash_is_never_digits_alone() {
        for (hex, want) in [
            ("0123456789012345", "012345678901234f"),
            ("0123456789012340", "012345678901234a"),
            ("0123456789a12345", "0123456789a12345"),
            ("01234567", "01234567"),
        ] {
            assert_eq!(with_letter(hex), want);
        }
    }
}
