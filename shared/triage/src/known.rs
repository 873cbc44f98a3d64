//! What the thread and the contact's record hold already, so that nothing is asked that is known.

use lotse_domain::{Automatic, Case, Element, IdentifierKind, ProductId, RequestState, Topic};
use lotse_policy::Detail;
use std::collections::{BTreeSet, HashSet};

/// What is known before the message is read. Empty for the first message of a stranger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Topics that wait for the contact: a message that fills one of their gaps belongs to them.
    pub waiting: Vec<Waiting>,
    /// Products named in the thread.
    pub products: Vec<ProductId>,
    /// What earlier messages or the contact's record tell.
    pub details: BTreeSet<Detail>,
    /// What the mail's headers say about who wrote it; `None` for a person or another channel.
    pub automatic: Option<Automatic>,
}

/// A topic that waits for the contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The topic.
    pub topic: Topic,
    /// The elements that it lacks.
    pub lacks: Vec<Element>,
}

impl Known {
    /// What a case holds: the products and numbers of its messages, and which of its requests wait.
    pub fn of_case(case: &Case) -> Self {
        let waits = |state: &RequestState| matches!(state, RequestState::WaitingForContact { .. });
        let waiting: Vec<Waiting> = case
            .requests
            .iter()
            .filter(|request| waits(&request.state))
            .map(|request| Waiting {
                topic: request.topic,
                lacks: request.gaps.iter().map(|gap| gap.element).collect(),
            })
            .collect();
        let mut details: BTreeSet<Detail> =
            case.identifiers.iter().filter_map(|(kind, _)| detail_of(*kind)).collect();
        if !case.products.is_empty() {
            details.insert(Detail::Product);
        }
        // A medical request that does not lack them has been told the question and who asks.
        let lacks: HashSet<(Topic, Element)> = waiting
            .iter()
            .flat_map(|waiting| waiting.lacks.iter().map(|element| (waiting.topic, *element)))
            .collect();
        if case.requests.iter().any(|request| request.topic == Topic::MedicalQuestion) {
            if !lacks.contains(&(Topic::MedicalQuestion, Element::Question)) {
                details.insert(Detail::Question);
            }
            if !lacks.contains(&(Topic::MedicalQuestion, Element::Requester)) {
                details.extend([Detail::PersonName, Detail::Profession, Detail::Institution]);
            }
        }
        Self {
            waiting,
            products: case.products.iter().cloned().collect(),
            details,
            automatic: case.automatic,
        }
    }
}

/// The detail that a kind of number tells, if it helps a desk to begin.
pub(crate) fn detail_of(kind: IdentifierKind) -> Option<Detail> {
    match kind {
        IdentifierKind::OrderNumber => Some(Detail::OrderNumber),
        IdentifierKind::DeliveryNote => Some(Detail::DeliveryNote),
        IdentifierKind::TrackingNumber => Some(Detail::TrackingNumber),
        IdentifierKind::CustomerNumber => Some(Detail::CustomerNumber),
        _ => None,
    }
}
