//! Mail on its way out: taken over for good, then brought to the relay by whoever runs the process.

use super::{
    SqliteStore, Subject,
    cases::page,
    columns::{from_text, nanoseconds, rows, time},
    error::{Fault, UnreadableText},
};
use jiff::Timestamp;
use lotse_domain::{
    Cursor, Page,
    ports::{MailSender, ReadyMail, SendError, Unavailable},
};
use rusqlite::{Row, params};

/// More mails than a page shows.
const LONGEST_PAGE: usize = 200;

/// A mail that is due at the relay.
#[derive(Debug)]
pub struct OutgoingMail {
    /// The mail.
    pub mail: ReadyMail,
    /// How often it was tried without success.
    pub attempts: u32,
}

/// A mail that was handed over, and what became of it.
#[derive(Debug)]
pub struct KeptMail {
    /// The mail.
    pub mail: ReadyMail,
    /// What became of it.
    pub state: MailState,
}

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailState {
    /// It has not gone out yet.
    Waiting {
        /// How often it was tried without success.
        attempts: u32,
        /// Why the last attempt failed.
        last_failure: Option<String>,
    },
    /// The relay has it.
    Sent {
        /// Since when.
        at: Timestamp,
    },
    /// The relay does not want it, for good.
    Refused {
        /// Status code (RFC 3463) or the server's words.
        diagnosis: String,
    },
}

impl MailSender for SqliteStore {
    /// Keeps the mail for [`outgoing`](SqliteStore::outgoing). One whose Message-ID is known changes nothing.
    async fn send(&self, mail: ReadyMail) -> Result<(), SendError> {
        self.write(vec![Subject::Mails], move |connection| {
            let mut statement = connection.prepare_cached(
                "INSERT INTO mails (message_id, sender, recipient, bytes) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (message_id) DO NOTHING",
            )?;
            statement.execute(params![mail.message_id, mail.from.as_str(), mail.to.as_str(), mail.bytes])?;
            Ok(())
        })
        .await?;
        Ok(())
    }
}

