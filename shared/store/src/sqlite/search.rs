//! Finding cases by the words of their messages.

use super::{cases::read_summary, columns::rows, error::Fault};
use lotse_domain::CaseSummary;
use rusqlite::{Connection, params};
use std::collections::BTreeSet;

/// More words than anybody searches for; what follows is ignored.
const MOST_TERMS: usize = 16;
/// Longer than any word; what follows is ignored.
const LONGEST_SEARCH: usize = 1_000;

/// The words of a search as FTS5 terms, each in quotes, so that no text means anything else than itself.
/// A word such as `NP-2026-004711` becomes a phrase: its parts, in this order.
pub(super) fn terms(words: &str) -> BTreeSet<String> {
    let searched: String = words.chars().take(LONGEST_SEARCH).collect();
    searched
        .split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| word.contains(char::is_alphanumeric))
        .map(|word| format!("\"{}\"", word.replace('"', "\"\"")))
        .take(MOST_TERMS)
        .collect()
}

/// The cases that hold all terms, whichever message each stands in; by the sum of the messages' ranks, which
/// are the more negative the better they fit.
pub(super) fn find(
    connection: &Connection,
    terms: &BTreeSet<String>,
    limit: usize,
) -> Result<Vec<CaseSummary>, Fault> {
    let list: serde_json::Value = terms.iter().map(String::as_str).collect();
    let mut statement = connection.prepare_cached(
        "WITH hits AS MATERIALIZED (
             SELECT term.key AS term, message_words.rowid >> 32 AS case_number, message_words.rank AS fit
             FROM json_each(?1) AS term CROSS JOIN message_words
             WHERE message_words MATCH term.value
         ), found AS (
             SELECT case_number, sum(fit) AS fit FROM hits
             GROUP BY case_number HAVING count(DISTINCT term) = ?2
             ORDER BY fit, case_number DESC LIMIT ?3
         )
         SELECT snapshot FROM found JOIN cases ON cases.number = case_number ORDER BY fit, case_number DESC",
    )?;
    let found =
        statement.query_and_then(params![list.to_string(), rows(terms.len()), rows(limit)], read_summary)?;
    found.collect()
}
