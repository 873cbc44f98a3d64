//! The pages of this function, with what surrounds them.

use crate::IntakeWeb;
use axum::{
    http::{StatusCode, header},
    response::Response,
};
use lotse_domain::ports::Unavailable;
use lotse_pages::{Company, PageLanguage, Problem, ProblemPage, PublicFrame, Template};
use lotse_web::{FormError, Privacy, UnreadBody, html};

/// What surrounds a page in this language.
pub(crate) fn frame<S>(intake: &IntakeWeb<S>, language: PageLanguage, other: Option<String>) -> PublicFrame {
    let company = &intake.policy.company;
    PublicFrame {
        language,
        company: Company {
            name: company.name.clone(),
            privacy_url: Some(company.privacy_url.clone()),
            imprint_url: Some(company.imprint_url.clone()),
            phone: Some(company.phone.clone()),
        },
        other_language_url: other,
        zone: intake.policy.calendar.time_zone().clone(),
    }
}

/// A page that nobody keeps a copy of.
pub(crate) fn personal_page(status: StatusCode, page: &impl Template) -> Response {
    html(status, Privacy::Personal, page)
}

/// The page for a problem.
pub(crate) fn problem_page<S>(intake: &IntakeWeb<S>, language: PageLanguage, problem: Problem) -> Response {
    let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let page = ProblemPage { frame: frame(intake, language, None), problem };
    let mut response = personal_page(status, &page);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("10"));
    }
    response
}

/// The problem that a form has which could not be read.
pub(crate) fn unread(error: FormError) -> Problem {
    match error {
        FormError::Body(UnreadBody::TooLarge { limit }) => Problem::TooLarge { limit },
        FormError::Body(UnreadBody::BrokenOff)
        | FormError::MediaType
        | FormError::NotText
        | FormError::TooManyFields => Problem::Unreadable,
    }
}

/// Logs why the store did not serve, once and here, and gives the problem for the contact.
pub(crate) fn unavailable(error: &Unavailable) -> Problem {
    tracing::error!(%error, "the store does not serve");
    match error {
        Unavailable::ForNow(_) => Problem::Unavailable,
        Unavailable::Unreadable(_) => Problem::Internal,
    }
}
