//! One commit: what is written of it, and in which order it is checked.

use super::{
    columns::{from_text, nanoseconds, rows},
    error::Fault,
};
use crate::consistency::is_consistent;
use lotse_domain::{
    Case, CaseId, Claim, Commit, Event, RecordedEvent, WorkItem, WorkStatus, WorklistEntry,
    ports::CommitError,
};
use rusqlite::{Connection, OptionalExtension, params};

/// A commit with its texts made, so that the writer's thread only writes: the callers' threads are many.
pub(super) struct PreparedCommit {
    case: Case,
    expected_version: u32,
    snapshot: String,
    events: Vec<PreparedEvent>,
    worklist: Vec<PreparedEntry>,
    claims: Vec<Claim>,
}

struct PreparedEvent {
    recorded: String,
    sequence: u32,
    /// Subject and text, where the event brought a message.
    message: Option<(String, String)>,
}

struct PreparedEntry {
    entry: WorklistEntry,
    json: String,
}

impl PreparedCommit {
    pub(super) fn of(commit: Commit) -> Result<Self, Fault> {
        if !is_consistent(&commit) {
            return Err(Fault::BrokenCommit);
        }
        let Commit { expected_version, case, events, claims } = commit;
        let events = events.iter().map(PreparedEvent::of).collect::<Result<_, _>>()?;
        let worklist =
            case.worklist_entries().into_iter().map(PreparedEntry::of).collect::<Result<_, _>>()?;
        Ok(Self { snapshot: to_json(&case)?, case, expected_version, events, worklist, claims })
    }

    /// Writes the commit. Where it is refused, nothing was written.
    pub(super) fn write(&self, connection: &Connection) -> Result<Result<(), CommitError>, Fault> {
        if let Some(refusal) = self.taken_claim(connection)? {
            return Ok(Err(refusal));
        }
        let Some(number) = self.write_snapshot(connection)? else { return Ok(Err(CommitError::Conflict)) };
        self.write_claims(connection)?;
        self.write_events(connection, number)?;
        self.write_worklist(connection, number)?;
        self.write_identifiers(connection, number)?;
        Ok(Ok(()))
    }

    /// Looked at before the version: a repeat is told that it is one, though the case has moved on.
    fn taken_claim(&self, connection: &Connection) -> Result<Option<CommitError>, Fault> {
        // The commit's own time, not the clock's: what a replay or an import does may lie in the past.
        let now = nanoseconds(self.case.changed_at);
        for claim in &self.claims {
            if let Some(case) = holder(connection, &claim.key, now)? {
                return Ok(Some(CommitError::AlreadyDone { case, key: claim.key.clone() }));
            }
        }
        Ok(None)
    }

    /// The case's number; `None` where its version is not the expected one.
    fn write_snapshot(&self, connection: &Connection) -> Result<Option<i64>, Fault> {
        let case = &self.case;
        let case_id = case.id.to_string();
        let next_deadline = case.next_deadline().map(nanoseconds);
        let number = if self.expected_version == 0 {
            connection
                .prepare_cached(
                    "INSERT INTO cases
                         (case_id, version, reference, contact_id, opened_at, next_deadline, snapshot)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                     ON CONFLICT (case_id) DO NOTHING
                     RETURNING number",
                )?
                .query_row(
                    params![
                        case_id,
                        case.version,
                        case.reference.compact(),
                        case.contact_id.to_string(),
                        nanoseconds(case.opened_at),
                        next_deadline,
                        self.snapshot,
                    ],
                    |row| row.get(0),
                )
                .optional()?
        } else {
            connection
                .prepare_cached(
                    "UPDATE cases SET version = ?3, next_deadline = ?4, snapshot = ?5
                     WHERE case_id = ?1 AND version = ?2
                     RETURNING number",
                )?
                .query_row(
                    params![case_id, self.expected_version, case.version, next_deadline, self.snapshot],
                    |row| row.get(0),
                )
                .optional()?
        };
        Ok(number)
    }

    fn write_claims(&self, connection: &Connection) -> Result<(), Fault> {
        let case_id = self.case.id.to_string();
        // Replaces an expired one: a live one has been found before.
        let mut insert = connection
            .prepare_cached("INSERT OR REPLACE INTO claims (key, case_id, expires_at) VALUES (?1, ?2, ?3)")?;
        for claim in &self.claims {
            insert.execute(params![claim.key, case_id, claim.expires_at.map(nanoseconds)])?;
        }
        let expiring = self.claims.iter().filter(|claim| claim.expires_at.is_some()).count();
        if expiring > 0 {
            // More than come, so that the table does not grow for ever; few, so that no commit pays for many.
            let mut forget = connection.prepare_cached(
                "DELETE FROM claims WHERE key IN
                     (SELECT key FROM claims WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)",
            )?;
            forget.execute(params![nanoseconds(self.case.changed_at), rows(2 * expiring)])?;
        }
        Ok(())
    }

