//! What can go wrong in the file, said so that whoever runs the store knows what to do.

use lotse_domain::ports::Unavailable;
use rusqlite::{ErrorCode, ffi};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Why work on the database was not done, before the file is named.
#[derive(Debug, Clone)]
pub(super) enum Fault {
    /// SQLite says so.
    Sqlite(Arc<rusqlite::Error>),
    /// A stored text is not what this version writes.
    Unreadable(UnreadableText),
    /// A commit whose events do not follow its case: a mistake of the caller's, refused before it is stored.
    BrokenCommit,
    /// The thread that would have done the work has ended.
    Stopped,
}

impl From<rusqlite::Error> for Fault {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Sqlite(Arc::new(cause))
    }
}

impl From<UnreadableText> for Fault {
    fn from(unreadable: UnreadableText) -> Self {
        Self::Unreadable(unreadable)
    }
}

impl Fault {
    /// True where another program has held the file for as long as this one waits.
    pub(super) fn is_locked(&self) -> bool {
        matches!(self, Self::Sqlite(cause) if Trouble::of(cause) == Trouble::Locked)
    }

    /// The fault as the ports tell it.
    pub(super) fn unavailable(self, path: &Path) -> Unavailable {
        match self {
            Self::Unreadable(unreadable) => Unavailable::unreadable(unreadable),
            Self::BrokenCommit => {
                Unavailable::unreadable("the events of a commit do not lead to its case's version")
            }
            Self::Stopped => Unavailable::for_now(format!("the store in {} is closed", path.display())),
            Self::Sqlite(cause) => {
                let error = DatabaseError::new(path, cause);
                match error.trouble {
                    Trouble::Damaged | Trouble::NotADatabase => Unavailable::unreadable(error),
                    _ => Unavailable::for_now(error),
                }
            }
        }
    }
}

/// A stored text that is not what this version of Lotse writes. Names the place, and nothing of the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{what} is not in the form that this version of Lotse writes{place}; restore a backup, or run the version that wrote it"
)]
pub struct UnreadableText {
    /// What was read: "a case's snapshot".
    pub what: &'static str,
    /// Where in the text, with a blank in front; empty where it is not known.
    pub place: String,
}

/// SQLite could not do its work on the file.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}: {trouble}", path.display())]
pub struct DatabaseError {
    /// The file.
    pub path: PathBuf,
    /// What is the matter.
    pub trouble: Trouble,
    /// SQLite's own words.
    #[source]
    pub cause: Arc<rusqlite::Error>,
}

/// What is the matter with a database file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// No room.
    #[error("the disk is full; free some space, what was accepted so far is safe")]
    Full,
    /// No permission.
    #[error(
        "cannot be written to; check the permissions of the file and its folder, and that the disk is not mounted read-only"
    )]
    ReadOnly,
    /// Somebody else has it.
    #[error("another program holds a lock on it; end that program or wait until it is done")]
    Locked,
    /// Its pages contradict each other.
    #[error("the database is damaged; stop Lotse, keep a copy of the file and restore a backup")]
    Damaged,
    /// It is another kind of file.
    #[error("is not a database; name another data folder, or move the file away")]
    NotADatabase,
    /// It cannot be opened at all.
    #[error("cannot be opened; check that its folder exists, is not read-only and the disk is not full")]
    CannotOpen,
    /// Anything else.
    #[error("the database failed")]
    Other,
}

impl DatabaseError {
    pub(super) fn new(path: &Path, cause: Arc<rusqlite::Error>) -> Self {
        Self { path: path.to_path_buf(), trouble: Trouble::of(&cause), cause }
    }
}

impl Trouble {
    fn of(cause: &rusqlite::Error) -> Self {
        match (cause.sqlite_error_code(), cause.sqlite_extended_error_code()) {
            // The index of the log cannot be given the room it needs.
            (_, Some(ffi::SQLITE_IOERR_SHMSIZE)) | (Some(ErrorCode::DiskFull), _) => Self::Full,
            (Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied), _) => Self::ReadOnly,
            (Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked), _) => Self::Locked,
            (Some(ErrorCode::DatabaseCorrupt), _) => Self::Damaged,
            (Some(ErrorCode::NotADatabase), _) => Self::NotADatabase,
            (Some(ErrorCode::CannotOpen), _) => Self::CannotOpen,
            _ => Self::Other,
        }
    }
}
