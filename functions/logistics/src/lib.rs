//! Shipping questions arrive at their desk, and their clock starts.
//!
//! Reads notices of events that routed, moved or reopened a request (see `dispatch`).

use lotse_domain::{
    Actor, Destination, Failure, bring_to_desk, noticed_event,
    ports::{CaseStore, Clock},
};
use lotse_policy::Policy;

/// What the function works with.
pub struct Dependencies<'a, S, C> {
    /// The cases.
    pub store: &'a S,
    /// The time.
    pub clock: &'a C,
    /// Desks, targets and calendar.
    pub policy: &'a Policy,
}

/// Brings the shipping questions of one notice to their desk.
///
/// # Errors
/// To park where the notice is none or names no event of ours; to retry where the store is not there.
pub async fn handle<S: CaseStore, C: Clock>(
    dependencies: &Dependencies<'_, S, C>,
    body: &str,
) -> Result<(), Failure> {
    let Dependencies { store, clock, policy } = dependencies;
    let event = noticed_event(*store, body).await?;
    let now = clock.now();
    bring_to_desk(*store, &event, Destination::Logistics, now, &Actor::system("logistics"), |request| {
        policy.arrival(&request.desk, &request.clock, now)
    })
    .await?;
    Ok(())
}
