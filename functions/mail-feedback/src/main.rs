//! `mail-feedback` on AWS: its queue of what SES says, and the cases in DynamoDB.

mod configuration;
mod consumer;

use configuration::Configuration;
use consumer::MailFeedback;
use lotse_aws::{OwnQueue, Secret};
use lotse_policy::{Packed as _, Policy};
use lotse_store::DynamoStore;
use std::process::ExitCode;

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
