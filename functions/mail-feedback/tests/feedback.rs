//! What SES says of a mail, and what it does to the case that the mail belongs to.
#![expect(clippy::expect_used, reason = "a test fails where something is missing")]

use jiff::Timestamp;
use lotse_domain::{
    Actor, Case, CaseId, CaseReference, Change, Channel, Claim, Contact, EventId, Failure, FlagNumber,
    Opening, ReceivedMessage,
    ports::{CaseStore as _, Clock},
};
use lotse_policy::Policy;
use lotse_runtime::{Keys, MailPurpose};
use lotse_store::SqliteStore;
use mail_feedback::{Dependencies, Outcome, handle};
use serde_json::json;
use std::collections::BTreeMap;

struct Monday;

impl Clock for Monday {
    fn now(&self) -> Timestamp {
        "2026-11-23T09:00:00Z".parse().expect("a time")
    }
}

struct World {
    store: SqliteStore,
    policy: Policy,
    keys: Keys,
    case: CaseId,
    _folder: tempfile::TempDir,
}

impl World {
    /// A case of Dr. Berg, whose mail is answered by mail.
    async fn with_case() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = SqliteStore::open(folder.path().join("lotse.db")).expect("a store");
        let keys = Keys::new([7; 32]);
        let (case, reference) = (CaseId::from_number(7), CaseReference::from_random(7));
        let email = "anna.berg@klinik.example".parse().expect("an address");
        let message = ReceivedMessage {
            channel: Channel::Mail,
            subject: None,
            body: "Wie lange ist Nordaval haltbar?".into(),
            fields: BTreeMap::new(),
            automatic: None,
            mail: None,
        };
        let opening = Opening {
            case,
            reference,
            contact_id: keys.contact_id(&email),
            contact: Contact { email: Some(email), ..Contact::default() },
            language: None,
            message,
        };
        let change = Change::open(opening, Monday.now(), Actor::Contact);
        let commit = change.into_commit(vec![Claim::reference(reference)]).expect("a commit");
        store.commit(commit).await.expect("a case");
        let policy = Policy::shipped().expect("the shipped policy");
        Self { store, policy, keys, case, _folder: folder }
    }

    fn message_id(&self, purpose: MailPurpose) -> String {
        let event = EventId { case: self.case, sequence: 1 };
        self.keys.message_id(purpose, event, &self.policy.company.mail_domain)
    }

    async fn hears(&self, body: &str) -> Result<Outcome, Failure> {
        let Self { store, policy, keys, .. } = self;
        handle(&Dependencies { store, clock: &Monday, policy, keys }, body).await
    }

    async fn case(&self) -> Case {
        self.store.load(self.case).await.expect("a store").expect("a case")
    }
}

fn bounce(kind: &str, message_id: &str) -> String {
    json!({
        "eventType": "Bounce",
        "bounce": { "bounceType": kind, "bounceSubType": "General", "bouncedRecipients": [{ "status": "5.1.1" }] },
        "mail": { "headers": [{ "name": "Message-ID", "value": format!("<{message_id}>") }] },
    })
    .to_string()
}

fn complaint(reply_to: &str) -> String {
    json!({
        "eventType": "Complaint",
        "complaint": { "complaintFeedbackType": "abuse" },
        "mail": { "headers": [{ "name": "Reply-To", "value": reply_to }] },
    })
    .to_string()
}

#[tokio::test]
async fn mail_that_came_back_for_good_marks_the_address_once() {
    let world = World::with_case().await;
    let body = bounce("Permanent", &world.message_id(MailPurpose::Contact));
    for _ in 0..2 {
        assert_eq!(world.hears(&body).await.expect("an outcome"), Outcome::AddressFailed(world.case));
    }
    let case = world.case().await;
    assert!(!case.can_be_written_to(), "nothing more goes there");
    assert_eq!(case.version, 2, "the repeat changed nothing");
}

#[tokio::test]
async fn mail_that_is_only_late_changes_nothing() {
    let world = World::with_case().await;
    let body = bounce("Transient", &world.message_id(MailPurpose::Contact));
    assert_eq!(world.hears(&body).await.expect("an outcome"), Outcome::Delayed(world.case));
    assert!(world.case().await.can_be_written_to());
}

#[tokio::test]
async fn a_complaint_ends_the_mail_to_the_contact() {
    let world = World::with_case().await;
    let reply_to = format!("service+{}@nordhafen-pharma.example", world.keys.reply_token(world.case));
    assert_eq!(
        world.hears(&complaint(&reply_to)).await.expect("an outcome"),
        Outcome::AddressFailed(world.case)
    );
    assert!(!world.case().await.can_be_written_to());
}

#[tokio::test]
async fn a_hand_over_that_came_back_says_nothing_about_the_contact() {
    let world = World::with_case().await;
    for kind in ["Permanent", "Transient", "Undetermined"] {
        let body = bounce(kind, &world.message_id(MailPurpose::HandOver(FlagNumber(1))));
        let failure = world.hears(&body).await.expect_err("a failure");
        let text = failure.to_string();
        assert!(matches!(&failure, Failure::Park(_)) && text.contains("desks.toml"), "{kind}: {text}");
    }
    assert!(world.case().await.can_be_written_to());
}

#[tokio::test]
async fn a_report_about_somebody_elses_mail_is_for_a_person() {
    let world = World::with_case().await;
    let forged = world.message_id(MailPurpose::Contact).replace(".contact", ".safety-1");
    for id in ["other@elsewhere.example", &forged] {
        assert!(matches!(world.hears(&bounce("Permanent", id)).await, Err(Failure::Park(_))));
    }
    assert!(world.case().await.can_be_written_to());
}
