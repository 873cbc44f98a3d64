//! `POST /desk/settings`: the language of the desk's pages.

use crate::{DeskStore, Service, cookie, session::Session, sign_in::return_path};
use axum::{
    extract::{Request, State},
    http::header,
    response::Response,
};
use lotse_pages::{PageLanguage, desk::input};
use lotse_web::see_other;
use std::sync::Arc;

/// Remembers the language in the browser, and leads back.
pub(crate) async fn save<S: DeskStore>(
    State(desk): State<Arc<Service<S>>>,
    session: Session,
    request: Request,
) -> Response {
    let form = match session.form(&desk, request).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let language = PageLanguage::from_tag(form.value(input::LANGUAGE)).unwrap_or(session.language);
    let mut response = see_other(return_path(form.value(input::RETURN_TO)));
    if let Some(cookie) = cookie::remember_language(language, desk.secure_cookies) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
