//! What a field's value must look like before its name counts.
//!
//! A shape is loose: the name has said what the value is, the shape only says that it can be. It refuses what stands in
//! such fields instead: labels, identifiers, types, paths, code.

use super::names::Names;
use super::speaker;
use super::values::Values;
use crate::detect::chars;
use crate::model::Span;
use crate::patterns::fields::Shape;
use std::net::IpAddr;

/// A trimmed value and what is known to judge it.
pub struct Value<'a> {
    pub text: &'a [u8],
    /// A JSON number, `true` or `false`.
    pub bare: bool,
    pub values: &'a Values,
    pub names: &'a Names,
}

impl Value<'_> {
    /// The part of the value that is what its name says; `None` if it can't be.
    pub fn fits(&self, shape: Shape) -> Option<Span> {
        let whole = Span::new(0, self.text.len());
        if matches!(shape, Shape::Name | Shape::Speaker | Shape::SpeakerWord) {
            return self.name(shape);
        }
        // A flag is a value of the special categories (`"pregnant": true`) and of what somebody does only.
        if ["true", "false", "yes", "no"].iter().any(|flag| self.text.eq_ignore_ascii_case(flag.as_bytes())) {
            return matches!(shape, Shape::Special | Shape::Activity).then_some(whole);
        }
        (self.decided(shape)? && !(soft(shape) && self.values.is_label(self.text, self.names))).then_some(whole)
    }

    fn decided(&self, shape: Shape) -> Option<bool> {
        let t = self.text;
        let s = std::str::from_utf8(t).ok()?;
        let count = |ascii: fn(&u8) -> bool, any: fn(char) -> bool| match s.is_ascii() {
            true => t.iter().filter(|b| ascii(b)).count(),
            false => s.chars().filter(|c| any(*c)).count(),
        };
        let digits = count(u8::is_ascii_digit, chars::is_numeric);
        let letters = count(u8::is_ascii_alphabetic, chars::is_letter);
        let one_word = !s.contains(char::is_whitespace);
        let code = |min: usize| one_word && t.len() >= min && t.len() <= 512 && digits > 0 && !path(s) && !version(s);
        Some(match shape {
            Shape::Name | Shape::Speaker | Shape::SpeakerWord => false,
            Shape::Text => letters + digits > 0 && t.len() <= 200 && !path(s),
            Shape::Username => {
                let odd = |c: char| c.is_whitespace() || "{}<>$=;|\\`\"()".contains(c);
                !s.contains(odd) && letters > 0 && s.chars().count() > 1 && t.len() <= 64 && !path(s)
            }
            Shape::Id => {
                one_word
                    && digits + letters > 0
                    && t.len() <= 128
                    && !path(s)
                    && !(version(s) && s.starts_with(['^', '~', '>', '<', '=']))
                    && (digits > 0 || t.len() >= 6 && !lower_word(s))
                    && !s.trim_matches('0').is_empty()
            }
            Shape::LongId => long_id(s, self.bare),
            Shape::PrefixedId => digits != t.len() && long_id(s, self.bare),
            Shape::CookieTag => ["GA1.", "GS1.", "GS2.", "fb."].iter().any(|p| s.starts_with(p)) && digits > 8,
            Shape::State => place(s, letters, digits) && !self.asks() && !self.values.is_condition(t, self.names),
            Shape::DegreesExact => degrees(s) && s.split_once('.').is_some_and(|(_, f)| f.len() > 1),
            Shape::LongCode => code(8) && !date_like(s),
            Shape::Token => token(s, digits),
            Shape::Secret => {
                !one_word_label(s)
                    && t.len() <= 256
                    && s.split_whitespace().count() <= 4
                    && !self.values.asks(t, self.names)
                    && !expression(s)
            }
            Shape::Jwt => s.starts_with("eyJ") && s.matches('.').count() >= 2 && one_word,
            Shape::Email => email(s),
            Shape::Phone => phone(s, digits, letters, self.bare),
            Shape::Street => letters + digits > 0 && t.len() <= 300 && !code_like(s) && !self.asks() && !lower_word(s),
            Shape::StreetLoose => {
                (letters > 1 || digits > 0 && digits < 7)
                    && t.len() <= 300
                    && !code_like(s)
                    && !self.asks()
                    && !lower_word(s)
                    && ip(s).is_none()
            }
            Shape::StreetNumber => street_number(s) && !self.asks(),
            Shape::Postal => postal(s, digits),
            Shape::Place => place(s, letters, digits) && !self.asks(),
            Shape::Degrees => degrees(s),
            Shape::Timezone => timezone(s),
            Shape::Date => date(s, digits, self.bare),
            Shape::Age => years(s).is_some_and(|n| (1..=120).contains(&n)),
            // One digit is more often a code for an age group than a child's age.
            Shape::AgePlain => years(s).is_some_and(|n| (10..=120).contains(&n)),
            Shape::Gender => gender(s),
            Shape::Locale => locale(s),
            Shape::Image => image(s),
            Shape::Profile => profile(s) && !self.asks(),
            Shape::AccountLink => account_link(s, digits, self.bare) && !self.asks(),
            Shape::Prose => {
                letters > 2
                    && t.len() <= crate::model::MAX_FINDING
                    && !path(s)
                    && s.contains(' ')
                    && !s.starts_with(['<', '{'])
            }
            Shape::Ip => ip(s).is_some(),
            Shape::Mac => mac(s),
            Shape::Cookie => cookie(s, digits),
            Shape::UserAgent => s.contains('/') && digits > 0 && !path(s) && t.len() <= crate::model::MAX_FINDING,
            Shape::Card => (12..=19).contains(&digits) && letters == 0,
            Shape::CardPart => {
                letters == 0 && (digits == 4 || digits == 6 || (12..=19).contains(&digits)) && t.len() <= 25
            }
            Shape::Expiry => expiry(s, digits, letters),
            Shape::Cvc => letters == 0 && (3..=4).contains(&digits) && digits == t.len(),
            Shape::Iban => iban(s),
            Shape::Account => letters <= 6 && digits >= 5 && t.len() <= 40 && !date_like(s) && !code_like(s),
            Shape::AccountPart => (digits >= 5 && letters <= 6 || bic(s)) && t.len() <= 40 && !date_like(s),
            Shape::National => {
                // Four digits with six letters: India's PAN.
                ((5..=20).contains(&digits) || digits == 4 && letters == 6 && one_word)
                    && letters <= 10
                    && t.len() <= 30
                    && !date_like(s)
                    && !(version(s) && digits < 8)
                    && !code_like(s)
            }
            Shape::Organization => organization(s, letters) && !self.asks(),
            Shape::Job => {
                letters > 1
                    && t.len() <= 80
                    && s.split_whitespace().count() <= 8
                    && !code_like(s)
                    && !path(s)
                    && !self.asks()
                    && !s.ends_with(['.', '?', '!', ':'])
                    && digits <= 1
            }
            Shape::Special => letters + digits > 0 && !fraction(s) && t.len() <= 300 && !path(s) && !self.asks(),
            // What may hold a finding of its own is left to that.
            Shape::Activity => {
                letters + digits > 0 && t.len() <= 64 && !s.contains(['@', '/', ':']) && (digits < 7 || date_like(s))
                    || date(s, digits, self.bare)
            }
            Shape::Biometric => t.len() >= 16 && digits > 0 && !s.contains(' '),
        })
    }

    fn asks(&self) -> bool {
        self.values.asks(self.text, self.names)
    }

    /// A person's name: letters, few words, no role, company, label or identifier.
    fn name(&self, shape: Shape) -> Option<Span> {
        if shape != Shape::Name
            && let Ok(text) = std::str::from_utf8(self.text)
        {
            if let Some(named) = speaker::beside_role(text, self.values, self.names) {
                // The role that only a space parts from it stands for a second word.
                let shape = if named.spaced { Shape::SpeakerWord } else { shape };
                let alone = Value { text: &self.text[named.span.range()], ..*self };
                return alone.plain_name(shape).map(|span| span.shifted(named.span.start));
            }
            if shape == Shape::SpeakerWord && !self.bare && speaker::dotted(text, self.values, self.names) {
                return Some(Span::new(0, text.len()));
            }
        }
        self.plain_name(shape)
    }

    fn plain_name(&self, shape: Shape) -> Option<Span> {
        // `Ana Reis <ana@example.com> (https://example.com)`: the name alone.
        let cut = self.text.iter().position(|b| matches!(b, b'<' | b'(' | b'[')).filter(|i| *i > 0);
        let end = self.text[..cut.unwrap_or(self.text.len())].trim_ascii_end().len();
        let text = &self.text[..end];
        let s = std::str::from_utf8(text).ok()?.trim_end_matches(',');
        let words = s.split_whitespace().count();
        let ok = !self.bare
            && (1..=6).contains(&words)
            && s.len() <= 100
            && s.chars().all(|c| {
                chars::is_letter(c)
                    || is_mark(c)
                    || matches!(
                        c,
                        ' ' | '\u{A0}'
                            | '.'
                            | '\''
                            | '’'
                            | '-'
                            | '‐'
                            | ','
                            | '·'
                            | '´'
                            | '`'
                            | '"'
                            | '\u{200C}'
                            | '\u{200D}'
                            | '・'
                    )
            })
            && s.chars().any(chars::is_letter)
            && (!s.contains('.') || s.contains(". ") || s.ends_with('.') || words != 1)
            && s.split_whitespace().all(|w| !inner_capitals(w))
            && !self.values.is_nobody(text, self.names);
        let cased = |w: &str| w.chars().next().is_some_and(|c| !chars::is_lower(c));
        let capitals = s.split_whitespace().filter(|w| cased(w)).count();
        let fits = match shape {
            Shape::Speaker => {
                capitals >= 2 && !self.values.is_role(text, self.names)
                    || unspaced_name(s) && !self.values.is_role(text, self.names)
            }
            Shape::SpeakerWord => capitals >= 1 && !self.values.is_role(text, self.names) && !code_like(s),
            _ => capitals >= 1 || words == 1 && s.chars().count() > 1 && !lower_key(s),
        };
        (ok && fits).then(|| Span::new(0, s.len()))
    }
}

