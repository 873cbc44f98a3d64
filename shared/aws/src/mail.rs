//! Mail by way of Amazon SES, each message once.
//!
//! SES knows no idempotency: whatever it is handed twice goes out twice. So a message is claimed in the table
//! before it is handed over, and marked afterwards (see [`ledger`]); and the SDK, which would repeat a call
//! that brought no answer, is told not to. What each crash leads to is in decision record 5.
//!
//! SES also replaces the Message-ID and the date of every message (Amazon SES Developer Guide, "Amazon SES
//! header fields"), so that the contact's mail program never sees our Message-ID as one; `references` puts it
//! where the contact's reply brings it back.

mod answer;
mod ledger;
mod references;

use crate::CallError;
use answer::{Meaning, read};
use aws_config::{SdkConfig, retry::RetryConfig};
use aws_sdk_sesv2::{
    Client,
    primitives::Blob,
    types::{Destination, EmailContent, RawMessage},
};
use jiff::SignedDuration;
use ledger::{Claimed, Ledger};
use lotse_domain::ports::{Clock, MailSender, ReadyMail, SendError, Unavailable};
use std::time::Duration;

const SEND: &str = "SES SendEmail";

/// How much longer than the function a claim lasts: for clocks that differ.
const LEASE_RESERVE: Duration = Duration::from_secs(30);

/// What a way out by SES needs to know.
#[derive(Clone, Debug)]
pub struct SesSettings {
    /// The table: claims on messages stand in it beside the cases.
    pub table: String,
    /// The configuration set, by whose events bounces and complaints come back.
    pub configuration_set: String,
    /// After what time Lambda ends the function: a claim must outlive it, so that no two functions send the
    /// same message at once.
    pub function_timeout: Duration,
}

/// The way out by SES.
#[derive(Clone, Debug)]
pub struct SesMailSender<C> {
    client: Client,
    ledger: Ledger,
    configuration_set: String,
    clock: C,
}

impl<C: Clock> SesMailSender<C> {
    /// The way out by these settings.
    pub fn new(config: &SdkConfig, settings: SesSettings, clock: C) -> Self {
        let once = aws_sdk_sesv2::config::Builder::from(config).retry_config(RetryConfig::disabled()).build();
        let database = aws_sdk_dynamodb::Client::new(config);
        Self::with_clients(Client::from_conf(once), database, settings, clock)
    }

    fn with_clients(
        client: Client,
        database: aws_sdk_dynamodb::Client,
        settings: SesSettings,
        clock: C,
    ) -> Self {
        let SesSettings { table, configuration_set, function_timeout } = settings;
        let lease = SignedDuration::try_from(function_timeout.saturating_add(LEASE_RESERVE));
        let ledger = Ledger::new(database, table, lease.unwrap_or(SignedDuration::MAX));
        Self { client, ledger, configuration_set, clock }
    }

    /// Hands the message to SES, once.
    async fn hand_over(&self, mail: &ReadyMail) -> Result<String, (Meaning, CallError)> {
        let bytes = references::with_own_message_id(&mail.bytes, &mail.message_id);
        let unbuilt = |error| (Meaning::NotTaken, CallError::unexpected(SEND, format!("{error}")));
        let raw = RawMessage::builder().data(Blob::new(bytes)).build().map_err(unbuilt)?;
        let sent = self
            .client
            .send_email()
            .from_email_address(mail.from.as_str())
            // Without it SES would take the recipients from the headers.
            .destination(Destination::builder().to_addresses(mail.to.as_str()).build())
            .content(EmailContent::builder().raw(raw).build())
            .configuration_set_name(&self.configuration_set)
            .send()
            .await;
        match sent {
            Ok(output) => Ok(output.message_id.unwrap_or_default()),
            // SES repeats addresses in its words.
            Err(error) => Err((read(&error), CallError::without_words(SEND, &error))),
        }
    }
}

impl<C: Clock> MailSender for SesMailSender<C> {
    async fn send(&self, mail: ReadyMail) -> Result<(), SendError> {
        let id = &mail.message_id;
        let claim = match self.ledger.claim(id, self.clock.now()).await? {
            Claimed::Now(claim) => claim,
            Claimed::SentBefore => return Ok(()),
            Claimed::ByAnother { until } => {
                let text = format!("the mail is being sent, or its sending was cut short; free at {until}");
                return Err(Unavailable::for_now(text).into());
            }
        };
        match self.hand_over(&mail).await {
            Ok(ses_id) => {
                // The mail is out. Where this fails, the claim runs out and the mail goes a second time.
                Ok(self.ledger.mark_sent(id, &ses_id, self.clock.now()).await?)
            }
            Err((Meaning::Refused, error)) => {
                self.ledger.release(id, &claim).await;
                Err(SendError::Refused { diagnosis: error.to_string() })
            }
            Err((Meaning::NotTaken, error)) => {
                self.ledger.release(id, &claim).await;
                Err(Unavailable::from(error).into())
            }
            // Perhaps it is out. The claim stays, so that nobody sends it at once again.
            Err((Meaning::Unknown, error)) => Err(Unavailable::from(error).into()),
        }
    }
}

#[cfg(test)]
mod tests;
