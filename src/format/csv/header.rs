//! What the first rows of a table say: its delimiter, whether it is a table at all, and whether it has a header.

use super::cells::{Cell, Look, Seen, Text};
use crate::format::{HEAD, Head};
use memchr::memchr2;

/// What recognition says.
#[derive(Debug, PartialEq, Eq)]
pub enum Table {
    /// Cells between these.
    Is(u8),
    /// The second line decides.
    Wait,
    /// Nothing says so.
    No,
}

/// Delimiters; of two that divide a line into as many cells, the earlier one is meant.
const DELIMITERS: [u8; 4] = [b'\t', b';', b'|', b','];

/// Whether the first line, or the first two, show a table.
pub fn recognise(head: &Head<'_>) -> Table {
    let full = head.whole || head.bytes.len() >= HEAD;
    let mut lines = head
        .bytes
        .split_inclusive(|b| *b == b'\n')
        .filter(|l| full || l.ends_with(b"\n"))
        .flat_map(|l| l.trim_ascii_end_of_line().split(|b| *b == b'\r'))
        .filter(|l| !l.trim_ascii().is_empty());
    let Some(first) = lines.next() else { return Table::No };
    if let Some(d) = announced(first) {
        return Table::Is(d);
    }
    let delimiter = divides(first);
    let cells = cells_of(first, delimiter);
    match shape(first, &cells) {
        Shape::Table => Table::Is(delimiter),
        Shape::Other => Table::No,
        Shape::Perhaps => match lines.next() {
            Some(second) if cells_of(second, delimiter).len() == cells.len() => Table::Is(delimiter),
            Some(_) => Table::No,
            None if full => Table::Is(delimiter),
            None => Table::Wait,
        },
    }
}

trait EndOfLine {
    fn trim_ascii_end_of_line(&self) -> &[u8];
}

impl EndOfLine for [u8] {
    fn trim_ascii_end_of_line(&self) -> &[u8] {
        let line = self.strip_suffix(b"\n").unwrap_or(self);
        line.strip_suffix(b"\r").unwrap_or(line)
    }
}

/// The delimiter that Excel's first line gives: `sep=;`.
fn announced(line: &[u8]) -> Option<u8> {
    let (name, rest) = line.split_at_checked(4)?;
    match (name.eq_ignore_ascii_case(b"sep="), rest) {
        (true, [d]) if !d.is_ascii_alphanumeric() && *d != b'"' => Some(*d),
        _ => None,
    }
}

/// The delimiter that divides `line` into the most cells.
fn divides(line: &[u8]) -> u8 {
    let most = DELIMITERS.iter().rev().map(|d| (cells_of(line, *d).len(), *d)).max_by_key(|(n, _)| *n);
    most.filter(|(n, _)| *n > 1).map_or(b',', |(_, d)| d)
}

fn cells_of(line: &[u8], delimiter: u8) -> Vec<(&[u8], bool)> {
    let text = Text { bytes: line, last: true, delimiter };
    match row(&text, 0, line.len()) {
        Row::Cells(cells, _) => cells.iter().map(|c| (&line[c.text.range()], c.quoted)).collect(),
        _ => Vec::new(),
    }
}

enum Shape {
    Table,
    Perhaps,
    Other,
}

/// Whether a first line looks like the first line of a table, as far as it alone can tell.
fn shape(line: &[u8], cells: &[(&[u8], bool)]) -> Shape {
    // Prose and code have spaces after commas; tables hardly ever.
    let spaced = cells.iter().any(|(c, quoted)| !quoted && c.trim_ascii().len() != c.len());
    let code = cells.iter().any(|(c, quoted)| !quoted && coded(c));
    if cells.len() < 2 || line.len() > 16 << 10 || code {
        return Shape::Other;
    }
    let evident = cells.iter().filter(|(c, _)| evident(c)).count();
    let plausible = cells.iter().all(|(c, quoted)| *quoted || c.is_empty() || short(c));
    let (all, half) = (evident == cells.len(), evident * 2 >= cells.len() && cells.len() > 2);
    if plausible && (all || (half && !spaced && !cells.iter().any(|(c, _)| hard_data(c)))) {
        return Shape::Table;
    }
    if cells.iter().all(|(_, quoted)| *quoted) {
        return Shape::Table;
    }
    let filled = cells.iter().filter(|(c, _)| !c.is_empty()).count();
    if plausible && !spaced && cells.len() > 2 && filled > 1 { Shape::Perhaps } else { Shape::Other }
}