/// Shapes that prove little by themselves: what a label could have, too.
pub fn soft(shape: Shape) -> bool {
    !matches!(
        shape,
        Shape::Email
            | Shape::Phone
            | Shape::Ip
            | Shape::Mac
            | Shape::Card
            | Shape::Cvc
            | Shape::Degrees
            | Shape::Iban
            | Shape::Jwt
            | Shape::Age
            | Shape::AgePlain
            | Shape::Date
    )
}

fn is_mark(c: char) -> bool {
    matches!(c as u32, 0x300..=0x36F | 0x900..=0xDFF | 0xE30..=0xE4E | 0x64B..=0x65F)
}

/// `userName`, `iPhone`: a capital after a lower-case letter that no `Mc`, `De`, `O'` explains.
fn inner_capitals(word: &str) -> bool {
    let mut last = ' ';
    let mut seen = 0;
    for c in word.chars() {
        seen += usize::from(chars::is_lower(last) && chars::is_upper(c));
        last = c;
    }
    let explained = ["Mc", "Mac", "De", "Di", "Da", "Du", "Le", "La", "Van", "Von", "Fitz", "El", "Al", "Ben", "Abd"];
    let joined = explained.iter().any(|p| word.strip_prefix(p).is_some_and(|r| r.starts_with(char::is_uppercase)));
    seen > 1 || seen == 1 && !joined && !word.contains(['-', '\'', '’', '.'])
}

