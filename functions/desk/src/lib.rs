//! HTTP for specialists: sign-in, worklist, search, and one case with everything that can be done to it; for
//! administrators also the deliveries that failed.
//!
//! The reader is where a person decides. Every page and every action belongs to a session, every action
//! carries the session's token against forged requests, and becomes a command of the case: the case, not this
//! function, says whether it is allowed. Whoever has no right to a case gets the page of an address that does
//! not exist.
//!
//! * [`router`] gives all routes, all of them under `/desk`; it has no fallback, so that one process can
//!   serve it beside others.
//! * What is refused is shown in the page, with what was typed. No text and no name is ever logged.

mod action;
mod answer;
mod case;
mod company_sign_in;
mod cookie;
mod parked;
mod rights;
mod search;
mod session;
mod settings;
mod sign_in;
mod target;
mod throttle;
mod worklist;

use answer::problem_page;
use axum::{
    Router,
    extract::{Request, State},
    response::Response,
    routing::{any, get, post},
};
use jiff::Timestamp;
use lotse_domain::ports::{
    CaseStore, Clock, IdentityProvider, ParkedDeliveries, RandomSource, UserDirectory,
};
use lotse_pages::{Problem, paths};
use lotse_policy::Policy;
use lotse_runtime::Keys;
use std::sync::Arc;
use throttle::Throttle;

/// What the desk keeps things in: cases, the people who work on them, and deliveries that failed.
pub trait DeskStore: CaseStore + UserDirectory + ParkedDeliveries + 'static {}

impl<S: CaseStore + UserDirectory + ParkedDeliveries + 'static> DeskStore for S {}

/// What the function needs of the world.
pub struct Desk<S> {
    /// Where cases, people and sessions are kept.
    pub store: S,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives session tokens.
    pub random: Arc<dyn RandomSource>,
    /// Makes and reads the tokens of forms.
    pub keys: Keys,
    /// The company, its desks and its calendar.
    pub policy: Arc<Policy>,
    /// The company's own sign-in service; `None`: people sign in with passwords of this desk.
    pub identity_provider: Option<Arc<dyn IdentityProvider>>,
    /// True where the desk is reached over TLS: a session's cookie then never travels without it.
    pub secure_cookies: bool,
    /// True where mails are kept in the development mailbox, which the desk's header then links.
    pub mailbox: bool,
}

/// The function with what it keeps in memory.
pub(crate) struct Service<S> {
    desk: Desk<S>,
    throttle: Throttle,
    /// Each check of a password takes 19 MiB and a core for tens of milliseconds.
    password_checks: tokio::sync::Semaphore,
}

impl<S> std::ops::Deref for Service<S> {
    type Target = Desk<S>;

    fn deref(&self) -> &Desk<S> {
        &self.desk
    }
}

impl<S> Desk<S> {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn request_limit(&self) -> usize {
        self.policy.thresholds.limits.request_bytes
    }
}

/// How many passwords are checked at once.
const PASSWORD_CHECKS: usize = 2;

/// All routes, each under `/desk`.
pub fn router<S: DeskStore>(desk: Desk<S>) -> Router {
    let service = Service {
        desk,
        throttle: Throttle::default(),
        password_checks: tokio::sync::Semaphore::new(PASSWORD_CHECKS),
    };
    let case = format!("{}{{case}}", paths::CASE_PREFIX);
    Router::new()
        .route(paths::DESK, get(worklist::show::<S>))
        .route(paths::SIGN_IN, get(sign_in::show::<S>).post(sign_in::send::<S>))
        .route(paths::BEGIN_SIGN_IN, get(company_sign_in::begin::<S>))
        .route(paths::FINISH_SIGN_IN, get(company_sign_in::finish::<S>))
        .route(paths::SIGN_OUT, post(sign_in::sign_out::<S>))
        .route(paths::SETTINGS, post(settings::save::<S>))
        .route(paths::SEARCH, post(search::find::<S>))
        .route(paths::PARKED, get(parked::show::<S>))
        .route(&format!("{}/{{id}}/retry", paths::PARKED), post(parked::retry::<S>))
        .route(&case, get(case::show::<S>))
        .route(&format!("{case}/requests/{{number}}/{{action}}"), post(action::on_request::<S>))
        .route(&format!("{case}/flags/{{number}}/{{action}}"), post(action::on_flag::<S>))
        .route(&format!("{}/{{*rest}}", paths::DESK), any(not_found::<S>))
        .method_not_allowed_fallback(method_not_allowed::<S>)
        .with_state(Arc::new(service))
}

async fn not_found<S: DeskStore>(State(desk): State<Arc<Service<S>>>, request: Request) -> Response {
    problem_page(&desk, cookie::language(request.headers()), Problem::NotFound)
}

async fn method_not_allowed<S: DeskStore>(State(desk): State<Arc<Service<S>>>, request: Request) -> Response {
    problem_page(&desk, cookie::language(request.headers()), Problem::MethodNotAllowed)
}
