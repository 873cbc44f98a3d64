//! Which of the company's products a message names: brand, substance or another spelling, with the
//! endings and compounds of German and with typing errors, but never a look-alike.

use crate::{
    catalogue::Catalogue,
    grouped::Grouped,
    mistyped::{Mistyped, MistypedNames, SHORTEST_TOLERANT},
    phrases::FoundPlace,
    spellings::Spellings,
    words::{Region, Words},
};
use lotse_domain::{ProductFinding, ProductId};
use lotse_policy::Policy;
use serde::{Deserialize, Serialize, Serializer};
use std::collections::HashSet;

/// The first part of a name that is written in two.
const SHORTEST_PART: usize = 3;
/// The place of `product` in [`FOUND_LISTS`](lotse_policy::FOUND_LISTS).
const PRODUCT_LIST: usize = 0;

/// All names of all products, ready to be found.
#[derive(Debug, Deserialize)]
#[serde(from = "Catalogue")]
pub(crate) struct ProductNames {
    catalogue: Catalogue,
    /// For each word of the catalogue the names that begin with it.
    by_first_word: Grouped<u32>,
    /// Which of those words there may be.
    beginnings: Outlines,
    mistyped: MistypedNames,
    /// Names without their first letter: where no more is wrong, that is forgiven. Look-alikes differ in
    /// the first letter more often than typing errors do.
    but_for_first: Spellings,
    /// For each of them the name.
    names_but_for_first: Vec<u32>,
    outlines_but_for_first: Outlines,
}

/// Lengths of words by their first byte, one bit each; the last one stands for all that are longer. Most
/// words of a text have a first letter and a length that no name has.
#[derive(Debug)]
struct Outlines([u64; 256]);

impl Outlines {
    fn of<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        let mut lengths = [0; 256];
        for word in words {
            if let Some(&first) = word.as_bytes().first() {
                lengths[usize::from(first)] |= Self::bit(word.len());
            }
        }
        Self(lengths)
    }

    fn bit(length: usize) -> u64 {
        1 << length.min(63)
    }

    /// The lengths of words with the same first byte.
    fn lengths(&self, letters: &str) -> u64 {
        letters.as_bytes().first().map_or(0, |&first| self.0[usize::from(first)])
    }

    /// False where no word has this first byte and length.
    fn may_have(&self, letters: &str) -> bool {
        self.lengths(letters) & Self::bit(letters.len()) != 0
    }
}

/// A product named in the text.
#[derive(Clone, Debug)]
pub(crate) struct NamedProduct {
    pub(crate) product: ProductId,
    pub(crate) first: usize,
    pub(crate) last: usize,
}

impl From<Catalogue> for ProductNames {
    fn from(catalogue: Catalogue) -> Self {
        let names = || (0..).zip(catalogue.names.iter());
        let first_words = names().filter_map(|(name, words)| Some((*words.first()? as usize, name)));
        let by_first_word = Grouped::by_number(catalogue.words.len(), first_words.collect());
        let mut but_for_first = Spellings::default();
        let mut names_but_for_first = Vec::new();
        for (name, words) in names() {
            if let [only] = words
                && let Some(word) = Some(catalogue.words.get(*only as usize))
                && word.len() >= SHORTEST_TOLERANT
                && let Some(rest) = word.get(1..)
                && but_for_first.add(rest) == names_but_for_first.len()
            {
                names_but_for_first.push(name);
            }
        }
        let begins_name = |(word, _): &(u32, &str)| !by_first_word.get(*word as usize).is_empty();
        let beginnings = || (0..).zip(catalogue.words.iter()).filter(begins_name);
        Self {
            beginnings: Outlines::of(beginnings().map(|(_, word)| word)),
            mistyped: MistypedNames::new(beginnings()),
            outlines_but_for_first: Outlines::of(but_for_first.iter()),
            by_first_word,
            but_for_first,
            names_but_for_first,
            catalogue,
        }
    }
}

impl Serialize for ProductNames {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.catalogue.serialize(serializer)
    }
}

impl ProductNames {
    pub(crate) fn new(policy: &Policy) -> Self {
        Self::from(Catalogue::new(policy))
    }

