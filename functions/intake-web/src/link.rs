//! What the address of a public page says: the token of a status link, and how the page is to be shown.
//! Whatever else stands there is passed over: a mangled address still leads to a page that says what to do.

use axum::{extract::FromRequestParts, http::request::Parts};
use lotse_pages::{PageLanguage, paths};
use lotse_web::Form;
use std::convert::Infallible;

/// The parameter that says, after a reply, that it was received.
pub(crate) const REPLY_RECEIVED: &str = "reply=received";

/// What an address says beside its path.
pub(crate) struct PageParameters {
    /// The language of the page, where it names one.
    pub(crate) language: Option<PageLanguage>,
    /// True right after a reply was received.
    pub(crate) reply_received: bool,
}

impl<S: Sync> FromRequestParts<S> for PageParameters {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let parameters = Form::query(query);
        Ok(Self {
            language: PageLanguage::from_tag(parameters.value("lang")),
            reply_received: query.split('&').any(|parameter| parameter == REPLY_RECEIVED),
        })
    }
}

/// The token in `/s/<token>`, as it came: only the keys tell whether it is one of ours.
pub(crate) struct StatusToken(pub(crate) String);

impl<S: Sync> FromRequestParts<S> for StatusToken {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let rest = parts.uri.path().strip_prefix(paths::STATUS_PREFIX).unwrap_or_default();
        Ok(Self(rest.split('/').next().unwrap_or_default().to_owned()))
    }
}
