//! What the checks of national ids have in common: digits, weighted sums, dates, and the algorithms that several use.
//!
//! A check gets the letters (capitals) and digits of a value without its separators, of a length that one of the id's forms
//! has. The algorithms are held to numbers that python-stdnum, an independent library, has judged (`vectors.txt`).

use super::{europe, world};

/// Whether the letters and digits of a value pass.
pub(crate) type Check = fn(&[u8]) -> bool;

/// All checks by the names that `check =` takes.
const CHECKS: &[&[(&str, Check)]] = &[&[("none", |_| true), ("luhn", luhn)], europe::CHECKS, world::CHECKS];

/// The check with this name.
pub(crate) fn named(name: &str) -> Option<Check> {
    CHECKS.iter().copied().flatten().find(|(n, _)| *n == name).map(|(_, check)| *check)
}

/// The names that `check =` knows, for messages.
pub(crate) fn names() -> Vec<&'static str> {
    CHECKS.iter().copied().flatten().map(|(n, _)| *n).collect()
}

/// The value of a digit, or of a letter counted on from it: `A` is 10 (as ISO 7064 and ICAO 9303 count).
pub(super) fn value(b: u8) -> u32 {
    match b {
        b'0'..=b'9' => u32::from(b - b'0'),
        _ => u32::from(b.wrapping_sub(b'A')) + 10,
    }
}

/// The number that digits make.
pub(super) fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |n, b| n * 10 + u64::from(value(*b)))
}

/// The digits of `id` times `weights`, added up, as far as both go.
pub(super) fn weighted(id: &[u8], weights: &[u32]) -> u32 {
    id.iter().zip(weights).map(|(b, w)| value(*b) * w).sum()
}

/// Whether it is a day of the (proleptic Gregorian) calendar.
pub(super) fn is_day(year: u64, month: u64, day: u64) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u64::from(leap),
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Whether two digits each of year, month and day are a day in some century: 29 February is one in every fourth year.
pub(super) fn is_short_day(year: u64, month: u64, day: u64) -> bool {
    is_day(2000 + year, month, day)
}

/// Luhn's check digit (ISO/IEC 7812-1 annex B).
pub(super) fn luhn(id: &[u8]) -> bool {
    let doubled = |d: u32| if d > 4 { d * 2 - 9 } else { d * 2 };
    let sum: u32 =
        id.iter().rev().enumerate().map(|(i, b)| if i % 2 == 1 { doubled(value(*b)) } else { value(*b) }).sum();
    sum.is_multiple_of(10)
}

/// ISO 7064 MOD 11,10 over digits.
pub(super) fn mod_11_10(id: &[u8]) -> bool {
    let Some((last, body)) = id.split_last() else { return false };
    let product = body.iter().fold(10, |product, b| {
        let sum = (product + value(*b)) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10 == value(*last)
}

/// ISO 7064 MOD 11-2 over digits, with `X` for ten at the end.
pub(super) fn mod_11_2(id: &[u8]) -> bool {
    let Some((last, body)) = id.split_last() else { return false };
    let rest = body.iter().fold(0, |rest, b| (rest + value(*b)) * 2 % 11);
    let digit = (12 - rest) % 11;
    if digit == 10 { *last == b'X' } else { last.is_ascii_digit() && value(*last) == digit }
}

/// Verhoeff's check digit (J. Verhoeff, Error Detecting Decimal Codes, 1969): catches every wrong digit and every swap of two
/// neighbours.
pub(super) fn verhoeff(id: &[u8]) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn calendar() {
        assert!(is_day(2000, 2, 29) && is_day(2024, 2, 29) && is_day(1999, 12, 31));
        assert!(!is_day(1900, 2, 29) && !is_day(2023, 2, 29) && !is_day(2024, 4, 31) && !is_day(2024, 13, 1));
        assert!(!is_day(2024, 0, 1) && !is_day(2024, 1, 0));
    }

    #[test]
    fn known_values() {
        assert!(luhn(b"79927398713") && !luhn(b"79927398710"));
        assert!(mod_11_10(b"794623") && !mod_11_10(b"794624"));
        assert!(mod_11_2(b"079X") && mod_11_2(b"07940") && !mod_11_2(b"0790"));
        assert!(verhoeff(b"2363") && !verhoeff(b"2364"));
    }

    #[test]
    fn numbers_that_another_library_has_judged() {
        let mut wrong = Vec::new();
        let mut count = 0;
        for line in include_str!("vectors.txt").lines().filter(|l| !l.starts_with('#')) {
            let (name, rest) = line.split_once(' ').unwrap();
            let (pass, fail) = rest.split_once(" | ").unwrap();
            let check = named(name).unwrap();
            let all = pass.split(' ').map(|n| (n, true)).chain(fail.split(' ').map(|n| (n, false)));
            for (number, want) in all {
                count += 1;
                if check(number.as_bytes()) != want {
                    wrong.push(format!("{name} {number}: {want}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(count > 400, "{count}");
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
