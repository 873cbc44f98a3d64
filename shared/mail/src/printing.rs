//! A message as `lotse mail` prints it: one JSON object, for scripts and for looking at what was read.

use crate::{IncomingMail, Mailbox, PartKind};
use jiff::Timestamp;
use lotse_domain::Automatic;
use serde::Serialize;
use std::fmt;

/// What was read from one message. Holds everything that the message holds: for the operator's eyes only.
#[derive(Clone, PartialEq, Serialize)]
pub struct PrintedMail {
    /// The file, as named on the command line.
    pub file: String,
    /// Message-ID, without angle brackets.
    pub message_id: Option<String>,
    /// Message-ID that it answers; the first, where it names several. All of them stand in the thread too.
    pub in_reply_to: Option<String>,
    /// Message-IDs of the thread.
    pub references: Vec<String>,
    /// The sender's address.
    pub from: Option<String>,
    /// Addresses of the recipients.
    pub to: Vec<String>,
    /// Addresses of those in copy.
    pub cc: Vec<String>,
    /// Where answers are wanted, if not at `from`.
    pub reply_to: Option<String>,
    /// Subject.
    pub subject: Option<String>,
    /// When it was written.
    pub date: Option<Timestamp>,
    /// Set where no person wrote it.
    pub automatic: Option<Automatic>,
    /// The text, whole.
    pub text: String,
    /// What was newly written.
    pub new_text: String,
    /// Earlier messages.
    pub quoted: String,
    /// Closing, signature and legal notices.
    pub signature: String,
    /// The files that came with it.
    pub attachments: Vec<PrintedAttachment>,
}

/// A file that came with a message.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct PrintedAttachment {
    /// Name, as given.
    pub name: String,
    /// Media type, as declared.
    #[serde(rename = "type")]
    pub content_type: String,
    /// Size in bytes, decoded.
    pub size: u64,
    /// Hexadecimal SHA-256 of the decoded content.
    pub sha256: String,
}

impl fmt::Debug for PrintedMail {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("[printed mail]")
    }
}

impl fmt::Debug for PrintedAttachment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("[printed attachment]")
    }
}

impl PrintedMail {
    /// What to print of a message that was read from `file`.
    pub fn new(file: &str, mail: &IncomingMail) -> Self {
        let addresses =
            |mailboxes: &[Mailbox]| mailboxes.iter().map(|mailbox| mailbox.address.clone()).collect();
        let text_of = |kinds: &[PartKind]| mail.separated.text_of(kinds, &mail.text);
        Self {
            file: file.to_owned(),
            message_id: mail.message_id.clone(),
            in_reply_to: mail.in_reply_to.first().cloned(),
            references: mail.references.clone(),
            from: mail.from.as_ref().map(|from| from.address.clone()),
            to: addresses(&mail.to),
            cc: addresses(&mail.cc),
            reply_to: mail.reply_to.first().map(|mailbox| mailbox.address.clone()),
            subject: mail.subject.clone(),
            date: mail.date,
            automatic: mail.automatic,
            text: mail.text.clone(),
            new_text: text_of(&[PartKind::New]),
            quoted: text_of(&[PartKind::Quoted]),
            signature: text_of(&[PartKind::Signature, PartKind::Disclaimer]),
            attachments: mail
                .attachments
                .iter()
                .map(|attachment| PrintedAttachment {
                    name: attachment.name.as_str().to_owned(),
                    content_type: attachment.content_type.clone(),
                    size: attachment.size,
                    sha256: attachment.sha256.clone(),
                })
                .collect(),
        }
    }
}
