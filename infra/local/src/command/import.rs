//! `lotse import`: inquiries that came before, from mailboxes and files.
//!
//! What is imported is an inquiry like any other: it is triaged, receipted and brought to its desk once the
//! desk serves. Importing again takes in only what is new, so an import that broke off is run again.

use crate::{
    data_folder::DataFolder,
    exit::{Exit, ExitWith as _, Failure},
    files::{
        self, inquiries,
        mails::{self, Mbox, MboxMessage},
    },
};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use intake_mail::{ArrivedMail, Outcome};
use jiff::Timestamp;
use lotse_domain::{
    Actor, CaseReference, Change, Claim, Failure as Obstacle, Inquiry, Opening, ReceivedMessage,
    ports::{BlobStore as _, CaseStore as _, Clock as _, CommitError, RandomSource as _},
};
use lotse_mail::Unreadable;
use lotse_policy::Policy;
use lotse_runtime::{Keys, SystemClock, SystemRandom};
use lotse_store::{SqliteStore, blob_id};
use serde::Serialize;
use std::{
    fs,
    io::{self, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
};

/// Two random references of 3.4 thousand million collide so rarely that five times in a row means a fault.
const MOST_REFERENCES: usize = 5;

#[derive(Args)]
pub(crate) struct Options {
    /// Mails (.eml), mailboxes (mbox), maildirs, inquiries (.json, .jsonl), or folders of these.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The desk's data folder; no desk may be serving it meanwhile.
    #[arg(long, value_name = "DIR", default_value = super::DATA)]
    data: PathBuf,
    #[command(flatten)]
    policy: super::PolicyChoice,
    /// The result as JSON.
    #[arg(long)]
    json: bool,
}

/// What became of the messages.
#[derive(Default, Serialize)]
struct Count {
    /// They opened a case.
    opened: usize,
    /// They are the next message of a case.
    appended: usize,
    /// They came before.
    known: usize,
    /// They could not be taken in; stderr says which.
    failed: usize,
}

/// Takes messages in.
struct Importer {
    store: SqliteStore,
    policy: Policy,
    keys: Keys,
    clock: SystemClock,
    random: SystemRandom,
    progress: ProgressBar,
    count: Count,
}

impl Options {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let policy = self.policy.load()?;
        let sources = sources(&self.paths)?;
        let folder = DataFolder::create(&self.data).exit_with(Exit::DataFolder)?;
        let _lock = folder.lock().exit_with(Exit::DataFolder)?;
        let keys = Keys::new(folder.secret(&SystemRandom).exit_with(Exit::DataFolder)?);
        let store = SqliteStore::open(folder.database()).exit_with(Exit::DataFolder)?;
        let bytes = sources.iter().filter_map(|path| Some(fs::metadata(path).ok()?.len())).sum();
        let (clock, random) = (SystemClock, SystemRandom);
        let progress = progress_bar(bytes);
        let mut importer = Importer { store, policy, keys, clock, random, progress, count: Count::default() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            for source in &sources {
                importer.import(source).await?;
            }
            Ok::<_, Failure>(())
        })?;
        importer.progress.finish_and_clear();
        let count = importer.count;
        if self.json {
            writeln!(io::stdout(), "{}", serde_json::to_string(&count)?)?;
        } else {
            writeln!(
                io::stdout(),
                "New cases: {}. Further messages: {}. Known already: {}. Not taken in: {}.",
                count.opened,
                count.appended,
                count.known,
                count.failed
            )?;
        }
        Ok(if count.failed == 0 { Exit::Done } else { Exit::Mistakes })
    }
}

/// On a terminal only: a script's log wants no bar.
fn progress_bar(bytes: u64) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes}  {msg}  {eta} left");
    ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// The files behind the paths, in their order; folders are looked into, but not into folders of folders.
fn sources(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut sources = Vec::new();
    for path in paths {
        let unreadable =
            |cause: io::Error| Failure::mistakes(format!("cannot read {}: {cause}", path.display()));
        if !fs::metadata(path).map_err(unreadable)?.is_dir() {
            sources.push(path.clone());
        } else if let Some(mails) = mails::maildir(path).map_err(unreadable)? {
            sources.extend(mails);
        } else {
            sources.extend(mails::files_in(path).map_err(unreadable)?);
        }
    }
    Ok(sources)
}

impl Importer {
    async fn import(&mut self, source: &Path) -> Result<(), Failure> {
        let unreadable =
            |cause: io::Error| Failure::mistakes(format!("cannot read {}: {cause}", source.display()));
        if files::has_extension(source, "json") || files::has_extension(source, "jsonl") {
            return self.import_inquiries(source).await;
        }
        if mails::is_mbox(source).map_err(unreadable)? {
            let most_bytes = self.policy.thresholds.limits.mail_bytes;
            for (number, message) in Mbox::open(source, most_bytes).map_err(unreadable)?.enumerate() {
                let (message, bytes) = message.map_err(unreadable)?;
                let name = format!("{}: message {}", source.display(), number + 1);
                match message {
                    MboxMessage::Whole(raw) => self.import_mail(&name, raw).await?,
                    MboxMessage::TooLarge => self.fail(&format!("{name} is larger than {most_bytes} bytes")),
                }
                self.advance(bytes);
            }
            return Ok(());
        }
        let raw = files::read(source)?;
        let (name, bytes) = (source.display().to_string(), raw.len() as u64);
        if let Err(error @ Unreadable::NoHeaders) = lotse_mail::read(&raw) {
            self.fail(&format!("{name}: {error}"));
        } else {
            self.import_mail(&name, raw).await?;
        }
        self.advance(bytes);
        Ok(())
    }

