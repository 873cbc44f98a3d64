//! Committed events on their way to the queues.

use crate::pump::STORE_PAUSE;
use lotse_domain::{EventId, Queue, QueueMessage, ports::EventFeed};
use lotse_store::{SqliteStore, Subject};
use tokio_util::sync::CancellationToken;

/// Events in one step. Small enough that a flood of inquiries does not hold up a safety flag for long.
const STEP: usize = 256;

/// Moves events to their queues as they are committed, until the server stops.
pub(super) async fn run(store: SqliteStore, stopping: CancellationToken) {
    let mut changes = store.changes(Subject::Events);
    while !stopping.is_cancelled() {
        match step(&store).await {
            Ok(0) => tokio::select! {
                () = changes.next() => {}
                () = stopping.cancelled() => {}
            },
            Ok(_) => {}
            Err(error) => {
                tracing::error!(%error, "events could not be brought to their queues; trying again");
                tokio::time::sleep(STORE_PAUSE).await;
            }
        }
    }
}

/// Moves what is there, messages about safety first; how many events that were.
async fn step(store: &SqliteStore) -> Result<usize, lotse_domain::ports::Unavailable> {
    let events = store.undelivered(STEP).await?;
    if events.is_empty() {
        return Ok(0);
    }
    let mut messages: Vec<QueueMessage> = events.iter().flat_map(dispatch::messages_for).collect();
    messages.sort_by_key(|message| message.queue != Queue::Safety);
    let delivered: Vec<EventId> = events.iter().map(|event| event.id).collect();
    store.deliver(messages, delivered).await?;
    Ok(events.len())
}
