//! PERSON: names that the input itself has declared (participants, speakers, senders, contact fields), found again in the
//! texts that follow: in full, by the first name, by title and surname, in the possessive.
//!
//! It is no detector that an anchor calls: what is known depends on what came before, so it is asked in the order of the records
//! (`engine::recall`). A text is looked through for capitals, eight bytes at a time, and for letters beyond ASCII; only
//! there a word is folded and looked up.

pub(super) mod common;
pub(super) mod fold;
#[cfg(test)]
mod tests;

use super::anchors::{Anchor, Kinds};
use super::fields::hash;
use super::{Detector, Match, View, chars};
use crate::model::Span;
use crate::patterns::Rule;
use fold::{Word, fold, head_at, is_name, word_at};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Names that are kept at most; then the half that was declared longest ago is dropped. A conversation has a few.
pub const KEPT: usize = 1024;
/// Names that are compared before any is looked up.
const RECENT: usize = 4;
/// Words of a name that are kept.
const WORDS: usize = 6;
/// No name is longer, in bytes.
const LONGEST: usize = 96;
/// Bytes by which a word beyond ASCII is known at first: two or three characters.
const HEAD: usize = 6;
/// Letters that a first name must have to stand for somebody alone.
const ALONE: usize = 3;
/// Below the rule's score: without the full name; by the first name; by a first name that is a word, too.
const PARTLY: f32 = 0.05;
const FIRST: f32 = 0.15;
const DOUBTFUL: f32 = 0.25;

/// The rule `roster` among the detectors: it is never called, since it needs what came before.
#[derive(Debug)]
pub(super) struct Declared;

impl Declared {
    pub fn new(_: &Rule) -> Declared {
        Declared
    }
}

impl Detector for Declared {
    fn kinds(&self) -> Kinds {
        Kinds::default()
    }
    fn verify(&self, _: &View<'_>, anchor: &Anchor, _: &mut Vec<Match>) -> usize {
        anchor.start() + 1
    }
}

/// A name, folded.
#[derive(Debug)]
struct Name {
    /// As it was declared.
    given: Box<[u8]>,
    /// Its words; of scripts that write none, all characters as one.
    words: Vec<Box<[u8]>>,
    /// The number of its last declaration.
    last: u64,
}

/// The names declared so far, and where they may begin.
#[derive(Debug, Default)]
pub struct Roster {
    names: Vec<Name>,
    /// By the hash of how they were declared.
    by_text: HashMap<usize, u32, BuildHasherDefault<Hashed>>,
    /// By first or last word: the names that have it, in the order in which they were declared.
    by_word: HashMap<Box<[u8]>, Vec<u32>>,
    /// By a hash of its first three bytes: whether a name has such a word.
    heads: Heads,
    /// The same of words as a text may have them: by [`HEAD`] bytes; of shorter ones by two.
    raw: Heads,
    /// There are shorter ones.
    short: bool,
    /// A name is of a script that writes no spaces between words.
    unspaced: bool,
    declared: u64,
    /// The last names that were declared: those who talk take turns.
    recent: [u32; RECENT],
}

/// Two bits for each of 65,536 hashes: of 1024 names in three spellings a fifth of all bits are set, so that a word in thirty is taken
/// for the beginning of one.
#[derive(Debug)]
struct Heads(Box<[u64; 1024]>);

impl Default for Heads {
    fn default() -> Heads {
        Heads(Box::new([0; 1024]))
    }
}

impl Heads {
    /// The places of a head of up to eight bytes, as a number.
    #[inline(always)]
    fn places(head: u64) -> [(usize, u32); 2] {
        let hash = head.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        [48, 32].map(|from| ((hash >> (from + 6)) as usize & 0x3FF, (hash >> from) as u32 & 63))
    }
    fn add(&mut self, head: u64) {
        Heads::places(head).into_iter().for_each(|(i, bit)| self.0[i] |= 1 << bit);
    }
    #[inline(always)]
    fn holds(&self, head: u64) -> bool {
        let [a, b] = Heads::places(head);
        self.0[a.0] >> a.1 & self.0[b.0] >> b.1 & 1 != 0
    }
}

