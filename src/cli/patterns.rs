//! `sluice patterns`: the rules in force, their tests, and why a text is or isn't found.

use super::End;
use super::options::{Selection, read};
use crate::annex::{ANNEXES, Annex};
use crate::detect::examples::complaints;
use crate::detect::explain::{Effect, Fate, Influence, Trial};
use crate::detect::review;
use crate::error::{Error, Result};
use crate::format::FORMATS;
use crate::model::Category;
use crate::patterns::{self, Matcher, Rule, RuleSet};
use crate::redact::operators::OPERATORS;
use crate::redact::policy::{POLICIES, Policy};
use clap::{Args, Subcommand};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// List, test and explain the rules in force
#[derive(Debug, Args)]
pub(crate) struct Patterns {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List rules, formats or a policy
    List(List),
    /// Run the examples (hits and misses) in rule files
    Test(Test),
    /// Show what is tried on a text and what becomes of it
    Explain(Explain),
}

#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    selection: Selection,
    /// The formats that --format takes
    #[arg(long, group = "what")]
    formats: bool,
    /// A policy: what becomes of each entity
    #[arg(long, group = "what", value_name = "NAME|FILE.toml", num_args = 0..=1, default_missing_value = "default")]
    policy: Option<String>,
    /// The agreements that `check` knows
    #[arg(long, group = "what")]
    annexes: bool,
    /// The operators that --op takes
    #[arg(long, group = "what")]
    operators: bool,
}

#[derive(Debug, Args)]
struct Test {
    /// Rule files of your own; none: the built-in rules
    #[arg(value_name = "FILE.toml")]
    files: Vec<PathBuf>,
}

#[derive(Debug, Args)]
struct Explain {
    #[command(flatten)]
    selection: Selection,
    /// The text
    text: String,
}

impl Patterns {
    pub fn run(self) -> Result<End> {
        let mut out = Vec::new();
        let end = match self.what {
            What::List(v) => v.run(&mut out)?,
            What::Test(v) => v.run(&mut out)?,
            What::Explain(v) => v.run(&mut out)?,
        };
        io::stdout().lock().write_all(&out).map_err(|e| Error::io(Path::new("-"), "cannot write", e))?;
        Ok(end)
    }
}

/// Writes rows with their columns aligned.
fn table(rows: &[Vec<String>], out: &mut Vec<u8>) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |c: usize| rows.iter().filter_map(|r| r.get(c)).map(|s| s.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(s, w)| format!("{s:w$}")).collect();
        out.extend_from_slice(cells.join("  ").trim_end().as_bytes());
        out.push(b'\n');
    }
}

impl List {
    fn run(self, out: &mut Vec<u8>) -> Result<End> {
        if self.formats {
            let rows: Vec<_> = FORMATS.iter().map(|f| vec![f.name().to_owned(), f.about().to_owned()]).collect();
            table(&rows, out);
            return Ok(End::Done);
        }
        if self.annexes {
            let annexes = ANNEXES.iter().map(|(name, _)| Annex::named(name)).collect::<Result<Vec<_>>>()?;
            let rows: Vec<_> = annexes.iter().map(|a| vec![a.name.clone(), a.title.clone()]).collect();
            table(&rows, out);
            return Ok(End::Done);
        }
        if self.operators {
            let rows: Vec<_> = OPERATORS.iter().map(|o| vec![o.name.to_owned(), o.about.to_owned()]).collect();
            table(&rows, out);
            return Ok(End::Done);
        }
        let rules = self.selection.rules()?;
        match &self.policy {
            Some(name) => policy(name, &rules, out)?,
            None => self.rules(&rules, out)?,
        }
        Ok(End::Done)
    }

    fn rules(&self, rules: &RuleSet, out: &mut Vec<u8>) -> Result<()> {
        let (enabled, asked) = (self.selection.wanted(rules)?, self.selection.asked(rules)?);
        let mut rows = vec![["RULE", "ENTITY", "CATEGORY", "SCORE", "BY", "STATE"].map(str::to_owned).to_vec()];
        for rule in rules.rules() {
            let entity = rules.entity(rule.entity);
            let by = match &rule.matcher {
                Matcher::Code(_) => "code",
                Matcher::Pattern(p) if p.anchors.is_empty() => "regex",
                Matcher::Pattern(_) => "regex at literals",
                Matcher::National(_) => "form and check",
                Matcher::Special(_) => "term and claim",
                Matcher::Field(_) => "name of a field",
                Matcher::Listed => "list",
            };
            let armed = enabled[rule.entity.index()] && (asked[rule.entity.index()] || !rule.on_request());
            let state = match (armed, entity.on_request || rule.on_request()) {
                (true, _) => "on",
                (false, true) => "on request",
                (false, false) => "off",
            };
            rows.push(vec![
                rule.id.clone(),
                entity.name.clone(),
                entity.category.to_string(),
                format!("{:.2}", rule.score),
                by.to_owned(),
                state.to_owned(),
            ]);
        }
        table(&rows, out);
        Ok(())
    }
}

