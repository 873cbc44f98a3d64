//! Events as SES publishes them.

use super::*;
use serde_json::json;

fn event(kind: &str, details: &Value) -> Value {
    let mut event = json!({
        "eventType": kind,
        "mail": {
            "timestamp": "2026-11-23T08:15:30.000Z",
            "messageId": "0107018a-ses",
            "source": "service+replytoken@nordhafen-pharma.example",
            "destination": ["anna.berg@klinik.example"],
            "headersTruncated": false,
            "headers": [
                { "name": "From", "value": "Nordhafen <service@nordhafen-pharma.example>" },
                { "name": "Reply-To", "value": "service+replytoken@nordhafen-pharma.example" },
                { "name": "message-id", "value": "<one@nordhafen-pharma.example>" },
            ],
            "commonHeaders": { "messageId": "<one@nordhafen-pharma.example>", "to": ["anna.berg@klinik.example"] },
            "tags": { "ses:configuration-set": ["lotse"] },
        },
    });
    for (name, value) in details.as_object().into_iter().flatten() {
        event[name] = value.clone();
    }
    event
}

fn bounce(kind: &str, sub_kind: &str, status: Option<&str>) -> Value {
    let recipient = json!({
        "emailAddress": "anna.berg@klinik.example",
        "action": "failed",
        "status": status,
        "diagnosticCode": "smtp; 550 5.1.1 <anna.berg@klinik.example> unknown",
    });
    let details = json!({ "bounceType": kind, "bounceSubType": sub_kind, "bouncedRecipients": [recipient] });
    event("Bounce", &json!({ "bounce": details }))
}

fn meaning(event: &Value) -> Meaning {
    Report::read(&event.to_string()).map(|report| report.meaning).expect("a report")
}

fn failed(diagnosis: &str) -> Meaning {
    Meaning::Failed { diagnosis: diagnosis.to_owned() }
}

fn came_back(diagnosis: &str) -> Meaning {
    Meaning::CameBack { diagnosis: diagnosis.to_owned() }
}

fn delayed(diagnosis: &str) -> Meaning {
    Meaning::Delayed { diagnosis: diagnosis.to_owned() }
}

impl fmt::Debug for Meaning {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed { diagnosis } => write!(out, "failed: {diagnosis}"),
            Self::CameBack { diagnosis } => write!(out, "came back: {diagnosis}"),
            Self::Delayed { diagnosis } => write!(out, "delayed: {diagnosis}"),
            Self::NothingToDo => out.write_str("nothing to do"),
        }
    }
}

#[test]
fn only_what_is_permanent_says_something_about_the_address() {
    assert_eq!(meaning(&bounce("Permanent", "General", Some("5.1.1"))), failed("5.1.1"));
    assert_eq!(
        meaning(&bounce("Permanent", "OnAccountSuppressionList", None)),
        failed("Permanent, OnAccountSuppressionList")
    );
    assert_eq!(meaning(&bounce("Transient", "MailboxFull", Some("4.2.2"))), came_back("4.2.2"));
    assert_eq!(
        meaning(&bounce("Undetermined", "Undetermined", None)),
        came_back("Undetermined, Undetermined")
    );
}

#[test]
fn a_complaint_ends_the_mail_unless_it_is_the_opposite_of_one() {
    let complaint = |kind| event("Complaint", &json!({ "complaint": { "complaintFeedbackType": kind } }));
    assert_eq!(meaning(&complaint(json!("abuse"))), failed("complaint, abuse"));
    assert_eq!(meaning(&complaint(json!(null))), failed("complaint"));
    assert_eq!(meaning(&complaint(json!("not-spam"))), Meaning::NothingToDo);
}

#[test]
fn delays_rejections_and_deliveries_are_told_apart() {
    let delay = json!({ "deliveryDelay": { "delayType": "MailboxFull", "delayedRecipients": [] } });
    assert_eq!(meaning(&event("DeliveryDelay", &delay)), delayed("MailboxFull"));
    assert_eq!(
        meaning(&event("Reject", &json!({ "reject": { "reason": "Bad content" } }))),
        failed("rejected by SES")
    );
    assert_eq!(meaning(&event("Delivery", &json!({}))), Meaning::NothingToDo);
}

#[test]
fn the_same_event_is_read_however_it_was_carried() {
    let plain = bounce("Permanent", "General", Some("5.1.1"));
    let by_sns =
        json!({ "Type": "Notification", "MessageId": "m", "TopicArn": "t", "Message": plain.to_string() });
    let by_bridge = json!({ "version": "0", "detail-type": "Email Bounced", "source": "aws.ses", "detail": plain.clone() });
    let mut as_notification = plain.clone();
    let kind = as_notification.as_object_mut().and_then(|event| event.remove("eventType"));
    as_notification["notificationType"] = kind.expect("a kind");
    for carried in [plain, by_sns, by_bridge, as_notification] {
        let report = Report::read(&carried.to_string()).expect("a report");
        assert_eq!(report.meaning, failed("5.1.1"));
        assert_eq!(report.message_ids.first().map(String::as_str), Some("<one@nordhafen-pharma.example>"));
        assert_eq!(report.reply_tokens, ["replytoken", "replytoken"]);
    }
}

#[test]
fn our_message_id_is_found_in_a_tag_where_headers_are_left_out() {
    let mut event = bounce("Permanent", "General", None);
    let mail = event["mail"].as_object_mut().expect("a mail");
    mail.remove("headers");
    mail.remove("commonHeaders");
    mail.insert("tags".to_owned(), json!({ "message": ["one@nordhafen-pharma.example"] }));
    let report = Report::read(&event.to_string()).expect("a report");
    assert_eq!(report.message_ids, ["one@nordhafen-pharma.example"]);
}

#[test]
fn what_is_not_known_is_for_a_person_and_repeats_no_address() {
    let unknown = event("anna.berg@klinik.example", &json!({}));
    let mut without_details = bounce("Permanent", "General", None);
    without_details.as_object_mut().expect("an event").remove("bounce");
    let mistyped = event("Bounce", &json!({ "bounce": "anna.berg@klinik.example" }));
    let confirmation =
        json!({ "Type": "SubscriptionConfirmation", "SubscribeURL": "https://sns.example/anna" });
    let bodies =
        [unknown, without_details, mistyped, confirmation, json!([]), json!("anna.berg@klinik.example")];
    let bodies = bodies.iter().map(Value::to_string).chain(["no JSON of anna".to_owned()]);
    for body in bodies {
        let failure = Report::read(&body).expect_err("a failure");
        assert!(matches!(failure, Failure::Park(_)), "{body}");
        assert!(!failure.to_string().contains("anna"), "{failure}");
    }
}
