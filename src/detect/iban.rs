//! IBAN_CODE: international bank account numbers (ISO 13616) by country, structure and check digits.

mod countries;

use super::anchors::{Anchor, Kinds};
use super::context::Context;
use super::{Detector, Match, View, chars};
use crate::model::Span;
use crate::patterns::Rule;

/// The longest IBAN.
const LONGEST: usize = 34;
/// The most separators in one.
const GAPS: usize = 16;

#[derive(Debug)]
pub(crate) struct Iban {
    score: f32,
    context: Context,
}

impl Iban {
    pub fn new(rule: &Rule) -> Iban {
        Iban { score: rule.score, context: Context::new(rule) }
    }
}

impl Detector for Iban {
    fn kinds(&self) -> Kinds {
        Kinds::IBAN.and(Kinds::RUN)
    }

    /// The country stands before the digits.
    fn dismisses(&self, unit: &[u8], run: Span) -> bool {
        run.start == 0 || unit[run.start - 1] != b' '
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        let start = match *anchor {
            // The country stands apart from an account that is all digits: `NO 93 8601 1117 947`.
            Anchor::Run { start, .. } => match view.text[..start] {
                [.., a, b, b' '] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => start - 3,
                _ => return start + 1,
            },
            _ => anchor.start(),
        };
        if chars::word_before(view.text, start) && view.text[start - 1] != b'_' {
            return start + 1;
        }
        match read(view.text, start).or_else(|| misfit(view.text, start)) {
            Some((end, form)) => {
                let span = Span::new(start, end);
                let own = match form {
                    Form::Written => self.score,
                    Form::Odd => self.score - 0.13,
                    Form::Mixed => 0.6,
                    Form::Misfit => 0.45,
                };
                out.push(Match { span, score: self.context.score(view, span, own) });
                end
            }
            None => start + 1,
        }
    }
}

/// How an IBAN is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// In one, or in groups of four.
    Written,
    /// In other groups.
    Odd,
    /// Capitals and small letters mixed.
    Mixed,
    /// The check digits are right, but it isn't built as its country says: it takes a word that calls it an account.
    Misfit,
}

/// The IBAN that starts at `start`: where it ends, and its form.
fn read(text: &[u8], start: usize) -> Option<(usize, Form)> {
    let country = [text.get(start)?.to_ascii_uppercase(), text.get(start + 1)?.to_ascii_uppercase()];
    let structure = countries::account_part(country)?;
    let wanted = 4 + countries::parts(structure).map(|p| p.0).sum::<usize>();
    let mut iban = [0u8; LONGEST];
    let (mut count, mut at, mut gaps, mut fours) = (0, start, 0, true);
    let mut gap: Option<&[u8]> = None;
    while count < wanted {
        let b = *text.get(at)?;
        if b.is_ascii_alphanumeric() {
            iban[count] = b;
            count += 1;
            at += 1;
            continue;
        }
        let len = text[at..].iter().take(3).take_while(|b| matches!(b, b' ' | b'-' | b'.' | b'\n' | b'\r')).count();
        let this = &text[at..at + len];
        if len == 0 || len > 2 || gaps == GAPS || count < 2 {
            return None;
        }
        fours &= count % 4 == 0 && gap.is_none_or(|g| g == this);
        gap = Some(this);
        gaps += 1;
        at += len;
    }
    let inside = text.get(at).is_some_and(|b| matches!(b, b'-' | b'_' | b'@')) && chars::word_after(text, at + 1);
    if chars::word_after(text, at) || (inside && (gap.is_none() || text.get(at) == gap.and_then(<[u8]>::first))) {
        return None;
    }
    // Behind a dash, groups joined by dashes are the end of something longer.
    if gap == Some(b"-") && start > 1 && text[start - 1] == b'-' && chars::word_before(text, start - 1) {
        return None;
    }
    let iban = &mut iban[..wanted];
    let mixed = iban.iter().any(u8::is_ascii_lowercase) && iban.iter().any(u8::is_ascii_uppercase);
    iban.make_ascii_uppercase();
    if !countries::fits(structure, &iban[4..]) || !check(iban) {
        return None;
    }
    // The groups are fours from the country on, the last one shorter.
    let written = gap.is_none() || (fours && gaps == (wanted - 1) / 4);
    Some((
        at,
        if mixed {
            Form::Mixed
        } else if written {
            Form::Written
        } else {
            Form::Odd
        },
    ))
}

