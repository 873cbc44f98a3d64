//! Which events a command causes. Pure: nothing is changed, nothing is read but the case itself.

use crate::{
    Actor, Case, Command, Decision, Destination, Direction, Event, FlagNumber, FlagRaised, MessageNumber,
    Refused, Request, RequestId, RequestState, RoutingPlan, UserId, Verbatim,
};
use jiff::Timestamp;

/// A contact in a loop, or an attacker, must not grow a case without bound (DynamoDB: 400 KB an item).
const MOST_MESSAGES: usize = 1_000;
const MOST_FLAGS: usize = 200;

impl Case {
    /// The events that a command causes: none where it was carried out before, an error that says why
    /// where it is not allowed.
    #[expect(clippy::too_many_lines, reason = "one short arm for each command, in one place")]
    pub fn decide(&self, command: Command, at: Timestamp, actor: &Actor) -> Result<Vec<Event>, Refused> {
        match command {
            Command::ReceiveMessage { message } => {
                if self.messages.len() >= MOST_MESSAGES {
                    return Err(Refused::Full("messages"));
                }
                one(Event::MessageReceived { message })
            }
            Command::Classify { message, decision, plan } => self.classify(message, decision, &plan),
            Command::Arrive { request, arrival } => match self.existing(request)?.state {
                RequestState::Received { .. } => one(Event::ArrivedAtDesk { request, arrival }),
                _ => Ok(Vec::new()),
            },
            Command::Claim { request } => self.claim(request, actor),
            Command::Release { request } => self.release(request, actor),
            Command::ConfirmRoute { request } => {
                person(actor)?;
                let open = self.at_desk(request, "confirmed")?;
                if open.confirm { one(Event::RouteConfirmed { request }) } else { Ok(Vec::new()) }
            }
            Command::Answer { request, text, spent_minutes } => {
                self.worked_on_by(request, actor, "answered")?;
                written(&text, "answer")?;
                one(Event::Answered { request, text, spent_minutes })
            }
            Command::AskContact { request, text, spent_minutes, next_step_at } => {
                self.worked_on_by(request, actor, "sent back with a question")?;
                written(&text, "question")?;
                one(Event::ContactAsked { request, text, spent_minutes, next_step_at })
            }
            Command::Move { request, topic, desk, to, reason, spent_minutes, arrival } => {
                person(actor)?;
                let moved = self.open(request, "moved")?;
                not_taken_by_another(moved, actor)?;
                written(&reason, "reason")?;
                let arrival = desk_clock(to, arrival)?;
                one(Event::Moved { request, topic, desk, to, reason, spent_minutes, arrival })
            }
            Command::Close { request, reason, spent_minutes } => {
                person(actor)?;
                let closed = self.existing(request)?;
                if matches!(closed.state, RequestState::Closed { .. }) {
                    return Ok(Vec::new());
                }
                not_taken_by_another(closed, actor)?;
                written(&reason, "reason")?;
                one(Event::Closed { request, reason, spent_minutes })
            }
            Command::Reopen { request, to, reason, arrival } => {
                person(actor)?;
                let done = self.existing(request)?;
                if !done.state.is_done() {
                    return Err(wrong_state(done, "reopened", "answered or closed"));
                }
                written(&reason, "reason")?;
                let arrival = desk_clock(to, arrival)?;
                one(Event::Reopened { request, to, reason, arrival })
            }
            Command::RecordSent { message } => {
                if self.has_responded_to(message.caused_by) {
                    Ok(Vec::new())
                } else {
                    one(Event::MessageSent { message })
                }
            }
            Command::RecordWithheld { kind, caused_by, reason } => {
                if self.has_responded_to(caused_by) {
                    Ok(Vec::new())
                } else {
                    one(Event::MessageWithheld { kind, caused_by, reason })
                }
            }
            Command::MarkAddressFailed { diagnosis, arrival } => {
                if self.address_failed {
                    return Ok(Vec::new());
                }
                let requests = self.ids_where(|request| {
                    matches!(
                        request.state,
                        RequestState::WaitingForContact { .. } | RequestState::Answered { .. }
                    )
                });
                one(Event::AddressFailed { diagnosis, requests, arrival })
            }
            Command::Remind { next_step_at } => {
                some(self.waiting_since_before(at), |requests| Event::ReminderDue { requests, next_step_at })
            }
            Command::GiveToPerson { arrival } => {
                some(self.waiting_since_before(at), |requests| Event::GivenToPerson { requests, arrival })
            }
            Command::MarkOverdue => Ok(self.overdue(at)),
            Command::HandOver { flags, to, message_id } => {
                self.hand_over(flags, |flags| Event::SafetyHandedOver { flags, to, message_id })
            }
            Command::AcknowledgeFlag { flag, number } => {
                self.settle(flag, actor)?;
                if number.trim().is_empty() {
                    return Err(Refused::BlankText("number"));
                }
                one(Event::SafetyAcknowledged { flag, number })
            }
            Command::DismissFlag { flag, reason } => {
                self.settle(flag, actor)?;
                written(&reason, "reason")?;
                one(Event::SafetyDismissed { flag, reason })
            }
        }
    }

