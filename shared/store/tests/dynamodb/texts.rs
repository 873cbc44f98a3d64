//! Messages of any length that intake lets in.

use crate::table::Table;
use lotse_domain::{
    Arrival, Change, Command, Field, MessageNumber, ProductFinding, RequestId, RoutingPlan, SafetyKind,
    Topic, WorkStatus, WorklistQuery,
    ports::{CaseStore, CommitError, Unavailable},
};
use lotse_store::contract::sample::{
    arrive, case_id, classify, commit, commit_claiming, contact_id, decision, desk, execute, message, minute,
    one_more_message, opened, opened_by, safety, specialist,
};
use std::io::{Write, stderr};

/// Text that cannot be packed much: every word is another one.
fn long_text(bytes: usize) -> String {
    let word = |number: usize| format!("{:015x} ", number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 4);
    let words: Vec<String> = (0..bytes.div_ceil(16)).map(word).collect();
    words.concat()
}

/// Whatever its length, it is read back letter by letter; adding the case up does not read it.
#[tokio::test(flavor = "multi_thread")]
async fn long_messages_are_kept_whole() {
    let table = Table::create().await;
    let store = table.store();
    for (number, bytes) in (1..).zip([0, 700, 1_000, 3_000, 6_000, 100_000, 700_000, 2_500_000]) {
        let text = long_text(bytes);
        let change = opened_by(number, number, 0, message("Lang", &text));
        let (case, events) = (change.case().clone(), change.events().to_vec());
        store.commit(commit(change)).await.expect("intake lets this in");
        assert_eq!(
            store.load(case_id(number)).await.expect("the store answers"),
            Some(case),
            "{bytes} bytes"
        );
        assert_eq!(store.history(case_id(number)).await.expect("the store answers"), events, "{bytes} bytes");
        assert_eq!(store.event(events[0].id).await.expect("the store answers").as_ref(), events.first());
    }
    let page = store.timeline(contact_id(8), None, 10).await.expect("the store answers");
    assert_eq!(page.items.len(), 1);
}

/// The answer of a specialist, too, and the words of a long message are found.
#[tokio::test(flavor = "multi_thread")]
async fn long_answers_are_kept_and_found() {
    let table = Table::create().await;
    let store = table.store();
    let mut change = opened(1);
    classify(&mut change, 1, decision(&[Topic::MedicalQuestion]));
    arrive(&mut change, 2, 1, 60);
    let answer = format!("{} Walfischknochen", long_text(20_000));
    let written = Command::Answer { request: RequestId(1), text: answer.as_str().into(), spent_minutes: 5 };
    execute(&mut change, 3, &specialist("mia"), Command::Claim { request: RequestId(1) });
    execute(&mut change, 4, &specialist("mia"), written);
    execute(&mut change, 5, &specialist("mia"), one_more_message(&answer));
    let events = change.events().to_vec();
    store.commit(commit(change)).await.expect("a free id");
    assert_eq!(store.history(case_id(1)).await.expect("the store answers"), events);
    let found = store.search("Walfischknochen", 10).await.expect("the store answers");
    assert_eq!(found.iter().map(|case| case.case).collect::<Vec<_>>(), [case_id(1)]);
}

/// What no transaction holds is refused with a text that says so, and nothing of it is kept.
#[tokio::test(flavor = "multi_thread")]
async fn texts_beyond_all_limits_are_refused_in_clear_words() {
    let table = Table::create().await;
    let store = table.store();
    store.commit(commit(opened(1))).await.expect("a free id");
    let mut change = Change::of(opened(1).case().clone());
    for _ in 0..2 {
        execute(&mut change, 1, &specialist("mia"), one_more_message(&long_text(3_200_000)));
    }
    let outcome = store.commit(commit(change)).await;
    let Err(CommitError::Unavailable(unavailable @ Unavailable::Unreadable(_))) = outcome else {
        panic!("it cannot be kept: {outcome:?}")
    };
    assert!(unavailable.to_string().contains("larger than the table can hold at once"), "{unavailable}");
    let history = store.history(case_id(1)).await.expect("the store answers");
    assert_eq!(history, opened(1).events());
}

/// A case with more lines than a transaction has room for goes on, and its lists stay right.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_with_very_many_lines_goes_on() {
    let table = Table::create().await;
    if !table.takes_large_transactions().await {
        // Not `eprintln`, which a test that passes keeps to itself.
        let why =
            "skipped: very many lines; this DynamoDB is from before 2022, when a transaction held 25 items";
        writeln!(stderr(), "{why}").expect("standard error");
        return;
    }
    let store = table.store();
    let mut change = opened(1);
    store.commit(commit(change.clone())).await.expect("a free id");
    // Each message raises eleven flags, until there are as many as a case may have.
    for round in 2..=14_u32 {
        change = Change::of(change.case().clone());
        execute(&mut change, i64::from(round), &specialist("mia"), one_more_message("Noch etwas."));
        let mut found = decision(&[]);
        found.safety = SafetyKind::ALL.map(safety).to_vec();
        found.products = vec![product(round)];
        let plan = RoutingPlan {
            desks: Vec::new(),
            safety_desks: SafetyKind::ALL.map(|kind| (kind, desk("pharmacovigilance"))).to_vec(),
            next_step_at: minute(60),
            review: Arrival { target_minutes: 480, due_at: minute(480) },
            hand_over_due_at: minute(24 * 60 + i64::from(round)),
        };
        let message = MessageNumber(round);
        execute(
            &mut change,
            i64::from(round),
            &specialist("mia"),
            Command::Classify { message, decision: found, plan },
        );
        store.commit(commit_claiming(change.clone(), Vec::new())).await.expect("it goes on");
    }
    let lines = WorklistQuery {
        desk: desk("pharmacovigilance"),
        status: WorkStatus::Open,
        assignee: None,
        after: None,
        limit: 200,
    };
    let mut expected = change.case().worklist_entries();
    expected.sort_by_key(|line| (line.due_at, line.case, line.item));
    assert!(expected.len() > 100, "{} lines", expected.len());
    assert_eq!(store.worklist(&lines).await.expect("the store answers").items, expected);
}

fn product(number: u32) -> ProductFinding {
    ProductFinding {
        product: format!("product-{number}").parse().expect("a product"),
        field: Field::Body,
        start: 0,
        end: 1,
    }
}
