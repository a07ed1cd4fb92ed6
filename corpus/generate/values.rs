//! The values: e-mail addresses, telephone numbers, IP addresses, cards, and what only looks like one.

use super::plans::{PLANS, Plan, SCHEMES};
use super::rng::Rng;
use super::words::Language;
use std::fmt::Write;

/// Which of the four must-have types a value is, by its entity name.
pub type Kind = &'static str;
pub const EMAIL: Kind = "EMAIL_ADDRESS";
pub const PHONE: Kind = "PHONE_NUMBER";
pub const IP: Kind = "IP_ADDRESS";
pub const CARD: Kind = "CREDIT_CARD";

/// A text and the values in it.
#[derive(Default)]
pub struct Text {
    pub text: String,
    /// Kind, start and end, in the order in which they stand.
    pub values: Vec<(Kind, usize, usize)>,
}

impl Text {
    /// Empties it.
    pub fn clear(&mut self) {
        self.text.clear();
        self.values.clear();
    }

    /// Appends what `write` writes, as a value.
    pub fn value(&mut self, kind: Kind, write: impl FnOnce(&mut String)) {
        let start = self.text.len();
        write(&mut self.text);
        self.values.push((kind, start, self.text.len()));
    }
}

/// Writes `pattern` with its wildcards filled in: those of the plans, `x` a hexadecimal digit, `A` a capital; `\` takes the next as it is.
pub fn fill(rng: &mut Rng, pattern: &str, out: &mut String) {
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next()),
            '#' => out.push(char::from(b'0' + rng.below(10) as u8)),
            'Z' => out.push(char::from(b'1' + rng.below(9) as u8)),
            'N' => out.push(char::from(b'2' + rng.below(8) as u8)),
            'x' => out.push(char::from(b"0123456789abcdef"[rng.below(16)])),
            'A' => out.push(char::from(b'A' + rng.below(26) as u8)),
            _ => out.push(c),
        }
    }
}

/// Name parts for local parts and host names, in ASCII.
const PARTS: [&str; 32] = [
    "maya", "owen", "jannik", "frauke", "corentin", "solene", "inigo", "macarena", "ginevra", "ottavio", "thais",
    "caetano", "sanne", "joris", "bozena", "wojtek", "aysegul", "baris", "zlata", "rodion", "asahi", "mizuki", "layan",
    "ziad", "aarohi", "vihaan", "yutong", "haoran", "tuva", "sixten", "kestrel", "o'dea",
];
const HOSTS: [&str; 14] = [
    "example.com",
    "example.org",
    "example.net",
    "mail.example.com",
    "post.example.org",
    "firma.example.net",
    "correo.example.com",
    "support.example.com",
    "uni.example.org",
    "shop.example.net",
    "a.b.example.com",
    "mx1.example.net",
    "team-nord.example.com",
    "EXAMPLE.COM",
];
const WORDS: [&str; 12] = [
    "quill", "harrow", "lantern", "birke", "fontaine", "nogal", "cedro", "wicker", "brzoza", "kavak", "topol", "bjork",
];
const TOP: [&str; 22] = [
    "com", "net", "org", "de", "fr", "es", "it", "com.br", "nl", "pl", "com.tr", "ru", "co.jp", "sa", "co.in", "cn",
    "se", "io", "email", "co.uk", "info", "museum",
];

/// An address of an invented person, most at a domain reserved for examples.
pub fn email(rng: &mut Rng, out: &mut String) {
    let (a, b) = (rng.pick(&PARTS), rng.pick(&PARTS));
    match rng.below(20) {
        0..=5 => _ = write!(out, "{a}.{b}"),
        6..=8 => _ = write!(out, "{a}{}", rng.below(100)),
        9..=10 => _ = write!(out, "{a}_{b}"),
        11 => _ = write!(out, "{a}+{}", WORDS[rng.below(WORDS.len())]),
        12 => _ = write!(out, "{}{b}", &a[..1]),
        13 => _ = write!(out, "{}.{b}-{a}", &a[..1]),
        14 => _ = write!(out, "{}{}", a.to_uppercase(), rng.range(1960, 2009)),
        15 => _ = write!(out, "{}.{}", ["jürgen", "małgosia", "élodie", "юля", "太郎"][rng.below(5)], b),
        _ => out.push_str(a),
    }
    out.push('@');
    match rng.below(10) {
        0..=6 => out.push_str(rng.pick(&HOSTS)),
        // Invented names with a number, so that no one is likely to own them.
        7..=8 => {
            let (w, top) = (rng.pick(&WORDS), rng.pick(&TOP));
            _ = write!(out, "{w}{}-{}.{top}", rng.pick(&WORDS), rng.range(1000, 9999));
        }
        _ => _ = write!(out, "{}.example.{}", rng.pick(&WORDS), ["com", "org", "net"][rng.below(3)]),
    }
}

