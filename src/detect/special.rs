//! Special categories (Article 9 GDPR): a term of a list, and whether it is said of somebody.
//!
//! `Diabetes is a chronic disease` says nothing of anybody, `I have diabetes` does, and so does `meine Depression`. The terms of all
//! groups that were asked for are one automaton over the whole text; where one stands, the words before it in its sentence are
//! looked at for a claim. Nobody pays for this who has not asked for it.

use super::anchors::{Anchor, Kinds};
use super::{Crowd, Match, View, chars, context};
use crate::model::{RuleId, Span};
use crate::patterns::special::ByLanguage;
use crate::patterns::{Matcher, Rule};
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::BTreeMap;

/// Bytes before a term in which a claim stands.
const BEFORE: usize = 64;
/// The most words between a claim and a term.
const BETWEEN: usize = 4;

/// Words between a claim and a term that make it something else: `I have a book about diabetes`.
const OTHER: &[&str] = &[
    "about",
    "app",
    "book",
    "article",
    "news",
    "story",
    "film",
    "movie",
    "against",
    "for",
    "of",
    "your",
    "their",
    "bar",
    "house",
    "who",
    "which",
    "that",
    "über",
    "gegen",
    "buch",
    "artikel",
    "film",
    "für",
    "sur",
    "contre",
    "livre",
    "article",
    "pour",
    "sobre",
    "contra",
    "libro",
    "livro",
    "artículo",
    "para",
    "su",
    "contro",
    "articolo",
    "per",
    "over",
    "tegen",
    "boek",
    "voor",
    "o",
    "książkę",
    "artykuł",
    "przeciw",
    "dla",
    "at",
    "from",
    "new",
    "from",
];
/// Words right behind a term that make it a name or a thing: `Diabetes App`, `cancer research`.
const THINGS: &[&str] = &[
    "app",
    "magazine",
    "article",
    "book",
    "museum",
    "research",
    "association",
    "awareness",
    "charity",
    "campaign",
    "center",
    "centre",
    "institute",
    "news",
    "course",
    "study",
    "studies",
    "foundation",
    "jacket",
    "friday",
    "bar",
    "pride",
    "parade",
    "sensor",
    "kits",
    "kit",
    "costs",
    "rights",
    "month",
    "week",
    "day",
    "flag",
    "street",
    "church",
    "temple",
    "tee",
    "tea",
    "coffee",
    "card",
    "box",
    "cat",
    "dog",
    "dress",
    "shirt",
    "shoes",
    "hair",
    "car",
    "algorithm",
    "house",
    "museum",
    "forschung",
    "verein",
    "stiftung",
    "tag",
    "kirche",
    "jacke",
    "auto",
    "kleid",
    "katze",
    "recherche",
    "association",
    "robe",
    "voiture",
    "chat",
    "investigación",
    "asociación",
    "coche",
    "gato",
    "vestido",
    "ricerca",
    "associazione",
    "macchina",
    "pesquisa",
    "associação",
    "carro",
    "onderzoek",
    "vereniging",
];

/// Finds the terms of the groups that were asked for.
#[derive(Debug)]
pub(super) struct Special {
    rows: Vec<Row>,
    terms: Words,
    claims: Words,
}

#[derive(Debug)]
struct Row {
    rule: RuleId,
    score: f32,
    alone: f32,
}

/// Words, each of which means some of the rows.
#[derive(Debug)]
struct Words {
    automaton: AhoCorasick,
    spellings: Vec<String>,
    /// By spelling: the rows, a bit each; whether it counts only as it is written.
    means: Vec<(u64, bool)>,
}

