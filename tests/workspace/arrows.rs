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

/// What a function may depend on beside that, for its main on AWS: behind this feature, and nowhere else, so that
/// the desk in one process compiles nothing of the SDK.
const MAIN: [&str; 3] = ["lotse-aws", "lotse-store", "lotse-runtime"];
const MAIN_FEATURE: &str = "lambda";

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

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Names of what a package is built of (not of what tests it), with or without what a feature adds.
fn built_of(package: &Value, is_wanted: impl Fn(&Value) -> bool) -> BTreeSet<String> {
    let dependencies = package["dependencies"].as_array().expect("a list of dependencies");
    let built_of = dependencies.iter().filter(|one| one["kind"].is_null() && is_wanted(one));
    built_of.map(|one| text(&one["name"])).collect()
}

/// Each package with its folder's manifest and the names of what it is built of; of a function, without what
/// its main on AWS adds.
fn dependencies() -> BTreeMap<String, (String, BTreeSet<String>)> {
    packages()
        .iter()
        .map(|package| {
            let folder = text(&package["manifest_path"]);
            let is_for_main = |one: &Value| {
                folder.contains("/functions/")
                    && one["optional"] == true
                    && MAIN.contains(&text(&one["name"]).as_str())
            };
            (text(&package["name"]), (folder.clone(), built_of(package, |one| !is_for_main(one))))
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
fn only_the_main_of_a_function_knows_aws() {
    let functions: Vec<Value> = packages()
        .into_iter()
        .filter(|package| text(&package["manifest_path"]).contains("/functions/"))
        .collect();
    assert!(functions.len() > 10, "the functions are there");
    for package in &functions {
        let name = text(&package["name"]);
        let binaries: Vec<&Value> = package["targets"]
            .as_array()
            .expect("a list of targets")
            .iter()
            .filter(|target| target["kind"] == serde_json::json!(["bin"]))
            .collect();
        assert_eq!(binaries.len(), 1, "{name} is one program");
        assert_eq!(text(&binaries[0]["name"]), name);
        assert_eq!(binaries[0]["required-features"], serde_json::json!([MAIN_FEATURE]), "{name}");
        let features = package["features"].as_object().expect("features");
        assert!(features.keys().all(|feature| feature == MAIN_FEATURE), "{name} has features of its own");
        let direct = built_of(package, |one| one["optional"] != true);
        let knows_aws =
            |one: &&String| one.starts_with("aws") || one.starts_with("lambda") || *one == "lotse-aws";
        assert_eq!(direct.iter().find(knows_aws), None, "{name} knows AWS without its feature");
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
