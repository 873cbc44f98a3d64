//! One queue's messages on their way to its function.

use crate::pump::{Functions, STORE_PAUSE, delay};
use jiff::SignedDuration;
use lotse_domain::{
    Failure, Queue,
    ports::{Clock as _, Unavailable},
};
use lotse_store::{Delivery, Subject};
use std::{sync::Arc, time::Duration};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Messages of one queue that are worked on at once.
const AT_ONCE: usize = 4;
/// How long a message stays with whoever took it. Functions need milliseconds.
const VISIBILITY: SignedDuration = SignedDuration::from_mins(5);
/// After so many attempts, spread over about a quarter of an hour, a person must look.
const MOST_ATTEMPTS: u32 = 10;
const FIRST_DELAY: SignedDuration = SignedDuration::from_secs(1);
const LONGEST_DELAY: SignedDuration = SignedDuration::from_mins(5);
/// How long to wait where nothing is due: whatever comes wakes the queue earlier.
const IDLE: Duration = Duration::from_hours(1);

/// Hands the queue's messages to its function until the server stops; then waits for those in hand.
pub(super) async fn run(functions: Arc<Functions>, queue: Queue, stopping: CancellationToken) {
    let mut changes = functions.store.changes(Subject::Queue(queue));
    let mut jobs = JoinSet::new();
    while !stopping.is_cancelled() {
        let received = match receive(&functions, queue, AT_ONCE.saturating_sub(jobs.len())).await {
            Ok(received) => received,
            Err(error) => {
                tracing::error!(queue = queue.name(), %error, "a queue could not be read; trying again");
                tokio::time::sleep(STORE_PAUSE).await;
                continue;
            }
        };
        let came = !received.is_empty();
        for delivery in received {
            jobs.spawn(act(Arc::clone(&functions), delivery));
        }
        if came && jobs.len() < AT_ONCE {
            continue;
        }
        let wait = wait_for_due(&functions, queue).await;
        tokio::select! {
            // A message that failed is due again at a time that is known only now.
            Some(_) = jobs.join_next() => {}
            () = changes.next(), if jobs.len() < AT_ONCE => {}
            () = tokio::time::sleep(wait), if jobs.len() < AT_ONCE => {}
            () = stopping.cancelled() => {}
        }
    }
    while jobs.join_next().await.is_some() {}
}

async fn receive(functions: &Functions, queue: Queue, limit: usize) -> Result<Vec<Delivery>, Unavailable> {
    if limit == 0 {
        return Ok(Vec::new());
    }
    functions.store.receive(queue, functions.clock.now(), VISIBILITY, limit).await
}

/// How long until a message becomes visible that is not yet.
async fn wait_for_due(functions: &Functions, queue: Queue) -> Duration {
    match functions.store.next_due(queue).await {
        Ok(Some(due)) => {
            Duration::try_from(functions.clock.now().duration_until(due)).unwrap_or_default().min(IDLE)
        }
        Ok(None) => IDLE,
        Err(_) => STORE_PAUSE,
    }
}

/// Lets the function act on one message, and says to the store what became of it.
async fn act(functions: Arc<Functions>, delivery: Delivery) {
    let Delivery { id, queue, body, attempts, .. } = delivery;
    let acting = {
        let functions = Arc::clone(&functions);
        async move { functions.handle(queue, &body).await }
    };
    let outcome = outcome_of(acting).await;
    let now = functions.clock.now();
    let told = match outcome {
        Ok(()) => functions.store.complete(id).await,
        Err(failure) if attempts >= MOST_ATTEMPTS || matches!(failure, Failure::Park(_)) => {
            tracing::error!(queue = queue.name(), message = id.0, attempts, error = %failure, "parked");
            functions.store.park(id, now, &failure.to_string()).await
        }
        Err(failure) => {
            let wait = delay(attempts, FIRST_DELAY, LONGEST_DELAY, &functions.random);
            let at = now.saturating_add(wait).unwrap_or(now);
            tracing::warn!(queue = queue.name(), message = id.0, attempts, error = %failure, "failed");
            functions.store.retry_at(id, at, &failure.to_string()).await
        }
    };
    if let Err(error) = told {
        // It comes again when its time out of sight is over; acting twice changes nothing.
        tracing::error!(queue = queue.name(), message = id.0, %error, "an outcome could not be stored");
    }
}

/// What acting led to. It happens in a task of its own, so that a panic ends that task and nothing else.
async fn outcome_of(
    acting: impl Future<Output = Result<(), Failure>> + Send + 'static,
) -> Result<(), Failure> {
    tokio::spawn(acting).await.unwrap_or_else(|_| Err(Failure::retry("the function panicked")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_failure_like_any_other() {
        let outcome = outcome_of(async { panic!("on purpose") }).await;
        assert!(matches!(outcome, Err(Failure::Retry(_))));
        assert!(outcome_of(async { Ok(()) }).await.is_ok());
    }
}
