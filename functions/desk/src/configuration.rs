//! The environment of `desk` on AWS.

use lotse_aws::{SdkConfig, Variables};
use lotse_domain::Queue;
use std::path::PathBuf;

/// What the function is told by its environment.
pub(crate) struct Configuration {
    /// What the clients are made from.
    pub(crate) sdk: SdkConfig,
    /// The table of the cases.
    pub(crate) table: String,
    /// The ARN of the installation's key.
    pub(crate) secret: String,
    /// Where contacts and desks reach the pages.
    pub(crate) public_url: String,
    /// The folder of the policy.
    pub(crate) policy: PathBuf,
    /// Each queue, with its URL and the URL of its dead-letter queue.
    pub(crate) queues: Vec<(Queue, String, String)>,
}

impl Configuration {
    /// Reads it; `None` where something is missing or wrong, which `variables` then remembers.
    pub(crate) fn read(variables: &mut Variables) -> Option<Self> {
        let (sdk, table, secret) = (variables.sdk(), variables.table(), variables.secret());
        let (public_url, policy) = (variables.public_url(), variables.policy_folder());
        let queues = variables.queues_with_parked();
        Some(Self {
            sdk: sdk?,
            table: table?,
            secret: secret?,
            public_url: public_url?,
            policy: policy?,
            queues: queues?,
        })
    }
}
