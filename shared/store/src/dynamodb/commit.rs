//! One commit: what is written of it, and what becomes of it.

use super::{
    DynamoStore,
    claims::claim_item,
    error::Fault,
    event_items::{EventItems, MOST_PIECES},
    item::{Item, Key, text},
    keys::{by_time, case_partition, contact_partition, event_key, identifier_partition},
    lines::LineChanges,
    table::{INDEX_PARTITION_KEY, INDEX_SORT_KEY, WORDS},
    transaction::{MOST_WRITES, NotDone, Write},
    words::{hashes, message_of},
};
use crate::consistency::is_consistent;
use aws_sdk_dynamodb::{
    primitives::Blob,
    types::{AttributeValue, PutRequest, WriteRequest},
};
use lotse_domain::{Case, Commit, Event, RecordedEvent, ports::CommitError};
use std::collections::HashSet;

/// What one request writes without a transaction.
const MOST_HINTS: usize = 25;
const TOO_LARGE: Fault =
    Fault::BrokenCommit("the texts of a commit are larger than the table can hold at once, 3 MB when packed");

/// A commit with its events made into items, which is done once however often it is tried.
struct Prepared {
    commit: Commit,
    events: Vec<Write>,
    pieces: Vec<Write>,
}

impl Prepared {
    fn of(commit: Commit) -> Result<Self, Fault> {
        if !is_consistent(&commit) {
            return Err(Fault::BrokenCommit("the events of a commit do not lead to its case's version"));
        }
        let (mut events, mut pieces) = (Vec::new(), Vec::new());
        for event in &commit.events {
            let items = EventItems::of(event, listing(&commit.case, event)).map_err(|_| TOO_LARGE)?;
            events.push(Write::Event(items.event));
            pieces.extend(items.pieces.into_iter().map(Write::Put));
        }
        if pieces.len() > MOST_PIECES {
            return Err(TOO_LARGE);
        }
        Ok(Self { commit, events, pieces })
    }

    /// All that is written at once, and what does not fit and can wait: lines whose place stays the same.
    fn writes(&self, before: Option<&Case>) -> Result<(Vec<Write>, Vec<Write>), Fault> {
        let Commit { expected_version, case, claims, .. } = &self.commit;
        let LineChanges { removed, placed, refreshed } = LineChanges::between(before, case)?;
        let mut writes = self.events.clone();
        if writes.is_empty() {
            let next = event_key(expected_version.saturating_add(1));
            writes.push(Write::NoEvent(Key::new(case_partition(case.id), next)));
        }
        // A transaction writes an item once: a name that is given twice is one.
        let mut names = HashSet::new();
        writes.extend(claims.iter().filter(|claim| names.insert(&claim.key)).map(|claim| Write::Claim {
            name: claim.key.clone(),
            item: claim_item(claim, case.id),
            now: case.changed_at,
        }));
        writes.extend(self.pieces.iter().cloned());
        writes.extend(removed.into_iter().map(Write::Delete));
        writes.extend(placed.into_iter().map(Write::Put));
        if writes.len() > MOST_WRITES {
            return Err(Fault::BrokenCommit("a commit changes more than 100 items"));
        }
        let mut refreshed: Vec<Write> = refreshed.into_iter().map(Write::Put).collect();
        let later = refreshed.split_off(refreshed.len().min(MOST_WRITES - writes.len()));
        writes.append(&mut refreshed);
        Ok((writes, later))
    }
}

/// What the index knows of an event: an opening stands among its contact's cases; it and every other message
/// stand there with their words.
fn listing(case: &Case, recorded: &RecordedEvent) -> Item {
    let words = message_of(&recorded.event).and_then(hashes);
    let partition = match (&recorded.event, &words) {
        (Event::CaseOpened { contact_id, .. }, _) => contact_partition(*contact_id),
        (_, Some(_)) => case_partition(case.id),
        (_, None) => return Item::new(),
    };
    let mut listing = Item::from([
        (INDEX_PARTITION_KEY.to_owned(), text(partition)),
        (INDEX_SORT_KEY.to_owned(), text(by_time(recorded.at, case.id))),
    ]);
    listing.extend(words.map(|words| (WORDS.to_owned(), AttributeValue::B(Blob::new(words)))));
    listing
}

/// A name for a transaction that no other has.
fn new_token() -> String {
    format!("{:032x}", fastrand::u128(..))
}

