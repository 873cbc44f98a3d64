//! Which case a message may belong to: candidates only. Whether a token is ours, only its key tells
//! (`lotse_runtime::Keys`); whether its sender may see the case, only the case.

use crate::{
    reading::{IncomingMail, Mailbox},
    separate::Purpose,
};
use lotse_domain::CaseReference;
use serde::Serialize;
use std::fmt;

/// What in a message may lead to a case. Order of trust: reply tokens, then Message-IDs, then references
/// together with a known sender.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub struct ThreadHints {
    /// What stands behind the `+` of recipients' addresses, as written.
    pub reply_tokens: Vec<String>,
    /// Message-IDs that the message answers, nearest first, without angle brackets.
    pub message_ids: Vec<String>,
    /// Case references in the subject whose check character fits.
    pub references: Vec<CaseReference>,
}

impl fmt::Debug for ThreadHints {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A token opens a case: it is as secret as what it opens.
        let counts = (self.reply_tokens.len(), self.message_ids.len(), self.references.len());
        write!(out, "[{} reply tokens, {} Message-IDs, {} references]", counts.0, counts.1, counts.2)
    }
}

/// How many candidates of one kind are kept: each is checked against the keys and the store.
const KEPT: usize = 50;

/// The candidates in a message. `envelope_recipients` are those of the SMTP dialogue, where known: they
/// hold the token even if a list or a blind copy hides it from the headers.
pub fn thread_hints(mail: &IncomingMail, envelope_recipients: &[&str]) -> ThreadHints {
    let shown = mail.to.iter().chain(&mail.cc).map(|mailbox| mailbox.address.as_str());
    let addresses =
        envelope_recipients.iter().copied().chain(mail.delivered_to.iter().map(String::as_str)).chain(shown);
    let mut hints = ThreadHints::default();
    for token in addresses.filter_map(plus_tag) {
        push_new(&mut hints.reply_tokens, token.to_owned());
    }
    for id in mail.in_reply_to.iter().chain(mail.references.iter().rev()) {
        push_new(&mut hints.message_ids, id.clone());
    }
    if let Some(subject) = &mail.subject {
        hints.references = case_references(subject);
    }
    hints
}

fn push_new(kept: &mut Vec<String>, candidate: String) {
    if kept.len() < KEPT && !kept.contains(&candidate) {
        kept.push(candidate);
    }
}

/// The tag of `service+tag@host` (RFC 5233), if any.
pub fn plus_tag(address: &str) -> Option<&str> {
    let (local, _) = address.trim_matches(['<', '>', ' ']).rsplit_once('@')?;
    let (_, tag) = local.split_once('+')?;
    (!tag.is_empty()).then_some(tag)
}

/// Case references in a subject: eight characters in two groups, the check character included. A hyphen
/// must stand between the groups, so that no word of eight letters is taken for one.
pub fn case_references(subject: &str) -> Vec<CaseReference> {
    /// RFC 5322 section 2.1.1, with room for encoded words: subjects are short.
    const READ_BYTES: usize = 2000;
    let subject = subject.get(..subject.floor_char_boundary(READ_BYTES)).unwrap_or(subject);
    let words = subject.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let mut found: Vec<CaseReference> = Vec::new();
    for word in
        words.map(|word| word.trim_matches('-')).filter(|word| word.len() == 9 && word.find('-') == Some(4))
    {
        if let Ok(reference) = word.parse()
            && !found.contains(&reference)
            && found.len() < KEPT
        {
            found.push(reference);
        }
    }
    found
}

/// What mail programs put before the subject of an answer, without the colon, in lower case.
const REPLY_PREFIXES: &[&str] = &[
    "re", "aw", "antw", "antwort", "sv", "vs", "r", "res", "rif", "ref", "odp", "ynt", "bls", "ats", "回复",
    "vá", "απ", "yt", "atb",
];
/// And of a forwarded message.
const FORWARD_PREFIXES: &[&str] = &[
    "wg",
    "fw",
    "fwd",
    "tr",
    "rv",
    "i",
    "enc",
    "vl",
    "vb",
    "doorst",
    "pd",
    "fs",
    "vs",
    "ilt",
    "továbbítás",
    "转发",
    "fyi",
    "weitergeleitet",
    "weiterleitung",
];

