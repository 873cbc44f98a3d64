//! What the policy's phrases are made of: classes of words, and sequences of classes.
//!
//! A *class* is a set of word forms: a list, or the alternatives at one place of a phrase. A phrase is a
//! short sequence of classes, and so is a list entry of several words: where it stands, the list's class
//! occurs. [`Lexicon`] is all of that as plain data, as it is written to a file;
//! [`phrases`](crate::phrases) makes it ready to be looked for.

use crate::{
    grouped::Grouped,
    phrases::Phrases,
    word_forms::{Form, FormsBuilder, WordForms},
};
use lotse_policy::{Choice, FOUND_LISTS, Phrase, Rules, Step, Word};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A phrase of the policy, by its place in the lexicon. Phrases of the same text are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct PhraseId(pub(crate) u32);

impl PhraseId {
    /// Its place in the lexicon.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// For each phrase the numbers of those that have it among theirs.
pub(crate) fn group_by_phrase<'p>(phrases: impl Iterator<Item = &'p [PhraseId]>) -> Grouped<usize> {
    let numbered = phrases.enumerate();
    let pairs: Vec<_> = numbered
        .flat_map(|(number, phrases)| phrases.iter().map(move |phrase| (phrase.index(), number)))
        .collect();
    let count = pairs.iter().map(|(phrase, _)| phrase + 1).max().unwrap_or(0);
    Grouped::by_number(count, pairs)
}

/// A class of words.
pub(crate) type ClassId = u16;

/// One place of a sequence.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Place {
    /// The class that stands here.
    pub(crate) class: ClassId,
    /// How many other words may stand before it.
    pub(crate) words_between: u8,
    /// True where the sequence is found without it, too.
    pub(crate) optional: bool,
}

/// Classes of words, and the sequences of them that are looked for.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Lexicon {
    pub(crate) forms: WordForms,
    /// How many classes there are. The first are those of [`FOUND_LISTS`].
    pub(crate) classes: usize,
    /// List entries of several words.
    pub(crate) entries: Grouped<Place>,
    /// For each entry the class that occurs where it stands.
    pub(crate) entry_classes: Vec<ClassId>,
    /// The phrases, by [`PhraseId`].
    pub(crate) phrases: Grouped<Place>,
    /// How many of the phrases are looked for early.
    pub(crate) early: usize,
}

/// Collects word forms and phrases; [`build`](Self::build) makes them ready.
pub(crate) struct Builder<'p> {
    lists: &'p BTreeMap<String, Vec<Phrase>>,
    forms: FormsBuilder,
    classes: FxHashMap<String, ClassId>,
    entries: Grouped<Place>,
    entry_classes: Vec<ClassId>,
    phrases: Grouped<Place>,
    phrase_ids: FxHashMap<String, PhraseId>,
    /// How many phrases were taken in before [`end_early`](Self::end_early).
    early: usize,
}

impl<'p> Builder<'p> {
    pub(crate) fn new(rules: &'p Rules) -> Self {
        let mut builder = Self {
            lists: &rules.lists,
            forms: FormsBuilder::default(),
            classes: FxHashMap::default(),
            entries: Grouped::default(),
            entry_classes: Vec::new(),
            phrases: Grouped::default(),
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
        if let Some(&id) = self.phrase_ids.get(phrase.text()) {
            return id;
        }
        let id = PhraseId(u32::try_from(self.phrases.len()).unwrap_or(u32::MAX));
        let places = self.places(&phrase.steps());
        self.phrases.push(places);
        self.phrase_ids.insert(phrase.text().to_owned(), id);
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
            self.add_entry(class, [Place { class: found, words_between: 0, optional: false }]);
            return;
        }
        for entry in self.lists.get(name).into_iter().flatten() {
            let steps = entry.steps();
            if let [step] = steps.as_slice() {
                for choice in &step.choices {
                    self.add_choice(class, choice);
                }
            } else {
                let places = self.places(&steps);
                self.add_entry(class, places);
            }
        }
    }

    fn add_words(&mut self, class: ClassId, words: &[Word]) {
        let forms: Vec<Form> = words.iter().flat_map(Form::of).collect();
        if let [form] = forms.as_slice() {
            self.add_form(class, form);
        } else {
            let place = |form| Place { class: self.class_of_form(form), words_between: 0, optional: false };
            let places: Vec<Place> = forms.iter().map(place).collect();
            self.add_entry(class, places);
        }
    }

    fn add_entry(&mut self, class: ClassId, places: impl IntoIterator<Item = Place>) {
        self.entries.push(places);
        self.entry_classes.push(class);
    }

    fn add_form(&mut self, class: ClassId, form: &Form) {
        self.forms.add(form, class);
    }

    /// Makes the phrases ready to be found.
    pub(crate) fn build(self) -> Phrases {
        Phrases::from(Lexicon {
            forms: self.forms.build(),
            classes: self.classes.len(),
            entries: self.entries,
            entry_classes: self.entry_classes,
            phrases: self.phrases,
            early: self.early,
        })
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
