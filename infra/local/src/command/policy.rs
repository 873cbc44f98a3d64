//! `lotse policy`: check a policy, write the shipped one to a folder, or pack one for the cloud.

use crate::exit::{Exit, Failure};
use clap::{Args, Subcommand};
use lotse_policy::{Packed, Policy, SHIPPED};
use lotse_triage::Triage;
use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

#[derive(Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Check a policy as a whole: every mistake is named with file, line and what is expected.
    Check {
        /// Folder of the policy; without it, the shipped policy.
        dir: Option<PathBuf>,
    },
    /// Write the shipped policy to a folder, to be changed there and served with `--policy`.
    Init {
        /// The folder: made where it is not there, and empty of policy files where it is.
        dir: PathBuf,
    },
    /// Check a policy and pack it for the functions on AWS, which load it in a moment.
    Pack {
        /// Folder of the policy.
        dir: PathBuf,
        /// Folder for the packed files: made where it is not there; packed files in it are replaced.
        out: PathBuf,
    },
}

impl Options {
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        match &self.action {
            Action::Check { dir } => check(dir.as_deref()),
            Action::Init { dir } => init(dir),
            Action::Pack { dir, out } => pack(dir, out),
        }
    }
}

fn check(dir: Option<&Path>) -> Result<Exit, Failure> {
    let policy = super::load_policy(dir)?;
    writeln!(
        io::stdout(),
        "The policy {} of {} is complete: {} desks, {} products, {} rules.",
        policy.company.policy_version,
        policy.company.name,
        policy.desks.iter().count(),
        policy.products.iter().count(),
        policy.rules.rules.len(),
    )?;
    Ok(Exit::Done)
}

fn init(dir: &Path) -> Result<Exit, Failure> {
    for (name, text) in SHIPPED {
        let path = dir.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|cause| {
                Failure::data_folder(format!("cannot make {}: {cause}", parent.display()))
            })?;
        }
        // Never over a file that somebody may have changed.
        let written = OpenOptions::new()
            .create_new(true)
            .write(true)
            .open(&path)
            .and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|cause| {
            Failure::data_folder(format!(
                "cannot write {}: {cause}; choose a folder without policy files",
                path.display()
            ))
        })?;
    }
    writeln!(
        io::stdout(),
        "Wrote {} files to {}. Change them, check them with `lotse policy check {}`, and serve with --policy.",
        SHIPPED.len(),
        dir.display(),
        dir.display()
    )?;
    Ok(Exit::Done)
}

fn pack(dir: &Path, out: &Path) -> Result<Exit, Failure> {
    let policy = super::load_policy(Some(dir))?;
    fs::create_dir_all(out)
        .map_err(|cause| Failure::data_folder(format!("cannot make {}: {cause}", out.display())))?;
    write_packed(out, &policy)?;
    write_packed(out, &Triage::new(&policy))?;
    writeln!(
        io::stdout(),
        "Packed the policy {} as {} and {} in {}.",
        policy.company.policy_version,
        Policy::file_name(),
        Triage::file_name(),
        out.display()
    )?;
    Ok(Exit::Done)
}

fn write_packed<T: Packed>(out: &Path, value: &T) -> Result<(), Failure> {
    let path = out.join(T::file_name());
    fs::write(&path, value.pack()?)
        .map_err(|cause| Failure::data_folder(format!("cannot write {}: {cause}", path.display())))
}
