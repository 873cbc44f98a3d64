//! Which of many names a mistyped word may mean, without comparing it letter by letter with every name.
//!
//! The first letter of a word must be right, its length and the set of its letters about right. What is left
//! is compared, all letters of the word at once.

/// Names shorter than this must be written exactly: too many words are one letter away.
pub(crate) const SHORTEST_TOLERANT: usize = 6;
/// From this length on two typing errors are forgiven, below one.
const SHORTEST_TWICE_TOLERANT: usize = 8;
/// No word with more bytes is taken for a mistyped name.
const LONGEST: usize = 40;
/// So many names are looked at together, which a processor does at once.
const TOGETHER: usize = 16;

/// How many typing errors are forgiven in a name of so many bytes.
fn errors_forgiven(length: usize) -> usize {
    match length {
        SHORTEST_TWICE_TOLERANT.. => 2,
        SHORTEST_TOLERANT.. => 1,
        _ => 0,
    }
}

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
    /// Takes names, each with its number. Those in which no error is forgiven are left aside.
    pub(crate) fn new<'n>(names: impl Iterator<Item = (u32, &'n str)>) -> Self {
        let mut placed: Vec<(usize, u32, &str)> = names
            .filter(|(_, name)| (SHORTEST_TOLERANT..=LONGEST).contains(&name.len()))
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

    /// Names that a word may mean: [`Mistyped`] tells whether it does.
    pub(crate) fn guess(&self, word: &str, mut found: impl FnMut(u32)) {
        let Some(&first) = word.as_bytes().first() else { return };
        let own = letters_of(word.as_bytes());
        for length in SHORTEST_TOLERANT.max(word.len().saturating_sub(2))..=LONGEST.min(word.len() + 2) {
            let missing = length.abs_diff(word.len());
            let forgiven = errors_forgiven(length);
            if missing > forgiven {
                continue;
            }
            // Each error brings in or takes away at most one letter of the alphabet on either side; a letter
            // too many or too few does so on one.
            let most = u32::try_from(2 * forgiven - missing).unwrap_or_default();
            let differs_little = |set: &u32| (own ^ set).count_ones() <= most;
            let (sets, numbers) = self.of_length(first, length);
            for (sets, numbers) in sets.chunks(TOGETHER).zip(numbers.chunks(TOGETHER)) {
                // No way out of this loop early: so it becomes a few instructions for all.
                if sets.iter().fold(false, |any, set| any | differs_little(set)) {
                    let guesses = sets.iter().zip(numbers).filter(|(set, _)| differs_little(set));
                    guesses.for_each(|(_, &number)| found(number));
                }
            }
        }
    }

    /// The sets of letters and the numbers of the names with this first byte and length.
    fn of_length(&self, first: u8, length: usize) -> (&[u32], &[u32]) {
        let Some([start, end, ..]) = self.bounds.get(place(first, length)..) else { return (&[], &[]) };
        let range = *start as usize..*end as usize;
        (self.letters.get(range.clone()).unwrap_or_default(), self.numbers.get(range).unwrap_or_default())
    }
}

fn place(first: u8, length: usize) -> usize {
    usize::from(first) * (LONGEST + 1) + length
}

/// The set of a word's letters, one bit for each of the alphabet.
fn letters_of(word: &[u8]) -> u32 {
    word.iter().fold(0, |set, byte| set | 1 << (byte & 31))
}

/// A word as it was written, ready to be compared with many names.
pub(crate) struct Mistyped {
    length: usize,
    /// For each byte the places where the word has it, one bit each.
    places: [u64; 256],
}

impl Mistyped {
    pub(crate) fn new(word: &str) -> Self {
        let mut places = [0; 256];
        for (place, byte) in word.bytes().enumerate().take(LONGEST) {
            places[usize::from(byte)] |= 1 << place;
        }
        Self { length: word.len(), places }
    }

    /// True where no more letters than are forgiven were inserted, left out, changed or swapped to make the
    /// word of the name.
    pub(crate) fn may_mean(&self, name: &str) -> bool {
        let forgiven = errors_forgiven(name.len());
        (1..=LONGEST).contains(&self.length)
            && self.length.abs_diff(name.len()) <= forgiven
            && self.errors(name.as_bytes()) <= forgiven
    }

