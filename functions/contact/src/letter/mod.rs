//! What a mail to the contact says: subject and text, by the policy's texts, in the contact's language.

mod classified;
mod greeting;
mod quote;

pub(crate) use greeting::speakable_name;

use crate::conversation::Conversation;
use lotse_domain::{Event, Language, OutgoingKind, RequestId, RequestState, Verbatim};
use lotse_mail::strip_prefixes;
use lotse_policy::{Desk, Frame, MailText, Placeholder, Policy, TextSet};

/// A letter, ready to be put into a mail.
pub(crate) struct Letter {
    /// The subject.
    pub(crate) subject: String,
    /// The text, from greeting to foot.
    pub(crate) text: String,
    /// The requests that it is about.
    pub(crate) about: Vec<RequestId>,
}

/// What is particular to a letter; the frame around it is common to all.
struct Draft<'a> {
    text: &'a MailText,
    values: Vec<(Placeholder, String)>,
    about: Vec<RequestId>,
    signed_by: &'a Desk,
}

/// Where a letter takes its words from.
struct Writer<'a> {
    policy: &'a Policy,
    texts: &'a TextSet,
    language: &'a Language,
    conversation: &'a Conversation<'a>,
}

/// Characters of a subject that mail programs show; the rest of a very long one is left out.
const SUBJECT_CHARACTERS: usize = 150;

/// Writes the letter that the conversation's event asks for; `None` where it asks for none.
pub(crate) fn write(
    conversation: &Conversation<'_>,
    kind: OutgoingKind,
    policy: &Policy,
    status_link: &str,
) -> Option<Letter> {
    let language = &conversation.case.language;
    let writer = Writer { policy, texts: policy.texts.get(language), language, conversation };
    let draft = writer.draft()?;
    let company = &policy.company;
    let reference = conversation.case.reference.to_string();
    let signed_by = draft.signed_by.name.get(language);
    let common = [
        (Placeholder::Reference, reference.as_str()),
        (Placeholder::StatusLink, status_link),
        (Placeholder::Desk, signed_by),
        (Placeholder::Phone, &company.phone),
        (Placeholder::Company, &company.name),
        (Placeholder::PostalAddress, &company.postal_address),
        (Placeholder::ImprintUrl, &company.imprint_url),
        (Placeholder::PrivacyUrl, &company.privacy_url),
    ];
    // What the letter says of its own goes first, and the first value of a placeholder counts.
    let own = draft.values.iter().map(|(placeholder, value)| (*placeholder, value.as_str()));
    let values: Vec<(Placeholder, &str)> = own.chain(common).collect();
    let subject = writer.subject(&draft.text.subject.fill(&values), &reference);
    let frame = &writer.texts.frame;
    let mut parts = vec![
        writer.greeting(frame),
        draft.text.body.fill(&values),
        frame.sign_off.fill(&[(Placeholder::Desk, signed_by), (Placeholder::Company, &company.name)]),
    ];
    if kind.is_automatic() {
        parts.push(frame.automatic_note.fill(&values));
    }
    parts.push(frame.footer.fill(&values));
    if !kind.is_automatic() {
        parts.extend(draft.about.first().and_then(|request| writer.quote(*request)));
    }
    Some(Letter { subject, text: parts.join("\n\n"), about: draft.about })
}

impl<'a> Writer<'a> {
    fn draft(&self) -> Option<Draft<'a>> {
        let texts = self.texts;
        Some(match &self.conversation.event.event {
            Event::Classified { requests, flags, .. } => self.about_classified_message(requests, flags),
            Event::Answered { request, text, .. } => {
                self.by_specialist(&texts.answer, Placeholder::Answer, text, *request)
            }
            Event::ContactAsked { request, text, .. } => {
                self.by_specialist(&texts.specialist_question, Placeholder::Question, text, *request)
            }
            Event::ReminderDue { requests, .. } => self.reminder(requests),
            _ => return None,
        })
    }

    fn by_specialist(
        &self,
        text: &'a MailText,
        placeholder: Placeholder,
        words: &Verbatim,
        request: RequestId,
    ) -> Draft<'a> {
        let desk = self.conversation.case.request(request).map(|request| &request.desk);
        let desk = desk.and_then(|desk| self.policy.desk(desk)).unwrap_or(self.policy.desks.review());
        Draft {
            text,
            values: vec![(placeholder, words.as_str().to_owned())],
            about: vec![request],
            signed_by: desk,
        }
    }

    /// All that is still open, once; with the words of the reminder that the slowest request has reached.
    fn reminder(&self, about: &[RequestId]) -> Draft<'a> {
        let case = &self.conversation.case;
        let mut asked_at = None;
        let mut number = 1;
        let mut questions = Vec::new();
        for request in about.iter().filter_map(|id| case.request(*id)) {
            let RequestState::WaitingForContact { since, reminders, asked_by, .. } = &request.state else {
                continue;
            };
            asked_at = Some(asked_at.map_or(*since, |earliest: jiff::Timestamp| earliest.min(*since)));
            number = number.max(usize::from(*reminders));
            match (asked_by, self.conversation.specialist_question(request.id)) {
                (Some(_), Some(question)) => questions.push(question.as_str().trim().to_owned()),
                _ => questions.extend(self.questions(&request.gaps)),
            }
        }
        let asked = asked_at.map(|asked_at| self.policy.moment_in_words(asked_at, self.language));
        Draft {
            text: self.texts.reminder(number),
            values: vec![
                (Placeholder::Asked, asked.unwrap_or_default()),
                (Placeholder::Questions, as_list(questions)),
            ],
            about: about.to_vec(),
            signed_by: self.policy.desks.review(),
        }
    }

    /// An answer to a mail keeps the mail's subject, so that every program shows it in its thread; the
    /// reference leads back to the case where nothing else does.
    fn subject(&self, by_policy: &str, reference: &str) -> String {
        let received = self.conversation.answered().and_then(|head| self.conversation.received(head));
        let mail = received.filter(|message| message.mail.is_some());
        let subject = mail.and_then(|message| message.subject.as_ref()).map(Verbatim::as_str);
        let subject = strip_prefixes(subject.unwrap_or_default()).trim();
        if subject.is_empty() {
            return by_policy.to_owned();
        }
        let kept: String = subject.chars().take(SUBJECT_CHARACTERS).collect();
        if kept.contains(reference) { format!("Re: {kept}") } else { format!("Re: {kept} [{reference}]") }
    }

    fn greeting(&self, frame: &Frame) -> String {
        let name = self.conversation.case.contact.name.as_deref();
        match name.and_then(speakable_name) {
            Some(name) => frame.greeting_by_name.fill(&[(Placeholder::Name, &name)]),
            None => frame.greeting.fill(&[]),
        }
    }
}

/// One line for each, marked as an item of a list.
fn as_list(lines: impl IntoIterator<Item = String>) -> String {
    let mut items: Vec<String> = Vec::new();
    for line in lines {
        let item = format!("– {line}");
        if !items.contains(&item) {
            items.push(item);
        }
    }
    items.join("\n")
}
