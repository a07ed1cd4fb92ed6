//! Names and short values folded to words: lower case, letters and digits only, without accents, so that `First Name`,
//! `first_name` and `firstName` are one, and `customer_email` ends in `email`.

use crate::detect::chars;

/// More bytes than any name that says something.
const MAX_BYTES: usize = 96;
/// More words than any name that says something.
const MAX_WORDS: usize = 12;

/// A folded text and where its words end.
#[derive(Debug)]
pub struct Words {
    text: [u8; MAX_BYTES],
    len: usize,
    ends: [u8; MAX_WORDS],
    count: usize,
}

/// What the last character was, to see where a word begins.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    Nothing,
    Lower,
    Upper,
    Digit,
}

/// What `c` is; `None`: a mark or an apostrophe, which parts no words.
#[inline(always)]
fn kind(c: char) -> Option<Last> {
    Some(match c {
        '0'..='9' => Last::Digit,
        'A'..='Z' => Last::Upper,
        'a'..='z' => Last::Lower,
        '\'' | '’' | '\u{300}'..='\u{36F}' => return None,
        _ if c.is_ascii() => Last::Nothing,
        _ if chars::caseless(c) => Last::Lower,
        _ if chars::is_numeric(c) => Last::Digit,
        _ if chars::is_upper(c) => Last::Upper,
        _ if chars::is_letter(c) => Last::Lower,
        _ => Last::Nothing,
    })
}

impl Words {
    /// Folds `text`; `None` if it is too long, has too many words, none at all, or is no UTF-8.
    pub fn new(text: &[u8]) -> Option<Words> {
        let text = std::str::from_utf8(text.get(..text.len().min(MAX_BYTES * 2 + 1))?).ok()?;
        let mut words = Words { text: [0; MAX_BYTES], len: 0, ends: [0; MAX_WORDS], count: 0 };
        let mut last = Last::Nothing;
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            // Most often the word goes on.
            if c.is_ascii_lowercase() && matches!(last, Last::Lower | Last::Upper) {
                words.put(c as u8)?;
                last = Last::Lower;
                continue;
            }
            let Some(kind) = kind(c) else { continue };
            if kind == Last::Nothing {
                last = kind;
                continue;
            }
            let begins = match (last, kind) {
                (Last::Nothing, _) | (Last::Lower, Last::Upper | Last::Digit) | (Last::Digit, Last::Upper) => true,
                (Last::Upper, Last::Digit) | (Last::Digit, Last::Lower) => true,
                // `IPAddress` is `ip address`, `userIDs` stays `user ids`.
                (Last::Upper, Last::Upper) => {
                    let mut rest = rest.clone();
                    rest.next().is_some_and(chars::is_lower) && rest.next().is_some_and(chars::is_lower)
                }
                _ => false,
            };
            if begins && words.count == MAX_WORDS {
                return None;
            }
            words.count += usize::from(begins);
            words.push(c)?;
            last = kind;
        }
        (words.count > 0).then_some(words)
    }

    /// Adds a letter or digit to the last word.
    #[inline(always)]
    fn push(&mut self, c: char) -> Option<()> {
        if c.is_ascii() { self.put(c.to_ascii_lowercase() as u8) } else { self.push_folded(c) }
    }

    /// Adds a byte to the last word.
    #[inline(always)]
    fn put(&mut self, b: u8) -> Option<()> {
        *self.text.get_mut(self.len)? = b;
        self.len += 1;
        self.ends[self.count - 1] = self.len as u8;
        Some(())
    }

    fn push_folded(&mut self, c: char) -> Option<()> {
        let mut decoded = [0; 4];
        let added = chars::lower(c, |l| match plain(l) {
            Some(s) => self.add(s.as_bytes()).is_some(),
            None if chars::is_alphanumeric(l) => self.add(l.encode_utf8(&mut decoded).as_bytes()).is_some(),
            None => true,
        });
        added.then_some(())?;
        self.ends[self.count - 1] = self.len as u8;
        Some(())
    }

    fn add(&mut self, bytes: &[u8]) -> Option<()> {
        self.text.get_mut(self.len..self.len + bytes.len())?.copy_from_slice(bytes);
        self.len += bytes.len();
        Some(())
    }

    /// How many words.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The words `from..to` written together.
    pub fn joined(&self, from: usize, to: usize) -> &[u8] {
        let start = if from == 0 { 0 } else { self.ends[from - 1] as usize };
        &self.text[start..self.ends[to - 1] as usize]
    }

    /// All words written together.
    pub fn all(&self) -> &[u8] {
        &self.text[..self.len]
    }

    /// One word.
    pub fn word(&self, i: usize) -> &[u8] {
        self.joined(i, i + 1)
    }
}

/// Latin letters without what stands on them; `None` for what stays as it is.
#[inline]
pub fn plain(c: char) -> Option<&'static str> {
    if !matches!(c as u32, 0xDF..=0x24F | 0x1E00..=0x1EFF) {
        return None;
    }
    Some(match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ả' | 'ạ' | 'ấ'..='ặ' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ẹ'..='ệ' => "e",
        'ğ' | 'ģ' => "g",
        'ì'..='ï' | 'ī' | 'į' | 'ı' | 'ỉ' | 'ị' => "i",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ő' | 'ơ' | 'ọ'..='ợ' => "o",
        'œ' => "oe",
        'ŕ' | 'ř' => "r",
        'ś' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ț' => "t",
        'ù'..='ü' | 'ū' | 'ů' | 'ű' | 'ų' | 'ư' | 'ụ'..='ự' => "u",
        'ý' | 'ÿ' | 'ỳ'..='ỹ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(name: &str) -> String {
        let w = Words::new(name.as_bytes()).unwrap();
        (0..w.count()).map(|i| std::str::from_utf8(w.word(i)).unwrap()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn one_name_in_every_spelling() {
        for name in ["first_name", "firstName", "FirstName", "First Name", "first-name", "first.name", "FIRST_NAME"] {
            assert_eq!(split(name), "first name", "{name}");
        }
        assert_eq!(Words::new(b"FIRSTNAME").unwrap().all(), b"firstname");
        assert_eq!(split("IPAddress"), "ip address");
        assert_eq!(split("userIDs"), "user ids");
        assert_eq!(split("addressLine1"), "address line 1");
        assert_eq!(split("user[email]"), "user email");
        assert_eq!(split("Prénom"), "prenom");
        assert_eq!(split("Pre\u{301}nom"), "prenom");
        assert_eq!(split("STRASSE"), split("Straße"));
        assert_eq!(split("İl Adı"), "il adi");
        assert_eq!(split("电话 号码"), "电话 号码");
    }

    #[test]
    fn what_says_nothing() {
        assert!(Words::new(b"--").is_none());
        assert!(Words::new(b"").is_none());
        assert!(Words::new(b"\xff\xfe").is_none());
        assert!(Words::new("x".repeat(97).as_bytes()).is_none());
        assert!(Words::new("a ".repeat(13).as_bytes()).is_none());
        assert!(Words::new("ß".repeat(96).as_bytes()).is_none());
    }
}
