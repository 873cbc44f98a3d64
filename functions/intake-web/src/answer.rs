//! The pages of this function, with what surrounds them.

use crate::{IntakeWeb, Preferred as _, is_api, problem::ApiProblem};
use axum::{
    extract::Request,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use lotse_pages::{Company, Home, PageLanguage, Problem, PublicFrame, Template};
use lotse_policy::Policy;
use lotse_web::{Privacy, html, problem_response};

/// What surrounds a page in this language.
pub(crate) fn frame(policy: &Policy, language: PageLanguage, other: Option<String>) -> PublicFrame {
    let company = &policy.company;
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
        zone: policy.calendar.time_zone().clone(),
    }
}

/// A page that nobody keeps a copy of.
pub(crate) fn personal_page(status: StatusCode, page: &impl Template) -> Response {
    html(status, Privacy::Personal, page)
}

/// The page for a problem.
pub(crate) fn problem_page<S>(intake: &IntakeWeb<S>, language: PageLanguage, problem: Problem) -> Response {
    problem_response(frame(&intake.policy, language, None), problem)
}

/// What a server answers that gives this request up because it takes too long: a page, under `/api/` a
/// problem. Asked before the request is read, since nothing is left of it then.
pub fn answer_when_too_slow(request: &Request) -> impl FnOnce(&Policy) -> Response + use<> {
    let language = (!is_api(request.uri())).then(|| PageLanguage::preferred(request.headers()));
    move |policy| match language {
        Some(language) => problem_response(frame(policy, language, None), Problem::TooSlow),
        None => ApiProblem::TooSlow.into_response(),
    }
}
