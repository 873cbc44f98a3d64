//! Cases, their histories, and the lists of them.

use super::{
    SqliteStore, Subject,
    columns::{from_json, from_text, nanoseconds, rows},
    commit::{PreparedCommit, holder},
    error::Fault,
    search,
};
use jiff::Timestamp;
use lotse_domain::{
    Case, CaseId, CaseReference, CaseSummary, Commit, ContactId, Cursor, EventId, IdentifierKind, Page,
    RecordedEvent, WorklistEntry, WorklistQuery,
    ports::{CaseStore, CommitError, Unavailable},
};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// More lines than a person reads on one page.
const LONGEST_PAGE: usize = 200;
/// More cases than a person reads when looking for one.
const MOST_WITH_IDENTIFIER: usize = 50;

impl CaseStore for SqliteStore {
    async fn load(&self, case: CaseId) -> Result<Option<Case>, Unavailable> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached("SELECT snapshot FROM cases WHERE case_id = ?1")?;
            let snapshot: Option<String> =
                statement.query_row([case.to_string()], |row| row.get(0)).optional()?;
            snapshot.map(|snapshot| read_snapshot(&snapshot)).transpose()
        })
        .await
    }

    async fn commit(&self, commit: Commit) -> Result<(), CommitError> {
        let prepared = PreparedCommit::of(commit).map_err(|fault| fault.unavailable(self.path()))?;
        self.write(vec![Subject::Events], move |connection| prepared.write(connection)).await?
    }

    async fn history(&self, case: CaseId) -> Result<Vec<RecordedEvent>, Unavailable> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT recorded FROM events
                 WHERE case_number = (SELECT number FROM cases WHERE case_id = ?1)
                 ORDER BY sequence",
            )?;
            let events = statement.query_and_then([case.to_string()], read_event)?;
            events.collect()
        })
        .await
    }

    async fn event(&self, id: EventId) -> Result<Option<RecordedEvent>, Unavailable> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT recorded FROM events
                 WHERE case_number = (SELECT number FROM cases WHERE case_id = ?1) AND sequence = ?2",
            )?;
            let mut events =
                statement.query_and_then(params![id.case.to_string(), id.sequence], read_event)?;
            events.next().transpose()
        })
        .await
    }

    async fn claimed_by(&self, key: &str, now: Timestamp) -> Result<Option<CaseId>, Unavailable> {
        let key = key.to_owned();
        self.read(move |connection| holder(connection, &key, nanoseconds(now))).await
    }

    async fn find_by_reference(&self, reference: CaseReference) -> Result<Option<CaseId>, Unavailable> {
        self.read(move |connection| {
            let mut statement =
                connection.prepare_cached("SELECT case_id FROM cases WHERE reference = ?1")?;
            let case: Option<String> =
                statement.query_row([reference.compact()], |row| row.get(0)).optional()?;
            case.map(|case| from_text("a case's id", &case)).transpose()
        })
        .await
    }

    async fn worklist(&self, query: &WorklistQuery) -> Result<Page<WorklistEntry>, Unavailable> {
        let query = query.clone();
        self.read(move |connection| worklist(connection, &query)).await
    }

    async fn timeline(
        &self,
        contact: ContactId,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<CaseSummary>, Unavailable> {
        let after = after.cloned();
        self.read(move |connection| timeline(connection, contact, after.as_ref(), limit)).await
    }

    async fn find_by_identifier(
        &self,
        kind: IdentifierKind,
        value: &str,
    ) -> Result<Vec<CaseSummary>, Unavailable> {
        let value = value.to_owned();
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT snapshot FROM identifiers JOIN cases ON cases.number = case_number
                 WHERE kind = ?1 AND value = ?2
                 ORDER BY identifiers.opened_at DESC, case_number DESC
                 LIMIT ?3",
            )?;
            let found = statement
                .query_and_then(params![kind.name(), value, rows(MOST_WITH_IDENTIFIER)], read_summary)?;
            found.collect()
        })
        .await
    }

    async fn search(&self, words: &str, limit: usize) -> Result<Vec<CaseSummary>, Unavailable> {
        let terms = search::terms(words);
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        let limit = limit.min(LONGEST_PAGE);
        self.read(move |connection| search::find(connection, &terms, limit)).await
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<CaseId>, Unavailable> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT case_id FROM cases WHERE next_deadline <= ?1
                 ORDER BY next_deadline, case_id
                 LIMIT ?2",
            )?;
            let due = statement.query_and_then(params![nanoseconds(now), rows(limit)], |row| {
                from_text("a case's id", row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)
            })?;
            due.collect()
        })
        .await
    }
}

