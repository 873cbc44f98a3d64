//! `intake-mail` on AWS: its queue of what S3 says arrived, raw mail in S3, and the cases in DynamoDB.

mod configuration;

use configuration::Configuration;
use intake_mail::Dependencies;
use lotse_aws::{Consumer, OwnQueue, S3Blobs, Secret};
use lotse_domain::Failure;
use lotse_policy::{Packed as _, Policy};
use lotse_runtime::{Keys, SystemClock, SystemRandom};
use lotse_store::DynamoStore;
use std::process::ExitCode;

struct IntakeMail {
    store: DynamoStore,
    blobs: S3Blobs,
    policy: Policy,
    keys: Secret<Keys>,
}

impl Consumer for IntakeMail {
    async fn consume(&self, body: &str) -> Result<(), Failure> {
        let Self { store, blobs, policy, keys } = self;
        let (clock, random, keys) = (&SystemClock, &SystemRandom, keys.get().await?);
        let dependencies = Dependencies { store, blobs, clock, random, policy, keys };
        intake_mail::handle_notification(&dependencies, body).await
    }
}

fn main() -> ExitCode {
    lotse_aws::start("intake-mail", async || {
        let given = lotse_aws::read_variables(Configuration::read)?;
        let function = IntakeMail {
            store: DynamoStore::new(&lotse_aws::dynamodb(&given.sdk), given.table),
            blobs: S3Blobs::new(&given.sdk, given.queue.bucket.as_str()),
            policy: Policy::load_packed(&given.policy)?,
            keys: Secret::key(&given.sdk, given.secret),
        };
        lotse_aws::serve_queue(function, OwnQueue::new(&given.sdk, given.queue)).await
    })
}
