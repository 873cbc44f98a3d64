//! Where each topic goes, by its gaps and by how sure triage is.

use lotse_domain::{Destination, Gap, Route, Topic, TopicFinding};
use lotse_policy::Thresholds;

/// The way of each topic. A required gap sends it to the contact; what is not sure enough to route, and
/// all that is `other`, goes to a person.
pub(crate) fn find(topics: &[TopicFinding], missing: &[Gap], thresholds: &Thresholds) -> Vec<Route> {
    let route = |finding: &TopicFinding| {
        let routing = thresholds.routing(finding.topic);
        let lacks = missing.iter().any(|gap| gap.topic == finding.topic);
        let desk = match finding.topic {
            Topic::MedicalQuestion => Destination::MedicalInformation,
            Topic::ShippingStatus => Destination::Logistics,
            Topic::Other | Topic::Unknown => Destination::Review,
        };
        let to = match desk {
            Destination::Review => Destination::Review,
            _ if finding.confidence < routing.confirm => Destination::Review,
            _ if lacks => Destination::Contact,
            desk => desk,
        };
        let goes_to_desk = matches!(to, Destination::MedicalInformation | Destination::Logistics);
        Route { topic: finding.topic, to, confirm: goes_to_desk && finding.confidence < routing.route }
    };
    topics.iter().map(route).collect()
}
