//! `intake-mail` on AWS: its queue of what S3 says arrived, raw mail in S3, and the cases in DynamoDB.

mod configuration;
mod consumer;

use configuration::Configuration;
use consumer::IntakeMail;
use lotse_aws::{OwnQueue, S3Blobs, Secret};
use lotse_policy::{Packed as _, Policy};
use lotse_store::DynamoStore;
use std::process::ExitCode;

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
