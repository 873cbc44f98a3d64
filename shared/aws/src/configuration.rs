//! What a function's environment tells it: read once, before it asks for work, with every mistake named.
//!
//! A function describes what it needs as a struct of its own and reads it with [`read_variables`]. The errors
//! name variables and never repeat values, some of which lead to secrets.

#[cfg(feature = "mail")]
use crate::SesSettings;
use crate::{CallLimits, ClientError, FUNCTION_TIMEOUT, SdkConfig, sdk_config};
use lotse_domain::Queue;
use std::{env, path::PathBuf};

/// Where Lambda puts the policy's layer, if nothing else is said.
const POLICY_FOLDER: &str = "/opt/policy";

/// How often SQS delivers a message that fails before it moves it to the dead-letter queue: `maxReceiveCount`
/// of the deployment template.
pub const MOST_RECEIVED: u32 = 5;

/// What Lambda itself sets, and `lambda_runtime` panics without.
const SET_BY_LAMBDA: [&str; 4] = [
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
];

/// Reads a function's configuration from the process's environment.
///
/// # Errors
/// Names every variable that is missing or wrong, those that Lambda sets included.
pub fn read_variables<T>(read: impl FnOnce(&mut Variables) -> Option<T>) -> Result<T, ConfigurationError> {
    read_from(Box::new(|name| env::var_os(name).map(|value| value.to_string_lossy().into_owned())), read)
}

fn read_from<T>(
    source: Source,
    read: impl FnOnce(&mut Variables) -> Option<T>,
) -> Result<T, ConfigurationError> {
    let mut variables = Variables { source, mistakes: Vec::new() };
    for name in SET_BY_LAMBDA {
        variables.text(name, "the value that Lambda sets: this program runs as a Lambda function");
    }
    match read(&mut variables) {
        Some(configuration) if variables.mistakes.is_empty() => Ok(configuration),
        _ => Err(ConfigurationError { mistakes: variables.mistakes }),
    }
}

type Source = Box<dyn Fn(&str) -> Option<String>>;

/// The environment while a configuration is read from it. Each method gives `None` where the variable is
/// missing or wrong, and remembers the mistake; so read all of them before the first `?`.
pub struct Variables {
    source: Source,
    mistakes: Vec<String>,
}

/// Where a function's own queue keeps what it cannot hold: see `OwnQueue`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnQueueSettings {
    /// The bucket of messages that are too large.
    pub bucket: String,
    /// The URL of the dead-letter queue.
    pub parked: String,
}

impl Variables {
    /// What the clients are made from: region, credentials and endpoint.
    pub fn sdk(&mut self) -> Option<SdkConfig> {
        match sdk_config(&self.source, &CallLimits::within(FUNCTION_TIMEOUT)) {
            Ok(config) => Some(config),
            Err(ClientError { mistakes }) => {
                self.mistakes.extend(mistakes);
                None
            }
        }
    }

    /// What lies around the function's own queue: `classify`, `mail-feedback`, …
    pub fn own_queue(&mut self, queue: &str) -> Option<OwnQueueSettings> {
        let (bucket, parked) = (self.bucket(), self.parked(queue));
        Some(OwnQueueSettings { bucket: bucket?, parked: parked? })
    }

    /// What the way out for mail needs to know.
    #[cfg(feature = "mail")]
    pub fn mail(&mut self) -> Option<SesSettings> {
        let (table, configuration_set) = (self.table(), self.configuration_set());
        Some(SesSettings {
            table: table?,
            configuration_set: configuration_set?,
            function_timeout: FUNCTION_TIMEOUT,
        })
    }

    /// The DynamoDB table, by name or ARN.
    pub fn table(&mut self) -> Option<String> {
        self.checked("LOTSE_TABLE", "the name of the DynamoDB table", |name| {
            let name = name.rsplit_once(":table/").map_or(name, |(_, name)| name);
            (3..=255).contains(&name.len()) && is_made_of(name, b"_.-")
        })
    }

