//! Identities. Each is its own type, so that one is never passed where another is meant.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Crockford's base 32 in lower case: survives case-folding mail systems, has no look-alikes.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 26 digits of 5 bits hold 128 bits.
const DIGITS: usize = 26;

/// A text that should have been an id of the named kind, and is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a {kind}: expected {expected}")]
pub struct InvalidId {
    /// What was expected, in the field's words.
    pub kind: &'static str,
    /// The form that it must have.
    pub expected: &'static str,
}

fn write_base32(mut value: u128, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut digits = [b'0'; DIGITS];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(value & 31) as usize];
        value >>= 5;
    }
    out.write_str(str::from_utf8(&digits).map_err(|_| fmt::Error)?)
}

fn read_base32(text: &str) -> Option<u128> {
    if text.len() != DIGITS {
        return None;
    }
    text.bytes().try_fold(0_u128, |value, byte| {
        let digit = ALPHABET.iter().position(|&letter| letter == byte.to_ascii_lowercase())?;
        // 26 digits hold 130 bits: a first digit above 7 would not fit.
        value.checked_mul(32)?.checked_add(digit as u128)
    })
}

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(u128);

        impl $name {
            /// Makes the id from a number that an id source or a keyed hash gave.
            pub fn from_number(number: u128) -> Self {
                Self(number)
            }
            /// The number behind the id.
            pub fn number(self) -> u128 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_base32(self.0, out)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, concat!($kind, " {}"), self)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                read_base32(text)
                    .map(Self)
                    .ok_or(InvalidId { kind: $kind, expected: "26 letters and digits" })
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'_, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

number_id! {
    /// One case: one concern of one contact, over all channels. Never shown to the contact as such;
    /// people use the [`CaseReference`](crate::CaseReference).
    CaseId, "case id"
}
number_id! {
    /// One contact. A keyed hash of the address, so that the id alone names nobody.
    ContactId, "contact id"
}

macro_rules! name_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                let fits = (1..=64).contains(&text.len())
                    && text.bytes().all(|byte| {
                        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.')
                    });
                if fits {
                    Ok(Self(text))
                } else {
                    Err(InvalidId {
                        kind: $kind,
                        expected: "1 to 64 characters of a–z, 0–9, hyphen, underscore or dot",
                    })
                }
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                text.to_owned().try_into()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }
    };
}

name_id! {
    /// A desk of the policy: the people who work on one kind of request.
    DeskId, "desk"
}
name_id! {
    /// A product of the policy.
    ProductId, "product"
}
name_id! {
    /// The sign-in name of a person who works at a desk.
    UserId, "user name"
}

macro_rules! counted_id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(out)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

counted_id! {
    /// A request's number within its case, counted from 1.
    RequestId(u16)
}
counted_id! {
    /// A message's number within its case, counted from 1, inbound and outbound together.
    MessageNumber(u32)
}
counted_id! {
    /// A safety flag's number within its case, counted from 1.
    FlagNumber(u16)
}

/// One event of one case: the case and the event's place in the case's history, counted from 1.
/// What every consumer is idempotent by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EventId {
    /// The case.
    pub case: CaseId,
    /// The place in its history, counted from 1.
    pub sequence: u32,
}

impl fmt::Display for EventId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.case, self.sequence)
    }
}

impl FromStr for EventId {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let invalid = InvalidId { kind: "event id", expected: "a case id, a dot and a number from 1" };
        let (case, sequence) = text.split_once('.').ok_or(invalid.clone())?;
        match (case.parse(), sequence.parse()) {
            (Ok(case), Ok(sequence)) if sequence > 0 => Ok(Self { case, sequence }),
            _ => Err(invalid),
        }
    }
}
