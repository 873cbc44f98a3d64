//! Pages for whoever operates a local server: the development mailbox, and deliveries that were given up.

use crate::{desk::DeskFrame, paths, texts::OperatorTexts, words::Words};
use askama::Template;
use jiff::Timestamp;
use lotse_domain::CaseReference;

/// A mail in the development mailbox.
#[derive(Clone)]
pub struct MailHead {
    /// The name under which it is kept; part of its address.
    pub name: String,
    /// The recipient.
    pub to: String,
    /// The subject line.
    pub subject: String,
    /// When it was kept.
    pub at: Timestamp,
}

impl MailHead {
    pub(crate) fn path(&self) -> String {
        paths::mail(&self.name)
    }
}

/// The development mailbox: outgoing mails that are kept because no relay is configured.
#[derive(Template)]
#[template(path = "operator/mailbox.html")]
pub struct MailboxPage {
    /// What surrounds the page.
    pub frame: DeskFrame,
    /// The mails, newest first.
    pub mails: Vec<MailHead>,
}

/// One mail of the development mailbox.
#[derive(Template)]
#[template(path = "operator/mail.html")]
pub struct MailPage {
    /// What surrounds the page.
    pub frame: DeskFrame,
    /// The mail.
    pub mail: MailHead,
    /// Its header fields, as sent.
    pub headers: Vec<(String, String)>,
    /// Its text part.
    pub text: String,
    /// The source of its HTML part, shown as text.
    pub html: String,
}

/// A delivery that was given up after its last retry.
#[derive(Clone)]
pub struct ParkedDelivery {
    /// Its id; part of the address of the retry.
    pub id: String,
    /// What was to be delivered: the type of the event.
    pub what: String,
    /// Where to: the consumer.
    pub to: String,
    /// The case reference, where it belongs to one.
    pub reference: Option<CaseReference>,
    /// Why it failed the last time.
    pub why: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was given up.
    pub at: Timestamp,
}

impl ParkedDelivery {
    pub(crate) fn retry_path(&self) -> String {
        paths::retry(&self.id)
    }
}

/// Deliveries that were given up and need a person.
#[derive(Template)]
#[template(path = "operator/parked.html")]
pub struct ParkedPage {
    /// What surrounds the page.
    pub frame: DeskFrame,
    /// The deliveries, newest first.
    pub parked: Vec<ParkedDelivery>,
}

impl MailboxPage {
    fn texts(&self) -> &'static OperatorTexts {
        OperatorTexts::of(self.frame.language)
    }
}

impl MailPage {
    fn texts(&self) -> &'static OperatorTexts {
        OperatorTexts::of(self.frame.language)
    }

    fn raw_path(&self) -> String {
        paths::raw_mail(&self.mail.name)
    }
}

impl ParkedPage {
    fn texts(&self) -> &'static OperatorTexts {
        OperatorTexts::of(self.frame.language)
    }
}
