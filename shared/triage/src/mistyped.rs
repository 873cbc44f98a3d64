//! Which of many names a mistyped word may mean, without comparing it letter by letter with every name.
//!
//! The first letter of a word must be right, its length and the set of its letters about right. What is
//! found this way is a guess, which [`is_within`] confirms or refuses.

/// At most so many typing errors are forgiven.
const MOST_ERRORS: usize = 2;
/// No word with more bytes is taken for a name.
const LONGEST: usize = 40;
/// So many names are looked at together, which a processor does at once.
const TOGETHER: usize = 16;

/// Names by first byte and length.
#[derive(Debug, Default)]
pub(crate) struct MistypedNames {
    /// For each first byte and length where its names begin; one more at the end.
    bounds: Vec<u32>,
    /// For each name the set of its letters.
    letters: Vec<u32>,
    /// For each name its number.
    numbers: Vec<u32>,
}

impl MistypedNames {
    /// Takes names, each with its number.
    pub(crate) fn new<'n>(names: impl Iterator<Item = (u32, &'n str)>) -> Self {
        let mut placed: Vec<(usize, u32, &str)> = names
            .filter(|(_, name)| name.len() <= LONGEST)
            .filter_map(|(number, name)| Some((place(*name.as_bytes().first()?, name.len()), number, name)))
            .collect();
        placed.sort_unstable();
        let last = place(u8::MAX, LONGEST) + 1;
        let bounds = (0..=last).scan(0, |at, place| {
            while placed.get(*at).is_some_and(|(placed, ..)| *placed < place) {
                *at += 1;
            }
            u32::try_from(*at).ok()
        });
        Self {
            bounds: bounds.collect(),
            letters: placed.iter().map(|(.., name)| letters_of(name.as_bytes())).collect(),
            numbers: placed.iter().map(|(_, number, _)| *number).collect(),
        }
    }

    /// Names that a word may mean.
    pub(crate) fn guess(&self, word: &str, mut found: impl FnMut(u32)) {
        let Some(&first) = word.as_bytes().first().filter(|_| word.len() <= LONGEST + MOST_ERRORS) else {
            return;
        };
        let shortest = place(first, word.len().saturating_sub(MOST_ERRORS));
        let longest = place(first, (word.len() + MOST_ERRORS).min(LONGEST));
        let (Some(&start), Some(&end)) = (self.bounds.get(shortest), self.bounds.get(longest + 1)) else {
            return;
        };
        let near = start as usize..end as usize;
        let (Some(sets), Some(numbers)) = (self.letters.get(near.clone()), self.numbers.get(near)) else {
            return;
        };
        let own = letters_of(word.as_bytes());
        for (sets, numbers) in sets.chunks(TOGETHER).zip(numbers.chunks(TOGETHER)) {
            // No way out of this loop early: so it becomes a few instructions for all.
            if sets.iter().fold(false, |any, set| any | differs_little(own, *set)) {
                let guesses = sets.iter().zip(numbers).filter(|(set, _)| differs_little(own, **set));
                guesses.for_each(|(_, &number)| found(number));
            }
        }
    }
}

fn place(first: u8, length: usize) -> usize {
    usize::from(first) * (LONGEST + 1) + length
}

/// The set of a word's letters, one bit for each of the alphabet.
fn letters_of(word: &[u8]) -> u32 {
    word.iter().fold(0, |set, byte| set | 1 << (byte & 31))
}

/// Each error brings in or takes away at most one letter of the alphabet on either side.
fn differs_little(left: u32, right: u32) -> bool {
    let without_lowest = |set: u32| set & set.wrapping_sub(1);
    (0..2 * MOST_ERRORS).fold(left ^ right, |set, _| without_lowest(set)) == 0
}

/// True where so many letters inserted, left out, changed or swapped make one word of the other
/// (optimal string alignment). Both words are short: one is a name.
pub(crate) fn is_within(left: &str, right: &str, allowed: usize) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let longest = left.len().max(right.len());
    if longest > LONGEST || left.len().abs_diff(right.len()) > allowed {
        return false;
    }
    let mut before_last = [0_u8; LONGEST + 1];
    let mut last = [0_u8; LONGEST + 1];
    let mut row = [0_u8; LONGEST + 1];
    for (cost, column) in last.iter_mut().zip(0..) {
        *cost = column;
    }
    for (line, &letter) in left.iter().enumerate() {
        row[0] = last[0] + 1;
        let mut lowest = row[0];
        for (column, &other) in right.iter().enumerate() {
            let changed = last[column] + u8::from(letter != other);
            let mut cost = changed.min(last[column + 1] + 1).min(row[column] + 1);
            let swapped = line > 0 && column > 0 && letter == right[column - 1] && left[line - 1] == other;
            if swapped {
                cost = cost.min(before_last[column - 1] + 1);
            }
            row[column + 1] = cost;
            lowest = lowest.min(cost);
        }
        if usize::from(lowest) > allowed {
            return false;
        }
        before_last = last;
        last = row;
    }
    usize::from(last[right.len()]) <= allowed
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What happened where: a letter inserted, left out, changed, or two swapped.
    fn errors() -> impl Strategy<Value = Vec<(u8, usize, u8)>> {
        prop::collection::vec((0_u8..4, 1_usize..12, b'a'..=b'z'), 0..=MOST_ERRORS)
    }

    proptest! {
        #[test]
        fn no_name_within_two_errors_is_overlooked(name in "[a-z]{6,12}", errors in errors()) {
            let mut letters = name.clone().into_bytes();
            for (kind, at, letter) in errors {
                let at = at.min(letters.len() - 1);
                match kind {
                    0 => letters.insert(at, letter),
                    1 => { letters.remove(at); }
                    2 => letters[at] = letter,
                    _ if at + 1 < letters.len() => letters.swap(at, at + 1),
                    _ => {}
                }
            }
            let letters = String::from_utf8(letters).unwrap();
            let names = MistypedNames::new([(3, "thromvexa"), (7, name.as_str())].into_iter());
            let mut guesses = Vec::new();
            names.guess(&letters, |guess| guesses.push(guess));
            prop_assert!(guesses.contains(&7), "{letters} is not taken for {name}");
        }
    }

    #[test]
    fn errors_are_counted() {
        for (letters, allowed) in [("thromvexa", 0), ("tromvexa", 1), ("thormvexa", 1), ("tormvexa", 2)] {
            assert!(is_within(letters, "thromvexa", allowed), "{letters}");
            assert!(allowed == 0 || !is_within(letters, "thromvexa", allowed - 1), "{letters}");
        }
    }
}
