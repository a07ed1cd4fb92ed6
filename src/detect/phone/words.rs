//! Words near a number that say what it is: `Tel.`, `call me on`, `手机`; or what else it is: `order`, `Rechnung`.
//! The nearest word decides.

use crate::detect::chars;
use crate::patterns::Rule;

/// Bytes before a number that are looked at.
const BEFORE: usize = 48;
/// Bytes after.
const AFTER: usize = 24;

/// Places in the table of heads.
const HEADS: usize = 1 << HEAD_BITS;
const HEAD_BITS: u32 = 14;
/// Bytes of a head at most: of shorter words all.
const HEAD: usize = 4;

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
    /// Letters (bytes of them) between the word and the number, or in all that was looked at if there is none.
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

/// The words of a rule, by their first bytes, four if they have as many. Words count where one begins, of which a
/// stretch of text has few, so looking at each costs less than an automaton's step for each byte.
#[derive(Debug)]
pub struct Words {
    /// With ASCII letters small; no two of one kind (see `right`, `against`) alike.
    spellings: Vec<String>,
    /// By their [`head`]s: whether a word begins so.
    heads: [u64; HEADS / 64],
    /// First bytes of words that are neither letters nor beyond ASCII.
    signs: Vec<u8>,
    /// The words' numbers, by their heads, and where those with a head begin.
    by_head: Vec<u16>,
    begin: Vec<u16>,
    /// Bytes of the longest.
    longest: usize,
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
                    [lower, title, w.to_uppercase()].map(|w| w.to_ascii_lowercase())
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
        let heads_of: Vec<usize> = all.iter().map(|w| head(w.as_bytes(), w.len())).collect();
        let mut heads = [0; HEADS / 64];
        heads_of.iter().for_each(|n| heads[n / 64] |= 1 << (n % 64));
        let mut signs: Vec<u8> = all.iter().filter_map(|w| w.bytes().next()).collect();
        signs.retain(|b| b.is_ascii() && !b.is_ascii_alphabetic());
        signs.sort_unstable();
        signs.dedup();
        let mut by_head: Vec<u16> = (0..all.len() as u16).collect();
        by_head.sort_by_key(|word| heads_of[usize::from(*word)]);
        let mut begin = vec![0; HEADS + 1];
        heads_of.iter().for_each(|n| begin[n + 1] += 1);
        (0..HEADS).for_each(|n| begin[n + 1] += begin[n]);
        let longest = all.iter().map(String::len).max().unwrap_or(0);
        Words { spellings: all, longest, heads, signs, by_head, begin, against, right }
    }

    /// Whether a word may begin with these bytes: `false` is sure.
    #[inline(always)]
    fn may_begin(&self, first: [u8; HEAD]) -> bool {
        let has = |len| {
            let n = hashed(first, len);
            self.heads[n / 64] >> (n % 64)
        };
        (has(2) | has(3) | has(HEAD)) & 1 != 0
    }

    /// The words that `text` begins with: their numbers, and how long they are.
    #[inline(always)]
    fn at(&self, text: &[u8], mut found: impl FnMut(usize, usize)) {
        for len in [2, 3, HEAD] {
            let n = head(text, len);
            if self.heads[n / 64] >> (n % 64) & 1 == 0 {
                continue;
            }
            for word in &self.by_head[usize::from(self.begin[n])..usize::from(self.begin[n + 1])] {
                let spelling = self.spellings[usize::from(*word)].as_bytes();
                if text.get(..spelling.len()).is_some_and(|t| t.eq_ignore_ascii_case(spelling)) {
                    found(usize::from(*word), spelling.len());
                }
            }
        }
    }

    /// What the last word before `at` says.
    pub fn before(&self, text: &[u8], at: usize) -> Label {
        let near = Near::new(text, at);
        let from = if near.breaks { line_before(text, at) } else { near.from };
        // Where it ends, how long it is, its number.
        let mut best = (from, 0, None);
        let mut starts = near.beyond(near.starts(text) | self.others(text, &near), from);
        // Where one may stand is asked of all first: whether it does is nothing that a processor foresees.
        let mut words = 0;
        while starts != 0 {
            let bit = starts.trailing_zeros();
            starts &= starts - 1;
            words |= u64::from(self.may_begin(near.head(bit as usize))) << bit;
        }
        // From the last on: what begins too far before what was found ends before it.
        while words != 0 {
            let bit = words.ilog2();
            words ^= 1 << bit;
            let start = near.from + bit as usize;
            if start + self.longest < best.0 {
                break;
            }
            if text[start] >= 0xD0 && within_word(&text[..at], start) {
                continue;
            }
            self.at(&text[start..at], |word, len| {
                let end = start + len;
                let right =
                    word >= self.right || at - end <= 3 && text[end..at].iter().all(|b| b" :.-'\"=(#+".contains(b));
                // Of two that end alike the longer says more: `追跡番号は` is a parcel's, `番号は` a phone's.
                let found = (end, len, Some(word));
                if found > best && right && whole(text, start, end) {
                    best = found;
                }
            });
        }
        let (last, said) = (best.0, best.2.map_or(Said::Nothing, |word| self.says(word)));
        let between = &text[last..at];
        let letters = near.beyond(near.letters | near.wide, last).count_ones() as usize;
        if said == Said::Nothing {
            return Label { said, letters, len: between.len(), parted: false };
        }
        // Digits without letters between are an earlier number of a list.
        let digits = letters > 0 && between.iter().any(u8::is_ascii_digit);
        let signs = between.iter().any(|b| matches!(b, b'[' | b']' | b')' | b'<' | b'{' | b'}'))
            || letters > 0 && between.contains(&b'/');
        Label { said, letters, len: between.len(), parted: digits || signs }
    }

    /// Where words could begin that begin with no letter.
    fn others(&self, text: &[u8], near: &Near) -> u64 {
        let bits = |sign: &u8| {
            let is = text[near.from..near.from + near.len].iter().enumerate().filter(move |(_, b)| *b == sign);
            is.fold(0, |all, (i, _)| all | 1 << i)
        };
        self.signs.iter().map(bits).fold(0, |all, bits| all | bits)
    }

    /// What the word right after `at` says, if only a space or punctuation stands between.
    pub fn after(&self, text: &[u8], at: usize) -> Said {
        let to = (at + AFTER).min(text.len());
        let gap = text[at..to].iter().take(3).take_while(|b| matches!(b, b' ' | b'-' | b'(' | b':' | b'\'')).count();
        let mut best = (0, Said::Nothing);
        self.at(&text[at + gap..to], |word, len| {
            let end = at + gap + len;
            if end > best.0 && word >= self.right && whole(text, at + gap, end) {
                best = (end, self.says(word));
            }
        });
        best.1
    }

    fn says(&self, pattern: usize) -> Said {
        if pattern < self.against { Said::Phone } else { Said::Other }
    }
}

