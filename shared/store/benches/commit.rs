//! How long a durable commit takes: alone, and when 64 come at once and share the flush of the disk.
//!
//! `cargo bench -p lotse-store`. A commit is what an inquiry is to the store: snapshot, three events, two
//! claims, one line of a worklist, the words of its message.

#![expect(clippy::unwrap_used, reason = "a benchmark that fails may say so by a panic")]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use futures_util::future::join_all;
use lotse_domain::{
    Commit,
    ports::{CaseStore, CommitError},
};
use lotse_store::{
    SqliteStore,
    contract::sample::{arrive, claim, classify, commit_claiming, decision, message, opened_by},
};
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::runtime::Runtime;

/// A new case each time, with a text of about 1 KB.
fn next_inquiry(counter: &AtomicU64) -> Commit {
    let number = counter.fetch_add(1, Ordering::Relaxed);
    let body = format!(
        "Sehr geehrte Damen und Herren, {} Mit freundlichen Grüßen, Dr. Muster {number}",
        "wir haben eine Frage zur Aufbewahrung von Velocordin nach dem Öffnen der Packung. ".repeat(11)
    );
    let mut change = opened_by(number, number, 0, message("Frage zur Aufbewahrung", &body));
    classify(&mut change, 1, decision(&[lotse_domain::Topic::MedicalQuestion]));
    arrive(&mut change, 2, 1, 60);
    let claims = vec![
        claim(&format!("reference:{number}"), None),
        claim(&format!("idempotency:{number}"), Some(60 * 24)),
    ];
    commit_claiming(change, claims)
}

async fn commit(store: &SqliteStore, commit: Commit) -> Result<(), CommitError> {
    store.commit(commit).await
}

fn commits(criterion: &mut Criterion) {
    // In the target folder: the system's folder for temporary files may be memory, which flushes for free.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let store = SqliteStore::open(folder.path().join("bench.db")).unwrap();
    let runtime = Runtime::new().unwrap();
    let counter = AtomicU64::new(1);
    let mut group = criterion.benchmark_group("commit");
    for at_once in [1, 64] {
        group.throughput(Throughput::Elements(at_once));
        group.bench_function(format!("{at_once} at once"), |bencher| {
            bencher.to_async(&runtime).iter_batched(
                || (0..at_once).map(|_| next_inquiry(&counter)).collect::<Vec<_>>(),
                |inquiries| async {
                    let tasks = inquiries.into_iter().map(|inquiry| {
                        let store = store.clone();
                        tokio::spawn(async move { commit(&store, inquiry).await })
                    });
                    for outcome in join_all(tasks).await {
                        outcome.unwrap().unwrap();
                    }
                },
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, commits);
criterion_main!(benches);
