//! A function that runs because time passes.

use crate::{
    function::{self, Chain, InvocationError, StartError},
    metrics::Metrics,
};
use lotse_domain::{CaseId, Failure, ports::Unavailable};
use serde_json::Value;
use std::sync::Arc;
use tokio::time::timeout_at;

/// The function that a schedule is for.
pub trait Scheduled: Send + Sync + 'static {
    /// Does what is due; doing so twice must be harmless.
    fn run(&self) -> impl Future<Output = Result<Ran, Unavailable>> + Send;
}

/// What a run came to.
#[derive(Debug, Default)]
pub struct Ran {
    /// Cases on which something happened.
    pub advanced: usize,
    /// Cases that could not be worked on, with the reason. They are tried again in the next run.
    pub failed: Vec<(CaseId, Failure)>,
}

/// Serves a schedule until Lambda ends the process. What the event says does not matter: that it came does.
///
/// # Errors
/// Where Lambda's API does not answer.
pub async fn serve_schedule<S: Scheduled>(scheduled: S) -> Result<(), StartError> {
    let scheduled = Arc::new(scheduled);
    function::poll(move |_event, invocation| {
        let scheduled = Arc::clone(&scheduled);
        async move {
            match timeout_at(invocation.until, scheduled.run()).await {
                Ok(Ok(ran)) => Ok(report(&ran)),
                Ok(Err(error)) => Err(InvocationError(Chain(&error).to_string())),
                // What is left is due in the next run as well.
                Err(_) => Err(InvocationError("not everything due was done in time".to_owned())),
            }
        }
    })
    .await
}

fn report(ran: &Ran) -> Value {
    for (case, failure) in &ran.failed {
        tracing::error!(case.id = %case, error = %Chain(failure), "a deadline could not be acted on");
    }
    tracing::info!(cases = ran.advanced, failed = ran.failed.len(), "deadlines are acted on");
    Metrics::default().count("DeadlinesFailed", ran.failed.len()).emit();
    serde_json::json!({ "advanced": ran.advanced, "failed": ran.failed.len() })
}
