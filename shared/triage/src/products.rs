//! Which of the company's products a message names: brand, substance or another spelling, with the
//! endings and compounds of German and with typing errors, but never a look-alike.

use crate::{
    normalise::fold_words,
    phrases::FoundPlace,
    words::{Region, Words},
};
use lotse_domain::{ProductFinding, ProductId};
use lotse_policy::{Choice, Phrase, Policy};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, HashSet};

/// Names shorter than this must be written exactly: too many words are one letter away.
const SHORTEST_TOLERANT: usize = 6;
/// From this length on two typing errors are forgiven, below one.
const SHORTEST_TWICE_TOLERANT: usize = 8;
/// The first part of a name that is written in two.
const SHORTEST_PART: usize = 3;
/// The policy's list of words that are never a typing error for one of the products.
const LOOK_ALIKES: &str = "look_alikes";
/// The place of `product` in [`FOUND_LISTS`](lotse_policy::FOUND_LISTS).
const PRODUCT_LIST: usize = 0;

/// A name of one word, or the last word of a longer one.
#[derive(Debug)]
struct Name {
    product: ProductId,
    /// Folded words; never empty.
    words: Vec<String>,
}

/// All names of all products.
#[derive(Debug)]
pub(crate) struct ProductNames {
    names: Vec<Name>,
    exact: FxHashMap<String, usize>,
    /// Names without their first letter, where that is the only mistake that is forgiven.
    but_for_first: FxHashMap<String, usize>,
    /// The names by the first byte of their first word.
    by_first: FxHashMap<u8, Vec<usize>>,
    look_alikes: FxHashSet<String>,
    by_pzn: BTreeMap<String, ProductId>,
    atc: BTreeMap<ProductId, String>,
}

/// A product named in the text.
#[derive(Clone, Debug)]
pub(crate) struct NamedProduct {
    pub(crate) product: ProductId,
    pub(crate) first: usize,
    pub(crate) last: usize,
}

impl ProductNames {
    pub(crate) fn new(policy: &Policy) -> Self {
        let mut names = Vec::new();
        let mut by_pzn = BTreeMap::new();
        let mut atc = BTreeMap::new();
        for product in policy.products.iter() {
            atc.insert(product.id.clone(), product.atc.clone());
            by_pzn
                .extend(product.packs.iter().map(|pack| (pack.pzn.as_str().to_owned(), product.id.clone())));
            for name in [&product.brand, &product.substance].into_iter().chain(&product.names) {
                let words = fold_words(name);
                if !words.is_empty() {
                    names.push(Name { product: product.id.clone(), words });
                }
            }
        }
        let single = |name: &&(usize, &Name)| name.1.words.len() == 1;
        let exact = names
            .iter()
            .enumerate()
            .filter(|name| single(&name))
            .filter_map(|(index, name)| Some((name.words.first()?.clone(), index)))
            .collect();
        let mut by_first: FxHashMap<u8, Vec<usize>> = FxHashMap::default();
        let mut but_for_first = FxHashMap::default();
        for (index, name) in names.iter().enumerate() {
            if let Some(&first) = name.words.first().and_then(|word| word.as_bytes().first()) {
                by_first.entry(first).or_default().push(index);
            }
            // Look-alikes differ in the first letter more often than typing errors do, so nothing else may
            // be wrong then.
            if let [only] = name.words.as_slice()
                && only.len() >= SHORTEST_TOLERANT
                && let Some(rest) = only.get(1..)
            {
                but_for_first.insert(rest.to_owned(), index);
            }
        }
        let look_alikes =
            policy.rules.lists.get(LOOK_ALIKES).into_iter().flatten().flat_map(plain_words).collect();
        Self { names, exact, but_for_first, by_first, look_alikes, by_pzn, atc }
    }

    /// The products that the words name, in the order of the text. The signature names none.
    pub(crate) fn find(&self, words: &Words) -> Vec<NamedProduct> {
        let mut found = Vec::new();
        for sentence in words.sentences().iter().filter(|sentence| sentence.region != Region::Signature) {
            let mut word = sentence.first;
            while word < sentence.end {
                if let Some((name, length)) = self.name_at(words, word, sentence.end) {
                    let product = name.product.clone();
                    found.push(NamedProduct { product, first: word, last: word + length - 1 });
                    word += length;
                } else {
                    word += 1;
                }
            }
        }
        found
    }

