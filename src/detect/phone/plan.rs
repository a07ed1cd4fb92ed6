//! What the world's numbering plans say of some digits. The one place that asks the metadata: a microsecond or more a
//! question, so it is asked only for what has passed every cheaper test.

use super::countries::{COUNTRIES, Country, LENGTHS};
use super::shape::Shape;
use super::{ranges, trunks};
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};

/// China, Japan and Korea, whose mobile numbers are looked for where no word announces them.
pub const EASTERN: [u16; 3] = [86, 81, 82];

/// How well digits fit a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// Not at all.
    No,
    /// A number that could be, of the right length.
    Possible,
    /// In a range that is given out, or kept for examples and fiction.
    Valid,
    /// Valid, and its area code stands apart as it should.
    Area,
    /// Valid, and grouped as is usual there.
    Grouped,
}

/// `digits` with country code, without `+`; `code`: how many digits the country code must have, if that is known.
pub fn international(digits: &[u8], code: Option<usize>) -> Fit {
    if !(7..=16).contains(&digits.len()) || digits[0] == b'0' {
        return Fit::No;
    }
    as_written(digits, code).unwrap_or_else(|| as_read(digits, code))
}

/// [`international`], by the metadata's patterns.
fn as_read(digits: &[u8], code: Option<usize>) -> Fit {
    let mut buffer = [b'+'; 20];
    buffer[1..=digits.len()].copy_from_slice(digits);
    let Ok(text) = std::str::from_utf8(&buffer[..=digits.len()]) else { return Fit::No };
    let Ok(number) = PHONE_NUMBER_UTIL.parse(text, None) else { return Fit::No };
    if code.is_some_and(|c| decimal(number.country_code) != c) {
        return Fit::No;
    }
    if PHONE_NUMBER_UTIL.is_valid_number(&number) || reserved(digits) {
        Fit::Valid
    } else if PHONE_NUMBER_UTIL.is_possible_number(&number) {
        Fit::Possible
    } else {
        Fit::No
    }
}

/// [`international`], where the tables tell: most numbers are a country code and a number that is given out, or one of which nothing, or
/// a fixed prefix, can be taken off that is dialled at home; and to read the others as a person might have written them takes
/// microseconds.
fn as_written(digits: &[u8], code: Option<usize>) -> Option<Fit> {
    let Some((len, country)) = ranges::split(digits) else { return Some(Fit::No) };
    if code.is_some_and(|c| c != len) {
        return None;
    }
    let national = &digits[len..];
    if country.holds(national) {
        return Some(Fit::Valid);
    }
    let code = digits[..len].iter().fold(0, |n, d| n * 10 + u16::from(d - b'0'));
    let without = national.strip_prefix(country.prefix).filter(|_| !country.odd_prefix);
    if reserved(digits) || !stands(code, country, national) && without.is_none_or(|n| country.holds(n)) {
        return None;
    }
    let row = COUNTRIES.iter().find(|c| c.code == code)?;
    let possible = |n: &[u8]| LENGTHS.contains(&n.len()).then(|| row.has(n.len(), 0));
    let fit = possible(national)?;
    // Whether the prefix is taken off says the metadata.
    (without.is_none_or(|n| possible(n) == Some(fit))).then_some(if fit { Fit::Possible } else { Fit::No })
}

/// Whether `national` begins with nothing that is dialled at home alone.
fn stands(code: u16, country: ranges::Country, national: &[u8]) -> bool {
    match country.odd_prefix {
        true => trunks::takes_nothing(code, national),
        false => country.prefix.is_empty() || !national.starts_with(country.prefix),
    }
}

/// How many digits `n` has.
fn decimal(n: i32) -> usize {
    n.checked_ilog10().map_or(1, |d| d as usize + 1)
}

/// Numbers kept for examples and fiction, with country code: in no plan, but data like any other.
fn reserved(digits: &[u8]) -> bool {
    // North America: 555-0100 to 555-0199 of every area. Britain: Ofcom's numbers for drama.
    const BRITISH: [&[u8]; 18] = [
        b"441632960",
        b"441134960",
        b"441144960",
        b"441154960",
        b"441164960",
        b"441174960",
        b"441184960",
        b"441214960",
        b"441314960",
        b"441414960",
        b"441514960",
        b"441614960",
        b"441914980",
        b"442079460",
        b"442896496",
        b"442920180",
        b"443069990",
        b"447700900",
    ];
    match digits {
        [b'1', rest @ ..] if rest.len() == 10 => rest[3..].starts_with(b"55501"),
        [b'4', b'4', ..] if digits.len() == 12 => BRITISH.iter().any(|r| digits.starts_with(r)),
        _ => false,
    }
}

