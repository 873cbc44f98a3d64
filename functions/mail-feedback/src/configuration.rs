//! The environment of `mail-feedback` on AWS.

use lotse_aws::{OwnQueueSettings, SdkConfig, Variables};
use std::path::PathBuf;

/// What the function is told by its environment.
pub(crate) struct Configuration {
    /// What the clients are made from.
    pub(crate) sdk: SdkConfig,
    /// What lies around the function's queue.
    pub(crate) queue: OwnQueueSettings,
    /// The table of the cases.
    pub(crate) table: String,
    /// The ARN of the installation's key.
    pub(crate) secret: String,
    /// The folder of the policy.
    pub(crate) policy: PathBuf,
}

impl Configuration {
    /// Reads it; `None` where something is missing or wrong, which `variables` then remembers.
    pub(crate) fn read(variables: &mut Variables) -> Option<Self> {
        let (sdk, queue, table) = (variables.sdk(), variables.own_queue("mail-feedback"), variables.table());
        let (secret, policy) = (variables.secret(), variables.policy_folder());
        Some(Self { sdk: sdk?, queue: queue?, table: table?, secret: secret?, policy: policy? })
    }
}
