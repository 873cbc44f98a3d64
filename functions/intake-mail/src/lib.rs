//! Mail that arrived becomes a new case, or the next message of one.
//!
//! The raw message is stored before this function hears of it, and everything it does to a case is one
//! commit, with a claim on the message's content: a crash, a repeat, or a copy in a second mailbox leads to
//! the same one message. Nothing is dropped: what cannot be read becomes a case that a person looks at.
//!
//! - `notification` reads what S3 says of mail that SES has put into a bucket,
//! - `reading` makes a message and a contact of what the mail says,
//! - `threading` finds the case that it belongs to, and whether its sender does,
//! - `recording` commits it.

mod notification;
mod reading;
mod recording;
mod threading;

use jiff::Timestamp;
use lotse_domain::{
    BlobId, CaseId, Failure, Queue, QueueMessage,
    ports::{BlobStore, CaseStore, Clock, IncomingMail, RandomSource},
};
use lotse_policy::Policy;
use lotse_runtime::Keys;
use notification::ArrivedObject;
use reading::Mail;
use serde::{Deserialize, Serialize};
use std::fmt;
use threading::Place;

/// A mail that arrived and is stored: what the queue of this function carries. It holds the addresses of
/// the SMTP dialogue, which no header need repeat.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArrivedMail {
    /// The raw message.
    pub blob: BlobId,
    /// When the company received it: day zero of whatever it reports.
    pub received_at: Timestamp,
    /// The envelope's sender; `None` for the null sender of bounces (RFC 5321 §4.5.5) or where unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub envelope_from: Option<String>,
    /// The envelope's recipients, as given.
    #[serde(default)]
    pub envelope_to: Vec<String>,
}

impl fmt::Debug for ArrivedMail {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "[mail {} for {} recipients]", self.blob, self.envelope_to.len())
    }
}

impl ArrivedMail {
    /// The message that brings it to this function.
    pub fn queue_message(&self) -> QueueMessage {
        let body = serde_json::json!(self).to_string();
        QueueMessage { queue: Queue::IntakeMail, key: format!("intake-mail:{}", self.blob), body }
    }
}

/// What the function works with.
pub struct Dependencies<'a, S, B, C, R> {
    /// The cases.
    pub store: &'a S,
    /// The raw messages.
    pub blobs: &'a B,
    /// The time.
    pub clock: &'a C,
    /// Randomness for references.
    pub random: &'a R,
    /// The company's addresses, and the review desk's clock.
    pub policy: &'a Policy,
    /// What recognises our reply addresses and Message-IDs.
    pub keys: &'a Keys,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It opened this case.
    Opened(CaseId),
    /// It is the next message of this case.
    Appended(CaseId),
    /// The same message came before, to this case.
    CameBefore(CaseId),
}

/// Takes in all mail that one notification of S3 tells of: each is kept under its hash first, where it stays
/// when the bucket's lifecycle has emptied the folder of incoming mail.
///
/// # Errors
/// To park where the message is no such notification or an object is gone; to retry where a store is not
/// there. After an error all of it may come again: what is taken in is recognised.
pub async fn handle_notification<S: CaseStore, B: BlobStore + IncomingMail, C: Clock, R: RandomSource>(
    dependencies: &Dependencies<'_, S, B, C, R>,
    body: &str,
) -> Result<(), Failure> {
    let mut outcome = Ok(());
    for object in notification::read(body)? {
        outcome = Failure::of_both(outcome, take_in(dependencies, &object).await);
    }
    outcome
}

async fn take_in<S: CaseStore, B: BlobStore + IncomingMail, C: Clock, R: RandomSource>(
    dependencies: &Dependencies<'_, S, B, C, R>,
    object: &ArrivedObject,
) -> Result<(), Failure> {
    let raw = dependencies.blobs.incoming(&object.key).await?;
    let blob = dependencies.blobs.put(raw).await?;
    // The receipt rule does not tell the envelope; the headers that SES adds do, as far as it is needed.
    let arrived = ArrivedMail { blob, received_at: object.at, envelope_from: None, envelope_to: Vec::new() };
    handle(dependencies, &arrived.queue_message().body).await.map(|_| ())
}

/// Takes in the mail that one queue message tells of.
///
/// # Errors
/// To park where the message is not of [`ArrivedMail`]'s form or its raw mail is not stored; to retry where
/// a store is not there.
pub async fn handle<S: CaseStore, B: BlobStore, C: Clock, R: RandomSource>(
    dependencies: &Dependencies<'_, S, B, C, R>,
    body: &str,
) -> Result<Outcome, Failure> {
    let arrived: ArrivedMail = serde_json::from_str(body).map_err(|error| {
        Failure::park(format!("the message does not tell of a mail that arrived: {error}"))
    })?;
    let raw = dependencies.blobs.get(&arrived.blob).await?;
    let raw = raw.ok_or_else(|| Failure::park(format!("the raw mail {} is not stored", arrived.blob)))?;
    let mail = match lotse_mail::read(&raw) {
        Ok(incoming) => Mail::read(&incoming, &arrived, &dependencies.policy.company),
        Err(reason) => Mail::unreadable(&reason, &arrived),
    };
    match threading::place(dependencies, &mail).await? {
        Place::Case(case) => recording::append(dependencies, case, &mail).await,
        Place::New { refers_to } => recording::open(dependencies, &mail, refers_to).await,
    }
}
