//! The policy of a redaction and how it is applied: what `redact` and `verify` share.

use super::options::{Selection, listed, read};
use crate::detect::Detectors;
use crate::engine::{OnError, Wanted};
use crate::error::{Error, Result};
use crate::normalise::Key;
use crate::patterns::RuleSet;
use crate::pipeline::sink::Scope;
use crate::redact::operators::hash;
use crate::redact::policy::{Operators, Policy};
use clap::{Args, ValueEnum};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::PathBuf;

/// What becomes of findings.
#[derive(Debug, Clone, Args)]
pub(crate) struct PolicyOptions {
    /// A built-in policy or a file of your own: which operator each entity and category gets [default: default]
    #[arg(long, value_name = "NAME|FILE.toml")]
    pub policy: Option<String>,
    /// TARGET=OPERATOR[:ARG]: what becomes of an entity, a category or `default`
    #[arg(long, value_name = "TARGET=OPERATOR")]
    pub op: Vec<String>,
    /// A file that holds the key of `hash`
    #[arg(long, value_name = "FILE", conflicts_with = "key_env")]
    key_file: Option<PathBuf>,
    /// The environment variable that holds it
    #[arg(long, value_name = "NAME")]
    key_env: Option<String>,
    /// Within what `token` gives one number to one value
    #[arg(long, value_enum, default_value_t = ScopeName::Run)]
    scope: ScopeName,
    /// What a redacted JSON number becomes, for consumers with a fixed schema [default: a string]
    #[arg(long, value_enum)]
    numbers: Option<NumberName>,
    /// Redact the names of files and zip members, JSON keys and CSV headers, too
    #[arg(long)]
    pub rename: bool,
    /// What becomes of a record that could not be handled
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = OnErrorName::Stop)]
    on_error: OnErrorName,
    /// Copy content that is recognised but not supported as it is
    #[arg(long, conflicts_with = "skip_unsupported")]
    pub copy_unsupported: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ScopeName {
    Record,
    File,
    Run,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum OnErrorName {
    /// End with an error; what was not checked is not written
    Stop,
    /// Leave it out
    Drop,
    /// Write <UNREADABLE_RECORD> in its place
    Placeholder,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum NumberName {
    Null,
    Zero,
}

impl PolicyOptions {
    /// The policy, with `--op` over it.
    pub fn policy(&self) -> Result<Policy> {
        let mut policy = Policy::open(self.policy.as_deref().unwrap_or("default"), &read)?;
        for op in &self.op {
            policy.set(op)?;
        }
        Ok(policy)
    }

    /// The rules that are selected, and those that the policy asks for besides.
    pub fn detectors(&self, selection: &Selection, rules: RuleSet, policy: &Policy) -> Result<Detectors> {
        let (mut enabled, mut asked) = (selection.wanted(&rules)?, selection.asked(&rules)?);
        if selection.entities.is_empty() {
            let also = listed(&rules, &policy.also, &format!("policy `{}`: key `also`", policy.name), true)?;
            let off = selection.not_wanted(&rules)?;
            for (i, (also, off)) in also.into_iter().zip(off).enumerate() {
                enabled[i] |= also && !off;
                asked[i] |= also && !off;
            }
        }
        selection.compile(rules, enabled, asked)
    }

    /// What a redaction with these operators works out.
    pub fn wanted(&self, operators: Operators) -> Wanted {
        let on_error = match self.on_error {
            OnErrorName::Stop => OnError::Stop,
            OnErrorName::Drop => OnError::Drop,
            OnErrorName::Placeholder => OnError::Placeholder,
        };
        let numbers = self.numbers.map(|n| match n {
            NumberName::Null => "null",
            NumberName::Zero => "0",
        });
        Wanted { edits: Some(operators), rename: self.rename, numbers, on_error, ..Wanted::default() }
    }

    /// Within what a token stands for a value.
    pub fn scope(&self) -> Scope {
        match self.scope {
            ScopeName::Record => Scope::Record,
            ScopeName::File => Scope::File,
            ScopeName::Run => Scope::Run,
        }
    }

    /// The key that operators need, from where the user has it; never from the command line.
    pub fn key(&self) -> Result<Option<Key>> {
        let short =
            |from: &str| Err(Error::Usage(format!("{from}: a key takes 16 bytes or more; 32 random ones are good")));
        if let Some(path) = &self.key_file {
            let mut bytes = std::fs::read(path).map_err(|e| Error::io(path, "cannot read the key", e))?;
            if bytes.last() == Some(&b'\n') {
                bytes.pop(); // what an editor or `echo` puts there
            }
            return if bytes.len() < 16 { short("--key-file") } else { Ok(Some(Key::new(bytes))) };
        }
        let Some(name) = &self.key_env else { return Ok(None) };
        match std::env::var_os(name) {
            None => Err(Error::Usage(format!("--key-env: the environment has no variable {name}"))),
            Some(v) if v.len() < 16 => short("--key-env"),
            Some(v) => Ok(Some(Key::new(v.into_encoded_bytes()))),
        }
    }
}

/// Numbers for this run only. The standard library seeds its hash maps from the system's random numbers.
fn random() -> [u64; 4] {
    std::array::from_fn(|i| {
        let mut hasher = RandomState::new().build_hasher();
        hasher.write_usize(i);
        hasher.finish()
    })
}

/// A key for this run only.
pub(crate) fn run_key() -> Key {
    Key::new(random().map(u64::to_le_bytes).concat())
}

/// `policy` with hashes whose digits are letters of this run: for who holds no key and yet wants to see that hashes stand where
/// they should. The letters, if there is such a hash.
///
/// # Errors
///
/// An operator's argument is wrong.
pub(crate) fn blind(policy: &Policy, rules: &RuleSet) -> Result<(Policy, Option<Vec<u8>>)> {
    let mut blind = policy.clone();
    let bits = random();
    let letters: Vec<u8> = (0..64).map(|i| b'g' + (bits[i / 16] >> (i % 16 * 4) & 15) as u8).collect();
    let mut any = false;
    let stand_in = Key::new([0; 32]);
    policy.operators(rules, Some(&stand_in))?;
    for entity in rules.entities() {
        let spec = policy.spec(entity);
        if spec != "hash" && !spec.starts_with("hash:") {
            continue;
        }
        any = true;
        let digits = spec.split_once(':').and_then(|(_, n)| n.parse().ok()).unwrap_or(hash::DIGITS);
        let text = String::from_utf8_lossy(&letters[..digits.min(64)]).into_owned();
        blind.operators.insert(entity.name.clone(), format!("replace:<{}:{text}>", entity.name));
    }
    Ok((blind, any.then_some(letters)))
}
