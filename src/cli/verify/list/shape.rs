//! Whether a file is a list of values at all. A table or JSON that is taken for one would be looked for line by line, as nobody writes it, and
//! nothing would be found: the worst that a proof can say. So what looks like one is refused.
//!
//! `Reis, Ana` is a value: a comma and a space. A table has no space behind its commas, in no line; or its first line names columns; or beside the
//! comma stands an e-mail address. Semicolons part values if all lines have as many; a tab always does.

/// What the lines so far have in common.
#[derive(Debug)]
pub(super) struct Shape {
    lines: u32,
    /// Of commas and semicolons: how many each line has, if all have as many.
    same: [Option<usize>; 2],
    /// A comma has a space behind it, or stands between the digits of one number.
    apart: bool,
}

impl Default for Shape {
    fn default() -> Shape {
        Shape { lines: 0, same: [Some(0); 2], apart: false }
    }
}

/// What stands in a line, a bit for each kind of byte.
pub(super) fn signs(line: &[u8]) -> u8 {
    line.iter().fold(0, |seen, b| seen | SIGNS[*b as usize])
}

const TAB_SIGN: u8 = 1;
const PARTS: u8 = 2;
const AT: u8 = 4;
const JSON_SIGN: u8 = 8;
const AROUND: u8 = 16;
pub(super) const ZERO: u8 = 32;

const SIGNS: [u8; 256] = {
    let mut table = [0; 256];
    let all: [(&[u8], u8); 6] = [
        (b"\0", ZERO),
        (b"\t", TAB_SIGN | PARTS),
        (b" ,;|", PARTS),
        (b"@", AT),
        (b"{[", JSON_SIGN),
        (b"-*:,;\"'<>`\xE2", AROUND),
    ];
    let mut i = 0;
    while i < all.len() {
        let mut j = 0;
        while j < all[i].0.len() {
            table[all[i].0[j] as usize] |= all[i].1;
            j += 1;
        }
        i += 1;
    }
    table
};

const JSON: &str = "--absent: is JSON; give one value a line (jq -r can write them)";
const TABLE: &str = "--absent: is a table; give one value a line, the cells that are to be looked for";
const TAB: &str = "--absent: there is a tab in the line, as in a table; give one value a line";
const MORE: &str = "--absent: an e-mail address and something else; give one value a line";

impl Shape {
    /// The next line that isn't empty, without white space around it, in which these signs stand ([`signs`]).
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn add(&mut self, line: &[u8], seen: u8) -> Result<(), &'static str> {
        self.lines += 1;
        if self.lines > 1 && seen & JSON_SIGN == 0 && seen & (PARTS | AT) != PARTS | AT && self.same == [None; 2] {
            // Nothing that could tell, as in nearly all lines.
            return if seen & TAB_SIGN == 0 { Ok(()) } else { Err(TAB) };
        }
        if is_json(line, self.lines == 1) {
            return Err(JSON);
        }
        if line.contains(&b'\t') {
            return Err(TAB);
        }
        if self.lines == 1 && names_columns(line) {
            return Err(TABLE);
        }
        let line = value(line, seen);
        if is_compound(line) {
            return Err(MORE);
        }
        for (same, by) in self.same.iter_mut().zip(*b",;") {
            let count = memchr::memchr_iter(by, line).count();
            if self.lines == 1 {
                *same = Some(count);
            }
            *same = same.filter(|n| *n == count && count > 0);
        }
        let spaced = memchr::memchr_iter(b',', line).any(|i| line.get(i + 1).is_none_or(|b| *b == b' '));
        self.apart |= spaced || is_one(line);
        Ok(())
    }

    /// What is wrong with all of it.
    pub fn table(&self) -> Option<&'static str> {
        let [commas, semicolons] = self.same;
        let table = commas.is_some() && !self.apart || semicolons.is_some();
        (self.lines > 0 && table).then_some("--absent: each line has its commas or semicolons where a table has them; give one value a line (in `Reis, Ana` a space stands behind the comma)")
    }
}