impl SqliteStore {
    /// Up to `limit` mails whose next attempt is due at `now`, those due longest first. They stay due until
    /// the caller tells what became of them: one caller at a time.
    pub async fn outgoing(&self, now: Timestamp, limit: usize) -> Result<Vec<OutgoingMail>, Unavailable> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT message_id, sender, recipient, bytes, attempts FROM mails
                 WHERE state = 'waiting' AND next_attempt_at <= ?1
                 ORDER BY next_attempt_at, number LIMIT ?2",
            )?;
            let due = statement.query_and_then(params![nanoseconds(now), rows(limit)], |row| {
                Ok(OutgoingMail { mail: read_mail(row)?, attempts: row.get(4)? })
            })?;
            due.collect()
        })
        .await
    }

    /// When the next attempt of a waiting mail is due; `None` where none waits. May lie in the past.
    pub async fn next_mail_due(&self) -> Result<Option<Timestamp>, Unavailable> {
        self.read(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT min(next_attempt_at) FROM mails WHERE state = 'waiting'")?;
            let due: Option<i64> = statement.query_row([], |row| row.get(0))?;
            Ok(due.map(time))
        })
        .await
    }

    /// The relay has taken the mail.
    pub async fn mark_sent(&self, message_id: &str, at: Timestamp) -> Result<(), Unavailable> {
        let message_id = message_id.to_owned();
        self.write(Vec::new(), move |connection| {
            let mut statement = connection.prepare_cached(
                "UPDATE mails SET state = 'sent', sent_at = ?2, diagnosis = NULL
                 WHERE message_id = ?1 AND state = 'waiting'",
            )?;
            statement.execute(params![message_id, nanoseconds(at)])?;
            Ok(())
        })
        .await
    }

    /// The relay could not take the mail now: the next attempt is due at `at`. `reason` does not hold the
    /// address.
    pub async fn retry_mail_at(
        &self,
        message_id: &str,
        at: Timestamp,
        reason: &str,
    ) -> Result<(), Unavailable> {
        let (message_id, reason) = (message_id.to_owned(), reason.to_owned());
        self.write(Vec::new(), move |connection| {
            let mut statement = connection.prepare_cached(
                "UPDATE mails SET next_attempt_at = ?2, attempts = attempts + 1, diagnosis = ?3
                 WHERE message_id = ?1 AND state = 'waiting'",
            )?;
            statement.execute(params![message_id, nanoseconds(at), reason])?;
            Ok(())
        })
        .await
    }

    /// The relay refuses the mail for good: it is not tried again.
    pub async fn mark_refused(&self, message_id: &str, diagnosis: &str) -> Result<(), Unavailable> {
        let (message_id, diagnosis) = (message_id.to_owned(), diagnosis.to_owned());
        self.write(Vec::new(), move |connection| {
            let mut statement = connection.prepare_cached(
                "UPDATE mails SET state = 'refused', diagnosis = ?2
                 WHERE message_id = ?1 AND state = 'waiting'",
            )?;
            statement.execute([&message_id, &diagnosis])?;
            Ok(())
        })
        .await
    }

    /// All mails that were handed over, the latest first. A cursor that this store did not make reads as the
    /// first page.
    pub async fn mails(&self, after: Option<&Cursor>, limit: usize) -> Result<Page<KeptMail>, Unavailable> {
        let before = after.and_then(|cursor| cursor.0.parse().ok()).unwrap_or(i64::MAX);
        let limit = limit.clamp(1, LONGEST_PAGE);
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT message_id, sender, recipient, bytes, attempts, state, sent_at, diagnosis, number
                 FROM mails WHERE number < ?1 ORDER BY number DESC LIMIT ?2",
            )?;
            let found = statement.query_and_then([before, rows(limit + 1)], |row| -> Result<_, Fault> {
                let number: i64 = row.get(8)?;
                Ok((read_kept_mail(row)?, Cursor(number.to_string())))
            })?;
            Ok(page(found.collect::<Result<_, _>>()?, limit))
        })
        .await
    }

    /// The mail with that Message-ID (without angle brackets); `None` where there is none.
    pub async fn mail(&self, message_id: &str) -> Result<Option<KeptMail>, Unavailable> {
        let message_id = message_id.to_owned();
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT message_id, sender, recipient, bytes, attempts, state, sent_at, diagnosis
                 FROM mails WHERE message_id = ?1",
            )?;
            let mut found = statement.query_and_then([message_id], read_kept_mail)?;
            found.next().transpose()
        })
        .await
    }
}

/// The mail in a row's first four columns.
fn read_mail(row: &Row<'_>) -> Result<ReadyMail, Fault> {
    let (sender, recipient): (String, String) = (row.get(1)?, row.get(2)?);
    Ok(ReadyMail {
        message_id: row.get(0)?,
        from: from_text("a mail's sender", &sender)?,
        to: from_text("a mail's recipient", &recipient)?,
        bytes: row.get(3)?,
    })
}

/// The mail in a row's first four columns, and its state in the next four.
fn read_kept_mail(row: &Row<'_>) -> Result<KeptMail, Fault> {
    let (sent_at, diagnosis): (Option<i64>, Option<String>) = (row.get(6)?, row.get(7)?);
    let state = match (row.get_ref(5)?.as_str().map_err(rusqlite::Error::from)?, sent_at) {
        ("waiting", _) => MailState::Waiting { attempts: row.get(4)?, last_failure: diagnosis },
        ("sent", Some(at)) => MailState::Sent { at: time(at) },
        ("refused", _) => MailState::Refused { diagnosis: diagnosis.unwrap_or_default() },
        _ => return Err(UnreadableText { what: "a mail's state", place: String::new() }.into()),
    };
    Ok(KeptMail { mail: read_mail(row)?, state })
}