/// Signs that code has and a table's first line hardly ever; or parentheses that another cell closes.
fn coded(cell: &[u8]) -> bool {
    let count = |b: u8| cell.iter().filter(|c| **c == b).count();
    cell.iter().any(|b| b"={}<>;\\\"".contains(b)) || count(b'(') != count(b')')
}

/// Six words at most: a phone number in groups may have as many.
fn short(cell: &[u8]) -> bool {
    cell.len() <= 80 && cell.split(|b| *b == b' ').count() <= 6
}

/// The delimiter of a table, and the length of the line that does nothing but give it. `None`: the first line isn't
/// complete yet.
pub fn delimiter(bytes: &[u8], last: bool, asked: Option<u8>) -> Option<(u8, usize)> {
    let skip = bytes.iter().position(|b| !b"\r\n".contains(b)).unwrap_or(bytes.len());
    let rest = &bytes[skip..bytes.len().min(skip + HEAD)];
    let line = match memchr2(b'\n', b'\r', rest) {
        Some(n) => &rest[..n],
        None if last || rest.len() == HEAD => rest,
        None => return None,
    };
    match announced(line) {
        Some(d) if skip == 0 => {
            let end = Text { bytes, last, delimiter: d }.line_end(line.len())?;
            Some((d, line.len() + end))
        }
        _ => Some((asked.unwrap_or_else(|| divides(line)), 0)),
    }
}

/// A row's cells.
enum Row {
    Cells(Vec<Cell>, usize),
    /// Too long, or not there.
    None,
    More,
}

fn row(text: &Text<'_>, start: usize, max: usize) -> Row {
    let mut cells = Vec::new();
    let mut at = start;
    loop {
        match text.cell(at, start + max, cells.is_empty(), &mut Seen::default()) {
            Look::More => return Row::More,
            Look::Beyond => return Row::None,
            Look::Cell(c) => {
                cells.push(c);
                at = c.end + 1;
                if !text.goes_on(c.end) {
                    return text.line_end(c.end).map_or(Row::More, |n| Row::Cells(cells, c.end + n));
                }
            }
        }
    }
}

/// The next row that isn't empty.
fn filled_row(text: &Text<'_>, mut at: usize, max: usize) -> Row {
    loop {
        match row(text, at, max) {
            Row::Cells(cells, end) if matches!(cells[..], [c] if c.text.is_empty()) => {
                if end >= text.bytes.len() {
                    return if text.last { Row::None } else { Row::More };
                }
                at = end;
            }
            other => return other,
        }
    }
}

/// The header's cells; none if the first row is none. `None`: what there is does not tell yet.
pub fn names(text: &Text<'_>, start: usize, max: usize) -> Option<Vec<Vec<u8>>> {
    let (first, end) = match filled_row(text, start, max) {
        Row::More => return None,
        Row::None => return Some(Vec::new()),
        Row::Cells(cells, end) => (cells, end),
    };
    let first: Vec<Vec<u8>> = first.iter().map(|c| c.decoded(text.bytes)).collect();
    let filled = first.iter().filter(|c| !c.is_empty()).count();
    if filled * 2 < first.len() || first.iter().any(|c| hard_data(c) || c.len() > 200) {
        return Some(Vec::new());
    }
    if first.iter().filter(|c| evident(c)).count() * 2 >= filled {
        return Some(first);
    }
    if first.iter().any(|c| data(c)) {
        return Some(Vec::new());
    }
    // Words that could be anybody's: a header if a column holds something of another kind below.
    match filled_row(text, end, max) {
        Row::More => None,
        Row::None => Some(Vec::new()),
        Row::Cells(second, _) => {
            let other = first.iter().zip(&second).any(|(name, c)| !name.is_empty() && data(&c.decoded(text.bytes)));
            Some(if other { first } else { Vec::new() })
        }
    }
}

