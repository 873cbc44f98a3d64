//! Finding cases: by contact, and by what they name.

use super::{
    DynamoStore,
    error::Fault,
    item::{Item, Read, text},
    keys::{by_time, case_by_time, case_partition, contact_partition, event_key, identifier_partition},
    query::{Query, Range},
    table::{INDEX_PARTITION_KEY, INDEX_SORT_KEY, PARTITION_KEY, SORT_KEY},
    worklists::LONGEST_PAGE,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use lotse_domain::{Case, CaseId, CaseSummary, ContactId, Cursor, IdentifierKind, Page};

/// More cases than a person reads when looking for one.
const MOST_WITH_IDENTIFIER: usize = 50;
/// Cases that are read side by side.
const SIDE_BY_SIDE: usize = 16;

impl DynamoStore {
    /// A page of a contact's cases.
    pub(super) async fn contact_page(
        &self,
        contact: ContactId,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<CaseSummary>, Fault> {
        let limit = limit.clamp(1, LONGEST_PAGE);
        let openings = Query {
            backwards: true,
            after: after.and_then(|cursor| opening(contact, cursor)),
            ..Query::of(contact_partition(contact), Range::OfIndex)
        };
        let mut found = self.read(&openings, limit + 1).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let found = found.iter().map(|item| place(item, INDEX_SORT_KEY)).collect::<Result<Vec<_>, _>>()?;
        let next = found.last().filter(|_| more).map(|(at, case)| Cursor(format!("{at}_{case}")));
        let cases = self.cases(found.into_iter().map(|(_, case)| case).collect()).await?;
        Ok(Page { items: cases.iter().map(CaseSummary::from).collect(), next })
    }

    /// The cases that name an identifier.
    pub(super) async fn cases_naming(
        &self,
        kind: IdentifierKind,
        value: &str,
    ) -> Result<Vec<CaseSummary>, Fault> {
        let Some(partition) = identifier_partition(kind, value) else { return Ok(Vec::new()) };
        let hints = Query { backwards: true, ..Query::of(partition, Range::All) };
        let hints = self.read(&hints, 2 * MOST_WITH_IDENTIFIER).await?;
        let ids = hints.iter().map(|hint| Ok(place(hint, SORT_KEY)?.1)).collect::<Result<_, Fault>>()?;
        let named = (kind, value.to_owned());
        let cases = self.cases(ids).await?;
        let naming = cases.iter().filter(|case| case.identifiers.contains(&named));
        Ok(naming.map(CaseSummary::from).take(MOST_WITH_IDENTIFIER).collect())
    }

    /// The cases of these ids, in that order; those that are not there are left out.
    pub(super) async fn cases(&self, ids: Vec<CaseId>) -> Result<Vec<Case>, Fault> {
        let cases = stream::iter(ids).map(|id| self.case(id)).buffered(SIDE_BY_SIDE);
        cases.try_filter_map(|case| async { Ok(case) }).try_collect().await
    }
}

/// Time and case in such a key.
fn place(item: &Item, key: &'static str) -> Result<(Timestamp, CaseId), Fault> {
    case_by_time(Read(item).text(key)?).ok_or_else(|| Read(item).damaged(key).into())
}

/// The keys of the opening that a cursor names; `None` where this store did not make it.
fn opening(contact: ContactId, cursor: &Cursor) -> Option<Item> {
    let (opened_at, case) = cursor.0.split_once('_')?;
    let (opened_at, case) = (opened_at.parse().ok()?, case.parse().ok()?);
    let keys = [
        (PARTITION_KEY, case_partition(case)),
        (SORT_KEY, event_key(1)),
        (INDEX_PARTITION_KEY, contact_partition(contact)),
        (INDEX_SORT_KEY, by_time(opened_at, case)),
    ];
    Some(keys.map(|(name, value)| (name.to_owned(), text(value))).into())
}