/// A number of another length or structure than its country's, in capitals, in one or in groups of four: where it ends.
fn misfit(text: &[u8], start: usize) -> Option<(usize, Form)> {
    countries::account_part([*text.get(start)?, *text.get(start + 1)?])?;
    let mut iban = [0u8; LONGEST];
    let (mut count, mut at) = (0, start);
    loop {
        let group =
            text[at..].iter().take(LONGEST + 1).take_while(|b| b.is_ascii_digit() || b.is_ascii_uppercase()).count();
        let whole = at == start && group > 4;
        if group == 0 || count + group > LONGEST || (group > 4 && !whole) || chars::word_after(text, at + group) {
            break;
        }
        iban[count..count + group].copy_from_slice(&text[at..at + group]);
        count += group;
        at += group;
        if whole || group < 4 || text.get(at) != Some(&b' ') {
            break;
        }
        at += 1;
    }
    let at = if at > start && text[at - 1] == b' ' { at - 1 } else { at };
    let iban = &iban[..count];
    let digits = iban.iter().filter(|b| b.is_ascii_digit()).count();
    let shaped = count >= 15 && digits >= 10 && iban[2..4].iter().all(u8::is_ascii_digit);
    (shaped && check(iban)).then_some((at, Form::Misfit))
}

/// ISO 7064 MOD 97-10 over the IBAN with its first four characters at the end; check digits go from 02 to 98.
fn check(iban: &[u8]) -> bool {
    let rest = iban[4..].iter().chain(&iban[..4]).fold(0u32, |n, b| match b {
        b'0'..=b'9' => (n * 10 + u32::from(b - b'0')) % 97,
        _ => (n * 100 + u32::from(b - b'A') + 10) % 97,
    });
    rest == 1 && !matches!(&iban[2..4], b"00" | b"01" | b"99")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for (text, want) in [
            ("DE89370400440532013000", Some(Form::Written)),
            ("de89370400440532013000.", Some(Form::Written)),
            ("DE89 3704 0044 0532 0130 00", Some(Form::Written)),
            ("DE89-3704-0044-0532-0130-00", Some(Form::Written)),
            ("DE89 370400440532013000", Some(Form::Odd)),
            ("DE89 3704-0044 0532 0130 00", Some(Form::Odd)),
            ("DE88370400440532013000", None),
            ("DE893704004405320130001", None),
            ("DE8937040044053201300", None),
            ("gB82WeST12345698765432", Some(Form::Mixed)),
            ("ZZ89370400440532013000", None),
        ] {
            assert_eq!(read(text.as_bytes(), 0).map(|r| r.1), want, "{text}");
        }
    }

    #[test]
    fn one_example_a_country() {
        // From the registry's own pages.
        for iban in [
            "AD1200012030200359100100",
            "AE070331234567890123456",
            "AL47212110090000000235698741",
            "AT611904300234573201",
            "AZ21NABZ00000000137010001944",
            "BA391290079401028494",
            "BE68539007547034",
            "BG80BNBG96611020345678",
            "BH67BMAG00001299123456",
            "BR1800360305000010009795493C1",
            "BY13NBRB3600900000002Z00AB00",
            "CH9300762011623852957",
            "CR05015202001026284066",
            "CY17002001280000001200527600",
            "CZ6508000000192000145399",
            "DK5000400440116243",
            "DO28BAGR00000001212453611324",
            "EE382200221020145685",
            "ES9121000418450200051332",
            "FI2112345600000785",
            "FO6264600001631634",
            "FR1420041010050500013M02606",
            "GB29NWBK60161331926819",
            "GE29NB0000000101904917",
            "GI75NWBK000000007099453",
            "GL8964710001000206",
            "GR1601101250000000012300695",
            "GT82TRAJ01020000001210029690",
            "HR1210010051863000160",
            "HU42117730161111101800000000",
            "IE29AIBK93115212345678",
            "IL620108000000099999999",
            "IS140159260076545510730339",
            "IT60X0542811101000000123456",
            "JO94CBJO0010000000000131000302",
            "KW81CBKU0000000000001234560101",
            "KZ86125KZT5004100100",
            "LB62099900000001001901229114",
            "LC55HEMM000100010012001200023015",
            "LI21088100002324013AA",
            "LT121000011101001000",
            "LU280019400644750000",
            "LV80BANK0000435195001",
            "MC5811222000010123456789030",
            "MD24AG000225100013104168",
            "ME25505000012345678951",
            "MK07250120000058984",
            "MR1300020001010000123456753",
            "MT84MALT011000012345MTLCAST001S",
            "MU17BOMM0101101030300200000MUR",
            "NL91ABNA0417164300",
            "NO9386011117947",
            "PK36SCBL0000001123456702",
            "PL61109010140000071219812874",
            "PS92PALS000000000400123456702",
            "PT50000201231234567890154",
            "QA58DOHB00001234567890ABCDEFG",
            "RO49AAAA1B31007593840000",
            "RS35260005601001611379",
            "SA0380000000608010167519",
            "SC18SSCB11010000000000001497USD",
            "SE4550000000058398257466",
            "SI56263300012039086",
            "SK3112000000198742637541",
            "SM86U0322509800000000270100",
            "ST23000100010051845310146",
            "SV62CENR00000000000000700025",
            "TL380080012345678910157",
            "TN5910006035183598478831",
            "TR330006100519786457841326",
            "UA213223130000026007233566001",
            "VA59001123000012345678",
            "VG96VPVG0000012345678901",
            "XK051212012345678906",
        ] {
            assert_eq!(read(iban.as_bytes(), 0), Some((iban.len(), Form::Written)), "{iban}");
        }
    }
}
