//! The program: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    imapsync_cli::main_with(std::env::args_os())
}