impl Cell {
    fn decoded(&self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.text.len());
        self.pieces(bytes, |_, text| out.extend_from_slice(&bytes[text.range()]));
        out
    }
}

/// No name of a column: an address, a link, a number of five digits or more, a truth value.
fn hard_data(cell: &[u8]) -> bool {
    let digits = cell.iter().filter(|b| b.is_ascii_digit()).count();
    let words: [&[u8]; 4] = [b"true", b"false", b"null", b"nan"];
    cell.contains(&b'@')
        || memchr::memmem::find(cell, b"://").is_some()
        || digits > 4
        || words.iter().any(|w| cell.eq_ignore_ascii_case(w))
}

/// More digits than letters.
fn data(cell: &[u8]) -> bool {
    let digits = cell.iter().filter(|b| b.is_ascii_digit()).count();
    let letters = cell.iter().filter(|b| b.is_ascii_alphabetic() || **b >= 0x80).count();
    hard_data(cell) || digits > letters
}

/// A name of a column and hardly anything else: `user_id`, `createdAt`, or up to four words with a known one among them.
fn evident(cell: &[u8]) -> bool {
    let Ok(cell) = std::str::from_utf8(cell) else { return false };
    let cell = cell.trim();
    if cell.is_empty() || cell.len() > 80 || data(cell.as_bytes()) {
        return false;
    }
    let mut joined = String::with_capacity(cell.len() + 8);
    let mut before = ' ';
    let mut program = false;
    for c in cell.chars() {
        if before.is_lowercase() && c.is_uppercase() || before.is_alphabetic() && c.is_ascii_digit() {
            program |= before.is_lowercase() && c.is_uppercase();
            joined.push(' ');
        }
        program |= c == '_' && before.is_alphanumeric();
        joined.extend(c.to_lowercase());
        before = c;
    }
    if program && !cell.contains(' ') {
        return true;
    }
    let words: Vec<&str> = joined.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.len() <= 4 && words.iter().any(|w| KNOWN.contains(w))
}

