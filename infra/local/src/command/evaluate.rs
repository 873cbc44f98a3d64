//! `lotse evaluate`: how good triage is on a labelled set.

use crate::{
    evaluation::{Expectation, Score},
    exit::{Exit, Failure},
    files::{self, inquiries},
};
use clap::Args;
use lotse_triage::{Known, Triage};
use std::{
    io::{self, BufWriter, Write},
    path::PathBuf,
};

#[derive(Args)]
pub(crate) struct Options {
    /// Inquiries, one a line, each with what is expected in `expect`.
    #[arg(value_name = "LABELLED.jsonl")]
    file: PathBuf,
    #[command(flatten)]
    policy: super::PolicyChoice,
    /// The result as JSON.
    #[arg(long)]
    json: bool,
}

impl Options {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let triage = Triage::new(&self.policy.load()?);
        let bytes = files::read(&self.file)?;
        let mut score = Score::default();
        for entry in inquiries::read(&bytes) {
            let wrong = |what: String| Failure::mistakes(format!("{}: {what}", self.file.display()));
            let entry = entry.map_err(|error| wrong(error.to_string()))?;
            let Some(expect) = entry.expect else {
                return Err(wrong(format!("line {}: nothing is expected; add `expect`", entry.line)));
            };
            let expected: Expectation = serde_json::from_value(expect).map_err(|error| {
                wrong(format!("line {}: `expect` is not understood: {error}", entry.line))
            })?;
            score.count(&expected, &triage.decide(&entry.inquiry, &Known::default()));
        }
        let mut out = BufWriter::new(io::stdout().lock());
        if self.json {
            writeln!(out, "{}", score.to_json())?;
        } else {
            score.write(&mut out)?;
        }
        out.flush()?;
        Ok(Exit::Done)
    }
}
