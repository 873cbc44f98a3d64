//! Which classes a word belongs to: by its whole, its beginning, its end, or a part of it.

use crate::{grouped::Grouped, lexicon::ClassId, normalise::fold_words, spellings::Spellings};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use lotse_policy::Word;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize, Serializer};
use std::collections::BTreeMap;

/// Umlauts written without their dots: „verzogert“.
const BARE_UMLAUTS: [(&str, &str); 3] = [("ä", "a"), ("ö", "o"), ("ü", "u")];

/// One folded word of the policy.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    letters: String,
    without_dots: Option<String>,
    open_start: bool,
    open_end: bool,
}

impl Form {
    /// The forms of a word of the policy: several where it folds to several, such as „Best.-Nr.“.
    pub(crate) fn of(word: &Word) -> Vec<Self> {
        let lower = word.text.to_lowercase();
        let bare =
            BARE_UMLAUTS.iter().fold(lower.clone(), |text, (dotted, plain)| text.replace(dotted, plain));
        let mut without_dots = fold_words(&bare).into_iter();
        let folded = fold_words(&lower);
        let last = folded.len().saturating_sub(1);
        folded
            .into_iter()
            .enumerate()
            .map(|(index, letters)| Self {
                without_dots: without_dots.next().filter(|bare| *bare != letters),
                letters,
                open_start: word.open_start && index == 0,
                open_end: word.open_end && index == last,
            })
            .collect()
    }

    /// A name that two forms share only if they are the same.
    pub(crate) fn name(&self) -> String {
        let star = |open: bool| if open { "*" } else { "" };
        format!("{}{}{}", star(self.open_start), self.letters, star(self.open_end))
    }
}

/// Letters that the policy names, each with its classes: as they are collected.
type Collected = BTreeMap<String, Vec<ClassId>>;

/// Collects the word forms of the policy.
#[derive(Debug, Default)]
pub(crate) struct FormsBuilder {
    whole: Collected,
    beginnings: Collected,
    ends: Collected,
    parts: Collected,
}

impl FormsBuilder {
    /// Takes a form in as one of a class.
    pub(crate) fn add(&mut self, form: &Form, class: ClassId) {
        let forms = match (form.open_start, form.open_end) {
            (false, false) => &mut self.whole,
            (false, true) => &mut self.beginnings,
            (true, false) => &mut self.ends,
            (true, true) => &mut self.parts,
        };
        for letters in std::iter::once(&form.letters).chain(&form.without_dots) {
            add_once(forms.entry(letters.clone()).or_default(), class);
        }
    }

    /// Makes the forms ready to be looked up.
    pub(crate) fn build(self) -> WordForms {
        let mut forms = WordForms::from(FormLists {
            whole: FormList::default(),
            beginnings: self.beginnings.into_iter().collect(),
            ends: self.ends.into_iter().collect(),
            parts: self.parts.into_iter().collect(),
        });
        // What a whole word is by its beginning, end or parts is known before any text is read.
        for (letters, mut classes) in self.whole {
            forms.classes_by_affixes(&letters, |class| add_once(&mut classes, class));
            forms.lists.whole.push(&letters, classes);
        }
        forms
    }
}

fn add_once(classes: &mut Vec<ClassId>, class: ClassId) {
    if !classes.contains(&class) {
        classes.push(class);
    }
}

/// Letters, and the classes of words that have them.
#[derive(Debug, Default, Serialize, Deserialize)]
struct FormList {
    letters: Spellings,
    classes: Grouped<ClassId>,
}

impl FormList {
    fn push(&mut self, letters: &str, classes: Vec<ClassId>) {
        self.letters.add(letters);
        self.classes.push(classes);
    }
}

impl FromIterator<(String, Vec<ClassId>)> for FormList {
    fn from_iter<I: IntoIterator<Item = (String, Vec<ClassId>)>>(entries: I) -> Self {
        let mut list = Self::default();
        entries.into_iter().for_each(|(letters, classes)| list.push(&letters, classes));
        list
    }
}

/// All word forms of the policy: what is written to a file.
#[derive(Debug, Serialize, Deserialize)]
struct FormLists {
    /// Whole words, with all of their classes: also those by beginning, end and parts.
    whole: FormList,
    beginnings: FormList,
    ends: FormList,
    parts: FormList,
}

/// Beginnings and ends are found by so many of their letters; shorter ones are few.
const KEY: usize = 3;

