//! Options that several verbs share, and what they make: rules, detectors, jobs.

use crate::detect::anchors::Level;
use crate::detect::{self, Detectors};
use crate::error::{Error, Result, nearest};
use crate::format::{self, FORMATS, Format, Settings};
use crate::model::Category;
use crate::patterns::RuleSet;
use crate::patterns::lists::{self, Allowed};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What to find.
#[derive(Debug, Clone, Args)]
pub(crate) struct Selection {
    /// Only these entities or categories
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub entities: Vec<String>,
    /// Not these entities or categories
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub not_entities: Vec<String>,
    /// Leave out findings below this score, 0 to 1
    #[arg(long, value_name = "SCORE", default_value_t = 0.5)]
    pub min_score: f32,
    /// Countries (ISO 3166) in whose national format phone numbers may be written [default: every country]
    #[arg(long, value_name = "US,GB", value_delimiter = ',')]
    pub region: Vec<String>,
    /// A list of values that are no findings: one literal or /regex/ a line
    #[arg(long, value_name = "FILE")]
    pub allow: Vec<PathBuf>,
    /// A list of values that always are findings (CUSTOM): one literal or /regex/ a line
    #[arg(long, value_name = "FILE")]
    pub deny: Vec<PathBuf>,
    /// A file with rules of your own, in the form of the built-in patterns
    #[arg(long, value_name = "FILE.toml")]
    pub patterns: Vec<PathBuf>,
    /// Look for places to check with these instructions [default: the best that this processor has]
    #[arg(long, value_name = "portable|avx2|avx512", hide_short_help = true)]
    pub prefilter: Option<String>,
}

/// How input is read.
#[derive(Debug, Clone, Args)]
pub(crate) struct Reading {
    /// Files and directories; - or none: standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The input's format [default: recognised from the content]
    #[arg(long, value_name = "NAME")]
    pub format: Option<String>,
    /// Scan only these JSON pointers (* for one level)
    #[arg(long, value_name = "/a,/b", value_delimiter = ',')]
    pub text_fields: Vec<String>,
    /// Leave these JSON pointers out
    #[arg(long, value_name = "/a,/b", value_delimiter = ',')]
    pub skip_fields: Vec<String>,
    /// Threads [default: all cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Go on with status 0 where content is recognised but not supported (PDF, images, office documents…): list it only
    #[arg(long)]
    pub skip_unsupported: bool,
    /// Refuse compressed input that expands to more than this many times its size; 0: no limit
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub max_expansion: u64,
    /// Records that are not of their stream's format make the status 2
    #[arg(long)]
    pub strict: bool,
}

/// What is said besides the result.
#[derive(Debug, Clone, Args)]
pub(crate) struct Talk {
    /// Say more on standard error: formats, counts
    #[arg(long, short, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Say nothing on standard error but what stops the run
    #[arg(long, short)]
    pub quiet: bool,
    /// Print bytes, records, findings and rates at the end, on standard error
    #[arg(long, value_enum, value_name = "text|json", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    pub stats: Option<StatsForm>,
}

/// The form of `--stats`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatsForm {
    Text,
    Json,
}

impl Selection {
    /// The built-in rules and the user's.
    pub fn rules(&self) -> Result<RuleSet> {
        let mut rules = RuleSet::builtin();
        for path in &self.patterns {
            rules.add(path, &read(path)?)?;
        }
        for path in &self.deny {
            rules.deny(path, &lists::parse(path, &read(path)?)?);
        }
        Ok(rules)
    }

    /// Compiles what is selected.
    pub fn detectors(&self, rules: RuleSet) -> Result<Detectors> {
        let (enabled, asked) = (self.wanted(&rules)?, self.asked(&rules)?);
        self.compile(rules, enabled, asked)
    }

    /// Compiles what is `enabled`, by entity; of what was `asked` for, the rules on request, too.
    pub fn compile(&self, rules: RuleSet, enabled: Vec<bool>, asked: Vec<bool>) -> Result<Detectors> {
        if !(0.0..=1.0).contains(&self.min_score) {
            return Err(Error::Usage("--min-score takes a number from 0 to 1".into()));
        }
        let mut allowed = Vec::new();
        for path in &self.allow {
            allowed.extend(lists::parse(path, &read(path)?)?);
        }
        let options = detect::Options {
            min_score: self.min_score,
            regions: self.region.clone(),
            allowed: Allowed::new(allowed.iter().map(|e| &e.1)),
            enabled,
            asked,
            level: self.level()?,
        };
        Detectors::new(Arc::new(rules), &options)
    }

