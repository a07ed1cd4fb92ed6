//! Dates as people write them: `1990-05-03`, `03.05.1990`, `3 May 1990`, `May 3rd, 1990`, `3 de mayo de 1990`, `1990年5月3日`.

use super::chars;
use crate::model::Span;

/// Years in which somebody alive may be born, and some more: detectors have no clock.
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2035;

/// The names of months, from January on, in their languages, with their cases and short forms. Two that are alike mean the same
/// month.
const MONTHS: [&[&str]; 12] = [
    &[
        "january",
        "jan",
        "januar",
        "jänner",
        "jaenner",
        "janvier",
        "janv",
        "enero",
        "ene",
        "janeiro",
        "gennaio",
        "gen",
        "januari",
        "stycznia",
        "styczeń",
        "sty",
        "январь",
        "января",
        "янв",
        "ocak",
        "januára",
        "ledna",
        "leden",
    ],
    &[
        "february",
        "feb",
        "februar",
        "feber",
        "février",
        "fevrier",
        "févr",
        "febrero",
        "fevereiro",
        "fev",
        "febbraio",
        "februari",
        "lutego",
        "luty",
        "lut",
        "февраль",
        "февраля",
        "фев",
        "şubat",
        "února",
        "únor",
    ],
    &[
        "march",
        "mar",
        "märz",
        "maerz",
        "mrz",
        "mars",
        "marzo",
        "março",
        "marco",
        "maart",
        "mrt",
        "marca",
        "marzec",
        "март",
        "марта",
        "мар",
        "mart",
        "března",
        "březen",
    ],
    &[
        "april",
        "apr",
        "avril",
        "avr",
        "abril",
        "abr",
        "aprile",
        "kwietnia",
        "kwiecień",
        "kwi",
        "апрель",
        "апреля",
        "апр",
        "nisan",
        "dubna",
        "duben",
    ],
    &["may", "mai", "mayo", "maio", "maggio", "mag", "mei", "maja", "maj", "май", "мая", "mayıs", "května", "květen"],
    &[
        "june", "jun", "juni", "juin", "junio", "junho", "giugno", "giu", "czerwca", "czerwiec", "cze", "июнь", "июня",
        "haziran", "června", "červen",
    ],
    &[
        "july",
        "jul",
        "juli",
        "juillet",
        "juil",
        "julio",
        "julho",
        "luglio",
        "lug",
        "lipca",
        "lipiec",
        "lip",
        "июль",
        "июля",
        "temmuz",
        "července",
        "červenec",
    ],
    &[
        "august",
        "aug",
        "août",
        "aout",
        "agosto",
        "ago",
        "augustus",
        "augusti",
        "sierpnia",
        "sierpień",
        "sie",
        "август",
        "августа",
        "авг",
        "ağustos",
        "srpna",
        "srpen",
    ],
    &[
        "september",
        "sep",
        "sept",
        "septembre",
        "septiembre",
        "setiembre",
        "setembro",
        "set",
        "settembre",
        "września",
        "wrzesień",
        "wrz",
        "сентябрь",
        "сентября",
        "сен",
        "eylül",
        "září",
    ],
    &[
        "october",
        "oct",
        "oktober",
        "okt",
        "octobre",
        "octubre",
        "outubro",
        "out",
        "ottobre",
        "ott",
        "października",
        "październik",
        "paź",
        "октябрь",
        "октября",
        "окт",
        "ekim",
        "října",
        "říjen",
    ],
    &[
        "november",
        "nov",
        "novembre",
        "noviembre",
        "novembro",
        "listopada",
        "listopad",
        "lis",
        "ноябрь",
        "ноября",
        "ноя",
        "kasım",
        "listopadu",
    ],
    &[
        "december",
        "dec",
        "dezember",
        "dez",
        "décembre",
        "decembre",
        "déc",
        "diciembre",
        "dic",
        "dezembro",
        "dicembre",
        "desember",
        "grudnia",
        "grudzień",
        "gru",
        "декабрь",
        "декабря",
        "дек",
        "aralık",
        "prosince",
        "prosinec",
    ],
];

/// How much of a date is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Year, month and day.
    Full,
    /// Day and month by its name.
    Day,
}

/// The date that begins at `at`, a digit or letter, and how much of one it is; `None`: none that is a real day of 1900 to 2035.
pub(crate) fn read(text: &[u8], at: usize) -> Option<(Span, Depth)> {
    if !text.get(at)?.is_ascii_digit() {
        return month_first(text, at);
    }
    let (first, end) = number(text, at, 4)?;
    match end - at {
        4 => year_first(text, at, first, end),
        1 | 2 => numeric(text, at, first, end).or_else(|| day_first(text, at, first, end)),
        _ => None,
    }
}

