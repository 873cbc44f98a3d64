//! Sets of phrases that a text is searched for in one pass.

use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// Phrases in lower case, found whatever the case of their ASCII letters in the text.
pub(crate) struct Wording {
    /// `None` only if the phrases could not be compiled, which a test rules out.
    phrases: Option<AhoCorasick>,
}

/// A set that is compiled when it is first searched with.
pub(crate) type LazyWording = LazyLock<Wording>;

impl Wording {
    pub(crate) fn new(phrases: &[&str]) -> Self {
        Self { phrases: AhoCorasick::builder().ascii_case_insensitive(true).build(phrases).ok() }
    }

    /// True where the text has one of the phrases.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        self.phrases.as_ref().is_some_and(|phrases| phrases.is_match(text))
    }
}
