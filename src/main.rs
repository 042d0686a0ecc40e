//! The program: see [`findings::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    findings::cli::run()
}
