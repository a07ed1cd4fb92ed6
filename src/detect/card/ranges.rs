//! Who issues which card numbers: ranges of leading digits and lengths.
//!
//! Sources: ISO/IEC 7812 (numbers of 12 to 19 digits, Luhn), the schemes' own rules (Visa Core Rules; Mastercard's
//! announcement of the 2 series; American Express, Discover and Diners Global Network bulletins; JCB; UnionPay technical
//! specifications; NSPK for Mir; NPCI for RuPay; Interswitch for Verve; Elo and Hipercard integration guides; BKM for Troy;
//! Dankort; UATP; UzCard and Humo), as gathered in the public issuer tables of payment processors.

/// How much a number in a range is evidence of a card by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Evidence {
    /// The range is wide, or the length one that other numbers have more often.
    Weak,
    /// The range and length are an issuer's in daily use.
    Strong,
}

use Evidence::{Strong, Weak};

/// Leading digits from `.0` to `.1` as numbers of as many digits as they are written with; lengths; evidence.
type Row = (u32, u32, &'static [u8], Evidence);

/// The first row that fits decides, so narrow ranges stand before wide ones.
const ROWS: &[Row] = &[
    // Visa. Thirteen digits are as good as gone, and every EAN from 400 to 499 has that form.
    (4, 4, &[16, 19], Strong),
    (4, 4, &[13, 17, 18], Weak),
    // Mastercard, both series.
    (51, 55, &[16], Strong),
    (2221, 2720, &[16], Strong),
    // American Express.
    (34, 34, &[15], Strong),
    (37, 37, &[15], Strong),
    // Mir (2200 to 2204), Borica.
    (2200, 2204, &[16], Strong),
    (2200, 2204, &[17, 18, 19], Weak),
    (2205, 2205, &[16], Weak),
    // Diners Club International: fourteen digits of old, up to nineteen now.
    (300, 305, &[14, 16], Strong),
    (3095, 3095, &[14, 16], Strong),
    (36, 36, &[14, 16], Strong),
    (38, 39, &[14, 16], Strong),
    (300, 305, &[15, 17, 18, 19], Weak),
    (3095, 3095, &[15, 17, 18, 19], Weak),
    (36, 36, &[15, 17, 18, 19], Weak),
    (38, 39, &[15, 17, 18, 19], Weak),
    // JCB; LankaPay and RuPay have parts of it.
    (3528, 3589, &[16], Strong),
    (3528, 3589, &[17, 18, 19], Weak),
    (353, 353, &[16], Strong),
    // Hipercard, old and new.
    (384100, 384199, &[16, 19], Weak),
    (606282, 606282, &[13, 16, 19], Weak),
    (637095, 637095, &[16], Strong),
    (637568, 637568, &[16], Strong),
    (637599, 637612, &[16], Strong),
    // Discover, and its part of the UnionPay range.
    (6011, 6011, &[16], Strong),
    (644, 649, &[16], Strong),
    // Verve.
    (506099, 506198, &[16, 18, 19], Strong),
    (507865, 507964, &[16, 18, 19], Strong),
    (650002, 650027, &[16, 18, 19], Strong),
    // Elo.
    (504175, 504175, &[16], Strong),
    (506699, 506778, &[16], Strong),
    (509000, 509999, &[16], Strong),
    (627780, 627780, &[16], Strong),
    (636297, 636297, &[16], Strong),
    (636368, 636368, &[16], Strong),
    // RuPay, Troy and Discover share 65.
    (65, 65, &[16], Strong),
    (508, 508, &[16], Strong),
    (6011, 6011, &[17, 18, 19], Weak),
    (644, 649, &[17, 18, 19], Weak),
    (65, 65, &[17, 18, 19], Weak),
    (60, 60, &[16], Weak),
    (82, 82, &[16], Weak),
    (9792, 9792, &[16], Strong),
    // UnionPay.
    (62, 62, &[16, 19], Strong),
    (62, 62, &[17, 18], Weak),
    (81, 81, &[16, 17, 18, 19], Weak),
    // Dankort.
    (5019, 5019, &[16], Strong),
    // Maestro as it is issued, then its whole range.
    (5018, 5018, &[16, 19], Strong),
    (5020, 5020, &[16, 19], Strong),
    (5038, 5038, &[16, 19], Strong),
    (5893, 5893, &[16, 19], Strong),
    (6304, 6304, &[16, 19], Strong),
    (6759, 6759, &[16, 19], Strong),
    (6761, 6763, &[16, 19], Strong),
    (6767, 6767, &[16, 19], Strong),
    (6799, 6799, &[16, 19], Strong),
    (50, 50, &[12, 13, 14, 15, 16, 17, 18, 19], Weak),
    (56, 69, &[12, 13, 14, 15, 16, 17, 18, 19], Weak),
    // UzCard, Humo.
    (8600, 8600, &[16], Weak),
    (5614, 5614, &[16], Weak),
    (9860, 9860, &[16], Weak),
    // UATP: fifteen digits from 1, the form of many a serial number.
    (1, 1, &[15], Weak),
];

/// A row made ready: first six digits from and to, the lengths a bit each.
const READY: [(u32, u32, u32, Evidence); ROWS.len()] = {
    let mut ready = [(0, 0, 0, Weak); ROWS.len()];
    let mut i = 0;
    while i < ROWS.len() {
        let (low, high, lengths, evidence) = ROWS[i];
        let scale = 10u32.pow(5 - low.ilog10());
        let (mut bits, mut l) = (0, 0);
        while l < lengths.len() {
            bits |= 1 << lengths[l];
            l += 1;
        }
        ready[i] = (low * scale, (high + 1) * scale - 1, bits, evidence);
        i += 1;
    }
    ready
};

/// What `digits` are evidence of, if an issuer has such numbers.
pub(super) fn issuer(digits: &[u8]) -> Option<Evidence> {
    let first = digits.get(..6)?.iter().fold(0u32, |n, d| n * 10 + u32::from(*d));
    let fits = |(low, high, lengths, _): &&(u32, u32, u32, Evidence)| {
        (*low..=*high).contains(&first) && lengths >> digits.len() & 1 == 1
    };
    READY.iter().find(fits).map(|row| row.3)
}

/// Whether the last digit is the check digit of the others (ISO/IEC 7812-1 annex B).
pub(super) fn luhn(digits: &[u8]) -> bool {
    // What a digit counts at a doubled place.
    const DOUBLED: [u8; 10] = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
    let (first, pairs) = digits.as_rchunks::<2>();
    let sum: u32 = pairs.iter().map(|[d, c]| u32::from(DOUBLED[usize::from(*d % 10)]) + u32::from(*c)).sum();
    (sum + first.iter().map(|d| u32::from(*d)).sum::<u32>()).is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(s: &str) -> Vec<u8> {
        s.bytes().map(|b| b - b'0').collect()
    }

    #[test]
    fn rows_are_ranges_of_one_width() {
        for (low, high, lengths, _) in ROWS {
            assert!(low <= high && low.ilog10() == high.ilog10() && low.ilog10() < 6, "{low} {high}");
            assert!(lengths.iter().all(|l| (12..=19).contains(l)), "{low}");
        }
    }

    #[test]
    fn edges_of_ranges() {
        for (number, want) in [
            ("2220990000000000", None),
            ("2221000000000000", Some(Strong)),
            ("2720990000000000", Some(Strong)),
            ("2721000000000000", None),
            ("3527000000000000", None),
            ("3528000000000000", Some(Strong)),
            ("3589000000000000", Some(Strong)),
            ("3590000000000000", None),
            ("340000000000000", Some(Strong)),
            ("3400000000000000", None),
            ("2205000000000000", Some(Weak)),
            ("30600000000000", None),
            ("30950000000000", Some(Strong)),
            ("4000000000000", Some(Weak)),
            ("400000000000", None),
            ("7000000000000000", None),
            ("9792000000000000", Some(Strong)),
            ("500000000000", Some(Weak)),
            ("40000", None),
        ] {
            assert_eq!(issuer(&digits(number)), want, "{number}");
        }
    }

    #[test]
    fn check_digits() {
        assert!(luhn(&digits("4242424242424242")));
        assert!(luhn(&digits("378282246310005")));
        assert!(!luhn(&digits("4242424242424241")));
    }
}
