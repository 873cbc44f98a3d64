//! What a desk sees: its lines, in the order in which they are due.

use super::sample::{
    arrive, at_desk, case_id, classify, commit, decision, desk, execute, minute, opened, safety, specialist,
    user,
};
use lotse_domain::{
    Change, Command, Cursor, FlagNumber, Page, RequestId, SafetyKind, Topic, WorkStatus, WorklistEntry,
    WorklistQuery, ports::CaseStore,
};

fn query(status: WorkStatus) -> WorklistQuery {
    WorklistQuery { desk: desk("medical-information"), status, assignee: None, after: None, limit: 200 }
}

async fn read<S: CaseStore>(store: &S, query: &WorklistQuery) -> Page<WorklistEntry> {
    store.worklist(query).await.expect("the store answers")
}

/// All lines, page by page.
async fn read_all<S: CaseStore>(store: &S, mut query: WorklistQuery) -> Vec<WorklistEntry> {
    let mut lines = Vec::new();
    loop {
        let page = read(store, &query).await;
        assert!(page.items.len() <= query.limit, "a page holds no more than it may");
        lines.extend(page.items);
        assert!(lines.len() < 1_000, "paging comes to an end");
        match page.next {
            Some(next) => query.after = Some(next),
            None => return lines,
        }
    }
}

/// Commits cases with one or two requests each, many of them due at the same time; gives the lines that the
/// desk must see, in order.
async fn fill<S: CaseStore>(store: &S) -> Vec<WorklistEntry> {
    let mut expected = Vec::new();
    for number in 1..=24 {
        let mut change = opened(number);
        classify(&mut change, 1, decision(&[Topic::MedicalQuestion, Topic::ShippingStatus]));
        let due = [60, 30, 30, 90][usize::try_from(number % 4).unwrap_or(0)];
        arrive(&mut change, 2, 1, due);
        // Every third case has its second request at the same desk, due at the same time.
        if number % 3 == 0 {
            arrive(&mut change, 2, 2, due);
            let to = Command::Move {
                request: RequestId(2),
                topic: Topic::MedicalQuestion,
                desk: desk("medical-information"),
                to: Topic::MedicalQuestion.home(),
                reason: "doch eine medizinische Frage".into(),
                spent_minutes: 1,
                arrival: None,
            };
            execute(&mut change, 3, &specialist("tom"), to);
            arrive(&mut change, 4, 2, due);
        }
        let lines = change.case().worklist_entries();
        expected.extend(lines.into_iter().filter(|line| line.desk == desk("medical-information")));
        store.commit(commit(change)).await.expect("a free id");
    }
    expected.sort_by_key(|line| (line.due_at, line.case, line.item));
    assert_eq!(expected.len(), 32);
    expected
}

/// Earliest first; equal times by case, then by item; nothing of other desks.
pub async fn a_desk_sees_its_open_lines_by_due_time<S: CaseStore>(store: &S) {
    let expected = fill(store).await;
    let page = read(store, &query(WorkStatus::Open)).await;
    assert_eq!(page.items, expected);
    assert_eq!(page.next, None);
    assert_eq!(read(store, &query(WorkStatus::Done)).await.items, []);
}

/// Whatever the size of a page, every line comes once, also where times are equal.
pub async fn paging_neither_skips_nor_repeats<S: CaseStore>(store: &S) {
    let expected = fill(store).await;
    for limit in [1, 2, 3, 7, 31, 32, 33] {
        let lines = read_all(store, WorklistQuery { limit, ..query(WorkStatus::Open) }).await;
        assert_eq!(lines, expected, "in pages of {limit}");
    }
}

/// A cursor comes back from a browser.
pub async fn a_cursor_that_the_store_did_not_make_reads_as_the_first_page<S: CaseStore>(store: &S) {
    store.commit(commit(at_desk(1, 60))).await.expect("a free id");
    let first = read(store, &query(WorkStatus::Open)).await;
    let texts = [
        "",
        "_",
        "0",
        "__",
        "1_2_3",
        "'; DROP TABLE worklist; --",
        "😀_\u{0}_\u{7f}",
        "9999999999999999999_x_1",
    ];
    let long = "9".repeat(100_000);
    for text in texts.into_iter().chain([long.as_str()]) {
        let after = Some(Cursor(text.to_owned()));
        let page = read(store, &WorklistQuery { after, ..query(WorkStatus::Open) }).await;
        assert_eq!(page, first, "after a cursor of {} bytes", text.len());
    }
}

/// A limit of nothing still gives a line, a limit without end still gives a page.
pub async fn any_limit_gives_a_page<S: CaseStore>(store: &S) {
    fill(store).await;
    let one = read(store, &WorklistQuery { limit: 0, ..query(WorkStatus::Open) }).await;
    assert_eq!((one.items.len(), one.next.is_some()), (1, true));
    let all = read(store, &WorklistQuery { limit: usize::MAX, ..query(WorkStatus::Open) }).await;
    assert_eq!(all.items.len(), 32);
}

