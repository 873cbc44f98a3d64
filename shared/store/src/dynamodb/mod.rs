//! The DynamoDB adapter: one table, one write for one commit.
//!
//! A case is its history: one item for each event, and nothing beside it that could contradict it. Loading a
//! case reads its events and adds them up; a commit appends events on the condition that the next place is
//! free. What lists show (worklists above all) stands in items of its own and is written in the same
//! transaction, where it changed. Why so: `infra/docs/decisions/0006-on-dynamodb-a-case-is-its-history.md`.
//!
//! - [`table`] says what the table is, `keys` what its keys look like, `event_items` what an event is,
//! - `commit` decides what is written, `transaction` writes it and says why it was not,
//! - `history`, `lookups` and `worklists` read, `search` and `words` find, `users` keeps who may sign in,
//! - `patience` tries again, `error` says what went wrong.

mod cases;
mod claims;
mod commit;
mod error;
mod event_items;
mod history;
mod item;
mod keys;
mod lines;
mod lookups;
mod patience;
mod query;
mod search;
mod store;
pub mod table;
mod transaction;
mod users;
mod words;
mod worklists;

pub use error::{Refusal, TableError};
pub use store::DynamoStore;
