//! What no file of the repository may say or be.

use crate::root;
use std::{path::Path, process::Command};

/// Every text file that git tracks, with its content.
fn tracked() -> Vec<(String, String)> {
    let output = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output().expect("git runs");
    let names = String::from_utf8(output.stdout).expect("file names are UTF-8");
    let read = |name: &str| {
        let content = std::fs::read(root().join(name)).ok()?;
        Some((name.to_owned(), String::from_utf8(content).ok()?))
    };
    names.split('\0').filter(|name| !name.is_empty()).filter_map(read).collect()
}

fn rust_files() -> Vec<(String, String)> {
    tracked()
        .into_iter()
        .filter(|(name, _)| Path::new(name).extension().is_some_and(|ending| ending == "rs"))
        .collect()
}

#[test]
fn the_top_level_holds_what_the_architecture_names_and_nothing_else() {
    const EXPECTED: [&str; 15] = [
        "Cargo.toml",
        "Cargo.lock",
        "README.md",
        "LICENSE",
        "functions",
        "shared",
        "infra",
        "tests",
        ".ci",
        ".gitignore",
        "clippy.toml",
        "deny.toml",
        "rust-toolchain.toml",
        "rustfmt.toml",
        "template.yaml",
    ];
    let files = tracked();
    assert!(files.len() > 100, "the repository has its files");
    for (name, _) in files {
        let top = name.split('/').next().unwrap_or_default();
        assert!(EXPECTED.contains(&top), "{top} does not belong at the top level");
    }
}

#[test]
fn nothing_is_left_half_done() {
    // Written apart, so that this file does not find itself.
    let marks = [
        concat!("to", "do!("),
        concat!("unimple", "mented!("),
        concat!("FIX", "ME"),
        concat!("#[ig", "nore"),
    ];
    for (name, content) in rust_files() {
        for mark in marks {
            assert!(!content.contains(mark), "{name} contains {mark}");
        }
    }
}

#[test]
fn a_main_only_wires() {
    for (name, content) in tracked() {
        if name.starts_with("functions/") && name.ends_with("/main.rs") {
            assert!(
                content.lines().count() <= 40,
                "{name} has more than 40 lines; move what it does into its library"
            );
        }
    }
}

#[test]
fn no_file_has_outgrown_its_subject() {
    for (name, content) in rust_files() {
        assert!(content.lines().count() <= 700, "{name} has more than 700 lines; split it by meaning");
    }
}
