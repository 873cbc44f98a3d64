//! Delivery reports: structured (RFC 3464) or as the older servers write them.

use super::{
    Evidence, Signal,
    phrases::{self, DeliverySubject, Opening},
};
use crate::reading::Headers;
use lotse_domain::EmailAddress;
use mail_parser::{HeaderName, HeaderValue, MessagePart, MimeHeaders, PartType};
use serde::Serialize;
use std::fmt;

/// What became of a message for one recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryAction {
    /// It will not arrive.
    Failed,
    /// The server goes on trying.
    Delayed,
    /// It arrived, or went on to a server that sends no reports.
    Delivered,
}

/// A recipient that a report names.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct FailedRecipient {
    /// The address, where it can be written to by its form.
    pub address: Option<EmailAddress>,
    /// What became of the message.
    pub action: DeliveryAction,
    /// Enhanced status code (RFC 3463), for instance `5.1.1`.
    pub status: Option<String>,
}

impl fmt::Debug for FailedRecipient {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "[recipient {:?} {}]", self.action, self.status.as_deref().unwrap_or_default())
    }
}

/// A server's report about a message that was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeliveryReport {
    /// The recipients that it names.
    pub recipients: Vec<FailedRecipient>,
    /// Message-ID, without angle brackets, of the message that the report returns.
    pub original_message_id: Option<String>,
}

impl DeliveryReport {
    /// True for a bounce: a recipient will not get the message, or the report does not say who.
    pub fn is_failure(&self) -> bool {
        self.recipients.is_empty()
            || self.recipients.iter().any(|recipient| recipient.action == DeliveryAction::Failed)
    }
}

/// How many recipients of one report are kept.
const KEPT_RECIPIENTS: usize = 100;

/// The report in a message, if it is one. `signals` are those of its headers.
pub(super) fn read(evidence: &Evidence<'_>, signals: &[Signal]) -> Option<DeliveryReport> {
    let Evidence { headers, sender, subject, text, .. } = evidence;
    if let Some(status) = status_part(headers) {
        let recipients = structured_recipients(&String::from_utf8_lossy(status.contents()));
        return Some(DeliveryReport { recipients, original_message_id: returned_message_id(headers, text) });
    }
    let about = phrases::delivery_subject(subject);
    let is_from_server = sender.starts_with("mailer-daemon") || sender.starts_with("postmaster");
    let named = headers
        .all("X-Failed-Recipients")
        .flat_map(|value| value.split(','))
        .filter_map(|address| address.trim().parse().ok());
    let named: Vec<EmailAddress> = named.take(KEPT_RECIPIENTS).collect();
    if !is_from_server && about.is_none() && named.is_empty() {
        return None;
    }
    let whole = Opening::of_all(text);
    let is_bounce_text = phrases::is_bounce_text(&whole);
    // People, too, write „konnte nicht zugestellt werden“: about a parcel.
    let is_marked = signals.iter().any(|signal| {
        matches!(signal, Signal::AutoSubmitted | Signal::EmptyReturnPath | Signal::Autoresponder)
    });
    let is_report = !named.is_empty()
        || (is_from_server && (about.is_some() || is_bounce_text))
        || (is_marked && about.is_some() && is_bounce_text);
    if !is_report {
        return None;
    }
    let delayed =
        about == Some(DeliverySubject::Delayed) || (named.is_empty() && phrases::is_delay_text(&whole));
    let action = if delayed { DeliveryAction::Delayed } else { DeliveryAction::Failed };
    let status = status_code(text);
    let addresses = if named.is_empty() { addresses_on_own_lines(text) } else { named };
    let recipients: Vec<_> = addresses
        .into_iter()
        .map(|address| FailedRecipient { address: Some(address), action, status: status.clone() })
        .collect();
    // A delay that names nobody must not count as a failure.
    let unnamed = FailedRecipient { address: None, action, status };
    let recipients = if recipients.is_empty() { vec![unnamed] } else { recipients };
    Some(DeliveryReport { recipients, original_message_id: returned_message_id(headers, text) })
}

fn status_part<'a>(headers: &Headers<'a>) -> Option<&'a MessagePart<'a>> {
    let is_status = |part: &&MessagePart<'_>| {
        part.is_content_type("message", "delivery-status")
            || part.is_content_type("message", "global-delivery-status")
    };
    headers.message.parts.iter().find(is_status)
}

