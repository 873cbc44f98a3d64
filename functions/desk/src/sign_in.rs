//! Signing in and out.
//!
//! Neither the answer nor the time it takes tells whether a name exists: a password is checked for every name,
//! and every refusal reads the same.

use crate::{
    DeskStore, Service,
    answer::{frame_for_anybody, page, problem_page},
    company_sign_in::begin_address,
    cookie::{self, SESSION_SECONDS},
    session::Session,
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, StatusCode, Uri, header},
    response::Response,
};
use jiff::SignedDuration;
use lotse_domain::{
    UserId,
    ports::{PasswordHash, Session as StoredSession, Unavailable, User},
};
use lotse_pages::{
    PageLanguage, Problem,
    desk::{SignInBy, SignInError, SignInPage, input},
    paths,
};
use lotse_runtime::{token_hash, verify_password};
use lotse_web::{Form, see_other, unavailable};
use std::sync::Arc;

/// No form of ours is longer: a name, a password, a path.
const MOST_BYTES: usize = 8 * 1024;

/// `GET /desk/sign-in`.
pub(crate) async fn show<S: DeskStore>(
    State(desk): State<Arc<Service<S>>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let query = uri.query().unwrap_or_default();
    let parameters = Form::query(query);
    let asked = PageLanguage::from_tag(parameters.value(input::LANGUAGE));
    let language = asked.unwrap_or_else(|| cookie::language(&headers));
    let ended = query.split('&').any(|parameter| parameter == "ended");
    let error = ended.then_some(SignInError::SessionEnded);
    sign_in_page(&desk, language, Filled::new(&parameters), error)
}

/// `POST /desk/sign-in`: opens a session and leads to where somebody wanted to go.
pub(crate) async fn send<S: DeskStore>(State(desk): State<Arc<Service<S>>>, request: Request) -> Response {
    let language = cookie::language(request.headers());
    if desk.identity_provider.is_some() {
        return problem_page(&desk, language, Problem::MethodNotAllowed);
    }
    if comes_from_elsewhere(request.headers()) {
        return problem_page(&desk, language, Problem::FormExpired);
    }
    let form = match Form::read(request, MOST_BYTES).await {
        Ok(form) => form,
        Err(error) => return problem_page(&desk, language, Problem::from(error)),
    };
    match sign_in(&desk, &form).await {
        Ok(Outcome::SignedIn(token)) => {
            let mut response = see_other(return_path(form.value(input::RETURN_TO)));
            if let Some(cookie) = cookie::open_session(&token, desk.secure_cookies) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            response
        }
        Ok(Outcome::Refused(error)) => sign_in_page(&desk, language, Filled::new(&form), Some(error)),
        Err(error) => problem_page(&desk, language, unavailable(&error)),
    }
}

