//! Logs. Fields are chosen one by one where something is logged; no type that holds personal data can be
//! logged by accident, because its `Debug` shows nothing.

use std::str::FromStr;
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt,
    prelude::*,
};

/// How a log line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For a person at a terminal.
    Text,
    /// For a machine: one JSON object a line.
    Json,
}

/// What is logged: a level for everything, and others for single crates.
#[derive(Clone, Debug)]
pub struct LogFilter(Targets);

/// The text is no log filter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "\u{201c}{0}\u{201d} is no log filter; expected off, error, warn, info, debug or trace, for single crates as \
     in info,lotse=debug"
)]
pub struct InvalidLogFilter(String);

impl FromStr for LogFilter {
    type Err = InvalidLogFilter;

    /// Reads levels, separated by commas: `LEVEL` for everything, `CRATE=LEVEL` for one crate or module.
    fn from_str(text: &str) -> Result<Self, InvalidLogFilter> {
        let invalid = |part: &str| InvalidLogFilter(part.to_owned());
        let mut targets = Targets::new();
        for part in text.split(',').map(str::trim) {
            let (target, level) =
                part.split_once('=').map_or((None, part), |(target, level)| (Some(target), level));
            let level = level_of(level).ok_or_else(|| invalid(part))?;
            targets = match target {
                None => targets.with_default(level),
                Some(target) if is_target(target) => targets.with_target(target, level),
                Some(_) => return Err(invalid(part)),
            };
        }
        Ok(Self(targets))
    }
}

fn level_of(name: &str) -> Option<LevelFilter> {
    // The library takes numbers, too, and an empty text for a level.
    let is_name = !name.is_empty() && name.bytes().all(|letter| letter.is_ascii_alphabetic());
    is_name.then(|| name.parse().ok())?
}

fn is_target(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"_-:".contains(&letter))
}

/// Starts logging to standard error. A second call changes nothing.
pub fn start_logging(format: LogFormat, filter: LogFilter) {
    let registry = tracing_subscriber::registry().with(filter.0);
    // The only error is that logging was started before.
    let _ = match format {
        LogFormat::Text => {
            registry.with(fmt::layer().with_writer(std::io::stderr).with_target(false)).try_init()
        }
        LogFormat::Json => {
            registry.with(fmt::layer().json().flatten_event(true).with_writer(std::io::stderr)).try_init()
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing_subscriber::filter::LevelFilter as Level;

    fn level_for(filter: &str, target: &str) -> Level {
        let filter: LogFilter = filter.parse().unwrap();
        let is_logged =
            |most: &Level| most.into_level().is_some_and(|level| filter.0.would_enable(target, &level));
        [Level::TRACE, Level::DEBUG, Level::INFO, Level::WARN]
            .into_iter()
            .find(is_logged)
            .unwrap_or(Level::OFF)
    }

    #[test]
    fn a_filter_names_a_level_for_all_and_others_for_crates() {
        assert_eq!(level_for("info", "lotse"), Level::INFO);
        assert_eq!(level_for("OFF", "lotse"), Level::OFF);
        assert_eq!(level_for("warn, lotse=debug", "lotse::pump"), Level::DEBUG);
        assert_eq!(level_for("warn,lotse=debug", "hyper"), Level::WARN);
        assert_eq!(level_for("lotse::smtp=trace", "lotse::pump"), Level::OFF);
    }

    #[test]
    fn what_is_no_filter_is_refused_with_what_is_expected() {
        for wrong in
            ["", "loud", "foo=bar=baz", "lotse=", "=info", "lotse", "info,", "3", "lotse=1", "a b=info"]
        {
            let error = LogFilter::from_str(wrong).unwrap_err().to_string();
            assert!(error.contains("expected off, error, warn, info"), "{wrong}: {error}");
        }
    }
}
