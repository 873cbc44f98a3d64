//! The ports, as the world in memory keeps them.

use super::{Delivery, World, blob_id};
use jiff::Timestamp;
use lotse_domain::{
    BlobId, Case, CaseId, CaseReference, CaseSummary, Commit, ContactId, Cursor, EventId, IdentifierKind,
    Page, QueueMessage, RecordedEvent, WorklistEntry, WorklistQuery,
    ports::{
        BlobStore, CaseStore, Clock, CommitError, MailSender, QueueSender, RandomSource, ReadyMail,
        SendError, Unavailable,
    },
};

impl Clock for World {
    fn now(&self) -> Timestamp {
        *self.now.lock().expect("now")
    }
}

impl RandomSource for World {
    fn number(&self) -> u128 {
        u128::from(self.next_random())
    }
}

impl CaseStore for World {
    async fn load(&self, case: CaseId) -> Result<Option<Case>, Unavailable> {
        self.call(|state| state.cases.get(&case).cloned())
    }

    async fn commit(&self, commit: Commit) -> Result<(), CommitError> {
        self.call(|state| state.commit(commit))?
    }

    async fn history(&self, case: CaseId) -> Result<Vec<RecordedEvent>, Unavailable> {
        self.call(|state| state.events.values().filter(|event| event.id.case == case).cloned().collect())
    }

    async fn event(&self, id: EventId) -> Result<Option<RecordedEvent>, Unavailable> {
        self.call(|state| state.events.get(&id).cloned())
    }

    async fn claimed_by(&self, key: &str, _now: Timestamp) -> Result<Option<CaseId>, Unavailable> {
        self.call(|state| state.claims.get(key).copied())
    }

    async fn find_by_reference(&self, reference: CaseReference) -> Result<Option<CaseId>, Unavailable> {
        self.call(|state| state.cases.values().find(|case| case.reference == reference).map(|case| case.id))
    }

    async fn worklist(&self, _query: &WorklistQuery) -> Result<Page<WorklistEntry>, Unavailable> {
        panic!("no function of the pipeline reads a worklist")
    }

    async fn timeline(
        &self,
        contact: ContactId,
        _after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<CaseSummary>, Unavailable> {
        self.call(|state| {
            let mut cases: Vec<&Case> =
                state.cases.values().filter(|case| case.contact_id == contact).collect();
            cases.sort_by_key(|case| std::cmp::Reverse(case.opened_at));
            Page { items: cases.into_iter().take(limit).map(CaseSummary::from).collect(), next: None }
        })
    }

    async fn find_by_identifier(
        &self,
        _kind: IdentifierKind,
        _value: &str,
    ) -> Result<Vec<CaseSummary>, Unavailable> {
        panic!("no function of the pipeline looks for identifiers")
    }

    async fn search(&self, _words: &str, _limit: usize) -> Result<Vec<CaseSummary>, Unavailable> {
        panic!("no function of the pipeline searches")
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<CaseId>, Unavailable> {
        self.call(|state| {
            let mut due: Vec<(Timestamp, CaseId)> =
                state.cases.values().filter_map(|case| Some((case.next_deadline()?, case.id))).collect();
            due.retain(|(at, _)| *at <= now);
            due.sort_unstable();
            due.into_iter().take(limit).map(|(_, case)| case).collect()
        })
    }
}

impl BlobStore for World {
    async fn put(&self, bytes: Vec<u8>) -> Result<BlobId, Unavailable> {
        let id = blob_id(&bytes);
        self.call(|state| state.blobs.insert(id.clone(), bytes))?;
        Ok(id)
    }

    async fn get(&self, id: &BlobId) -> Result<Option<Vec<u8>>, Unavailable> {
        self.call(|state| state.blobs.get(id).cloned())
    }
}

impl QueueSender for World {
    async fn send(&self, messages: Vec<QueueMessage>) -> Result<(), Unavailable> {
        let copies = if matches!(self.delivery, Delivery::InOrder) { 1 } else { 2 };
        self.call(|state| {
            for _ in 0..copies {
                state.queued.extend(messages.iter().cloned());
            }
        })
    }
}

impl MailSender for World {
    async fn send(&self, mail: ReadyMail) -> Result<(), SendError> {
        self.call(|state| {
            if state.refused_domains.contains(&mail.to.domain()) {
                return Err(SendError::Refused { diagnosis: "5.1.1".to_owned() });
            }
            match state.mails.iter().find(|known| known.message_id == mail.message_id) {
                Some(known) => assert_eq!(known.bytes, mail.bytes, "a repeated mail is the same mail"),
                None => state.mails.push(mail),
            }
            Ok(())
        })?
    }
}
