//! Finds all phrases of all rules, cues and number words in one run over the words.
//!
//! A look-up per word ([`word_forms`](crate::word_forms)) tells which classes it belongs to; a phrase is
//! tried only where its first class occurs, and only if all its classes occur somewhere. Work per word is
//! bounded by the policy, never by the text: the whole is linear in the text.

use crate::{
    grouped::Grouped,
    hits::{Hit, Hits, HitsBuilder},
    lexicon::{ClassId, Lexicon, PhraseId, Place},
    occurrences::{Occurrence, Occurrences},
    sequences::find_sequence,
    words::Words,
};
use lotse_policy::FOUND_LISTS;
use serde::{Deserialize, Serialize, Serializer};

/// A sequence among those that begin with one class. Most cannot be in a text, because a class that they
/// need does not occur at all: these are passed over without a look at the sequence itself.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    sequence: u32,
    needs: [ClassId; 2],
}

impl Candidate {
    fn of(sequence: usize, places: &[Place], first: ClassId) -> Self {
        let mut needed = places.iter().skip(1).filter(|place| !place.optional).map(|place| place.class);
        let second = needed.next().unwrap_or(first);
        let last = needed.next_back().unwrap_or(second);
        Self { sequence: u32::try_from(sequence).unwrap_or(u32::MAX), needs: [second, last] }
    }

    fn is_possible(self, occurrences: &Occurrences) -> bool {
        self.needs.iter().all(|&class| occurrences.is_present(class))
    }
}

/// Sequences by the class that they begin with.
#[derive(Debug)]
struct Candidates {
    /// For each class: any sequence begins with it. Few classes of a text begin one.
    begins: Vec<bool>,
    by_class: Grouped<Candidate>,
}

impl Candidates {
    fn new(classes: usize, sequences: &Grouped<Place>, is_wanted: impl Fn(usize, &[Place]) -> bool) -> Self {
        let wanted = sequences.iter().enumerate().filter(|(number, places)| is_wanted(*number, places));
        let candidate = |(number, places): (usize, &[Place])| {
            let first = places.first()?.class;
            Some((usize::from(first), Candidate::of(number, places, first)))
        };
        let candidates: Vec<_> = wanted.filter_map(candidate).collect();
        let mut begins = vec![false; classes];
        for (class, _) in &candidates {
            if let Some(begins) = begins.get_mut(*class) {
                *begins = true;
            }
        }
        Self { begins, by_class: Grouped::by_number(classes, candidates) }
    }

    /// The numbers of the sequences that begin with a class, and have all they need in the text.
    fn possible(&self, class: ClassId, occurrences: &Occurrences) -> impl Iterator<Item = u32> {
        let begins = self.begins.get(usize::from(class)).is_some_and(|begins| *begins);
        let candidates = if begins { self.by_class.get(usize::from(class)) } else { &[] };
        let possible = candidates.iter().filter(|candidate| candidate.is_possible(occurrences));
        possible.map(|candidate| candidate.sequence)
    }
}

/// All phrases of the policy, ready to be found.
#[derive(Debug, Deserialize)]
#[serde(from = "Lexicon")]
pub(crate) struct Phrases {
    lexicon: Lexicon,
    /// The list entries of several words.
    entries: Candidates,
    /// Those that need what triage recognised in the text, such as „unter {product}“.
    entries_of_found: Candidates,
    /// For each of [`FOUND_LISTS`] the classes of lists that have it among their entries.
    classes_of_found: Grouped<ClassId>,
    /// The phrases that are looked for early.
    early: Candidates,
    /// All others.
    late: Candidates,
}

/// Places of the text that triage recognised before, for the lists of [`FOUND_LISTS`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct FoundPlace {
    /// Which of [`FOUND_LISTS`].
    pub(crate) list: usize,
    /// First word.
    pub(crate) first: usize,
    /// How many words.
    pub(crate) words: usize,
}

/// What the run over the text found.
pub(crate) struct Scan(Occurrences);

impl From<Lexicon> for Phrases {
    fn from(lexicon: Lexicon) -> Self {
        let classes = lexicon.classes;
        let is_found = |place: &Place| usize::from(place.class) < FOUND_LISTS.len();
        let of_found = lexicon.entries.iter().zip(&lexicon.entry_classes).filter_map(|(places, &class)| {
            let [only] = places else { return None };
            is_found(only).then_some((usize::from(only.class), class))
        });
        Self {
            entries: Candidates::new(classes, &lexicon.entries, |_, _| true),
            entries_of_found: Candidates::new(classes, &lexicon.entries, |_, places| {
                places.len() > 1 && places.iter().any(is_found)
            }),
            classes_of_found: Grouped::by_number(FOUND_LISTS.len(), of_found.collect()),
            early: Candidates::new(classes, &lexicon.phrases, |number, _| number < lexicon.early),
            late: Candidates::new(classes, &lexicon.phrases, |number, _| number >= lexicon.early),
            lexicon,
        }
    }
}

impl Serialize for Phrases {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.lexicon.serialize(serializer)
    }
}

impl Phrases {
    /// The one run over the text: which classes each word belongs to.
    pub(crate) fn scan(&self, words: &Words) -> Scan {
        let mut occurrences = Occurrences::new(words.len(), self.lexicon.classes);
        let forms = &self.lexicon.forms;
        for (word, letters) in (0..).zip(words.iter_letters()) {
            let single = |class| Occurrence { word, class, words: 1 };
            match forms.classes_of_whole(letters) {
                Some(classes) => classes.iter().for_each(|&class| occurrences.add_new(single(class))),
                None => forms.classes_by_affixes(letters, |class| occurrences.add(single(class))),
            }
        }
        let entries = self.entries_found(words, &occurrences, occurrences.iter(), &self.entries);
        occurrences.extend(&entries);
        // An entry may itself begin with one of several words: „(does not|did not) work“.
        let nested = self.entries_found(words, &occurrences, entries.into_iter(), &self.entries);
        occurrences.extend(&nested);
        Scan(occurrences)
    }

