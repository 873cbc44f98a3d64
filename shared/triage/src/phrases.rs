//! Finds all phrases of all rules, cues and number words in one run over the words.
//!
//! A *class* is a set of word forms: a list, or the alternatives at one place of a phrase. A look-up per
//! word ([`word_forms`](crate::word_forms)) tells which classes it belongs to; a phrase is a short sequence
//! of classes, tried only where its first class occurs and only if all its classes occur somewhere. Work
//! per word is bounded by the
//! policy, never by the text: the whole is linear in the text.

use crate::{
    sequences::{Found, Occurrence, Occurrences, Place, Sequence, find_sequence},
    word_forms::{Form, WordForms},
    words::Words,
};
use lotse_policy::{Choice, FOUND_LISTS, Phrase, Rules, Step, Word};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// A phrase of the policy, by its place in the compiled set. Phrases of the same text are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PhraseId(u32);

/// A class of words.
pub(crate) type ClassId = u16;

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
const HITS_PER_PHRASE: u16 = 200;

/// Collects word forms and phrases; [`build`](Self::build) makes them ready.
pub(crate) struct Builder<'p> {
    lists: &'p BTreeMap<String, Vec<Phrase>>,
    forms: WordForms,
    classes: FxHashMap<String, ClassId>,
    entries: Vec<Sequence>,
    phrases: Vec<Sequence>,
    phrase_ids: FxHashMap<String, PhraseId>,
    /// How many phrases were taken in before [`end_early`](Self::end_early).
    early: usize,
}

impl<'p> Builder<'p> {
    pub(crate) fn new(rules: &'p Rules) -> Self {
        let mut builder = Self {
            lists: &rules.lists,
            forms: WordForms::default(),
            classes: FxHashMap::default(),
            entries: Vec::new(),
            phrases: Vec::new(),
            phrase_ids: FxHashMap::default(),
            early: 0,
        };
        // The classes of what triage itself finds come first, in the order of FOUND_LISTS.
        for name in FOUND_LISTS {
            builder.class_named(format!("{{{name}}}"));
        }
        builder
    }

    /// Takes a phrase in; the same text gives the same id.
    pub(crate) fn phrase(&mut self, phrase: &Phrase) -> PhraseId {
        if let Some(&id) = self.phrase_ids.get(&phrase.text) {
            return id;
        }
        let id = PhraseId(u32::try_from(self.phrases.len()).unwrap_or(u32::MAX));
        let places = self.places(&phrase.steps);
        self.phrases.push(Sequence { places, found: Found::Phrase(id) });
        self.phrase_ids.insert(phrase.text.clone(), id);
        id
    }

    /// Says that the phrases so far are those that [`Phrases::find_early`] looks for: the words beside
    /// numbers, which must be known before the numbers are.
    pub(crate) fn end_early(&mut self) {
        self.early = self.phrases.len();
        // A rule with the same words is looked for again, later.
        self.phrase_ids.clear();
    }

    /// Takes several phrases in.
    pub(crate) fn phrases(&mut self, phrases: &[Phrase]) -> Vec<PhraseId> {
        phrases.iter().map(|phrase| self.phrase(phrase)).collect()
    }

    fn places(&mut self, steps: &[Step]) -> Vec<Place> {
        let mut places = Vec::new();
        for step in steps {
            let between = u8::try_from(step.words_between).unwrap_or(u8::MAX);
            // A single word such as „Best.-Nr.“ may fold to several.
            if let [Choice::Word(word)] = step.choices.as_slice() {
                let forms = Form::of(word);
                for (index, form) in forms.into_iter().enumerate() {
                    let words_between = if index == 0 { between } else { 0 };
                    let class = self.class_of_form(&form);
                    places.push(Place { class, words_between, optional: step.optional });
                }
            } else {
                let class = self.class_of(&step.choices);
                places.push(Place { class, words_between: between, optional: step.optional });
            }
        }
        places
    }

    fn class_named(&mut self, name: String) -> ClassId {
        let next = ClassId::try_from(self.classes.len()).unwrap_or(ClassId::MAX);
        *self.classes.entry(name).or_insert(next)
    }

    fn class_of_form(&mut self, form: &Form) -> ClassId {
        let known = self.classes.len();
        let class = self.class_named(form.name());
        if self.classes.len() > known {
            self.add_form(class, form);
        }
        class
    }

    fn class_of(&mut self, choices: &[Choice]) -> ClassId {
        let name = match choices {
            [Choice::List(list)] => format!("{{{list}}}"),
            _ => choices.iter().map(describe).collect::<Vec<_>>().join("|"),
        };
        let known = self.classes.len();
        let class = self.class_named(name);
        if self.classes.len() > known {
            for choice in choices {
                self.add_choice(class, choice);
            }
        }
        class
    }

    fn add_choice(&mut self, class: ClassId, choice: &Choice) {
        match choice {
            Choice::Word(word) => self.add_words(class, std::slice::from_ref(word)),
            Choice::Words(words) => self.add_words(class, words),
            Choice::List(name) => self.add_list(class, name),
        }
    }