/// Plans of the language's own country half the time.
fn plan(rng: &mut Rng, language: &Language) -> &'static Plan {
    if rng.chance(0.5) {
        let country = &language.locale[3..];
        let own = PLANS.iter().filter(|p| p.country == country).count();
        if own > 0 {
            let n = rng.below(own);
            if let Some(p) = PLANS.iter().filter(|p| p.country == country).nth(n) {
                return p;
            }
        }
    }
    &PLANS[rng.below(PLANS.len())]
}

/// A number in one of the forms in which its country writes it.
pub fn phone(rng: &mut Rng, language: &Language, out: &mut String) {
    let p = plan(rng, language);
    let start = out.len();
    match rng.below(100) {
        // +49 30 4567 8901
        0..=39 => {
            _ = write!(out, "+{} ", p.code);
            fill(rng, p.abroad, out);
        }
        // E.164
        40..=59 => {
            _ = write!(out, "+{}", p.code);
            let mut n = String::new();
            fill(rng, p.abroad, &mut n);
            out.extend(n.chars().filter(char::is_ascii_digit));
        }
        60..=62 => {
            _ = write!(out, "00{} ", p.code);
            fill(rng, p.abroad, out);
        }
        // +49 (0)30 …, where the trunk prefix is a zero that falls away abroad
        63..=65 if p.national.starts_with('0') && !p.abroad.starts_with(['0', '(']) => {
            _ = write!(out, "+{} (0)", p.code);
            fill(rng, p.abroad, out);
        }
        // another separator throughout
        66..=72 => {
            let other = ["-", ".", "\u{a0}", "–"][rng.below(4)];
            let mut n = format!("+{} ", p.code);
            fill(rng, p.abroad, &mut n);
            let mut gap = false;
            for c in n.chars() {
                if c.is_ascii_digit() || c == '+' {
                    if gap {
                        out.push_str(other);
                    }
                    out.push(c);
                }
                gap = !c.is_ascii_digit() && c != '+';
            }
        }
        73..=75 => {
            fill(rng, p.national, out);
            _ = write!(out, "{}{}", [" ext. ", " x", " ext "][rng.below(3)], rng.range(10, 9999));
        }
        _ => fill(rng, p.national, out),
    }
    if let Some(zero) = own_zero(language).filter(|_| rng.chance(0.12)) {
        own_digits(out, start, zero);
    }
}

/// The zero of the digits that the language's script has of its own.
fn own_zero(language: &Language) -> Option<u32> {
    match &language.locale[..2] {
        "ar" => Some(0x660),
        "hi" => Some(0x966),
        "ja" => Some(0xff10),
        _ => None,
    }
}

fn own_digits(out: &mut String, start: usize, zero: u32) {
    let tail: String =
        out[start..].chars().map(|c| c.to_digit(10).and_then(|d| char::from_u32(zero + d)).unwrap_or(c)).collect();
    out.truncate(start);
    out.push_str(&tail);
}

/// A number of a card scheme with its check digit (ISO/IEC 7812-1, Luhn).
pub fn card(rng: &mut Rng, out: &mut String) {
    let s = &SCHEMES[rng.below(SCHEMES.len())];
    let mut digits = rng.range(s.prefix.0 as usize, s.prefix.1 as usize).to_string();
    while digits.len() < s.length - 1 {
        digits.push(char::from(b'0' + rng.below(10) as u8));
    }
    digits.push(luhn(&digits));
    let gap = ["", "", " ", " ", " ", "-", "-", "\u{a0}", ".", "\u{202f}"][rng.below(10)];
    let mut at = 0;
    for (i, n) in s.groups.iter().enumerate() {
        if i > 0 {
            out.push_str(gap);
        }
        out.push_str(&digits[at..at + n]);
        at += n;
    }
}

