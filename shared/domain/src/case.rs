//! The case: the snapshot that its history adds up to.

use crate::{
    Arrival, Automatic, CaseId, CaseReference, Channel, Contact, ContactId, Decision, Destination, Direction,
    Effect, Event, FlagNumber, FlagRaised, FlagState, IdentifierKind, Language, MessageHead, MessageNumber,
    ProductId, ReceivedMessage, RecordedEvent, Request, RequestId, RequestOutcome, RequestState,
    ResponseClock, SafetyFlag, SentMessage, Topic, UserId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One concern of one contact, over all channels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Its identity.
    pub id: CaseId,
    /// Its name for people.
    pub reference: CaseReference,
    /// How many events it has: the version that a commit is conditional on.
    pub version: u32,
    /// When the first message came.
    pub opened_at: Timestamp,
    /// When the last event happened.
    pub changed_at: Timestamp,
    /// The way the first message came.
    pub channel: Channel,
    /// The language to write to the contact in.
    pub language: Language,
    /// Who wrote, as a keyed hash.
    pub contact_id: ContactId,
    /// Who wrote.
    pub contact: Contact,
    /// True once mail to the contact came back: nothing more is sent there.
    pub address_failed: bool,
    /// Set where no person wrote the first message: recorded, and nothing follows from it.
    pub automatic: Option<Automatic>,
    /// The messages, without their text.
    pub messages: Vec<MessageHead>,
    /// The requests.
    pub requests: Vec<Request>,
    /// The safety flags.
    pub flags: Vec<SafetyFlag>,
    /// The products named so far.
    pub products: BTreeSet<ProductId>,
    /// The identifiers named so far, mistyped ones left out.
    pub identifiers: BTreeSet<(IdentifierKind, String)>,
    /// The events that a due message was withheld for, so that it is decided once.
    pub withheld: BTreeSet<u32>,
}

/// The history is not one of a case: an event is missing, or stands in the wrong place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrokenHistory {
    /// The first event must open the case, and no other may.
    #[error("event {0} opens the case where it should not, or the first does not")]
    Opening(u32),
    /// Events must be consecutive.
    #[error("event {found} follows event {version}")]
    Gap {
        /// The version before.
        version: u32,
        /// The sequence found.
        found: u32,
    },
}

