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

/// So many places of one phrase are enough evidence; more come from a hostile text.
const HITS_PER_PHRASE: u8 = 200;

/// So many places are found in a usual message.
const USUAL_HITS: usize = 256;

/// Collects hits as they come.
pub(crate) struct HitsBuilder {
    list: Vec<Hit>,
    /// For each phrase.
    counts: Vec<u8>,
}

impl HitsBuilder {
    /// Nothing yet; `phrases` is the number of all phrases.
    pub(crate) fn new(phrases: usize) -> Self {
        Self { list: Vec::with_capacity(USUAL_HITS), counts: vec![0; phrases] }
    }

    /// Takes a hit in, where there are not too many of its phrase.
    pub(crate) fn add(&mut self, hit: Hit) {
        if let Some(count) = self.counts.get_mut(hit.phrase.index())
            && *count < HITS_PER_PHRASE
        {
            *count += 1;
            self.list.push(hit);
        }
    }

    /// All hits, each once.
    pub(crate) fn build(mut self) -> Hits {
        self.list.sort_unstable_by_key(|hit| (hit.phrase, hit.first, hit.last));
        self.list.dedup();
        Hits { list: self.list, counts: self.counts }
    }
}

/// All places where phrases were found, ordered by phrase, then by place.
#[derive(Debug, Default)]
pub(crate) struct Hits {
    list: Vec<Hit>,
    /// For each phrase. Most questions are about phrases that were not found.
    counts: Vec<u8>,
}

impl Hits {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Hit> {
        self.list.iter()
    }

    /// True where the phrase was found anywhere.
    pub(crate) fn has(&self, phrase: PhraseId) -> bool {
        self.counts.get(phrase.index()).is_some_and(|count| *count > 0)
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
