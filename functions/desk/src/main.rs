//! `desk` on AWS: API Gateway, cases and people in DynamoDB, what failed in the dead-letter queues.

mod configuration;

use axum::Router;
use configuration::Configuration;
use desk::Desk;
use lotse_aws::{MOST_RECEIVED, Secret, SqsParked, StoreWithParked, Website};
use lotse_domain::Failure;
use lotse_policy::Policy;
use lotse_runtime::{Keys, SystemClock, SystemRandom};
use lotse_store::DynamoStore;
use std::{process::ExitCode, sync::Arc};

struct Site {
    store: StoreWithParked<DynamoStore, SqsParked>,
    policy: Arc<Policy>,
    keys: Secret<Keys>,
    public_url: String,
}

impl Website for Site {
    async fn router(&self) -> Result<Router, Failure> {
        Ok(desk::router(Desk {
            store: self.store.clone(),
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            keys: self.keys.get().await?.clone(),
            policy: Arc::clone(&self.policy),
            secure_cookies: self.public_url.starts_with("https://"),
            mailbox: false,
        }))
    }
}

fn main() -> ExitCode {
    lotse_aws::start("desk", async || {
        let given = lotse_aws::read_variables(Configuration::read)?;
        let store = DynamoStore::new(&lotse_aws::dynamodb(&given.sdk), given.table);
        let parked = SqsParked::new(&given.sdk, given.queues, MOST_RECEIVED);
        let site = Site {
            store: StoreWithParked { store, parked },
            policy: Arc::new(Policy::load(&given.policy)?),
            keys: Secret::key(&given.sdk, given.secret),
            public_url: given.public_url,
        };
        lotse_aws::serve_http(site).await
    })
}
