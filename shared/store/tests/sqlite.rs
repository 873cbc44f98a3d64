//! What the SQLite adapter does beyond the contract: queues, the outbox, imports, as `lotse serve` uses them.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use futures_util::FutureExt;
use jiff::{SignedDuration, Timestamp};
use lotse_domain::{
    Queue, QueueMessage,
    ports::{BlobStore, CaseStore, EventFeed, MailSender, ParkedDeliveries, QueueSender, ReadyMail},
};
use lotse_store::{
    Delivery, MailState, SqliteStore, Subject, blob_id,
    contract::sample::{case_id, claim, commit, commit_claiming, message as inquiry, opened, opened_by},
};
use tempfile::TempDir;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

fn monday_morning() -> Timestamp {
    "2026-11-23T08:00:00Z".parse().unwrap()
}

fn store() -> (SqliteStore, TempDir) {
    let folder = TempDir::new().unwrap();
    (SqliteStore::open(folder.path().join("lotse.db")).unwrap(), folder)
}

fn message(queue: Queue, key: &str) -> QueueMessage {
    QueueMessage { queue, key: key.to_owned(), body: format!("{{\"id\":\"{key}\"}}") }
}

async fn received(store: &SqliteStore, queue: Queue, now: Timestamp) -> Vec<Delivery> {
    store.receive(queue, now, MINUTE, 10).await.unwrap()
}

#[tokio::test]
async fn a_message_goes_to_one_reader_and_is_gone_once_completed() {
    let (store, _folder) = store();
    let now = monday_morning();
    QueueSender::send(&store, vec![message(Queue::Classify, "a"), message(Queue::Contact, "a")])
        .await
        .unwrap();
    let first = received(&store, Queue::Classify, now).await;
    assert_eq!(first.len(), 1, "the message of the other queue stays there");
    assert_eq!((first[0].attempts, first[0].body.as_str()), (1, "{\"id\":\"a\"}"));
    assert_eq!(received(&store, Queue::Classify, now).await, [], "a second reader does not see it");
    store.complete(first[0].id).await.unwrap();
    assert_eq!(received(&store, Queue::Classify, now + MINUTE * 2).await, []);
    assert_eq!(store.next_due(Queue::Classify).await.unwrap(), None);
}

#[tokio::test]
async fn a_key_is_taken_once_though_its_message_is_long_done() {
    let (store, _folder) = store();
    let now = monday_morning();
    for _ in 0..2 {
        QueueSender::send(&store, vec![message(Queue::Safety, "a"), message(Queue::Safety, "a")])
            .await
            .unwrap();
    }
    let first = received(&store, Queue::Safety, now).await;
    assert_eq!(first.len(), 1);
    store.complete(first[0].id).await.unwrap();
    QueueSender::send(&store, vec![message(Queue::Safety, "a")]).await.unwrap();
    assert_eq!(received(&store, Queue::Safety, now + MINUTE).await, []);
}

#[tokio::test]
async fn a_message_whose_reader_fell_silent_comes_again() {
    let (store, _folder) = store();
    let now = monday_morning();
    QueueSender::send(&store, vec![message(Queue::Classify, "a")]).await.unwrap();
    received(&store, Queue::Classify, now).await;
    assert_eq!(store.next_due(Queue::Classify).await.unwrap(), Some(now + MINUTE));
    let again = received(&store, Queue::Classify, now + MINUTE).await;
    assert_eq!(again.iter().map(|delivery| delivery.attempts).collect::<Vec<_>>(), [2]);
}

#[tokio::test]
async fn what_was_in_hand_when_the_process_ended_is_there_at_once_after_the_start() {
    let (store, folder) = store();
    let now = monday_morning();
    QueueSender::send(&store, vec![message(Queue::Classify, "in-hand"), message(Queue::Classify, "put-off")])
        .await
        .unwrap();
    let both = received(&store, Queue::Classify, now).await;
    store.retry_at(both[1].id, now + MINUTE, "the policy is being replaced").await.unwrap();
    drop(store);
    let store = SqliteStore::open(folder.path().join("lotse.db")).unwrap();
    store.release_received().await.unwrap();
    let again = received(&store, Queue::Classify, now).await;
    assert_eq!(again.len(), 1, "what was put off stays so");
    assert_eq!(again[0].body, both[0].body);
}

