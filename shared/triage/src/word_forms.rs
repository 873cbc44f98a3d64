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

/// Letters, and the classes of the words that have them at one place.
type Table = FxHashMap<Box<str>, Vec<ClassId>>;

/// All word forms of the policy.
#[derive(Debug, Default)]
pub(crate) struct WordForms {
    whole: Table,
    beginnings: Table,
    ends: Table,
    parts: Table,
    /// The letters of `parts`, and the automaton over them; there are few.
    part_letters: Vec<Box<str>>,
    automaton: Option<AhoCorasick>,
    longest_beginning: usize,
    longest_end: usize,
}

impl WordForms {
    /// Takes a form in as one of a class.
    pub(crate) fn add(&mut self, form: &Form, class: ClassId) {
        for letters in std::iter::once(&form.letters).chain(&form.without_dots) {
            let table = match (form.open_start, form.open_end) {
                (false, false) => &mut self.whole,
                (false, true) => {
                    self.longest_beginning = self.longest_beginning.max(letters.len());
                    &mut self.beginnings
                }
                (true, false) => {
                    self.longest_end = self.longest_end.max(letters.len());
                    &mut self.ends
                }
                (true, true) => &mut self.parts,
            };
            let classes = table.entry(letters.as_str().into()).or_default();
            if !classes.contains(&class) {
                classes.push(class);
            }
        }
    }

    /// Builds what looks for parts.
    pub(crate) fn ready(mut self) -> Self {
        self.part_letters = self.parts.keys().cloned().collect();
        self.part_letters.sort_unstable();
        self.automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(self.part_letters.iter().map(AsRef::<str>::as_ref))
            .ok();
        self
    }

    /// The classes of a folded word; one may come more than once.
    pub(crate) fn classes_of(&self, letters: &str, mut found: impl FnMut(ClassId)) {
        let mut take = |classes: Option<&Vec<ClassId>>| {
            for &class in classes.into_iter().flatten() {
                found(class);
            }
        };
        take(self.whole.get(letters));
        for end in 1..=letters.len().min(self.longest_beginning) {
            take(letters.get(..end).and_then(|beginning| self.beginnings.get(beginning)));
        }
        for length in 1..=letters.len().min(self.longest_end) {
            take(letters.get(letters.len() - length..).and_then(|end| self.ends.get(end)));
        }
        for part in self.automaton.iter().flat_map(|automaton| automaton.find_overlapping_iter(letters)) {
            let letters = self.part_letters.get(part.pattern().as_usize());
            take(letters.and_then(|letters| self.parts.get(letters)));
        }
    }
}
