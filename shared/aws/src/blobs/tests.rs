//! What S3 answers, and what it means for a mail.

use super::*;
use crate::mocked::{answer, mocked_client};
use aws_sdk_s3::{
    Client,
    operation::{get_object::GetObjectOutput, put_object::PutObjectOutput},
};
use aws_smithy_mocks::{Rule, mock};

const MAIL: &[u8] = b"From: a@klinik.example\r\n\r\nGuten Tag\r\n";
/// The SHA-256 of the mail above.
const HASH: &str = "516bbefb4b3e8c69e1f96e8a12a9aafdadce31f7128d5ecf098756e5484ebbe4";

fn blobs(rules: &[&Rule]) -> S3Blobs {
    S3Blobs { bucket: Bucket::with_client(mocked_client!(aws_sdk_s3, rules.iter().copied()), "lotse") }
}

fn gets(bytes: &'static [u8]) -> Rule {
    mock!(Client::get_object).then_output(|| {
        let length = i64::try_from(bytes.len()).expect("short");
        GetObjectOutput::builder().content_length(length).body(bytes.to_vec().into()).build()
    })
}

fn answers(status: u16, body: &'static str) -> Rule {
    mock!(Client::get_object).then_http_response(move || answer(status, body))
}

const GONE: &str =
    "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>";
const FORBIDDEN: &str = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
const EXPIRED: &str =
    "<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>";

#[tokio::test]
async fn a_mail_is_kept_under_its_hash_and_checked_by_s3() {
    let put = mock!(Client::put_object)
        .match_requests(|input| {
            input.key() == Some(&format!("blobs/{}", Hash::of(MAIL).to_hex()))
                && input.if_none_match() == Some("*")
                && input.checksum_sha256().is_some_and(|checksum| checksum.len() == 44)
        })
        .then_output(|| PutObjectOutput::builder().build());
    let id = blobs(&[&put]).put(MAIL.to_vec()).await.expect("stored");
    assert_eq!(id.as_str(), Hash::of(MAIL).to_hex());
    let kept = blobs(&[&gets(MAIL)]).get(&id).await.expect("read");
    assert_eq!(kept.as_deref(), Some(MAIL));
}

#[tokio::test]
async fn storing_twice_is_storing_once() {
    let there = mock!(Client::put_object).then_http_response(|| {
        answer(412, "<Error><Code>PreconditionFailed</Code><Condition>If-None-Match</Condition></Error>")
    });
    assert!(blobs(&[&there]).put(MAIL.to_vec()).await.is_ok());
    let under_way = mock!(Client::put_object)
        .then_http_response(|| answer(409, "<Error><Code>ConditionalRequestConflict</Code></Error>"));
    let error = blobs(&[&under_way]).put(MAIL.to_vec()).await.expect_err("how that ends is not known");
    assert!(matches!(error, Unavailable::ForNow(_)));
}

#[tokio::test]
async fn bytes_that_changed_are_never_given_out() {
    let id = BlobId::try_from(HASH.to_owned()).expect("a hash");
    let error = blobs(&[&gets(b"something else")]).get(&id).await.expect_err("not the bytes");
    assert!(matches!(error, Unavailable::Unreadable(_)), "{error}");
    assert!(!error.to_string().contains("something else"));
}

#[tokio::test]
async fn a_blob_that_is_not_there_is_none() {
    let id = BlobId::try_from(HASH.to_owned()).expect("a hash");
    assert_eq!(blobs(&[&answers(404, GONE)]).get(&id).await.expect("an answer"), None);
}

#[tokio::test]
async fn a_mail_that_is_gone_is_parked_and_says_what_to_do() {
    let failure = blobs(&[&answers(404, GONE)]).incoming("incoming/abc").await.expect_err("gone");
    assert!(matches!(failure, Failure::Park(_)));
    assert!(failure.to_string().contains("incoming/abc is gone from the bucket: restore"), "{failure}");
}

#[tokio::test]
async fn what_may_pass_is_tried_again() {
    for (status, body, expected) in [
        (403, FORBIDDEN, "AccessDenied"),
        (400, EXPIRED, "ExpiredToken: The provided token has expired."),
        (503, "<Error><Code>SlowDown</Code></Error>", "SlowDown"),
    ] {
        let failure = blobs(&[&answers(status, body)]).incoming("incoming/abc").await.expect_err("no mail");
        assert!(matches!(&failure, Failure::Retry(_)), "{failure}");
        assert!(failure.to_string().contains(expected), "{failure}");
    }
}

#[tokio::test]
async fn only_incoming_mail_is_read_as_incoming_mail() {
    let failure = blobs(&[]).incoming("blobs/abc").await.expect_err("not incoming");
    assert!(matches!(failure, Failure::Park(_)));
}

#[tokio::test]
async fn nothing_larger_than_the_limit_is_read_into_memory() {
    let bucket = |rule: &Rule| Bucket::with_client(mocked_client!(aws_sdk_s3, &[rule]), "lotse");
    // Announced as too large, or announced wrongly.
    let honest = gets(MAIL);
    let liar = mock!(Client::get_object)
        .then_output(|| GetObjectOutput::builder().content_length(1).body(MAIL.to_vec().into()).build());
    for rule in [&honest, &liar] {
        let error = bucket(rule).get("incoming/abc", MAIL.len() - 1).await.expect_err("too large");
        assert!(matches!(error, ReadError::TooLarge { .. }), "{error}");
    }
    assert!(bucket(&gets(MAIL)).get("incoming/abc", MAIL.len()).await.expect("fits").is_some());
}
