//! The checks of European ids. Behind each: who says so.

use super::checks::{Check, is_day, is_short_day, luhn, mod_11_10, number, value, verhoeff, weighted};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("at-svnr", at_svnr),
    ("be-nrn", be_nrn),
    ("bg-egn", bg_egn),
    ("ch-ahv", ch_ahv),
    ("cy-tin", cy_tin),
    ("cz-rc", cz_rc),
    ("de-idnr", de_idnr),
    ("de-svnr", de_svnr),
    ("dk-cpr", dk_cpr),
    ("ee-ik", ee_ik),
    ("es-nie", es_nie),
    ("es-nif", es_nif),
    ("fi-hetu", fi_hetu),
    ("fr-nir", fr_nir),
    ("gr-afm", gr_afm),
    ("gr-amka", gr_amka),
    ("hr-oib", mod_11_10),
    ("hu-tax", hu_tax),
    ("hu-taj", hu_taj),
    ("ie-pps", ie_pps),
    ("is-kt", is_kt),
    ("it-cf", it_cf),
    ("jmbg", jmbg),
    ("lu-id", lu_id),
    ("lv-pk", lv_pk),
    ("mt-id", mt_id),
    ("nl-bsn", nl_bsn),
    ("no-fnr", no_fnr),
    ("pl-pesel", pl_pesel),
    ("pt-cc", pt_cc),
    ("pt-nif", pt_nif),
    ("ro-cnp", ro_cnp),
    ("ru-snils", ru_snils),
    ("se-pnr", se_pnr),
    ("uk-driving-licence", uk_driving_licence),
    ("uk-nhs", uk_nhs),
    ("uk-nino", uk_nino),
    ("uk-utr", uk_utr),
];

/// Two digits at `at`.
fn two(id: &[u8], at: usize) -> u64 {
    number(&id[at..at + 2])
}

/// Whether day, month and year stand at the beginning, two digits each.
fn day_first(id: &[u8]) -> bool {
    is_short_day(two(id, 4), two(id, 2), two(id, 0))
}

/// Sozialversicherungsnummer: Hauptverband, § 31 ASVG. Months 13 to 15 stand in numbers whose day is taken.
fn at_svnr(id: &[u8]) -> bool {
    let sum = weighted(id, &[3, 7, 9, 0, 5, 8, 4, 2, 1, 6]);
    let (day, month) = (two(id, 4), two(id, 6));
    id[0] != b'0' && sum % 11 == value(id[3]) && (1..=31).contains(&day) && (1..=15).contains(&month)
}

/// Rijksregisternummer: royal decree of 3 April 1984. Those born from 2000 on have a 2 put before the first nine digits. The month
/// of a BIS number is 20 or 40 higher; 0 stands for an unknown month or day.
fn be_nrn(id: &[u8]) -> bool {
    let (body, check) = (number(&id[..9]), number(&id[9..]));
    let month = two(id, 2) % 20;
    let dated = two(id, 2) < 60 && month <= 12 && two(id, 4) <= 31;
    dated && number(&id[6..9]) > 0 && (97 - body % 97 == check || 97 - (body + 2_000_000_000) % 97 == check)
}

/// Единен граждански номер: ordinance of the National Statistical Institute, GRAO. Months are 20 higher for the 19th century, 40 for the 21st.
fn bg_egn(id: &[u8]) -> bool {
    let (century, month) = match two(id, 2) {
        m @ 1..=12 => (1900, m),
        m @ 21..=32 => (1800, m - 20),
        m @ 41..=52 => (2000, m - 40),
        _ => return false,
    };
    let sum = weighted(&id[..9], &[2, 4, 8, 5, 10, 9, 7, 3, 6]);
    is_day(century + two(id, 0), month, two(id, 4)) && sum % 11 % 10 == value(id[9])
}

