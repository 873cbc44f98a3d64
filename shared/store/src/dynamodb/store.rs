//! The store itself: a client and a table's name.

use super::patience::Patience;
use aws_sdk_dynamodb::{Client, config::retry::RetryConfig};
use std::{fmt, sync::Arc};

/// The store in one DynamoDB table, as [`table`](super::table) describes it. Cheap to clone.
///
/// What a method has answered with `Ok` is stored in several places. Cases, claims, worklists and users are
/// read as they are; timelines and searches may lag behind a commit for a moment, mostly less than a second.
#[derive(Clone)]
pub struct DynamoStore {
    pub(super) client: Client,
    pub(super) table: Arc<str>,
    pub(super) patience: Patience,
}

impl DynamoStore {
    /// The store in the table of that name. Calls nothing: the first method does.
    ///
    /// The client's own retries are switched off, since this store tries again by itself: it knows which
    /// repeats are safe. Time-outs, credentials and connections stay the client's.
    pub fn new(client: &Client, table: impl Into<Arc<str>>) -> Self {
        let config = client.config().to_builder().retry_config(RetryConfig::disabled()).build();
        Self { client: Client::from_conf(config), table: table.into(), patience: Patience::default() }
    }

    /// As [`new`](Self::new), giving up on a table that does not answer after another time than usual.
    #[must_use]
    pub fn with_patience(mut self, longest: std::time::Duration) -> Self {
        self.patience = Patience::lasting(longest);
        self
    }
}

impl fmt::Debug for DynamoStore {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("DynamoStore").field("table", &self.table).finish_non_exhaustive()
    }
}
