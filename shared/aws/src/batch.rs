//! A batch of queue messages on its way to a function, and what becomes of each of them.
//!
//! Each message is read by itself, acted on by itself, and answered for by itself (`batchItemFailures`): one
//! that is broken, or whose handling panics, keeps none of the others from being done with.

use crate::{
    function::{self, Invocation, InvocationError, StartError},
    metrics::Metrics,
};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsMessage};
use lotse_domain::{EventNotice, Failure, ports::Unavailable};
use serde::Deserialize as _;
use serde_json::Value;
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::{
    task::{self, JoinSet},
    time::{Instant, timeout_at},
};
use tracing::{
    Instrument as _, Span,
    field::{Empty, display},
};

/// Messages of one batch that are worked on at once: their work is waiting for the store.
const AT_ONCE: usize = 8;

/// No message is begun with less time left: it would be given up half-way, and done again.
const LEAST_TIME: Duration = Duration::from_secs(2);

/// A function that acts on the messages of a queue.
pub trait Consumer: Send + Sync + 'static {
    /// Acts on one message; doing so twice must be harmless.
    fn consume(&self, body: &str) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// What lies around a function's queue.
pub trait QueueSurroundings: Send + Sync + 'static {
    /// The message itself, where `body` only says where it is kept because it is too large for a queue.
    fn whole_body(&self, body: String) -> impl Future<Output = Result<String, Failure>> + Send;

    /// Puts a message that can never be acted on where a person sees it, with the reason. On `Ok` it is safe.
    fn park(
        &self,
        body: &str,
        attempts: u32,
        reason: &str,
    ) -> impl Future<Output = Result<(), Unavailable>> + Send;
}

/// Serves a queue: polls for batches of its messages until Lambda ends the process.
///
/// # Errors
/// Where Lambda's API does not answer.
pub async fn serve_queue<C: Consumer, Q: QueueSurroundings>(
    consumer: C,
    surroundings: Q,
) -> Result<(), StartError> {
    let worker = Arc::new(Worker { consumer, surroundings });
    function::poll(move |event, invocation| handle(Arc::clone(&worker), event, invocation)).await
}

struct Worker<C, Q> {
    consumer: C,
    surroundings: Q,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Done,
    Parked,
    /// The queue delivers it again.
    Again,
}

/// Works on one event of the queue.
///
/// # Errors
/// Where the event is no batch, or a message has no id by which its failure could be told: then all are
/// delivered again, which those that are done with tolerate.
async fn handle<C: Consumer, Q: QueueSurroundings>(
    worker: Arc<Worker<C, Q>>,
    event: Value,
    invocation: Invocation,
) -> Result<SqsBatchResponse, InvocationError> {
    let mut batch = Batch::default();
    let mut running = JoinSet::new();
    let mut has_nameless = false;
    for (number, record) in records(event)?.into_iter().enumerate() {
        let Some(id) = record.get("messageId").and_then(Value::as_str).map(str::to_owned) else {
            tracing::error!(
                record.number = number,
                "a message has no id; all of its batch is delivered again"
            );
            has_nameless = true;
            continue;
        };
        if running.len() >= AT_ONCE {
            batch.note_next(&mut running).await;
        }
        // The first begins in any case: a function with little time must not stand still.
        if number > 0 && Instant::now() + LEAST_TIME > invocation.until {
            tracing::warn!(sqs.message_id = id, "no time is left for a message; it is delivered again");
            batch.note(id, Outcome::Again);
            continue;
        }
        let work = act(Arc::clone(&worker), record, invocation.until);
        let task = running.spawn(work.instrument(span_of(&invocation, &id)));
        batch.ids.insert(task.id(), id);
    }
    while !running.is_empty() {
        batch.note_next(&mut running).await;
    }
    batch.emit_metrics();
    if has_nameless {
        return Err(InvocationError("a message of the batch has no id".to_owned()));
    }
    Ok(batch.response)
}

fn records(event: Value) -> Result<Vec<Value>, InvocationError> {
    match event {
        Value::Object(mut event) => match event.remove("Records") {
            Some(Value::Array(records)) => Ok(records),
            _ => Err(not_a_batch()),
        },
        _ => Err(not_a_batch()),
    }
}

fn not_a_batch() -> InvocationError {
    InvocationError("the event is no batch of queue messages; check the function's event source".to_owned())
}