/// `POST /desk/sign-out`: ends the session, here and in the browser.
pub(crate) async fn sign_out<S: DeskStore>(
    State(desk): State<Arc<Service<S>>>,
    session: Session,
    request: Request,
) -> Response {
    if let Err(response) = session.form(&desk, request).await {
        return response;
    }
    if let Err(error) = desk.store.end_session(&session.token_hash).await {
        return problem_page(&desk, session.language, unavailable(&error));
    }
    let mut response = see_other(paths::SIGN_IN);
    if let Some(cookie) = cookie::close_session(desk.secure_cookies) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

enum Outcome {
    /// With the session's token, which only the browser keeps.
    SignedIn(String),
    Refused(SignInError),
}

async fn sign_in<S: DeskStore>(desk: &Service<S>, form: &Form) -> Result<Outcome, Unavailable> {
    let name = form.line(input::USER).to_lowercase();
    let now = desk.now();
    if desk.throttle.must_wait(&name, now) {
        return Ok(Outcome::Refused(SignInError::TooMany));
    }
    let user = match name.parse::<UserId>() {
        Ok(id) => desk.store.user(&id).await?.filter(|user| !user.disabled),
        Err(_) => None,
    };
    let hash = user.as_ref().map(|user| user.password.clone());
    let fits = password_fits(desk, form.value(input::PASSWORD).to_owned(), hash).await;
    let Some(user) = user.filter(|_| fits) else {
        desk.throttle.failed(&name, now);
        tracing::info!("a sign-in was refused");
        return Ok(Outcome::Refused(SignInError::Refused));
    };
    desk.throttle.succeeded(&name);
    open_session(desk, user).await.map(Outcome::SignedIn)
}

/// Away from the threads that answer others, and bounded: a flood of sign-ins must not stop the desk.
async fn password_fits<S>(desk: &Service<S>, password: String, hash: Option<PasswordHash>) -> bool {
    let Ok(_permit) = desk.password_checks.acquire().await else { return false };
    let check = tokio::task::spawn_blocking(move || verify_password(&password, hash.as_ref()));
    check.await.unwrap_or(false)
}

pub(crate) async fn open_session<S: DeskStore>(desk: &Service<S>, user: User) -> Result<String, Unavailable> {
    let token = format!("{:032x}{:032x}", desk.random.number(), desk.random.number());
    let lasts = SignedDuration::from_secs(SESSION_SECONDS);
    let expires_at = desk.now().checked_add(lasts).map_err(Unavailable::for_now)?;
    let session = StoredSession { token_hash: token_hash(&token), user: user.id, expires_at };
    desk.store.open_session(session).await?;
    Ok(token)
}

/// A page of another site that signs somebody in under the attacker's name: browsers say so (W3C Fetch
/// Metadata). There is no session yet whose token the form could carry.
fn comes_from_elsewhere(headers: &HeaderMap) -> bool {
    let site = headers.get(HeaderName::from_static("sec-fetch-site"));
    site.is_some_and(|site| site == "cross-site" || site == "same-site")
}

/// A page of the desk, whatever the parameter says.
pub(crate) fn return_path(wanted: &str) -> &str {
    let rest = wanted.strip_prefix(paths::DESK);
    let is_ours = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
        && wanted.len() <= 512
        && wanted.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_ours && !wanted.starts_with(paths::SIGN_IN) { wanted } else { paths::DESK }
}

/// What the sign-in page shows again.
pub(crate) struct Filled {
    user: String,
    return_to: String,
}

impl Filled {
    fn new(form: &Form) -> Self {
        Self {
            user: form.line(input::USER).chars().take(64).collect(),
            return_to: return_path(form.value(input::RETURN_TO)).to_owned(),
        }
    }

    /// Nothing was typed here.
    pub(crate) fn to_return(return_to: String) -> Self {
        Self { user: String::new(), return_to }
    }
}

pub(crate) fn sign_in_page<S>(
    desk: &Service<S>,
    language: PageLanguage,
    filled: Filled,
    error: Option<SignInError>,
) -> Response {
    let status = match error {
        None | Some(SignInError::SessionEnded) => StatusCode::OK,
        Some(SignInError::Refused | SignInError::NotVouchedFor) => StatusCode::UNAUTHORIZED,
        Some(SignInError::NoDesk) => StatusCode::FORBIDDEN,
        Some(SignInError::TooMany) => StatusCode::TOO_MANY_REQUESTS,
    };
    let here = paths::SIGN_IN.to_owned();
    let frame = frame_for_anybody(desk, language, here);
    let by = match desk.identity_provider {
        Some(_) => SignInBy::Company { begin: begin_address(&filled.return_to) },
        None => SignInBy::Password,
    };
    page(status, &SignInPage { frame, by, user: filled.user, return_to: filled.return_to, error })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_to_pages_of_the_desk_only() {
        for ours in ["/desk", "/desk?view=mine", "/desk/cases/7#request-1"] {
            assert_eq!(return_path(ours), ours);
        }
        for other in [
            "",
            "https://evil.example/desk",
            "//evil.example",
            "/\\evil.example",
            "/desk\\..\\x",
            "/deskx",
            "/desk/\nSet-Cookie: x",
            "/desk/sign-in?return_to=/desk",
        ] {
            assert_eq!(return_path(other), "/desk", "{other:?}");
        }
    }
}
