//! How the program ends: the exit codes that scripts read, and the one line that people read.

use std::{fmt, process::ExitCode};

/// What `lotse help` says about exit codes.
pub(crate) const EXPLAINED: &str = "\
Exit codes:
  0  done
  1  failed; the message on stderr says why
  2  the command line is not understood
  3  what was to be read has mistakes: a policy, a message, a labelled set, a broken history
  4  the data folder cannot be used: not writable, full, or in use by another lotse
  5  an address cannot be listened on: its port is in use, or may not be opened";

/// How the program ended, as scripts see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All was done.
    Done = 0,
    /// Something failed that has no code of its own.
    Failed = 1,
    /// The command line is not understood.
    Usage = 2,
    /// What was to be read has mistakes.
    Mistakes = 3,
    /// The data folder cannot be used.
    DataFolder = 4,
    /// An address cannot be listened on.
    Address = 5,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command stopped, with the exit code that says so. Not an [`Error`](std::error::Error) itself, so
/// that every error converts into it by `?`, as a plain failure.
pub(crate) struct Failure {
    /// The code to end with.
    pub(crate) exit: Exit,
    cause: anyhow::Error,
}

impl Failure {
    /// What was to be read has mistakes.
    pub(crate) fn mistakes(what: impl Into<String>) -> Self {
        Self { exit: Exit::Mistakes, cause: anyhow::Error::msg(what.into()) }
    }

    /// A folder or file cannot be written.
    pub(crate) fn data_folder(what: impl Into<String>) -> Self {
        Self { exit: Exit::DataFolder, cause: anyhow::Error::msg(what.into()) }
    }

    /// True where whoever read our output has read enough: `lotse triage … | head`.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        self.cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(cause: E) -> Self {
        Self { exit: Exit::Failed, cause: cause.into() }
    }
}

impl fmt::Display for Failure {
    /// The cause and what lies behind it, on one line. Many an error's text repeats its source's: each is
    /// said once.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said = self.cause.to_string();
        for cause in self.cause.chain().skip(1).map(ToString::to_string) {
            if !said.contains(&cause) {
                said = format!("{said}: {cause}");
            }
        }
        out.write_str(&said)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}: {self}", self.exit)
    }
}

/// Gives an error its exit code.
pub(crate) trait ExitWith<T> {
    /// Ends the program with this code where `self` is an error.
    fn exit_with(self, exit: Exit) -> Result<T, Failure>;
}

impl<T, E: Into<anyhow::Error>> ExitWith<T> for Result<T, E> {
    fn exit_with(self, exit: Exit) -> Result<T, Failure> {
        self.map_err(|cause| Failure { exit, cause: cause.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the disk is full: {0}")]
    struct Repeating(#[source] std::io::Error);

    #[test]
    fn each_cause_is_said_once() {
        let cause = Repeating(std::io::Error::other("no space left"));
        let failure = Failure::from(anyhow::Error::new(cause).context("cannot write the key"));
        assert_eq!(failure.to_string(), "cannot write the key: the disk is full: no space left");
    }
}
