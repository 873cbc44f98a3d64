//! The conversation as the contact sees it: what came in, what went out, in order.

use lotse_domain::{Channel, Event, OutgoingKind, ReceivedMessage, RecordedEvent, SentMessage};
use lotse_mail::separate;
use lotse_pages::{
    MessageKind, PageLanguage, PublicMessage,
    words::{Words, entry_words},
};

/// The messages of a case's history. An answer stands here as soon as it is written, whether or not a mail
/// can bring it; the mail that does is then not shown a second time.
pub(crate) fn conversation(history: &[RecordedEvent], language: PageLanguage) -> Vec<PublicMessage> {
    history.iter().filter_map(|recorded| message(recorded, language)).collect()
}

fn message(recorded: &RecordedEvent, language: PageLanguage) -> Option<PublicMessage> {
    let written = |kind, text: &str| PublicMessage {
        kind,
        channel: Channel::Mail,
        at: recorded.at,
        subject: None,
        text: text.to_owned(),
    };
    let received = |kind, message: &ReceivedMessage| PublicMessage {
        kind,
        channel: message.channel,
        at: recorded.at,
        subject: message.subject.as_ref().map(|subject| subject.as_str().to_owned()),
        text: text(message, language),
    };
    Some(match &recorded.event {
        Event::CaseOpened { message, .. } => received(MessageKind::Inquiry, message),
        Event::MessageReceived { message } => received(MessageKind::Reply, message),
        Event::Answered { text, .. } => written(MessageKind::Answer, text.as_str()),
        Event::ContactAsked { text, .. } => written(MessageKind::Question, text.as_str()),
        Event::MessageSent { message } => {
            let kind = sent_kind(message)?;
            PublicMessage {
                subject: Some(message.subject.as_str().to_owned()),
                ..written(kind, message.text.as_str())
            }
        }
        _ => return None,
    })
}

fn sent_kind(message: &SentMessage) -> Option<MessageKind> {
    match message.kind {
        OutgoingKind::Receipt => Some(MessageKind::Receipt),
        OutgoingKind::GapQuestions => Some(MessageKind::Question),
        OutgoingKind::Reminder => Some(MessageKind::Reminder),
        OutgoingKind::Answer | OutgoingKind::SpecialistQuestion => None,
    }
}

/// What was newly written, and what was filled into fields beside it.
fn text(message: &ReceivedMessage, language: PageLanguage) -> String {
    let body = message.body.as_str();
    let mut text = match message.channel {
        Channel::Mail => separate(body).new_text(body),
        Channel::Web | Channel::Phone => body.to_owned(),
    };
    // A mail that is nothing but a quote: better all of it than a message without a word.
    if text.is_empty() {
        body.clone_into(&mut text);
    }
    for (index, (field, value)) in message.fields.iter().enumerate() {
        let apart = if index > 0 || text.is_empty() { "\n" } else { "\n\n" };
        text.extend([apart, field.words(language), ": ", &entry_words(*field, value.as_str(), language)]);
    }
    text
}
