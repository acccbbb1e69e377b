//! The binary: subcommands and wiring, nothing else.

mod args;
mod aws;
mod commands;
mod failpoints;
mod faults;
mod locale;
mod logging;
mod outside;
mod platform;
mod saved;
mod shutdown;
mod table;

use std::process::ExitCode;

use clap::Parser;

use crate::args::Cli;

/// Errors end here, as one line for people: causes after colons, no backtrace.
fn main() -> ExitCode {
    std::panic::set_hook(Box::new(faults::say));
    failpoints::arm();
    match commands::execute(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
