//! The command line: one module for each command.

use crate::exit::{self, Exit};
use clap::Parser;

/// The inquiry desk of a pharma company, in one process.
#[derive(Parser)]
#[command(name = "lotse", version, about, after_help = exit::EXPLAINED)]
pub(crate) struct CommandLine {}

impl CommandLine {
    /// Carries the command out.
    pub(crate) fn run(self) -> Exit {
        Exit::Done
    }
}
