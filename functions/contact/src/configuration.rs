//! The environment of `contact` on AWS.

use lotse_aws::{OwnQueueSettings, SdkConfig, SesSettings, Variables};
use std::path::PathBuf;

/// What the function is told by its environment.
pub(crate) struct Configuration {
    /// What the clients are made from.
    pub(crate) sdk: SdkConfig,
    /// What lies around the function's queue.
    pub(crate) queue: OwnQueueSettings,
    /// The way out for mail.
    pub(crate) mail: SesSettings,
    /// The ARN of the installation's key.
    pub(crate) secret: String,
    /// Where contacts and desks reach the pages.
    pub(crate) public_url: String,
    /// The folder of the policy.
    pub(crate) policy: PathBuf,
}

impl Configuration {
    /// Reads it; `None` where something is missing or wrong, which `variables` then remembers.
    pub(crate) fn read(variables: &mut Variables) -> Option<Self> {
        let (sdk, queue, mail) = (variables.sdk(), variables.own_queue("contact"), variables.mail());
        let (secret, public_url, policy) =
            (variables.secret(), variables.public_url(), variables.policy_folder());
        Some(Self {
            sdk: sdk?,
            queue: queue?,
            mail: mail?,
            secret: secret?,
            public_url: public_url?,
            policy: policy?,
        })
    }
}
