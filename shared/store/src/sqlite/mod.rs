//! The SQLite adapter: one file, one writer thread with group commit, a few readers.
//!
//! Each port stands in the file of its subject ([`cases`], [`events`], [`blobs`], [`queues`], [`outbox`],
//! [`users`]). They all write through [`writer`] and read through [`readers`]; [`open`] makes the file and
//! brings its tables up to date.

mod blobs;
mod cases;
mod changes;
mod columns;
mod commit;
mod error;
mod events;
mod imports;
mod open;
mod outbox;
mod queues;
mod readers;
mod search;
mod users;
mod writer;

pub use blobs::blob_id;
pub use changes::{Changes, Subject};
pub use error::{DatabaseError, Trouble, UnreadableText};
pub use open::OpenError;
pub use outbox::{KeptMail, MailState, OutgoingMail};
pub use queues::{Delivery, DeliveryId};

use changes::Announcer;
use error::Fault;
use lotse_domain::ports::Unavailable;
use readers::Readers;
use rusqlite::Connection;
use std::{fmt, path::Path, sync::Arc};
use writer::Writer;

/// The store in one SQLite file. Cheap to clone; all clones share one writer and one set of readers.
///
/// What a method has answered with `Ok` survives a crash of process and machine. When the last clone goes,
/// what was begun is finished and the file is closed.
#[derive(Clone)]
pub struct SqliteStore {
    path: Arc<Path>,
    // Before the writer, so that the writer's connection is the last: it folds the log into the file.
    readers: Arc<Readers>,
    writer: Arc<Writer>,
    announcer: Arc<Announcer>,
}

impl SqliteStore {
    /// Opens the store in the file at `path`, after making the file and its folder where they are not there
    /// and bringing an older database up to date. Blocks for as long as that takes.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path: Arc<Path> = Arc::from(path.as_ref());
        let connection = open::open_database(&path)?;
        let announcer = Arc::new(Announcer::default());
        let writer = Writer::start(connection, Arc::clone(&announcer)).map_err(OpenError::Thread)?;
        let readers = Arc::new(Readers::of(Arc::clone(&path)));
        Ok(Self { path, readers, writer: Arc::new(writer), announcer })
    }

    /// The file that the store is in.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Tells of what is committed from now on through any clone of this store. Commits of other processes
    /// are not told of: look for those from time to time.
    pub fn changes(&self, subject: Subject) -> Changes {
        self.announcer.subscribe(subject)
    }

    /// Runs `work` on a connection that only reads.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Unavailable> {
        let outcome = Arc::clone(&self.readers).run(work).await;
        outcome.map_err(|fault| fault.unavailable(&self.path))
    }

    /// Runs `work` in the writer's next transaction, and answers once that is durable. On success, whoever
    /// waits for the subjects is woken.
    async fn write<T: Send + 'static>(
        &self,
        subjects: Vec<Subject>,
        work: impl Fn(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Unavailable> {
        let outcome = self.writer.run(subjects, work).await;
        outcome.map_err(|fault| fault.unavailable(&self.path))
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SqliteStore").field("path", &self.path).finish_non_exhaustive()
    }
}
