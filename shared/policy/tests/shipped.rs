//! The policy that a new deployment starts from.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use lotse_domain::Language;
use lotse_policy::{Policy, PolicyFile, SHIPPED};
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

#[test]
fn files_that_were_saved_on_windows_read_the_same() {
    let files = SHIPPED.iter().map(|(name, text)| PolicyFile {
        name: (*name).to_owned(),
        path: (*name).to_owned(),
        // A byte-order mark first, as Notepad writes it, and line ends of two characters.
        content: format!("\u{feff}{}", text.replace('\n', "\r\n")).into_bytes(),
    });
    let from_windows = Policy::from_files(files.collect()).unwrap();
    let shipped = Policy::shipped().unwrap();
    for language in [Language::German, Language::English] {
        let (theirs, ours) = (from_windows.texts.get(&language), shipped.texts.get(&language));
        assert_eq!(theirs.receipt.body, ours.receipt.body);
    }
    assert_eq!(from_windows.company.name, shipped.company.name);
}

#[test]
fn notes_and_hidden_files_of_editors_beside_the_policy_are_not_policy() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in SHIPPED {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::write(folder.path().join("notes.txt"), "ask Kiel about the new desk").unwrap();
    fs::write(folder.path().join(".desks.toml.swp"), [0xff, 0xfe]).unwrap();
    fs::write(folder.path().join("._desks.toml"), [0xff, 0xfe]).unwrap();
    Policy::load(folder.path()).unwrap();
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
