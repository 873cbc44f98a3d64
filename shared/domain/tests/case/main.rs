//! The case process: its stories, and what holds whatever happens.

#![expect(clippy::expect_used, reason = "a test says by panicking that something is wrong")]

mod properties;
mod stories;
mod support;
