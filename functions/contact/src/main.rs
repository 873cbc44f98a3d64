//! `contact` on AWS: its queue, mail by SES, and the cases in DynamoDB.

mod configuration;

use configuration::Configuration;
use contact::Dependencies;
use lotse_aws::{Consumer, OwnQueue, Secret, SesMailSender};
use lotse_domain::Failure;
use lotse_policy::{Packed as _, Policy};
use lotse_runtime::{Keys, SystemClock};
use lotse_store::DynamoStore;
use std::process::ExitCode;

struct ContactMail {
    store: DynamoStore,
    sender: SesMailSender<SystemClock>,
    policy: Policy,
    keys: Secret<Keys>,
    base_url: String,
}

impl Consumer for ContactMail {
    async fn consume(&self, body: &str) -> Result<(), Failure> {
        let Self { store, sender, policy, keys, base_url } = self;
        let (clock, keys) = (&SystemClock, keys.get().await?);
        contact::handle(&Dependencies { store, clock, sender, policy, keys, base_url }, body).await
    }
}

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
