//! Words in one piece of memory, each known by its number, and found by their letters.

use rustc_hash::FxHasher;
use serde::{Deserialize, Serialize, Serializer};
use std::hash::Hasher;

/// No word in this slot.
const EMPTY: u32 = u32::MAX;

/// Words without repetition, numbered from 0 in the order of adding.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Letters")]
pub(crate) struct Spellings {
    words: Letters,
    /// A table with open addressing, at most half full; its length is a power of two.
    slots: Vec<u32>,
}

/// The words alone: what is written to a file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Letters {
    letters: String,
    /// For each word where it ends.
    ends: Vec<u32>,
}

impl Letters {
    fn get(&self, number: usize) -> &str {
        let Some(&end) = self.ends.get(number) else { return "" };
        let start = number.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.letters.get(start as usize..end as usize).unwrap_or_default()
    }
}

impl Spellings {
    /// The number of a word, which is added where it is new.
    pub(crate) fn add(&mut self, word: &str) -> usize {
        if (self.len() + 1) * 2 > self.slots.len() {
            self.make_slots((self.len() + 1) * 2);
        }
        let slot = self.slot_of(word);
        match self.slots.get(slot) {
            Some(&number) if number != EMPTY => number as usize,
            _ => {
                let number = self.len();
                self.words.letters.push_str(word);
                self.words.ends.push(u32::try_from(self.words.letters.len()).unwrap_or(u32::MAX));
                self.occupy(slot, number);
                number
            }
        }
    }

    /// The number of a word.
    pub(crate) fn find(&self, word: &str) -> Option<usize> {
        self.slots.get(self.slot_of(word)).filter(|number| **number != EMPTY).map(|number| *number as usize)
    }

    /// The word of that number; empty where there is none.
    pub(crate) fn get(&self, number: usize) -> &str {
        self.words.get(number)
    }

    /// How many words there are.
    pub(crate) fn len(&self) -> usize {
        self.words.ends.len()
    }

    /// All words, in the order of their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|number| self.get(number))
    }

    /// Where a word stands in the table, or the free place where it would stand.
    fn slot_of(&self, word: &str) -> usize {
        let last = self.slots.len().wrapping_sub(1);
        let mut slot = hash(word) & last;
        while let Some(&number) = self.slots.get(slot)
            && number != EMPTY
            && self.get(number as usize) != word
        {
            slot = (slot + 1) & last;
        }
        slot
    }

    fn occupy(&mut self, slot: usize, number: usize) {
        if let Some(place) = self.slots.get_mut(slot) {
            *place = u32::try_from(number).unwrap_or(EMPTY);
        }
    }

    fn make_slots(&mut self, least: usize) {
        self.slots = vec![EMPTY; least.next_power_of_two() * 2];
        for number in 0..self.len() {
            let slot = self.slot_of(self.words.get(number));
            self.occupy(slot, number);
        }
    }
}

impl From<Letters> for Spellings {
    fn from(words: Letters) -> Self {
        let mut spellings = Self { words, slots: Vec::new() };
        spellings.make_slots(spellings.len() + 1);
        spellings
    }
}

impl Serialize for Spellings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.words.serialize(serializer)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "any bits of the hash will do")]
fn hash(word: &str) -> usize {
    let mut hasher = FxHasher::default();
    hasher.write(word.as_bytes());
    hasher.finish() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_their_letters_and_known_once() {
        let mut spellings = Spellings::default();
        let words: Vec<String> = (0..1000).map(|number| format!("wort{}", number % 500)).collect();
        let numbers: Vec<usize> = words.iter().map(|word| spellings.add(word)).collect();
        assert_eq!(spellings.len(), 500);
        assert_eq!(numbers[..500], numbers[500..]);
        for (word, number) in words.iter().zip(numbers) {
            assert_eq!((spellings.find(word), spellings.get(number)), (Some(number), word.as_str()));
        }
        assert_eq!((spellings.find("wort"), spellings.find(""), spellings.get(500)), (None, None, ""));
        assert_eq!(Spellings::default().find("wort"), None);
    }
}
