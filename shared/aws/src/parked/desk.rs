//! The dead-letter queues as the desk's administrators see them.

use super::{ATTEMPTS, REASON, SEND};
use crate::CallError;
use aws_config::SdkConfig;
use aws_sdk_sqs::{
    Client,
    types::{ChangeMessageVisibilityBatchRequestEntry, Message, MessageSystemAttributeName},
};
use futures_util::future::try_join_all;
use jiff::Timestamp;
use lotse_domain::{
    Queue,
    ports::{ParkedDeliveries, ParkedDelivery, Unavailable},
};

/// Messages of one call (Amazon SQS API Reference, `ReceiveMessage`: up to ten).
const MOST_AT_ONCE: usize = 10;
/// How long a message that is being looked at stays hidden, in seconds, should the look not end by itself:
/// longer than any page takes.
const HIDDEN: i32 = 30;
/// How long to wait for a message, in seconds. Without a wait SQS asks some of its servers only, and overlooks
/// messages where there are few.
const WAIT: i32 = 1;
/// Messages of one queue that are looked through for one of them. Who has more has a fault to mend first, and
/// then moves them all at once, as the operator's guide says.
const MOST_SEARCHED: usize = 1000;

const RECEIVE: &str = "SQS ReceiveMessage";

/// A queue with its dead-letter queue.
#[derive(Clone, Debug)]
struct Pair {
    queue: Queue,
    /// The URL of the queue that the function reads.
    source: String,
    /// The URL of its dead-letter queue.
    parked: String,
}

/// The dead-letter queues of all functions.
///
/// SQS has no way to look at messages without receiving them: a look hides them from other looks for as long
/// as it takes, and counts as an attempt in SQS's own counter.
#[derive(Clone, Debug)]
pub struct SqsParked {
    client: Client,
    pairs: Vec<Pair>,
    redriven_after: u32,
}

impl SqsParked {
    /// The dead-letter queues of the queues given, each with the URL of the queue itself and of its
    /// dead-letter queue. `redriven_after` is how often SQS lets a message fail before it moves it there
    /// (`maxReceiveCount`).
    pub fn new(
        config: &SdkConfig,
        queues: impl IntoIterator<Item = (Queue, String, String)>,
        redriven_after: u32,
    ) -> Self {
        Self::with_client(Client::new(config), queues, redriven_after)
    }

    pub(super) fn with_client(
        client: Client,
        queues: impl IntoIterator<Item = (Queue, String, String)>,
        redriven_after: u32,
    ) -> Self {
        let pairs = queues.into_iter().map(|(queue, source, parked)| Pair { queue, source, parked });
        Self { client, pairs: pairs.collect(), redriven_after }
    }

