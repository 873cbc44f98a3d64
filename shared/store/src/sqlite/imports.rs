//! Which files were imported, so that importing one again imports nothing twice.

use super::{SqliteStore, columns::nanoseconds};
use jiff::Timestamp;
use lotse_domain::{BlobId, ports::Unavailable};
use rusqlite::params;

impl SqliteStore {
    /// True where content with this hash (see [`blob_id`](crate::blob_id)) was recorded as imported.
    pub async fn import_seen(&self, content: &BlobId) -> Result<bool, Unavailable> {
        let content = content.clone();
        self.read(move |connection| {
            let mut statement =
                connection.prepare_cached("SELECT 1 FROM imported_files WHERE content = ?1")?;
            Ok(statement.exists([content.as_str()])?)
        })
        .await
    }

    /// Records content as imported. Recording it again keeps the first time.
    pub async fn record_import(&self, content: &BlobId, at: Timestamp) -> Result<(), Unavailable> {
        let content = content.clone();
        self.write(Vec::new(), move |connection| {
            let mut statement = connection.prepare_cached(
                "INSERT INTO imported_files (content, imported_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            )?;
            statement.execute(params![content.as_str(), nanoseconds(at)])?;
            Ok(())
        })
        .await
    }
}
