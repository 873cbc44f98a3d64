//! Histories: what a case is added up from.

use super::{
    DynamoStore,
    error::Fault,
    item::{Item, Key},
    query::{Query, Range},
};
use crate::stream::{
    ReadEvent, UnreadableItem,
    keys::{EVENT_PREFIX, case_partition, event_key, pieces_prefix},
};
use lotse_domain::{Case, CaseId, EventId, RecordedEvent};
use std::collections::HashMap;

/// The item in the form in which [`crate::stream`] reads it.
fn read(item: Item) -> Result<ReadEvent, UnreadableItem> {
    ReadEvent::of(serde_dynamo::Item::from(item).inner())
}

impl DynamoStore {
    /// A case, added up from its history.
    pub(super) async fn case(&self, id: CaseId) -> Result<Option<Case>, Fault> {
        let history: Vec<_> = self.events(id).await?.into_iter().map(|read| read.event).collect();
        let broken = |why: lotse_domain::BrokenHistory| {
            UnreadableItem::damaged(&case_partition(id), format!("its history is broken: {why}"))
        };
        Ok(Case::replay(&history).map_err(broken)?)
    }

    /// A case's events, whole.
    pub(super) async fn whole_history(&self, id: CaseId) -> Result<Vec<RecordedEvent>, Fault> {
        let mut history = Vec::new();
        for event in self.events(id).await? {
            history.push(self.whole(event).await?);
        }
        Ok(history)
    }

    /// One event, whole.
    pub(super) async fn one_event(&self, id: EventId) -> Result<Option<RecordedEvent>, Fault> {
        match self.get(&Key::new(case_partition(id.case), event_key(id.sequence))).await? {
            Some(item) => Ok(Some(self.whole(read(item)?).await?)),
            None => Ok(None),
        }
    }

    async fn events(&self, id: CaseId) -> Result<Vec<ReadEvent>, Fault> {
        let events = Query::of(case_partition(id), Range::BeginningWith(EVENT_PREFIX.to_owned()));
        let items = self.read(&events, usize::MAX).await?;
        Ok(items.into_iter().map(read).collect::<Result<_, _>>()?)
    }

    /// The event with its text, which is read where it stands in pieces.
    async fn whole(&self, read: ReadEvent) -> Result<RecordedEvent, Fault> {
        if read.pieces == 0 {
            return Ok(read.event);
        }
        let EventId { case, sequence } = read.event.id;
        let pieces = Query::of(case_partition(case), Range::BeginningWith(pieces_prefix(sequence)));
        let items = self.read(&pieces, usize::MAX).await?;
        let pieces: Vec<HashMap<_, _>> =
            items.into_iter().map(|item| serde_dynamo::Item::from(item).into_inner()).collect();
        Ok(read.joined(&pieces)?)
    }
}
