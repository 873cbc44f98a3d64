//! Messages that were given up: in the dead-letter queues, until a person has them tried again.
//!
//! A message comes there in two ways. A function that knows that it can never act on one parks it at once,
//! with the reason ([`ParkingQueue`]). SQS itself moves one that failed too often; then nobody wrote a reason
//! down, and the function's log has it.

mod desk;

pub use desk::SqsParked;

use crate::CallError;
use aws_config::SdkConfig;
use aws_sdk_sqs::{Client, types::MessageAttributeValue};
use lotse_domain::ports::Unavailable;

/// Why the message was given up. Without personal data.
const REASON: &str = "reason";
/// How often a function tried.
const ATTEMPTS: &str = "attempts";
/// A reason is a sentence or two; what is longer is cut.
const LONGEST_REASON: usize = 1000;

const SEND: &str = "SQS SendMessage";

/// The dead-letter queue of one function's queue, for the function.
#[derive(Clone, Debug)]
pub struct ParkingQueue {
    client: Client,
    url: String,
}

impl ParkingQueue {
    /// The dead-letter queue of that URL.
    pub fn new(config: &SdkConfig, url: impl Into<String>) -> Self {
        Self { client: Client::new(config), url: url.into() }
    }

    /// Puts a message where a person sees it, with the reason, which holds no personal data. On `Ok` it is
    /// there, and the function acknowledges it; a crash in between leaves it in both queues, and it is parked
    /// twice at worst.
    pub async fn park(&self, body: &str, attempts: u32, reason: &str) -> Result<(), Unavailable> {
        let attribute = |kind: &str, value: String| {
            let built = MessageAttributeValue::builder().data_type(kind).string_value(value).build();
            built.map_err(|error| CallError::unexpected(SEND, error.to_string()))
        };
        self.client
            .send_message()
            .queue_url(&self.url)
            .message_body(body)
            .message_attributes(REASON, attribute("String", fit_attribute(reason))?)
            .message_attributes(ATTEMPTS, attribute("Number", attempts.to_string())?)
            .send()
            .await
            .map_err(|error| CallError::new(SEND, &error))?;
        Ok(())
    }
}

/// An attribute's value must not be empty nor hold control characters (Amazon SQS API Reference,
/// `MessageAttributeValue`).
fn fit_attribute(reason: &str) -> String {
    let fit: String = reason
        .chars()
        .map(
            |letter| {
                if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') { ' ' } else { letter }
            },
        )
        .take(LONGEST_REASON)
        .collect();
    if fit.trim().is_empty() { "no reason given".to_owned() } else { fit }
}

#[cfg(test)]
mod tests;
