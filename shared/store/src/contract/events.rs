//! The history as an outbox: what is committed is delivered, once it is marked it is not given again.

use super::sample::{
    at_desk, case_id, claim, commit, commit_claiming, execute, one_more_message, opened, system,
};
use lotse_domain::{
    Change, EventId,
    ports::{CaseStore, EventFeed},
};

async fn undelivered<S: EventFeed>(store: &S, limit: usize) -> Vec<EventId> {
    store.undelivered(limit).await.expect("the store answers").iter().map(|event| event.id).collect()
}

fn event(case: u64, sequence: u32) -> EventId {
    EventId { case: case_id(case), sequence }
}

/// Older commits first, the events of a case in order.
pub async fn committed_events_are_undelivered_in_their_order<S: CaseStore + EventFeed>(store: &S) {
    assert_eq!(undelivered(store, 10).await, []);
    store.commit(commit(at_desk(2, 60))).await.expect("a free id");
    store.commit(commit(opened(1))).await.expect("a free id");
    let mut change = Change::of(at_desk(2, 60).case().clone());
    execute(&mut change, 5, &system(), one_more_message("Noch etwas."));
    store.commit(commit(change)).await.expect("the version that was read");
    let all = [event(2, 1), event(2, 2), event(2, 3), event(1, 1), event(2, 4)];
    assert_eq!(undelivered(store, 10).await, all);
    assert_eq!(undelivered(store, 2).await, all[..2]);
    let whole = store.undelivered(10).await.expect("the store answers");
    assert_eq!(whole[..3], *at_desk(2, 60).events(), "as they were committed");
}

/// Marking again, or marking what is not there, changes nothing.
pub async fn what_is_marked_delivered_is_not_given_again<S: CaseStore + EventFeed>(store: &S) {
    store.commit(commit(at_desk(1, 60))).await.expect("a free id");
    for _ in 0..2 {
        store.mark_delivered(&[event(1, 1), event(1, 3), event(9, 1)]).await.expect("the store answers");
        assert_eq!(undelivered(store, 10).await, [event(1, 2)]);
    }
    let history = store.history(case_id(1)).await.expect("the store answers");
    assert_eq!(history.len(), 3, "the history keeps them");
    store.mark_delivered(&[]).await.expect("the store answers");
    store.mark_delivered(&[event(1, 2)]).await.expect("the store answers");
    assert_eq!(undelivered(store, 10).await, []);
}

/// No event of a commit that was refused is ever seen.
pub async fn a_refused_commit_has_nothing_to_deliver<S: CaseStore + EventFeed>(store: &S) {
    store.commit(commit_claiming(opened(1), vec![claim("a", None)])).await.expect("the name is free");
    store.commit(commit_claiming(opened(2), vec![claim("a", None)])).await.expect_err("the name is taken");
    store.commit(commit_claiming(opened(1), vec![claim("b", None)])).await.expect_err("the case is there");
    assert_eq!(undelivered(store, 10).await, [event(1, 1)]);
}
