//! Where phrases of the policy were found in a text.

use crate::lexicon::PhraseId;

/// A phrase was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    /// The phrase.
    pub(crate) phrase: PhraseId,
    /// Its first word.
    pub(crate) first: usize,
    /// Its last word.
    pub(crate) last: usize,
    /// The sentence.
    pub(crate) sentence: usize,
}

/// All places where phrases were found, ordered by phrase, then by place.
#[derive(Debug, Default)]
pub(crate) struct Hits {
    list: Vec<Hit>,
    /// One bit per phrase: found at all. Most questions are about phrases that were not.
    present: Vec<u64>,
}

impl Hits {
    /// Takes places in any order; `phrases` is the number of all phrases.
    pub(crate) fn new(mut list: Vec<Hit>, phrases: usize) -> Self {
        list.sort_unstable_by_key(|hit| (hit.phrase, hit.first, hit.last));
        list.dedup();
        let mut present = vec![0; phrases / 64 + 1];
        for hit in &list {
            if let Some(bits) = present.get_mut(hit.phrase.index() / 64) {
                *bits |= 1 << (hit.phrase.index() % 64);
            }
        }
        Self { list, present }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Hit> {
        self.list.iter()
    }

    /// True where the phrase was found anywhere.
    pub(crate) fn has(&self, phrase: PhraseId) -> bool {
        self.present.get(phrase.index() / 64).is_some_and(|bits: &u64| bits >> (phrase.index() % 64) & 1 == 1)
    }

    /// True where the phrase was found in a sentence.
    pub(crate) fn has_in(&self, phrase: PhraseId, sentence: usize) -> bool {
        if !self.has(phrase) {
            return false;
        }
        // The hits of one phrase are in the order of the text.
        let at = self.list.partition_point(|hit| (hit.phrase, hit.sentence) < (phrase, sentence));
        self.list.get(at).is_some_and(|hit| hit.phrase == phrase && hit.sentence == sentence)
    }
}
