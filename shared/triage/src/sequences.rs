//! How a sequence of word classes is found without ever looking at more than a window of words.

use crate::{
    lexicon::Place,
    occurrences::{Occurrence, Occurrences},
    words::Words,
};

/// A phrase spans at most so many words; a place of the phrase is one bit.
const WINDOW: usize = 64;

/// Looks for a sequence whose first place is this occurrence; answers the earliest last word.
///
/// Bit `n` of `reached` says: the places so far can end at the `n`th word after the first. One step
/// costs at most [`WINDOW`] words, whatever the text.
pub(crate) fn find_sequence(
    places: &[Place],
    words: &Words,
    occurrences: &Occurrences,
    first: Occurrence,
) -> Option<usize> {
    let (_, rest) = places.split_first()?;
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
            let Ok(word) = u32::try_from(start + offset) else { break };
            for length in occurrences.at(word, place.class) {
                let last = offset + usize::from(length).max(1) - 1;
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
