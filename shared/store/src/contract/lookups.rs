//! Finding cases: by contact, by reference, by what they name, by deadline.

use super::sample::{
    arrive, at_desk, case_id, classify, commit, contact_id, decision, decision_to_ask, execute, identifier,
    message, minute, opened, opened_by, reference, specialist, system,
};
use lotse_domain::{
    CaseId, CaseSummary, Change, Check, Command, Cursor, IdentifierKind, RequestId, Topic, ports::CaseStore,
};

fn ids(cases: &[CaseSummary]) -> Vec<CaseId> {
    cases.iter().map(|case| case.case).collect()
}

/// Their own, with where each stands.
pub async fn a_contact_sees_their_cases_latest_first<S: CaseStore>(store: &S) {
    for (number, contact, minutes) in [(1, 7, 1), (2, 8, 2), (3, 7, 3)] {
        let mut change = opened_by(number, contact, minutes, message("Anfrage", "Eine Frage."));
        classify(&mut change, minutes, decision(&[Topic::MedicalQuestion]));
        store.commit(commit(change)).await.expect("a free id");
    }
    let mut change =
        Change::of(store.load(case_id(1)).await.expect("the store answers").expect("the case is there"));
    arrive(&mut change, 5, 1, 60);
    let current = CaseSummary::from(change.case());
    store.commit(commit(change)).await.expect("the version that was read");

    let page = store.timeline(contact_id(7), None, 10).await.expect("the store answers");
    assert_eq!((ids(&page.items), page.next), (vec![case_id(3), case_id(1)], None));
    assert_eq!(page.items[1], current, "as the case now is");
    let nobody = store.timeline(contact_id(9), None, 10).await.expect("the store answers");
    assert_eq!(nobody.items, []);
}

/// Also where cases were opened at the same time, and where the cursor is not the store's.
pub async fn a_timeline_is_paged_without_skipping_or_repeating<S: CaseStore>(store: &S) {
    for number in 1..=10 {
        let minutes = i64::try_from(number / 4).unwrap_or(0);
        let change = opened_by(number, 7, minutes, message("Anfrage", "Eine Frage."));
        store.commit(commit(change)).await.expect("a free id");
    }
    let all = store.timeline(contact_id(7), None, 200).await.expect("the store answers").items;
    assert_eq!(all.len(), 10);
    assert!(all.is_sorted_by(|earlier, later| earlier.opened_at >= later.opened_at), "latest first");
    for limit in [1, 3, 9, 10] {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = store.timeline(contact_id(7), after.as_ref(), limit).await.expect("the store answers");
            seen.extend(page.items);
            assert!(seen.len() <= all.len(), "paging comes to an end");
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, all, "in pages of {limit}");
    }
    for text in ["", "_", "x_y", "0_' OR 1", "99999999999999999999999_0"] {
        let hostile = Cursor(text.to_owned());
        let page = store.timeline(contact_id(7), Some(&hostile), 200).await.expect("the store answers");
        assert_eq!(page.items, all, "after the cursor {text:?}");
    }
}

/// What people say on the phone leads to the case.
pub async fn a_case_is_found_by_its_reference<S: CaseStore>(store: &S) {
    store.commit(commit(opened(1))).await.expect("a free id");
    store.commit(commit(opened(2))).await.expect("a free id");
    let found = store.find_by_reference(reference(2)).await.expect("the store answers");
    assert_eq!(found, Some(case_id(2)));
    assert_eq!(store.find_by_reference(reference(3)).await.expect("the store answers"), None);
}