/// The value of a line in which these signs stand: without what quotes or lists it, and without the scheme before an address or number.
pub(super) fn value(line: &[u8], seen: u8) -> &[u8] {
    let mut text = line.trim_ascii();
    if seen & AROUND == 0 {
        return text;
    }
    loop {
        let before = text.len();
        text = [&b"- "[..], b"* ", "• ".as_bytes(), b"mailto:", b"tel:"]
            .iter()
            .find_map(|head| Some(*head).filter(|h| text.len() > h.len() && text[..h.len()].eq_ignore_ascii_case(h)))
            .map_or(text, |head| &text[head.len()..]);
        if let [rest @ .., b',' | b';'] = text {
            text = rest;
        }
        if let [b'"', inner @ .., b'"']
        | [b'\'', inner @ .., b'\'']
        | [b'<', inner @ .., b'>']
        | [b'`', inner @ .., b'`'] = text
        {
            text = inner;
        }
        text = text.trim_ascii();
        if text.len() == before {
            return text;
        }
    }
}

/// An object or array begins, or an array's element stands there. `{3f2b8c1e-…}` is a value.
fn is_json(line: &[u8], first: bool) -> bool {
    let behind = |line: &[u8]| line[1..].trim_ascii_start().first().copied();
    match line[0] {
        b'{' => matches!(behind(line), None | Some(b'"' | b'}')),
        b'[' => first && matches!(behind(line), None | Some(b'"' | b'{' | b'[' | b'0'..=b'9' | b'-')),
        _ => false,
    }
}

/// What columns are called; the first line of a table has only such names, or some and other words.
const COLUMNS: &[&str] = &[
    "id",
    "ids",
    "uid",
    "uuid",
    "guid",
    "user",
    "user id",
    "userid",
    "username",
    "user name",
    "login",
    "account",
    "account id",
    "customer",
    "customer id",
    "contact id",
    "client id",
    "email",
    "e mail",
    "mail",
    "email address",
    "phone",
    "phone number",
    "telephone",
    "tel",
    "mobile",
    "cell",
    "fax",
    "name",
    "full name",
    "fullname",
    "first name",
    "firstname",
    "last name",
    "lastname",
    "given name",
    "family name",
    "surname",
    "address",
    "street",
    "city",
    "zip",
    "country",
    "iban",
    "ssn",
    "dob",
    "date of birth",
    "birthday",
    "value",
    "type",
    "date",
    "created at",
    "deleted at",
    "telefon",
    "nom",
    "nombre",
    "vorname",
    "nachname",
    "kundennummer",
    "courriel",
    "correo",
];

fn names_columns(line: &[u8]) -> bool {
    let by = match () {
        () if line.contains(&b',') => b',',
        () if line.contains(&b';') => b';',
        () if line.contains(&b'|') => b'|',
        () => return false,
    };
    let cell = |cell: &[u8]| String::from_utf8_lossy(value(cell, AROUND)).to_lowercase().replace(['_', '-'], " ");
    let cells: Vec<String> = line.split(|b| *b == by).map(cell).collect();
    let plain = |c: &String| c.chars().all(|c| c.is_alphanumeric() || c == ' ');
    let known = cells.iter().filter(|c| COLUMNS.contains(&c.as_str())).count();
    known > 1 && cells.iter().all(plain) || known == cells.len()
}

/// An e-mail address stands there beside something else.
fn is_compound(line: &[u8]) -> bool {
    let mut parts =
        line.split(|b| b.is_ascii_whitespace() || matches!(b, b',' | b';' | b'|')).filter(|p| !p.is_empty());
    let count = parts.clone().count();
    let is_email = |part: &[u8]| {
        let at = memchr::memchr(b'@', part);
        at.is_some_and(|i| i > 0 && memchr::memchr(b'.', &part[i + 1..]).is_some())
    };
    count > 1 && parts.any(is_email)
}