/// What the bytes before a place are, a bit a byte.
struct Near {
    /// Where the first of them stands, and how many they are.
    from: usize,
    len: usize,
    /// They themselves, and zeros.
    bytes: [u8; BEFORE + HEAD],
    /// Letters of ASCII.
    letters: u64,
    /// Bytes beyond ASCII, and those of them that begin a character.
    wide: u64,
    leads: u64,
    /// Whether a line ends among them.
    breaks: bool,
}

impl Near {
    /// Of the last [`BEFORE`] bytes of `text` before `at`. Eight at a time: no byte's top bit is touched by its neighbours.
    #[inline(always)]
    fn new(text: &[u8], at: usize) -> Near {
        const { assert!(BEFORE <= 64 && BEFORE.is_multiple_of(8)) };
        const ONES: u64 = u64::from_le_bytes([1; 8]);
        const TOPS: u64 = ONES << 7;
        let from = at.saturating_sub(BEFORE);
        let mut bytes = [0; BEFORE + HEAD];
        match text[from..at].first_chunk::<BEFORE>() {
            Some(all) => bytes[..BEFORE].copy_from_slice(all),
            None => bytes[..at - from].copy_from_slice(&text[from..at]),
        }
        // The top bits, side by side: each is moved to the top byte, at a place of its own.
        let bits = |tops: u64| (tops >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        let mut near = Near { from, len: at - from, bytes, letters: 0, wide: 0, leads: 0, breaks: false };
        let words = || bytes[..BEFORE].as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word)).enumerate();
        let mut wide = 0;
        for (i, word) in words() {
            let low = word & !TOPS;
            let small = low | (ONES * 0x20);
            let letters = (small + ONES * (0x80 - b'a' as u64)) & !(small + ONES * (0x7F - b'z' as u64)) & !word & TOPS;
            let others = ((low ^ (ONES * b'\n' as u64)) + !TOPS) | word;
            near.letters |= bits(letters) << (8 * i);
            near.breaks |= others & TOPS != TOPS;
            wide |= word & TOPS;
        }
        if wide != 0 {
            for (i, word) in words() {
                near.wide |= bits(word & TOPS) << (8 * i);
                near.leads |= bits(word & word << 1 & TOPS) << (8 * i);
            }
        }
        near
    }

    /// The first bytes from the one with this bit on.
    #[inline(always)]
    fn head(&self, bit: usize) -> [u8; HEAD] {
        self.bytes[bit.min(BEFORE)..].first_chunk().copied().unwrap_or_default()
    }

    /// Where words could begin: letters with none before, and characters beyond ASCII.
    fn starts(&self, text: &[u8]) -> u64 {
        let before = self.from.checked_sub(1).is_some_and(|i| text[i].is_ascii_alphabetic());
        self.letters & !(self.letters << 1 | u64::from(before)) | self.leads
    }

    /// Those of `bits` that stand at `place` or behind it.
    fn beyond(&self, bits: u64, place: usize) -> u64 {
        bits & u64::MAX.checked_shl((place - self.from) as u32).unwrap_or(0)
    }
}

