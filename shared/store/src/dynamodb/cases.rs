//! The store of cases, as the domain asks for it.

use super::{DynamoStore, error::Fault, words::Terms};
use jiff::Timestamp;
use lotse_domain::{
    Case, CaseId, CaseReference, CaseSummary, Claim, Commit, ContactId, Cursor, EventId, IdentifierKind,
    Page, RecordedEvent, WorklistEntry, WorklistQuery,
    ports::{CaseStore, CommitError, Unavailable},
};

impl DynamoStore {
    /// The fault as the ports tell it, with the table's name.
    pub(super) fn unavailable(&self, fault: Fault) -> Unavailable {
        fault.unavailable(&self.table)
    }
}

impl CaseStore for DynamoStore {
    async fn load(&self, case: CaseId) -> Result<Option<Case>, Unavailable> {
        self.case(case).await.map_err(|fault| self.unavailable(fault))
    }

    async fn commit(&self, commit: Commit) -> Result<(), CommitError> {
        self.carry_out(commit).await
    }

    async fn history(&self, case: CaseId) -> Result<Vec<RecordedEvent>, Unavailable> {
        self.whole_history(case).await.map_err(|fault| self.unavailable(fault))
    }

    async fn event(&self, id: EventId) -> Result<Option<RecordedEvent>, Unavailable> {
        self.one_event(id).await.map_err(|fault| self.unavailable(fault))
    }

    async fn claimed_by(&self, key: &str, now: Timestamp) -> Result<Option<CaseId>, Unavailable> {
        self.holder_of(key, Some(now)).await.map_err(|fault| self.unavailable(fault))
    }

    /// Every case claims its reference when it opens, for good: the claim leads to it.
    async fn find_by_reference(&self, reference: CaseReference) -> Result<Option<CaseId>, Unavailable> {
        let name = Claim::reference(reference).key;
        self.holder_of(&name, None).await.map_err(|fault| self.unavailable(fault))
    }

    async fn worklist(&self, query: &WorklistQuery) -> Result<Page<WorklistEntry>, Unavailable> {
        self.desk_page(query).await.map_err(|fault| self.unavailable(fault))
    }

    async fn timeline(
        &self,
        contact: ContactId,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<CaseSummary>, Unavailable> {
        self.contact_page(contact, after, limit).await.map_err(|fault| self.unavailable(fault))
    }

    async fn find_by_identifier(
        &self,
        kind: IdentifierKind,
        value: &str,
    ) -> Result<Vec<CaseSummary>, Unavailable> {
        self.cases_naming(kind, value).await.map_err(|fault| self.unavailable(fault))
    }

    async fn search(&self, words: &str, limit: usize) -> Result<Vec<CaseSummary>, Unavailable> {
        self.cases_with(&Terms::of(words), limit).await.map_err(|fault| self.unavailable(fault))
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<CaseId>, Unavailable> {
        self.due_cases(now, limit).await.map_err(|fault| self.unavailable(fault))
    }
}
