//! How long a decision takes, and how long it takes until the first one can be taken: with the shipped
//! policy, and with one that knows 22,000 names of products.
//!
//! `cargo bench -p lotse-triage`

#![expect(clippy::expect_used, reason = "a benchmark stops where its fixture is wrong")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use lotse_domain::{Channel, Contact, Inquiry};
use lotse_policy::{Packed, Policy, PolicyFile, SHIPPED};
use lotse_triage::{Known, Triage};
use std::{collections::BTreeMap, fs, hint::black_box, path::Path};

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

/// So many products has the large policy, each with a brand and a substance of its own.
const PRODUCTS: usize = 11_000;

/// The shipped policy with many more products. Their names are made of syllables, so that they begin and
/// end alike, as names of medicines do.
fn large_policy() -> Policy {
    const FIRST: [&str; 26] = [
        "Al", "Be", "Cor", "Dex", "Ex", "Fla", "Glu", "Hep", "Iba", "Jan", "Keto", "Lam", "Met", "Neu",
        "Oxa", "Pro", "Qui", "Ra", "Sim", "Tra", "Ul", "Val", "Wel", "Xa", "Yo", "Zo",
    ];
    const MIDDLE: [&str; 25] = [
        "bi", "co", "da", "fe", "go", "ki", "la", "me", "ni", "ola", "pe", "ri", "so", "ta", "va", "xi",
        "za", "bro", "cla", "dre", "flu", "gra", "pli", "sta", "tri",
    ];
    const LAST: [&str; 17] = [
        "bin", "cor", "dol", "fen", "gil", "kan", "lan", "mab", "nib", "pril", "quin", "sartan", "tan",
        "vir", "xin", "zol", "dipin",
    ];
    let names = FIRST.iter().flat_map(|first| {
        MIDDLE.iter().flat_map(move |middle| {
            LAST.iter().flat_map(move |last| {
                ["", "ro"].map(|between| format!("{first}{middle}{between}{last}")).into_iter()
            })
        })
    });
    let names: Vec<String> = names.collect();
    let mut files: Vec<PolicyFile> = SHIPPED
        .iter()
        .map(|(name, text)| PolicyFile {
            name: (*name).to_owned(),
            path: (*name).to_owned(),
            content: text.as_bytes().to_vec(),
        })
        .collect();
    for file in files.iter_mut().filter(|file| file.name == "products.toml") {
        for (number, name) in names.chunks_exact(2).take(PRODUCTS).enumerate() {
            let product = format!(
                "\n[[product]]\nid = \"product-{number}\"\nbrand = \"{}\"\nsubstance = \"{}um\"\natc = \"A01\"\n\
                 area = \"cardiology\"\ncold_chain = false\n",
                name[0], name[1]
            );
            file.content.extend_from_slice(product.as_bytes());
        }
    }
    Policy::from_files(files).expect("the products are right")
}

fn bench_decisions(criterion: &mut Criterion, policies: &[(&str, Policy)]) {
    let inquiry = inquiry();
    let mut group = criterion.benchmark_group("triage");
    group.throughput(Throughput::Bytes(INQUIRY.len() as u64));
    for (name, policy) in policies {
        let triage = Triage::new(policy);
        group.bench_function(format!("decide 1 KB{name}"), |bencher| {
            bencher.iter(|| triage.decide(black_box(&inquiry), &Known::default()));
        });
    }
    group.finish();
}

fn bench_loading(criterion: &mut Criterion, policies: &[(&str, Policy)]) {
    let folder = tempfile::tempdir().expect("a folder for packed files");
    criterion.bench_function("read and check the shipped policy", |bencher| bencher.iter(Policy::shipped));
    for (name, policy) in policies {
        let triage = Triage::new(policy);
        write(folder.path(), policy);
        write(folder.path(), &triage);
        criterion.bench_function(&format!("compile the policy{name}"), |bencher| {
            bencher.iter(|| Triage::new(black_box(policy)));
        });
        criterion.bench_function(&format!("load the packed policy{name}"), |bencher| {
            bencher.iter_with_large_drop(|| Policy::load_packed(folder.path()));
        });
        criterion.bench_function(&format!("load the packed triage{name}"), |bencher| {
            bencher.iter_with_large_drop(|| Triage::load_packed(folder.path()));
        });
    }
}

fn write<T: Packed>(folder: &Path, value: &T) {
    let packed = value.pack().expect("a policy can be packed");
    fs::write(folder.join(T::file_name()), packed).expect("the folder is ours");
}

fn bench(criterion: &mut Criterion) {
    let shipped = Policy::shipped().expect("the shipped policy has no mistakes");
    let policies = [("", shipped), (" of 22,000 names", large_policy())];
    bench_decisions(criterion, &policies);
    bench_loading(criterion, &policies);
}

criterion_group!(benches, bench);
criterion_main!(benches);
