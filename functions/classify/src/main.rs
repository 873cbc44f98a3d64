//! `classify` on AWS: its queue, and the cases in DynamoDB.

mod configuration;

use classify::Dependencies;
use configuration::Configuration;
use lotse_aws::{Consumer, OwnQueue};
use lotse_domain::Failure;
use lotse_policy::{Packed as _, Policy};
use lotse_runtime::SystemClock;
use lotse_store::DynamoStore;
use lotse_triage::Triage;
use std::process::ExitCode;

struct Classify {
    store: DynamoStore,
    triage: Triage,
    policy: Policy,
}

impl Consumer for Classify {
    async fn consume(&self, body: &str) -> Result<(), Failure> {
        let Self { store, triage, policy } = self;
        classify::handle(&Dependencies { store, clock: &SystemClock, triage, policy }, body).await
    }
}

fn main() -> ExitCode {
    lotse_aws::start("classify", async || {
        let Configuration { sdk, queue, table, policy } = lotse_aws::read_variables(Configuration::read)?;
        let (triage, policy) = (Triage::load_packed(&policy)?, Policy::load_packed(&policy)?);
        let store = DynamoStore::new(&lotse_aws::dynamodb(&sdk), table);
        let classify = Classify { store, triage, policy };
        lotse_aws::serve_queue(classify, OwnQueue::new(&sdk, queue)).await
    })
}
