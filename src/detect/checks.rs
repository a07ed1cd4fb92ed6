//! Check digits that many kinds of numbers share. A check gets the letters (capitals) and digits of a value, without what separates them.

/// Whether the letters and digits of a value pass.
pub(crate) type Check = fn(&[u8]) -> bool;

/// The checks that `check =` of a `[[rule]]` takes: of values of any length.
const CHECKS: &[(&str, Check)] = &[
    ("luhn", |id| digits(id) && luhn(id)),
    ("verhoeff", |id| digits(id) && verhoeff(id)),
    ("gs1", |id| digits(id) && gs1(id)),
    ("mod-11-10", |id| digits(id) && mod_11_10(id)),
    ("mod-11-2", |id| digits(&id[..id.len().saturating_sub(1)]) && mod_11_2(id)),
    ("mod-97-10", mod_97_10),
];

/// The check with this name.
pub(crate) fn named(name: &str) -> Option<Check> {
    CHECKS.iter().find(|(n, _)| *n == name).map(|(_, check)| *check)
}

/// The names that `check =` knows, for messages.
pub(crate) fn names() -> Vec<&'static str> {
    CHECKS.iter().map(|(n, _)| *n).collect()
}

fn digits(id: &[u8]) -> bool {
    !id.is_empty() && id.iter().all(u8::is_ascii_digit)
}

/// The value of a digit, or of a letter counted on from it: `A` is 10 (as ISO 7064 and ICAO 9303 count).
pub(crate) fn value(b: u8) -> u32 {
    match b {
        b'0'..=b'9' => u32::from(b - b'0'),
        _ => u32::from(b.wrapping_sub(b'A')) + 10,
    }
}

/// Luhn's check digit (ISO/IEC 7812-1 annex B).
pub(crate) fn luhn(id: &[u8]) -> bool {
    let doubled = |d: u32| if d > 4 { d * 2 - 9 } else { d * 2 };
    let sum: u32 =
        id.iter().rev().enumerate().map(|(i, b)| if i % 2 == 1 { doubled(value(*b)) } else { value(*b) }).sum();
    sum.is_multiple_of(10)
}

/// ISO 7064 MOD 11,10 over digits.
pub(crate) fn mod_11_10(id: &[u8]) -> bool {
    let Some((last, body)) = id.split_last() else { return false };
    let product = body.iter().fold(10, |product, b| {
        let sum = (product + value(*b)) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10 == value(*last)
}

/// ISO 7064 MOD 11-2 over digits, with `X` for ten at the end.
pub(crate) fn mod_11_2(id: &[u8]) -> bool {
    let Some((last, body)) = id.split_last() else { return false };
    let rest = body.iter().fold(0, |rest, b| (rest + value(*b)) * 2 % 11);
    let digit = (12 - rest) % 11;
    if digit == 10 { *last == b'X' } else { last.is_ascii_digit() && value(*last) == digit }
}

/// Verhoeff's check digit (J. Verhoeff, Error Detecting Decimal Codes, 1969): catches every wrong digit and every swap of two
/// neighbours.
pub(crate) fn verhoeff(id: &[u8]) -> bool {
    const PERMUTE: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    // The group of the pentagon's turns (0 to 4) and flips (5 to 9).
    let product = |a: u8, b: u8| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a - 5 + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    };
    let digits = id.iter().rev().enumerate();
    let rest = digits.fold(0, |rest, (i, b)| {
        let digit = (0..i % 8).fold(b - b'0', |d, _| PERMUTE[usize::from(d)]);
        product(rest, digit)
    });
    rest == 0
}

/// ISO 7064 MOD 97-10, letters counted as two digits from `A` for 10: the two check digits stand last.
pub(crate) fn mod_97_10(id: &[u8]) -> bool {
    let rest = id.iter().fold(0, |rest, b| (if b.is_ascii_digit() { rest * 10 } else { rest * 100 } + value(*b)) % 97);
    id.len() > 2 && rest == 1
}

/// The check digit of GTIN, EAN, GLN and SSCC (GS1 General Specifications, 7.9): weights 3 and 1 in turn from the right.
pub(crate) fn gs1(id: &[u8]) -> bool {
    let sum: u32 = id.iter().rev().enumerate().map(|(i, b)| value(*b) * if i % 2 == 1 { 3 } else { 1 }).sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_values() {
        assert!(luhn(b"79927398713") && !luhn(b"79927398710"));
        assert!(mod_11_10(b"794623") && !mod_11_10(b"794624"));
        assert!(mod_11_2(b"079X") && mod_11_2(b"07940") && !mod_11_2(b"0790"));
        assert!(verhoeff(b"2363") && !verhoeff(b"2364"));
    }

    #[test]
    fn checks_take_any_letters_and_digits() {
        // ISO 7064's own example, and GS1's.
        assert!(mod_97_10(b"79444") && !mod_97_10(b"79445") && gs1(b"6291041500213") && !gs1(b"6291041500214"));
        for (name, check) in CHECKS {
            for id in [&b""[..], b"0", b"A", b"X", b"ABC123", b"79X", b"Z9Z9Z9Z9Z9Z9Z9Z9Z9Z9Z9Z9Z9Z9"] {
                check(id);
            }
            assert!(!check(b""), "{name}");
        }
    }

    /// The digit that makes `body` pass, if one does.
    fn closed(body: &str, check: Check) -> Option<String> {
        ('0'..='9').map(|d| format!("{body}{d}")).find(|id| check(id.as_bytes()))
    }

    proptest! {
        #[test]
        fn a_wrong_digit_is_caught(body in "[0-9]{4,17}", at in 0usize..18, by in 1u8..10) {
            for check in [luhn as Check, mod_11_10, verhoeff, mod_11_2] {
                let Some(id) = closed(&body, check) else { continue };
                let mut wrong = id.clone().into_bytes();
                let at = at % wrong.len();
                wrong[at] = (wrong[at] - b'0' + by) % 10 + b'0';
                prop_assert!(!check(&wrong), "{id}");
            }
        }

        #[test]
        fn verhoeff_catches_swapped_neighbours(body in "[0-9]{4,17}", at in 0usize..17) {
            let id = closed(&body, verhoeff).unwrap();
            let mut wrong = id.clone().into_bytes();
            let at = at % (wrong.len() - 1);
            wrong.swap(at, at + 1);
            prop_assert_eq!(verhoeff(&wrong), wrong == id.as_bytes());
        }
    }
}
