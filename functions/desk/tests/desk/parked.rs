//! What failed for good waits for an administrator.

use crate::support::{About, Office};
use axum::http::StatusCode;
use jiff::SignedDuration;
use lotse_domain::{
    EventNotice, Queue, QueueMessage,
    ports::{CaseStore, ParkedDeliveries, QueueSender},
};

async fn park(office: &Office) -> String {
    let id = office.received(1, About::Dose).await;
    let history = office.store.history(id).await.expect("a store");
    let notice = EventNotice::of(&history[0], "lotse.message.received.v1");
    let body = serde_json::to_string(&notice).expect("JSON");
    let messages = vec![
        QueueMessage { queue: Queue::Classify, key: "one".to_owned(), body },
        QueueMessage { queue: Queue::IntakeMail, key: "two".to_owned(), body: "{}".to_owned() },
    ];
    office.store.send(messages).await.expect("sent");
    for queue in [Queue::Classify, Queue::IntakeMail] {
        let hidden = SignedDuration::from_mins(1);
        let received = office.store.receive(queue, office.now(), hidden, 10).await.expect("received");
        for delivery in received {
            office.store.park(delivery.id, office.now(), "the mail server refused it").await.expect("parked");
        }
    }
    office.case(id).await.reference.to_string()
}

#[tokio::test]
async fn an_administrator_sees_what_failed_and_has_it_tried_again() {
    let office = Office::open().await;
    let reference = park(&office).await;
    let kim = office.sign_in("kim").await;
    assert!(office.get(&kim, "/desk").await.text.contains("/desk/parked"), "the header says so");
    let page = office.get(&kim, "/desk/parked").await;
    assert_eq!(page.status, StatusCode::OK);
    for shown in
        [reference.as_str(), "lotse.message.received.v1", "intake-mail", "the mail server refused it"]
    {
        assert!(page.text.contains(shown), "{shown}");
    }
    let id = office.store.parked(10).await.expect("a store")[0].id.clone();
    for _ in 0..2 {
        let again = office.post(&kim, &format!("/desk/parked/{id}/retry"), &[]).await;
        assert_eq!(again.header("location"), "/desk/parked?notice=retried");
    }
    assert_eq!(office.store.parked(10).await.expect("a store").len(), 1);
}

#[tokio::test]
async fn nobody_else_sees_or_repeats_it() {
    let office = Office::open().await;
    park(&office).await;
    let anna = office.sign_in("anna").await;
    assert!(!office.get(&anna, "/desk").await.text.contains("/desk/parked"));
    assert_eq!(office.get(&anna, "/desk/parked").await.status, StatusCode::NOT_FOUND);
    let id = office.store.parked(10).await.expect("a store")[0].id.clone();
    let refused = office.post(&anna, &format!("/desk/parked/{id}/retry"), &[]).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    assert_eq!(office.store.parked(10).await.expect("a store").len(), 2);
}
