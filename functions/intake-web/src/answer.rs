//! The pages of this function, with what surrounds them.

use crate::IntakeWeb;
use axum::{http::StatusCode, response::Response};
use lotse_pages::{Company, Home, PageLanguage, Problem, PublicFrame, Template};
use lotse_web::{Privacy, html, problem_response};

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
        home: Home::InquiryForm,
        zone: intake.policy.calendar.time_zone().clone(),
    }
}

/// A page that nobody keeps a copy of.
pub(crate) fn personal_page(status: StatusCode, page: &impl Template) -> Response {
    html(status, Privacy::Personal, page)
}

/// The page for a problem.
pub(crate) fn problem_page<S>(intake: &IntakeWeb<S>, language: PageLanguage, problem: Problem) -> Response {
    problem_response(frame(intake, language, None), problem)
}
