//! What a number is when the words beside it name a kind, each kind by its own check.

use super::{
    carriers::{FORMS, Fit},
    company, pharmacy, physicians,
};
use lotse_domain::{Check, IdentifierKind};
use lotse_policy::Pattern;

/// Shipment numbers of carriers whose form is not known here.
const SHIPMENT_LENGTH: std::ops::RangeInclusive<usize> = 8..=30;

/// A number that was recognised, before it becomes a finding.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) kind: IdentifierKind,
    pub(super) value: String,
    pub(super) check: Check,
    pub(super) carrier: Option<String>,
}

/// A PZN; one of seven digits has lost its leading zero.
pub(super) fn pzn(text: &str) -> Option<Reading> {
    if !is_digits(text) || !(6..=9).contains(&text.len()) {
        return None;
    }
    let padded = format!("{text:0>8}");
    let is_padded_valid = (7..=8).contains(&text.len()) && pharmacy::is_pzn(&padded);
    let (value, check) =
        if is_padded_valid { (padded.as_str(), Check::Valid) } else { (text, Check::Mistyped) };
    Some(plain(IdentifierKind::Pzn, value, check))
}

pub(super) fn plain(kind: IdentifierKind, value: &str, check: Check) -> Reading {
    Reading { kind, value: value.to_owned(), check, carrier: None }
}

pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The check digit of a LANR is a soft sign: a number that fails it may still be one.
pub(super) fn lanr(text: &str) -> Option<Reading> {
    if !is_digits(text) || !(8..=10).contains(&text.len()) || physicians::is_pseudo_lanr(text) {
        return None;
    }
    let check = match (text.len(), physicians::fits_lanr(text)) {
        (9, true) => Check::Valid,
        (9, false) => Check::Unchecked,
        _ => Check::Mistyped,
    };
    Some(plain(IdentifierKind::Lanr, text, check))
}

/// A shipment number, where words say that it is one.
pub(super) fn shipment(text: &str, carrier: Option<&str>) -> Option<Reading> {
    let of_carrier = |name: &str| carrier.is_none_or(|carrier| name == carrier || name.starts_with(carrier));
    let fits: Vec<(&str, Fit)> = FORMS
        .iter()
        .filter(|form| of_carrier(form.carrier))
        .filter_map(|form| Some((form.carrier, form.fit(text)?)))
        .collect();
    let of = |wanted: Fit| {
        fits.iter().filter(|(_, fit)| *fit == wanted).map(|(name, _)| *name).collect::<Vec<_>>()
    };
    let (valid, unchecked) = (of(Fit::Valid), of(Fit::Unchecked));
    let (check, names) = match (valid.as_slice(), unchecked.as_slice()) {
        ([_, ..], _) => (Check::Valid, valid),
        ([], [_, ..]) => (Check::Unchecked, unchecked),
        ([], []) if !fits.is_empty() => (Check::Mistyped, Vec::new()),
        ([], []) => (unknown_shipment(text, carrier)?, Vec::new()),
    };
    let told = match names.as_slice() {
        [only] => Some((*only).to_owned()),
        _ => carrier.map(str::to_owned),
    };
    Some(Reading { kind: IdentifierKind::TrackingNumber, value: text.to_owned(), check, carrier: told })
}

/// A number that has none of the known forms: a digit off from one of them, or of an unknown carrier.
fn unknown_shipment(text: &str, carrier: Option<&str>) -> Option<Check> {
    let has_digits = text.bytes().filter(u8::is_ascii_digit).count() >= 6;
    if !has_digits || !SHIPMENT_LENGTH.contains(&text.len()) {
        return None;
    }
    let lengths: &[usize] = match carrier {
        Some("UPS") => &[18],
        Some("DHL" | "DHL Express") => &[20, 12, 10],
        Some("DPD") => &[15, 14],
        Some("FedEx") => &[12],
        Some("Hermes") => &[14],
        _ => &[20],
    };
    let is_near = lengths.iter().any(|length| text.len().abs_diff(*length) == 1);
    Some(if is_near { Check::Mistyped } else { Check::Unchecked })
}

/// A number after „Nr.“ that two kinds fit: it stays open which.
pub(super) fn ambiguous(text: &str, patterns: &[Pattern]) -> Option<Reading> {
    if !is_digits(text) {
        return None;
    }
    let own = patterns.iter().filter(|pattern| pattern.carrier.is_none()).filter_map(|pattern| {
        (company::compare(pattern, text, false)?.check == Check::Unchecked).then_some(pattern.kind)
    });
    let valid_shipment = FORMS.iter().any(|form| form.fit(text) == Some(Fit::Valid));
    let mut kinds: Vec<IdentifierKind> = own.collect();
    if valid_shipment {
        kinds.push(IdentifierKind::TrackingNumber);
    }
    if pharmacy::is_pzn(text) {
        kinds.push(IdentifierKind::Pzn);
    }
    if physicians::is_npi(text) {
        kinds.push(IdentifierKind::Npi);
    }
    kinds.sort_unstable();
    kinds.dedup();
    match kinds.as_slice() {
        [first, _, ..] => Some(plain(*first, text, Check::Ambiguous)),
        _ => None,
    }
}
