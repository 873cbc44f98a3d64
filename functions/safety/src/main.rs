//! `safety` on AWS: its queue, mail by SES, and the cases in DynamoDB.

mod configuration;

use configuration::Configuration;
use lotse_aws::{Consumer, OwnQueue, Secret, SesMailSender};
use lotse_domain::Failure;
use lotse_policy::{Packed as _, Policy};
use lotse_runtime::{Keys, SystemClock};
use lotse_store::DynamoStore;
use safety::Dependencies;
use std::process::ExitCode;

struct Safety {
    store: DynamoStore,
    sender: SesMailSender<SystemClock>,
    policy: Policy,
    keys: Secret<Keys>,
    base_url: String,
}

impl Consumer for Safety {
    async fn consume(&self, body: &str) -> Result<(), Failure> {
        let Self { store, sender, policy, keys, base_url } = self;
        let (clock, keys) = (&SystemClock, keys.get().await?);
        safety::handle(&Dependencies { store, clock, sender, policy, keys, base_url }, body).await
    }
}

fn main() -> ExitCode {
    lotse_aws::start("safety", async || {
        let given = lotse_aws::read_variables(Configuration::read)?;
        let function = Safety {
            store: DynamoStore::new(&lotse_aws::dynamodb(&given.sdk), given.mail.table.as_str()),
            sender: SesMailSender::new(&given.sdk, given.mail, SystemClock),
            policy: Policy::load_packed(&given.policy)?,
            keys: Secret::key(&given.sdk, given.secret),
            base_url: given.public_url,
        };
        lotse_aws::serve_queue(function, OwnQueue::new(&given.sdk, given.queue)).await
    })
}
