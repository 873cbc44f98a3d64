//! The data folder: everything that a desk keeps. One process at a time serves it.

use lotse_domain::ports::RandomSource;
use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Read as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

const DATABASE: &str = "lotse.db";
const KEY: &str = "key";
const LOCK: &str = "lock";

/// Why a data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DataFolderError {
    /// It cannot be made, or a file in it cannot.
    #[error(
        "the data folder {} cannot be used: {what}; choose a folder that may be written to, with --data",
        folder.display()
    )]
    Unusable {
        folder: PathBuf,
        what: &'static str,
        #[source]
        cause: io::Error,
    },
    /// Another process serves it.
    #[error(
        "another lotse is using the data folder {}; stop it first, or choose another folder with --data",
        .0.display()
    )]
    InUse(PathBuf),
    /// There is none, and the command makes none.
    #[error("there is no data folder {}; start `lotse serve` once, or name the folder with --data", .0.display())]
    Missing(PathBuf),
    /// The key is gone, and what was sent out depends on it.
    #[error(
        "the key file {} is missing although there is a database; restore it from the backup: without it, \
         every status link and reply address that was sent out is invalid",
        .0.display()
    )]
    KeyMissing(PathBuf),
    /// The key is not one.
    #[error("the key file {} is damaged: it must hold exactly 32 bytes; restore it from the backup", .0.display())]
    KeyDamaged(PathBuf),
}

/// A data folder that exists.
#[derive(Debug)]
pub(crate) struct DataFolder {
    path: PathBuf,
}

/// Held as long as the process works on the folder; the system lets go of it when the process ends,
/// however it ends.
#[derive(Debug)]
pub(crate) struct FolderLock {
    _file: File,
}

impl DataFolder {
    /// The folder, made where it is not there; only its owner may look into it.
    pub(crate) fn create(path: &Path) -> Result<Self, DataFolderError> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .map_err(|cause| unusable(path, "it cannot be made", cause))?;
        Ok(Self { path: path.to_owned() })
    }

    /// The folder of a desk that was started before.
    pub(crate) fn existing(path: &Path) -> Result<Self, DataFolderError> {
        if path.join(DATABASE).is_file() {
            Ok(Self { path: path.to_owned() })
        } else {
            Err(DataFolderError::Missing(path.to_owned()))
        }
    }

    /// Takes the folder for this process alone.
    pub(crate) fn lock(&self) -> Result<FolderLock, DataFolderError> {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(self.path.join(LOCK))
            .map_err(|cause| unusable(&self.path, "no file can be made in it", cause))?;
        match file.try_lock() {
            Ok(()) => Ok(FolderLock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(DataFolderError::InUse(self.path.clone())),
            Err(TryLockError::Error(cause)) => Err(unusable(&self.path, "it cannot be locked", cause)),
        }
    }

    /// Where the database is.
    pub(crate) fn database(&self) -> PathBuf {
        self.path.join(DATABASE)
    }

    /// The installation's secret: made with the first start, and the same ever after.
    pub(crate) fn secret(&self, random: &impl RandomSource) -> Result<[u8; 32], DataFolderError> {
        let path = self.path.join(KEY);
        match File::open(&path) {
            Ok(file) => read_secret(file, &path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if self.database().exists() {
                    return Err(DataFolderError::KeyMissing(path));
                }
                self.make_secret(&path, random)
                    .map_err(|cause| unusable(&self.path, "the key file cannot be written", cause))
            }
            Err(cause) => Err(unusable(&self.path, "the key file cannot be read", cause)),
        }
    }

    /// Written beside its place and moved there whole, so that a crash leaves no half key.
    fn make_secret(&self, path: &Path, random: &impl RandomSource) -> io::Result<[u8; 32]> {
        let mut secret = [0; 32];
        let (first, second) = secret.split_at_mut(16);
        first.copy_from_slice(&random.number().to_le_bytes());
        second.copy_from_slice(&random.number().to_le_bytes());
        let unfinished = path.with_extension("new");
        let mut file =
            OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&unfinished)?;
        file.write_all(&secret)?;
        file.sync_all()?;
        fs::rename(&unfinished, path)?;
        File::open(&self.path)?.sync_all()?;
        Ok(secret)
    }
}

fn read_secret(file: File, path: &Path) -> Result<[u8; 32], DataFolderError> {
    let mut bytes = Vec::new();
    let damaged = || DataFolderError::KeyDamaged(path.to_owned());
    file.take(33).read_to_end(&mut bytes).map_err(|_| damaged())?;
    bytes.try_into().map_err(|_| damaged())
}

fn unusable(folder: &Path, what: &'static str, cause: io::Error) -> DataFolderError {
    DataFolderError::Unusable { folder: folder.to_owned(), what, cause }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotse_runtime::SystemRandom;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn the_first_start_makes_a_folder_and_a_key_that_only_the_owner_reads() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("new/desk");
        let folder = DataFolder::create(&path).unwrap();
        let secret = folder.secret(&SystemRandom).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(fs::metadata(path.join(KEY)).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(folder.secret(&SystemRandom).unwrap(), secret, "the key stays");
    }

    #[test]
    fn one_process_at_a_time_has_the_folder() {
        let parent = tempfile::tempdir().unwrap();
        let folder = DataFolder::create(parent.path()).unwrap();
        let lock = folder.lock().unwrap();
        assert!(matches!(folder.lock(), Err(DataFolderError::InUse(_))));
        drop(lock);
        assert!(folder.lock().is_ok());
    }

    #[test]
    fn a_lost_or_damaged_key_is_not_silently_replaced() {
        let parent = tempfile::tempdir().unwrap();
        let folder = DataFolder::create(parent.path()).unwrap();
        fs::write(folder.database(), "").unwrap();
        assert!(matches!(folder.secret(&SystemRandom), Err(DataFolderError::KeyMissing(_))));
        fs::write(parent.path().join(KEY), "short").unwrap();
        assert!(matches!(folder.secret(&SystemRandom), Err(DataFolderError::KeyDamaged(_))));
    }

    #[test]
    fn a_folder_below_a_file_is_no_folder() {
        let parent = tempfile::tempdir().unwrap();
        let file = parent.path().join("file");
        fs::write(&file, "").unwrap();
        let error = DataFolder::create(&file.join("desk")).unwrap_err().to_string();
        assert!(error.contains("--data"), "{error}");
    }
}