    /// The product that a form's field names.
    pub(crate) fn find_in(&self, value: &str) -> Option<ProductId> {
        let mut words = Words::default();
        words.read(value, 0..value.len(), Region::Text);
        self.find(&words).into_iter().next().map(|named| named.product)
    }

    /// The product of a pack.
    pub(crate) fn of_pzn(&self, pzn: &str) -> Option<&ProductId> {
        self.by_pzn.get(pzn)
    }

    /// The ATC code of a product.
    pub(crate) fn atc(&self, product: &ProductId) -> Option<&str> {
        self.atc.get(product).map(String::as_str)
    }

    fn name_at(&self, words: &Words, word: usize, end: usize) -> Option<(&Name, usize)> {
        let letters = words.letters(word);
        if letters.len() < SHORTEST_PART || self.look_alikes.contains(letters) {
            return self.longer_at(words, word, end);
        }
        if let Some(longer) = self.longer_at(words, word, end) {
            return Some(longer);
        }
        if let Some(&index) = self.exact.get(letters) {
            return Some((self.names.get(index)?, 1));
        }
        // „Velo cordin“, „Insu-lera“: one name in two words.
        let next = if word + 1 < end { words.letters(word + 1) } else { "" };
        let is_apart = |name: &&Name| matches!(name.words.as_slice(), [whole] if whole.strip_prefix(letters) == Some(next));
        if !next.is_empty()
            && let Some(name) = self.with_start(letters).find(is_apart)
        {
            return Some((name, 2));
        }
        if letters.len() + 1 < SHORTEST_TOLERANT {
            return None;
        }
        let is_meant =
            |name: &&Name| matches!(name.words.as_slice(), [expected] if self.is_name(letters, expected));
        let but_for_first = || {
            let rest = letters.get(1..).and_then(|rest| self.but_for_first.get(rest));
            rest.or_else(|| self.but_for_first.get(letters)).and_then(|&index| self.names.get(index))
        };
        self.with_start(letters).find(is_meant).or_else(but_for_first).map(|name| (name, 1))
    }

    /// A name of several words, such as „Insulin glargin“.
    fn longer_at(&self, words: &Words, word: usize, end: usize) -> Option<(&Name, usize)> {
        let is_here = |name: &&Name| {
            let mut expected = name.words.iter().enumerate();
            name.words.len() > 1
                && word + name.words.len() <= end
                && expected.all(|(at, expected)| self.is_name(words.letters(word + at), expected))
        };
        self.with_start(words.letters(word)).find(is_here).map(|name| (name, name.words.len()))
    }

    /// The names that begin with the same letter.
    fn with_start(&self, letters: &str) -> impl Iterator<Item = &Name> {
        let same = letters.as_bytes().first().and_then(|first| self.by_first.get(first));
        same.into_iter().flatten().filter_map(|&index| self.names.get(index))
    }

    /// True where a word with the same first letter means the name: the name itself, with an ending or
    /// a compound, or mistyped.
    fn is_name(&self, letters: &str, name: &str) -> bool {
        if letters == name {
            return true;
        }
        if name.len() < SHORTEST_TOLERANT || self.look_alikes.contains(letters) {
            return false;
        }
        let allowed = if name.len() >= SHORTEST_TWICE_TOLERANT { 2 } else { 1 };
        letters.starts_with(name)
            || (may_be_within(letters, name, allowed) && is_within(letters, name, allowed))
    }
}