/// The digit that makes `digits` and it pass the Luhn check.
pub fn luhn(digits: &str) -> char {
    let sum: u32 = (digits.bytes().rev().enumerate())
        .map(|(i, b)| {
            let d = u32::from(b - b'0') << (1 - i % 2);
            if d > 9 { d - 9 } else { d }
        })
        .sum();
    char::from(b'0' + ((10 - sum % 10) % 10) as u8)
}

/// An IP address: the documentation ranges and private ones mostly.
pub fn ip(rng: &mut Rng, out: &mut String) {
    let n = rng.below(100);
    let v4 = match n {
        0..=17 => "192.0.2.",
        18..=32 => "198.51.100.",
        33..=47 => "203.0.113.",
        48..=54 => "10.20.",
        55..=59 => "192.168.1.",
        60..=64 => "172.16.4.",
        _ => "",
    };
    if n < 65 {
        out.push_str(v4);
        if v4 == "10.20." {
            _ = write!(out, "{}.", rng.below(256));
        }
        _ = write!(out, "{}", rng.range(1, 254));
        return;
    }
    match n {
        65..=74 => fill(rng, "2001:db8:xxxx:xxxx:xxxx:xxxx:xxxx:xxxx", out),
        75..=84 => fill(rng, "2001:db8::Zx:xxxx", out),
        85..=88 => fill(rng, "2001:DB8:Zx::Z", out),
        89..=91 => fill(rng, "fe80::Zxx:Zxff:fexx:xxxx%eth0", out),
        92..=93 => _ = write!(out, "::ffff:192.0.2.{}", rng.range(1, 254)),
        94..=95 => fill(rng, "fd12:3456:Zxx::Zxx", out),
        _ => fill(rng, "2001:db8:0:0:Zx:0:0:Zx", out),
    }
}

const NEGATIVES: [&str; 46] = [
    "2024-0Z-1# 1#:4#:2#",
    "2023-1Z-0ZT0#:5#:3#.###Z",
    "0Z.1Z.2024 1#:3#",
    "1#/0Z/2023, 0#:1# PM",
    "17########",
    "17###########",
    "168###########",
    "1#:4#:0#.###",
    "v1.#.Z#",
    "v2#.1#.#.Z",
    "version 4.1#.0.2#",
    "1#.Z.0-rc.#",
    "react@18.#.0",
    "npm@1.Z.3",
    "@types/node@20.1#.#",
    "lodash==4.17.#",
    "xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx",
    "XXAAZZ#",
    "#1##-7######-2######",
    "1\\Z999AA10#########",
    "RA#########DE",
    "00340434##############",
    "I\\NV-2024-00####",
    "#Z####",
    "Z.###,## €",
    "$Z,###.##",
    "Z##.## kr",
    "R$ Z#,##",
    "¥Z,###",
    "978-3-16-148410-0",
    "ISB\\N 978 0 306 40615 7",
    "IMEI 49 015420 323751 8",
    "52.5#####, 13.4#####",
    "-33.8#####,151.2#####",
    "std::collections::HashMap",
    "Foo::bar()",
    "ab::cd",
    "a::b::c",
    "§ Z.Z.Z",
    "section Z.#.1.Z",
    "Z-# und Z-#",
    "2023-24",
    "2023–2024",
    "0\\x7ffexxxxxxxx",
    "sha256:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "git@github.com:quill/lantern.git",
];

/// Something that looks like one of the four and is none.
pub fn negative(rng: &mut Rng, language: &Language, out: &mut String) {
    if rng.chance(0.35) {
        // A number that its sentence says is an order, a parcel or a ticket.
        let carrier = rng.pick(language.order);
        let (before, after) = carrier.split_once('_').unwrap_or((carrier, ""));
        out.push_str(before);
        let form =
            ["Z#########", "Z########", "Z##########", "40#-Z######-Z######", "AA#######", "Z#######"][rng.below(6)];
        fill(rng, form, out);
        out.push_str(after);
    } else {
        let form = rng.pick(&NEGATIVES);
        fill(rng, form, out);
    }
}
