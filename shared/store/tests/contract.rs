//! The SQLite adapter keeps the contract of every store.

use lotse_store::SqliteStore;
use tempfile::TempDir;

#[expect(clippy::unused_async, reason = "other adapters wait for their table here")]
async fn fresh() -> (SqliteStore, TempDir) {
    let folder = TempDir::new().unwrap();
    (SqliteStore::open(folder.path().join("lotse.db")).unwrap(), folder)
}

lotse_store::case_store_contract!(fresh);
lotse_store::event_feed_contract!(fresh);
lotse_store::user_directory_contract!(fresh);
