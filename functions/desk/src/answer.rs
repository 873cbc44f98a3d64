//! The pages of this function, with what surrounds them.

use crate::{Service, session::Session};
use axum::{http::StatusCode, response::Response};
use lotse_pages::{
    Company, Home, PageLanguage, Problem, PublicFrame, Template,
    desk::{DeskFrame, Notice, SignedIn},
};
use lotse_web::{Privacy, html, problem_response};

/// What surrounds a page of somebody who is signed in.
pub(crate) fn frame<S>(
    desk: &Service<S>,
    session: &Session,
    here: String,
    notice: Option<Notice>,
) -> DeskFrame {
    let user = SignedIn {
        id: session.user.id.clone(),
        name: session.user.name.clone(),
        csrf: desk.keys.form_token(&session.token_hash),
    };
    DeskFrame {
        user: Some(user),
        notice,
        parked: session.parked,
        ..frame_for_anybody(desk, session.language, here)
    }
}

/// What surrounds the sign-in page.
pub(crate) fn frame_for_anybody<S>(desk: &Service<S>, language: PageLanguage, here: String) -> DeskFrame {
    DeskFrame {
        language,
        company: desk.policy.company.name.clone(),
        user: None,
        zone: desk.policy.calendar.time_zone().clone(),
        now: desk.now(),
        notice: None,
        parked: 0,
        mailbox: desk.mailbox,
        here,
    }
}

/// A page that nobody keeps a copy of: all of the desk's hold personal data or a form's token.
pub(crate) fn page(status: StatusCode, page: &impl Template) -> Response {
    html(status, Privacy::Personal, page)
}

/// The page for a problem.
pub(crate) fn problem_page<S>(desk: &Service<S>, language: PageLanguage, problem: Problem) -> Response {
    let company = &desk.policy.company;
    let frame = PublicFrame {
        language,
        company: Company {
            name: company.name.clone(),
            privacy_url: Some(company.privacy_url.clone()),
            imprint_url: Some(company.imprint_url.clone()),
            phone: None,
        },
        other_language_url: None,
        home: Home::Desk,
        zone: desk.policy.calendar.time_zone().clone(),
    };
    problem_response(frame, problem)
}
