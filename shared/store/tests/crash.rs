//! The process is killed in the middle of commits, again and again, and nothing acknowledged is lost.
//!
//! The test starts itself as a child process that commits as fast as it can and says which commits were
//! acknowledged; the parent kills it with `SIGKILL` at a random point, opens the file and compares.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use futures_util::future::join_all;
use lotse_domain::{
    Case, Change, Queue, QueueMessage,
    ports::{BlobStore, CaseStore, EventFeed},
};
use lotse_store::{
    SqliteStore, blob_id,
    contract::sample::{at_desk, case_id, claim, commit_claiming, execute, one_more_message, system},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
};

/// Where the child finds its database, and how it knows that it is the child.
const DATABASE: &str = "LOTSE_CRASH_TEST_DATABASE";
/// The first number of the child's cases: no two rounds use the same.
const FIRST_CASE: &str = "LOTSE_CRASH_TEST_FIRST_CASE";

const ROUNDS: u64 = 15;
/// Cases that the child opens at once, so that many commits share a transaction when it is killed.
const AT_ONCE: u64 = 16;

/// What the child does: opens cases, changes each once, stores raw mail; one line for each acknowledgement.
#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn commit_until_killed(database: &Path, first_case: u64) {
    let store = SqliteStore::open(database).unwrap();
    let mut next = first_case;
    loop {
        join_all((next..next + AT_ONCE).map(|number| one_case(&store, number))).await;
        next += AT_ONCE;
    }
}

async fn one_case(store: &SqliteStore, number: u64) {
    let raw = format!("Message-ID: <{number}@praxis.example>\r\n\r\nGuten Tag.\r\n").into_bytes();
    let told = |id: &lotse_domain::BlobId| QueueMessage {
        queue: Queue::IntakeMail,
        key: id.to_string(),
        body: format!("{{\"raw\":\"{id}\"}}"),
    };
    store.store_and_enqueue(raw, told).await.unwrap();
    acknowledge(&format!("mail {number}"));
    let change = at_desk(number, 60);
    let mut later = Change::of(change.case().clone());
    store.commit(commit_claiming(change, vec![claim(&format!("case:{number}"), None)])).await.unwrap();
    acknowledge(&format!("version {number} 3"));
    execute(&mut later, 5, &system(), one_more_message("Noch etwas."));
    store.commit(commit_claiming(later, vec![claim(&format!("again:{number}"), None)])).await.unwrap();
    acknowledge(&format!("version {number} 4"));
}

/// A whole line or, where the parent's blow falls between, none.
fn acknowledge(line: &str) {
    std::io::stdout().write_all(format!("{line}\n").as_bytes()).unwrap();
}

/// What the child was told is safe.
#[derive(Default)]
struct Acknowledged {
    mails: BTreeSet<u64>,
    versions: BTreeMap<u64, u32>,
}

impl Acknowledged {
    fn note(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["mail", number] => {
                self.mails.insert(number.parse().unwrap());
            }
            ["version", number, version] => {
                self.versions.insert(number.parse().unwrap(), version.parse().unwrap());
            }
            // The test runner's own words, and the line that the blow cut off.
            _ => {}
        }
    }
}

/// Starts the child, kills it after about `acknowledgements` of them, and gives what it was told.
fn kill_in_the_middle(database: &Path, first_case: u64, acknowledgements: usize) -> Acknowledged {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "what_was_acknowledged_survives_being_killed", "--nocapture"])
        .env(DATABASE, database)
        .env(FIRST_CASE, first_case.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut acknowledged = Acknowledged::default();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for line in lines.by_ref().take(acknowledgements) {
        acknowledged.note(&line.unwrap());
    }
    child.kill().unwrap(); // SIGKILL: no handler, no flush
    child.wait().unwrap();
    // What it had said before it died.
    for line in lines.map_while(Result::ok) {
        acknowledged.note(&line);
    }
    acknowledged
}

/// Every case in the file is whole, and everything that was acknowledged is there.
async fn check(store: &SqliteStore, last_case: u64, acknowledged: &Acknowledged) {
    let undelivered: BTreeSet<_> =
        store.undelivered(usize::MAX).await.unwrap().into_iter().map(|event| event.id).collect();
    let mut events = 0;
    for number in 0..last_case {
        let history = store.history(case_id(number)).await.unwrap();
        let case = store.load(case_id(number)).await.unwrap();
        assert_eq!(Case::replay(&history).unwrap(), case, "snapshot and history of case {number} agree");
        let version = case.map_or(0, |case| case.version);
        assert!(matches!(version, 0 | 3 | 4), "case {number} is of version {version}: half a commit");
        let promised = acknowledged.versions.get(&number).copied().unwrap_or(0);
        assert!(version >= promised, "case {number}: version {promised} acknowledged, {version} found");
        for (key, since) in [("case", 3), ("again", 4)] {
            let holder = store.claimed_by(&format!("{key}:{number}"), jiff::Timestamp::MAX).await.unwrap();
            assert_eq!(
                holder.is_some(),
                version >= since,
                "claim {key} of case {number} came with its commit"
            );
        }
        assert!(
            history.iter().all(|event| undelivered.contains(&event.id)),
            "every event is to be delivered"
        );
        events += history.len();
    }
    assert_eq!(undelivered.len(), events, "no event without its case");
    for number in &acknowledged.mails {
        let raw = format!("Message-ID: <{number}@praxis.example>\r\n\r\nGuten Tag.\r\n").into_bytes();
        assert_eq!(store.get(&blob_id(&raw)).await.unwrap(), Some(raw), "raw mail {number} is there");
    }
}

#[test]
fn what_was_acknowledged_survives_being_killed() {
    if let (Some(database), Ok(first_case)) = (env::var_os(DATABASE), env::var(FIRST_CASE)) {
        return commit_until_killed(Path::new(&database), first_case.parse().unwrap());
    }
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("lotse.db");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut acknowledged = Acknowledged::default();
    let mut last_case = 0;
    for round in 0..ROUNDS {
        // Anywhere from the first moments to several transactions in; the scheduler adds its own chance.
        let after = usize::try_from(1 + round * round * 7 % 397).unwrap();
        let told = kill_in_the_middle(&database, last_case, after);
        last_case =
            told.versions.keys().chain(&told.mails).max().map_or(last_case, |last| last + 1 + AT_ONCE);
        acknowledged.versions.extend(told.versions);
        acknowledged.mails.extend(told.mails);
        let store = SqliteStore::open(&database).unwrap();
        runtime.block_on(check(&store, last_case, &acknowledged));
        drop(store);
        let connection = rusqlite::Connection::open(&database).unwrap();
        let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(verdict, "ok", "after round {round}");
        let told_of: i64 = connection
            .query_row(
                "SELECT (SELECT count(*) FROM blobs) - (SELECT count(*) FROM queue_messages)",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(told_of, 0, "each raw mail has its queue message");
    }
    let cases = acknowledged.versions.len();
    assert!(cases > 100, "the child came to commit something before it was killed: {cases} cases");
}
