//! What the store does when DynamoDB is busy, slow, gone, or does not know who asks. In each case the outcome is
//! clear, and nothing is lost or done twice.

use crate::{
    table::{Table, client, endpoint},
    wire::{Fate, Wire},
};
use futures_util::future::join_all;
use lotse_domain::{
    Change, Check, IdentifierKind, Topic,
    ports::{CaseStore, CommitError, Unavailable},
};
use lotse_store::{
    DynamoStore,
    contract::sample::{
        at_desk, case_id, claim, classify, commit, commit_claiming, decision, execute, identifier, minute,
        one_more_message, opened, system,
    },
    dynamodb::{Refusal, TableError},
};
use std::{error::Error, time::Duration};

/// The table's own words behind an outcome.
fn table_error(unavailable: &Unavailable) -> &TableError {
    unavailable.source().and_then(|source| source.downcast_ref()).expect("the table's own words")
}

/// A store behind a wire that refuses the first `times` calls of `action`, as `fate` says.
async fn behind(
    table: &Table,
    action: &'static str,
    times: usize,
    fate: impl Fn() -> Fate + Send + 'static,
) -> (DynamoStore, Wire) {
    let mut left = times;
    let wire = Wire::to(&endpoint(), move |call| {
        if call.action == action && left > 0 {
            left -= 1;
            return fate();
        }
        Fate::PassOn
    })
    .await;
    (table.store_by(&client(&wire.endpoint)), wire)
}

/// Whatever DynamoDB calls it, throttling passes, and the commit is done once.
#[tokio::test(flavor = "multi_thread")]
async fn a_throttled_commit_is_tried_again() {
    let codes = [
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "InternalServerError",
        "TransactionInProgressException",
    ];
    let table = Table::create().await;
    for (number, code) in (1..).zip(codes) {
        let (store, wire) = behind(&table, "TransactWriteItems", 3, || Fate::refusal(code)).await;
        store.commit(commit(at_desk(number, 60))).await.expect("it passes");
        assert_eq!(wire.count("TransactWriteItems"), 4, "{code}");
        assert_eq!(store.history(case_id(number)).await.expect("the store answers").len(), 3, "{code}");
    }
}

/// In a transaction each part has its own reason; one that passes is no conflict.
#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_in_the_way_of_another_is_tried_again() {
    let table = Table::create().await;
    for reasons in [
        ["TransactionConflict", "None"],
        ["ThrottlingError", "None"],
        ["ConditionalCheckFailed", "TransactionConflict"],
    ] {
        let number = u64::try_from(reasons.concat().len()).expect("a number");
        let (store, wire) = behind(&table, "TransactWriteItems", 2, move || Fate::cancelled(&reasons)).await;
        store.commit(commit(opened(number))).await.expect("it passes");
        assert_eq!(wire.count("TransactWriteItems"), 3, "{reasons:?}");
    }
}

/// A table that stays busy is given up after a bounded time, as something that passes.
#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_stays_busy_is_unavailable_for_now() {
    let table = Table::create().await;
    for action in ["TransactWriteItems", "Query"] {
        let (store, wire) = behind(&table, action, usize::MAX, || Fate::refusal("ThrottlingException")).await;
        let store = store.with_patience(Duration::from_millis(300));
        let outcome = match action {
            "Query" => store.load(case_id(1)).await.map(|_| ()),
            _ => match store.commit(commit(opened(1))).await {
                Err(CommitError::Unavailable(unavailable)) => Err(unavailable),
                outcome => panic!("{outcome:?}"),
            },
        };
        let unavailable = outcome.expect_err("the table is busy");
        assert!(matches!(unavailable, Unavailable::ForNow(_)), "{unavailable:?}");
        assert_eq!(table_error(&unavailable).refusal, Refusal::Busy);
        assert!(wire.count(action) > 1, "it was tried more than once");
    }
    assert_eq!(table.store().load(case_id(1)).await.expect("the store answers"), None, "nothing was written");
}

