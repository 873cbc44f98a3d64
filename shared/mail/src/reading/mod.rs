//! Reading a message: from raw bytes to what the desk needs, over the `mail-parser` crate.
//!
//! - `limits` refuses what would cost unbounded memory or time, before anything is parsed,
//! - `charset` repairs text whose declared character set is missing or wrong,
//! - `html` turns an HTML part into readable text,
//! - `body` chooses the text and lists the attachments.
//!
//! Every input is hostile: nothing here panics, recurses with the input or works more than linearly.

mod body;
mod charset;
mod html;
mod limits;

pub use body::MAX_TEXT_BYTES;
pub use html::html_to_text;
pub use limits::{MAX_HEADERS, MAX_MESSAGE_BYTES, MAX_MULTIPARTS, MAX_PARTS, MAX_RECIPIENTS, Unreadable};

use crate::{
    automatic::{self, DeliveryReport, Evidence, Signal},
    separate::{Context, Separated, separate_in},
    threading::purpose,
};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use lotse_domain::{Attachment, Automatic, EmailAddress};
use mail_parser::{Address, HeaderName, HeaderValue, Message, MessageParser};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt;

/// A name with an address, as a header shows it. The address need not be one that can be written to.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Mailbox {
    /// The name, decoded.
    pub name: Option<String>,
    /// The address, as written.
    pub address: String,
}

impl Mailbox {
    /// The address, where it can be written to.
    pub fn email(&self) -> Option<EmailAddress> {
        self.address.parse().ok()
    }
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("[mailbox]")
    }
}

/// A message as it was read. What a header did not give is empty.
#[derive(Clone, PartialEq, Serialize)]
pub struct IncomingMail {
    /// Message-ID without angle brackets. Some programs use one twice: see `content_hash`.
    pub message_id: Option<String>,
    /// Message-IDs that this one answers, without angle brackets.
    pub in_reply_to: Vec<String>,
    /// The thread's earlier Message-IDs, oldest first.
    pub references: Vec<String>,
    /// Who wrote: the first mailbox of `From`.
    pub from: Option<Mailbox>,
    /// Where answers are wanted, if not at `from`.
    pub reply_to: Vec<Mailbox>,
    /// To whom.
    pub to: Vec<Mailbox>,
    /// To whom in copy.
    pub cc: Vec<Mailbox>,
    /// Addresses to which servers say they delivered (`Delivered-To`, `X-Original-To`, `Envelope-To`):
    /// the envelope's recipient where the channel does not know it.
    pub delivered_to: Vec<String>,
    /// Subject, decoded.
    pub subject: Option<String>,
    /// When the sender's program says it was written.
    pub date: Option<Timestamp>,
    /// The text: the text part, otherwise the HTML part as text. Lines end with LF.
    pub text: String,
    /// True where the text was longer than [`MAX_TEXT_BYTES`] and was cut.
    pub truncated: bool,
    /// The text in its parts. The subject has told an answer to us from a forwarded inquiry.
    pub separated: Separated,
    /// The files that came with it; attached messages too.
    pub attachments: Vec<Attachment>,
    /// Set where no person wrote it.
    pub automatic: Option<Automatic>,
    /// True where nothing automatic may go back (RFC 3834 section 2), whoever wrote it: a relayed web form
    /// is an inquiry and still asks for silence.
    pub suppress_reply: bool,
    /// What spoke for `automatic` and `suppress_reply`.
    pub signals: Vec<Signal>,
    /// What a delivery report says; set for bounces and for notices of delay.
    pub delivery_report: Option<DeliveryReport>,
    /// Values of `X-Loop`: the marks of programs that have seen this message.
    pub loop_marks: Vec<String>,
    /// Hexadecimal SHA-256 over sender, date, subject, text and attachments: equal for one message that
    /// came by two ways, since nothing that servers add is part of it.
    pub content_hash: String,
}

impl IncomingMail {
    /// Where an answer goes: `Reply-To`, otherwise `From`.
    pub fn answer_to(&self) -> Option<&Mailbox> {
        self.reply_to.first().or(self.from.as_ref())
    }
}

