//! The history as an outbox: which events the queues do not have yet.

use super::{SqliteStore, Subject, cases::read_event, columns::rows, error::Fault, queues::enqueue};
use lotse_domain::{
    EventId, QueueMessage, RecordedEvent,
    ports::{EventFeed, Unavailable},
};
use rusqlite::{Connection, params};

impl EventFeed for SqliteStore {
    async fn undelivered(&self, limit: usize) -> Result<Vec<RecordedEvent>, Unavailable> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT recorded FROM undelivered_events JOIN events USING (position)
                 ORDER BY position LIMIT ?1",
            )?;
            statement.query_and_then([rows(limit)], read_event)?.collect()
        })
        .await
    }

    async fn mark_delivered(&self, events: &[EventId]) -> Result<(), Unavailable> {
        let events = events.to_vec();
        self.write(Vec::new(), move |connection| mark(connection, &events)).await
    }
}

impl SqliteStore {
    /// Puts messages into their queues and marks the events that they tell of delivered, both or neither:
    /// with queues in the same file, an event reaches its queues exactly once.
    pub async fn deliver(
        &self,
        messages: Vec<QueueMessage>,
        delivered: Vec<EventId>,
    ) -> Result<(), Unavailable> {
        let subjects = messages.iter().map(|message| Subject::Queue(message.queue)).collect();
        self.write(subjects, move |connection| {
            messages.iter().try_for_each(|message| enqueue(connection, message))?;
            mark(connection, &delivered)
        })
        .await
    }
}

fn mark(connection: &Connection, events: &[EventId]) -> Result<(), Fault> {
    let mut delete = connection.prepare_cached(
        "DELETE FROM undelivered_events WHERE position =
             (SELECT position FROM events
              WHERE case_number = (SELECT number FROM cases WHERE case_id = ?1) AND sequence = ?2)",
    )?;
    for event in events {
        delete.execute(params![event.case.to_string(), event.sequence])?;
    }
    Ok(())
}
