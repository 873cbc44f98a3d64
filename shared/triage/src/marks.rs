//! How words are meant: what cues say about the words in their reach.

use crate::{
    grouped::Grouped,
    hits::{Hit, Hits},
    lexicon::{Builder, PhraseId, group_by_phrase},
    words::{Break, Region, Sentence, Words},
};
use lotse_domain::Language;
use lotse_policy::{Cue, Meaning, Reach};
use serde::{Deserialize, Serialize, Serializer};

/// A set of [`Meaning`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Meanings(u16);

impl Meanings {
    fn bit(meaning: Meaning) -> u16 {
        1 << meaning as u16
    }

    pub(crate) fn has(self, meaning: Meaning) -> bool {
        self.0 & Self::bit(meaning) != 0
    }

    fn add(&mut self, meaning: Meaning) {
        self.0 |= Self::bit(meaning);
    }

    fn join(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A cue, compiled.
#[derive(Debug, Serialize, Deserialize)]
struct CompiledCue {
    phrases: Vec<PhraseId>,
    means: Meaning,
    language: Option<Language>,
    reach: Reach,
    within: usize,
}

/// All cues of the policy, compiled.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Vec<CompiledCue>")]
pub(crate) struct Cues {
    cues: Vec<CompiledCue>,
    /// For each phrase the cues that it belongs to.
    by_phrase: Grouped<usize>,
}

/// Where a cue was found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CuePlace {
    pub(crate) means: Meaning,
    pub(crate) first: usize,
    pub(crate) last: usize,
}

/// What all cues of a message say.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// For each word: what cues before or after it say.
    words: Vec<Meanings>,
    /// For each sentence.
    sentences: Vec<Meanings>,
    message: Meanings,
    places: Vec<CuePlace>,
}

impl From<Vec<CompiledCue>> for Cues {
    fn from(cues: Vec<CompiledCue>) -> Self {
        let by_phrase = group_by_phrase(cues.iter().map(|cue| cue.phrases.as_slice()));
        Self { cues, by_phrase }
    }
}

impl Serialize for Cues {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.cues.serialize(serializer)
    }
}

impl Cues {
    pub(crate) fn compile(cues: &[Cue], builder: &mut Builder<'_>) -> Self {
        let compile = |cue: &Cue| CompiledCue {
            phrases: builder.phrases(&cue.phrases),
            means: cue.means,
            language: cue.language.clone(),
            reach: cue.reach,
            within: cue.within,
        };
        Self::from(cues.iter().map(compile).collect::<Vec<_>>())
    }

    /// What the cues among the hits say.
    pub(crate) fn mark(&self, words: &Words, hits: &Hits) -> Marks {
        let mut marks = Marks {
            words: vec![Meanings::default(); words.len()],
            sentences: vec![Meanings::default(); words.sentences().len()],
            ..Marks::default()
        };
        let found: Vec<(&CompiledCue, Hit)> = hits
            .iter()
            .flat_map(|hit| self.by_phrase.get(hit.phrase.index()).iter().map(move |&cue| (cue, *hit)))
            .filter_map(|(cue, hit)| Some((self.cues.get(cue)?, hit)))
            .filter(|(cue, hit)| speaks_language(cue.language.as_ref(), words.sentences().get(hit.sentence)))
            .collect();
        // What ends the reach of others must be known first.
        for (cue, hit) in &found {
            marks.places.push(CuePlace { means: cue.means, first: hit.first, last: hit.last });
            if matches!(cue.means, Meaning::Turn | Meaning::Event) {
                marks.mark_word(hit.first, cue.means);
            }
        }
        for (cue, hit) in &found {
            marks.apply(words, cue, *hit);
        }
        for (marked, sentence) in marks.sentences.iter_mut().zip(words.sentences()) {
            if sentence.question_mark && sentence.region != Region::Signature {
                marked.add(Meaning::Asked);
            }
        }
        marks
    }
}

/// True where a rule or cue of that language reads the sentence: not where it is plainly in the other.
pub(crate) fn speaks_language(language: Option<&Language>, sentence: Option<&Sentence>) -> bool {
    match (language, sentence.and_then(|sentence| sentence.language.as_ref())) {
        (Some(rule), Some(sentence)) => rule == sentence,
        _ => true,
    }
}

impl Marks {
    fn mark_word(&mut self, word: usize, meaning: Meaning) {
        if let Some(meanings) = self.words.get_mut(word) {
            meanings.add(meaning);
        }
    }

    fn apply(&mut self, words: &Words, cue: &CompiledCue, hit: Hit) {
        match cue.reach {
            Reach::Message => self.message.add(cue.means),
            Reach::Sentence => {
                if let Some(sentence) = self.sentences.get_mut(hit.sentence) {
                    sentence.add(cue.means);
                }
            }
            Reach::After => {
                let end = words.sentence_of(hit.last).map_or(0, |sentence| sentence.end);
                for word in hit.last + 1..end.min(hit.last + 1 + cue.within) {
                    if self.reach_ends(words, word) {
                        break;
                    }
                    self.mark_word(word, cue.means);
                }
            }
            Reach::Before => {
                let first = words.sentence_of(hit.first).map_or(hit.first, |sentence| sentence.first);
                for word in (first.max(hit.first.saturating_sub(cue.within))..hit.first).rev() {
                    self.mark_word(word, cue.means);
                    if self.reach_ends(words, word) {
                        break;
                    }
                }
            }
        }
    }

    fn reach_ends(&self, words: &Words, word: usize) -> bool {
        let turns = self
            .words
            .get(word)
            .is_some_and(|meanings| meanings.has(Meaning::Turn) || meanings.has(Meaning::Event));
        turns || words.words().get(word).is_some_and(|word| word.preceded_by == Break::Strong)
    }

    /// What is said about any of the words from one to another, both included.
    pub(crate) fn of_words(&self, first: usize, last: usize) -> Meanings {
        let words = self.words.get(first..=last).unwrap_or_default();
        words.iter().fold(Meanings::default(), |all, &one| all.join(one))
    }

    /// What is said about a sentence as a whole.
    pub(crate) fn of_sentence(&self, sentence: usize) -> Meanings {
        self.sentences.get(sentence).copied().unwrap_or_default()
    }

    /// What is said about the whole message.
    pub(crate) fn of_message(&self) -> Meanings {
        self.message
    }

    /// The places of all cues of one meaning.
    pub(crate) fn places(&self, means: Meaning) -> impl Iterator<Item = CuePlace> + '_ {
        self.places.iter().copied().filter(move |place| place.means == means)
    }
}
