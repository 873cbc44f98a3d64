//! The reference that people say on the phone.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// 23 characters, none of which sounds or looks like another in German or English dictation:
/// without 0 O Q, 1 I L, 2 is kept and Z is not, 5 kept and S not, 8 kept and B not, 6 kept and G not,
/// M kept and N not, neither U nor V. 23 is prime, which is what makes the check character catch every
/// single wrong character and every swap of two.
const ALPHABET: &[u8; 23] = b"23456789ACDEFHJKMPRTWXY";
/// Seven free characters give 3.4 thousand million references; the eighth checks them.
const FREE: usize = 7;

/// A case's name for people: eight characters in two groups, `7KDW-4M9X`. Carries no meaning, and
/// knowing it opens nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaseReference([u8; FREE + 1]);

/// The text is not a case reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidReference {
    /// Wrong length, or a character that no reference has.
    #[error("not a case reference: expected eight characters such as 7KDW-4M9X")]
    Form,
    /// The check character does not fit: a character is wrong, or two are swapped.
    #[error("mistyped case reference: one character is wrong or two are swapped")]
    CheckCharacter,
}

impl CaseReference {
    /// The reference that a random number gives. Two numbers may give the same one: claim it.
    pub fn from_random(number: u64) -> Self {
        let mut rest = number;
        let mut characters = [0; FREE + 1];
        for character in characters.iter_mut().take(FREE) {
            *character = ALPHABET[(rest % 23) as usize];
            rest /= 23;
        }
        characters[FREE] = ALPHABET[check_value(characters).unwrap_or_default()];
        Self(characters)
    }

    /// The eight characters without the hyphen: the form to compare and to store.
    pub fn compact(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Σ position × value mod 23 over the free characters; `None` where one is not of the alphabet.
fn check_value(characters: [u8; FREE + 1]) -> Option<usize> {
    characters.iter().take(FREE).enumerate().try_fold(0, |sum, (index, character)| {
        let value = ALPHABET.iter().position(|known| known == character)?;
        Some((sum + (index + 1) * value) % 23)
    })
}

impl FromStr for CaseReference {
    type Err = InvalidReference;
    /// Reads what people type: any case, with blanks, hyphens or neither.
    fn from_str(text: &str) -> Result<Self, InvalidReference> {
        let mut characters = [0; FREE + 1];
        let mut count = 0;
        for letter in text.chars().filter(|letter| !letter.is_whitespace() && *letter != '-') {
            let place = characters.get_mut(count).ok_or(InvalidReference::Form)?;
            *place = u8::try_from(letter.to_ascii_uppercase()).map_err(|_| InvalidReference::Form)?;
            count += 1;
        }
        if count != characters.len() || !ALPHABET.contains(&characters[FREE]) {
            return Err(InvalidReference::Form);
        }
        let expected = check_value(characters).ok_or(InvalidReference::Form)?;
        if ALPHABET[expected] == characters[FREE] {
            Ok(Self(characters))
        } else {
            Err(InvalidReference::CheckCharacter)
        }
    }
}

impl TryFrom<String> for CaseReference {
    type Error = InvalidReference;
    fn try_from(text: String) -> Result<Self, InvalidReference> {
        text.parse()
    }
}

impl From<CaseReference> for String {
    fn from(reference: CaseReference) -> String {
        reference.to_string()
    }
}

impl fmt::Display for CaseReference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.compact().split_at(4);
        write!(out, "{first}-{second}")
    }
}

impl fmt::Debug for CaseReference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "case {self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_reference_survives_being_typed_in_any_way(number: u64) {
            let reference = CaseReference::from_random(number);
            prop_assert_eq!(reference.to_string().to_lowercase().parse(), Ok(reference));
            prop_assert_eq!(format!(" {} ", reference.compact()).parse(), Ok(reference));
        }

        #[test]
        fn every_single_wrong_character_and_every_swap_is_noticed(number: u64, at in 0_usize..8, other in 0_usize..8, to in 0_usize..23) {
            let good = CaseReference::from_random(number).0;
            let mut wrong = good;
            wrong[at] = ALPHABET[to];
            let mut swapped = good;
            swapped.swap(at, other);
            for changed in [wrong, swapped] {
                if changed != good {
                    let text = str::from_utf8(&changed).unwrap();
                    prop_assert_eq!(text.parse::<CaseReference>(), Err(InvalidReference::CheckCharacter));
                }
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,40}") {
            let _ = text.parse::<CaseReference>();
        }
    }
}
