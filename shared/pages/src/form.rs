//! The inquiry form: its fields, what was typed into them and what was wrong with it.

use crate::{
    PageLanguage, PublicFrame,
    control::{Choice, Control, Kind, Need},
    countries::countries,
    texts::FormTexts,
    words::Words,
};
use askama::Template;
use lotse_domain::{Element, FormField, Topic};
use std::collections::BTreeMap;

/// The name of the hidden input that holds the key by which a repeated sending is recognised.
pub const IDEMPOTENCY_KEY: &str = "idempotency_key";
/// The name of the input that people do not see and robots fill in. What is filled in here is not an inquiry.
pub const HONEYPOT: &str = "website";
/// The value that a ticked box sends.
pub const TICKED: &str = "yes";

/// A field of the inquiry form, in the order in which the form shows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum InquiryField {
    /// What it is about: the name of a [`Topic`]; `unknown` where the contact is not sure.
    Topic,
    /// Subject line.
    Subject,
    /// The inquiry itself.
    Message,
    /// Product: brand, substance or PZN.
    Product,
    /// Order number.
    OrderNumber,
    /// Delivery-note number.
    DeliveryNote,
    /// Tracking number.
    TrackingNumber,
    /// Customer account.
    CustomerNumber,
    /// Date of the order, ISO 8601.
    OrderDate,
    /// Batch of the product.
    Batch,
    /// The contact's name.
    Name,
    /// Country, ISO 3166-1 alpha-2.
    Country,
    /// Profession.
    Profession,
    /// Practice, pharmacy, hospital or company.
    Institution,
    /// Mail address for the answer.
    Email,
    /// Phone number.
    Phone,
    /// The declaration to be a health-care professional (HWG § 10): [`TICKED`] or nothing.
    Professional,
}

impl InquiryField {
    /// All fields, in order.
    pub const ALL: [Self; 17] = [
        Self::Topic,
        Self::Subject,
        Self::Message,
        Self::Product,
        Self::OrderNumber,
        Self::DeliveryNote,
        Self::TrackingNumber,
        Self::CustomerNumber,
        Self::OrderDate,
        Self::Batch,
        Self::Name,
        Self::Country,
        Self::Profession,
        Self::Institution,
        Self::Email,
        Self::Phone,
        Self::Professional,
    ];

    /// The name of the input.
    pub fn name(self) -> &'static str {
        match self {
            Self::Topic => "topic",
            Self::Subject => "subject",
            Self::Message => "message",
            Self::Product => "product",
            Self::OrderNumber => "order_number",
            Self::DeliveryNote => "delivery_note",
            Self::TrackingNumber => "tracking_number",
            Self::CustomerNumber => "customer_number",
            Self::OrderDate => "order_date",
            Self::Batch => "batch",
            Self::Name => "name",
            Self::Profession => "profession",
            Self::Institution => "institution",
            Self::Country => "country",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Professional => "professional",
        }
    }

    /// The field whose input has this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// The most characters that the input takes; whoever reads the form refuses more with
    /// [`FieldError::TooLong`].
    pub fn limit(self) -> usize {
        match self {
            Self::Message => 20_000,
            // RFC 5321, 4.5.3.1.3: a path of 256 octets holds an address of 254.
            Self::Email => 254,
            Self::Topic | Self::Country | Self::OrderDate | Self::Professional => 20,
            Self::OrderNumber
            | Self::DeliveryNote
            | Self::TrackingNumber
            | Self::CustomerNumber
            | Self::Batch
            | Self::Phone => 60,
            Self::Subject | Self::Product | Self::Name | Self::Profession | Self::Institution => 200,
        }
    }
}

impl From<FormField> for InquiryField {
    fn from(field: FormField) -> Self {
        match field {
            FormField::Topic => Self::Topic,
            FormField::Product => Self::Product,
            FormField::OrderNumber => Self::OrderNumber,
            FormField::DeliveryNote => Self::DeliveryNote,
            FormField::TrackingNumber => Self::TrackingNumber,
            FormField::CustomerNumber => Self::CustomerNumber,
            FormField::Batch => Self::Batch,
            FormField::OrderDate => Self::OrderDate,
            FormField::Name => Self::Name,
            FormField::Profession => Self::Profession,
            FormField::Institution => Self::Institution,
        }
    }
}

/// What is wrong with an entry. Its words say what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldError {
    /// Nothing was entered where something is needed.
    Required,
    /// Nothing was chosen, or something that is not offered.
    NotChosen,
    /// The box was not ticked.
    NotConfirmed,
    /// More characters than [`InquiryField::limit`].
    TooLong,
    /// Not a mail address that can be written to.
    NotAnAddress,
    /// Not a date.
    NotADate,
    /// Not a country code.
    NotACountry,
}

/// What was entered, field by field, and what was wrong with it. Holds personal data: it has no `Debug`.
#[derive(Clone, Default)]
pub struct Entries {
    /// What the fields hold.
    pub values: BTreeMap<InquiryField, String>,
    /// What is wrong, in the order of the form.
    pub errors: BTreeMap<InquiryField, FieldError>,
}

impl Entries {
    /// What this field holds; empty where nothing was entered.
    pub fn value(&self, field: InquiryField) -> &str {
        self.values.get(&field).map_or("", String::as_str)
    }
}

