//! Decides labelled inquiries and compares with what a careful clerk decided.
//!
//! `tests/fixtures/labelled.jsonl` came with the example company; every decision must be the clerk's.
//! `tests/fixtures/triage/*.jsonl` were written for this project, in many hands and both languages; the
//! test prints a table and holds the level that the rules have reached. Add an inquiry whenever
//! triage is found wrong.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where its fixture is wrong")]

use lotse_domain::{Decision, Inquiry, SafetyKind, Topic};
use lotse_policy::Policy;
use lotse_triage::{Known, Triage};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// What the clerk decided. Sets, because order means nothing.
#[derive(Deserialize)]
struct Expected {
    topics: BTreeSet<Topic>,
    safety: BTreeSet<SafetyKind>,
    /// May be flagged too: a matter of judgement.
    safety_ok: BTreeSet<SafetyKind>,
    products: BTreeSet<String>,
    identifiers: Vec<serde_json::Value>,
    missing: Vec<serde_json::Value>,
    routes: Vec<serde_json::Value>,
    automatic: Option<String>,
}

/// An inquiry with the clerk's decision.
struct Labelled {
    inquiry: Inquiry,
    expected: Expected,
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures")
}

fn read(path: &Path) -> Vec<Labelled> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let read_line = |(number, line): (usize, &str)| {
        let place = format!("{}:{}", path.display(), number + 1);
        let mut row: BTreeMap<String, serde_json::Value> = serde_json::from_str(line).expect(&place);
        let expected = serde_json::from_value(row.remove("expect").expect(&place)).expect(&place);
        row.remove("tags");
        let inquiry = serde_json::from_value(serde_json::to_value(row).expect(&place)).expect(&place);
        Labelled { inquiry, expected }
    };
    text.lines().enumerate().map(read_line).collect()
}

fn own_inquiries() -> Vec<Labelled> {
    let folder = fixtures().join("triage");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().flat_map(|file| read(file)).collect()
}

/// The named keys of some JSON objects, as a set of texts that can be compared and shown.
fn keys<T: serde::Serialize>(values: &[T], keys: &[&str]) -> BTreeSet<String> {
    let show = |value: &T| {
        let value = serde_json::to_value(value).unwrap();
        keys.iter().map(|key| value[key].as_str().unwrap_or("none").to_owned()).collect::<Vec<_>>().join(" ")
    };
    values.iter().map(show).collect()
}

/// Everything in which the decision differs from the clerk's.
fn differences(expected: &Expected, decision: &Decision, language: Option<&str>) -> Vec<String> {
    let mut differences = Vec::new();
    let mut compare = |what: &str, expected: String, found: String| {
        if expected != found {
            differences.push(format!("{what}: expected {expected}, found {found}"));
        }
    };
    let topics: BTreeSet<Topic> = decision.topics.iter().map(|found| found.topic).collect();
    compare("topics", format!("{:?}", expected.topics), format!("{topics:?}"));
    let flags: BTreeSet<SafetyKind> = decision.safety.iter().map(|found| found.kind).collect();
    let beyond: BTreeSet<SafetyKind> = expected.safety_ok.difference(&expected.safety).copied().collect();
    let needed: BTreeSet<SafetyKind> = flags.difference(&beyond).copied().collect();
    compare("safety", format!("{:?}", expected.safety), format!("{needed:?}"));
    let products: BTreeSet<String> =
        decision.products.iter().map(|found| found.product.to_string()).collect();
    compare("products", format!("{:?}", expected.products), format!("{products:?}"));
    let pairs = [
        (
            "identifiers",
            keys(&expected.identifiers, &["kind", "value", "check"]),
            keys(&decision.identifiers, &["kind", "value", "check"]),
        ),
        (
            "missing",
            keys(&expected.missing, &["topic", "element"]),
            keys(&decision.missing, &["topic", "element"]),
        ),
        ("routes", keys(&expected.routes, &["topic", "to"]), keys(&decision.routes, &["topic", "to"])),
    ];
    for (what, expected, found) in pairs {
        compare(what, format!("{expected:?}"), format!("{found:?}"));
    }
    let automatic = serde_json::to_value(decision.automatic).unwrap();
    compare("automatic", format!("{:?}", expected.automatic.as_deref()), format!("{:?}", automatic.as_str()));
    if let Some(language) = language {
        compare("language", language.to_owned(), decision.language.tag().to_owned());
    }
    differences
}

