//! The SQLite adapter keeps the contract of every store.

#![expect(clippy::unwrap_used, reason = "a store that cannot be made is a failed test")]

use lotse_store::SqliteStore;
use tempfile::TempDir;

async fn fresh() -> (SqliteStore, TempDir) {
    let folder = TempDir::new().unwrap();
    (SqliteStore::open(folder.path().join("lotse.db")).unwrap(), folder)
}

lotse_store::case_store_contract!(fresh);
lotse_store::event_feed_contract!(fresh);
lotse_store::user_directory_contract!(fresh);
