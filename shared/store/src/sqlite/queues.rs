//! The queues between functions, for one process: at least once, with a time out of sight, and a place for
//! messages that a person must look at.

use super::{
    SqliteStore, Subject,
    columns::{nanoseconds, rows, time},
    error::{Fault, UnreadableText},
};
use jiff::{SignedDuration, Timestamp};
use lotse_domain::{
    Queue, QueueMessage,
    ports::{ParkedDeliveries, ParkedDelivery, QueueSender, Unavailable},
};
use rusqlite::{Connection, params};

/// A message's number, over all queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeliveryId(pub i64);

/// A message in the hand of a reader, who says what became of it: [`complete`](SqliteStore::complete),
/// [`retry_at`](SqliteStore::retry_at) or [`park`](SqliteStore::park). Whoever says nothing loses it to the
/// next reader once the time out of sight is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The message.
    pub id: DeliveryId,
    /// Its queue.
    pub queue: Queue,
    /// JSON.
    pub body: String,
    /// How often it was received, this time included: 1 at first.
    pub attempts: u32,
    /// Why the last attempt failed, where it did and said so.
    pub last_failure: Option<String>,
}

impl QueueSender for SqliteStore {
    /// All or none. A message whose key its queue has seen, however long ago, is dropped.
    async fn send(&self, messages: Vec<QueueMessage>) -> Result<(), Unavailable> {
        let subjects = messages.iter().map(|message| Subject::Queue(message.queue)).collect();
        self.write(subjects, move |connection| {
            messages.iter().try_for_each(|message| enqueue(connection, message))
        })
        .await
    }
}

impl SqliteStore {
    /// Takes up to `limit` messages that are visible at `now`, those visible longest first, and hides them
    /// for `visibility`.
    pub async fn receive(
        &self,
        queue: Queue,
        now: Timestamp,
        visibility: SignedDuration,
        limit: usize,
    ) -> Result<Vec<Delivery>, Unavailable> {
        let hidden_until = now.saturating_add(visibility).unwrap_or(Timestamp::MAX);
        self.write(Vec::new(), move |connection| {
            let mut statement = connection.prepare_cached(
                "UPDATE queue_messages SET attempts = attempts + 1, in_hand = 1, visible_at = ?3
                 WHERE id IN (SELECT id FROM queue_messages WHERE queue = ?1 AND visible_at <= ?2
                              ORDER BY visible_at, id LIMIT ?4)
                 RETURNING id, body, attempts, last_failure",
            )?;
            let times = (nanoseconds(now), nanoseconds(hidden_until));
            let received = statement.query_and_then(
                params![queue.name(), times.0, times.1, rows(limit)],
                |row| -> Result<_, Fault> {
                    let id = DeliveryId(row.get(0)?);
                    let (body, attempts, last_failure) = (row.get(1)?, row.get(2)?, row.get(3)?);
                    Ok(Delivery { id, queue, body, attempts, last_failure })
                },
            )?;
            let mut received: Vec<Delivery> = received.collect::<Result<_, _>>()?;
            // RETURNING promises no order.
            received.sort_by_key(|delivery| delivery.id);
            Ok(received)
        })
        .await
    }

    /// When the queue's next message becomes visible, those in hand included; `None` where it is empty.
    /// May lie in the past.
    pub async fn next_due(&self, queue: Queue) -> Result<Option<Timestamp>, Unavailable> {
        self.read(move |connection| {
            let mut statement =
                connection.prepare_cached("SELECT min(visible_at) FROM queue_messages WHERE queue = ?1")?;
            let visible_at: Option<i64> = statement.query_row([queue.name()], |row| row.get(0))?;
            Ok(visible_at.map(time))
        })
        .await
    }

    /// Makes visible what was in a reader's hand when the process before ended. For the one process that
    /// reads the queues, at its start.
    pub async fn release_received(&self) -> Result<(), Unavailable> {
        let subjects = Queue::ALL.into_iter().map(Subject::Queue).collect();
        self.write(subjects, |connection| {
            connection
                .execute("UPDATE queue_messages SET visible_at = 0, in_hand = 0 WHERE in_hand = 1", [])?;
            Ok(())
        })
        .await
    }

