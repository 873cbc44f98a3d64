//! From the start of the process to the first poll for work, the same for every function.

use crate::telemetry;
use lambda_runtime::{Context, Diagnostic, LambdaEvent};
use lotse_runtime::log_panics_without_payload;
use serde::Serialize;
use serde_json::Value;
use std::{
    env,
    error::Error,
    fmt,
    process::ExitCode,
    time::{Duration, SystemTime},
};
use tokio::{runtime, time::Instant};
use tracing::{Instrument as _, Span};

/// How long a function may take, as the deployment template says. No single call may use it up.
pub const FUNCTION_TIMEOUT: Duration = Duration::from_secs(30);

/// The end of an invocation's time that is kept for saying what became of it.
const RESERVE: Duration = Duration::from_secs(1);

/// Why a function does not start. `main` only reports it.
pub type StartError = Box<dyn Error + Send + Sync>;

/// The whole `main` of a function: starts logging and the async runtime, and runs `work`, which reads the
/// configuration, makes the clients and serves. What keeps it from serving is logged as one line.
///
/// `krate` is the function's crate, whose log lines are heard.
pub fn start(krate: &str, work: impl AsyncFnOnce() -> Result<(), StartError>) -> ExitCode {
    telemetry::start_logging(krate);
    log_panics_without_payload();
    let served = match async_runtime() {
        Ok(runtime) => runtime.block_on(work()),
        Err(error) => Err(error.into()),
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(error = %Chain(error.as_ref()), "the function cannot serve");
            ExitCode::FAILURE
        }
    }
}

/// One thread starts faster than several and is all that a function with less than two processors can use.
/// Where Lambda gives one process many invocations at once (managed instances), it has the processors for it.
fn async_runtime() -> std::io::Result<runtime::Runtime> {
    let mut builder = match env::var_os("AWS_LAMBDA_MAX_CONCURRENCY") {
        Some(_) => runtime::Builder::new_multi_thread(),
        None => runtime::Builder::new_current_thread(),
    };
    builder.enable_all().build()
}

/// An error with all its causes, in one line.
pub(crate) struct Chain<'a>(pub(crate) &'a (dyn Error + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said = self.0.to_string();
        out.write_str(&said)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            let text = error.to_string();
            // Many errors say what their cause says.
            if !said.contains(&text) {
                write!(out, ": {text}")?;
            }
            said = text;
            cause = error.source();
        }
        Ok(())
    }
}

/// An invocation that failed as a whole: Lambda delivers the event again, as its source is configured to. It
/// holds nothing of the event.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct InvocationError(pub(crate) String);

impl From<InvocationError> for Diagnostic {
    fn from(error: InvocationError) -> Self {
        Self { error_type: "InvocationError".to_owned(), error_message: error.0 }
    }
}

/// Polls for events and has each worked on, until Lambda ends the process. The handler may be called
/// concurrently, where Lambda is configured so.
pub(crate) async fn poll<R, F, Fut>(handle: F) -> Result<(), StartError>
where
    R: Serialize + Send + 'static,
    F: Fn(Value, Invocation) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Result<R, InvocationError>> + Send + 'static,
{
    let service = lambda_runtime::service_fn(move |event: LambdaEvent<Value>| {
        let invocation = Invocation::of(&event.context);
        let span = invocation.span();
        let work = handle(event.payload, invocation);
        // A task of its own, so that a panic is caught here: `lambda_runtime` would report what it says.
        let task = tokio::spawn(work.instrument(span));
        async move {
            task.await
                .unwrap_or_else(|_| Err(InvocationError("the function panicked; see its log".to_owned())))
        }
    });
    lambda_runtime::run_concurrent(service).await
}

/// One invocation: what it is called, and until when it may work.
#[derive(Clone, Debug)]
pub(crate) struct Invocation {
    pub(crate) request_id: String,
    pub(crate) xray_trace_id: Option<String>,
    /// After this, work is given up.
    pub(crate) until: Instant,
}

impl Default for Invocation {
    /// For what Lambda says nothing about.
    fn default() -> Self {
        Self { request_id: String::new(), xray_trace_id: None, until: Instant::now() + FUNCTION_TIMEOUT }
    }
}

impl Invocation {
    pub(crate) fn of(context: &Context) -> Self {
        let left = context.deadline().duration_since(SystemTime::now()).unwrap_or_default();
        Self {
            request_id: context.request_id.clone(),
            xray_trace_id: context.xray_trace_id.clone(),
            until: Instant::now() + left.saturating_sub(RESERVE),
        }
    }

    /// What each log line of the invocation carries: the ids by which it is found among Lambda's own lines
    /// and in X-Ray. The trace itself the SDK passes on with each call.
    pub(crate) fn span(&self) -> Span {
        let Self { request_id, xray_trace_id, .. } = self;
        tracing::error_span!("invocation", request_id, xray_trace_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the policy cannot be loaded")]
    struct Outer(#[source] Inner);

    #[derive(Debug, thiserror::Error)]
    #[error("no such folder")]
    struct Inner;

    #[test]
    fn an_error_is_told_with_its_causes() {
        assert_eq!(Chain(&Outer(Inner)).to_string(), "the policy cannot be loaded: no such folder");
    }

    #[tokio::test]
    async fn an_invocation_ends_its_work_before_lambda_ends_it() {
        let mut context = Context::default();
        let deadline = SystemTime::now() + Duration::from_secs(10);
        let since_epoch = deadline.duration_since(SystemTime::UNIX_EPOCH).expect("a time after 1970");
        context.deadline = u64::try_from(since_epoch.as_millis()).expect("a time");
        let left = Invocation::of(&context).until - Instant::now();
        assert!(left <= Duration::from_secs(9), "{left:?}");
        assert!(left > Duration::from_secs(5), "{left:?}");
    }
}
