//! What a message that was decided about means for the requests of its case.
//!
//! A contact who was asked and does not answer the question is not asked the same again: a person reads
//! what came instead. Whoever answers in part is asked for the rest.

use crate::{
    Case, Decision, Destination, Effect, Gap, GapReason, Refused, Request, RequestId, RequestOutcome,
    RequestState, Route, RoutingPlan, Topic,
};

/// As with messages: a contact in a loop must not grow a case without bound.
const MOST_REQUESTS: usize = 50;

impl Case {
    /// What follows from a decision, one outcome at most for each request.
    pub(crate) fn outcomes(
        &self,
        decision: &Decision,
        plan: &RoutingPlan,
    ) -> Result<Vec<RequestOutcome>, Refused> {
        let mut outcomes: Vec<RequestOutcome> = Vec::new();
        for route in &decision.routes {
            let outcome = self.outcome(*route, decision, plan, &outcomes)?;
            if !is_decided(&outcomes, outcome.request) {
                outcomes.push(outcome);
            }
        }
        if decision.automatic.is_none() {
            for request in self.requests.iter().filter(|request| request.waits_for_a_specialist()) {
                if !is_decided(&outcomes, request.id) {
                    outcomes.push(back_to_desk(request, Effect::Rerouted, plan));
                }
            }
            if outcomes.iter().any(|outcome| self.tells_what_was_asked(outcome)) {
                self.ask_for_the_rest(&mut outcomes, plan);
            } else {
                give_unanswered_to_person(&mut outcomes, plan);
            }
        }
        Ok(outcomes)
    }

    /// What one route of a decision means for the case: a new request, or a change to one that is there.
    fn outcome(
        &self,
        route: Route,
        decision: &Decision,
        plan: &RoutingPlan,
        decided: &[RequestOutcome],
    ) -> Result<RequestOutcome, Refused> {
        if let Some(request) = self.request_for(route.topic, decision, decided) {
            return outcome_for(request, route, decision, plan);
        }
        let count =
            self.requests.len() + decided.iter().filter(|outcome| outcome.effect == Effect::Opened).count();
        if count >= MOST_REQUESTS {
            return Err(Refused::Full("requests"));
        }
        let request = RequestId(u16::try_from(count + 1).unwrap_or(u16::MAX));
        routed(request, route, Effect::Opened, decision, plan)
    }

    /// The request that a topic belongs to: the latest one of that topic; else the one that stands for
    /// "what is it about?". A message that is about nothing we know answers what was asked, and where it
    /// says nothing recognisable at all, it belongs to the latest request.
    fn request_for(&self, topic: Topic, decision: &Decision, decided: &[RequestOutcome]) -> Option<&Request> {
        let latest = || self.requests.iter().rev().filter(|request| !is_decided(decided, request.id));
        let asked = || {
            let by_specialist = latest().find(|request| request.waits_for_a_specialist());
            by_specialist.or_else(|| latest().find(|request| !request.gaps.is_empty()))
        };
        let same = || latest().find(|request| request.topic == topic);
        match topic {
            Topic::Other if decision.routes.len() == 1 => asked().or_else(same),
            Topic::Unknown => same().or_else(asked).or_else(|| latest().next()),
            _ => same().or_else(|| latest().find(|request| request.is_unknown_and_waiting())),
        }
    }

    /// True where the message filled a gap that this request had, or at least brought it closer.
    fn tells_what_was_asked(&self, outcome: &RequestOutcome) -> bool {
        let is_open = |asked: &Gap| outcome.gaps.iter().any(|gap| is_no_answer(*asked, *gap));
        self.request(outcome.request).is_some_and(|request| request.gaps.iter().any(|asked| !is_open(asked)))
    }

    /// One mail asks for all that is left: also for requests that the message said nothing about.
    fn ask_for_the_rest(&self, outcomes: &mut Vec<RequestOutcome>, plan: &RoutingPlan) {
        for request in self.requests.iter().filter(|request| !request.gaps.is_empty()) {
            if !is_decided(outcomes, request.id) {
                outcomes.push(still_waiting(request, plan));
            }
        }
    }
}

