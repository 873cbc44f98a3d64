//! Stories about batches: what happens to the other messages when one of them is bad.

use super::*;
use serde_json::json;
use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

/// Acts on messages by what their text says.
#[derive(Default)]
struct Script {
    done: Mutex<Vec<String>>,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
}

impl Consumer for Arc<Script> {
    async fn consume(&self, body: &str) -> Result<(), Failure> {
        let running = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_once.fetch_max(running, Ordering::SeqCst);
        task::yield_now().await;
        self.at_once.fetch_sub(1, Ordering::SeqCst);
        match body {
            "panic" => panic!("about {body}"),
            "later" => Err(Failure::retry("the store is not there")),
            "never" => Err(Failure::park("no such case")),
            "slow" => std::future::pending().await,
            _ => {
                self.done.lock().expect("a lock").push(body.to_owned());
                Ok(())
            }
        }
    }
}

/// A dead-letter queue that may be down, and a bucket that has lost an object.
#[derive(Default)]
struct Around {
    parked: Mutex<Vec<(String, u32, String)>>,
    is_down: bool,
}

impl QueueSurroundings for Arc<Around> {
    async fn whole_body(&self, body: String) -> Result<String, Failure> {
        match body.as_str() {
            "in the bucket" => Ok("the whole".to_owned()),
            "gone from the bucket" => Err(Failure::park("the object is gone")),
            _ => Ok(body),
        }
    }

    async fn park(&self, body: &str, attempts: u32, reason: &str) -> Result<(), Unavailable> {
        if self.is_down {
            return Err(Unavailable::for_now("the dead-letter queue is not there"));
        }
        self.parked.lock().expect("a lock").push((body.to_owned(), attempts, reason.to_owned()));
        Ok(())
    }
}

struct World {
    script: Arc<Script>,
    around: Arc<Around>,
}

impl World {
    fn new() -> Self {
        Self { script: Arc::default(), around: Arc::default() }
    }

    async fn receives(&self, event: Value, within: Duration) -> Result<Vec<String>, InvocationError> {
        let worker = Worker { consumer: Arc::clone(&self.script), surroundings: Arc::clone(&self.around) };
        let invocation = Invocation { until: Instant::now() + within, ..Invocation::default() };
        let response = handle(Arc::new(worker), event, invocation).await?;
        let mut failed: Vec<String> =
            response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect();
        failed.sort();
        Ok(failed)
    }

    fn done(&self) -> Vec<String> {
        let mut done = self.script.done.lock().expect("a lock").clone();
        done.sort();
        done
    }
}

const TIME_ENOUGH: Duration = Duration::from_secs(20);

/// A batch as SQS hands it over: message `1` has the first body, and so on.
fn batch(bodies: &[&str]) -> Value {
    let records = bodies.iter().enumerate().map(|(number, body)| {
        json!({
            "messageId": (number + 1).to_string(),
            "receiptHandle": "handle",
            "body": body,
            "attributes": { "ApproximateReceiveCount": "3", "SentTimestamp": "1795000000000" },
            "messageAttributes": {},
            "md5OfBody": "",
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:classify",
            "awsRegion": "eu-central-1",
        })
    });
    json!({ "Records": records.collect::<Vec<_>>() })
}

#[tokio::test]
async fn nine_messages_are_done_though_the_tenth_can_never_be() {
    let world = World::new();
    let bodies = ["a", "b", "c", "d", "never", "e", "f", "g", "h", "i"];
    assert_eq!(world.receives(batch(&bodies), TIME_ENOUGH).await.expect("an answer"), [""; 0]);
    assert_eq!(world.done(), ["a", "b", "c", "d", "e", "f", "g", "h", "i"]);
    let parked = world.around.parked.lock().expect("a lock").clone();
    assert_eq!(parked, [("never".to_owned(), 3, "no such case".to_owned())]);
}

#[tokio::test]
async fn a_panic_is_the_failure_of_its_own_message_only() {
    let world = World::new();
    let failed = world.receives(batch(&["a", "panic", "b"]), TIME_ENOUGH).await.expect("an answer");
    assert_eq!((failed, world.done()), (vec!["2".to_owned()], vec!["a".to_owned(), "b".to_owned()]));
}

#[tokio::test]
async fn what_may_go_through_later_is_delivered_again() {
    let world = World::new();
    let failed = world.receives(batch(&["later", "a", "later"]), TIME_ENOUGH).await.expect("an answer");
    assert_eq!((failed, world.done()), (vec!["1".to_owned(), "3".to_owned()], vec!["a".to_owned()]));
}

#[tokio::test]
async fn a_message_that_cannot_be_parked_stays_in_its_queue() {
    let around = Arc::new(Around { is_down: true, ..Around::default() });
    let world = World { around, ..World::new() };
    assert_eq!(world.receives(batch(&["never", "a"]), TIME_ENOUGH).await.expect("an answer"), ["1"]);
}

#[tokio::test]
async fn a_message_too_large_for_a_queue_is_fetched_and_parked_as_it_came() {
    let world = World::new();
    let failed = world.receives(batch(&["in the bucket", "gone from the bucket"]), TIME_ENOUGH).await;
    assert_eq!((failed.expect("an answer").len(), world.done()), (0, vec!["the whole".to_owned()]));
    assert_eq!(world.around.parked.lock().expect("a lock")[0].0, "gone from the bucket");
}

#[tokio::test]
async fn a_message_without_an_id_brings_its_whole_batch_again() {
    let world = World::new();
    let mut event = batch(&["a", "b"]);
    event["Records"][0].as_object_mut().expect("a record").remove("messageId");
    assert!(world.receives(event, TIME_ENOUGH).await.is_err());
    assert_eq!(world.done(), ["b"], "what has an id is done all the same");
}

#[tokio::test]
async fn a_record_of_another_form_is_told_by_its_id() {
    let world = World::new();
    let mut event = batch(&["a", "b"]);
    event["Records"][1]["body"] = json!({ "not": "text" });
    assert_eq!(world.receives(event, TIME_ENOUGH).await.expect("an answer"), ["2"]);
    for event in [json!(null), json!({}), json!({ "Records": "x" }), json!([1])] {
        assert!(world.receives(event, TIME_ENOUGH).await.is_err());
    }
}

#[tokio::test]
async fn only_so_many_messages_are_worked_on_at_once() {
    let world = World::new();
    let bodies = ["a"; 100];
    assert!(world.receives(batch(&bodies), TIME_ENOUGH).await.expect("an answer").is_empty());
    assert_eq!(world.done().len(), 100);
    assert!((2..=AT_ONCE).contains(&world.script.most_at_once.load(Ordering::SeqCst)));
}

#[tokio::test]
async fn where_no_time_is_left_no_message_is_begun_and_none_is_waited_for() {
    let world = World::new();
    let failed = world.receives(batch(&["a", "b", "c"]), Duration::from_millis(500)).await;
    assert_eq!(
        (failed.expect("an answer"), world.done()),
        (vec!["2".to_owned(), "3".to_owned()], vec!["a".to_owned()])
    );
    let failed = world.receives(batch(&["slow"]), Duration::from_millis(50)).await;
    assert_eq!(failed.expect("an answer"), ["1"]);
}
