//! Raw messages, under the hash of their bytes.

use super::{SqliteStore, Subject, error::Fault, queues::enqueue};
use lotse_domain::{
    BlobId, QueueMessage,
    ports::{BlobStore, Unavailable},
};
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The id under which these bytes are stored: the hexadecimal SHA-256 of their content.
pub fn blob_id(bytes: &[u8]) -> BlobId {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    let Ok(id) = BlobId::try_from(text) else { unreachable!("32 bytes are 64 hexadecimal digits") };
    id
}

impl BlobStore for SqliteStore {
    async fn put(&self, bytes: Vec<u8>) -> Result<BlobId, Unavailable> {
        let id = blob_id(&bytes);
        let stored = id.clone();
        self.write(Vec::new(), move |connection| insert(connection, &stored, &bytes)).await?;
        Ok(id)
    }

    async fn get(&self, id: &BlobId) -> Result<Option<Vec<u8>>, Unavailable> {
        let id = id.clone();
        self.read(move |connection| {
            let mut statement = connection.prepare_cached("SELECT bytes FROM blobs WHERE id = ?1")?;
            Ok(statement.query_row([id.as_str()], |row| row.get(0)).optional()?)
        })
        .await
    }
}

impl SqliteStore {
    /// Stores bytes together with the queue message that tells of them, both or neither: raw mail is safe
    /// and on its way before the sender's server is told `250`.
    pub async fn store_and_enqueue(
        &self,
        bytes: Vec<u8>,
        message: impl FnOnce(&BlobId) -> QueueMessage,
    ) -> Result<BlobId, Unavailable> {
        let id = blob_id(&bytes);
        let message = message(&id);
        let stored = id.clone();
        self.write(vec![Subject::Queue(message.queue)], move |connection| {
            insert(connection, &stored, &bytes)?;
            enqueue(connection, &message)
        })
        .await?;
        Ok(id)
    }
}

fn insert(connection: &Connection, id: &BlobId, bytes: &[u8]) -> Result<(), Fault> {
    let mut statement =
        connection.prepare_cached("INSERT INTO blobs (id, bytes) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
    statement.execute(params![id.as_str(), bytes])?;
    Ok(())
}
