//! One transition is one commit: all of it or nothing, on the version that was read.

use super::sample::{
    answer, at_desk, case_id, claim, commit, commit_claiming, desk, execute, minute, one_more_message,
    opened, specialist, system,
};
use futures_util::future::join_all;
use lotse_domain::{
    Case, CaseId, Change, Command, EventId, RequestId, WorkStatus, WorklistQuery,
    ports::{CaseStore, CommitError},
};

async fn load<S: CaseStore>(store: &S, case: CaseId) -> Case {
    store.load(case).await.expect("the store answers").expect("the case is there")
}

/// A change of the case as it now is.
async fn change_of<S: CaseStore>(store: &S, case: CaseId) -> Change {
    Change::of(load(store, case).await)
}

/// Snapshot and history are what was committed.
pub async fn a_case_is_read_back_as_it_was_committed<S: CaseStore>(store: &S) {
    let change = at_desk(1, 60);
    let (case, events) = (change.case().clone(), change.events().to_vec());
    store.commit(commit(change)).await.expect("a free id");
    assert_eq!(load(store, case_id(1)).await, case);
    assert_eq!(store.history(case_id(1)).await.expect("the store answers"), events);
}

/// A case that nobody committed is `None`, its history is empty.
pub async fn what_is_not_there_reads_as_nothing<S: CaseStore>(store: &S) {
    store.commit(commit(opened(1))).await.expect("a free id");
    let absent = EventId { case: case_id(2), sequence: 1 };
    assert_eq!(store.load(case_id(2)).await.expect("the store answers"), None);
    assert_eq!(store.history(case_id(2)).await.expect("the store answers"), []);
    assert_eq!(store.event(absent).await.expect("the store answers"), None);
    let later = EventId { case: case_id(1), sequence: 2 };
    assert_eq!(store.event(later).await.expect("the store answers"), None);
}

/// The second opening of the same case is a conflict.
pub async fn a_case_is_opened_once<S: CaseStore>(store: &S) {
    let first = opened(1);
    let case = first.case().clone();
    store.commit(commit_claiming(first, Vec::new())).await.expect("a free id");
    let again = store.commit(commit_claiming(at_desk(1, 60), Vec::new())).await;
    assert!(matches!(again, Err(CommitError::Conflict)), "{again:?}");
    assert_eq!(load(store, case_id(1)).await, case);
}

/// A version that no case has is a conflict, not a new case.
pub async fn a_case_that_is_not_there_cannot_be_changed<S: CaseStore>(store: &S) {
    let mut change = Change::of(opened(1).case().clone());
    execute(&mut change, 1, &system(), one_more_message("Noch etwas."));
    let outcome = store.commit(commit(change)).await;
    assert!(matches!(outcome, Err(CommitError::Conflict)), "{outcome:?}");
    assert_eq!(store.load(case_id(1)).await.expect("the store answers"), None);
}

/// Whoever read an older version must read again.
pub async fn a_change_of_an_outdated_version_is_refused<S: CaseStore>(store: &S) {
    store.commit(commit(opened(1))).await.expect("a free id");
    let (mut first, mut second) = (change_of(store, case_id(1)).await, change_of(store, case_id(1)).await);
    execute(&mut first, 1, &system(), one_more_message("Zuerst."));
    execute(&mut second, 2, &system(), one_more_message("Zu spät."));
    store.commit(commit(first)).await.expect("the version that was read");
    let outcome = store.commit(commit(second)).await;
    assert!(matches!(outcome, Err(CommitError::Conflict)), "{outcome:?}");
    let history = store.history(case_id(1)).await.expect("the store answers");
    assert_eq!(history.last().map(|event| event.at), Some(minute(1)));
}

/// Snapshot, events, claims, lists and words of a refused commit are as if it had never been.
pub async fn a_refused_commit_leaves_nothing<S: CaseStore>(store: &S) {
    store.commit(commit(at_desk(1, 60))).await.expect("a free id");
    let before = load(store, case_id(1)).await;
    let mut late = change_of(store, case_id(1)).await;
    let mut meanwhile = change_of(store, case_id(1)).await;
    execute(&mut meanwhile, 5, &specialist("mia"), Command::Claim { request: RequestId(1) });
    store.commit(commit(meanwhile)).await.expect("the version that was read");
    execute(&mut late, 6, &system(), one_more_message("Walfischknochen"));
    let close = Command::Close { request: RequestId(1), reason: "erledigt".into(), spent_minutes: 0 };
    execute(&mut late, 6, &specialist("tom"), close);
    let outcome = store.commit(commit_claiming(late, vec![claim("idempotency:late", None)])).await;
    assert!(matches!(outcome, Err(CommitError::Conflict)), "{outcome:?}");

    let after = load(store, case_id(1)).await;
    assert_eq!((after.version, after.messages.len()), (before.version + 1, before.messages.len()));
    let history = store.history(case_id(1)).await.expect("the store answers");
    assert_eq!(Case::replay(&history).expect("a whole history"), Some(after));
    let holder = store.claimed_by("idempotency:late", minute(6)).await.expect("the store answers");
    assert_eq!(holder, None, "its claim is free");
    let found = store.search("Walfischknochen", 10).await.expect("the store answers");
    assert_eq!(found, [], "its words are not found");
    let done = WorklistQuery {
        desk: desk("medical-information"),
        status: WorkStatus::Done,
        assignee: None,
        after: None,
        limit: 10,
    };
    assert_eq!(store.worklist(&done).await.expect("the store answers").items, [], "its lines are not shown");
}