    /// The instructions that were asked for.
    fn level(&self) -> Result<Option<Level>> {
        let Some(name) = &self.prefilter else { return Ok(None) };
        match Level::ALL.into_iter().find(|l| l.name() == name) {
            Some(level) if level.available() => Ok(Some(level)),
            Some(_) => Err(Error::Usage(format!("--prefilter: this processor has no {name}"))),
            None => Err(Error::Usage("--prefilter takes portable, avx2 or avx512".into())),
        }
    }

    /// All entities; those on request, too, if `all`: what they find (URL) takes the place of what stands in it.
    pub fn everything(rules: RuleSet, all: bool) -> Result<Detectors> {
        let enabled = rules.entities().iter().map(|e| all || !e.on_request).collect();
        Detectors::new(Arc::new(rules), &detect::Options { enabled, ..detect::Options::default() })
    }

    /// By entity: whether it is looked for.
    pub fn wanted(&self, rules: &RuleSet) -> Result<Vec<bool>> {
        let mut on: Vec<bool> = if self.entities.is_empty() {
            rules.entities().iter().map(|e| !e.on_request).collect()
        } else {
            listed(rules, &self.entities, "--entities", false)?
        };
        on.iter_mut().zip(self.not_wanted(rules)?).for_each(|(on, off)| *on &= !off);
        Ok(on)
    }

    /// By entity: whether it was asked for by name or category.
    pub fn asked(&self, rules: &RuleSet) -> Result<Vec<bool>> {
        listed(rules, &self.entities, "--entities", false)
    }

    /// By entity: whether `--not-entities` names it or its category.
    pub fn not_wanted(&self, rules: &RuleSet) -> Result<Vec<bool>> {
        listed(rules, &self.not_entities, "--not-entities", true)
    }
}

/// By entity: whether `names` name it or its category; a category's entities that are on request only if `all`.
pub(crate) fn listed(rules: &RuleSet, names: &[String], option: &str, all: bool) -> Result<Vec<bool>> {
    let mut on = vec![false; rules.entities().len()];
    for name in names {
        if let Some(t) = rules.entity_named(name) {
            on[t.index()] = true;
        } else if let Some(c) = Category::from_id(name) {
            for (i, e) in rules.entities().iter().enumerate() {
                on[i] |= e.category == c && (all || !e.on_request);
            }
        } else {
            let known = rules.entities().iter().map(|e| e.name.as_str()).chain(Category::ALL.map(Category::id));
            let hint = nearest(name, known)
                .map_or_else(|| "see `sluice patterns list`".into(), |n| format!("did you mean `{n}`?"));
            return Err(Error::Usage(format!("{option}: `{name}` is no entity or category; {hint}")));
        }
    }
    Ok(on)
}

/// A text file that the user named: rules, lists, a policy.
pub(crate) fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|e| Error::io(path, "cannot read", e))
}

impl Reading {
    /// The format that was named.
    pub fn format(&self) -> Result<Option<&'static dyn Format>> {
        let Some(name) = &self.format else { return Ok(None) };
        if let Some(f) = format::named(name) {
            return Ok(Some(f));
        }
        let known = FORMATS.iter().map(|f| f.name());
        let hint = nearest(name, known.clone()).map_or_else(
            || format!("known are {}", known.collect::<Vec<_>>().join(", ")),
            |n| format!("did you mean `{n}`?"),
        );
        Err(Error::Usage(format!("--format: there is no format `{name}`; {hint}")))
    }

    /// How it is cut and read.
    pub fn settings(&self) -> Settings {
        Settings { text_fields: self.text_fields.clone(), skip_fields: self.skip_fields.clone(), ..Settings::default() }
    }

    /// Worker threads.
    pub fn threads(&self) -> usize {
        self.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)).max(1)
    }
}