fn shipped() -> Triage {
    Triage::new(&Policy::shipped().unwrap())
}

#[test]
fn every_inquiry_of_the_example_company_is_decided_as_its_clerk_did() {
    let triage = shipped();
    let labelled = read(&fixtures().join("labelled.jsonl"));
    assert!(labelled.len() >= 38, "only {} labelled inquiries ran", labelled.len());
    let mut wrong = Vec::new();
    for Labelled { inquiry, expected } in &labelled {
        let decision = triage.decide(inquiry, &Known::default());
        let language = inquiry.language.as_ref().map(lotse_domain::Language::tag);
        for difference in differences(expected, &decision, language) {
            wrong.push(format!("{}: {difference}", inquiry.id.as_deref().unwrap_or_default()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How often something was found rightly, wrongly, and not at all.
#[derive(Default)]
struct Counts {
    right: u32,
    wrong: u32,
    missed: u32,
}

impl Counts {
    fn add(&mut self, expected: bool, found: bool) {
        match (expected, found) {
            (true, true) => self.right += 1,
            (false, true) => self.wrong += 1,
            (true, false) => self.missed += 1,
            (false, false) => {}
        }
    }
    fn f1(&self) -> f64 {
        let (right, errors) = (f64::from(self.right), f64::from(self.wrong + self.missed));
        if right == 0.0 && errors == 0.0 { 1.0 } else { 2.0 * right / (2.0 * right + errors) }
    }
    fn recall(&self) -> f64 {
        let expected = f64::from(self.right + self.missed);
        if expected == 0.0 { 1.0 } else { f64::from(self.right) / expected }
    }
}

#[test]
fn own_inquiries_hold_the_level_that_the_rules_have_reached() {
    let triage = shipped();
    let labelled = own_inquiries();
    assert!(labelled.len() >= 150, "only {} inquiries ran", labelled.len());
    let mut topics: BTreeMap<&str, Counts> = BTreeMap::new();
    let mut flags: BTreeMap<&str, Counts> = BTreeMap::new();
    let mut exact_gaps = 0_u32;
    let mut wrong = Vec::new();
    for Labelled { inquiry, expected } in &labelled {
        let decision = triage.decide(inquiry, &Known::default());
        for topic in [Topic::MedicalQuestion, Topic::ShippingStatus, Topic::Other] {
            let found = decision.topics.iter().any(|finding| finding.topic == topic);
            topics.entry(topic.name()).or_default().add(expected.topics.contains(&topic), found);
        }
        for kind in SafetyKind::ALL {
            let found = decision.safety.iter().any(|finding| finding.kind == kind);
            let is_expected = expected.safety.contains(&kind);
            if is_expected || !expected.safety_ok.contains(&kind) {
                flags.entry(kind.name()).or_default().add(is_expected, found);
            }
        }
        let gaps = ["topic", "element"];
        exact_gaps += u32::from(keys(&expected.missing, &gaps) == keys(&decision.missing, &gaps));
        for difference in differences(expected, &decision, None) {
            wrong.push(format!("{}: {difference}", inquiry.id.as_deref().unwrap_or_default()));
        }
    }
    println!("{:<24}{:>7}{:>7}{:>7}{:>8}", "", "right", "wrong", "missed", "F1");
    for (name, counts) in topics.iter().chain(&flags) {
        println!("{name:<24}{:>7}{:>7}{:>7}{:>8.3}", counts.right, counts.wrong, counts.missed, counts.f1());
    }
    println!("{}", wrong.join("\n"));
    let macro_f1 = topics.values().map(Counts::f1).sum::<f64>() / 3.0;
    let recall =
        flags.values().map(Counts::recall).sum::<f64>() / f64::from(u32::try_from(flags.len()).unwrap());
    let exactness = f64::from(exact_gaps) / f64::from(u32::try_from(labelled.len()).unwrap());
    println!("macro-F1 of topics {macro_f1:.3}, recall of flags {recall:.3}, exact gaps {exactness:.3}");
    assert!(macro_f1 >= 0.98, "macro-F1 of topics fell to {macro_f1:.3}");
    assert!(recall >= 0.98, "recall of safety flags fell to {recall:.3}");
    assert!(exactness >= 0.98, "exactness of gaps fell to {exactness:.3}");
}