/// The subject without prefixes such as `AW: WG: [EXTERN] Re[2]:`, in any chain.
pub fn strip_prefixes(subject: &str) -> &str {
    let mut rest = subject.trim();
    while let Some((_, behind)) = split_prefix(rest) {
        rest = behind.trim_start();
    }
    rest
}

/// What the prefixes of a subject say: one of a forwarded message anywhere in the chain outweighs those of
/// answers, since „WG: AW:“ and „AW: WG:“ both carry a message from elsewhere.
pub fn purpose(subject: &str) -> Purpose {
    let mut rest = subject.trim();
    let mut purpose = Purpose::Unknown;
    while let Some((prefix, behind)) = split_prefix(rest) {
        match prefix {
            Prefix::Forward => return Purpose::Forward,
            Prefix::Reply => purpose = Purpose::Answer,
            Prefix::Tag => {}
        }
        rest = behind.trim_start();
    }
    purpose
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Prefix {
    Reply,
    Forward,
    /// A mark that a server or a list adds: `[EXTERN]`.
    Tag,
}

fn split_prefix(subject: &str) -> Option<(Prefix, &str)> {
    if let Some((tag, behind)) = subject.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        let known =
            ["extern", "external", "ext", "spam", "spam?", "encrypted", "verschlüsselt", "sicher", "secure"];
        let tag = tag.trim().to_lowercase();
        return known.contains(&tag.as_str()).then_some((Prefix::Tag, behind));
    }
    let colon = subject.char_indices().take(16).find(|(_, c)| matches!(c, ':' | '：'))?;
    let (label, behind) = (subject.get(..colon.0)?, subject.get(colon.0 + colon.1.len_utf8()..)?);
    // Re[2]: and Re(3): count the answers; Re^2: and AW 2: do so too.
    let name = label.trim_end_matches(|c: char| {
        c.is_ascii_digit() || matches!(c, '[' | ']' | '(' | ')' | '^' | ' ' | '*')
    });
    let name = name.trim().to_lowercase();
    if REPLY_PREFIXES.contains(&name.as_str()) {
        Some((Prefix::Reply, behind))
    } else if FORWARD_PREFIXES.contains(&name.as_str()) {
        Some((Prefix::Forward, behind))
    } else {
        None
    }
}

/// Why nothing automatic may go back to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// One of our own messages came back to us.
    OwnMessage,
    /// A signal of [`IncomingMail::signals`].
    Signal,
    /// No address that can be written to.
    NoAddress,
    /// It would go to ourselves.
    OwnAddress,
}

/// Whether anything automatic may go back, by the message alone: the caps per contact and hour are the
/// case's. `own_mark` is what we set as `X-Loop`; `own_addresses` are those that we receive mail at.
pub fn silence(mail: &IncomingMail, own_mark: &str, own_addresses: &[&str]) -> Option<Silence> {
    if mail.loop_marks.iter().any(|mark| mark.eq_ignore_ascii_case(own_mark)) {
        return Some(Silence::OwnMessage);
    }
    if mail.suppress_reply {
        return Some(Silence::Signal);
    }
    let Some(address) = mail.answer_to().and_then(Mailbox::email) else {
        return Some(Silence::NoAddress);
    };
    // service+token@… is ours as service@… is.
    let base = |address: &str| {
        let address = address.to_lowercase();
        let tag = plus_tag(&address).map(|tag| format!("+{tag}")).unwrap_or_default();
        address.replacen(&tag, "", usize::from(!tag.is_empty()))
    };
    own_addresses.iter().any(|own| base(own) == base(address.as_str())).then_some(Silence::OwnAddress)
}
