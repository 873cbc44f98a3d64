//! Reading what SES publishes about a mail, however it comes: as it is, in an SNS notification, or in an event of
//! `EventBridge`.
//!
//! The forms are those of "Contents of event data that Amazon SES publishes" in the SES developer guide. Of
//! all that they hold, only what kind of thing happened, its status code and what leads to our mail is read.

use lotse_domain::Failure;
use lotse_mail::plus_tag;
use serde::Deserialize;
use serde_json::Value;
use std::{collections::BTreeMap, fmt};

/// What SES says of one mail.
pub(crate) struct Report {
    /// What it means.
    pub(crate) meaning: Meaning,
    /// Message-IDs that may be ours, as written.
    pub(crate) message_ids: Vec<String>,
    /// What stands behind the `+` of addresses that answers and bounces go to.
    pub(crate) reply_tokens: Vec<String>,
}

/// What happened to the mail.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// It will not arrive, or its recipient wants no more.
    Failed {
        /// Status code (RFC 3463), or SES's words for it.
        diagnosis: String,
    },
    /// It was given up, which says nothing about the address: a full mailbox, or an automatic reply.
    CameBack {
        /// Likewise.
        diagnosis: String,
    },
    /// It has not arrived yet; nothing follows from that.
    Delayed {
        /// Likewise.
        diagnosis: String,
    },
    /// It went its way.
    NothingToDo,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SesEvent {
    #[serde(alias = "notificationType")]
    event_type: String,
    mail: Mail,
    bounce: Option<Bounce>,
    complaint: Option<Complaint>,
    delivery_delay: Option<DeliveryDelay>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mail {
    source: Option<String>,
    #[serde(default)]
    headers: Vec<Header>,
    common_headers: Option<CommonHeaders>,
    #[serde(default)]
    tags: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Header {
    name: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommonHeaders {
    message_id: Option<String>,
}

#[derive(Deserialize)]
struct Bounce {
    #[serde(rename = "bounceType")]
    kind: String,
    #[serde(rename = "bounceSubType")]
    sub_kind: Option<String>,
    #[serde(default, rename = "bouncedRecipients")]
    recipients: Vec<Recipient>,
}

#[derive(Deserialize)]
struct Recipient {
    status: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Complaint {
    complaint_feedback_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeliveryDelay {
    delay_type: Option<String>,
    #[serde(default)]
    delayed_recipients: Vec<Recipient>,
}

impl Report {
    /// Reads the body of a queue message.
    ///
    /// # Errors
    /// One to park: what is no report of a known kind now never becomes one.
    pub(crate) fn read(body: &str) -> Result<Self, Failure> {
        let event: SesEvent = serde_json::from_value(unwrapped(body)?).map_err(|error| not_ours(&error))?;
        Ok(Self {
            meaning: event.meaning()?,
            message_ids: event.mail.message_ids(),
            reply_tokens: event.mail.reply_tokens(),
        })
    }
}

/// What SES published, without what carried it here.
fn unwrapped(body: &str) -> Result<Value, Failure> {
    let carried: Value = serde_json::from_str(body).map_err(|error| not_ours(&error))?;
    if carried.get("Type").and_then(Value::as_str) == Some("Notification") {
        let message = carried.get("Message").and_then(Value::as_str).unwrap_or_default();
        return serde_json::from_str(message).map_err(|error| not_ours(&error));
    }
    match carried {
        Value::Object(mut event) if event.contains_key("detail-type") => {
            Ok(event.remove("detail").unwrap_or_default())
        }
        other => Ok(other),
    }
}

/// The error's own words may repeat an address.
fn not_ours(error: &serde_json::Error) -> Failure {
    Failure::park(format!(
        "the message is no event that SES publishes ({:?} error in line {}, column {})",
        error.classify(),
        error.line(),
        error.column()
    ))
}

impl SesEvent {
    fn meaning(&self) -> Result<Meaning, Failure> {
        let incomplete =
            || Failure::park(format!("the {} event of SES lacks its details", words([&self.event_type])));
        match self.event_type.as_str() {
            "Bounce" => self.bounce.as_ref().map(Bounce::meaning).ok_or_else(incomplete),
            "Complaint" => self.complaint.as_ref().map(Complaint::meaning).ok_or_else(incomplete),
            "DeliveryDelay" => {
                self.delivery_delay.as_ref().map(DeliveryDelay::meaning).ok_or_else(incomplete)
            }
            // SES found something dangerous in it, and did not send it.
            "Reject" => Ok(Meaning::Failed { diagnosis: "rejected by SES".to_owned() }),
            "Send" | "Delivery" | "Open" | "Click" => Ok(Meaning::NothingToDo),
            other => Err(Failure::park(format!(
                "{} is no event of SES that is known here: publish Bounce, Complaint, DeliveryDelay and Reject",
                words([other])
            ))),
        }
    }
}

impl Bounce {
    /// Only a permanent bounce says something about the address: SES calls automatic replies and full
    /// mailboxes transient, and what it could not make out undetermined.
    fn meaning(&self) -> Meaning {
        let kind = words([Some(self.kind.as_str()), self.sub_kind.as_deref()].into_iter().flatten());
        let diagnosis = status(&self.recipients).unwrap_or(kind);
        if self.kind == "Permanent" { Meaning::Failed { diagnosis } } else { Meaning::CameBack { diagnosis } }
    }
}

impl Complaint {
    fn meaning(&self) -> Meaning {
        match self.complaint_feedback_type.as_deref() {
            // Somebody took it out of the junk mail.
            Some("not-spam") => Meaning::NothingToDo,
            kind => Meaning::Failed { diagnosis: words(std::iter::once("complaint").chain(kind)) },
        }
    }
}

impl DeliveryDelay {
    fn meaning(&self) -> Meaning {
        let kind = self.delay_type.as_deref().unwrap_or("delayed");
        Meaning::Delayed { diagnosis: status(&self.delayed_recipients).unwrap_or_else(|| words([kind])) }
    }
}

/// The first status code of RFC 3463 (`5.1.1`).
fn status(recipients: &[Recipient]) -> Option<String> {
    let is_code = |status: &&str| {
        let parts: Vec<&str> = status.split('.').collect();
        let is_number =
            |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        parts.len() == 3 && parts.iter().all(is_number)
    };
    recipients.iter().filter_map(|recipient| recipient.status.as_deref()).find(is_code).map(str::to_owned)
}

/// SES's names for things, as far as they are names: whatever else stands there is not repeated.
fn words<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> String {
    let known =
        |name: &str| name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    let names = names.into_iter().map(|name| {
        let name = name.as_ref();
        if known(name) { name.to_owned() } else { "(no name)".to_owned() }
    });
    names.collect::<Vec<_>>().join(", ")
}

impl Mail {
    /// SES gives a mail a Message-ID of its own on the way out. Ours stands among the headers as we wrote
    /// them, again in `References`, and perhaps in a tag.
    fn message_ids(&self) -> Vec<String> {
        let in_header = self.header("Message-ID").map(str::to_owned);
        let in_common = self.common_headers.as_ref().and_then(|headers| headers.message_id.clone());
        let in_references = self.header("References").flat_map(|ids| ids.split_ascii_whitespace().rev());
        let in_tags = self.tags.values().flatten().cloned();
        in_header.chain(in_common).chain(in_references.map(str::to_owned)).chain(in_tags).collect()
    }

    fn reply_tokens(&self) -> Vec<String> {
        let addresses = self.header("Reply-To").chain(self.source.as_deref());
        addresses.filter_map(plus_tag).map(str::to_owned).collect()
    }

    fn header(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = self.headers.iter().filter(move |header| header.name.eq_ignore_ascii_case(name));
        named.map(|header| header.value.as_str())
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match &self.meaning {
            Meaning::Failed { diagnosis }
            | Meaning::CameBack { diagnosis }
            | Meaning::Delayed { diagnosis } => diagnosis,
            Meaning::NothingToDo => "nothing to do",
        };
        write!(out, "[report: {what}]")
    }
}

#[cfg(test)]
mod tests;
