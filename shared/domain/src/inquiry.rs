//! The inquiry as it arrives, before anything is decided about it.

use crate::Contact;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

/// By which way a message came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The web form, the status page or the API.
    Web,
    /// Mail.
    Mail,
    /// A call, written down by a specialist.
    Phone,
}

/// The language somebody writes in: a BCP 47 primary subtag in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Language {
    /// German.
    German,
    /// English.
    English,
    /// A language that no desk of Lotse answers in yet, by its subtag (`fr`); `und` where it is unknown.
    Other(String),
}

impl Language {
    /// The BCP 47 subtag: `de`, `en`, …
    pub fn tag(&self) -> &str {
        match self {
            Self::German => "de",
            Self::English => "en",
            Self::Other(tag) => tag,
        }
    }
    /// The language to write to the contact in: German to German, English to everybody else.
    #[must_use]
    pub fn spoken(&self) -> Self {
        match self {
            Self::German => Self::German,
            _ => Self::English,
        }
    }
}

impl TryFrom<String> for Language {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let primary = text.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        match primary.as_str() {
            "de" => Ok(Self::German),
            "en" => Ok(Self::English),
            tag if (2..=3).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_lowercase()) => {
                Ok(Self::Other(primary))
            }
            _ => Err("not a language; expected a BCP 47 tag such as \"de\" or \"en\""),
        }
    }
}

impl From<Language> for String {
    fn from(language: Language) -> String {
        language.tag().to_owned()
    }
}

/// An inquiry as a channel delivers it: what triage reads and `POST /api/inquiries` accepts.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inquiry {
    /// The sender's own name for it; repeated in the decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The channel.
    pub channel: Channel,
    /// The language, where the channel knows it (the form's page); otherwise triage finds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// The subject line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The text, whole: quotes and signature included.
    pub body: String,
    /// Who wrote.
    #[serde(default)]
    pub contact: Contact,
    /// What was filled into fields of a form, by the names in [`FormField`]. Unknown names are refused.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<FormField, String>,
    /// When the company received it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Timestamp>,
}

impl fmt::Debug for Inquiry {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "[inquiry by {:?}, {} bytes]", self.channel, self.body.len())
    }
}

/// The fields that a form may carry beside the text. All are optional; none decides alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormField {
    /// What the contact says it is about: a [`Topic`](crate::Topic)'s name.
    Topic,
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
    /// Batch.
    Batch,
    /// Date of the order, ISO 8601.
    OrderDate,
    /// The contact's name, given in answer to the question who asks.
    Name,
    /// The contact's profession, likewise.
    Profession,
    /// The contact's practice, pharmacy, hospital or company, likewise.
    Institution,
}

impl FormField {
    /// All fields, in the order in which a form shows them.
    pub const ALL: [Self; 11] = [
        Self::Topic,
        Self::Product,
        Self::OrderNumber,
        Self::DeliveryNote,
        Self::TrackingNumber,
        Self::CustomerNumber,
        Self::Batch,
        Self::OrderDate,
        Self::Name,
        Self::Profession,
        Self::Institution,
    ];

    /// The name as it stands in JSON and in the form.
    pub fn name(self) -> &'static str {
        match self {
            Self::Topic => "topic",
            Self::Product => "product",
            Self::OrderNumber => "order_number",
            Self::DeliveryNote => "delivery_note",
            Self::TrackingNumber => "tracking_number",
            Self::CustomerNumber => "customer_number",
            Self::Batch => "batch",
            Self::OrderDate => "order_date",
            Self::Name => "name",
            Self::Profession => "profession",
            Self::Institution => "institution",
        }
    }
}
