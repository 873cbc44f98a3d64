//! Metrics in the embedded format of `CloudWatch`: JSON lines on stdout, of which it makes metrics. No call, no
//! agent, and the same line can be searched in the logs.
//!
//! One namespace, one dimension (the function's name, of which an installation has eleven): a metric with a
//! case, a desk or an address as dimension would cost by the case and tell who wrote.

use serde_json::{Map, Value, json};
use std::{
    env,
    io::{self, Write as _},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

const NAMESPACE: &str = "Lotse";
const DIMENSION: &str = "FunctionName";
/// `CloudWatch` reads so many values of one metric in one line.
const MOST_VALUES: usize = 100;

/// Counts something that a function saw, such as `MailDelayed`.
pub fn emit_count(name: &str, count: usize) {
    Metrics::default().count(name, count).emit();
}

/// What one invocation has measured.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    definitions: Vec<Value>,
    values: Map<String, Value>,
}

impl Metrics {
    /// So many of something; 0 counts, too.
    pub(crate) fn count(mut self, name: &str, count: usize) -> Self {
        self.add(name, "Count", json!(count));
        self
    }

    /// How long each of several things took; none adds nothing.
    pub(crate) fn durations(mut self, name: &str, durations: &[Duration]) -> Self {
        let milliseconds = |duration: &Duration| (duration.as_secs_f64() * 1e6).round() / 1e3;
        let values: Vec<f64> = durations.iter().take(MOST_VALUES).map(milliseconds).collect();
        if !values.is_empty() {
            self.add(name, "Milliseconds", json!(values));
        }
        self
    }

    fn add(&mut self, name: &str, unit: &str, value: Value) {
        self.definitions.push(json!({ "Name": name, "Unit": unit }));
        self.values.insert(name.to_owned(), value);
    }

    /// Writes the line. Metrics that cannot be written do not fail what they measure.
    pub(crate) fn emit(self) {
        let function = env::var("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_default();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        if let Some(line) = self.line(&function, now) {
            // Whole, so that no line of another thread comes between.
            let _ = io::stdout().lock().write_all(line.as_bytes());
        }
    }

    fn line(self, function: &str, since_epoch: Duration) -> Option<String> {
        if self.definitions.is_empty() {
            return None;
        }
        let mut line = self.values;
        line.insert(DIMENSION.to_owned(), json!(function));
        line.insert(
            "_aws".to_owned(),
            json!({
                "Timestamp": u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX),
                "CloudWatchMetrics": [{
                    "Namespace": NAMESPACE,
                    "Dimensions": [[DIMENSION]],
                    "Metrics": self.definitions,
                }],
            }),
        );
        Some(format!("{}\n", Value::Object(line)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_cloudwatch_is_to_make_of_it() {
        let metrics = Metrics::default()
            .count("Parked", 0)
            .durations("Duration", &[Duration::from_micros(1500), Duration::from_secs(2)]);
        let line = metrics.line("lotse-classify", Duration::from_secs(1_795_000_000)).expect("a line");
        assert!(line.ends_with('\n') && line.trim_end().lines().count() == 1);
        let line: Value = serde_json::from_str(&line).expect("JSON");
        let expected = json!({
            "_aws": {
                "Timestamp": 1_795_000_000_000_u64,
                "CloudWatchMetrics": [{
                    "Namespace": "Lotse",
                    "Dimensions": [["FunctionName"]],
                    "Metrics": [
                        { "Name": "Parked", "Unit": "Count" },
                        { "Name": "Duration", "Unit": "Milliseconds" },
                    ],
                }],
            },
            "FunctionName": "lotse-classify",
            "Parked": 0,
            "Duration": [1.5, 2000.0],
        });
        assert_eq!(line, expected);
    }

    #[test]
    fn what_measured_nothing_writes_nothing() {
        assert_eq!(Metrics::default().durations("Duration", &[]).line("f", Duration::ZERO), None);
    }

    #[test]
    fn no_line_holds_more_values_than_cloudwatch_reads() {
        let many = vec![Duration::from_millis(1); MOST_VALUES + 1];
        let line = Metrics::default().durations("Duration", &many).line("f", Duration::ZERO).expect("a line");
        let line: Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(line["Duration"].as_array().map(Vec::len), Some(MOST_VALUES));
    }
}
