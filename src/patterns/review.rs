//! What is doubtful in a user's rules: they are in force all the same, but will be slow, or find nothing, or too much.
//!
//! There is no catastrophic backtracking: the regex crate takes time linear in the text. What can go wrong is that a rule has no
//! literal to be found by, that its literals and its regex don't agree, or that it takes everything.

use super::{Matcher, PatternMatcher, Rule, RuleSet};
use crate::model::RuleId;
use regex_syntax::ParserBuilder;
use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Hir, HirKind};

/// Shorter literals stand in nearly every text.
const SHORT: usize = 3;
/// The default of `--min-score`.
const MIN_SCORE: f32 = 0.5;

/// The regex of a pattern is right.
///
/// # Errors
///
/// Where in it something is wrong, and what.
pub(super) fn check(p: &PatternMatcher) -> Result<(), String> {
    parse(p, p.ignore_case).map(drop)
}

fn parse(p: &PatternMatcher, ignore_case: bool) -> Result<Hir, String> {
    let mut parser = ParserBuilder::new().unicode(p.unicode).utf8(false).case_insensitive(ignore_case).build();
    parser.parse(&p.regex).map_err(|e| {
        // The message repeats the regex and points at the place; its last line says what is wrong.
        let said = e.to_string();
        let what = said.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        let at = match &e {
            regex_syntax::Error::Parse(e) => Some(e.span().start.offset),
            regex_syntax::Error::Translate(e) => Some(e.span().start.offset),
            _ => None,
        };
        at.map_or(what.clone(), |at| format!("at byte {at}: {what}"))
    })
}

/// What is doubtful in the rules that are not built in, one line each, with file, line and rule.
pub fn doubts(rules: &RuleSet) -> Vec<String> {
    let own = rules.rules().iter().enumerate().filter(|(i, _)| !rules.is_builtin(RuleId(*i as u16)));
    own.flat_map(|(_, rule)| of_rule(rule)).collect()
}

fn of_rule(rule: &Rule) -> Vec<String> {
    let mut doubts = Vec::new();
    if !rule.context.is_empty() && rule.boost <= 0.0 {
        doubts.push("key `context`: the words do nothing without `boost`; give `boost = 0.2`".into());
    }
    if rule.context.is_empty() && rule.boost > 0.0 {
        doubts.push("key `boost`: it does nothing without `context`; name the words that raise the score".into());
    }
    if rule.score + rule.boost.max(0.0) < MIN_SCORE {
        doubts.push(format!("key `score`: it never reaches {MIN_SCORE}, the default of --min-score; nothing is found without that option"));
    }
    if let Matcher::Pattern(p) = &rule.matcher
        && !p.listed
        && let Ok(hir) = parse(p, false)
    {
        regex(&hir, &mut doubts);
        if p.lead == 0 {
            anchors(p, &hir, &mut doubts);
        }
    }
    doubts.iter().map(|what| format!("{}:{}: rule `{}`: {what}", rule.origin.display(), rule.line, rule.id)).collect()
}

fn regex(hir: &Hir, doubts: &mut Vec<String>) {
    if hir.properties().minimum_len() == Some(0) {
        doubts.push(
            "key `regex`: it matches where nothing stands, which is never a finding; make a part of it required".into(),
        );
    }
    if takes_all(hir) {
        doubts.push(
            "key `regex`: a `.*` or `.+` takes all up to the line's end; bound it (`.{1,40}`) or name the characters"
                .into(),
        );
    }
}

/// Whether something in it repeats without bound what takes letters as well as blanks.
fn takes_all(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Repetition(r) if r.max.is_none() => {
            let any = match r.sub.kind() {
                HirKind::Class(regex_syntax::hir::Class::Bytes(c)) => [b' ', b'x', b'0', b',']
                    .iter()
                    .all(|b| c.ranges().iter().any(|r| (r.start()..=r.end()).contains(b))),
                HirKind::Class(regex_syntax::hir::Class::Unicode(c)) => {
                    [' ', 'x', '0', ','].iter().all(|b| c.ranges().iter().any(|r| (r.start()..=r.end()).contains(b)))
                }
                _ => false,
            };
            any || takes_all(&r.sub)
        }
        HirKind::Repetition(r) => takes_all(&r.sub),
        HirKind::Capture(c) => takes_all(&c.sub),
        HirKind::Concat(all) | HirKind::Alternation(all) => all.iter().any(takes_all),
        _ => false,
    }
}