    /// Entries that name a list of lower rank bring that list's entries: the policy allows no circles.
    fn add_list(&mut self, class: ClassId, name: &str) {
        if let Some(found) = FOUND_LISTS.iter().position(|list| *list == name) {
            let found = ClassId::try_from(found).unwrap_or_default();
            let place = Place { class: found, words_between: 0, optional: false };
            self.entries.push(Sequence { places: vec![place], found: Found::Class(class) });
            return;
        }
        for entry in self.lists.get(name).into_iter().flatten() {
            if let [step] = entry.steps.as_slice() {
                for choice in &step.choices {
                    self.add_choice(class, choice);
                }
            } else {
                let places = self.places(&entry.steps);
                self.entries.push(Sequence { places, found: Found::Class(class) });
            }
        }
    }

    fn add_words(&mut self, class: ClassId, words: &[Word]) {
        let forms: Vec<Form> = words.iter().flat_map(Form::of).collect();
        if let [form] = forms.as_slice() {
            self.add_form(class, form);
        } else {
            let place = |form| Place { class: self.class_of_form(form), words_between: 0, optional: false };
            let places = forms.iter().map(place).collect();
            self.entries.push(Sequence { places, found: Found::Class(class) });
        }
    }

    fn add_form(&mut self, class: ClassId, form: &Form) {
        self.forms.add(form, class);
    }

    /// Makes the phrases ready to be found.
    pub(crate) fn build(self) -> Phrases {
        let class_count = self.classes.len();
        let sequences_by_class = |sequences: &[Sequence], is_wanted: &dyn Fn(usize, &Sequence) -> bool| {
            let mut by_class = vec![Vec::new(); class_count];
            for (index, sequence) in
                sequences.iter().enumerate().filter(|(index, one)| is_wanted(*index, one))
            {
                if let Some(first) = sequence.places.first()
                    && let Some(list) = by_class.get_mut(usize::from(first.class))
                {
                    list.push(Candidate::of(index, sequence, first.class));
                }
            }
            by_class
        };
        Phrases {
            forms: self.forms.ready(),
            entries_by_class: sequences_by_class(&self.entries, &|_, _| true),
            entries_of_found_by_class: sequences_by_class(&self.entries, &|_, entry| entry.needs_found()),
            early_by_class: sequences_by_class(&self.phrases, &|index, _| index < self.early),
            late_by_class: sequences_by_class(&self.phrases, &|index, _| index >= self.early),
            entries: self.entries,
            sequences: self.phrases,
            class_count,
        }
    }
}

fn describe(choice: &Choice) -> String {
    let join = |words: &[Word]| {
        let forms: Vec<String> = words.iter().flat_map(Form::of).map(|form| form.name()).collect();
        forms.join("+")
    };
    match choice {
        Choice::List(name) => format!("{{{name}}}"),
        Choice::Word(word) => join(std::slice::from_ref(word)),
        Choice::Words(words) => join(words),
    }
}

/// A sequence among those that begin with one class. Most cannot be in a text, because a class that they
/// need does not occur at all: these are passed over without a look at the sequence itself.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    sequence: u32,
    needs: [ClassId; 2],
}

impl Candidate {
    fn of(index: usize, sequence: &Sequence, first: ClassId) -> Self {
        let mut needed =
            sequence.places.iter().skip(1).filter(|place| !place.optional).map(|place| place.class);
        let second = needed.next().unwrap_or(first);
        let last = needed.next_back().unwrap_or(second);
        Self { sequence: u32::try_from(index).unwrap_or(u32::MAX), needs: [second, last] }
    }

    fn is_possible(self, occurrences: &Occurrences) -> bool {
        self.needs.iter().all(|&class| occurrences.is_present(class))
    }
}

/// All phrases of the policy, ready to be found.
#[derive(Debug)]
pub(crate) struct Phrases {
    forms: WordForms,
    entries: Vec<Sequence>,
    entries_by_class: Vec<Vec<Candidate>>,
    /// Those that need what triage recognised in the text, such as „unter {product}“.
    entries_of_found_by_class: Vec<Vec<Candidate>>,
    sequences: Vec<Sequence>,
    early_by_class: Vec<Vec<Candidate>>,
    late_by_class: Vec<Vec<Candidate>>,
    class_count: usize,
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

impl Phrases {
    /// The one run over the text: which classes each word belongs to.
    pub(crate) fn scan(&self, words: &Words) -> Scan {
        let single = Occurrences::new(self.words_of_classes(words), words.len(), self.class_count);
        let entries = self.entries_found(words, &single, &single.all, &self.entries_by_class);
        let once = self.with(single, entries.clone(), words);
        // An entry may itself begin with one of several words: „(does not|did not) work“.
        let nested = self.entries_found(words, &once, &entries, &self.entries_by_class);
        Scan(self.with(once, nested, words))
    }