/// Up to `most` digits at `at`, and where they end; `None`: there are none, or more.
fn number(text: &[u8], at: usize, most: usize) -> Option<(u32, usize)> {
    let len = text.get(at..)?.iter().take(most + 1).take_while(|b| b.is_ascii_digit()).count();
    if !(1..=most).contains(&len) {
        return None;
    }
    let value = text[at..at + len].iter().fold(0, |n, b| n * 10 + u32::from(b - b'0'));
    Some((value, at + len))
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))),
        1..=12 => 31,
        _ => 0,
    }
}

fn real(year: u32, month: u32, day: u32) -> bool {
    YEARS.contains(&year) && (1..=days(year, month)).contains(&day)
}

/// A whole date, if nothing that goes on stands behind it.
fn whole(text: &[u8], start: usize, end: usize) -> Option<(Span, Depth)> {
    let more = text.get(end).is_some_and(|b| matches!(b, b'-' | b'/' | b'.' | b':'))
        && text.get(end + 1).is_some_and(u8::is_ascii_digit);
    let time = text.get(end) == Some(&b'T') && text.get(end + 1).is_some_and(u8::is_ascii_digit);
    let parted = time || !chars::word_after(text, end);
    (parted && !more).then_some((Span::new(start, end), Depth::Full))
}

/// `1990-05-03`, `1990/5/3`, `1990年5月3日`.
fn year_first(text: &[u8], start: usize, year: u32, end: usize) -> Option<(Span, Depth)> {
    let eastern = ["年", "년"].iter().find(|y| text[end..].starts_with(y.as_bytes()));
    if let Some(mark) = eastern {
        let skip = |at: usize| at + usize::from(text.get(at) == Some(&b' '));
        let (month, at) = number(text, skip(end + mark.len()), 2)?;
        let mark = ["月", "월"].iter().find(|m| text[at..].starts_with(m.as_bytes()))?;
        let (day, at) = number(text, skip(at + mark.len()), 2)?;
        let mark = ["日", "일"].iter().find(|m| text[at..].starts_with(m.as_bytes())).map_or(0, |m| m.len());
        return real(year, month, day).then_some((Span::new(start, at + mark), Depth::Full));
    }
    let by = *text.get(end).filter(|b| matches!(b, b'-' | b'/' | b'.'))?;
    let (month, at) = number(text, end + 1, 2)?;
    let (day, at) = number(text, at + 1, 2).filter(|_| text.get(at) == Some(&by))?;
    if real(year, month, day) { whole(text, start, at) } else { None }
}

/// `03.05.1990`, `3/5/90`, `05-03-1990`: with two numbers of twelve or less nobody knows which is the day, and it doesn't matter here.
fn numeric(text: &[u8], start: usize, first: u32, end: usize) -> Option<(Span, Depth)> {
    let by = *text.get(end).filter(|b| matches!(b, b'-' | b'/' | b'.' | b' '))?;
    // `3. 5. 1990`
    let spaced = |at: usize| at + usize::from(by == b'.' && text.get(at) == Some(&b' '));
    let (second, at) = number(text, spaced(end + 1), 2)?;
    let (year, at) = number(text, spaced(at + 1), 4).filter(|_| text.get(at) == Some(&by))?;
    let short = at >= 2 && text[at - 2..at].iter().all(u8::is_ascii_digit) && !text[at - 3].is_ascii_digit();
    let full = match year {
        0..=35 if short => year + 2000,
        36..=99 if short => year + 1900,
        _ => year,
    };
    let fits = real(full, second, first) || real(full, first, second);
    if fits && !(short && by == b' ') { whole(text, start, at) } else { None }
}

/// A month's name.
#[derive(Debug, Clone, Copy)]
struct Named {
    /// From 1.
    month: u32,
    /// Where the name ends, with its dot.
    end: usize,
    /// It is long enough, or written as a name, to be no other word: `may`, `out`.
    sure: bool,
}

