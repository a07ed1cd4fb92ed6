//! One value's canonical form and keyed fingerprint: what tokens, hashes and distinct counts go by.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::net::IpAddr;

/// A secret key: 32 bytes and more from a file or the environment, or random for one run. Never printed.
#[derive(Clone)]
pub struct Key(Vec<u8>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// A key from its bytes, of any length (RFC 2104 hashes those over 64 bytes).
    pub fn new(bytes: impl Into<Vec<u8>>) -> Key {
        Key(bytes.into())
    }

    /// HMAC-SHA-256 (RFC 2104, FIPS 180-4) of the entity's name, a zero byte and the canonical value.
    pub fn digest(&self, entity: &str, canonical: &[u8]) -> [u8; 32] {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).unwrap_or_else(|_| unreachable!("HMAC takes any key length"));
        mac.update(entity.as_bytes());
        mac.update(&[0]);
        mac.update(canonical);
        mac.finalize().into_bytes().into()
    }

    /// The first 16 bytes of [`Key::digest`]: what tells values apart within a run.
    pub fn fingerprint(&self, entity: &str, canonical: &[u8]) -> Fingerprint {
        let mut f = [0; 16];
        f.copy_from_slice(&self.digest(entity, canonical)[..16]);
        Fingerprint(f)
    }
}

/// A keyed fingerprint of a normalised value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 16]);

/// Bytes as hexadecimal digits, in lower case.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// One spelling for all spellings of a value. `folded` is the value with digits, separators and `@` in ASCII.
///
/// Case and spacing never tell two values apart; separators don't in numbers; an IP address has the form of RFC 5952.
///
/// ```
/// use sluicegate::normalise::canonical;
/// assert_eq!(canonical("EMAIL_ADDRESS", "Ana.Reis@Example.com".as_bytes()), b"ana.reis@example.com");
/// assert_eq!(canonical("PHONE_NUMBER", b"0044 20 7946-0018"), canonical("PHONE_NUMBER", b"+44 (0)20 7946 0018"));
/// ```
pub fn canonical(entity: &str, folded: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(folded);
    match entity {
        "PHONE_NUMBER" => phone(&text),
        "IP_ADDRESS" => ip(&text),
        "CREDIT_CARD" | "IBAN_CODE" | "MAC_ADDRESS" | "US_SSN" | "BANK_ACCOUNT" => {
            text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>().into_bytes()
        }
        // A password, key or address of a wallet is another one in another case.
        "PASSWORD" | "API_KEY" | "JWT" | "CRYPTO" | "PAYMENT_TOKEN" | "COOKIE" => text.trim().as_bytes().to_vec(),
        _ => text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase().into_bytes(),
    }
}

fn phone(text: &str) -> Vec<u8> {
    let main = text.to_lowercase();
    let main = main.split(|c: char| c.is_alphabetic() || c == '#' || c == ';').next().unwrap_or("");
    let international = main.trim_start().starts_with('+');
    let main = if international { main.replace("(0)", "") } else { main.to_owned() };
    let mut digits: String = main.chars().filter(char::is_ascii_digit).collect();
    if international {
        digits.insert(0, '+');
    } else if let Some(rest) = digits.strip_prefix("00") {
        digits = format!("+{rest}");
    }
    digits.into_bytes()
}

fn ip(text: &str) -> Vec<u8> {
    let plain = text.replace("[.]", ".").replace("(.)", ".").replace("[:]", ":");
    let (addr, zone) = match plain.split_once('%') {
        Some((a, z)) => (a, format!("%{z}")),
        None => (plain.as_str(), String::new()),
    };
    match addr.parse::<IpAddr>() {
        Ok(a) => format!("{a}{zone}").into_bytes(),
        Err(_) => plain.to_lowercase().into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_value() {
        let same = [
            ("EMAIL_ADDRESS", "ANA@example.com", "ana@example.com"),
            ("PHONE_NUMBER", "+1 (415) 555-0142", "+14155550142"),
            ("IP_ADDRESS", "2001:DB8:0:0::1", "2001:db8::1"),
            ("IP_ADDRESS", "192[.]0[.]2[.]1", "192.0.2.1"),
            ("CREDIT_CARD", "4242-4242 4242.4242", "4242424242424242"),
            ("PERSON", "Ana  Reis", "ana reis"),
        ];
        for (e, a, b) in same {
            assert_eq!(canonical(e, a.as_bytes()), canonical(e, b.as_bytes()), "{e}");
        }
        assert_ne!(canonical("PASSWORD", b"aB"), canonical("PASSWORD", b"ab"));
    }

    #[test]
    fn fingerprints_depend_on_key_and_entity() {
        let (k, l) = (Key::new(*b"one"), Key::new(*b"two"));
        assert_eq!(k.fingerprint("A", b"x"), k.fingerprint("A", b"x"));
        assert_ne!(k.fingerprint("A", b"x"), k.fingerprint("B", b"x"));
        assert_ne!(k.fingerprint("A", b"x"), l.fingerprint("A", b"x"));
        assert_eq!(format!("{k:?}"), "Key(…)");
    }
}
