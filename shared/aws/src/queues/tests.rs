//! What SQS says of each message, and what the sender makes of it.

use super::*;
use crate::{
    mocked::{answer, mocked_client},
    objects::Bucket,
};
use aws_sdk_s3::operation::{get_object::GetObjectOutput, put_object::PutObjectOutput};
use aws_sdk_sqs::{
    operation::send_message_batch::{SendMessageBatchInput, SendMessageBatchOutput},
    types::SendMessageBatchResultEntry,
};
use aws_smithy_mocks::{Rule, mock};
use lotse_domain::Failure;
use std::sync::{Arc, Mutex};

const URL: &str = "https://sqs.eu-central-1.amazonaws.com/123456789012/lotse-classify";

fn sender(sqs: &Rule, s3: &[&Rule]) -> SqsQueues {
    SqsQueues {
        client: mocked_client!(aws_sdk_sqs, &[sqs]),
        urls: BTreeMap::from([(Queue::Classify, URL.to_owned())]),
        large: large_messages(s3),
    }
}

fn large_messages(s3: &[&Rule]) -> LargeMessages {
    LargeMessages::in_bucket(Bucket::with_client(mocked_client!(aws_sdk_s3, s3.iter().copied()), "lotse"))
}

fn message(body: &str) -> QueueMessage {
    QueueMessage { queue: Queue::Classify, key: body.to_owned(), body: body.to_owned() }
}

fn taken(id: &str) -> SendMessageBatchResultEntry {
    let entry = SendMessageBatchResultEntry::builder().id(id).message_id(id).md5_of_message_body("");
    entry.build().expect("complete")
}

fn failed(id: &str, code: &str, sender_fault: bool) -> BatchResultErrorEntry {
    let entry = BatchResultErrorEntry::builder().id(id).code(code).sender_fault(sender_fault);
    entry.message("the queue's own words").build().expect("complete")
}

fn output(
    successful: Vec<SendMessageBatchResultEntry>,
    failed: Vec<BatchResultErrorEntry>,
) -> SendMessageBatchOutput {
    let output = SendMessageBatchOutput::builder();
    output.set_successful(Some(successful)).set_failed(Some(failed)).build().expect("complete")
}

/// An SQS that takes everything and remembers the bodies of each call.
fn takes_everything() -> (Rule, Arc<Mutex<Vec<Vec<String>>>>) {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&calls);
    let rule = mock!(Client::send_message_batch).then_compute_output(move |input: &SendMessageBatchInput| {
        let bodies = input.entries().iter().map(|entry| entry.message_body().to_owned()).collect();
        seen.lock().expect("no panic").push(bodies);
        output(input.entries().iter().map(|entry| taken(entry.id())).collect(), Vec::new())
    });
    (rule, calls)
}

#[tokio::test]
async fn twelve_messages_are_two_calls() {
    let (rule, calls) = takes_everything();
    let messages = (0..12).map(|number| message(&number.to_string())).collect();
    sender(&rule, &[]).send(messages).await.expect("taken");
    let mut sizes: Vec<usize> = calls.lock().expect("no panic").iter().map(Vec::len).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [2, 10]);
}

#[tokio::test]
async fn nothing_to_send_is_no_call() {
    let (rule, _) = takes_everything();
    sender(&rule, &[]).send(Vec::new()).await.expect("nothing to do");
    assert_eq!(rule.num_calls(), 0);
}

#[tokio::test]
async fn only_the_messages_that_failed_are_sent_again() {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&calls);
    let rule = mock!(Client::send_message_batch).then_compute_output(move |input: &SendMessageBatchInput| {
        let bodies: Vec<_> = input.entries().iter().map(|entry| entry.message_body().to_owned()).collect();
        let mut calls = seen.lock().expect("no panic");
        calls.push(bodies);
        let refuse = |body: &str| calls.len() == 1 && body == "b";
        let (bad, good): (Vec<_>, Vec<_>) =
            input.entries().iter().partition(|entry| refuse(entry.message_body()));
        output(
            good.iter().map(|entry| taken(entry.id())).collect(),
            bad.iter().map(|entry| failed(entry.id(), "ServiceUnavailable", false)).collect(),
        )
    });
    let messages = ["a", "b", "c"].map(message).to_vec();
    sender(&rule, &[]).send(messages).await.expect("taken in the end");
    assert_eq!(*calls.lock().expect("no panic"), [vec!["a", "b", "c"], vec!["b"]]);
}

#[tokio::test]
async fn a_message_that_fails_every_time_is_an_error_after_three_attempts() {
    let rule = mock!(Client::send_message_batch)
        .then_compute_output(|_| output(Vec::new(), vec![failed("0", "InternalError", false)]));
    let error = sender(&rule, &[]).send(vec![message("a")]).await.expect_err("not taken");
    assert!(matches!(error, Unavailable::ForNow(_)));
    assert!(error.to_string().contains("InternalError: the queue's own words"), "{error}");
    assert_eq!(rule.num_calls(), 3);
}

