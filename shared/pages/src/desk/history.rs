//! The history of a case in words: every event, who caused it, when.

use crate::{MessageKind, PageLanguage, words::Words};
use jiff::Timestamp;
use lotse_domain::{Channel, MessageNumber, RequestId, SafetyKind, Topic};

/// Who caused an event.
#[derive(Clone)]
pub enum Actor {
    /// Lotse itself.
    System,
    /// The contact.
    Contact,
    /// A person at a desk, by name.
    Person(String),
}

/// What happened.
#[derive(Clone)]
pub enum Occurrence {
    /// A message came in.
    MessageReceived {
        /// Its number.
        message: MessageNumber,
        /// The way it came.
        channel: Channel,
    },
    /// A message went out.
    MessageSent {
        /// Its number.
        message: MessageNumber,
        /// What it was.
        kind: MessageKind,
    },
    /// A message could not be brought to the contact.
    MessageNotDelivered {
        /// Its number.
        message: MessageNumber,
    },
    /// Triage has read a message.
    Classified {
        /// The message.
        message: MessageNumber,
        /// The version of the policy.
        policy: String,
    },
    /// A request was opened.
    Opened {
        /// The request.
        request: RequestId,
        /// What it is about.
        topic: Topic,
    },
    /// A request came to a desk.
    Assigned {
        /// The request.
        request: RequestId,
        /// The desk's name.
        desk: String,
    },
    /// A request waits for a person to route it.
    SentToReview {
        /// The request.
        request: RequestId,
    },
    /// A request waits for the contact.
    WaitsForContact {
        /// The request.
        request: RequestId,
    },
    /// What was missing has come.
    GapsFilled {
        /// The request.
        request: RequestId,
    },
    /// Somebody took a request on.
    Claimed {
        /// The request.
        request: RequestId,
    },
    /// Somebody gave a request back.
    Released {
        /// The request.
        request: RequestId,
    },
    /// Somebody confirmed the route.
    RouteConfirmed {
        /// The request.
        request: RequestId,
    },
    /// Somebody moved a request.
    Moved {
        /// The request.
        request: RequestId,
        /// Where to, in words: the desk's name or the topic.
        to: String,
        /// Why.
        reason: String,
    },
    /// A request was answered.
    Answered {
        /// The request.
        request: RequestId,
    },
    /// A request was closed.
    Closed {
        /// The request.
        request: RequestId,
        /// Why; empty where nobody gave a reason.
        reason: String,
    },
    /// A request was opened again.
    Reopened {
        /// The request.
        request: RequestId,
    },
    /// A request is past its due time.
    Overdue {
        /// The request.
        request: RequestId,
    },
    /// Safety-relevant information was seen.
    Flagged {
        /// The kind.
        kind: SafetyKind,
    },
    /// It was handed over to pharmacovigilance or quality.
    HandedOver {
        /// The kind.
        kind: SafetyKind,
    },
    /// Pharmacovigilance or quality has taken it on.
    Acknowledged {
        /// The kind.
        kind: SafetyKind,
        /// Their number.
        number: String,
    },
    /// Somebody dismissed it.
    Dismissed {
        /// The kind.
        kind: SafetyKind,
        /// Why.
        reason: String,
    },
}

/// An event in the history.
#[derive(Clone)]
pub struct HistoryEntry {
    /// Its number in the history, from 1.
    pub sequence: u32,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: Actor,
    /// What.
    pub what: Occurrence,
}

impl Actor {
    pub(crate) fn words(&self, language: PageLanguage) -> &str {
        match self {
            Self::System => "Lotse",
            Self::Contact => language.choose(("Kontakt", "Contact")),
            Self::Person(name) => name,
        }
    }
}