#[tokio::test]
async fn a_failure_is_told_to_the_next_reader() {
    let (store, _folder) = store();
    let now = monday_morning();
    QueueSender::send(&store, vec![message(Queue::Contact, "a")]).await.unwrap();
    let first = received(&store, Queue::Contact, now).await;
    assert_eq!(first[0].last_failure, None);
    store.retry_at(first[0].id, now + MINUTE * 5, "the store was locked").await.unwrap();
    assert_eq!(received(&store, Queue::Contact, now + MINUTE * 4).await, [], "not before its time");
    let again = received(&store, Queue::Contact, now + MINUTE * 5).await;
    assert_eq!(again[0].last_failure.as_deref(), Some("the store was locked"));
}

#[tokio::test]
async fn a_parked_message_waits_for_a_person_who_has_it_tried_again() {
    let (store, _folder) = store();
    let now = monday_morning();
    QueueSender::send(&store, vec![message(Queue::IntakeMail, "a"), message(Queue::IntakeMail, "b")])
        .await
        .unwrap();
    for (delivery, minutes) in received(&store, Queue::IntakeMail, now).await.iter().zip([1, 2]) {
        store.park(delivery.id, now + MINUTE * minutes, "the case is closed").await.unwrap();
    }
    assert_eq!(received(&store, Queue::IntakeMail, now + MINUTE * 9).await, []);
    let parked = store.parked(10).await.unwrap();
    assert_eq!(
        parked.iter().map(|message| message.body.as_str()).collect::<Vec<_>>(),
        ["{\"id\":\"b\"}", "{\"id\":\"a\"}"]
    );
    assert_eq!((parked[0].parked_at, parked[0].reason.as_str()), (now + MINUTE * 2, "the case is closed"));
    assert!(store.retry_parked(&parked[0].id).await.unwrap());
    assert!(!store.retry_parked(&parked[0].id).await.unwrap(), "two clicks do not double it");
    for unknown in ["", "99", "-1", "x"] {
        assert!(!store.retry_parked(unknown).await.unwrap());
    }
    let again = received(&store, Queue::IntakeMail, now).await;
    assert_eq!(again.iter().map(|delivery| delivery.attempts).collect::<Vec<_>>(), [1]);
    assert_eq!(again[0].body, parked[0].body);
    assert_eq!(store.parked(10).await.unwrap(), parked[1..]);
}

#[tokio::test]
async fn messages_are_read_in_the_order_in_which_they_became_visible() {
    let (store, _folder) = store();
    let now = monday_morning();
    for key in ["a", "b", "c"] {
        QueueSender::send(&store, vec![message(Queue::Logistics, key)]).await.unwrap();
    }
    let two = store.receive(Queue::Logistics, now, MINUTE, 2).await.unwrap();
    assert_eq!(
        two.iter().map(|delivery| delivery.body.as_str()).collect::<Vec<_>>(),
        ["{\"id\":\"a\"}", "{\"id\":\"b\"}"]
    );
    assert_eq!(received(&store, Queue::Logistics, now).await.len(), 1);
}

#[tokio::test]
async fn raw_mail_is_stored_together_with_the_message_that_tells_of_it() {
    let (store, _folder) = store();
    let raw = b"Subject: Lieferung\r\n\r\nWo bleibt sie?\r\n".to_vec();
    for _ in 0..2 {
        let id =
            store.store_and_enqueue(raw.clone(), |id| message(Queue::IntakeMail, id.as_str())).await.unwrap();
        assert_eq!(id, blob_id(&raw));
    }
    assert_eq!(store.get(&blob_id(&raw)).await.unwrap(), Some(raw));
    assert_eq!(store.get(&blob_id(b"never stored")).await.unwrap(), None);
    assert_eq!(
        received(&store, Queue::IntakeMail, monday_morning()).await.len(),
        1,
        "the same mail is read once"
    );
}

