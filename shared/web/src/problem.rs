//! From what went wrong to the page that says so.

use crate::{FormError, Privacy, UnreadBody, html};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use lotse_domain::ports::Unavailable;
use lotse_pages::{Problem, ProblemPage, PublicFrame};

impl From<FormError> for Problem {
    fn from(error: FormError) -> Self {
        match error {
            FormError::Body(UnreadBody::TooLarge { limit }) => Self::TooLarge { limit },
            FormError::Body(UnreadBody::BrokenOff)
            | FormError::MediaType
            | FormError::NotText
            | FormError::TooManyFields => Self::Unreadable,
        }
    }
}

/// Logs why the store did not serve, once and here, and gives the problem to show.
pub fn unavailable(error: &Unavailable) -> Problem {
    tracing::error!(%error, "the store does not serve");
    match error {
        Unavailable::ForNow(_) => Problem::Unavailable,
        Unavailable::Unreadable(_) => Problem::Internal,
    }
}

/// The page for a problem, with its status.
pub fn problem_response(frame: PublicFrame, problem: Problem) -> Response {
    let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = html(status, Privacy::Personal, &ProblemPage { frame, problem });
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
    }
    response
}
