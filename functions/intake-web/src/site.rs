//! The contacts' pages on AWS, made once the key is read.

use crate::configuration::Configuration;
use axum::Router;
use intake_web::IntakeWeb;
use lotse_aws::{Secret, StartError, Website};
use lotse_domain::Failure;
use lotse_policy::{Packed as _, Policy};
use lotse_runtime::{Keys, SystemClock, SystemRandom};
use lotse_store::DynamoStore;
use std::sync::Arc;

/// What the pages are made from.
pub(crate) struct Site {
    store: DynamoStore,
    policy: Arc<Policy>,
    keys: Secret<Keys>,
    public_url: String,
}

impl Site {
    /// As the environment says.
    pub(crate) fn new(given: Configuration) -> Result<Self, StartError> {
        let Configuration { sdk, table, secret, public_url, policy } = given;
        Ok(Self {
            store: DynamoStore::new(&lotse_aws::dynamodb(&sdk), table),
            policy: Arc::new(Policy::load_packed(&policy)?),
            keys: Secret::key(&sdk, secret),
            public_url,
        })
    }
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
