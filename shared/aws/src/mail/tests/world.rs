//! A table and an SES that answer over the wire protocols, and let a process die at any of its calls.

use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    fmt,
    future::pending,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};
use tokio::sync::Notify;

/// When the process dies, counted in calls from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Death {
    /// The call never arrives.
    Before(usize),
    /// It arrives and does what it asks for; the answer does not come back.
    After(usize),
}

/// What SES does with a message.
#[derive(Clone, Copy)]
pub(super) enum Ses {
    Takes,
    /// Answers with that status, error and text.
    Answers(u16, &'static str, &'static str),
    /// Takes the message, and the connection breaks before the answer.
    TakesSilently,
    /// Cannot be reached.
    Unreachable,
}

struct State {
    items: HashMap<String, Value>,
    /// What SES sent, as it was asked to.
    sent: Vec<Value>,
    calls: Vec<String>,
    death: Option<Death>,
    ses: Ses,
    table_is_throttled: bool,
}

#[derive(Clone)]
pub(super) struct World {
    state: Arc<Mutex<State>>,
    died: Arc<Notify>,
}

impl World {
    pub(super) fn new(ses: Ses) -> Self {
        let (items, sent, calls) = (HashMap::new(), Vec::new(), Vec::new());
        let state = State { items, sent, calls, death: None, ses, table_is_throttled: false };
        Self { state: Arc::new(Mutex::new(state)), died: Arc::new(Notify::new()) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic")
    }

    /// A configuration whose every call comes here. It repeats calls as a function's clients do, but
    /// without the wait.
    pub(super) fn config(&self) -> SdkConfig {
        let world = SharedHttpConnector::new(self.clone());
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new("eu-central-1"))
            .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
                "id", "key", None, None, "test",
            )))
            .retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(1)))
            .http_client(http_client_fn(move |_, _| world.clone()))
            .build()
    }

    /// Runs what a process does until it ends or dies; `None` where it dies.
    pub(super) async fn run<T>(&self, process: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            outcome = process => Some(outcome),
            () = self.died.notified() => None,
        }
    }

    pub(super) fn dies(&self, death: Option<Death>) {
        let mut state = self.state();
        state.death = death;
        state.calls.clear();
    }

    pub(super) fn ses_now(&self, ses: Ses) {
        self.state().ses = ses;
    }

    pub(super) fn throttle_table(&self) {
        self.state().table_is_throttled = true;
    }

    /// The calls since the last death was set.
    pub(super) fn calls(&self) -> Vec<String> {
        self.state().calls.clone()
    }

    /// What SES sent.
    pub(super) fn sent(&self) -> Vec<Value> {
        self.state().sent.clone()
    }

    /// The items of the table, by `pk`.
    pub(super) fn items(&self) -> HashMap<String, Value> {
        self.state().items.clone()
    }

    async fn answer(self, target: Option<String>, body: Value) -> Result<HttpResponse, ConnectorError> {
        let call =
            target.as_deref().and_then(|target| target.split('.').nth(1)).unwrap_or("SendEmail").to_owned();
        let (death, number) = {
            let mut state = self.state();
            state.calls.push(call.clone());
            (state.death, state.calls.len())
        };
        if death == Some(Death::Before(number)) {
            return self.die().await;
        }
        let answer = match call.as_str() {
            "PutItem" => Ok(self.put_item(&body)),
            "DeleteItem" => Ok(self.delete_item(&body)),
            _ => self.send_email(body),
        };
        if death == Some(Death::After(number)) {
            return self.die().await;
        }
        answer
    }

    /// Lets the test know, and never comes back.
    async fn die(self) -> Result<HttpResponse, ConnectorError> {
        self.died.notify_one();
        pending().await
    }

    /// As DynamoDB would for the one condition that the ledger writes.
    fn put_item(&self, body: &Value) -> HttpResponse {
        let mut state = self.state();
        if state.table_is_throttled {
            let text = "The level of configured provisioned throughput for the table was exceeded.";
            return error("ProvisionedThroughputExceededException", &json!({"message": text}));
        }
        let pk = text(&body["Item"]["pk"]["S"]);
        if let Some(condition) = body.get("ConditionExpression") {
            let expected = "attribute_not_exists(pk) OR (#state = :sending AND lease_until < :now)";
            assert_eq!(condition, expected, "this world knows no other condition");
            let values = &body["ExpressionAttributeValues"];
            if let Some(held) = state.items.get(&pk) {
                let is_sending = held["state"] == values[":sending"];
                if !(is_sending && number(&held["lease_until"]) < number(&values[":now"])) {
                    let item = json!({"message": "The conditional request failed", "Item": held});
                    return error("ConditionalCheckFailedException", &item);
                }
            }
        }
        state.items.insert(pk, body["Item"].clone());
        respond(200, &json!({}))
    }

    fn delete_item(&self, body: &Value) -> HttpResponse {
        let mut state = self.state();
        let pk = text(&body["Key"]["pk"]["S"]);
        let held = state.items.get(&pk).map(|held| number(&held["lease_until"]));
        if held != Some(number(&body["ExpressionAttributeValues"][":until"])) {
            return error(
                "ConditionalCheckFailedException",
                &json!({"message": "The conditional request failed"}),
            );
        }
        state.items.remove(&pk);
        respond(200, &json!({}))
    }

    fn send_email(&self, body: Value) -> Result<HttpResponse, ConnectorError> {
        let mut state = self.state();
        match state.ses {
            Ses::Takes => {
                state.sent.push(body);
                let id = format!("0107018f-{}", state.sent.len());
                Ok(respond(200, &json!({"MessageId": id})))
            }
            Ses::Answers(status, kind, words) => {
                Ok(respond(status, &json!({"__type": kind, "message": words})))
            }
            Ses::TakesSilently => {
                state.sent.push(body);
                Err(ConnectorError::io("the connection was reset".into()))
            }
            Ses::Unreachable => Err(ConnectorError::io("connection refused".into())),
        }
    }
}

impl HttpConnector for World {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").map(str::to_owned);
        let body = request.body().bytes().expect("in memory");
        let body = serde_json::from_slice(body).expect("JSON");
        HttpConnectorFuture::new(self.clone().answer(target, body))
    }
}

impl fmt::Debug for World {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("[world]")
    }
}

fn respond(status: u16, body: &Value) -> HttpResponse {
    let status = StatusCode::try_from(status).expect("a status");
    HttpResponse::new(status, SdkBody::from(body.to_string()))
}

/// An error of DynamoDB.
fn error(kind: &str, more: &Value) -> HttpResponse {
    let mut body = more.clone();
    body["__type"] = Value::from(format!("com.amazonaws.dynamodb.v20120810#{kind}"));
    respond(400, &body)
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn number(attribute: &Value) -> i64 {
    attribute["N"].as_str().and_then(|digits| digits.parse().ok()).expect("a number")
}
