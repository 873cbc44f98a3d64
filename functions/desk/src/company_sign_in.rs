//! Signing in with the company's own service: the browser goes there and comes back with a code.
//!
//! What was begun stays in a cookie of the browser that began, so that nobody can be signed in under
//! somebody else's name with a link. Whom the service vouches for becomes a user at each sign-in, with the
//! desks that the company's groups name; a user who was disabled here stays disabled.

use crate::{
    DeskStore, Service,
    answer::{frame_for_anybody, page, problem_page},
    cookie,
    sign_in::{Filled, open_session, return_path, sign_in_page},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use lotse_domain::{
    DeskId, InvalidId, UserId,
    ports::{Identity, IdentityError, IdentityProvider, PasswordHash, SignInBegun, Unavailable, User},
};
use lotse_pages::{
    Problem,
    desk::{SignInError, SignedInPage, input},
    paths,
};
use lotse_runtime::token_hash;
use lotse_web::{Form, query_value, see_other, unavailable};
use std::{collections::BTreeSet, sync::Arc};

/// Whoever is in this group administers: sees all desks and the deliveries that failed.
const ADMINISTRATORS: &str = "administrators";
/// No name is longer on a page.
const MOST_NAME_CHARACTERS: usize = 100;

/// Where somebody goes to sign in with the company, and to which page from there.
pub(crate) fn begin_address(return_to: &str) -> String {
    format!("{}?{}={}", paths::BEGIN_SIGN_IN, input::RETURN_TO, query_value(return_to))
}

/// `GET /desk/sign-in/begin`: sends the browser to the company's service.
pub(crate) async fn begin<S: DeskStore>(State(desk): State<Arc<Service<S>>>, request: Request) -> Response {
    let language = cookie::language(request.headers());
    let Some(provider) = &desk.identity_provider else {
        return problem_page(&desk, language, Problem::NotFound);
    };
    let parameters = Form::query(request.uri().query().unwrap_or_default());
    let return_to = return_path(parameters.value(input::RETURN_TO));
    let begun = match provider.begin().await {
        Ok(begun) => begun,
        Err(error) => return problem_page(&desk, language, not_reached(&error)),
    };
    let mut response = see_other(&begun.address);
    if let Some(cookie) = cookie::begin_sign_in(&written(&begun, return_to), desk.secure_cookies) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// `GET /desk/sign-in/finish`: the browser comes back from the company's service.
pub(crate) async fn finish<S: DeskStore>(State(desk): State<Arc<Service<S>>>, request: Request) -> Response {
    let headers = request.headers();
    let language = cookie::language(headers);
    let Some(provider) = &desk.identity_provider else {
        return problem_page(&desk, language, Problem::NotFound);
    };
    let parameters = Form::query(request.uri().query().unwrap_or_default());
    let begun = begun_by(headers, desk.secure_cookies, parameters.value("state"));
    let (return_to, outcome) = match begun {
        Some((begun, return_to)) => {
            let code = parameters.value("code");
            (return_to, sign_in(&desk, provider.as_ref(), code, &begun).await)
        }
        None => (paths::DESK.to_owned(), Err(Refusal::Page(SignInError::NotVouchedFor))),
    };
    let mut response = match outcome {
        Ok(token) => {
            let frame = frame_for_anybody(&desk, language, return_to.clone());
            let mut response = page(StatusCode::OK, &SignedInPage { frame, return_to });
            if let Some(cookie) = cookie::open_session(&token, desk.secure_cookies) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
        Err(Refusal::Page(error)) => sign_in_page(&desk, language, Filled::to_return(return_to), Some(error)),
        Err(Refusal::Problem(problem)) => problem_page(&desk, language, problem),
    };
    if let Some(cookie) = cookie::end_sign_in(desk.secure_cookies) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Why nobody is signed in, as it is shown.
enum Refusal {
    Page(SignInError),
    Problem(Problem),
}

impl From<Unavailable> for Refusal {
    fn from(error: Unavailable) -> Self {
        Self::Problem(unavailable(&error))
    }
}

async fn sign_in<S: DeskStore>(
    desk: &Service<S>,
    provider: &dyn IdentityProvider,
    code: &str,
    begun: &SignInBegun,
) -> Result<String, Refusal> {
    if code.is_empty() {
        // The person said no there, or may not use this desk.
        return Err(Refusal::Page(SignInError::NotVouchedFor));
    }
    let identity = provider.finish(code, begun).await.map_err(|error| match error {
        IdentityError::Refused(cause) => {
            tracing::warn!(%cause, "a sign-in was refused");
            Refusal::Page(SignInError::NotVouchedFor)
        }
        IdentityError::Unavailable(_) => Refusal::Problem(not_reached(&error)),
    })?;
    let user = user_of(desk, &identity).map_err(|_| Refusal::Page(SignInError::NotVouchedFor))?;
    let known = desk.store.user(&user.id).await?;
    let has_work = user.administrator || !user.desks.is_empty();
    if !has_work || known.as_ref().is_some_and(|known| known.disabled) {
        tracing::info!("a sign-in was refused: no desk, or disabled");
        return Err(Refusal::Page(SignInError::NoDesk));
    }
    if known.as_ref() != Some(&user) {
        desk.store.save_user(user.clone()).await?;
    }
    Ok(open_session(desk, user).await?)
}

/// The person as a user: the groups that are named as desks are the person's desks.
fn user_of<S>(desk: &Service<S>, identity: &Identity) -> Result<User, InvalidId> {
    let in_group = |id: &DeskId| identity.groups.contains(id.as_str());
    let desks: BTreeSet<DeskId> =
        desk.policy.desks.iter().map(|known| known.id.clone()).filter(in_group).collect();
    let name: String = identity.name.chars().filter(|c| !c.is_control()).take(MOST_NAME_CHARACTERS).collect();
    let id = user_id(&identity.subject)?;
    Ok(User {
        name: if name.is_empty() { id.to_string() } else { name },
        id,
        desks,
        administrator: identity.groups.contains(ADMINISTRATORS),
        disabled: false,
        // No password fits an empty hash.
        password: PasswordHash(String::new()),
    })
}

/// The service's own name for the person, where it can be a user's; else a hash of it. It never changes and
/// is never given to somebody else, which the history of cases needs.
fn user_id(subject: &str) -> Result<UserId, InvalidId> {
    subject.parse().or_else(|_| {
        let first_half = token_hash(subject).into_iter().take(16);
        let number = first_half.fold(0_u128, |number, byte| (number << 8) | u128::from(byte));
        format!("{number:032x}").parse()
    })
}

fn not_reached(error: &IdentityError) -> Problem {
    tracing::error!(%error, "the sign-in service cannot be used");
    Problem::Unavailable
}

/// What was begun, as the cookie holds it: written like the fields of a form.
fn written(begun: &SignInBegun, return_to: &str) -> String {
    let fields =
        [("state", &*begun.state), ("nonce", &begun.nonce), ("verifier", &begun.verifier), ("to", return_to)];
    fields.map(|(name, value)| format!("{name}={}", query_value(value))).join("&")
}

/// The sign-in that this browser began with that state, and the page it leads to.
fn begun_by(headers: &HeaderMap, secure: bool, state: &str) -> Option<(SignInBegun, String)> {
    let fields = Form::query(cookie::sign_in_begun(headers, secure)?);
    let text = |name| fields.value(name).to_owned();
    let begun = SignInBegun {
        address: String::new(),
        state: text("state"),
        nonce: text("nonce"),
        verifier: text("verifier"),
    };
    // Hashes are compared, so that the time taken tells nothing of the state.
    let is_the_same = !state.is_empty() && token_hash(&begun.state) == token_hash(state);
    is_the_same.then(|| (begun, return_path(fields.value("to")).to_owned()))
}
