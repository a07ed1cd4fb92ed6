//! PERSON: names that a phrase introduces, greets or signs with: `my name is Ana Reis`, `Dear Mr Berg`, `Best regards, Ana`.
//! What follows must look like a name; how sure it is depends on the phrase and on what stands behind.

mod phrases;

use super::anchors::{Anchor, Kinds};
use super::chars;
use super::roster::common::{is_role, is_title};
use super::roster::fold::{Word, word_at};
use super::{Detector, Match, View};
use crate::model::Span;
use crate::patterns::Rule;
use phrases::{BETWEEN, NO_NAME, PARTICLES, PHRASES, Phrase, Says};

/// Words of a name at most.
const WORDS: usize = 4;
/// Below the rule's score, which is that of a name in full behind `my name is`: of one word; of what is perhaps a name; of a name in
/// small letters.
const ONE: f32 = 0.1;
const PERHAPS: f32 = 0.15;
const SMALL: f32 = 0.3;
/// Parts of phrases that are about names and nothing else.
const NAMES: &[&str] = &["nam", "nom", "llamo", "chiamo"];
/// Bytes before a phrase that are compared.
const BEFORE: usize = 12;

#[derive(Debug)]
pub(crate) struct Introduced {
    score: f32,
    literals: Vec<&'static str>,
}

impl Introduced {
    pub fn new(rule: &Rule) -> Introduced {
        Introduced { score: rule.score, literals: PHRASES.iter().map(|p| p.word).collect() }
    }

    fn found(&self, text: &[u8], start: usize) -> Option<Match> {
        let first = text.get(start)?.to_ascii_lowercase();
        let here = |p: &&Phrase| {
            let word = p.word.as_bytes();
            word[0] == first && text.get(start..start + word.len()).is_some_and(|t| t.eq_ignore_ascii_case(word))
        };
        // The longest one that stands here.
        let phrase = PHRASES.iter().filter(here).max_by_key(|p| p.word.len())?;
        let end = start + phrase.word.len();
        match phrase.says {
            Says::Name if !stands_behind(text, start, phrase.before) => None,
            Says::Name => {
                // `meu nome é`, `il mio nome è`.
                let is = if phrase.word == "nome " {
                    ["é ", "è "].iter().find(|w| text[end..].starts_with(w.as_bytes()))?.len()
                } else {
                    0
                };
                self.introduced(text, end + is, phrase.word)
            }
            Says::Full | Says::Calls if !stands_behind(text, start, phrase.before) => None,
            Says::Full => self.presented(text, end, |name| name.words > 1 && ends(text, name.span.end)),
            Says::Calls => self.presented(text, end, |name| calls(text, name.span.end)),
            Says::Greets => self.greeted(text, start, end, phrase),
            Says::Signs => self.signed(text, end),
        }
    }

    fn introduced(&self, text: &[u8], end: usize, phrase: &str) -> Option<Match> {
        if let Some(name) = Name::read(text, end) {
            let less = if name.words > 1 { 0.0 } else { ONE };
            return Some(Match { span: name.span, score: self.score - less });
        }
        // In small letters, if nothing else follows, and the phrase has no other sense (`ich heiße dich willkommen`).
        if !NAMES.iter().any(|n| phrase.contains(n)) {
            return None;
        }
        let word = word_at(text, untitled(text, end)?)?;
        let known = word.letters < 3 || no_name(&word) || !word.lower;
        let second = text.get(word.whole..).filter(|r| r.starts_with(b" ")).and_then(|_| word_at(text, word.whole + 1));
        let to = match second {
            Some(s) if s.lower && !no_name(&s) && s.letters > 2 && ends(text, s.whole) => s.whole,
            _ if ends(text, word.whole) => word.whole,
            _ => return None,
        };
        (!known).then_some(Match { span: Span::new(word.start, to), score: self.score - SMALL })
    }

