//! The one thread that writes, many commits to a transaction.
//!
//! Making a transaction durable costs a flush of the disk (0.1 to 10 ms), whatever it holds. So while one
//! flush runs, whoever wants to write queues up, and the next transaction takes all of them: throughput
//! grows with the load, and a lone commit waits for nobody. Answers go out after the flush, never before.
//!
//! A refused commit (a conflict, a claim that is taken) has written nothing and disturbs nobody. Where the
//! database itself fails one of a group, the group is taken back and each is done again on its own, so that
//! a mail too large for the disk does not take the others with it. Savepoints would do that too, but at a
//! price for every commit: the full-text index writes out all it holds at each of them.

use super::{
    changes::{Announcer, Subject},
    error::Fault,
};
use rusqlite::Connection;
use std::{io, sync::Arc, thread};
use tokio::sync::{mpsc, oneshot};

/// How many writes may wait: beyond, callers wait to hand theirs over.
const MOST_WAITING: usize = 512;
/// How many writes share a transaction at most: bounds how long the first of them waits.
const MOST_IN_GROUP: usize = 256;

/// The way to the writing thread. When it goes, the thread finishes what waits, closes the file and ends.
pub(super) struct Writer {
    jobs: Option<mpsc::Sender<Box<dyn Job>>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(connection: Connection, announcer: Arc<Announcer>) -> io::Result<Self> {
        let (jobs, mut waiting) = mpsc::channel::<Box<dyn Job>>(MOST_WAITING);
        let thread = thread::Builder::new().name("store-writer".to_owned()).spawn(move || {
            while let Some(first) = waiting.blocking_recv() {
                let mut group = vec![first];
                while group.len() < MOST_IN_GROUP
                    && let Ok(next) = waiting.try_recv()
                {
                    group.push(next);
                }
                for (job, outcome) in commit(&connection, group) {
                    job.answer(outcome, &announcer);
                }
            }
        })?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Runs `work` within a transaction and answers once that is durable. Where `work` fails, nothing of it
    /// stays. It may run twice, the second time on the database as if the first had not been.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        subjects: Vec<Subject>,
        work: impl Fn(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let (reply, answer) = oneshot::channel();
        let write = Write { subjects, work, outcome: None, reply };
        let jobs = self.jobs.as_ref().ok_or(Fault::Stopped)?;
        jobs.send(Box::new(write)).await.map_err(|_| Fault::Stopped)?;
        answer.await.unwrap_or(Err(Fault::Stopped))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // An error means that the thread panicked: the process' own panic report has said so.
            let _ = thread.join();
        }
    }
}

/// One caller's part of a transaction.
trait Job: Send {
    /// Does the work; on error the transaction must be taken back.
    fn run(&mut self, connection: &Connection) -> Result<(), Fault>;
    /// Tells the caller, after the transaction.
    fn answer(self: Box<Self>, transaction: Result<(), Fault>, announcer: &Announcer);
}

struct Write<T, W> {
    subjects: Vec<Subject>,
    work: W,
    outcome: Option<T>,
    reply: oneshot::Sender<Result<T, Fault>>,
}

impl<T, W> Job for Write<T, W>
where
    T: Send,
    W: Fn(&Connection) -> Result<T, Fault> + Send,
{
    fn run(&mut self, connection: &Connection) -> Result<(), Fault> {
        self.outcome = Some((self.work)(connection)?);
        Ok(())
    }

    fn answer(self: Box<Self>, transaction: Result<(), Fault>, announcer: &Announcer) {
        let Self { subjects, outcome, reply, .. } = *self;
        let outcome = transaction.and_then(|()| outcome.ok_or(Fault::Stopped));
        if outcome.is_ok() {
            for subject in subjects {
                announcer.announce(subject);
            }
        }
        // A caller that went away meanwhile does not need the answer; what it wrote stays.
        let _ = reply.send(outcome);
    }
}

/// Carries out all jobs, in one transaction where that is possible, and says what came of each.
fn commit(connection: &Connection, mut group: Vec<Box<dyn Job>>) -> Vec<(Box<dyn Job>, Result<(), Fault>)> {
    let together = transact(connection, &mut group);
    let would_wait_again = together.as_ref().is_err_and(Fault::is_locked);
    if together.is_ok() || would_wait_again || group.len() == 1 {
        return group.into_iter().map(|job| (job, together.clone())).collect();
    }
    let alone = |mut job: Box<dyn Job>| {
        let outcome = transact(connection, std::slice::from_mut(&mut job));
        (job, outcome)
    };
    group.into_iter().map(alone).collect()
}

