//! Questions to the contact that came to nothing, so that a person now has the request.

use crate::words::Words;
use lotse_domain::{Effect, Event, Gap, RecordedEvent, Request, RequestOutcome, StateName};

/// How a question came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unanswered {
    /// Nothing came back, after all reminders.
    Silence,
    /// The question does not reach the contact.
    AddressFailed,
    /// Something came back, and it gives nothing of what was asked for.
    SomethingElse,
}

impl Words for Unanswered {
    fn pair(&self) -> (&'static str, &'static str) {
        match self {
            Self::Silence => (
                "Der Kontakt hat auf die Rückfrage nicht geantwortet. Bitte entscheiden Sie, wie es weitergeht.",
                "The contact has not answered the question. Please decide how to go on.",
            ),
            Self::AddressFailed => (
                "E-Mails an den Kontakt kommen zurück. Bitte entscheiden Sie, wie er zu erreichen ist.",
                "Mail to the contact comes back. Please decide how else to reach them.",
            ),
            Self::SomethingElse => (
                "Der Kontakt hat geschrieben, aber nicht, wonach gefragt war. Bitte lesen Sie die Nachricht und entscheiden Sie, wie es weitergeht.",
                "The contact has written, but not what was asked for. Please read the message and decide how to go on.",
            ),
        }
    }
}

/// Why a person has a request that waited for the contact; `None` where it came there another way.
pub(crate) fn reason(request: &Request, history: &[RecordedEvent]) -> Option<Unanswered> {
    if request.state.name() != StateName::Review {
        return None;
    }
    // The last event that brought the request anywhere brought it here.
    history.iter().rev().find_map(|recorded| match &recorded.event {
        Event::GivenToPerson { requests, .. } => {
            requests.contains(&request.id).then_some(Some(Unanswered::Silence))
        }
        Event::AddressFailed { requests, .. } => {
            requests.contains(&request.id).then_some(Some(Unanswered::AddressFailed))
        }
        Event::Moved { request: moved, .. } | Event::Reopened { request: moved, .. } => {
            (*moved == request.id).then_some(None)
        }
        event => outcome(request, event)
            .map(|outcome| (outcome.effect == Effect::GivenToPerson).then_some(Unanswered::SomethingElse)),
    })?
}

/// What a request lacks: what the contact is asked for, or was asked for in vain.
pub(crate) fn gaps<'a>(request: &'a Request, history: &'a [RecordedEvent]) -> &'a [Gap] {
    if reason(request, history).is_none() {
        return &request.gaps;
    }
    let last = history.iter().rev().find_map(|recorded| outcome(request, &recorded.event));
    last.map_or(&[], |outcome| &outcome.gaps)
}

fn outcome<'a>(request: &Request, event: &'a Event) -> Option<&'a RequestOutcome> {
    let Event::Classified { requests, .. } = event else { return None };
    requests.iter().find(|outcome| outcome.request == request.id && outcome.effect != Effect::FollowUp)
}
