//! The environment of `desk` on AWS.

use lotse_aws::{SdkConfig, Variables};
use lotse_domain::Queue;
use std::path::PathBuf;

/// What the function is told by its environment.
pub(crate) struct Configuration {
    /// What the clients are made from.
    pub(crate) sdk: SdkConfig,
    /// The table of the cases.
    pub(crate) table: String,
    /// The ARN of the installation's key.
    pub(crate) secret: String,
    /// Where contacts and desks reach the pages.
    pub(crate) public_url: String,
    /// The folder of the policy.
    pub(crate) policy: PathBuf,
    /// Each queue, with its URL and the URL of its dead-letter queue.
    pub(crate) queues: Vec<(Queue, String, String)>,
    /// The company's sign-in service: there are no passwords of the desk's own on AWS.
    pub(crate) sign_in: SignInService,
}

/// The service that people sign in with, by OpenID Connect.
pub(crate) struct SignInService {
    /// Its address.
    pub(crate) issuer: String,
    /// What it knows the desk by.
    pub(crate) client_id: String,
    /// The ARN of the secret that the desk proves itself with.
    pub(crate) client_secret: String,
    /// The claim that says at which desks a person works.
    pub(crate) desks_claim: String,
}

impl SignInService {
    fn read(variables: &mut Variables) -> Option<Self> {
        let issuer = variables.text("LOTSE_OIDC_ISSUER", "the address of the sign-in service");
        let client_id = variables.text("LOTSE_OIDC_CLIENT_ID", "what the sign-in service knows the desk by");
        let client_secret = variables.secret_named("LOTSE_OIDC_CLIENT_SECRET");
        let desks_claim = variables.text("LOTSE_OIDC_DESKS_CLAIM", "the claim that lists a person's desks");
        Some(Self {
            issuer: issuer?,
            client_id: client_id?,
            client_secret: client_secret?,
            desks_claim: desks_claim?,
        })
    }
}

impl Configuration {
    /// Reads it; `None` where something is missing or wrong, which `variables` then remembers.
    pub(crate) fn read(variables: &mut Variables) -> Option<Self> {
        let (sdk, table, secret) = (variables.sdk(), variables.table(), variables.secret());
        let (public_url, policy) = (variables.public_url(), variables.policy_folder());
        let (queues, sign_in) = (variables.queues_with_parked(), SignInService::read(variables));
        Some(Self {
            sdk: sdk?,
            table: table?,
            secret: secret?,
            public_url: public_url?,
            policy: policy?,
            queues: queues?,
            sign_in: sign_in?,
        })
    }
}
