//! The program as Lambda starts it: what it says when it cannot serve, and that it polls when it can.
#![expect(clippy::expect_used, reason = "a test fails where something is missing")]

use lambda_simulator::Simulator;
use lotse_policy::{Packed as _, Policy};
use lotse_triage::Triage;
use serde_json::{Value, json};
use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_classify");

/// What the deployment template gives it. Nobody listens at the endpoint.
const ENVIRONMENT: [(&str, &str); 7] = [
    ("AWS_REGION", "eu-central-1"),
    ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"),
    ("AWS_SECRET_ACCESS_KEY", "example"),
    ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
    ("LOTSE_TABLE", "lotse"),
    ("LOTSE_BUCKET", "lotse-mail"),
    ("LOTSE_PARKED_CLASSIFY", "http://127.0.0.1:9/000000000000/parked"),
];

const LAMBDA: [(&str, &str); 4] = [
    ("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9"),
    ("AWS_LAMBDA_FUNCTION_NAME", "lotse-classify"),
    ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
    ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
];

/// The layer as `lotse policy pack` fills it.
fn layer() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let policy = Policy::shipped().expect("the shipped policy");
    let files = [
        (Policy::file_name(), policy.pack().expect("a packed policy")),
        (Triage::file_name(), Triage::new(&policy).pack().expect("a packed triage")),
    ];
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).expect("a packed file");
    }
    folder
}

/// The one line that a program says which does not start.
fn refusal(policy: &Path, without: &[&str]) -> String {
    let given = ENVIRONMENT.iter().chain(&LAMBDA).filter(|(name, _)| !without.contains(name)).copied();
    let output = Command::new(PROGRAM)
        .env_clear()
        .envs(given)
        .env("LOTSE_POLICY", policy)
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).expect("text");
    assert_eq!(said.lines().count(), 1, "{said}");
    let line: Value = serde_json::from_str(&said).expect("a line of JSON");
    assert_eq!((&line["level"], &line["message"]), (&json!("ERROR"), &json!("the function cannot serve")));
    line["error"].as_str().expect("an error").to_owned()
}

#[test]
fn all_variables_that_are_missing_are_named_at_once() {
    let without = ["LOTSE_TABLE", "LOTSE_BUCKET", "LOTSE_PARKED_CLASSIFY", "AWS_REGION"];
    let error = refusal(layer().path(), &without);
    for name in without {
        assert!(error.contains(name), "{name} in {error}");
    }
}

#[test]
fn a_policy_layer_that_is_missing_or_broken_is_named() {
    let layer = layer();
    let missing = layer.path().join("policy");
    let error = refusal(&missing, &[]);
    assert!(error.contains(&missing.display().to_string()) && error.contains("lotse policy pack"), "{error}");

    let file = layer.path().join(Triage::file_name());
    let whole = fs::read(&file).expect("a packed file");
    fs::write(&file, &whole[..whole.len() / 2]).expect("half a file");
    let error = refusal(layer.path(), &[]);
    assert!(error.contains(&file.display().to_string()), "{error}");
}

#[tokio::test]
async fn messages_are_answered_for_one_by_one_and_nothing_of_them_is_logged() {
    let simulator = Simulator::builder()
        .function_name("lotse-classify")
        .invocation_timeout(Duration::from_secs(30))
        .build()
        .await
        .expect("a simulator");
    let record = |id: &str, body: &str| json!({ "messageId": id, "body": body, "attributes": { "ApproximateReceiveCount": "1" } });
    let notice = json!({
        "specversion": "1.0",
        "id": "00000000000000000000000007.1",
        "source": "/lotse/cases",
        "type": "lotse.message.received.v1",
        "subject": "00000000000000000000000007",
        "time": "2026-11-23T09:00:00Z",
    });
    let records = [record("1", "Anna Berg is no JSON"), record("2", &notice.to_string())];
    let request = simulator.enqueue_payload(json!({ "Records": records })).await;
    let layer = layer();
    let mut program = Command::new(PROGRAM)
        .env_clear()
        .envs(ENVIRONMENT)
        .envs(simulator.lambda_env_vars())
        .env("LOTSE_POLICY", layer.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let answered = simulator.wait_for_invocation_complete(&request, Duration::from_mins(1)).await;
    program.kill().expect("the program runs");
    let said = program.wait_with_output().expect("its log");
    let said = String::from_utf8(said.stdout).expect("text");

    // Neither store nor dead-letter queue is there: both messages stay in their queue.
    let response = answered.expect("an answer").response.expect("a response").payload;
    let failed: Vec<&str> = response["batchItemFailures"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|failure| failure["itemIdentifier"].as_str())
        .collect();
    assert!(failed.len() == 2 && failed.contains(&"1") && failed.contains(&"2"), "{response}");
    assert!(!said.contains("Anna"), "{said}");
    let lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let about = |id: &str| lines.iter().find(|line| line["span"]["sqs.message_id"] == id).expect("a line");
    assert_eq!(about("2")["span"]["case.id"], "00000000000000000000000007");
    assert_eq!(about("1")["span"]["request_id"], json!(request));
    let metrics = lines.iter().find(|line| line["_aws"].is_object()).expect("metrics");
    assert_eq!((&metrics["Retried"], &metrics["Parked"]), (&json!(2), &json!(0)));
}
