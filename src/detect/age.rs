//! AGE: a number of years beside words that say whose they are. Things have ages, too: only somebody's count.

use super::anchors::{Anchor, Kinds};
use super::{Detector, Match, View, chars};
use crate::model::Span;
use crate::patterns::Rule;

/// Behind a number: `34 years old`. `true`: somebody must be named before; else the word is said of people alone.
const UNITS: &[(&str, bool)] = &[
    ("years old", true),
    ("year old", true),
    ("years-old", true),
    ("year-old", true),
    ("jahre alt", true),
    ("años", true),
    ("года", true),
    ("лет", true),
    ("歳", false),
    ("岁", true),
    ("yaşında", false),
    ("år gammal", true),
];
/// Before a number: `age: 34`.
const LABELS: &[&str] = &["age:", "aged ", "âge :", "âge:", "età:", "возраст", "yaş:", "年齢", "年龄", "나이"];
/// What is looked for in all text: the labels, those units that are rare words, and words that come before the others. Few: each word
/// costs something in all text, those with letters of their own least (so there is no `anni` and no `edad:`).
const LITERALS: &[&str] = &[
    "years old",
    "year old",
    "years-old",
    "year-old",
    "jahre alt",
    "años",
    "года",
    "лет",
    "yaşında",
    "år gammal",
    "j'ai ",
    "âgé",
    "age:",
    "aged ",
    "âge :",
    "âge:",
    "età:",
    "возраст",
    "yaş:",
    "年齢",
    "年龄",
    "나이",
];

/// Units that stand right behind their number without a space: looked for within words, too.
const EASTERN: &[&str] = &["歳", "岁"];

/// Words for somebody, near enough before `34 years old` to be its subject.
const PEOPLE: &[&str] = &[
    "i",
    "i'm",
    "im",
    "he",
    "he's",
    "she",
    "she's",
    "we",
    "we're",
    "they",
    "they're",
    "you",
    "you're",
    "who",
    "who's",
    "man",
    "woman",
    "boy",
    "girl",
    "son",
    "daughter",
    "child",
    "kid",
    "baby",
    "mother",
    "mom",
    "mum",
    "father",
    "dad",
    "wife",
    "husband",
    "partner",
    "brother",
    "sister",
    "grandmother",
    "grandfather",
    "grandma",
    "grandpa",
    "uncle",
    "aunt",
    "patient",
    "customer",
    "client",
    "caller",
    "student",
    "teenager",
    "person",
    "lady",
    "gentleman",
    "guy",
    "male",
    "female",
    "user",
    "ich",
    "er",
    "sie",
    "wir",
    "sohn",
    "tochter",
    "kind",
    "mutter",
    "vater",
    "frau",
    "mann",
    "bruder",
    "schwester",
    "oma",
    "opa",
    "patientin",
    "kunde",
    "kundin",
    "bin",
    "j'ai",
    "âgé",
    "âgée",
    "tengo",
    "tiene",
    "tienes",
    "tenemos",
    "cumplo",
    "cumplió",
    "tenho",
    "tem",
    "ho",
    "ha",
    "hai",
    "ik",
    "hij",
    "zij",
    "ze",
    "ben",
    "zoon",
    "dochter",
    "mam",
    "ma",
    "masz",
    "мне",
    "ему",
    "ей",
    "тебе",
    "вам",
    "сыну",
    "дочери",
    "jag",
    "han",
    "hon",
    "我",
    "他",
    "她",
    "今年",
    "儿子",
    "女儿",
];
/// Words after `34-year-old` for somebody.
const NOUNS: &[&str] = &[
    "man",
    "woman",
    "boy",
    "girl",
    "male",
    "female",
    "son",
    "daughter",
    "child",
    "kid",
    "patient",
    "student",
    "mother",
    "father",
    "person",
    "lady",
    "guy",
    "teenager",
    "customer",
    "client",
    "brother",
    "sister",
    "wife",
    "husband",
    "nephew",
    "niece",
    "grandson",
    "granddaughter",
    "resident",
    "driver",
    "worker",
    "teacher",
    "nurse",
    "engineer",
    "american",
    "german",
    "french",
    "italian",
    "spanish",
    "british",
];
/// Words between somebody and the number that turn it into a time ago, or into something else's age.
const OTHER: &[&str] = &[
    "hace",
    "desde",
    "há",
    "da",
    "fa",
    "for",
    "since",
    "seit",
    "vor",
    "depuis",
    "sinds",
    "od",
    "через",
    "назад",
    "company",
    "laptop",
    "car",
    "house",
    "years",
    "cat",
    "dog",
];
/// Words behind the unit that turn it into a time ago.
const AGO: &[&str] =
    &["ago", "fa", "atrás", "назад", "temu", "geleden", "de experiencia", "di esperienza", "de experiência"];

