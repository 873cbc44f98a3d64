//! The policy that a new deployment starts from.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use lotse_policy::{Policy, SHIPPED};
use std::{collections::BTreeSet, fs, path::Path};

#[test]
fn the_shipped_policy_has_no_mistakes() {
    if let Err(errors) = Policy::shipped() {
        panic!("{errors}");
    }
}

#[test]
fn every_file_of_the_folder_is_embedded_and_the_folder_reads_as_the_embedded_files_do() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../infra/policy");
    let on_disk = policy_files(&folder, "");
    let embedded: BTreeSet<String> = SHIPPED.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(embedded, on_disk, "src/files.rs lists the files of infra/policy");
    let policy = Policy::load(&folder).unwrap();
    assert_eq!(policy.company.policy_version, Policy::shipped().unwrap().company.policy_version);
}

fn policy_files(folder: &Path, prefix: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            names.extend(policy_files(&entry.path(), &format!("{name}/")));
        } else if entry.path().extension().is_some_and(|extension| extension == "toml") {
            names.insert(name);
        }
    }
    names
}