/// `order_created`, `a.b.c`, `x:y`, `<b>`, `f(x)`, `a/b`: an identifier, code, markup.
fn code_like(s: &str) -> bool {
    s.contains(['_', '{', '}', '<', '>', '$', '=', ';', '|', '\\', '`', '[', ']']) && !s.contains(' ')
        || s.starts_with("0x")
        || s.contains("://")
        || s.contains("=>")
        || s.contains("();")
}

/// One word of lower-case ASCII letters.
fn lower_word(s: &str) -> bool {
    s.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b == b'_')
}

/// A lower-case ASCII word that is no name's start: with dashes twice or underscores.
fn lower_key(s: &str) -> bool {
    s.contains('_') || s.matches('-').count() > 1
}

/// `Password`, `PASSWORD`, `required`: one word of letters that only repeats what such fields are called is a label (see
/// [`Values::is_label`]); here: nothing but punctuation, or a single character.
fn one_word_label(s: &str) -> bool {
    s.chars().count() < 3
}

/// `process.env.DB_PASSWORD`, `getPassword()`, `a ? b : c`, `${x}`: code.
fn expression(s: &str) -> bool {
    s.contains("()")
        || s.contains("process.env")
        || s.contains("os.environ")
        || s.contains(" => ")
        || s.ends_with(':')
        || s.contains("://")
}

