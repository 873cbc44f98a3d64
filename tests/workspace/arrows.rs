//! The dependency arrows point one way, and the compiler holds them only as far as `Cargo.toml` does.

use crate::root;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

/// Which crates of the workspace a crate may depend on, beside those that test it.
fn allowed(krate: &str, folder: &str) -> Option<&'static [&'static str]> {
    const FUNCTION: &[&str] = &[
        "lotse-domain",
        "lotse-policy",
        "lotse-mail",
        "lotse-triage",
        "lotse-pages",
        "lotse-runtime",
        "lotse-web",
    ];
    match krate {
        "lotse-domain" | "lotse-tests" => Some(&[]),
        "lotse-policy" | "lotse-mail" | "lotse-pages" | "lotse-store" | "lotse-runtime" => {
            Some(&["lotse-domain"])
        }
        "lotse-triage" => Some(&["lotse-domain", "lotse-policy", "lotse-mail"]),
        "lotse-aws" => Some(&["lotse-domain", "lotse-runtime"]),
        "lotse-web" => Some(&["lotse-domain", "lotse-pages"]),
        // Wires everything.
        "lotse" => None,
        _ if folder.contains("/functions/") => Some(FUNCTION),
        other => panic!("{other} stands in no layer; say in tests/workspace/arrows.rs what it may depend on"),
    }
}

/// What never becomes part of a crate, because only adapters and mains talk to the world.
const PURE: [&str; 5] = ["lotse-domain", "lotse-policy", "lotse-mail", "lotse-triage", "lotse-pages"];
const WORLD: [&str; 8] = ["tokio", "axum", "hyper", "rusqlite", "lettre", "ureq", "getrandom", "tracing"];

fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    metadata["packages"].as_array().expect("a list of packages").clone()
}

/// Each package with its folder's manifest and the names of what it is built of (not of what tests it).
fn dependencies() -> BTreeMap<String, (String, BTreeSet<String>)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    packages()
        .iter()
        .map(|package| {
            let built_of = package["dependencies"].as_array().expect("a list of dependencies");
            let names =
                built_of.iter().filter(|one| one["kind"].is_null()).map(|one| text(&one["name"])).collect();
            (text(&package["name"]), (text(&package["manifest_path"]), names))
        })
        .collect()
}

#[test]
fn the_dependency_arrows_point_one_way() {
    let packages = dependencies();
    assert!(packages.len() > 15, "the workspace has its crates");
    for (krate, (folder, built_of)) in &packages {
        let Some(allowed) = allowed(krate, folder) else { continue };
        for dependency in built_of.iter().filter(|name| packages.contains_key(*name)) {
            assert!(allowed.contains(&dependency.as_str()), "{krate} must not depend on {dependency}");
        }
    }
}

#[test]
fn what_is_pure_knows_nothing_of_the_world() {
    let packages = dependencies();
    for krate in PURE {
        let (_, built_of) = packages.get(krate).expect("the crate is there");
        for dependency in built_of {
            let of_the_world = WORLD.contains(&dependency.as_str()) || dependency.starts_with("aws-");
            assert!(!of_the_world, "{krate} must not depend on {dependency}");
        }
    }
}
