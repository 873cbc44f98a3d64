//! The case process of an inquiry desk: what happens, what may happen next, and what adapters must provide.
//!
//! A case is a sequence of events. [`Case::decide`] says which events a command causes, [`Case::apply`]
//! changes the snapshot by one event; both are pure. Nothing here knows a database, a queue, a clock or
//! a network: those are [`ports`], and the crates that adapt them depend on this one, never the reverse.

mod contact;
mod decision;
mod id;
mod inquiry;

pub use contact::{Contact, EmailAddress, InvalidEmailAddress, Verbatim};
pub use decision::{
    Automatic, Check, Confidence, Decision, Destination, Element, Evidence, Field, Gap, GapReason,
    IdentifierFinding, IdentifierKind, ProductFinding, Route, SafetyFinding, SafetyKind, Topic, TopicFinding,
};
pub use id::{
    CaseId, ContactId, DeskId, EventId, FlagNumber, InvalidId, MessageNumber, ProductId, RequestId, UserId,
};
pub use inquiry::{Channel, FormField, Inquiry, Language};
