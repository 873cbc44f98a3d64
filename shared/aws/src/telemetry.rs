//! Logs on AWS: one JSON object a line on stdout, which Lambda takes over as it is.
//!
//! Fields are chosen one by one where something is logged. Crates of others are heard from `WARN` on only,
//! whatever level is asked for: below it, `lambda_runtime` and the SDK write whole events and requests, and
//! those hold personal data.

use std::env;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{filter::Targets, fmt, prelude::*};

/// Starts logging for the function whose crate is named, at the level that Lambda's own setting asks for
/// (`ApplicationLogLevel`, which Lambda hands on as `AWS_LAMBDA_LOG_LEVEL`). A second call changes nothing.
pub(crate) fn start_logging(krate: &str) {
    let level = env::var("AWS_LAMBDA_LOG_LEVEL").map_or(LevelFilter::INFO, |name| read_level(&name));
    let lines = fmt::layer().json().flatten_event(true).with_span_list(false).with_writer(std::io::stdout);
    // The only error is that logging was started before.
    let _ = tracing_subscriber::registry().with(lines).with(filter(krate, level)).try_init();
}

/// Lambda's names of levels; any other counts as `INFO`.
fn read_level(name: &str) -> LevelFilter {
    match name.to_ascii_uppercase().as_str() {
        "TRACE" => LevelFilter::TRACE,
        "DEBUG" => LevelFilter::DEBUG,
        "WARN" => LevelFilter::WARN,
        "ERROR" | "FATAL" => LevelFilter::ERROR,
        _ => LevelFilter::INFO,
    }
}

fn filter(krate: &str, level: LevelFilter) -> Targets {
    let krate = krate.replace('-', "_");
    // `lotse` stands for each crate whose name begins so.
    Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        .with_target("lotse", level)
        .with_target(krate, level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn levels_are_read_as_lambda_names_them() {
        let levels = ["TRACE", "debug", "INFO", "WARN", "ERROR", "FATAL", "nonsense"].map(read_level);
        let expected = [
            LevelFilter::TRACE,
            LevelFilter::DEBUG,
            LevelFilter::INFO,
            LevelFilter::WARN,
            LevelFilter::ERROR,
            LevelFilter::ERROR,
            LevelFilter::INFO,
        ];
        assert_eq!(levels, expected);
    }

    #[test]
    fn crates_that_log_whole_events_are_not_heard_however_much_is_asked_for() {
        let filter = filter("intake-mail", LevelFilter::TRACE);
        assert!(filter.would_enable("intake_mail::arrival", &Level::TRACE));
        assert!(filter.would_enable("lotse_aws::batch", &Level::TRACE));
        for theirs in ["lambda_runtime::layers::api_response", "aws_smithy_runtime", "hyper::proto"] {
            assert!(!filter.would_enable(theirs, &Level::INFO), "{theirs}");
            assert!(filter.would_enable(theirs, &Level::WARN), "{theirs}");
        }
    }

    #[test]
    fn a_function_that_is_to_say_errors_only_says_errors_only() {
        let filter = filter("desk", LevelFilter::ERROR);
        assert!(!filter.would_enable("desk", &Level::WARN));
        assert!(!filter.would_enable("hyper", &Level::WARN));
    }
}
