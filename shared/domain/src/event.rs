//! What happened to a case. The history is made of these, in order; nothing is ever taken out.

use crate::{
    Arrival, CaseReference, Channel, Contact, ContactId, Decision, DeskId, Destination, EmailAddress,
    EventId, FlagNumber, Gap, Language, MessageNumber, OutgoingKind, ReceivedMessage, RequestId, SafetyKind,
    SentMessage, Topic, UserId, Verbatim, WithholdReason,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Who caused an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The contact.
    Contact,
    /// A function of Lotse, by its folder's name: `classify`, `deadlines`, …
    System(String),
    /// A person at a desk.
    User(UserId),
}

impl Actor {
    /// The function of that name.
    pub fn system(name: &str) -> Self {
        Self::System(name.to_owned())
    }
}

/// An event in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedEvent {
    /// Case and place in its history.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// Who caused it.
    pub actor: Actor,
    /// What happened.
    pub event: Event,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The first message opened the case.
    CaseOpened {
        /// The reference for people.
        reference: CaseReference,
        /// Who wrote, as a keyed hash.
        contact_id: ContactId,
        /// Who wrote.
        contact: Contact,
        /// The language the channel knew, until triage reads the text.
        language: Option<Language>,
        /// The message.
        message: ReceivedMessage,
    },
    /// A further message came.
    MessageReceived {
        /// The message.
        message: ReceivedMessage,
    },
    /// Triage decided about a message.
    Classified {
        /// Which message.
        message: MessageNumber,
        /// What triage found.
        decision: Decision,
        /// What follows for the requests.
        requests: Vec<RequestOutcome>,
        /// What follows for safety.
        flags: Vec<FlagRaised>,
    },
    /// The request is at its desk and its clock runs.
    ArrivedAtDesk {
        /// Which request.
        request: RequestId,
        /// The clock.
        arrival: Arrival,
    },
    /// A specialist took it.
    Claimed {
        /// Which request.
        request: RequestId,
        /// Who.
        by: UserId,
    },
    /// A specialist gave it back.
    Released {
        /// Which request.
        request: RequestId,
    },
    /// A specialist confirmed the route.
    RouteConfirmed {
        /// Which request.
        request: RequestId,
    },
    /// A specialist wrote the answer.
    Answered {
        /// Which request.
        request: RequestId,
        /// The answer.
        text: Verbatim,
        /// Business minutes since the clock last started.
        spent_minutes: u32,
    },
    /// A specialist asked the contact.
    ContactAsked {
        /// Which request.
        request: RequestId,
        /// The question.
        text: Verbatim,
        /// Business minutes since the clock last started.
        spent_minutes: u32,
        /// When to remind.
        next_step_at: Timestamp,
    },
    /// A specialist moved it: a correction of triage, kept as such.
    Moved {
        /// Which request.
        request: RequestId,
        /// What it is about after all.
        topic: Topic,
        /// The new desk.
        desk: DeskId,
        /// The new desk's kind.
        to: Destination,
        /// Why.
        reason: Verbatim,
        /// Business minutes since the clock last started.
        spent_minutes: u32,
        /// The clock of a review desk, which starts at once; elsewhere the desk's own function starts it.
        arrival: Option<Arrival>,
    },
    /// Nothing more to do.
    Closed {
        /// Which request.
        request: RequestId,
        /// Why.
        reason: Verbatim,
        /// Business minutes since the clock last started.
        spent_minutes: u32,
    },
    /// Done, and now open again.
    Reopened {
        /// Which request.
        request: RequestId,
        /// Where it goes.
        to: Destination,
        /// Why.
        reason: Verbatim,
        /// The clock of a review desk.
        arrival: Option<Arrival>,
    },
    /// A message went out.
    MessageSent {
        /// The message.
        message: SentMessage,
    },
    /// A message that was due did not go out.
    MessageWithheld {
        /// What it would have been.
        kind: OutgoingKind,
        /// The event it would have answered.
        caused_by: u32,
        /// Why not.
        reason: WithholdReason,
    },
    /// Mail to the contact came back for good: nothing more goes there, and a person sees the case.
    AddressFailed {
        /// The status code of the refusal (RFC 3463), or what the server said in its place.
        diagnosis: String,
        /// The requests that waited for the contact, and now for a person.
        requests: Vec<RequestId>,
        /// Their clock.
        arrival: Arrival,
    },
    /// The contact has not answered: a reminder is due.
    ReminderDue {
        /// Which requests.
        requests: Vec<RequestId>,
        /// When the next step is due.
        next_step_at: Timestamp,
    },
    /// The contact has not answered the reminders either: a person decides.
    GivenToPerson {
        /// Which requests.
        requests: Vec<RequestId>,
        /// Their clock.
        arrival: Arrival,
    },
    /// The due time has passed.
    BecameOverdue {
        /// Which requests.
        requests: Vec<RequestId>,
        /// Which safety flags.
        flags: Vec<FlagNumber>,
    },
    /// Pharmacovigilance or quality has been told.
    SafetyHandedOver {
        /// Which flags.
        flags: Vec<FlagNumber>,
        /// The department's address.
        to: EmailAddress,
        /// The Message-ID of the hand-over.
        message_id: String,
    },
    /// The department has it under its own number.
    SafetyAcknowledged {
        /// Which flag.
        flag: FlagNumber,
        /// The department's number.
        number: String,
    },
    /// A person saw that it is none.
    SafetyDismissed {
        /// Which flag.
        flag: FlagNumber,
        /// Why.
        reason: Verbatim,
    },
}

