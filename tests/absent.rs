//! `sluice verify --absent`: listed values, planted in every spelling and format, are told; what is not listed is not. Generated from fixed seeds.

#[path = "support/program.rs"]
mod program;

use program::Place;
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

/// Knuth's MMIX generator: the same values on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    fn digits(&mut self, n: usize) -> String {
        (0..n).map(|i| char::from(b'0' + if i == 0 { 1 + self.below(9) } else { self.below(10) } as u8)).collect()
    }

    /// Syllables.
    fn word(&mut self) -> String {
        let n = 2 + self.below(2);
        (0..n)
            .map(|_| format!("{}{}", self.of(&["k", "r", "v", "t", "sh", "l"]), self.of(&["a", "o", "u", "e"])))
            .collect()
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Email,
    Phone,
    Card,
    Name,
    Greek,
    Id,
    Uuid,
}

const KINDS: [Kind; 7] = [Kind::Email, Kind::Phone, Kind::Card, Kind::Name, Kind::Greek, Kind::Id, Kind::Uuid];

fn value(kind: Kind, dice: &mut Dice) -> String {
    let capital = |w: String| w[..1].to_uppercase() + &w[1..];
    match kind {
        Kind::Email => {
            format!("{}.{}{}@example.{}", dice.word(), dice.word(), dice.below(100), dice.of(&["com", "org", "net"]))
        }
        Kind::Phone => format!("+44 20 {} {}", dice.digits(4), dice.digits(4)),
        Kind::Card => dice.digits(16),
        Kind::Name => {
            let end = dice.of(&["ß", "é", "ñoz", "İl", "ık", "öl", "s"]);
            format!("{} {}{end}", capital(dice.word()), capital(dice.word()))
        }
        Kind::Greek => {
            let stem = |d: &mut Dice| {
                format!(
                    "{}{}",
                    d.of(&["Κώ", "Νί", "Πέ", "Ρά", "Μά"]),
                    d.of(&["στας", "κος", "τρος", "λης", "ριος"]).trim_end_matches('ς')
                )
            };
            format!("{}ς {}{}", stem(dice), stem(dice), dice.of(&["ράκης", "δόπουλος"]))
        }
        Kind::Id => format!("{}_{}{}", dice.of(&["usr", "acc", "cst"]), dice.word(), dice.digits(5)),
        Kind::Uuid => {
            let hex: String = (0..32).map(|_| char::from(b"0123456789abcdef"[dice.below(16)])).collect();
            [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
        }
    }
}

/// Capitals as they are written: Greek without its accents, Turkish both ways.
fn in_case(text: &str, dice: &mut Dice) -> String {
    match dice.below(5) {
        0 => text.to_uppercase(),
        1 => text.to_lowercase(),
        2 => text.to_uppercase().nfd().filter(|c| !matches!(*c, '\u{300}'..='\u{36F}')).collect(),
        3 => text.to_uppercase().replace('İ', "I").replace("SS", "ẞ"),
        _ => text.into(),
    }
}

/// Digits in other groups.
fn regrouped(value: &str, kind: Kind, dice: &mut Dice) -> String {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let (head, digits) = match kind {
        Kind::Phone => {
            let head = dice.of(&["+44", "0044 ", "+44 (0)", "0"]);
            (head, &digits[2..])
        }
        _ => ("", &digits[..]),
    };
    let by = dice.of(&["", " ", "-", ".", "/", " - ", "'", "’", "·", "\u{A0}", "\u{2009}", "\u{2011}", ",", "_"]);
    // Of a phone number's head with other marks no more than one is one number.
    let (head, by) =
        if matches!(by, "," | "_") { if kind == Kind::Card { ("", by) } else { (head, " ") } } else { (head, by) };
    let groups: Vec<&str> = digits.as_bytes().chunks(4).map(|c| std::str::from_utf8(c).unwrap()).collect();
    format!("{head}{}", groups.join(by))
}

/// Another spelling of `value`.
fn spelled(value: &str, kind: Kind, dice: &mut Dice) -> String {
    let mut text = match kind {
        Kind::Phone | Kind::Card if dice.below(3) > 0 => regrouped(value, kind, dice),
        Kind::Uuid if dice.below(3) == 0 => value.replace('-', ""),
        Kind::Name | Kind::Greek if dice.below(4) == 0 => value.replace(' ', dice.of(&["_", "+", "  ", "\u{A0}", "."])),
        _ => value.to_owned(),
    };
    text = in_case(&text, dice);
    text = if dice.below(2) == 0 { text.nfc().collect() } else { text.nfd().collect() };
    if dice.below(4) == 0 {
        let wide = |c: char| if matches!(c, '!'..='~') { char::from_u32(c as u32 + 0xFEE0).unwrap() } else { c };
        text = text.chars().map(wide).collect();
    }
    if dice.below(4) == 0 {
        text = text
            .chars()
            .flat_map(|c| [Some(c), (c.is_alphabetic() && dice.below(3) == 0).then_some('\u{200B}')])
            .flatten()
            .collect();
        text = text.trim_end_matches('\u{200B}').into();
    }
    let way = dice.below(9);
    let mut units = [0; 2];
    text.chars()
        .map(|c| match way {
            _ if dice.below(3) == 0 => c.to_string(),
            0 => format!("&#{};", c as u32),
            1 => format!("&#x{:X};", c as u32),
            2 => c.to_string().bytes().map(|b| format!("%{b:02X}")).collect(),
            3 => c.encode_utf16(&mut units).iter().map(|u| format!("\\u{u:04x}")).collect(),
            4 => format!("\\u{{{:x}}}", c as u32),
            5 => c.to_string().bytes().map(|b| format!("\\x{b:02x}")).collect(),
            _ => c.to_string(),
        })
        .collect()
}

/// What may stand around a value in running text.
fn around(text: &str, kind: Kind, dice: &mut Dice) -> String {
    let before = dice.of(&["see ", "(", "x: ", "«", "id=", "\"", "mailto:"]);
    let behind = match kind {
        Kind::Email => dice.of(&[" ok", ")", ".", ", then", ".It works", ".zip", "-export.zip", "?"]),
        _ => dice.of(&[" ok", ")", "; then", "!", "»", "\"?"]),
    };
    format!("{before}{text}{behind}")
}

/// `texts` as a file of a format, and the line at which each begins.
fn file(format: &str, texts: &[String]) -> (String, Vec<u64>) {
    let (mut out, mut lines) = (String::new(), Vec::new());
    match format {
        "csv" => out += "number,comment\n",
        "vtt" => out += "WEBVTT\n\n",
        _ => {}
    }
    for (i, text) in texts.iter().enumerate() {
        let at = |out: &str| 1 + out.matches('\n').count() as u64;
        match format {
            "jsonl" => {
                lines.push(at(&out));
                out += &serde_json::json!({"n": i, "text": text}).to_string();
            }
            "csv" => {
                lines.push(at(&out));
                out += &format!("{i},\"{}\"", text.replace('"', "\"\""));
            }
            "vtt" => {
                out += &format!("00:{:02}:{:02}.000 --> 00:{:02}:{:02}.900\n", i / 60, i % 60, i / 60, i % 60);
                lines.push(at(&out));
                out += &format!("{text}\n");
            }
            _ => {
                lines.push(at(&out));
                out += text;
            }
        }
        out.push('\n');
    }
    (out, lines)
}

/// The places that are told: file, line, line of the list.
fn told(place: &Place) -> BTreeSet<(String, u64, u64)> {
    let ran = place.run(&["verify", "d", "--absent", "list", "--json", "-q"]);
    assert!(matches!(ran.status, Some(0 | 1)), "{}", ran.err);
    let one = |l: &str| {
        let row: serde_json::Value = serde_json::from_str(l).unwrap();
        let number = |name: &str| row[name].as_u64().unwrap();
        (row["path"].as_str().unwrap().to_owned(), number("line"), number("list_line"))
    };
    ran.out().lines().map(one).collect()
}

#[test]
fn every_spelling_in_every_format_is_told_and_nothing_else() {
    for seed in 0..16 {
        let (mut dice, place) = (Dice(seed), Place::new());
        let mut listed: Vec<(Kind, String)> = Vec::new();
        while listed.len() < 28 {
            let kind = KINDS[listed.len() % KINDS.len()];
            let new = value(kind, &mut dice);
            if listed.iter().all(|l| l.1 != new) {
                listed.push((kind, new));
            }
        }
        let list: Vec<&str> = listed.iter().map(|l| l.1.as_str()).collect();
        place.put("list", list.join("\n"));
        let (mut want, mut texts_of) = (BTreeSet::new(), Vec::new());
        for format in ["txt", "jsonl", "csv", "vtt"] {
            let (mut texts, mut planted) = (Vec::new(), Vec::new());
            for _ in 0..100 {
                let n = dice.below(listed.len());
                let (kind, value_there) = &listed[n];
                let other = value(*kind, &mut dice);
                let is = dice.below(3) > 0 || list.contains(&other.as_str());
                let spelled = spelled(if is { value_there } else { &other }, *kind, &mut dice);
                texts.push(around(&spelled, *kind, &mut dice));
                planted.push(is.then_some(n as u64 + 1));
            }
            let (bytes, lines) = file(format, &texts);
            place.put(&format!("d/f.{format}"), bytes);
            for ((line, text), planted) in lines.iter().zip(&texts).zip(planted) {
                texts_of.push((format!("d/f.{format}"), *line, text.clone()));
                if let Some(n) = planted {
                    want.insert((format!("d/f.{format}"), *line, n));
                }
            }
        }
        let got = told(&place);
        let text = |path: &str, line: u64| texts_of.iter().find(|t| t.0 == path && t.1 == line).map(|t| t.2.clone());
        let show = |(path, line, n): &(String, u64, u64)| {
            format!("{path}:{line} {:?} {}", text(path, *line), list[*n as usize - 1])
        };
        let missed: Vec<String> = want.difference(&got).map(show).collect();
        let more: Vec<String> = got.difference(&want).map(show).collect();
        assert!(missed.is_empty() && more.is_empty(), "seed {seed}\nmissed {missed:#?}\nmore {more:#?}");
    }
}
