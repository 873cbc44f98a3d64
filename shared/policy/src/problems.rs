//! What is wrong with a policy: every mistake with its place, and with what was expected there.

use crate::source::SourceFile;
use std::{cell::RefCell, fmt, ops::Range};

/// One mistake in a policy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, as the reader of the message finds it: its path, or its name within the policy.
    pub file: String,
    /// Line and column, each counted from 1, the column in characters. `None` where the mistake is
    /// about the file as a whole: it is missing, it cannot be read.
    pub position: Option<Position>,
    /// What is wrong.
    pub what: String,
    /// What was expected instead.
    pub expected: String,
}

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, counted from 1.
    pub line: usize,
    /// Column, counted in characters from 1.
    pub column: usize,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.file)?;
        if let Some(Position { line, column }) = self.position {
            write!(out, ":{line}:{column}")?;
        }
        write!(out, ": {}; expected {}", self.what, self.expected)
    }
}

/// A policy that cannot be used. Displays one line per mistake, ordered by file and place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyErrors(Vec<Problem>);

impl PolicyErrors {
    /// The mistakes, ordered by file and place; never empty.
    pub fn problems(&self) -> &[Problem] {
        &self.0
    }
}

impl fmt::Display for PolicyErrors {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(out, "{separator}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for PolicyErrors {}

/// Messages repeat what stands in the files, line ends and escape codes for terminals included.
fn on_one_line(text: &str) -> String {
    text.split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Collects mistakes while the files are read, so that all of them are reported at once. Shared by
/// the readers of all files and tables, hence the cell.
#[derive(Debug, Default)]
pub(crate) struct Problems(RefCell<Vec<Problem>>);

impl Problems {
    /// Notes a mistake at a place of a file; `span` counts bytes.
    pub(crate) fn report(
        &self,
        file: &SourceFile,
        span: Range<usize>,
        what: impl Into<String>,
        expected: impl Into<String>,
    ) {
        self.push(&file.path, Some(file.position(span.start)), &what.into(), &expected.into());
    }

    /// Notes a mistake about a file or folder as a whole.
    pub(crate) fn report_whole(&self, path: &str, what: impl Into<String>, expected: impl Into<String>) {
        self.push(path, None, &what.into(), &expected.into());
    }

    fn push(&self, path: &str, position: Option<Position>, what: &str, expected: &str) {
        let (what, expected) = (on_one_line(what), on_one_line(expected));
        self.0.borrow_mut().push(Problem { file: path.to_owned(), position, what, expected });
    }

    /// The value, if it was made and nothing is wrong; otherwise all mistakes.
    pub(crate) fn into_result<T>(self, value: Option<T>) -> Result<T, PolicyErrors> {
        let mut problems = self.0.into_inner();
        problems.sort();
        problems.dedup();
        match value {
            Some(value) if problems.is_empty() => Ok(value),
            _ => Err(PolicyErrors(problems)),
        }
    }
}