fn is_decided(outcomes: &[RequestOutcome], request: RequestId) -> bool {
    outcomes.iter().any(|outcome| outcome.request == request)
}

fn give_unanswered_to_person(outcomes: &mut [RequestOutcome], plan: &RoutingPlan) {
    for outcome in outcomes.iter_mut().filter(|outcome| outcome.effect == Effect::StillWaiting) {
        outcome.effect = Effect::GivenToPerson;
        outcome.to = Destination::Review;
        outcome.next_step_at = None;
        outcome.arrival = Some(plan.review);
    }
}

/// True where `found` asks for no less than `asked` did. A number with a typing error where none was before
/// is an answer; another typing error is none, so that no exchange of questions goes on for ever.
fn is_no_answer(asked: Gap, found: Gap) -> bool {
    let is_closer = asked.reason == GapReason::Absent && found.reason != GapReason::Absent;
    (asked.topic, asked.element) == (found.topic, found.element) && !is_closer
}

/// What a route means for a request that is there.
fn outcome_for(
    request: &Request,
    route: Route,
    decision: &Decision,
    plan: &RoutingPlan,
) -> Result<RequestOutcome, Refused> {
    if request.waits_for_a_specialist() {
        return Ok(back_to_desk(request, Effect::Rerouted, plan));
    }
    let says_nothing_known = match route.topic {
        Topic::Unknown => request.topic != Topic::Unknown,
        Topic::Other => !matches!(request.topic, Topic::Other | Topic::Unknown),
        Topic::MedicalQuestion | Topic::ShippingStatus => false,
    };
    match &request.state {
        // Whoever writes about something that is done is read by a person, never asked back by a machine.
        RequestState::Answered { .. } | RequestState::Closed { .. } => {
            Ok(back_to_desk(request, Effect::Reopened, plan))
        }
        RequestState::WaitingForContact { .. } if says_nothing_known => Ok(still_waiting(request, plan)),
        RequestState::WaitingForContact { .. } => {
            let effect =
                if route.to == Destination::Contact { Effect::StillWaiting } else { Effect::Rerouted };
            routed(request.id, route, effect, decision, plan)
        }
        RequestState::Received { .. } | RequestState::WithDesk { .. } | RequestState::Review { .. } => {
            Ok(back_to_desk(request, Effect::FollowUp, plan))
        }
    }
}

/// The outcome that follows the route as it stands.
fn routed(
    request: RequestId,
    route: Route,
    effect: Effect,
    decision: &Decision,
    plan: &RoutingPlan,
) -> Result<RequestOutcome, Refused> {
    let desk = plan.desks.iter().find(|(topic, _)| *topic == route.topic).map(|(_, desk)| desk.clone());
    let to_contact = route.to == Destination::Contact;
    Ok(RequestOutcome {
        request,
        topic: route.topic,
        desk: desk.ok_or(Refused::DeskMissing(route.topic.name()))?,
        to: route.to,
        gaps: decision.missing.iter().filter(|gap| gap.topic == route.topic).copied().collect(),
        confirm: route.confirm,
        effect,
        next_step_at: to_contact.then_some(plan.next_step_at),
        arrival: (route.to == Destination::Review).then_some(plan.review),
    })
}

/// The outcome of a request that goes on waiting for what it lacked before.
fn still_waiting(request: &Request, plan: &RoutingPlan) -> RequestOutcome {
    RequestOutcome {
        to: Destination::Contact,
        gaps: request.gaps.clone(),
        next_step_at: Some(plan.next_step_at),
        arrival: None,
        ..back_to_desk(request, Effect::StillWaiting, plan)
    }
}

/// The outcome that brings a request to the people who had it, whatever the route says.
fn back_to_desk(request: &Request, effect: Effect, plan: &RoutingPlan) -> RequestOutcome {
    let to = request.topic.home();
    RequestOutcome {
        request: request.id,
        topic: request.topic,
        desk: request.desk.clone(),
        to,
        gaps: Vec::new(),
        confirm: request.confirm,
        effect,
        next_step_at: None,
        arrival: (to == Destination::Review).then_some(plan.review),
    }
}