/// The `N` bytes at `i` as a number; `None` if there are fewer.
#[inline(always)]
fn bytes<const N: usize>(text: &[u8], i: usize) -> Option<u64> {
    if let Some(eight) = text.get(i..i + 8).and_then(|t| t.first_chunk::<8>()) {
        return Some(u64::from_le_bytes(*eight) & (u64::MAX >> (64 - 8 * N)));
    }
    Some(text.get(i..i + N)?.iter().rev().fold(0, |x, b| x << 8 | u64::from(*b)))
}

/// What a word folds to at its head, as a number.
#[inline(always)]
fn folded_head(text: &[u8], i: usize) -> u64 {
    let [a, b, c] = head_at(text, i);
    u64::from_le_bytes([a, b, c, 0, 0, 0, 0, 0])
}

/// Takes a hash for what it is.
#[derive(Debug, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |h, b| h << 8 | u64::from(*b));
    }
    fn write_usize(&mut self, hash: usize) {
        self.0 = hash as u64;
    }
}

impl Roster {
    /// Whether no name was declared so far.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Takes in a name that a field, a speaker or an author has declared.
    pub fn declare(&mut self, name: &[u8]) {
        self.declared += 1;
        for i in self.recent {
            if let Some(known) = self.names.get_mut(i as usize).filter(|k| *k.given == *name) {
                known.last = self.declared;
                return;
            }
        }
        let known = self.by_text.get(&hash(name)).and_then(|i| self.names.get_mut(*i as usize));
        if let Some(known) = known.filter(|k| *k.given == *name) {
            known.last = self.declared;
            self.recent[self.declared as usize % RECENT] = self.by_text[&hash(name)];
            return;
        }
        if self.names.len() == KEPT {
            self.forget();
        }
        let Some(words) = words_of(name) else { return };
        let name = Name { given: name.into(), words, last: self.declared };
        self.index(name);
    }

    fn index(&mut self, name: Name) {
        let i = self.names.len() as u32;
        let (first, last) = (&name.words[0], &name.words[name.words.len() - 1]);
        for word in [first, last] {
            self.heads.add(folded_head(word, 0));
            if let [a, b] = **word {
                // An ending may stand behind an apostrophe.
                (b'a'..=b'z').for_each(|c| self.heads.add(u64::from_le_bytes([a, b, c, 0, 0, 0, 0, 0])));
            }
            self.unspaced |= unspaced(word);
            // What begins with an ASCII letter is told by its folded head.
            for raw in written(word).into_iter().flatten() {
                let whole = bytes::<HEAD>(&raw, 0);
                self.short |= whole.is_none();
                self.raw.add(whole.or(bytes::<2>(&raw, 0)).unwrap_or(0));
            }
            let key = if unspaced(word) { head(word) } else { word };
            let of = self.by_word.entry(key.into()).or_default();
            if of.last() != Some(&i) {
                of.push(i);
            }
        }
        self.by_text.insert(hash(&name.given), i);
        self.names.push(name);
    }

    /// Drops the half that was declared longest ago.
    fn forget(&mut self) {
        let mut names = std::mem::take(&mut self.names);
        let mut last: Vec<u64> = names.iter().map(|n| n.last).collect();
        last.sort_unstable();
        let from = last[last.len() / 2];
        names.retain(|n| n.last >= from);
        *self = Roster { declared: self.declared, ..Roster::default() };
        names.into_iter().for_each(|n| self.index(n));
    }

    /// Adds the places in `text` where one of the names stands, in order, none overlapping. `score` is that of a full name.
    pub fn find(&self, text: &[u8], score: f32, out: &mut Vec<Match>) {
        let mut free = 0;
        places(text, self.unspaced, |i| {
            if i >= free
                && let Some(found) = self.at(text, i, score)
            {
                free = found.span.end;
                out.push(found);
            }
        });
    }

