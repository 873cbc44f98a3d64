//! Safety flags: information that goes to pharmacovigilance or quality at once, beside any route.

use crate::{DeskId, FlagNumber, MessageNumber, SafetyKind, UserId, Verbatim};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One safety-relevant finding in one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SafetyFlag {
    /// Its number in the case.
    pub number: FlagNumber,
    /// The kind.
    pub kind: SafetyKind,
    /// The message it stands in.
    pub message: MessageNumber,
    /// The desk it is handed to.
    pub desk: DeskId,
    /// Day zero: when anybody at the company first held the information. The authority's deadlines
    /// (AMG §63c: 15 days serious, 90 days non-serious) count calendar days from here.
    pub day_zero: Timestamp,
    /// When the internal hand-over is due at the latest, in calendar hours.
    pub due_at: Timestamp,
    /// Where it stands.
    pub state: FlagState,
    /// True once it was not acknowledged in time.
    pub overdue: bool,
}

/// Where a safety flag stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum FlagState {
    /// Found, not handed over yet.
    Raised,
    /// Handed over; the receiving department has not confirmed.
    HandedOver {
        /// When.
        at: Timestamp,
    },
    /// The receiving department has it under its own number: what inspectors reconcile by.
    Acknowledged {
        /// When.
        at: Timestamp,
        /// By whom.
        by: UserId,
        /// The department's own number.
        number: String,
    },
    /// A person saw that it is none, and said why.
    Dismissed {
        /// When.
        at: Timestamp,
        /// By whom.
        by: UserId,
        /// Why.
        reason: Verbatim,
    },
}

impl SafetyFlag {
    /// True until somebody acknowledges or dismisses it.
    pub fn is_open(&self) -> bool {
        matches!(self.state, FlagState::Raised | FlagState::HandedOver { .. })
    }
}
