//! The routers of `intake-web` and `desk` behind API Gateway (HTTP API, payload format 2.0).
//!
//! `lambda_http` makes requests of events and events of responses, base64 and cookies included. Bodies are
//! limited twice: by Lambda (6 MB) and, below that, by the routers themselves, as on a port. The caller's
//! address is neither read nor logged: nothing is allowed or counted by it, and it is personal data.

use crate::function::{Chain, Invocation, StartError};
use axum::Router;
use http_body_util::BodyExt as _;
use lambda_http::{
    Body, Request, RequestExt as _, Response,
    http::{HeaderValue, StatusCode, header},
    tower::ServiceExt as _,
};
use lotse_domain::Failure;
use std::{convert::Infallible, sync::Arc};
use tokio::{
    sync::OnceCell,
    time::{Instant, timeout_at},
};
use tracing::Instrument as _;

/// A function that answers HTTP.
pub trait Website: Send + Sync + 'static {
    /// Its routes. Asked for with the first request, so that the function polls before it has asked anybody
    /// for a secret; and again with the next, after it failed.
    fn router(&self) -> impl Future<Output = Result<Router, Failure>> + Send;
}

/// Serves HTTP until Lambda ends the process.
///
/// # Errors
/// Where Lambda's API does not answer.
pub async fn serve_http<W: Website>(website: W) -> Result<(), StartError> {
    let served = Arc::new(Served { website, router: OnceCell::new() });
    let service = lambda_http::service_fn(move |request: Request| {
        let served = Arc::clone(&served);
        async move { Ok::<_, Infallible>(answer(served, request).await) }
    });
    lambda_http::run_concurrent(service).await
}

struct Served<W> {
    website: W,
    router: OnceCell<Router>,
}

/// Answers one request, whatever happens while its answer is made.
async fn answer<W: Website>(served: Arc<Served<W>>, request: Request) -> Response<Body> {
    let begun = Instant::now();
    let invocation = request.lambda_context_ref().map(Invocation::of).unwrap_or_default();
    let (method, route) = (request.method().clone(), route(request.uri().path()).to_owned());
    let span = invocation.span();
    // A task of its own, so that a panic ends this request only, and says nothing of it.
    let task = tokio::spawn(
        async move {
            let found = timeout_at(invocation.until, respond(&served, request)).await;
            found.unwrap_or_else(|_| {
                tracing::error!("an answer took too long");
                unavailable()
            })
        }
        .instrument(span.clone()),
    );
    let response = task.await.unwrap_or_else(|_| failed());
    let (status, duration_ms) = (response.status().as_u16(), begun.elapsed().as_millis());
    span.in_scope(|| tracing::info!(%method, route, status, duration_ms, "a request is answered"));
    response
}

async fn respond<W: Website>(served: &Served<W>, request: Request) -> Response<Body> {
    let router = match served.router.get_or_try_init(|| served.website.router()).await {
        Ok(router) => router.clone(),
        Err(failure) => {
            tracing::error!(error = %Chain(&failure), "the function has not what it needs to answer");
            return unavailable();
        }
    };
    let Ok(response) = router.oneshot(request).await;
    let (parts, body) = response.into_parts();
    match body.collect().await {
        Ok(body) => Response::from_parts(parts, Body::Binary(body.to_bytes().to_vec())),
        Err(error) => {
            tracing::error!(%error, "the body of an answer broke off");
            failed()
        }
    }
}

/// What of a path may be logged: its first part. The second may be the token that opens a conversation.
fn route(path: &str) -> &str {
    let end = path.char_indices().skip(1).find(|(_, letter)| *letter == '/').map(|(end, _)| end);
    path.get(..end.unwrap_or(path.len()).min(32)).unwrap_or("/")
}

fn unavailable() -> Response<Body> {
    let mut response = plain(
        StatusCode::SERVICE_UNAVAILABLE,
        "Der Dienst antwortet gerade nicht. Bitte versuchen Sie es in einer Minute noch einmal.\n\
         The service does not answer at the moment. Please try again in a minute.\n",
    );
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    response
}

fn failed() -> Response<Body> {
    plain(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Das hat leider nicht geklappt; der Fehler liegt bei uns. Bitte versuchen Sie es noch einmal.\n\
         Something went wrong, and the fault is ours. Please try again.\n",
    )
}

fn plain(status: StatusCode, text: &str) -> Response<Body> {
    let mut response = Response::new(Body::Text(text.to_owned()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests;