impl fmt::Debug for IncomingMail {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("IncomingMail")
            .field("text_bytes", &self.text.len())
            .field("attachments", &self.attachments.len())
            .field("automatic", &self.automatic)
            .field("signals", &self.signals)
            .finish_non_exhaustive()
    }
}

/// Reads a message. Refuses only what is empty, beyond the limits, or no message at all: whatever else is
/// broken is read as far as it goes.
pub fn read(raw: &[u8]) -> Result<IncomingMail, Unreadable> {
    let found = limits::check(raw)?;
    let mut raw = charset::repair_headers(raw);
    if found.attached_messages > 0 {
        raw = limits::disarm_encoded_messages(raw);
    }
    let message = parse(&raw)?;
    let recipients = [HeaderName::To, HeaderName::Cc, HeaderName::Bcc];
    let count = recipients.into_iter().map(|name| mailboxes(&message, &name).count()).sum();
    if count > MAX_RECIPIENTS {
        return Err(Unreadable::TooManyRecipients { found: count, limit: MAX_RECIPIENTS });
    }
    Ok(describe(&message))
}

/// Parses with the library. It promises not to panic; a defect in it must still not take other mail down.
fn parse(raw: &[u8]) -> Result<Message<'_>, Unreadable> {
    std::panic::catch_unwind(|| MessageParser::default().parse(raw))
        .map_err(|_| Unreadable::Defect)?
        .filter(has_a_field_of_mail)
        .ok_or(Unreadable::NoHeaders)
}

/// True where at least one header field is one that mail has. The beginning of any text whose first line has a
/// colon looks like a header, too.
fn has_a_field_of_mail(message: &Message<'_>) -> bool {
    !message.parts.is_empty()
        && message.headers().iter().any(|header| !matches!(header.name, HeaderName::Other(_)))
}

fn describe(message: &Message<'_>) -> IncomingMail {
    let body = body::read(message);
    let from = mailboxes(message, &HeaderName::From).next();
    let subject = message.subject().map(one_line);
    let separated = {
        let sender_name = from.as_ref().and_then(|from| from.name.as_deref());
        let purpose = subject.as_deref().map(purpose).unwrap_or_default();
        separate_in(&body.text, Context { purpose, sender_name })
    };
    let evidence = Evidence {
        headers: Headers { message },
        sender: from.as_ref().map(|from| from.address.to_lowercase()).unwrap_or_default(),
        subject: subject.as_deref().unwrap_or_default(),
        text: &body.text,
        separated: &separated,
    };
    let recognised = automatic::recognise(&evidence);
    let mut mail = IncomingMail {
        message_id: ids(message, &HeaderName::MessageId).into_iter().next(),
        in_reply_to: ids(message, &HeaderName::InReplyTo),
        references: ids(message, &HeaderName::References),
        reply_to: mailboxes(message, &HeaderName::ReplyTo).collect(),
        to: mailboxes(message, &HeaderName::To).collect(),
        cc: mailboxes(message, &HeaderName::Cc).collect(),
        delivered_to: evidence.headers.delivered_to(),
        loop_marks: evidence.headers.all("X-Loop").map(str::to_owned).collect(),
        date: date(message),
        from,
        subject,
        text: body.text,
        truncated: body.truncated,
        separated,
        attachments: body.attachments,
        automatic: recognised.automatic,
        suppress_reply: !recognised.signals.is_empty(),
        signals: recognised.signals,
        delivery_report: recognised.delivery_report,
        content_hash: String::new(),
    };
    mail.content_hash = content_hash(&mail);
    mail
}

/// The headers of the message itself, as they stand in it.
pub(crate) struct Headers<'a> {
    pub(crate) message: &'a Message<'a>,
}

