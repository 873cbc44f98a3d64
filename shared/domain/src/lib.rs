//! The case process of an inquiry desk: what happens, what may happen next, and what adapters must provide.
//!
//! A case is a sequence of events. [`Case::decide`] says which events a command causes, [`Case::apply`]
//! changes the snapshot by one event; both are pure. Nothing here knows a database, a queue, a clock or
//! a network: those are [`ports`], and the crates that adapt them depend on this one, never the reverse.

mod case;
mod change;
mod command;
mod consequence;
mod contact;
mod decide;
mod decision;
mod delivery;
mod event;
mod id;
mod inquiry;
mod message;
mod outcomes;
pub mod ports;
mod process;
mod reference;
mod request;
mod safety;
mod worklist;

pub use case::{BrokenHistory, Case};
pub use change::{Change, Claim, Commit, Opening};
pub use command::{Command, Refused, RoutingPlan};
pub use contact::{Contact, EmailAddress, InvalidEmailAddress, Verbatim};
pub use decision::{
    Automatic, Check, Confidence, Decision, Destination, Element, Evidence, Field, Gap, GapReason,
    IdentifierFinding, IdentifierKind, ProductFinding, Route, SafetyFinding, SafetyKind, Topic, TopicFinding,
};
pub use delivery::{EventNotice, EventNoticeId, Failure, Queue, QueueMessage};
pub use event::{Actor, Effect, Event, FlagRaised, RecordedEvent, RequestOutcome};
pub use id::{
    CaseId, ContactId, DeskId, EventId, FlagNumber, InvalidId, MessageNumber, ProductId, RequestId, UserId,
};
pub use inquiry::{Channel, FormField, Inquiry, Language};
pub use message::{
    Attachment, BlobId, Direction, MailOrigin, MessageHead, OutgoingKind, ReceivedMessage, SentMessage,
    WithholdReason,
};
pub use process::{
    ProcessError, Step, advance, advance_claiming, bring_to_desk, hand_over_came_back, noticed_event,
};
pub use reference::{CaseReference, InvalidReference};
pub use request::{Arrival, Request, RequestState, ResponseClock, StateName};
pub use safety::{FlagState, SafetyFlag};
pub use worklist::{CaseSummary, Cursor, Page, WorkItem, WorkStatus, WorklistEntry, WorklistQuery};
