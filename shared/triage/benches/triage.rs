//! How long a decision takes, and how long a policy takes to compile.
//!
//! `cargo bench -p lotse-triage`

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lotse_domain::{Channel, Contact, Inquiry};
use lotse_policy::Policy;
use lotse_triage::{Known, Triage};
use std::{collections::BTreeMap, hint::black_box};

/// About one kilobyte, as people write: a question, a late parcel, a signature.
const INQUIRY: &str = "Sehr geehrte Damen und Herren,

eine 67-jährige Patientin (eGFR 38 ml/min, 61 kg) soll wegen Vorhofflimmerns auf Thromvexa eingestellt werden. \
Sie nimmt bereits Velocordin 5 mg und seit vergangener Woche Amiodaron. Ist eine Dosisreduktion erforderlich, und gibt \
es Daten zur gleichzeitigen Gabe? Nebenwirkungen sind bisher keine aufgetreten.

Außerdem warten wir noch immer auf unsere Bestellung NP-2026-016644 vom 9. November. Laut DHL \
(Sendungsnummer 00340434163416721102) liegt das Paket seit drei Tagen im Verteilzentrum; auf dem Lieferschein \
LS20418833 stehen zwölf Packungen (PZN 90020963), angekommen ist bisher nichts. Könnten Sie bitte nachforschen und uns \
mitteilen, wann wir mit der Lieferung rechnen dürfen? Unsere Patienten fragen täglich danach.

Mit freundlichen Grüßen
Dr. med. Hanna Petersen
Kardiologische Gemeinschaftspraxis am Hafen, Flensburg
Tel. 0461 556677
";

fn inquiry() -> Inquiry {
    Inquiry {
        id: None,
        channel: Channel::Mail,
        language: None,
        subject: Some("Thromvexa und Lieferung".to_owned()),
        body: INQUIRY.to_owned(),
        contact: Contact::default(),
        fields: BTreeMap::new(),
        received_at: None,
    }
}

fn bench(criterion: &mut Criterion) {
    let Ok(policy) = Policy::shipped() else { return };
    let triage = Triage::new(&policy);
    let inquiry = inquiry();
    let mut group = criterion.benchmark_group("triage");
    group.throughput(Throughput::Bytes(INQUIRY.len() as u64));
    group.bench_function("decide 1 KB", |bencher| {
        bencher.iter(|| triage.decide(black_box(&inquiry), &Known::default()));
    });
    group.finish();
    criterion.bench_function("compile the shipped policy", |bencher| {
        bencher.iter(|| Triage::new(black_box(&policy)));
    });
}

criterion_group!(benches, bench);
criterion_main!(benches);