    /// The S3 bucket of raw mail and of queue messages that are too large for a queue.
    pub fn bucket(&mut self) -> Option<String> {
        self.checked("LOTSE_BUCKET", "the name of the S3 bucket", |name| {
            (3..=63).contains(&name.len()) && is_made_of(name, b".-")
        })
    }

    /// The URL of a queue.
    pub fn queue(&mut self, queue: Queue) -> Option<String> {
        self.checked(&of_queue("LOTSE_QUEUE", queue.name()), QUEUE_URL, is_url_with_path)
    }

    /// Each queue, with its URL and the URL of its dead-letter queue.
    pub fn queues_with_parked(&mut self) -> Option<Vec<(Queue, String, String)>> {
        let urls: Vec<_> =
            Queue::ALL.map(|queue| (queue, self.queue(queue), self.parked(queue.name()))).into();
        urls.into_iter().map(|(queue, url, parked)| Some((queue, url?, parked?))).collect()
    }

    /// The URL of the dead-letter queue beside the queue of that name: `classify`, `mail-feedback`, …
    pub fn parked(&mut self, queue: &str) -> Option<String> {
        self.checked(&of_queue("LOTSE_PARKED", queue), QUEUE_URL, is_url_with_path)
    }

    /// The ARN of the secret that holds the installation's key.
    pub fn secret(&mut self) -> Option<String> {
        self.secret_named("LOTSE_SECRET")
    }

    /// The ARN of the secret that a variable names.
    pub fn secret_named(&mut self, variable: &str) -> Option<String> {
        self.checked(variable, "the ARN of a secret in Secrets Manager", |arn| {
            arn.starts_with("arn:") && arn.contains(":secretsmanager:")
        })
    }

    /// Where contacts and desks reach the pages, without a slash at the end.
    pub fn public_url(&mut self) -> Option<String> {
        let expected = "an address such as https://inquiries.pharma.example";
        let url = self.checked("LOTSE_PUBLIC_URL", expected, |url| {
            host_and_path(url).is_some() && !url.contains(['?', '#', '@'])
        })?;
        Some(url.trim_end_matches('/').to_owned())
    }

    /// The folder that the policy's layer is mounted at.
    pub fn policy_folder(&mut self) -> Option<PathBuf> {
        let given = (self.source)("LOTSE_POLICY").filter(|folder| !folder.is_empty());
        Some(given.map_or_else(|| PathBuf::from(POLICY_FOLDER), PathBuf::from))
    }

    /// The SES configuration set that mail goes out with.
    pub fn configuration_set(&mut self) -> Option<String> {
        self.checked("LOTSE_CONFIGURATION_SET", "the name of the SES configuration set", |name| {
            (1..=64).contains(&name.len()) && is_made_of(name, b"_-")
        })
    }

    /// Any variable that must hold something; `expected` says what, for whoever left it out.
    pub fn text(&mut self, variable: &str, expected: &'static str) -> Option<String> {
        self.checked(variable, expected, |_| true)
    }

    fn checked(
        &mut self,
        variable: &str,
        expected: &'static str,
        fits: impl FnOnce(&str) -> bool,
    ) -> Option<String> {
        let wrong = match (self.source)(variable).map(|value| value.trim().to_owned()) {
            Some(value) if value.is_empty() => "is empty",
            Some(value) if fits(&value) => return Some(value),
            Some(_) => "has another form",
            None => "is not set",
        };
        let mistake = format!("{variable} {wrong} (expected: {expected})");
        if !self.mistakes.contains(&mistake) {
            self.mistakes.push(mistake);
        }
        None
    }
}

const QUEUE_URL: &str = "the URL of an SQS queue";

fn of_queue(prefix: &str, queue: &str) -> String {
    format!("{prefix}_{}", queue.to_uppercase().replace('-', "_"))
}

fn is_made_of(name: &str, marks: &[u8]) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || marks.contains(&byte))
}

