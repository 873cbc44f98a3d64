//! Which classes a word belongs to: by its whole, its beginning, its end, or a part of it.

use crate::{normalise::fold_words, phrases::ClassId};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use lotse_policy::Word;
use rustc_hash::FxHashMap;

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

/// Letters of the policy, and the classes of words that have them.
type Entry = (Box<str>, Vec<ClassId>);

/// Beginnings and ends are found by so many of their letters; shorter ones are few.
const KEY: usize = 3;

/// Beginnings or ends of words.
#[derive(Debug, Default)]
struct Affixes {
    by_key: FxHashMap<[u8; KEY], Vec<Entry>>,
    short: Vec<Entry>,
}

impl Affixes {
    fn entries(&mut self, key: Option<[u8; KEY]>) -> &mut Vec<Entry> {
        match key {
            Some(key) => self.by_key.entry(key).or_default(),
            None => &mut self.short,
        }
    }

    /// The entries that may fit a word with this key.
    fn candidates(&self, key: Option<[u8; KEY]>) -> impl Iterator<Item = &Entry> {
        let same_key = key.and_then(|key| self.by_key.get(&key));
        same_key.into_iter().flatten().chain(&self.short)
    }
}

fn first_letters(letters: &str) -> Option<[u8; KEY]> {
    letters.as_bytes().first_chunk().copied()
}

fn last_letters(letters: &str) -> Option<[u8; KEY]> {
    letters.as_bytes().last_chunk().copied()
}

/// All word forms of the policy.
#[derive(Debug, Default)]
pub(crate) struct WordForms {
    whole: FxHashMap<Box<str>, Vec<ClassId>>,
    beginnings: Affixes,
    ends: Affixes,
    parts: Vec<Entry>,
    /// Over the letters of `parts`.
    automaton: Option<AhoCorasick>,
}

impl WordForms {
    /// Takes a form in as one of a class.
    pub(crate) fn add(&mut self, form: &Form, class: ClassId) {
        for letters in std::iter::once(&form.letters).chain(&form.without_dots) {
            let classes = match (form.open_start, form.open_end) {
                (false, false) => self.whole.entry(letters.as_str().into()).or_default(),
                (false, true) => entry(self.beginnings.entries(first_letters(letters)), letters),
                (true, false) => entry(self.ends.entries(last_letters(letters)), letters),
                (true, true) => entry(&mut self.parts, letters),
            };
            if !classes.contains(&class) {
                classes.push(class);
            }
        }
    }

    /// Builds what looks for parts.
    pub(crate) fn ready(mut self) -> Self {
        self.automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(self.parts.iter().map(|(part, _)| part.as_bytes()))
            .ok();
        self
    }

    /// The classes of a folded word by its whole, beginning or end; one may come more than once.
    pub(crate) fn classes_of(&self, letters: &str, mut found: impl FnMut(ClassId)) {
        let mut take = |classes: &[ClassId]| classes.iter().for_each(|&class| found(class));
        take(self.whole.get(letters).map(Vec::as_slice).unwrap_or_default());
        for (beginning, classes) in self.beginnings.candidates(first_letters(letters)) {
            if letters.starts_with(&**beginning) {
                take(classes);
            }
        }
        for (end, classes) in self.ends.candidates(last_letters(letters)) {
            if letters.ends_with(&**end) {
                take(classes);
            }
        }
    }

    /// The classes by parts of words, each with the byte of the folded text where the part ends.
    pub(crate) fn classes_by_part<'s>(
        &'s self,
        folded: &'s str,
    ) -> impl Iterator<Item = (usize, &'s [ClassId])> {
        let found = self.automaton.iter().flat_map(move |automaton| automaton.find_overlapping_iter(folded));
        found.filter_map(|part| {
            let (_, classes) = self.parts.get(part.pattern().as_usize())?;
            Some((part.end(), classes.as_slice()))
        })
    }
}

/// The classes of the entry with these letters, which is made where there is none.
fn entry<'e>(entries: &'e mut Vec<Entry>, letters: &str) -> &'e mut Vec<ClassId> {
    let at = entries.iter().position(|(known, _)| **known == *letters).unwrap_or(entries.len());
    if at == entries.len() {
        entries.push((letters.into(), Vec::new()));
    }
    &mut entries[at].1
}
