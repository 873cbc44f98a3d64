//! Stories about the stream: what happens to events when a record among them is bad.

use super::*;
use jiff::Timestamp;
use lotse_domain::{Actor, CaseId, EventId, RequestId};
use serde_json::json;
use std::{sync::Mutex, time::Duration};
use tokio::time::Instant;

/// Reads items that say which event they are, and delivers unless the queues are down.
#[derive(Default)]
struct Script {
    delivered: Mutex<Vec<u32>>,
    is_down: bool,
}

impl StreamConsumer for Script {
    fn read(&self, item: Item) -> Result<Option<RecordedEvent>, Unavailable> {
        let item: Value = serde_dynamo::from_item(item).map_err(Unavailable::unreadable)?;
        if item["kind"] != "event" {
            return Ok(None);
        }
        if item["version"] != 1 {
            return Err(Unavailable::unreadable("events of version 2 are not known"));
        }
        let sequence = item["sequence"].as_u64().and_then(|number| u32::try_from(number).ok());
        let sequence = sequence.ok_or_else(|| Unavailable::unreadable("no sequence"))?;
        Ok(Some(RecordedEvent {
            id: EventId { case: CaseId::from_number(7), sequence },
            at: Timestamp::UNIX_EPOCH,
            actor: Actor::system("deadlines"),
            event: Event::BecameOverdue { requests: vec![RequestId(1)], flags: Vec::new() },
        }))
    }

    async fn deliver(&self, events: &[RecordedEvent]) -> Result<(), Unavailable> {
        if self.is_down {
            return Err(Unavailable::for_now("the queues are not there"));
        }
        self.delivered.lock().expect("a lock").extend(events.iter().map(|event| event.id.sequence));
        Ok(())
    }
}

/// A record of the table's stream, as Lambda hands it over.
fn record(sequence: u32, kind: &str, version: u32) -> Value {
    json!({
        "eventID": "1",
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-central-1",
        "eventSourceARN": "arn:aws:dynamodb:eu-central-1:123456789012:table/lotse/stream/2026",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_795_000_000.0,
            "Keys": { "pk": { "S": "CASE#7" }, "sk": { "S": "EVENT#1" } },
            "NewImage": {
                "kind": { "S": kind },
                "version": { "N": version.to_string() },
                "sequence": { "N": sequence.to_string() },
            },
            "SequenceNumber": (1000 + sequence).to_string(),
            "SizeBytes": 100,
            "StreamViewType": "NEW_IMAGE",
        },
    })
}

async fn receives(script: Script, records: Vec<Value>) -> (Option<String>, Vec<u32>) {
    let script = Arc::new(script);
    let until = Instant::now() + Duration::from_secs(20);
    let invocation = Invocation { until, ..Invocation::default() };
    let event = json!({ "Records": records });
    let response = handle(Arc::clone(&script), event, invocation).await.expect("an answer");
    let delivered = script.delivered.lock().expect("a lock").clone();
    assert!(response.batch_item_failures.len() <= 1, "Lambda reads the lowest only");
    (response.batch_item_failures.into_iter().next().and_then(|failure| failure.item_identifier), delivered)
}

#[tokio::test]
async fn events_are_delivered_and_other_items_pass() {
    let records = vec![record(1, "event", 1), record(2, "case", 1), record(3, "event", 1)];
    assert_eq!(receives(Script::default(), records).await, (None, vec![1, 3]));
}

#[tokio::test]
async fn an_event_of_an_unknown_version_is_told_and_what_stands_behind_it_is_delivered() {
    let records =
        vec![record(1, "event", 1), record(2, "event", 2), record(3, "event", 1), record(4, "event", 2)];
    let (failed, delivered) = receives(Script::default(), records).await;
    assert_eq!(delivered, [1, 3], "events of other cases do not wait for the broken one");
    assert_eq!(failed.as_deref(), Some("1002"), "the first of the broken ones");
}

#[tokio::test]
async fn where_the_queues_are_down_everything_comes_again() {
    let script = Script { is_down: true, ..Script::default() };
    let records = vec![record(1, "event", 1), record(2, "event", 1)];
    assert_eq!(receives(script, records).await, (Some("1001".to_owned()), Vec::new()));
}

#[tokio::test]
async fn what_was_taken_out_of_the_table_is_nothing_new() {
    let mut removed = record(1, "event", 1);
    removed["eventName"] = json!("REMOVE");
    removed["dynamodb"].as_object_mut().expect("a change").remove("NewImage");
    assert_eq!(receives(Script::default(), vec![removed]).await, (None, Vec::new()));
}

#[tokio::test]
async fn a_record_that_cannot_be_told_by_its_number_fails_the_batch() {
    let mut nameless = record(1, "event", 1);
    nameless["dynamodb"].as_object_mut().expect("a change").remove("SequenceNumber");
    for event in [json!({ "Records": [nameless] }), json!({}), json!(null)] {
        assert!(handle(Arc::new(Script::default()), event, Invocation::default()).await.is_err());
    }
}