/// What a classified message means for one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestOutcome {
    /// Which request.
    pub request: RequestId,
    /// What it is about.
    pub topic: Topic,
    /// Its desk.
    pub desk: DeskId,
    /// Where it goes now.
    pub to: Destination,
    /// What is missing, wherever it goes: a person may do without.
    pub gaps: Vec<Gap>,
    /// Whether the desk should confirm the route.
    pub confirm: bool,
    /// What happens to it.
    pub effect: Effect,
    /// When to remind, where it waits for the contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_step_at: Option<Timestamp>,
    /// The clock of a review desk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrival: Option<Arrival>,
}

/// What a message does to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// It is new.
    Opened,
    /// It waited, and now goes on.
    Rerouted,
    /// It waits on: something is still missing, and asked for once more.
    StillWaiting,
    /// It waited, and what came tells nothing of what was asked: a person reads it.
    GivenToPerson,
    /// It was done, and is open again.
    Reopened,
    /// It stays where it is; the desk sees the message.
    FollowUp,
}

/// A safety flag as triage raised it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagRaised {
    /// Its number.
    pub number: FlagNumber,
    /// The kind.
    pub kind: SafetyKind,
    /// The desk.
    pub desk: DeskId,
    /// When the hand-over is due.
    pub due_at: Timestamp,
}

impl Event {
    /// The event's name, as in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::CaseOpened { .. } => "case_opened",
            Self::MessageReceived { .. } => "message_received",
            Self::Classified { .. } => "classified",
            Self::ArrivedAtDesk { .. } => "arrived_at_desk",
            Self::Claimed { .. } => "claimed",
            Self::Released { .. } => "released",
            Self::RouteConfirmed { .. } => "route_confirmed",
            Self::Answered { .. } => "answered",
            Self::ContactAsked { .. } => "contact_asked",
            Self::Moved { .. } => "moved",
            Self::Closed { .. } => "closed",
            Self::Reopened { .. } => "reopened",
            Self::MessageSent { .. } => "message_sent",
            Self::MessageWithheld { .. } => "message_withheld",
            Self::AddressFailed { .. } => "address_failed",
            Self::ReminderDue { .. } => "reminder_due",
            Self::GivenToPerson { .. } => "given_to_person",
            Self::BecameOverdue { .. } => "became_overdue",
            Self::SafetyHandedOver { .. } => "safety_handed_over",
            Self::SafetyAcknowledged { .. } => "safety_acknowledged",
            Self::SafetyDismissed { .. } => "safety_dismissed",
        }
    }

    /// The message that came in with this event.
    pub fn received_message(&self) -> Option<&ReceivedMessage> {
        match self {
            Self::CaseOpened { message, .. } | Self::MessageReceived { message } => Some(message),
            _ => None,
        }
    }

    /// The way the message of this event came.
    pub fn channel(&self) -> Option<Channel> {
        self.received_message().map(|message| message.channel)
    }
}
