//! `sluice completions` and `sluice man`.

use super::{Cli, End};
use crate::error::{Error, Result};
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use std::io::{self, Write};
use std::path::Path;

/// Print shell completions
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

/// Print the manual page, of a verb if one is named
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// scan, redact, …
    verb: Option<String>,
}

fn print(bytes: &[u8]) -> Result<End> {
    io::stdout().lock().write_all(bytes).map_err(|e| Error::io(Path::new("-"), "cannot write", e))?;
    Ok(End::Done)
}

impl Completions {
    pub fn run(self) -> Result<End> {
        let mut out = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "sluice", &mut out);
        print(&out)
    }
}

impl Man {
    pub fn run(self) -> Result<End> {
        let mut command = Cli::command();
        command.build();
        let command = match &self.verb {
            None => command,
            Some(v) => command
                .find_subcommand(v)
                .cloned()
                .ok_or_else(|| Error::Usage(format!("there is no verb `{v}`; see `sluice --help`")))?,
        };
        let mut out = Vec::new();
        clap_mangen::Man::new(command).render(&mut out).map_err(|e| Error::io(Path::new("-"), "cannot write", e))?;
        print(&out)
    }
}