/// The first bytes, `len` or [`HEAD`] of them, without regard to case, hashed.
#[inline(always)]
fn head(text: &[u8], len: usize) -> usize {
    let first = match text.first_chunk::<HEAD>() {
        Some(first) => *first,
        None => std::array::from_fn(|i| text.get(i).copied().unwrap_or(0)),
    };
    hashed(first, len)
}

/// As that, of bytes at hand.
#[inline(always)]
fn hashed(first: [u8; HEAD], len: usize) -> usize {
    let beyond = 8 * HEAD.saturating_sub(len) as u32;
    let key = (u32::from_le_bytes(first) | 0x2020_2020) << beyond;
    (key.wrapping_mul(0x9E37_79B1) >> (32 - HEAD_BITS)) as usize
}

/// Whether the character of two bytes that ends before `at` and the one that begins there are letters of a script with spaces: then
/// no word begins there. Of those that are told here (Hebrew, Cyrillic, Arabic) texts have most.
#[inline(always)]
fn within_word(text: &[u8], at: usize) -> bool {
    let letter = |i: usize| {
        matches!(
            (text[i], text[i + 1]),
            (0xD0, 0x90..=0xBF) | (0xD1, 0x80..=0x8F) | (0xD7, 0x90..=0xAA) | (0xD8, 0xA1..=0xBA) | (0xD9, 0x81..=0x8A)
        )
    };
    at >= 2 && at + 1 < text.len() && letter(at - 2) && letter(at)
}

