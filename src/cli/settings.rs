//! `sluice.toml`: options of the command line written down; flags win.
//!
//! Keys are the long names of options: at the top for every verb that has them, in a table named like a verb for that one.
//! A file in the working directory is used only with `--config .`, since it could switch redaction off unseen.

use super::Cli;
use crate::error::{Error, Result, nearest};
use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, Command, CommandFactory};
use etcetera::BaseStrategy;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The file's name.
const NAME: &str = "sluice.toml";

/// The command line with what the settings file adds to it.
///
/// # Errors
///
/// A file that was named and can't be read, a key that is no option, a value that no option takes: with line and key.
pub(crate) fn extend(argv: &[OsString], given: &ArgMatches) -> Result<Vec<OsString>> {
    let Some((verb, matches)) = given.subcommand() else { return Ok(argv.to_vec()) };
    let named = given.get_one::<PathBuf>("config");
    let Some(path) = place(named) else { return Ok(argv.to_vec()) };
    let text = match std::fs::read_to_string(&path) {
        Ok(t) => t,
        Err(e) if named.is_none() && e.kind() == std::io::ErrorKind::NotFound => return Ok(argv.to_vec()),
        Err(e) => return Err(Error::io(&path, "cannot read", e)),
    };
    let mut command = Cli::command();
    command.build();
    let added = options(&path, &text, &command, verb, matches)?;
    // Behind the verb, before what the user wrote.
    let at = argv.iter().position(|a| a.to_str() == Some(verb)).map_or(argv.len(), |i| i + 1);
    Ok(argv[..at].iter().cloned().chain(added).chain(argv[at..].iter().cloned()).collect())
}

/// Which file: the one named (`.`: that in the working directory), else the user's own.
fn place(named: Option<&PathBuf>) -> Option<PathBuf> {
    match named {
        Some(p) if p.is_dir() => Some(p.join(NAME)),
        Some(p) => Some(p.clone()),
        None => Some(etcetera::choose_base_strategy().ok()?.config_dir().join("sluice").join(NAME)),
    }
}

/// The options that `text` sets for `verb` and the command line doesn't.
fn options(path: &Path, text: &str, command: &Command, verb: &str, given: &ArgMatches) -> Result<Vec<OsString>> {
    let line = |at: usize| text.as_bytes()[..at.min(text.len())].iter().filter(|b| **b == b'\n').count() + 1;
    let wrong = |at: usize, what: String| Error::Config { path: path.to_owned(), line: line(at), what };
    let table = DeTable::parse(text).map_err(|e| wrong(e.span().map_or(0, |s| s.start), e.message().to_owned()))?;
    let mut out = Vec::new();
    for (key, value) in table.get_ref() {
        let (name, at) = (key.get_ref().as_ref(), key.span().start);
        match (value.get_ref(), command.find_subcommand(name)) {
            (DeValue::Table(inner), Some(sub)) => {
                for (key, value) in inner {
                    let (name, at) = (key.get_ref().as_ref(), key.span().start);
                    if !has(sub, name) {
                        return Err(wrong(
                            at,
                            format!("`{name}` is no option of `sluice {}`; {}", sub.get_name(), hint(name, &[sub])),
                        ));
                    }
                    if sub.get_name() == verb {
                        out.extend(argument(sub, name, value, given).map_err(|e| wrong(at, e))?);
                    }
                }
            }
            _ => {
                let verbs: Vec<&Command> = command.get_subcommands().collect();
                if !verbs.iter().any(|v| has(v, name)) {
                    return Err(wrong(at, format!("`{name}` is no option; {}", hint(name, &verbs))));
                }
                if let Some(sub) = verbs.iter().find(|v| v.get_name() == verb && has(v, name)) {
                    out.extend(argument(sub, name, value, given).map_err(|e| wrong(at, e))?);
                }
            }
        }
    }
    Ok(out)
}

fn has(command: &Command, long: &str) -> bool {
    command.get_arguments().any(|a| a.get_long() == Some(long))
}

fn hint(name: &str, commands: &[&Command]) -> String {
    let known = commands.iter().flat_map(|c| c.get_arguments()).filter_map(|a| a.get_long());
    nearest(name, known).map_or_else(|| "see `sluice --help`".into(), |n| format!("did you mean `{n}`?"))
}

/// `--name=value` for a value of the file, unless the command line has it.
fn argument(
    command: &Command,
    name: &str,
    value: &Spanned<DeValue<'_>>,
    given: &ArgMatches,
) -> Result<Vec<OsString>, String> {
    let Some(arg) = command.get_arguments().find(|a| a.get_long() == Some(name)) else { return Ok(Vec::new()) };
    if given.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine) {
        return Ok(Vec::new());
    }
    let flag = matches!(arg.get_action(), ArgAction::SetTrue | ArgAction::Count);
    let plain = |v: &DeValue<'_>| match v {
        DeValue::String(s) => Ok(s.to_string()),
        DeValue::Integer(i) => Ok(i.as_str().to_owned()),
        DeValue::Float(f) => Ok(f.as_str().to_owned()),
        _ => Err(format!("key `{name}`: takes text, a number or a list of them")),
    };
    Ok(match value.get_ref() {
        DeValue::Boolean(true) if flag => vec![format!("--{name}").into()],
        DeValue::Boolean(false) if flag => Vec::new(),
        _ if flag => return Err(format!("key `{name}`: takes true or false")),
        DeValue::Array(list) => {
            let each: Result<Vec<OsString>, String> =
                list.iter().map(|v| Ok(format!("--{name}={}", plain(v.get_ref())?).into())).collect();
            each?
        }
        v => vec![format!("--{name}={}", plain(v)?).into()],
    })
}
