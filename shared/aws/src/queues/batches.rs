//! Which messages go out together.

use lotse_domain::Queue;

/// Messages in one call (Amazon SQS API Reference, `SendMessageBatch`: up to ten).
const MOST_MESSAGES: usize = 10;

/// Bytes of all messages of one call, and thereby of each (Amazon SQS Developer Guide, "Message quotas":
/// 1 MiB since August 2025, attributes included), less what attributes need: the reason of a parked message
/// and the trace.
pub(super) const MOST_BYTES: usize = 1024 * 1024 - 4096;

/// Messages of one queue that one call takes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Batch {
    pub(super) queue: Queue,
    pub(super) bodies: Vec<String>,
}

/// Fills batches in the order of the messages. Each body fits by itself.
pub(super) fn in_batches(messages: Vec<(Queue, String)>) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    for (queue, body) in messages {
        // Only the latest batch of a queue may have room: a message never overtakes one of its own queue.
        match batches.iter_mut().rev().find(|batch| batch.queue == queue) {
            Some(batch) if has_room(batch, &body) => batch.bodies.push(body),
            _ => batches.push(Batch { queue, bodies: vec![body] }),
        }
    }
    batches
}

fn has_room(batch: &Batch, body: &str) -> bool {
    let used: usize = batch.bodies.iter().map(String::len).sum();
    batch.bodies.len() < MOST_MESSAGES && used.saturating_add(body.len()) <= MOST_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_takes_ten_messages_of_one_queue() {
        let messages = (0..23).map(|number| {
            let queue = if number % 2 == 0 { Queue::Safety } else { Queue::Classify };
            (queue, number.to_string())
        });
        let batches = in_batches(messages.collect());
        let sizes: Vec<_> = batches.iter().map(|batch| (batch.queue, batch.bodies.len())).collect();
        let expected = [(Queue::Safety, 10), (Queue::Classify, 10), (Queue::Safety, 2), (Queue::Classify, 1)];
        assert_eq!(sizes, expected);
        assert_eq!(batches[0].bodies[..3], ["0", "2", "4"]);
    }

    #[test]
    fn a_call_stays_within_its_bytes() {
        let body = |bytes| (Queue::IntakeMail, "x".repeat(bytes));
        let batches = in_batches(vec![body(MOST_BYTES - 10), body(10), body(1), body(MOST_BYTES)]);
        let sizes: Vec<usize> =
            batches.iter().map(|batch| batch.bodies.iter().map(String::len).sum()).collect();
        assert_eq!(sizes, [MOST_BYTES, 1, MOST_BYTES]);
        assert!(in_batches(Vec::new()).is_empty());
    }
}
