//! What the contact sees after sending: the confirmation, and the status page with the conversation.

use crate::{
    MessageKind, PublicFrame,
    control::{Control, Need},
    form::{self, Entries, ErrorLine, InquiryField, fields_for},
    paths,
    texts::{FormTexts, StatusTexts},
    words::{Words, explained},
};
use askama::Template;
use jiff::Timestamp;
use lotse_domain::{Channel, Element, Gap, GapReason, StateName, Topic};
use std::collections::BTreeSet;

/// What the contact sees after sending an inquiry.
#[derive(Template)]
#[template(path = "public/confirmation.html")]
pub struct ConfirmationPage {
    /// What surrounds the page.
    pub frame: PublicFrame,
    /// The case reference, as it is spoken and written.
    pub reference: String,
    /// The token of the status page.
    pub token: String,
}

impl ConfirmationPage {
    fn texts(&self) -> &'static StatusTexts {
        StatusTexts::of(self.frame.language)
    }
}

/// A request of the case, as the contact sees it.
#[derive(Clone, Debug)]
pub struct RequestStatus {
    /// What it is about.
    pub topic: Topic,
    /// Where it stands.
    pub stage: StateName,
}

/// A message of the conversation, in or out, as the contact sees it. Holds personal data: it has no `Debug`.
#[derive(Clone)]
pub struct PublicMessage {
    /// What it is.
    pub kind: MessageKind,
    /// The way it came or went.
    pub channel: Channel,
    /// When it was received or sent.
    pub at: Timestamp,
    /// The subject line.
    pub subject: Option<String>,
    /// The text, without quotes of earlier messages.
    pub text: String,
}

/// The form on the status page: what is asked, filled in as far as it is known, and room for a message.
#[derive(Clone)]
pub struct ReplyForm {
    /// The key by which a repeated sending is recognised: new for each fresh form, kept over errors.
    pub idempotency_key: String,
    /// What is asked. Empty: only room for a message.
    pub gaps: Vec<Gap>,
    /// What is known or was typed, and what is wrong with it.
    pub entries: Entries,
}

impl ReplyForm {
    /// The fields that the gaps ask for, each once, in the order of the form.
    pub fn fields(&self) -> BTreeSet<InquiryField> {
        self.gaps.iter().flat_map(|gap| fields_for(gap.element)).copied().collect()
    }
}

/// The status page behind the unguessable link.
#[derive(Template)]
#[template(path = "public/status.html")]
pub struct StatusPage {
    /// What surrounds the page.
    pub frame: PublicFrame,
    /// The token of this page.
    pub token: String,
    /// The case reference.
    pub reference: String,
    /// When the inquiry arrived.
    pub received_at: Timestamp,
    /// The requests.
    pub requests: Vec<RequestStatus>,
    /// True where something was passed on to drug safety or quality.
    pub reports_safety: bool,
    /// The conversation, oldest first.
    pub conversation: Vec<PublicMessage>,
    /// The form for a reply.
    pub reply: ReplyForm,
    /// True right after a reply was received: the page says so.
    pub reply_received: bool,
}

impl StatusPage {
    fn texts(&self) -> &'static StatusTexts {
        StatusTexts::of(self.frame.language)
    }

    fn reply_path(&self) -> String {
        paths::reply(&self.token)
    }

    fn errors(&self) -> Vec<ErrorLine> {
        form::error_lines(&self.reply.entries, self.frame.language)
    }

    fn form_texts(&self) -> &'static FormTexts {
        FormTexts::of(self.frame.language)
    }

    fn control(&self, field: InquiryField) -> Control<'_> {
        form::control(field, self.frame.language, &self.reply.entries, Need::Asked)
    }

    fn message_control(&self) -> Control<'_> {
        let beside_gaps = !self.reply.gaps.is_empty();
        Control {
            hint: beside_gaps.then_some(self.texts().message_beside),
            ..self.control(InquiryField::Message)
        }
    }

    fn explained(&self, state: StateName) -> &'static str {
        explained(state, self.frame.language)
    }

    fn is_asked(&self) -> bool {
        !self.reply.gaps.is_empty() || self.open_question().is_some()
    }

    /// What a specialist asked, while a request waits for the answer and triage asks nothing itself.
    fn open_question(&self) -> Option<&str> {
        let waits = self.requests.iter().any(|request| request.stage == StateName::WaitingForContact);
        if !waits || !self.reply.gaps.is_empty() {
            return None;
        }
        let question = self.conversation.iter().rev().find(|message| message.kind == MessageKind::Question);
        question.map(|message| message.text.as_str())
    }

    /// What the gaps ask, each question once.
    fn gap_questions(&self) -> Vec<&'static str> {
        let mut questions = Vec::new();
        for gap in &self.reply.gaps {
            let question = self.question(*gap);
            if !questions.contains(&question) {
                questions.push(question);
            }
        }
        questions
    }

    /// What a gap asks of the contact, in a sentence.
    fn question(&self, gap: Gap) -> &'static str {
        let texts = self.texts();
        match (gap.element, gap.reason) {
            (Element::Product, GapReason::Absent) => texts.ask_product,
            (Element::Product, _) => texts.ask_which_product,
            (Element::Question, _) => texts.ask_question,
            (Element::Requester, _) => texts.ask_requester,
            (Element::OrderReference, GapReason::Absent) => texts.ask_order_reference,
            (Element::OrderReference, GapReason::Mistyped) => texts.ask_mistyped_number,
            (Element::OrderReference, GapReason::Ambiguous) => texts.ask_ambiguous_number,
            (Element::Topic, _) => texts.ask_topic,
        }
    }
}