/// Nobody is asked twice with credentials that are wrong; the text says what to look at.
#[tokio::test(flavor = "multi_thread")]
async fn expired_credentials_missing_rights_and_a_missing_table_are_said_at_once() {
    let table = Table::create().await;
    for (code, refusal) in [
        ("ExpiredTokenException", Refusal::Credentials),
        ("UnrecognizedClientException", Refusal::Credentials),
        ("AccessDeniedException", Refusal::Permission),
        ("ResourceNotFoundException", Refusal::Missing),
    ] {
        let (store, wire) = behind(&table, "Query", usize::MAX, move || Fate::refusal(code)).await;
        let unavailable = store.load(case_id(1)).await.expect_err("nobody may read");
        assert!(matches!(unavailable, Unavailable::ForNow(_)), "it can be repaired: {unavailable:?}");
        assert_eq!(table_error(&unavailable).refusal, refusal, "{code}");
        assert_eq!(wire.count("Query"), 1, "{code}");
        assert!(unavailable.to_string().contains(&table.name), "{unavailable}");
    }
    let nowhere = DynamoStore::new(&table.client, "no-such-table");
    let unavailable = nowhere.load(case_id(1)).await.expect_err("there is no such table");
    assert_eq!(table_error(&unavailable).refusal, Refusal::Missing);
}

/// An endpoint where nobody listens.
#[tokio::test(flavor = "multi_thread")]
async fn a_dynamodb_that_is_gone_is_unavailable_for_now() {
    let gone =
        DynamoStore::new(&client("http://127.0.0.1:9"), "lotse").with_patience(Duration::from_millis(200));
    let unavailable = gone.load(case_id(1)).await.expect_err("nobody is there");
    assert!(matches!(unavailable, Unavailable::ForNow(_)), "{unavailable:?}");
    assert_eq!(table_error(&unavailable).refusal, Refusal::NoAnswer);
}

/// The commit was done and its answer lost: the repeat sees its own commit, and neither doubles it nor calls it
/// a conflict.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_is_lost_is_done_once() {
    let table = Table::create().await;
    let (store, wire) = behind(&table, "TransactWriteItems", 1, || Fate::LoseAnswer).await;
    store.commit(commit(at_desk(1, 60))).await.expect("it was done");
    assert_eq!(wire.count("TransactWriteItems"), 2);
    assert_eq!(store.history(case_id(1)).await.expect("the store answers"), at_desk(1, 60).events());

    let (store, wire) = behind(&table, "PutItem", 1, || Fate::LoseAnswer).await;
    let mut change = Change::of(at_desk(1, 60).case().clone());
    execute(&mut change, 5, &system(), one_more_message("Noch etwas."));
    store.commit(commit(change)).await.expect("it was done");
    assert_eq!(wire.count("PutItem"), 1, "the repeat sees that the event is there");
    assert_eq!(store.history(case_id(1)).await.expect("the store answers").len(), 4);

    let (store, _wire) = behind(&table, "TransactWriteItems", 1, || Fate::LoseAnswer).await;
    let mut change = Change::of(store.load(case_id(1)).await.expect("the store answers").expect("the case"));
    execute(&mut change, 6, &system(), one_more_message("Und noch etwas."));
    let claiming = commit_claiming(change, vec![claim("mail:1", None)]);
    store.commit(claiming.clone()).await.expect("it was done");
    let again = store.commit(claiming).await;
    assert!(matches!(again, Err(CommitError::AlreadyDone { .. })), "a later repeat is one: {again:?}");
}

/// Fifty writers who each read, decide and commit until they get through: all do, one after the other.
#[tokio::test(flavor = "multi_thread")]
async fn fifty_writers_on_one_case_all_get_through_in_one_order() {
    let table = Table::create().await;
    table.store().commit(commit(opened(1))).await.expect("a free id");
    let writers = (0..50).map(|writer| {
        let store = table.store();
        async move {
            let mut attempts = 0;
            loop {
                attempts += 1;
                assert!(attempts <= 200, "writer {writer} never gets through");
                let case = store.load(case_id(1)).await.expect("the store answers").expect("the case");
                let mut change = Change::of(case);
                execute(&mut change, 5, &system(), one_more_message(&format!("Nachricht von {writer}")));
                let claims = vec![claim(&format!("mail:{writer}"), None)];
                match store.commit(commit_claiming(change, claims)).await {
                    Ok(()) => return,
                    Err(CommitError::Conflict) => {}
                    Err(error) => panic!("writer {writer}: {error}"),
                }
            }
        }
    });
    join_all(writers.map(tokio::spawn)).await.into_iter().for_each(|end| end.expect("no writer failed"));

    let history = table.store().history(case_id(1)).await.expect("the store answers");
    let sequences: Vec<u32> = history.iter().map(|event| event.id.sequence).collect();
    assert_eq!(sequences, (1..=51).collect::<Vec<_>>());
    let mut texts: Vec<&str> =
        history[1..].iter().filter_map(|event| Some(event.event.received_message()?.body.as_str())).collect();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), 50, "no message is lost, and none is there twice");
}