    /// The products that the words name, in the order of the text. The signature names none.
    pub(crate) fn find(&self, words: &Words) -> Vec<NamedProduct> {
        let mut found = Vec::new();
        for sentence in words.sentences().iter().filter(|sentence| sentence.region != Region::Signature) {
            let mut word = sentence.first;
            while word < sentence.end {
                if let Some((name, length)) = self.name_at(words, word, sentence.end)
                    && let Some(product) = self.catalogue.product_of_name(name)
                {
                    found.push(NamedProduct {
                        product: product.clone(),
                        first: word,
                        last: word + length - 1,
                    });
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
        self.catalogue.product_of_pack(pzn)
    }

    /// The ATC code of a product.
    pub(crate) fn atc(&self, product: &ProductId) -> Option<&str> {
        self.catalogue.atc(product)
    }

    /// The name that begins at a word, and its length in words. Of several the first of the policy.
    fn name_at(&self, words: &Words, word: usize, end: usize) -> Option<(u32, usize)> {
        let letters = words.letters(word);
        let meant = self.words_meant(letters);
        if let Some(longer) = self.longer_name(&meant, words, word, end) {
            return Some(longer);
        }
        if letters.len() < SHORTEST_PART {
            return None;
        }
        let next = if word + 1 < end { words.letters(word + 1) } else { "" };
        let single = |&word: &u32| self.single_name(word);
        let found = None
            .or_else(|| self.beginning(letters).as_ref().and_then(single).map(|name| (name, 1)))
            .or_else(|| self.name_apart(letters, next).map(|name| (name, 2)))
            .or_else(|| meant.iter().filter_map(single).min().map(|name| (name, 1)))
            .or_else(|| self.name_but_for_first(letters).map(|name| (name, 1)));
        found.filter(|_| !self.is_look_alike(letters))
    }

    /// The word of the catalogue that is written so, where names begin with it.
    fn beginning(&self, letters: &str) -> Option<u32> {
        let word = self.beginnings.may_have(letters).then(|| self.catalogue.words.find(letters))??;
        u32::try_from(word).ok()
    }

    /// The name that a word is alone.
    fn single_name(&self, word: u32) -> Option<u32> {
        let mut names = self.by_first_word.get(word as usize).iter().copied();
        names.find(|&name| self.catalogue.names.get(name as usize).len() == 1)
    }

    /// „Velo cordin“, „Insu-lera“: one name in two words.
    fn name_apart(&self, letters: &str, next: &str) -> Option<u32> {
        let lengths = self.beginnings.lengths(letters);
        if next.is_empty() || lengths & Outlines::bit(letters.len() + next.len()) == 0 {
            return None;
        }
        self.beginning(&[letters, next].concat()).and_then(|word| self.single_name(word))
    }

    fn is_look_alike(&self, letters: &str) -> bool {
        self.catalogue.look_alikes.find(letters).is_some()
    }

    /// The words of the catalogue that letters mean: the word itself, with an ending or a compound, or
    /// mistyped.
    fn words_meant(&self, letters: &str) -> Vec<u32> {
        let mut meant: Vec<u32> = self.beginning(letters).into_iter().collect();
        let lengths = self.beginnings.lengths(letters);
        if lengths == 0 || letters.len() + 1 < SHORTEST_TOLERANT {
            return meant;
        }
        if self.is_look_alike(letters) {
            return meant;
        }
        let shorter = (SHORTEST_TOLERANT..letters.len().min(64)).filter(|length| lengths >> length & 1 == 1);
        meant.extend(shorter.filter_map(|length| self.beginning(letters.get(..length)?)));
        let mut mistyped = None;
        self.mistyped.guess(letters, |word| {
            let mistyped = mistyped.get_or_insert_with(|| Mistyped::new(letters));
            if mistyped.may_mean(self.catalogue.words.get(word as usize)) && !meant.contains(&word) {
                meant.push(word);
            }
        });
        meant
    }

    /// A name of several words, such as „Insulin glargin“, that begins with one of the words meant.
    fn longer_name(&self, meant: &[u32], words: &Words, word: usize, end: usize) -> Option<(u32, usize)> {
        let names = meant.iter().flat_map(|&meant| self.by_first_word.get(meant as usize));
        let is_here = |name: &u32| {
            let expected = self.catalogue.names.get(*name as usize);
            let mut rest = (word + 1..).zip(expected.iter().skip(1));
            expected.len() > 1
                && word + expected.len() <= end
                && rest.all(|(at, &expected)| {
                    self.is_word(words.letters(at), self.catalogue.words.get(expected as usize))
                })
        };
        let name = names.copied().filter(is_here).min()?;
        Some((name, self.catalogue.names.get(name as usize).len()))
    }

    fn name_but_for_first(&self, letters: &str) -> Option<u32> {
        if letters.len() + 1 < SHORTEST_TOLERANT {
            return None;
        }
        let whole = |rest: &str| {
            let found =
                self.outlines_but_for_first.may_have(rest).then(|| self.but_for_first.find(rest))??;
            self.names_but_for_first.get(found).copied()
        };
        letters.get(1..).and_then(whole).or_else(|| whole(letters))
    }

    /// True where letters mean a word of a name: the word itself, with an ending or a compound, or
    /// mistyped with the first letter right.
    fn is_word(&self, letters: &str, word: &str) -> bool {
        if letters == word {
            return true;
        }
        let same_first = letters.bytes().next() == word.bytes().next();
        if word.len() < SHORTEST_TOLERANT || !same_first || self.is_look_alike(letters) {
            return false;
        }
        letters.starts_with(word) || Mistyped::new(letters).may_mean(word)
    }
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
