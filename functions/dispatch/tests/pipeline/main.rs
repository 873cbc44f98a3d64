//! The whole way of an inquiry over the functions' handlers, without a network: stories that somebody who
//! works at an inquiry desk can check, then the same stories under faults, repeats and disorder.

#![expect(clippy::expect_used, reason = "a test stops where its setting is broken")]

mod faults;
mod mails;
mod stories;
mod world;
