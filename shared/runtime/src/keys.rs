//! Keyed tokens: what makes a link, a reply address or a Message-ID ours.
//!
//! Each is an id and a keyed hash (HMAC-SHA-256, RFC 2104) over the id and its purpose, so that nobody
//! without the key can make one, and one made for one purpose is none for another. Nothing is stored.

use data_encoding::{BASE64URL_NOPAD, Encoding, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use lotse_domain::{CaseId, Claim, ContactId, EmailAddress, EventId, FlagNumber, InvalidId};
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};
use subtle::ConstantTimeEq;

/// 80 bits: guessing one by mail or HTTP takes longer than there are mails and requests.
const SHORT: usize = 10;
/// 128 bits, for links that open a conversation.
const LONG: usize = 16;

/// The secrets of one installation, all derived from one key of 32 bytes. Whoever changes the key makes
/// every link and reply address that was ever sent out invalid.
#[derive(Clone)]
pub struct Keys {
    secret: [u8; 32],
}

impl fmt::Debug for Keys {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("[keys]")
    }
}

impl Keys {
    /// Keys from an installation's secret.
    pub fn new(secret: [u8; 32]) -> Self {
        Self { secret }
    }

    fn mac(&self, purpose: &str, text: &str) -> [u8; 32] {
        // RFC 2104 §2: a key shorter than the hash's block of 64 bytes is filled up with zeros.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.secret);
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
        // The length of the purpose in front keeps ("a", "bc") and ("ab", "c") apart.
        mac.update(&u64::try_from(purpose.len()).unwrap_or_default().to_be_bytes());
        mac.update(purpose.as_bytes());
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().into()
    }

    fn number(&self, purpose: &str, text: &str) -> u128 {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.mac(purpose, text)[..16]);
        u128::from_be_bytes(bytes)
    }

    fn proves(&self, purpose: &str, text: &str, encoding: &Encoding, proof: &str, length: usize) -> bool {
        match encoding.decode(proof.as_bytes()) {
            Ok(given) => bool::from(given.ct_eq(&self.mac(purpose, text)[..length])),
            Err(_) => false,
        }
    }

    /// The contact of an address: the same for every spelling of it, and naming nobody.
    pub fn contact_id(&self, address: &EmailAddress) -> ContactId {
        ContactId::from_number(self.number("contact", &address.normalised()))
    }

    /// The contact of a message that names no address: one for each message.
    pub fn nameless_contact_id(&self, message: &str) -> ContactId {
        ContactId::from_number(self.number("nameless contact", message))
    }

    /// The case that a message opens: the same message, delivered twice, opens the same case. `channel`
    /// keeps a form's token and a mail's hash apart.
    pub fn case_id(&self, channel: &str, message: &str) -> CaseId {
        CaseId::from_number(self.number(&format!("case {channel}"), message))
    }

    /// A claim on what may not be stored as it is: `kind` stays readable, `text` is hashed.
    pub fn claim(&self, kind: &str, text: &str, expires_at: Option<Timestamp>) -> Claim {
        Claim { key: self.claim_key(kind, text), expires_at }
    }

    /// The key of such a claim.
    pub fn claim_key(&self, kind: &str, text: &str) -> String {
        format!("{kind}:{}", HEXLOWER.encode(&self.mac(&format!("claim {kind}"), text)[..LONG]))
    }

    /// The token of a case's status page: whoever has it may read the conversation and write into it.
    pub fn status_token(&self, case: CaseId) -> String {
        let id = case.to_string();
        format!("{id}{}", BASE64URL_NOPAD.encode(&self.mac("status", &id)[..LONG]))
    }

    /// The case of a status token; `None` where it is not ours.
    pub fn read_status_token(&self, token: &str) -> Option<CaseId> {
        let (id, proof) = token.split_at_checked(26)?;
        self.proves("status", id, &BASE64URL_NOPAD, proof, LONG).then(|| id.parse().ok()).flatten()
    }

    /// The part of a reply address after the `+`. Lower-case letters and digits only, since mail systems
    /// change case; 42 of the 64 characters that a local part may have (RFC 5321 §4.5.3.1.1).
    pub fn reply_token(&self, case: CaseId) -> String {
        let id = case.to_string();
        format!("{id}{}", reply_encoding().encode(&self.mac("reply", &id)[..SHORT]))
    }

    /// The case of a reply token, in whatever case it comes back; `None` where it is not ours.
    pub fn read_reply_token(&self, token: &str) -> Option<CaseId> {
        let token = token.to_ascii_lowercase();
        let (id, proof) = token.split_at_checked(26)?;
        self.proves("reply", id, reply_encoding(), proof, SHORT).then(|| id.parse().ok()).flatten()
    }

    /// The Message-ID, without angle brackets, of the mail that an event causes.
    pub fn message_id(&self, purpose: MailPurpose, event: EventId, domain: &str) -> String {
        let id = format!("{event}.{purpose}");
        format!("{id}.{}@{domain}", HEXLOWER.encode(&self.mac("message", &id)[..SHORT]))
    }

    /// What a Message-ID that we sent says of its mail; `None` where it is not ours.
    pub fn read_message_id(&self, message_id: &str) -> Option<SentMail> {
        let (local, _) = message_id.trim_matches(['<', '>']).split_once('@')?;
        let local = local.to_ascii_lowercase();
        let (id, proof) = local.rsplit_once('.')?;
        let (event, purpose) = id.rsplit_once('.')?;
        let sent = SentMail { event: event.parse().ok()?, purpose: purpose.parse().ok()? };
        self.proves("message", id, &HEXLOWER, proof, SHORT).then_some(sent)
    }

    /// What a form of a signed-in browser must send back, so that no other page can post in its name.
    pub fn form_token(&self, session: &[u8; 32]) -> String {
        BASE64URL_NOPAD.encode(&self.mac("form", &HEXLOWER.encode(session))[..LONG])
    }

    /// True where a form came from a page that this session was shown.
    pub fn form_token_fits(&self, session: &[u8; 32], token: &str) -> bool {
        self.proves("form", &HEXLOWER.encode(session), &BASE64URL_NOPAD, token, LONG)
    }
}

