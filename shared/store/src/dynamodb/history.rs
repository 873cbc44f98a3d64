//! Histories: what a case is added up from.

use super::{
    DynamoStore,
    error::Fault,
    event_items::{joined, pieces_of},
    item::{Item, Key},
    keys::{case_partition, event_key, pieces_prefix},
    query::{Query, Range},
};
use crate::stream::{UnreadableItem, keys::EVENT_PREFIX, recorded_event};
use lotse_domain::{BrokenHistory, Case, CaseId, EventId, RecordedEvent};

/// An event item, read.
struct ReadEvent {
    /// The event; without its text where that stands in pieces.
    event: RecordedEvent,
    /// Into how many pieces the whole event was cut; 0 where this is all of it.
    pieces: usize,
}

impl ReadEvent {
    fn of(item: Item) -> Result<Self, UnreadableItem> {
        let pieces = pieces_of(&item)?;
        Ok(Self { event: recorded_event(&item.into())?, pieces })
    }
}

impl DynamoStore {
    /// A case, added up from its history.
    pub(super) async fn case(&self, id: CaseId) -> Result<Option<Case>, Fault> {
        let history: Vec<_> = self.events(id).await?.into_iter().map(|read| read.event).collect();
        let broken = |why: BrokenHistory| {
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
            Some(item) => Ok(Some(self.whole(ReadEvent::of(item)?).await?)),
            None => Ok(None),
        }
    }

    async fn events(&self, id: CaseId) -> Result<Vec<ReadEvent>, Fault> {
        let events = Query::of(case_partition(id), Range::BeginningWith(EVENT_PREFIX.to_owned()));
        let items = self.read(&events, usize::MAX).await?;
        Ok(items.into_iter().map(ReadEvent::of).collect::<Result<_, _>>()?)
    }

    /// The event with its text, which is read where it stands in pieces.
    async fn whole(&self, read: ReadEvent) -> Result<RecordedEvent, Fault> {
        if read.pieces == 0 {
            return Ok(read.event);
        }
        let id = read.event.id;
        let pieces = Query::of(case_partition(id.case), Range::BeginningWith(pieces_prefix(id.sequence)));
        Ok(joined(id, read.pieces, &self.read(&pieces, usize::MAX).await?)?)
    }
}
