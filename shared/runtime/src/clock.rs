//! The real clock and the operating system's randomness, behind the domain's ports.

use jiff::Timestamp;
use lotse_domain::ports::{Clock, RandomSource};

/// The operating system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The operating system's random numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl RandomSource for SystemRandom {
    /// # Panics
    /// Where the operating system gives no random numbers: nothing that Lotse does is safe then.
    fn number(&self) -> u128 {
        let mut bytes = [0; 16];
        if let Err(error) = getrandom::fill(&mut bytes) {
            panic!("the operating system gives no random numbers: {error}");
        }
        u128::from_le_bytes(bytes)
    }
}
