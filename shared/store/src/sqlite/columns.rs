//! How the domain's values stand in columns.

use super::error::{Fault, UnreadableText};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use std::str::FromStr;

/// A time as a column that sorts: nanoseconds since 1970, cut to what 64 bits hold (1677 to 2262).
pub(super) fn nanoseconds(at: Timestamp) -> i64 {
    let nanoseconds = at.as_nanosecond();
    i64::try_from(nanoseconds).unwrap_or(if nanoseconds < 0 { i64::MIN } else { i64::MAX })
}

/// The time in such a column.
pub(super) fn time(nanoseconds: i64) -> Timestamp {
    // Every i64 is in range; the fallback is never taken.
    Timestamp::from_nanosecond(i128::from(nanoseconds)).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The value in a column of JSON. The error does not repeat the text, as serde's own would.
pub(super) fn from_json<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|error| {
        let place =
            format!(" ({:?} error at line {}, column {})", error.classify(), error.line(), error.column());
        UnreadableText { what, place }.into()
    })
}

/// The value in a column of plain text.
pub(super) fn from_text<T: FromStr>(what: &'static str, text: &str) -> Result<T, Fault> {
    text.parse().map_err(|_| UnreadableText { what, place: String::new() }.into())
}

/// A number of rows as SQLite counts them.
pub(super) fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
