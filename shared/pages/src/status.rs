//! What the contact sees after sending: the confirmation, and the status page with the conversation.

use crate::{
    MessageKind, Names, PublicFrame,
    control::{Control, Need},
    conversation::conversation,
    form::{self, Entries, ErrorLine, InquiryField, fields_for},
    paths,
    texts::{FormTexts, StatusTexts},
    words::{Words, explained},
};
use askama::Template;
use jiff::Timestamp;
use lotse_domain::{
    Case, CaseReference, Channel, Element, Event, Gap, GapReason, IdentifierFinding, IdentifierKind,
    ReceivedMessage, RecordedEvent, RequestState, StateName,
};
use std::collections::{BTreeMap, BTreeSet};

/// What the contact sees after sending an inquiry.
#[derive(Template)]
#[template(path = "public/confirmation.html")]
pub struct ConfirmationPage {
    /// What surrounds the page.
    pub frame: PublicFrame,
    /// The case reference.
    pub reference: CaseReference,
    /// The token of the status page.
    pub token: String,
}

impl ConfirmationPage {
    fn texts(&self) -> &'static StatusTexts {
        StatusTexts::of(self.frame.language)
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
    /// The subject line; may be empty.
    pub subject: String,
    /// The text.
    pub text: String,
}

impl PublicMessage {
    /// The conversation of a case, oldest first, without what machines sent in the contact's name. `new_text`
    /// gives the part of an incoming message to show: what it quotes stands here already.
    pub fn conversation(
        history: &[RecordedEvent],
        new_text: impl Fn(&ReceivedMessage) -> String,
    ) -> Vec<Self> {
        let shown = conversation(history).into_iter().filter(|message| message.automatic().is_none());
        let public = |message: crate::conversation::Message<'_>| Self {
            kind: message.kind,
            channel: message.channel(),
            at: message.at,
            subject: message.subject.to_owned(),
            text: message.received.map_or_else(|| message.body.to_owned(), &new_text),
        };
        shown.map(public).collect()
    }
}

/// The form on the status page: what is asked, filled in as far as it is known, and room for a message.
#[derive(Clone, Default)]
pub struct ReplyForm {
    /// The key by which a repeated sending is recognised: new for each fresh form, kept over errors.
    pub idempotency_key: String,
    /// What is missing. Empty: only room for a message.
    pub gaps: Vec<Gap>,
    /// What a specialist asked and waits for.
    pub questions: Vec<String>,
    /// What is known or was typed, and what is wrong with it.
    pub entries: Entries,
}

impl ReplyForm {
    /// The form that a case needs now: its open gaps and questions, with everything filled in that is known.
    pub fn of(case: &Case, history: &[RecordedEvent], names: &Names, idempotency_key: String) -> Self {
        let values = known(case, history, names);
        Self {
            idempotency_key,
            gaps: case.requests.iter().flat_map(|request| &request.gaps).copied().collect(),
            questions: open_questions(case, history),
            entries: Entries { values, errors: BTreeMap::new() },
        }
    }

    /// The fields that the gaps ask for, each once, in the order of the form.
    pub fn fields(&self) -> BTreeSet<InquiryField> {
        self.gaps.iter().flat_map(|gap| fields_for(gap.element)).copied().collect()
    }

    fn is_asked(&self) -> bool {
        !self.gaps.is_empty() || !self.questions.is_empty()
    }
}

/// What specialists asked about requests that still wait for the contact, oldest first.
fn open_questions(case: &Case, history: &[RecordedEvent]) -> Vec<String> {
    let mut questions = BTreeMap::new();
    for recorded in history {
        if let Event::ContactAsked { request, text, .. } = &recorded.event {
            questions.insert(*request, text.as_str().to_owned());
        }
    }
    let waits = |request: &lotse_domain::Request| {
        matches!(request.state, RequestState::WaitingForContact { asked_by: Some(_), .. })
    };
    let waiting = case.requests.iter().filter(|request| waits(request));
    waiting.filter_map(|request| questions.remove(&request.id)).collect()
}

/// Everything that the case knows, by the field that it fills.
fn known(case: &Case, history: &[RecordedEvent], names: &Names) -> BTreeMap<InquiryField, String> {
    let mut values = BTreeMap::new();
    for recorded in history {
        if let Some(message) = recorded.event.received_message() {
            let fields = message.fields.iter();
            values.extend(fields.map(|(field, value)| ((*field).into(), value.as_str().to_owned())));
        }
        if let Event::Classified { decision, .. } = &recorded.event {
            values.extend(decision.identifiers.iter().filter_map(fills));
        }
    }
    let products: Vec<_> = case.products.iter().map(|product| names.product(product)).collect();
    if !products.is_empty() {
        values.insert(InquiryField::Product, products.join(", "));
    }
    let contact = &case.contact;
    let of_contact = [
        (InquiryField::Name, &contact.name),
        (InquiryField::Profession, &contact.profession),
        (InquiryField::Institution, &contact.institution),
    ];
    values.extend(of_contact.into_iter().filter_map(|(field, value)| Some((field, value.clone()?))));
    values
}

/// The field that an identifier fills. A mistyped one is filled in too: it is easier to correct than to repeat.
fn fills(found: &IdentifierFinding) -> Option<(InquiryField, String)> {
    let field = match found.kind {
        IdentifierKind::OrderNumber => InquiryField::OrderNumber,
        IdentifierKind::DeliveryNote => InquiryField::DeliveryNote,
        IdentifierKind::TrackingNumber => InquiryField::TrackingNumber,
        IdentifierKind::CustomerNumber => InquiryField::CustomerNumber,
        _ => return None,
    };
    Some((field, found.value.clone()))
}

/// The status page behind the unguessable link.
#[derive(Template)]
#[template(path = "public/status.html")]
pub struct StatusPage {
    /// What surrounds the page.
    pub frame: PublicFrame,
    /// The token of this page.
    pub token: String,
    /// The case.
    pub case: Case,
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

    fn form_texts(&self) -> &'static FormTexts {
        FormTexts::of(self.frame.language)
    }

    fn explained(&self, state: StateName) -> &'static str {
        explained(state, self.frame.language)
    }

    fn reply_path(&self) -> String {
        paths::reply(&self.token)
    }

    fn errors(&self) -> Vec<ErrorLine> {
        form::error_lines(&self.reply.entries, self.frame.language)
    }

    fn control(&self, field: InquiryField) -> Control<'_> {
        form::control(field, self.frame.language, &self.reply.entries, Need::Asked)
    }

    fn message_control(&self) -> Control<'_> {
        let hint = if self.reply.gaps.is_empty() { None } else { Some(self.texts().message_beside) };
        Control { hint, ..self.control(InquiryField::Message) }
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
