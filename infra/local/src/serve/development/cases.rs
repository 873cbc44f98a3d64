//! What was decided about the inquiries of one address: how `lotse demo` and tests watch the desk.

use crate::pump::Functions;
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use lotse_domain::{
    Case, Decision, EmailAddress, Event, OutgoingKind, RecordedEvent, RequestState,
    ports::{CaseStore as _, Unavailable},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Cases of one address that are told of, the latest.
const MOST_CASES: usize = 20;

/// Whose cases.
#[derive(Deserialize)]
pub(super) struct Question {
    email: EmailAddress,
}

/// A case, as far as it has come.
#[derive(Serialize)]
struct WatchedCase {
    reference: String,
    /// True once triage has decided, everything has reached its desk, and every mail that follows is written
    /// or withheld.
    settled: bool,
    /// The decision about the latest message.
    decision: Option<Decision>,
    requests: Vec<WatchedRequest>,
    flags: Vec<WatchedFlag>,
    sent: Vec<WatchedMessage>,
}

#[derive(Serialize)]
struct WatchedRequest {
    topic: &'static str,
    desk: String,
    state: String,
}

#[derive(Serialize)]
struct WatchedFlag {
    kind: &'static str,
    desk: String,
    handed_over: bool,
}

#[derive(Serialize)]
struct WatchedMessage {
    kind: OutgoingKind,
    text: String,
}

/// The cases of an address, the latest first.
pub(super) async fn of_address(
    State(functions): State<Arc<Functions>>,
    Json(question): Json<Question>,
) -> Response {
    match watch(&functions, &question.email).await {
        Ok(cases) => Json(cases).into_response(),
        Err(error) => {
            tracing::error!(%error, "the development pages cannot read the store");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn watch(functions: &Functions, email: &EmailAddress) -> Result<Vec<WatchedCase>, Unavailable> {
    let store = &functions.store;
    let page = store.timeline(functions.keys.contact_id(email), None, MOST_CASES).await?;
    let mut cases = Vec::new();
    for summary in page.items {
        // In this order: what the history then lacks, the case cannot have.
        let history = store.history(summary.case).await?;
        if let Ok(Some(case)) = Case::replay(&history) {
            cases.push(describe(&case, &history));
        }
    }
    Ok(cases)
}

fn describe(case: &Case, history: &[RecordedEvent]) -> WatchedCase {
    let mut decisions = history.iter().rev().filter_map(|recorded| match &recorded.event {
        Event::Classified { decision, .. } => Some(decision.clone()),
        _ => None,
    });
    let sent = history.iter().filter_map(|recorded| match &recorded.event {
        Event::MessageSent { message } => {
            Some(WatchedMessage { kind: message.kind, text: message.text.as_str().to_owned() })
        }
        _ => None,
    });
    WatchedCase {
        reference: case.reference.to_string(),
        settled: is_settled(case, history),
        decision: decisions.next(),
        requests: case
            .requests
            .iter()
            .map(|request| WatchedRequest {
                topic: request.topic.name(),
                desk: request.desk.to_string(),
                state: request.state.name().to_string(),
            })
            .collect(),
        flags: case
            .flags
            .iter()
            .map(|flag| WatchedFlag {
                kind: flag.kind.name(),
                desk: flag.desk.to_string(),
                handed_over: !matches!(flag.state, lotse_domain::FlagState::Raised),
            })
            .collect(),
        sent: sent.collect(),
    }
}

fn is_settled(case: &Case, history: &[RecordedEvent]) -> bool {
    let all_classified = case
        .messages
        .iter()
        .all(|head| !matches!(head.direction, lotse_domain::Direction::Inbound { classified: false, .. }));
    let all_arrived =
        !case.requests.iter().any(|request| matches!(request.state, RequestState::Received { .. }));
    let all_written = history
        .iter()
        .filter(|recorded| recorded.event.due_message().is_some())
        .all(|recorded| case.has_responded_to(recorded.id.sequence));
    let all_handed_over =
        !case.flags.iter().any(|flag| matches!(flag.state, lotse_domain::FlagState::Raised));
    all_classified && all_arrived && all_written && all_handed_over
}
