//! What `mail-feedback` consumes its queue with.

use lotse_aws::{Consumer, Secret};
use lotse_domain::Failure;
use lotse_policy::Policy;
use lotse_runtime::{Keys, SystemClock};
use lotse_store::DynamoStore;
use mail_feedback::{Dependencies, Outcome};

/// The clients, made once, and what they work by.
pub(crate) struct MailFeedback {
    pub(crate) store: DynamoStore,
    pub(crate) policy: Policy,
    pub(crate) keys: Secret<Keys>,
}

impl Consumer for MailFeedback {
    async fn consume(&self, body: &str) -> Result<(), Failure> {
        let Self { store, policy, keys } = self;
        let (clock, keys) = (&SystemClock, keys.get().await?);
        let outcome = mail_feedback::handle(&Dependencies { store, clock, policy, keys }, body).await?;
        if let Outcome::Delayed(case) = outcome {
            tracing::warn!(case.id = %case, "a mail of this case is late, or was refused for now");
            lotse_aws::emit_count("MailDelayed", 1);
        }
        Ok(())
    }
}
