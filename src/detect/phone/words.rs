//! Words near a number that say what it is: `Tel.`, `call me on`, `手机`; or what else it is: `order`, `Rechnung`.
//! The nearest word decides.

use crate::detect::chars;
use crate::patterns::Rule;
use aho_corasick::automaton::Automaton;
use aho_corasick::dfa::DFA;
use aho_corasick::{Input, MatchKind};
use std::sync::OnceLock;

/// Bytes before a number that are looked at.
const BEFORE: usize = 48;
/// Bytes after.
const AFTER: usize = 24;

/// Places in the table of heads.
const HEADS: usize = 4096;

/// What the words near a number say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// It is a phone number.
    Phone,
    /// It is something else.
    Other,
    /// Nothing.
    Nothing,
}

/// What the words before a number say, and what stands between.
#[derive(Debug, Clone, Copy)]
pub struct Label {
    /// What the last word says.
    pub said: Said,
    /// Letters (bytes of them) between the word and the number.
    pub letters: usize,
    /// Bytes between.
    len: usize,
    /// Something between that parts the two: digits, brackets, a path.
    parted: bool,
}

impl Label {
    /// A field's name or a link says it.
    pub const SURE: Label = Label { said: Said::Phone, letters: 0, len: 0, parted: false };

    /// Whether word and number stand so close that they belong together.
    pub fn close(&self) -> bool {
        self.len <= 24 && !self.parted
    }
}

/// The words of a rule, compiled.
#[derive(Debug)]
pub struct Words {
    /// By itself and not behind `AhoCorasick`, which asks for each byte through a table of functions. Built when the first number
    /// asks for it.
    words: OnceLock<DFA>,
    spellings: Vec<String>,
    /// By a hash of two bytes: whether a word begins so.
    heads: [u64; HEADS / 64],
    /// Words below are for, the rest against.
    against: usize,
    /// Words below are for only right before a number: written with `…` in the rule.
    right: usize,
}

impl Words {
    /// The context words of `rule`, and those against.
    pub fn new(rule: &Rule) -> Words {
        // ASCII letters match in any case; other letters in the three usual ways of writing a word.
        let spellings = |words: &[String]| -> Vec<String> {
            let mut all: Vec<String> = words
                .iter()
                .flat_map(|w| {
                    let lower = w.to_lowercase();
                    let mut title: String = lower.chars().take(1).flat_map(char::to_uppercase).collect();
                    title.extend(lower.chars().skip(1));
                    [lower, title, w.to_uppercase()]
                })
                .collect();
            all.sort();
            all.dedup();
            all
        };
        let (right, anywhere): (Vec<String>, Vec<String>) =
            rule.context.iter().cloned().partition(|w| w.ends_with('…'));
        let right: Vec<String> = right.iter().map(|w| w.trim_end_matches('…').to_owned()).collect();
        let mut all = spellings(&right);
        let right = all.len();
        all.extend(spellings(&anywhere));
        let against = all.len();
        all.extend(spellings(&rule.against));
        let mut heads = [0; HEADS / 64];
        for word in &all {
            match head(word.as_bytes()) {
                Some(n) => heads[n / 64] |= 1 << (n % 64),
                None => heads = [u64::MAX; HEADS / 64], // a single letter: anything may begin with it
            }
        }
        Words { words: OnceLock::new(), spellings: all, heads, against, right }
    }

