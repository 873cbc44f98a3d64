//! `lotse demo`: a day's inquiries, sent into a desk that runs.

use crate::{
    demo::{Channels, Row, ScriptedInquiry, WatchedCase, script, write_table},
    exit::{Exit, Failure},
};
use anyhow::Context as _;
use clap::Args;
use lotse_domain::ports::RandomSource as _;
use lotse_runtime::SystemRandom;
use std::{
    io::{self, Write as _},
    thread,
    time::{Duration, Instant},
};

/// How often the desk is asked how far it is.
const GLANCE: Duration = Duration::from_millis(100);

#[derive(Args)]
pub(crate) struct Options {
    /// The desk's form and API.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    http: String,
    /// Where the desk takes mail in.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:2525")]
    smtp: String,
    #[command(flatten)]
    policy: super::PolicyChoice,
    /// How long to wait for the desk's decisions, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    patience: u64,
    /// One JSON object a line instead of the table.
    #[arg(long)]
    json: bool,
}

/// An inquiry that is on its way.
struct UnderWay {
    inquiry: ScriptedInquiry,
    email: String,
    status: Option<String>,
    /// What the contact was asked for, where it has replied.
    asked_for: Option<String>,
}

impl Options {
    /// Sends everything, answers what is asked, and prints what became of it.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let policy = self.policy.load()?;
        let service = policy.company.service_address.as_str();
        let run = format!("{:08x}", SystemRandom.number() & 0xffff_ffff);
        let channels = Channels::to(&self.http, &self.smtp, service, run)?;
        // Before anything is sent: a desk that answers people who do not exist is no desk for a demo.
        channels
            .cases::<WatchedCase>("nobody@demo.example")
            .with_context(|| format!("no desk for a demo at {}; start one with `lotse serve`", self.http))?;

        let mut under_way = Vec::new();
        for inquiry in script()? {
            let sent = channels
                .send(&inquiry)
                .with_context(|| format!("“{}” could not be sent by {}", inquiry.what, inquiry.by.name()))?;
            under_way.push(UnderWay { inquiry, email: sent.email, status: sent.status, asked_for: None });
        }
        let deadline = Instant::now() + Duration::from_secs(self.patience);
        let mut rows = Vec::new();
        let mut undecided = 0;
        for inquiry in &mut under_way {
            let case = watch(&channels, inquiry, deadline)?;
            undecided += usize::from(!case.as_ref().is_some_and(|case| case.settled));
            rows.push(row(inquiry, case.as_ref()));
        }
        let mut out = io::stdout().lock();
        if self.json {
            for row in &rows {
                writeln!(out, "{}", serde_json::to_string(row)?)?;
            }
        } else {
            write_table(&rows, &mut out)?;
            writeln!(out, "\n{} inquiries sent, {} decided.", rows.len(), rows.len() - undecided)?;
        }
        if undecided > 0 {
            let seconds = self.patience;
            return Err(
                anyhow::anyhow!("{undecided} inquiries were not decided within {seconds} seconds").into()
            );
        }
        Ok(Exit::Done)
    }
}

/// Waits until the desk has decided, and once it asks, answers and waits again.
fn watch(
    channels: &Channels,
    sent: &mut UnderWay,
    deadline: Instant,
) -> Result<Option<WatchedCase>, Failure> {
    loop {
        let case = channels.cases::<WatchedCase>(&sent.email)?.into_iter().next();
        if let Some(case) = case.filter(|case| case.settled) {
            let reply = sent
                .inquiry
                .reply
                .clone()
                .filter(|_| sent.asked_for.is_none() && case.waits() && case.was_asked());
            let Some(reply) = reply else { return Ok(Some(case)) };
            answer(channels, sent, &reply)?;
            sent.asked_for = Some(case.asked_for());
        }
        if Instant::now() >= deadline {
            return Ok(channels.cases(&sent.email)?.into_iter().next());
        }
        thread::sleep(GLANCE);
    }
}

fn answer(channels: &Channels, sent: &UnderWay, reply: &str) -> Result<(), Failure> {
    if let Some(status) = &sent.status {
        channels.reply_on_status_page(status, reply)?;
    } else {
        let mails = channels.mails_to(&sent.email)?;
        let question = mails.first().context("the question is not in the development mailbox")?;
        channels.reply_by_mail(&sent.inquiry, &sent.email, question, reply)?;
    }
    Ok(())
}

fn row(sent: &UnderWay, case: Option<&WatchedCase>) -> Row {
    let reply = if sent.asked_for.is_some() { " + reply" } else { "" };
    Row {
        reference: case.map_or_else(|| "–".to_owned(), |case| case.reference.clone()),
        channel: format!("{}{reply} ({})", sent.inquiry.by.name(), sent.inquiry.language),
        what: sent.inquiry.what.clone(),
        found: case.map_or_else(|| "not there yet".to_owned(), WatchedCase::found),
        went_to: case.map(WatchedCase::went_to).unwrap_or_default(),
        asked_for: sent.asked_for.clone().or(case.map(WatchedCase::asked_for)).unwrap_or_default(),
    }
}
