//! Messages: what the contact wrote, verbatim, and what the company wrote back.

use crate::{Automatic, CaseId, Channel, EmailAddress, FormField, MessageNumber, RequestId, Verbatim};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt, str::FromStr};

/// Where bytes are kept that are too large or too raw for an event: the lower-case hexadecimal SHA-256
/// of their content, so that the same bytes are stored once.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BlobId(String);

impl BlobId {
    /// The id as text: 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for BlobId {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            Ok(Self(text))
        } else {
            Err("not a blob id; expected 64 hexadecimal digits")
        }
    }
}

impl FromStr for BlobId {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.to_owned().try_into()
    }
}

impl From<BlobId> for String {
    fn from(id: BlobId) -> String {
        id.0
    }
}

impl fmt::Display for BlobId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A file that came with a message. Its content stays inside the raw message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its name, as given.
    pub name: Verbatim,
    /// Media type, as declared.
    pub content_type: String,
    /// Size in bytes, decoded.
    pub size: u64,
    /// Hexadecimal SHA-256 of the decoded content.
    pub sha256: String,
}

/// What only mail has.
#[derive(Clone, Default, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailOrigin {
    /// The Message-ID, without angle brackets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<Verbatim>,
    /// Message-IDs of `References` and `In-Reply-To`, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<Verbatim>,
    /// The address in `From`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender: Option<EmailAddress>,
    /// The message as it arrived. `None` only where a channel other than mail wrote this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<BlobId>,
    /// Files that came with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// True where no automatic message may go back in answer to this one (RFC 3834 §2).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suppress_reply: bool,
    /// True where the text was longer than is kept in a case; the raw message has all of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub truncated: bool,
    /// The case that it answers, where its sender does not belong to that case: nothing was appended there
    /// and nothing is disclosed, a person decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refers_to: Option<CaseId>,
    /// Why the message could not be read, where it could not: a person then reads the raw message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<String>,
}

/// A message from the contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedMessage {
    /// The way it came.
    pub channel: Channel,
    /// Subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Verbatim>,
    /// Text, whole: quotes and signature included.
    pub body: Verbatim,
    /// What was filled into a form's fields.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<FormField, Verbatim>,
    /// Set where no person wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic: Option<Automatic>,
    /// What only mail has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailOrigin>,
}

/// What an outgoing message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutgoingKind {
    /// We have it, it is there and there, and this happens next.
    Receipt,
    /// One consolidated question for what is missing.
    GapQuestions,
    /// A specialist's own question.
    SpecialistQuestion,
    /// The answer.
    Answer,
    /// We still wait for you.
    Reminder,
}

impl OutgoingKind {
    /// True where no person wrote it: marked `Auto-Submitted`, never sent in answer to automatic mail.
    pub fn is_automatic(self) -> bool {
        matches!(self, Self::Receipt | Self::GapQuestions | Self::Reminder)
    }
}

/// A message that went out to the contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentMessage {
    /// What for.
    pub kind: OutgoingKind,
    /// The event of this case that it answers: one message at most goes out for each.
    pub caused_by: u32,
    /// Which requests it is about.
    pub about: Vec<RequestId>,
    /// Subject.
    pub subject: Verbatim,
    /// Text, as the plain-text part has it.
    pub text: Verbatim,
    /// To whom.
    pub to: EmailAddress,
    /// Our Message-ID, without angle brackets.
    pub message_id: String,
}

/// Why a message that was due did not go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithholdReason {
    /// The message it would answer is automatic (RFC 3834).
    AutomaticMail,
    /// Mail to the address came back.
    AddressFailed,
    /// No address is known.
    NoAddress,
    /// The cap on automatic messages per contact and hour is reached.
    TooManyAutomaticMessages,
}

/// A message of a case without its text, which stands in the event that brought it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageHead {
    /// Its number in the case.
    pub number: MessageNumber,
    /// When it came or went.
    pub at: Timestamp,
    /// The event that holds it.
    pub event: u32,
    /// Which way.
    pub direction: Direction,
}

/// Which way a message went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the contact.
    Inbound {
        /// The way it came.
        channel: Channel,
        /// Set where no person wrote it.
        automatic: Option<Automatic>,
        /// True once triage has decided about it.
        classified: bool,
        /// Its Message-ID, so that what we send back stands in the same thread.
        message_id: Option<Verbatim>,
        /// True where no automatic message may answer it.
        suppress_reply: bool,
    },
    /// To the contact.
    Outbound {
        /// What for.
        kind: OutgoingKind,
        /// The event that it answers.
        caused_by: u32,
        /// Our Message-ID.
        message_id: String,
    },
}
