//! `POST /desk/search`: a reference, a number or words lead to cases.
//!
//! By POST, because what is searched for may name a person, and addresses end up in logs.

use crate::{
    DeskStore, Service,
    answer::{frame, page, problem_page},
    rights::may_see,
    session::Session,
};
use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use futures_util::future::try_join_all;
use lotse_domain::{
    CaseId, CaseReference, CaseSummary, IdentifierKind,
    ports::{CaseStore, Unavailable},
};
use lotse_pages::{
    desk::{SearchPage, input},
    paths,
};
use lotse_web::{see_other, unavailable};
use std::{collections::BTreeSet, sync::Arc};

/// Cases that one search shows.
const MOST_FOUND: usize = 50;
/// More than anybody types.
const MOST_CHARACTERS: usize = 200;
/// The numbers that people read out when they call.
const NUMBERS: [IdentifierKind; 6] = [
    IdentifierKind::OrderNumber,
    IdentifierKind::DeliveryNote,
    IdentifierKind::TrackingNumber,
    IdentifierKind::CustomerNumber,
    IdentifierKind::Batch,
    IdentifierKind::Pzn,
];

/// Shows the cases found; leads straight to the one whose reference was typed.
pub(crate) async fn find<S: DeskStore>(
    State(desk): State<Arc<Service<S>>>,
    session: Session,
    request: Request,
) -> Response {
    let form = match session.form(&desk, request).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let query: String = form.line(input::QUERY).chars().take(MOST_CHARACTERS).collect();
    match found(&desk.store, &session, &query).await {
        Ok(Found::Case(case)) => see_other(&paths::case(case)),
        Ok(Found::Cases(cases)) => {
            let frame = frame(&desk, &session, paths::DESK.to_owned(), None);
            page(StatusCode::OK, &SearchPage { frame, query, cases })
        }
        Err(error) => problem_page(&desk, session.language, unavailable(&error)),
    }
}

enum Found {
    /// The case of that reference.
    Case(CaseId),
    /// Cases that fit, best first.
    Cases(Vec<CaseSummary>),
}

async fn found<S: CaseStore>(store: &S, session: &Session, query: &str) -> Result<Found, Unavailable> {
    if query.is_empty() {
        return Ok(Found::Cases(Vec::new()));
    }
    if let Ok(reference) = query.parse::<CaseReference>()
        && let Some(id) = store.find_by_reference(reference).await?
        && let Some(case) = store.load(id).await?
        && may_see(&session.user, &case)
    {
        return Ok(Found::Case(id));
    }
    let mut found = by_number(store, query).await?;
    found.extend(store.search(query, MOST_FOUND).await?);
    let mut seen = BTreeSet::new();
    found.retain(|summary| seen.insert(summary.case));
    let cases = try_join_all(found.iter().map(|summary| store.load(summary.case))).await?;
    let visible: BTreeSet<CaseId> =
        cases.into_iter().flatten().filter(|case| may_see(&session.user, case)).map(|case| case.id).collect();
    found.retain(|summary| visible.contains(&summary.case));
    found.truncate(MOST_FOUND);
    Ok(Found::Cases(found))
}

async fn by_number<S: CaseStore>(store: &S, query: &str) -> Result<Vec<CaseSummary>, Unavailable> {
    let value: String = query
        .chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '.')
        .collect::<String>()
        .to_uppercase();
    let may_be_number = value.len() <= 40 && value.bytes().any(|byte| byte.is_ascii_digit());
    if !may_be_number {
        return Ok(Vec::new());
    }
    let lookups = NUMBERS.map(|kind| store.find_by_identifier(kind, &value));
    Ok(try_join_all(lookups).await?.into_iter().flatten().collect())
}
