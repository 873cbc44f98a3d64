//! HTTP for contacts: the inquiry form, the status page with replies, and the public API.
//!
//! The reader is at the outermost edge, where everything that comes in is hostile. A request is read within
//! its limit, checked into typed values, and committed as one event; triage and mail follow from that event
//! and not from here, so that an inquiry is safe before anything can go wrong with it.
//!
//! * [`router`] gives all routes; the same router answers on a port and behind an API gateway.
//! * A repeated sending is one inquiry: the case's id is a keyed hash of the form's or the client's own key.
//! * Errors are pages for people and problem details (RFC 9457) under `/api/`. Neither repeats what was sent.

mod answer;
mod api;
mod conversation;
mod form;
mod known;
mod link;
mod member;
mod openapi;
mod opening;
mod problem;
mod reply;
mod status;
mod unique;

pub use answer::answer_when_too_slow;
use answer::problem_page;
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use jiff::Timestamp;
use lotse_domain::ports::{CaseStore, Clock, RandomSource};
use lotse_pages::{PageLanguage, Problem, paths};
use lotse_policy::Policy;
use lotse_runtime::Keys;
use problem::ApiProblem;
use std::sync::Arc;

/// What the function needs of the world.
pub struct IntakeWeb<S> {
    /// Where cases are kept.
    pub store: S,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives keys for forms, and references.
    pub random: Arc<dyn RandomSource>,
    /// Makes and reads status links.
    pub keys: Keys,
    /// The company, its limits and its calendar.
    pub policy: Arc<Policy>,
    /// Where contacts reach this service, without a slash at the end: `https://inquiries.nordhafen-pharma.example`.
    /// Status links in the API's answers begin with it.
    pub public_url: String,
}

impl<S> IntakeWeb<S> {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new key by which a repeated sending of one form is recognised.
    fn form_key(&self) -> String {
        format!("{:032x}", self.random.number())
    }

    fn request_limit(&self) -> usize {
        self.policy.thresholds.limits.request_bytes
    }
}

/// All routes. What none of them answers is a page (404, 405), under `/api/` a problem.
pub fn router<S: CaseStore + 'static>(intake: IntakeWeb<S>) -> Router {
    let openapi = Arc::<str>::from(openapi::document(&intake.policy, &intake.public_url));
    let status = format!("{}{{token}}", paths::STATUS_PREFIX);
    Router::new()
        .route(paths::FORM, get(form::show::<S>))
        .route(paths::SEND_INQUIRY, post(form::send::<S>))
        .route(&status, get(status::show::<S>))
        .route(&format!("{status}/sent"), get(status::confirm::<S>))
        .route(&format!("{status}/reply"), post(reply::send::<S>))
        .route(openapi::INQUIRIES, post(api::send::<S>))
        .route(openapi::DOCUMENT, get(async move || openapi_response(&openapi)))
        .route(openapi::HEALTH, get(health::<S>))
        .route("/assets/{file}", get(asset::<S>))
        .fallback(not_found::<S>)
        .method_not_allowed_fallback(method_not_allowed::<S>)
        .with_state(Arc::new(intake))
}

fn openapi_response(document: &str) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], document.to_owned()).into_response()
}

/// 200 where an inquiry sent now would be kept.
async fn health<S: CaseStore>(State(intake): State<Arc<IntakeWeb<S>>>) -> Response {
    match intake.store.claimed_by("health", intake.now()).await {
        Ok(_) => (StatusCode::OK, "ok\n").into_response(),
        Err(error) => {
            tracing::error!(%error, "the store does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n").into_response()
        }
    }
}

async fn asset<S: CaseStore>(
    State(intake): State<Arc<IntakeWeb<S>>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    lotse_web::asset_response(uri.path())
        .unwrap_or_else(|| problem_page(&intake, PageLanguage::preferred(&headers), Problem::NotFound))
}

async fn not_found<S: CaseStore>(State(intake): State<Arc<IntakeWeb<S>>>, request: Request) -> Response {
    if is_api(request.uri()) {
        ApiProblem::NotFound.into_response()
    } else {
        problem_page(&intake, PageLanguage::preferred(request.headers()), Problem::NotFound)
    }
}

async fn method_not_allowed<S: CaseStore>(
    State(intake): State<Arc<IntakeWeb<S>>>,
    request: Request,
) -> Response {
    if is_api(request.uri()) {
        ApiProblem::MethodNotAllowed.into_response()
    } else {
        problem_page(&intake, PageLanguage::preferred(request.headers()), Problem::MethodNotAllowed)
    }
}

fn is_api(uri: &Uri) -> bool {
    uri.path() == "/api" || uri.path().starts_with("/api/")
}

/// The language that a browser prefers, where nothing else says one.
trait Preferred {
    /// From `Accept-Language`; German where it names neither of the two.
    fn preferred(headers: &HeaderMap) -> Self;
}

impl Preferred for PageLanguage {
    fn preferred(headers: &HeaderMap) -> Self {
        let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        header.and_then(Self::from_accept_language).unwrap_or_default()
    }
}
