//! Opening the file: permissions, settings, and the tables brought up to date.

use super::error::DatabaseError;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// "LOTS": tells the file from the databases of other programs (`PRAGMA application_id`).
const APPLICATION_ID: i32 = 0x4C4F_5453;

/// What makes version 1, 2, … of the tables. A released one is never changed: add the next.
const MIGRATIONS: [&str; 4] = [
    include_str!("../../migrations/0001_cases.sql"),
    include_str!("../../migrations/0002_blobs_and_queues.sql"),
    include_str!("../../migrations/0003_outgoing_mails.sql"),
    include_str!("../../migrations/0004_users.sql"),
];

/// How long a statement waits for another process (an import, a user being added) before it gives up.
const PATIENCE: Duration = Duration::from_secs(5);

/// More than the statements of this crate, so that each is compiled once for each connection.
const STATEMENTS_KEPT: usize = 64;

/// Why the store could not be opened. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file or its folder cannot be made or written to.
    #[error("cannot {attempted} {}; name another data folder, or check its permissions and free space", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// What was attempted: "make the folder", "write to".
        attempted: &'static str,
        /// Why not.
        source: io::Error,
    },
    /// A newer Lotse has written the file.
    #[error(
        "{} was written by a newer Lotse (tables of version {found}, this one knows {known}); run the newer one, or restore a backup",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Version of the file's tables.
        found: usize,
        /// Latest version that this Lotse knows.
        known: usize,
    },
    /// Another program has written the file.
    #[error("{} is the database of another program; name another data folder", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The system gives no thread to write on.
    #[error(
        "cannot start the thread that writes the database; end other programs or raise the limit of threads"
    )]
    Thread(#[source] io::Error),
    /// SQLite cannot work with the file.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// Opens the database for writing, making or migrating it where needed.
pub(super) fn open_database(path: &Path) -> Result<Connection, OpenError> {
    make_file(path)?;
    let failed = |cause| OpenError::from(DatabaseError::new(path, Arc::new(cause)));
    let mut connection = connect(path).map_err(failed)?;
    connection.pragma_update(None, "cache_size", -4096).map_err(failed)?; // KiB
    // Fold the log into the database every 16 MB: at SQLite's own 4 MB, that is half of the work under load.
    connection.pragma_update_and_check(None, "wal_autocheckpoint", 4000, |_| Ok(())).map_err(failed)?; // pages
    check_origin(&connection, path, failed)?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(())).map_err(failed)?;
    migrate(&mut connection, path, failed)?;
    Ok(connection)
}

/// A connection with the settings that readers and the writer share.
pub(super) fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // A log that a burst has grown is cut back to 16 MiB once its pages are in the database.
    connection.pragma_update_and_check(None, "journal_size_limit", 16 << 20, |_| Ok(()))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(connection)
}

/// Makes the folder and an empty file, readable by nobody else: they will hold health data. Opening it for
/// writing also finds a read-only file, which SQLite would open without a word.
fn make_file(path: &Path) -> Result<(), OpenError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        private_folder().create(folder).map_err(|source| OpenError::Folder {
            path: folder.to_path_buf(),
            attempted: "make the folder",
            source,
        })?;
    }
    private_file().open(path).map_err(|source| OpenError::Folder {
        path: path.to_path_buf(),
        attempted: "write to",
        source,
    })?;
    Ok(())
}

fn private_folder() -> fs::DirBuilder {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

fn private_file() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Refuses what this version must not touch.
fn check_origin(
    connection: &Connection,
    path: &Path,
    failed: impl Fn(rusqlite::Error) -> OpenError + Copy,
) -> Result<(), OpenError> {
    let application: i32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(failed)?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(failed)?;
    if tables > 0 && application != APPLICATION_ID {
        return Err(OpenError::Foreign { path: path.to_path_buf() });
    }
    let found = schema_version(connection).map_err(failed)?;
    if found > MIGRATIONS.len() {
        return Err(OpenError::Newer { path: path.to_path_buf(), found, known: MIGRATIONS.len() });
    }
    Ok(())
}

fn schema_version(connection: &Connection) -> rusqlite::Result<usize> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    // No Lotse writes a negative one: refused as something unknown.
    Ok(usize::try_from(version).unwrap_or(usize::MAX))
}

/// Brings the tables up to date in one transaction: whoever opens the file at the same time waits for it.
fn migrate(
    connection: &mut Connection,
    path: &Path,
    failed: impl Fn(rusqlite::Error) -> OpenError + Copy,
) -> Result<(), OpenError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    check_origin(&transaction, path, failed)?;
    let found = schema_version(&transaction).map_err(failed)?;
    for migration in MIGRATIONS.iter().skip(found) {
        transaction.execute_batch(migration).map_err(failed)?;
    }
    // Written at every start: a disk that takes nothing is noticed now and not at the first inquiry.
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
    transaction
        .pragma_update(None, "user_version", i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX))
        .map_err(failed)?;
    transaction.commit().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(connection: &Connection) -> Vec<String> {
        let mut statement =
            connection.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn a_database_of_any_older_version_is_brought_up_to_date_once() {
        let folder = tempfile::tempdir().unwrap();
        let newest = tables(&open_database(&folder.path().join("newest.db")).unwrap());
        for version in 0..=MIGRATIONS.len() {
            let path = folder.path().join(format!("{version}.db"));
            let old = Connection::open(&path).unwrap();
            for migration in &MIGRATIONS[..version] {
                old.execute_batch(migration).unwrap();
            }
            if version > 0 {
                old.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
                old.pragma_update(None, "user_version", i64::try_from(version).unwrap()).unwrap();
            }
            drop(old);
            for _ in 0..2 {
                let current = open_database(&path).unwrap();
                assert_eq!(tables(&current), newest, "from version {version}");
                assert_eq!(schema_version(&current).unwrap(), MIGRATIONS.len());
            }
        }
    }

    #[test]
    fn what_is_committed_is_flushed_and_references_are_checked() {
        let folder = tempfile::tempdir().unwrap();
        let connection = open_database(&folder.path().join("lotse.db")).unwrap();
        let setting = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(setting("synchronous"), 2, "FULL: the log is flushed at every commit");
        assert_eq!(setting("foreign_keys"), 1);
        let journal: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        assert_eq!(journal, "wal");
    }
}