fn path(s: &str) -> bool {
    s.starts_with(['/', '~']) && !s.contains(' ')
        || s.starts_with("./")
        || s.starts_with("../")
        || s.contains("://")
        || s.contains('\\')
        || s.starts_with("data:")
        || s.starts_with("urn:")
}

/// `1.2.3`, `^0.5.0`, `>=2`, `v1.0`.
fn version(s: &str) -> bool {
    let t = s.trim_start_matches(['^', '~', '>', '<', '=', 'v', ' ']);
    t.len() < s.len() && t.starts_with(|c: char| c.is_ascii_digit()) && t.contains('.')
        || t.split('.').count() >= 3
            && t.split('.').take(2).all(|p| !p.is_empty() && p.len() <= 3 && p.bytes().all(|b| b.is_ascii_digit()))
}

/// `2024-01-02…`, or seconds and milliseconds of this century.
fn date_like(s: &str) -> bool {
    let b = s.as_bytes();
    b.len() >= 8 && b[..4].iter().all(u8::is_ascii_digit) && matches!(b[4], b'-' | b'/' | b'.') && b[5].is_ascii_digit()
}

/// `U012AB3CD`, `user81234567`, a long number that is no time.
fn long_id(s: &str, bare: bool) -> bool {
    let number = s.trim_start_matches('-');
    if number.bytes().all(|b| b.is_ascii_digit()) {
        // Seconds or milliseconds since 2001 look like nothing else here; an id of ten digits is let through in a string.
        let time = (number.len() == 10 || number.len() == 13) && number.starts_with('1');
        return (7..=25).contains(&number.len()) && !(time && bare) && !(number.len() == 8 && date_number(number));
    }
    let digits = s.bytes().filter(u8::is_ascii_digit).count();
    let slack = matches!(s.as_bytes(), [b'U' | b'W' | b'B', rest @ ..] if rest.len() >= 8 && rest.len() <= 14 && rest.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
    let prefixed = ["user", "channel", "usr_", "u_", "acct_", "contact_", "cus_"].iter().any(|p| {
        s.strip_prefix(p).is_some_and(|r| r.len() >= 5 && r.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
    });
    let jid = s.ends_with("@c.us") || s.ends_with("@s.whatsapp.net") || s.ends_with("@lid");
    slack && digits > 0 || prefixed && digits > 3 || jid
}

fn date_number(n: &str) -> bool {
    n.len() == 8 && (n.starts_with("19") || n.starts_with("20"))
}

/// A secret made by a program: one word (or a scheme and one word), long, not a path, a version, a constant's name.
fn token(s: &str, digits: usize) -> bool {
    if s.starts_with("arn:") {
        return false;
    }
    let word = s.split_once(' ').map_or(s, |(scheme, rest)| if scheme.len() <= 8 { rest } else { s });
    let mixed = word.bytes().any(|b| b.is_ascii_lowercase()) && word.bytes().any(|b| b.is_ascii_uppercase());
    word.len() >= 8
        && s.len() <= 4096
        && !word.contains(char::is_whitespace)
        && (digits > 0 || mixed && word.len() >= 20)
        && !path(s)
        && !version(s)
        && !expression(s)
        && !date_like(s)
        && !word.contains(['<', '{', '['])
        || s.starts_with("-----BEGIN ")
}

fn email(s: &str) -> bool {
    s.split_once('@')
        .is_some_and(|(a, b)| !a.is_empty() && b.len() > 1 && !b.contains('@') && b.starts_with(char::is_alphanumeric))
        && !s.contains(char::is_whitespace)
        && s.len() <= 320
        && !path(s)
}

fn phone(s: &str, digits: usize, letters: usize, bare: bool) -> bool {
    let allowed = s.chars().all(|c| {
        chars::is_numeric(c) || c.is_whitespace() || chars::is_letter(c) || "+-–—.()/#*,;:_\u{2011}‐‑".contains(c)
    });
    let extension = letters <= 9
        && (letters == 0
            || ["x", "ext", "tel", "poste", "int", "phone", "whatsapp"].iter().any(|w| s.to_lowercase().contains(w)));
    allowed
        && extension
        && (6 + usize::from(bare)..=20).contains(&digits)
        && !date_like(s)
        && !s.starts_with("0x")
        && s.len() <= 40
        && s.split('.').count() < 6
        && !(bare && s.contains(['.', 'e', '-']))
        && digits != s.bytes().filter(|b| *b == b'0').count()
        && !fraction(s)
}

/// `0.4392`, `-1.5`, `12.345678`: a measured number.
fn fraction(s: &str) -> bool {
    s.parse::<f64>().is_ok()
        && s.split_once('.').is_some_and(|(whole, rest)| matches!(whole, "0" | "-0" | "" | "1") || rest.len() > 4)
}

/// Words and a house number, before or after: `12 Example Road`, `Musterweg 5, 10115 Berlin`.
fn street_number(s: &str) -> bool {
    let words: Vec<&str> = s.split([' ', ',', '\n']).filter(|w| !w.is_empty()).take(40).collect();
    let number = |w: &&str| w.starts_with(|c: char| c.is_ascii_digit()) && w.len() <= 6 && !w.contains([':', '%']);
    let word = |w: &&str| w.chars().filter(|c| chars::is_letter(*c)).count() >= 3;
    s.len() <= 300
        && words.len() >= 2
        && words.iter().any(number)
        && words.iter().any(word)
        && !code_like(s)
        && !path(s)
        && words.iter().any(|w| w.starts_with(char::is_uppercase))
}

fn postal(s: &str, digits: usize) -> bool {
    (3..=10).contains(&digits)
        && s.len() <= 12
        && s.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-'))
        && !s.starts_with('-')
        || digits >= 2
            && s.len() <= 9
            && s.bytes().any(|b| b.is_ascii_uppercase())
            && s.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b' ')
}

/// A place's name or code: letters, capital first (or a two- or three-letter code).
fn place(s: &str, letters: usize, digits: usize) -> bool {
    let code = s.len() <= 3 && s.bytes().all(|b| b.is_ascii_uppercase()) && s.len() >= 2
        || s.len() == 2 && s.bytes().all(|b| b.is_ascii_lowercase());
    let cased = s.chars().next().is_some_and(|c| chars::is_letter(c) && !chars::is_lower(c));
    let region =
        s.len() <= 6 && s.as_bytes().get(2) == Some(&b'-') && s.bytes().take(2).all(|b| b.is_ascii_uppercase());
    code || region
        || letters > 1
            && digits == 0
            && cased
            && s.len() <= 100
            && s.split_whitespace().count() <= 7
            && !code_like(s)
            && !path(s)
            && !s.contains([':', '?', '!', '@', '"'])
            && !s.split_whitespace().any(inner_capitals)
}

/// One degree number, or two with a comma between.
fn degrees(s: &str) -> bool {
    let one = |n: &str| n.trim().parse::<f64>().is_ok_and(|d| d.abs() <= 180.0 && d != 0.0);
    let whole = |n: &str| n.trim().trim_start_matches('-').len() <= 3 && !n.contains('.');
    match s.split_once(',') {
        Some((a, b)) => one(a) && one(b) && !whole(a),
        None => one(s) && !s.contains(['e', 'E']),
    }
}

fn timezone(s: &str) -> bool {
    let city = s.split_once('/').is_some_and(|(a, b)| {
        matches!(
            a,
            "Africa"
                | "America"
                | "Antarctica"
                | "Arctic"
                | "Asia"
                | "Atlantic"
                | "Australia"
                | "Europe"
                | "Indian"
                | "Pacific"
                | "Etc"
                | "US"
                | "Canada"
                | "Brazil"
        ) && b.starts_with(|c: char| c.is_ascii_uppercase())
    });
    let offset = |t: &str| {
        t.starts_with(['+', '-'])
            && t.len() <= 6
            && t[1..].bytes().all(|b| b.is_ascii_digit() || b == b':')
            && t.len() > 1
    };
    let hours = s.parse::<f64>().is_ok_and(|h| h.abs() <= 14.0 || h % 15.0 == 0.0 && h.abs() <= 50_400.0);
    let abbreviation = s.len() >= 3 && s.len() <= 5 && s.bytes().all(|b| b.is_ascii_uppercase());
    let named = s.ends_with(" Time") || s.contains("GMT") || s.contains("UTC");
    city || offset(s) || hours || abbreviation || named && s.len() <= 60
}

/// A number of whole years.
fn years(s: &str) -> Option<u8> {
    s.strip_suffix(".0").unwrap_or(s).parse().ok()
}

/// A date in any order, a year, eight digits, seconds since 1970 (also before it).
fn date(s: &str, digits: usize, bare: bool) -> bool {
    if s.bytes().all(|b| b.is_ascii_digit()) {
        let year = |y: &str| y.parse::<u16>().is_ok_and(|y| (1890..=2035).contains(&y));
        return match s.len() {
            1 | 2 => bare && s.parse::<u8>().is_ok_and(|d| (1..=31).contains(&d)),
            4 => year(s),
            6 => !bare,
            8 => year(&s[..4]) || year(&s[4..]),
            9..=13 => bare,
            _ => false,
        };
    }
    let epoch = bare && s.starts_with('-') && s[1..].bytes().all(|b| b.is_ascii_digit()) && s.len() > 5;
    epoch
        || (2..=20).contains(&digits)
            && s.len() <= 40
            && s.split_whitespace().count() <= 6
            && !s.contains(['_', '{', '<', '?', '@'])
            && (s.contains(['-', '/', '.', ' ', '年']) || s.contains('T'))
            && s.chars().filter(|c| chars::is_letter(*c)).count() <= 20
}

fn gender(s: &str) -> bool {
    const WORDS: &[&str] = &[
        "m",
        "f",
        "w",
        "d",
        "x",
        "h",
        "v",
        "k",
        "male",
        "female",
        "man",
        "woman",
        "men",
        "women",
        "boy",
        "girl",
        "non-binary",
        "nonbinary",
        "non binary",
        "diverse",
        "transgender",
        "trans",
        "agender",
        "genderfluid",
        "intersex",
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "mr.",
        "mrs.",
        "ms.",
        "männlich",
        "weiblich",
        "divers",
        "maennlich",
        "mann",
        "frau",
        "herr",
        "homme",
        "femme",
        "masculin",
        "féminin",
        "feminin",
        "m.",
        "mme",
        "mme.",
        "monsieur",
        "madame",
        "hombre",
        "mujer",
        "masculino",
        "femenino",
        "varón",
        "señor",
        "señora",
        "sr",
        "sra",
        "sr.",
        "sra.",
        "homem",
        "mulher",
        "feminino",
        "maschio",
        "femmina",
        "uomo",
        "donna",
        "maschile",
        "femminile",
        "vrouw",
        "vrouwelijk",
        "mannelijk",
        "mężczyzna",
        "kobieta",
        "erkek",
        "kadın",
        "kadin",
        "kvinna",
        "kvinne",
        "kvinde",
        "mand",
        "muž",
        "žena",
        "férfi",
        "nő",
        "mies",
        "nainen",
        "мужской",
        "женский",
        "мужчина",
        "женщина",
        "м",
        "ж",
        "чоловік",
        "жінка",
        "男",
        "女",
        "男性",
        "女性",
        "남",
        "여",
        "남성",
        "여성",
        "남자",
        "여자",
        "ذكر",
        "أنثى",
        "nam",
        "nữ",
        "she/her",
        "he/him",
        "they/them",
        "she/they",
        "he/they",
        "she/her/hers",
        "he/him/his",
        "they/them/theirs",
    ];
    let lower = s.to_lowercase();
    s.len() <= 24 && WORDS.contains(&lower.as_str())
}

/// `en`, `en_US`, `zh-Hans-CN`, or a language's name with a capital.
fn locale(s: &str) -> bool {
    let mut parts = s.split(['-', '_']);
    let first = parts.next().is_some_and(|p| (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphabetic()));
    let tag = first
        && parts.all(|p| (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()))
        && s.len() <= 12;
    let named = s.len() >= 4
        && s.len() <= 30
        && s.chars().next().is_some_and(char::is_uppercase)
        && s.chars().all(|c| chars::is_letter(c) || " ()".contains(c));
    let accepted = s.contains(";q=");
    tag || named || accepted
}

fn image(s: &str) -> bool {
    let lower = s.to_ascii_lowercase();
    let end = lower.split(['?', '#']).next().unwrap_or("");
    let picture =
        [".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".heic", ".bmp", ".svg"].iter().any(|e| end.ends_with(e));
    let url =
        (lower.starts_with("https://") || lower.starts_with("http://") || lower.starts_with("//")) && s.len() > 12;
    !s.contains(char::is_whitespace)
        && s.len() <= crate::model::MAX_FINDING
        && (url || picture && s.len() > 5 && !s.starts_with('.'))
        || lower.starts_with("data:image/")
}

/// A profile's address or handle.
fn profile(s: &str) -> bool {
    if s.contains(char::is_whitespace) || s.len() > 300 {
        return false;
    }
    let tail = s.split_once("://").map_or(s, |(_, r)| r);
    let host_only =
        s.contains("://") && tail.trim_end_matches('/').split('/').count() < 2 && tail.matches('.').count() < 1;
    let bare_host =
        ["linkedin.com", "github.com", "facebook.com", "twitter.com", "instagram.com", "x.com", "youtube.com"]
            .contains(&tail.trim_start_matches("www.").trim_end_matches('/'));
    let handle = s.starts_with('@') && s.len() > 2
        || !s.contains("://") && s.chars().all(|c| chars::is_alphanumeric(c) || "._-/@".contains(c)) && s.len() > 2;
    !host_only
        && !bare_host
        && !s.starts_with('.')
        && (s.contains("://") || handle)
        && s.chars().any(char::is_alphabetic)
        && !one_of_brands(s)
}

fn one_of_brands(s: &str) -> bool {
    [
        "facebook",
        "instagram",
        "twitter",
        "github",
        "telegram",
        "skype",
        "tiktok",
        "snapchat",
        "youtube",
        "linkedin",
        "xing",
        "discord",
        "wechat",
        "viber",
        "website",
        "homepage",
        "blog",
    ]
    .contains(&s.to_ascii_lowercase().as_str())
}

/// A linked page or account: a long number, an address, a handle with something in it.
fn account_link(s: &str, digits: usize, bare: bool) -> bool {
    let number = s.bytes().all(|b| b.is_ascii_digit()) && digits >= 7;
    let handle = !bare
        && !s.contains(char::is_whitespace)
        && (s.starts_with('@') || s.contains(['.', '_', '/']) || digits >= 4)
        && s.len() >= 4;
    (number || handle) && s.len() <= 300 && !s.starts_with(['.', '/']) && !version(s) && !date_like(s)
}

fn ip(s: &str) -> Option<IpAddr> {
    // A list, a network, a port: the detector takes the addresses alone.
    s.parse().ok()
}

fn mac(s: &str) -> bool {
    let hex = s.bytes().filter(u8::is_ascii_hexdigit).count();
    let digits = || s.bytes().filter(u8::is_ascii_hexdigit);
    let nobodys = digits().all(|b| b == b'0') || digits().all(|b| b.eq_ignore_ascii_case(&b'f'));
    hex == 12
        && !nobodys
        && s.bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'-' | b'.'))
        && s.len() <= 17
}

