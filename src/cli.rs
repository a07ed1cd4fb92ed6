//! The command line: one file a verb. The only code that prints.

mod against;
mod archives;
mod breach;
mod check;
mod chosen;
mod harm;
mod inputs;
mod linked;
mod log;
mod manual;
mod names;
mod observe;
mod options;
mod outputs;
mod patterns;
mod policy;
mod progress;
mod redact;
mod scan;
mod settings;
mod survey;
mod target;
mod unread;
mod verify;

use crate::error::Error;
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// Find personal data in chat histories, call transcripts and logs; report it or redact it.
#[derive(Debug, Parser)]
#[command(name = "sluice", version, about, max_term_width = 100)]
pub(crate) struct Cli {
    /// A file with settings, or a directory with a sluice.toml [default: the one in the user's configuration directory]
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Scan(scan::Scan),
    Redact(redact::Redact),
    Check(check::Check),
    Breach(breach::Breach),
    Verify(Box<verify::Verify>),
    Patterns(patterns::Patterns),
    Completions(manual::Completions),
    Man(manual::Man),
}

/// What a verb ends with.
pub(crate) enum End {
    /// Done.
    Done,
    /// Done, and `--fail` found something.
    Found,
    /// Done but for what the messages name.
    Partly,
    /// A signal ended it.
    Signal(i32),
}

/// Runs the program: reads the command line, prints, returns the exit status.
pub fn main() -> ExitCode {
    // A panic's message could quote data: only its place is said.
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, |l| format!(" at {}:{}", l.file(), l.line()));
        eprintln!("sluice: internal error{place}; please report it with the version and the command");
    }));
    let argv: Vec<OsString> = std::env::args_os().collect();
    let cli = match parse(&argv) {
        Ok(matches) => matches,
        Err(status) => return status,
    };
    let end = match cli.verb {
        Verb::Scan(v) => v.run(),
        Verb::Redact(v) => v.run(),
        Verb::Check(v) => v.run(),
        Verb::Breach(v) => v.run(),
        Verb::Verify(v) => v.run(),
        Verb::Patterns(v) => v.run(),
        Verb::Completions(v) => v.run(),
        Verb::Man(v) => v.run(),
    };
    match end {
        Ok(End::Done) => ExitCode::SUCCESS,
        Ok(End::Found) => ExitCode::from(1),
        Ok(End::Partly) => ExitCode::from(2),
        Ok(End::Signal(signal)) => ExitCode::from(128 + signal as u8),
        Err(e) if e.is_closed_pipe() => ExitCode::SUCCESS,
        Err(Error::Stopped) => ExitCode::from(130),
        Err(e) => complain(e),
    }
}

/// Says what went wrong. The names of reports, lists, annexes and settings are masked as those of inputs are, and so is what else of
/// the command line is quoted.
fn complain(e: Error) -> ExitCode {
    match names::Names::plain() {
        Ok(mut names) => eprintln!("sluice: {}", names.shown_error(e)),
        Err(_) => eprintln!("sluice: {e}"),
    }
    ExitCode::from(2)
}

/// Reads the command line, with the settings file behind it.
fn parse(argv: &[OsString]) -> Result<Cli, ExitCode> {
    let matches = |argv: &[OsString]| -> Result<ArgMatches, ExitCode> {
        Cli::command().args_override_self(true).try_get_matches_from(argv).map_err(|e| {
            let _ = e.print();
            ExitCode::from(if e.use_stderr() { 2 } else { 0 })
        })
    };
    let given = matches(argv)?;
    let all = settings::extend(argv, &given).map_err(complain)?;
    let found = if all.len() == argv.len() { given } else { matches(&all)? };
    if let Some((verb, given)) = found.subcommand() {
        let config = found.get_one::<PathBuf>("config");
        harm::refuse(verb, given, config.map(PathBuf::as_path)).map_err(complain)?;
    }
    Cli::from_arg_matches(&found).map_err(|e| {
        let _ = e.print();
        ExitCode::from(2)
    })
}