/// Beginnings or ends by their first or last letters; each by its number in its list.
#[derive(Debug, Default)]
struct Affixes {
    by_key: FxHashMap<[u8; KEY], Vec<usize>>,
    short: Vec<usize>,
}

impl Affixes {
    fn new(letters: &Spellings, key_of: impl Fn(&str) -> Option<[u8; KEY]>) -> Self {
        let mut affixes = Self::default();
        for (number, letters) in letters.iter().enumerate() {
            match key_of(letters) {
                Some(key) => affixes.by_key.entry(key).or_default().push(number),
                None => affixes.short.push(number),
            }
        }
        affixes
    }

    /// The entries that may fit a word with this key.
    fn candidates(&self, key: Option<[u8; KEY]>) -> impl Iterator<Item = usize> {
        let same_key = key.and_then(|key| self.by_key.get(&key));
        same_key.into_iter().flatten().chain(&self.short).copied()
    }
}

fn first_letters(letters: &str) -> Option<[u8; KEY]> {
    letters.as_bytes().first_chunk().copied()
}

fn last_letters(letters: &str) -> Option<[u8; KEY]> {
    letters.as_bytes().last_chunk().copied()
}

/// All word forms of the policy, ready to be looked up.
#[derive(Debug, Deserialize)]
#[serde(from = "FormLists")]
pub(crate) struct WordForms {
    lists: FormLists,
    beginnings: Affixes,
    ends: Affixes,
    parts: Option<AhoCorasick>,
}

impl From<FormLists> for WordForms {
    fn from(lists: FormLists) -> Self {
        let parts = lists.parts.letters.iter().map(str::as_bytes);
        Self {
            beginnings: Affixes::new(&lists.beginnings.letters, first_letters),
            ends: Affixes::new(&lists.ends.letters, last_letters),
            parts: AhoCorasick::builder()
                .match_kind(MatchKind::Standard)
                // Quick to make: it is made anew at each start.
                .kind(Some(AhoCorasickKind::ContiguousNFA))
                .build(parts)
                .ok(),
            lists,
        }
    }
}

impl Serialize for WordForms {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.lists.serialize(serializer)
    }
}

impl WordForms {
    /// All classes of a folded word that the policy names as a whole, each once.
    pub(crate) fn classes_of_whole(&self, letters: &str) -> Option<&[ClassId]> {
        self.lists.whole.letters.find(letters).map(|word| self.lists.whole.classes.get(word))
    }

    /// The classes of a folded word by its beginning, end and parts; one may come more than once.
    pub(crate) fn classes_by_affixes(&self, letters: &str, mut found: impl FnMut(ClassId)) {
        let FormLists { beginnings, ends, parts, .. } = &self.lists;
        let mut take =
            |list: &FormList, number| list.classes.get(number).iter().for_each(|&class| found(class));
        for number in self.beginnings.candidates(first_letters(letters)) {
            if letters.starts_with(beginnings.letters.get(number)) {
                take(beginnings, number);
            }
        }
        for number in self.ends.candidates(last_letters(letters)) {
            if letters.ends_with(ends.letters.get(number)) {
                take(ends, number);
            }
        }
        for part in self.parts.iter().flat_map(|automaton| automaton.find_overlapping_iter(letters)) {
            take(parts, part.pattern().as_usize());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(forms: &WordForms, letters: &str) -> Vec<ClassId> {
        let mut classes = forms.classes_of_whole(letters).map(<[ClassId]>::to_vec).unwrap_or_default();
        forms.classes_by_affixes(letters, |class| add_once(&mut classes, class));
        classes.sort_unstable();
        classes
    }

    #[test]
    fn a_word_belongs_to_classes_by_its_whole_beginning_end_and_parts() {
        let mut builder = FormsBuilder::default();
        for (class, (text, open_start, open_end)) in [
            ("lieferung", false, false),
            ("liefer", false, true),
            ("ung", true, false),
            ("eferu", true, true),
        ]
        .into_iter()
        .enumerate()
        {
            let word = Word { text: text.to_owned(), open_start, open_end };
            for form in Form::of(&word) {
                builder.add(&form, ClassId::try_from(class).unwrap());
            }
        }
        let forms = builder.build();
        assert_eq!(classes(&forms, "lieferung"), [0, 1, 2, 3]);
        assert_eq!(forms.classes_of_whole("lieferung").map(<[ClassId]>::len), Some(4));
        assert_eq!(classes(&forms, "lieferungen"), [1, 3]);
        assert_eq!(classes(&forms, "auslieferung"), [2, 3]);
        assert_eq!(classes(&forms, "li"), [0; 0]);
    }
}
