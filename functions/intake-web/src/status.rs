//! The pages behind the status link: the confirmation, and the conversation with what is asked.
//!
//! Whoever has the link sees them. A link that was made up, cut off or whose case is gone gives one and the
//! same page, so that nobody learns which links exist.

use crate::{
    IntakeWeb, Preferred,
    answer::{frame, personal_page, problem_page},
    conversation::conversation,
    known::known,
    link::{PageParameters, StatusToken},
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use lotse_domain::{
    Case, Gap, RequestState, StateName, Topic,
    ports::{CaseStore, Unavailable},
};
use lotse_pages::{
    ConfirmationPage, Entries, PageLanguage, Problem, ReplyForm, RequestStatus, StatusPage, paths,
};
use lotse_web::unavailable;
use std::{collections::BTreeMap, sync::Arc};

/// `GET /s/<token>/sent`: the inquiry has arrived.
pub(crate) async fn confirm<S: CaseStore>(
    State(intake): State<Arc<IntakeWeb<S>>>,
    StatusToken(token): StatusToken,
    parameters: PageParameters,
    headers: HeaderMap,
) -> Response {
    let (case, language) = match linked_in(&intake, &token, &parameters, &headers).await {
        Ok(opened) => opened,
        Err(problem) => return problem,
    };
    let other = format!("{}?lang={}", paths::confirmation(&token), language.other().tag());
    let page = ConfirmationPage {
        frame: frame(&intake.policy, language, Some(other)),
        reference: case.reference.to_string(),
        token,
    };
    personal_page(StatusCode::OK, &page)
}

/// `GET /s/<token>`: the conversation so far, what is asked, and room for a message.
pub(crate) async fn show<S: CaseStore>(
    State(intake): State<Arc<IntakeWeb<S>>>,
    StatusToken(token): StatusToken,
    parameters: PageParameters,
    headers: HeaderMap,
) -> Response {
    let (case, language) = match linked_in(&intake, &token, &parameters, &headers).await {
        Ok(opened) => opened,
        Err(problem) => return problem,
    };
    let view = View {
        token,
        language,
        status: StatusCode::OK,
        refused: None,
        reply_received: parameters.reply_received,
    };
    match page(&intake, &case, view).await {
        Ok(response) => response,
        Err(error) => problem_page(&intake, language, unavailable(&error)),
    }
}

/// The case of a status link and the language to show it in: that of the address, else that of the case. Where
/// the link opens nothing, the page that says so.
async fn linked_in<S: CaseStore>(
    intake: &IntakeWeb<S>,
    token: &str,
    parameters: &PageParameters,
    headers: &HeaderMap,
) -> Result<(Case, PageLanguage), Response> {
    match intake.linked(token).await {
        Ok(case) => {
            let language = parameters.language.unwrap_or_else(|| PageLanguage::from(&case.language));
            Ok((case, language))
        }
        Err(problem) => {
            let language = parameters.language.unwrap_or_else(|| PageLanguage::preferred(headers));
            Err(problem_page(intake, language, problem))
        }
    }
}

impl<S: CaseStore> IntakeWeb<S> {
    /// The case of a status link, or the problem to show.
    pub(crate) async fn linked(&self, token: &str) -> Result<Case, Problem> {
        match self.case_of_link(token).await {
            Ok(Some(case)) => Ok(case),
            Ok(None) => Err(Problem::LinkInvalid),
            Err(error) => Err(unavailable(&error)),
        }
    }
}

/// How a status page is to be shown.
pub(crate) struct View {
    /// The token of the link.
    pub(crate) token: String,
    /// The language.
    pub(crate) language: PageLanguage,
    /// The status of the answer.
    pub(crate) status: StatusCode,
    /// A reply that was refused: its key and what was typed, with what is wrong.
    pub(crate) refused: Option<(String, Entries)>,
    /// True right after a reply was received.
    pub(crate) reply_received: bool,
}

/// The status page of a case.
pub(crate) async fn page<S: CaseStore>(
    intake: &IntakeWeb<S>,
    case: &Case,
    view: View,
) -> Result<Response, Unavailable> {
    let history = intake.store.history(case.id).await?;
    let gaps = gaps(case);
    let (idempotency_key, entries) = view.refused.unwrap_or_else(|| {
        let values = known(case, &history, &intake.policy);
        (intake.form_key(), Entries { values, errors: BTreeMap::new() })
    });
    let other = format!("{}?lang={}", paths::status(&view.token), view.language.other().tag());
    let page = StatusPage {
        frame: frame(&intake.policy, view.language, Some(other)),
        token: view.token,
        reference: case.reference.to_string(),
        received_at: case.opened_at,
        requests: requests(case),
        reports_safety: !case.flags.is_empty(),
        conversation: conversation(&history, view.language),
        reply: ReplyForm { idempotency_key, gaps, entries },
        reply_received: view.reply_received,
    };
    Ok(personal_page(view.status, &page))
}

/// The requests; before triage has read the first message, the inquiry as such. A report of a side effect or a
/// defect alone has none.
fn requests(case: &Case) -> Vec<RequestStatus> {
    if case.requests.is_empty() && case.flags.is_empty() {
        return vec![RequestStatus { topic: Topic::Unknown, stage: StateName::Received }];
    }
    let status =
        |request: &lotse_domain::Request| RequestStatus { topic: request.topic, stage: request.state.name() };
    case.requests.iter().map(status).collect()
}

/// What the contact is asked for by triage; a specialist's own question stands in the conversation.
pub(crate) fn gaps(case: &Case) -> Vec<Gap> {
    let waiting = case
        .requests
        .iter()
        .filter(|request| matches!(request.state, RequestState::WaitingForContact { .. }));
    waiting.flat_map(|request| &request.gaps).copied().collect()
}
