//! The desk's pages on AWS, made once the secrets are read.

use crate::configuration::{Configuration, SignInService};
use axum::Router;
use desk::Desk;
use lotse_aws::{MOST_RECEIVED, Secret, SecretText, SqsParked, StartError, StoreWithParked, Website};
use lotse_domain::Failure;
use lotse_pages::paths;
use lotse_policy::{Packed as _, Policy};
use lotse_runtime::{Keys, OpenId, OpenIdSettings, SystemClock, SystemRandom};
use lotse_store::DynamoStore;
use std::sync::Arc;

/// What the pages are made from.
pub(crate) struct Site {
    store: StoreWithParked<DynamoStore, SqsParked>,
    policy: Arc<Policy>,
    keys: Secret<Keys>,
    public_url: String,
    sign_in: SignInService,
    client_secret: Secret<SecretText>,
}

impl Site {
    /// As the environment says.
    pub(crate) fn new(given: Configuration) -> Result<Self, StartError> {
        let Configuration { sdk, table, secret, public_url, policy, queues, sign_in } = given;
        Ok(Self {
            store: StoreWithParked {
                store: DynamoStore::new(&lotse_aws::dynamodb(&sdk), table),
                parked: SqsParked::new(&sdk, queues, MOST_RECEIVED),
            },
            policy: Arc::new(Policy::load_packed(&policy)?),
            keys: Secret::key(&sdk, secret),
            public_url,
            client_secret: Secret::text(&sdk, sign_in.client_secret.as_str()),
            sign_in,
        })
    }

    async fn sign_in_service(&self) -> Result<OpenId, Failure> {
        let settings = OpenIdSettings {
            issuer: self.sign_in.issuer.clone(),
            client_id: self.sign_in.client_id.clone(),
            client_secret: self.client_secret.get().await?.reveal().to_owned(),
            return_address: format!("{}{}", self.public_url, paths::FINISH_SIGN_IN),
            groups_claim: self.sign_in.desks_claim.clone(),
        };
        OpenId::new(settings).map_err(Failure::park)
    }
}

impl Website for Site {
    async fn router(&self) -> Result<Router, Failure> {
        Ok(desk::router(Desk {
            store: self.store.clone(),
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            keys: self.keys.get().await?.clone(),
            policy: Arc::clone(&self.policy),
            identity_provider: Some(Arc::new(self.sign_in_service().await?)),
            secure_cookies: self.public_url.starts_with("https://"),
            mailbox: false,
        }))
    }
}
