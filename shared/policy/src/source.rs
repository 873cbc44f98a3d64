//! One policy file: its text, and where in it a byte stands.

use crate::{
    problems::{Position, Problems},
    table::Table,
};
use std::ops::Range;
use toml::de::{DeTable, Error};

/// A policy file as it was found, before anything is known about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyFile {
    /// Name within the policy, with `/` between folders: `desks.toml`, `texts/de.toml`.
    pub name: String,
    /// How messages name the file: a path that an editor opens.
    pub path: String,
    /// The bytes.
    pub content: Vec<u8>,
}

/// A policy file whose bytes are text.
#[derive(Debug)]
pub(crate) struct SourceFile {
    /// Name within the policy.
    pub(crate) name: String,
    /// How messages name the file.
    pub(crate) path: String,
    text: String,
}

impl SourceFile {
    /// Takes the file's bytes as text. Reports the first byte that is none.
    pub(crate) fn read(file: PolicyFile, problems: &Problems) -> Option<Self> {
        let PolicyFile { name, path, content } = file;
        match String::from_utf8(content) {
            Ok(text) => Some(Self { name, path, text }),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(&error.into_bytes()).into_owned();
                let file = Self { name, path, text };
                problems.report(&file, valid..valid, "the file is not UTF-8 text", "a file saved as UTF-8");
                None
            }
        }
    }

    /// Reads the file as TOML. Reports every syntax error; what follows from one is not looked at.
    pub(crate) fn parse<'f>(&'f self, problems: &'f Problems) -> Option<Table<'f>> {
        let (document, mut errors) = DeTable::parse_recoverable(&self.text);
        let is_sound = errors.is_empty();
        let place = |error: &Error| error.span().unwrap_or_default();
        errors.sort_by_key(|error| place(error).start);
        // All that follows an open bracket is read as if it stood in it: only the first error means something.
        if errors.iter().any(|error| error.message().contains("unclosed")) {
            errors.truncate(1);
        }
        errors.dedup_by_key(|error| self.position(place(error).start).line);
        for error in &errors {
            let (what, expected) = split_expectation(error.message());
            let expected = expected.unwrap_or_else(|| "TOML as in the shipped policy".into());
            problems.report(self, place(error), format!("not TOML: {what}"), expected);
        }
        is_sound.then(|| {
            let span = document.span();
            Table::of_file(self, problems, document.into_inner(), span)
        })
    }

    /// Where within a span something stands, or the span where it is written in another way there.
    pub(crate) fn find(&self, within: Range<usize>, wanted: &str) -> Range<usize> {
        let found = self.text.get(within.clone()).and_then(|text| text.find(wanted));
        found.map_or(within.clone(), |offset| {
            let start = within.start + offset;
            start..start + wanted.len()
        })
    }

    /// Line and column of a byte.
    pub(crate) fn position(&self, byte: usize) -> Position {
        let before = self.text.get(..byte).unwrap_or(&self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position {
            line: before.bytes().filter(|&byte| byte == b'\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
        }
    }
}

/// Splits a message of the TOML reader, or of one of our own types, into what is wrong and what was
/// expected, and says it in plain words: „invalid type: integer `5`, expected a string“.
pub(crate) fn split_expectation(message: &str) -> (String, Option<String>) {
    let message = message
        .replace("invalid type: ", "here stands the ")
        .replace("invalid value: ", "here stands the ")
        .replace("unknown variant", "unknown name");
    let mut expectations = message.match_indices("expected ");
    // „unexpected `=` in array, expected value“ expects a value.
    let Some((at, word)) = expectations.find(|(at, _)| !message[..*at].ends_with("un")) else {
        return (message, None);
    };
    let what = message[..at].trim_end_matches([' ', ',', ';', ':']);
    let what = if what.is_empty() { "something else stands here" } else { what };
    (what.to_owned(), Some(in_plain_words(&message[at + word.len()..])))
}

/// Names of Rust types are no help to whoever edits a policy.
fn in_plain_words(expected: &str) -> String {
    match expected {
        "a string" => "a text in quotation marks",
        "a boolean" => "true or false",
        "a sequence" => "a list in [ ]",
        "a map" | "a table" => "a table",
        "f64" | "f32" => "a number",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, not negative",
        "i8" | "i16" | "i32" | "i64" => "a whole number",
        other => other,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::split_expectation;

    #[test]
    fn messages_fall_apart_into_what_is_wrong_and_what_was_expected() {
        let cases = [
            (
                "invalid type: integer `5`, expected a string",
                "here stands the integer `5`",
                Some("a text in quotation marks"),
            ),
            (
                "not a confidence; expected a number from 0 to 1",
                "not a confidence",
                Some("a number from 0 to 1"),
            ),
            ("unexpected `=` in array, expected value, `]`", "unexpected `=` in array", Some("value, `]`")),
            ("unexpected end of file", "unexpected end of file", None),
            ("expected newline", "something else stands here", Some("newline")),
        ];
        for (message, what, expected) in cases {
            assert_eq!(
                split_expectation(message),
                (what.to_owned(), expected.map(str::to_owned)),
                "{message}"
            );
        }
    }
}
