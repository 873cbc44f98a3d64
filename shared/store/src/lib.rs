//! Where cases, queues and mail are kept: the adapters of the domain's store ports, and the contract suite
//! that each adapter passes.
//!
//! [`SqliteStore`] is one file on one machine: what `lotse serve` runs on. It implements every port of
//! [`lotse_domain::ports`] that stores something, and beyond them the queues and the outbox that one
//! process needs where no cloud provides them.
//!
//! `DynamoStore` (feature `dynamodb`) is one table on AWS, for cases and users; what stands in `stream` (feature
//! of that name) reads the records of the table's stream.

#[cfg(any(feature = "sqlite", feature = "dynamodb"))]
mod consistency;
#[cfg(feature = "contract")]
pub mod contract;
#[cfg(feature = "dynamodb")]
pub mod dynamodb;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "stream")]
pub mod stream;

#[cfg(feature = "dynamodb")]
pub use dynamodb::DynamoStore;
#[cfg(feature = "sqlite")]
pub use sqlite::{
    Changes, DatabaseError, Delivery, DeliveryId, KeptMail, MailState, OpenError, OutgoingMail, SqliteStore,
    Subject, Trouble, UnreadableText, blob_id,
};
