//! What the desk keeps things in, in one: cases and people here, deliveries that failed there.

use jiff::Timestamp;
use lotse_domain::{
    Case, CaseId, CaseReference, CaseSummary, Commit, ContactId, Cursor, EventId, IdentifierKind, Page,
    RecordedEvent, UserId, WorklistEntry, WorklistQuery,
    ports::{
        CaseStore, CommitError, ParkedDeliveries, ParkedDelivery, Session, Unavailable, User, UserDirectory,
    },
};

/// A store of cases and people, beside the deliveries that were given up. Passes each call on.
#[derive(Clone, Debug)]
pub struct StoreWithParked<S, P> {
    /// Cases, people and sessions.
    pub store: S,
    /// Deliveries that were given up.
    pub parked: P,
}

impl<S: CaseStore, P: Send + Sync> CaseStore for StoreWithParked<S, P> {
    async fn load(&self, case: CaseId) -> Result<Option<Case>, Unavailable> {
        self.store.load(case).await
    }
    async fn commit(&self, commit: Commit) -> Result<(), CommitError> {
        self.store.commit(commit).await
    }
    async fn history(&self, case: CaseId) -> Result<Vec<RecordedEvent>, Unavailable> {
        self.store.history(case).await
    }
    async fn event(&self, id: EventId) -> Result<Option<RecordedEvent>, Unavailable> {
        self.store.event(id).await
    }
    async fn claimed_by(&self, key: &str, now: Timestamp) -> Result<Option<CaseId>, Unavailable> {
        self.store.claimed_by(key, now).await
    }
    async fn find_by_reference(&self, reference: CaseReference) -> Result<Option<CaseId>, Unavailable> {
        self.store.find_by_reference(reference).await
    }
    async fn worklist(&self, query: &WorklistQuery) -> Result<Page<WorklistEntry>, Unavailable> {
        self.store.worklist(query).await
    }
    async fn timeline(
        &self,
        contact: ContactId,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<CaseSummary>, Unavailable> {
        self.store.timeline(contact, after, limit).await
    }
    async fn find_by_identifier(
        &self,
        kind: IdentifierKind,
        value: &str,
    ) -> Result<Vec<CaseSummary>, Unavailable> {
        self.store.find_by_identifier(kind, value).await
    }
    async fn search(&self, words: &str, limit: usize) -> Result<Vec<CaseSummary>, Unavailable> {
        self.store.search(words, limit).await
    }
    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<CaseId>, Unavailable> {
        self.store.due(now, limit).await
    }
}

impl<S: UserDirectory, P: Send + Sync> UserDirectory for StoreWithParked<S, P> {
    async fn user(&self, id: &UserId) -> Result<Option<User>, Unavailable> {
        self.store.user(id).await
    }
    async fn users(&self) -> Result<Vec<User>, Unavailable> {
        self.store.users().await
    }
    async fn save_user(&self, user: User) -> Result<(), Unavailable> {
        self.store.save_user(user).await
    }
    async fn open_session(&self, session: Session) -> Result<(), Unavailable> {
        self.store.open_session(session).await
    }
    async fn session_user(&self, token_hash: &[u8; 32], now: Timestamp) -> Result<Option<User>, Unavailable> {
        self.store.session_user(token_hash, now).await
    }
    async fn end_session(&self, token_hash: &[u8; 32]) -> Result<(), Unavailable> {
        self.store.end_session(token_hash).await
    }
}

impl<S: Send + Sync, P: ParkedDeliveries> ParkedDeliveries for StoreWithParked<S, P> {
    async fn parked(&self, limit: usize) -> Result<Vec<ParkedDelivery>, Unavailable> {
        self.parked.parked(limit).await
    }
    async fn retry_parked(&self, id: &str) -> Result<bool, Unavailable> {
        self.parked.retry_parked(id).await
    }
}
