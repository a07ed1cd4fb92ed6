//! CREDIT_CARD: payment card numbers (ISO/IEC 7812) in a run of digits, by issuer range, length, check digit, grouping,
//! neighbours and context.

mod beside;

mod ranges;

use super::anchors::{Anchor, Kinds};
use super::context::{Context, Words};
use super::groups::{self, Edge, Join};
use super::{Detector, Match, View};
use crate::model::Span;
use crate::patterns::Rule;
pub(crate) use beside::{Cvc, Expiry};
use ranges::Evidence;

/// The digits of the shortest and the longest card number.
const SHORTEST: usize = 12;
const LONGEST: usize = 19;
/// Bytes before a number in which a label of another kind speaks against a card.
const LABEL: usize = 28;

/// Labels of numbers that can pass the same check: a Luhn-valid number under one of them is no card.
const OTHER_NUMBERS: &[&str] = &[
    "imei",
    "imei1",
    "imei2",
    "imeisv",
    "meid",
    "esn",
    "iccid",
    "sim",
    "siret",
    "siren",
    "siège",
    "tva",
    "vat",
    "nif",
    "cif",
    "ein",
    "isbn",
    "issn",
    "ean",
    "ean13",
    "upc",
    "gtin",
    "gln",
    "sscc",
    "barcode",
    "sku",
    "lei",
    "isin",
    "abn",
    "acn",
    "uuid",
    "guid",
    "tracking",
    "trackingnumber",
    "sendungsnummer",
    "waybill",
    "awb",
    "parcel",
    "shipment",
    "order",
    "bestellung",
    "bestellnummer",
    "commande",
    "pedido",
    "ordine",
    "zamówienie",
    "заказ",
    "invoice",
    "rechnung",
    "facture",
    "factura",
    "fattura",
    "timestamp",
    "epoch",
    "ts",
    "nanos",
    "micros",
    "millis",
    "psid",
    "sender",
    "recipient",
    "chat",
    "tweet",
    "snowflake",
    "hash",
    "sha1",
    "sha256",
    "md5",
    "checksum",
    "crc",
    "seed",
    "offset",
    "nonce",
    "serial",
    "seriennummer",
    "version",
    "build",
    "phone",
    "tel",
    "fax",
    "mobile",
    "whatsapp",
    "単号",
    "单号",
    "订单",
    "快递",
    "注文番号",
    "주문번호",
];

/// How the digits are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As on the card: 4-4-4-4, 4-6-5, 4-6-4, 4-4-4-4-3.
    Card,
    /// One group.
    Bare,
    /// Digits one by one or in pairs, two halves, or fours where the card has other groups.
    Spelt,
    /// Any other.
    Odd,
}

/// A candidate: its place, its digits and how they stand there.
#[derive(Debug, Clone, Copy)]
struct Number {
    span: Span,
    form: Form,
    /// What joins its groups, if that is one thing.
    join: Option<Join>,
    evidence: Evidence,
}

/// Finds card numbers in runs of digits.
#[derive(Debug)]
pub(crate) struct Card {
    score: f32,
    context: Context,
    others: Words,
    boost: f32,
}

impl Card {
    pub fn new(rule: &Rule) -> Card {
        Card {
            score: rule.score,
            context: Context::new(rule),
            others: Words::new(OTHER_NUMBERS.iter().copied()),
            boost: rule.boost,
        }
    }

    /// Calls `found` for the cards in `run`, in order, none overlapping.
    fn each(&self, view: &View<'_>, run: Span, mut found: impl FnMut(Span, f32)) {
        let text = view.text;
        // Most runs have too few digits.
        if run.len() < SHORTEST || text[run.range()].iter().filter(|b| b.is_ascii_digit()).count() < SHORTEST {
            return;
        }
        let mut previous: Option<Span> = None;
        let mut at = run.start;
        while let Some(group) = groups::next(text, at, run.end) {
            at = group.end;
            if let Some(number) = number(text, group, previous, run.end)
                && let Some(score) = self.judge(view, &number, previous, run.end)
            {
                found(number.span, score);
                at = number.span.end;
                previous = Some(Span::new(at - 1, at));
                continue;
            }
            previous = Some(group);
        }
    }

    /// How sure it is that `number` is a card; `None`: it is none.
    fn judge(&self, view: &View<'_>, number: &Number, previous: Option<Span>, end: usize) -> Option<f32> {
        let bare = number.form == Form::Bare;
        let edge = groups::left(view.text, number.span.start, bare)
            .min(groups::right(view.text, number.span.end, bare))
            .min(neighbours(view.text, number, previous, end));
        let own = match (number.form, number.evidence, edge) {
            (_, _, Edge::Inside) => return None,
            (Form::Spelt, _, _) if among_decimals(view.text, number.span) => return None,
            (_, _, Edge::Doubtful) => 0.4,
            (Form::Card, Evidence::Strong, _) => self.score,
            (Form::Card, Evidence::Weak, _) => self.score - 0.12,
            (Form::Bare, Evidence::Strong, _) => self.score - 0.07,
            (Form::Spelt, Evidence::Strong, _) => self.score - 0.17,
            _ => 0.4,
        };
        if self.context.near(view, number.span) {
            return Some((own + self.boost).min(0.99));
        }
        let labelled = view.hint.is_some() || self.others.before(view.text, number.span.start, LABEL);
        match (labelled, number.form) {
            (false, _) => Some(own),
            (true, Form::Card) => Some(own.min(0.6)),
            (true, _) => None,
        }
    }
}

impl Detector for Card {
    fn kinds(&self) -> Kinds {
        Kinds::RUN
    }

