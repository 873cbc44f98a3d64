//! How a committed event reaches the functions that act on it, and how they say that they could not.

use crate::{CaseId, EventId, RecordedEvent};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{error::Error, fmt};

/// The queues, each read by the function of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Queue {
    /// Raw mail that arrived.
    IntakeMail,
    /// Messages to triage.
    Classify,
    /// Medical questions on their way to their desk.
    MedicalInformation,
    /// Shipping questions on their way to their desk.
    Logistics,
    /// What the contact is to be told or asked.
    Contact,
    /// Safety flags to hand over.
    Safety,
}

impl Queue {
    /// All queues.
    pub const ALL: [Self; 6] = [
        Self::IntakeMail,
        Self::Classify,
        Self::MedicalInformation,
        Self::Logistics,
        Self::Contact,
        Self::Safety,
    ];

    /// The name: the function's folder.
    pub fn name(self) -> &'static str {
        match self {
            Self::IntakeMail => "intake-mail",
            Self::Classify => "classify",
            Self::MedicalInformation => "medical-information",
            Self::Logistics => "logistics",
            Self::Contact => "contact",
            Self::Safety => "safety",
        }
    }

    /// The queue of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|queue| queue.name() == name)
    }
}

/// A message on its way to a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueMessage {
    /// Which queue.
    pub queue: Queue,
    /// What a queue recognises a repeated message by.
    pub key: String,
    /// JSON.
    pub body: String,
}

/// "This happened to that case", as CloudEvents 1.0 JSON. Without personal data: whoever receives it reads
/// the case from the store, and may.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EventNotice {
    /// Always `1.0`.
    pub specversion: String,
    /// The event's id: what the receiver is idempotent by.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "String", regex(pattern = "^[0-9a-hjkmnp-tv-z]{26}\\.[1-9][0-9]*$"))
    )]
    pub id: EventNoticeId,
    /// `/lotse/cases`.
    pub source: String,
    /// `lotse.request.routed.v1`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// The case.
    #[cfg_attr(feature = "schema", schemars(with = "String", regex(pattern = "^[0-9a-hjkmnp-tv-z]{26}$")))]
    pub subject: CaseId,
    /// When it happened.
    pub time: Timestamp,
}

/// An [`EventId`] as one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EventNoticeId(pub EventId);

impl TryFrom<String> for EventNoticeId {
    type Error = crate::InvalidId;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

impl From<EventNoticeId> for String {
    fn from(id: EventNoticeId) -> String {
        id.0.to_string()
    }
}

impl EventNotice {
    /// The notice of an event, under the type that a receiver knows it by.
    pub fn of(recorded: &RecordedEvent, kind: &str) -> Self {
        Self {
            specversion: "1.0".to_owned(),
            id: EventNoticeId(recorded.id),
            source: "/lotse/cases".to_owned(),
            kind: kind.to_owned(),
            subject: recorded.id.case,
            time: recorded.at,
        }
    }

    /// Reads the body of a queue message.
    ///
    /// # Errors
    /// One to park: a body that is no notice now never becomes one.
    pub fn read(body: &str) -> Result<Self, Failure> {
        serde_json::from_str(body).map_err(|error| {
            Failure::park(format!("the message is no event notice (CloudEvents 1.0): {error}"))
        })
    }
}

/// Why a function could not act on a message, and what is to be done with it.
pub enum Failure {
    /// It may go through later: deliver it again.
    Retry(Box<dyn Error + Send + Sync>),
    /// It never will: put it where a person sees it, with the reason.
    Park(Box<dyn Error + Send + Sync>),
}

impl Failure {
    /// It may go through later.
    pub fn retry(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Retry(cause.into())
    }
    /// It never will.
    pub fn park(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Park(cause.into())
    }

    /// What two steps of one delivery come to: while one of them may still go through, the delivery is tried
    /// again; what can never succeed is put before a person after that.
    pub fn of_both(first: Result<(), Self>, second: Result<(), Self>) -> Result<(), Self> {
        match (first, second) {
            (Err(Self::Park(_)), Err(Self::Retry(cause))) => Err(Self::Retry(cause)),
            (first, second) => first.and(second),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Retry(cause) => write!(out, "to be tried again: {cause}"),
            Self::Park(cause) => write!(out, "for a person to look at: {cause}"),
        }
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Retry(cause) | Self::Park(cause) => Some(cause.as_ref()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_given_up_only_where_nothing_of_it_may_go_through_later() {
        let (later, never) = (|| Err(Failure::retry("later")), || Err(Failure::park("never")));
        let is_tried_again = |outcome| matches!(outcome, Err(Failure::Retry(_)));
        assert!(is_tried_again(Failure::of_both(never(), later())));
        assert!(is_tried_again(Failure::of_both(later(), never())));
        assert!(is_tried_again(Failure::of_both(Ok(()), later())));
        assert!(matches!(Failure::of_both(never(), Ok(())), Err(Failure::Park(_))));
        assert!(Failure::of_both(Ok(()), Ok(())).is_ok());
    }
}
