//! Words of names, folded: in small letters, without accents.

use crate::detect::chars;
use crate::detect::fields::plain;

/// No word of a name is longer, in bytes.
const LONGEST: usize = 64;

/// Letters behind an apostrophe that may be an ending (Turkish has longer ones than English).
const SUFFIX: usize = 4;
/// Up to so many letters an `s` at the end is no ending.
const SHORT: usize = 4;

/// A word of a text that may be one of a name.
#[derive(Debug)]
pub(in crate::detect) struct Word {
    /// Its first byte.
    pub start: usize,
    /// One past its last byte, with the ending of a possessive.
    pub whole: usize,
    /// Its letters.
    pub letters: usize,
    /// It begins with a small letter.
    pub lower: bool,
    /// It has no small letters.
    pub shouted: bool,
    folded: Vec<u8>,
    /// Bytes of the ending that a possessive may have: in the text, and folded.
    ending: (usize, usize),
}

impl Word {
    /// The word as it may stand in a name: as it is, and without what may be the ending of a possessive.
    pub fn forms(&self) -> impl Iterator<Item = &[u8]> {
        let shorter = &self.folded[..self.folded.len() - self.ending.1];
        std::iter::once(&self.folded[..]).chain((self.ending.1 > 0).then_some(shorter))
    }

    /// Where it ends without the ending behind an apostrophe.
    pub fn bare_end(&self) -> usize {
        if self.ending.0 > 1 { self.whole - self.ending.0 } else { self.whole }
    }

    /// Where the name ends if this form is one.
    pub fn end_of(&self, form: &[u8]) -> usize {
        if form.len() == self.folded.len() { self.whole } else { self.whole - self.ending.0 }
    }
}

/// The word at `start`: letters, with hyphens and apostrophes between them.
pub(in crate::detect) fn word_at(text: &[u8], start: usize) -> Option<Word> {
    let (mut at, mut letters, mut small) = (start, 0, 0);
    let mut mark = None; // the last apostrophe and its length
    while at - start <= LONGEST {
        let Some((c, n)) = chars::after(text, at) else { break };
        match c {
            '-' | '\'' | '’' if letters > 0 && chars::after(text, at + n).is_some_and(|(c, _)| chars::is_letter(c)) =>
            {
                mark = (c != '-').then_some((at, n));
            }
            c if chars::in_name(c) && !chars::is_numeric(c) && !chars::unspaced(c) => {
                letters += 1;
                small += usize::from(chars::is_lower(c));
            }
            _ => break,
        }
        at += n;
    }
    let next = chars::after(text, at).map(|(c, _)| c);
    if letters == 0 || at - start > LONGEST || next.is_some_and(joins) {
        return None;
    }
    let written = std::str::from_utf8(&text[start..at]).ok()?;
    let first = written.chars().next()?;
    let folded = fold(written);
    // `Ana's`, `Ana’s`, `Ana'nın`; `Anas`.
    let suffix = mark.map(|m| (at - m.0, std::str::from_utf8(&text[m.0 + m.1..at]).unwrap_or_default()));
    let ending = match suffix {
        Some((n, s)) if s.chars().count() <= SUFFIX && (s == "S" || s.chars().all(chars::is_lower)) => {
            (n, fold(s).len())
        }
        None if letters > SHORT && folded.ends_with(b"s") => (1, 1),
        _ => (0, 0),
    };
    let (lower, shouted) = (chars::is_lower(first), letters > 1 && small == 0);
    Some(Word { start, whole: at, letters, lower, shouted, folded, ending })
}

/// What makes a word a part of an address, a path or an identifier when it stands right behind.
fn joins(c: char) -> bool {
    matches!(c, '@' | '_' | '=' | '\\' | '/') || chars::is_numeric(c)
}

/// In small letters, without accents, apostrophes and hyphens.
pub(in crate::detect) fn fold(word: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(word.len());
    for c in word.chars() {
        chars::lower(c, |c| {
            let mark = ('\u{300}'..='\u{36F}').contains(&c) || matches!(c, '\'' | '’' | '-' | '.');
            match plain(c) {
                _ if mark => {}
                _ if c.is_ascii() => out.push(c as u8),
                Some(s) => out.extend_from_slice(s.as_bytes()),
                None => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
            true
        });
    }
    out
}

/// The first three bytes of what the word at `i` folds to, and 0 where it is shorter.
pub(in crate::detect) fn head_at(text: &[u8], i: usize) -> [u8; 3] {
    if let Some(three) = text.get(i..i + 3).and_then(|t| t.first_chunk::<3>())
        && three.iter().all(u8::is_ascii_alphabetic)
    {
        return three.map(|b| b.to_ascii_lowercase());
    }
    // A short word in ASCII.
    let joins = |b: u8| b.is_ascii_alphanumeric() || b >= 0x80 || matches!(b, b'\'' | b'-');
    match text.get(i..).unwrap_or_default() {
        [a, b, ..] if a.is_ascii_alphabetic() && !joins(*b) => return [a.to_ascii_lowercase(), 0, 0],
        [a, b, c, ..] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() && !joins(*c) => {
            return [a.to_ascii_lowercase(), b.to_ascii_lowercase(), 0];
        }
        _ => {}
    }
    let (mut head, mut len, mut at) = ([0; 3], 0, i);
    let mut add = |bytes: &[u8]| {
        for b in bytes.iter().take(3 - len) {
            head[len] = *b;
            len += 1;
        }
        len < 3
    };
    while let Some((c, n)) = chars::after(text, at) {
        at += n;
        let mark = ('\u{300}'..='\u{36F}').contains(&c) || matches!(c, '\'' | '’' | '-');
        if !mark && !chars::in_name(c) {
            break;
        }
        let more = mark
            || chars::lower(c, |c| match plain(c) {
                _ if ('\u{300}'..='\u{36F}').contains(&c) => true,
                Some(s) => add(s.as_bytes()),
                None => add(c.encode_utf8(&mut [0; 4]).as_bytes()),
            });
        if !more {
            break;
        }
    }
    head
}

/// Whether a word of a declared name is made of letters.
pub(in crate::detect) fn is_name(word: &str) -> bool {
    word.chars().all(|c| chars::in_name(c) || matches!(c, '-' | '\'' | '’' | '.' | '·'))
        && word.chars().any(char::is_alphabetic)
}
