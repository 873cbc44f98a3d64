//! What is known of a case, for the fields of its status page: nobody is asked to type it again.

use lotse_domain::{Case, Check, Event, FormField, IdentifierKind, RecordedEvent};
use lotse_pages::InquiryField;
use lotse_policy::Policy;
use std::collections::BTreeMap;

/// What each field would hold if the contact had filled in everything that they told us. A number that was
/// mistyped stands as it was written, so that it can be put right.
pub(crate) fn known(
    case: &Case,
    history: &[RecordedEvent],
    policy: &Policy,
) -> BTreeMap<InquiryField, String> {
    let mut known = BTreeMap::new();
    let contact = &case.contact;
    let texts = [
        (InquiryField::Name, &contact.name),
        (InquiryField::Profession, &contact.profession),
        (InquiryField::Institution, &contact.institution),
    ];
    known.extend(texts.into_iter().filter_map(|(field, text)| Some((field, text.clone()?))));
    let brand = case.products.iter().find_map(|id| policy.product(id)).map(|product| product.brand.clone());
    known.extend(brand.map(|brand| (InquiryField::Product, brand)));
    for recorded in history {
        match &recorded.event {
            Event::Classified { decision, .. } => {
                let certain = decision.identifiers.iter().filter(|found| found.check != Check::Ambiguous);
                known.extend(certain.filter_map(|found| Some((field_of(found.kind)?, found.value.clone()))));
            }
            event => {
                let fields = event.received_message().into_iter().flat_map(|message| &message.fields);
                known.extend(fields.filter_map(|(field, value)| {
                    let name =
                        InquiryField::from_name(field.name()).filter(|_| *field != FormField::Topic)?;
                    Some((name, value.as_str().to_owned()))
                }));
            }
        }
    }
    known
}

fn field_of(kind: IdentifierKind) -> Option<InquiryField> {
    match kind {
        IdentifierKind::OrderNumber => Some(InquiryField::OrderNumber),
        IdentifierKind::DeliveryNote => Some(InquiryField::DeliveryNote),
        IdentifierKind::TrackingNumber => Some(InquiryField::TrackingNumber),
        IdentifierKind::CustomerNumber => Some(InquiryField::CustomerNumber),
        _ => None,
    }
}
