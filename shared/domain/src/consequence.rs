//! What follows from an event outside its case: who must act on it.

use crate::{Destination, Effect, Event, OutgoingKind, RequestId, RequestOutcome};

impl Event {
    /// The message to the contact that this event asks for; one at most for each event.
    ///
    /// Where a message says nothing but more about a request that is being worked on, the desk sees it and
    /// the contact hears nothing new. Automatic mail asks for a receipt too: that none goes out is a
    /// decision of its own, and recorded as such.
    pub fn due_message(&self) -> Option<OutgoingKind> {
        match self {
            Self::Classified { decision, requests, flags, .. } => {
                let waits = requests.iter().any(|outcome| outcome.to == Destination::Contact);
                let moves = requests.iter().any(|outcome| outcome.effect != Effect::FollowUp);
                if waits && decision.automatic.is_none() {
                    Some(OutgoingKind::GapQuestions)
                } else if moves || !flags.is_empty() || decision.automatic.is_some() {
                    Some(OutgoingKind::Receipt)
                } else {
                    None
                }
            }
            Self::Answered { .. } => Some(OutgoingKind::Answer),
            Self::ContactAsked { .. } => Some(OutgoingKind::SpecialistQuestion),
            Self::ReminderDue { .. } => Some(OutgoingKind::Reminder),
            _ => None,
        }
    }

    /// The requests that this event sends on their way to a desk of that kind.
    pub fn requests_sent_to(&self, destination: Destination) -> Vec<RequestId> {
        let is_sent =
            |outcome: &&RequestOutcome| outcome.to == destination && outcome.effect != Effect::FollowUp;
        match self {
            Self::Classified { requests, .. } => {
                requests.iter().filter(is_sent).map(|outcome| outcome.request).collect()
            }
            Self::Moved { request, to, .. } | Self::Reopened { request, to, .. } if *to == destination => {
                vec![*request]
            }
            _ => Vec::new(),
        }
    }
}
