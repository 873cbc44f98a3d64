//! Raw mail that SES has put into a bucket, from S3's notification to the case.
#![expect(clippy::expect_used, reason = "a test fails where something is missing")]

use intake_mail::{Dependencies, handle_notification};
use jiff::Timestamp;
use lotse_domain::{
    BlobId, Failure,
    ports::{BlobStore, CaseStore as _, IncomingMail, Unavailable},
};
use lotse_policy::Policy;
use lotse_runtime::{Keys, SystemClock, SystemRandom};
use lotse_store::SqliteStore;
use serde_json::json;
use std::collections::BTreeMap;

const MAIL: &[u8] = b"From: Anna Berg <anna.berg@klinik.example>\r\nTo: service@nordhafen-pharma.example\r\n\
    Message-ID: <1@klinik.example>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0100\r\n\
    Subject: Haltbarkeit\r\n\r\nWie lange ist eine angebrochene Flasche haltbar?\r\n";

/// A bucket: what SES put there, and what is kept.
struct Bucket {
    incoming: BTreeMap<&'static str, &'static [u8]>,
    kept: SqliteStore,
    is_down: bool,
}

impl IncomingMail for Bucket {
    async fn incoming(&self, key: &str) -> Result<Vec<u8>, Failure> {
        if self.is_down {
            return Err(Failure::retry("the bucket is not there"));
        }
        let mail = self.incoming.get(key).ok_or_else(|| Failure::park(format!("{key} is gone")))?;
        Ok(mail.to_vec())
    }
}

impl BlobStore for Bucket {
    async fn put(&self, bytes: Vec<u8>) -> Result<BlobId, Unavailable> {
        self.kept.put(bytes).await
    }
    async fn get(&self, id: &BlobId) -> Result<Option<Vec<u8>>, Unavailable> {
        self.kept.get(id).await
    }
}

struct World {
    store: SqliteStore,
    bucket: Bucket,
    _folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = SqliteStore::open(folder.path().join("lotse.db")).expect("a store");
        let incoming = BTreeMap::from([("incoming/one", MAIL), ("incoming/copy", MAIL)]);
        let bucket = Bucket { incoming, kept: store.clone(), is_down: false };
        Self { store, bucket, _folder: folder }
    }

    async fn hears_of(&self, keys: &[&str]) -> Result<(), Failure> {
        let record = |key: &&str| {
            json!({
                "eventName": "ObjectCreated:Put",
                "eventTime": "2026-11-23T08:00:05.000Z",
                "s3": { "bucket": { "name": "lotse" }, "object": { "key": key, "size": MAIL.len() } },
            })
        };
        let body = json!({ "Records": keys.iter().map(record).collect::<Vec<_>>() }).to_string();
        let dependencies = Dependencies {
            store: &self.store,
            blobs: &self.bucket,
            clock: &SystemClock,
            random: &SystemRandom,
            policy: &Policy::shipped().expect("the shipped policy"),
            keys: &Keys::new([7; 32]),
        };
        handle_notification(&dependencies, &body).await
    }

    /// When each case that there is began.
    async fn cases(&self) -> Vec<Timestamp> {
        let keys = Keys::new([7; 32]);
        let contact = keys.contact_id(&"anna.berg@klinik.example".parse().expect("an address"));
        let page = self.store.timeline(contact, None, 10).await.expect("a store");
        page.items.iter().map(|case| case.opened_at).collect()
    }
}

#[tokio::test]
async fn a_mail_becomes_a_case_that_begins_when_ses_had_it() {
    let world = World::new();
    world.hears_of(&["incoming/one"]).await.expect("a case");
    let stored: Timestamp = "2026-11-23T08:00:05Z".parse().expect("a time");
    assert_eq!(world.cases().await, [stored]);
}

#[tokio::test]
async fn a_notification_that_comes_twice_and_a_copy_of_the_mail_are_one_case() {
    let world = World::new();
    world.hears_of(&["incoming/one", "incoming/copy"]).await.expect("a case");
    world.hears_of(&["incoming/one"]).await.expect("the same case");
    assert_eq!(world.cases().await.len(), 1);
}

#[tokio::test]
async fn a_mail_that_is_gone_is_for_a_person_and_keeps_no_other_from_coming_in() {
    let world = World::new();
    let gone = world.hears_of(&["incoming/gone", "incoming/one"]).await;
    assert!(matches!(gone, Err(Failure::Park(_))));
    assert_eq!(world.cases().await.len(), 1);
}

#[tokio::test]
async fn while_the_bucket_is_not_there_the_notification_comes_again() {
    let mut world = World::new();
    world.bucket.is_down = true;
    assert!(matches!(world.hears_of(&["incoming/one"]).await, Err(Failure::Retry(_))));
    assert!(world.cases().await.is_empty());
}
