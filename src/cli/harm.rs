//! Refuses an output that would replace what the run reads, or another of its outputs: before anything is written.

use super::outputs::{resolved, same};
use crate::error::{Error, Result};
use crate::pipeline::output::with_suffix;
use clap::ArgMatches;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

/// Options that name a file to write, by verb: elsewhere `output` names a form.
const WRITTEN: [(&str, &str); 6] =
    [("scan", "out"), ("check", "out"), ("breach", "out"), ("verify", "out"), ("", "report"), ("redact", "output")];

/// Options that name something to read.
const READ: [&str; 14] = [
    "paths",
    "against",
    "absent",
    "baseline",
    "compare",
    "annex",
    "policy",
    "allow",
    "deny",
    "patterns",
    "key_file",
    "after",
    "sign",
    "public_key",
];

/// A path of the command line, with the option that names it.
#[derive(Clone)]
struct Named {
    option: String,
    path: PathBuf,
}

/// Refuses what would do harm. `config`: the settings file that was named.
///
/// # Errors
///
/// An output is an input or lies among them, or is another output.
pub(crate) fn refuse(verb: &str, given: &ArgMatches, config: Option<&Path>) -> Result<()> {
    let written = written(verb, given);
    let mut read: Vec<Named> = READ.iter().flat_map(|id| named(given, id)).collect();
    read.extend(config.map(|c| Named { option: "--config".into(), path: c.to_owned() }));
    for (i, out) in written.iter().enumerate() {
        // Where `new/..` leads is only known once there is a `new`, and then it is too late.
        let back = out.path.components().any(|c| c == Component::ParentDir);
        if back && fs::metadata(out.path.parent().unwrap_or(Path::new("."))).is_err() {
            let what =
                format!("{}: its directory does not exist; make it first, or write the path without `..`", out.option);
            return Err(Error::Usage(what));
        }
        let harmed = |what: &Named| {
            let (out, what) = (&out.option, &what.option);
            Err(Error::Usage(format!("{out} would replace what {what} names; write it outside of what is read")))
        };
        if let Some(other) =
            written[..i].iter().find(|o| is_file_or_new(&out.path) && resolved(&o.path) == resolved(&out.path))
        {
            return harmed(other);
        }
        // `redact` looks after its own output and inputs: it knows what it makes of a directory.
        let inputs = verb == "redact" && out.option == "--output";
        if let Some(what) =
            read.iter().filter(|r| !(inputs && r.option == "PATH")).find(|r| replaces(&out.path, &r.path))
        {
            return harmed(what);
        }
        if let Some(what) =
            read.iter().filter(|r| !(inputs && r.option == "PATH")).find(|r| lies_in(&out.path, &r.path))
        {
            let (out, what) = (&out.option, &what.option);
            return Err(Error::Usage(format!(
                "{out} lies in what {what} names, and would be read there as data the next time; write it outside of what is read"
            )));
        }
    }
    if verb == "redact" { beside_copies(given, &written) } else { Ok(()) }
}

/// A report where a copy or the backup of an input will stand.
fn beside_copies(given: &ArgMatches, written: &[Named]) -> Result<()> {
    let paths = named(given, "paths");
    let tree = written.iter().find(|w| w.option == "--output" && w.path.is_dir());
    let suffix = given.get_one::<OsString>("backup");
    for report in written.iter().filter(|w| w.option != "--output") {
        let at = resolved(&report.path);
        let copy = tree.and_then(|t| at.strip_prefix(resolved(&t.path)).ok()).is_some_and(|relative| {
            let made = |p: &Named| match p.path.is_dir() {
                true => p.path.join(relative).exists(),
                false => p.path.file_name().is_some_and(|name| Path::new(name) == relative),
            };
            paths.iter().any(made)
        });
        let kept = suffix.and_then(|s| at.as_os_str().as_bytes().strip_suffix(s.as_bytes())).is_some_and(|input| {
            let input = Path::new(OsStr::from_bytes(input));
            paths.iter().any(|p| replaces(input, &p.path))
        });
        if copy || kept {
            let what = format!("{}: a copy or a backup will stand there; name another file", report.option);
            return Err(Error::Usage(what));
        }
    }
    Ok(())
}

/// What a verb writes.
fn written(verb: &str, given: &ArgMatches) -> Vec<Named> {
    let ids = WRITTEN.iter().filter(|(v, _)| v.is_empty() || *v == verb);
    let mut all: Vec<Named> = ids.flat_map(|(_, id)| named(given, id)).collect();
    if given.try_contains_id("sign").is_ok_and(|signed| signed) {
        let report = all.iter().find(|n| n.option == "--report").map(|n| with_suffix(&n.path, OsStr::new(".sig")));
        all.extend(report.map(|path| Named { option: "--sign (FILE.sig)".into(), path }));
    }
    all
}

/// The paths that the option `id` names.
fn named(given: &ArgMatches, id: &str) -> Vec<Named> {
    let option = match id {
        "paths" => "PATH".to_owned(),
        "out" => "-o".to_owned(),
        id => format!("--{}", id.replace('_', "-")),
    };
    let values = given.try_get_raw(id).ok().flatten().into_iter().flatten();
    values.filter(|v| *v != "-").map(|v| Named { option: option.clone(), path: v.into() }).collect()
}

/// A regular file, or nothing yet: into what else is there, a device or a pipe, is written without replacing it.
fn is_file_or_new(path: &Path) -> bool {
    fs::metadata(path).map_or(true, |m| m.is_file())
}

/// Whether writing a file at `out` replaces `input`, or something that lies in it.
fn replaces(out: &Path, input: &Path) -> bool {
    let (Ok(out_is), Ok(input_is)) = (fs::metadata(out), fs::metadata(input)) else { return false };
    if !out_is.is_file() {
        return false;
    }
    if !input_is.is_dir() {
        return same(&out_is, &input_is);
    }
    lies_in(out, input)
}

/// Whether a file at `out` lies in the directory `input`.
fn lies_in(out: &Path, input: &Path) -> bool {
    let Some(input) = fs::canonicalize(input).ok().filter(|i| i.is_dir() && is_file_or_new(out)) else { return false };
    // The name itself, and where it leads to if it is a link.
    let itself = out.file_name().map(|name| resolved(out.parent().unwrap_or(Path::new("."))).join(name));
    itself.into_iter().chain(fs::canonicalize(out).ok()).any(|o| o.starts_with(&input))
}

#[cfg(test)]
mod tests {
    use super::super::Cli;
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn every_option_that_names_a_file_is_known() {
        for verb in ["scan", "redact", "check", "breach", "verify"] {
            let command = Cli::command();
            for arg in command.find_subcommand(verb).unwrap().get_arguments() {
                let id = arg.get_id().as_str();
                let names = arg.get_value_names().unwrap_or_default().join(" ");
                let names_file = ["FILE", "PATH", "OUT", "REPORT", "ORIGINAL", ".pem", "BEFORE"];
                let written = WRITTEN.iter().any(|(v, o)| (v.is_empty() || *v == verb) && *o == id);
                let known = written || READ.contains(&id);
                assert_eq!(names_file.iter().any(|n| names.contains(n)), known, "{verb}: {id} {names}");
            }
        }
    }
}
