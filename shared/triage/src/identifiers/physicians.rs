//! Numbers of physicians and their sites: LANR, BSNR, EFN (Germany), NPI (USA).

use super::check_digits::{digits, fits_luhn, weighted};

/// LANR (KBV, Arztnummern-Richtlinie §4): digits 1–6 × 4, 9, 4, 9, 4, 9; the 7th is (10 − Σ mod 10) mod 10;
/// the last two tell the specialty. Not every number in use follows it.
pub(super) fn fits_lanr(text: &str) -> bool {
    match digits(text).as_deref() {
        Some([body @ .., check, _, _]) if body.len() == 6 => {
            (10 - weighted(body, &[4, 9]) % 10) % 10 == *check
        }
        _ => false,
    }
}

/// Numbers that stand for „no physician known“ on prescriptions: they name nobody.
pub(super) fn is_pseudo_lanr(text: &str) -> bool {
    text.len() == 9
        && ["9999999", "5555555", "4444444", "3333333"].iter().any(|pseudo| text.starts_with(pseudo))
}

/// BSNR: 9 digits of which the first two tell the region; there is no public check digit.
pub(super) fn is_bsnr(text: &str) -> bool {
    text.len() == 9 && digits(text).is_some()
}

/// EFN (Bundesärztekammer): 15 digits, `80` `276`, chamber, serial, Luhn.
pub(super) fn is_efn(text: &str) -> bool {
    text.len() == 15 && text.starts_with("80276") && digits(text).is_some_and(|digits| fits_luhn(&digits))
}

/// NPI (45 CFR 162.406): Luhn over `80840` and the 10 digits; the first is 1 or 2.
pub(super) fn is_npi(text: &str) -> bool {
    text.len() == 10
        && text.starts_with(['1', '2'])
        && digits(&format!("80840{text}")).is_some_and(|digits| fits_luhn(&digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_values_fit() {
        assert!(fits_lanr("123456601") && fits_lanr("482913234"));
        assert!(is_efn("802760901234566"));
        for npi in ["1558598797", "1993999998", "1234567893", "1000000020"] {
            assert!(is_npi(npi), "{npi}");
        }
        assert!(is_bsnr("011704400"));
    }

    #[test]
    fn wrong_digits_are_noticed() {
        assert!(!fits_lanr("123456701") && !is_efn("802760901234567") && !is_npi("1234567894"));
        assert!(is_pseudo_lanr("999999901") && !is_pseudo_lanr("482913234"));
    }
}
