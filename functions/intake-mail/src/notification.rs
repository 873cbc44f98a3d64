//! What S3 says when SES has put raw mail into the bucket: which object, and when.
//!
//! The form is that of "Event message structure" in the S3 user guide, version 2.x.

use jiff::Timestamp;
use lotse_domain::Failure;
use serde::Deserialize;
use serde_json::Value;

/// Where SES puts raw mail.
const FOLDER: &str = "incoming/";
/// What SES puts there once, when a receipt rule is made: no mail.
const SETUP: &str = "AMAZON_SES_SETUP_NOTIFICATION";

/// A raw mail that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ArrivedObject {
    /// The object's key.
    pub(crate) key: String,
    /// When it was stored: SES stores what it has taken over, so the company has it from then on.
    pub(crate) at: Timestamp,
}

#[derive(Deserialize)]
struct Record {
    #[serde(rename = "eventName")]
    name: String,
    #[serde(rename = "eventTime")]
    time: Timestamp,
    s3: Stored,
}

#[derive(Deserialize)]
struct Stored {
    object: Object,
}

#[derive(Deserialize)]
struct Object {
    key: String,
}

/// The raw mails that a queue message tells of; none where it only tells that notifications work.
///
/// # Errors
/// One to park, where it tells of anything else.
pub(crate) fn read(body: &str) -> Result<Vec<ArrivedObject>, Failure> {
    let event: Value = serde_json::from_str(body).map_err(|error| {
        Failure::park(format!(
            "the message is no notification of S3: it is not JSON (column {})",
            error.column()
        ))
    })?;
    // S3 sends one when the notification is configured.
    if event.get("Event").and_then(Value::as_str) == Some("s3:TestEvent") {
        return Ok(Vec::new());
    }
    let records = event.get("Records").and_then(Value::as_array);
    let records = records.filter(|records| !records.is_empty());
    let records =
        records.ok_or_else(|| Failure::park("the message is no notification of S3: it has no records"))?;
    let arrived: Result<Vec<_>, _> = records.iter().map(read_record).collect();
    Ok(arrived?.into_iter().filter(|object| !object.key.ends_with(SETUP)).collect())
}

fn read_record(record: &Value) -> Result<ArrivedObject, Failure> {
    let record = Record::deserialize(record)
        .map_err(|_| Failure::park("a record of the notification has not the form that S3 gives"))?;
    if !record.name.starts_with("ObjectCreated:") {
        return Err(Failure::park(
            "the notification tells of something else than a new object: check the bucket's notifications",
        ));
    }
    let key = decode(&record.s3.object.key)
        .filter(|key| key.strip_prefix(FOLDER).is_some_and(|name| !name.is_empty()))
        .ok_or_else(|| Failure::park("the notification tells of an object that is no incoming mail"))?;
    Ok(ArrivedObject { key, at: record.time })
}

/// Keys come as forms encode them: `+` is a space, `%2B` a plus.
fn decode(key: &str) -> Option<String> {
    let spaced = key.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn record(name: &str, key: &str) -> Value {
        json!({
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": "eu-central-1",
            "eventTime": "2026-11-23T08:15:30.123Z",
            "eventName": name,
            "s3": {
                "s3SchemaVersion": "1.0",
                "bucket": { "name": "lotse", "arn": "arn:aws:s3:::lotse" },
                "object": { "key": key, "size": 2048, "eTag": "e", "sequencer": "0" },
            },
        })
    }

    fn read_all(records: &[Value]) -> Result<Vec<String>, Failure> {
        let arrived = read(&json!({ "Records": records }).to_string())?;
        Ok(arrived.into_iter().map(|object| object.key).collect())
    }

    #[test]
    fn each_new_object_is_a_mail_with_the_time_of_its_arrival() {
        let body = json!({ "Records": [record("ObjectCreated:Put", "incoming/one")] }).to_string();
        let at = "2026-11-23T08:15:30.123Z".parse().expect("a time");
        assert_eq!(read(&body).expect("a mail"), [ArrivedObject { key: "incoming/one".to_owned(), at }]);
        let two = [
            record("ObjectCreated:Put", "incoming/1"),
            record("ObjectCreated:CompleteMultipartUpload", "incoming/2"),
        ];
        assert_eq!(read_all(&two).expect("two mails"), ["incoming/1", "incoming/2"]);
    }

    #[test]
    fn keys_are_decoded_as_forms_are() {
        let keys =
            ["incoming/a%2Bb", "incoming/a+b", "incoming/%C3%BC"].map(|key| record("ObjectCreated:Put", key));
        assert_eq!(read_all(&keys).expect("mails"), ["incoming/a+b", "incoming/a b", "incoming/ü"]);
    }

    #[test]
    fn what_only_says_that_things_work_is_no_mail() {
        let test = json!({ "Service": "Amazon S3", "Event": "s3:TestEvent", "Time": "2026-11-23T08:00:00.000Z", "Bucket": "lotse" });
        assert!(read(&test.to_string()).expect("nothing").is_empty());
        let setup = record("ObjectCreated:Put", "incoming/AMAZON_SES_SETUP_NOTIFICATION");
        assert!(read_all(&[setup]).expect("nothing").is_empty());
    }

    #[test]
    fn everything_else_is_for_a_person_and_is_not_repeated() {
        let bodies = [
            "no JSON of anna@klinik.example".to_owned(),
            json!({}).to_string(),
            json!({ "Records": [] }).to_string(),
            json!({ "Records": [{ "eventName": "anna@klinik.example" }] }).to_string(),
            json!({ "Records": [record("ObjectRemoved:Delete", "incoming/one")] }).to_string(),
            json!({ "Records": [record("ObjectCreated:Put", "blobs/one")] }).to_string(),
            json!({ "Records": [record("ObjectCreated:Put", "incoming/")] }).to_string(),
            json!({ "Records": [record("ObjectCreated:Put", "incoming/%FF")] }).to_string(),
        ];
        for body in bodies {
            let failure = read(&body).expect_err("a failure");
            assert!(
                matches!(failure, Failure::Park(_)) && !failure.to_string().contains("anna"),
                "{body}: {failure}"
            );
        }
    }
}
