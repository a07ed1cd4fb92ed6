//! The head of a message: the forms of date and time that WhatsApp writes, and the author.

use crate::model::Span;

/// A head's parts, as offsets in its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    /// Where what follows the date and time begins.
    pub rest: usize,
    /// In brackets, as iOS writes it.
    pub bracket: bool,
    /// The date is written as logs write it: year first with dashes, and no comma before the time.
    pub log: bool,
}

/// No date and time is longer.
pub(crate) const LONGEST: usize = 96;

/// Reads the date and time at the start of `line`, of which only the first [`LONGEST`] bytes are looked at.
pub(crate) fn head(line: &[u8]) -> Option<Head> {
    // Most lines begin with a letter.
    if !line.first().is_some_and(|b| b.is_ascii_digit() || *b == b'[' || *b >= 0x80) {
        return None;
    }
    let line = &line[..line.len().min(LONGEST)];
    let text = std::str::from_utf8(line).or_else(|e| std::str::from_utf8(&line[..e.valid_up_to()])).unwrap_or_default();
    let mut at = Cursor { text, at: 0 };
    let bracket = at.eat(|c| c == '[');
    let iso = at.date()?;
    let comma = at.eat(|c| matches!(c, ',' | '،' | '、'));
    let gap = at.blanks() > 0;
    let word = at.word(8);
    at.blanks();
    if !(comma || gap || word) {
        return None;
    }
    let seconds = at.time()?;
    at.period();
    if bracket {
        at.eat(|c| c == ']').then_some(())?;
        at.blanks();
    } else {
        // Logs have seconds; what Android writes has none.
        (!seconds && at.text[at.at..].starts_with(['-', '–'])).then_some(())?;
        at.eat(|_| true);
        (at.blanks() > 0 || at.rest().starts_with(['\n', '\r'])).then_some(())?;
    }
    Some(Head { rest: at.at, bracket, log: iso && !comma })
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

/// Marks of writing direction, which may stand anywhere.
fn mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
}

