//! The desk as the people of Nordhafen Pharma meet it: signing in, finding work, doing it.

#![expect(clippy::expect_used, reason = "a test says by panicking that something is wrong")]

mod actions;
mod case;
mod company_sign_in;
mod parked;
mod sign_in;
mod support;
mod worklist;