/// The month whose name begins at `at`.
fn month(text: &[u8], at: usize) -> Option<Named> {
    let mut end = at;
    while let Some((_, len)) = chars::after(text, end).filter(|(c, _)| chars::is_letter(*c) && end - at < 24) {
        end += len;
    }
    let word = std::str::from_utf8(&text[at..end]).ok()?.to_lowercase();
    let month = MONTHS.iter().position(|names| names.contains(&word.as_str()))? as u32 + 1;
    let short = word.chars().count() < 5;
    let sure = !short || text[at].is_ascii_uppercase();
    Some(Named { month, end: end + usize::from(text.get(end) == Some(&b'.') && short), sure })
}

/// Past a space, a comma and one of the little words that join the parts of a date.
fn joint(text: &[u8], at: usize) -> Option<usize> {
    const WORDS: [&str; 5] = ["of ", "de ", "del ", "d'", "the "];
    let marks = text.get(at..)?.iter().take(3).take_while(|b| b" ,.-/".contains(b)).count();
    let at = at + marks;
    let word = WORDS.iter().find(|w| text[at..].get(..w.len()).is_some_and(|t| t.eq_ignore_ascii_case(w.as_bytes())));
    (marks > 0).then(|| at + word.map_or(0, |w| w.len()))
}

/// The ending of an ordinal: `3rd`, `1er`, `3º`.
fn ordinal(text: &[u8], at: usize) -> usize {
    const ENDS: [&str; 9] = ["st", "nd", "rd", "th", "er", "º", "°", "ª", "."];
    ENDS.iter().find(|e| text[at..].starts_with(e.as_bytes())).map_or(at, |e| at + e.len())
}

/// A year behind a day and a month's name, if there is one.
fn with_year(text: &[u8], start: usize, day: u32, named: Named, end: usize) -> Option<(Span, Depth)> {
    let year = joint(text, end).and_then(|at| number(text, at, 4).filter(|(_, end)| end - at == 4));
    match year {
        Some((year, end)) => real(year, named.month, day).then(|| whole(text, start, end))?,
        None => {
            let fits = named.sure && (1..=days(2000, named.month)).contains(&day) && !chars::word_after(text, end);
            fits.then_some((Span::new(start, end), Depth::Day))
        }
    }
}

/// `3 May 1990`, `3rd of May, 1990`, `3. Mai`, `3 de mayo de 1990`.
fn day_first(text: &[u8], start: usize, day: u32, end: usize) -> Option<(Span, Depth)> {
    let after = ordinal(text, end);
    let at = joint(text, after).unwrap_or(after);
    let named = month(text, at)?;
    with_year(text, start, day, named, named.end)
}

/// `May 3, 1990`.
fn month_first(text: &[u8], start: usize) -> Option<(Span, Depth)> {
    let named = month(text, start)?;
    let (day, end) = number(text, joint(text, named.end)?, 2)?;
    with_year(text, start, day, named, ordinal(text, end).min(end + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for (text, want) in [
            ("1990-05-03", Some("1990-05-03")),
            ("1990/5/3 x", Some("1990/5/3")),
            ("1990-05-03T00:00", Some("1990-05-03")),
            ("1990年5月3日生", Some("1990年5月3日")),
            ("1990년 5월 3일", Some("1990년 5월 3일")),
            ("03.05.1990.", Some("03.05.1990")),
            ("3. 5. 1990", Some("3. 5. 1990")),
            ("5/31/1990", Some("5/31/1990")),
            ("03/05/90", Some("03/05/90")),
            ("3 May 1990,", Some("3 May 1990")),
            ("3rd of May, 1990", Some("3rd of May, 1990")),
            ("May 3rd, 1990", Some("May 3rd, 1990")),
            ("may 3 1990", Some("may 3 1990")),
            ("3. März 1990", Some("3. März 1990")),
            ("1er mai 1990", Some("1er mai 1990")),
            ("3 de mayo de 1990", Some("3 de mayo de 1990")),
            ("3 maja 1990 r.", Some("3 maja 1990")),
            ("3 мая 1990", Some("3 мая 1990")),
            ("29 February 2000", Some("29 February 2000")),
            ("3-May-1990", Some("3-May-1990")),
            ("3 May", Some("3 May")),
            ("29 February 2001", None),
            ("1990-13-03", None),
            ("1890-05-03", None),
            ("31.04.1990", None),
            ("31/31/1990", None),
            ("1990-05", None),
            ("3 out", None),
            ("3 Mayhem 1990", None),
            ("12.5.1990.7", None),
            ("3", None),
            ("99 99 1990", None),
        ] {
            let got = read(text.as_bytes(), 0).map(|(span, _)| &text[span.range()]);
            assert_eq!(got, want, "{text}");
        }
    }
}
