//! What the demo shows.

use serde::Serialize;
use std::io::{self, Write};

/// One inquiry of the demo and what became of it.
#[derive(Serialize)]
pub(crate) struct Row {
    pub(crate) reference: String,
    pub(crate) channel: String,
    /// What it was meant to be.
    pub(crate) what: String,
    /// What triage found.
    pub(crate) found: String,
    pub(crate) went_to: String,
    pub(crate) asked_for: String,
}

const TITLES: [&str; 6] = ["Reference", "Channel", "What it was", "Found", "Went to", "Asked for"];

/// Writes the rows below each other, each column as wide as its widest entry.
pub(crate) fn write_table(rows: &[Row], out: &mut impl Write) -> io::Result<()> {
    let cells = rows.iter().map(|row| {
        [&row.reference, &row.channel, &row.what, &row.found, &row.went_to, &row.asked_for]
            .map(String::as_str)
    });
    let lines: Vec<[&str; 6]> = std::iter::once(TITLES).chain(cells).collect();
    let widths: Vec<usize> = (0..TITLES.len())
        .map(|column| {
            let entries = lines.iter().filter_map(|line| line.get(column));
            entries.map(|entry| entry.chars().count()).max().unwrap_or_default()
        })
        .collect();
    for line in lines {
        let padded: Vec<String> =
            line.iter().zip(&widths).map(|(entry, width)| format!("{entry:<width$}")).collect();
        writeln!(out, "{}", padded.join("  ").trim_end())?;
    }
    Ok(())
}
