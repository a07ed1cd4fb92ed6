//! The program `sluice`: exit status, closed pipe; nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    sluicegate::cli::main()
}
