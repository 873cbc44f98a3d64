//! What `safety` consumes its queue with.

use lotse_aws::{Consumer, Secret, SesMailSender};
use lotse_domain::Failure;
use lotse_policy::Policy;
use lotse_runtime::{Keys, SystemClock};
use lotse_store::DynamoStore;
use safety::Dependencies;

/// The clients, made once, and what they work by.
pub(crate) struct Safety {
    pub(crate) store: DynamoStore,
    pub(crate) sender: SesMailSender<SystemClock>,
    pub(crate) policy: Policy,
    pub(crate) keys: Secret<Keys>,
    pub(crate) base_url: String,
}

impl Consumer for Safety {
    async fn consume(&self, body: &str) -> Result<(), Failure> {
        let Self { store, sender, policy, keys, base_url } = self;
        let (clock, keys) = (&SystemClock, keys.get().await?);
        safety::handle(&Dependencies { store, clock, sender, policy, keys, base_url }, body).await
    }
}
