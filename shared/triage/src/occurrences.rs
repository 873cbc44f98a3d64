//! Which classes of words occur where in a text.

use crate::lexicon::ClassId;

/// That a class occurs at a word, and over how many words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Occurrence {
    /// The first word.
    pub(crate) word: u32,
    /// The class.
    pub(crate) class: ClassId,
    /// How many words it takes.
    pub(crate) words: u8,
}

/// An occurrence in the chain of all that are at its word.
#[derive(Clone, Copy, Debug)]
struct Link {
    occurrence: Occurrence,
    /// The next link of the same word, or [`END`].
    next: u32,
}

/// The end of a chain.
const END: u32 = u32::MAX;

/// All occurrences at one word.
#[derive(Clone, Copy, Debug)]
struct Chain {
    first: u32,
    /// One bit for all classes with the same remainder: where it is not set, a class is not here.
    classes: u64,
}

/// All occurrences of a text. More can be added at any time.
#[derive(Debug)]
pub(crate) struct Occurrences {
    /// For each word.
    chains: Vec<Chain>,
    links: Vec<Link>,
    /// For each class: occurs at all.
    present: Vec<bool>,
}

/// How many classes a word has, about.
const USUAL_CLASSES: usize = 12;

impl Occurrences {
    /// Nothing yet, in a text of so many words, of so many classes.
    pub(crate) fn new(words: usize, classes: usize) -> Self {
        Self {
            chains: vec![Chain { first: END, classes: 0 }; words],
            links: Vec::with_capacity(words * USUAL_CLASSES),
            present: vec![false; classes],
        }
    }

    /// Adds an occurrence where it is not there yet.
    pub(crate) fn add(&mut self, occurrence: Occurrence) {
        if !self.at(occurrence.word, occurrence.class).any(|words| words == occurrence.words) {
            self.add_new(occurrence);
        }
    }

    /// Adds several where they are not there yet.
    pub(crate) fn extend(&mut self, more: &[Occurrence]) {
        for occurrence in more {
            self.add(*occurrence);
        }
    }

    /// Adds an occurrence that is not there yet.
    pub(crate) fn add_new(&mut self, occurrence: Occurrence) {
        let Occurrence { word, class, .. } = occurrence;
        let Ok(link) = u32::try_from(self.links.len()) else { return };
        let present = self.present.get_mut(usize::from(class));
        if let (Some(chain), Some(present)) = (self.chains.get_mut(word as usize), present) {
            self.links.push(Link { occurrence, next: chain.first });
            *chain = Chain { first: link, classes: chain.classes | bit(class) };
            *present = true;
        }
    }

    /// All occurrences, in the order in which they were added.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Occurrence> {
        self.links.iter().map(|link| link.occurrence)
    }

    /// Over how many words a class occurs at a word: nothing where it does not.
    pub(crate) fn at(&self, word: u32, class: ClassId) -> impl Iterator<Item = u8> {
        let link = |link: u32| self.links.get(link as usize);
        let chain = self.chains.get(word as usize).filter(|chain| chain.classes & bit(class) != 0);
        let first = chain.and_then(|chain| link(chain.first));
        std::iter::successors(first, move |here| link(here.next))
            .filter(move |here| here.occurrence.class == class)
            .map(|here| here.occurrence.words)
    }

    /// True where a class occurs anywhere.
    pub(crate) fn is_present(&self, class: ClassId) -> bool {
        self.present.get(usize::from(class)).is_some_and(|present| *present)
    }
}

/// The bit of a class, which it shares with others.
fn bit(class: ClassId) -> u64 {
    1 << (class % 64)
}
