//! Messages to the queues: SQS, in batches.
//!
//! A standard queue remembers no keys, so a repeated message is delivered again; its readers are idempotent.

mod batches;
mod large;

pub use large::LargeMessages;

use crate::CallError;
use aws_config::SdkConfig;
use aws_sdk_sqs::{
    Client,
    types::{BatchResultErrorEntry, SendMessageBatchRequestEntry},
};
use batches::{Batch, in_batches};
use futures_util::{StreamExt as _, stream};
use lotse_domain::{
    Queue, QueueMessage,
    ports::{QueueSender, Unavailable},
};
use std::{collections::BTreeMap, time::Duration};

/// How often a message that SQS did not take is handed to it, the first time included. The SDK repeats whole
/// calls by itself; this is for single messages of a call that went through.
const ATTEMPTS: u32 = 3;
/// The wait before the second attempt; doubles for each further one.
const FIRST_DELAY: Duration = Duration::from_millis(50);
/// Batches on their way at once: enough to hide the time that one takes, few enough to be taken by one
/// function's share of the network.
const AT_ONCE: usize = 8;

const SEND: &str = "SQS SendMessageBatch";

/// The queues that functions read.
#[derive(Clone, Debug)]
pub struct SqsQueues {
    client: Client,
    urls: BTreeMap<Queue, String>,
    large: LargeMessages,
}

impl SqsQueues {
    /// Queues by their URLs. What is too large for a message goes to `large`.
    pub fn new(config: &SdkConfig, urls: BTreeMap<Queue, String>, large: LargeMessages) -> Self {
        Self { client: Client::new(config), urls, large }
    }

    /// Sends one batch until all of it is taken, or SQS says that it never will, or [`ATTEMPTS`] are over.
    async fn send_batch(&self, queue: Queue, bodies: Vec<String>) -> Result<(), Unavailable> {
        let url = self.urls.get(&queue).ok_or_else(|| {
            Unavailable::for_now(format!("the queue {} has no URL in the settings", queue.name()))
        })?;
        let mut left = bodies.into_iter().enumerate().collect();
        let mut delay = FIRST_DELAY;
        let mut attempt = 1;
        loop {
            left = match self.attempt(url, left).await? {
                Taken::All => return Ok(()),
                Taken::AllBut(left, failed) if attempt < ATTEMPTS => {
                    let failed = describe(&failed);
                    tracing::debug!(queue = queue.name(), attempt, failed, "SQS did not take all messages");
                    left
                }
                Taken::AllBut(left, failed) => {
                    let text =
                        format!("{} of the messages were not taken: {}", left.len(), describe(&failed));
                    return Err(CallError::unexpected(SEND, text).into());
                }
            };
            tokio::time::sleep(delay).await;
            delay *= 2;
            attempt += 1;
        }
    }

    /// One call. Says which messages another call may bring through.
    async fn attempt(&self, url: &str, messages: Vec<(usize, String)>) -> Result<Taken, Unavailable> {
        let unbuilt = |error| Unavailable::for_now(CallError::unexpected(SEND, format!("{error}")));
        let entries = messages.iter().map(|(id, body)| {
            SendMessageBatchRequestEntry::builder().id(id.to_string()).message_body(body).build()
        });
        let entries = entries.collect::<Result<Vec<_>, _>>().map_err(unbuilt)?;
        let call = self.client.send_message_batch().queue_url(url).set_entries(Some(entries));
        let output = call.send().await.map_err(|error| CallError::new(SEND, &error))?;
        if let Some(refused) = output.failed().iter().find(|failed| failed.sender_fault()) {
            // Another attempt changes nothing now; somebody may mend the cause, such as a key's policy.
            return Err(CallError::unexpected(SEND, format!("refused: {}", describe_one(refused))).into());
        }
        let is_taken = |id: &str| output.successful().iter().any(|taken| taken.id() == id);
        let left: Vec<_> = messages.into_iter().filter(|(id, _)| !is_taken(&id.to_string())).collect();
        Ok(if left.is_empty() { Taken::All } else { Taken::AllBut(left, output.failed) })
    }
}

/// What SQS took of one call.
enum Taken {
    All,
    /// Everything but these messages, for these reasons.
    AllBut(Vec<(usize, String)>, Vec<BatchResultErrorEntry>),
}

fn describe(failed: &[BatchResultErrorEntry]) -> String {
    failed.first().map_or_else(|| "SQS does not say why".to_owned(), describe_one)
}

fn describe_one(failed: &BatchResultErrorEntry) -> String {
    match failed.message() {
        Some(message) => format!("{}: {message}", failed.code()),
        None => failed.code().to_owned(),
    }
}

impl QueueSender for SqsQueues {
    /// Batches set out in the order of their first messages. One that fails keeps no other from going out.
    async fn send(&self, messages: Vec<QueueMessage>) -> Result<(), Unavailable> {
        let mut fitting = Vec::with_capacity(messages.len());
        for message in messages {
            let body = self.large.fit(message.body).await?;
            fitting.push((message.queue, body));
        }
        let sending =
            in_batches(fitting).into_iter().map(|Batch { queue, bodies }| self.send_batch(queue, bodies));
        let outcomes: Vec<Result<(), Unavailable>> = stream::iter(sending).buffered(AT_ONCE).collect().await;
        outcomes.into_iter().collect()
    }
}

#[cfg(test)]
mod tests;
