//! `medical-information` on AWS: its queue, and the cases in DynamoDB.

mod configuration;

use configuration::Configuration;
use lotse_aws::{Consumer, OwnQueue};
use lotse_domain::Failure;
use lotse_policy::{Packed as _, Policy};
use lotse_runtime::SystemClock;
use lotse_store::DynamoStore;
use medical_information::Dependencies;
use std::process::ExitCode;

struct MedicalInformation {
    store: DynamoStore,
    policy: Policy,
}

impl Consumer for MedicalInformation {
    async fn consume(&self, body: &str) -> Result<(), Failure> {
        let Self { store, policy } = self;
        medical_information::handle(&Dependencies { store, clock: &SystemClock, policy }, body).await
    }
}

fn main() -> ExitCode {
    lotse_aws::start("medical-information", async || {
        let Configuration { sdk, queue, table, policy } = lotse_aws::read_variables(Configuration::read)?;
        let store = DynamoStore::new(&lotse_aws::dynamodb(&sdk), table);
        let function = MedicalInformation { store, policy: Policy::load_packed(&policy)? };
        lotse_aws::serve_queue(function, OwnQueue::new(&sdk, queue)).await
    })
}