/// Fifty writers who read the same version: one commits, 49 are told to read again.
pub async fn of_many_writers_on_one_case_exactly_one_wins_each_round<S: CaseStore>(store: &S) {
    store.commit(commit(opened(1))).await.expect("a free id");
    for round in 1..=5 {
        let read = load(store, case_id(1)).await;
        let commits = (0..50).map(|writer| {
            let mut change = Change::of(read.clone());
            execute(&mut change, round, &system(), one_more_message(&format!("Nachricht von {writer}")));
            store.commit(commit(change))
        });
        let outcomes = join_all(commits).await;
        let wins = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let conflicts =
            outcomes.iter().filter(|outcome| matches!(outcome, Err(CommitError::Conflict))).count();
        assert_eq!((wins, conflicts), (1, 49), "in round {round}");
        assert_eq!(load(store, case_id(1)).await.version, read.version + 1);
    }
}

/// A hundred cases opened at once, among them some that are refused: each gets its own answer.
pub async fn many_commits_at_once_do_not_disturb_each_other<S: CaseStore>(store: &S) {
    for number in (0..100).step_by(10) {
        store.commit(commit_claiming(opened(number), Vec::new())).await.expect("a free id");
    }
    let outcomes =
        join_all((0..100).map(|number| store.commit(commit_claiming(at_desk(number, 60), Vec::new())))).await;
    for (number, outcome) in (0..).zip(outcomes) {
        let case = load(store, case_id(number)).await;
        let history = store.history(case_id(number)).await.expect("the store answers");
        if number % 10 == 0 {
            assert!(matches!(outcome, Err(CommitError::Conflict)), "case {number} was there: {outcome:?}");
            assert_eq!(case, *opened(number).case());
        } else {
            assert!(outcome.is_ok(), "case {number} is new: {outcome:?}");
            assert_eq!(case, *at_desk(number, 60).case());
        }
        assert_eq!(Case::replay(&history).expect("a whole history"), Some(case));
    }
}

/// After a conversation of several commits, the history is whole, in order, and adds up to the snapshot.
pub async fn replaying_the_history_gives_the_snapshot<S: CaseStore>(store: &S) {
    store.commit(commit(at_desk(1, 60))).await.expect("a free id");
    let mia = specialist("mia");
    let text = || "Bitte nennen Sie uns die Charge.".into();
    let request = RequestId(1);
    let steps = [
        (mia.clone(), Command::Claim { request }),
        (
            mia.clone(),
            Command::AskContact { request, text: text(), spent_minutes: 5, next_step_at: minute(300) },
        ),
        (system(), answer(5, "Ihre Anfrage", "Bitte nennen Sie uns die Charge.")),
        (system(), one_more_message("Charge 4711A.")),
        (mia, Command::Close { request, reason: "telefonisch geklärt".into(), spent_minutes: 0 }),
    ];
    for (minutes, (actor, command)) in (10..).zip(steps) {
        let mut change = change_of(store, case_id(1)).await;
        execute(&mut change, minutes, &actor, command);
        store.commit(commit(change)).await.expect("the version that was read");
    }
    let history = store.history(case_id(1)).await.expect("the store answers");
    let sequences: Vec<u32> = history.iter().map(|event| event.id.sequence).collect();
    assert_eq!(sequences, [1, 2, 3, 4, 5, 6, 7, 8]);
    let case = load(store, case_id(1)).await;
    assert_eq!(case.version, 8);
    assert_eq!(Case::replay(&history).expect("a whole history"), Some(case));
}

/// One event is read without the others.
pub async fn an_event_is_found_by_its_place<S: CaseStore>(store: &S) {
    let (first, second) = (at_desk(1, 60), opened(2));
    let expected = first.events()[1].clone();
    store.commit(commit(first)).await.expect("a free id");
    store.commit(commit(second)).await.expect("a free id");
    assert_eq!(store.event(expected.id).await.expect("the store answers"), Some(expected));
}
