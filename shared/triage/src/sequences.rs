//! Sequences of word classes, and how one is found without ever looking at more than a window of words.

use crate::{
    phrases::{ClassId, PhraseId},
    words::Words,
};
use lotse_policy::FOUND_LISTS;

/// A phrase spans at most so many words; a place of the phrase is one bit.
const WINDOW: usize = 64;

/// One place of a compiled phrase.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) class: ClassId,
    pub(crate) words_between: u8,
    pub(crate) optional: bool,
}

/// What to do when a sequence is found.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Found {
    /// A list entry of several words: the class occurs.
    Class(ClassId),
    /// A phrase is there.
    Phrase(PhraseId),
}

/// Classes that follow one another.
#[derive(Debug)]
pub(crate) struct Sequence {
    pub(crate) places: Vec<Place>,
    pub(crate) found: Found,
}

impl Sequence {
    /// True where it needs what triage recognised in the text.
    pub(crate) fn needs_found(&self) -> bool {
        self.places.iter().any(|place| usize::from(place.class) < FOUND_LISTS.len())
    }
}

/// That a class occurs at a word, and over how many words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Occurrence {
    pub(crate) word: u32,
    pub(crate) class: ClassId,
    pub(crate) words: u8,
}

/// Which classes occur where.
pub(crate) struct Occurrences {
    pub(crate) all: Vec<Occurrence>,
    /// For each word where its occurrences start; one more at the end.
    pub(crate) starts: Vec<u32>,
    /// One bit per class: occurs at all.
    pub(crate) present: Vec<u64>,
}

impl Occurrences {
    /// `all` is ordered by word, without repetitions.
    pub(crate) fn new(all: Vec<Occurrence>, words: usize, classes: usize) -> Self {
        let mut present = vec![0_u64; classes / 64 + 1];
        let mut starts = Vec::with_capacity(words + 1);
        for (index, occurrence) in all.iter().enumerate() {
            while starts.len() <= occurrence.word as usize {
                starts.push(u32::try_from(index).unwrap_or(u32::MAX));
            }
            if let Some(bits) = present.get_mut(usize::from(occurrence.class) / 64) {
                *bits |= 1 << (occurrence.class % 64);
            }
        }
        starts.resize(words + 1, u32::try_from(all.len()).unwrap_or(u32::MAX));
        Self { all, starts, present }
    }

    pub(crate) fn at(&self, word: usize) -> &[Occurrence] {
        match (self.starts.get(word), self.starts.get(word + 1)) {
            (Some(&start), Some(&end)) => self.all.get(start as usize..end as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    pub(crate) fn is_present(&self, class: ClassId) -> bool {
        self.present.get(usize::from(class) / 64).is_some_and(|bits| bits >> (class % 64) & 1 == 1)
    }
}

/// Looks for a sequence whose first place is this occurrence; answers the earliest last word.
///
/// Bit `n` of `reached` says: the places so far can end at the `n`th word after the first. One step
/// costs at most [`WINDOW`] words, whatever the text.
pub(crate) fn find_sequence(
    sequence: &Sequence,
    words: &Words,
    occurrences: &Occurrences,
    first: Occurrence,
) -> Option<usize> {
    let (_, rest) = sequence.places.split_first()?;
    let start = first.word as usize;
    let length = usize::from(first.words).max(1);
    if rest.is_empty() {
        return Some(start + length - 1);
    }
    if !rest.iter().all(|place| place.optional || occurrences.is_present(place.class)) {
        return None;
    }
    let end_of_sentence = words.sentence_of(start)?.end;
    let window = (end_of_sentence - start).min(WINDOW);
    let mut reached: u64 = if length <= window { 1 << (length - 1) } else { return None };
    for place in rest {
        let between = usize::from(place.words_between);
        let lowest = reached.trailing_zeros() as usize;
        let highest = (u64::BITS - 1 - reached.leading_zeros()) as usize;
        let mut next = if place.optional { reached } else { 0 };
        for offset in lowest + 1..=(highest + 1 + between).min(window.saturating_sub(1)) {
            let near_enough = bits_between(offset.saturating_sub(1 + between), offset - 1);
            if reached & near_enough == 0 {
                continue;
            }
            let here = occurrences.at(start + offset).iter().filter(|found| found.class == place.class);
            for found in here {
                let last = offset + usize::from(found.words).max(1) - 1;
                if last < window {
                    next |= 1 << last;
                }
            }
        }
        if next == 0 {
            return None;
        }
        reached = next;
    }
    Some(start + reached.trailing_zeros() as usize)
}

/// The bits from `low` to `high`, both included.
fn bits_between(low: usize, high: usize) -> u64 {
    let up_to_high = if high >= 63 { u64::MAX } else { (1 << (high + 1)) - 1 };
    up_to_high & (u64::MAX << low.min(63))
}
