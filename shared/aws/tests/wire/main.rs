//! The adapters over the wire, against an AWS on this machine.
//!
//! `tests/aws/emulator.py cargo test -p lotse-aws --all-features --test wire` starts one to test against.

#![expect(clippy::expect_used, reason = "a cloud that does not answer is a failed test")]

mod cloud;

use cloud::{Cloud, body, queue_message};
use jiff::Timestamp;
use lotse_aws::{
    CallLimits, LargeMessages, ParkingQueue, S3Blobs, Secret, SesMailSender, SesSettings, SqsParked,
    SqsQueues,
};
use lotse_domain::{
    BlobId, CaseId, Failure, Queue,
    ports::{
        BlobStore as _, Clock, IncomingMail as _, MailSender as _, ParkedDeliveries as _, QueueSender as _,
        ReadyMail, Unavailable,
    },
};
use lotse_runtime::{Keys, SystemClock};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

#[tokio::test]
async fn more_messages_than_a_call_takes_all_arrive() {
    let cloud = Cloud::new();
    let (classify, safety) = (cloud.queue().await, cloud.queue().await);
    let urls = BTreeMap::from([(Queue::Classify, classify.clone()), (Queue::Safety, safety.clone())]);
    let queues = SqsQueues::new(&cloud.config, urls, LargeMessages::new(&cloud.config, "unused"));
    let mut messages: Vec<_> = (0..23).map(|number| queue_message(Queue::Classify, number)).collect();
    messages.push(queue_message(Queue::Safety, 99));
    queues.send(messages).await.expect("taken");
    assert_eq!(cloud.bodies(&classify).await, (0..23).map(body).collect::<BTreeSet<_>>());
    assert_eq!(cloud.bodies(&safety).await, BTreeSet::from([body(99)]));
}

#[tokio::test]
async fn a_large_message_travels_through_the_bucket() {
    let cloud = Cloud::new();
    let (url, bucket) = (cloud.queue().await, cloud.bucket().await);
    let large = LargeMessages::new(&cloud.config, &bucket);
    let queues =
        SqsQueues::new(&cloud.config, BTreeMap::from([(Queue::IntakeMail, url.clone())]), large.clone());
    let mut message = queue_message(Queue::IntakeMail, 1);
    message.body = format!(r#"{{"text":"{}"}}"#, "ä".repeat(700_000));
    queues.send(vec![message.clone()]).await.expect("taken");
    let arrived = cloud.bodies(&url).await.into_iter().next().expect("a message");
    assert!(arrived.len() < 200);
    assert_eq!(large.whole_body(arrived).await.expect("there"), message.body);
}

#[tokio::test]
async fn a_parked_message_is_shown_with_its_reason_and_put_back_once() {
    let cloud = Cloud::new();
    let (source, dead) = (cloud.queue().await, cloud.queue().await);
    ParkingQueue::new(&cloud.config, &dead).park(&body(1), 2, "the case is gone").await.expect("parked");
    ParkingQueue::new(&cloud.config, &dead).park(&body(2), 1, "no event notice").await.expect("parked");
    let parked = SqsParked::new(&cloud.config, [(Queue::Contact, source.clone(), dead)], 5);

    // Looking twice shows the same: a look takes nothing away.
    for _ in 0..2 {
        let shown = parked.parked(10).await.expect("a list");
        let reasons: BTreeSet<_> = shown.iter().map(|delivery| delivery.reason.as_str()).collect();
        assert_eq!(reasons, BTreeSet::from(["the case is gone", "no event notice"]));
        let age = Timestamp::now().duration_since(shown.first().expect("one").parked_at);
        assert!(age.as_secs() < 60, "{age:?}");
    }
    let shown = parked.parked(10).await.expect("a list");
    let wanted = shown.iter().find(|delivery| delivery.body == body(1)).expect("it is there");
    assert_eq!(wanted.attempts, 2);
    assert!(parked.retry_parked(&wanted.id).await.expect("put back"));
    assert!(!parked.retry_parked(&wanted.id).await.expect("an answer"), "it is not there any more");
    assert_eq!(cloud.bodies(&source).await, BTreeSet::from([body(1)]));
    let left = parked.parked(10).await.expect("a list");
    assert_eq!(left.iter().map(|delivery| delivery.body.clone()).collect::<Vec<_>>(), [body(2)]);
}

#[tokio::test]
async fn raw_mail_is_read_kept_once_and_missed_when_gone() {
    let cloud = Cloud::new();
    let bucket = cloud.bucket().await;
    let blobs = S3Blobs::new(&cloud.config, &bucket);
    let mail = b"From: anna.berg@klinik.example\r\n\r\nGuten Tag\r\n".to_vec();
    cloud.put_object(&bucket, "incoming/one", &mail).await;

    assert_eq!(blobs.incoming("incoming/one").await.expect("there"), mail);
    let gone = blobs.incoming("incoming/two").await.expect_err("gone");
    assert!(matches!(gone, Failure::Park(_)), "{gone}");

    let id = blobs.put(mail.clone()).await.expect("kept");
    assert_eq!(blobs.put(mail.clone()).await.expect("kept already"), id);
    assert_eq!(blobs.get(&id).await.expect("an answer"), Some(mail));
    let other = BlobId::try_from("0".repeat(64)).expect("a hash");
    assert_eq!(blobs.get(&other).await.expect("an answer"), None);

    cloud.put_object(&bucket, &format!("blobs/{id}"), b"tampered with").await;
    let error = blobs.get(&id).await.expect_err("not the bytes");
    assert!(matches!(error, Unavailable::Unreadable(_)), "{error}");
}

/// A clock that runs ahead.
#[derive(Clone)]
struct Ahead(jiff::SignedDuration);

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        Timestamp::now().saturating_add(self.0).expect("in range")
    }
}

