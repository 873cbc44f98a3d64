//! What happens because time passes: reminders of open questions, then a person's decision; overdue marks.
//!
//! Runs on a schedule, every few minutes. It only writes events: the reminder's mail is sent by `contact`,
//! as everything that goes to the contact is.

use jiff::Timestamp;
use lotse_domain::{
    Actor, Case, CaseId, Command, Failure, RequestState, advance,
    ports::{CaseStore, Unavailable},
};
use lotse_policy::{Policy, UnansweredStep};

/// Cases looked at in one run. What is left comes in the next: a run ends before the function's time does.
const MOST_CASES: usize = 500;

/// What the function works with.
pub struct Dependencies<'a, S> {
    /// The cases.
    pub store: &'a S,
    /// Reminders, desks and calendar.
    pub policy: &'a Policy,
}

/// What a run came to.
#[derive(Debug, Default)]
pub struct Run {
    /// Cases on which something happened.
    pub advanced: usize,
    /// Cases that could not be worked on, with the reason. They are tried again in the next run.
    pub failed: Vec<(CaseId, Failure)>,
}

/// Does what is due at `now`. A case that cannot be worked on does not keep the others waiting.
///
/// # Errors
/// Where the store does not even tell which cases are due.
pub async fn run<S: CaseStore>(
    dependencies: &Dependencies<'_, S>,
    now: Timestamp,
) -> Result<Run, Unavailable> {
    let Dependencies { store, policy } = dependencies;
    let actor = Actor::system("deadlines");
    let mut run = Run::default();
    for id in store.due(now, MOST_CASES).await? {
        match advance(*store, id, now, &actor, |case| Ok(commands_for(case, policy, now))).await {
            Ok(_) => run.advanced += 1,
            Err(error) => run.failed.push((id, error.into())),
        }
    }
    Ok(run)
}

fn commands_for(case: &Case, policy: &Policy, now: Timestamp) -> Vec<Command> {
    let unanswered = case.requests.iter().filter_map(|request| match request.state {
        RequestState::WaitingForContact { reminders, next_step_at, .. } if next_step_at <= now => {
            Some(reminders)
        }
        _ => None,
    });
    // One mail reminds of everything. Where a case asked at different times, the latest question decides,
    // so that none is given up before its contact was reminded as often as the policy says.
    let step = unanswered.min().map(|reminders| policy.step_when_unanswered(reminders, now));
    let command = step.map(|step| match step {
        UnansweredStep::Remind { next_step_at } if case.can_be_written_to() => {
            Command::Remind { next_step_at }
        }
        UnansweredStep::Remind { .. } | UnansweredStep::GiveToPerson => {
            Command::GiveToPerson { arrival: policy.review_arrival(now) }
        }
    });
    command.into_iter().chain([Command::MarkOverdue]).collect()
}
