//! Which numbers of the world's plans are given out and how they are grouped, as one automaton over digits, made from the metadata
//! that [`super::plan`] asks (`patterns/phones/make.py`): a table of 160 KB that needs no patterns to be compiled, and 15 steps
//! instead of as many patterns. A test compares the two.

use std::sync::LazyLock;

/// See `patterns/phones/make.py` for its layout.
static TABLE: &[u8] = include_bytes!("../../../patterns/phones/plans.bin");

/// Bytes of the table's head.
const HEAD: usize = 6;
/// Bytes of a country's row.
const ROW: usize = 12;
/// Bytes of a grouping's.
const GROUPS: usize = 8;
/// Bytes of a state: ten numbers of states.
const STATE: usize = 20;

/// What a country's numbers begin with, and how they go on.
#[derive(Debug, Clone, Copy)]
pub struct Country {
    start: u16,
    /// What is dialled before a national number is more than a fixed prefix: only [`super::plan`] can take it off.
    pub odd_prefix: bool,
    /// That fixed prefix.
    pub prefix: &'static [u8],
}

fn number(at: usize) -> u16 {
    u16::from_le_bytes([TABLE[at], TABLE[at + 1]])
}

/// By country code.
static COUNTRIES: LazyLock<Vec<Option<Country>>> = LazyLock::new(|| {
    let mut countries = vec![None; 1000];
    for i in 0..usize::from(number(0)) {
        let row = HEAD + i * ROW;
        let prefix = &TABLE[row + 6..row + 6 + usize::from(TABLE[row + 5])];
        let country = Country { start: number(row + 2), odd_prefix: TABLE[row + 4] & 1 != 0, prefix };
        countries[usize::from(number(row))] = Some(country);
    }
    countries
});

/// The country with this code.
pub fn country(code: u16) -> Option<Country> {
    COUNTRIES.get(usize::from(code)).copied().flatten()
}

/// The country code with which `digits` begin: how many digits it has, and the country. No code is the beginning of another.
pub fn split(digits: &[u8]) -> Option<(usize, Country)> {
    let mut code = 0;
    digits.iter().take(3).enumerate().find_map(|(i, d)| {
        code = code * 10 + u16::from(d - b'0');
        country(code).map(|c| (i + 1, c))
    })
}

impl Country {
    /// Whether `national` (without what is dialled before it) is given out.
    pub fn holds(self, national: &[u8]) -> bool {
        self.end(national) != 0
    }

    /// How many digits the groups have in which `national`, if it is given out, is written within the country, with what is dialled
    /// before it.
    pub fn groups(self, national: &[u8]) -> Option<&'static [u8]> {
        let grouping = usize::from(self.end(national)).checked_sub(1)?;
        let row = HEAD + usize::from(number(0)) * ROW + grouping * GROUPS;
        Some(&TABLE[row + 1..=row + usize::from(TABLE[row])])
    }

    /// What the table says of the state in which `national` ends; 0: no number does.
    fn end(self, national: &[u8]) -> u8 {
        let ends = HEAD + usize::from(number(0)) * ROW + usize::from(number(4)) * GROUPS;
        let states = ends + usize::from(number(2));
        let mut state = usize::from(self.start);
        for d in national {
            state = usize::from(number(states + state * STATE + usize::from(d - b'0') * 2));
            if state == 0 {
                return 0;
            }
        }
        TABLE[ends + state]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberType};

    #[test]
    fn every_country_code_is_known() {
        let codes: Vec<i32> = PHONE_NUMBER_UTIL.get_supported_calling_codes().collect();
        for code in 1..1000 {
            assert_eq!(country(code).is_some(), codes.contains(&i32::from(code)), "+{code}");
        }
    }

    #[test]
    fn codes_part_digits() {
        assert_eq!(split(b"4930901820").map(|c| c.0), Some(2));
        assert_eq!(split(b"14155550142").map(|c| c.0), Some(1));
        assert_eq!(split(b"3531").map(|c| c.0), Some(3));
        assert!(split(b"999").is_none() && split(b"").is_none() && split(b"99").is_none());
    }

    /// Numbers near those that are given out: examples of each kind with some digits changed, added or left out.
    #[test]
    fn the_automaton_says_what_the_metadata_says() {
        use PhoneNumberType::{FixedLine, Mobile, PremiumRate, SharedCost, TollFree, UAN, VoIP};
        let util = &*PHONE_NUMBER_UTIL;
        let mut random = crate::detect::phone::random(1);
        let (mut valid, mut asked) = (0, 0);
        for code in util.get_supported_calling_codes() {
            let country = country(code as u16).expect("every code has a row");
            let mut seeds: Vec<Vec<u8>> = vec![b"212345678".to_vec(), b"7123456789".to_vec()];
            for region in util.get_regions_for_country_calling_code(code).into_iter().flatten() {
                for kind in [FixedLine, Mobile, TollFree, PremiumRate, SharedCost, VoIP, UAN] {
                    if let Ok(n) = util.get_example_number_for_type_and_region(region, kind) {
                        seeds.push(rlibphonenumber::get_national_significant_number_owned(&n).into_bytes());
                    }
                }
            }
            for round in 0..240 {
                let mut national = seeds[random(seeds.len())].clone();
                for _ in 0..random(4) {
                    let at = random(national.len());
                    national[at] = b'0' + random(10) as u8;
                }
                match round % 9 {
                    0 => national.push(b'0' + random(10) as u8),
                    1 if national.len() > 3 => drop(national.pop()),
                    _ => {}
                }
                // As a number, it holds leading zeros apart; those are asked by other tests.
                if national[0] == b'0' {
                    continue;
                }
                let value = national.iter().fold(0, |n, d| n * 10 + u64::from(d - b'0'));
                let asked_of = PhoneNumber { country_code: code, national_number: value, ..PhoneNumber::default() };
                let want = util.is_valid_number(&asked_of);
                assert_eq!(country.holds(&national), want, "+{code} {}", String::from_utf8_lossy(&national));
                valid += usize::from(want);
                asked += 1;
            }
        }
        assert!(valid * 3 > asked && valid < asked, "{valid} of {asked} are valid: the test says little");
    }
}
