//! The environment of `dispatch` on AWS.

use lotse_aws::{SdkConfig, Variables};
use lotse_domain::Queue;
use std::collections::BTreeMap;

/// What the function is told by its environment.
pub(crate) struct Configuration {
    /// What the clients are made from.
    pub(crate) sdk: SdkConfig,
    /// The bucket of messages that are too large for a queue.
    pub(crate) bucket: String,
    /// The queues, by their URLs.
    pub(crate) queues: BTreeMap<Queue, String>,
}

impl Configuration {
    /// Reads it; `None` where something is missing or wrong, which `variables` then remembers.
    pub(crate) fn read(variables: &mut Variables) -> Option<Self> {
        // Raw mail comes from S3, not from events.
        let queues = Queue::ALL.into_iter().filter(|queue| *queue != Queue::IntakeMail);
        let queues: Vec<_> = queues.map(|queue| Some((queue, variables.queue(queue)?))).collect();
        let (sdk, bucket) = (variables.sdk(), variables.bucket());
        Some(Self { sdk: sdk?, bucket: bucket?, queues: queues.into_iter().collect::<Option<_>>()? })
    }
}
