//! The case as it stood when an event happened: what a mail about that event is written from.

use lotse_domain::{
    Case, Check, Decision, Direction, Effect, Event, Failure, MessageHead, ReceivedMessage, RecordedEvent,
    RequestId, RequestOutcome, Verbatim,
};

/// A case's history up to an event.
pub(crate) struct Conversation<'h> {
    /// The event that a mail is about.
    pub(crate) event: &'h RecordedEvent,
    /// The case after that event.
    pub(crate) case: Case,
    history: Vec<&'h RecordedEvent>,
}

impl<'h> Conversation<'h> {
    /// Reads the history until the event, the event included.
    pub(crate) fn until(history: &'h [RecordedEvent], event: &'h RecordedEvent) -> Result<Self, Failure> {
        let history: Vec<_> =
            history.iter().filter(|recorded| recorded.id.sequence <= event.id.sequence).collect();
        let case = Case::replay(history.iter().copied()).map_err(Failure::park)?;
        let case = case.ok_or_else(|| Failure::park(format!("the history before {} is gone", event.id)))?;
        Ok(Self { event, case, history })
    }

    /// The message from the contact that the mail answers: the classified one; otherwise the last one that
    /// a person wrote.
    pub(crate) fn answered(&self) -> Option<&MessageHead> {
        match &self.event.event {
            Event::Classified { message, .. } => {
                self.case.messages.iter().find(|head| head.number == *message)
            }
            _ => self.case.last_inbound(),
        }
    }

    /// True where the message that the mail answers opened the case.
    pub(crate) fn answers_first_message(&self) -> bool {
        self.answered().is_some_and(|head| head.event == 1)
    }

    /// The message that a request is about: the one that opened it, or last opened it again.
    pub(crate) fn question(&self, about: RequestId) -> Option<&MessageHead> {
        let opens = |outcome: &RequestOutcome| {
            outcome.request == about && matches!(outcome.effect, Effect::Opened | Effect::Reopened)
        };
        let number = self.history.iter().rev().find_map(|recorded| match &recorded.event {
            Event::Classified { message, requests, .. } => requests.iter().any(opens).then_some(*message),
            _ => None,
        })?;
        self.case.messages.iter().find(|head| head.number == number)
    }

    /// A message from the contact, with its text.
    pub(crate) fn received(&self, head: &MessageHead) -> Option<&'h ReceivedMessage> {
        let recorded = self.history.iter().find(|recorded| recorded.id.sequence == head.event)?;
        recorded.event.received_message()
    }

    /// The question that a specialist last asked about a request.
    pub(crate) fn specialist_question(&self, about: RequestId) -> Option<&'h Verbatim> {
        self.history.iter().rev().find_map(|recorded| match &recorded.event {
            Event::ContactAsked { request, text, .. } if *request == about => Some(text),
            _ => None,
        })
    }

    /// The numbers that came out so when they were checked, in the latest message that had any.
    pub(crate) fn values_checked(&self, check: Check) -> Vec<&'h str> {
        let values = |decision: &'h Decision| -> Vec<&'h str> {
            let found = decision.identifiers.iter().filter(|finding| finding.check == check);
            found.map(|finding| finding.value.as_str()).collect()
        };
        let latest_first = self.history.iter().rev().filter_map(|recorded| match &recorded.event {
            Event::Classified { decision, .. } => Some(values(decision)),
            _ => None,
        });
        let mut found = latest_first.into_iter().find(|values| !values.is_empty()).unwrap_or_default();
        found.dedup();
        found
    }

    /// The Message-IDs of the thread so far, oldest first: what the contact's program knows of it from
    /// before the case, then the case's own messages, ours included.
    pub(crate) fn thread(&self) -> Vec<&str> {
        let own: Vec<&str> =
            self.case.messages.iter().filter_map(|head| message_id(&head.direction)).collect();
        let answered = self.answered().and_then(|head| self.received(head));
        let references = answered.and_then(|message| message.mail.as_ref()).map(|mail| &mail.references);
        let before = references.into_iter().flatten().map(Verbatim::as_str).filter(|id| !own.contains(id));
        before.chain(own.iter().copied()).collect()
    }
}

/// The id of a message that belongs to the thread: what no person wrote does not.
fn message_id(direction: &Direction) -> Option<&str> {
    match direction {
        Direction::Inbound { automatic: None, message_id, .. } => message_id.as_ref().map(Verbatim::as_str),
        Direction::Inbound { .. } => None,
        Direction::Outbound { message_id, .. } => Some(message_id),
    }
}