/// Whether the anchors are those with which the matches begin.
fn anchors(p: &PatternMatcher, hir: &Hir, doubts: &mut Vec<String>) {
    // Anchors match in any case.
    let begins = Extractor::new().limit_class(3).extract(hir);
    let literals: Option<Vec<String>> = begins.literals().map(|all| {
        {
            all.iter()
                .map(|l| String::from_utf8_lossy(l.as_bytes()).to_lowercase())
                .collect::<std::collections::BTreeSet<_>>()
        }
        .into_iter()
        .collect()
    });
    if p.anchors.is_empty() {
        let usable = literals.filter(|all| !all.is_empty() && all.iter().all(|l| l.len() >= SHORT));
        let how = usable.map_or("give literals with which every match begins".into(), |all| {
            format!("every match begins with one of these: `anchors = [{}]`", quoted(&all))
        });
        doubts.push(format!("key `anchors`: without them the regex runs over all text, which is slow; {how}"));
        return;
    }
    for short in p.anchors.iter().filter(|a| a.len() < SHORT) {
        doubts.push(format!(
            "key `anchors`: `{short}` stands in nearly every text, which is slow; give {SHORT} bytes or more"
        ));
    }
    let Some(literals) = literals else { return };
    let fits = |anchor: &str, literal: &str| {
        let anchor = anchor.to_lowercase();
        anchor.starts_with(literal) || literal.starts_with(&anchor)
    };
    for a in p.anchors.iter().filter(|a| !literals.iter().any(|l| fits(a, l))) {
        doubts.push(format!("key `anchors`: no match begins with `{a}`; leave it out, or say with `lead` how far before it a match may begin"));
    }
    let missed: Vec<String> = literals.iter().filter(|l| !p.anchors.iter().any(|a| fits(a, l))).cloned().collect();
    if !missed.is_empty() {
        doubts.push(format!(
            "key `anchors`: matches that begin with {} have none and are not found; add them",
            quoted(&missed)
        ));
    }
}

fn quoted(all: &[String]) -> String {
    all.iter().map(|l| format!("{l:?}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn doubted(rest: &str) -> Vec<String> {
        let mut set = RuleSet::builtin();
        let text = format!("\n[[rule]]\nid = \"own\"\nentity = \"BADGE\"\ncategory = \"custom\"\n{rest}");
        set.add(Path::new("own.toml"), &text).unwrap();
        doubts(&set)
    }

    #[test]
    fn a_rule_in_order_raises_no_doubt() {
        for rest in [
            "regex = 'ACME-[0-9]{6}'\nanchors = [\"ACME-\"]\nscore = 0.9",
            "regex = '(?:acme|emca)[ -]?(?P<value>[0-9]{6})'\nanchors = [\"acme\", \"emca\"]\nignore_case = true\nscore = 0.4\nboost = 0.3\ncontext = [\"badge\"]",
            "regex = '[0-9]{4}-ACME'\nlead = 8\nanchors = [\"-ACME\"]\nscore = 0.9",
        ] {
            assert_eq!(doubted(rest), [""; 0], "{rest}");
        }
    }

    #[test]
    fn each_doubt_is_raised() {
        let one = |rest: &str, want: &str| {
            let told = doubted(rest);
            assert!(
                told.iter().any(|d| d.starts_with("own.toml:2: rule `own`: ") && d.contains(want)),
                "{rest}: {told:?}"
            );
        };
        one("regex = 'ACME-[0-9]{6}'\nscore = 0.9", "begins with one of these: `anchors = [\"acme-\"]`");
        one("regex = '[0-9]{6}'\nscore = 0.9", "give literals with which every match begins");
        one("regex = 'a?'\nanchors = [\"abc\"]\nscore = 0.9", "where nothing stands");
        one("regex = 'name: .+'\nanchors = [\"name: \"]\nscore = 0.9", "line's end");
        one("regex = 'ACME-[0-9]{6}'\nanchors = [\"EMCA-\"]\nscore = 0.9", "no match begins with `EMCA-`");
        one("regex = '(?:ACME|EMCA)-[0-9]{6}'\nanchors = [\"EMCA-\"]\nscore = 0.9", "begin with \"acme-\"");
        one("regex = '#[0-9]{6}'\nanchors = [\"#\"]\nscore = 0.9", "nearly every text");
        one("regex = 'ACME-[0-9]{6}'\nanchors = [\"ACME-\"]\nscore = 0.3", "never reaches");
        one("regex = 'ACME-[0-9]{6}'\nanchors = [\"ACME-\"]\nscore = 0.9\ncontext = [\"badge\"]", "without `boost`");
        one("regex = 'ACME-[0-9]{6}'\nanchors = [\"ACME-\"]\nscore = 0.9\nboost = 0.1", "without `context`");
    }
}