#[tokio::test]
async fn an_event_and_the_messages_that_tell_of_it_move_together() {
    let (store, _folder) = store();
    let mut events = store.changes(Subject::Events);
    let mut contact = store.changes(Subject::Queue(Queue::Contact));
    store.commit(commit(opened(1))).await.unwrap();
    events.next().await;
    let told = store.undelivered(10).await.unwrap();
    assert_eq!(told.len(), 1);
    for _ in 0..2 {
        let messages = vec![message(Queue::Classify, "1.1"), message(Queue::Contact, "1.1")];
        store.deliver(messages, vec![told[0].id]).await.unwrap();
    }
    contact.next().await;
    assert_eq!(store.undelivered(10).await.unwrap(), []);
    for queue in [Queue::Classify, Queue::Contact] {
        assert_eq!(received(&store, queue, monday_morning()).await.len(), 1, "once, though delivered twice");
    }
}

#[tokio::test]
async fn expired_claims_are_forgotten_as_new_ones_come() {
    let (store, folder) = store();
    for number in 0..20 {
        let (minutes, until) = if number < 10 { (0, 60) } else { (61, 121) };
        let change = opened_by(number, number, minutes, inquiry("Anfrage", "Eine Frage."));
        let claims =
            vec![claim(&format!("idempotency:{number}"), Some(until)), claim(&format!("{number}"), None)];
        store.commit(commit_claiming(change, claims)).await.unwrap();
    }
    let connection = rusqlite::Connection::open(folder.path().join("lotse.db")).unwrap();
    let count = |which: &str| -> i64 {
        connection
            .query_row(&format!("SELECT count(*) FROM claims WHERE {which}"), [], |row| row.get(0))
            .unwrap()
    };
    assert_eq!((count("expires_at IS NOT NULL"), count("expires_at IS NULL")), (10, 20));
}

#[tokio::test]
async fn a_closed_store_is_one_file() {
    let (store, folder) = store();
    store.commit(commit(opened(1))).await.unwrap();
    assert!(store.load(case_id(1)).await.unwrap().is_some());
    drop(store);
    let files: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files, ["lotse.db"], "to copy it is to back it up");
}

#[tokio::test]
async fn the_case_that_speaks_most_of_what_is_searched_comes_first() {
    let (store, _folder) = store();
    let long = format!("Kühlkette, dazu vieles andere: {}", "und so weiter ".repeat(50));
    for (number, body) in [(1, long.as_str()), (2, "Kühlkette? Die Kühlkette!"), (3, "etwas anderes")] {
        store.commit(commit(opened_by(number, number, 0, inquiry("Anfrage", body)))).await.unwrap();
    }
    let found = store.search("Kühlkette", 10).await.unwrap();
    assert_eq!(found.iter().map(|case| case.case).collect::<Vec<_>>(), [case_id(2), case_id(1)]);
}

#[tokio::test]
async fn whoever_waits_for_a_queue_wakes_when_something_comes() {
    let (store, _folder) = store();
    let mut classify = store.changes(Subject::Queue(Queue::Classify));
    let mut contact = store.changes(Subject::Queue(Queue::Contact));
    QueueSender::send(&store, vec![message(Queue::Classify, "a")]).await.unwrap();
    classify.next().await;
    assert!(contact.next().now_or_never().is_none(), "nothing came for the contact queue");
    assert!(classify.next().now_or_never().is_none(), "the same message does not wake twice");
}

fn mail(message_id: &str) -> ReadyMail {
    ReadyMail {
        message_id: message_id.to_owned(),
        from: "service@nordhafen.example".parse().unwrap(),
        to: "praxis@hafenklinik.example".parse().unwrap(),
        bytes: b"Subject: Ihre Anfrage\r\n\r\nWir haben sie.\r\n".to_vec(),
    }
}

