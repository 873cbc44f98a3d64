//! What an answer of SES says about a message: refused, not taken now, or perhaps taken.

use aws_sdk_sesv2::{error::SdkError, operation::send_email::SendEmailError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::error::metadata::ProvideErrorMetadata as _;

/// What an error means for the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// This message will never go to this address.
    Refused,
    /// SES did not take it, for a reason that has nothing to do with it: it may go later.
    NotTaken,
    /// Nobody knows whether SES took it: there is no answer, or one of a fault inside SES.
    Unknown,
}

/// Reads an error.
///
/// Whatever concerns the account and not the message is [`Meaning::NotTaken`]: sending paused or suspended,
/// the rate or the daily quota reached, a domain or (in the sandbox) an address that is not verified,
/// a configuration set that is missing, credentials that expired. Someone mends it, and the message goes.
/// An address on the account's suppression list is no error: SES takes the message and tells of a bounce.
pub(super) fn read(error: &SdkError<SendEmailError, HttpResponse>) -> Meaning {
    match error {
        SdkError::ConstructionFailure(_) => Meaning::NotTaken,
        SdkError::ServiceError(answer) if answer.raw().status().is_server_error() => Meaning::Unknown,
        SdkError::ServiceError(answer) => read_refusal(answer.err()),
        _ => Meaning::Unknown,
    }
}

fn read_refusal(error: &SendEmailError) -> Meaning {
    let is_about_the_message =
        matches!(error, SendEmailError::MessageRejected(_) | SendEmailError::BadRequestException(_));
    if is_about_the_message && !is_about_us(error.message().unwrap_or_default()) {
        Meaning::Refused
    } else {
        Meaning::NotTaken
    }
}

/// SES answers some faults of the account like faults of the message, and tells them apart in words only:
/// "Email address is not verified. …", "Configuration set … does not exist".
fn is_about_us(words: &str) -> bool {
    let words = words.to_ascii_lowercase();
    ["not verified", "configuration set", "sending quota", "sending paused", "sending is disabled"]
        .iter()
        .any(|fault| words.contains(fault))
}
