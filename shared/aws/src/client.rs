//! What all clients share: credentials, endpoint, one pool of connections, and how long a call may take.
//!
//! Nothing here touches the network or the disk, so that a function starts as fast as it can. On Lambda the
//! role's credentials are in the environment and stay valid as long as the process does, so none of the
//! SDK's other sources (profile files, single sign-on, instance metadata) is linked.

use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use std::time::Duration;

/// The certificate authorities that AWS's endpoints are certified by: Amazon Root CA 1 to 4 and Starfield
/// Services G2, as <https://www.amazontrust.com/repository/> publishes them; valid until 2037 and beyond.
/// Each client reads them when it is made, so in every cold start: these five in 0.03 ms, a system's 145 in 6 ms.
const AMAZON_ROOTS: &[u8] = include_bytes!("client/amazon-roots.pem");

/// How long calls may take, and how often one is tried. A call that hangs must fail while the function still
/// has time to say so: what Lambda ends by force reports nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallLimits {
    /// Until a connection stands, TLS included.
    pub connect: Duration,
    /// One attempt, until the answer's head is there.
    pub attempt: Duration,
    /// All attempts of one call together, with the waits between them.
    pub operation: Duration,
    /// Attempts of one call, the first included.
    pub attempts: u32,
}

impl CallLimits {
    /// Limits for a function that Lambda ends after `timeout`. One call gets half of that and never more than
    /// ten seconds: what takes longer inside one region is broken, not slow.
    pub fn within(timeout: Duration) -> Self {
        let operation = (timeout / 2).min(Duration::from_secs(10));
        let attempt = operation / 2;
        Self { connect: attempt.min(Duration::from_secs(1)), attempt, operation, attempts: 3 }
    }
}

/// What the environment must say before a client can be made, and does not. Lists all mistakes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}; Lambda sets these variables, elsewhere the environment must", mistakes.join("; "))]
pub struct ClientError {
    /// Each mistake: which variable, and what is wrong with it.
    pub mistakes: Vec<String>,
}

/// What every client is made from.
///
/// `variable` reads the environment: `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
/// `AWS_SESSION_TOKEN` where there is one, and `AWS_ENDPOINT_URL` for an emulator. Where `SSL_CERT_FILE` or
/// `SSL_CERT_DIR` is set, the certificate authorities found there are trusted instead of Amazon's: for
/// networks whose proxy reads TLS.
///
/// # Errors
/// Names every variable that is missing or makes no sense.
pub fn sdk_config(
    variable: impl Fn(&str) -> Option<String>,
    limits: &CallLimits,
) -> Result<SdkConfig, ClientError> {
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    let mut mistakes = Vec::new();
    let mut required = |name: &str| {
        variable(name).unwrap_or_else(|| {
            mistakes.push(format!("{name} is not set"));
            String::new()
        })
    };
    let region = required("AWS_REGION");
    let (key_id, key) = (required("AWS_ACCESS_KEY_ID"), required("AWS_SECRET_ACCESS_KEY"));
    let endpoint = variable("AWS_ENDPOINT_URL");
    if endpoint.as_deref().is_some_and(|url| !url.starts_with("http://") && !url.starts_with("https://")) {
        mistakes.push("AWS_ENDPOINT_URL does not start with http:// or https://".to_owned());
    }
    if !mistakes.is_empty() {
        return Err(ClientError { mistakes });
    }
    let credentials = Credentials::new(key_id, key, variable("AWS_SESSION_TOKEN"), None, "environment");
    let own_authorities = variable("SSL_CERT_FILE").or_else(|| variable("SSL_CERT_DIR")).is_some();
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(region))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(http_client(own_authorities))
        .retry_config(retries(limits))
        .timeout_config(timeouts(limits));
    config.set_endpoint_url(endpoint);
    Ok(config.build())
}

/// One pool of connections for all clients. TLS is rustls with ring.
fn http_client(own_authorities: bool) -> SharedHttpClient {
    let authorities = if own_authorities {
        TrustStore::default()
    } else {
        TrustStore::empty().with_pem_certificate(AMAZON_ROOTS)
    };
    let builder = Builder::new().tls_provider(Provider::rustls(CryptoMode::Ring));
    match TlsContext::builder().with_trust_store(authorities).build() {
        Ok(context) => builder.tls_context(context).build_https(),
        // Not reached in this version of the SDK; the system's authorities are the safe choice.
        Err(_) => builder.build_https(),
    }
}

/// Throttled and failed calls again after 50 ms at first, with jitter, doubling.
fn retries(limits: &CallLimits) -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(limits.attempts)
        .with_initial_backoff(Duration::from_millis(50))
        .with_max_backoff(limits.attempt)
}

fn timeouts(limits: &CallLimits) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(limits.connect)
        .operation_attempt_timeout(limits.attempt)
        .operation_timeout(limits.operation)
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lambda(name: &str) -> Option<String> {
        let value = match name {
            "AWS_REGION" => "eu-central-1",
            "AWS_ACCESS_KEY_ID" => "AKIAEXAMPLE",
            "AWS_SECRET_ACCESS_KEY" => "not a secret",
            "AWS_SESSION_TOKEN" => "session",
            _ => return None,
        };
        Some(value.to_owned())
    }

    fn limits() -> CallLimits {
        CallLimits::within(Duration::from_secs(30))
    }

    #[test]
    fn on_lambda_the_environment_is_enough() {
        let config = sdk_config(lambda, &limits()).unwrap();
        assert_eq!(config.region().map(AsRef::as_ref), Some("eu-central-1"));
        assert_eq!(config.endpoint_url(), None);
        assert!(!format!("{config:?}").contains("not a secret"));
    }

    #[test]
    fn all_mistakes_are_named_at_once() {
        let error = sdk_config(
            |name| (name == "AWS_ENDPOINT_URL").then(|| "localhost:4566".to_owned()).or(None),
            &limits(),
        )
        .unwrap_err();
        let text = error.to_string();
        for name in ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL"] {
            assert!(text.contains(name), "{name} in {text}");
        }
        // A variable that is set to nothing is as good as none.
        let empty = sdk_config(|name| lambda(name).map(|_| String::new()), &limits()).unwrap_err();
        assert_eq!(empty.mistakes.len(), 3);
    }

    #[test]
    fn an_emulator_is_found_by_its_url() {
        let environment = |name: &str| match name {
            "AWS_ENDPOINT_URL" => Some("http://127.0.0.1:4566".to_owned()),
            other => lambda(other),
        };
        let config = sdk_config(environment, &limits()).unwrap();
        assert_eq!(config.endpoint_url(), Some("http://127.0.0.1:4566"));
    }

    #[test]
    fn calls_end_before_the_function_does() {
        for seconds in [3, 10, 30, 900] {
            let timeout = Duration::from_secs(seconds);
            let limits = CallLimits::within(timeout);
            assert!(limits.operation < timeout && limits.attempt < limits.operation);
            assert!(limits.connect <= limits.attempt && limits.attempts > 1);
        }
    }

    #[cfg(feature = "secret")]
    #[test]
    fn amazons_authorities_are_the_five_and_can_be_read() {
        assert_eq!(AMAZON_ROOTS.windows(27).filter(|part| part == b"-----BEGIN CERTIFICATE-----").count(), 5);
        // A client that is made reads them, and panics over one that is broken.
        let config = sdk_config(lambda, &limits()).unwrap();
        let _ = aws_sdk_secretsmanager::Client::new(&config);
    }
}
