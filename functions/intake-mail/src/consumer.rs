//! What `intake-mail` consumes its queue with.

use intake_mail::Dependencies;
use lotse_aws::{Consumer, S3Blobs, Secret};
use lotse_domain::Failure;
use lotse_policy::Policy;
use lotse_runtime::{Keys, SystemClock, SystemRandom};
use lotse_store::DynamoStore;

/// The clients, made once, and what they work by.
pub(crate) struct IntakeMail {
    pub(crate) store: DynamoStore,
    pub(crate) blobs: S3Blobs,
    pub(crate) policy: Policy,
    pub(crate) keys: Secret<Keys>,
}

impl Consumer for IntakeMail {
    async fn consume(&self, body: &str) -> Result<(), Failure> {
        let Self { store, blobs, policy, keys } = self;
        let (clock, random, keys) = (&SystemClock, &SystemRandom, keys.get().await?);
        let dependencies = Dependencies { store, blobs, clock, random, policy, keys };
        intake_mail::handle_notification(&dependencies, body).await
    }
}
