//! Trying again what may succeed a moment later, for a bounded time.

use super::error::Fault;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The longest pause before the first repeat; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(25);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// A function's own time-out is longer, and what waits in a queue is tried again anyway.
const USUAL: Duration = Duration::from_secs(5);

/// For how long a request is repeated before it is given up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    longest: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { longest: USUAL }
    }
}

impl Patience {
    pub(super) fn lasting(longest: Duration) -> Self {
        Self { longest }
    }

    /// The tries of one request, from now on.
    pub(super) fn tries(self) -> Tries {
        Tries { until: Instant::now() + self.longest, pause: FIRST_PAUSE, repeats: 0 }
    }

    /// Sends a request until it is answered, or refused for more than the moment.
    pub(super) async fn send<T, F>(self, mut request: impl FnMut() -> F) -> Result<T, Fault>
    where
        F: Future<Output = Result<T, Fault>>,
    {
        let mut tries = self.tries();
        loop {
            match request().await {
                Err(fault) if fault.passes() => tries.pause(fault).await?,
                outcome => return outcome,
            }
        }
    }
}

/// How often something was tried, and how long it still may be.
pub(super) struct Tries {
    until: Instant,
    pause: Duration,
    repeats: u32,
}

impl Tries {
    /// Waits before the next try; gives the fault back where there is no time for one.
    ///
    /// Waits anything up to the pause ("full jitter"): those who were refused together then do not come back
    /// together.
    pub(super) async fn pause(&mut self, fault: Fault) -> Result<(), Fault> {
        let pause = self.pause.mul_f64(fastrand::f64());
        if Instant::now() + pause >= self.until {
            return Err(fault);
        }
        sleep(pause).await;
        self.pause = LONGEST_PAUSE.min(self.pause * 2);
        self.repeats += 1;
        Ok(())
    }

    /// True once something was tried before: an earlier try may have succeeded, and its answer be lost.
    pub(super) fn are_repeats(&self) -> bool {
        self.repeats > 0
    }
}
