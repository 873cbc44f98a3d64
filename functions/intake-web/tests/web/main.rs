//! The function as a browser and a program meet it: requests in, answers and committed cases out.

#![expect(clippy::expect_used, reason = "a test says by panicking that something is wrong")]

mod api;
mod form;
mod status;
mod support;
