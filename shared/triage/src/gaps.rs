//! What each topic lacks before a desk can work on it.

use crate::known::detail_of;
use lotse_domain::{Check, Element, Gap, GapReason, IdentifierFinding, IdentifierKind, Topic};
use lotse_policy::{Detail, Elements};
use std::collections::BTreeSet;

/// The details that identifiers tell; those that are mistyped or ambiguous tell nothing.
pub(crate) fn details(identifiers: &[IdentifierFinding]) -> impl Iterator<Item = Detail> + '_ {
    let usable = identifiers.iter().filter(|found| matches!(found.check, Check::Valid | Check::Unchecked));
    usable.filter_map(|found| detail_of(found.kind))
}

/// What a topic lacks, and why it counts as missing.
pub(crate) fn find(
    topic: Topic,
    elements: &Elements,
    known: &BTreeSet<Detail>,
    identifiers: &[IdentifierFinding],
) -> Vec<Gap> {
    elements
        .required(topic)
        .iter()
        .filter(|requirement| !requirement.is_satisfied(|detail| known.contains(&detail)))
        .map(|requirement| Gap {
            topic,
            element: requirement.element,
            reason: reason(requirement.element, identifiers),
        })
        .collect()
}

/// A number that is there and cannot be right is asked for differently than one that is not there.
fn reason(element: Element, identifiers: &[IdentifierFinding]) -> GapReason {
    let is_concerned = |kind: IdentifierKind| match element {
        Element::OrderReference => kind != IdentifierKind::CustomerNumber && detail_of(kind).is_some(),
        Element::Product => {
            matches!(kind, IdentifierKind::Pzn | IdentifierKind::Ppn | IdentifierKind::Ntin)
        }
        Element::Question | Element::Requester | Element::Topic => false,
    };
    let has = |check: Check| identifiers.iter().any(|found| found.check == check && is_concerned(found.kind));
    if has(Check::Mistyped) {
        GapReason::Mistyped
    } else if has(Check::Ambiguous) {
        GapReason::Ambiguous
    } else {
        GapReason::Absent
    }
}
