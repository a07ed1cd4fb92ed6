//! CRYPTO: addresses and keys of cryptocurrencies, by their own checksums, in a long stretch of letters and digits.

use super::anchors::{Anchor, Kinds};
use super::context::Context;
use super::{Detector, Match, View, chars};
use crate::model::Span;
use crate::patterns::Rule;
use sha2::{Digest, Sha256};
use sha3::Keccak256;

/// The longest form: an extended key.
const LONGEST: usize = 112;

#[derive(Debug)]
pub(crate) struct Crypto {
    score: f32,
    context: Context,
}

impl Crypto {
    pub fn new(rule: &Rule) -> Crypto {
        Crypto { score: rule.score, context: Context::new(rule) }
    }
}

impl Detector for Crypto {
    fn kinds(&self) -> Kinds {
        Kinds::LONG
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        let Anchor::Long { start, end } = *anchor else { return anchor.start() + 1 };
        let word = &view.text[start..end];
        if word.len() > LONGEST || chars::word_before(view.text, start) || chars::word_after(view.text, end) {
            return end;
        }
        let own = if word.starts_with(b"0x") {
            ethereum(&word[2..])
        } else if bech32(word) || base58_check(word) {
            self.score
        } else {
            0.0
        };
        if own > 0.0 {
            let span = Span::new(start, end);
            out.push(Match { span, score: self.context.score(view, span, own) });
        }
        end
    }
}

/// How sure it is that the hexadecimal `digits` are an address (EIP-55: the case of the letters is its checksum).
fn ethereum(digits: &[u8]) -> f32 {
    if digits.len() != 40 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return 0.0;
    }
    let kinds = (0..16u8).filter(|v| digits.iter().any(|b| (*b as char).to_digit(16) == Some(u32::from(*v)))).count();
    let lower = digits.to_ascii_lowercase();
    let mixed = digits.iter().any(u8::is_ascii_uppercase) && digits.iter().any(u8::is_ascii_lowercase);
    match mixed {
        // Zeros, ones, a counter: a constant.
        _ if kinds < 7 => 0.0,
        false => 0.8,
        true => {
            let hash = Keccak256::digest(&lower);
            let right = digits.iter().enumerate().all(|(i, b)| {
                let nibble = hash[i / 2] >> (4 * (1 - i % 2)) & 15;
                b.is_ascii_digit() || b.is_ascii_uppercase() == (nibble >= 8)
            });
            if right { 0.98 } else { 0.4 }
        }
    }
}

/// Bitcoin and its kin (Base58Check): version, payload and the first four bytes of its double SHA-256.
fn base58_check(word: &[u8]) -> bool {
    const ALPHABET: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    if !matches!(word.len(), 26..=35 | 51..=52 | 111..=112) {
        return false;
    }
    let mut bytes = [0u8; 96];
    let mut len = 0;
    for c in word {
        let Some(digit) = ALPHABET.iter().position(|a| a == c) else { return false };
        let mut carry = digit as u32;
        for b in bytes[..len].iter_mut() {
            carry += u32::from(*b) * 58;
            *b = carry as u8;
            carry >>= 8;
        }
        while carry > 0 {
            let Some(slot) = bytes.get_mut(len) else { return false };
            *slot = carry as u8;
            len += 1;
            carry >>= 8;
        }
    }
    let zeros = word.iter().take_while(|c| **c == b'1').count();
    let len = len + zeros;
    if !matches!(len, 25 | 37 | 38 | 82) {
        return false;
    }
    let bytes = &mut bytes[..len];
    bytes.reverse();
    let (payload, sum) = bytes.split_at(len - 4);
    // Versions: Bitcoin, its test net, Litecoin, Dogecoin, Dash, Tron; private keys; extended keys.
    let known = match len {
        25 => matches!(payload[0], 0 | 5 | 0x6F | 0xC4 | 0x30 | 0x32 | 0x1E | 0x16 | 0x4C | 0x10 | 0x41),
        37 | 38 => matches!(payload[0], 0x80 | 0xEF | 0xB0 | 0x9E),
        _ => payload[0] == 4,
    };
    known && payload[1..].iter().any(|b| *b != 0) && Sha256::digest(Sha256::digest(payload))[..4] == *sum
}

/// Bech32 and Bech32m (BIP 173, BIP 350) with a prefix in use.
fn bech32(word: &[u8]) -> bool {
    const ALPHABET: &[u8] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const PREFIXES: &[&[u8]] =
        &[b"bc", b"tb", b"bcrt", b"ltc", b"addr", b"stake", b"cosmos", b"osmo", b"bnb", b"lnurl", b"npub", b"nsec"];
    if word.iter().any(u8::is_ascii_uppercase) && word.iter().any(u8::is_ascii_lowercase) {
        return false;
    }
    let word = word.to_ascii_lowercase();
    let Some(one) = word.iter().rposition(|b| *b == b'1') else { return false };
    let (prefix, data) = (&word[..one], &word[one + 1..]);
    if !PREFIXES.contains(&prefix) || data.len() < 20 {
        return false;
    }
    let spread = prefix.iter().map(|b| b >> 5).chain([0]).chain(prefix.iter().map(|b| b & 31));
    let mut sum = 1u32;
    let mut step = |v: u8| {
        let top = sum >> 25;
        sum = (sum & 0x01FF_FFFF) << 5 ^ u32::from(v);
        for (i, g) in [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3].into_iter().enumerate() {
            if top >> i & 1 == 1 {
                sum ^= g;
            }
        }
    };
    spread.for_each(&mut step);
    for c in data {
        let Some(v) = ALPHABET.iter().position(|a| a == c) else { return false };
        step(v as u8);
    }
    matches!(sum, 1 | 0x2BC8_30A3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_own_vectors() {
        // EIP-55, BIP 173, BIP 350; the genesis block; BIP 32.
        for a in ["5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "fB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"] {
            assert_eq!(ethereum(a.as_bytes()), 0.98, "{a}");
            assert_eq!(ethereum(a.to_lowercase().as_bytes()), 0.8);
        }
        assert_eq!(ethereum(b"5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed"), 0.4);
        assert_eq!(ethereum(&[b'0'; 40]), 0.0);
        for a in [
            "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
            "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
        ] {
            assert!(bech32(a.as_bytes()), "{a}");
        }
        for a in [
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
            "bc1Qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
            "1qqqqqqqqqqqqqqqqqqqqqqqq",
        ] {
            assert!(!bech32(a.as_bytes()), "{a}");
        }
        assert!(base58_check(b"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"));
        assert!(!base58_check(b"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"));
        assert!(!base58_check(&[b'1'; 34]));
        assert!(!base58_check(&[b'z'; 112]));
        assert!(base58_check(
            b"xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8"
        ));
    }
}