    /// Finds the phrases that were taken in early.
    pub(crate) fn find_early(&self, words: &Words, scan: &Scan) -> Hits {
        self.phrases_found(words, &scan.0, &self.early)
    }

    /// Finds all other phrases, with what was recognised meanwhile.
    pub(crate) fn find(&self, words: &Words, scan: Scan, found: impl Iterator<Item = FoundPlace>) -> Hits {
        let mut occurrences = scan.0;
        let mut of_lists = Vec::new();
        for place in found {
            let (Ok(word), Ok(list), Ok(length)) =
                (u32::try_from(place.first), ClassId::try_from(place.list), u8::try_from(place.words))
            else {
                continue;
            };
            occurrences.add(Occurrence { word, class: list, words: length });
            let classes = self.classes_of_found.get(place.list);
            of_lists.extend(classes.iter().map(|&class| Occurrence { word, class, words: length }));
        }
        let entries = self.entries_found(words, &occurrences, occurrences.iter(), &self.entries_of_found);
        occurrences.extend(&of_lists);
        occurrences.extend(&entries);
        self.phrases_found(words, &occurrences, &self.late)
    }

    /// List entries of several words that begin at one of these places.
    fn entries_found(
        &self,
        words: &Words,
        occurrences: &Occurrences,
        begins: impl Iterator<Item = Occurrence>,
        candidates: &Candidates,
    ) -> Vec<Occurrence> {
        let mut found = Vec::new();
        for begin in begins {
            for entry in candidates.possible(begin.class, occurrences) {
                let entry = entry as usize;
                let places = self.lexicon.entries.get(entry);
                if let Some(last) = find_sequence(places, words, occurrences, begin)
                    && let Some(&class) = self.lexicon.entry_classes.get(entry)
                    && let Ok(length) = u8::try_from(last + 1 - begin.word as usize)
                {
                    found.push(Occurrence { word: begin.word, class, words: length });
                }
            }
        }
        found
    }

    fn phrases_found(&self, words: &Words, occurrences: &Occurrences, candidates: &Candidates) -> Hits {
        let mut hits = HitsBuilder::new(self.lexicon.phrases.len());
        for begin in occurrences.iter() {
            for phrase in candidates.possible(begin.class, occurrences).map(PhraseId) {
                let places = self.lexicon.phrases.get(phrase.index());
                if let Some(last) = find_sequence(places, words, occurrences, begin) {
                    let first = begin.word as usize;
                    let sentence = words.words().get(first).map_or(0, |word| word.sentence);
                    hits.add(Hit { phrase, first, last, sentence });
                }
            }
        }
        hits.build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{lexicon::Builder, words::Region};
    use lotse_policy::{Phrase, Policy};

    fn found(phrases: &[&str], text: &str) -> Vec<String> {
        let policy = Policy::shipped().unwrap();
        let mut builder = Builder::new(&policy.rules);
        let parsed: Vec<Phrase> = phrases.iter().map(|text| Phrase::parse(text).unwrap()).collect();
        builder.phrases(&parsed);
        let compiled = builder.build();
        let mut words = Words::default();
        words.read(text, 0..text.len(), Region::Text);
        let spans = compiled.find(&words, compiled.scan(&words), std::iter::empty());
        spans
            .iter()
            .map(|hit| words.span(hit.first, hit.last))
            .map(|(_, start, end)| text[start..end].to_owned())
            .collect()
    }

    #[test]
    fn phrases_are_found_as_the_policy_describes_them() {
        assert_eq!(
            found(&["wo ist|bleibt … paket*"], "Wo bleibt denn nun unser Paket?"),
            ["Wo bleibt denn nun unser Paket"]
        );
        assert_eq!(found(&["*nebenwirkung*"], "Hautnebenwirkungen!"), ["Hautnebenwirkungen"]);
        assert_eq!(
            found(&["not [yet] arrived"], "It has not arrived; not yet arrived."),
            ["not arrived", "not yet arrived"]
        );
        assert_eq!(found(&["verzögert"], "verzogert, verzoegert, verzögert").len(), 3);
        assert_eq!(found(&["best.-nr."], "Best.-Nr. 12"), ["Best.-Nr"]);
    }

    #[test]
    fn work_grows_with_the_text_and_no_faster() {
        let policy = Policy::shipped().unwrap();
        let mut builder = Builder::new(&policy.rules);
        for rule in &policy.rules.rules {
            builder.phrases(&rule.phrases);
        }
        let compiled = builder.build();
        let occurrences = |repetitions: usize| {
            let text = "keine Übelkeit nach der dritten Gabe und wo bleibt das Paket ".repeat(repetitions);
            let mut words = Words::default();
            words.read(&text, 0..text.len(), Region::Text);
            compiled.scan(&words).0.iter().count()
        };
        assert!(occurrences(200) > 200);
        assert_eq!(occurrences(400), 2 * occurrences(200));
    }

    #[test]
    fn a_phrase_ends_with_its_sentence_and_its_gap() {
        assert!(found(&["wo … paket"], "Wo bitte? Das Paket fehlt.").is_empty());
        assert!(found(&["wo … paket"], "wo a b c d e f g paket").is_empty());
        assert_eq!(found(&["wo paket"], "wo ist paket"), Vec::<String>::new());
    }
}
