//! `lotse triage`: what would be decided about an inquiry.

use crate::{
    exit::{Exit, Failure},
    files::{self, inquiries},
};
use clap::Args;
use lotse_domain::{Channel, Contact, Inquiry};
use lotse_triage::{Known, Triage};
use std::{
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

#[derive(Args)]
pub(crate) struct Options {
    /// Inquiries: mails (.eml), JSON (.json) or lines of JSON (.jsonl); `-` or nothing reads standard input.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    policy: super::PolicyChoice,
}

impl Options {
    /// Prints one decision a line, in the order of the inquiries; names on stderr what is none.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let triage = Triage::new(&self.policy.load()?);
        let mut out = BufWriter::new(io::stdout().lock());
        let files = if self.files.is_empty() { vec![PathBuf::from("-")] } else { self.files };
        let mut exit = Exit::Done;
        for file in &files {
            let bytes = match files::read(file) {
                Ok(bytes) => bytes,
                Err(failure) => {
                    writeln!(io::stderr(), "lotse: {failure}")?;
                    exit = Exit::Mistakes;
                    continue;
                }
            };
            for read in inquiries_of(file, &bytes) {
                match read {
                    Ok((inquiry, known)) => {
                        serde_json::to_writer(&mut out, &triage.decide(&inquiry, &known))?;
                        writeln!(out)?;
                    }
                    Err(what) => {
                        out.flush()?;
                        writeln!(io::stderr(), "lotse: {}: {what}", file.display())?;
                        exit = Exit::Mistakes;
                    }
                }
            }
        }
        out.flush()?;
        Ok(exit)
    }
}

/// The inquiries of a file, or what is none of them.
fn inquiries_of(file: &Path, bytes: &[u8]) -> Vec<Result<(Inquiry, Known), String>> {
    let is_json = files::has_extension(file, "json")
        || files::has_extension(file, "jsonl")
        || (!files::has_extension(file, "eml")
            && matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[')));
    if is_json {
        let entries = inquiries::read(bytes).into_iter();
        return entries
            .map(|entry| {
                entry.map(|entry| (entry.inquiry, Known::default())).map_err(|error| error.to_string())
            })
            .collect();
    }
    vec![read_mail(file, bytes)]
}

fn read_mail(file: &Path, bytes: &[u8]) -> Result<(Inquiry, Known), String> {
    let mail = lotse_mail::read(bytes).map_err(|error| error.to_string())?;
    let writer = mail.answer_to();
    let contact = Contact {
        email: writer.and_then(lotse_mail::Mailbox::email),
        name: writer.and_then(|mailbox| mailbox.name.clone()),
        ..Contact::default()
    };
    let inquiry = Inquiry {
        id: Some(file.display().to_string()),
        channel: Channel::Mail,
        language: None,
        subject: mail.subject,
        body: mail.text,
        contact,
        fields: [].into(),
        received_at: None,
    };
    Ok((inquiry, Known { automatic: mail.automatic, ..Known::default() }))
}
