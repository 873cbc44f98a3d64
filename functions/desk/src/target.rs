//! Where a request goes: the desk and topic that somebody chose, as the case understands them.

use jiff::Timestamp;
use lotse_domain::{Arrival, Case, DeskId, Destination, Request, Topic};
use lotse_policy::{DeskKind, Policy};

/// Where a request is to go.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// What it is about.
    pub(crate) topic: Topic,
    /// The desk.
    pub(crate) desk: DeskId,
    /// The desk's kind.
    pub(crate) to: Destination,
}

/// True for the desks that answer requests. Safety-relevant information reaches the others by its flags.
pub(crate) fn takes_requests(kind: DeskKind) -> bool {
    destination(kind).is_some()
}

fn destination(kind: DeskKind) -> Option<Destination> {
    match kind {
        DeskKind::MedicalInformation => Some(Destination::MedicalInformation),
        DeskKind::Logistics => Some(Destination::Logistics),
        DeskKind::Review => Some(Destination::Review),
        DeskKind::Pharmacovigilance | DeskKind::Quality => None,
    }
}

/// Where a request goes by what somebody chose; both are names as the form sent them, empty where unchanged.
/// With a desk alone, the topic follows from what the desk does; with a topic alone, the desk follows from the
/// policy. `None` where nothing would change, or no such desk takes requests.
pub(crate) fn chosen(
    policy: &Policy,
    case: &Case,
    request: &Request,
    desk: &str,
    topic: &str,
) -> Option<Target> {
    let topic = [Topic::MedicalQuestion, Topic::ShippingStatus, Topic::Other]
        .into_iter()
        .find(|known| known.name() == topic);
    let desk = match (desk, topic) {
        ("", Some(topic)) => {
            let products: Vec<_> = case.products.iter().cloned().collect();
            policy.desk_for_topic(topic, &products)
        }
        ("", None) => return None,
        (id, _) => policy.desk(&id.parse().ok()?)?,
    };
    let to = destination(desk.kind)?;
    let topic = topic.unwrap_or(match to {
        Destination::MedicalInformation => Topic::MedicalQuestion,
        Destination::Logistics => Topic::ShippingStatus,
        Destination::Review | Destination::Contact => request.topic,
    });
    let changes = topic != request.topic || desk.id != request.desk;
    changes.then(|| Target { topic, desk: desk.id.clone(), to })
}

/// Where a request goes that is opened again: to its desk.
pub(crate) fn back(policy: &Policy, request: &Request) -> Destination {
    policy.desk(&request.desk).and_then(|desk| destination(desk.kind)).unwrap_or(Destination::Review)
}

/// The clock that a review desk starts at once; the others' functions start theirs.
pub(crate) fn review_clock(policy: &Policy, to: Destination, at: Timestamp) -> Option<Arrival> {
    (to == Destination::Review).then(|| policy.review_arrival(at))
}
