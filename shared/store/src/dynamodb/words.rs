//! The words of messages: what a search compares, and a small hash of each for the index.

use lotse_domain::Event;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// More words than anybody searches for; what follows is ignored.
const MOST_TERMS: usize = 16;
/// Longer than any word; what follows is ignored.
const LONGEST_SEARCH: usize = 1_000;
/// A message has at most so many different words in the index, which then takes 8 KB; the words of a longer
/// one beyond them are not found.
const MOST_WORDS: usize = 4_096;

/// The words of a text, in order, as they are compared: without case and accents.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> {
    let folded: String =
        text.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect();
    let words: Vec<String> = folded
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.into_iter()
}

/// One word as two bytes: of a message of a hundred words, a word that it does not hold seems to stand in it
/// once in six hundred times. So a search looks into the messages themselves before it says that it found one.
pub(super) fn hash(word: &str) -> [u8; 2] {
    let digest = Sha256::digest(word.as_bytes());
    [digest[0], digest[1]]
}

/// Subject and text of the message that an event brought, where a person wrote it. What Lotse writes by itself,
/// such as a receipt, is the same for everybody and helps to find nobody.
pub(super) fn message_of(event: &Event) -> Option<(&str, &str)> {
    match event {
        Event::CaseOpened { message, .. } | Event::MessageReceived { message } => {
            let subject = message.subject.as_ref().map_or("", |subject| subject.as_str());
            Some((subject, message.body.as_str()))
        }
        Event::MessageSent { message } if !message.kind.is_automatic() => {
            Some((message.subject.as_str(), message.text.as_str()))
        }
        _ => None,
    }
}

/// The hashes of a message's words, sorted; `None` where it has none.
pub(super) fn hashes((subject, text): (&str, &str)) -> Option<Vec<u8>> {
    let mut different = BTreeSet::new();
    let mut hashes = BTreeSet::new();
    for word in words(subject).chain(words(text)) {
        if different.len() == MOST_WORDS {
            break;
        }
        hashes.insert(hash(&word));
        different.insert(word);
    }
    (!hashes.is_empty()).then(|| hashes.into_iter().flatten().collect())
}

/// What is searched for: each term must stand in one of a case's messages.
pub(super) struct Terms(Vec<Term>);

/// A word, or several that must follow each other: `NP-2026-004711` is three.
struct Term {
    words: Vec<String>,
    hashes: Vec<[u8; 2]>,
}

impl Terms {
    /// The terms of a search. Any text is one; what is no word means nothing.
    pub(super) fn of(search: &str) -> Self {
        let searched: String = search.chars().take(LONGEST_SEARCH).collect();
        let terms = searched
            .split(|letter: char| letter.is_whitespace() || letter.is_control())
            .map(|term| words(term).collect::<Vec<_>>())
            .filter(|words| !words.is_empty())
            .take(MOST_TERMS)
            .map(|words| Term { hashes: words.iter().map(|word| hash(word)).collect(), words });
        Self(terms.collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The set of all terms, as [`hinted`](Self::hinted) and [`found`](Self::found) give it.
    pub(super) fn all(&self) -> u16 {
        self.bits(|_| true)
    }

    /// The terms that may stand in a message with these hashes: a bit for each.
    pub(super) fn hinted(&self, hashes: &[u8]) -> u16 {
        let (hashes, _) = hashes.as_chunks::<2>();
        self.bits(|term| term.hashes.iter().all(|hash| hashes.binary_search(hash).is_ok()))
    }

    /// The terms that do stand in a message, in its subject or in its text: a bit for each.
    pub(super) fn found(&self, (subject, text): (&str, &str)) -> u16 {
        let texts = [words(subject).collect::<Vec<_>>(), words(text).collect()];
        self.bits(|term| {
            texts.iter().any(|words| words.windows(term.words.len()).any(|window| window == term.words))
        })
    }

    /// A bit for each term of which it holds: 16 at most.
    fn bits(&self, stands: impl Fn(&Term) -> bool) -> u16 {
        let bit = |(place, term): (usize, &Term)| u16::from(stands(term)) << place;
        self.0.iter().enumerate().map(bit).fold(0, |bits, bit| bits | bit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_without_case_and_accents() {
        let plain: Vec<_> = words("Die KÜHLKETTE im Café, 2–8 °C").collect();
        assert_eq!(plain, ["die", "kuhlkette", "im", "cafe", "2", "8", "c"]);
    }

    #[test]
    fn a_message_hints_at_all_its_words_and_at_few_others() {
        let text: Vec<String> = (0..100).map(|number| format!("wort{number}")).collect();
        let hashes = hashes(("Betreff", &text.join(" "))).expect("words");
        assert_eq!(hashes.len() % 2, 0);
        let terms = Terms::of("wort7 WORT99 betreff");
        assert_eq!((terms.hinted(&hashes), terms.all()), (0b111, 0b111));
        let hinted =
            (0..1_000).filter(|number| Terms::of(&format!("fremd{number}")).hinted(&hashes) == 1).count();
        assert!(hinted < 10, "{hinted} of 1,000 words seem to be there");
    }

    #[test]
    fn parts_of_a_number_must_follow_each_other() {
        let terms = Terms::of("NP-2026-004711");
        assert_eq!(terms.found(("", "zu NP-2026-004711 bitte")), 1);
        assert_eq!(terms.found(("", "2026 NP 004711")), 0);
        assert_eq!(terms.found(("NP 2026", "004711")), 0, "across subject and text");
    }

    #[test]
    fn a_search_has_sixteen_terms_at_most() {
        let many: Vec<String> = (0..50).map(|number| format!("wort{number}")).collect();
        let terms = Terms::of(&many.join(" "));
        assert_eq!((terms.0.len(), terms.all()), (16, u16::MAX));
        assert!(Terms::of(" – ?\u{0}").is_empty());
    }
}