    /// The words in `text`, wherever they stand.
    fn all<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = aho_corasick::Match> + 'a {
        // An automaton of two thousand million states would not fit into memory; without one, numbers would pass unseen, so the
        // record fails instead.
        let build = || {
            let mut builder = DFA::builder();
            builder.ascii_case_insensitive(true).match_kind(MatchKind::Standard);
            builder.build(&self.spellings).expect("fewer states than memory holds")
        };
        // It is built for searches that are not anchored, and of this kind: it can't refuse.
        let found = self.words.get_or_init(build).try_find_overlapping_iter(Input::new(text));
        found.expect("the automaton takes such searches")
    }

    /// What the last word before `at` says.
    pub fn before(&self, text: &[u8], at: usize) -> Label {
        let from = line_before(text, at);
        let (mut said, mut last, mut longest) = (Said::Nothing, from, 0);
        for m in self.all(&text[from..at]) {
            let end = from + m.end();
            let right = m.pattern().as_usize() >= self.right
                || at - end <= 3 && text[end..at].iter().all(|b| b" :.-'\"=(#+".contains(b));
            // Of two that end alike the longer says more: `追跡番号は` is a parcel's, `番号は` a phone's.
            let nearer = end > last || end == last && m.len() >= longest;
            if nearer && right && whole(text, from + m.start(), end) {
                (said, last, longest) = (self.says(m.pattern().as_usize()), end, m.len());
            }
        }
        let between = &text[last..at];
        let letters = between.iter().filter(|b| b.is_ascii_alphabetic() || **b >= 0x80).count();
        // Digits without letters between are an earlier number of a list.
        let digits = letters > 0 && between.iter().any(u8::is_ascii_digit);
        let signs = between.iter().any(|b| matches!(b, b'[' | b']' | b')' | b'<' | b'{' | b'}'))
            || letters > 0 && between.contains(&b'/');
        Label { said, letters, len: between.len(), parted: digits || signs }
    }

    /// What the word right after `at` says, if only a space or punctuation stands between.
    pub fn after(&self, text: &[u8], at: usize) -> Said {
        let to = (at + AFTER).min(text.len());
        let gap = text[at..to].iter().take(3).take_while(|b| matches!(b, b' ' | b'-' | b'(' | b':' | b'\'')).count();
        let mut best = (0, Said::Nothing);
        // Most of what follows a number begins no word: then it need not be searched.
        if head(&text[at + gap..to]).is_some_and(|n| self.heads[n / 64] >> (n % 64) & 1 == 0) {
            return best.1;
        }
        for m in self.all(&text[at + gap..to]) {
            let end = at + gap + m.end();
            if m.start() == 0 && end > best.0 && m.pattern().as_usize() >= self.right && whole(text, at + gap, end) {
                best = (end, self.says(m.pattern().as_usize()));
            }
        }
        best.1
    }

    fn says(&self, pattern: usize) -> Said {
        if pattern < self.against { Said::Phone } else { Said::Other }
    }
}

/// Two bytes without regard to case, hashed; words have more.
fn head(text: &[u8]) -> Option<usize> {
    let [a, b, ..] = *text else { return None };
    let key = usize::from(a | 0x20) << 8 | usize::from(b | 0x20);
    Some(key.wrapping_mul(0x9E37) >> 4 & (HEADS - 1))
}

/// Where to begin looking before `at`: at most one line break back, and that only right behind a label, or where a
/// sentence runs on: `my new number is` and the number at the head of the next line.
fn line_before(text: &[u8], at: usize) -> usize {
    let from = at.saturating_sub(BEFORE);
    match text[from..at].iter().rposition(|b| *b == b'\n') {
        None => from,
        Some(i) => {
            let line = text[from..from + i].strip_suffix(b"\r").unwrap_or(&text[from..from + i]);
            let label = line.trim_ascii_end();
            let bare = text[from + i..at].iter().all(|b| !b.is_ascii_alphanumeric());
            let goes_on = chars::before(line, line.len()).is_some_and(|(c, _)| c.is_lowercase());
            if !(bare && (goes_on || label.ends_with(b":"))) {
                return from + i + 1;
            }
            label.iter().rposition(|b| *b == b'\n').map_or(from, |j| from + j + 1)
        }
    }
}

/// Whether no letter stands on either side. Scripts without spaces have no such sides.
fn whole(text: &[u8], start: usize, end: usize) -> bool {
    let letter = |c: Option<(char, usize)>| c.is_some_and(|(c, _)| chars::is_letter(c) && !chars::unspaced(c));
    let first = chars::after(text, start).is_some_and(|(c, _)| chars::is_letter(c) && !chars::unspaced(c));
    let last = chars::before(text, end).is_some_and(|(c, _)| chars::is_letter(c) && !chars::unspaced(c));
    let glued = first && letter(chars::before(text, start)) || last && letter(chars::after(text, end));
    !glued
}