/// The best fit of digits written as dialled within some country: one with a code in `codes`, or any if there are none. `enough`:
/// how well they fit beyond that is not asked.
pub fn national(shape: &Shape<'_>, codes: &[u16], enough: Fit) -> Fit {
    let mut buffer = [0; super::shape::DIGITS + 2];
    let digits = shape.all(&mut buffer);
    let Ok(text) = std::str::from_utf8(digits) else { return Fit::No };
    let mut best = Fit::No;
    let zero = digits.first() == Some(&b'0');
    let (abroad, mut asked) = (digits.starts_with(b"00"), false);
    for c in COUNTRIES.iter() {
        // Cheap questions first. Where any country would do, only numbers that are given out count.
        if codes.is_empty() {
            if !may_be_valid(digits, c) {
                continue;
            }
        } else if !codes.contains(&c.code) {
            continue;
        }
        // A leading zero that is no trunk prefix there (Italy and few others keep theirs).
        let kept = zero && c.trunk.first() != Some(&b'0') && c.code != 39;
        if codes.is_empty() && kept || !c.has(digits.len(), c.trunk.len()) {
            continue;
        }
        // Where 00 leads abroad it is the same number whoever dials it.
        if abroad && c.by_00 && std::mem::replace(&mut asked, true) {
            continue;
        }
        best = best.max(fit(text, shape, c, enough));
        if best >= enough {
            break;
        }
    }
    best
}

/// Whether `digits` as dialled within a country may be a number that is given out there: `false` is sure.
fn may_be_valid(digits: &[u8], c: &Country) -> bool {
    let Some(country) = ranges::country(c.code) else { return true };
    if !country.odd_prefix && !c.has(digits.len(), country.prefix.len()) && !c.has(digits.len(), 1) {
        return false;
    }
    let without = |prefix: &[u8]| digits.strip_prefix(prefix).filter(|_| !prefix.is_empty());
    let reserved_as = |trunk: &[u8]| {
        let mut full = [0; 20];
        let n = full_digits(&mut full, c.code, digits, trunk);
        reserved(&full[..n])
    };
    let holds = |n: &[u8]| country.holds(n);
    // From there abroad: the country's own numbers say nothing.
    trunks::may_go_abroad(c.code, digits)
        // What is dialled is the prefix in the metadata, or nothing.
        || reserved_as(country.prefix)
        || reserved_as(b"")
        || match country.odd_prefix {
            true => trunks::may_hold(c.code, digits, &holds),
            false => country.holds(digits)
                // The country's code without a `+`: `7 (912) 345-67-89`.
                || without(c.code.to_string().as_bytes()).is_some_and(|n| country.holds(n.strip_prefix(country.prefix).unwrap_or(n)) || country.holds(n))
                || without(country.prefix).is_some_and(|n| country.holds(n)),
        }
}

/// The groups in which the number that `digits` are is usually written, where what is dialled before is a fixed prefix or nothing and what
/// follows is given out: what the metadata would say, without its patterns.
fn plain_groups(digits: &[u8], c: &Country) -> Option<&'static [u8]> {
    let country = ranges::country(c.code)?;
    let behind = match country.odd_prefix {
        true => trunks::behind_zero(c.code, digits),
        false => digits.strip_prefix(country.prefix),
    };
    let national = behind.or_else(|| stands(c.code, country, digits).then_some(digits))?;
    let abroad = digits.starts_with(b"00") || digits.starts_with(b"011") && trunks::is_abroad_011(c.code);
    // Where nothing is dialled before, a number may begin with a zero.
    let zero = national.first() == Some(&b'0') && (country.odd_prefix || !country.prefix.is_empty());
    if abroad || zero { None } else { country.groups(national) }
}

/// How well `digits` fit that are not given out, as they stand, and of which nothing is taken off: that is told by how many they are.
fn not_given_out(digits: &[u8], c: &Country) -> Option<Fit> {
    // Elsewhere what leads abroad may begin with any digit.
    let country = ranges::country(c.code).filter(|_| EASTERN.contains(&c.code))?;
    let mut full = [0; 20];
    let n = full_digits(&mut full, c.code, digits, c.trunk);
    let plain = stands(c.code, country, digits)
        && !digits.starts_with(c.code.to_string().as_bytes())
        && !trunks::may_go_abroad(c.code, digits)
        && !reserved(&full[..n])
        && !country.holds(digits);
    let told = plain && LENGTHS.contains(&digits.len());
    told.then(|| if c.has(digits.len(), 0) { Fit::Possible } else { Fit::No })
}