impl Words {
    fn new<'a>(lists: impl Iterator<Item = &'a ByLanguage>) -> Words {
        let mut all: BTreeMap<(String, bool), u64> = BTreeMap::new();
        for (row, list) in lists.enumerate() {
            for word in list.values().flatten() {
                let exact = context::in_capitals(word);
                for spelling in context::spellings(word, exact) {
                    *all.entry((spelling, exact)).or_default() |= 1 << row;
                }
            }
        }
        let (spellings, means): (Vec<String>, Vec<(u64, bool)>) =
            all.into_iter().map(|((word, exact), rows)| (word, (rows, exact))).unzip();
        // An automaton that does not fit into memory would let terms pass unseen.
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(&spellings)
            .expect("fewer states than memory holds");
        Words { automaton, spellings, means }
    }

    /// The words in `text`, each where it stands as a word of its own, with the rows it means, by their ends.
    fn each<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = (Span, u64)> + 'a {
        self.automaton.find_overlapping_iter(text).filter_map(|m| {
            let span = Span::new(m.start(), m.end());
            let (rows, exact) = self.means[m.pattern().as_usize()];
            let as_written = !exact || text[span.range()] == *self.spellings[m.pattern().as_usize()].as_bytes();
            // `d'` of a claim stands right before its term.
            let ends = text[..span.end].ends_with(b"'") || !chars::word_after(text, span.end);
            (as_written && ends && !chars::word_before(text, span.start)).then_some((span, rows))
        })
    }
}

impl Special {
    /// Finds what these rules name: groups of terms, 64 at most.
    pub fn new(rules: &[(RuleId, &Rule)]) -> Special {
        let all = || {
            rules.iter().take(u64::BITS as usize).filter_map(|(id, rule)| match &rule.matcher {
                Matcher::Special(m) => Some((*id, *rule, m)),
                _ => None,
            })
        };
        Special {
            rows: all().map(|(rule, r, m)| Row { rule, score: r.score, alone: m.alone }).collect(),
            terms: Words::new(all().map(|r| &r.2.terms)),
            claims: Words::new(all().map(|r| &r.2.claims)),
        }
    }

    /// The rows of which a claim stands before `term`.
    fn claimed(&self, text: &[u8], term: Span) -> u64 {
        let from = term.start.saturating_sub(BEFORE);
        let stop = |b: &u8| matches!(b, b'.' | b'!' | b'?' | b';' | b'\n' | b'"' | b'\x1A');
        let from = text[from..term.start].iter().rposition(stop).map_or(from, |i| from + i + 1);
        let before = &text[from..term.start];
        let mut rows = 0;
        for (span, means) in self.claims.each(before) {
            let between = String::from_utf8_lossy(&before[span.end..]).to_lowercase();
            let mut words = between.split(|c: char| !chars::is_alphanumeric(c)).filter(|w| !w.is_empty());
            if words.clone().count() <= BETWEEN && !words.any(|w| OTHER.contains(&w)) {
                rows |= means;
            }
        }
        rows
    }
}

/// Whether what stands right behind a term makes it a name or a thing.
fn is_thing(text: &[u8], end: usize) -> bool {
    let Some(rest) = text[end..].strip_prefix(b" ").or_else(|| text[end..].strip_prefix(b"-")) else { return false };
    let word = rest[..rest.len().min(24)].utf8_chunks().next().map_or("", |c| c.valid());
    let word: String = word.chars().take_while(|c| chars::is_letter(*c)).flat_map(char::to_lowercase).collect();
    THINGS.contains(&word.as_str())
}

impl Crowd for Special {
    fn kinds(&self) -> Kinds {
        Kinds::TEXT
    }

    fn dismisses(&self, _: &[u8], _: Span) -> bool {
        true
    }

    fn verify(&self, view: &View<'_>, _: &Anchor, out: &mut Vec<(RuleId, Match)>) -> usize {
        for (span, rows) in self.terms.each(view.text) {
            let claimed = if is_thing(view.text, span.end) { 0 } else { self.claimed(view.text, span) };
            for (i, row) in self.rows.iter().enumerate().filter(|(i, _)| rows >> i & 1 == 1) {
                let score = if claimed >> i & 1 == 1 { row.score } else { row.alone };
                out.push((row.rule, Match { span, score }));
            }
        }
        view.text.len()
    }
}