    /// The name that begins at `i`, or behind a mark beyond ASCII that stands there.
    #[inline(always)]
    fn at(&self, text: &[u8], mut i: usize, score: f32) -> Option<Match> {
        let mut lead = *text.get(i)?;
        if lead >= 0x80 {
            while matches!(lead, 0xC2 | 0xE2) {
                i += chars::after(text, i)?.1;
                lead = *text.get(i)?;
            }
            // No name begins behind a letter or digit, but in scripts without spaces; these have three bytes a letter.
            // What is asked first lets least through.
            let inside = || lead < 0xE0 && i > 0 && text[i - 1].is_ascii_alphanumeric();
            let known = lead < 0x80 || self.written(text, i) || accented(lead);
            if !known || inside() || within_letters(text, i, lead) {
                return None;
            }
        }
        if lead < 0x80 {
            let inside = i > 0 && text[i - 1].is_ascii_alphanumeric();
            if inside || !self.heads.holds(folded_head(text, i)) {
                return None;
            }
        }
        self.begins(text, i, score)
    }

    /// The name that begins at `i`, where the first bytes are those of one.
    #[inline(never)]
    fn begins(&self, text: &[u8], i: usize, score: f32) -> Option<Match> {
        let (c, n) = chars::after(text, i)?;
        if chars::unspaced(c) {
            return self.unspaced(text, i, n, score);
        }
        if !chars::is_letter(c) || chars::is_lower(c) || !may_begin(text, i) || !self.heads.holds(folded_head(text, i))
        {
            return None;
        }
        let word = word_at(text, i)?;
        let mut best: Option<Match> = None;
        for form in word.forms() {
            for &name in self.by_word.get(form).into_iter().flatten() {
                let found = self.names.get(name as usize).and_then(|n| compare(n, text, &word, form, score));
                let len = |m: &Match| m.span.len();
                if let Some(m) = found.filter(|m| best.is_none_or(|b| (len(m), m.score) > (len(&b), b.score))) {
                    best = Some(m);
                }
            }
        }
        best
    }

    /// Whether a word beyond ASCII at `i` may begin a name, by how it is written.
    fn written(&self, text: &[u8], i: usize) -> bool {
        let known = |head: Option<u64>| head.is_some_and(|head| self.raw.holds(head));
        known(bytes::<HEAD>(text, i)) || self.short && known(bytes::<2>(text, i))
    }

    fn unspaced(&self, text: &[u8], i: usize, n: usize, score: f32) -> Option<Match> {
        let second = chars::after(text, i + n).map_or(0, |(_, m)| m);
        let names = self.by_word.get(text.get(i..i + n + second)?)?;
        let ends = names.iter().filter_map(|name| {
            let name = &self.names.get(*name as usize)?.words[0];
            let end = spelled(text, i, name)?;
            // One character is anything.
            (name.chunk_by(|_, b| b & 0xC0 == 0x80).count() > 1).then_some(end)
        });
        let end = ends.max()?;
        Some(Match { span: Span::new(i, end), score: score - PARTLY })
    }
}

/// Where the characters of `name` end that stand at `i`, with or without spaces between.
fn spelled(text: &[u8], mut i: usize, name: &[u8]) -> Option<usize> {
    let mut rest = name;
    while !rest.is_empty() {
        let n = chars::after(rest, 0)?.1;
        if rest.len() < name.len() {
            i += if text.get(i) == Some(&b' ') { 1 } else { 0 };
            i += if text[i.min(text.len())..].starts_with("\u{3000}".as_bytes()) { 3 } else { 0 };
        }
        (text.get(i..i + n)? == &rest[..n]).then_some(())?;
        (i, rest) = (i + n, &rest[n..]);
    }
    Some(i)
}