    /// Finds the phrases that were taken in early, ordered by phrase, then by place.
    pub(crate) fn find_early(&self, words: &Words, scan: &Scan) -> Vec<Hit> {
        self.phrases_found(words, &scan.0, &self.early_by_class)
    }

    /// Finds all other phrases, with what was recognised meanwhile; ordered by phrase, then by place.
    pub(crate) fn find(
        &self,
        words: &Words,
        scan: Scan,
        found: impl Iterator<Item = FoundPlace>,
    ) -> Vec<Hit> {
        let found: Vec<Occurrence> = found
            .filter_map(|place| {
                Some(Occurrence {
                    word: u32::try_from(place.first).ok()?,
                    class: ClassId::try_from(place.list).ok()?,
                    words: u8::try_from(place.words).ok()?,
                })
            })
            .collect();
        let occurrences = self.with(scan.0, found, words);
        let entries =
            self.entries_found(words, &occurrences, &occurrences.all, &self.entries_of_found_by_class);
        let occurrences = self.with(occurrences, entries, words);
        self.phrases_found(words, &occurrences, &self.late_by_class)
    }

    /// The occurrences together with some more, of any order.
    fn with(&self, occurrences: Occurrences, mut more: Vec<Occurrence>, words: &Words) -> Occurrences {
        if more.is_empty() {
            return occurrences;
        }
        more.sort_unstable();
        more.dedup();
        let mut all = Vec::with_capacity(occurrences.all.len() + more.len());
        let mut more = more.into_iter().peekable();
        for here in occurrences.all.chunk_by(|left, right| left.word == right.word) {
            let Some(word) = here.first().map(|occurrence| occurrence.word) else { continue };
            while let Some(before) = more.next_if(|occurrence| occurrence.word < word) {
                all.push(before);
            }
            all.extend_from_slice(here);
            while let Some(beside) = more.next_if(|occurrence| occurrence.word == word) {
                if !here.contains(&beside) {
                    all.push(beside);
                }
            }
        }
        all.extend(more);
        Occurrences::new(all, words.len(), self.class_count)
    }

    /// Which classes each word belongs to by itself.
    fn words_of_classes(&self, words: &Words) -> Vec<Occurrence> {
        let mut occurrences = Vec::with_capacity(words.len() * 8);
        let mut parts = self.forms.classes_by_part(words.folded()).peekable();
        for word in 0..words.len() {
            let Ok(at) = u32::try_from(word) else { break };
            let begin = occurrences.len();
            let mut add = |class| {
                let occurrence = Occurrence { word: at, class, words: 1 };
                if !occurrences.get(begin..).is_some_and(|here| here.contains(&occurrence)) {
                    occurrences.push(occurrence);
                }
            };
            self.forms.classes_of(words.letters(word), &mut add);
            while let Some((_, classes)) = parts.next_if(|(end, _)| *end <= words.folded_end(word)) {
                classes.iter().copied().for_each(&mut add);
            }
        }
        occurrences
    }

    /// List entries of several words that begin at one of these places.
    fn entries_found(
        &self,
        words: &Words,
        occurrences: &Occurrences,
        begins: &[Occurrence],
        by_class: &[Vec<Candidate>],
    ) -> Vec<Occurrence> {
        let mut found = Vec::new();
        for occurrence in begins {
            let candidates = by_class.get(usize::from(occurrence.class)).into_iter().flatten();
            for candidate in candidates.filter(|candidate| candidate.is_possible(occurrences)) {
                let Some(sequence) = self.entries.get(candidate.sequence as usize) else { continue };
                if let Some(last) = find_sequence(sequence, words, occurrences, *occurrence)
                    && let Found::Class(class) = sequence.found
                    && let Ok(length) = u8::try_from(last + 1 - occurrence.word as usize)
                {
                    found.push(Occurrence { word: occurrence.word, class, words: length });
                }
            }
        }
        found
    }

    fn phrases_found(
        &self,
        words: &Words,
        occurrences: &Occurrences,
        by_class: &[Vec<Candidate>],
    ) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut counts = vec![0_u16; self.sequences.len()];
        for occurrence in &occurrences.all {
            let candidates = by_class.get(usize::from(occurrence.class)).into_iter().flatten();
            for candidate in candidates.filter(|candidate| candidate.is_possible(occurrences)) {
                let index = candidate.sequence as usize;
                let Some(sequence) = self.sequences.get(index) else { continue };
                let Some(last) = find_sequence(sequence, words, occurrences, *occurrence) else { continue };
                let first = occurrence.word as usize;
                if let Found::Phrase(phrase) = sequence.found
                    && let Some(count) = counts.get_mut(index)
                    && *count < HITS_PER_PHRASE
                {
                    *count += 1;
                    let sentence = words.words().get(first).map_or(0, |word| word.sentence);
                    hits.push(Hit { phrase, first, last, sentence });
                }
            }
        }
        hits.sort_unstable();
        hits.dedup();
        hits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Region;
    use lotse_policy::Policy;

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
            compiled.scan(&words).0.all.len()
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