    /// The least number of errors (optimal string alignment), computed for all letters of the word at once:
    /// H. Hyyrö, “A bit-vector algorithm for computing Levenshtein and Damerau edit distances”, 2003, whose
    /// names the vectors have. Bit `n` of each is about the first `n + 1` letters of the word.
    fn errors(&self, name: &[u8]) -> usize {
        let last = 1_u64 << (self.length - 1);
        let (mut vertical_positive, mut vertical_negative) = (u64::MAX, 0_u64);
        let (mut diagonal_zero, mut places_before) = (0_u64, 0_u64);
        let mut errors = self.length;
        for &byte in name {
            let places = self.places[usize::from(byte)];
            let swapped = ((!diagonal_zero & places) << 1) & places_before;
            let same = (places & vertical_positive).wrapping_add(vertical_positive) ^ vertical_positive;
            diagonal_zero = same | places | vertical_negative | swapped;
            let horizontal_positive = vertical_negative | !(diagonal_zero | vertical_positive);
            let horizontal_negative = diagonal_zero & vertical_positive;
            errors += usize::from(horizontal_positive & last != 0);
            errors -= usize::from(horizontal_negative & last != 0);
            let shifted = horizontal_positive << 1 | 1;
            vertical_positive = horizontal_negative << 1 | !(diagonal_zero | shifted);
            vertical_negative = shifted & diagonal_zero;
            places_before = places;
        }
        errors
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What happened where: a letter inserted, left out, changed, or two swapped.
    fn errors() -> impl Strategy<Value = Vec<(u8, usize, u8)>> {
        prop::collection::vec((0_u8..4, 1_usize..12, b'a'..=b'z'), 0..=2)
    }

    /// The errors between two words, counted cell by cell.
    fn count_errors(left: &[u8], right: &[u8]) -> usize {
        let mut costs = vec![vec![0; right.len() + 1]; left.len() + 1];
        for line in 0..=left.len() {
            for column in 0..=right.len() {
                if line == 0 || column == 0 {
                    costs[line][column] = line + column;
                    continue;
                }
                let changed = usize::from(left[line - 1] != right[column - 1]);
                let mut cost = (costs[line - 1][column - 1] + changed)
                    .min(costs[line - 1][column] + 1)
                    .min(costs[line][column - 1] + 1);
                let swapped = line > 1
                    && column > 1
                    && left[line - 1] == right[column - 2]
                    && left[line - 2] == right[column - 1];
                if swapped {
                    cost = cost.min(costs[line - 2][column - 2] + 1);
                }
                costs[line][column] = cost;
            }
        }
        costs[left.len()][right.len()]
    }

    proptest! {
        #[test]
        fn errors_are_counted_as_cell_by_cell(word in "[a-c]{1,12}", name in "[a-c]{1,12}") {
            let errors = Mistyped::new(&word).errors(name.as_bytes());
            prop_assert_eq!(errors, count_errors(word.as_bytes(), name.as_bytes()));
        }

        #[test]
        fn no_forgiven_error_is_overlooked(name in "[a-z]{6,12}", errors in errors()) {
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
            let is_forgiven = Mistyped::new(&letters).may_mean(&name);
            let names = MistypedNames::new([(3, "thromvexa"), (7, name.as_str())].into_iter());
            let mut guesses = Vec::new();
            names.guess(&letters, |guess| guesses.push(guess));
            prop_assert!(!is_forgiven || guesses.contains(&7), "{letters} is not taken for {name}");
        }
    }

    #[test]
    fn long_names_forgive_two_errors_short_ones_one() {
        for (letters, name, is_forgiven) in [
            ("thromvexa", "thromvexa", true),
            ("tromvexa", "thromvexa", true),
            ("tormvexa", "thromvexa", true),
            ("tormvex", "thromvexa", false),
            ("insuler", "insulin", false),
            ("isulin", "insulin", true),
            ("insu", "insul", false),
        ] {
            assert_eq!(Mistyped::new(letters).may_mean(name), is_forgiven, "{letters} {name}");
        }
        let long = "a".repeat(LONGEST + 1);
        assert!(!Mistyped::new("").may_mean("") && !Mistyped::new(&long).may_mean(&long));
    }
}