/// AHV number: EAN-13 check digit behind 756 (Federal Social Insurance Office, Wegleitung zur AHV-Nummer).
fn ch_ahv(id: &[u8]) -> bool {
    id.starts_with(b"756") && weighted(id, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]).is_multiple_of(10)
}

/// Taxpayer identification code: Tax Department, as the VAT number (VIES technical annex); 12 begins none.
fn cy_tin(id: &[u8]) -> bool {
    const ODD: [u32; 10] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
    let sum: u32 =
        id[..8].iter().enumerate().map(|(i, b)| if i % 2 == 0 { ODD[value(*b) as usize] } else { value(*b) }).sum();
    !id.starts_with(b"12") && id[8] == b'A' + (sum % 26) as u8
}

/// Rodné číslo (Czechia and Slovakia): act 133/2000 Sb. § 13. Months are 50 higher for women, 20 more where numbers ran out;
/// nine digits before 1954, without a check; until 1985 a rest of ten could stand as 0.
fn cz_rc(id: &[u8]) -> bool {
    let month = match two(id, 2) {
        m @ 1..=12 => m,
        m @ 21..=32 => m - 20,
        m @ 51..=62 => m - 50,
        m @ 71..=82 => m - 70,
        _ => return false,
    };
    if !is_short_day(two(id, 0), month, two(id, 4)) {
        return false;
    }
    if id.len() == 9 {
        return two(id, 0) < 54 && number(&id[6..]) > 0;
    }
    number(&id[..9]) % 11 % 10 == u64::from(value(id[9]))
}

/// Steuerliche Identifikationsnummer: § 139b AO, check digit by ISO 7064 MOD 11,10. Of the first ten digits one stands twice or three times
/// (not three in a row), the others at most once (Bundeszentralamt für Steuern, since 2016).
fn de_idnr(id: &[u8]) -> bool {
    let body = &id[..10];
    let mut times = [0u8; 10];
    body.iter().for_each(|b| times[value(*b) as usize] += 1);
    let (one, many) = times.iter().filter(|n| **n > 1).fold((0, 0), |(of, most), n| (of + 1, *n.max(&most)));
    let row = body.windows(3).any(|w| w[0] == w[1] && w[1] == w[2]);
    id[0] != b'0' && one == 1 && many <= 3 && !row && mod_11_10(id)
}

/// Versicherungsnummer: § 2 VKVV. The letter counts as two digits from 01 on; digit sums of the products.
fn de_svnr(id: &[u8]) -> bool {
    if !id[8].is_ascii_uppercase() {
        return false;
    }
    let letter = id[8] - b'A' + 1;
    let letter = [b'0' + letter / 10, b'0' + letter % 10];
    let sum: u32 = (id[..8].iter().chain(&letter).chain(&id[9..11]))
        .zip([2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1])
        .map(|(b, w)| value(*b) * w)
        .map(|p| p / 10 + p % 10)
        .sum();
    // Days are 50 higher where numbers ran out.
    let (day, month) = (two(id, 2) % 50, two(id, 4));
    two(id, 0) > 1 && (1..=31).contains(&day) && (1..=12).contains(&month) && sum % 10 == value(id[11])
}

/// CPR-nummer: CPR-kontoret. Since 2007 the check digit is no longer kept to, so the date decides.
fn dk_cpr(id: &[u8]) -> bool {
    day_first(id)
}

