//! Who wrote. Everything here is personal data: it has no `Display` and its `Debug` shows nothing.

use crate::FormField;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt, str::FromStr};

/// Text as somebody wrote it: never in a log, a metric, a URL or an error.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Verbatim(String);

impl Verbatim {
    /// The text itself. Whoever calls this decides that it may be seen where it goes.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// True where nothing but white space was written.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl<T: Into<String>> From<T> for Verbatim {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Verbatim {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "[{} bytes of text]", self.0.len())
    }
}

/// A mail address that can be written to (RFC 5321), as its owner writes it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

/// The text is not a mail address that can be written to. Does not repeat the text: it is personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a mail address; expected a form such as name@hospital.example")]
pub struct InvalidEmailAddress;

impl EmailAddress {
    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The form in which two addresses are compared: lower case, since no mail system in use tells
    /// `Anna@` from `anna@`.
    pub fn normalised(&self) -> String {
        self.0.to_lowercase()
    }
    /// The part after the `@`, in lower case.
    pub fn domain(&self) -> String {
        self.0.rsplit_once('@').map_or_else(String::new, |(_, domain)| domain.to_lowercase())
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = InvalidEmailAddress;
    fn try_from(text: String) -> Result<Self, InvalidEmailAddress> {
        let text = text.trim();
        let options = email_address::Options::default()
            .with_required_tld()
            .without_display_text()
            .without_domain_literal();
        // Quoted local parts are legal and in no real use; in headers they are an injection risk.
        let plain =
            !text.chars().any(|letter| letter.is_control() || letter.is_whitespace() || letter == '"');
        match email_address::EmailAddress::parse_with_options(text, options) {
            Ok(address) if plain => Ok(Self(address.as_str().to_owned())),
            _ => Err(InvalidEmailAddress),
        }
    }
}

impl FromStr for EmailAddress {
    type Err = InvalidEmailAddress;
    fn from_str(text: &str) -> Result<Self, InvalidEmailAddress> {
        text.to_owned().try_into()
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> String {
        address.0
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("[mail address]")
    }
}

/// Whoever sent the inquiry, with what is known of them. The doctor on whose behalf an assistant
/// writes is part of the text, not of this record.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Where answers go. `None` where a mail named no sender that can be written to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// Name, as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Profession, as given: „Apothekerin“, "Diabetes Specialist Nurse".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profession: Option<String>,
    /// Practice, pharmacy, hospital or company, as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub institution: Option<String>,
    /// Country, ISO 3166-1 alpha-2, upper case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Phone number, as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

impl Contact {
    /// Adds what a form's fields say about the contact and was not known before. What was known stays: a
    /// status link that was passed on must not rename whoever asked.
    pub(crate) fn learn(&mut self, fields: &BTreeMap<FormField, Verbatim>) {
        let known = [
            (FormField::Name, &mut self.name),
            (FormField::Profession, &mut self.profession),
            (FormField::Institution, &mut self.institution),
        ];
        for (field, known) in known {
            let given = fields.get(&field).filter(|text| !text.is_blank());
            if known.is_none() {
                *known = given.map(|text| text.as_str().to_owned());
            }
        }
    }
}

impl fmt::Debug for Contact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("[contact]")
    }
}
