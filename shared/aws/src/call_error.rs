//! A call to an AWS service that failed, told without anything of what was in the call.

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId as _;
use lotse_domain::ports::Unavailable;
use std::{error::Error, fmt};

/// A call that failed: which, why, and the number under which AWS support finds it.
///
/// Holds text only. The SDK's own error holds the request and the answer, of which nothing may reach a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallError {
    call: &'static str,
    reason: String,
    request_id: Option<String>,
}

impl CallError {
    /// The failure of a call such as `SQS SendMessageBatch`, in the service's words: for services whose
    /// messages name resources of ours and nothing else.
    pub(crate) fn new<E>(call: &'static str, error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let reason = match error {
            SdkError::ServiceError(_) => match (error.code(), error.message()) {
                (code, Some(message)) => format!("{}: {message}", code.unwrap_or("refused")),
                (code, None) => code.unwrap_or("refused without a code").to_owned(),
            },
            other => unanswered(other),
        };
        Self { call, reason, request_id: error.request_id().map(str::to_owned) }
    }

    /// The same without the service's words, of which the code stays: for services whose messages repeat
    /// what they were given.
    #[cfg(feature = "mail")]
    pub(crate) fn without_words<E>(call: &'static str, error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let reason = match error {
            SdkError::ServiceError(_) => error.code().unwrap_or("refused without a code").to_owned(),
            other => unanswered(other),
        };
        Self { call, reason, request_id: error.request_id().map(str::to_owned) }
    }

    /// A call that was answered, but not as it had to be.
    #[cfg(any(feature = "blobs", feature = "mail"))]
    pub(crate) fn unexpected(call: &'static str, reason: impl Into<String>) -> Self {
        Self { call, reason: reason.into(), request_id: None }
    }
}

/// Why there is no answer: no credentials, no connection, no time. The chain of causes, joined, since the
/// outermost says no more than "dispatch failure".
fn unanswered<E: Error + 'static>(error: &SdkError<E, HttpResponse>) -> String {
    let mut reason = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let words = inner.to_string();
        if !reason.ends_with(&words) {
            reason.push_str(": ");
            reason.push_str(&words);
        }
        cause = inner.source();
    }
    reason
}

impl fmt::Display for CallError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} failed: {}", self.call, self.reason)?;
        match &self.request_id {
            Some(id) => write!(out, " (request {id})"),
            None => Ok(()),
        }
    }
}

impl Error for CallError {}

impl From<CallError> for Unavailable {
    /// Whatever keeps a call from going through can be mended without changing what is stored: a limit that
    /// was reached, credentials that expired, a permission that is missing.
    fn from(error: CallError) -> Self {
        Self::for_now(error)
    }
}