impl<'a> Headers<'a> {
    /// The values of one header, unfolded by nothing but their trimming.
    pub(crate) fn all(&self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let message = self.message;
        let headers = message.parts.first().map(|part| part.headers.as_slice()).unwrap_or_default();
        headers.iter().filter(move |header| header.name.as_str().eq_ignore_ascii_case(name)).filter_map(
            |header| {
                let bytes =
                    message.raw_message.get(header.offset_start as usize..header.offset_end as usize)?;
                str::from_utf8(bytes).ok().map(str::trim)
            },
        )
    }
    pub(crate) fn first(&self, name: &'a str) -> Option<&'a str> {
        self.all(name).next()
    }
    pub(crate) fn has(&self, name: &'a str) -> bool {
        self.first(name).is_some()
    }

    fn delivered_to(&self) -> Vec<String> {
        /// A loop adds one per round; the first ones name the last delivery.
        const KEPT: usize = 20;
        let names = ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To"];
        let values = names.into_iter().flat_map(|name| self.all(name));
        let addresses =
            values.flat_map(|value| value.split(',')).map(|address| address.trim().trim_matches(['<', '>']));
        let mut kept: Vec<String> = Vec::new();
        for address in addresses.filter(|address| address.contains('@')).take(KEPT) {
            if !kept.iter().any(|known| known.eq_ignore_ascii_case(address)) {
                kept.push(address.to_owned());
            }
        }
        kept
    }
}

/// All mailboxes of all headers of one name, groups resolved.
fn mailboxes<'a>(message: &'a Message<'_>, name: &HeaderName<'_>) -> impl Iterator<Item = Mailbox> + use<'a> {
    let name = name.to_owned();
    let headers = message.parts.first().map(|part| part.headers.as_slice()).unwrap_or_default();
    headers
        .iter()
        .filter(move |header| header.name == name)
        .filter_map(|header| header.value.as_address())
        .flat_map(Address::iter)
        .filter_map(|entry| {
            let address = entry.address.as_deref().map(str::trim).filter(|address| !address.is_empty())?;
            let name = entry.name.as_deref().map(one_line).filter(|name| !name.is_empty() && name != address);
            Some(Mailbox { name, address: one_line(address) })
        })
}

/// Text of a header on one line: control characters (which could start another header) become blanks.
fn one_line(text: &str) -> String {
    let cleaned: String = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    cleaned.trim().to_owned()
}

fn ids(message: &Message<'_>, name: &HeaderName<'_>) -> Vec<String> {
    /// More than any thread has; mail programs shorten the list themselves.
    const KEPT: usize = 200;
    /// RFC 5322 section 2.1.1: no line is longer than 998 characters.
    const ID_BYTES: usize = 998;
    let headers = message.parts.first().map(|part| part.headers.as_slice()).unwrap_or_default();
    let values = headers.iter().filter(|header| header.name == *name).map(|header| &header.value);
    let mut ids: Vec<String> = Vec::new();
    for value in values {
        let texts = match value {
            HeaderValue::Text(text) => std::slice::from_ref(text),
            HeaderValue::TextList(texts) => texts.as_slice(),
            _ => &[],
        };
        let fits = |id: &String| !id.is_empty() && id.len() <= ID_BYTES;
        ids.extend(texts.iter().map(|id| one_line(id)).filter(fits));
    }
    // The last ones are the nearest, the first one starts the thread.
    if ids.len() > KEPT {
        ids.drain(1..=ids.len() - KEPT);
    }
    ids
}

fn date(message: &Message<'_>) -> Option<Timestamp> {
    let date = message.date().filter(|date| date.is_valid())?;
    Timestamp::from_second(date.to_timestamp()).ok()
}

fn content_hash(mail: &IncomingMail) -> String {
    let mut hash = Sha256::new();
    let mut add = |field: &str| {
        // The length in front keeps ("a", "bc") and ("ab", "c") apart.
        hash.update((field.len() as u64).to_be_bytes());
        hash.update(field);
    };
    add(&mail.from.as_ref().map(|from| from.address.to_lowercase()).unwrap_or_default());
    add(&mail.date.map(|date| date.to_string()).unwrap_or_default());
    add(mail.subject.as_deref().unwrap_or_default());
    // White space at the ends of lines is what servers and list programs change.
    for line in mail.text.trim().lines() {
        add(line.trim_end());
    }
    for attachment in &mail.attachments {
        add(&attachment.sha256);
    }
    HEXLOWER.encode(&hash.finalize())
}