impl SqliteStore {
    /// All cases, by id, those after `after`: for whoever looks at every one of them.
    pub async fn case_ids(&self, after: Option<CaseId>, limit: usize) -> Result<Vec<CaseId>, Unavailable> {
        let after = after.map(|case| case.to_string()).unwrap_or_default();
        self.read(move |connection| {
            let mut statement = connection
                .prepare_cached("SELECT case_id FROM cases WHERE case_id > ?1 ORDER BY case_id LIMIT ?2")?;
            let cases = statement.query_and_then(params![after, rows(limit)], |row| {
                from_text("a case's id", row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)
            })?;
            cases.collect()
        })
        .await
    }
}

fn read_snapshot(json: &str) -> Result<Case, Fault> {
    from_json("a case's snapshot", json)
}

/// The event in a row's first column.
pub(super) fn read_event(row: &Row<'_>) -> Result<RecordedEvent, Fault> {
    from_json("an event", row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)
}

/// The summary of the snapshot in a row's first column.
pub(super) fn read_summary(row: &Row<'_>) -> Result<CaseSummary, Fault> {
    let case = read_snapshot(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?;
    Ok(CaseSummary::from(&case))
}

fn worklist(connection: &Connection, query: &WorklistQuery) -> Result<Page<WorklistEntry>, Fault> {
    let (rank, case, item) =
        query.after.as_ref().and_then(worklist_place).unwrap_or((i64::MIN, String::new(), 0));
    let limit = query.limit.clamp(1, LONGEST_PAGE);
    let (desk, status) = (query.desk.as_str(), query.status.name());
    let mut statement;
    // Two texts, so that each walks along the index of its own.
    let mut rows_found = match &query.assignee {
        None => {
            statement = connection.prepare_cached(
                "SELECT entry, rank, case_id, item FROM worklist
                 WHERE desk = ?1 AND status = ?2 AND (rank, case_id, item) > (?3, ?4, ?5)
                 ORDER BY rank, case_id, item LIMIT ?6",
            )?;
            statement.query(params![desk, status, rank, case, item, rows(limit + 1)])?
        }
        Some(assignee) => {
            statement = connection.prepare_cached(
                "SELECT entry, rank, case_id, item FROM worklist
                 WHERE desk = ?1 AND status = ?2 AND (rank, case_id, item) > (?3, ?4, ?5) AND assignee = ?7
                 ORDER BY rank, case_id, item LIMIT ?6",
            )?;
            statement.query(params![desk, status, rank, case, item, rows(limit + 1), assignee.as_str()])?
        }
    };
    let mut found = Vec::new();
    while let Some(row) = rows_found.next()? {
        let entry =
            from_json("a line of a worklist", row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?;
        let (rank, case, item): (i64, String, i64) = (row.get(1)?, row.get(2)?, row.get(3)?);
        found.push((entry, Cursor(format!("{rank}_{case}_{item}"))));
    }
    Ok(page(found, limit))
}

/// The place that a worklist's cursor names; `None` where this store did not make it.
fn worklist_place(cursor: &Cursor) -> Option<(i64, String, i64)> {
    let mut parts = cursor.0.split('_');
    let (rank, case, item) = (parts.next()?, parts.next()?, parts.next()?);
    let place = (rank.parse().ok()?, case.parse::<CaseId>().ok()?.to_string(), item.parse().ok()?);
    parts.next().is_none().then_some(place)
}

fn timeline(
    connection: &Connection,
    contact: ContactId,
    after: Option<&Cursor>,
    limit: usize,
) -> Result<Page<CaseSummary>, Fault> {
    // Beyond the last letter of any id, so that the first page starts before everything.
    let (opened_at, case) = after.and_then(timeline_place).unwrap_or((i64::MAX, "~".to_owned()));
    let limit = limit.clamp(1, LONGEST_PAGE);
    let mut statement = connection.prepare_cached(
        "SELECT snapshot, opened_at, case_id FROM cases
         WHERE contact_id = ?1 AND (opened_at, case_id) < (?2, ?3)
         ORDER BY opened_at DESC, case_id DESC LIMIT ?4",
    )?;
    let found = statement.query_and_then(
        params![contact.to_string(), opened_at, case, rows(limit + 1)],
        |row| -> Result<_, Fault> {
            let (opened_at, case): (i64, String) = (row.get(1)?, row.get(2)?);
            Ok((read_summary(row)?, Cursor(format!("{opened_at}_{case}"))))
        },
    )?;
    Ok(page(found.collect::<Result<_, _>>()?, limit))
}

/// The place that a timeline's cursor names; `None` where this store did not make it.
fn timeline_place(cursor: &Cursor) -> Option<(i64, String)> {
    let (opened_at, case) = cursor.0.split_once('_')?;
    Some((opened_at.parse().ok()?, case.parse::<CaseId>().ok()?.to_string()))
}

/// A page of lines that were read with one more than it holds, each with the cursor of its place.
pub(super) fn page<T>(mut found: Vec<(T, Cursor)>, limit: usize) -> Page<T> {
    let more = found.len() > limit;
    found.truncate(limit);
    let next = if more { found.last().map(|(_, cursor)| cursor.clone()) } else { None };
    Page { items: found.into_iter().map(|(item, _)| item).collect(), next }
}
