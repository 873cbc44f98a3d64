//! The development mailbox: outgoing mail that is kept instead of sent.

use crate::pump::Functions;
use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};
use lotse_domain::ports::{Clock as _, Unavailable};
use lotse_mail::IncomingMail;
use lotse_pages::{
    PageLanguage,
    desk::DeskFrame,
    operator::{MailHead, MailPage, MailboxPage},
};
use lotse_store::KeptMail;
use lotse_web::{Privacy, html};
use mail_parser::MessageParser;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Mails on one page, the latest.
const MOST_MAILS: usize = 200;

/// What a page's address may say.
#[derive(Deserialize)]
pub(super) struct Parameters {
    lang: Option<String>,
}

/// A kept mail, for scripts.
#[derive(Serialize)]
struct PrintedMail {
    /// Its Message-ID; also its name in paths.
    message_id: String,
    to: String,
    /// Where an answer goes: the reply address of the case.
    reply_to: Option<String>,
    in_reply_to: Vec<String>,
    subject: Option<String>,
    text: String,
}

/// The kept mails, newest first.
pub(super) async fn list(
    State(functions): State<Arc<Functions>>,
    Query(parameters): Query<Parameters>,
    here: Uri,
    headers: HeaderMap,
) -> Response {
    let mails = match functions.store.mails(None, MOST_MAILS).await {
        Ok(page) => page.items,
        Err(error) => return unavailable(&error),
    };
    let mails = mails.iter().map(|kept| head(kept, read(kept).as_ref(), &functions)).collect();
    let frame = frame(&functions, &parameters, &headers, here.path());
    html(StatusCode::OK, Privacy::Personal, &MailboxPage { frame, mails })
}

/// The same for scripts.
pub(super) async fn list_json(State(functions): State<Arc<Functions>>) -> Response {
    let page = match functions.store.mails(None, MOST_MAILS).await {
        Ok(page) => page,
        Err(error) => return unavailable(&error),
    };
    let mails: Vec<PrintedMail> = page
        .items
        .iter()
        .map(|kept| {
            let mail = read(kept);
            PrintedMail {
                message_id: kept.mail.message_id.clone(),
                to: kept.mail.to.as_str().to_owned(),
                reply_to: mail.as_ref().and_then(|mail| Some(mail.answer_to()?.address.clone())),
                in_reply_to: mail.as_ref().map(|mail| mail.in_reply_to.clone()).unwrap_or_default(),
                subject: mail.as_ref().and_then(|mail| mail.subject.clone()),
                text: mail.map(|mail| mail.text).unwrap_or_default(),
            }
        })
        .collect();
    Json(mails).into_response()
}

/// One mail.
pub(super) async fn show(
    State(functions): State<Arc<Functions>>,
    Path(name): Path<String>,
    Query(parameters): Query<Parameters>,
    here: Uri,
    headers: HeaderMap,
) -> Response {
    let kept = match functions.store.mail(&name).await {
        Ok(Some(kept)) => kept,
        Ok(None) => return no_such_mail(),
        Err(error) => return unavailable(&error),
    };
    let mail = read(&kept);
    let parsed = MessageParser::default().parse(&kept.mail.bytes);
    let page = MailPage {
        frame: frame(&functions, &parameters, &headers, here.path()),
        mail: head(&kept, mail.as_ref(), &functions),
        headers: parsed
            .iter()
            .flat_map(mail_parser::Message::headers_raw)
            .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
            .collect(),
        text: mail.map(|mail| mail.text).unwrap_or_default(),
        html: parsed.and_then(|message| Some(message.body_html(0)?.into_owned())).unwrap_or_default(),
    };
    html(StatusCode::OK, Privacy::Personal, &page)
}

/// The bytes, as they would have been sent.
pub(super) async fn raw(State(functions): State<Arc<Functions>>, Path(name): Path<String>) -> Response {
    match functions.store.mail(&name).await {
        Ok(Some(kept)) => {
            let headers = [
                (header::CONTENT_TYPE, "message/rfc822"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"mail.eml\""),
                (header::CACHE_CONTROL, "no-store"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            (headers, kept.mail.bytes).into_response()
        }
        Ok(None) => no_such_mail(),
        Err(error) => unavailable(&error),
    }
}

fn read(kept: &KeptMail) -> Option<IncomingMail> {
    lotse_mail::read(&kept.mail.bytes).ok()
}

fn head(kept: &KeptMail, mail: Option<&IncomingMail>, functions: &Functions) -> MailHead {
    MailHead {
        name: kept.mail.message_id.clone(),
        to: kept.mail.to.as_str().to_owned(),
        subject: mail.and_then(|mail| mail.subject.clone()).unwrap_or_default(),
        at: mail.and_then(|mail| mail.date).unwrap_or_else(|| functions.clock.now()),
    }
}

fn frame(functions: &Functions, parameters: &Parameters, headers: &HeaderMap, here: &str) -> DeskFrame {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let language = parameters
        .lang
        .as_deref()
        .and_then(PageLanguage::from_tag)
        .or_else(|| accepted.and_then(PageLanguage::from_accept_language));
    DeskFrame {
        language: language.unwrap_or_default(),
        company: functions.policy.company.name.clone(),
        user: None,
        zone: functions.policy.calendar.time_zone().clone(),
        now: functions.clock.now(),
        notice: None,
        parked: 0,
        mailbox: true,
        here: here.to_owned(),
    }
}

fn no_such_mail() -> Response {
    (StatusCode::NOT_FOUND, "there is no such mail\n").into_response()
}

fn unavailable(error: &Unavailable) -> Response {
    tracing::error!(%error, "the development pages cannot read the store");
    (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer; try again\n").into_response()
}