    fn classify(
        &self,
        number: MessageNumber,
        decision: Decision,
        plan: &RoutingPlan,
    ) -> Result<Vec<Event>, Refused> {
        let head = self.messages.iter().find(|head| head.number == number);
        match head.map(|head| &head.direction) {
            Some(Direction::Inbound { classified: false, .. }) => {}
            Some(Direction::Inbound { classified: true, .. }) => return Ok(Vec::new()),
            Some(Direction::Outbound { .. }) | None => return Err(Refused::NoSuchMessage(number)),
        }
        let requests = self.outcomes(&decision, plan)?;
        let mut flags = Vec::new();
        for finding in &decision.safety {
            let desk = plan.safety_desks.iter().find(|(kind, _)| *kind == finding.kind);
            let (_, desk) = desk.ok_or(Refused::DeskMissing(finding.kind.name()))?;
            let count = self.flags.len() + flags.len();
            if count >= MOST_FLAGS {
                return Err(Refused::Full("safety flags"));
            }
            flags.push(FlagRaised {
                number: FlagNumber(u16::try_from(count + 1).unwrap_or(u16::MAX)),
                kind: finding.kind,
                desk: desk.clone(),
                due_at: plan.hand_over_due_at,
            });
        }
        one(Event::Classified { message: number, decision, requests, flags })
    }

    fn claim(&self, id: RequestId, actor: &Actor) -> Result<Vec<Event>, Refused> {
        let by = person(actor)?;
        let request = self.at_desk(id, "claimed")?;
        match request.state.assignee() {
            Some(assignee) if assignee == by => Ok(Vec::new()),
            Some(assignee) => Err(Refused::ClaimedBy { request: id, by: assignee.clone() }),
            None => one(Event::Claimed { request: id, by: by.clone() }),
        }
    }

    fn release(&self, id: RequestId, actor: &Actor) -> Result<Vec<Event>, Refused> {
        person(actor)?;
        let request = self.at_desk(id, "released")?;
        not_taken_by_another(request, actor)?;
        if request.state.assignee().is_none() {
            return Ok(Vec::new());
        }
        one(Event::Released { request: id })
    }

    fn existing(&self, id: RequestId) -> Result<&Request, Refused> {
        self.request(id).ok_or(Refused::NoSuchRequest(id))
    }

    fn open(&self, id: RequestId, attempted: &'static str) -> Result<&Request, Refused> {
        let request = self.existing(id)?;
        if request.state.is_done() {
            return Err(wrong_state(request, attempted, "open; reopen it first"));
        }
        Ok(request)
    }

    fn at_desk(&self, id: RequestId, attempted: &'static str) -> Result<&Request, Refused> {
        let request = self.existing(id)?;
        if request.state.is_at_a_desk() {
            Ok(request)
        } else {
            Err(wrong_state(request, attempted, "at a desk"))
        }
    }

