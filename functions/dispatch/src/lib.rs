//! Brings committed events to the queues of the functions that act on them.
//!
//! The history of a case is its outbox: on AWS the table's stream hands over what was committed, embedded a
//! pump reads it. This function is the only sender to the queues. It decides from the event alone, so that
//! a repeat gives the same messages with the same keys. A message says *that* something happened to a case
//! (CloudEvents 1.0, see [`EventNotice`]), never what: it carries no personal data.

mod notice;

pub use notice::NoticeType;

use lotse_domain::{
    Destination, Event, EventNotice, Queue, QueueMessage, RecordedEvent,
    ports::{QueueSender, Unavailable},
};

/// The queues that an event goes to, safety first: each queue at most once.
pub fn messages_for(recorded: &RecordedEvent) -> Vec<QueueMessage> {
    types_for(&recorded.event).into_iter().map(|(queue, kind)| message(recorded, queue, kind)).collect()
}

/// Hands the messages of all these events over, those about safety before all others.
///
/// # Errors
/// After an error nothing is known of any of them: deliver all again, receivers tolerate repeats.
pub async fn deliver<S: QueueSender>(sender: &S, events: &[RecordedEvent]) -> Result<(), Unavailable> {
    let mut messages: Vec<QueueMessage> = events.iter().flat_map(messages_for).collect();
    if messages.is_empty() {
        return Ok(());
    }
    // Stable: within each half the order of the events stays.
    messages.sort_by_key(|message| message.queue != Queue::Safety);
    sender.send(messages).await
}

fn types_for(event: &Event) -> Vec<(Queue, NoticeType)> {
    let mut types = Vec::new();
    if event.received_message().is_some() {
        types.push((Queue::Classify, NoticeType::MessageReceived));
    }
    if matches!(event, Event::Classified { flags, .. } if !flags.is_empty()) {
        types.push((Queue::Safety, NoticeType::SafetyFlagged));
    }
    let desks = [
        (Destination::MedicalInformation, Queue::MedicalInformation),
        (Destination::Logistics, Queue::Logistics),
    ];
    for (destination, queue) in desks {
        if !event.requests_sent_to(destination).is_empty() {
            types.push((queue, NoticeType::RequestRouted));
        }
    }
    if let Some(kind) = event.due_message() {
        types.push((Queue::Contact, NoticeType::of_message(kind)));
    }
    types
}

fn message(recorded: &RecordedEvent, queue: Queue, kind: NoticeType) -> QueueMessage {
    let body = serde_json::json!(EventNotice::of(recorded, kind.name())).to_string();
    QueueMessage { queue, key: format!("{}:{}", queue.name(), recorded.id), body }
}
