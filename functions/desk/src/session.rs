//! Who is signed in: what every page and action of the desk asks first.

use crate::{DeskStore, Service, answer::problem_page, cookie, parked::MOST_PARKED};
use axum::{
    extract::{FromRequestParts, Request},
    http::{Method, Uri, request::Parts},
    response::Response,
};
use lotse_domain::ports::User;
use lotse_pages::{PageLanguage, Problem, desk::input, paths};
use lotse_runtime::token_hash;
use lotse_web::{Form, query_value, see_other, unavailable};
use std::sync::Arc;

/// A person's session, with the language that they read the desk in.
pub(crate) struct Session {
    /// The person, as stored now: a right taken away is gone at once.
    pub(crate) user: User,
    /// What the store knows the session by.
    pub(crate) token_hash: [u8; 32],
    /// The language of the desk's pages.
    pub(crate) language: PageLanguage,
    /// How many deliveries wait for an administrator; 0 for everybody else.
    pub(crate) parked: usize,
}

impl<S: DeskStore> FromRequestParts<Arc<Service<S>>> for Session {
    /// The way to the sign-in page, or the page for a problem.
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Service<S>>) -> Result<Self, Response> {
        let language = cookie::language(&parts.headers);
        let Some(token) = cookie::session_token(&parts.headers, desk.secure_cookies) else {
            return Err(see_other(&sign_in_path(&parts.method, &parts.uri, false)));
        };
        let token_hash = token_hash(token);
        let failed = |error| problem_page(desk, language, unavailable(&error));
        let user = desk.store.session_user(&token_hash, desk.now()).await.map_err(failed)?;
        let Some(user) = user.filter(|user| !user.disabled) else {
            return Err(see_other(&sign_in_path(&parts.method, &parts.uri, true)));
        };
        let parked =
            if user.administrator { desk.store.parked(MOST_PARKED).await.map_err(failed)?.len() } else { 0 };
        Ok(Self { user, token_hash, language, parked })
    }
}

impl Session {
    /// Reads the form that a page of this session sent; one that carries another token is not ours.
    pub(crate) async fn form<S>(&self, desk: &Service<S>, request: Request) -> Result<Form, Response> {
        let form = Form::read(request, desk.request_limit())
            .await
            .map_err(|error| problem_page(desk, self.language, Problem::from(error)))?;
        if desk.keys.form_token_fits(&self.token_hash, form.value(input::CSRF)) {
            Ok(form)
        } else {
            Err(problem_page(desk, self.language, Problem::FormExpired))
        }
    }
}

/// The sign-in page that leads back to where somebody wanted to go.
fn sign_in_path(method: &Method, uri: &Uri, ended: bool) -> String {
    let mark = if ended { "&ended" } else { "" };
    format!("{}?{}={}{mark}", paths::SIGN_IN, input::RETURN_TO, query_value(wanted(method, uri)))
}

/// The page asked for. What was to be done is not done after signing in: then it is the page it was done on.
fn wanted<'a>(method: &Method, uri: &'a Uri) -> &'a str {
    let path = uri.path();
    if method == Method::GET {
        return uri.path_and_query().map_or(path, |both| both.as_str());
    }
    match path.strip_prefix(paths::CASE_PREFIX) {
        Some(rest) => {
            let case = rest.find('/').unwrap_or(rest.len());
            path.get(..paths::CASE_PREFIX.len() + case).unwrap_or(paths::DESK)
        }
        None => paths::DESK,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_signs_in_comes_to_the_page_and_never_repeats_an_action() {
        let wanted_of = |method, uri: &'static str| wanted(&method, &Uri::from_static(uri)).to_owned();
        assert_eq!(wanted_of(Method::GET, "/desk?view=mine"), "/desk?view=mine");
        assert_eq!(wanted_of(Method::POST, "/desk/cases/7/requests/1/answer"), "/desk/cases/7");
        assert_eq!(wanted_of(Method::POST, "/desk/search"), "/desk");
    }
}
