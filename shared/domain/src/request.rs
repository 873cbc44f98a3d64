//! A request: one topic of a case, with its desk, its state and its clock.

use crate::{DeskId, Gap, RequestId, Topic, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One topic of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Its number in the case.
    pub id: RequestId,
    /// What it is about.
    pub topic: Topic,
    /// The desk that works on it, or will once the gaps are filled.
    pub desk: DeskId,
    /// Where it stands.
    pub state: RequestState,
    /// What is missing. Empty unless it waits for the contact.
    pub gaps: Vec<Gap>,
    /// True until a specialist confirms a route that triage was not quite sure of.
    pub confirm: bool,
    /// How long the desk has, and how much of it is spent.
    pub clock: ResponseClock,
    /// True once the due time has passed unanswered.
    pub overdue: bool,
    /// How often it was opened again.
    pub reopened: u16,
    /// When it was first opened.
    pub opened_at: Timestamp,
}

/// Where a request stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum RequestState {
    /// Routed, on its way to its desk.
    Received {
        /// The specialist who asked the contact and now gets the answer; anybody at the desk where `None`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        returns_to: Option<UserId>,
    },
    /// The contact has been asked.
    WaitingForContact {
        /// Since when.
        since: Timestamp,
        /// How many reminders went out.
        reminders: u8,
        /// When the next reminder, or a person's decision, is due.
        next_step_at: Timestamp,
        /// Who gets it back: the specialist who asked, if one did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked_by: Option<UserId>,
    },
    /// At its desk.
    WithDesk {
        /// Who works on it; nobody yet where `None`.
        assignee: Option<UserId>,
    },
    /// No route is safe enough, or the contact does not answer: a person decides.
    Review {
        /// Who works on it; nobody yet where `None`.
        assignee: Option<UserId>,
    },
    /// The answer is committed and on its way to the contact.
    Answered {
        /// Since when.
        at: Timestamp,
    },
    /// Nothing more to do.
    Closed {
        /// Since when.
        at: Timestamp,
    },
}

impl RequestState {
    /// The name as it stands in worklists and errors.
    pub fn name(&self) -> StateName {
        match self {
            Self::Received { .. } => StateName::Received,
            Self::WaitingForContact { .. } => StateName::WaitingForContact,
            Self::WithDesk { assignee: None } => StateName::Unclaimed,
            Self::WithDesk { assignee: Some(_) } => StateName::Claimed,
            Self::Review { .. } => StateName::Review,
            Self::Answered { .. } => StateName::Answered,
            Self::Closed { .. } => StateName::Closed,
        }
    }

    /// Who works on it now.
    pub fn assignee(&self) -> Option<&UserId> {
        match self {
            Self::WithDesk { assignee } | Self::Review { assignee } => assignee.as_ref(),
            _ => None,
        }
    }

    /// True where a specialist can work on it.
    pub fn is_at_a_desk(&self) -> bool {
        matches!(self, Self::WithDesk { .. } | Self::Review { .. })
    }

    /// True where nothing is left to do for anybody.
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Answered { .. } | Self::Closed { .. })
    }
}

/// A request's state without its details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateName {
    /// Routed, on its way to its desk.
    Received,
    /// The contact has been asked.
    WaitingForContact,
    /// At its desk, with nobody yet.
    Unclaimed,
    /// At its desk, with a specialist.
    Claimed,
    /// A person decides.
    Review,
    /// Answered.
    Answered,
    /// Closed.
    Closed,
}

impl StateName {
    /// All states, in the order of a request's life.
    pub const ALL: [Self; 7] = [
        Self::Received,
        Self::WaitingForContact,
        Self::Unclaimed,
        Self::Claimed,
        Self::Review,
        Self::Answered,
        Self::Closed,
    ];

    /// The name as it stands in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::WaitingForContact => "waiting_for_contact",
            Self::Unclaimed => "unclaimed",
            Self::Claimed => "claimed",
            Self::Review => "review",
            Self::Answered => "answered",
            Self::Closed => "closed",
        }
    }
}

impl std::fmt::Display for StateName {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.name())
    }
}

/// A desk's clock, in business minutes. It stops while the company waits for the contact: of a target of
/// 120 minutes with 60 spent, 60 are left after the pause. The calendar is the policy's, so whoever sends
/// a command computes the times; the domain keeps them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseClock {
    /// The desk's target in business minutes; 0 before the request first arrives.
    pub target_minutes: u32,
    /// Business minutes spent before the last stop.
    pub spent_minutes: u32,
    /// Since when it runs; `None` while it is stopped.
    pub running_since: Option<Timestamp>,
    /// When the target is reached if nothing stops the clock; `None` while it is stopped.
    pub due_at: Option<Timestamp>,
}

impl ResponseClock {
    /// Business minutes left before `target_minutes` are spent.
    pub fn minutes_left(&self, target_minutes: u32) -> u32 {
        target_minutes.saturating_sub(self.spent_minutes)
    }

    pub(crate) fn start(&mut self, arrival: Arrival, at: Timestamp) {
        self.target_minutes = arrival.target_minutes;
        self.running_since = Some(at);
        self.due_at = Some(arrival.due_at);
    }

    pub(crate) fn stop(&mut self, spent_minutes: u32) {
        if self.running_since.is_some() {
            self.spent_minutes = self.spent_minutes.saturating_add(spent_minutes);
        }
        self.running_since = None;
        self.due_at = None;
    }
}

/// A desk's clock as it starts, by the policy's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// The desk's target in business minutes.
    pub target_minutes: u32,
    /// When it is reached.
    pub due_at: Timestamp,
}