/// Whom a mail of ours is for. Part of its Message-ID: one event may cause both, and when one of them comes
/// back, it must be clear whose address failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailPurpose {
    /// The contact.
    Contact,
    /// The department that takes over a safety flag, and others raised with it.
    HandOver(FlagNumber),
}

impl fmt::Display for MailPurpose {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contact => out.write_str("contact"),
            Self::HandOver(first) => write!(out, "safety-{first}"),
        }
    }
}

impl FromStr for MailPurpose {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let invalid = InvalidId { kind: "purpose of a mail", expected: "contact, or safety- and a number" };
        match text.strip_prefix("safety-") {
            Some(first) => first.parse().map(Self::HandOver).map_err(|_| invalid),
            None if text == "contact" => Ok(Self::Contact),
            None => Err(invalid),
        }
    }
}

/// A mail of ours, as its Message-ID names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentMail {
    /// The event that caused it.
    pub event: EventId,
    /// Whom it was for.
    pub purpose: MailPurpose,
}

/// What the store keeps of a session's token: its hash, so that a stolen database signs nobody in.
pub fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// 10 bytes are 16 characters of RFC 4648 base 32, in lower case.
fn reply_encoding() -> &'static Encoding {
    static ENCODING: std::sync::LazyLock<Encoding> = std::sync::LazyLock::new(|| {
        let mut specification = data_encoding::Specification::new();
        specification.symbols.push_str("abcdefghijklmnopqrstuvwxyz234567");
        specification.encoding().unwrap_or(data_encoding::BASE32HEX_NOPAD)
    });
    &ENCODING
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn keys() -> Keys {
        Keys::new([7; 32])
    }

    proptest! {
        #[test]
        fn what_we_made_we_recognise(number: u128, sequence in 1_u32..) {
            let case = CaseId::from_number(number);
            let event = EventId { case, sequence };
            let keys = keys();
            prop_assert_eq!(keys.read_status_token(&keys.status_token(case)), Some(case));
            let reply = keys.reply_token(case);
            prop_assert!(reply.len() <= 42 && reply.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
            prop_assert_eq!(keys.read_reply_token(&reply.to_uppercase()), Some(case));
            for purpose in [MailPurpose::Contact, MailPurpose::HandOver(FlagNumber(3))] {
                let message_id = keys.message_id(purpose, event, "mail.example");
                let sent = Some(SentMail { event, purpose });
                prop_assert_eq!(keys.read_message_id(&format!("<{message_id}>")), sent);
                prop_assert_eq!(keys.read_message_id(&message_id.to_uppercase()), sent);
                prop_assert_eq!(keys.read_message_id(&message_id.replace(".contact", ".safety-1")), sent.filter(|_| purpose != MailPurpose::Contact));
            }
        }

        #[test]
        fn nobody_else_can_make_one(number: u128, position in 0_usize..48, letter in "[a-z0-9]") {
            let case = CaseId::from_number(number);
            let mut forged = keys().status_token(case);
            if position < forged.len() && forged.get(position..=position) != Some(letter.as_str()) {
                forged.replace_range(position..=position, &letter);
                prop_assert_eq!(keys().read_status_token(&forged), None);
            }
            prop_assert_eq!(Keys::new([8; 32]).read_status_token(&keys().status_token(case)), None);
            prop_assert_eq!(keys().read_status_token(&keys().reply_token(case)), None);
        }

        #[test]
        fn any_text_is_refused_without_a_panic(text in ".{0,80}") {
            prop_assert_eq!(keys().read_status_token(&text), None);
            prop_assert_eq!(keys().read_reply_token(&text), None);
            prop_assert_eq!(keys().read_message_id(&text), None);
            prop_assert!(!keys().form_token_fits(&[1; 32], &text));
        }
    }

    #[test]
    fn one_address_is_one_contact_however_it_is_spelt() {
        let first = "Anna.Berg@Klinik.example".parse().unwrap();
        let second = "anna.berg@klinik.example".parse().unwrap();
        assert_eq!(keys().contact_id(&first), keys().contact_id(&second));
    }

    #[test]
    fn a_form_token_belongs_to_one_session() {
        let token = keys().form_token(&[1; 32]);
        assert!(keys().form_token_fits(&[1; 32], &token));
        assert!(!keys().form_token_fits(&[2; 32], &token));
    }
}
