//! What the stories and the properties share: a case at hand, and a short way to say what happens to it.

use jiff::{Timestamp, ToSpan};
use lotse_domain::*;

pub(crate) fn noon() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("a time")
}

pub(crate) fn hours_later(hours: i64) -> Timestamp {
    noon().checked_add(hours.hours()).expect("a time")
}

pub(crate) fn arrival() -> Arrival {
    Arrival { target_minutes: 480, due_at: hours_later(24) }
}

pub(crate) fn desk(name: &str) -> DeskId {
    name.parse().expect("a desk")
}

pub(crate) fn specialist(name: &str) -> Actor {
    Actor::User(name.parse().expect("a user"))
}

pub(crate) fn message(body: &str) -> ReceivedMessage {
    ReceivedMessage {
        channel: Channel::Mail,
        subject: Some("Anfrage".into()),
        body: body.into(),
        fields: std::collections::BTreeMap::new(),
        automatic: None,
        mail: None,
    }
}

pub(crate) fn open_case() -> Change {
    let opening = Opening {
        case: CaseId::from_number(42),
        reference: CaseReference::from_random(42),
        contact_id: ContactId::from_number(7),
        contact: Contact { email: "apotheke@see-apotheke.example".parse().ok(), ..Contact::default() },
        language: Some(Language::German),
        message: message("Wo bleibt unsere Lieferung?"),
    };
    Change::open(opening, noon(), Actor::Contact)
}

pub(crate) fn plan() -> RoutingPlan {
    RoutingPlan {
        desks: vec![
            (Topic::MedicalQuestion, desk("medical-information")),
            (Topic::ShippingStatus, desk("logistics")),
            (Topic::Other, desk("review")),
            (Topic::Unknown, desk("review")),
        ],
        safety_desks: SafetyKind::ALL.into_iter().map(|kind| (kind, desk("pharmacovigilance"))).collect(),
        next_step_at: hours_later(48),
        review: arrival(),
        hand_over_due_at: hours_later(24),
    }
}

/// A decision with the given ways; what goes to the contact lacks one element.
pub(crate) fn decision(routes: &[(Topic, Destination)], safety: &[SafetyKind]) -> Decision {
    let gap = |topic| match topic {
        Topic::Unknown => Gap { topic, element: Element::Topic, reason: GapReason::Absent },
        Topic::ShippingStatus => Gap { topic, element: Element::OrderReference, reason: GapReason::Absent },
        _ => Gap { topic, element: Element::Product, reason: GapReason::Absent },
    };
    let asked = routes.iter().filter(|(_, to)| *to == Destination::Contact);
    Decision {
        id: None,
        language: Language::German,
        automatic: None,
        topics: routes
            .iter()
            .filter(|(topic, _)| *topic != Topic::Unknown)
            .map(|(topic, _)| TopicFinding {
                topic: *topic,
                confidence: Confidence::CERTAIN,
                evidence: Vec::new(),
            })
            .collect(),
        safety: safety
            .iter()
            .map(|kind| SafetyFinding { kind: *kind, confidence: Confidence::CERTAIN, evidence: Vec::new() })
            .collect(),
        products: Vec::new(),
        identifiers: Vec::new(),
        missing: asked.map(|(topic, _)| gap(*topic)).collect(),
        routes: routes.iter().map(|(topic, to)| Route { topic: *topic, to: *to, confirm: false }).collect(),
        policy: "test".to_owned(),
    }
}

pub(crate) fn system() -> Actor {
    Actor::system("classify")
}

/// Executes a command that must be accepted, now.
pub(crate) fn accept(change: &mut Change, command: Command, actor: &Actor) {
    accept_at(change, command, noon(), actor);
}

pub(crate) fn accept_at(change: &mut Change, command: Command, at: Timestamp, actor: &Actor) {
    change.execute(command, at, actor).expect("the command is legal here");
}

pub(crate) fn classify(change: &mut Change, number: u32, routes: &[(Topic, Destination)]) {
    let command =
        Command::Classify { message: MessageNumber(number), decision: decision(routes, &[]), plan: plan() };
    accept(change, command, &system());
}

/// Classifies a message as one topic that lacks these elements and is asked for them.
pub(crate) fn classify_lacking(change: &mut Change, number: u32, topic: Topic, lacks: &[Element]) {
    let mut decision = decision(&[(topic, Destination::Contact)], &[]);
    let gap = |element: &Element| Gap { topic, element: *element, reason: GapReason::Absent };
    decision.missing = lacks.iter().map(gap).collect();
    accept(change, Command::Classify { message: MessageNumber(number), decision, plan: plan() }, &system());
}

/// What the last event means for the requests.
pub(crate) fn last_outcomes(change: &Change) -> &[RequestOutcome] {
    match &change.events().last().expect("an event").event {
        Event::Classified { requests, .. } => requests,
        event => panic!("the last event classifies nothing: {}", event.name()),
    }
}

pub(crate) fn reply(change: &mut Change, body: &str) -> u32 {
    let number = change.case().next_message_number();
    accept(change, Command::ReceiveMessage { message: message(body) }, &Actor::Contact);
    number.0
}

pub(crate) fn arrive(change: &mut Change, request: u16) {
    accept(change, Command::Arrive { request: RequestId(request), arrival: arrival() }, &system());
}

pub(crate) fn state(change: &Change, request: u16) -> StateName {
    change.case().request(RequestId(request)).expect("the request").state.name()
}