fn fit(text: &str, shape: &Shape<'_>, c: &Country, enough: Fit) -> Fit {
    if let Some(groups) = plain_groups(text.as_bytes(), c) {
        let groups = groups.iter().map(|n| usize::from(*n));
        return if enough <= Fit::Valid { Fit::Valid } else { grouped(text, shape, c, groups) };
    }
    if let Some(fit) = not_given_out(text.as_bytes(), c) {
        return fit;
    }
    let Ok(number) = PHONE_NUMBER_UTIL.parse(text, Some(c.region)) else { return Fit::No };
    if !PHONE_NUMBER_UTIL.is_valid_number(&number) {
        let mut full = [0; 20];
        let n = full_digits(&mut full, c.code, text.as_bytes(), c.trunk);
        if !reserved(&full[..n]) {
            return if PHONE_NUMBER_UTIL.is_possible_number(&number) { Fit::Possible } else { Fit::No };
        }
    }
    if enough <= Fit::Valid {
        return Fit::Valid;
    }
    let usual = PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::National);
    grouped(text, shape, c, digits_in_groups(&usual))
}

/// How many digits the groups of `written` have.
fn digits_in_groups(written: &str) -> impl Iterator<Item = usize> + '_ {
    written.as_bytes().split(|b| !b.is_ascii_digit()).filter(|g| !g.is_empty()).map(<[u8]>::len)
}

/// How well a valid number is grouped, if it is usually written in `groups`.
fn grouped(text: &str, shape: &Shape<'_>, c: &Country, mut groups: impl Iterator<Item = usize>) -> Fit {
    let first = groups.next().unwrap_or(0);
    let mut written = shape.dialled();
    match written.next().unwrap_or(0) {
        // German mobile numbers have codes of four or five digits behind 0151 to 0159 (Bundesnetzagentur, numbering plan for mobile
        // services), and are written with four.
        4 if c.code == 49 && text.starts_with("015") => Fit::Area,
        n if n != first => Fit::Valid,
        _ if groups.eq(written) => Fit::Grouped,
        _ => Fit::Area,
    }
}

/// Country code and national number without its trunk prefix, into `out`: how long it is.
fn full_digits(out: &mut [u8; 20], code: u16, national: &[u8], trunk: &[u8]) -> usize {
    let national = national.strip_prefix(trunk).unwrap_or(national);
    let mut n = 0;
    let mut div = 1000;
    while div > 0 {
        if code >= div {
            out[n] = b'0' + (code / div % 10) as u8;
            n += 1;
        }
        div /= 10;
    }
    for &d in national.iter().take(out.len() - n) {
        out[n] = d;
        n += 1;
    }
    n
}

/// The country codes of the regions that a user named; unknown ones are passed over (the caller checks them).
pub fn codes(regions: &[String]) -> Vec<u16> {
    let known = |r: &String| {
        let region = Region::from_code(&r.to_uppercase()).ok()?;
        Some(PHONE_NUMBER_UTIL.get_country_code_for_region(region)? as u16)
    };
    regions.iter().filter_map(known).collect()
}

#[cfg(test)]
mod tests {
    use super::super::shape::Window;
    use super::*;

    /// A national number for each country that has one.
    fn examples() -> impl Iterator<Item = (&'static Country, Vec<u8>)> {
        COUNTRIES.iter().filter_map(|c| {
            let example = PHONE_NUMBER_UTIL.get_example_number(c.region).ok()?;
            Some((c, rlibphonenumber::get_national_significant_number_owned(&example).into_bytes()))
        })
    }

    /// What [`national`] relies on where it asks of one country only.
    #[test]
    fn what_00_leads_to_is_the_same_from_everywhere() {
        let abroad: Vec<&Country> = COUNTRIES.iter().filter(|c| c.by_00).collect();
        assert!(abroad.len() > 150);
        for written in [
            "00971 50230",
            "0044 20 7946 0018",
            "0049 30 1234567",
            "001 415 555 0132",
            "0033 6 12 34 56 78",
            "00999 1234567",
        ] {
            let window = Window::read(written.as_bytes(), 0, written.len());
            let shape = Shape::new(written.as_bytes(), window.groups());
            let digits = written.replace(' ', "");
            let first = fit(&digits, &shape, abroad[0], Fit::Grouped);
            for c in abroad.iter().step_by(7) {
                assert_eq!(fit(&digits, &shape, c, Fit::Grouped), first, "{written} from {}", c.code);
            }
        }
    }

