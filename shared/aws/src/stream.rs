//! The table's stream on its way to `dispatch`, and what becomes of each record.
//!
//! A stream is read in order: Lambda delivers from the first failed record on again, cuts the batch in two
//! until that record stands alone, and after its last attempt puts it on the failure queue and goes on. Until
//! then nothing behind it in its shard is delivered *by Lambda*. So everything of a batch that can be
//! delivered is delivered first, safety before all else, and only then is the failure told: a broken record
//! holds up its own batch for nothing, and the next for no longer than the mapping's attempts take. What
//! stood behind it is delivered again with each attempt, which the receivers ignore.

use crate::{
    function::{self, Invocation, InvocationError, StartError},
    metrics::Metrics,
};
use aws_lambda_events::{
    dynamodb::EventRecord,
    streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse},
};
use lotse_domain::{Event, RecordedEvent, ports::Unavailable};
use serde::Deserialize as _;
use serde_json::Value;
use std::sync::Arc;
use tokio::time::timeout_at;

/// An item of the table, as the stream has it.
pub use serde_dynamo::Item;

/// The function that a table's stream is for.
pub trait StreamConsumer: Send + Sync + 'static {
    /// The event that a new item of the table is; `None` where the item is something else.
    ///
    /// # Errors
    /// Where the item is an event, and of a form that this version does not know.
    fn read(&self, item: Item) -> Result<Option<RecordedEvent>, Unavailable>;

    /// Delivers events; doing so twice must be harmless.
    fn deliver(&self, events: &[RecordedEvent]) -> impl Future<Output = Result<(), Unavailable>> + Send;
}

/// Serves a stream: polls for batches of its records until Lambda ends the process.
///
/// # Errors
/// Where Lambda's API does not answer.
pub async fn serve_stream<C: StreamConsumer>(consumer: C) -> Result<(), StartError> {
    let consumer = Arc::new(consumer);
    function::poll(move |event, invocation| handle(Arc::clone(&consumer), event, invocation)).await
}

/// Works on one batch of the stream.
///
/// # Errors
/// Where the event is no batch, or a record has no sequence number by which its failure could be told.
async fn handle<C: StreamConsumer>(
    consumer: Arc<C>,
    event: Value,
    invocation: Invocation,
) -> Result<DynamoDbEventResponse, InvocationError> {
    let records = records(event)?;
    let Some(first) = records.first().map(|(sequence, _)| sequence.clone()) else {
        return Ok(DynamoDbEventResponse::default());
    };
    let mut events = Vec::new();
    let mut first_broken = None;
    for (sequence, record) in records {
        match read(consumer.as_ref(), record) {
            Ok(event) => events.extend(event),
            Err(reason) => {
                tracing::error!(stream.sequence = sequence, reason, "a record cannot be read");
                first_broken.get_or_insert(sequence);
            }
        }
    }
    let failed = match timeout_at(invocation.until, consumer.deliver(&events)).await {
        Ok(Ok(())) => {
            tracing::info!(events = events.len(), "events are delivered");
            count(&events).emit();
            first_broken
        }
        Ok(Err(error)) => {
            tracing::error!(%error, events = events.len(), "events could not be delivered; all come again");
            Some(first)
        }
        Err(_) => {
            tracing::error!(events = events.len(), "delivering took too long; all events come again");
            Some(first)
        }
    };
    let mut response = DynamoDbEventResponse::default();
    response.batch_item_failures.extend(failed.map(|sequence| {
        let mut failure = DynamoDbBatchItemFailure::default();
        failure.item_identifier = Some(sequence);
        failure
    }));
    Ok(response)
}

/// The records of a batch with their sequence numbers, in order.
fn records(event: Value) -> Result<Vec<(String, Value)>, InvocationError> {
    let Value::Object(mut event) = event else { return Err(not_a_batch()) };
    let Some(Value::Array(records)) = event.remove("Records") else { return Err(not_a_batch()) };
    records
        .into_iter()
        .map(|record| {
            let sequence = record.pointer("/dynamodb/SequenceNumber").and_then(Value::as_str);
            let sequence = sequence
                .map(str::to_owned)
                .ok_or_else(|| InvocationError("a record of the stream has no sequence number".to_owned()))?;
            Ok((sequence, record))
        })
        .collect()
}

fn not_a_batch() -> InvocationError {
    InvocationError("the event is no batch of a table's stream; check the function's event source".to_owned())
}

/// The event of one record. The reason why there is none repeats nothing of the item.
fn read<C: StreamConsumer>(consumer: &C, record: Value) -> Result<Option<RecordedEvent>, String> {
    // Only what is written is an event: nothing is taken out of a history.
    if record.get("eventName").and_then(Value::as_str) == Some("REMOVE") {
        return Ok(None);
    }
    let record = EventRecord::deserialize(record)
        .map_err(|error| format!("it has not the form that streams give ({:?})", error.classify()))?;
    consumer.read(record.change.new_image).map_err(|error| function::Chain(&error).to_string())
}

/// What the delivered events mean for whoever watches the desk. Counted here because every event of every
/// case comes by, once as a rule; a repeat after a failure counts twice.
fn count(events: &[RecordedEvent]) -> Metrics {
    let number = |is: fn(&Event) -> usize| events.iter().map(|recorded| is(&recorded.event)).sum();
    Metrics::default()
        .count("CasesOpened", number(|event| usize::from(matches!(event, Event::CaseOpened { .. }))))
        .count("MessagesReceived", number(|event| usize::from(event.received_message().is_some())))
        .count("MessagesSent", number(|event| usize::from(matches!(event, Event::MessageSent { .. }))))
        .count(
            "MessagesWithheld",
            number(|event| usize::from(matches!(event, Event::MessageWithheld { .. }))),
        )
        .count("AddressesFailed", number(|event| usize::from(matches!(event, Event::AddressFailed { .. }))))
        .count("SafetyFlagged", number(flags_raised))
        .count("SafetyHandedOver", number(flags_handed_over))
        .count("BecameOverdue", number(overdue))
}

fn flags_raised(event: &Event) -> usize {
    match event {
        Event::Classified { flags, .. } => flags.len(),
        _ => 0,
    }
}

fn flags_handed_over(event: &Event) -> usize {
    match event {
        Event::SafetyHandedOver { flags, .. } => flags.len(),
        _ => 0,
    }
}

fn overdue(event: &Event) -> usize {
    match event {
        Event::BecameOverdue { requests, flags } => requests.len() + flags.len(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
