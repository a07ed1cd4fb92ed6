use super::*;
use proptest::prelude::*;

fn roster(names: &[&str]) -> Roster {
    let mut roster = Roster::default();
    names.iter().for_each(|n| roster.declare(n.as_bytes()));
    roster
}

fn found(roster: &Roster, text: &str) -> Vec<String> {
    let mut out = Vec::new();
    roster.find(text.as_bytes(), 0.9, &mut out);
    out.iter().map(|m| text[m.span.range()].to_owned()).collect()
}

#[test]
fn the_name_declared_longest_ago_is_dropped() {
    let names: Vec<String> = (0..=KEPT).map(|i| format!("Ab{}", letters(i))).collect();
    let mut r = Roster::default();
    names[..KEPT].iter().for_each(|n| r.declare(n.as_bytes()));
    r.declare(names[0].as_bytes());
    assert_eq!(found(&r, &names[1]), [names[1].as_str()]);
    r.declare(names[KEPT].as_bytes());
    assert!(found(&r, &names[1]).is_empty(), "it was declared longest ago");
    for n in [&names[0], &names[KEPT], &names[KEPT - 1]] {
        assert_eq!(found(&r, n), [n.as_str()]);
    }
    assert!(r.names.len() <= KEPT);
}

/// A word for a number below 160 000.
fn letters(n: usize) -> String {
    (0..4).map(|place| (b'a' + (n / 20_usize.pow(place) % 20) as u8) as char).collect()
}

#[test]
fn what_is_nobodys_name_declares_nothing() {
    for name in ["", "  ", "+1 555 0100", "ana@example.com", "Support", "Butly Bot", "~", "12", "A", "a/b", "\u{200B}"]
    {
        assert!(roster(&[name]).is_empty(), "{name:?}");
    }
    assert!(roster(&[&"a b ".repeat(40)]).is_empty());
}

const NAMES: &[&str] = &[
    "Ana Reis",
    "Jean-Luc O'Brien",
    "Élodie Ça",
    "Иван Петров",
    "山田 太郎",
    "김민수",
    "معاذ",
    "Max van den Berg",
    "Bo",
];

/// Pieces of texts in which names stand, or almost.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(NAMES).prop_map(str::to_owned),
        prop::sample::select(NAMES).prop_map(str::to_uppercase),
        prop::sample::select(NAMES).prop_map(|n| n.split(' ').next().unwrap_or("").to_owned()),
        prop::sample::select(
            &["'s", "’s", " ", ", ", ". ", "-", "@", "«", "»", "é", "x", "7", "Ms ", "山", "\u{301}", "ن", "\r\n"][..]
        )
        .prop_map(str::to_owned),
        ".{0,3}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|p| p.concat())
}

proptest! {
    /// The quick look holds nothing back: with filters that let everything through, the same is found.
    #[test]
    fn the_quick_look_sees_every_name(text in pieces()) {
        let quick = roster(NAMES);
        let mut slow = roster(NAMES);
        (slow.heads, slow.raw, slow.unspaced) = (Heads(Box::new([u64::MAX; 1024])), Heads(Box::new([u64::MAX; 1024])), true);
        prop_assert_eq!(found(&quick, &text), found(&slow, &text));
    }

    /// Any bytes at all: no panic, in order, none overlapping.
    #[test]
    fn any_bytes(text in prop::collection::vec(any::<u8>(), 0..200), name in prop::collection::vec(any::<u8>(), 0..40)) {
        let mut r = roster(NAMES);
        r.declare(&name);
        let mut out = Vec::new();
        let mut text = text;
        text.extend_from_slice(&name);
        r.find(&text, 0.9, &mut out);
        prop_assert!(out.windows(2).all(|w| w[0].span.end <= w[1].span.start));
        prop_assert!(out.iter().all(|m| !m.span.is_empty() && m.span.end <= text.len()));
    }
}

/// What would be found if each place were looked at.
fn plainly(roster: &Roster, text: &[u8]) -> Vec<Match> {
    let (mut out, mut free): (Vec<Match>, usize) = (Vec::new(), 0);
    for (i, b) in text.iter().enumerate() {
        let stretch = i == 0 || text[i - 1] < 0x80;
        let begins = b.is_ascii_uppercase() || if roster.unspaced { *b >= 0xC0 } else { *b >= 0x80 && stretch };
        if begins
            && i >= free
            && let Some(found) = roster.at(text, i, 0.9)
        {
            free = found.span.end;
            out.push(found);
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn no_place_is_passed_over(
        parts in proptest::collection::vec(0..26usize, 0..40),
        cjk in any::<bool>(),
        raw in proptest::collection::vec(0x80..=0xFFu8, 0..6),
    ) {
        let mut roster = Roster::default();
        for name in ["Ana Reis", "Éva Ős", "Мария Орлова", "Ли Бо", "ليان القاسمي", "Ελένη Ρήγα", "आरव शर्मा", "דנה לוי"] {
            roster.declare(name.as_bytes());
        }
        if cjk {
            roster.declare("李娜".as_bytes());
            roster.declare("สมชาย".as_bytes());
        }
        let pieces: [&[u8]; 26] = [
            b"Ana", b"Reis", " Éva".as_bytes(), "é".as_bytes(), "Мария".as_bytes(), "Орлова".as_bytes(), "Ли".as_bytes(),
            "ж".as_bytes(), "×".as_bytes(), "ليان".as_bytes(), "، ".as_bytes(), "ال".as_bytes(), "Ελένη".as_bytes(), "«".as_bytes(),
            "आरव".as_bytes(), "दनम".as_bytes(), "דנה".as_bytes(), "־".as_bytes(), "李娜".as_bytes(), "好".as_bytes(),
            "สมชาย".as_bytes(), b" ", b", ", b"a", "\u{1F600}".as_bytes(), &raw,
        ];
        let text = parts.iter().flat_map(|p| pieces[*p]).copied().collect::<Vec<u8>>();
        let mut found = Vec::new();
        roster.find(&text, 0.9, &mut found);
        prop_assert_eq!(found, plainly(&roster, &text));
    }
}