/// Whether a folded word is of a script that writes no spaces between words.
fn unspaced(word: &[u8]) -> bool {
    chars::after(word, 0).is_some_and(|(c, _)| chars::unspaced(c))
}

/// How a folded word that begins beyond ASCII may be written: as it is, with a capital, in capitals.
fn written(word: &[u8]) -> Option<[Vec<u8>; 3]> {
    if word.first().is_none_or(u8::is_ascii) {
        return None;
    }
    let word = std::str::from_utf8(word).unwrap_or_default();
    let first = word.chars().next().map_or(0, char::len_utf8);
    let capital = word[..first].to_uppercase() + &word[first..];
    Some([word.to_owned(), capital, word.to_uppercase()].map(String::into_bytes))
}

/// The first two characters.
fn head(word: &[u8]) -> &[u8] {
    let one = chars::after(word, 0).map_or(0, |(_, n)| n);
    let two = chars::after(word, one).map_or(0, |(_, n)| n);
    &word[..one + two]
}

/// The words of a declared name, folded; `None`: it is nobody's, or nothing that could be found again.
fn words_of(name: &[u8]) -> Option<Vec<Box<[u8]>>> {
    let name = std::str::from_utf8(name).ok().filter(|n| n.len() <= LONGEST)?;
    // `Ana Reis (she/her)`, `Ana Reis [Acme]`, `~Ana`.
    let name = name.split(['(', '[', '<', '|']).next()?.trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
    let odd = |c| matches!(c, '@' | '/' | '_' | '\\' | ':' | ';' | '=' | '&' | '+' | '*' | '#');
    if name.contains(|c: char| chars::is_numeric(c) || odd(c)) {
        return None;
    }
    // `Reis, Ana`.
    let turned = name.split_once(',').map(|(last, first)| format!("{} {}", first.trim(), last.trim()));
    let name = turned.as_deref().unwrap_or(name);
    // `ana.reis`.
    let parted = name.replace('.', " ");
    let account = !name.contains(' ') && name.split('.').count() > 1 && name.split('.').all(|w| w.chars().count() > 1);
    let name = if account { parted.as_str() } else { name };
    let mut words: Vec<Box<[u8]>> = Vec::new();
    for word in name.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty()) {
        let word = word.trim_end_matches('.');
        if words.is_empty() && common::is_title(&fold(word)) {
            continue;
        }
        if !word.is_empty() {
            is_name(word).then_some(())?;
            words.push(fold(word).into());
        }
    }
    if words.iter().any(|w| common::is_role(w)) || words.len() > WORDS {
        return None;
    }
    if words.first().is_some_and(|w| unspaced(w)) {
        words = vec![words.concat().into()];
    }
    words.first().is_some_and(|w| w.len() > 1).then_some(words)
}

/// What of `name` stands where `word` does, of which `form` is one of the name's words.
fn compare(name: &Name, text: &[u8], word: &Word, form: &[u8], score: f32) -> Option<Match> {
    let (first, rest) = name.words.split_first()?;
    let found = |end: usize, score: f32| Some(Match { span: Span::new(word.start, end), score });
    if let Some((last, between)) = rest.split_last() {
        if *form == **first
            && let Some(end) = full(text, word, between, last)
        {
            return found(end, score);
        }
        if *form == **last {
            // `Reis, Ana`, `Reis Ana`, `Ms Reis`.
            if let Some(end) = reversed(text, word, first) {
                return found(end, score - PARTLY);
            }
            if last.len() > 1 && after_title(text, word.start) {
                return found(word.end_of(form), score - PARTLY);
            }
        }
    }
    let letters = std::str::from_utf8(first).map_or(0, |f| f.chars().count());
    if *form != **first || letters < ALONE && !after_title(text, word.start) {
        return None;
    }
    if !common::is_word(first) {
        return found(word.end_of(form), score - FIRST);
    }
    (!word.shouted && within_sentence(text, word)).then_some(())?;
    found(word.end_of(form), score - DOUBTFUL)
}

