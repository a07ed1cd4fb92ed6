//! National identifiers: the rows of a table (`patterns/national/*.toml`), each with the forms in which the id is written, its
//! check, and the words that name it.
//!
//! All rows are looked for at once. A run of digits leads to the forms that begin with groups as long as its own, a word with
//! digits in it to the forms of its length; what has a form and passes its check is weighed by the words around it. Most
//! checks let one number in ten or eleven through, so most ids need a word that names them.

mod checks;
mod europe;
mod forms;
mod words;
mod world;

use super::anchors::{Anchor, Kinds};
use super::groups::{self, Edge, Join};
use super::{Crowd, Match, View, chars};
use crate::error::{Error, Result, nearest};
use crate::model::{EntityType, RuleId, Span};
use crate::patterns::national::NationalMatcher;
use crate::patterns::{Matcher, Rule};
use checks::Check;
use forms::{Form, Forms, Written};
use words::{Said, Words};

/// What a number scores less beside a word for something else, or with letters that are no capitals.
const DOUBT: f32 = 0.3;
/// Lower scores are not worth a line.
const LEAST: f32 = 0.1;

/// A row of the table.
#[derive(Debug)]
struct Row {
    rule: RuleId,
    entity: EntityType,
    check: Check,
    alone: f32,
    score: f32,
}

/// Finds the ids of all rows.
#[derive(Debug)]
pub(super) struct National {
    rows: Vec<Row>,
    forms: Forms,
    words: Words,
}

/// The row of a rule, if it is one.
fn matcher(rule: &Rule) -> Option<&NationalMatcher> {
    match &rule.matcher {
        Matcher::National(m) => Some(m),
        _ => None,
    }
}

impl National {
    /// Finds what these rules name: rows of the table, 128 at most.
    ///
    /// # Errors
    ///
    /// A check that doesn't exist; a form without the digits that it could be found by.
    pub fn new(rules: &[(RuleId, &Rule)]) -> Result<National> {
        let rows: Vec<(RuleId, &Rule, &NationalMatcher)> =
            rules.iter().filter_map(|(id, r)| Some((*id, *r, matcher(r)?))).collect();
        let wrong = |rule: &Rule, what: String| Error::Config {
            path: rule.origin.clone(),
            line: rule.line,
            what: format!("national `{}`: {what}", rule.id),
        };
        if let Some((_, rule, _)) = rows.get(words::Rows::BITS as usize) {
            return Err(wrong(rule, "there are 128 national ids already; leave some out".into()));
        }
        let forms = Forms::new(rows.iter().map(|r| r.2.forms.as_slice()));
        if let Some(form) = forms.unfound().next() {
            let what = "key `forms`: each needs seven digits in a row (separators between them don't count), or must be one word \
                        of nine characters or more";
            return Err(wrong(rows[form.rows[0]].1, what.into()));
        }
        let words = Words::new(rows.iter().map(|r| r.1.context.as_slice()));
        let row = |(id, rule, m): (RuleId, &Rule, &NationalMatcher)| {
            let check = checks::named(&m.check).ok_or_else(|| {
                let hint = nearest(&m.check, checks::names()).map_or_else(
                    || format!("known are {}", checks::names().join(", ")),
                    |n| format!("did you mean `{n}`?"),
                );
                wrong(rule, format!("key `check`: there is no check `{}`; {hint}", m.check))
            })?;
            Ok(Row { rule: id, entity: rule.entity, check, alone: m.alone, score: rule.score })
        };
        Ok(National { rows: rows.into_iter().map(row).collect::<Result<_>>()?, forms, words })
    }

    /// Calls `found` for the rows whose check the value of `form` at `at` passes.
    #[inline(always)]
    fn read(&self, text: &[u8], form: &Form, at: usize, mut found: impl FnMut(usize, Written)) {
        let Some(written) = form.read(text, at) else { return };
        let id = written.id();
        if id.iter().all(|b| *b == id[0]) {
            return;
        }
        form.rows.iter().filter(|r| (self.rows[**r].check)(id)).for_each(|r| found(*r, written));
    }

    /// The best of what `candidates` are, if they are anything.
    fn best(&self, view: &View<'_>, candidates: &[(usize, Written)], beside: Beside) -> Option<(RuleId, Match)> {
        let mut best: Option<(RuleId, Match)> = None;
        let mut said: Option<(Span, Said)> = None;
        for (row, written) in candidates {
            let (row, bit, span) = (&self.rows[*row], 1 << row, written.span);
            let edge = edge(view.text, written).min(if beside.joined { Edge::Inside } else { Edge::Clear });
            if edge == Edge::Inside {
                continue;
            }
            let words = match said {
                Some((of, words)) if of == span => words,
                _ => self.words.around(view.text, span.start, span.end),
            };
            said = Some((span, words));
            let named = words.rows & bit != 0 || view.hint == Some(row.entity);
            let score = match (named, edge) {
                (true, _) => row.score,
                (false, Edge::Inside | Edge::Doubtful) => continue,
                (false, Edge::Clear) => {
                    let doubts = [words.other || words.rows != 0, view.hint.is_some(), !written.capitals, beside.row];
                    row.alone - DOUBT * doubts.iter().filter(|d| **d).count() as f32
                }
            };
            if score >= LEAST && best.is_none_or(|(_, b)| score > b.score) {
                best = Some((row.rule, Match { span, score }));
            }
        }
        best
    }

