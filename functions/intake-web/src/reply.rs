//! The reply box of the status page: a message, and what fills the gaps.

use crate::{
    IntakeWeb,
    answer::problem_page,
    form::{entries, entry_error, fingerprint, form_fields, sent_key},
    known::known,
    link::{REPLY_RECEIVED, StatusToken},
    status::{View, gaps, page},
};
use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use jiff::{Timestamp, ToSpan};
use lotse_domain::{
    Actor, Case, Channel, Claim, Command, FormField, ProcessError, ReceivedMessage, Verbatim,
    advance_claiming, ports::CaseStore,
};
use lotse_pages::{Entries, FieldError, InquiryField, PageLanguage, Problem, fields_for, paths};
use lotse_web::{Form, see_other, unavailable};
use std::{collections::BTreeMap, sync::Arc};

/// How long a repeated sending of one reply is recognised: longer than anybody leaves a page open.
const DAYS_REMEMBERED: i64 = 30;

/// `POST /s/<token>/reply`: keeps the reply and shows the conversation with it.
pub(crate) async fn send<S: CaseStore>(
    State(intake): State<Arc<IntakeWeb<S>>>,
    StatusToken(token): StatusToken,
    request: Request,
) -> Response {
    // Read before the link is looked at: whether a link exists must not show in how much is read.
    let form = Form::read(request, intake.request_limit()).await;
    let case = match intake.linked(&token).await {
        Ok(case) => case,
        Err(problem) => return problem_page(&intake, PageLanguage::default(), problem),
    };
    let of_case = PageLanguage::from(&case.language);
    let form = match form {
        Ok(form) => form,
        Err(error) => return problem_page(&intake, of_case, Problem::from(error)),
    };
    let language = PageLanguage::from_tag(form.value("lang")).unwrap_or(of_case);
    match receive(&intake, &case, &form).await {
        Ok(Received::Kept) => {
            see_other(&format!("{}?lang={}&{REPLY_RECEIVED}", paths::status(&token), language.tag()))
        }
        Ok(Received::Refused(entries)) => {
            let key = sent_key(&form).unwrap_or_else(|| intake.form_key());
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let view = View { token, language, status, refused: Some((key, entries)), reply_received: false };
            match page(&intake, &case, view).await {
                Ok(response) => response,
                Err(error) => problem_page(&intake, language, unavailable(&error)),
            }
        }
        Err(error) => problem_page(&intake, language, failed(&error)),
    }
}

enum Received {
    Kept,
    /// Not kept: what was typed, and what is wrong with it.
    Refused(Entries),
}

async fn receive<S: CaseStore>(
    intake: &IntakeWeb<S>,
    case: &Case,
    form: &Form,
) -> Result<Received, ProcessError> {
    let now = intake.now();
    let entries = entries(form, &InquiryField::ALL);
    let claim = claim(intake, case, form, &entries, now);
    // Asked before anything else: once a reply is kept, what it says is known, and says nothing new any more.
    if intake.store.claimed_by(&claim.key, now).await?.is_some() {
        return Ok(Received::Kept);
    }
    let known = known(case, &intake.store.history(case.id).await?, &intake.policy);
    let message = message(&entries, &known);
    let errors = check(&entries, &fields_of(case), &message, intake.text_limit());
    if !errors.is_empty() {
        return Ok(Received::Refused(Entries { errors, ..entries }));
    }
    let command = Command::ReceiveMessage { message };
    let decide = move |_: &Case| Ok(vec![command.clone()]);
    match advance_claiming(&intake.store, case.id, now, &Actor::Contact, vec![claim], decide).await {
        Ok(_) | Err(ProcessError::AlreadyDone(_)) => Ok(Received::Kept),
        Err(error) => Err(error),
    }
}

