//! What is refused before it is parsed: messages that would cost unbounded memory, time or stack.
//!
//! The parser keeps one entry per header and per part, searches the rest of the message for every boundary
//! that is declared and not found, and drops attached messages inside attached messages recursively. All
//! of this is counted here first, always too high rather than too low.

use std::borrow::Cow;

/// Largest message, in bytes: what mail servers commonly take (25 MiB), with base64 and headers.
pub const MAX_MESSAGE_BYTES: usize = 36 * 1024 * 1024;
/// Most header lines, those of all parts together.
pub const MAX_HEADERS: usize = 20_000;
/// Most parts.
pub const MAX_PARTS: usize = 10_000;
/// Most multiparts and attached messages, and thereby the deepest nesting.
pub const MAX_MULTIPARTS: usize = 100;
/// Most recipients in `To`, `Cc` and `Bcc` together.
pub const MAX_RECIPIENTS: usize = 1_000;
/// Boundaries × message size, in bytes: what is searched at worst.
const MAX_SEARCHED_BYTES: usize = 2_000_000_000;

/// Why a message was not read. A person looks at the raw message then; none of the texts repeats any of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// There is nothing in it.
    #[error("the message is empty; expected header lines and a text")]
    Empty,
    /// Not a message: none of the header fields that mail has.
    #[error("this is no mail: it has no header field such as \"From: …\" or \"Subject: …\" before the text")]
    NoHeaders,
    /// More bytes than are read.
    #[error("the message has {found} bytes, more than the {limit} that are read")]
    TooLarge {
        /// How many it has.
        found: usize,
        /// How many are read.
        limit: usize,
    },
    /// More header lines than are read.
    #[error("the message has more than {limit} header lines")]
    TooManyHeaders {
        /// How many are read.
        limit: usize,
    },
    /// More parts than are read.
    #[error("the message has more than {limit} parts")]
    TooManyParts {
        /// How many are read.
        limit: usize,
    },
    /// More multiparts or attached messages, which may be nested, than are read.
    #[error(
        "the message nests its parts too deeply: {found} multiparts or attached messages, more than {limit}"
    )]
    TooDeep {
        /// How many it declares.
        found: usize,
        /// How many are read.
        limit: usize,
    },
    /// More recipients than an inquiry has.
    #[error("the message has {found} recipients, more than {limit}; this is no inquiry to one company")]
    TooManyRecipients {
        /// How many it has.
        found: usize,
        /// How many are read.
        limit: usize,
    },
    /// The parser failed on it.
    #[error("the message could not be parsed: a defect of the mail parser, please report it")]
    Defect,
}

/// What was counted before parsing.
pub(super) struct Counted {
    /// Media types that attach a message.
    pub(super) attached_messages: usize,
}

pub(super) fn check(raw: &[u8]) -> Result<Counted, Unreadable> {
    if raw.iter().all(u8::is_ascii_whitespace) {
        return Err(Unreadable::Empty);
    }
    if raw.len() > MAX_MESSAGE_BYTES {
        return Err(Unreadable::TooLarge { found: raw.len(), limit: MAX_MESSAGE_BYTES });
    }
    let boundaries = count_word(raw, b"boundary");
    let attached = attached_message_types(raw).count();
    let containers = count_word(raw, b"multipart/").max(boundaries.min(MAX_MULTIPARTS)) + attached;
    if containers > MAX_MULTIPARTS || boundaries.saturating_mul(raw.len()) > MAX_SEARCHED_BYTES {
        return Err(Unreadable::TooDeep { found: containers.max(boundaries), limit: MAX_MULTIPARTS });
    }
    check_lines(raw, boundaries > 0 || attached > 0)?;
    Ok(Counted { attached_messages: attached })
}