/// Isikukood and asmens kodas: EVS 585:2007; Lithuania's act on the population register.
fn ee_ik(id: &[u8]) -> bool {
    let century = match id[0] {
        b'1' | b'2' => 1800,
        b'3' | b'4' => 1900,
        b'5' | b'6' => 2000,
        _ => return false,
    };
    let first = weighted(&id[..10], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
    let second = weighted(&id[..10], &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11;
    let check = if first < 10 { first } else { second % 10 };
    is_day(century + two(id, 1), two(id, 3), two(id, 5)) && check == value(id[10])
}

/// The letter of a number: Ministerio del Interior, "Cálculo del dígito de control del NIF/NIE".
fn spanish(number: u64, letter: u8) -> bool {
    b"TRWAGMYFPDXBNJZSQVHLCKE"[(number % 23) as usize] == letter
}

fn es_nif(id: &[u8]) -> bool {
    spanish(number(&id[..8]), id[8])
}

/// X, Y and Z count as 0, 1 and 2.
fn es_nie(id: &[u8]) -> bool {
    matches!(id[0], b'X'..=b'Z') && spanish(u64::from(id[0] - b'X') * 10_000_000 + number(&id[1..8]), id[8])
}

/// Henkilötunnus: Digital and Population Data Services Agency; the signs between date and number since 2023.
fn fi_hetu(id: &[u8]) -> bool {
    // The dash or plus is no letter and no digit, so it isn't there.
    let (individual, sign) = match id.len() {
        10 => (&id[6..9], b'-'),
        _ => (&id[7..10], id[6]),
    };
    let signed = matches!(sign, b'-' | b'A'..=b'F' | b'U'..=b'Y');
    if !signed || !individual.iter().all(u8::is_ascii_digit) || number(individual) < 2 {
        return false;
    }
    let rest = (number(&id[..6]) * 1000 + number(individual)) % 31;
    day_first(id) && id.last() == Some(&b"0123456789ABCDEFHJKLMNPRSTUVWXY"[rest as usize])
}

/// Numéro d'inscription au répertoire: INSEE; 97 less the rest of the first 13 digits by 97. Corsica's 2A and 2B count as 19 and 18.
/// Months from 20 on stand for an unknown one.
fn fr_nir(id: &[u8]) -> bool {
    let mut digits = [0; 13];
    digits.copy_from_slice(&id[..13]);
    match &id[5..7] {
        b"2A" => digits[5..7].copy_from_slice(b"19"),
        b"2B" => digits[5..7].copy_from_slice(b"18"),
        _ => {}
    }
    if !digits.iter().chain(&id[13..]).all(u8::is_ascii_digit) {
        return false;
    }
    let month = matches!(two(id, 3), 1..=12 | 20..=42 | 50..=99);
    matches!(id[0], b'1'..=b'4' | b'7' | b'8') && month && 97 - number(&digits) % 97 == number(&id[13..])
}

/// Αριθμός Φορολογικού Μητρώου: Independent Authority for Public Revenue (VIES technical annex).
fn gr_afm(id: &[u8]) -> bool {
    let sum = weighted(&id[..8], &[256, 128, 64, 32, 16, 8, 4, 2]);
    number(id) > 0 && sum % 11 % 10 == value(id[8])
}

/// Αριθμός Μητρώου Κοινωνικής Ασφάλισης: date of birth and Luhn (amka.gr).
fn gr_amka(id: &[u8]) -> bool {
    day_first(id) && luhn(id)
}

/// Adóazonosító jel: act LXI of 1996, annex; begins with 8.
fn hu_tax(id: &[u8]) -> bool {
    id[0] == b'8' && weighted(&id[..9], &[1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11 == value(id[9])
}

/// Társadalombiztosítási azonosító jel: act LXI of 1996, annex.
fn hu_taj(id: &[u8]) -> bool {
    weighted(&id[..8], &[3, 7, 3, 7, 3, 7, 3, 7]) % 10 == value(id[8])
}

/// Personal Public Service number: Department of Social Protection; a second letter since 2013 counts nine times (W and none: 0).
fn ie_pps(id: &[u8]) -> bool {
    let second = match id.get(8) {
        None | Some(b'W') => 0,
        Some(b @ (b'A'..=b'I' | b'T')) => value(*b) - 9,
        _ => return false,
    };
    let sum = weighted(&id[..7], &[8, 7, 6, 5, 4, 3, 2]) + second * 9;
    id[7] == b"WABCDEFGHIJKLMNOPQRSTUV"[(sum % 23) as usize]
}

/// Kennitala: Registers Iceland; the last digit is the century. A company's day is 40 higher, and that is nobody's.
fn is_kt(id: &[u8]) -> bool {
    let sum = weighted(&id[..8], &[3, 2, 7, 6, 5, 4, 3, 2]);
    matches!(id[9], b'8' | b'9' | b'0') && day_first(id) && (11 - sum % 11) % 11 == value(id[8])
}

/// Codice fiscale: decree of the Ministry of Finance of 23 December 1976. Women's days are 40 higher.
fn it_cf(id: &[u8]) -> bool {
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let place = |b: u8| if b.is_ascii_digit() { b - b'0' } else { b - b'A' };
    let term = |(i, b): (usize, &u8)| if i % 2 == 0 { ODD[usize::from(place(*b))] } else { place(*b).into() };
    let sum: u32 = id[..15].iter().enumerate().map(term).sum();
    b"ABCDEHLMPRST".contains(&id[8]) && matches!(two(id, 9), 1..=31 | 41..=71) && id[15] == b'A' + (sum % 26) as u8
}

/// Јединствени матични број грађана, EMŠO: federal act on the registration of residents, 1976; used by its successors.
fn jmbg(id: &[u8]) -> bool {
    let year = number(&id[4..7]);
    let year = if year >= 800 { 1000 + year } else { 2000 + year };
    let sum = weighted(&id[..12], &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
    is_day(year, two(id, 2), two(id, 0)) && (11 - sum % 11) % 11 == value(id[12])
}

/// Matricule: act of 19 June 2013; date of birth, Luhn's and Verhoeff's digit over the first eleven.
fn lu_id(id: &[u8]) -> bool {
    let year = number(&id[..4]);
    let mut other = [0; 12];
    other[..11].copy_from_slice(&id[..11]);
    other[11] = id[12];
    (1850..=2100).contains(&year) && is_day(year, two(id, 4), two(id, 6)) && luhn(&id[..12]) && verhoeff(&other)
}

/// Personas kods: Office of Citizenship and Migration Affairs. Numbers since July 2017 begin with 32 and tell no date.
fn lv_pk(id: &[u8]) -> bool {
    let sum = 1 + weighted(&id[..10], &[10, 5, 8, 4, 2, 1, 6, 3, 7, 9]);
    let dated = day_first(id) && matches!(id[6], b'0'..=b'2');
    (id.starts_with(b"32") || dated) && sum % 11 % 10 == value(id[10])
}

/// Identity card number: Identity Malta; seven digits and one of eight letters, no check.
fn mt_id(id: &[u8]) -> bool {
    b"MGAPLHBZ".contains(&id[7]) && number(&id[..7]) > 0
}

/// Burgerservicenummer: Logisch Ontwerp BSN, the test by eleven whose last weight is -1.
fn nl_bsn(id: &[u8]) -> bool {
    let sum = weighted(&id[..8], &[9, 8, 7, 6, 5, 4, 3, 2]);
    number(id) > 9_999_999 && sum % 11 == value(id[8])
}

/// Fødselsnummer and D-nummer (day 40 higher), and test numbers (month 40 or 80 higher): Skatteetaten.
fn no_fnr(id: &[u8]) -> bool {
    let (day, month) = (two(id, 0) % 40, two(id, 2) % 40);
    let first = weighted(&id[..10], &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11;
    let second = weighted(id, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11;
    two(id, 0) < 72 && is_short_day(two(id, 4), month, day) && first == 0 && second == 0
}

/// PESEL: act of 24 September 2010, art. 15; the century stands in the month.
fn pl_pesel(id: &[u8]) -> bool {
    let (century, month) = match two(id, 2) {
        m @ 1..=12 => (1900, m),
        m @ 21..=32 => (2000, m - 20),
        m @ 41..=52 => (2100, m - 40),
        m @ 61..=72 => (2200, m - 60),
        m @ 81..=92 => (1800, m - 80),
        _ => return false,
    };
    let sum = weighted(id, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]);
    is_day(century + two(id, 0), month, two(id, 4)) && sum.is_multiple_of(10)
}

/// Número de documento of the cartão de cidadão: AMA, Luhn over digits and letters.
fn pt_cc(id: &[u8]) -> bool {
    let doubled = |d: u32| if d > 4 { d * 2 - 9 } else { d * 2 };
    let sum: u32 = id.iter().enumerate().map(|(i, b)| if i % 2 == 0 { doubled(value(*b)) } else { value(*b) }).sum();
    id[11].is_ascii_digit() && sum.is_multiple_of(10)
}

/// Número de identificação fiscal: Decreto-Lei 14/2013; a person's begins with 1, 2, 3 or 45.
fn pt_nif(id: &[u8]) -> bool {
    let sum = weighted(&id[..8], &[9, 8, 7, 6, 5, 4, 3, 2]);
    let person = matches!(id[0], b'1'..=b'3') || id.starts_with(b"45");
    person && (11 - sum % 11) % 11 % 10 == value(id[8])
}

/// Cod numeric personal: Government emergency ordinance 97/2005.
fn ro_cnp(id: &[u8]) -> bool {
    let century = match id[0] {
        b'1' | b'2' => 1900,
        b'3' | b'4' => 1800,
        b'5'..=b'8' => 2000,
        // Foreigners: any century.
        b'9' => 2000,
        _ => return false,
    };
    let check = weighted(&id[..12], &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
    let county = matches!(two(id, 7), 1..=52 | 70..=83);
    county
        && is_day(century + two(id, 1), two(id, 3), two(id, 5))
        && (if check == 10 { 1 } else { check }) == value(id[12])
}

/// СНИЛС: order of the Pension Fund 192p; numbers up to 001-001-998 have no check.
fn ru_snils(id: &[u8]) -> bool {
    let rest = weighted(&id[..9], &[9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101 % 100;
    number(&id[..9]) > 1_001_998 && u64::from(rest) == number(&id[9..])
}

/// Personnummer and samordningsnummer (day 60 higher): Skatteverket, SKV 704. Twelve digits have the century before.
fn se_pnr(id: &[u8]) -> bool {
    let (century, id) = id.split_at(id.len() - 10);
    let day = two(id, 4);
    let day = if day > 60 { day - 60 } else { day };
    matches!(century, b"" | b"18" | b"19" | b"20") && is_short_day(two(id, 0), two(id, 2), day) && luhn(id)
}

/// Driving licence number: DVLA, INS57P; decade, month (50 higher for women), day and year of birth behind five letters of the name, filled with 9.
fn uk_driving_licence(id: &[u8]) -> bool {
    let month = two(id, 6);
    matches!(month, 1..=12 | 51..=62) && is_short_day(0, month % 50, two(id, 8))
}

/// NHS number: NHS Data Dictionary.
fn uk_nhs(id: &[u8]) -> bool {
    let sum = weighted(&id[..9], &[10, 9, 8, 7, 6, 5, 4, 3, 2]);
    id[0] != b'0' && (11 - sum % 11) % 11 == value(id[9])
}

/// National Insurance number: HMRC manual NIM39110. `QQ` is no prefix, but that of HMRC's own examples.
fn uk_nino(id: &[u8]) -> bool {
    let prefix = &id[..2];
    let unused = matches!(prefix, b"BG" | b"GB" | b"KN" | b"NK" | b"NT" | b"TN" | b"ZZ");
    let letters = prefix.iter().all(|b| !b"DFIQUV".contains(b)) && prefix[1] != b'O';
    (letters && !unused || prefix == b"QQ") && matches!(id[8], b'A'..=b'D')
}

/// Unique Taxpayer Reference: HMRC; the check digit stands first.
fn uk_utr(id: &[u8]) -> bool {
    let sum = weighted(&id[1..], &[6, 7, 8, 9, 10, 5, 4, 3, 2]);
    id[0] == b"21987654321"[(sum % 11) as usize]
}