impl Case {
    /// Adds a history up to the snapshot.
    pub fn replay<'a>(
        history: impl IntoIterator<Item = &'a RecordedEvent>,
    ) -> Result<Option<Self>, BrokenHistory> {
        let mut events = history.into_iter();
        let Some(first) = events.next() else { return Ok(None) };
        let mut case = Self::opened(first)?;
        for event in events {
            case.apply(event)?;
        }
        Ok(Some(case))
    }

    /// The case that its first event opens.
    pub(crate) fn opened(recorded: &RecordedEvent) -> Result<Self, BrokenHistory> {
        let Event::CaseOpened { reference, contact_id, contact, language, message } = &recorded.event else {
            return Err(BrokenHistory::Opening(recorded.id.sequence));
        };
        if recorded.id.sequence != 1 {
            return Err(BrokenHistory::Opening(recorded.id.sequence));
        }
        let mut case = Self {
            id: recorded.id.case,
            reference: *reference,
            version: 1,
            opened_at: recorded.at,
            changed_at: recorded.at,
            channel: message.channel,
            language: language.as_ref().map_or(Language::English, Language::spoken),
            contact_id: *contact_id,
            contact: contact.clone(),
            address_failed: false,
            automatic: message.automatic,
            messages: Vec::new(),
            requests: Vec::new(),
            flags: Vec::new(),
            products: BTreeSet::new(),
            identifiers: BTreeSet::new(),
            withheld: BTreeSet::new(),
        };
        case.receive(message, recorded);
        Ok(case)
    }

    /// Changes the snapshot by one event. Total: an event of a case's own history always applies.
    #[expect(clippy::too_many_lines, reason = "one short arm for each event, in one place")]
    pub fn apply(&mut self, recorded: &RecordedEvent) -> Result<(), BrokenHistory> {
        if recorded.id.sequence != self.version.saturating_add(1) {
            return Err(BrokenHistory::Gap { version: self.version, found: recorded.id.sequence });
        }
        self.version = recorded.id.sequence;
        self.changed_at = recorded.at;
        let at = recorded.at;
        let user = match &recorded.actor {
            crate::Actor::User(user) => Some(user.clone()),
            _ => None,
        };
        match &recorded.event {
            Event::CaseOpened { .. } => return Err(BrokenHistory::Opening(recorded.id.sequence)),
            Event::MessageReceived { message } => self.receive(message, recorded),
            Event::Classified { message, decision, requests, flags } => {
                self.learn(*message, decision);
                for outcome in requests {
                    self.follow(outcome, at);
                }
                for flag in flags {
                    self.raise(flag, *message);
                }
            }
            Event::ArrivedAtDesk { request, arrival } => self.with_request(*request, |request| {
                let assignee = match &mut request.state {
                    RequestState::Received { returns_to } => returns_to.take(),
                    _ => None,
                };
                request.state = RequestState::WithDesk { assignee };
                request.clock.start(*arrival, at);
            }),
            Event::Claimed { request, by } => self.assign(*request, Some(by)),
            Event::Released { request } => self.assign(*request, None),
            Event::RouteConfirmed { request } => {
                self.with_request(*request, |request| request.confirm = false);
            }
            Event::Answered { request, spent_minutes, .. } => self.with_request(*request, |request| {
                request.finish(RequestState::Answered { at }, *spent_minutes);
            }),
            Event::Closed { request, spent_minutes, .. } => self.with_request(*request, |request| {
                request.finish(RequestState::Closed { at }, *spent_minutes);
            }),
            Event::ContactAsked { request, spent_minutes, next_step_at, .. } => {
                self.with_request(*request, |request| {
                    request.clock.stop(*spent_minutes);
                    request.state = RequestState::WaitingForContact {
                        since: at,
                        reminders: 0,
                        next_step_at: *next_step_at,
                        asked_by: user.clone(),
                    };
                });
            }
            Event::Moved { request, topic, desk, to, spent_minutes, arrival, .. } => {
                self.with_request(*request, |request| {
                    request.clock.stop(*spent_minutes);
                    request.forget_asker();
                    request.topic = *topic;
                    request.desk = desk.clone();
                    request.confirm = false;
                    request.go_to(*to, *arrival, at);
                });
            }
            Event::Reopened { request, to, arrival, .. } => self.with_request(*request, |request| {
                request.reopen(*to, *arrival, at);
            }),
            Event::MessageSent { message } => self.send(message, recorded),
            Event::MessageWithheld { caused_by, .. } => {
                self.withheld.insert(*caused_by);
            }
            Event::AddressFailed { requests, arrival, .. } => {
                self.address_failed = true;
                self.give_to_person(requests, *arrival, at);
            }
            Event::GivenToPerson { requests, arrival } => self.give_to_person(requests, *arrival, at),
            Event::ReminderDue { requests, next_step_at: next } => {
                for id in requests {
                    self.with_request(*id, |request| {
                        if let RequestState::WaitingForContact { reminders, next_step_at, .. } =
                            &mut request.state
                        {
                            *reminders = reminders.saturating_add(1);
                            *next_step_at = *next;
                        }
                    });
                }
            }
            Event::BecameOverdue { requests, flags } => {
                for id in requests {
                    self.with_request(*id, |request| request.overdue = true);
                }
                for number in flags {
                    self.with_flag(*number, |flag| flag.overdue = true);
                }
            }
            Event::SafetyHandedOver { flags, .. } => {
                for number in flags {
                    self.with_flag(*number, |flag| flag.state = FlagState::HandedOver { at });
                }
            }
            Event::SafetyAcknowledged { flag, number } => {
                if let Some(by) = user {
                    let number = number.clone();
                    self.with_flag(*flag, |flag| flag.state = FlagState::Acknowledged { at, by, number });
                }
            }
            Event::SafetyDismissed { flag, reason } => {
                if let Some(by) = user {
                    let reason = reason.clone();
                    self.with_flag(*flag, |flag| flag.state = FlagState::Dismissed { at, by, reason });
                }
            }
        }
        Ok(())
    }

    /// The request of that number.
    pub fn request(&self, id: RequestId) -> Option<&Request> {
        self.requests.iter().find(|request| request.id == id)
    }

    /// The safety flag of that number.
    pub fn flag(&self, number: FlagNumber) -> Option<&SafetyFlag> {
        self.flags.iter().find(|flag| flag.number == number)
    }

    /// The number that the next message gets.
    pub fn next_message_number(&self) -> MessageNumber {
        MessageNumber(u32::try_from(self.messages.len()).unwrap_or(u32::MAX).saturating_add(1))
    }

    /// The message from the contact that this event brought.
    pub fn message_of_event(&self, sequence: u32) -> Option<&MessageHead> {
        self.messages.iter().find(|head| head.event == sequence)
    }

    /// The contact's last message that a person wrote.
    pub fn last_inbound(&self) -> Option<&MessageHead> {
        self.messages
            .iter()
            .rev()
            .find(|head| matches!(head.direction, Direction::Inbound { automatic: None, .. }))
    }

    /// True where the message that this event asks for went out, or was withheld.
    pub fn has_responded_to(&self, sequence: u32) -> bool {
        self.withheld.contains(&sequence)
            || self.messages.iter().any(
                |head| matches!(head.direction, Direction::Outbound { caused_by, .. } if caused_by == sequence),
            )
    }

    /// True where an address of the contact is known and mail to it did not come back.
    pub fn can_be_written_to(&self) -> bool {
        self.contact.email.is_some() && !self.address_failed
    }

    /// When the deadlines function must look at the case next; `None` where nothing is due by itself.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let requests = self.requests.iter().filter_map(|request| match &request.state {
            RequestState::WaitingForContact { next_step_at, .. } => Some(*next_step_at),
            _ if request.overdue => None,
            _ => request.clock.due_at,
        });
        let flags = self.flags.iter().filter(|flag| flag.is_open() && !flag.overdue).map(|flag| flag.due_at);
        requests.chain(flags).min()
    }

    /// True where nobody has anything left to do.
    pub fn is_done(&self) -> bool {
        self.requests.iter().all(|request| request.state.is_done())
            && !self.flags.iter().any(SafetyFlag::is_open)
    }

    fn receive(&mut self, message: &ReceivedMessage, recorded: &RecordedEvent) {
        self.contact.learn(&message.fields);
        let mail = message.mail.as_ref();
        self.messages.push(MessageHead {
            number: self.next_message_number(),
            at: recorded.at,
            event: recorded.id.sequence,
            direction: Direction::Inbound {
                channel: message.channel,
                automatic: message.automatic,
                classified: false,
                message_id: mail.and_then(|mail| mail.message_id.clone()),
                suppress_reply: mail.is_some_and(|mail| mail.suppress_reply),
            },
        });
    }

    fn send(&mut self, message: &SentMessage, recorded: &RecordedEvent) {
        self.messages.push(MessageHead {
            number: self.next_message_number(),
            at: recorded.at,
            event: recorded.id.sequence,
            direction: Direction::Outbound {
                kind: message.kind,
                caused_by: message.caused_by,
                message_id: message.message_id.clone(),
            },
        });
    }

    fn learn(&mut self, number: MessageNumber, decision: &Decision) {
        let first = self.messages.first().is_some_and(|head| head.number == number);
        if let Some(head) = self.messages.iter_mut().find(|head| head.number == number)
            && let Direction::Inbound { classified, automatic, .. } = &mut head.direction
        {
            *classified = true;
            *automatic = decision.automatic;
        }
        if first {
            self.automatic = decision.automatic;
            self.language = decision.language.spoken();
        }
        self.products.extend(decision.products.iter().map(|finding| finding.product.clone()));
        let usable = decision.identifiers.iter().filter(|finding| finding.check != crate::Check::Mistyped);
        self.identifiers.extend(usable.map(|finding| (finding.kind, finding.value.clone())));
    }

    fn follow(&mut self, outcome: &RequestOutcome, at: Timestamp) {
        if outcome.effect == Effect::Opened {
            self.requests.push(Request {
                id: outcome.request,
                topic: outcome.topic,
                desk: outcome.desk.clone(),
                state: RequestState::Received { returns_to: None },
                gaps: Vec::new(),
                confirm: false,
                clock: ResponseClock::default(),
                overdue: false,
                reopened: 0,
                opened_at: at,
            });
        }
        self.with_request(outcome.request, |request| {
            if outcome.effect == Effect::FollowUp {
                return;
            }
            request.topic = outcome.topic;
            request.desk = outcome.desk.clone();
            request.confirm = outcome.confirm;
            request.gaps.clone_from(&outcome.gaps);
            match outcome.to {
                Destination::Contact => {
                    request.state = RequestState::WaitingForContact {
                        since: at,
                        reminders: 0,
                        next_step_at: outcome.next_step_at.unwrap_or(at),
                        asked_by: None,
                    };
                }
                to if outcome.effect == Effect::Reopened => request.reopen(to, outcome.arrival, at),
                to => request.go_to(to, outcome.arrival, at),
            }
        });
    }

    fn raise(&mut self, raised: &FlagRaised, message: MessageNumber) {
        let day_zero =
            self.messages.iter().find(|head| head.number == message).map_or(self.opened_at, |head| head.at);
        self.flags.push(SafetyFlag {
            number: raised.number,
            kind: raised.kind,
            message,
            desk: raised.desk.clone(),
            day_zero,
            due_at: raised.due_at,
            state: FlagState::Raised,
            overdue: false,
        });
    }

    fn assign(&mut self, id: RequestId, user: Option<&UserId>) {
        self.with_request(id, |request| {
            if let RequestState::WithDesk { assignee } | RequestState::Review { assignee } =
                &mut request.state
            {
                *assignee = user.cloned();
            }
        });
    }

    fn give_to_person(&mut self, requests: &[RequestId], arrival: Arrival, at: Timestamp) {
        for id in requests {
            self.with_request(*id, |request| request.go_to(Destination::Review, Some(arrival), at));
        }
    }

    fn with_request(&mut self, id: RequestId, change: impl FnOnce(&mut Request)) {
        if let Some(request) = self.requests.iter_mut().find(|request| request.id == id) {
            change(request);
        }
    }

    fn with_flag(&mut self, number: FlagNumber, change: impl FnOnce(&mut SafetyFlag)) {
        if let Some(flag) = self.flags.iter_mut().find(|flag| flag.number == number) {
            change(flag);
        }
    }
}