    /// `I'm Ana Reis`, `this is Ana from Acme`: phrases that say much else, too, so that what stands behind must `fit`.
    fn presented(&self, text: &[u8], end: usize, fit: impl Fn(&Name) -> bool) -> Option<Match> {
        let name = Name::read(text, end).filter(fit)?;
        let words = text[name.span.range()].split(|b| *b == b' ');
        // `I'm Getting Married`, `SOY FELIZ`.
        let verb = words.clone().any(|w| w.ends_with(b"ing") || w.ends_with(b"ed") && w.len() > 4);
        let shouted = words.clone().all(|w| w.iter().all(|b| !b.is_ascii_lowercase()));
        (!verb && !shouted).then_some(Match { span: name.span, score: self.score - ONE })
    }

    /// `Dear Mr Berg,`, `Hi Ana!` at a line's beginning.
    fn greeted(&self, text: &[u8], start: usize, mut end: usize, phrase: &Phrase) -> Option<Match> {
        let opens = match phrase.before {
            [] => start,
            before => start - before.iter().find(|b| stands_behind(text, start, &[**b]))?.len(),
        };
        if !begins_line(text, opens) {
            return None;
        }
        if !phrase.word.ends_with(' ') {
            // The ending of `geehrter`, `estimada`.
            let rest = text.get(end..)?;
            end += rest.iter().take(6).position(|b| *b == b' ')? + 1;
        }
        let titled = untitled(text, end)? > end;
        let name = Name::read(text, end)?;
        let closed = match text.get(name.span.end) {
            None => true,
            Some(b) => {
                b",!.:;\n\r?)".contains(b)
                    || text[name.span.end..].starts_with(" –".as_bytes())
                    || text[name.span.end..].starts_with(b" -")
            }
        };
        let less = if titled || name.words > 1 { ONE } else { ONE + PERHAPS };
        (titled || closed).then_some(Match { span: name.span, score: self.score - less })
    }

    /// `Best regards,` and a name at the end of the text, or alone in the next line.
    fn signed(&self, text: &[u8], end: usize) -> Option<Match> {
        // `Grüße`, `Grüßen`.
        let end = end + text.get(end..)?.iter().take(2).take_while(|b| b.is_ascii_lowercase()).count();
        let rest = text.get(end..)?;
        let marks = rest.iter().take(8).take_while(|b| b",. !\r\n\t-".contains(b)).count();
        let broken = rest[..marks].contains(&b'\n');
        if !broken && !rest[..marks].contains(&b',') {
            return None;
        }
        let name = Name::read(text, end + marks)?;
        let after = text[name.span.end..].trim_ascii_start();
        let line = text[name.span.end..]
            .iter()
            .take_while(|b| **b != b'\n')
            .all(|b| b.is_ascii_whitespace() || b",.".contains(b));
        let less = if name.words > 1 { ONE } else { ONE + PERHAPS };
        (line && (broken || after.is_empty())).then_some(Match { span: name.span, score: self.score - less })
    }
}

impl Detector for Introduced {
    fn kinds(&self) -> Kinds {
        Kinds::LITERAL
    }

    fn literals(&self) -> &[&'static str] {
        &self.literals
    }

    fn within_words(&self) -> bool {
        false
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<Match>) -> usize {
        let start = anchor.start();
        match self.found(view.text, start) {
            Some(m) => {
                out.push(m);
                m.span.end
            }
            None => start + 1,
        }
    }
}

/// A name: one to four words with capitals, with small ones such as `van der` between.
struct Name {
    span: Span,
    words: usize,
}

impl Name {
    fn read(text: &[u8], from: usize) -> Option<Name> {
        let start = untitled(text, from)?;
        let (mut end, mut words, mut at) = (start, 0, start);
        while words < WORDS {
            let Some(word) = word_at(text, at) else { break };
            let particle = words > 0 && word.lower && PARTICLES.contains(&folded(&word).as_str());
            if !particle {
                if word.lower || no_name(&word) {
                    break;
                }
                // `Ana K. Reis`.
                let initial = word.letters == 1;
                if initial && words == 0 && text.get(word.whole) != Some(&b'.') {
                    return None;
                }
                words += usize::from(!initial);
                end = word.bare_end();
            }
            let dot = usize::from(word.letters == 1 && text.get(word.whole) == Some(&b'.'));
            match gap(text, word.whole + dot) {
                Some(next) if end == word.whole || particle => at = next,
                _ => break,
            }
        }
        let whole = chars::after(text, end).is_none_or(|(c, _)| !chars::in_name(c) && c != '@' && c != '_');
        let letters = text[start..end].iter().filter(|b| b.is_ascii_alphabetic() || **b >= 0x80).count();
        (words > 0 && letters > 1 && whole).then_some(Name { span: Span::new(start, end), words })
    }
}

