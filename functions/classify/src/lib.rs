//! Triages each message from a contact, once and in order.
//!
//! The decision is triage's, and a pure function of message, case and policy. This function gives it what
//! the case already holds, adds what only the case can know (nobody can be asked, somebody else's case was
//! meant), and works out desks and times by the policy.

mod decision;
mod plan;

use lotse_domain::{
    Actor, Case, CaseId, Command, Direction, EventId, Failure, MessageNumber, ProcessError, advance,
    noticed_event,
    ports::{CaseStore, Clock},
};
use lotse_policy::Policy;
use lotse_triage::Triage;

/// What the function works with.
pub struct Dependencies<'a, S, C> {
    /// The cases.
    pub store: &'a S,
    /// The time.
    pub clock: &'a C,
    /// The compiled policy.
    pub triage: &'a Triage,
    /// Desks, calendar and reminders.
    pub policy: &'a Policy,
}

/// Classifies the message that one notice tells of. Notices may overtake each other: messages that came
/// before it and are not classified yet go first, since an answer means little without what it answers.
///
/// # Errors
/// To park where the notice is none or names no event of ours; to retry where the store is not there.
pub async fn handle<S: CaseStore, C: Clock>(
    dependencies: &Dependencies<'_, S, C>,
    body: &str,
) -> Result<(), Failure> {
    let event = noticed_event(dependencies.store, body).await?;
    let id = event.id.case;
    let case = dependencies.store.load(id).await?.ok_or(ProcessError::NoSuchCase(id))?;
    for (sequence, number) in unclassified(&case, event.id.sequence) {
        classify(dependencies, id, sequence, number).await?;
    }
    Ok(())
}

/// The contact's messages up to an event that nobody has classified, oldest first.
fn unclassified(case: &Case, until: u32) -> Vec<(u32, MessageNumber)> {
    let waits = |direction: &Direction| matches!(direction, Direction::Inbound { classified: false, .. });
    let heads = case.messages.iter().filter(|head| head.event <= until && waits(&head.direction));
    heads.map(|head| (head.event, head.number)).collect()
}

async fn classify<S: CaseStore, C: Clock>(
    dependencies: &Dependencies<'_, S, C>,
    id: CaseId,
    sequence: u32,
    number: MessageNumber,
) -> Result<(), Failure> {
    let Dependencies { store, clock, triage, policy } = dependencies;
    let recorded = store.event(EventId { case: id, sequence }).await?;
    let recorded =
        recorded.ok_or_else(|| Failure::park(format!("the store has no event {id}.{sequence}")))?;
    let Some(message) = recorded.event.received_message() else {
        return Err(Failure::park(format!("event {id}.{sequence} holds no message")));
    };
    let now = clock.now();
    let received_at = recorded.at;
    let decide = |case: &Case| {
        let decision = decision::about(triage, policy, case, &recorded.event, message);
        let plan = plan::of(policy, case, &decision, received_at, now);
        Ok(vec![Command::Classify { message: number, decision, plan }])
    };
    advance(*store, id, now, &Actor::system("classify"), decide).await?;
    Ok(())
}