/// A decimal digit's value, in the scripts whose digits WhatsApp uses.
fn digit(c: char) -> Option<u32> {
    let zeros = ['0', '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}', '\u{1040}'];
    zeros.iter().find_map(|z| (c as u32).checked_sub(*z as u32).filter(|n| *n < 10))
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Steps over marks and then, if it is one of them, over a character.
    fn eat(&mut self, is: impl Fn(char) -> bool) -> bool {
        let rest = self.rest().trim_start_matches(mark);
        match rest.chars().next().filter(|c| is(*c)) {
            Some(c) => {
                self.at = self.text.len() - rest.len() + c.len_utf8();
                true
            }
            None => false,
        }
    }

    fn blanks(&mut self) -> usize {
        let before = self.at;
        while self.eat(|c| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')) {}
        self.at - before
    }

    /// A number: its value and how many digits it has.
    fn number(&mut self) -> Option<(u32, usize)> {
        let rest = self.rest().trim_start_matches(mark);
        let (mut value, mut digits, mut len) = (0, 0, 0);
        for (c, n) in rest.chars().map_while(|c| Some((c, digit(c)?))).take(5) {
            (value, digits, len) = (value * 10 + n, digits + 1, len + c.len_utf8());
        }
        if digits == 0 {
            return None;
        }
        self.at = self.text.len() - rest.len() + len;
        Some((value, digits))
    }

    /// A date: `21/11/2026`, `21.11.26`, `2026-11-21`, `2026. 11. 21.`, `2026年11月21日`. Whether it is written as in ISO 8601.
    fn date(&mut self) -> Option<bool> {
        let first = self.number()?;
        let separator = self.rest().trim_start_matches(mark).chars().next()?;
        let next = match separator {
            '/' | '.' | '-' => separator,
            '年' => '月',
            _ => return None,
        };
        self.eat(|c| c == separator);
        self.blanks();
        let second = self.number()?;
        if !self.eat(|c| c == next) {
            return None;
        }
        self.blanks();
        let third = self.number()?;
        if next == '月' || next == '.' {
            self.eat(|c| matches!(c, '日' | '.'));
        }
        let (year, a, b) = if first.1 == 4 { (first, second, third) } else { (third, first, second) };
        let day = |n: (u32, usize)| n.1 <= 2 && (1..=31).contains(&n.0);
        let fits = matches!(year.1, 2 | 4) && day(a) && day(b) && a.0.min(b.0) <= 12;
        fits.then_some(first.1 == 4 && separator == '-')
    }

    /// A word such as `à`, `klo`, `오후`: whether there is one.
    fn word(&mut self, most: usize) -> bool {
        let mut some = false;
        for _ in 0..most {
            if !self.eat(|c| c.is_alphabetic() || (some && c == '.')) {
                break;
            }
            some = true;
        }
        some
    }

    /// A time of day: whether it has seconds.
    fn time(&mut self) -> Option<bool> {
        let hour = self.number()?;
        (hour.1 <= 2 && hour.0 <= 24).then_some(())?;
        let mut parts = 0;
        while parts < 2 && self.eat(|c| matches!(c, ':' | '.')) {
            let (value, digits) = self.number()?;
            (digits == 2 && value < 60).then_some(())?;
            parts += 1;
        }
        (parts > 0).then_some(parts == 2)
    }

    /// The half of the day: `PM`, `p. m.`, `μ.μ.`, `م`.
    fn period(&mut self) {
        for _ in 0..3 {
            self.blanks();
            if !self.word(8) {
                break;
            }
        }
        self.blanks();
    }
}

/// Words by which logs tell how grave a line is.
const LEVELS: [&str; 12] = [
    "error",
    "warning",
    "warn",
    "info",
    "debug",
    "notice",
    "critical",
    "trace",
    "fatal",
    "alert",
    "emergency",
    "severe",
];

impl Head {
    /// The author in `line`, and where the text begins; `None`: a line by nobody.
    pub fn author(&self, line: &[u8]) -> Option<(Span, usize)> {
        let rest = &line[self.rest..line.len().min(self.rest + 200)];
        let end = rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len());
        let colon = memchr::memmem::find(&rest[..end], b": ")
            .or_else(|| memchr::memmem::find(&rest[..end], ":\u{200e}".as_bytes()))
            .or_else(|| (end > 1 && rest[end - 1] == b':').then(|| end - 1))?;
        let name = &rest[..colon];
        // A subject or a description that is quoted in a line by nobody.
        if colon == 0 || name.contains(&b'"') || memchr::memmem::find(name, "“".as_bytes()).is_some() {
            return None;
        }
        // `~ Ana` is someone who isn't in the address book.
        let text = String::from_utf8_lossy(name);
        let bare = text.trim_start_matches(|c: char| mark(c) || c == '~' || c.is_whitespace());
        let start = self.rest + if text.len() == name.len() { name.len() - bare.len() } else { 0 };
        let after = self.rest + colon + 1;
        let blank = usize::from(line.get(after) == Some(&b' '));
        Some((Span::new(start, self.rest + colon), after + blank))
    }

    /// Whether the line could as well be another program's.
    pub fn doubt(&self, line: &[u8]) -> Doubt {
        let Some((author, _)) = self.author(line) else {
            return if self.log && self.bracket { Doubt::Log } else { Doubt::Nobody };
        };
        let name = String::from_utf8_lossy(&line[author.range()]).to_lowercase();
        let graves = name.split(|c: char| !c.is_alphanumeric()).any(|w| LEVELS.contains(&w));
        let named = !self.log || name.starts_with(|c: char| c.is_alphabetic() || c == '+');
        if graves || !named { Doubt::Log } else { Doubt::None }
    }
}