/// What is known of a batch so far.
#[derive(Default)]
struct Batch {
    /// Messages by the tasks that work on them: a task that panics tells no more than its id.
    ids: HashMap<task::Id, String>,
    response: SqsBatchResponse,
    parked: usize,
    again: usize,
    durations: Vec<Duration>,
}

impl Batch {
    async fn note_next(&mut self, running: &mut JoinSet<(Outcome, Duration)>) {
        match running.join_next_with_id().await {
            Some(Ok((task, (outcome, duration)))) => {
                self.durations.push(duration);
                self.note_task(task, outcome);
            }
            Some(Err(error)) => {
                let id = self.ids.get(&error.id());
                tracing::error!(sqs.message_id = id, "a message's handling panicked; it is delivered again");
                self.note_task(error.id(), Outcome::Again);
            }
            None => {}
        }
    }

    fn note_task(&mut self, task: task::Id, outcome: Outcome) {
        if let Some(id) = self.ids.remove(&task) {
            self.note(id, outcome);
        }
    }

    fn note(&mut self, id: String, outcome: Outcome) {
        match outcome {
            Outcome::Done => {}
            Outcome::Parked => self.parked += 1,
            Outcome::Again => {
                self.again += 1;
                self.response.add_failure(id);
            }
        }
    }

    fn emit_metrics(&self) {
        Metrics::default()
            .count("Parked", self.parked)
            .count("Retried", self.again)
            .durations("Duration", &self.durations)
            .emit();
    }
}

/// Acts on one message, and settles what becomes of it.
async fn act<C: Consumer, Q: QueueSurroundings>(
    worker: Arc<Worker<C, Q>>,
    record: Value,
    until: Instant,
) -> (Outcome, Duration) {
    let begun = Instant::now();
    let outcome = timeout_at(until, settle(&worker, record)).await.unwrap_or_else(|_| {
        tracing::error!("a message took too long; it is delivered again");
        Outcome::Again
    });
    (outcome, begun.elapsed())
}

async fn settle<C: Consumer, Q: QueueSurroundings>(worker: &Worker<C, Q>, record: Value) -> Outcome {
    let Worker { consumer, surroundings } = worker;
    let begun = Instant::now();
    let message = match SqsMessage::deserialize(record) {
        Ok(message) => message,
        Err(error) => {
            tracing::error!(%error, "a message has not the form that queues give; it is delivered again");
            return Outcome::Again;
        }
    };
    let attempts = attempts(&message);
    let body = message.body.unwrap_or_default();
    let consumed = match surroundings.whole_body(body.clone()).await {
        Ok(whole) => {
            name_case(&whole);
            consumer.consume(&whole).await
        }
        Err(failure) => Err(failure),
    };
    let duration_ms = begun.elapsed().as_millis();
    match &consumed {
        Ok(()) => tracing::info!(duration_ms, attempts, "a message is done with"),
        Err(failure) => {
            let error = function::Chain(failure);
            tracing::error!(duration_ms, attempts, %error, "a message could not be acted on");
        }
    }
    match consumed {
        Ok(()) => Outcome::Done,
        Err(Failure::Retry(_)) => Outcome::Again,
        Err(Failure::Park(cause)) => {
            let reason = function::Chain(cause.as_ref()).to_string();
            match surroundings.park(&body, attempts, &reason).await {
                Ok(()) => Outcome::Parked,
                Err(error) => {
                    tracing::error!(%error, "a message could not be parked; it is delivered again");
                    Outcome::Again
                }
            }
        }
    }
}

/// How often the queue has delivered a message, this time included.
fn attempts(message: &SqsMessage) -> u32 {
    let count = message.attributes.get("ApproximateReceiveCount");
    count.and_then(|count| count.parse().ok()).unwrap_or(1)
}

/// What each log line about a message carries. The case is filled in once the message has been read.
fn span_of(invocation: &Invocation, message_id: &str) -> Span {
    let Invocation { request_id, xray_trace_id, .. } = invocation;
    tracing::error_span!(
        "message",
        request_id,
        xray_trace_id,
        sqs.message_id = message_id,
        case.id = Empty,
        event.id = Empty,
        event.r#type = Empty,
    )
}

/// Names the case in the log lines that follow, where the message is a notice of what happened to one.
fn name_case(body: &str) {
    if let Ok(notice) = serde_json::from_str::<EventNotice>(body) {
        let span = Span::current();
        span.record("case.id", display(notice.subject));
        span.record("event.id", display(notice.id.0));
        span.record("event.type", notice.kind);
    }
}

#[cfg(test)]
mod tests;
