//! `contact` on AWS: its queue, mail by SES, and the cases in DynamoDB.

mod configuration;
mod consumer;

use configuration::Configuration;
use consumer::ContactMail;
use lotse_aws::{OwnQueue, Secret, SesMailSender};
use lotse_policy::{Packed as _, Policy};
use lotse_runtime::SystemClock;
use lotse_store::DynamoStore;
use std::process::ExitCode;

fn main() -> ExitCode {
    lotse_aws::start("contact", async || {
        let given = lotse_aws::read_variables(Configuration::read)?;
        let function = ContactMail {
            store: DynamoStore::new(&lotse_aws::dynamodb(&given.sdk), given.mail.table.as_str()),
            sender: SesMailSender::new(&given.sdk, given.mail, SystemClock),
            policy: Policy::load_packed(&given.policy)?,
            keys: Secret::key(&given.sdk, given.secret),
            base_url: given.public_url,
        };
        lotse_aws::serve_queue(function, OwnQueue::new(&given.sdk, given.queue)).await
    })
}
