//! A value masked for display: at most its first character, a domain's end, the last two digits of a long number.

use crate::model::Category;
use std::borrow::Cow;

const DOT: char = '•';

/// Values under this many characters are masked whole.
const SHORT: usize = 6;

/// `text` (the value as decoded) masked. Credentials and card security codes are masked whole.
///
/// ```
/// use sluicegate::model::Category;
/// use sluicegate::report::masked::masked;
/// assert_eq!(masked("EMAIL_ADDRESS", Category::Contact, "maria@example.com".as_bytes()), "m••••@e••••••.com");
/// assert_eq!(masked("PHONE_NUMBER", Category::Contact, b"+1 415 555 0142"), "+• ••• ••• ••42");
/// assert_eq!(masked("PASSWORD", Category::Credential, b"correct horse"), "•••••••••••••");
/// ```
pub fn masked(entity: &str, category: Category, text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let count = text.chars().count();
    if category == Category::Credential || entity == "CARD_CVC" || count < SHORT {
        return text.chars().map(|_| DOT).collect();
    }
    if let Some((local, domain)) = text.rsplit_once('@') {
        return format!("{}@{}", first_stays(local), host(domain));
    }
    let digits = text.chars().filter(|c| c.is_numeric()).count();
    if digits * 2 >= count && digits >= 8 {
        return last_two_stay(&text, digits);
    }
    if digits * 2 >= count {
        return text.chars().map(|c| if c.is_alphanumeric() { DOT } else { visible(c) }).collect();
    }
    first_stays(&text)
}

/// The first character stays; letters and digits after it don't, spaces and punctuation do.
fn first_stays(text: &str) -> String {
    text.chars().enumerate().map(|(i, c)| if i > 0 && c.is_alphanumeric() { DOT } else { visible(c) }).collect()
}

/// A domain: its first character and what follows its last dot, if that is no number.
fn host(domain: &str) -> String {
    match domain.rsplit_once('.') {
        Some((name, end)) if end.chars().all(char::is_alphabetic) => format!("{}.{end}", first_stays(name)),
        _ => domain.chars().map(|c| if c.is_alphanumeric() { DOT } else { visible(c) }).collect(),
    }
}

fn last_two_stay(text: &str, digits: usize) -> String {
    let mut seen = 0;
    text.chars()
        .map(|c| {
            if c.is_numeric() {
                seen += 1;
                if seen > digits - 2 { c } else { DOT }
            } else if c.is_alphanumeric() {
                DOT
            } else {
                visible(c)
            }
        })
        .collect()
}

/// Whether a character would change how a line is shown: it controls a terminal, turns the direction of writing, or is not seen.
pub fn steers(c: char) -> bool {
    c.is_control() || matches!(c as u32, 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xFEFF)
}

/// A name from the data (a field's) as it may be printed: what steers becomes a space.
pub fn plain(name: &str) -> Cow<'_, str> {
    if name.contains(steers) { name.chars().map(visible).collect() } else { Cow::Borrowed(name) }
}

fn visible(c: char) -> char {
    if steers(c) { ' ' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples() {
        let m = |e: &str, t: &str| masked(e, Category::Contact, t.as_bytes());
        assert_eq!(m("PERSON", "Ana Reis"), "A•• ••••");
        assert_eq!(m("PERSON", "Ana"), "•••");
        assert_eq!(m("CREDIT_CARD", "4242 4242 4242 4242"), "•••• •••• •••• ••42");
        assert_eq!(m("IP_ADDRESS", "192.0.2.1"), "•••.•.•.•");
        assert_eq!(m("EMAIL_ADDRESS", "a@[192.0.2.1]"), "a@[•••.•.•.•]");
        assert_eq!(m("ADDRESS", "a\u{1b}[31m road"), "a [••• ••••");
    }
}
