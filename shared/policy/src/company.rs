//! `company.toml`: who the company is and how it is written to.

use crate::table::Table;
use lotse_domain::EmailAddress;
use serde::{Deserialize, Serialize};
use serde_spanned::Spanned;

/// The company, as its mails and pages name it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Company {
    /// The policy's version, such as `2026-11-22.1`: written into every decision.
    pub policy_version: String,
    /// Full name, with legal form.
    pub name: String,
    /// Street, postcode and town, on one line, as the law wants it below business mail.
    pub postal_address: String,
    /// Country, ISO 3166-1 alpha-2, upper case: taken where a reporter's country is unknown.
    pub country: String,
    /// What stands after the `@` of all of the company's addresses.
    pub mail_domain: String,
    /// What contacts write to, and what mail to contacts comes from.
    pub service_address: EmailAddress,
    /// All addresses whose mail Lotse takes in, the service address among them.
    pub inbound_addresses: Vec<EmailAddress>,
    /// Phone for contacts, as it is printed.
    pub phone: String,
    /// Link to the imprint (§ 5 DDG).
    pub imprint_url: String,
    /// Link to the privacy notice (Art. 13 GDPR).
    pub privacy_url: String,
}

impl Company {
    pub(crate) fn read(file: &mut Table<'_>) -> Option<Self> {
        let policy_version = text(file, "policy_version");
        let name = text(file, "name");
        let postal_address = text(file, "postal_address");
        let country = file.required::<Spanned<String>>("country");
        let mail_domain = text(file, "mail_domain");
        let service_address = file.required::<Spanned<EmailAddress>>("service_address");
        let inbound_addresses = file.required_list::<EmailAddress>("inbound_addresses");
        let phone = text(file, "phone");
        let imprint_url = https_link(file, "imprint_url");
        let privacy_url = https_link(file, "privacy_url");

        if let Some(country) = &country
            && !(country.get_ref().len() == 2
                && country.get_ref().bytes().all(|byte| byte.is_ascii_uppercase()))
        {
            file.report(country.span(), "country: not a country code", "two capital letters such as \"DE\"");
        }
        let (service_address, inbound_addresses) = (service_address?, inbound_addresses?);
        let mut inbound = vec![service_address.get_ref().clone()];
        for address in &inbound_addresses {
            if !inbound.contains(address.get_ref()) {
                inbound.push(address.get_ref().clone());
            }
        }
        let company = Self {
            policy_version: policy_version?,
            name: name?,
            postal_address: postal_address?,
            country: country?.into_inner(),
            mail_domain: mail_domain?,
            service_address: service_address.get_ref().clone(),
            inbound_addresses: inbound,
            phone: phone?,
            imprint_url: imprint_url?,
            privacy_url: privacy_url?,
        };
        for address in std::iter::once(&service_address).chain(&inbound_addresses) {
            company.check_address(file, address);
        }
        Some(company)
    }

    /// Reports an address that is not the company's own.
    pub(crate) fn check_address(&self, table: &Table<'_>, address: &Spanned<EmailAddress>) {
        if address.get_ref().domain() != self.mail_domain {
            table.report(
                address.span(),
                format!("{} is not an address of the company", address.get_ref().as_str()),
                format!("an address that ends in @{}", self.mail_domain),
            );
        }
    }
}

/// A text with something in it, on one line: it goes into mail headers and footers.
fn text(file: &mut Table<'_>, key: &str) -> Option<String> {
    let text = file.required::<Spanned<String>>(key)?;
    if text.get_ref().trim().is_empty() || text.get_ref().contains(char::is_control) {
        file.report(text.span(), format!("{key}: empty, or more than one line"), "a text on one line");
        return None;
    }
    Some(text.into_inner())
}

fn https_link(file: &mut Table<'_>, key: &str) -> Option<String> {
    let link = file.required::<Spanned<String>>(key)?;
    let is_link = link.get_ref().starts_with("https://")
        && !link.get_ref().contains(|letter: char| letter.is_whitespace() || letter.is_control());
    if !is_link {
        file.report(link.span(), format!("{key}: not a link"), "a link that starts with https://");
    }
    is_link.then(|| link.into_inner())
}