/// Words in names of columns.
#[rustfmt::skip]
const KNOWN: &[&str] = &[
    "id", "uid", "uuid", "name", "firstname", "lastname", "surname", "fullname", "nickname", "email", "mail", "phone", "tel",
    "telephone", "mobile", "cell", "address", "street", "city", "state", "country", "zip", "zipcode", "postcode", "postal",
    "date", "time", "timestamp", "datetime", "created", "updated", "birth", "birthday", "birthdate", "dob", "age", "gender",
    "sex", "user", "username", "login", "password", "company", "organization", "organisation", "title", "job", "role",
    "status", "type", "message", "messages", "text", "content", "body", "subject", "sender", "receiver", "recipient",
    "author", "channel", "ip", "url", "link", "website", "notes", "note", "comment", "comments", "description", "value",
    "amount", "price", "total", "currency", "quantity", "qty", "count", "number", "key", "code", "language", "locale",
    "timezone", "source", "tag", "tags", "category", "label", "rating", "score", "customer", "contact", "order", "product",
    "sku", "lat", "lon", "lng", "latitude", "longitude", "question", "answer", "duration", "agent", "speaker", "session",
    "vorname", "nachname", "telefon", "handy", "adresse", "straße", "strasse", "ort", "plz", "stadt", "land", "datum",
    "geburtsdatum", "nachricht", "kunde", "firma", "anrede", "nom", "prénom", "prenom", "ville", "pays", "téléphone",
    "portable", "courriel", "naissance", "société", "nombre", "apellido", "apellidos", "correo", "teléfono", "telefono",
    "dirección", "direccion", "ciudad", "país", "pais", "fecha", "mensaje", "empresa", "nome", "sobrenome", "telefone",
    "endereço", "cidade", "mensagem", "cognome", "indirizzo", "città", "messaggio", "naam", "voornaam", "achternaam",
    "adres", "woonplaats", "telefoon", "bericht", "imię", "nazwisko", "miasto", "soyad", "soyadı", "şehir", "eposta",
    "имя", "фамилия", "телефон", "адрес", "город", "почта", "дата", "сообщение", "名前", "氏名", "電話番号", "住所", "メール",
    "メールアドレス", "電話", "姓名", "电话", "手机", "邮箱", "地址", "日期", "消息", "이름", "전화번호", "주소", "이메일", "날짜",
    "الاسم", "الهاتف", "البريد", "العنوان", "التاريخ",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn head(s: &str) -> Head<'_> {
        Head { bytes: s.as_bytes(), whole: false, name: "" }
    }

    #[test]
    fn tables_are_recognised_by_their_first_line() {
        for (s, d) in [
            ("name,email\n", b','),
            ("id;name;mail\r\n", b';'),
            ("First Name\tLast Name\tPhone\n", b'\t'),
            ("\"Name, full\",\"E-mail\"\n", b','),
            ("user_id|created_at|text\n", b'|'),
            ("sep=|\n", b'|'),
            ("Vorname;Nachname;Straße;Ort\n", b';'),
            ("\nid,text\n", b','),
            ("1,Ana Reis,ana@example.com\n2,Leo Pine,leo@example.com\n", b','),
            ("1,2026-03-01,ebba@example.com,+46 8 465 004 12,12.50\n2,,,,\n", b','),
            ("Tier\tPet\tColour\nGold\tcat\tred\n", b'\t'),
        ] {
            assert_eq!(recognise(&head(s)), Table::Is(d), "{s:?}");
        }
        assert_eq!(recognise(&head("1,Ana Reis,ana@example.com\n")), Table::Wait);
    }

    #[test]
    fn other_texts_are_none() {
        for s in [
            "Hello, my name is Ana, and my mail is ana@example.com\n",
            "2026-01-02 10:00:00,123 INFO starting, please wait\n",
            "2026-01-02 10:00:00,123 - root - INFO - a,b\nx\n",
            "import os,sys\n",
            "int a,b,c;\n",
            "foo(name, email)\n",
            "name: Ana\n",
            "| name | email |\n",
            "{\"name\":\"Ana\",\"email\":\"x\"}\n",
            "name\n",
            "a,b,c\nplain line\n",
            "192.0.2.1 - - [10/Oct/2026:13:55:36 +0000] \"GET /a,b;c HTTP/1.1\" 200\n",
            "\tindented\n",
            "name=Ana;email=x;id=2\n",
        ] {
            assert_eq!(recognise(&head(s)), Table::No, "{s:?}");
        }
    }

    #[test]
    fn headers_are_told_from_data() {
        let names = |s: &str| {
            let text = Text { bytes: s.as_bytes(), last: true, delimiter: b',' };
            let names = names(&text, 0, 1000).unwrap();
            names.iter().map(|n| String::from_utf8_lossy(n).into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names("name,\"e \"\"mail\"\"\"\nAna,x\n"), ["name", "e \"mail\""]);
        assert_eq!(names("\n\nTier,Pet\nGold,3\n"), ["Tier", "Pet"]);
        assert_eq!(names(",first_name,Phone 1 - Value,2026\n0,a,b,c\n").len(), 4);
        for s in
            ["Ana,Reis,Porto\nLeo,Pine,Lyon\n", "Ana,ana@example.com\n", "1,2\n", "name,5550142\n", "", "Tier,Pet\n"]
        {
            assert!(names(s).is_empty(), "{s:?}");
        }
        let text = Text { bytes: b"Tier,Pet\nGold", last: false, delimiter: b',' };
        assert!(super::names(&text, 0, 1000).is_none());
    }
}
