//! A name is taken by one case at most: what makes a repeated message harmless.

use super::sample::{
    case_id, claim, commit, commit_claiming, execute, minute, one_more_message, opened, system,
};
use futures_util::future::join_all;
use lotse_domain::{
    CaseId, Change,
    ports::{CaseStore, CommitError},
};

fn holder(outcome: &Result<(), CommitError>) -> Option<(CaseId, &str)> {
    match outcome {
        Err(CommitError::AlreadyDone { case, key }) => Some((*case, key)),
        _ => None,
    }
}

/// The second to take it is told who has it, and nothing of its commit stays.
pub async fn a_claim_is_taken_once<S: CaseStore>(store: &S) {
    let key = "message-id:5f2c";
    store.commit(commit_claiming(opened(1), vec![claim(key, None)])).await.expect("the name is free");
    let outcome = store.commit(commit_claiming(opened(2), vec![claim(key, None)])).await;
    assert_eq!(holder(&outcome), Some((case_id(1), key)), "{outcome:?}");
    assert_eq!(store.load(case_id(2)).await.expect("the store answers"), None);
    let now = minute(60 * 24 * 365 * 50);
    assert_eq!(store.claimed_by(key, now).await.expect("the store answers"), Some(case_id(1)), "for good");
    assert_eq!(store.claimed_by("message-id:5F2C", now).await.expect("the store answers"), None);
}

/// "Done already" goes before "changed meanwhile": a repeat carries the version that it first read.
pub async fn a_repeat_is_told_that_it_is_one_though_the_case_has_moved_on<S: CaseStore>(store: &S) {
    store.commit(commit(opened(1))).await.expect("a free id");
    let mut change = Change::of(opened(1).case().clone());
    execute(&mut change, 1, &system(), one_more_message("Noch etwas."));
    let commit = commit_claiming(change, vec![claim("idempotency:17", Some(600))]);
    store.commit(commit.clone()).await.expect("the version that was read");
    for _ in 0..2 {
        let outcome = store.commit(commit.clone()).await;
        assert_eq!(holder(&outcome), Some((case_id(1), "idempotency:17")), "{outcome:?}");
    }
    let case = store.load(case_id(1)).await.expect("the store answers").expect("the case is there");
    assert_eq!((case.version, case.messages.len()), (2, 2), "the repeats added nothing");
}

/// After its time another case may take the name; until then it may not.
pub async fn an_expired_claim_counts_as_free<S: CaseStore>(store: &S) {
    let at = |number, minutes| {
        let mut change = opened(number);
        execute(&mut change, minutes, &system(), one_more_message("Noch etwas."));
        change
    };
    let key = "idempotency:17";
    store.commit(commit_claiming(at(1, 1), vec![claim(key, Some(60))])).await.expect("the name is free");
    let early = store.commit(commit_claiming(at(2, 59), vec![claim(key, Some(120))])).await;
    assert_eq!(holder(&early), Some((case_id(1), key)), "{early:?}");
    assert_eq!(store.claimed_by(key, minute(59)).await.expect("the store answers"), Some(case_id(1)));
    assert_eq!(store.claimed_by(key, minute(61)).await.expect("the store answers"), None);
    store.commit(commit_claiming(at(3, 61), vec![claim(key, Some(120))])).await.expect("its time is over");
    assert_eq!(store.claimed_by(key, minute(61)).await.expect("the store answers"), Some(case_id(3)));
}

/// A commit takes all its names or none.
pub async fn one_taken_claim_refuses_the_commit_with_all_its_claims<S: CaseStore>(store: &S) {
    store.commit(commit_claiming(opened(1), vec![claim("b", None)])).await.expect("the name is free");
    let names = ["a", "b", "c"].map(|key| claim(key, None)).to_vec();
    let outcome = store.commit(commit_claiming(opened(2), names)).await;
    assert_eq!(holder(&outcome), Some((case_id(1), "b")), "{outcome:?}");
    for key in ["a", "c"] {
        assert_eq!(store.claimed_by(key, minute(1)).await.expect("the store answers"), None);
    }
    let names = ["a", "c"].map(|key| claim(key, None)).to_vec();
    store.commit(commit_claiming(opened(3), names)).await.expect("the names are free");
}

/// The same mail in twenty mailboxes at the same moment opens one case.
pub async fn of_many_cases_that_race_for_a_claim_exactly_one_gets_it<S: CaseStore>(store: &S) {
    let key = "message-id:5f2c";
    let commits =
        (1..=20).map(|number| store.commit(commit_claiming(opened(number), vec![claim(key, None)])));
    let outcomes = join_all(commits).await;
    let winners: Vec<u64> =
        (1..).zip(&outcomes).filter(|(_, outcome)| outcome.is_ok()).map(|(number, _)| number).collect();
    let [winner] = winners[..] else { panic!("{} cases took the name", winners.len()) };
    for (number, outcome) in (1..).zip(&outcomes).filter(|(number, _)| *number != winner) {
        assert_eq!(holder(outcome), Some((case_id(winner), key)), "{outcome:?}");
        assert_eq!(store.load(case_id(number)).await.expect("the store answers"), None);
    }
    assert_eq!(store.claimed_by(key, minute(1)).await.expect("the store answers"), Some(case_id(winner)));
}

/// A claim may come with any commit, and also alone.
pub async fn a_later_commit_of_a_case_takes_claims_too<S: CaseStore>(store: &S) {
    store.commit(commit(opened(1))).await.expect("a free id");
    let alone = commit_claiming(Change::of(opened(1).case().clone()), vec![claim("outgoing:1", None)]);
    store.commit(alone.clone()).await.expect("the version that was read");
    let again = store.commit(alone).await;
    assert_eq!(holder(&again), Some((case_id(1), "outgoing:1")), "{again:?}");
    let case = store.load(case_id(1)).await.expect("the store answers").expect("the case is there");
    assert_eq!(case, *opened(1).case(), "the case itself has not changed");
}
