//! From a checked inquiry to a committed case.

use crate::IntakeWeb;
use lotse_domain::{
    Actor, Case, CaseId, CaseReference, Change, Claim, Contact, Event, EventId, Inquiry, Language,
    MailOrigin, Opening, ReceivedMessage,
    ports::{CaseStore, CommitError, Unavailable},
};

/// Two random references of 3.4 thousand million collide so rarely that five times in a row means a fault.
const MOST_REFERENCES: usize = 5;

/// An inquiry as a channel of this function received it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct NewInquiry {
    /// Who wrote.
    pub(crate) contact: Contact,
    /// The language, where the channel knows it.
    pub(crate) language: Option<Language>,
    /// The message.
    pub(crate) message: ReceivedMessage,
}

impl From<Inquiry> for NewInquiry {
    fn from(inquiry: Inquiry) -> Self {
        let fields = inquiry.fields.into_iter().map(|(field, value)| (field, value.into())).collect();
        Self {
            contact: inquiry.contact,
            language: inquiry.language,
            message: ReceivedMessage {
                channel: inquiry.channel,
                subject: inquiry.subject.map(Into::into),
                body: inquiry.body.into(),
                fields,
                automatic: None,
                mail: None,
            },
        }
    }
}

impl NewInquiry {
    /// Keeps automatic mail from going back: for what a robot may have sent, to an address that it made up.
    #[must_use]
    pub(crate) fn without_automatic_reply(mut self) -> Self {
        self.message.mail = Some(MailOrigin { suppress_reply: true, ..MailOrigin::default() });
        self
    }
}

/// What became of an inquiry.
pub(crate) enum Opened {
    /// Its case is committed, now or by an earlier sending of the same inquiry.
    Kept(CaseReference),
    /// The key was used before, for another inquiry.
    KeyTaken,
}

impl<S: CaseStore> IntakeWeb<S> {
    /// Commits the case that an inquiry opens. `id` is derived from the sender's own key, so that a repeated
    /// sending meets the case that the first one opened.
    pub(crate) async fn open(&self, id: CaseId, inquiry: &NewInquiry) -> Result<Opened, Unavailable> {
        for _ in 0..MOST_REFERENCES {
            let (change, reference) = self.opening(id, inquiry);
            let Some(commit) = change.into_commit(vec![Claim::reference(reference)]) else { break };
            match self.store.commit(commit).await {
                Ok(()) => return Ok(Opened::Kept(reference)),
                Err(CommitError::Conflict) => return self.opened_before(id, inquiry).await,
                // The reference is another case's.
                Err(CommitError::AlreadyDone { .. }) => {}
                Err(CommitError::Unavailable(unavailable)) => return Err(unavailable),
            }
        }
        Err(Unavailable::for_now("no free case reference was found"))
    }

    fn opening(&self, id: CaseId, inquiry: &NewInquiry) -> (Change, CaseReference) {
        let NewInquiry { contact, language, message } = inquiry.clone();
        // Any 64 of the 128 bits do.
        #[expect(clippy::cast_possible_truncation, reason = "the lower half is as random as the whole")]
        let reference = CaseReference::from_random(self.random.number() as u64);
        let contact_id = match &contact.email {
            Some(address) => self.keys.contact_id(address),
            None => self.keys.nameless_contact_id(&id.to_string()),
        };
        let opening = Opening { case: id, reference, contact_id, contact, language, message };
        (Change::open(opening, self.now(), Actor::Contact), reference)
    }

    /// The first event is what was received: compared with it, not with a fingerprint kept beside it.
    async fn opened_before(&self, id: CaseId, inquiry: &NewInquiry) -> Result<Opened, Unavailable> {
        let first = self.store.event(EventId { case: id, sequence: 1 }).await?;
        match first.map(|recorded| recorded.event) {
            Some(Event::CaseOpened { reference, contact, language, message, .. }) => {
                let before = NewInquiry { contact, language, message };
                Ok(if before == *inquiry { Opened::Kept(reference) } else { Opened::KeyTaken })
            }
            _ => Err(Unavailable::unreadable("a case does not begin with its opening")),
        }
    }

    /// The case behind a status link; `None` where the link is not ours or the case is gone.
    pub(crate) async fn case_of_link(&self, token: &str) -> Result<Option<Case>, Unavailable> {
        match self.keys.read_status_token(token) {
            Some(id) => self.store.load(id).await,
            None => Ok(None),
        }
    }
}
