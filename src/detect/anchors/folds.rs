//! Where a text could fold (see `detect::fold`): `&`, `%`, and a fingerprint of two bytes, by nibbles, for the UTF-8 of
//! digits, spaces, dashes and dots of other scripts, full-width and zero-width characters.

/// Bytes of the fingerprint.
const PRINT: usize = 2;

/// By place in the fingerprint: the groups that have a byte with this low and this high nibble there, a bit each.
pub(super) struct Folds {
    pub low: [[u8; 16]; PRINT],
    pub high: [[u8; 16]; PRINT],
}

/// Low and high nibbles of first bytes, then of second bytes. Groups are put together so that letters in common use fall
/// outside: Arabic (D8 A0 on), Hiragana, Katakana, Hangul, emoji (F0 9F), Cyrillic, Greek.
const GROUPS: [[&[u8]; 4]; 8] = [
    // U+2000 to 206F, 20E3, 2212, 2236; digits from U+104A0 on.
    [&[0x2, 0x0], &[0xE, 0xF], &[0x0, 0x1, 0x3, 0x6, 0x8, 0xC, 0xD, 0xE], &[0x8, 0x9]],
    // U+3000; FE00 to FE6B, FEFF, FF01 to FF5E.
    [&[0x3, 0xF], &[0xE], &[0x0, 0x8, 0x9, 0xB, 0xC, 0xD], &[0x8, 0xB]],
    // Digits of Indic scripts, Thai, Lao, Tibetan (E0), Lepcha and Ol Chiki (E1 B1).
    [&[0x0, 0x1], &[0xE], &[0x1, 0x3, 0x5, 0x7, 0x9, 0xB, 0xC, 0xD, 0xF], &[0xA, 0xB]],
    // Other digits from U+1040 and U+A620 on, U+115F, 1680, 180E, A789.
    [&[0x1, 0xA], &[0xE], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], &[0x8, 0x9, 0xA]],
    // U+061C.
    [&[0x8], &[0xD], &[0xC], &[0x9]],
    // U+0660 to 0669.
    [&[0x9], &[0xD], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], &[0xA]],
    // U+06F0 to 06F9, 07C0 to 07C9.
    [&[0xB, 0xF], &[0xD], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], &[0x8, 0xB]],
    // U+00A0, 00AD, 034F.
    [&[0x2, 0xD], &[0xC], &[0x0, 0xD, 0xF], &[0x8, 0xA]],
];

pub(super) const FOLDS: Folds = {
    let mut f = Folds { low: [[0; 16]; PRINT], high: [[0; 16]; PRINT] };
    let mut group = 0;
    while group < GROUPS.len() {
        let mut part = 0;
        while part < 4 {
            let nibbles = GROUPS[group][part];
            let mut i = 0;
            while i < nibbles.len() {
                let table = if part % 2 == 0 { &mut f.low } else { &mut f.high };
                table[part / 2][nibbles[i] as usize] |= 1 << group;
                i += 1;
            }
            part += 1;
        }
        group += 1;
    }
    f
};

/// Whether the fingerprint fits, or a sign that may begin an entity or a percent-encoded byte stands there.
pub(super) fn fits(first: u8, second: u8) -> bool {
    let at = |place: usize, b: u8| FOLDS.low[place][usize::from(b & 15)] & FOLDS.high[place][usize::from(b >> 4)];
    matches!(first, b'&' | b'%') || at(0, first) & at(1, second) != 0
}
