//! The program under test: cargo names its path to the suites of this package only.

use std::process::ExitCode;

fn main() -> ExitCode {
    imapsync_cli::main_with(std::env::args_os())
}
