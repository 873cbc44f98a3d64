//! `lotse`: the inquiry desk in one process, and the operator's command line.
//!
//! The handlers in `functions/` do the work; this crate gives them a data folder, listeners, a pump that
//! brings committed events to them, and a way out for mail. Each command has its module in [`command`].

mod command;
mod data_folder;
mod demo;
mod evaluation;
mod exit;
mod files;
mod pump;
mod relay;
mod serve;
mod smtp;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    command::CommandLine::parse().run().into()
}