    fn worked_on_by(&self, id: RequestId, actor: &Actor, attempted: &'static str) -> Result<(), Refused> {
        person(actor)?;
        not_taken_by_another(self.at_desk(id, attempted)?, actor)
    }

    fn ids_where(&self, fits: impl Fn(&Request) -> bool) -> Vec<RequestId> {
        self.requests.iter().filter(|request| fits(request)).map(|request| request.id).collect()
    }

    fn waiting_since_before(&self, at: Timestamp) -> Vec<RequestId> {
        self.ids_where(|request| {
            matches!(request.state, RequestState::WaitingForContact { next_step_at, .. } if next_step_at <= at)
        })
    }

    fn overdue(&self, at: Timestamp) -> Vec<Event> {
        let requests = self
            .ids_where(|request| !request.overdue && request.clock.due_at.is_some_and(|due_at| due_at <= at));
        let flags: Vec<FlagNumber> = self
            .flags
            .iter()
            .filter(|flag| flag.is_open() && !flag.overdue && flag.due_at <= at)
            .map(|flag| flag.number)
            .collect();
        if requests.is_empty() && flags.is_empty() {
            return Vec::new();
        }
        vec![Event::BecameOverdue { requests, flags }]
    }

    fn hand_over(
        &self,
        flags: Vec<FlagNumber>,
        event: impl FnOnce(Vec<FlagNumber>) -> Event,
    ) -> Result<Vec<Event>, Refused> {
        let mut raised = Vec::new();
        for number in flags {
            let flag = self.flag(number).ok_or(Refused::NoSuchFlag(number))?;
            if flag.state == crate::FlagState::Raised {
                raised.push(number);
            }
        }
        some(raised, event)
    }

    fn settle(&self, number: FlagNumber, actor: &Actor) -> Result<(), Refused> {
        person(actor)?;
        let flag = self.flag(number).ok_or(Refused::NoSuchFlag(number))?;
        if flag.is_open() { Ok(()) } else { Err(Refused::FlagSettled(number)) }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "every arm of decide gives a result")]
fn one(event: Event) -> Result<Vec<Event>, Refused> {
    Ok(vec![event])
}

#[expect(clippy::unnecessary_wraps, reason = "every arm of decide gives a result")]
fn some<T>(affected: Vec<T>, event: impl FnOnce(Vec<T>) -> Event) -> Result<Vec<Event>, Refused> {
    Ok(if affected.is_empty() { Vec::new() } else { vec![event(affected)] })
}

fn person(actor: &Actor) -> Result<&UserId, Refused> {
    match actor {
        Actor::User(user) => Ok(user),
        Actor::Contact | Actor::System(_) => Err(Refused::NeedsPerson),
    }
}

fn not_taken_by_another(request: &Request, actor: &Actor) -> Result<(), Refused> {
    match (request.state.assignee(), actor) {
        (Some(assignee), Actor::User(user)) if assignee != user => {
            Err(Refused::ClaimedBy { request: request.id, by: assignee.clone() })
        }
        _ => Ok(()),
    }
}

fn written(text: &Verbatim, what: &'static str) -> Result<(), Refused> {
    if text.is_blank() { Err(Refused::BlankText(what)) } else { Ok(()) }
}

fn desk_clock(to: Destination, arrival: Option<crate::Arrival>) -> Result<Option<crate::Arrival>, Refused> {
    match (to, arrival) {
        (Destination::Contact, _) => Err(Refused::ContactIsNoDesk),
        (Destination::Review, None) => Err(Refused::ClockMissing),
        (Destination::Review, clock) => Ok(clock),
        (Destination::MedicalInformation | Destination::Logistics, _) => Ok(None),
    }
}

fn wrong_state(request: &Request, attempted: &'static str, needed: &'static str) -> Refused {
    Refused::WrongState { request: request.id, state: request.state.name(), attempted, needed }
}
