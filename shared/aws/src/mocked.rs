//! Clients whose answers a test decides.

#![expect(clippy::expect_used, reason = "a test that cannot be set up fails")]

/// A client of an SDK crate that is answered by these rules, whichever fits; a call that none fits panics.
/// It tries each call once, as the retries of the SDK are not what is tested here.
macro_rules! mocked_client {
    ($sdk:ident, $rules:expr) => {{
        let mut answers =
            aws_smithy_mocks::MockResponseInterceptor::new().rule_mode(aws_smithy_mocks::RuleMode::MatchAny);
        for rule in $rules {
            answers = answers.with_rule(rule);
        }
        $sdk::Client::from_conf(
            $sdk::Config::builder()
                .behavior_version(aws_config::BehaviorVersion::v2026_01_12())
                .region(aws_config::Region::new("eu-central-1"))
                .credentials_provider(aws_credential_types::Credentials::new("id", "key", None, None, "test"))
                .retry_config(aws_config::retry::RetryConfig::disabled())
                .http_client(aws_smithy_mocks::create_mock_http_client())
                .interceptor(answers)
                .build(),
        )
    }};
}

pub(crate) use mocked_client;

use aws_smithy_runtime_api::{client::orchestrator::HttpResponse, http::StatusCode};
use aws_smithy_types::body::SdkBody;

/// What AWS answers over the wire.
pub(crate) fn answer(status: u16, body: &'static str) -> HttpResponse {
    let status = StatusCode::try_from(status).expect("a status");
    HttpResponse::new(status, SdkBody::from(body))
}