/// What a repeated sending of this reply is recognised by: the form's key and everything that was filled in, so
/// that whoever goes back and writes something else is heard.
fn claim<S>(intake: &IntakeWeb<S>, case: &Case, form: &Form, entries: &Entries, now: Timestamp) -> Claim {
    let key = sent_key(form).unwrap_or_else(|| intake.form_key());
    let filled: Vec<(&str, &String)> =
        entries.values.iter().map(|(field, value)| (field.name(), value)).collect();
    let expires_at = now.checked_add((24 * DAYS_REMEMBERED).hours()).ok();
    intake.keys.claim("reply", &fingerprint(&key, &(case.id, filled)), expires_at)
}

/// The fields that the page shows beside the message.
fn fields_of(case: &Case) -> Vec<InquiryField> {
    gaps(case).iter().flat_map(|gap| fields_for(gap.element)).copied().collect()
}

/// What the contact wrote. A field that holds what was known already, because the page filled it in, says
/// nothing new; a number that is put right does.
fn message(entries: &Entries, known: &BTreeMap<InquiryField, String>) -> ReceivedMessage {
    let is_new = |field: &FormField, value: &String| {
        let input = InquiryField::from_name(field.name());
        input.is_some_and(|input| known.get(&input) != Some(value))
    };
    let fields = form_fields(entries).into_iter().filter(|(field, value)| is_new(field, value));
    ReceivedMessage {
        channel: Channel::Web,
        subject: None,
        body: entries.value(InquiryField::Message).into(),
        fields: fields.map(|(field, value)| (field, Verbatim::from(value))).collect(),
        automatic: None,
        mail: None,
    }
}

fn check(
    entries: &Entries,
    asked: &[InquiryField],
    message: &ReceivedMessage,
    text_limit: usize,
) -> BTreeMap<InquiryField, FieldError> {
    let wrong =
        |(&field, value): (&InquiryField, &String)| Some((field, entry_error(field, value, text_limit)?));
    let mut errors: BTreeMap<_, _> = entries.values.iter().filter_map(wrong).collect();
    let says_nothing = message.body.is_blank() && message.fields.is_empty();
    if says_nothing && errors.is_empty() {
        let first = asked.first().copied().unwrap_or(InquiryField::Message);
        let error = if first == InquiryField::Topic { FieldError::NotChosen } else { FieldError::Required };
        errors.insert(first, error);
    }
    errors
}

fn failed(error: &ProcessError) -> Problem {
    match error {
        ProcessError::Unavailable(error) => unavailable(error),
        ProcessError::NoSuchCase(_) => Problem::LinkInvalid,
        ProcessError::TooManyConflicts => Problem::Unavailable,
        // A case that is full takes no more: a new inquiry does.
        ProcessError::Refused(_) | ProcessError::AlreadyDone(_) => Problem::CaseFull,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries_of(values: &[(InquiryField, &str)]) -> Entries {
        let values = values.iter().map(|(field, value)| (*field, (*value).to_owned())).collect();
        Entries { values, errors: BTreeMap::new() }
    }

    #[test]
    fn what_the_page_had_filled_in_is_not_sent_back_as_new() {
        let known = BTreeMap::from([
            (InquiryField::Product, "Glykaris".to_owned()),
            (InquiryField::OrderNumber, "NP-2026-47".to_owned()),
        ]);
        let typed = entries_of(&[
            (InquiryField::Product, "Glykaris"),
            (InquiryField::OrderNumber, "NP-2026-004711"),
            (InquiryField::Name, "Dr. Anna Berg"),
        ]);
        let fields: Vec<FormField> = message(&typed, &known).fields.into_keys().collect();
        assert_eq!(fields, [FormField::OrderNumber, FormField::Name]);
    }

    #[test]
    fn a_reply_that_says_nothing_is_asked_for_what_is_missing() {
        let empty = entries_of(&[(InquiryField::Topic, "unknown"), (InquiryField::Message, " \n")]);
        let message = message(&empty, &BTreeMap::new());
        let asked = [InquiryField::Topic];
        assert_eq!(check(&empty, &asked, &message, 10)[&InquiryField::Topic], FieldError::NotChosen);
        assert_eq!(check(&empty, &[], &message, 10)[&InquiryField::Message], FieldError::Required);
    }
}