impl Request {
    fn go_to(&mut self, to: Destination, arrival: Option<Arrival>, at: Timestamp) {
        self.gaps.clear();
        self.overdue = false;
        if to == Destination::Review {
            self.state = RequestState::Review { assignee: None };
            if let Some(arrival) = arrival {
                self.clock.start(arrival, at);
            }
        } else {
            let returns_to = match &mut self.state {
                RequestState::WaitingForContact { asked_by, .. } => asked_by.take(),
                _ => None,
            };
            self.state = RequestState::Received { returns_to };
        }
    }

    /// The desk that a request is moved to is not the one of the specialist who asked.
    fn forget_asker(&mut self) {
        if let RequestState::WaitingForContact { asked_by, .. } = &mut self.state {
            *asked_by = None;
        }
    }

    fn reopen(&mut self, to: Destination, arrival: Option<Arrival>, at: Timestamp) {
        self.reopened = self.reopened.saturating_add(1);
        self.clock = ResponseClock::default();
        self.go_to(to, arrival, at);
    }

    fn finish(&mut self, state: RequestState, spent_minutes: u32) {
        self.clock.stop(spent_minutes);
        self.gaps.clear();
        self.state = state;
    }

    /// True for the request that stands for "what is it about?", which the answer turns into a topic.
    pub(crate) fn is_unknown_and_waiting(&self) -> bool {
        self.topic == Topic::Unknown && matches!(self.state, RequestState::WaitingForContact { .. })
    }

    /// True where a specialist asked the contact: whatever comes back, that specialist reads it.
    pub(crate) fn waits_for_a_specialist(&self) -> bool {
        matches!(self.state, RequestState::WaitingForContact { asked_by: Some(_), .. })
    }
}