/// Counts header lines and delimiters. A line with `--` in it may start a part, an empty line may end the
/// headers of a message that is attached: then what follows is counted as headers as well.
fn check_lines(raw: &[u8], has_parts: bool) -> Result<(), Unreadable> {
    let mut in_headers = true;
    let mut headers = 0;
    let mut delimiters = 0;
    let mut attaches_message = false;
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', raw).chain([raw.len()]) {
        let line = raw.get(start..end).unwrap_or_default().trim_ascii_end();
        start = end + 1;
        if in_headers {
            headers += 1;
            attaches_message |= line.len() < 2000 && attached_message_types(line).next().is_some();
            if line.is_empty() {
                if !has_parts {
                    break;
                }
                in_headers = std::mem::take(&mut attaches_message);
            }
        }
        if has_parts && starts_part(line) {
            delimiters += 1;
            in_headers = true;
        }
        if headers > MAX_HEADERS + delimiters {
            return Err(Unreadable::TooManyHeaders { limit: MAX_HEADERS });
        }
        if delimiters > MAX_PARTS {
            return Err(Unreadable::TooManyParts { limit: MAX_PARTS });
        }
    }
    Ok(())
}

/// Two hyphens with something else than hyphens behind them: not a drawn line, not a signature's `-- `.
fn starts_part(line: &[u8]) -> bool {
    memchr::memmem::find(line, b"--")
        .is_some_and(|at| line.get(at..).unwrap_or_default().iter().any(|byte| !matches!(byte, b'-' | b' ')))
}

/// Occurrences of a word in lower case, whatever its case in the message.
fn count_word(raw: &[u8], word: &[u8]) -> usize {
    let Some((&first, rest)) = word.split_first() else { return 0 };
    memchr::memchr2_iter(first, first.to_ascii_uppercase(), raw)
        .filter(|at| {
            raw.get(at + 1..at + 1 + rest.len()).is_some_and(|found| found.eq_ignore_ascii_case(rest))
        })
        .count()
}

/// Where a media type that attaches a message is written: the place of its subtype (`rfc822`, `global`), or
/// of `digest`, whose parts are messages. A comment may stand between the slash and the subtype.
fn attached_message_types(raw: &[u8]) -> impl Iterator<Item = usize> + '_ {
    memchr::memchr2_iter(b'/', b')', raw).filter_map(|at| {
        let behind = raw.get(at + 1..)?;
        let blanks = behind.iter().take(100).take_while(|byte| byte.is_ascii_whitespace()).count();
        let subtype = behind.get(blanks..blanks + 6)?;
        [b"rfc822", b"global", b"digest"]
            .iter()
            .any(|known| subtype.eq_ignore_ascii_case(*known))
            .then_some(at + 1 + blanks)
    })
}

/// Attached messages must not be base64 or quoted-printable (RFC 2046 section 5.2.1). The parser reads them
/// all the same, out of sight of the counts above; here they become attachments of an unknown type.
pub(super) fn disarm_encoded_messages(raw: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let places: Vec<usize> = attached_message_types(&raw).filter(|&at| is_encoded(&raw, at)).collect();
    if places.is_empty() {
        return raw;
    }
    let mut raw = raw.into_owned();
    for at in places {
        if let Some(subtype) = raw.get_mut(at..at + 6) {
            subtype.copy_from_slice(b"x-mail");
        }
    }
    Cow::Owned(raw)
}

/// True where the block of lines around `at` names a transfer encoding, or is a digest, whose parts need
/// not say that they are messages.
fn is_encoded(raw: &[u8], at: usize) -> bool {
    let (before, behind) = raw.split_at_checked(at).unwrap_or_default();
    let start =
        [&b"\n\n"[..], b"\n\r\n"].iter().filter_map(|blank| memchr::memmem::rfind(before, blank)).max();
    let end = [&b"\n\n"[..], b"\n\r\n"].iter().filter_map(|blank| memchr::memmem::find(behind, blank)).min();
    let block = raw.get(start.unwrap_or(0)..at + end.unwrap_or(behind.len())).unwrap_or_default();
    behind.get(..6).is_some_and(|subtype| subtype.eq_ignore_ascii_case(b"digest"))
        || count_word(block, b"base64") > 0
        || count_word(block, b"quoted-printable") > 0
}
