//! The company's own numbers, by the patterns of the policy.

use lotse_domain::Check;
use lotse_policy::{Part, Pattern};

/// What comparing a text with a pattern showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Comparison {
    /// The value as it is stored: parts joined, lost zeros put back; as written where it is mistyped.
    pub(super) value: String,
    /// Whether it fits.
    pub(super) check: Check,
    /// True where the pattern's fixed letters were written.
    pub(super) has_letters: bool,
}

/// Compares a number, without blanks and in capitals, with a pattern. `is_named` where words say that it
/// is of this kind. `None` where it is something else.
pub(super) fn compare(pattern: &Pattern, text: &str, is_named: bool) -> Option<Comparison> {
    let has_letters = match pattern.parts.first() {
        Some(Part::Fixed(letters)) => text.starts_with(letters.as_str()),
        _ => false,
    };
    if let Some(parts) = read_parts(&pattern.parts, text) {
        let value = parts.join(&pattern.joined_by);
        return Some(Comparison { value, check: Check::Unchecked, has_letters });
    }
    let almost = has_letters || is_named || !pattern.parts.iter().any(|part| matches!(part, Part::Fixed(_)));
    let value = almost.then(|| almost_fits(pattern, text, has_letters)).flatten()?;
    Some(Comparison { value, check: Check::Mistyped, has_letters })
}

/// The parts of a number that fits; fixed letters are supplied where they were left out.
fn read_parts(parts: &[Part], text: &str) -> Option<Vec<String>> {
    let mut rest = text;
    let mut read = Vec::with_capacity(parts.len());
    for part in parts {
        let (value, after) = read_part(part, rest)?;
        read.push(value);
        rest = after;
    }
    rest.is_empty().then(|| read.into_iter().filter(|part| !part.is_empty()).collect())
}

fn read_part<'t>(part: &Part, text: &'t str) -> Option<(String, &'t str)> {
    let digits = |count: usize| split_where(text, count, |byte| byte.is_ascii_digit());
    let letters = |count: usize| split_where(text, count, |byte| byte.is_ascii_uppercase());
    let owned = |(value, rest): (&'t str, &'t str)| (value.to_owned(), rest);
    match part {
        Part::Fixed(fixed) => Some((fixed.clone(), text.strip_prefix(fixed.as_str()).unwrap_or(text))),
        Part::Letters(count) => letters(*count).map(owned),
        Part::OptionalLetters(count) => Some(letters(*count).map_or((String::new(), text), owned)),
        Part::Digits(count) => digits(*count).map(owned),
        Part::Year => digits(4).filter(|(year, _)| year.starts_with("20")).map(owned),
        Part::ShortDate => digits(6).filter(|(date, _)| is_short_date(date)).map(owned),
        Part::ZeroFilled(count) => {
            let written = text.bytes().take_while(u8::is_ascii_digit).count();
            let (number, rest) = text.split_at_checked(written)?;
            // Where a zero still leads, none was lost: then a digit is missing elsewhere.
            let fits = written == *count || (1..*count).contains(&written) && !number.starts_with('0');
            fits.then(|| (format!("{number:0>count$}"), rest))
        }
    }
}

fn split_where(text: &str, count: usize, fits: impl Fn(u8) -> bool) -> Option<(&str, &str)> {
    let (head, rest) = text.split_at_checked(count)?;
    head.bytes().all(fits).then_some((head, rest))
}

fn is_short_date(date: &str) -> bool {
    let number =
        |range| date.get(range).and_then(|digits: &str| digits.parse::<u32>().ok()).unwrap_or_default();
    (1..=12).contains(&number(2..4)) && (1..=31).contains(&number(4..6))
}

/// The value as it was written, where a digit too many or too few keeps it from fitting.
fn almost_fits(pattern: &Pattern, text: &str, has_letters: bool) -> Option<String> {
    let fixed = match pattern.parts.first() {
        Some(Part::Fixed(letters)) => letters.as_str(),
        _ => "",
    };
    let digits = text.strip_prefix(fixed).unwrap_or(text);
    let only_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let expected: usize = pattern.parts.iter().map(digits_of).sum();
    // Own letters before it leave no doubt what it should be; without them only one digit may be wrong.
    let tolerance = if has_letters { 3 } else { 1 };
    let has_letter_parts =
        pattern.parts.iter().any(|part| matches!(part, Part::Letters(_) | Part::OptionalLetters(_)));
    if !only_digits || has_letter_parts || digits.len().abs_diff(expected) > tolerance {
        return None;
    }
    // Keep the parts apart where the year still shows: NP-2026-0188341.
    let written = match (pattern.parts.get(1), digits.split_at_checked(4)) {
        (Some(Part::Year), Some((year, number))) if year.starts_with("20") && !number.is_empty() => {
            [fixed, year, number].join(&pattern.joined_by)
        }
        (Some(_), _) if !fixed.is_empty() => [fixed, digits].join(&pattern.joined_by),
        _ => text.to_owned(),
    };
    Some(written)
}

fn digits_of(part: &Part) -> usize {
    match part {
        Part::Digits(count) | Part::ZeroFilled(count) => *count,
        Part::Year => 4,
        Part::ShortDate => 6,
        Part::Fixed(_) | Part::Letters(_) | Part::OptionalLetters(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotse_policy::Policy;

    fn read(place: usize, text: &str) -> Option<(String, Check)> {
        let policy = Policy::shipped().unwrap();
        compare(&policy.identifiers.patterns[place], text, false).map(|found| (found.value, found.check))
    }

    fn order(text: &str) -> Option<(String, Check)> {
        read(0, text)
    }

    #[test]
    fn order_numbers_get_their_lost_zeros_back() {
        for written in ["NP2026004711", "NP20264711", "20264711", "2026004711"] {
            assert_eq!(order(written), Some(("NP-2026-004711".into(), Check::Unchecked)), "{written}");
        }
    }

    #[test]
    fn a_digit_too_many_or_too_few_is_a_typing_error() {
        assert_eq!(order("NP20260188341"), Some(("NP-2026-0188341".into(), Check::Mistyped)));
        assert_eq!(order("NP202601883"), Some(("NP-2026-01883".into(), Check::Mistyped)));
        assert_eq!(read(1, "LS2041883"), Some(("LS2041883".into(), Check::Mistyped)));
        assert_eq!(read(1, "LS20418833"), Some(("LS20418833".into(), Check::Unchecked)));
        assert_eq!(order("RE202655810"), None);
    }

    #[test]
    fn batches_carry_a_date() {
        assert_eq!(read(3, "K240815A"), Some(("K240815A".into(), Check::Unchecked)));
        assert_eq!(read(3, "E251218"), Some(("E251218".into(), Check::Unchecked)));
        assert_eq!(read(3, "E259918"), None);
    }
}