/// The part that is done is read from its end.
pub async fn what_is_done_comes_latest_first<S: CaseStore>(store: &S) {
    for number in 1..=9 {
        let mut change = at_desk(number, 60);
        let close = Command::Close { request: RequestId(1), reason: "erledigt".into(), spent_minutes: 3 };
        let minutes = 10 + i64::try_from(number / 2).unwrap_or(0);
        execute(&mut change, minutes, &specialist("mia"), close);
        store.commit(commit(change)).await.expect("a free id");
    }
    for limit in [2, 200] {
        let lines = read_all(store, WorklistQuery { limit, ..query(WorkStatus::Done) }).await;
        let mut cases: Vec<_> = lines.iter().map(|line| line.case).collect();
        cases.sort_unstable();
        cases.dedup();
        assert_eq!((lines.len(), cases.len()), (9, 9), "each once, in pages of {limit}");
        assert!(lines.is_sorted_by(|earlier, later| earlier.due_at >= later.due_at), "latest first");
    }
}

/// A request that moves, is answered or waits stands on one list at a time.
pub async fn a_line_leaves_the_list_that_it_no_longer_belongs_to<S: CaseStore>(store: &S) {
    let mut change = at_desk(1, 60);
    let ask = Command::AskContact {
        request: RequestId(1),
        text: "Welche Charge?".into(),
        spent_minutes: 1,
        next_step_at: minute(500),
    };
    store.commit(commit(change.clone())).await.expect("a free id");
    change = Change::of(change.case().clone());
    execute(&mut change, 5, &specialist("mia"), ask);
    store.commit(commit(change.clone())).await.expect("the version that was read");
    assert_eq!(read(store, &query(WorkStatus::Open)).await.items, []);
    assert_eq!(read(store, &query(WorkStatus::Waiting)).await.items, change.case().worklist_entries());

    change = Change::of(change.case().clone());
    let to = Command::Move {
        request: RequestId(1),
        topic: Topic::ShippingStatus,
        desk: desk("logistics"),
        to: Topic::ShippingStatus.home(),
        reason: "eine Lieferung".into(),
        spent_minutes: 0,
        arrival: None,
    };
    execute(&mut change, 6, &specialist("mia"), to);
    store.commit(commit(change.clone())).await.expect("the version that was read");
    assert_eq!(read(store, &query(WorkStatus::Waiting)).await.items, []);
    let logistics = WorklistQuery { desk: desk("logistics"), ..query(WorkStatus::Open) };
    assert_eq!(read(store, &logistics).await.items, change.case().worklist_entries());
}

/// Of the desk's lines only those that the person works on.
pub async fn a_person_sees_their_own_lines<S: CaseStore>(store: &S) {
    for number in 1..=9 {
        let mut change = at_desk(number, 60);
        if number % 3 != 0 {
            let name = if number % 3 == 1 { "mia" } else { "tom" };
            execute(&mut change, 3, &specialist(name), Command::Claim { request: RequestId(1) });
        }
        store.commit(commit(change)).await.expect("a free id");
    }
    let own = WorklistQuery { assignee: Some(user("mia")), limit: 2, ..query(WorkStatus::Open) };
    let cases: Vec<_> = read_all(store, own).await.iter().map(|line| line.case).collect();
    let mut expected = [1, 4, 7].map(case_id);
    expected.sort_unstable();
    assert_eq!(cases, expected);
}

/// A flag is a line of its own, beside the request of the same case.
pub async fn safety_flags_stand_on_their_own_desk<S: CaseStore>(store: &S) {
    let mut change = opened(1);
    let mut found = decision(&[Topic::MedicalQuestion]);
    found.safety = vec![safety(SafetyKind::AdverseEvent), safety(SafetyKind::Overdose)];
    classify(&mut change, 1, found);
    store.commit(commit(change.clone())).await.expect("a free id");
    let flags = |status| WorklistQuery { desk: desk("pharmacovigilance"), ..query(status) };
    assert_eq!(read(store, &flags(WorkStatus::Open)).await.items, change.case().worklist_entries()[1..]);
    assert_eq!(read(store, &query(WorkStatus::Open)).await.items, change.case().worklist_entries()[..1]);

    change = Change::of(change.case().clone());
    let dismiss = Command::DismissFlag { flag: FlagNumber(1), reason: "nur gefragt".into() };
    execute(&mut change, 2, &specialist("ines"), dismiss);
    store.commit(commit(change)).await.expect("the version that was read");
    assert_eq!(read(store, &flags(WorkStatus::Open)).await.items.len(), 1);
    assert_eq!(read(store, &flags(WorkStatus::Done)).await.items.len(), 1);
}
