//! The lines that a case has on worklists, and what a commit changes of them.
//!
//! Lines stand beside the histories, in partitions of their own that are sorted as desks read them. So a desk's
//! page is one query that sees every commit that was answered.

use super::{
    error::Fault,
    item::{Item, Key, text},
    keys::{Place, lines_partition},
};
use aws_sdk_dynamodb::types::AttributeValue;
use lotse_domain::{Case, WorkItem, WorkStatus, WorklistEntry};
use std::collections::BTreeMap;

/// The attribute that holds the line as JSON.
pub(super) const ENTRY: &str = "entry";
/// The attribute that names who works on it.
pub(super) const ASSIGNEE: &str = "assignee";
/// The attribute of those lines whose due time the deadlines function waits for.
pub(super) const AWAITED: &str = "awaited";

/// What a commit changes of a case's lines.
#[derive(Debug, Default, PartialEq)]
pub(super) struct LineChanges {
    /// Lines that stand elsewhere now.
    pub(super) removed: Vec<Key>,
    /// Lines in a new place.
    pub(super) placed: Vec<Item>,
    /// Lines that say something new in their place.
    pub(super) refreshed: Vec<Item>,
}

impl LineChanges {
    /// What is to be written so that the lists show the case as it is `after`, and no more than that.
    pub(super) fn between(before: Option<&Case>, after: &Case) -> Result<Self, Fault> {
        let mut old = before.map(lines).transpose()?.unwrap_or_default();
        let mut changes = Self::default();
        for (key, line) in lines(after)? {
            match old.remove(&key) {
                None => changes.placed.push(line),
                Some(same) if same == line => {}
                Some(_) => changes.refreshed.push(line),
            }
        }
        changes.removed = old.into_keys().collect();
        Ok(changes)
    }
}

/// A case's lines, by where they stand.
fn lines(case: &Case) -> Result<BTreeMap<Key, Item>, Fault> {
    case.worklist_entries().into_iter().map(|entry| line(case, &entry)).collect()
}

fn line(case: &Case, entry: &WorklistEntry) -> Result<(Key, Item), Fault> {
    let place = Place { due_at: entry.due_at, case: entry.case, item: entry.item.into() };
    let key = Key::new(lines_partition(entry.status), place.sort_key(&entry.desk));
    // The domain's types have text keys only, so that this does not happen.
    let json = serde_json::to_string(entry)
        .map_err(|_| Fault::BrokenCommit("a line of a worklist cannot be written as JSON"))?;
    let mut item = key.with([(ENTRY, text(json))]);
    if let Some(assignee) = &entry.assignee {
        item.insert(ASSIGNEE.to_owned(), text(assignee.as_str()));
    }
    if is_awaited(case, entry) {
        item.insert(AWAITED.to_owned(), AttributeValue::Bool(true));
    }
    Ok((key, item))
}

/// True where the line's due time is one that [`Case::next_deadline`] looks at: the earliest of them is the
/// case's.
fn is_awaited(case: &Case, entry: &WorklistEntry) -> bool {
    match (entry.status, entry.item) {
        (WorkStatus::Done, _) => false,
        (WorkStatus::Waiting, _) => true,
        (WorkStatus::Open, WorkItem::Flag { .. }) => !entry.overdue,
        (WorkStatus::Open, WorkItem::Request { id, .. }) => {
            !entry.overdue && case.request(id).is_some_and(|request| request.clock.due_at.is_some())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::sample::{
        arrive, at_desk, classify, decision, decision_to_ask, execute, minute, opened, safety, specialist,
        system,
    };
    use lotse_domain::{Change, Command, RequestId, SafetyKind, Topic};

    fn earliest_awaited(case: &Case) -> Option<String> {
        let lines = lines(case).expect("lines");
        let awaited = lines.into_iter().filter(|(_, line)| line.contains_key(AWAITED));
        // Desk and case are the same for all: keys differ by due time.
        awaited.filter_map(|(key, _)| key.sort.split('#').nth(1).map(str::to_owned)).min()
    }

    #[test]
    fn the_earliest_awaited_line_is_the_cases_next_deadline() {
        let overdue = |mut change: Change| {
            execute(&mut change, 5_000, &system(), Command::MarkOverdue);
            change
        };
        let mut asked = opened(1);
        classify(&mut asked, 1, decision_to_ask());
        let mut flagged = opened(1);
        let mut found = decision(&[Topic::MedicalQuestion, Topic::ShippingStatus]);
        found.safety = vec![safety(SafetyKind::AdverseEvent)];
        classify(&mut flagged, 1, found);
        let mut under_way = flagged.clone();
        arrive(&mut under_way, 2, 2, 90);
        let mut closed = at_desk(1, 60);
        let close = Command::Close { request: RequestId(1), reason: "erledigt".into(), spent_minutes: 1 };
        execute(&mut closed, 3, &specialist("mia"), close);
        let changes = [
            opened(1),
            at_desk(1, 60),
            overdue(at_desk(1, 60)),
            closed,
            asked.clone(),
            overdue(asked),
            flagged.clone(),
            overdue(flagged),
            under_way.clone(),
            overdue(under_way),
        ];
        for change in changes {
            let case = change.case();
            let expected = case.next_deadline().map(super::super::keys::sortable);
            assert_eq!(earliest_awaited(case), expected, "{:?}", case.requests);
        }
        assert_eq!(at_desk(1, 60).case().next_deadline(), Some(minute(60)), "something was compared");
    }

    #[test]
    fn what_stays_as_it_is_is_not_written() {
        let (before, mut change) = (at_desk(1, 60), at_desk(1, 60));
        let same = LineChanges::between(Some(before.case()), change.case()).expect("lines");
        assert_eq!(same, LineChanges::default());
        execute(&mut change, 3, &specialist("mia"), Command::Claim { request: RequestId(1) });
        let claimed = LineChanges::between(Some(before.case()), change.case()).expect("lines");
        assert_eq!((claimed.removed.len(), claimed.placed.len(), claimed.refreshed.len()), (0, 0, 1));
        let close = Command::Close { request: RequestId(1), reason: "erledigt".into(), spent_minutes: 1 };
        execute(&mut change, 4, &specialist("mia"), close);
        let closed = LineChanges::between(Some(before.case()), change.case()).expect("lines");
        assert_eq!((closed.removed.len(), closed.placed.len(), closed.refreshed.len()), (1, 1, 0));
    }
}
