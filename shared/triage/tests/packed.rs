//! A packed policy is the policy: it decides alike, is the same bytes each time, and is refused where it is
//! not what this program packs.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where its fixture is wrong")]

use lotse_domain::Inquiry;
use lotse_policy::{FORMAT, Packed, PackedError, Policy};
use lotse_triage::{Known, Triage};
use std::{collections::BTreeMap, fs, path::Path};

/// All inquiries of the fixtures, labels left aside.
fn inquiries() -> Vec<Inquiry> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    let folders = ["", "triage", "unseen"].map(|folder| fixtures.join(folder));
    let files =
        folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|file| file.unwrap().path());
    let files = files.filter(|file| file.extension().is_some_and(|extension| extension == "jsonl"));
    let read_line = |line: &str| {
        let mut row: BTreeMap<String, serde_json::Value> = serde_json::from_str(line).unwrap();
        row.retain(|key, _| key != "expect" && key != "tags");
        serde_json::from_value(serde_json::to_value(row).unwrap()).unwrap()
    };
    files
        .flat_map(|file| fs::read_to_string(file).unwrap().lines().map(read_line).collect::<Vec<_>>())
        .collect()
}

fn write<T: Packed>(folder: &Path, value: &T) {
    fs::write(folder.join(T::file_name()), value.pack().unwrap()).unwrap();
}

#[test]
fn a_packed_policy_is_the_same_policy_and_decides_alike() {
    let folder = tempfile::tempdir().unwrap();
    let policy = Policy::shipped().unwrap();
    let triage = Triage::new(&policy);
    write(folder.path(), &policy);
    write(folder.path(), &triage);
    let packed_policy = Policy::load_packed(folder.path()).unwrap();
    let packed_triage = Triage::load_packed(folder.path()).unwrap();
    assert_eq!(format!("{packed_policy:?}"), format!("{policy:?}"));
    let inquiries = inquiries();
    assert!(inquiries.len() > 400, "only {} inquiries were read", inquiries.len());
    let of_packed_policy = Triage::new(&packed_policy);
    for inquiry in &inquiries {
        let expected = triage.decide(inquiry, &Known::default());
        assert_eq!(packed_triage.decide(inquiry, &Known::default()), expected);
        assert_eq!(of_packed_policy.decide(inquiry, &Known::default()), expected);
    }
}

#[test]
fn packing_the_same_policy_again_gives_the_same_bytes() {
    let pack = || {
        let policy = Policy::shipped().unwrap();
        (policy.pack().unwrap(), Triage::new(&policy).pack().unwrap())
    };
    assert!(pack() == pack());
}

#[test]
fn what_is_packed_again_is_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let triage = Triage::new(&Policy::shipped().unwrap());
    write(folder.path(), &triage);
    assert!(Triage::load_packed(folder.path()).unwrap().pack().unwrap() == triage.pack().unwrap());
}

/// Loads a file with these bytes, and expects a message that says what to do.
fn refusal(bytes: &[u8]) -> PackedError {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(Triage::file_name()), bytes).unwrap();
    let error = Triage::load_packed(folder.path()).expect_err("the file is wrong");
    let message = error.to_string();
    assert!(message.contains("triage.packed: ") && message.contains("lotse policy pack"), "{message}");
    error
}

#[test]
fn wrong_files_are_refused_with_what_to_do() {
    let policy = Policy::shipped().unwrap();
    let packed = Triage::new(&policy).pack().unwrap();
    assert!(matches!(refusal(b""), PackedError::Foreign { .. }));
    assert!(matches!(refusal(b"[company]\nname = \"x\""), PackedError::Foreign { .. }));
    assert!(matches!(refusal(&policy.pack().unwrap()), PackedError::Foreign { kind: "triage", .. }));
    for length in [8, 11, 12, 40, 44, 45, packed.len() / 2, packed.len() - 1] {
        assert!(matches!(refusal(&packed[..length]), PackedError::Damaged { .. }), "{length} bytes");
    }
    for place in [44, packed.len() / 3, packed.len() - 1] {
        let mut changed = packed.clone();
        changed[place] ^= 1;
        assert!(matches!(refusal(&changed), PackedError::Damaged { .. }), "byte {place}");
    }
    let mut older = packed;
    older[8..12].copy_from_slice(&(FORMAT - 1).to_le_bytes());
    let error = refusal(&older);
    assert!(matches!(error, PackedError::Format { .. }));
    assert!(error.to_string().contains("of the same version as this program"));
}

#[test]
fn a_missing_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let message = Policy::load_packed(folder.path()).expect_err("there is no file").to_string();
    assert!(message.contains("policy.packed") && message.contains("lotse policy pack"), "{message}");
}