    fn run(&self, view: &View<'_>, run: Span, out: &mut Vec<(RuleId, Match)>) {
        let text = view.text;
        let next = |after: Span| groups::next(text, after.end, run.end).unwrap_or(Span::new(run.end, run.end));
        let first = next(Span::new(run.start, run.start));
        let mut here = [first, next(first), next(next(first))];
        let mut previous = None;
        let mut candidates = Vec::new();
        let mut taken = run.start;
        while !here[0].is_empty() {
            candidates.clear();
            if here[0].start >= taken {
                self.forms.at_groups(&here, |form, start| {
                    self.read(text, form, start, |row, written| candidates.push((row, written)));
                });
            }
            // Longer ones first: what they leave is not looked at.
            candidates.sort_by_key(|(_, w)| std::cmp::Reverse(w.span.end));
            for same in candidates.chunk_by(|a, b| a.1.span == b.1.span) {
                let beside = Beside::new(text, run, previous, same[0].1.span);
                if let Some(found) = self.best(view, same, beside) {
                    taken = found.1.span.end;
                    out.push(found);
                    break;
                }
            }
            previous = Some(here[0]);
            here = [here[1], here[2], next(here[2])];
        }
    }

    fn word(&self, view: &View<'_>, start: usize, out: &mut Vec<(RuleId, Match)>) {
        let len = view.text[start..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        let mut candidates = Vec::new();
        for form in self.forms.of_word(len) {
            self.read(view.text, form, start, |row, written| candidates.push((row, written)));
        }
        out.extend(self.best(view, &candidates, Beside::default()));
    }
}

/// What digits of the same run beside a value say.
#[derive(Debug, Clone, Copy, Default)]
struct Beside {
    /// They are joined to it: it is a part of something longer.
    joined: bool,
    /// Only a space parts them: it may be.
    row: bool,
}

impl Beside {
    fn new(text: &[u8], run: Span, previous: Option<Span>, value: Span) -> Beside {
        let before = previous.filter(|p| p.end <= value.start).map(|p| groups::join(&text[p.end..value.start]));
        let after =
            groups::next(text, value.end.min(run.end), run.end).map(|n| groups::join(&text[value.end..n.start]));
        let mut beside = Beside::default();
        for join in [before, after].into_iter().flatten() {
            beside.joined |= matches!(join, Join::Mark(_));
            beside.row |= join == Join::Space;
        }
        beside
    }
}

/// What stands right beside a value.
fn edge(text: &[u8], written: &Written) -> Edge {
    let span = written.span;
    let digit = |at: Option<&u8>| at.is_some_and(u8::is_ascii_digit);
    let left = match digit(text.get(span.start)) {
        // A part of a path, whatever it looks like.
        _ if span.start > 0 && text[span.start - 1] == b'/' => Edge::Doubtful,
        true => groups::left(text, span.start, written.bare),
        false => word_edge(text, span.start.checked_sub(1), chars::word_before(text, span.start)),
    };
    let right = match digit(text.get(span.end - 1)) {
        true => groups::right(text, span.end, written.bare),
        false => word_edge(text, Some(span.end), chars::word_after(text, span.end)),
    };
    left.min(right)
}

/// What stands beside a letter at an end of a value: `glued`, a letter or digit does.
fn word_edge(text: &[u8], beside: Option<usize>, glued: bool) -> Edge {
    match beside.and_then(|i| text.get(i)) {
        _ if glued => Edge::Inside,
        Some(b'-' | b'/' | b'+' | b'=' | b'\\' | b'@' | b'%' | b'$') => Edge::Doubtful,
        _ => Edge::Clear,
    }
}

impl Crowd for National {
    fn kinds(&self) -> Kinds {
        Kinds::RUN.and(Kinds::CODE)
    }

    fn dismisses(&self, unit: &[u8], run: Span) -> bool {
        // 17 digits and a letter are an id in China, and so are other digits with a letter behind.
        let letter = |i: Option<usize>| i.and_then(|i| unit.get(i)).is_some_and(u8::is_ascii_alphabetic);
        if letter(Some(run.end)) || letter(run.start.checked_sub(1)) {
            return false;
        }
        let mut passes = false;
        for form in self.forms.of_digits(run.len()) {
            self.read(unit, form, run.start, |_, written| passes |= written.span == run);
        }
        !passes
    }

    fn verify(&self, view: &View<'_>, anchor: &Anchor, out: &mut Vec<(RuleId, Match)>) -> usize {
        match *anchor {
            Anchor::Run { start, end } => {
                self.run(view, Span::new(start, end), out);
                end
            }
            Anchor::Code(start) => {
                self.word(view, start, out);
                start + 1
            }
            _ => anchor.start() + 1,
        }
    }
}
