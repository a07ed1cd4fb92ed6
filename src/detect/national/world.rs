//! The checks of ids outside Europe. Behind each: who says so.

use super::checks::{Check, is_day, is_short_day, luhn, mod_11_2, number, value, verhoeff, weighted};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("au-medicare", au_medicare),
    ("au-tfn", au_tfn),
    ("br-cpf", br_cpf),
    ("ca-sin", ca_sin),
    ("cl-rut", cl_rut),
    ("cn-ric", cn_ric),
    ("in-aadhaar", in_aadhaar),
    ("in-pan", in_pan),
    ("jp-mynumber", jp_mynumber),
    ("kr-rrn", kr_rrn),
    ("kr-rrn-new", kr_rrn_new),
    ("mx-curp", mx_curp),
    ("sg-nric", sg_nric),
    ("tr-tckn", tr_tckn),
    ("za-id", za_id),
];

/// Two digits at `at`.
fn two(id: &[u8], at: usize) -> u64 {
    number(&id[at..at + 2])
}

/// Medicare card number: Services Australia; begins with 2 to 6, the ninth digit checks, then the card's issue and the person's line.
fn au_medicare(id: &[u8]) -> bool {
    let sum = weighted(&id[..8], &[1, 3, 7, 9, 1, 3, 7, 9]);
    matches!(id[0], b'2'..=b'6') && sum % 10 == value(id[8]) && id[9] != b'0'
}

/// Tax file number: Australian Taxation Office; eight digits in old ones.
fn au_tfn(id: &[u8]) -> bool {
    let weights: &[u32] = if id.len() == 8 { &[10, 7, 8, 4, 6, 3, 5, 1] } else { &[1, 4, 3, 7, 5, 8, 6, 9, 10] };
    weighted(id, weights).is_multiple_of(11)
}

/// Cadastro de Pessoas Físicas: Receita Federal, Instrução Normativa RFB 1548/2015.
fn br_cpf(id: &[u8]) -> bool {
    let digit = |len: usize| {
        let sum: u32 = id[..len].iter().enumerate().map(|(i, b)| value(*b) * (len as u32 + 1 - i as u32)).sum();
        sum * 10 % 11 % 10 == value(id[len])
    };
    digit(9) && digit(10)
}

/// Social Insurance Number: Service Canada; 0 begins none, 8 a business's.
fn ca_sin(id: &[u8]) -> bool {
    !matches!(id[0], b'0' | b'8') && luhn(id)
}

/// Rol Único Tributario: Servicio de Impuestos Internos; from 50 million on they are companies'.
fn cl_rut(id: &[u8]) -> bool {
    let Some((last, body)) = id.split_last() else { return false };
    if !body.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = body.iter().rev().enumerate().map(|(i, b)| value(*b) * (i as u32 % 6 + 2)).sum();
    let check = b"0123456789K0"[(11 - sum % 11) as usize];
    (1_000_000..50_000_000).contains(&number(body)) && check == *last
}

/// 公民身份号码: GB 11643-1999; a region, the date of birth, a serial number, ISO 7064 MOD 11-2.
fn cn_ric(id: &[u8]) -> bool {
    let year = number(&id[6..10]);
    let region = matches!(two(id, 0), 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83);
    region && (1900..=2100).contains(&year) && is_day(year, two(id, 10), two(id, 12)) && mod_11_2(id)
}

/// Aadhaar: UIDAI, "A UID Numbering Scheme" (2010); 0 and 1 begin none.
fn in_aadhaar(id: &[u8]) -> bool {
    !matches!(id[0], b'0' | b'1') && !id.iter().eq(id.iter().rev()) && verhoeff(id)
}

/// Permanent Account Number: Income Tax Department; the fourth letter says what the holder is. What the last one is made of isn't published.
fn in_pan(id: &[u8]) -> bool {
    b"ABCFGHJLPT".contains(&id[3]) && &id[5..9] != b"0000"
}

/// 個人番号: ordinance 85 of the Ministry of Internal Affairs (2014), article 5.
fn jp_mynumber(id: &[u8]) -> bool {
    let rest = weighted(&id[..11], &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    (if rest <= 1 { 0 } else { 11 - rest }) == value(id[11])
}

/// 주민등록번호: Ministry of the Interior and Safety; date of birth, and a digit for century, sex and nationality.
fn kr_rrn(id: &[u8]) -> bool {
    let sum = weighted(&id[..12], &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
    kr_rrn_new(id) && (11 - sum % 11) % 10 == value(id[12])
}

/// As that, given out since October 2020: without a check digit.
fn kr_rrn_new(id: &[u8]) -> bool {
    let century = match id[6] {
        b'1' | b'2' | b'5' | b'6' => 1900,
        b'3' | b'4' | b'7' | b'8' => 2000,
        _ => 1800,
    };
    is_day(century + two(id, 0), two(id, 2), two(id, 4))
}

/// Clave Única de Registro de Población: RENAPO, Instructivo Normativo (2021).
fn mx_curp(id: &[u8]) -> bool {
    const VALUES: &[u8] = b"0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ";
    const STATES: &[u8] = b"ASBCBSCCCLCMCSCHDFDGGTGRHGJCMCMNMSNTNLOCPLQTQRSPSLSRTCTSTLVZYNZSNE";
    let values = |b: &u8| VALUES.iter().position(|v| v == b).map(|v| v as u32);
    let sum: Option<u32> = id[..17].iter().enumerate().map(|(i, b)| Some(values(b)? * (18 - i as u32))).sum();
    // The 17th is a digit for those born before 2000, a letter after.
    let century = if id[16].is_ascii_digit() { 1900 } else { 2000 };
    matches!(id[10], b'H' | b'M' | b'X')
        && STATES.chunks(2).any(|s| *s == id[11..13])
        && is_day(century + two(id, 4), two(id, 6), two(id, 8))
        && sum.is_some_and(|s| (10 - s % 10) % 10 == value(id[17]))
}

/// NRIC and FIN: Immigration and Checkpoints Authority, which doesn't publish the letters; as widely known, M since 2022.
fn sg_nric(id: &[u8]) -> bool {
    let sum = weighted(&id[1..8], &[2, 7, 6, 5, 4, 3, 2]);
    let letters: &[u8; 11] = match id[0] {
        b'S' | b'T' => b"JZIHGFEDCBA",
        b'F' | b'G' => b"XWUTRQPNMLK",
        b'M' => b"XWUTRQPNJLK",
        _ => return false,
    };
    let more = match id[0] {
        b'T' | b'G' => 4,
        b'M' => 3,
        _ => 0,
    };
    letters[((sum + more) % 11) as usize] == id[8]
}

/// T.C. Kimlik Numarası: Nüfus ve Vatandaşlık İşleri; two check digits.
fn tr_tckn(id: &[u8]) -> bool {
    let odd = weighted(&id[..9], &[1, 0, 1, 0, 1, 0, 1, 0, 1]);
    let even = weighted(&id[..8], &[0, 1, 0, 1, 0, 1, 0, 1]);
    let tenth = (odd * 7 + 100 - even) % 10;
    id[0] != b'0' && tenth == value(id[9]) && (odd + even + tenth) % 10 == value(id[10])
}

/// Identity number: Department of Home Affairs; date of birth, citizenship 0 to 2, Luhn.
fn za_id(id: &[u8]) -> bool {
    is_short_day(two(id, 0), two(id, 2), two(id, 4)) && matches!(id[10], b'0'..=b'2') && luhn(id)
}
