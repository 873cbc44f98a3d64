//! `lotse mail`: what is read from a message.

use crate::{
    exit::{Exit, Failure},
    files,
};
use clap::Args;
use lotse_mail::PrintedMail;
use std::{
    io::{self, Write as _},
    path::PathBuf,
};

#[derive(Args)]
pub(crate) struct Options {
    /// Messages (RFC 5322); `-` reads standard input.
    #[arg(required = true, value_name = "FILE.eml")]
    files: Vec<PathBuf>,
}

impl Options {
    /// Prints one JSON object a line for each message; names on stderr what is none.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        let mut out = io::stdout().lock();
        let mut exit = Exit::Done;
        for file in &self.files {
            let name = file.display().to_string();
            let printed = files::read(file).and_then(|raw| {
                lotse_mail::read(&raw).map_err(|cause| Failure::mistakes(format!("{name}: {cause}")))
            });
            match printed {
                Ok(mail) => {
                    serde_json::to_writer(&mut out, &PrintedMail::new(&name, &mail))?;
                    writeln!(out)?;
                }
                Err(failure) => {
                    writeln!(io::stderr(), "lotse: {failure}")?;
                    exit = Exit::Mistakes;
                }
            }
        }
        Ok(exit)
    }
}
