//! What is dialled at home before a national number where that is more than a fixed prefix: a carrier's code, or digits that the
//! number itself does not have. Only so far as it takes to see that no reading is given out; what may be is left to the
//! metadata.

/// Digits that may be taken off.
struct Trunk {
    code: u16,
    /// They begin so,
    begins: &'static [u8],
    /// and there are so many of them, or so many.
    taken: &'static [usize],
}

const fn trunk(code: u16, begins: &'static [u8], taken: &'static [usize]) -> Trunk {
    Trunk { code, begins, taken }
}

/// The `nationalPrefixForParsing` of libphonenumber's metadata, without what its patterns ask of the digits behind those
/// that a row begins with: each country for which it is no fixed prefix. A test holds that against the metadata.
#[rustfmt::skip]
const TRUNKS: [Trunk; 29] = [
    trunk(1, b"1", &[1]),
    trunk(44, b"0", &[1]), trunk(44, b"180020", &[6]),
    trunk(54, b"0", &[1]),
    trunk(55, b"0", &[1, 3]), trunk(55, b"90", &[2, 4]),
    trunk(57, b"0", &[1, 2, 4]),
    trunk(61, b"0", &[1]), trunk(61, b"183", &[4]),
    trunk(81, b"0", &[1]), trunk(81, b"003768", &[6, 7]),
    trunk(82, b"0", &[1]), trunk(82, b"08", &[3, 5]),
    trunk(86, b"0", &[1]), trunk(86, b"11", &[5]), trunk(86, b"12", &[5]), trunk(86, b"179", &[5]),
    trunk(241, b"0", &[1]),
    trunk(261, b"0", &[1]),
    trunk(298, b"10", &[4]),
    trunk(352, b"15", &[5]),
    trunk(370, b"0", &[1]), trunk(370, b"8", &[1]),
    trunk(375, b"0", &[1]), trunk(375, b"8", &[1, 2]),
    trunk(423, b"0", &[1]), trunk(423, b"1001", &[4]),
    trunk(506, b"19", &[4]),
    trunk(591, b"0", &[1, 3]),
];

/// Digits that are put before numbers of one length (`nationalPrefixTransformRule`): those of the place from which is dialled.
const LOCAL: [(u16, usize, &[u8]); 3] = [(261, 7, b"20"), (378, 6, b"0549"), (672, 5, b"3")];

/// More digits than any number has, with all that is dialled before it.
const MOST: usize = 24;

/// Whether one of the numbers that `digits` could be, as dialled in the country with this code, is one that `holds` knows. The
/// country's own code may stand before; what is dialled at home is taken off before that is and after.
pub fn may_hold(code: u16, digits: &[u8], holds: &impl Fn(&[u8]) -> bool) -> bool {
    let with_code = || digits.strip_prefix(code.to_string().as_bytes());
    digits.len() > MOST
        || holds_one(code, digits, 1, holds)
        || with_code().is_some_and(|n| holds_one(code, n, 2, holds))
}

/// As [`may_hold`], where what is dialled at home is taken off so many `times` at most.
fn holds_one(code: u16, digits: &[u8], times: usize, holds: &impl Fn(&[u8]) -> bool) -> bool {
    if holds(digits) {
        return true;
    }
    let changed = |digits: &[u8]| times > 0 && holds_one(code, digits, times - 1, holds);
    let behind = |n: &usize| digits.get(*n..).is_some_and(changed);
    TRUNKS.iter().filter(|t| t.code == code && digits.starts_with(t.begins)).any(|t| t.taken.iter().any(behind))
        || LOCAL.iter().any(|(c, len, put)| (*c, *len) == (code, digits.len()) && changed(&[put, digits].concat()))
        || code == 54 && argentine_mobiles(digits).any(|n| changed(&n))
}

/// Argentine mobile numbers are dialled with 15 behind the area code (two to four digits), and are given out with 9 before it.
fn argentine_mobiles(digits: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    let zeros = 0..=usize::from(digits.first() == Some(&b'0'));
    zeros.flat_map(|zero| (2..=4).map(move |area| (zero, zero + area))).filter_map(|(zero, at)| {
        let rest = digits.get(at..)?.strip_prefix(b"15")?;
        Some([b"9", &digits[zero..at], rest].concat())
    })
}

/// What is left of `digits` when a zero is taken off that nothing else dialled at home begins with; `None`: there is no such zero.
pub fn behind_zero(code: u16, digits: &[u8]) -> Option<&[u8]> {
    // Argentina's stands before mobile numbers, too, and in Gabon only some numbers have one.
    let fixed =
        ![54, 241].contains(&code) && TRUNKS.iter().any(|t| t.code == code && t.begins == b"0" && t.taken == [1]);
    digits.strip_prefix(b"0").filter(|_| fixed)
}

/// Whether nothing that is dialled at home is taken off `digits`, and nothing put before them.
pub fn takes_nothing(code: u16, digits: &[u8]) -> bool {
    code != 54
        && !TRUNKS.iter().any(|t| t.code == code && digits.starts_with(t.begins))
        && !LOCAL.iter().any(|(c, len, _)| (*c, *len) == (code, digits.len()))
}

