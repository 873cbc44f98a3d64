//! The inquiry form: shown, sent, and shown again with what is wrong beside each field.

use crate::{
    IntakeWeb, Preferred,
    answer::{frame, personal_page, problem_page},
    link::PageParameters,
    opening::{NewInquiry, Opened},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use jiff::civil::Date;
use lotse_domain::{Channel, Contact, EmailAddress, FormField, Inquiry, Language, Topic, ports::CaseStore};
use lotse_pages::{
    Entries, FieldError, HONEYPOT, IDEMPOTENCY_KEY, InquiryField, InquiryFormPage, PageLanguage, Problem,
    TICKED, is_country, paths,
};
use lotse_web::{Form, see_other, unavailable};
use std::{collections::BTreeMap, sync::Arc};

/// `GET /`: the empty form, in the language of `?lang=` or of the browser.
pub(crate) async fn show<S: CaseStore>(
    State(intake): State<Arc<IntakeWeb<S>>>,
    parameters: PageParameters,
    headers: HeaderMap,
) -> Response {
    let language = parameters.language.unwrap_or_else(|| PageLanguage::preferred(&headers));
    let mut response = page(&intake, language, StatusCode::OK, intake.form_key(), Entries::default());
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-language"));
    response
}

/// `POST /inquiries`: keeps the inquiry and sends the browser on to its confirmation.
///
/// What a robot filled into the field that people do not see is kept as well: a browser's own filling-in
/// must not lose an inquiry. Only automatic mail to the address given is held back.
pub(crate) async fn send<S: CaseStore>(
    State(intake): State<Arc<IntakeWeb<S>>>,
    request: Request,
) -> Response {
    let preferred = PageLanguage::preferred(request.headers());
    let form = match Form::read(request, intake.request_limit()).await {
        Ok(form) => form,
        Err(error) => return problem_page(&intake, preferred, Problem::from(error)),
    };
    let language = PageLanguage::from_tag(form.value("lang")).unwrap_or(preferred);
    let key = sent_key(&form).unwrap_or_else(|| intake.form_key());
    let entries = entries(&form, &InquiryField::ALL);
    let inquiry = match check(&entries, language, intake.text_limit()) {
        Ok(inquiry) => NewInquiry::from(inquiry),
        Err(errors) => {
            let entries = Entries { errors, ..entries };
            return page(&intake, language, StatusCode::UNPROCESSABLE_ENTITY, key, entries);
        }
    };
    let inquiry = if form.value(HONEYPOT).is_empty() { inquiry } else { inquiry.without_automatic_reply() };
    // The content is part of the id: whoever goes back, changes the text and sends again, sends another inquiry.
    let id = intake.keys.case_id("form", &fingerprint(&key, &(&inquiry.contact, &inquiry.message)));
    match intake.open(id, &inquiry).await {
        Ok(Opened::Kept(_) | Opened::KeyTaken) => {
            let confirmation = paths::confirmation(&intake.keys.status_token(id));
            see_other(&format!("{confirmation}?lang={}", language.tag()))
        }
        Err(error) => problem_page(&intake, language, unavailable(&error)),
    }
}

impl<S> IntakeWeb<S> {
    /// The most characters of a text: what the policy takes, and never more than the form's own field does.
    pub(crate) fn text_limit(&self) -> usize {
        self.policy.thresholds.limits.text_characters.min(InquiryField::Message.limit())
    }
}

/// The key that a form of ours carries; `None` where somebody made up another, who then gets a new one.
pub(crate) fn sent_key(form: &Form) -> Option<String> {
    let key = form.value(IDEMPOTENCY_KEY);
    let is_ours = key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_ours.then(|| key.to_owned())
}

/// A form's key and content as one text. Only ever hashed.
pub(crate) fn fingerprint(key: &str, content: &impl serde::Serialize) -> String {
    format!("{key} {}", serde_json::to_string(content).unwrap_or_default())
}

/// What was filled into these fields.
pub(crate) fn entries(form: &Form, fields: &[InquiryField]) -> Entries {
    let entry = |&field: &InquiryField| {
        let value = if field == InquiryField::Message {
            form.value(field.name()).to_owned()
        } else {
            form.line(field.name())
        };
        (!value.is_empty()).then_some((field, value))
    };
    Entries { values: fields.iter().filter_map(entry).collect(), errors: BTreeMap::new() }
}

/// What is wrong with one field's entry by itself. What is required differs by form, and is not checked here.
pub(crate) fn entry_error(field: InquiryField, value: &str, text_limit: usize) -> Option<FieldError> {
    let limit = if field == InquiryField::Message { text_limit } else { field.limit() };
    if value.chars().count() > limit {
        return Some(FieldError::TooLong);
    }
    let is_wrong = !value.is_empty();
    match field {
        InquiryField::Topic if is_wrong && chosen_topic(value).is_none() => Some(FieldError::NotChosen),
        InquiryField::Email if is_wrong && value.parse::<EmailAddress>().is_err() => {
            Some(FieldError::NotAnAddress)
        }
        InquiryField::OrderDate if is_wrong && value.parse::<Date>().is_err() => Some(FieldError::NotADate),
        InquiryField::Country if is_wrong && !is_country(value) => Some(FieldError::NotACountry),
        _ => None,
    }
}

/// A topic that the form offers.
fn chosen_topic(value: &str) -> Option<Topic> {
    [Topic::MedicalQuestion, Topic::ShippingStatus, Topic::Unknown]
        .into_iter()
        .find(|topic| topic.name() == value)
}

fn check(
    entries: &Entries,
    language: PageLanguage,
    text_limit: usize,
) -> Result<Inquiry, BTreeMap<InquiryField, FieldError>> {
    let mut errors = BTreeMap::new();
    for field in InquiryField::ALL {
        let value = entries.value(field);
        let missing = match field {
            InquiryField::Topic if value.is_empty() => Some(FieldError::NotChosen),
            InquiryField::Message | InquiryField::Email if value.trim().is_empty() => {
                Some(FieldError::Required)
            }
            InquiryField::Professional if value != TICKED => Some(FieldError::NotConfirmed),
            _ => None,
        };
        errors.extend(missing.or_else(|| entry_error(field, value, text_limit)).map(|error| (field, error)));
    }
    match entries.value(InquiryField::Email).parse() {
        Ok(email) if errors.is_empty() => Ok(inquiry(entries, language, email)),
        _ => Err(errors),
    }
}

fn inquiry(entries: &Entries, language: PageLanguage, email: EmailAddress) -> Inquiry {
    let given = |field| Some(entries.value(field).to_owned()).filter(|value| !value.is_empty());
    Inquiry {
        id: None,
        channel: Channel::Web,
        language: Some(language.choose((Language::German, Language::English))),
        subject: given(InquiryField::Subject),
        body: entries.value(InquiryField::Message).to_owned(),
        contact: Contact {
            email: Some(email),
            name: given(InquiryField::Name),
            profession: given(InquiryField::Profession),
            institution: given(InquiryField::Institution),
            country: given(InquiryField::Country),
            phone: given(InquiryField::Phone),
        },
        fields: form_fields(entries),
        received_at: None,
    }
}

/// What was entered into fields that triage knows by name. "I am not sure" says nothing about the topic.
pub(crate) fn form_fields(entries: &Entries) -> BTreeMap<FormField, String> {
    let field = |field: FormField| {
        let value = entries.value(InquiryField::from_name(field.name())?);
        let says_nothing = value.is_empty() || (field == FormField::Topic && value == Topic::Unknown.name());
        (!says_nothing).then(|| (field, value.to_owned()))
    };
    FormField::ALL.into_iter().filter_map(field).collect()
}

fn page<S>(
    intake: &IntakeWeb<S>,
    language: PageLanguage,
    status: StatusCode,
    idempotency_key: String,
    entries: Entries,
) -> Response {
    let frame = frame(&intake.policy, language, Some(paths::form(language.other())));
    personal_page(status, &InquiryFormPage { frame, idempotency_key, entries })
}
