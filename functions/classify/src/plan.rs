//! Desks and times for a decision, by the policy.

use jiff::Timestamp;
use lotse_domain::{Case, Decision, DeskId, Destination, ProductId, Route, RoutingPlan};
use lotse_policy::Policy;

/// What the policy says about a decision. `received_at` is day zero of what the message reports.
pub(crate) fn of(
    policy: &Policy,
    case: &Case,
    decision: &Decision,
    received_at: Timestamp,
    now: Timestamp,
) -> RoutingPlan {
    let mut products: Vec<ProductId> =
        decision.products.iter().map(|finding| finding.product.clone()).collect();
    if products.is_empty() {
        products.extend(case.products.iter().cloned());
    }
    let safety_desk = |finding: &lotse_domain::SafetyFinding| policy.desk_for_safety(finding.kind);
    let hand_over = decision.safety.iter().map(|finding| policy.due(safety_desk(finding), received_at));
    RoutingPlan {
        desks: decision
            .routes
            .iter()
            .map(|route| (route.topic, desk_for(policy, *route, &products)))
            .collect(),
        safety_desks: decision
            .safety
            .iter()
            .map(|finding| (finding.kind, safety_desk(finding).id.clone()))
            .collect(),
        next_step_at: policy.first_step_after_question(now),
        review: policy.review_arrival(now),
        hand_over_due_at: hand_over.min().unwrap_or(now),
    }
}

/// A topic whose route is not safe enough lies with the people who sort, whatever it may be about.
fn desk_for(policy: &Policy, route: Route, products: &[ProductId]) -> DeskId {
    match route.to {
        Destination::Review => policy.desks.review().id.clone(),
        _ => policy.desk_for_topic(route.topic, products).id.clone(),
    }
}