/// The list's own words; entries of several words or of other lists are no look-alikes.
fn plain_words(entry: &Phrase) -> Vec<String> {
    match entry.steps.as_slice() {
        [step] => step
            .choices
            .iter()
            .filter_map(|choice| match choice {
                Choice::Word(word) => fold_words(&word.text).into_iter().next(),
                Choice::List(_) | Choice::Words(_) => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// A quick answer before [`is_within`]: each mistake brings in or takes away at most one letter of the
/// alphabet on either side.
fn may_be_within(left: &str, right: &str, allowed: usize) -> bool {
    let letters = |word: &str| word.bytes().fold(0_u32, |set, byte| set | 1 << (byte & 31));
    let differing = (letters(left) ^ letters(right)).count_ones() as usize;
    left.len().abs_diff(right.len()) <= allowed && differing <= 2 * allowed
}

/// True where so many letters inserted, left out, changed or swapped make one word of the other
/// (optimal string alignment). Both words are short: one is a product name.
fn is_within(left: &str, right: &str, allowed: usize) -> bool {
    const LONGEST: usize = 40;
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() > LONGEST || right.len() > LONGEST || left.len().abs_diff(right.len()) > allowed {
        return false;
    }
    let mut before_last = [0_usize; LONGEST + 1];
    let mut last = [0_usize; LONGEST + 1];
    let mut row = [0_usize; LONGEST + 1];
    for (column, cost) in last.iter_mut().enumerate() {
        *cost = column;
    }
    for (line, &letter) in left.iter().enumerate() {
        row[0] = line + 1;
        let mut lowest = row[0];
        for (column, &other) in right.iter().enumerate() {
            let changed = last[column] + usize::from(letter != other);
            let mut cost = changed.min(last[column + 1] + 1).min(row[column] + 1);
            let swapped = line > 0 && column > 0 && letter == right[column - 1] && left[line - 1] == other;
            if swapped {
                cost = cost.min(before_last[column - 1] + 1);
            }
            row[column + 1] = cost;
            lowest = lowest.min(cost);
        }
        if lowest > allowed {
            return false;
        }
        before_last = last;
        last = row;
    }
    last[right.len()] <= allowed
}

/// One finding per product: the first place where it is named.
pub(crate) fn findings(words: &Words, named: &[NamedProduct]) -> Vec<ProductFinding> {
    let mut seen = HashSet::new();
    let first = named.iter().filter(|named| seen.insert(&named.product));
    first
        .map(|named| {
            let (field, start, end) = words.span(named.first, named.last);
            ProductFinding { product: named.product.clone(), field, start, end }
        })
        .collect()
}

/// The places for phrases with `{product}`.
pub(crate) fn places(named: &[NamedProduct]) -> impl Iterator<Item = FoundPlace> + '_ {
    named.iter().map(|named| FoundPlace {
        list: PRODUCT_LIST,
        first: named.first,
        words: named.last + 1 - named.first,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Vec<String> {
        let names = ProductNames::new(&Policy::shipped().unwrap());
        let mut words = Words::default();
        words.read(text, 0..text.len(), Region::Text);
        names.find(&words).into_iter().map(|named| named.product.to_string()).collect()
    }

    #[test]
    fn products_are_known_by_brand_substance_and_other_spellings() {
        assert_eq!(named("Velocordin und Bisoprolol"), ["velocordin", "velocordin"]);
        assert_eq!(named("insulin glargine, cefuroxime, sertraline"), ["insulera", "cefanora", "sertravia"]);
    }

    #[test]
    fn endings_compounds_and_typing_errors_are_forgiven() {
        for text in [
            "Thromvexas",
            "Thromvexatabletten",
            "Thromvexa-Tabl.",
            "Tromvexa",
            "Thormvexa",
            "THROMVEXA®",
            "Thromwexa",
        ] {
            assert_eq!(named(text), ["thromvexa"], "{text}");
        }
        assert_eq!(named("Insulera-Pens"), ["insulera"]);
        assert_eq!(named("Velo cordin"), ["velocordin"]);
    }

    #[test]
    fn look_alikes_are_not_confused() {
        for text in [
            "Metoprolol",
            "Cefotaxim",
            "Lansoprazol",
            "Cetuximab",
            "Edoxaban",
            "Sirolimus",
            "Neurexan",
            "neuronal",
            "lymphoma",
            "Insulin",
            "Gabapentin",
            "Salmeterol",
        ] {
            assert!(named(text).is_empty(), "{text} was taken for a product");
        }
    }
}
