//! `lotse verify`: does every case's history still add up to what is shown of it?

use crate::{
    data_folder::DataFolder,
    exit::{Exit, ExitWith as _, Failure},
};
use clap::Args;
use lotse_domain::{Case, CaseId, ports::CaseStore as _};
use lotse_store::SqliteStore;
use serde_json::json;
use std::{
    io::{self, Write as _},
    path::PathBuf,
};

/// Cases that are looked up at once.
const STEP: usize = 500;

#[derive(Args)]
pub(crate) struct Options {
    /// The desk's data folder.
    #[arg(long, value_name = "DIR", default_value = super::DATA)]
    data: PathBuf,
    /// The result as JSON.
    #[arg(long)]
    json: bool,
}

/// What was found.
#[derive(Default)]
struct Findings {
    cases: usize,
    events: usize,
    wrong: Vec<(CaseId, String)>,
}

impl Options {
    /// Replays every history; ends with [`Exit::Mistakes`] where one does not give the case that is stored.
    pub(crate) fn run(&self) -> Result<Exit, Failure> {
        let folder = DataFolder::existing(&self.data).exit_with(Exit::DataFolder)?;
        let store = SqliteStore::open(folder.database()).exit_with(Exit::DataFolder)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let findings = runtime.block_on(verify(&store))?;
        let mut out = io::stdout().lock();
        if self.json {
            let wrong: Vec<_> =
                findings.wrong.iter().map(|(case, what)| json!({ "case": case, "what": what })).collect();
            let found = json!({ "cases": findings.cases, "events": findings.events, "wrong": wrong });
            writeln!(out, "{found}")?;
        } else {
            for (case, what) in &findings.wrong {
                writeln!(out, "case {case}: {what}")?;
            }
            let verdict = if findings.wrong.is_empty() {
                "every history adds up to its case".to_owned()
            } else {
                format!("{} do not add up", findings.wrong.len())
            };
            writeln!(out, "{} cases with {} events: {verdict}.", findings.cases, findings.events)?;
        }
        Ok(if findings.wrong.is_empty() { Exit::Done } else { Exit::Mistakes })
    }
}

async fn verify(store: &SqliteStore) -> Result<Findings, Failure> {
    let mut findings = Findings::default();
    let mut after = None;
    loop {
        let cases = store.case_ids(after, STEP).await?;
        let Some(last) = cases.last().copied() else { return Ok(findings) };
        after = Some(last);
        for id in cases {
            findings.cases += 1;
            if let Err(what) = verify_case(store, id, &mut findings.events).await? {
                findings.wrong.push((id, what));
            }
        }
    }
}

async fn verify_case(
    store: &SqliteStore,
    id: CaseId,
    events: &mut usize,
) -> Result<Result<(), String>, Failure> {
    // Read first: where the desk works on meanwhile, the history is at least as long as the case.
    let stored = match store.load(id).await {
        Ok(stored) => stored,
        Err(error) => return Ok(Err(error.to_string())),
    };
    let history = match store.history(id).await {
        Ok(history) => history,
        Err(error) => return Ok(Err(error.to_string())),
    };
    *events += history.len();
    let version = stored.as_ref().map_or(0, |case| case.version);
    let until = history.iter().filter(|event| event.id.sequence <= version);
    Ok(match Case::replay(until) {
        Ok(replayed) if replayed == stored => Ok(()),
        Ok(_) => Err("its history gives another case than the one that is stored".to_owned()),
        Err(broken) => Err(broken.to_string()),
    })
}
