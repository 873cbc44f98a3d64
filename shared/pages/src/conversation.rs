//! The conversation of a case, read from its history: what came in, what went out, in order.

use jiff::Timestamp;
use lotse_domain::{
    Attachment, Automatic, CaseId, Channel, Decision, Event, FormField, MessageNumber, OutgoingKind,
    ReceivedMessage, RecordedEvent, Verbatim,
};
use std::collections::BTreeMap;

/// What a message of the conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// What the contact wrote first.
    Inquiry,
    /// What the contact wrote later.
    Reply,
    /// Our confirmation that a message has arrived.
    Receipt,
    /// Our question, from triage or from a specialist.
    Question,
    /// Our reminder of that question.
    Reminder,
    /// Our answer.
    Answer,
}

impl From<OutgoingKind> for MessageKind {
    fn from(kind: OutgoingKind) -> Self {
        match kind {
            OutgoingKind::Receipt => Self::Receipt,
            OutgoingKind::GapQuestions | OutgoingKind::SpecialistQuestion => Self::Question,
            OutgoingKind::Reminder => Self::Reminder,
            OutgoingKind::Answer => Self::Answer,
        }
    }
}

impl MessageKind {
    /// Whether the contact wrote it.
    pub fn is_from_contact(self) -> bool {
        matches!(self, Self::Inquiry | Self::Reply)
    }
}

/// A message of the conversation, borrowed from the history that holds it.
pub(crate) struct Message<'a> {
    /// Its number in the case. `None` while a specialist's text has not gone out.
    pub(crate) number: Option<MessageNumber>,
    pub(crate) kind: MessageKind,
    pub(crate) at: Timestamp,
    pub(crate) subject: &'a str,
    pub(crate) body: &'a str,
    /// What came in, with all that only incoming messages have.
    pub(crate) received: Option<&'a ReceivedMessage>,
    /// What triage decided about it.
    pub(crate) decision: Option<&'a Decision>,
}

impl<'a> Message<'a> {
    /// The way it came or went. What we write goes by mail; the status page shows it too.
    pub(crate) fn channel(&self) -> Channel {
        self.received.map_or(Channel::Mail, |message| message.channel)
    }

    /// Set where no person wrote it: as triage decided, or else as the mail's own header fields say.
    pub(crate) fn automatic(&self) -> Option<Automatic> {
        let received = self.received?;
        self.decision.map_or(received.automatic, |decision| decision.automatic)
    }

    pub(crate) fn fields(&self) -> Vec<(FormField, &'a str)> {
        let fields = self.received.map(|message| message.fields.iter());
        fields.into_iter().flatten().map(|(field, value)| (*field, value.as_str())).collect()
    }

    pub(crate) fn attachments(&self) -> &'a [Attachment] {
        self.received.and_then(|message| message.mail.as_ref()).map_or(&[], |mail| &mail.attachments)
    }

    /// Why the mail could not be read, where it could not.
    pub(crate) fn unreadable(&self) -> Option<&'a str> {
        self.received.and_then(|message| message.mail.as_ref()).and_then(|mail| mail.unreadable.as_deref())
    }

    /// The case that the mail answers although its sender does not belong to it.
    pub(crate) fn refers_to(&self) -> Option<CaseId> {
        self.received.and_then(|message| message.mail.as_ref()).and_then(|mail| mail.refers_to)
    }

    /// Whether the case keeps only the beginning of the text.
    pub(crate) fn is_truncated(&self) -> bool {
        self.received.and_then(|message| message.mail.as_ref()).is_some_and(|mail| mail.truncated)
    }
}

/// All messages, oldest first. A specialist's answer or question that has not gone out yet, or never will because
/// no mail reaches the contact, stands in its own place.
pub(crate) fn conversation(history: &[RecordedEvent]) -> Vec<Message<'_>> {
    let mut decisions = BTreeMap::new();
    let mut sent_for = Vec::new();
    for recorded in history {
        match &recorded.event {
            Event::Classified { message, decision, .. } => {
                decisions.insert(*message, decision);
            }
            Event::MessageSent { message } => sent_for.push(message.caused_by),
            _ => {}
        }
    }
    let mut messages: Vec<Message<'_>> = Vec::new();
    let mut count = 0;
    for recorded in history {
        let (kind, subject, body, received) = match &recorded.event {
            Event::CaseOpened { message, .. } => {
                (MessageKind::Inquiry, message.subject.as_ref(), &message.body, Some(message))
            }
            Event::MessageReceived { message } => {
                (MessageKind::Reply, message.subject.as_ref(), &message.body, Some(message))
            }
            Event::MessageSent { message } => {
                (message.kind.into(), Some(&message.subject), &message.text, None)
            }
            Event::Answered { text, .. } if !sent_for.contains(&recorded.id.sequence) => {
                (MessageKind::Answer, None, text, None)
            }
            Event::ContactAsked { text, .. } if !sent_for.contains(&recorded.id.sequence) => {
                (MessageKind::Question, None, text, None)
            }
            _ => continue,
        };
        let has_number = !matches!(recorded.event, Event::Answered { .. } | Event::ContactAsked { .. });
        let number = has_number.then(|| {
            count += 1;
            MessageNumber(count)
        });
        messages.push(Message {
            number,
            kind,
            at: recorded.at,
            subject: subject.map_or("", Verbatim::as_str),
            body: body.as_str(),
            received,
            decision: number.and_then(|number| decisions.get(&number).copied()),
        });
    }
    messages
}
