//! Numbers in any grouping, and phone numbers with and without what may stand before them.

use super::Kind;
use super::spellings::Signs;
use super::table::mix;

/// Numbers of fewer digits are looked for as they are written and, if few such are listed, in groups (see [`few`]); so are those of fewer
/// than `BARE` in one group, which would meet every date.
const LEAST: usize = 7;
const BARE: usize = 9;
/// Numbers of fewer digits are only looked for as they are written.
pub(super) const SHORTEST: usize = 6;
/// From so many digits on a number is no chance meeting of columns.
const SURE: usize = 13;
/// Digits of the longest number: the longest IBAN (ISO 13616) has 34 characters.
pub(super) const MOST: usize = 34;
/// Digits of the longest phone number (ITU-T E.164).
const PHONE: usize = 15;

/// What stands between two groups of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    /// They are no one number.
    None,
    /// They may be.
    Firm,
    /// They may be, or columns of a table, or elements of a list.
    Loose(u8),
}

/// What `between` two groups of digits makes of them.
#[inline]
pub(super) fn joint(between: &[u8]) -> Joint {
    match *between {
        [b @ (b',' | b'\t' | b'\n' | b'_' | b':' | b'|' | b'*' | b'~')] => Joint::Loose(b),
        [_, ..] if between.len() < 10 && marks(between).is_some_and(|n| n < 4) => Joint::Firm,
        _ => Joint::None,
    }
}

/// How many marks `between` consists of that only group digits.
fn marks(mut between: &[u8]) -> Option<usize> {
    let mut n = 0;
    while let [first, rest @ ..] = between {
        between = match (first, rest) {
            (b' ' | b'-' | b'.' | b'(' | b')' | b'/' | b'\'', _) => rest,
            // No-break and thin spaces, for what can't be folded; `·`, and what is taken for it.
            (0xC2, [0xA0 | 0xB7, rest @ ..]) | (0xCB, [0x99, rest @ ..]) => rest,
            // Spaces from U+2000, hyphens and dashes, apostrophes, bullets, U+202F.
            (0xE2, [0x80, 0x80..=0x8A | 0x90..=0x95 | 0x98 | 0x99 | 0xA2 | 0xA7 | 0xAF, rest @ ..]) => rest,
            // Minus, the bullet and the dot of operators.
            (0xE2, [0x88, 0x92 | 0x99, rest @ ..]) | (0xE2, [0x8B, 0x85, rest @ ..]) => rest,
            // The dot of Japanese.
            (0xE3, [0x83, 0xBB, rest @ ..]) => rest,
            _ => return None,
        };
        n += 1;
    }
    Some(n)
}

/// Whether a number of `digits` may be written with `by` between its groups. `alone`: no further group stands beside it behind the same mark.
/// Short numbers meet neighbouring columns by chance, so they must be all there is.
pub(super) fn may_join(by: u8, digits: usize, alone: bool) -> bool {
    digits >= SURE || alone && matches!(by, b',' | b'\t' | b'_')
}

/// Whether `listed` numbers of `digits` are so few that one in any groups is no chance meeting: no more than one in ten thousand of all
/// there are. Else each amount with its thousands apart would be one of a million ids of six digits.
pub(super) fn few(listed: usize, digits: usize) -> bool {
    listed <= 10usize.pow(digits as u32 - 4)
}

/// A value on the list that is a number, of which other spellings are looked for.
pub(super) struct Listed {
    digits: [u8; MOST],
    length: usize,
    /// `+` leads.
    plus: bool,
    /// It is written in groups: more likely a phone number than an id.
    grouped: bool,
}

impl Listed {
    /// The digits of a number that is so short that it may meet others by chance.
    pub fn short(&self) -> Option<&[u8]> {
        let least = if self.plus || self.grouped { LEAST } else { BARE };
        (self.length < least).then_some(self.digits())
    }

    fn digits(&self) -> &[u8] {
        &self.digits[..self.length]
    }
}

