//! `GET /desk/cases/<id>`: one case with everything that can be done to it.

use crate::{
    DeskStore, Service,
    answer::{frame, page, problem_page},
    rights::{choices, may_see, names},
    session::Session,
    target::takes_requests,
};
use axum::{
    extract::State,
    http::{StatusCode, Uri},
    response::Response,
};
use lotse_domain::{Case, CaseId};
use lotse_pages::{
    Problem,
    desk::{Attempt, CasePage, Notice},
    paths,
};
use lotse_web::{Form, unavailable};
use std::sync::Arc;

/// The case, where the person has a right to it.
pub(crate) async fn show<S: DeskStore>(
    State(desk): State<Arc<Service<S>>>,
    session: Session,
    uri: Uri,
) -> Response {
    let id = uri.path().strip_prefix(paths::CASE_PREFIX).and_then(|id| id.parse().ok());
    match visible_case(&desk, &session, id).await {
        Ok(case) => {
            let parameters = Form::query(uri.query().unwrap_or_default());
            let notice = Notice::from_name(parameters.value("notice"));
            case_page(&desk, &session, case, StatusCode::OK, notice, None).await
        }
        Err(problem) => problem_page(&desk, session.language, problem),
    }
}

/// The case of that id. One that the person has no right to is not told from one that does not exist.
pub(crate) async fn visible_case<S: DeskStore>(
    desk: &Service<S>,
    session: &Session,
    id: Option<CaseId>,
) -> Result<Case, Problem> {
    let id = id.ok_or(Problem::NotFound)?;
    let case = desk.store.load(id).await.map_err(|error| unavailable(&error))?;
    case.filter(|case| may_see(&session.user, case)).ok_or(Problem::NotFound)
}

/// The page of a case, after an attempt that was refused with what was typed.
pub(crate) async fn case_page<S: DeskStore>(
    desk: &Service<S>,
    session: &Session,
    case: Case,
    status: StatusCode,
    notice: Option<Notice>,
    attempt: Option<Attempt>,
) -> Response {
    let history = desk.store.history(case.id).await;
    let people = desk.store.users().await;
    let (history, people) = match (history, people) {
        (Ok(history), Ok(people)) => (history, people),
        (Err(error), _) | (_, Err(error)) => {
            return problem_page(desk, session.language, unavailable(&error));
        }
    };
    let frame = frame(desk, session, paths::case(case.id), notice);
    let names = names(desk, session.language, &people);
    let desks = choices(desk.policy.desks.iter().filter(|desk| takes_requests(desk.kind)), session.language);
    page(status, &CasePage { frame, case, history, names, desks, attempt })
}
