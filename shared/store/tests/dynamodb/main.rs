//! The DynamoDB adapter, over the wire: the contract of every store, what it costs, and what it does when
//! DynamoDB is slow, busy or gone.
//!
//! `tests/aws/emulator.py cargo test -p lotse-store --features dynamodb --test dynamodb` starts a DynamoDB to
//! test against.

#![expect(clippy::expect_used, reason = "a store that cannot be made is a failed test")]

mod faults;
mod table;
mod texts;
mod units;
mod wire;

mod contract {
    use super::table::fresh;

    lotse_store::case_store_contract!(fresh);
    lotse_store::user_directory_contract!(fresh);
}
