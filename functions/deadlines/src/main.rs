//! `deadlines` on AWS: a schedule, and the cases in DynamoDB.

mod configuration;

use configuration::Configuration;
use deadlines::{Dependencies, Run};
use lotse_aws::{Ran, Scheduled};
use lotse_domain::ports::{Clock as _, Unavailable};
use lotse_policy::{Packed as _, Policy};
use lotse_runtime::SystemClock;
use lotse_store::DynamoStore;
use std::process::ExitCode;

struct Deadlines {
    store: DynamoStore,
    policy: Policy,
}

impl Scheduled for Deadlines {
    async fn run(&self) -> Result<Ran, Unavailable> {
        let Self { store, policy } = self;
        let Run { advanced, failed } =
            deadlines::run(&Dependencies { store, policy }, SystemClock.now()).await?;
        Ok(Ran { advanced, failed })
    }
}

fn main() -> ExitCode {
    lotse_aws::start("deadlines", async || {
        let Configuration { sdk, table, policy } = lotse_aws::read_variables(Configuration::read)?;
        let store = DynamoStore::new(&lotse_aws::dynamodb(&sdk), table);
        lotse_aws::serve_schedule(Deadlines { store, policy: Policy::load_packed(&policy)? }).await
    })
}
