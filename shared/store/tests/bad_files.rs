//! Folders and files that a store cannot use: each is refused with its name, the cause and what to do.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "what fails here fails the test")]

use lotse_domain::ports::{BlobStore, CaseStore, CommitError, Unavailable};
use lotse_store::{
    DatabaseError, OpenError, SqliteStore, Trouble,
    contract::sample::{at_desk, case_id, commit},
};
use std::{
    error::Error,
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

fn folder() -> TempDir {
    TempDir::new().unwrap()
}

/// The error of an opening that must fail; its text names the file.
fn refused(path: &Path) -> OpenError {
    let error = SqliteStore::open(path).expect_err("the file cannot be used");
    let text = error.to_string();
    assert!(
        text.contains(&path.display().to_string()) || matches!(error, OpenError::Folder { .. }),
        "{text}"
    );
    error
}

fn trouble(error: &OpenError) -> Option<Trouble> {
    match error {
        OpenError::Database(error) => Some(error.trouble),
        _ => None,
    }
}

#[test]
fn the_folder_and_the_file_are_made_for_their_owner_alone() {
    let folder = folder();
    let path = folder.path().join("data").join("desk").join("lotse.db");
    drop(SqliteStore::open(&path).unwrap());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(path.parent().unwrap()), mode(&path)), (0o700, 0o600));
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_named_with_its_cause() {
    let folder = folder();
    let file = folder.path().join("notes.txt");
    fs::write(&file, "not a folder").unwrap();
    let error = refused(&file.join("lotse.db"));
    let OpenError::Folder { path, attempted, .. } = &error else { panic!("{error}") };
    assert_eq!((path, *attempted), (&file, "make the folder"));
    assert!(error.to_string().contains("name another data folder"), "{error}");
    assert!(error.source().is_some(), "the system's own words are kept");
}

#[test]
fn a_folder_in_the_place_of_the_file_is_refused() {
    let folder = folder();
    let error = refused(folder.path());
    assert!(
        error.to_string().starts_with(&format!("cannot write to {}", folder.path().display())),
        "{error}"
    );
}

#[test]
fn a_file_that_is_no_database_is_left_as_it_is() {
    let folder = folder();
    let path = folder.path().join("lotse.db");
    let letter = "Sehr geehrte Damen und Herren, dies ist ein Brief und keine Datenbank. ".repeat(100);
    fs::write(&path, &letter).unwrap();
    let error = refused(&path);
    assert_eq!(trouble(&error), Some(Trouble::NotADatabase), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), letter);
}

