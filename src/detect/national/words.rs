//! The words beside a number that name an id, and those that say that it is something else.

use crate::detect::chars;
use crate::detect::context::{in_capitals, spellings};
use aho_corasick::automaton::Automaton;
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Input, MatchKind};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Bytes before a value that are looked at.
const BEFORE: usize = 64;
/// Bytes after.
const AFTER: usize = 32;

/// A set of rows, a bit each.
pub(super) type Rows = u128;

/// What the words around say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Said {
    /// Rows that a word names.
    pub rows: Rows,
    /// The last word says that it is something else.
    pub other: bool,
}

/// Numbers that are no ids of people: what stands right before decides.
const OTHER: &[&str] = &[
    "phone",
    "phones",
    "telephone",
    "tel",
    "fax",
    "mobile",
    "cell",
    "call",
    "whatsapp",
    "sms",
    "text me",
    "ring",
    "dial",
    "hotline",
    "telefon",
    "telefonnummer",
    "handy",
    "rufnummer",
    "mobil",
    "téléphone",
    "portable",
    "teléfono",
    "telefono",
    "móvil",
    "celular",
    "telefone",
    "telemóvel",
    "cellulare",
    "telefoon",
    "numer telefonu",
    "telefonu",
    "telefonszám",
    "телефон",
    "电话",
    "電話",
    "手机",
    "전화",
    "order",
    "orders",
    "bestellung",
    "bestellnummer",
    "auftrag",
    "auftragsnummer",
    "commande",
    "pedido",
    "encomenda",
    "ordine",
    "bestelling",
    "zamówienie",
    "zamówienia",
    "заказ",
    "订单",
    "注文",
    "invoice",
    "rechnung",
    "rechnungsnummer",
    "facture",
    "factura",
    "fatura",
    "fattura",
    "faktura",
    "faktury",
    "receipt",
    "tracking",
    "parcel",
    "shipment",
    "sendungsnummer",
    "waybill",
    "awb",
    "imei",
    "imsi",
    "iccid",
    "isbn",
    "issn",
    "ean",
    "upc",
    "gtin",
    "sku",
    "barcode",
    "serial",
    "serial number",
    "seriennummer",
    "iban",
    "account",
    "account number",
    "konto",
    "kontonummer",
    "compte",
    "cuenta",
    "conta",
    "conto",
    "rekening",
    "routing",
    "sort code",
    "bic",
    "card",
    "karte",
    "carte",
    "tarjeta",
    "amount",
    "betrag",
    "montant",
    "importe",
    "price",
    "preis",
    "total",
    "ticket",
    "case",
    "vorgang",
    "ref",
    "reference",
    "referenz",
    "kundennummer",
    "customer number",
    "version",
    "build",
    "commit",
    "sha",
    "hash",
    "epoch",
    "timestamp",
    "unixtime",
    "seq",
    "sequence",
    "offset",
    "size",
    "bytes",
    "port",
    "pid",
    "gps",
    "latitude",
    "longitude",
    "vat",
    "ust-id",
    "chat id",
    "psid",
    "booking",
    "buchung",
    "buchungsnummer",
    "flight",
    "product",
    "article",
    "artikel",
    "artikelnummer",
    "part no",
    "part number",
    "model",
    "lot",
    "batch",
];

/// Compiled words. Built when the first number asks for it.
#[derive(Debug)]
pub(super) struct Words {
    /// In the order of the automaton.
    spellings: Vec<String>,
    /// By spelling: the rows it names (0: it says that a number is something else), and whether it counts only as it is written.
    means: Vec<(Rows, bool)>,
    automaton: OnceLock<NFA>,
}

