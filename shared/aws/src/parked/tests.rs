//! Dead-letter queues as an administrator uses them.

use super::*;
use crate::mocked::mocked_client;
use aws_sdk_sqs::{
    operation::{
        change_message_visibility_batch::{
            ChangeMessageVisibilityBatchInput, ChangeMessageVisibilityBatchOutput,
        },
        delete_message::{DeleteMessageInput, DeleteMessageOutput},
        receive_message::{ReceiveMessageInput, ReceiveMessageOutput},
        send_message::{SendMessageError, SendMessageInput, SendMessageOutput},
    },
    types::{
        ChangeMessageVisibilityBatchRequestEntry, Message, MessageSystemAttributeName, error::KmsThrottled,
    },
};
use aws_smithy_mocks::{MockResponse, Rule, mock};
use lotse_domain::{Queue, ports::ParkedDeliveries as _};
use std::sync::{Arc, Mutex, MutexGuard};

const SOURCE: &str = "https://sqs.example/lotse-classify";
const PARKED: &str = "https://sqs.example/lotse-classify-parked";

/// A dead-letter queue: messages that can be seen, messages in somebody's hand, and all calls that came.
#[derive(Default)]
struct DeadLetters {
    visible: Vec<Message>,
    hidden: Vec<Message>,
    sent: Vec<String>,
    calls: Vec<&'static str>,
    refuses_to_send: bool,
}

#[derive(Clone, Default)]
struct World(Arc<Mutex<DeadLetters>>);

impl World {
    fn with(messages: Vec<Message>) -> Self {
        Self(Arc::new(Mutex::new(DeadLetters { visible: messages, ..DeadLetters::default() })))
    }

    fn state(&self) -> MutexGuard<'_, DeadLetters> {
        self.0.lock().expect("no panic")
    }

    fn rules(&self) -> Vec<Rule> {
        let (receive, release, send, delete) = (self.clone(), self.clone(), self.clone(), self.clone());
        vec![
            mock!(Client::receive_message).then_compute_output(move |input: &ReceiveMessageInput| {
                assert_eq!(input.queue_url(), Some(PARKED));
                let mut world = receive.state();
                world.calls.push("receive");
                let count = world.visible.len().min(10);
                let received: Vec<Message> = world.visible.drain(..count).collect();
                world.hidden.extend(received.clone());
                ReceiveMessageOutput::builder().set_messages(Some(received)).build()
            }),
            mock!(Client::change_message_visibility_batch).then_compute_output(
                move |input: &ChangeMessageVisibilityBatchInput| {
                    let mut world = release.state();
                    world.calls.push("release");
                    let handles: Vec<_> = input
                        .entries()
                        .iter()
                        .map(ChangeMessageVisibilityBatchRequestEntry::receipt_handle)
                        .collect();
                    let (let_go, kept) = std::mem::take(&mut world.hidden)
                        .into_iter()
                        .partition(|message| handles.contains(&message.receipt_handle().unwrap_or_default()));
                    world.hidden = kept;
                    world.visible.extend(let_go);
                    let output = ChangeMessageVisibilityBatchOutput::builder();
                    output
                        .set_successful(Some(Vec::new()))
                        .set_failed(Some(Vec::new()))
                        .build()
                        .expect("complete")
                },
            ),
            mock!(Client::send_message).then_compute_response(move |input: &SendMessageInput| {
                assert_eq!(input.queue_url(), Some(SOURCE));
                let mut world = send.state();
                world.calls.push("send");
                if world.refuses_to_send {
                    return MockResponse::Error(SendMessageError::KmsThrottled(
                        KmsThrottled::builder().build(),
                    ));
                }
                world.sent.push(input.message_body().unwrap_or_default().to_owned());
                MockResponse::Output(SendMessageOutput::builder().build())
            }),
            mock!(Client::delete_message).then_compute_output(move |input: &DeleteMessageInput| {
                let mut world = delete.state();
                world.calls.push("delete");
                world.hidden.retain(|message| message.receipt_handle() != input.receipt_handle());
                DeleteMessageOutput::builder().build()
            }),
        ]
    }

    fn parked(&self) -> SqsParked {
        let client = mocked_client!(aws_sdk_sqs, &self.rules());
        SqsParked::with_client(client, [(Queue::Classify, SOURCE.to_owned(), PARKED.to_owned())], 5)
    }
}

/// A message that SQS moved to the dead-letter queue.
fn redriven(id: &str, sent_at: i64) -> Message {
    Message::builder()
        .message_id(id)
        .receipt_handle(format!("receipt of {id}"))
        .body(format!("body of {id}"))
        .attributes(MessageSystemAttributeName::SentTimestamp, sent_at.to_string())
        .build()
}