/// Whether a line with a head is a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// It is.
    None,
    /// A line by nobody; lines of other programs have the same form.
    Nobody,
    /// It is a log's.
    Log,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_of_many_places() {
        for line in [
            "21/11/2026, 18:05 - ",
            "11/21/26, 6:05 PM - ",
            "11/21/26, 6:05\u{202f}PM - ",
            "21/11/2026, 6:05\u{a0}p.\u{a0}m. - ",
            "21/11/26 18:05 - ",
            "21.11.26, 18:05 - ",
            "21.11.2026 klo 18.05 - ",
            "21/11/2026 à 18:05 - ",
            "2026-11-21 18:05 - ",
            "2026/11/21 下午6:05 - ",
            "2026/11/21, 18:05 - ",
            "2026. 11. 21. 오후 6:05 - ",
            "2026年11月21日 18:05 - ",
            "21‏/11‏/2026، 6:05 م - ",
            "٢١/١١/٢٠٢٦، ٦:٠٥ م - ",
            "21. 11. 2026 18:05 – ",
            "[21.11.26, 18:05:33] ",
            "\u{200e}[21/11/2026, 18:05:33] ",
            "[11/21/26, 6:05:33\u{202f}PM] ",
            "[21/11/2026 18:05:33] ",
            "[2026/11/21 18:05:33] ",
            "[21-11-2026 18:05:33] ",
            "[2026. 11. 21. 오후 6:05:33] ",
            "[2026/11/21 下午6:05:33] ",
        ] {
            for text in ["Ana: hi", "Ana joined"] {
                let whole = format!("{line}{text}");
                assert_eq!(head(whole.as_bytes()).map(|h| h.rest), Some(line.len()), "{whole:?}");
            }
        }
    }

    #[test]
    fn other_lines_have_none() {
        for line in [
            "",
            "hi",
            "[hi] there",
            "21/11/2026",
            "21/11/2026, 18:05",
            "21/11/2026 - 18:05",
            "2026-11-21 18:05:33 - INFO - x: y",
            "2026-11-21T18:05:33Z - x",
            "32/13/2026, 18:05 - x",
            "21/11/2026, 25:05 - x",
            "21/11/2026, 18:65 - x",
            "[18:05] Ana: hi",
            "1.2.3 - x",
            "21/11.2026, 18:05 - x",
            "[21-Nov-2026 18:05:33 UTC] PHP Warning:  x",
            "555 0142 - Ana: x",
            "2026/11/21 18:05:33 [error] 1#1: x",
        ] {
            assert_eq!(head(line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn authors() {
        let author = |line: &str| {
            let (name, text) = head(line.as_bytes())?.author(line.as_bytes())?;
            Some((line[name.range()].to_string(), line[text..].to_string()))
        };
        let some = |a: &str, b: &str| Some((a.to_string(), b.to_string()));
        assert_eq!(author("21/11/2026, 18:05 - Ana Reis: hi: you"), some("Ana Reis", "hi: you"));
        assert_eq!(author("21/11/2026, 18:05 - +44 7700 900123: hi"), some("+44 7700 900123", "hi"));
        assert_eq!(
            author("[21.11.26, 18:05:33] ~\u{a0}Ana: \u{200e}image omitted"),
            some("Ana", "\u{200e}image omitted")
        );
        assert_eq!(author("[21.11.26, 18:05:33] Ana:"), some("Ana", ""));
        assert_eq!(author("21/11/2026, 18:05 - Ana added +1 555-0142"), None);
        assert_eq!(author("21/11/2026, 18:05 - Ana changed the subject to “a: b”"), None);
        let doubt = |line: &str| head(line.as_bytes()).unwrap().doubt(line.as_bytes());
        assert_eq!(doubt("[2026-11-21 18:05:33] local.ERROR: x"), Doubt::Log);
        assert_eq!(doubt("[2026-11-21 18:05:33] [main]: x"), Doubt::Log);
        assert_eq!(doubt("[2026-11-21 18:05:33] started"), Doubt::Log);
        assert_eq!(doubt("[2026-11-21 18:05:33] Ana: x"), Doubt::None);
        assert_eq!(doubt("2026-11-21 18:05 - Ana joined"), Doubt::Nobody);
    }
}
