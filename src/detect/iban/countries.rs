//! The countries with an IBAN and how their account part (BBAN) is built.
//!
//! Source: SWIFT's IBAN registry (ISO 13616-2). Countries after the line write IBANs without standing in the registry.
//! `n` is a digit, `a` a letter, `c` either; neighbouring parts of one kind are joined (`4!n4!n` is `8n`).

/// Country and account part, in order of country.
const COUNTRIES: &[(&[u8; 2], &str)] = &[
    (b"AD", "8n12c"),
    (b"AE", "19n"),
    (b"AL", "8n16c"),
    (b"AT", "16n"),
    (b"AZ", "4a20c"),
    (b"BA", "16n"),
    (b"BE", "12n"),
    (b"BG", "4a6n8c"),
    (b"BH", "4a14c"),
    (b"BI", "23n"),
    (b"BR", "23n1a1c"),
    (b"BY", "4c4n16c"),
    (b"CH", "5n12c"),
    (b"CR", "18n"),
    (b"CY", "8n16c"),
    (b"CZ", "20n"),
    (b"DE", "18n"),
    (b"DJ", "23n"),
    (b"DK", "14n"),
    (b"DO", "4c20n"),
    (b"EE", "16n"),
    (b"EG", "25n"),
    (b"ES", "20n"),
    (b"FI", "14n"),
    (b"FK", "2a12n"),
    (b"FO", "14n"),
    (b"FR", "10n11c2n"),
    (b"GB", "4a14n"),
    (b"GE", "2a16n"),
    (b"GI", "4a15c"),
    (b"GL", "14n"),
    (b"GR", "7n16c"),
    (b"GT", "24c"),
    (b"HN", "4a20n"),
    (b"HR", "17n"),
    (b"HU", "24n"),
    (b"IE", "4a14n"),
    (b"IL", "19n"),
    (b"IQ", "4a15n"),
    (b"IS", "22n"),
    (b"IT", "1a10n12c"),
    (b"JO", "4a4n18c"),
    (b"KW", "4a22c"),
    (b"KZ", "3n13c"),
    (b"LB", "4n20c"),
    (b"LC", "4a24c"),
    (b"LI", "5n12c"),
    (b"LT", "16n"),
    (b"LU", "3n13c"),
    (b"LV", "4a13c"),
    (b"LY", "21n"),
    (b"MC", "10n11c2n"),
    (b"MD", "20c"),
    (b"ME", "18n"),
    (b"MK", "3n10c2n"),
    (b"MN", "16n"),
    (b"MR", "23n"),
    (b"MT", "4a5n18c"),
    (b"MU", "4a19n3a"),
    (b"NI", "4a20n"),
    (b"NL", "4a10n"),
    (b"NO", "11n"),
    (b"OM", "3n16c"),
    (b"PK", "4a16c"),
    (b"PL", "24n"),
    (b"PS", "4a21c"),
    (b"PT", "21n"),
    (b"QA", "4a21c"),
    (b"RO", "4a16c"),
    (b"RS", "18n"),
    (b"RU", "14n15c"),
    (b"SA", "2n18c"),
    (b"SC", "4a20n3a"),
    (b"SD", "14n"),
    (b"SE", "20n"),
    (b"SI", "15n"),
    (b"SK", "20n"),
    (b"SM", "1a10n12c"),
    (b"SO", "19n"),
    (b"ST", "21n"),
    (b"SV", "4a20n"),
    (b"TL", "19n"),
    (b"TN", "20n"),
    (b"TR", "6n16c"),
    (b"UA", "6n19c"),
    (b"VA", "18n"),
    (b"VG", "4a16n"),
    (b"XK", "16n"),
    (b"YE", "4a4n18c"),
    // Not in the registry.
    (b"AO", "21n"),
    (b"BF", "2c22n"),
    (b"BJ", "2c22n"),
    (b"CF", "23n"),
    (b"CG", "23n"),
    (b"CI", "2c22n"),
    (b"CM", "23n"),
    (b"CV", "21n"),
    (b"DZ", "22n"),
    (b"GA", "23n"),
    (b"GQ", "23n"),
    (b"GW", "2c19n"),
    (b"IR", "22n"),
    (b"KM", "23n"),
    (b"MA", "24n"),
    (b"MG", "23n"),
    (b"ML", "2c22n"),
    (b"MZ", "21n"),
    (b"NE", "2a22n"),
    (b"SN", "2a22n"),
    (b"TD", "23n"),
    (b"TG", "2a22n"),
];

/// The account part of a country's IBANs, if it has some. `country` is in capitals.
pub(super) fn account_part(country: [u8; 2]) -> Option<&'static str> {
    COUNTRIES.iter().find(|(c, _)| **c == country).map(|(_, part)| *part)
}

/// The parts of a structure such as `4a14n`: how many characters of which kind.
pub(super) fn parts(structure: &str) -> impl Iterator<Item = (usize, u8)> + '_ {
    let mut count = 0;
    structure.bytes().filter_map(move |b| {
        if b.is_ascii_digit() {
            count = count * 10 + usize::from(b - b'0');
            return None;
        }
        Some((std::mem::take(&mut count), b))
    })
}

/// Whether `account` (in capitals) is built as `structure` says.
pub(super) fn fits(structure: &str, account: &[u8]) -> bool {
    let mut rest = account;
    for (count, kind) in parts(structure) {
        let Some((part, tail)) = rest.split_at_checked(count) else { return false };
        let of_kind = |b: &u8| match kind {
            b'n' => b.is_ascii_digit(),
            b'a' => b.is_ascii_uppercase(),
            _ => b.is_ascii_digit() || b.is_ascii_uppercase(),
        };
        if !part.iter().all(of_kind) {
            return false;
        }
        rest = tail;
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structures() {
        for (country, part) in COUNTRIES {
            let len: usize = 4 + parts(part).map(|p| p.0).sum::<usize>();
            assert!((15..=34).contains(&len), "{}", String::from_utf8_lossy(*country));
            assert!(parts(part).all(|(n, kind)| n > 0 && matches!(kind, b'n' | b'a' | b'c')));
            assert_eq!(COUNTRIES.iter().filter(|(c, _)| c == country).count(), 1);
        }
        assert!(fits("4a14n", b"NWBK60161331926819"));
        assert!(!fits("4a14n", b"NWB060161331926819"));
        assert!(!fits("4a14n", b"NWBK6016133192681"));
        assert!(!fits("4a14n", b"NWBK601613319268190"));
        assert_eq!(account_part(*b"ZZ"), None);
    }
}
