//! What lies around the queue that a function reads.

use crate::{LargeMessages, OwnQueueSettings, ParkingQueue, QueueSurroundings, SdkConfig};
use lotse_domain::{Failure, ports::Unavailable};

/// The bucket of messages that are too large for a queue, and the dead-letter queue.
#[derive(Clone, Debug)]
pub struct OwnQueue {
    large: LargeMessages,
    parked: ParkingQueue,
}

impl OwnQueue {
    /// As the function's environment says.
    pub fn new(config: &SdkConfig, settings: OwnQueueSettings) -> Self {
        let OwnQueueSettings { bucket, parked } = settings;
        Self { large: LargeMessages::new(config, bucket), parked: ParkingQueue::new(config, parked) }
    }
}

impl QueueSurroundings for OwnQueue {
    async fn whole_body(&self, body: String) -> Result<String, Failure> {
        self.large.whole_body(body).await
    }

    async fn park(&self, body: &str, attempts: u32, reason: &str) -> Result<(), Unavailable> {
        self.parked.park(body, attempts, reason).await
    }
}