/// The end of a full name whose first word stands at `first`: all of its words, or with some of those between left out or as initials.
fn full(text: &[u8], first: &Word, mut between: &[Box<[u8]>], last: &[u8]) -> Option<usize> {
    let mut at = first.whole;
    for _ in 0..=WORDS {
        let word = word_at(text, gap(text, at)?)?;
        if let Some(form) = word.forms().find(|f| *f == last).filter(|_| !word.lower) {
            return Some(word.end_of(form));
        }
        let known = between.iter().position(|b| word.forms().any(|f| *f == **b));
        // An initial, declared or not: `Ana M. Reis`.
        if known.is_none() && word.letters > 1 {
            return None;
        }
        between = known.map_or(between, |i| &between[i + 1..]);
        at = word.whole + usize::from(word.letters == 1 && text.get(word.whole) == Some(&b'.'));
    }
    None
}

/// The end of `first` behind the surname at `last`, with or without a comma between.
fn reversed(text: &[u8], last: &Word, first: &[u8]) -> Option<usize> {
    let comma = usize::from(text.get(last.whole) == Some(&b','));
    let word = word_at(text, gap(text, last.whole + comma)?)?;
    let form = word.forms().find(|f| *f == first)?;
    (!word.lower).then_some(word.end_of(form))
}

/// Where the next word begins if only a space (or a line's end) parts it from what ends at `at`.
fn gap(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let n = match rest {
        [b' ' | b'\n' | b'\t', ..] => 1,
        [b'\r', b'\n', ..] | [0xC2, 0xA0, ..] => 2,
        _ => return None,
    };
    Some(at + n + usize::from(rest.get(n) == Some(&b' ')))
}

/// Whether a name may begin at `i`: no letter, digit or sign that joins stands right before. `@Ana` is a mention.
fn may_begin(text: &[u8], i: usize) -> bool {
    let Some((c, n)) = chars::before(text, i) else { return true };
    match c {
        '@' => chars::before(text, i - n).is_none_or(|(c, _)| !chars::in_name(c)),
        '.' | '#' | '/' | '\\' | '=' | '-' | '_' | '\'' | '’' | '$' | '&' => {
            // Dashes, quotes and dots that no letter stands before are no part of a word.
            !matches!(c, '#' | '/' | '\\' | '=' | '$' | '&')
                && chars::before(text, i - n).is_none_or(|(c, _)| !chars::in_name(c) && c != '.')
        }
        c => !chars::in_name(c) || chars::unspaced(c),
    }
}

/// The word before `at`, folded, if only a space or a full stop and a space part the two.
fn word_before(text: &[u8], at: usize) -> Option<Vec<u8>> {
    let end = text[..at].strip_suffix(b" ")?.len();
    let end = end - usize::from(text[..end].ends_with(b"."));
    let mut start = end;
    while let Some((c, n)) = chars::before(text, start).filter(|(c, _)| chars::in_name(*c) && end - start < LONGEST) {
        let _ = c;
        start -= n;
    }
    (start < end).then(|| fold(&String::from_utf8_lossy(&text[start..end])))
}

/// Whether a title stands before: `Mr Reis`, `Frau Berg`.
fn after_title(text: &[u8], at: usize) -> bool {
    word_before(text, at).is_some_and(|w| common::is_title(&w))
}

/// Whether the word stands in the middle of a sentence where a name may: behind a small letter or a comma, not as a month or a place.
fn within_sentence(text: &[u8], word: &Word) -> bool {
    let before = text[..word.start].trim_ascii_end();
    let comma = before.ends_with(b",");
    let mention = before.ends_with(b"@");
    let lower = word_before(text, word.start).is_some_and(|w| !common::is_where(&w))
        && chars::before(before, before.len()).is_some_and(|(c, _)| chars::is_lower(c))
        && before[..before.len()].rsplit(|b| *b == b' ').next().is_some_and(|w| !w[0].is_ascii_uppercase());
    let number = gap(text, word.whole).and_then(|at| text.get(at)).is_some_and(u8::is_ascii_digit);
    (mention || comma || lower) && !number
}

