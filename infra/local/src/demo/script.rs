//! What the demo sends: `infra/local/demo/*.toml`.

use anyhow::Context as _;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The files, embedded: the demo needs nothing but the program.
const FILES: [(&str, &str, &str); 2] = [
    ("de", "infra/local/demo/german.toml", include_str!("../../demo/german.toml")),
    ("en", "infra/local/demo/english.toml", include_str!("../../demo/english.toml")),
];

/// An invented inquiry.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScriptedInquiry {
    /// What it is, in words.
    pub(crate) what: String,
    /// How it is sent.
    pub(crate) by: Way,
    pub(crate) name: String,
    pub(crate) email: String,
    #[serde(default)]
    pub(crate) profession: Option<String>,
    #[serde(default)]
    pub(crate) institution: Option<String>,
    #[serde(default)]
    pub(crate) country: Option<String>,
    #[serde(default)]
    pub(crate) subject: Option<String>,
    /// What is chosen in the form.
    #[serde(default)]
    pub(crate) topic: Option<String>,
    pub(crate) body: String,
    /// Further header fields of a mail.
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// What is written back once a question has come.
    #[serde(default)]
    pub(crate) reply: Option<String>,
    /// `de` or `en`, by the file.
    #[serde(skip)]
    pub(crate) language: &'static str,
}

/// By which way an inquiry goes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Way {
    Form,
    Api,
    Mail,
}

impl Way {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Api => "api",
            Self::Mail => "mail",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    inquiry: Vec<ScriptedInquiry>,
}

/// Everything that the demo sends, German first.
pub(crate) fn script() -> anyhow::Result<Vec<ScriptedInquiry>> {
    let mut all = Vec::new();
    for (language, name, text) in FILES {
        let file: File =
            toml::from_str(text).with_context(|| format!("{name} is not as the demo needs it"))?;
        all.extend(file.inquiry.into_iter().map(|inquiry| ScriptedInquiry {
            language,
            body: inquiry.body.trim().to_owned(),
            ..inquiry
        }));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_script_covers_both_languages_all_ways_and_one_address_for_each_inquiry() {
        let script = script().unwrap();
        assert!(script.len() >= 40, "{}", script.len());
        for language in ["de", "en"] {
            for way in [Way::Form, Way::Api, Way::Mail] {
                let count =
                    script.iter().filter(|inquiry| inquiry.language == language && inquiry.by == way).count();
                assert!(count > 0, "{language} {way:?}");
            }
        }
        let addresses: BTreeSet<_> = script.iter().map(|inquiry| &inquiry.email).collect();
        assert_eq!(addresses.len(), script.len());
        assert!(addresses.iter().all(|address| address.ends_with(".example")));
    }
}