    async fn import_mail(&mut self, name: &str, raw: Vec<u8>) -> Result<(), Failure> {
        let content = blob_id(&raw);
        if self.store.import_seen(&content).await? {
            self.count.known += 1;
            return Ok(());
        }
        if raw.trim_ascii().is_empty() {
            self.fail(&format!("{name} is empty"));
            return Ok(());
        }
        let received_at = self.received_at(&raw);
        let blob = self.store.put(raw).await?;
        let arrived = ArrivedMail { blob, received_at, envelope_from: None, envelope_to: Vec::new() };
        let dependencies = intake_mail::Dependencies {
            store: &self.store,
            blobs: &self.store,
            clock: &self.clock,
            random: &self.random,
            policy: &self.policy,
            keys: &self.keys,
        };
        match intake_mail::handle(&dependencies, &arrived.queue_message().body).await {
            Ok(Outcome::Opened(_)) => self.count.opened += 1,
            Ok(Outcome::Appended(_)) => self.count.appended += 1,
            Ok(Outcome::CameBefore(_)) => self.count.known += 1,
            Err(Obstacle::Park(cause)) => {
                self.fail(&format!("{name}: {cause}"));
                return Ok(());
            }
            Err(Obstacle::Retry(cause)) => return Err(anyhow::Error::from_boxed(cause).into()),
        }
        self.store.record_import(&content, self.clock.now()).await?;
        Ok(())
    }

    /// When the company had the mail: as its sender dates it, since mailboxes keep no better time, and never
    /// in the future.
    fn received_at(&self, raw: &[u8]) -> Timestamp {
        let now = self.clock.now();
        lotse_mail::read(raw).ok().and_then(|mail| mail.date).filter(|date| *date <= now).unwrap_or(now)
    }

    async fn import_inquiries(&mut self, source: &Path) -> Result<(), Failure> {
        let bytes = files::read(source)?;
        for entry in inquiries::read(&bytes) {
            match entry {
                Ok(entry) => self.import_inquiry(entry.inquiry).await?,
                Err(error) => self.fail(&format!("{}: {error}", source.display())),
            }
        }
        self.advance(bytes.len() as u64);
        Ok(())
    }

    async fn import_inquiry(&mut self, inquiry: Inquiry) -> Result<(), Failure> {
        // The same words from the same sender are the same inquiry, in whatever file they come.
        let case = self.keys.case_id("import", &serde_json::to_string(&inquiry)?);
        if self.store.load(case).await?.is_some() {
            self.count.known += 1;
            return Ok(());
        }
        let now = self.clock.now();
        let at = inquiry.received_at.filter(|at| *at <= now).unwrap_or(now);
        let contact_id = match &inquiry.contact.email {
            Some(address) => self.keys.contact_id(address),
            None => self.keys.nameless_contact_id(&case.to_string()),
        };
        let message = ReceivedMessage {
            channel: inquiry.channel,
            subject: inquiry.subject.map(Into::into),
            body: inquiry.body.into(),
            fields: inquiry.fields.into_iter().map(|(field, value)| (field, value.into())).collect(),
            automatic: None,
            mail: None,
        };
        for _ in 0..MOST_REFERENCES {
            #[expect(clippy::cast_possible_truncation, reason = "the lower half is as random as the whole")]
            let reference = CaseReference::from_random(self.random.number() as u64);
            let opening = Opening {
                case,
                reference,
                contact_id,
                contact: inquiry.contact.clone(),
                language: inquiry.language.clone(),
                message: message.clone(),
            };
            let change = Change::open(opening, at, Actor::Contact);
            let Some(commit) = change.into_commit(vec![Claim::reference(reference)]) else { break };
            match self.store.commit(commit).await {
                Ok(()) => {
                    self.count.opened += 1;
                    return Ok(());
                }
                // The reference is another case's.
                Err(CommitError::AlreadyDone { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(anyhow::anyhow!("no free case reference was found").into())
    }

    fn advance(&self, bytes: u64) {
        self.progress.inc(bytes);
        self.progress.set_message(format!("{} new", self.count.opened + self.count.appended));
    }

    fn fail(&mut self, what: &str) {
        self.count.failed += 1;
        self.progress.suspend(|| {
            // Nobody is left to tell where stderr itself is gone.
            let _ = writeln!(io::stderr(), "lotse: {what}");
        });
    }
}