/// Digits in groups, as many in each but the first: `4111,1111,1111,1111`, `1,234,567`; coordinates; a name in a directory (RFC 4514):
/// `uid=ana,dc=example`.
fn is_one(line: &[u8]) -> bool {
    let groups: Vec<&[u8]> = line.split(|b| *b == b',').collect();
    let decimal = |g: &&[u8]| g.contains(&b'.') && g.iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    if groups.iter().all(|g| g.contains(&b'=')) || groups.len() == 2 && groups.iter().all(decimal) {
        return true;
    }
    let digits = |g: &&[u8]| (1..=4).contains(&g.len()) && g.iter().all(u8::is_ascii_digit);
    groups.len() > 1
        && groups.iter().all(digits)
        && groups[1..].iter().all(|g| g.len() == groups[1].len() && g.len() > 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with a list of these lines.
    fn wrong(lines: &[&str]) -> Option<&'static str> {
        let mut shape = Shape::default();
        for line in lines {
            if let Err(what) = shape.add(line.as_bytes(), signs(line.as_bytes())) {
                return Some(what);
            }
        }
        shape.table()
    }

    #[test]
    fn lists_of_values() {
        for list in [
            &["ana@example.com", "usr_8812", "Reis, Ana"][..],
            &["Reis, Ana", "Muster, Erika"],
            &["Reis, Ana"],
            &["Reis, Ana", "O'Neil,Tom"],
            &["Hauptstr. 5, 10115 Berlin", "Hauptstr. 7, 10115 Berlin"],
            &["auth0|5f7c8ec7c33c6c004bbafe82", "auth0|5f7c8ec7c33c6c004bbafe83"],
            &["{3f2b8c1e-77aa-4d00-9b1c-5e6f7a8b9c0d}", "{3f2b8c1e-77aa-4d00-9b1c-5e6f7a8b9c0e}"],
            &["[ana]", "[tom]"],
            &["4111,1111,1111,1111", "5500,0000,0000,0004"],
            &["1,234,567,890"],
            &["52.5200,13.4050", "48.1,-11.5"],
            &["uid=ana,dc=example", "uid=tom,dc=example"],
            &["\"ana@example.com\",", "\"tom@example.com\","],
            &["<ana@example.com>", "mailto:tom@example.com;"],
            &["https://example.com/?u=ana@example.com"],
            &["a;b", "ana"],
        ] {
            assert_eq!(wrong(list), None, "{list:?}");
        }
    }

    #[test]
    fn tables_and_json() {
        for (list, what) in [
            (&["id,email", "17,ana@example.com"][..], TABLE),
            (&["17,ana@example.com"], MORE),
            (&["17, ana@example.com"], MORE),
            (&["Ana Reis <ana@example.com>"], MORE),
            (&["Name, Email", "Reis, x"], TABLE),
            (&["\"id\";\"name\"", "17;Ana"], TABLE),
            (&["user_id|phone", "17|5"], TABLE),
            (&["first_name,last_name,team", "Ana,Reis,x"], TABLE),
            (&["id\temail", "17\tx"], TAB),
            (&["x", "{\"id\":1}"], JSON),
            (&["{", "\"id\": 1"], JSON),
            (&["[\"ana@example.com\"]"], JSON),
            (&["[", "\"ana\""], JSON),
        ] {
            assert_eq!(wrong(list), Some(what), "{list:?}");
        }
        for list in [
            &["u_17,Ana", "u_18,Tom"][..],
            &["Reis,Ana"],
            &["17,4111111111111111"],
            &["u_1;Ana", "u_2;Tom"],
            &["12,34,5678"],
        ] {
            assert!(wrong(list).is_some_and(|w| w.contains("where a table has them")), "{list:?}");
        }
    }

    #[test]
    fn what_stands_around_a_value() {
        for (line, want) in [
            ("\"+1 415 555 0142\",", "+1 415 555 0142"),
            ("- <ana@example.com>;", "ana@example.com"),
            ("Mailto:ana@example.com", "ana@example.com"),
            ("'O'Neil'", "O'Neil"),
            ("\"", "\""),
            ("tel:", "tel:"),
            ("Tom", "Tom"),
        ] {
            assert_eq!(value(line.as_bytes(), signs(line.as_bytes())), want.as_bytes(), "{line}");
        }
    }
}
