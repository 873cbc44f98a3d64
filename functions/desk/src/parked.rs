//! `/desk/parked`: deliveries that were given up, for administrators. Each says what failed and why, and can be
//! tried again; nothing that was given up is ever lost.

use crate::{
    DeskStore, Service,
    answer::{frame, page, problem_page},
    session::Session,
};
use axum::{
    extract::{Request, State},
    http::{StatusCode, Uri},
    response::Response,
};
use futures_util::future::try_join_all;
use lotse_domain::{
    EventNotice,
    ports::{CaseStore, ParkedDelivery, Unavailable},
};
use lotse_pages::{
    Problem,
    desk::Notice,
    operator::{ParkedDelivery as Shown, ParkedPage},
    paths,
};
use lotse_web::{Form, see_other, unavailable};
use std::sync::Arc;

/// Deliveries of one page. Where more have failed, these are enough to find the cause.
pub(crate) const MOST_PARKED: usize = 100;

/// `GET /desk/parked`.
pub(crate) async fn show<S: DeskStore>(
    State(desk): State<Arc<Service<S>>>,
    session: Session,
    uri: Uri,
) -> Response {
    if !session.user.administrator {
        return problem_page(&desk, session.language, Problem::NotFound);
    }
    match shown(&desk.store).await {
        Ok(parked) => {
            let parameters = Form::query(uri.query().unwrap_or_default());
            let notice = Notice::from_name(parameters.value("notice"));
            let frame = frame(&desk, &session, paths::PARKED.to_owned(), notice);
            page(StatusCode::OK, &ParkedPage { frame, parked })
        }
        Err(error) => problem_page(&desk, session.language, unavailable(&error)),
    }
}

/// `POST /desk/parked/<id>/retry`.
pub(crate) async fn retry<S: DeskStore>(
    State(desk): State<Arc<Service<S>>>,
    session: Session,
    request: Request,
) -> Response {
    let path = request.uri().path().to_owned();
    if let Err(response) = session.form(&desk, request).await {
        return response;
    }
    if !session.user.administrator {
        return problem_page(&desk, session.language, Problem::NotFound);
    }
    let rest = path.strip_prefix(paths::PARKED).unwrap_or_default();
    let id = rest.trim_start_matches('/').split('/').next().unwrap_or_default();
    match desk.store.retry_parked(id).await {
        // One that is not there any more is being tried: somebody else pressed the button.
        Ok(_) => see_other(&format!("{}?notice={}", paths::PARKED, Notice::Retried.name())),
        Err(error) => problem_page(&desk, session.language, unavailable(&error)),
    }
}

async fn shown<S: DeskStore>(store: &S) -> Result<Vec<Shown>, Unavailable> {
    let parked = store.parked(MOST_PARKED).await?;
    try_join_all(parked.into_iter().map(|delivery| describe(store, delivery))).await
}

async fn describe<S: CaseStore>(store: &S, delivery: ParkedDelivery) -> Result<Shown, Unavailable> {
    // What is no notice is raw mail, which belongs to no case yet.
    let notice: Option<EventNotice> = serde_json::from_str(&delivery.body).ok();
    let case = match &notice {
        Some(notice) => store.load(notice.subject).await?,
        None => None,
    };
    let queue = delivery.queue.name();
    Ok(Shown {
        id: delivery.id,
        what: notice.map_or_else(|| queue.to_owned(), |notice| notice.kind),
        to: queue.to_owned(),
        reference: case.map(|case| case.reference),
        why: delivery.reason,
        attempts: delivery.attempts,
        at: delivery.parked_at,
    })
}