    /// What is read without patterns is what the metadata reads.
    #[test]
    fn plain_numbers_are_read_alike() {
        let mut random = crate::detect::phone::random(1);
        let mut compared = 0;
        for (c, national) in examples() {
            for round in 0..1000 {
                let mut digits = if round % 2 == 0 { c.trunk.to_vec() } else { Vec::new() };
                digits.extend_from_slice(&national);
                for _ in 0..random(4) {
                    let at = random(digits.len());
                    digits[at] = b'0' + random(10) as u8;
                }
                let Some(groups) = plain_groups(&digits, c) else { continue };
                let text = String::from_utf8(digits).unwrap();
                let number = PHONE_NUMBER_UTIL.parse(&text, Some(c.region)).unwrap();
                assert_eq!(number.country_code, i32::from(c.code), "{text}");
                assert!(PHONE_NUMBER_UTIL.is_valid_number(&number), "{text} in {}", c.code);
                let written = PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::National);
                let groups = groups.iter().map(|n| usize::from(*n));
                assert!(groups.eq(digits_in_groups(&written)), "{text} in {}: {written}", c.code);
                compared += 1;
            }
        }
        assert!(compared > 15000, "{compared}");
    }

    /// What is told from the tables is what the metadata's patterns tell.
    #[test]
    fn numbers_from_abroad_are_read_alike() {
        let mut random = crate::detect::phone::random(2);
        let mut compared = [0; 3];
        for (c, national) in examples() {
            for round in 0..300 {
                let mut digits = c.code.to_string().into_bytes();
                if round % 5 == 0 {
                    digits.extend_from_slice(c.trunk);
                }
                if round % 7 == 0 {
                    digits.push(b'0');
                }
                digits.extend_from_slice(&national);
                for _ in 0..random(4) {
                    let at = c.code.to_string().len() + random(national.len());
                    digits[at] = b'0' + random(10) as u8;
                }
                digits.truncate(digits.len() - random(3));
                digits.extend((0..random(3)).map(|_| b'0' + random(10) as u8));
                if !(7..=16).contains(&digits.len()) {
                    continue;
                }
                let Some(fit) = as_written(&digits, None) else { continue };
                assert_eq!(fit, as_read(&digits, None), "{} in {}", String::from_utf8_lossy(&digits), c.code);
                compared[fit as usize] += 1;
            }
        }
        assert!(compared.iter().all(|n| *n > 3000), "{compared:?}");
    }

    #[test]
    fn what_is_not_given_out_is_read_alike() {
        let mut random = crate::detect::phone::random(5);
        let (mut possible, mut none) = (0, 0);
        for (c, national) in examples().filter(|(c, _)| EASTERN.contains(&c.code)) {
            for round in 0..10_000 {
                let mut digits = if round % 4 == 0 { c.trunk.to_vec() } else { Vec::new() };
                digits.extend_from_slice(&national);
                for _ in 0..random(5) {
                    let at = random(digits.len());
                    digits[at] = b'0' + random(10) as u8;
                }
                digits.truncate(digits.len() - random(4).min(digits.len() - 4));
                digits.extend((0..random(4)).map(|_| b'0' + random(10) as u8));
                let Some(fit) = not_given_out(&digits, c) else { continue };
                let text = String::from_utf8(digits).unwrap();
                let read = PHONE_NUMBER_UTIL.parse(&text, Some(c.region));
                let is_possible = read.is_ok_and(|n| {
                    assert!(!PHONE_NUMBER_UTIL.is_valid_number(&n), "{text} in {}", c.code);
                    PHONE_NUMBER_UTIL.is_possible_number(&n)
                });
                assert_eq!(fit == Fit::Possible, is_possible, "{text} in {}", c.code);
                *(if is_possible { &mut possible } else { &mut none }) += 1;
            }
        }
        assert!(possible > 3000 && none > 1000, "{possible} {none}");
    }

    /// What may not be valid is not, however the metadata reads it.
    #[test]
    fn nothing_valid_is_held_back() {
        let mut random = crate::detect::phone::random(3);
        let (mut valid, mut none) = (0, 0);
        for (c, national) in examples() {
            for round in 0..80 {
                let mut digits = match round % 4 {
                    0 => c.trunk.to_vec(),
                    1 => c.code.to_string().into_bytes(),
                    2 => [c.code.to_string().as_bytes(), c.trunk].concat(),
                    _ => Vec::new(),
                };
                digits.extend_from_slice(&national);
                for _ in 0..random(4) {
                    let at = random(digits.len());
                    digits[at] = b'0' + random(10) as u8;
                }
                if !c.has(digits.len(), c.trunk.len()) {
                    continue; // not asked, either way
                }
                let text = std::str::from_utf8(&digits).unwrap();
                let read = PHONE_NUMBER_UTIL.parse(text, Some(c.region));
                if read.is_ok_and(|n| n.country_code == i32::from(c.code) && PHONE_NUMBER_UTIL.is_valid_number(&n)) {
                    assert!(may_be_valid(&digits, c), "{text} in {}", c.code);
                    valid += 1;
                } else {
                    none += usize::from(!may_be_valid(&digits, c));
                }
            }
        }
        assert!(valid > 1000 && none > 1000, "{valid} {none}");
    }
}