/// A cookie's value: `a=b; c=d`, or a code of eight characters and more with digits.
fn cookie(s: &str, digits: usize) -> bool {
    let pair = s.split_once('=').is_some_and(|(k, v)| !k.is_empty() && !k.contains(char::is_whitespace) && v.len() > 3);
    let one = s.len() >= 8 && digits >= 2 && !s.contains(char::is_whitespace);
    (pair || one) && s.len() <= 4096 && !path(s) && !version(s) && !date_like(s) && !s.contains(['{', '<', '('])
}

/// `04/31`, `2031-04`, a month, a year of this century.
fn expiry(s: &str, digits: usize, letters: usize) -> bool {
    if digits == s.len() {
        return s
            .parse::<u32>()
            .is_ok_and(|n| (1..=99).contains(&n) || (2000..=2099).contains(&n) || s.len() == 4 && n >= 100);
    }
    (3..=8).contains(&digits)
        && letters == 0
        && s.len() <= 10
        && s.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'/' | b'-' | b'.' | b' '))
}

fn iban(s: &str) -> bool {
    let mut plain = s.bytes().filter(|b| !b.is_ascii_whitespace() && *b != b'-');
    let head = [plain.next(), plain.next(), plain.next(), plain.next()];
    let ok = matches!(head, [Some(a), Some(b), Some(c), Some(d)] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() && c.is_ascii_digit() && d.is_ascii_digit());
    let rest: Vec<u8> = plain.collect();
    ok && (11..=30).contains(&rest.len())
        && rest.iter().all(u8::is_ascii_alphanumeric)
        && rest.iter().filter(|b| b.is_ascii_digit()).count() >= 4
}

fn bic(s: &str) -> bool {
    matches!(s.len(), 8 | 11)
        && s.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        && s.bytes().take(6).all(|b| b.is_ascii_uppercase())
}

fn organization(s: &str, letters: usize) -> bool {
    letters > 1
        && s.len() <= 120
        && s.split_whitespace().count() <= 10
        && !code_like(s)
        && !path(s)
        && !lower_word(s)
        && !s.ends_with(['?', '!', ':'])
        && !s.contains('@')
}

/// A name in a script without capitals or spaces, of a name's length.
fn unspaced_name(s: &str) -> bool {
    let n = s.chars().count();
    (2..=6).contains(&n) && s.chars().all(crate::detect::chars::unspaced)
}
