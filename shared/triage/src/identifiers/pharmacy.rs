//! Numbers of German packs: PZN, PPN, NTIN (IFA, technical specifications on codes).

use super::check_digits::{digits, fits_modulo_10, weighted};

/// PZN: 8 digits; Σ digit × position (1…7) mod 11 is the 8th, and 10 is never issued.
pub(super) fn is_pzn(text: &str) -> bool {
    match digits(text).as_deref() {
        Some([body @ .., check]) if body.len() == 7 => weighted(body, &[1, 2, 3, 4, 5, 6, 7]) % 11 == *check,
        _ => false,
    }
}

/// PPN: `11`, the PZN, and two check digits: Σ ASCII × (2, 3, 4 …) mod 97.
pub(super) fn is_ppn(text: &str) -> bool {
    let (Some(body), Some(check)) = (text.get(..10), text.get(10..)) else { return false };
    let sum: u32 = (2..).zip(body.bytes()).map(|(weight, byte)| weight * u32::from(byte)).sum();
    text.len() == 12
        && body.starts_with("11")
        && body.get(2..).is_some_and(is_pzn)
        && check.parse() == Ok(sum % 97)
}

/// NTIN: `04150`, the PZN, and a GS1 check digit (×3, ×1 …).
pub(super) fn is_ntin(text: &str) -> bool {
    text.len() == 14
        && text.starts_with("04150")
        && text.get(5..13).is_some_and(is_pzn)
        && digits(text).is_some_and(|digits| fits_modulo_10(&digits, &[3, 1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_values_fit() {
        for pzn in ["27580899", "02495052", "04877800", "90011378"] {
            assert!(is_pzn(pzn), "{pzn}");
        }
        assert!(is_ppn("110375286414"));
        assert!(is_ntin("04150037528643"));
    }

    #[test]
    fn one_wrong_digit_is_noticed() {
        for wrong in ["27580898", "02495053", "2758089", "275808990", "2758089x"] {
            assert!(!is_pzn(wrong), "{wrong}");
        }
        // The remainder is 10: no digit makes it a PZN.
        assert!(!(0..10).any(|check| is_pzn(&format!("1234561{check}"))));
        assert!(!is_ppn("110375286415") && !is_ntin("04150037528644"));
    }
}
