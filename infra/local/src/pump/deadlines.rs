//! The schedule: reminders, and what has become overdue.

use crate::pump::Functions;
use lotse_domain::ports::Clock as _;
use std::{sync::Arc, time::Duration};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

/// Looks at what is due, once at the start and then at each interval, until the server stops.
pub(super) async fn run(functions: Arc<Functions>, every: Duration, stopping: CancellationToken) {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = stopping.cancelled() => return,
        }
        let dependencies = ::deadlines::Dependencies { store: &functions.store, policy: &functions.policy };
        match ::deadlines::run(&dependencies, functions.clock.now()).await {
            Ok(run) => {
                if run.advanced > 0 {
                    tracing::info!(cases = run.advanced, "deadlines acted on");
                }
                for (case, failure) in run.failed {
                    tracing::error!(case.id = %case, error = %failure, "a deadline could not be acted on");
                }
            }
            Err(error) => tracing::error!(%error, "deadlines could not be looked at"),
        }
    }
}
