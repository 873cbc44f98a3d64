//! Connections that only read, on threads that may block.

use super::{error::Fault, open::connect};
use rusqlite::Connection;
use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// SQLite's readers do not wait for each other, but for the processor: few are enough.
const MOST_READERS: usize = 4;

/// A small pool. Connections are opened when first needed, so that an idle store holds little memory.
pub(super) struct Readers {
    path: Arc<Path>,
    permits: Semaphore,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn of(path: Arc<Path>) -> Self {
        Self { path, permits: Semaphore::new(MOST_READERS), idle: Mutex::new(Vec::new()) }
    }

    /// Runs `work` on a connection. Each statement reads the database as of one moment.
    pub(super) async fn run<T: Send + 'static>(
        self: Arc<Self>,
        work: impl FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let pool = Arc::clone(&self);
        let Ok(_permit) = pool.permits.acquire().await else { return Err(Fault::Stopped) };
        let outcome = spawn_blocking(move || {
            let connection = self.take()?;
            let outcome = work(&connection);
            self.give_back(connection);
            outcome
        });
        outcome.await.unwrap_or(Err(Fault::Stopped))
    }

    fn take(&self) -> Result<Connection, Fault> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(connection) = idle {
            return Ok(connection);
        }
        let connection = connect(&self.path)?;
        connection.pragma_update(None, "cache_size", -1024)?; // KiB
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    }

    fn give_back(&self, connection: Connection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }
}
