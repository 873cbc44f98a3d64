//! The whole way of an inquiry over the functions' handlers, without a network: stories that somebody who
//! works at an inquiry desk can check, then the same stories under faults, repeats and disorder.
//! What the mails say is kept in `snapshots`.

#![expect(clippy::expect_used, reason = "a test stops where its setting is broken")]

mod faults;
mod labelled;
mod letters;
mod mails;
mod misuse;
mod questions;
mod stories;
mod world;