fn policy(name: &str, rules: &RuleSet, out: &mut Vec<u8>) -> Result<()> {
    let policy = Policy::open(name, &read)?;
    out.extend_from_slice(
        format!("policy    {}\npurpose   {}\ndefault   {}\n\n", policy.name, policy.purpose, policy.default).as_bytes(),
    );
    let mut rows = vec![["CATEGORY", "OPERATOR", "ENTITIES"].map(str::to_owned).to_vec()];
    for category in Category::ALL {
        let operator = policy.operators.get(category.id()).unwrap_or(&policy.default);
        let mut by_operator: Vec<(&str, Vec<&str>)> = vec![(operator, Vec::new())];
        for e in rules.entities().iter().filter(|e| e.category == category) {
            let own = policy.operators.get(&e.name).map_or(operator.as_str(), String::as_str);
            match by_operator.iter_mut().find(|(o, _)| *o == own) {
                Some((_, names)) => names.push(&e.name),
                None => by_operator.push((own, vec![&e.name])),
            }
        }
        for (operator, names) in by_operator {
            rows.push(vec![category.to_string(), operator.to_owned(), names.join(" ")]);
        }
    }
    table(&rows, out);
    let known: Vec<_> = POLICIES.iter().map(|p| p.0).collect();
    out.extend_from_slice(format!("\nbuilt in: {}\n", known.join(", ")).as_bytes());
    Ok(())
}

impl Test {
    fn run(self, out: &mut Vec<u8>) -> Result<End> {
        let mut rules = RuleSet::builtin();
        let builtin = rules.rules().len();
        for path in &self.files {
            rules.add(path, &read(path)?)?;
        }
        let first = if self.files.is_empty() { 0 } else { builtin };
        let (detectors, all) = (Selection::everything(rules.clone(), false)?, Selection::everything(rules, true)?);
        let by = |r: &Rule| if detectors.rules().entity(r.entity).on_request { &all } else { &detectors };
        let tested = &detectors.rules().rules()[first..];
        let wrong: Vec<String> = tested.iter().flat_map(|r| complaints(by(r), r)).collect();
        for w in &wrong {
            out.extend_from_slice(format!("{w}\n").as_bytes());
        }
        if !self.files.is_empty() {
            let tried = tested.iter().flat_map(|r| review::doubts(&detectors, r));
            for doubt in patterns::review::doubts(detectors.rules()).into_iter().chain(tried) {
                out.extend_from_slice(format!("warning: {doubt}\n").as_bytes());
            }
        }
        let examples: usize = tested.iter().map(|r| r.hits.len() + r.misses.len()).sum();
        out.extend_from_slice(
            format!("{} rules, {examples} examples, {} wrong\n", tested.len(), wrong.len()).as_bytes(),
        );
        Ok(if wrong.is_empty() { End::Done } else { End::Found })
    }
}

impl Explain {
    fn run(self, out: &mut Vec<u8>) -> Result<End> {
        let detectors = self.selection.detectors(self.selection.rules()?)?;
        let rules = detectors.rules();
        let trials = detectors.explain(self.text.as_bytes());
        if trials.is_empty() {
            out.extend_from_slice(b"nothing in this text makes a rule look\n");
            return Ok(End::Done);
        }
        let mut rows = vec![["BECAUSE OF", "RULE", "TEXT", "SCORE", "OUTCOME", "WHY"].map(str::to_owned).to_vec()];
        for t in &trials {
            let because = format!("{:?} at {}", t.anchor.kind(), t.anchor.start());
            let rule = rules.rule(t.rule).id.clone();
            let Some((span, score, fate)) = t.matched else {
                let mut why = self.influences(t);
                if why.is_empty() && !rules.rule(t.rule).about.is_empty() {
                    why = format!("it takes {}", rules.rule(t.rule).about);
                }
                rows.push(vec![because, rule, String::new(), String::new(), "no match".into(), why]);
                continue;
            };
            let fate = match fate {
                Fate::Found => format!("found: {}", rules.entity(t.entity).name),
                Fate::Low => format!("below --min-score {}", detectors.min_score()),
                Fate::Replacement => "a replacement that a redaction has left".into(),
                Fate::Allowed => "on an allow list".into(),
                Fate::Beaten(by) => format!("overlaps a finding of `{}` with better evidence", rules.rule(by).id),
            };
            let text = String::from_utf8_lossy(&self.text.as_bytes()[span.range()]).into_owned();
            rows.push(vec![because, rule, text, format!("{score:.2}"), fate, self.influences(t)]);
        }
        table(&rows, out);
        Ok(End::Done)
    }

    /// What the words around did.
    fn influences(&self, trial: &Trial) -> String {
        let told = |i: &Influence| {
            let words = i.word.map_or("all of them".into(), |w| {
                format!("`{}`", String::from_utf8_lossy(&self.text.as_bytes()[w.range()]))
            });
            match i.effect {
                Effect::Raises(by) => format!("{words} +{by:.2}"),
                Effect::Lowers(by) => format!("{words} -{by:.2}"),
                Effect::Allows => format!("no match without {words}"),
                Effect::Bars => format!("a match but for {words}"),
            }
        };
        trial.influences.iter().map(told).collect::<Vec<_>>().join(", ")
    }
}