/// Bytes before a number in which its subject stands.
const BEFORE: usize = 36;

#[derive(Debug)]
pub(crate) struct Age {
    score: f32,
    eastern: bool,
}

impl Age {
    pub fn new(rule: &Rule) -> Age {
        Age { score: rule.score, eastern: false }
    }

    /// For Chinese and Japanese.
    pub fn eastern(rule: &Rule) -> Age {
        Age { score: rule.score, eastern: true }
    }
}

impl Detector for Age {
    fn kinds(&self) -> Kinds {
        Kinds::LITERAL
    }

    fn literals(&self) -> &[&'static str] {
        if self.eastern { EASTERN } else { LITERALS }
    }

    fn within_words(&self) -> bool {
        self.eastern
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        let (text, start) = (view.text, anchor.start());
        let unit = UNITS.iter().find(|(u, _)| stands(text, start, u));
        let found = match unit {
            Some((unit, of_people)) => unit_age(text, start, unit, *of_people),
            None => LABELS.iter().find(|l| stands(text, start, l)).map_or_else(
                || french(text, start),
                |label| labelled(text, start + label.len()).filter(|_| !part(text, start)),
            ),
        };
        out.extend(found.map(|span| Match { span, score: self.score }));
        start + 1
    }
}

/// Whether `word` stands at `at`, ASCII letters in any case.
fn stands(text: &[u8], at: usize, word: &str) -> bool {
    text.get(at..at + word.len()).is_some_and(|t| t.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether the word at `at` is the end of a name: `max-age: 34`, `user_age`.
fn part(text: &[u8], at: usize) -> bool {
    let word: usize = text[..at].iter().rev().take(12).take_while(|b| b.is_ascii_alphabetic() || **b == b' ').count();
    let before = &text[at - word..at];
    at > 0 && matches!(text[at - 1], b'-' | b'_' | b'.')
        || [&b"cache "[..], b"max ", b"ice ", b"stone ", b"bronze ", b"iron "]
            .iter()
            .any(|w| before.to_ascii_lowercase().ends_with(w))
}

/// Whether the digits `span` are years that somebody can have lived, and no part of a longer number.
fn years(text: &[u8], span: Span) -> bool {
    let digits = &text[span.range()];
    let value = digits.iter().fold(0u32, |n, b| n * 10 + u32::from(b - b'0'));
    let before = span.start.checked_sub(1).map_or(b' ', |i| text[i]);
    let after = text.get(span.end).copied().unwrap_or(b' ');
    let more =
        matches!(after, b'.' | b',' | b'/' | b':' | b'-') && text.get(span.end + 1).is_some_and(u8::is_ascii_digit);
    let joined = matches!(before, b'.' | b',' | b'/' | b':' | b'-' | b'$' | b'#')
        && span.start > 1
        && text[span.start - 2].is_ascii_digit();
    (1..=3).contains(&digits.len())
        && (1..=120).contains(&value)
        && digits[0] != b'0'
        && !more
        && !joined
        && !matches!(before, b'$' | b'#' | b'_' | b'+')
        && !chars::word_before(text, span.start)
        && !after.is_ascii_alphanumeric()
}

/// The number that ends right before `at`, but for a space or dash.
fn number_before(text: &[u8], at: usize) -> Option<Span> {
    let end = at - text[..at].iter().rev().take(1).take_while(|b| matches!(b, b' ' | b'-')).count();
    let len = text[..end].iter().rev().take(4).take_while(|b| b.is_ascii_digit()).count();
    let span = Span::new(end - len, end);
    (!span.is_empty() && years(text, span)).then_some(span)
}

/// The age before the unit at `at`.
fn unit_age(text: &[u8], at: usize, unit: &str, of_people: bool) -> Option<Span> {
    let span = number_before(text, at)?;
    let end = at + unit.len();
    if chars::word_after(text, end) && !unit.ends_with(['歳', '岁']) {
        return None;
    }
    let rest = text[end..].trim_ascii_start();
    if AGO.iter().any(|w| stands(rest, 0, w) && !chars::word_after(rest, w.len())) {
        return None;
    }
    let dashed = text[at - 1] == b'-' || unit.contains("year-old") || unit == "year old";
    let noun = words(&rest[..rest.len().min(24)]).next().filter(|_| rest.first().is_some_and(u8::is_ascii_alphabetic));
    if dashed || unit.contains("old") && noun.is_some_and(is_thing) {
        return noun.filter(|n| NOUNS.iter().any(|w| w.eq_ignore_ascii_case(n))).map(|_| span);
    }
    (!of_people || subject(text, span.start)).then_some(span)
}

/// Whether what follows `34 years old` without a stop is what is so old: `5 years old laptop`.
fn is_thing(word: &str) -> bool {
    ![
        "and", "and,", "but", "from", "in", "with", "now", "today", "so", "or", "who", "when", "this", "is", "as",
        "too", "already", "already,",
    ]
    .iter()
    .any(|w| w.eq_ignore_ascii_case(word))
}

/// Whether somebody is named before the number at `at`, in its sentence, and nothing that has ages of its own after that.
fn subject(text: &[u8], at: usize) -> bool {
    let from = at.saturating_sub(BEFORE);
    let start = text[from..at]
        .iter()
        .rposition(|b| matches!(b, b'.' | b'!' | b'?' | b'\n' | b';'))
        .map_or(from, |i| from + i + 1);
    let text = &text[start..at];
    let mut somebody = false;
    let mut near = 0;
    for word in words(text) {
        let lower = word.to_lowercase();
        let is = |list: &[&str]| list.iter().any(|w| *w == lower);
        near += 1;
        if is(PEOPLE) {
            (somebody, near) = (true, 0);
        } else if is(OTHER) {
            somebody = false;
        }
    }
    let eastern = std::str::from_utf8(text)
        .is_ok_and(|t| ["我", "他", "她", "今年", "儿子", "女儿"].iter().any(|w| t.contains(w)));
    // `my laptop that I bought is 5 years old`: the subject stands close.
    somebody && near <= 2 || eastern
}

/// The words of a text, with their apostrophes.
fn words(text: &[u8]) -> impl Iterator<Item = &str> {
    let text = text.utf8_chunks().next().map_or("", |c| c.valid());
    text.split(|c: char| !(chars::is_alphanumeric(c) || c == '\'' || c == '’')).filter(|w| !w.is_empty())
}

/// The age behind a label that ends at `at`.
fn labelled(text: &[u8], at: usize) -> Option<Span> {
    let gap = text[at..].iter().take(4).take_while(|b| b" :=\"'".contains(b)).count();
    let gap = gap
        + text[at + gap..].iter().take(3).take_while(|b| **b >= 0x80).count()
            * usize::from(text[at + gap..].starts_with("：".as_bytes()));
    let start = at + gap;
    let len = text[start..].iter().take(4).take_while(|b| b.is_ascii_digit()).count();
    let span = Span::new(start, start + len);
    let empty = len == 0 || text.get(span.end).is_some_and(|b| *b == b'%');
    (!empty && years(text, span)).then_some(span)
}

/// `j'ai 34 ans`, `âgé de 34 ans`.
fn french(text: &[u8], at: usize) -> Option<Span> {
    let from = at + text[at..].iter().take(16).position(u8::is_ascii_digit)?;
    let len = text[from..].iter().take(4).take_while(|b| b.is_ascii_digit()).count();
    let span = Span::new(from, from + len);
    let unit = text[span.end..].strip_prefix(b" ").is_some_and(|r| stands(r, 0, "ans") && !chars::word_after(r, 3));
    let between = text[at..from].iter().filter(|b| **b == b' ').count();
    (unit && between <= 3 && years(text, span)).then_some(span)
}
