//! The environment of `deadlines` on AWS.

use lotse_aws::{SdkConfig, Variables};
use std::path::PathBuf;

/// What the function is told by its environment.
pub(crate) struct Configuration {
    /// What the clients are made from.
    pub(crate) sdk: SdkConfig,
    /// The table of the cases.
    pub(crate) table: String,
    /// The folder of the policy.
    pub(crate) policy: PathBuf,
}

impl Configuration {
    /// Reads it; `None` where something is missing or wrong, which `variables` then remembers.
    pub(crate) fn read(variables: &mut Variables) -> Option<Self> {
        let (sdk, table, policy) = (variables.sdk(), variables.table(), variables.policy_folder());
        Some(Self { sdk: sdk?, table: table?, policy: policy? })
    }
}