/// Whether `digits`, dialled in the country with this code, may be for another: `false` is sure.
pub fn may_go_abroad(code: u16, digits: &[u8]) -> bool {
    // ITU-T operational bulletin, list of dialling procedures; from Australia and China also by a carrier's code, which a 0011 or 00
    // ends.
    const ABROAD: [(u16, &[u8]); 9] = [
        (81, b"010"),
        (7, b"810"),
        (375, b"810"),
        (992, b"810"),
        (993, b"810"),
        (998, b"810"),
        (53, b"119"),
        (61, b"14"),
        (86, b"1"),
    ];
    let carrier = |begins: &[u8]| match code {
        61 => digits.get(begins.len() + 2..).is_some_and(|n| n.starts_with(b"0011")),
        86 => digits.get(begins.len() + 4..).is_some_and(|n| n.starts_with(b"00")),
        _ => true,
    };
    let by = |begins: &[u8]| digits.starts_with(begins) && carrier(begins);
    let by_011 = digits.starts_with(b"011") && is_abroad_011(code);
    digits.starts_with(b"00") || by_011 || ABROAD.iter().any(|(c, begins)| *c == code && by(begins))
}

/// Whether what begins with 011 leads from there to another country: in North America and few others, where in most it is a number's.
pub fn is_abroad_011(code: u16) -> bool {
    matches!(code, 1 | 65 | 238 | 248 | 677 | 680 | 685 | 692)
}

#[cfg(test)]
mod tests {
    use super::super::countries::COUNTRIES;
    use super::super::ranges;
    use super::*;
    use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberType};

    /// What is dialled before numbers in the countries of [`TRUNKS`] and [`LOCAL`], and what may be put among their digits.
    const PIECES: [&str; 40] = [
        "", "0", "00", "1", "8", "80", "90", "15", "012", "0015", "9014", "021", "05", "0444", "0456", "07", "1831",
        "180020", "003768", "0037680", "0002", "085", "08512", "17900", "11812", "1001", "1088", "15065", "1900",
        "1999", "010", "810", "0011", "14110011", "1790000", "1121200", "011", "5411", "5401115", "9",
    ];

    #[test]
    fn each_country_without_a_fixed_prefix_is_known() {
        for code in PHONE_NUMBER_UTIL.get_supported_calling_codes() {
            let code = code as u16;
            let known = TRUNKS.iter().any(|t| t.code == code) || LOCAL.iter().any(|l| l.0 == code) || code == 54;
            assert_eq!(ranges::country(code).is_some_and(|c| c.odd_prefix), known, "+{code}");
        }
    }

    #[test]
    fn where_011_leads_abroad_is_known() {
        let mut other = Vec::new();
        for c in COUNTRIES.iter() {
            // Numbers of several countries, of which none is the country's own.
            let abroad = ["011442079460018", "01133123456789", "011493012345678"].iter().any(|text| {
                let read = PHONE_NUMBER_UTIL.parse(text, Some(c.region));
                read.is_ok_and(|n| n.country_code != i32::from(c.code))
            });
            if abroad != is_abroad_011(c.code) {
                other.push(c.code);
            }
        }
        assert_eq!(other, [0; 0]);
    }

    /// Whatever is dialled before an example of a kind of number, or put into it: what the metadata takes for one that is given out is
    /// not held back.
    #[test]
    fn nothing_that_is_given_out_is_held_back() {
        use PhoneNumberType::{FixedLine, Mobile, PersonalNumber, PremiumRate, SharedCost, TollFree, UAN, VoIP};
        let util = &*PHONE_NUMBER_UTIL;
        let mut random = crate::detect::phone::random(7);
        let (mut valid, mut held) = (0, 0);
        for code in util.get_supported_calling_codes().map(|c| c as u16) {
            let Some(country) = ranges::country(code).filter(|c| c.odd_prefix) else { continue };
            let Some(region) = util.get_region_for_country_code(i32::from(code)) else { continue };
            let kinds = [FixedLine, Mobile, PersonalNumber, PremiumRate, SharedCost, TollFree, UAN, VoIP];
            let examples: Vec<String> = kinds
                .iter()
                .filter_map(|k| util.get_example_number_for_type_and_region(region, *k).ok())
                .map(|n| rlibphonenumber::get_national_significant_number_owned(&n))
                .collect();
            for _ in 0..600 {
                let mut digits = examples[random(examples.len())].clone();
                for _ in 0..random(6) / 3 * 2 {
                    let at = random(digits.len());
                    digits.replace_range(at..=at, &random(10).to_string());
                }
                if random(5) == 0 {
                    digits.insert_str(random(digits.len()), PIECES[random(PIECES.len())]);
                }
                if random(9) == 0 {
                    digits.replace_range(..random(digits.len()), "");
                }
                let own = if random(4) == 0 { code.to_string() } else { String::new() };
                let mut piece = || if random(2) == 0 { PIECES[random(PIECES.len())] } else { "" };
                let text = [piece(), &own, piece(), &digits].concat();
                let known =
                    may_go_abroad(code, text.as_bytes()) || may_hold(code, text.as_bytes(), &|n| country.holds(n));
                let read = util.parse(&text, Some(region));
                if read.is_ok_and(|n| util.is_valid_number(&n)) {
                    assert!(known, "{text} in {code}");
                    valid += 1;
                } else {
                    held += usize::from(!known);
                }
            }
        }
        assert!(valid > 2000 && held > 2000, "{valid} {held}");
    }
}