    /// The message was acted on: forgets all but its key. One that is gone already counts as completed.
    pub async fn complete(&self, id: DeliveryId) -> Result<(), Unavailable> {
        self.write(Vec::new(), move |connection| {
            connection.prepare_cached("DELETE FROM queue_messages WHERE id = ?1")?.execute([id.0])?;
            Ok(())
        })
        .await
    }

    /// The message could not be acted on yet: makes it visible again at `at`. `reason` holds no personal data.
    pub async fn retry_at(&self, id: DeliveryId, at: Timestamp, reason: &str) -> Result<(), Unavailable> {
        let reason = reason.to_owned();
        self.write(Vec::new(), move |connection| {
            let mut statement = connection.prepare_cached(
                "UPDATE queue_messages SET visible_at = ?2, in_hand = 0, last_failure = ?3 WHERE id = ?1",
            )?;
            statement.execute(params![id.0, nanoseconds(at), reason])?;
            Ok(())
        })
        .await
    }

    /// The message can never be acted on: puts it where a person sees it. `reason` holds no personal data.
    pub async fn park(&self, id: DeliveryId, at: Timestamp, reason: &str) -> Result<(), Unavailable> {
        let reason = reason.to_owned();
        self.write(Vec::new(), move |connection| {
            let mut statement = connection.prepare_cached(
                "INSERT INTO parked_messages (id, queue, body, attempts, reason, parked_at)
                 SELECT id, queue, body, attempts, ?2, ?3 FROM queue_messages WHERE id = ?1",
            )?;
            statement.execute(params![id.0, reason, nanoseconds(at)])?;
            connection.prepare_cached("DELETE FROM queue_messages WHERE id = ?1")?.execute([id.0])?;
            Ok(())
        })
        .await
    }
}

impl ParkedDeliveries for SqliteStore {
    async fn parked(&self, limit: usize) -> Result<Vec<ParkedDelivery>, Unavailable> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, queue, body, attempts, reason, parked_at FROM parked_messages
                 ORDER BY parked_at DESC, id DESC LIMIT ?1",
            )?;
            let parked = statement.query_and_then([rows(limit)], |row| {
                Ok(ParkedDelivery {
                    id: row.get::<_, i64>(0)?.to_string(),
                    queue: queue_named(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?)?,
                    body: row.get(2)?,
                    attempts: row.get(3)?,
                    reason: row.get(4)?,
                    parked_at: time(row.get(5)?),
                })
            })?;
            parked.collect()
        })
        .await
    }

    /// It is tried as if it came for the first time.
    async fn retry_parked(&self, id: &str) -> Result<bool, Unavailable> {
        let Ok(id) = id.parse().map(DeliveryId) else { return Ok(false) };
        let subjects = Queue::ALL.into_iter().map(Subject::Queue).collect();
        self.write(subjects, move |connection| {
            let mut statement = connection.prepare_cached(
                "INSERT INTO queue_messages (id, queue, body, visible_at, last_failure)
                 SELECT id, queue, body, 0, reason FROM parked_messages WHERE id = ?1",
            )?;
            statement.execute([id.0])?;
            let mut statement = connection.prepare_cached("DELETE FROM parked_messages WHERE id = ?1")?;
            Ok(statement.execute([id.0])? > 0)
        })
        .await
    }
}

fn queue_named(name: &str) -> Result<Queue, Fault> {
    let unknown = UnreadableText { what: "a queue's name", place: String::new() };
    Queue::named(name).ok_or(unknown.into())
}

/// Puts a message into its queue unless the queue has seen its key.
pub(super) fn enqueue(connection: &Connection, message: &QueueMessage) -> Result<(), Fault> {
    let mut key = connection
        .prepare_cached("INSERT INTO queue_keys (queue, key) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
    if key.execute([message.queue.name(), &message.key])? == 0 {
        return Ok(());
    }
    let mut insert = connection
        .prepare_cached("INSERT INTO queue_messages (queue, body, visible_at) VALUES (?1, ?2, 0)")?;
    insert.execute([message.queue.name(), &message.body])?;
    Ok(())
}
