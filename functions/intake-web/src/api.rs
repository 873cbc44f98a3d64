//! `POST /api/inquiries`: an inquiry from another program.

use crate::{
    IntakeWeb,
    member::{members, read_inquiry},
    opening::{NewInquiry, Opened},
    problem::{ApiProblem, json_response},
    unique::UniqueMembers,
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use lotse_domain::{CaseReference, ports::CaseStore};
use lotse_pages::paths;
use lotse_web::read_body;
use serde::Serialize;
use std::sync::Arc;

/// By which a repeated request is recognised (IETF draft-ietf-httpapi-idempotency-key-header).
pub(crate) const IDEMPOTENCY_HEADER: &str = "Idempotency-Key";

/// What the sender of an inquiry gets back.
#[derive(Serialize)]
struct Accepted {
    /// The sender's own name for the inquiry.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// The case reference.
    reference: CaseReference,
    /// The status page; whoever has this link may read the conversation and write into it.
    status_url: String,
}

/// Keeps the inquiry: 202 once it is committed. With the same key the same inquiry may come again, and gets
/// the same answer. A request without a key is refused: its sender could not repeat it after a lost answer
/// without asking twice.
pub(crate) async fn send<S: CaseStore>(
    State(intake): State<Arc<IntakeWeb<S>>>,
    request: Request,
) -> Response {
    match receive(&intake, request).await {
        Ok(accepted) => {
            let mut response = json_response(StatusCode::ACCEPTED, "application/json", &accepted);
            if let Ok(location) = HeaderValue::from_str(&accepted.status_url) {
                response.headers_mut().insert(header::LOCATION, location);
            }
            response
        }
        Err(problem) => problem.into_response(),
    }
}

async fn receive<S: CaseStore>(intake: &IntakeWeb<S>, request: Request) -> Result<Accepted, ApiProblem> {
    let (head, body) = request.into_parts();
    let body = read_body(body, intake.request_limit()).await.map_err(ApiProblem::Unread)?;
    if !is_json(&head.headers) {
        return Err(ApiProblem::MediaType);
    }
    let key = idempotency_key(&head.headers)?;
    if body.trim_ascii().is_empty() {
        return Err(ApiProblem::EmptyBody);
    }
    let UniqueMembers(json) = serde_json::from_slice(&body).map_err(|error| ApiProblem::from(&error))?;
    let inquiry = read_inquiry(json, &members(intake.text_limit())).map_err(ApiProblem::InvalidInquiry)?;
    let sender_id = inquiry.id.clone();
    let id = intake.keys.case_id("api", key);
    match intake.open(id, &NewInquiry::from(inquiry)).await {
        Ok(Opened::Kept(reference)) => {
            let status = paths::status(&intake.keys.status_token(id));
            Ok(Accepted { id: sender_id, reference, status_url: format!("{}{status}", intake.public_url) })
        }
        Ok(Opened::KeyTaken) => Err(ApiProblem::KeyReused),
        Err(error) => Err(ApiProblem::from(&error)),
    }
}

fn idempotency_key(headers: &HeaderMap) -> Result<&str, ApiProblem> {
    let value = headers.get(IDEMPOTENCY_HEADER).ok_or(ApiProblem::KeyMissing)?;
    let key = value.to_str().map_err(|_| ApiProblem::KeyInvalid)?;
    let is_usable = (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if is_usable { Ok(key) } else { Err(ApiProblem::KeyInvalid) }
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}