impl Occurrence {
    /// What happened, in a sentence.
    pub(crate) fn words(&self, language: PageLanguage) -> String {
        let pair = match self {
            Self::MessageReceived { message, channel } => {
                let (german, english) = channel.pair();
                (
                    format!("Nachricht {message} eingegangen ({german})."),
                    format!("Message {message} received ({english})."),
                )
            }
            Self::MessageSent { message, kind } => {
                let (german, english) = kind.pair();
                (
                    format!("Nachricht {message} gesendet ({german})."),
                    format!("Message {message} sent ({english})."),
                )
            }
            Self::MessageNotDelivered { message } => (
                format!("Nachricht {message} konnte nicht zugestellt werden."),
                format!("Message {message} could not be delivered."),
            ),
            Self::Classified { message, policy } => (
                format!("Nachricht {message} eingeordnet (Regelwerk {policy})."),
                format!("Message {message} classified (policy {policy})."),
            ),
            Self::Opened { request, topic } => {
                let (german, english) = topic.pair();
                (
                    format!("Anfrage {request} angelegt: {german}."),
                    format!("Request {request} opened: {english}."),
                )
            }
            Self::Assigned { request, desk } => (
                format!("Anfrage {request} liegt bei: {desk}."),
                format!("Request {request} is with: {desk}."),
            ),
            Self::SentToReview { request } => (
                format!("Anfrage {request} wartet auf Prüfung durch eine Person."),
                format!("Request {request} waits for review by a person."),
            ),
            Self::WaitsForContact { request } => (
                format!("Anfrage {request} wartet auf Angaben des Kontakts."),
                format!("Request {request} waits for details from the contact."),
            ),
            Self::GapsFilled { request } => (
                format!("Anfrage {request}: Die fehlenden Angaben sind da."),
                format!("Request {request}: the missing details have come."),
            ),
            Self::Claimed { request } => {
                (format!("Anfrage {request} übernommen."), format!("Request {request} claimed."))
            }
            Self::Released { request } => {
                (format!("Anfrage {request} zurückgegeben."), format!("Request {request} released."))
            }
            Self::RouteConfirmed { request } => (
                format!("Anfrage {request}: Zuordnung bestätigt."),
                format!("Request {request}: route confirmed."),
            ),
            Self::Moved { request, to, reason } => (
                format!("Anfrage {request} weitergegeben an: {to}. Grund: {reason}"),
                format!("Request {request} moved to: {to}. Reason: {reason}"),
            ),
            Self::Answered { request } => {
                (format!("Anfrage {request} beantwortet."), format!("Request {request} answered."))
            }
            Self::Closed { request, reason } if reason.is_empty() => {
                (format!("Anfrage {request} abgeschlossen."), format!("Request {request} closed."))
            }
            Self::Closed { request, reason } => (
                format!("Anfrage {request} abgeschlossen. Grund: {reason}"),
                format!("Request {request} closed. Reason: {reason}"),
            ),
            Self::Reopened { request } => {
                (format!("Anfrage {request} wieder geöffnet."), format!("Request {request} reopened."))
            }
            Self::Overdue { request } => {
                (format!("Anfrage {request} ist überfällig."), format!("Request {request} is overdue."))
            }
            Self::Flagged { kind } => {
                let (german, english) = kind.pair();
                (format!("Sicherheitshinweis: {german}."), format!("Safety flag: {english}."))
            }
            Self::HandedOver { kind } => {
                let (german, english) = kind.pair();
                (
                    format!("Sicherheitshinweis übergeben: {german}."),
                    format!("Safety flag handed over: {english}."),
                )
            }
            Self::Acknowledged { kind, number } => {
                let (german, english) = kind.pair();
                (
                    format!("Sicherheitshinweis übernommen: {german}, Nummer {number}."),
                    format!("Safety flag acknowledged: {english}, number {number}."),
                )
            }
            Self::Dismissed { kind, reason } => {
                let (german, english) = kind.pair();
                (
                    format!("Sicherheitshinweis verworfen: {german}. Grund: {reason}"),
                    format!("Safety flag dismissed: {english}. Reason: {reason}"),
                )
            }
        };
        language.choose(pair)
    }
}
