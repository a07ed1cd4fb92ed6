//! The countries whose national numbers are looked for, in the order in which they are asked: the most populous first, since most
//! numbers in a text are of some large country. A table, since to have it from the metadata takes patterns to be compiled, as much
//! work as a megabyte of chat.

use rlibphonenumber::Region;
use std::sync::LazyLock;

/// How many digits the numbers have that a [`Country`] tells of.
pub const LENGTHS: std::ops::RangeInclusive<usize> = 4..=13;

/// A country code's leading region and what is needed to pass over it without asking.
#[derive(Debug, PartialEq)]
pub struct Country {
    pub region: Region,
    pub code: u16,
    /// Bit n: national numbers of n digits exist.
    lengths: u32,
    /// What is dialled before a national number, as numbers are usually written.
    pub trunk: &'static [u8],
    /// `00` and nothing else leads from there to any other country: what follows means the same in all of these.
    pub by_00: bool,
}

impl Country {
    /// Whether numbers of so many digits exist, as dialled at home, behind a prefix of so many.
    pub fn has(&self, digits: usize, prefix: usize) -> bool {
        let lengths = self.lengths;
        (lengths | lengths << prefix) >> digits & 1 != 0
    }

    /// A row of the table: region, country code, lengths with a comma between, trunk prefix, `00` if that leads abroad.
    fn read(row: &'static str) -> Option<Country> {
        let mut cells = row.split('\t');
        let region = Region::from_code(cells.next()?).ok()?;
        let code = cells.next()?.parse().ok()?;
        let lengths = cells.next()?.split(',').filter_map(|n| n.parse::<u32>().ok()).fold(0, |all, n| all | 1 << n);
        let trunk = cells.next()?.as_bytes();
        Some(Country { region, code, lengths, trunk, by_00: cells.next()? == "00" })
    }
}

/// One region for each country code.
pub static COUNTRIES: LazyLock<Vec<Country>> = LazyLock::new(|| {
    include_str!("../../../patterns/phones/countries.tsv").lines().filter_map(Country::read).collect()
});

#[cfg(test)]
mod tests {
    use super::*;
    use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat};

    const FIRST: [&str; 40] = [
        "US", "DE", "FR", "GB", "IT", "ES", "CN", "IN", "JP", "BR", "NL", "BE", "CH", "AT", "AU", "RU", "UA", "PL",
        "TR", "KR", "ID", "PK", "BD", "NG", "VN", "PH", "EG", "IR", "TH", "ZA", "AR", "MX", "MA", "SE", "FI", "IE",
        "NZ", "RO", "HU", "IL",
    ];

    /// Numbers of all countries, with their codes.
    fn numbers() -> &'static [String] {
        static ONCE: LazyLock<Vec<String>> = LazyLock::new(|| {
            let util = &*PHONE_NUMBER_UTIL;
            let examples = util.get_supported_regions().filter_map(|r| util.get_example_number(r).ok());
            examples.map(|n| util.format(&n, PhoneNumberFormat::E164)[1..].to_owned()).collect()
        });
        &ONCE
    }

    /// Whether `00` before `number` is the same as `+` there.
    fn leads_abroad(region: Region, number: &str) -> bool {
        let read = PHONE_NUMBER_UTIL.parse(format!("00{number}"), Some(region));
        read.is_ok_and(|n| PHONE_NUMBER_UTIL.format(&n, PhoneNumberFormat::E164)[1..] == *number)
    }

    fn row(region: Region, code: i32) -> String {
        let util = &*PHONE_NUMBER_UTIL;
        let possible = |n: &usize| {
            let national_number = "2222222222222"[..*n].parse().unwrap();
            util.is_possible_number(&PhoneNumber { country_code: code, national_number, ..PhoneNumber::default() })
        };
        let lengths: Vec<String> = LENGTHS.filter(possible).map(|n| n.to_string()).collect();
        let trunk = util.get_example_number(region).map_or(String::new(), |n| {
            let written = util.format(&n, PhoneNumberFormat::National);
            let digits: String = written.chars().filter(char::is_ascii_digit).collect();
            let national = rlibphonenumber::get_national_significant_number_owned(&n);
            digits.strip_suffix(&*national).unwrap_or_default().to_owned()
        });
        let by_00 = if numbers().iter().all(|n| leads_abroad(region, n)) { "00" } else { "" };
        format!("{region}\t{code}\t{}\t{trunk}\t{by_00}\n", lengths.join(","))
    }

    /// If it fails since the crate was updated: what it prints is to be `patterns/phones/countries.tsv`.
    #[test]
    fn the_table_says_what_the_metadata_says() {
        let util = &*PHONE_NUMBER_UTIL;
        let mut regions: Vec<Region> = util.get_supported_regions().collect();
        regions.sort_by_cached_key(|r| {
            let name = r.to_string();
            (FIRST.iter().position(|f| *f == name).unwrap_or(FIRST.len()), name)
        });
        let mut seen = std::collections::HashSet::new();
        let table: String = regions
            .into_iter()
            .filter_map(|r| {
                let code = util.get_country_code_for_region(r)?;
                let main = util.get_region_for_country_code(code);
                seen.insert(code).then(|| row(main.unwrap_or(r), code))
            })
            .collect();
        assert!(table == include_str!("../../../patterns/phones/countries.tsv"), "{table}");
        assert_eq!(COUNTRIES.len(), table.lines().count());
    }
}
