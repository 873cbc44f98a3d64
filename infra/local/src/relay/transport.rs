//! The relay itself, spoken to by SMTP.

use super::refusal::{self, Meaning};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor,
    address::Envelope,
    transport::smtp::{self, extension::ClientId},
};
use lotse_domain::ports::{ReadyMail, SendError, Unavailable};
use std::{error::Error as _, time::Duration};

/// How long one command may take (RFC 5321 §4.5.3.2 asks for up to ten minutes after the data; a relay of
/// one's own answers at once).
const TIMEOUT: Duration = Duration::from_mins(2);

/// The company's mail relay.
pub(crate) struct Relay {
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

/// The URL names no relay.
#[derive(Debug, thiserror::Error)]
#[error(
    "--relay is not a mail relay; expected smtp://HOST:PORT, smtp://HOST:PORT?tls=required or \
     smtps://USER:PASSWORD@HOST"
)]
pub(crate) struct RelayUrlError(#[source] smtp::Error);

impl Relay {
    /// The relay of a URL: `smtp` without encryption, `smtp…?tls=required` with STARTTLS, `smtps` with TLS
    /// from the start; user and password where the relay wants them. `name` is what we call ourselves.
    pub(crate) fn at(url: &str, name: &str) -> Result<Self, RelayUrlError> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(RelayUrlError)?
            .hello_name(ClientId::Domain(name.to_owned()))
            .timeout(Some(TIMEOUT))
            .build();
        Ok(Self { transport })
    }

    /// Hands a mail over.
    pub(crate) async fn send(&self, mail: &ReadyMail) -> Result<(), SendError> {
        let envelope = envelope(mail).map_err(|_| SendError::Refused { diagnosis: "5.1.3".to_owned() })?;
        match self.transport.send_raw(&envelope, &mail.bytes).await {
            Ok(_) => Ok(()),
            Err(error) => Err(read_error(&error)),
        }
    }
}

fn envelope(mail: &ReadyMail) -> Result<Envelope, lettre::error::Error> {
    let address = |address: &lotse_domain::EmailAddress| {
        address.as_str().parse::<Address>().map_err(|_| lettre::error::Error::MissingTo)
    };
    Envelope::new(Some(address(&mail.from)?), vec![address(&mail.to)?])
}

fn read_error(error: &smtp::Error) -> SendError {
    let code = error.status().map(u16::from);
    match code {
        Some(code) if error.is_permanent() => {
            let words = error.source().map(ToString::to_string).unwrap_or_default();
            match refusal::read(code, &words) {
                Meaning::Refused { diagnosis } => SendError::Refused { diagnosis },
                Meaning::NotUs { diagnosis } => {
                    let cause =
                        format!("the relay refuses us ({diagnosis}); check --relay and the relay's settings");
                    Unavailable::for_now(cause).into()
                }
            }
        }
        Some(code) => Unavailable::for_now(format!("the relay answers {code}")).into(),
        None if error.is_timeout() => Unavailable::for_now("the relay does not answer in time").into(),
        // No reply code, so nothing of the conversation is in the words: connecting or encrypting failed.
        None => Unavailable::for_now(format!("the relay cannot be spoken to: {error}")).into(),
    }
}