    /// Takes up to ten messages into the hand.
    async fn receive(&self, pair: &Pair) -> Result<Vec<Message>, Unavailable> {
        let output = self
            .client
            .receive_message()
            .queue_url(&pair.parked)
            .max_number_of_messages(i32::try_from(MOST_AT_ONCE).unwrap_or(1))
            .visibility_timeout(HIDDEN)
            .wait_time_seconds(WAIT)
            .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp)
            .message_attribute_names(REASON)
            .message_attribute_names(ATTEMPTS)
            .send()
            .await
            .map_err(|error| CallError::new(RECEIVE, &error))?;
        Ok(output.messages.unwrap_or_default())
    }

    /// Takes messages into the hand until there are `limit`, or no more, or the one looked for is among them.
    async fn take(
        &self,
        pair: &Pair,
        limit: usize,
        is_wanted: impl Fn(&Message) -> bool,
    ) -> Result<Vec<Message>, Unavailable> {
        let mut taken: Vec<Message> = Vec::new();
        while taken.len() < limit {
            let before = taken.len();
            for message in self.receive(pair).await? {
                // SQS may hand one out twice; the later receipt is the one that counts.
                match taken.iter_mut().find(|known| known.message_id() == message.message_id()) {
                    Some(known) => *known = message,
                    None => taken.push(message),
                }
            }
            if taken.len() == before || taken.iter().any(&is_wanted) {
                break;
            }
        }
        Ok(taken)
    }

    /// Lets go of messages, so that the next look finds them. One that cannot be let go of comes back by itself.
    async fn release(&self, pair: &Pair, messages: &[Message]) {
        for part in messages.chunks(MOST_AT_ONCE) {
            let entries = part.iter().enumerate().filter_map(|(place, message)| {
                ChangeMessageVisibilityBatchRequestEntry::builder()
                    .id(place.to_string())
                    .receipt_handle(message.receipt_handle()?)
                    .visibility_timeout(0)
                    .build()
                    .ok()
            });
            let call = self.client.change_message_visibility_batch().queue_url(&pair.parked);
            if let Err(error) = call.set_entries(Some(entries.collect())).send().await {
                let error = CallError::new("SQS ChangeMessageVisibilityBatch", &error);
                tracing::warn!(queue = pair.queue.name(), %error, "parked messages stay hidden for a while");
            }
        }
    }

    async fn parked_of(&self, pair: &Pair, limit: usize) -> Result<Vec<ParkedDelivery>, Unavailable> {
        let messages = self.take(pair, limit, |_| false).await?;
        self.release(pair, &messages).await;
        Ok(messages.into_iter().map(|message| self.describe(pair.queue, message)).collect())
    }

    fn describe(&self, queue: Queue, message: Message) -> ParkedDelivery {
        let attribute = |name| {
            let attributes = message.message_attributes.as_ref();
            attributes.and_then(|all| all.get(name)).and_then(|value| value.string_value())
        };
        let attempts =
            attribute(ATTEMPTS).and_then(|count| count.parse().ok()).unwrap_or(self.redriven_after);
        let reason = attribute(REASON).map_or_else(
            || format!("failed {attempts} times; the log of {} says why", queue.name()),
            str::to_owned,
        );
        let sent =
            message.attributes.as_ref().and_then(|all| all.get(&MessageSystemAttributeName::SentTimestamp));
        let parked_at =
            sent.and_then(|text| text.parse().ok()).and_then(|time| Timestamp::from_millisecond(time).ok());
        ParkedDelivery {
            id: format!("{}.{}", queue.name(), message.message_id.unwrap_or_default()),
            queue,
            body: message.body.unwrap_or_default(),
            attempts,
            reason,
            parked_at: parked_at.unwrap_or(Timestamp::UNIX_EPOCH),
        }
    }

    /// First into its queue, then out of the dead-letter queue: a crash in between leaves it in both, and its
    /// function ignores the repeat. The other order could lose it.
    async fn put_back(&self, pair: &Pair, message: &Message) -> Result<(), Unavailable> {
        self.client
            .send_message()
            .queue_url(&pair.source)
            .message_body(message.body().unwrap_or_default())
            .send()
            .await
            .map_err(|error| CallError::new(SEND, &error))?;
        self.client
            .delete_message()
            .queue_url(&pair.parked)
            .set_receipt_handle(message.receipt_handle.clone())
            .send()
            .await
            .map_err(|error| CallError::new("SQS DeleteMessage", &error))?;
        Ok(())
    }
}

impl ParkedDeliveries for SqsParked {
    /// The time is when the message was parked; for one that SQS moved it is when it was sent first, since SQS
    /// notes no other. Where a queue holds more than `limit`, which of them are seen is chance. The body of a
    /// large message is its pointer.
    async fn parked(&self, limit: usize) -> Result<Vec<ParkedDelivery>, Unavailable> {
        let all = try_join_all(self.pairs.iter().map(|pair| self.parked_of(pair, limit))).await?;
        let mut all: Vec<ParkedDelivery> = all.into_iter().flatten().collect();
        all.sort_by(|one, other| other.parked_at.cmp(&one.parked_at).then_with(|| one.id.cmp(&other.id)));
        all.truncate(limit);
        Ok(all)
    }

    async fn retry_parked(&self, id: &str) -> Result<bool, Unavailable> {
        let Some((queue, message_id)) = id.split_once('.') else { return Ok(false) };
        let Some(pair) = self.pairs.iter().find(|pair| pair.queue.name() == queue) else { return Ok(false) };
        let is_wanted = |message: &Message| message.message_id() == Some(message_id);
        let mut taken = self.take(pair, MOST_SEARCHED, is_wanted).await?;
        let wanted = taken.iter().position(is_wanted).map(|place| taken.swap_remove(place));
        let put_back = match &wanted {
            Some(message) => self.put_back(pair, message).await.map(|()| true),
            None => Ok(false),
        };
        self.release(pair, &taken).await;
        put_back
    }
}
