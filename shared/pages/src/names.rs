//! The names that people read in place of ids.

use lotse_domain::{DeskId, ProductId, UserId};
use std::collections::BTreeMap;

/// What desks, products and people are called. An id that is not here shows as itself: a history outlives the
/// policy and the users that it speaks of.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Desks, in the language of the page.
    pub desks: BTreeMap<DeskId, String>,
    /// Products, by brand.
    pub products: BTreeMap<ProductId, String>,
    /// People at the desks.
    pub people: BTreeMap<UserId, String>,
}

impl Names {
    /// The desk's name.
    pub fn desk<'a>(&'a self, id: &'a DeskId) -> &'a str {
        self.desks.get(id).map_or(id.as_str(), String::as_str)
    }

    /// The product's brand.
    pub fn product<'a>(&'a self, id: &'a ProductId) -> &'a str {
        self.products.get(id).map_or(id.as_str(), String::as_str)
    }

    /// The person's name.
    pub fn person<'a>(&'a self, id: &'a UserId) -> &'a str {
        self.people.get(id).map_or(id.as_str(), String::as_str)
    }
}