impl DynamoStore {
    /// Carries a commit out, or says why not.
    pub(super) async fn carry_out(&self, commit: Commit) -> Result<(), CommitError> {
        let unavailable = |fault: Fault| fault.unavailable(&self.table);
        let prepared = Prepared::of(commit).map_err(unavailable)?;
        let mut token = new_token();
        let mut tries = self.patience.tries();
        loop {
            let refusal = match self.attempt(&prepared, &token).await {
                Ok(()) => return Ok(()),
                // Nobody else has the token: a try went through whose attributes stood in another order.
                Err(NotDone::KnownToken) => {
                    if self.has_committed(&prepared.commit).await.map_err(unavailable)? {
                        return Ok(());
                    }
                    token = new_token();
                    let fault = Fault::of_code("IdempotentParameterMismatchException");
                    tries.pause(fault).await.map_err(unavailable)?;
                    continue;
                }
                Err(NotDone::Fault(fault)) if fault.passes() => {
                    tries.pause(fault).await.map_err(unavailable)?;
                    continue;
                }
                Err(NotDone::Fault(fault)) => return Err(unavailable(fault).into()),
                Err(NotDone::Claimed { name, by }) => CommitError::AlreadyDone { case: by, key: name },
                Err(NotDone::Changed) => CommitError::Conflict,
            };
            // It may have been this very commit: its first try done, and the answer lost.
            if tries.are_repeats() && self.has_committed(&prepared.commit).await.map_err(unavailable)? {
                return Ok(());
            }
            return Err(refusal);
        }
    }

    async fn attempt(&self, prepared: &Prepared, token: &str) -> Result<(), NotDone> {
        let commit = &prepared.commit;
        let before = match commit.expected_version {
            0 => None,
            _ => self.case(commit.case.id).await?,
        };
        // Histories only grow: a version that was there cannot be missing when the next event is written.
        if before.as_ref().map_or(0, |case| case.version) != commit.expected_version {
            return Err(self.changed_or_claimed(commit).await?);
        }
        self.write_hints(before.as_ref(), &commit.case).await?;
        let (writes, later) = prepared.writes(before.as_ref())?;
        self.write(writes, token).await?;
        for write in later.chunks(MOST_WRITES) {
            self.write(write.to_vec(), &new_token()).await?;
        }
        Ok(())
    }

    /// The answer to a commit of a version that the case does not have.
    async fn changed_or_claimed(&self, commit: &Commit) -> Result<NotDone, Fault> {
        for claim in &commit.claims {
            if let Some(by) = self.holder_of(&claim.key, Some(commit.case.changed_at)).await? {
                return Ok(NotDone::Claimed { name: claim.key.clone(), by });
            }
        }
        Ok(NotDone::Changed)
    }

    /// True where the case's history holds the commit's events, as they are; of a commit without events, where
    /// the case holds its names.
    async fn has_committed(&self, commit: &Commit) -> Result<bool, Fault> {
        for event in &commit.events {
            if self.one_event(event.id).await?.as_ref() != Some(event) {
                return Ok(false);
            }
        }
        if commit.events.is_empty() {
            for claim in &commit.claims {
                if self.holder_of(&claim.key, None).await? != Some(commit.case.id) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Writes under which identifiers the case can be found from now on.
    ///
    /// Before the commit and beside its transaction, at half the price: whoever looks a case up by an identifier
    /// asks the case itself whether it names it, so that a hint to a commit that was never done misleads nobody.
    async fn write_hints(&self, before: Option<&Case>, after: &Case) -> Result<(), Fault> {
        let is_new = |named: &&(_, String)| before.is_none_or(|case| !case.identifiers.contains(*named));
        let hints = after.identifiers.iter().filter(is_new).filter_map(|(kind, value)| {
            let key = Key::new(identifier_partition(*kind, value)?, by_time(after.opened_at, after.id));
            Some(key.item())
        });
        let hints: Vec<Item> = hints.collect();
        for some in hints.chunks(MOST_HINTS) {
            self.put_all(some.to_vec()).await?;
        }
        Ok(())
    }

    /// Puts items, each for itself; those that DynamoDB leaves aside are sent again.
    async fn put_all(&self, items: Vec<Item>) -> Result<(), Fault> {
        let requests = items.into_iter().map(|item| {
            let put = PutRequest::builder().set_item(Some(item)).build()?;
            Ok(WriteRequest::builder().put_request(put).build())
        });
        let mut left: Vec<WriteRequest> = requests.collect::<Result<_, Fault>>()?;
        let mut tries = self.patience.tries();
        loop {
            let request = self.client.batch_write_item().request_items(&*self.table, left.clone());
            let fault = match request.send().await {
                Ok(answer) => {
                    left = answer
                        .unprocessed_items
                        .and_then(|mut items| items.remove(&*self.table))
                        .unwrap_or_default();
                    if left.is_empty() {
                        return Ok(());
                    }
                    Fault::of_code("ThrottlingException")
                }
                Err(error) => Fault::from(error),
            };
            if !fault.passes() {
                return Err(fault);
            }
            tries.pause(fault).await?;
        }
    }
}
