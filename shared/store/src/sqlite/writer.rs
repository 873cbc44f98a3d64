//! The one thread that writes, many commits to a transaction.
//!
//! Making a transaction durable costs a flush of the disk (0.1 to 10 ms), whatever it holds. So while one
//! flush runs, whoever wants to write queues up, and the next transaction takes all of them: throughput
//! grows with the load, and a lone commit waits for nobody. Each stands in its own savepoint, so that one
//! that fails takes back only itself. Answers go out after the flush, never before.

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
                let outcome = commit_group(&connection, &mut group);
                for job in group {
                    job.answer(outcome.clone(), &announcer);
                }
            }
        })?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Runs `work` within a transaction and answers once that is durable. Where `work` fails, nothing of it
    /// stays; where the transaction fails, that is the answer whatever `work` found, since it may have
    /// seen what others in the transaction wrote.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        subjects: Vec<Subject>,
        work: impl FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let (reply, answer) = oneshot::channel();
        let write = Write { subjects, work: Some(work), outcome: None, reply };
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
    /// Does the work; where it fails, nothing of it is to stay.
    fn run(&mut self, connection: &Connection) -> Result<(), Fault>;
    /// Tells the caller, after the transaction.
    fn answer(self: Box<Self>, transaction: Result<(), Fault>, announcer: &Announcer);
}

struct Write<T, W> {
    subjects: Vec<Subject>,
    work: Option<W>,
    outcome: Option<Result<T, Fault>>,
    reply: oneshot::Sender<Result<T, Fault>>,
}

impl<T, W> Job for Write<T, W>
where
    T: Send,
    W: FnOnce(&Connection) -> Result<T, Fault> + Send,
{
    fn run(&mut self, connection: &Connection) -> Result<(), Fault> {
        let Some(work) = self.work.take() else { return Err(Fault::Stopped) };
        let outcome = work(connection);
        let fault = outcome.as_ref().err().cloned();
        self.outcome = Some(outcome);
        fault.map_or(Ok(()), Err)
    }

    fn answer(self: Box<Self>, transaction: Result<(), Fault>, announcer: &Announcer) {
        let Self { subjects, outcome, reply, .. } = *self;
        let outcome = transaction.and_then(|()| outcome.unwrap_or(Err(Fault::Stopped)));
        if outcome.is_ok() {
            for subject in subjects {
                announcer.announce(subject);
            }
        }
        // A caller that went away meanwhile does not need the answer; what it wrote stays.
        let _ = reply.send(outcome);
    }
}

/// Carries out a group in one transaction. On error nothing of it is stored.
fn commit_group(connection: &Connection, group: &mut [Box<dyn Job>]) -> Result<(), Fault> {
    let outcome = run_group(connection, group);
    if outcome.is_err() && !connection.is_autocommit() {
        // Where even this fails, the next BEGIN does too, and its callers are told.
        let _ = execute(connection, "ROLLBACK");
    }
    outcome
}

fn run_group(connection: &Connection, group: &mut [Box<dyn Job>]) -> Result<(), Fault> {
    execute(connection, "BEGIN IMMEDIATE")?;
    for job in group {
        execute(connection, "SAVEPOINT write")?;
        if let Err(fault) = job.run(connection) {
            // After some failures (a full disk, say) SQLite itself takes the whole transaction back.
            if connection.is_autocommit() {
                return Err(fault);
            }
            execute(connection, "ROLLBACK TO write")?;
        }
        execute(connection, "RELEASE write")?;
    }
    execute(connection, "COMMIT")
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
    fn commit(
        connection: &Connection,
        works: Vec<impl FnOnce(&Connection) -> Result<(), Fault> + Send + 'static>,
    ) -> Vec<Result<(), Fault>> {
        let (mut group, mut answers) = (Vec::<Box<dyn Job>>::new(), Vec::new());
        for work in works {
            let (reply, answer) = oneshot::channel();
            group.push(Box::new(Write { subjects: Vec::new(), work: Some(work), outcome: None, reply }));
            answers.push(answer);
        }
        let outcome = commit_group(connection, &mut group);
        for job in group {
            job.answer(outcome.clone(), &Announcer::default());
        }
        answers.into_iter().map(|mut answer| answer.try_recv().unwrap()).collect()
    }

    /// Writes two notes; the second fails where another has written the same.
    fn notes(
        texts: [&'static str; 2],
        parent: Option<&'static str>,
    ) -> impl FnOnce(&Connection) -> Result<(), Fault> {
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
        let answers = commit(&connection, works);
        assert!(answers[0].is_ok() && answers[2].is_ok());
        assert!(matches!(answers[1], Err(Fault::Sqlite(_))), "its second note was there already");
        assert_eq!(stored(&connection), ["a", "b", "d", "e"], "its first note went with it");
    }

    #[test]
    fn when_the_transaction_fails_everybody_is_told_and_the_next_goes_through() {
        let (connection, _folder) = database();
        let answers = commit(&connection, vec![notes(["a", "b"], None), notes(["c", "d"], Some("nobody"))]);
        assert!(answers.iter().all(Result::is_err), "a parent that is not there is found at COMMIT");
        assert_eq!(stored(&connection), [""; 0]);
        assert!(commit(&connection, vec![notes(["e", "f"], None)])[0].is_ok());
        assert_eq!(stored(&connection), ["e", "f"]);
    }

    #[test]
    fn when_there_is_no_room_nothing_half_is_stored_and_the_next_goes_through() {
        let (connection, _folder) = database();
        connection.pragma_update_and_check(None, "max_page_count", 8, |_| Ok(())).unwrap();
        let large = |connection: &Connection| {
            connection.execute("INSERT INTO notes VALUES ('a', NULL), (hex(zeroblob(100000)), NULL)", [])?;
            Ok(())
        };
        let answers = commit(&connection, vec![large]);
        let Err(Fault::Sqlite(cause)) = &answers[0] else { panic!("it does not fit into 8 pages") };
        assert_eq!(cause.sqlite_error_code(), Some(rusqlite::ErrorCode::DiskFull));
        assert!(connection.is_autocommit(), "no transaction is left open");
        assert!(commit(&connection, vec![notes(["b", "c"], None)])[0].is_ok());
        assert_eq!(stored(&connection), ["b", "c"]);
    }
}