/// What DynamoDB leaves aside of a batch is sent again.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_batch_leaves_aside_is_sent_again() {
    let table = Table::create().await;
    let mut left = 2;
    let wire = Wire::to(&endpoint(), move |call| {
        if call.action == "BatchWriteItem" && left > 0 {
            left -= 1;
            return Fate::Answer(200, serde_json::json!({ "UnprocessedItems": call.asked["RequestItems"] }));
        }
        Fate::PassOn
    })
    .await;
    let store = table.store_by(&client(&wire.endpoint));
    let mut change = opened(1);
    let mut found = decision(&[Topic::ShippingStatus]);
    found.identifiers = (0..60)
        .map(|number| identifier(IdentifierKind::Batch, &format!("CH{number:04}"), Check::Unchecked))
        .collect();
    classify(&mut change, 1, found);
    store.commit(commit(change)).await.expect("it passes");
    assert_eq!(wire.count("BatchWriteItem"), 2 + 3, "sixty go in three batches");
    for value in ["CH0000", "CH0059"] {
        let cases = store.find_by_identifier(IdentifierKind::Batch, value).await.expect("the store answers");
        assert_eq!(cases.len(), 1, "{value}");
    }
}

/// An identifier is noted before the commit that names it: where that commit is never done, the note misleads
/// nobody.
#[tokio::test(flavor = "multi_thread")]
async fn a_note_of_a_commit_that_was_refused_leads_nowhere() {
    let (table, naming) = (Table::create().await, |number| {
        let mut change = opened(number);
        let mut found = decision(&[Topic::ShippingStatus]);
        found.identifiers = vec![identifier(IdentifierKind::Batch, "CH4711", Check::Unchecked)];
        classify(&mut change, 1, found);
        commit_claiming(change, vec![claim("mail:1", None)])
    });
    let store = table.store();
    store.commit(naming(1)).await.expect("the name is free");
    store.commit(naming(2)).await.expect_err("the name is taken");
    let cases = store.find_by_identifier(IdentifierKind::Batch, "CH4711").await.expect("the store answers");
    assert_eq!(cases.iter().map(|case| case.case).collect::<Vec<_>>(), [case_id(1)]);
}

/// An event that this version cannot read stops its case, and no other; the text says which and what to do.
#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_another_version_is_a_clear_error_and_no_loss() {
    use aws_sdk_dynamodb::types::AttributeValue::{N, S};
    let table = Table::create().await;
    let store = table.store();
    for number in [1, 2] {
        store.commit(commit(opened(number))).await.expect("a free id");
    }
    let put = table.client.put_item().table_name(&table.name);
    put.item("pk", S(format!("CASE#{}", case_id(1))))
        .item("sk", S("EVENT#0000000002".to_owned()))
        .item("format", N("2".to_owned()))
        .item("event", S("{\"secret\":\"Frau Beispiel\"}".to_owned()))
        .send()
        .await
        .expect("the table answers");
    for outcome in [store.load(case_id(1)).await.map(|_| ()), store.history(case_id(1)).await.map(|_| ())] {
        let unavailable = outcome.expect_err("it cannot be read");
        assert!(matches!(unavailable, Unavailable::Unreadable(_)), "{unavailable:?}");
        let text = unavailable.to_string();
        assert!(text.contains("EVENT#0000000002") && text.contains("format 2"), "{text}");
        assert!(!text.contains("Beispiel"), "{text}");
    }
    let more = Change::of(opened(1).case().clone());
    let outcome = store.commit(commit_claiming(more, vec![claim("a", None)])).await;
    assert!(matches!(outcome, Err(CommitError::Unavailable(Unavailable::Unreadable(_)))), "{outcome:?}");
    assert!(store.load(case_id(2)).await.expect("the store answers").is_some());
    assert_eq!(store.due(minute(1_000), 10).await.expect("the store answers"), []);
}

/// A claim alone has no event to be recognised by: DynamoDB knows the repeat by its token.
#[tokio::test(flavor = "multi_thread")]
async fn a_claim_whose_answer_is_lost_is_taken_once() {
    let table = Table::create().await;
    table.store().commit(commit(opened(1))).await.expect("a free id");
    for (key, until) in [("once", None), ("for an hour", Some(60))] {
        let (store, wire) = behind(&table, "TransactWriteItems", 1, || Fate::LoseAnswer).await;
        let alone = commit_claiming(Change::of(opened(1).case().clone()), vec![claim(key, until)]);
        store.commit(alone).await.expect("it was done");
        assert_eq!(wire.count("TransactWriteItems"), 2, "{key}");
        assert_eq!(store.claimed_by(key, minute(1)).await.expect("the store answers"), Some(case_id(1)));
    }
}
