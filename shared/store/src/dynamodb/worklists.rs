//! Reading what is to be done: by desk, and by deadline.

use super::{
    DynamoStore,
    error::Fault,
    item::{Item, Read, text},
    keys::{Place, after_desk, desk_prefix, lines_partition, sortable},
    lines::{ASSIGNEE, AWAITED, ENTRY},
    query::{Query, Range},
    table::{PARTITION_KEY, SORT_KEY},
};
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use lotse_domain::{CaseId, Cursor, Page, WorkStatus, WorklistEntry, WorklistQuery};
use std::collections::HashSet;

/// More lines than a person reads on one page.
pub(super) const LONGEST_PAGE: usize = 200;

impl DynamoStore {
    /// A page of a desk's lines.
    pub(super) async fn desk_page(&self, query: &WorklistQuery) -> Result<Page<WorklistEntry>, Fault> {
        let limit = query.limit.clamp(1, LONGEST_PAGE);
        let partition = lines_partition(query.status);
        let after = query.after.as_ref().and_then(|cursor| Place::read(&cursor.0, '_'));
        let after = after.map(|place| {
            let keys = [(PARTITION_KEY, partition.clone()), (SORT_KEY, place.sort_key(&query.desk))];
            keys.map(|(name, value)| (name.to_owned(), text(value))).into()
        });
        let lines = Query {
            backwards: query.status == WorkStatus::Done,
            after,
            filter: query.assignee.as_ref().map(|assignee| (ASSIGNEE, text(assignee.as_str()))),
            ..Query::of(partition, Range::BeginningWith(desk_prefix(query.desk.as_str())))
        };
        let mut found = self.read(&lines, limit + 1).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = match found.last().filter(|_| more) {
            Some(last) => Some(Cursor(place(last)?.cursor())),
            None => None,
        };
        let items = found.iter().map(|line| Read(line).json(ENTRY)).collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }

    /// The cases whose deadline has come, the earliest first.
    pub(super) async fn due_cases(&self, now: Timestamp, limit: usize) -> Result<Vec<CaseId>, Fault> {
        let mut due = Vec::new();
        for status in [WorkStatus::Open, WorkStatus::Waiting] {
            let mut desk = self.desk_after(status, None).await?;
            while let Some(name) = desk {
                let beginning = desk_prefix(&name);
                // `~` follows the `#` after the time: what is due at this very moment is due.
                let until = format!("{beginning}{}~", sortable(now));
                let lines = Query {
                    filter: Some((AWAITED, AttributeValue::Bool(true))),
                    ..Query::of(lines_partition(status), Range::Between(beginning, until))
                };
                for line in self.read(&lines, limit).await? {
                    let Place { due_at, case, .. } = place(&line)?;
                    due.push((due_at, case));
                }
                desk = self.desk_after(status, Some(&name)).await?;
            }
        }
        due.sort_unstable();
        let mut seen = HashSet::new();
        due.retain(|(_, case)| seen.insert(*case));
        Ok(due.into_iter().map(|(_, case)| case).take(limit).collect())
    }

    /// The first desk with lines of that status, in the order of names, after another one: which desks there
    /// are is the policy's, not the store's.
    async fn desk_after(&self, status: WorkStatus, desk: Option<&str>) -> Result<Option<String>, Fault> {
        let range = desk.map_or(Range::All, |desk| Range::After(after_desk(desk)));
        let first = self.read(&Query::of(lines_partition(status), range), 1).await?;
        let Some(line) = first.first() else { return Ok(None) };
        let (desk, _) = parts(line)?;
        Ok(Some(desk.to_owned()))
    }
}

/// Desk and place of a line, from its key.
fn parts(line: &Item) -> Result<(&str, &str), Fault> {
    let key = Read(line).text(SORT_KEY)?;
    key.split_once('#').ok_or_else(|| Read(line).damaged(SORT_KEY).into())
}

fn place(line: &Item) -> Result<Place, Fault> {
    let (_, rest) = parts(line)?;
    Place::read(rest, '#').ok_or_else(|| Read(line).damaged(SORT_KEY).into())
}
