//! Who takes what, by the shipped policy and by one with a desk of its own for oncology.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use lotse_domain::{ProductId, SafetyKind, Topic};
use lotse_policy::{DeskKind, Policy, PolicyFile, SHIPPED};

fn with_oncology_desk() -> Policy {
    let oncology = r#"
[[desk]]
id = "oncology"
kind = "medical_information"
name = { de = "Medizinische Information Onkologie", en = "Medical Information Oncology" }
address = "onkologie@nordhafen-pharma.example"
response_business_minutes = 540

[[topic]]
topic = "medical_question"
area = "oncology"
desk = "oncology"
"#;
    let files = SHIPPED.iter().map(|(name, text)| PolicyFile {
        name: (*name).to_owned(),
        path: (*name).to_owned(),
        content: if *name == "desks.toml" { format!("{text}{oncology}") } else { (*text).to_owned() }.into(),
    });
    Policy::from_files(files.collect()).unwrap()
}

fn products(ids: &[&str]) -> Vec<ProductId> {
    ids.iter().map(|id| id.parse().unwrap()).collect()
}

#[test]
fn a_therapeutic_area_can_have_a_desk_of_its_own() {
    let policy = with_oncology_desk();
    let desk = |ids: &[&str]| policy.desk_for_topic(Topic::MedicalQuestion, &products(ids)).id.to_string();
    assert_eq!(desk(&["lymforta"]), "oncology");
    assert_eq!(desk(&["velocordin"]), "medical-information", "another area");
    assert_eq!(desk(&["velocordin", "lymforta"]), "medical-information", "products of two areas");
    assert_eq!(desk(&[]), "medical-information", "no product named");
    assert_eq!(desk(&["sold-last-year"]), "medical-information", "a product that the policy does not have");
    let shipping = policy.desk_for_topic(Topic::ShippingStatus, &products(&["lymforta"]));
    assert_eq!(shipping.id.as_str(), "logistics", "the area's desk takes medical questions only");
}

#[test]
fn what_belongs_nowhere_else_goes_to_the_review_desk() {
    let policy = Policy::shipped().unwrap();
    for topic in [Topic::Other, Topic::Unknown] {
        assert_eq!(policy.desk_for_topic(topic, &[]).kind, DeskKind::Review);
    }
}

#[test]
fn every_kind_of_safety_information_has_its_desk() {
    let policy = Policy::shipped().unwrap();
    for kind in SafetyKind::ALL {
        let expected = match kind {
            SafetyKind::QualityComplaint | SafetyKind::Counterfeit => DeskKind::Quality,
            _ => DeskKind::Pharmacovigilance,
        };
        assert_eq!(policy.desk_for_safety(kind).kind, expected, "{kind:?}");
    }
}
