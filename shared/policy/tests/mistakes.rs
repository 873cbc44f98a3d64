//! Mistakes that people make when they edit a policy, and what they are told.

use lotse_policy::{Policy, PolicyFile, SHIPPED};

/// The shipped policy with texts of files replaced, and the mistakes that then are reported.
fn mistakes(changes: &[(&str, &str, &str)]) -> String {
    let mut files: Vec<PolicyFile> = SHIPPED
        .iter()
        .map(|(name, text)| PolicyFile {
            name: (*name).to_owned(),
            path: (*name).to_owned(),
            content: text.as_bytes().to_vec(),
        })
        .collect();
    for (name, before, after) in changes {
        let file = files.iter_mut().find(|file| file.name == *name).expect("a shipped file");
        let text = String::from_utf8(file.content.clone()).unwrap();
        assert!(text.contains(before), "{name} does not contain {before}");
        file.content = text.replacen(before, after, 1).into_bytes();
    }
    Policy::from_files(files).expect_err("the policy has a mistake").to_string()
}

#[test]
fn mistakes_of_all_files_are_reported_at_once() {
    let report = mistakes(&[
        ("company.toml", "country = \"DE\"", "country = \"Germany\"\nregion = \"SH\""),
        ("products.toml", "90011378", "90011379"),
        ("products.toml", "cold_chain = false", "cold_chain = \"no\""),
        ("products.toml", "id = \"glykaris\"", "id = \"velocordin\""),
        ("identifiers.toml", "# The", "broken = [\n# The"),
    ]);
    println!("{report}");
}
