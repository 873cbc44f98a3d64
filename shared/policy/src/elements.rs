//! `elements.toml`: what a desk needs to know before it can work.

use crate::table::Table;
use lotse_domain::{Element, Topic};
use serde::{Deserialize, Serialize};
use serde_spanned::Spanned;
use std::collections::BTreeMap;

/// One thing that an inquiry can tell; sets of them satisfy a required [`Element`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// What it is about.
    Topic,
    /// Something that is asked.
    Question,
    /// A product, by brand, substance or number.
    Product,
    /// The name of whoever asks.
    PersonName,
    /// Their profession.
    Profession,
    /// Their practice, pharmacy, hospital or company.
    Institution,
    /// An order number.
    OrderNumber,
    /// A delivery-note number.
    DeliveryNote,
    /// A tracking number.
    TrackingNumber,
    /// The customer account.
    CustomerNumber,
    /// The day of the order.
    OrderDate,
}

/// An element that a topic needs, and what counts as having it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// The element.
    pub element: Element,
    /// Each set stands for the element by itself, once all of its details are known.
    pub satisfied_by: Vec<Vec<Detail>>,
}

impl Requirement {
    /// True where the details that are known are enough.
    pub fn is_satisfied(&self, is_known: impl Fn(Detail) -> bool) -> bool {
        self.satisfied_by.iter().any(|set| set.iter().all(|&detail| is_known(detail)))
    }
}

/// What each topic needs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Elements {
    required: BTreeMap<Topic, Vec<Requirement>>,
    helpful: BTreeMap<Topic, Vec<String>>,
}

impl Elements {
    /// What a topic cannot do without, in the order in which it is asked for.
    pub fn required(&self, topic: Topic) -> &[Requirement] {
        self.required.get(&topic).map_or(&[], Vec::as_slice)
    }

    /// The names of what helps with a topic and is asked only together with something required; the
    /// texts hold the words ([`TextSet::helpful`](crate::TextSet::helpful)).
    pub fn helpful(&self, topic: Topic) -> &[String] {
        self.helpful.get(&topic).map_or(&[], Vec::as_slice)
    }

    /// True where a topic cannot do without an element.
    pub(crate) fn requires(&self, topic: Topic, element: Element) -> bool {
        self.required(topic).iter().any(|one| one.element == element)
    }

    pub(crate) fn read(file: &mut Table<'_>) -> Self {
        let mut required: BTreeMap<Topic, Vec<Requirement>> = BTreeMap::new();
        file.each_table("required", |entry| {
            let topic = entry.required::<Topic>("topic");
            let element = entry.required::<Spanned<Element>>("element");
            let satisfied_by = read_sets(entry);
            let (list, element) = (required.entry(topic?).or_default(), element?);
            if list.iter().any(|other| other.element == *element.get_ref()) {
                let what = format!("{} is required for this topic already", element.get_ref().name());
                entry.report(element.span(), what, "each topic and element once");
            }
            list.push(Requirement { element: element.into_inner(), satisfied_by: satisfied_by? });
            Some(())
        });
        let mut helpful: BTreeMap<Topic, Vec<String>> = BTreeMap::new();
        file.each_table("helpful", |entry| {
            let topic = entry.required::<Topic>("topic");
            let ask = entry.required_list::<String>("ask");
            helpful.entry(topic?).or_default().extend(ask?.into_iter().map(Spanned::into_inner));
            Some(())
        });
        Self { required, helpful }
    }
}

/// An empty set would be satisfied by everything, no set at all by nothing: both are refused.
fn read_sets(entry: &mut Table<'_>) -> Option<Vec<Vec<Detail>>> {
    let sets = entry.required_list::<Vec<Detail>>("satisfied_by")?;
    let has_empty = sets.iter().any(|set| set.get_ref().is_empty());
    if sets.is_empty() || has_empty {
        let what = "satisfied_by: nothing is named that would do";
        entry.report(entry.span(), what, "sets such as [[\"order_number\"], [\"institution\", \"product\"]]");
        return None;
    }
    Some(sets.into_iter().map(Spanned::into_inner).collect())
}
