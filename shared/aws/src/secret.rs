//! Secrets from Secrets Manager, read once in the life of a process.

use crate::CallError;
use aws_config::SdkConfig;
use aws_sdk_secretsmanager::Client;
use data_encoding::{BASE64, BASE64_NOPAD, HEXLOWER_PERMISSIVE};
use lotse_domain::{Failure, ports::Unavailable};
use lotse_runtime::Keys;
use std::fmt;
use tokio::sync::OnceCell;

/// A secret that is read when it is first needed and kept from then on: a function that starts waits for
/// nothing, and one that runs asks Secrets Manager no more. Whoever changes the secret deploys anew.
pub struct Secret<T> {
    client: Client,
    id: String,
    read: fn(&str) -> Result<T, FormError>,
    value: OnceCell<T>,
}

/// Text that shows nothing when it is logged, such as the secret of an `OpenID` client.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(String);

impl SecretText {
    /// The text itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("[secret]")
    }
}

/// Why there is no secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// Secrets Manager did not give it.
    #[error(
        "the secret {id} could not be read; check that it exists and that the function's role may read it"
    )]
    Call {
        /// Its ARN or name.
        id: String,
        /// What went wrong.
        #[source]
        cause: CallError,
    },
    /// It is there, but is not what it must be.
    #[error("the secret {id} {cause}")]
    Form {
        /// Its ARN or name.
        id: String,
        /// What it must be. Not a source: both are one sentence.
        cause: FormError,
    },
}

/// What is wrong with a secret's form. Says nothing of its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// The secret is stored as bytes.
    #[error("is binary; store it as text")]
    Binary,
    /// The key has another form or length.
    #[error(
        "is no key: expected 32 random bytes as 64 hexadecimal digits or in base64, such as `openssl rand -hex 32` prints"
    )]
    NoKey,
    /// The text is empty.
    #[error("is empty")]
    Empty,
}

impl From<SecretError> for Unavailable {
    fn from(error: SecretError) -> Self {
        Self::for_now(chain(&error))
    }
}

impl From<SecretError> for Failure {
    /// To try again: somebody may correct the secret, and no message is at fault.
    fn from(error: SecretError) -> Self {
        Self::retry(chain(&error))
    }
}

/// Error and cause in one text, since both conversions keep no more than what is displayed.
fn chain(error: &SecretError) -> String {
    match error {
        SecretError::Call { cause, .. } => format!("{error}: {cause}"),
        SecretError::Form { .. } => error.to_string(),
    }
}

impl Secret<Keys> {
    /// The installation's key: 32 bytes, as 64 hexadecimal digits or in base64.
    pub fn key(config: &SdkConfig, id: impl Into<String>) -> Self {
        Self::new(Client::new(config), id.into(), read_key)
    }
}

impl Secret<SecretText> {
    /// A text that is a secret.
    pub fn text(config: &SdkConfig, id: impl Into<String>) -> Self {
        Self::new(Client::new(config), id.into(), read_text)
    }
}

impl<T> Secret<T> {
    fn new(client: Client, id: String, read: fn(&str) -> Result<T, FormError>) -> Self {
        Self { client, id, read, value: OnceCell::new() }
    }

    /// The secret. The first caller waits for Secrets Manager, and whoever comes meanwhile waits with it;
    /// after an error the next caller tries again.
    pub async fn get(&self) -> Result<&T, SecretError> {
        self.value.get_or_try_init(|| self.fetch()).await
    }

    async fn fetch(&self) -> Result<T, SecretError> {
        let id = || self.id.clone();
        let output = self.client.get_secret_value().secret_id(&self.id).send().await.map_err(|error| {
            SecretError::Call { id: id(), cause: CallError::new("Secrets Manager GetSecretValue", &error) }
        })?;
        let text = output.secret_string().ok_or(SecretError::Form { id: id(), cause: FormError::Binary })?;
        (self.read)(text.trim()).map_err(|cause| SecretError::Form { id: id(), cause })
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "[secret {}]", self.id)
    }
}

fn read_text(text: &str) -> Result<SecretText, FormError> {
    if text.is_empty() { Err(FormError::Empty) } else { Ok(SecretText(text.to_owned())) }
}

fn read_key(text: &str) -> Result<Keys, FormError> {
    let bytes = match text.len() {
        0 => return Err(FormError::Empty),
        64 => HEXLOWER_PERMISSIVE.decode(text.as_bytes()),
        44 => BASE64.decode(text.as_bytes()),
        _ => BASE64_NOPAD.decode(text.as_bytes()),
    };
    let bytes = bytes.map_err(|_| FormError::NoKey)?;
    bytes.try_into().map(Keys::new).map_err(|_| FormError::NoKey)
}

#[cfg(test)]
mod tests;