/// The groups of fields behind the first one, which is about the message as a whole (RFC 3464 section 2.1).
fn structured_recipients(fields: &str) -> Vec<FailedRecipient> {
    let fields = fields.replace("\r\n", "\n");
    let groups = fields.split("\n\n").take(KEPT_RECIPIENTS * 2);
    groups.filter_map(recipient_group).take(KEPT_RECIPIENTS).collect()
}

fn recipient_group(group: &str) -> Option<FailedRecipient> {
    let field = |name: &str| {
        let lines = group.lines().filter_map(|line| line.split_once(':'));
        lines
            .into_iter()
            .find(|(label, _)| label.trim().eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    };
    let action = match field("Action").map(str::to_ascii_lowercase)?.as_str() {
        "failed" => DeliveryAction::Failed,
        "delayed" => DeliveryAction::Delayed,
        _ => DeliveryAction::Delivered,
    };
    // rfc822;name@host, where the type in front may be missing.
    let address = |value: &str| {
        value.rsplit(';').next().unwrap_or_default().trim().trim_matches(['<', '>']).parse().ok()
    };
    let address =
        field("Original-Recipient").and_then(address).or_else(|| field("Final-Recipient").and_then(address));
    let status = field("Status").and_then(|value| value.split([' ', '(']).next()).map(str::to_owned);
    Some(FailedRecipient { address, action, status })
}

/// The Message-ID of what the report returns: an attached message or its headers, otherwise a line of text.
fn returned_message_id(headers: &Headers<'_>, text: &str) -> Option<String> {
    let own = headers.message;
    let attached = own.parts.iter().find_map(|part| match &part.body {
        PartType::Message(message) => match message.header(HeaderName::MessageId)? {
            HeaderValue::Text(id) => Some(id.to_string()),
            _ => None,
        },
        _ if part.is_content_type("text", "rfc822-headers") => part.text_contents().and_then(message_id_line),
        _ => None,
    });
    attached.or_else(|| message_id_line(text))
}

fn message_id_line(text: &str) -> Option<String> {
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some((label, value)) = line.split_once(':') else { continue };
        if label.trim_start_matches(['>', ' ']).eq_ignore_ascii_case("message-id") {
            // Long values are folded to the next line.
            let value = if value.trim().is_empty() { lines.next().unwrap_or_default() } else { value };
            let id = value.split_once('<')?.1.split_once('>')?.0;
            return (!id.is_empty() && id.len() < 998).then(|| id.to_owned());
        }
    }
    None
}

/// `<name@host>:` or the address alone on a line, as Postfix, qmail and Exim write it; before the returned
/// message only.
fn addresses_on_own_lines(text: &str) -> Vec<EmailAddress> {
    const LINES: usize = 60;
    let is_returned = |line: &str| {
        let line = line.trim_start_matches(['-', ' ']).to_ascii_lowercase();
        line.starts_with("this is a copy of")
            || line.starts_with("below this line is a copy")
            || line.starts_with("original message")
    };
    let mut addresses: Vec<EmailAddress> = Vec::new();
    for line in text.lines().take(LINES).take_while(|line| !is_returned(line)) {
        let word = line.trim().split([' ', '\t']).next().unwrap_or_default();
        let bare = word.trim_end_matches(':').trim_matches(['<', '>', '"', '\'']);
        let alone = line.trim() == word || word.ends_with(':');
        if let Ok(address) = bare.parse::<EmailAddress>()
            && alone
            && !addresses.contains(&address)
        {
            addresses.push(address);
        }
    }
    addresses
}

/// The first enhanced status code of class 4 or 5 in the text (RFC 3463), otherwise none.
fn status_code(text: &str) -> Option<String> {
    text.split(|c: char| !(c.is_ascii_digit() || c == '.')).find_map(|word| {
        let word = word.trim_matches('.');
        let mut numbers = word.split('.');
        let class = numbers.next()?;
        let fits = |part: Option<&str>| part.is_some_and(|part| (1..=3).contains(&part.len()));
        let complete = matches!(class, "4" | "5")
            && fits(numbers.next())
            && fits(numbers.next())
            && numbers.next().is_none();
        complete.then(|| word.to_owned())
    })
}
