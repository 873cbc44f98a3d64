//! The command line: one module for each command.

mod demo;
mod evaluate;
mod import;
mod mail;
mod policy;
mod serve;
mod triage;
mod user;
mod verify;

use crate::exit::{self, Exit, Failure};
use clap::{Args, Parser, Subcommand};
use lotse_policy::Policy;
use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// The data folder where none is named.
const DATA: &str = "./lotse-data";

/// The inquiry desk of a pharma company, in one process.
///
/// Without a command, it serves.
#[derive(Parser)]
#[command(
    name = "lotse",
    version,
    after_help = exit::EXPLAINED,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = false
)]
pub(crate) struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: serve::Options,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the form, the desk and incoming mail (the default).
    Serve(Box<serve::Options>),
    /// Send invented inquiries into a running desk, and show what becomes of them.
    Demo(demo::Options),
    /// Say what would be decided about inquiries: one decision a line, as JSON.
    Triage(triage::Options),
    /// Print what is read from mails: one JSON object a line.
    Mail(mail::Options),
    /// Take in inquiries of mailboxes and files; what was taken in before is passed over.
    Import(import::Options),
    /// Measure triage on a labelled set.
    Evaluate(evaluate::Options),
    /// Check a policy, or write the shipped one to a folder, to be changed there.
    Policy(policy::Options),
    /// Say who may sign in, and at which desks they work.
    User(user::Options),
    /// Check that every case's history adds up to the case that is shown.
    Verify(verify::Options),
}

/// Which policy to work with.
#[derive(Args, Clone)]
struct PolicyChoice {
    /// Folder of the policy; without it, the shipped policy.
    #[arg(long, value_name = "DIR")]
    policy: Option<PathBuf>,
}

impl PolicyChoice {
    fn load(&self) -> Result<Policy, Failure> {
        load_policy(self.policy.as_deref())
    }
}

/// The policy of a folder, or the shipped one.
fn load_policy(folder: Option<&Path>) -> Result<Policy, Failure> {
    let loaded = folder.map_or_else(Policy::shipped, Policy::load);
    loaded.map_err(|errors| Failure::mistakes(format!("the policy has mistakes\n{errors}")))
}

impl CommandLine {
    /// Carries the command out, and says on stderr why it could not.
    pub(crate) fn run(self) -> Exit {
        let done = match self.command {
            None => self.serve.run(),
            Some(Command::Serve(options)) => options.run(),
            Some(Command::Demo(options)) => options.run(),
            Some(Command::Triage(options)) => options.run(),
            Some(Command::Mail(options)) => options.run(),
            Some(Command::Import(options)) => options.run(),
            Some(Command::Evaluate(options)) => options.run(),
            Some(Command::Policy(options)) => options.run(),
            Some(Command::User(options)) => options.run(),
            Some(Command::Verify(options)) => options.run(),
        };
        match done {
            Ok(exit) => exit,
            Err(failure) if failure.is_closed_pipe() => Exit::Done,
            Err(failure) => {
                // Nobody is left to tell where stderr itself is gone.
                let _ = writeln!(io::stderr(), "lotse: {failure}");
                failure.exit
            }
        }
    }
}
