//! The fields of the form beside the text: what the contact filled in, already named.

use crate::{findings::Findings, identifiers::IdentifierReader, products::ProductNames};
use lotse_domain::{Field, FormField, IdentifierFinding, IdentifierKind, Inquiry, ProductFinding, Topic};
use lotse_policy::Detail;

/// Adds what the fields say to what the text said.
pub(crate) fn read(
    inquiry: &Inquiry,
    products: &ProductNames,
    identifiers: &IdentifierReader,
    findings: &mut Findings<'_>,
) {
    for (field, value) in &inquiry.fields {
        match field {
            FormField::Topic => {}
            FormField::OrderDate => tell(value, Detail::OrderDate, findings),
            FormField::Name => tell(value, Detail::PersonName, findings),
            FormField::Profession => tell(value, Detail::Profession, findings),
            FormField::Institution => tell(value, Detail::Institution, findings),
            FormField::Product => read_product(value, products, identifiers, findings),
            FormField::OrderNumber => add(value, IdentifierKind::OrderNumber, identifiers, findings),
            FormField::DeliveryNote => add(value, IdentifierKind::DeliveryNote, identifiers, findings),
            FormField::TrackingNumber => add(value, IdentifierKind::TrackingNumber, identifiers, findings),
            FormField::CustomerNumber => add(value, IdentifierKind::CustomerNumber, identifiers, findings),
            FormField::Batch => add(value, IdentifierKind::Batch, identifiers, findings),
        }
    }
}

fn tell(value: &str, detail: Detail, findings: &mut Findings<'_>) {
    if !value.trim().is_empty() {
        findings.details.insert(detail);
    }
}

/// The topic that the contact chose, with its length: what the form says counts as one more rule.
pub(crate) fn chosen_topic(inquiry: &Inquiry) -> Option<(Topic, usize)> {
    let value = inquiry.fields.get(&FormField::Topic)?;
    let topic = Topic::ALL.into_iter().find(|topic| topic.name() == value.trim())?;
    (topic != Topic::Unknown).then_some((topic, value.len()))
}

fn add(value: &str, kind: IdentifierKind, identifiers: &IdentifierReader, findings: &mut Findings<'_>) {
    let is_known = |found: &IdentifierFinding, all: &[IdentifierFinding]| {
        all.iter().any(|other| other.kind == found.kind && other.value == found.value)
    };
    if let Some(found) = identifiers.read_field(value, kind)
        && !is_known(&found, &findings.identifiers)
    {
        findings.identifiers.push(found);
    }
}

fn read_product(
    value: &str,
    products: &ProductNames,
    identifiers: &IdentifierReader,
    findings: &mut Findings<'_>,
) {
    let by_number = identifiers.read_field(value, IdentifierKind::Pzn);
    let by_pzn = by_number.as_ref().and_then(|found| products.of_pzn(&found.value)).cloned();
    let product = by_pzn.or_else(|| products.find_in(value));
    if let Some(found) = by_number {
        findings.identifiers.push(found);
    }
    if let Some(product) = product
        && !findings.products.iter().any(|named| named.product == product)
    {
        findings.products.push(ProductFinding { product, field: Field::Form, start: 0, end: value.len() });
    }
}
