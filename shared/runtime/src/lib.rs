//! What every main wires: clock, randomness, keyed tokens, passwords, telemetry.

mod clock;
mod keys;
mod password;
mod telemetry;

pub use clock::{SystemClock, SystemRandom};
pub use keys::{Keys, token_hash};
pub use password::{PasswordError, hash_password, random_password, verify_password};
pub use telemetry::{LogFormat, start_logging};