/// Where the name begins behind spaces and titles: `Mr`, `Frau Dr.`.
fn untitled(text: &[u8], from: usize) -> Option<usize> {
    let mut at = from + text.get(from..)?.iter().take(2).take_while(|b| **b == b' ').count();
    for _ in 0..3 {
        let Some(word) = word_at(text, at) else { break };
        let folded = folded(&word);
        let skipped = is_title(folded.as_bytes()) || word.lower && BETWEEN.contains(&folded.as_str());
        if !skipped {
            break;
        }
        let dot = usize::from(text.get(word.whole) == Some(&b'.'));
        match gap(text, word.whole + dot) {
            Some(next) => at = next,
            None => break,
        }
    }
    Some(at)
}

/// Behind the one space at `at`.
fn gap(text: &[u8], at: usize) -> Option<usize> {
    (text.get(at) == Some(&b' ')).then_some(at + 1)
}

fn folded(word: &Word) -> String {
    String::from_utf8_lossy(word.forms().next().unwrap_or_default()).into_owned()
}

fn no_name(word: &Word) -> bool {
    word.forms().any(|f| is_role(f) || NO_NAME.iter().any(|n| n.as_bytes() == f))
}

fn lower(text: &[u8]) -> String {
    String::from_utf8_lossy(text).to_lowercase()
}

/// Whether one of `before` stands right before `at`, in any case, as words; of none, whether no letter does.
fn stands_behind(text: &[u8], at: usize, before: &[&str]) -> bool {
    let begins = |n: usize| chars::before(text, n).is_none_or(|(c, _)| !chars::in_name(c));
    if before.is_empty() {
        return begins(at);
    }
    let head = lower(&text[at.saturating_sub(BEFORE)..at]);
    before.iter().any(|b| head.ends_with(b) && begins(at - b.len()))
}

/// Whether a line, or a message behind a mark, begins at `at`.
fn begins_line(text: &[u8], at: usize) -> bool {
    let before = &text[at.saturating_sub(8)..at];
    let trimmed = before.trim_ascii_end();
    trimmed.is_empty()
        || before[trimmed.len()..].contains(&b'\n')
        || matches!(trimmed.last(), Some(b'>' | b'"' | b'.' | b'!' | b':' | b'|' | b'*'))
}

/// Whether what stands at `at` says that the name before is a caller's: `from Acme`, `calling`, `speaking`, `here`.
fn calls(text: &[u8], at: usize) -> bool {
    let rest = &text[at..];
    let of = |word: &[u8]| {
        let next = rest.strip_prefix(word).and_then(|r| chars::after(r, 0));
        next.is_some_and(|(c, _)| c.is_uppercase())
    };
    [&b" from "[..], b" from the ", b" with ", b" at "].iter().any(|w| of(w))
        || [&b" calling"[..], b" speaking", b" here"].iter().any(|w| rest.starts_with(w) && ends_word(rest, w.len()))
}

/// Whether no letter stands at `at`.
fn ends_word(text: &[u8], at: usize) -> bool {
    chars::after(text, at).is_none_or(|(c, _)| !chars::in_name(c))
}

/// Whether a sentence may end at `at`.
fn ends(text: &[u8], at: usize) -> bool {
    text.get(at).is_none_or(|b| b".,!?;\n\r)".contains(b))
        || [&b" and "[..], b" from ", b" und ", b" y ", b" et ", b" e "].iter().any(|w| text[at..].starts_with(w))
}