impl Words {
    /// From the words of each row. A word of capitals alone counts in capitals only: `sin` is a word of many languages, `SIN` is none.
    pub fn new<'a>(rows: impl Iterator<Item = &'a [String]>) -> Words {
        let mut all: BTreeMap<(String, bool), Rows> = BTreeMap::new();
        for (row, words) in rows.enumerate() {
            for word in words {
                let exact = in_capitals(word);
                for spelling in spellings(word, exact) {
                    *all.entry((spelling, exact)).or_default() |= 1 << row;
                }
            }
        }
        for word in OTHER {
            for spelling in spellings(word, false) {
                all.entry((spelling, false)).or_default();
            }
        }
        let (spellings, means) = all.into_iter().map(|((word, exact), rows)| (word, (rows, exact))).unzip();
        Words { spellings, means, automaton: OnceLock::new() }
    }

    /// The words in `text[from..to]`: where each stands and what it means.
    fn each(&self, text: &[u8], from: usize, to: usize, mut found: impl FnMut(usize, usize, Rows)) {
        let build = || {
            let mut builder = NFA::builder();
            builder.ascii_case_insensitive(true).match_kind(MatchKind::Standard);
            // An automaton that does not fit into memory would let numbers pass unseen; the record fails instead.
            builder.build(&self.spellings).expect("fewer states than memory holds")
        };
        let automaton = self.automaton.get_or_init(build);
        let all = automaton
            .try_find_overlapping_iter(Input::new(&text[from..to]))
            .expect("the automaton takes such searches");
        for m in all {
            let (start, end) = (from + m.start(), from + m.end());
            let (rows, exact) = self.means[m.pattern().as_usize()];
            let as_written = !exact || text[start..end] == *self.spellings[m.pattern().as_usize()].as_bytes();
            if as_written && whole(text, start, end) {
                found(start, end, rows);
            }
        }
    }

    /// What the words around `text[start..end]` say. Those before count first; of these, a word for something else takes back what
    /// words before it have said.
    pub fn around(&self, text: &[u8], start: usize, end: usize) -> Said {
        let mut words: Vec<(usize, usize, Rows)> = Vec::new();
        self.each(text, line_before(text, start), start, |s, e, rows| words.push((s, e, rows)));
        // A word that ends or begins within a longer one is a part of that: `tel` in no word, but `number` in `phone number`.
        let inner = |w: &(usize, usize, Rows)| words.iter().any(|o| o.0 <= w.0 && w.1 <= o.1 && o.1 - o.0 > w.1 - w.0);
        let mut said = Said { rows: 0, other: false };
        for w in words.iter().filter(|w| !inner(w)) {
            said = match w.2 {
                0 => Said { rows: 0, other: true },
                rows => Said { rows: said.rows | rows, other: false },
            };
        }
        if said.rows == 0 && !said.other {
            let line = text[end..text.len().min(end + AFTER)].iter().take_while(|b| **b != b'\n').count();
            self.each(text, end, end + line, |_, _, rows| said.rows |= rows);
        }
        said
    }
}

/// Where to begin looking before `at`: in its line, or the one before if that is where the label stands.
fn line_before(text: &[u8], at: usize) -> usize {
    let from = at.saturating_sub(BEFORE);
    let Some(i) = text[from..at].iter().rposition(|b| *b == b'\n') else { return from };
    let bare = text[from + i..at].iter().all(|b| !b.is_ascii_alphanumeric());
    let label = text[from..from + i].trim_ascii_end();
    if !(bare && label.ends_with(b":")) {
        return from + i + 1;
    }
    label.iter().rposition(|b| *b == b'\n').map_or(from, |j| from + j + 1)
}

/// Whether no letter stands on either side (in scripts that have such sides), or a word's hump or underscore does: `nhsNumber`.
fn whole(text: &[u8], start: usize, end: usize) -> bool {
    let first = chars::after(text, start).map(|c| c.0);
    let last = chars::before(text, end).map(|c| c.0);
    let joins = |c: Option<(char, usize)>| c.is_some_and(|(c, _)| chars::is_letter(c) && !chars::unspaced(c));
    let spaced = |c: Option<char>| c.is_some_and(|c| chars::is_letter(c) && !chars::unspaced(c));
    !(spaced(first) && joins(chars::before(text, start)) || spaced(last) && joins(chars::after(text, end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        let rows =
            [vec!["pesel".to_owned()], vec!["SIN".to_owned(), "numéro fiscal".to_owned()], vec!["番号".to_owned()]];
        Words::new(rows.iter().map(Vec::as_slice))
    }

    fn said(text: &str) -> Said {
        let at = text.find('#').unwrap();
        words().around(text.as_bytes(), at, at + 1)
    }

    #[test]
    fn what_is_said() {
        let rows = |rows| Said { rows, other: false };
        let other = Said { rows: 0, other: true };
        assert_eq!(said("PESEL: #"), rows(1));
        assert_eq!(said("my SIN is #"), rows(2));
        assert_eq!(said("sin #"), rows(0), "a word in capitals counts in capitals");
        assert_eq!(said("NUMÉRO FISCAL #"), rows(2));
        assert_eq!(said("私の番号は#です"), rows(4));
        assert_eq!(said("pesel SIN #"), rows(3));
        assert_eq!(said("pesel, phone: #"), other);
        assert_eq!(said("phone or pesel: #"), rows(1));
        assert_eq!(said("# (PESEL)"), rows(1));
        assert_eq!(said("#, phone"), rows(0));
        assert_eq!(said("pesels #"), rows(0));
        assert_eq!(said("pesel\n#"), rows(0));
        assert_eq!(said("pesel:\n#"), rows(1));
    }
}