fn mail(subject: &str) -> ReadyMail {
    ReadyMail {
        message_id: format!("{subject}@nordhafen-pharma.example"),
        from: "service@nordhafen-pharma.example".parse().expect("an address"),
        to: "anna.berg@klinik.example".parse().expect("an address"),
        bytes: format!("From: service@nordhafen-pharma.example\r\nSubject: {subject}\r\n\r\nGuten Tag\r\n")
            .into_bytes(),
    }
}

fn sender<C: Clock>(cloud: &Cloud, table: &str, clock: C) -> SesMailSender<C> {
    let settings = SesSettings {
        table: table.to_owned(),
        configuration_set: cloud.name("settings"),
        function_timeout: Duration::from_secs(30),
    };
    SesMailSender::new(&cloud.config, settings, clock)
}

#[tokio::test]
async fn a_mail_goes_out_once_whoever_hands_it_over() {
    let cloud = Cloud::new();
    let table = cloud.table().await;
    cloud.mail_domain("nordhafen-pharma.example").await;
    let subject = cloud.name("receipt");
    let one = sender(&cloud, &table, SystemClock);
    one.send(mail(&subject)).await.expect("sent");
    one.send(mail(&subject)).await.expect("sent before");
    // Long after every claim has run out, it still counts as sent.
    sender(&cloud, &table, Ahead(jiff::SignedDuration::from_hours(1)))
        .send(mail(&subject))
        .await
        .expect("sent before");
    assert_eq!(cloud.mails(&subject), 1);
}

#[tokio::test]
async fn of_many_at_once_one_sends() {
    let cloud = Cloud::new();
    let table = cloud.table().await;
    cloud.mail_domain("nordhafen-pharma.example").await;
    let subject = cloud.name("answer");
    let sender = sender(&cloud, &table, SystemClock);
    let sending = (0..8).map(|_| sender.send(mail(&subject)));
    let outcomes = futures_util::future::join_all(sending).await;
    assert!(outcomes.iter().any(Result::is_ok));
    assert_eq!(cloud.mails(&subject), 1);
}

#[tokio::test]
async fn a_claim_that_nobody_redeemed_runs_out() {
    let cloud = Cloud::new();
    let table = cloud.table().await;
    cloud.mail_domain("nordhafen-pharma.example").await;
    let subject = cloud.name("reminder");
    // As a process leaves it that dies between claim and message.
    cloud.claim_mail(&table, &mail(&subject).message_id, Timestamp::now()).await;
    let error = sender(&cloud, &table, Ahead(jiff::SignedDuration::from_secs(-5))).send(mail(&subject)).await;
    assert!(error.is_err(), "the claim holds");
    sender(&cloud, &table, Ahead(jiff::SignedDuration::from_secs(5)))
        .send(mail(&subject))
        .await
        .expect("sent");
    assert_eq!(cloud.mails(&subject), 1);
}

#[tokio::test]
async fn the_key_is_what_the_secret_holds() {
    let cloud = Cloud::new();
    let name = cloud.secret(&"07".repeat(32)).await;
    let case = CaseId::from_number(4711);
    let secret = Secret::key(&cloud.config, name);
    let keys = secret.get().await.expect("a key");
    assert_eq!(keys.status_token(case), Keys::new([7; 32]).status_token(case));

    let missing = Secret::key(&cloud.config, "lotse/none").get().await.expect_err("no such secret");
    assert!(missing.to_string().contains("lotse/none could not be read"), "{missing}");
}

#[tokio::test]
async fn an_aws_that_cannot_be_reached_is_not_available_now() {
    let limits = CallLimits { attempts: 1, ..CallLimits::within(Duration::from_secs(3)) };
    // Nobody listens on the discard port of this machine.
    let config = cloud::config("http://127.0.0.1:9", &limits);
    let error = S3Blobs::new(&config, "bucket").put(vec![1]).await.expect_err("nobody there");
    assert!(matches!(error, Unavailable::ForNow(_)));
    assert!(error.to_string().contains("S3 PutObject failed"), "{error}");
}