    fn write_events(&self, connection: &Connection, number: i64) -> Result<(), Fault> {
        let mut event = connection
            .prepare_cached("INSERT INTO events (case_number, sequence, recorded) VALUES (?1, ?2, ?3)")?;
        let mut undelivered =
            connection.prepare_cached("INSERT INTO undelivered_events (position) VALUES (?1)")?;
        let mut words = connection
            .prepare_cached("INSERT INTO message_words (rowid, subject, body) VALUES (?1, ?2, ?3)")?;
        for prepared in &self.events {
            event.execute(params![number, prepared.sequence, prepared.recorded])?;
            undelivered.execute([connection.last_insert_rowid()])?;
            if let Some((subject, body)) = &prepared.message {
                words.execute(params![number << 32 | i64::from(prepared.sequence), subject, body])?;
            }
        }
        Ok(())
    }

    fn write_worklist(&self, connection: &Connection, number: i64) -> Result<(), Fault> {
        connection.prepare_cached("DELETE FROM worklist WHERE case_number = ?1")?.execute([number])?;
        let case_id = self.case.id.to_string();
        let mut insert = connection.prepare_cached(
            "INSERT INTO worklist (case_number, item, case_id, desk, status, assignee, rank, entry)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        for PreparedEntry { entry, json } in &self.worklist {
            insert.execute(params![
                number,
                item_number(entry.item),
                case_id,
                entry.desk.as_str(),
                entry.status.name(),
                entry.assignee.as_ref().map(lotse_domain::UserId::as_str),
                rank(entry),
                json,
            ])?;
        }
        Ok(())
    }

    fn write_identifiers(&self, connection: &Connection, number: i64) -> Result<(), Fault> {
        let mut insert = connection.prepare_cached(
            "INSERT OR IGNORE INTO identifiers (kind, value, opened_at, case_number) VALUES (?1, ?2, ?3, ?4)",
        )?;
        let opened_at = nanoseconds(self.case.opened_at);
        for (kind, value) in &self.case.identifiers {
            insert.execute(params![kind.name(), value, opened_at, number])?;
        }
        Ok(())
    }
}

impl PreparedEvent {
    fn of(event: &RecordedEvent) -> Result<Self, Fault> {
        let message = match &event.event {
            Event::CaseOpened { message, .. } | Event::MessageReceived { message } => {
                let subject = message.subject.as_ref().map_or("", |subject| subject.as_str());
                Some((subject.to_owned(), message.body.as_str().to_owned()))
            }
            Event::MessageSent { message } => {
                Some((message.subject.as_str().to_owned(), message.text.as_str().to_owned()))
            }
            _ => None,
        };
        Ok(Self { recorded: to_json(event)?, sequence: event.id.sequence, message })
    }
}

impl PreparedEntry {
    fn of(entry: WorklistEntry) -> Result<Self, Fault> {
        Ok(Self { json: to_json(&entry)?, entry })
    }
}

fn to_json<T: serde::Serialize>(value: &T) -> Result<String, Fault> {
    // The domain's types have text keys only, so that this does not happen.
    serde_json::to_string(value).map_err(|_| Fault::BrokenCommit)
}

/// A number that orders a case's items as [`WorkItem`] does: requests before flags.
fn item_number(item: WorkItem) -> i64 {
    match item {
        WorkItem::Request { id, .. } => i64::from(id.0),
        WorkItem::Flag { number, .. } => (1 << 16) + i64::from(number.0),
    }
}

/// What a worklist is ordered by: ascending, also where the latest comes first.
fn rank(entry: &WorklistEntry) -> i64 {
    let due_at = nanoseconds(entry.due_at);
    if entry.status == WorkStatus::Done { due_at.saturating_neg() } else { due_at }
}

/// The case that holds a claim at `now`.
pub(super) fn holder(connection: &Connection, key: &str, now: i64) -> Result<Option<CaseId>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT case_id FROM claims WHERE key = ?1 AND (expires_at IS NULL OR expires_at > ?2)",
    )?;
    let case: Option<String> = statement.query_row(params![key, now], |row| row.get(0)).optional()?;
    case.map(|case| from_text("the case of a claim", &case)).transpose()
}
