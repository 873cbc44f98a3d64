//! A text in the languages that Lotse writes.

use lotse_domain::Language;
use serde::{Deserialize, Serialize};

/// A short text, such as a desk's name, in German and in English.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Localised {
    /// In German.
    pub german: String,
    /// In English.
    pub english: String,
}

impl Localised {
    /// The text for somebody who writes in the given language: German to German, English to
    /// everybody else.
    pub fn get(&self, language: &Language) -> &str {
        match language {
            Language::German => &self.german,
            Language::English | Language::Other(_) => &self.english,
        }
    }
}