    fn dismisses(&self, unit: &[u8], run: Span) -> bool {
        no_card(unit, run)
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        let Anchor::Run { start, end } = *anchor else { return anchor.start() + 1 };
        self.each(view, Span::new(start, end), |span, score| out.push(Match { span, score }));
        end
    }
}

/// Whether the halves of a number end one decimal and begin another: `159.23336992 10656776.05`.
fn among_decimals(text: &[u8], span: Span) -> bool {
    let before = matches!(text[..span.start], [.., a, b'.'] if a.is_ascii_digit());
    before || matches!(text[span.end..], [b'.', b, ..] if b.is_ascii_digit())
}

/// The longest number that starts with `first` and that an issuer could have given out.
fn number(text: &[u8], first: Span, previous: Option<Span>, end: usize) -> Option<Number> {
    if first.len() > LONGEST || text[first.start] == b'0' {
        return None;
    }
    let second = groups::next(text, first.end, end);
    // In the middle of a row of digits or pairs: no number starts here. (This also keeps such rows cheap.)
    if let (Some(p), Some(s)) = (previous, second) {
        let like = p.len() == first.len() && first.len() <= 2;
        if like && text[p.end..first.start] == text[first.end..s.start] {
            return None;
        }
    }
    let mut digits = [0u8; LONGEST];
    let (mut count, mut lengths, mut parts) = (0, [0u8; LONGEST], 0);
    let mut joins: Option<Join> = None;
    let mut mixed = false;
    let mut best = None;
    let mut group = first;
    loop {
        if count + group.len() > LONGEST {
            break;
        }
        for (slot, b) in digits[count..].iter_mut().zip(&text[group.range()]) {
            *slot = b - b'0';
        }
        lengths[parts] = group.len() as u8;
        count += group.len();
        parts += 1;
        if count >= SHORTEST
            && ranges::luhn(&digits[..count])
            && let Some(evidence) = ranges::issuer(&digits[..count])
            && let Some(form) = form(&lengths[..parts], joins, mixed)
        {
            let span = Span::new(first.start, group.end);
            let join = if mixed { None } else { joins };
            best = better(best, Number { span, form, join, evidence });
        }
        let Some(next) = groups::next(text, group.end, end) else { break };
        let join = groups::join(&text[group.end..next.start]);
        if join == Join::None {
            break;
        }
        match joins {
            Some(j) if j != join => {
                // A number may wrap: spaces and a line break are both white space.
                if !(matches!(j, Join::Space | Join::Break) && matches!(join, Join::Space | Join::Break)) {
                    mixed = true;
                }
                joins = Some(if matches!(j, Join::Break) { join } else { j });
            }
            _ => joins = Some(join),
        }
        group = next;
    }
    best
}

/// Whether digits in one group are no card number, by themselves.
fn no_card(unit: &[u8], run: Span) -> bool {
    let mut digits = [0; LONGEST];
    let Some(digits) = digits.get_mut(..run.len()).filter(|d| d.len() >= SHORTEST) else { return true };
    digits.iter_mut().zip(&unit[run.range()]).for_each(|(d, b)| *d = b - b'0');
    digits[0] == 0 || !ranges::luhn(digits) || ranges::issuer(digits).is_none()
}

/// The better reading of two that start alike: as on a card before anything else, then the longer.
fn better(old: Option<Number>, new: Number) -> Option<Number> {
    match old {
        Some(o) if new.form == Form::Odd && o.form != Form::Odd => Some(o),
        _ => Some(new),
    }
}

/// How groups of these lengths are written; `None`: not as a card number.
fn form(lengths: &[u8], join: Option<Join>, mixed: bool) -> Option<Form> {
    let apart = mixed || join == Some(Join::Break);
    let form = match lengths {
        [_] => Form::Bare,
        [4, 4, 4, 4] | [4, 6, 5] | [4, 6, 4] | [4, 4, 4, 4, 3] | [6, 13] => Form::Card,
        [8, 8] if join == Some(Join::Space) => Form::Spelt,
        [4, 4, 4, 2 | 3] | [4, 4, 4, 4, 1 | 2] if !apart => Form::Spelt,
        all if all.iter().all(|l| *l == 1) || all.iter().all(|l| *l == 2) => Form::Spelt,
        // Mixed marks between odd groups are a date and a time, a dot between two a decimal's.
        _ if mixed => return None,
        [_, _] if join == Some(Join::Mark(b'.')) => return None,
        all if all.len() <= 8 && all.iter().all(|l| (2..=12).contains(l)) => Form::Odd,
        _ => return None,
    };
    match form {
        Form::Bare => Some(form),
        Form::Card if !apart => Some(form),
        // Digits one by one in a column are a column.
        Form::Spelt if apart => None,
        Form::Spelt => Some(form),
        _ => Some(Form::Odd),
    }
}

/// What the groups before and after a number in its run say: in a row of like groups it is a cut-out of a table.
fn neighbours(text: &[u8], number: &Number, previous: Option<Span>, end: usize) -> Edge {
    let span = number.span;
    let Some(own) = number.join else { return Edge::Clear };
    let mut edge = Edge::Clear;
    if let Some(p) = previous {
        // The end of a date or time before it is no group of the same row.
        let dated = p.start > 0 && matches!(text[p.start - 1], b':' | b'/' | b'-' | b'.');
        if groups::join(&text[p.end..span.start]) == own && !dated {
            edge = if number.form == Form::Spelt { Edge::Inside } else { Edge::Doubtful };
        }
    }
    if let Some(n) = groups::next(text, span.end, end)
        && groups::join(&text[span.end..n.start]) == own
        && !beside::follows_card(text, n)
    {
        edge = edge.min(if number.form == Form::Spelt && n.len() <= 2 { Edge::Inside } else { Edge::Doubtful });
    }
    edge
}
