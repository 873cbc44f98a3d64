//! Bringing what is committed to the functions that act on it: the part that streams, queues and schedules
//! play in a cloud.
//!
//! The history of each case is the outbox. [`events`] moves committed events to their queues, [`work`] hands
//! each queue's messages to its function, [`deadlines`] looks at what is due. Delivery is at least once: a
//! process killed at any instruction loses nothing, and the functions tolerate repeats. Nothing polls: the
//! store wakes whoever waits.

mod backoff;
mod deadlines;
mod events;
mod functions;
mod work;

pub(crate) use backoff::delay;
pub(crate) use functions::Functions;

use lotse_domain::{Queue, ports::Unavailable};
use std::{sync::Arc, time::Duration};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How long to wait after the store did not answer.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// Runs until the server stops; then finishes what is in hand.
pub(crate) async fn run(
    functions: Arc<Functions>,
    check_interval: Duration,
    stopping: CancellationToken,
) -> Result<(), Unavailable> {
    functions.store.release_received().await?;
    let mut loops = JoinSet::new();
    loops.spawn(events::run(functions.store.clone(), stopping.clone()));
    for queue in Queue::ALL {
        loops.spawn(work::run(Arc::clone(&functions), queue, stopping.clone()));
    }
    loops.spawn(deadlines::run(functions, check_interval, stopping));
    while loops.join_next().await.is_some() {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotse_domain::{
        QueueMessage,
        ports::{ParkedDeliveries as _, QueueSender as _},
    };
    use lotse_policy::Policy;
    use lotse_runtime::{Keys, SystemClock, SystemRandom};
    use lotse_store::SqliteStore;
    use lotse_triage::Triage;

    fn functions(store: SqliteStore) -> Arc<Functions> {
        let policy = Arc::new(Policy::shipped().unwrap());
        Arc::new(Functions {
            store,
            triage: Triage::new(&policy),
            policy,
            keys: Keys::new([7; 32]),
            public_url: "http://127.0.0.1".to_owned(),
            clock: SystemClock,
            random: SystemRandom,
        })
    }

    #[tokio::test]
    async fn a_message_that_no_function_can_act_on_is_put_where_a_person_sees_it() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path().join("lotse.db")).unwrap();
        for queue in Queue::ALL {
            let message = QueueMessage { queue, key: "one".to_owned(), body: "nonsense".to_owned() };
            store.send(vec![message]).await.unwrap();
        }
        let stopping = CancellationToken::new();
        let running = tokio::spawn(run(functions(store.clone()), Duration::from_mins(1), stopping.clone()));
        let parked = loop {
            let parked = store.parked(100).await.unwrap();
            if parked.len() == Queue::ALL.len() {
                break parked;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        assert!(parked.iter().all(|message| message.attempts == 1 && !message.reason.is_empty()));
        stopping.cancel();
        running.await.unwrap().unwrap();
    }
}