/// However many name it, 50 at most; mistyped ones name nothing.
pub async fn cases_are_found_by_an_identifier_latest_first<S: CaseStore>(store: &S) {
    let named = |check| {
        let mut found = decision(&[Topic::ShippingStatus]);
        found.identifiers = vec![
            identifier(IdentifierKind::Pzn, "27580899", check),
            identifier(IdentifierKind::OrderNumber, "NP-2026-004711", Check::Unchecked),
        ];
        found
    };
    for number in 1..=55 {
        let minutes = i64::try_from(number % 11).unwrap_or(0);
        let mut change = opened_by(number, number, minutes, message("Lieferung", "Wo bleibt sie?"));
        classify(&mut change, 20, named(if number == 55 { Check::Mistyped } else { Check::Valid }));
        store.commit(commit(change)).await.expect("a free id");
    }
    let pzn = store.find_by_identifier(IdentifierKind::Pzn, "27580899").await.expect("the store answers");
    assert_eq!(pzn.len(), 50);
    assert!(pzn.is_sorted_by(|earlier, later| earlier.opened_at >= later.opened_at), "latest first");
    assert!(!ids(&pzn).contains(&case_id(55)), "a mistyped number names no product");
    let mut found = ids(&pzn);
    found.sort_unstable();
    found.dedup();
    assert_eq!(found.len(), 50, "each case once");
}

/// Neither the beginning of one nor a pattern nor another kind finds it.
pub async fn an_identifier_is_compared_as_a_whole<S: CaseStore>(store: &S) {
    let mut change = opened(1);
    let mut found = decision(&[Topic::ShippingStatus]);
    found.identifiers = vec![identifier(IdentifierKind::OrderNumber, "NP-2026-004711", Check::Unchecked)];
    classify(&mut change, 1, found);
    store.commit(commit(change)).await.expect("a free id");
    let kind = IdentifierKind::OrderNumber;
    let exact = store.find_by_identifier(kind, "NP-2026-004711").await.expect("the store answers");
    assert_eq!(ids(&exact), [case_id(1)]);
    for value in ["", "NP-2026", "NP-2026-00471%", "NP-2026-00471_", "np-2026-004711", "' OR ''='"] {
        let found = store.find_by_identifier(kind, value).await.expect("the store answers");
        assert_eq!(found, [], "looking for {value:?}");
    }
    let other = store.find_by_identifier(IdentifierKind::DeliveryNote, "NP-2026-004711").await;
    assert_eq!(other.expect("the store answers"), []);
}

/// Earliest first, and no more than asked for.
pub async fn cases_are_due_when_their_deadline_has_come<S: CaseStore>(store: &S) {
    for (number, due) in [(1, 90), (2, 30), (3, 60), (4, 200)] {
        store.commit(commit(at_desk(number, due))).await.expect("a free id");
    }
    let mut asked = opened(5);
    classify(&mut asked, 0, decision_to_ask());
    assert_eq!(asked.case().next_deadline(), Some(minute(60)));
    store.commit(commit(asked)).await.expect("a free id");
    store.commit(commit(opened(6))).await.expect("a free id");

    assert_eq!(store.due(minute(29), 10).await.expect("the store answers"), []);
    assert_eq!(store.due(minute(30), 10).await.expect("the store answers"), [case_id(2)], "at the very time");
    let due = store.due(minute(100), 10).await.expect("the store answers");
    assert_eq!((due.len(), due[0], due[3]), (4, case_id(2), case_id(1)));
    assert_eq!(store.due(minute(100), 1).await.expect("the store answers"), [case_id(2)]);
}

/// Once marked overdue or closed, a case does not come again.
pub async fn a_case_whose_deadline_is_met_is_due_no_more<S: CaseStore>(store: &S) {
    for number in [1, 2] {
        store.commit(commit(at_desk(number, 30))).await.expect("a free id");
    }
    let mut overdue = Change::of(at_desk(1, 30).case().clone());
    execute(&mut overdue, 31, &system(), Command::MarkOverdue);
    store.commit(commit(overdue)).await.expect("the version that was read");
    let mut closed = Change::of(at_desk(2, 30).case().clone());
    let close = Command::Close { request: RequestId(1), reason: "erledigt".into(), spent_minutes: 29 };
    execute(&mut closed, 31, &specialist("mia"), close);
    store.commit(commit(closed)).await.expect("the version that was read");
    assert_eq!(store.due(minute(1_000), 10).await.expect("the store answers"), []);
}
