//! Reading, deciding and committing as one step that survives others doing the same.

use crate::{
    Actor, Arrival, Case, CaseId, Change, Claim, Command, Destination, EventNotice, Failure, RecordedEvent,
    Refused, Request,
    ports::{CaseStore, CommitError, Unavailable},
};
use jiff::Timestamp;

/// How often a step is decided anew because somebody else committed in between.
const MOST_ATTEMPTS: usize = 10;

/// Why a step was not taken. In every case nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// No such case.
    #[error("no case {0}")]
    NoSuchCase(CaseId),
    /// The case refuses the command.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Others kept changing the case.
    #[error("the case kept changing while it was worked on; try again")]
    TooManyConflicts,
    /// A claim is taken.
    #[error("already done by case {0}")]
    AlreadyDone(CaseId),
    /// The store is not there.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

impl From<ProcessError> for Failure {
    /// A refusal or a missing case stays one however often it is tried; the rest passes.
    fn from(error: ProcessError) -> Self {
        match error {
            ProcessError::NoSuchCase(_) | ProcessError::Refused(_) | ProcessError::AlreadyDone(_) => {
                Self::park(error)
            }
            ProcessError::Unavailable(unavailable) => unavailable.into(),
            ProcessError::TooManyConflicts => Self::retry(error),
        }
    }
}

impl From<Unavailable> for Failure {
    fn from(error: Unavailable) -> Self {
        match error {
            Unavailable::ForNow(_) => Self::retry(error),
            Unavailable::Unreadable(_) => Self::park(error),
        }
    }
}

/// What a step led to.
#[derive(Debug, Clone)]
pub struct Step {
    /// The case after it.
    pub case: Case,
    /// The events it caused; none where it was taken before.
    pub events: Vec<RecordedEvent>,
}

/// The event that the body of a queue message tells of.
///
/// # Errors
/// To park where the body is no notice, or the store has no such event: a notice is sent of committed
/// events only, so that the case was erased or the notice belongs to another store.
pub async fn noticed_event<S: CaseStore>(store: &S, body: &str) -> Result<RecordedEvent, Failure> {
    let id = EventNotice::read(body)?.id.0;
    store.event(id).await?.ok_or_else(|| Failure::park(format!("the store has no event {id}")))
}

/// What a hand-over to a department leads to that came back for good: it is recorded as far as it can be,
/// and nobody but a person can do anything about it.
pub fn hand_over_came_back(case: CaseId, diagnosis: &str) -> Failure {
    Failure::park(format!(
        "a hand-over of case {case} came back ({diagnosis}): check the addresses of the safety desks in \
         desks.toml; the flags stand in their worklists"
    ))
}

/// Reads the case, carries out the commands that `decide` derives from it, and commits. Where somebody else
/// committed in between, all of it happens again on the new version.
pub async fn advance<S: CaseStore>(
    store: &S,
    id: CaseId,
    at: Timestamp,
    actor: &Actor,
    decide: impl Fn(&Case) -> Result<Vec<Command>, ProcessError> + Send,
) -> Result<Step, ProcessError> {
    advance_claiming(store, id, at, actor, Vec::new(), decide).await
}

/// As [`advance`], taking `claims` with the commit.
pub async fn advance_claiming<S: CaseStore>(
    store: &S,
    id: CaseId,
    at: Timestamp,
    actor: &Actor,
    claims: Vec<Claim>,
    decide: impl Fn(&Case) -> Result<Vec<Command>, ProcessError> + Send,
) -> Result<Step, ProcessError> {
    for _ in 0..MOST_ATTEMPTS {
        let case = store.load(id).await?.ok_or(ProcessError::NoSuchCase(id))?;
        let commands = decide(&case)?;
        let mut change = Change::of(case);
        for command in commands {
            change.execute(command, at, actor)?;
        }
        let step = Step { case: change.case().clone(), events: change.events().to_vec() };
        if step.events.is_empty() {
            return Ok(step);
        }
        let Some(commit) = change.into_commit(claims.clone()) else { return Ok(step) };
        match store.commit(commit).await {
            Ok(()) => return Ok(step),
            Err(CommitError::Conflict) => {}
            Err(CommitError::AlreadyDone { case, .. }) => return Err(ProcessError::AlreadyDone(case)),
            Err(CommitError::Unavailable(unavailable)) => return Err(unavailable.into()),
        }
    }
    Err(ProcessError::TooManyConflicts)
}

/// Brings the requests that an event sent to a kind of desk there. `clock` gives the clock of each by the
/// desk's target. A request that arrived, or went elsewhere meanwhile, stays as it is.
pub async fn bring_to_desk<S: CaseStore>(
    store: &S,
    sent_by: &RecordedEvent,
    destination: Destination,
    at: Timestamp,
    actor: &Actor,
    clock: impl Fn(&Request) -> Arrival + Send + Sync,
) -> Result<Step, ProcessError> {
    let sent = sent_by.event.requests_sent_to(destination);
    advance(store, sent_by.id.case, at, actor, |case| {
        let requests = sent.iter().filter_map(|id| case.request(*id));
        Ok(requests.map(|request| Command::Arrive { request: request.id, arrival: clock(request) }).collect())
    })
    .await
}