/// Where to begin looking before `at`: at most one line break back, and that only right behind a label, or where a
/// sentence runs on: `my new number is` and the number at the head of the next line.
fn line_before(text: &[u8], at: usize) -> usize {
    let from = at.saturating_sub(BEFORE);
    match memchr::memrchr(b'\n', &text[from..at]) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patterns::{Matcher, RuleSet};
    use aho_corasick::automaton::Automaton;
    use aho_corasick::dfa::DFA;
    use aho_corasick::{Input, MatchKind};
    use proptest::prelude::*;
    use std::sync::OnceLock;

    fn words() -> &'static (Words, DFA) {
        static ONCE: OnceLock<(Words, DFA)> = OnceLock::new();
        ONCE.get_or_init(|| {
            let rules = RuleSet::builtin();
            let phone = |r: &&Rule| matches!(&r.matcher, Matcher::Code(c) if c == "phone");
            let words = Words::new(rules.rules().iter().find(phone).unwrap());
            let mut dfa = DFA::builder();
            dfa.ascii_case_insensitive(true).match_kind(MatchKind::Standard);
            let dfa = dfa.build(&words.spellings).unwrap();
            (words, dfa)
        })
    }

    /// What the last word before `at` says, bytes and letters from there, and what the first one behind says, of all words wherever they stand.
    fn plainly(text: &[u8], at: usize) -> (Said, usize, usize, Said) {
        let (words, dfa) = words();
        let all = |from: usize, to: usize| -> Vec<(usize, usize, usize)> {
            let found = dfa.try_find_overlapping_iter(Input::new(&text[from..to])).unwrap();
            found.map(|m| (from + m.start(), from + m.end(), m.pattern().as_usize())).collect()
        };
        let from = line_before(text, at);
        let (mut said, mut last, mut longest) = (Said::Nothing, from, 0);
        for (start, end, word) in all(from, at) {
            let right =
                word >= words.right || at - end <= 3 && text[end..at].iter().all(|b| b" :.-'\"=(#+".contains(b));
            let nearer = end > last || end == last && end - start >= longest;
            if nearer && right && whole(text, start, end) {
                (said, last, longest) = (words.says(word), end, end - start);
            }
        }
        let to = (at + AFTER).min(text.len());
        let gap = text[at..to].iter().take(3).take_while(|b| matches!(b, b' ' | b'-' | b'(' | b':' | b'\'')).count();
        let mut best = (0, Said::Nothing);
        for (start, end, word) in all(at + gap, to) {
            if start == at + gap && end > best.0 && word >= words.right && whole(text, at + gap, end) {
                best = (end, words.says(word));
            }
        }
        let letters = text[last..at].iter().filter(|b| b.is_ascii_alphabetic() || **b >= 0x80).count();
        (said, at - last, letters, best.1)
    }

    #[test]
    fn words_of_ones_own_may_begin_with_signs() {
        let rules = RuleSet::builtin();
        let mut rule =
            rules.rules().iter().find(|r| matches!(&r.matcher, Matcher::Code(c) if c == "phone")).unwrap().clone();
        rule.context = vec!["#tel".to_owned(), "phone".to_owned()];
        rule.against = vec!["*id".to_owned()];
        let words = Words::new(&rule);
        for (text, said) in [
            ("x #tel ", Said::Phone),
            ("#TEL ", Said::Phone),
            ("phone *ID ", Said::Other),
            ("*id phone ", Said::Phone),
            ("tel id ", Said::Nothing),
        ] {
            assert_eq!(words.before(text.as_bytes(), text.len()).said, said, "{text}");
        }
    }

    #[test]
    fn no_word_is_a_single_byte() {
        assert!(words().0.spellings.iter().all(|w| w.len() >= 2));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

        #[test]
        fn words_are_those_of_an_automaton_over_all(
            picks in prop::collection::vec((any::<prop::sample::Index>(), 0usize..5, prop::sample::select(vec![
                "", " ", ": ", "\n", ".", "x", "É", "é", "-", "番", "は", "я", " (", "1 ", "\u{e000}",
            ])), 0..6),
            behind in any::<prop::sample::Index>(),
            gap in prop::sample::select(vec!["", " ", "- ", "x"]),
            broken in any::<bool>(),
        ) {
            let spellings = &words().0.spellings;
            let mut text = Vec::new();
            for (word, case, between) in &picks {
                let word = &spellings[word.index(spellings.len())];
                let word = match case {
                    0 => word.to_uppercase(),
                    1 => word.to_ascii_uppercase(),
                    2 => word.chars().skip(1).collect(),
                    _ => word.clone(),
                };
                text.extend_from_slice(word.as_bytes());
                text.extend_from_slice(between.as_bytes());
            }
            if broken && text.len() > 2 {
                text.remove(text.len() / 2);
            }
            let at = text.len();
            text.extend_from_slice(gap.as_bytes());
            text.extend_from_slice(spellings[behind.index(spellings.len())].as_bytes());
            let label = words().0.before(&text, at);
            let after = words().0.after(&text, at);
            prop_assert_eq!((label.said, label.len, label.letters, after), plainly(&text, at), "{}", String::from_utf8_lossy(&text));
        }
    }
}
