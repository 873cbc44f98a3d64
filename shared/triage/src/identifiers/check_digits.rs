//! Sums that many check digits are made of. Sources stand with each number.

/// The digits of a text of digits only; `None` where anything else is in it.
pub(super) fn digits(text: &str) -> Option<Vec<u32>> {
    let digits: Option<Vec<u32>> = text.chars().map(|letter| letter.to_digit(10)).collect();
    digits.filter(|digits| !digits.is_empty())
}

/// Each digit times its weight, the weights repeated as needed.
pub(super) fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights.iter().cycle()).map(|(digit, weight)| digit * weight).sum()
}

/// True where the last digit lifts the weighted sum of the others to a multiple of ten.
pub(super) fn fits_modulo_10(digits: &[u32], weights: &[u32]) -> bool {
    let Some((check, body)) = digits.split_last() else { return false };
    (10 - weighted(body, weights) % 10) % 10 == *check
}

/// Luhn's sum (ISO/IEC 7812-1, annex B), the check digit included.
pub(super) fn fits_luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| if place % 2 == 0 { *digit } else { digit * 2 / 10 + digit * 2 % 10 })
        .sum();
    !digits.is_empty() && sum.is_multiple_of(10)
}
