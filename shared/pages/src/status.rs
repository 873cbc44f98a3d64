//! What the contact sees after sending: the confirmation, and the status page with the conversation.

use crate::{
    PublicFrame,
    control::{Control, Need},
    form::{self, Entries, ErrorLine, InquiryField, fields_for},
    paths,
    texts::{FormTexts, StatusTexts},
    words::Words,
};
use askama::Template;
use jiff::Timestamp;
use lotse_domain::{Channel, Element, GapReason, StateName, Topic};
use std::collections::BTreeSet;

/// Where a request stands, as people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// Arrived, not yet routed.
    Received,
    /// At its desk, nobody works on it yet.
    Unclaimed,
    /// Somebody works on it.
    Claimed,
    /// The contact has been asked for something.
    WaitingForContact,
    /// A person decides where it goes.
    Review,
    /// Answered.
    Answered,
    /// Closed.
    Closed,
}

impl Stage {
    /// The name that the stylesheet knows it by.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Unclaimed => "unclaimed",
            Self::Claimed => "claimed",
            Self::WaitingForContact => "waiting",
            Self::Review => "review",
            Self::Answered => "answered",
            Self::Closed => "closed",
        }
    }
}

impl From<StateName> for Stage {
    fn from(state: StateName) -> Self {
        match state {
            StateName::Received => Self::Received,
            StateName::WaitingForContact => Self::WaitingForContact,
            StateName::Unclaimed => Self::Unclaimed,
            StateName::Claimed => Self::Claimed,
            StateName::Review => Self::Review,
            StateName::Answered => Self::Answered,
            StateName::Closed => Self::Closed,
        }
    }
}

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
    pub stage: Stage,
}

/// What a message of the conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// What the contact wrote first.
    Inquiry,
    /// What the contact wrote later.
    Reply,
    /// Our confirmation that the inquiry has arrived.
    Receipt,
    /// Our question about what is missing.
    Question,
    /// Our reminder of that question.
    Reminder,
    /// Our answer.
    Answer,
    /// Anything else that we wrote.
    Notice,
}

impl MessageKind {
    /// Whether the contact wrote it.
    pub fn is_from_contact(self) -> bool {
        matches!(self, Self::Inquiry | Self::Reply)
    }
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

/// Something that the contact is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GapQuestion {
    /// The topic that needs it.
    pub topic: Topic,
    /// What is missing.
    pub element: Element,
    /// Why it counts as missing.
    pub reason: GapReason,
}

/// The form on the status page: what is asked, filled in as far as it is known, and room for a message.
#[derive(Clone)]
pub struct ReplyForm {
    /// The key by which a repeated sending is recognised: new for each fresh form, kept over errors.
    pub idempotency_key: String,
    /// What is asked. Empty: only room for a message.
    pub gaps: Vec<GapQuestion>,
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

    /// What is asked, each question once.
    fn questions(&self) -> Vec<&'static str> {
        let mut questions = Vec::new();
        for gap in &self.reply.gaps {
            let question = self.question(gap);
            if !questions.contains(&question) {
                questions.push(question);
            }
        }
        questions
    }

    /// What a gap asks of the contact, in a sentence.
    fn question(&self, gap: &GapQuestion) -> &'static str {
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
