//! One transition of a case: from the version that was read to the commit that a store carries out.

use crate::{
    Actor, Case, CaseId, CaseReference, Command, Contact, ContactId, Event, EventId, Language,
    ReceivedMessage, RecordedEvent, Refused,
};
use jiff::Timestamp;

/// What opens a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Its identity.
    pub case: CaseId,
    /// Its name for people.
    pub reference: CaseReference,
    /// Who wrote, as a keyed hash.
    pub contact_id: ContactId,
    /// Who wrote.
    pub contact: Contact,
    /// The language, where the channel knows it.
    pub language: Option<Language>,
    /// The first message.
    pub message: ReceivedMessage,
}

/// A case and the events that are about to be committed with it.
#[derive(Clone, Debug)]
pub struct Change {
    expected_version: u32,
    case: Case,
    events: Vec<RecordedEvent>,
}

impl Change {
    /// Opens a case.
    pub fn open(opening: Opening, at: Timestamp, actor: Actor) -> Self {
        let Opening { case: id, reference, contact_id, contact, language, message } = opening;
        let recorded = RecordedEvent {
            id: EventId { case: id, sequence: 1 },
            at,
            actor,
            event: Event::CaseOpened { reference, contact_id, contact, language, message },
        };
        let Ok(case) = Case::opened(&recorded) else {
            unreachable!("the event is the first, and opens a case")
        };
        Self { expected_version: 0, case, events: vec![recorded] }
    }

    /// Starts from a case as it was read.
    pub fn of(case: Case) -> Self {
        Self { expected_version: case.version, case, events: Vec::new() }
    }

    /// The case as it will be.
    pub fn case(&self) -> &Case {
        &self.case
    }

    /// The events so far.
    pub fn events(&self) -> &[RecordedEvent] {
        &self.events
    }

    /// Carries out a command. On refusal nothing has changed.
    pub fn execute(&mut self, command: Command, at: Timestamp, actor: &Actor) -> Result<(), Refused> {
        for event in self.case.decide(command, at, actor)? {
            let id = EventId { case: self.case.id, sequence: self.case.version.saturating_add(1) };
            let recorded = RecordedEvent { id, at, actor: actor.clone(), event };
            if self.case.apply(&recorded).is_ok() {
                self.events.push(recorded);
            }
        }
        Ok(())
    }

    /// What the store is to commit; `None` where nothing happened.
    pub fn into_commit(self, claims: Vec<Claim>) -> Option<Commit> {
        if self.events.is_empty() && claims.is_empty() {
            return None;
        }
        Some(Commit { expected_version: self.expected_version, case: self.case, events: self.events, claims })
    }
}

/// A name that one case at most may take: an idempotency key, a Message-ID, a reference.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claim {
    /// The name, with what it is in front: `reference:7KDW4M9X`. Holds no personal data: hash what does.
    pub key: String,
    /// When it may be forgotten; never where `None`.
    pub expires_at: Option<Timestamp>,
}

impl Claim {
    /// The claim on a reference, for good.
    pub fn reference(reference: CaseReference) -> Self {
        Self { key: format!("reference:{}", reference.compact()), expires_at: None }
    }
}

/// One atomic transition: all of it, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// The version the case must have; 0 where it must not exist.
    pub expected_version: u32,
    /// The snapshot after it.
    pub case: Case,
    /// The events, in order, following the expected version.
    pub events: Vec<RecordedEvent>,
    /// The names to take with it.
    pub claims: Vec<Claim>,
}
