//! `mail-feedback` on AWS: its queue of what SES says, and the cases in DynamoDB.

mod configuration;

use configuration::Configuration;
use lotse_aws::{Consumer, OwnQueue, Secret};
use lotse_domain::Failure;
use lotse_policy::{Packed as _, Policy};
use lotse_runtime::{Keys, SystemClock};
use lotse_store::DynamoStore;
use mail_feedback::{Dependencies, Outcome};
use std::process::ExitCode;

struct MailFeedback {
    store: DynamoStore,
    policy: Policy,
    keys: Secret<Keys>,
}

impl Consumer for MailFeedback {
    async fn consume(&self, body: &str) -> Result<(), Failure> {
        let Self { store, policy, keys } = self;
        let (clock, keys) = (&SystemClock, keys.get().await?);
        let outcome = mail_feedback::handle(&Dependencies { store, clock, policy, keys }, body).await?;
        if let Outcome::Delayed(case) = outcome {
            tracing::warn!(case.id = %case, "a mail to the contact is late, or was refused for now");
            lotse_aws::emit_count("MailDelayed", 1);
        }
        Ok(())
    }
}

fn main() -> ExitCode {
    lotse_aws::start("mail-feedback", async || {
        let given = lotse_aws::read_variables(Configuration::read)?;
        let function = MailFeedback {
            store: DynamoStore::new(&lotse_aws::dynamodb(&given.sdk), given.table),
            policy: Policy::load_packed(&given.policy)?,
            keys: Secret::key(&given.sdk, given.secret),
        };
        lotse_aws::serve_queue(function, OwnQueue::new(&given.sdk, given.queue)).await
    })
}
