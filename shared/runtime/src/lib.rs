//! What every main wires: clock, randomness, keyed tokens, passwords, the
//! company's own sign-in service, telemetry.

mod clock;
mod keys;
#[cfg(feature = "openid")]
mod openid;
mod panics;
mod password;
mod telemetry;

pub use clock::{SystemClock, SystemRandom};
pub use keys::{Keys, MailPurpose, SentMail, token_hash};
#[cfg(feature = "openid")]
pub use openid::{OpenId, OpenIdSettings, SettingsError};
pub use panics::log_panics_without_payload;
pub use password::{PasswordError, hash_password, random_password, verify_password};
pub use telemetry::{InvalidLogFilter, LogFilter, LogFormat, start_logging};
