//! The company's products as triage needs them: their names in folded words, their numbers, their codes.

use crate::{grouped::Grouped, normalise::fold_words, spellings::Spellings};
use lotse_domain::ProductId;
use lotse_policy::{Choice, Phrase, Policy};
use serde::{Deserialize, Serialize};

/// The policy's list of words that are never a typing error for one of the products.
const LOOK_ALIKES: &str = "look_alikes";

/// All products and all of their names, as plain data.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Catalogue {
    /// The products, ordered by id; each is known by its place.
    ids: Vec<ProductId>,
    /// The different ATC codes, and which of them each product has.
    codes: Spellings,
    code_of: Vec<u32>,
    /// The number of each pack with its product, ordered by number.
    packs: Vec<(u32, u32)>,
    /// The different words that names are made of.
    pub(crate) words: Spellings,
    /// For each name its words.
    pub(crate) names: Grouped<u32>,
    /// For each name its product.
    product_of: Vec<u32>,
    /// Words that are never a typing error for a name.
    pub(crate) look_alikes: Spellings,
}

impl Catalogue {
    pub(crate) fn new(policy: &Policy) -> Self {
        let mut catalogue = Self::default();
        for (place, product) in (0..).zip(policy.products.iter()) {
            catalogue.ids.push(product.id.clone());
            let code = number(catalogue.codes.add(&product.atc));
            catalogue.code_of.push(code);
            let packs =
                product.packs.iter().filter_map(|pack| Some((pack.pzn.as_str().parse().ok()?, place)));
            catalogue.packs.extend(packs);
            for name in [&product.brand, &product.substance].into_iter().chain(&product.names) {
                let words = fold_words(name);
                if !words.is_empty() {
                    catalogue.names.push(words.iter().map(|word| number(catalogue.words.add(word))));
                    catalogue.product_of.push(place);
                }
            }
        }
        catalogue.packs.sort_unstable();
        let look_alikes = policy.rules.lists.get(LOOK_ALIKES).into_iter().flatten().flat_map(plain_words);
        look_alikes.for_each(|word| {
            catalogue.look_alikes.add(&word);
        });
        catalogue
    }

    /// The product of a name.
    pub(crate) fn product_of_name(&self, name: u32) -> Option<&ProductId> {
        self.ids.get(*self.product_of.get(name as usize)? as usize)
    }

    /// The product of a pack, by its PZN.
    pub(crate) fn product_of_pack(&self, pzn: &str) -> Option<&ProductId> {
        let pzn: u32 = pzn.parse().ok().filter(|_| pzn.len() == 8)?;
        let at = self.packs.binary_search_by_key(&pzn, |(number, _)| *number).ok()?;
        self.ids.get(self.packs.get(at)?.1 as usize)
    }

    /// The ATC code of a product.
    pub(crate) fn atc(&self, product: &ProductId) -> Option<&str> {
        let at = self.ids.binary_search(product).ok()?;
        Some(self.codes.get(*self.code_of.get(at)? as usize))
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// The list's own words; entries of several words or of other lists are no look-alikes.
fn plain_words(entry: &Phrase) -> Vec<String> {
    match entry.steps().as_slice() {
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