/// The fields that fill the gap of an element. [`InquiryField::Message`] stands in every reply, and is not named
/// again.
pub fn fields_for(element: Element) -> &'static [InquiryField] {
    match element {
        Element::Product => &[InquiryField::Product],
        Element::Question => &[],
        Element::Requester => &[InquiryField::Name, InquiryField::Profession, InquiryField::Institution],
        Element::OrderReference => &[
            InquiryField::OrderNumber,
            InquiryField::DeliveryNote,
            InquiryField::TrackingNumber,
            InquiryField::CustomerNumber,
            InquiryField::Product,
            InquiryField::OrderDate,
        ],
        Element::Topic => &[InquiryField::Topic],
    }
}

/// The inquiry form: empty at first, and again with what was typed where something was wrong with it.
#[derive(Template)]
#[template(path = "public/form.html")]
pub struct InquiryFormPage {
    /// What surrounds the page.
    pub frame: PublicFrame,
    /// The key by which a repeated sending is recognised: new for each fresh form, kept over errors.
    pub idempotency_key: String,
    /// What was typed, and what is wrong with it.
    pub entries: Entries,
}

impl InquiryFormPage {
    fn texts(&self) -> &'static FormTexts {
        FormTexts::of(self.frame.language)
    }

    fn errors(&self) -> Vec<ErrorLine> {
        error_lines(&self.entries, self.frame.language)
    }

    fn control(&self, field: InquiryField) -> Control<'_> {
        let need = match field {
            InquiryField::Topic
            | InquiryField::Message
            | InquiryField::Email
            | InquiryField::Professional => Need::Required,
            InquiryField::Product
            | InquiryField::Name
            | InquiryField::Profession
            | InquiryField::Institution
            | InquiryField::Country => Need::Asked,
            InquiryField::Subject
            | InquiryField::OrderNumber
            | InquiryField::DeliveryNote
            | InquiryField::TrackingNumber
            | InquiryField::CustomerNumber
            | InquiryField::OrderDate
            | InquiryField::Batch
            | InquiryField::Phone => Need::Optional,
        };
        control(field, self.frame.language, &self.entries, need)
    }
}

/// An error with the field that it belongs to, for the summary on top of a form.
pub(crate) struct ErrorLine {
    pub(crate) field: &'static str,
    pub(crate) label: &'static str,
    pub(crate) advice: &'static str,
}

pub(crate) fn error_lines(entries: &Entries, language: PageLanguage) -> Vec<ErrorLine> {
    let line = |(field, error): (&InquiryField, &FieldError)| ErrorLine {
        field: field.name(),
        // A label that is a sentence or a question goes on after a colon here.
        label: field.words(language).trim_end_matches(['.', '?']),
        advice: error.words(language),
    };
    entries.errors.iter().map(line).collect()
}

/// The control for a field, with its hint, what was entered and what is wrong.
pub(crate) fn control(
    field: InquiryField,
    language: PageLanguage,
    entries: &Entries,
    need: Need,
) -> Control<'_> {
    let texts = FormTexts::of(language);
    let line = |input_type, autocomplete| Kind::Line { input_type, autocomplete };
    let (kind, hint) = match field {
        InquiryField::Topic => (Kind::Choice(topics(language)), None),
        InquiryField::Subject => (line("text", "off"), Some(texts.subject_hint)),
        InquiryField::Message => (Kind::Text, Some(texts.message_hint)),
        InquiryField::Product => (line("text", "off"), Some(texts.product_hint)),
        InquiryField::OrderNumber
        | InquiryField::DeliveryNote
        | InquiryField::TrackingNumber
        | InquiryField::CustomerNumber
        | InquiryField::Batch => (line("text", "off"), None),
        InquiryField::OrderDate => (line("date", "off"), None),
        InquiryField::Name => (line("text", "name"), None),
        InquiryField::Profession => (line("text", "organization-title"), Some(texts.profession_hint)),
        InquiryField::Institution => (line("text", "organization"), Some(texts.institution_hint)),
        InquiryField::Country => (Kind::List(countries(language)), None),
        InquiryField::Email => (line("email", "email"), Some(texts.email_hint)),
        InquiryField::Phone => (line("tel", "tel"), Some(texts.phone_hint)),
        InquiryField::Professional => (Kind::Tick, None),
    };
    Control {
        name: field.name(),
        label: field.words(language),
        hint,
        kind,
        value: entries.value(field),
        limit: field.limit(),
        error: entries.errors.get(&field).map(|error| error.words(language)),
        need,
        language,
    }
}

fn topics(language: PageLanguage) -> Vec<Choice> {
    let texts = FormTexts::of(language);
    let choice = |id, topic: Topic, words, explained| Choice { id, value: topic.name(), words, explained };
    vec![
        choice("topic", Topic::MedicalQuestion, texts.topic_medical, texts.topic_medical_hint),
        choice("topic-2", Topic::ShippingStatus, texts.topic_delivery, texts.topic_delivery_hint),
        choice("topic-3", Topic::Unknown, texts.topic_unsure, texts.topic_unsure_hint),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_found_by_the_name_of_its_input() {
        for field in InquiryField::ALL {
            assert_eq!(InquiryField::from_name(field.name()), Some(field));
            assert_ne!(field.name(), HONEYPOT);
            assert_ne!(field.name(), IDEMPOTENCY_KEY);
        }
        assert_eq!(InquiryField::from_name("unheard_of"), None);
        assert!(InquiryField::ALL.is_sorted(), "the form and its error summary follow one order");
    }
}