#[tokio::test]
async fn a_mail_is_taken_over_once_and_goes_out_once() {
    let (store, folder) = store();
    let now = monday_morning();
    let mut news = store.changes(Subject::Mails);
    for _ in 0..2 {
        MailSender::send(&store, mail("1@nordhafen.example")).await.unwrap();
    }
    news.next().await;
    drop(store);
    let store = SqliteStore::open(folder.path().join("lotse.db")).unwrap();
    let due = store.outgoing(now, 10).await.unwrap();
    assert_eq!(due.len(), 1, "handed over twice, kept once, and still there after a restart");
    assert_eq!((due[0].attempts, &due[0].mail.bytes), (0, &mail("").bytes));
    assert_eq!(due[0].mail.to, mail("").to);
    store.mark_sent("1@nordhafen.example", now).await.unwrap();
    assert!(store.outgoing(now + MINUTE, 10).await.unwrap().is_empty());
    assert_eq!(store.next_mail_due().await.unwrap(), None);
    MailSender::send(&store, mail("1@nordhafen.example")).await.unwrap();
    assert!(store.outgoing(now + MINUTE, 10).await.unwrap().is_empty(), "what is sent is not sent again");
    let kept = store.mail("1@nordhafen.example").await.unwrap().unwrap();
    assert_eq!(kept.state, MailState::Sent { at: now });
}

#[tokio::test]
async fn a_mail_that_the_relay_puts_off_waits_and_one_that_it_refuses_does_not_go_again() {
    let (store, _folder) = store();
    let now = monday_morning();
    MailSender::send(&store, mail("1@nordhafen.example")).await.unwrap();
    MailSender::send(&store, mail("2@nordhafen.example")).await.unwrap();
    store.retry_mail_at("1@nordhafen.example", now + MINUTE, "421 try later").await.unwrap();
    store.mark_refused("2@nordhafen.example", "5.1.1").await.unwrap();
    assert!(store.outgoing(now, 10).await.unwrap().is_empty());
    assert_eq!(store.next_mail_due().await.unwrap(), Some(now + MINUTE));
    let due = store.outgoing(now + MINUTE, 10).await.unwrap();
    assert_eq!(
        due.iter().map(|mail| (mail.mail.message_id.as_str(), mail.attempts)).collect::<Vec<_>>(),
        [("1@nordhafen.example", 1)]
    );
    let states: Vec<_> =
        store.mails(None, 10).await.unwrap().items.into_iter().map(|kept| kept.state).collect();
    assert_eq!(
        states,
        [
            MailState::Refused { diagnosis: "5.1.1".to_owned() },
            MailState::Waiting { attempts: 1, last_failure: Some("421 try later".to_owned()) },
        ]
    );
}

#[tokio::test]
async fn the_mailbox_is_read_page_by_page_with_the_latest_mail_first() {
    let (store, _folder) = store();
    for number in 1..=5 {
        MailSender::send(&store, mail(&format!("{number}@nordhafen.example"))).await.unwrap();
    }
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = store.mails(after.as_ref(), 2).await.unwrap();
        seen.extend(page.items.into_iter().map(|kept| kept.mail.message_id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, [5, 4, 3, 2, 1].map(|number| format!("{number}@nordhafen.example")));
    let hostile = lotse_domain::Cursor("1; DROP TABLE mails".to_owned());
    assert_eq!(store.mails(Some(&hostile), 10).await.unwrap().items.len(), 5);
    assert!(store.mail("6@nordhafen.example").await.unwrap().is_none());
}

#[tokio::test]
async fn a_file_that_was_imported_is_known_again() {
    let (store, _folder) = store();
    let content = blob_id(b"From MAILER-DAEMON ...");
    assert!(!store.import_seen(&content).await.unwrap());
    for _ in 0..2 {
        store.record_import(&content, monday_morning()).await.unwrap();
    }
    assert!(store.import_seen(&content).await.unwrap());
    assert!(!store.import_seen(&blob_id(b"another")).await.unwrap());
}