/// Host and path of an `http` or `https` address.
fn host_and_path(url: &str) -> Option<(&str, &str)> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    (!host.is_empty() && url.bytes().all(|byte| byte.is_ascii_graphic())).then_some((host, path))
}

fn is_url_with_path(url: &str) -> bool {
    host_and_path(url).is_some_and(|(_, path)| !path.trim_matches('/').is_empty())
}

/// The environment does not say what the function must know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the function's environment must be corrected: {}", mistakes.join("; "))]
pub struct ConfigurationError {
    /// Each mistake: which variable, what is wrong with it, and what is expected.
    pub mistakes: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_lambda(more: &'static [(&'static str, &'static str)]) -> Source {
        let is_lambda = |name: &str| SET_BY_LAMBDA.contains(&name).then(|| "1".to_owned());
        Box::new(move |name| {
            let given = more.iter().find(|(variable, _)| *variable == name);
            given.map(|(_, value)| (*value).to_owned()).or_else(|| is_lambda(name))
        })
    }

    fn contact(variables: &mut Variables) -> Option<(String, String, String, String)> {
        let (table, secret) = (variables.table(), variables.secret());
        let (url, parked) = (variables.public_url(), variables.parked("medical-information"));
        Some((table?, secret?, url?, parked?))
    }

    #[test]
    fn what_is_right_is_read() {
        let source = on_lambda(&[
            ("LOTSE_TABLE", "lotse-cases"),
            ("LOTSE_SECRET", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:lotse-AbCdEf"),
            ("LOTSE_PUBLIC_URL", "https://inquiries.nordhafen-pharma.example/"),
            ("LOTSE_PARKED_MEDICAL_INFORMATION", "http://127.0.0.1:4566/000000000000/parked"),
        ]);
        let (_, _, url, parked) = read_from(source, contact).expect("a configuration");
        assert_eq!(url, "https://inquiries.nordhafen-pharma.example");
        assert_eq!(parked, "http://127.0.0.1:4566/000000000000/parked");
    }

    #[test]
    fn every_mistake_is_named_at_once_and_no_value_is_repeated() {
        let source =
            on_lambda(&[("LOTSE_TABLE", "x"), ("LOTSE_SECRET", "hunter2"), ("LOTSE_PUBLIC_URL", "")]);
        let error = read_from(source, contact).expect_err("mistakes").to_string();
        for expected in [
            "LOTSE_TABLE has another form (expected: the name of the DynamoDB table)",
            "LOTSE_SECRET has another form",
            "LOTSE_PUBLIC_URL is empty",
            "LOTSE_PARKED_MEDICAL_INFORMATION is not set",
        ] {
            assert!(error.contains(expected), "{error}");
        }
        assert!(!error.contains("hunter2"));
    }

    #[test]
    fn a_program_that_is_not_started_by_lambda_says_so() {
        let error = read_from(Box::new(|_| None), |_| Some(())).expect_err("mistakes").to_string();
        for variable in SET_BY_LAMBDA {
            assert!(error.contains(variable), "{error}");
        }
    }

    #[test]
    fn addresses_of_queues_and_pages_are_recognised() {
        assert!(is_url_with_path("https://sqs.eu-central-1.amazonaws.com/123456789012/lotse-classify"));
        for wrong in
            ["sqs.eu-central-1.amazonaws.com/1/x", "https://", "https:///x", "https://host/", "http://a b/c"]
        {
            assert!(!is_url_with_path(wrong), "{wrong}");
        }
    }

    #[test]
    fn the_policy_lies_in_its_layer_unless_something_else_is_said() {
        let folder = |source| read_from(source, Variables::policy_folder).expect("a folder");
        assert_eq!(folder(on_lambda(&[])), PathBuf::from("/opt/policy"));
        assert_eq!(
            folder(on_lambda(&[("LOTSE_POLICY", "/var/task/policy")])),
            PathBuf::from("/var/task/policy")
        );
    }
}