/// Calls `with` for each place where a capital stands, or where a stretch beyond ASCII begins; `each`: for each character of one, but letters
/// of which [`within_letters`] would say so.
#[inline(always)]
fn places(text: &[u8], each: bool, mut with: impl FnMut(usize)) {
    let (mut at, mut before) = (0, Beyond::default());
    while at < text.len() {
        let x = match text[at..].first_chunk::<8>() {
            Some(eight) => u64::from_le_bytes(*eight),
            None => text[at..].iter().rev().fold(0, |x, b| x << 8 | u64::from(*b)),
        };
        let low = x & (ONES * 0x7F);
        let beyond = x & (ONES * 0x80);
        let mut any = (low + ONES * (0x80 - 0x41)) & !(low + ONES * (0x80 - 0x5B)) & !beyond & (ONES * 0x80);
        if beyond == 0 {
            before = Beyond::default();
        } else {
            let here = Beyond::new(x);
            // The first byte of a character has the two highest bits.
            any |= match each {
                true => beyond & x << 1 & !here.within(&before),
                false => beyond & !(beyond << 8 | before.all >> 56),
            };
            before = here;
        }
        while any != 0 {
            with(at + any.trailing_zeros() as usize / 8);
            any &= any - 1;
        }
        at += 8;
    }
}

/// A byte of 1 in each of eight.
const ONES: u64 = u64::MAX / 255;

/// Of eight bytes, which are what: the highest bit of each.
#[derive(Clone, Copy, Default)]
struct Beyond {
    /// Those beyond ASCII.
    all: u64,
    /// 0xC4 to 0xDF: they begin a character of two bytes.
    two: u64,
    /// The same but 0xD8: one that [`within_letters`] takes for a letter.
    letter: u64,
    /// From 0xE0 on.
    three: u64,
}

impl Beyond {
    #[inline(always)]
    fn new(x: u64) -> Beyond {
        let high = ONES * 0x80;
        let zero = |x: u64| !(((x & !high) + !high) | x | !high);
        let all = x & high;
        let two = all & x << 1 & !(x << 2) & !zero((x & (ONES * 0xFC)) ^ (ONES * 0xC0));
        Beyond { all, two, letter: two & !zero(x ^ (ONES * 0xD8)), three: all & x << 1 & x << 2 }
    }

    /// Which of the bytes begin a character of two bytes behind a letter; `before`: the eight bytes before.
    #[inline(always)]
    fn within(&self, before: &Beyond) -> u64 {
        let back = |here: u64, before: u64, n: u32| here << (8 * n) | before >> (64 - 8 * n);
        self.two
            & back(self.all, before.all, 1)
            & back(self.letter, before.letter, 2)
            & !back(self.three, before.three, 3)
            & !back(self.three, before.three, 4)
    }
}

/// Whether the character at `i`, of a script that parts words by spaces, stands behind a letter beyond ASCII: what else is there are the
/// marks of U+0080 to U+00BF and of U+2000 to U+2FFF, and scripts without spaces.
fn within_letters(text: &[u8], i: usize, lead: u8) -> bool {
    let spaced = (0xC3..=0xDF).contains(&lead) || lead == 0xE0 && text.get(i + 1).is_some_and(|b| *b < 0xB8);
    let at = |n: usize| i.checked_sub(n).map_or(0, |i| text[i]);
    spaced && at(1) >= 0x80 && at(2) != 0xC2 && !matches!(at(3), 0xE1..=0xEF) && at(2) != 0xD8 && at(4) < 0xF0
}

/// Whether a character with this first byte may be a Latin letter with an accent, which folds to another.
fn accented(lead: u8) -> bool {
    matches!(lead, 0xC3..=0xC9 | 0xE1)
}
