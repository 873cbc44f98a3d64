//! The rules by which triage recognises topics and safety information, and the patterns of identifiers.

use crate::{Products, table::Table};

/// The rules of all files in `rules/`.
#[derive(Clone, Debug, Default)]
pub struct Rules {}

impl Rules {
    /// Reads the tables of all files in `rules/`, in the order of their names. Rules may name products;
    /// those are `None` where `products.toml` could not be read.
    pub(crate) fn read(files: Vec<Table<'_>>, _products: Option<&Products>) -> Option<Self> {
        files.into_iter().for_each(Table::finish);
        Some(Self {})
    }
}

/// The patterns of `identifiers.toml`.
#[derive(Clone, Debug, Default)]
pub struct Identifiers {}

impl Identifiers {
    /// Reads `identifiers.toml`.
    pub(crate) fn read(_file: &mut Table<'_>) -> Option<Self> {
        Some(Self {})
    }
}