/// The value as a number, if it is one.
pub(super) fn listed(text: &[u8]) -> Option<Listed> {
    let text = text.trim_ascii();
    let (plus, rest) = match text.strip_prefix(b"+") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    if !rest.first().is_some_and(|b| b.is_ascii_digit() || *b == b'(') || !rest.last().is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let (mut digits, length) = ([0; MOST], Signs::of(rest).digits());
    let grouped = length < rest.len();
    let place = digits.get_mut(..length).filter(|_| length >= SHORTEST)?;
    if grouped {
        let only = rest.iter().filter(|b| b.is_ascii_digit());
        place.iter_mut().zip(only).for_each(|(place, digit)| *place = *digit);
    } else {
        place.copy_from_slice(rest);
    }
    let groups = || rest.split(u8::is_ascii_digit).all(|m| m.is_empty() || joint(m) != Joint::None);
    (!grouped || groups()).then_some(Listed { digits, length, plus, grouped })
}

/// Digits of the country code (ITU-T E.164, list of assigned codes) that `digits` begins with.
fn country(digits: &[u8]) -> usize {
    match digits {
        [b'1' | b'7', ..] => 1,
        [b'2', b'0' | b'7', ..]
        | [b'3', b'0'..=b'4' | b'6' | b'9', ..]
        | [b'4', b'0' | b'1' | b'3'..=b'9', ..]
        | [b'5', b'1'..=b'8', ..]
        | [b'6', b'0'..=b'6', ..]
        | [b'8', b'1' | b'2' | b'4' | b'6', ..]
        | [b'9', b'0'..=b'5' | b'8', ..] => 2,
        _ => 3,
    }
}

/// Whether `digits` are a country's code and nothing else.
pub(super) fn is_country(digits: &[u8]) -> bool {
    digits.len() == country(digits)
}

/// Calls `look` with the keys of a number that stands behind its country's code: those of phone numbers that are listed without.
pub(super) fn own(digits: &[u8], look: &mut dyn FnMut(Kind, u64, usize)) {
    let own = digits.strip_prefix(b"0").unwrap_or(digits);
    look(Kind::Number, hash(0, own), own.len());
}

/// What follows the prefix by which one calls abroad, if it is one.
fn abroad(digits: &[u8], plus: bool) -> Option<&[u8]> {
    let rest = match digits {
        _ if plus => digits,
        [b'0', b'0', rest @ ..] | [b'0', b'1', b'1', rest @ ..] => rest,
        _ => return None,
    };
    (rest.first().is_some_and(|d| *d != b'0') && (LEAST + 1..=PHONE + 1).contains(&rest.len())).then_some(rest)
}

/// Calls `give` with each key of a number on the list: kind, hash, digits.
pub(super) fn keys(number: &Listed, give: &mut dyn FnMut(Kind, u64, usize)) {
    let (digits, plus) = (number.digits(), number.plus);
    if let Some(rest) = abroad(digits, plus) {
        let (code, behind) = rest.split_at(country(rest));
        let own = behind.strip_prefix(b"0").unwrap_or(behind); // +44 (0)20 …
        give(Kind::International, hash(hash(0, code), own), code.len() + own.len());
        if own.len() >= LEAST {
            give(Kind::Shortened, hash(0, own), own.len());
        }
        // Italy's numbers keep their 0.
        if own.len() < behind.len() {
            give(Kind::International, hash(0, rest), rest.len());
        }
    }
    let own = digits.strip_prefix(b"0").unwrap_or(digits);
    let mut national = |own: &[u8]| give(Kind::Number, hash(0, own), own.len());
    national(own);
    match digits {
        _ if plus || !number.grouped => {}
        [b'0', b'6', own @ ..] if own.len() >= LEAST => national(own), // Hungary's trunk prefix
        [b'1' | b'8', own @ ..] if own.len() == 10 => national(own),   // North America's, Russia's
        _ => {}
    }
    if !plus && own.len() == digits.len() && (11..=PHONE).contains(&digits.len()) {
        give(Kind::International, hash(0, digits), digits.len());
    }
}