/// A message that a function parked.
fn given_up(id: &str, sent_at: i64, reason: &str) -> Message {
    let text = |kind: &str, value: &str| {
        MessageAttributeValue::builder().data_type(kind).string_value(value).build().expect("complete")
    };
    let mut message = redriven(id, sent_at);
    message.message_attributes = Some(std::collections::HashMap::from([
        (REASON.to_owned(), text("String", reason)),
        (ATTEMPTS.to_owned(), text("Number", "2")),
    ]));
    message
}

#[tokio::test]
async fn those_given_up_are_shown_latest_first_with_their_reason() {
    let world = World::with(vec![
        redriven("a", 1_000),
        given_up("b", 3_000, "the case is gone"),
        redriven("c", 2_000),
    ]);
    let parked = world.parked().parked(10).await.expect("a list");
    let ids: Vec<&str> = parked.iter().map(|delivery| delivery.id.as_str()).collect();
    assert_eq!(ids, ["classify.b", "classify.c", "classify.a"]);
    let [first, second, _] = parked.as_slice() else { panic!("three") };
    assert_eq!((first.attempts, first.reason.as_str()), (2, "the case is gone"));
    assert_eq!(
        (second.attempts, second.reason.as_str()),
        (5, "failed 5 times; the log of classify says why")
    );
    assert_eq!((second.queue, second.body.as_str()), (Queue::Classify, "body of c"));
    assert_eq!(second.parked_at.as_millisecond(), 2_000);
}

#[tokio::test]
async fn looking_takes_nothing_away() {
    let world = World::with((0..25).map(|number| redriven(&number.to_string(), number)).collect());
    assert_eq!(world.parked().parked(100).await.expect("a list").len(), 25);
    assert_eq!(world.state().calls.iter().filter(|call| **call == "release").count(), 3);
    assert_eq!(world.state().visible.len(), 25);
}

#[tokio::test]
async fn a_page_shows_no_more_than_it_holds() {
    let world = World::with((0..50).map(|number| redriven(&number.to_string(), number)).collect());
    assert_eq!(world.parked().parked(12).await.expect("a list").len(), 12);
    assert_eq!(world.state().calls.iter().filter(|call| **call == "receive").count(), 2);
}

#[tokio::test]
async fn one_is_put_back_before_it_is_taken_away() {
    let world = World::with((0..15).map(|number| redriven(&number.to_string(), number)).collect());
    assert!(world.parked().retry_parked("classify.12").await.expect("put back"));
    assert_eq!(world.state().sent, ["body of 12"]);
    let calls = world.state().calls.clone();
    assert_eq!(calls, ["receive", "receive", "send", "delete", "release", "release"]);
    assert!(world.state().hidden.is_empty(), "the others can be seen again");
}

#[tokio::test]
async fn one_that_its_queue_does_not_take_stays_where_it_is() {
    let world = World::with(vec![redriven("a", 1)]);
    world.state().refuses_to_send = true;
    let error = world.parked().retry_parked("classify.a").await.expect_err("not taken");
    assert!(error.to_string().contains("SQS SendMessage failed"), "{error}");
    assert!(!world.state().calls.contains(&"delete"));
}

#[tokio::test]
async fn one_that_is_not_there_is_not_retried() {
    let world = World::with(vec![redriven("a", 1)]);
    let parked = world.parked();
    for id in ["classify.b", "safety.a", "nonsense", "", "."] {
        assert!(!parked.retry_parked(id).await.expect("an answer"), "{id}");
    }
    assert!(world.state().sent.is_empty());
}

#[tokio::test]
async fn a_function_parks_with_reason_and_attempts() {
    let seen = Arc::new(Mutex::new(None));
    let keep = Arc::clone(&seen);
    let rule = mock!(Client::send_message).then_compute_output(move |input: &SendMessageInput| {
        let text = |name| input.message_attributes()?.get(name)?.string_value().map(str::to_owned);
        *keep.lock().expect("no panic") = Some((input.message_body.clone(), text(REASON), text(ATTEMPTS)));
        SendMessageOutput::builder().build()
    });
    let queue = ParkingQueue { client: mocked_client!(aws_sdk_sqs, &[&rule]), url: PARKED.to_owned() };
    queue.park("{}", 3, "no\u{0}such\ncase").await.expect("parked");
    let expected = (Some("{}".to_owned()), Some("no such case".to_owned()), Some("3".to_owned()));
    assert_eq!(seen.lock().expect("no panic").take(), Some(expected));
}

#[test]
fn a_reason_fits_into_an_attribute_whatever_it_says() {
    assert_eq!(fit_attribute(""), "no reason given");
    assert_eq!(fit_attribute(" \u{1} "), "no reason given");
    assert_eq!(fit_attribute(&"ä".repeat(5000)).chars().count(), LONGEST_REASON);
}
