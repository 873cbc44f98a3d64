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
