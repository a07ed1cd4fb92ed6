//! What the checks of national ids have in common: digits, weighted sums, dates, and the algorithms that several use.
//!
//! A check gets the letters (capitals) and digits of a value without its separators, of a length that one of the id's forms
//! has. The algorithms are held to numbers that python-stdnum, an independent library, has judged (`vectors.txt`).

use super::{europe, world};
pub(super) use crate::detect::checks::{Check, luhn, mod_11_2, mod_11_10, value, verhoeff};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calendar() {
        assert!(is_day(2000, 2, 29) && is_day(2024, 2, 29) && is_day(1999, 12, 31));
        assert!(!is_day(1900, 2, 29) && !is_day(2023, 2, 29) && !is_day(2024, 4, 31) && !is_day(2024, 13, 1));
        assert!(!is_day(2024, 0, 1) && !is_day(2024, 1, 0));
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
}