/// Carries out jobs in one transaction. On error nothing of them is stored, and what they found does not
/// count either: they may have seen what others wrote before them.
fn transact(connection: &Connection, jobs: &mut [Box<dyn Job>]) -> Result<(), Fault> {
    execute(connection, "BEGIN IMMEDIATE")?;
    let outcome = jobs.iter_mut().try_for_each(|job| job.run(connection));
    let outcome = outcome.and_then(|()| execute(connection, "COMMIT"));
    // After some failures (a full disk, say) SQLite itself takes the transaction back.
    if outcome.is_err() && !connection.is_autocommit() {
        // Where even this fails, the next BEGIN does too, and its callers are told.
        let _ = execute(connection, "ROLLBACK");
    }
    outcome
}

fn execute(connection: &Connection, statement: &str) -> Result<(), Fault> {
    connection.prepare_cached(statement)?.execute([])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    fn database() -> (Connection, TempDir) {
        let folder = TempDir::new().unwrap();
        let connection = Connection::open(folder.path().join("group.db")).unwrap();
        connection
            .execute_batch(
                "CREATE TABLE parents (name TEXT PRIMARY KEY);
                 CREATE TABLE notes (
                     text TEXT UNIQUE,
                     parent TEXT REFERENCES parents (name) DEFERRABLE INITIALLY DEFERRED
                 );",
            )
            .unwrap();
        (connection, folder)
    }

    /// Commits works as one group and gives each caller's answer.
    fn answers(
        connection: &Connection,
        works: Vec<impl Fn(&Connection) -> Result<(), Fault> + Send + 'static>,
    ) -> Vec<Result<(), Fault>> {
        let (mut group, mut answers) = (Vec::<Box<dyn Job>>::new(), Vec::new());
        for work in works {
            let (reply, answer) = oneshot::channel();
            group.push(Box::new(Write { subjects: Vec::new(), work, outcome: None, reply }));
            answers.push(answer);
        }
        for (job, outcome) in commit(connection, group) {
            job.answer(outcome, &Announcer::default());
        }
        answers.into_iter().map(|mut answer| answer.try_recv().unwrap()).collect()
    }

    /// Writes two notes; the second fails where another has written the same.
    fn notes(
        texts: [&'static str; 2],
        parent: Option<&'static str>,
    ) -> impl Fn(&Connection) -> Result<(), Fault> + use<> {
        move |connection| {
            for text in texts {
                connection.execute("INSERT INTO notes VALUES (?1, ?2)", (text, parent))?;
            }
            Ok(())
        }
    }

    fn stored(connection: &Connection) -> Vec<String> {
        let mut statement = connection.prepare("SELECT text FROM notes ORDER BY text").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn one_that_fails_takes_back_only_itself() {
        let (connection, _folder) = database();
        let works = vec![notes(["a", "b"], None), notes(["c", "a"], None), notes(["d", "e"], None)];
        let answers = answers(&connection, works);
        assert!(answers[0].is_ok() && answers[2].is_ok());
        assert!(matches!(answers[1], Err(Fault::Sqlite(_))), "its second note was there already");
        assert_eq!(stored(&connection), ["a", "b", "d", "e"], "its first note went with it");
    }

    #[test]
    fn one_that_fails_only_at_the_end_of_the_transaction_takes_back_only_itself() {
        let (connection, _folder) = database();
        let answers = answers(&connection, vec![notes(["a", "b"], None), notes(["c", "d"], Some("nobody"))]);
        assert!(answers[0].is_ok());
        assert!(answers[1].is_err(), "a parent that is not there is found at COMMIT");
        assert_eq!(stored(&connection), ["a", "b"]);
    }

    #[test]
    fn one_that_finds_no_room_is_told_and_the_others_go_through() {
        let (connection, _folder) = database();
        connection.pragma_update_and_check(None, "max_page_count", 8, |_| Ok(())).unwrap();
        let note = |size: u32| {
            move |connection: &Connection| {
                connection.execute("INSERT INTO notes VALUES (hex(zeroblob(?1)), NULL)", [size])?;
                Ok(())
            }
        };
        let answers = answers(&connection, vec![note(1), note(100_000), note(2)]);
        let Err(Fault::Sqlite(cause)) = &answers[1] else { panic!("it does not fit into 8 pages") };
        assert_eq!(cause.sqlite_error_code(), Some(rusqlite::ErrorCode::DiskFull));
        assert!(answers[0].is_ok() && answers[2].is_ok());
        assert_eq!(stored(&connection), ["00", "0000"]);
        assert!(connection.is_autocommit(), "no transaction is left open");
    }
}
