//! `intake-web` on AWS: API Gateway, and the cases in DynamoDB.

mod configuration;

use axum::Router;
use configuration::Configuration;
use intake_web::IntakeWeb;
use lotse_aws::{Secret, Website};
use lotse_domain::Failure;
use lotse_policy::Policy;
use lotse_runtime::{Keys, SystemClock, SystemRandom};
use lotse_store::DynamoStore;
use std::{process::ExitCode, sync::Arc};

struct Site {
    store: DynamoStore,
    policy: Arc<Policy>,
    keys: Secret<Keys>,
    public_url: String,
}

impl Website for Site {
    async fn router(&self) -> Result<Router, Failure> {
        Ok(intake_web::router(IntakeWeb {
            store: self.store.clone(),
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            keys: self.keys.get().await?.clone(),
            policy: Arc::clone(&self.policy),
            public_url: self.public_url.clone(),
        }))
    }
}

fn main() -> ExitCode {
    lotse_aws::start("intake-web", async || {
        let given = lotse_aws::read_variables(Configuration::read)?;
        let site = Site {
            store: DynamoStore::new(&lotse_aws::dynamodb(&given.sdk), given.table),
            policy: Arc::new(Policy::load(&given.policy)?),
            keys: Secret::key(&given.sdk, given.secret),
            public_url: given.public_url,
        };
        lotse_aws::serve_http(site).await
    })
}