#[tokio::test]
async fn a_message_that_sqs_forgets_to_mention_counts_as_not_taken() {
    let rule =
        mock!(Client::send_message_batch).then_compute_output(|_| output(vec![taken("0")], Vec::new()));
    let messages = ["a", "b"].map(message).to_vec();
    let error = sender(&rule, &[]).send(messages).await.expect_err("one is missing");
    assert!(error.to_string().contains("does not say why"), "{error}");
}

#[tokio::test]
async fn what_is_our_fault_is_not_tried_again() {
    let rule = mock!(Client::send_message_batch)
        .then_compute_output(|_| output(Vec::new(), vec![failed("0", "KmsAccessDenied", true)]));
    let error = sender(&rule, &[]).send(vec![message("a")]).await.expect_err("refused");
    assert!(error.to_string().contains("KmsAccessDenied"), "{error}");
    assert_eq!(rule.num_calls(), 1);
}

#[tokio::test]
async fn credentials_that_expired_are_named() {
    let rule = mock!(Client::send_message_batch).then_http_response(|| {
        answer(
            403,
            r#"{"__type":"com.amazon.coral.service#ExpiredTokenException","message":"The security token included in the request is expired"}"#,
        )
    });
    let error = sender(&rule, &[]).send(vec![message("a")]).await.expect_err("refused");
    assert!(matches!(error, Unavailable::ForNow(_)));
    assert!(error.to_string().contains("SQS SendMessageBatch failed: ExpiredToken"), "{error}");
}

#[tokio::test]
async fn a_queue_without_url_is_named() {
    let (rule, _) = takes_everything();
    let message = QueueMessage { queue: Queue::Safety, ..message("a") };
    let error = sender(&rule, &[]).send(vec![message]).await.expect_err("nowhere to go");
    assert!(error.to_string().contains("safety"), "{error}");
}

#[tokio::test]
async fn one_queue_that_fails_keeps_no_other_from_its_messages() {
    let (rule, calls) = takes_everything();
    let lost = QueueMessage { queue: Queue::Safety, ..message("lost") };
    sender(&rule, &[]).send(vec![lost, message("kept")]).await.expect_err("the queue has no URL");
    assert_eq!(*calls.lock().expect("no panic"), [["kept"]]);
}

#[tokio::test]
async fn a_message_over_the_limit_goes_through_the_bucket() {
    let text = "x".repeat(batches::MOST_BYTES + 1);
    let stored = Arc::new(Mutex::new(None));
    let keep = Arc::clone(&stored);
    let put = mock!(aws_sdk_s3::Client::put_object).then_compute_output(
        move |input: &aws_sdk_s3::operation::put_object::PutObjectInput| {
            let body = input.body().bytes().expect("in memory").to_vec();
            *keep.lock().expect("no panic") = input.key().map(|key| (key.to_owned(), body));
            PutObjectOutput::builder().build()
        },
    );
    let (sqs, calls) = takes_everything();
    sender(&sqs, &[&put]).send(vec![message(&text)]).await.expect("taken");

    let pointer = calls.lock().expect("no panic").first().and_then(|call| call.first().cloned());
    let pointer = pointer.expect("a pointer went out");
    assert!(pointer.len() < 200, "{pointer}");
    let (key, body) = stored.lock().expect("no panic").take().expect("stored");
    assert!(pointer.contains(key.strip_prefix("messages/").expect("below messages/")));

    let get = mock!(aws_sdk_s3::Client::get_object)
        .match_requests(move |input| input.key() == Some(&key))
        .then_output(move || GetObjectOutput::builder().body(body.clone().into()).build());
    assert_eq!(large_messages(&[&get]).whole_body(pointer).await.expect("there"), text);
}

#[tokio::test]
async fn what_is_no_pointer_is_the_message_itself() {
    let messages = large_messages(&[]);
    for body in [
        r#"{"specversion":"1.0"}"#,
        "no JSON",
        r#"{"large_message":"../incoming/1"}"#,
        r#"{"large_message":"","more":1}"#,
    ] {
        assert_eq!(messages.whole_body(body.to_owned()).await.expect("as it is"), body);
    }
}

#[tokio::test]
async fn a_pointer_that_leads_nowhere_or_astray_is_parked() {
    let pointer = format!(r#"{{"large_message":"{}"}}"#, "a".repeat(64));
    let gone = mock!(aws_sdk_s3::Client::get_object).then_http_response(|| {
        answer(
            404,
            "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>",
        )
    });
    let other = mock!(aws_sdk_s3::Client::get_object)
        .then_output(|| GetObjectOutput::builder().body(b"other".to_vec().into()).build());
    for (rule, expected) in [(gone, "is gone from the bucket"), (other, "holds other bytes")] {
        let failure = large_messages(&[&rule]).whole_body(pointer.clone()).await.expect_err("no message");
        assert!(
            matches!(&failure, Failure::Park(cause) if cause.to_string().contains(expected)),
            "{failure}"
        );
    }
}