/// Calls `look` with each key that a number in a text could have on the list.
pub(super) fn looks(digits: &[u8], plus: bool, look: &mut dyn FnMut(Kind, u64, usize)) {
    if let Some(rest) = abroad(digits, plus) {
        let (code, own) = rest.split_at(country(rest));
        let short = own.strip_prefix(b"0").unwrap_or(own);
        look(Kind::International, hash(0, rest), rest.len());
        if short.len() < own.len() {
            look(Kind::International, hash(hash(0, code), short), code.len() + short.len());
        }
        look(Kind::Number, hash(0, short), short.len());
    }
    if plus {
        look(Kind::Number, hash(0, digits), digits.len());
        return;
    }
    let mut national = |own: &[u8]| {
        let h = hash(0, own);
        look(Kind::Number, h, own.len());
        look(Kind::Shortened, h, own.len());
    };
    match digits {
        [b'0', own @ ..] => {
            national(own);
            if let [b'6', own @ ..] = own {
                national(own); // Hungary's trunk prefix is 06
            }
        }
        _ => {
            national(digits);
            if digits.len() == 11 && matches!(digits[0], b'8' | b'1') {
                national(&digits[1..]); // Russia's and North America's
            }
        }
    }
    let h = hash(0, digits);
    look(Kind::International, h, digits.len());
    if (11..=PHONE).contains(&digits.len()) && digits[0] != b'0' {
        let own = &digits[country(digits)..];
        let own = own.strip_prefix(b"0").unwrap_or(own);
        look(Kind::Number, hash(0, own), own.len());
    }
}

/// Lengths of digits in a text, a bit each, that could be a number whose key has `length` digits: up to three of a prefix, three
/// of a country and a trunk's zero.
pub(super) fn reach(length: usize) -> u64 {
    0xFF << length.min(56)
}

/// The hash of `digits` behind those that gave `h`.
fn hash(h: u64, digits: &[u8]) -> u64 {
    digits.iter().fold(h, |h, d| h.wrapping_mul(0x2545_F491_4F6C_DD1D).wrapping_add(u64::from(d - b'0') + 1))
}

/// The table's key.
pub(super) fn key(kind: Kind, hash: u64, length: usize) -> u64 {
    mix(hash ^ (kind as u64) << 56 ^ (length as u64) << 48)
}

/// The key of a number that is [short](Listed::short).
pub(super) fn short(digits: &[u8]) -> u64 {
    let own = digits.strip_prefix(b"0").unwrap_or(digits);
    key(Kind::Number, hash(0, own), own.len())
}

/// Whether what is `written` begins with a day (2024-03-04, 04.03.2024), or is one (04.03.24).
pub(super) fn begins_as_day(written: &[u8]) -> bool {
    let digits = |from: usize| {
        let rest = written.get(from..).unwrap_or_default();
        &rest[..rest.iter().take_while(|b| b.is_ascii_digit()).count()]
    };
    let a = digits(0);
    let b = digits(a.len() + 1);
    let third = a.len() + b.len() + 2;
    let c = digits(third);
    let (Some(one), Some(two)) = (written.get(a.len()), written.get(third - 1)) else { return false };
    let whole = third + c.len() == written.len();
    if one != two || c.is_empty() || !(b"-./_".contains(one) || whole && *one == b' ') {
        return false;
    }
    let number = |d: &[u8]| d.iter().fold(0u32, |n, d| n.wrapping_mul(10).wrapping_add(u32::from(d - b'0')));
    let year = |d: &[u8]| d.len() == 4 && matches!(&d[..2], b"19" | b"20") || d.len() == 2 && whole;
    let small = |d: &[u8], most: u32| d.len() == 2 && (1..=most).contains(&number(d));
    year(a) && small(b, 12) && small(c, 31) || year(c) && small(a, 31) && small(b, 31)
}
