//! `products.toml`: what the company sells, and by which names and numbers people mean it.

use crate::table::Table;
use lotse_domain::ProductId;
use serde::{Deserialize, Serialize};
use serde_spanned::Spanned;
use std::{
    collections::{BTreeMap, BTreeSet},
    str::FromStr,
};

/// The company's products, by id.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Products(BTreeMap<ProductId, Product>);

/// One product: a brand with all of its packs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// The id that decisions, desks and rules name.
    pub id: ProductId,
    /// Brand name.
    pub brand: String,
    /// Substance (INN), as the country writes it.
    pub substance: String,
    /// Further spellings that people use for brand or substance, such as the English substance name.
    pub names: Vec<String>,
    /// ATC code of the WHO.
    pub atc: String,
    /// Therapeutic area, by which desks can divide the work.
    pub area: String,
    /// True where the product must stay cold: a broken cold chain is a quality complaint, too.
    pub cold_chain: bool,
    /// The packs on the market.
    pub packs: Vec<Pack>,
}

/// One pack of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    /// Name with strength and form.
    pub name: String,
    /// Its number.
    pub pzn: Pzn,
}

/// A Pharmazentralnummer whose check digit fits: 8 digits, Σ digit × position (1…7) mod 11 = the 8th
/// (IFA, technical information on the PZN).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Pzn(String);

impl Pzn {
    /// The 8 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is not a PZN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPzn {
    /// Not 8 digits.
    #[error("not 8 digits")]
    Form,
    /// 8 digits, and the last does not fit the others.
    #[error("the check digit is wrong")]
    CheckDigit,
}

impl FromStr for Pzn {
    type Err = InvalidPzn;
    fn from_str(text: &str) -> Result<Self, InvalidPzn> {
        let digits: Vec<u32> = text.chars().filter_map(|letter| letter.to_digit(10)).collect();
        let [leading @ .., check] = digits.as_slice() else { return Err(InvalidPzn::Form) };
        if text.len() != 8 || leading.len() != 7 {
            return Err(InvalidPzn::Form);
        }
        let sum: u32 = (1..).zip(leading).map(|(weight, digit)| weight * digit).sum();
        // A remainder of 10 has no digit: such numbers are never issued.
        if sum % 11 == *check { Ok(Self(text.to_owned())) } else { Err(InvalidPzn::CheckDigit) }
    }
}

impl Products {
    /// The product of that id.
    pub fn get(&self, id: &ProductId) -> Option<&Product> {
        self.0.get(id)
    }

    /// All products, ordered by id.
    pub fn iter(&self) -> impl Iterator<Item = &Product> {
        self.0.values()
    }

    /// The therapeutic area of all named products, where they have one in common.
    pub(crate) fn common_area(&self, named: &[ProductId]) -> Option<&str> {
        let mut areas = named.iter().filter_map(|id| self.get(id)).map(|product| product.area.as_str());
        let first = areas.next()?;
        areas.all(|area| area == first).then_some(first)
    }

    /// True where a product belongs to that therapeutic area.
    pub(crate) fn has_area(&self, area: &str) -> bool {
        self.iter().any(|product| product.area == area)
    }

    pub(crate) fn read(file: &mut Table<'_>) -> Self {
        let mut ids = BTreeSet::new();
        let mut owners: BTreeMap<Pzn, ProductId> = BTreeMap::new();
        let products = file.each_table("product", |entry| read_product(entry, &mut ids, &mut owners));
        if ids.is_empty() {
            file.report(file.span(), "there is no product", "at least one [[product]]");
        }
        Self(products.into_iter().map(|product| (product.id.clone(), product)).collect())
    }
}

fn read_product(
    entry: &mut Table<'_>,
    ids: &mut BTreeSet<ProductId>,
    owners: &mut BTreeMap<Pzn, ProductId>,
) -> Option<Product> {
    let id = entry.required::<Spanned<ProductId>>("id").map(|id| {
        if !ids.insert(id.get_ref().clone()) {
            entry.report(id.span(), format!("product `{}` stands here twice", id.get_ref()), "each id once");
        }
        id.into_inner()
    });
    let brand = entry.required("brand");
    let substance = entry.required("substance");
    let names = entry.optional_list::<String>("names");
    let atc = entry.required("atc");
    let area = entry.required("area");
    let cold_chain = entry.required("cold_chain");
    let packs = entry.each_table("packs", |pack| {
        let name = pack.required("name");
        let pzn = read_pzn(pack);
        let (pzn, span) = pzn?;
        let owner = id.as_ref()?;
        if let Some(other) = owners.insert(pzn.clone(), owner.clone()) {
            pack.report(span, format!("PZN {} belongs to `{other}` already", pzn.as_str()), "each PZN once");
        }
        Some(Pack { name: name?, pzn })
    });
    Some(Product {
        id: id?,
        brand: brand?,
        substance: substance?,
        names: names.into_iter().map(Spanned::into_inner).collect(),
        atc: atc?,
        area: area?,
        cold_chain: cold_chain?,
        packs,
    })
}

fn read_pzn(pack: &mut Table<'_>) -> Option<(Pzn, std::ops::Range<usize>)> {
    let text = pack.required::<Spanned<String>>("pzn")?;
    match text.get_ref().parse() {
        Ok(pzn) => Some((pzn, text.span())),
        Err(error) => {
            pack.report(
                text.span(),
                format!("PZN {}: {error}", text.get_ref()),
                "8 digits of which the last is the check digit",
            );
            None
        }
    }
}
