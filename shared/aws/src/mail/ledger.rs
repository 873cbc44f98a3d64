//! Which messages are being sent, and which are sent: one small item each, beside the cases.
//!
//! | `pk` | `sk` | `state` | `lease_until` | `ses_message_id` | `expires_at` |
//! | --- | --- | --- | --- | --- | --- |
//! | `MAIL#<Message-ID>` | `MAIL` | `sending` | milliseconds since 1970 | – | seconds since 1970 |
//! | `MAIL#<Message-ID>` | `MAIL` | `sent` | – | SES's own name for it | seconds since 1970 |
//!
//! A claim and a mark cost one write unit each. Nothing else reads these items, and the stream's filter
//! passes over them.

use crate::CallError;
use aws_sdk_dynamodb::{
    Client,
    error::SdkError,
    operation::put_item::{PutItemError, builders::PutItemFluentBuilder},
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use jiff::{SignedDuration, Timestamp};
use lotse_domain::ports::Unavailable;
use std::collections::HashMap;

/// How long it is remembered that a message was sent: longer than its notice can stand in a queue and then in
/// the dead-letter queue (14 days each at most), after which nothing asks for it again.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(30 * 24);

const SENDING: &str = "sending";
const SENT: &str = "sent";

#[derive(Clone, Debug)]
pub(super) struct Ledger {
    client: Client,
    table: String,
    lease: SignedDuration,
}

/// The right to send one message, until it ends. Its end tells it from every claim before and after.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Claim {
    until: Timestamp,
}

/// What claiming a message led to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Claimed {
    /// It is ours to send.
    Now(Claim),
    /// It is sent.
    SentBefore,
    /// Somebody sends it, or began to and died; free at that time.
    ByAnother {
        /// The end of that claim.
        until: Timestamp,
    },
}

impl Ledger {
    pub(super) fn new(client: Client, table: String, lease: SignedDuration) -> Self {
        Self { client, table, lease }
    }

    /// Claims a message: one conditional write.
    pub(super) async fn claim(&self, message_id: &str, now: Timestamp) -> Result<Claimed, Unavailable> {
        let until = now.saturating_add(self.lease).unwrap_or(Timestamp::MAX);
        let put = self
            .put(message_id, SENDING, now)
            .item("lease_until", milliseconds(until))
            .condition_expression("attribute_not_exists(pk) OR (#state = :sending AND lease_until < :now)")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":sending", AttributeValue::S(SENDING.to_owned()))
            .expression_attribute_values(":now", milliseconds(now))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match put.send().await {
            Ok(_) => Ok(Claimed::Now(Claim { until })),
            Err(error) => match held(&error) {
                Some(item) => Ok(describe(item, until)),
                None => Err(failed("DynamoDB PutItem", &error)),
            },
        }
    }

    /// Notes that SES took the message, and under which name.
    pub(super) async fn mark_sent(
        &self,
        message_id: &str,
        ses_message_id: &str,
        now: Timestamp,
    ) -> Result<(), Unavailable> {
        let put = self.put(message_id, SENT, now).item("ses_message_id", text(ses_message_id));
        put.send().await.map_err(|error| failed("DynamoDB PutItem", &error))?;
        Ok(())
    }

    /// Gives a claim back, so that the next attempt need not wait for its end. Where this fails, it waits.
    pub(super) async fn release(&self, message_id: &str, claim: &Claim) {
        let released = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(key(message_id)))
            .condition_expression("lease_until = :until")
            .expression_attribute_values(":until", milliseconds(claim.until))
            .send()
            .await;
        if let Err(error) = released {
            let error = CallError::new("DynamoDB DeleteItem", &error);
            tracing::warn!(%error, until = %claim.until, "a claim on a mail was not given back");
        }
    }

    fn put(&self, message_id: &str, state: &str, now: Timestamp) -> PutItemFluentBuilder {
        let expires_at = now.saturating_add(REMEMBERED).unwrap_or(Timestamp::MAX);
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(key(message_id)))
            .item("state", text(state))
            .item("expires_at", AttributeValue::N(expires_at.as_second().to_string()))
    }
}

/// The item that stood against a claim.
fn held(error: &SdkError<PutItemError, HttpResponse>) -> Option<&HashMap<String, AttributeValue>> {
    match error.as_service_error() {
        Some(PutItemError::ConditionalCheckFailedException(failure)) => Some(failure.item()?),
        _ => None,
    }
}

/// An item that is not `sent` counts as claimed, whatever it is; `otherwise_until` where it says no end.
fn describe(item: &HashMap<String, AttributeValue>, otherwise_until: Timestamp) -> Claimed {
    let state = item.get("state").and_then(|state| state.as_s().ok());
    if state.is_some_and(|state| state == SENT) {
        return Claimed::SentBefore;
    }
    let until = item.get("lease_until").and_then(|until| until.as_n().ok());
    let until = until.and_then(|until| until.parse().ok());
    let until = until.and_then(|until| Timestamp::from_millisecond(until).ok());
    Claimed::ByAnother { until: until.unwrap_or(otherwise_until) }
}

fn failed<E>(call: &'static str, error: &SdkError<E, HttpResponse>) -> Unavailable
where
    E: aws_smithy_types::error::metadata::ProvideErrorMetadata + std::error::Error + 'static,
{
    CallError::new(call, error).into()
}

fn key(message_id: &str) -> HashMap<String, AttributeValue> {
    HashMap::from([("pk".to_owned(), text(&format!("MAIL#{message_id}"))), ("sk".to_owned(), text("MAIL"))])
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn milliseconds(time: Timestamp) -> AttributeValue {
    AttributeValue::N(time.as_millisecond().to_string())
}
