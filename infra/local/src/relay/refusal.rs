//! Telling an address that does not exist from a relay that does not want to talk to us.

/// What a permanent negative answer of the relay means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// This mail will never go to this address.
    Refused {
        /// The reply code, and the enhanced status code (RFC 3463) where there is one.
        diagnosis: String,
    },
    /// The relay refuses us, whatever the mail: a matter of settings, which somebody may mend meanwhile.
    NotUs {
        /// The codes, likewise.
        diagnosis: String,
    },
}

/// Reads a permanent answer (5yz). Its words are not kept: servers repeat the address in them.
pub(super) fn read(code: u16, words: &str) -> Meaning {
    let status = words.split_whitespace().find(|word| is_enhanced_status(word));
    let diagnosis = status.map_or_else(|| code.to_string(), |status| format!("{code} {status}"));
    // 530, 534, 535 and 538 are about our sign-in (RFC 4954 §6), 5.7.x about what we may do (RFC 3463 §3.8).
    let is_about_us =
        matches!(code, 530 | 534 | 535 | 538) || status.is_some_and(|status| status.starts_with("5.7."));
    if is_about_us { Meaning::NotUs { diagnosis } } else { Meaning::Refused { diagnosis } }
}

/// `class.subject.detail`, as RFC 3463 §2 has it.
fn is_enhanced_status(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    parts.len() == 3
        && parts.first() == Some(&"5")
        && parts
            .iter()
            .all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_address_is_refused_without_repeating_it() {
        let meaning = read(550, "5.1.1 <lohse@klinik.example>: Recipient address rejected: User unknown");
        assert_eq!(meaning, Meaning::Refused { diagnosis: "550 5.1.1".to_owned() });
        assert_eq!(read(552, "mailbox full"), Meaning::Refused { diagnosis: "552".to_owned() });
    }

    #[test]
    fn a_relay_that_refuses_us_says_nothing_about_the_address() {
        for (code, words) in
            [(535, "5.7.8 authentication failed"), (554, "5.7.1 Relay access denied"), (530, "")]
        {
            assert!(matches!(read(code, words), Meaning::NotUs { .. }), "{code} {words}");
        }
    }
}