#[test]
fn the_database_of_another_program_is_left_as_it_is() {
    let folder = folder();
    let path = folder.path().join("lotse.db");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE bookmarks (address TEXT); PRAGMA user_version = 3;").unwrap();
    drop(other);
    let before = fs::read(&path).unwrap();
    let error = refused(&path);
    assert!(matches!(error, OpenError::Foreign { .. }), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_database_of_a_newer_lotse_is_refused_and_left_as_it_is() {
    let folder = folder();
    let path = folder.path().join("lotse.db");
    drop(SqliteStore::open(&path).unwrap());
    let later = rusqlite::Connection::open(&path).unwrap();
    later.pragma_update(None, "user_version", 999).unwrap();
    drop(later);
    let error = refused(&path);
    assert!(matches!(error, OpenError::Newer { found: 999, .. }), "{error}");
    assert!(error.to_string().contains("newer Lotse"), "{error}");
    let later = rusqlite::Connection::open(&path).unwrap();
    let version: i64 = later.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 999);
}

#[test]
fn a_database_that_another_program_holds_is_said_to_be_locked() {
    let folder = folder();
    let path = folder.path().join("lotse.db");
    drop(SqliteStore::open(&path).unwrap());
    let holder = rusqlite::Connection::open(&path).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = refused(&path);
    assert_eq!(trouble(&error), Some(Trouble::Locked), "{error}");
    assert!(error.to_string().contains("another program"), "{error}");
}

#[tokio::test]
async fn damaged_pages_are_reported_and_never_guessed_at() {
    let folder = folder();
    let path = folder.path().join("lotse.db");
    let store = SqliteStore::open(&path).unwrap();
    for number in 1..50 {
        store.commit(commit(at_desk(number, 60))).await.unwrap();
    }
    drop(store);
    let mut bytes = fs::read(&path).unwrap();
    // Everything behind the first page, which holds the list of tables.
    bytes[4096..].fill(0x5A);
    fs::write(&path, bytes).unwrap();
    let outcome = match SqliteStore::open(&path) {
        Ok(store) => store.load(case_id(7)).await.expect_err("the case cannot be read").to_string(),
        Err(error) => error.to_string(),
    };
    assert!(outcome.contains("damaged") && outcome.contains("backup"), "{outcome}");
}

#[tokio::test]
async fn a_snapshot_of_another_form_is_reported_without_its_text() {
    let folder = folder();
    let path = folder.path().join("lotse.db");
    let store = SqliteStore::open(&path).unwrap();
    store.commit(commit(at_desk(1, 60))).await.unwrap();
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.execute("UPDATE cases SET snapshot = '{\"id\": \"Dr. Geheim\"}'", []).unwrap();
    let error = store.load(case_id(1)).await.expect_err("the snapshot cannot be read");
    assert!(matches!(error, Unavailable::Unreadable(_)), "{error}");
    assert!(
        error.to_string().contains("a case's snapshot") && !error.to_string().contains("Geheim"),
        "{error}"
    );
}

/// A small file system, mounted for one test. Where mounting is not allowed, the test says so and ends.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let disk = Self(folder());
        let mounted = disk.run("mount", &["-t", "tmpfs", "-o", "size=1m", "tmpfs"]).unwrap_or(false);
        if !mounted {
            eprintln!("skipped: this machine does not let the test mount a small disk");
        }
        mounted.then_some(disk)
    }

    fn run(&self, program: &str, arguments: &[&str]) -> io::Result<bool> {
        let output = Command::new(program).args(arguments).arg(self.0.path()).output()?;
        Ok(output.status.success())
    }

    fn database(&self) -> PathBuf {
        self.0.path().join("lotse.db")
    }

    /// Takes all the room that is left; give it back by removing the file.
    fn fill(&self) -> PathBuf {
        let ballast = self.0.path().join("ballast");
        for size in [64 << 10, 4 << 10, 1 << 10, 64] {
            let mut content = fs::read(&ballast).unwrap_or_default();
            loop {
                content.extend(vec![0; size]);
                if fs::write(&ballast, &content).is_err() {
                    content.truncate(content.len() - size);
                    fs::write(&ballast, &content).unwrap();
                    break;
                }
            }
        }
        ballast
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = self.run("umount", &[]);
    }
}

fn is_full(error: &Unavailable) -> bool {
    let Unavailable::ForNow(cause) = error else { return false };
    cause.downcast_ref::<DatabaseError>().is_some_and(|error| error.trouble == Trouble::Full)
}

#[tokio::test]
async fn a_full_disk_refuses_commits_loses_nothing_and_goes_on_once_there_is_room() {
    let Some(disk) = SmallDisk::mount() else { return };
    let store = SqliteStore::open(disk.database()).unwrap();
    store.commit(commit(at_desk(1, 60))).await.unwrap();
    let ballast = disk.fill();
    let mut number = 2;
    let refusal = loop {
        assert!(number < 5_000, "the disk fills up");
        match store.commit(commit(at_desk(number, 60))).await {
            Ok(()) => number += 1,
            Err(refusal) => break refusal,
        }
    };
    let CommitError::Unavailable(refusal) = refusal else { panic!("{refusal}") };
    assert!(is_full(&refusal), "{refusal}");
    assert!(refusal.to_string().contains("free some space"), "{refusal}");
    assert!(store.put(vec![7; 1 << 20]).await.is_err());
    for committed in 1..number {
        assert_eq!(
            store.load(case_id(committed)).await.unwrap().as_ref(),
            Some(at_desk(committed, 60).case())
        );
    }
    assert_eq!(store.load(case_id(number)).await.unwrap(), None, "what was refused is not there");

    fs::remove_file(ballast).unwrap();
    store.commit(commit(at_desk(number, 60))).await.unwrap();
    assert!(store.load(case_id(number)).await.unwrap().is_some());
}

#[test]
fn a_disk_that_is_full_at_the_start_is_noticed_at_the_start() {
    let Some(disk) = SmallDisk::mount() else { return };
    drop(SqliteStore::open(disk.database()).unwrap());
    let _ballast = disk.fill();
    let error = refused(&disk.database());
    assert_eq!(trouble(&error), Some(Trouble::Full), "{error}");
}

#[test]
fn a_disk_that_is_mounted_read_only_is_noticed_at_the_start() {
    let Some(disk) = SmallDisk::mount() else { return };
    drop(SqliteStore::open(disk.database()).unwrap());
    assert!(disk.run("mount", &["-o", "remount,ro"]).unwrap());
    let error = refused(&disk.database());
    assert!(error.to_string().contains("cannot write to"), "{error}");
    assert!(error.to_string().contains("permissions"), "{error}");
}
