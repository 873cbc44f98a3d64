//! The text of a message and the files that came with it.

use super::{charset, html::html_to_text, mailboxes, one_line};
use crate::separate::{Emptiness, emptiness};
use data_encoding::HEXLOWER;
use lotse_domain::{Attachment, Verbatim};
use mail_parser::{HeaderName, Message, MessagePart, MimeHeaders, PartType};
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// How much of a text is kept, in bytes: some 200 pages. The raw message has the rest.
pub const MAX_TEXT_BYTES: usize = 1024 * 1024;

/// How much of a part is copied: enough that [`MAX_TEXT_BYTES`] are left though every second byte goes, as CR
/// does, and that it shows that there was more.
const READ_TEXT_BYTES: usize = 2 * MAX_TEXT_BYTES + 8;

pub(super) struct Body {
    pub(super) text: String,
    pub(super) truncated: bool,
    pub(super) attachments: Vec<Attachment>,
}

pub(super) fn read(message: &Message<'_>) -> Body {
    let (mut text, mut truncated) = text_of(message);
    // Forwarded as an attachment, with nothing written above: the inquiry is in the attached message.
    if emptiness(text.lines()) != Emptiness::Says
        && let Some(attached) = only_attached_message(message)
    {
        let (inner, inner_truncated) = text_of(attached);
        text.push_str(&forwarded_head(attached));
        text.push_str(&inner);
        truncated = truncated || inner_truncated || cut(&mut text);
    }
    Body { text, truncated, attachments: attachments(message) }
}

fn text_of(message: &Message<'_>) -> (String, bool) {
    let text = join_parts(message, &message.text_body);
    let text = if text.trim().is_empty() { join_parts(message, &message.html_body) } else { text };
    let text = if text.trim().is_empty() { join_parts(message, &unmarked_text_parts(message)) } else { text };
    let mut text = normalise_line_ends(text);
    let truncated = cut(&mut text);
    (text, truncated)
}

/// The inline text parts one below the other: Apple Mail puts pictures between them, lists add a footer.
fn join_parts(message: &Message<'_>, ids: &[u32]) -> String {
    let mut joined = String::new();
    for part in ids.iter().filter_map(|&id| message.part(id)) {
        if joined.len() > READ_TEXT_BYTES {
            break;
        }
        if !joined.is_empty() && !joined.ends_with('\n') {
            joined.push('\n');
        }
        match &part.body {
            PartType::Text(text) => {
                let text = charset::repair_text(part, &message.raw_message, text);
                joined.push_str(text.get(..text.floor_char_boundary(READ_TEXT_BYTES)).unwrap_or(&text));
            }
            PartType::Html(html) => {
                joined.push_str(&html_to_text(&charset::repair_text(part, &message.raw_message, html)));
            }
            _ => {}
        }
    }
    joined
}

/// Text parts that the parser took for attachments because a boundary is missing: nothing marks them as
/// such. Without this a broken message would seem to be empty.
fn unmarked_text_parts(message: &Message<'_>) -> Vec<u32> {
    let is_unmarked = |part: &MessagePart<'_>| {
        let is_plain =
            part.content_type().is_none_or(|kind| matches!(kind.subtype(), Some("plain" | "html")));
        part.is_text() && is_plain && part.content_disposition().is_none() && part.attachment_name().is_none()
    };
    message.attachments.iter().copied().filter(|&id| message.part(id).is_some_and(is_unmarked)).collect()
}

/// CR LF and lone CR become LF; NUL, which no store takes, goes.
fn normalise_line_ends(text: String) -> String {
    let Some(first) = memchr::memchr2(b'\r', 0, text.as_bytes()) else { return text };
    let mut normalised = String::with_capacity(text.len());
    let (clean, mut rest) = text.split_at(first);
    normalised.push_str(clean);
    while let Some(at) = memchr::memchr2(b'\r', 0, rest.as_bytes()) {
        let (line, behind) = rest.split_at(at);
        normalised.push_str(line);
        if behind.starts_with('\r') && !behind.starts_with("\r\n") {
            normalised.push('\n');
        }
        rest = behind.get(1..).unwrap_or_default();
    }
    normalised.push_str(rest);
    normalised
}

/// Cuts to [`MAX_TEXT_BYTES`] at a letter's boundary; true where something went.
fn cut(text: &mut String) -> bool {
    let is_long = text.len() > MAX_TEXT_BYTES;
    text.truncate(text.floor_char_boundary(MAX_TEXT_BYTES));
    is_long
}

fn only_attached_message<'a>(message: &'a Message<'_>) -> Option<&'a Message<'a>> {
    let mut messages = message.attachments.iter().filter_map(|&id| message.part(id)?.message());
    let is_report = message.content_type().is_some_and(|kind| kind.subtype() == Some("report"));
    match (messages.next(), messages.next()) {
        (Some(attached), None) if !is_report => Some(attached),
        _ => None,
    }
}

/// The head under which `separate` recognises a forwarded message and its sender.
fn forwarded_head(attached: &Message<'_>) -> String {
    let from = mailboxes(attached, &HeaderName::From).next();
    let from =
        from.map(|from| format!("{} <{}>", from.name.unwrap_or_default(), from.address)).unwrap_or_default();
    let subject = attached.subject().map(one_line).unwrap_or_default();
    let date = super::date(attached).map(|date| date.to_string()).unwrap_or_default();
    format!("\n-------- Forwarded Message --------\nSubject: {subject}\nDate: {date}\nFrom: {from}\n\n")
}

fn attachments(message: &Message<'_>) -> Vec<Attachment> {
    message.attachments.iter().filter_map(|&id| message.part(id)).map(attachment).collect()
}

fn attachment(part: &MessagePart<'_>) -> Attachment {
    let content: &[u8] = part.contents();
    Attachment {
        name: attachment_name(part),
        content_type: content_type(part),
        size: content.len() as u64,
        sha256: HEXLOWER.encode(&Sha256::digest(content)),
    }
}

/// The declared name without folders, which some programs send along; an attached message has its subject.
fn attachment_name(part: &MessagePart<'_>) -> Verbatim {
    const NAME_CHARACTERS: usize = 200;
    let declared = part.attachment_name().map(Cow::Borrowed);
    let subject =
        || part.message().and_then(Message::subject).map(|subject| Cow::Owned(format!("{subject}.eml")));
    let name = declared.or_else(subject).unwrap_or_default();
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    Verbatim::from(one_line(name).chars().take(NAME_CHARACTERS).collect::<String>())
}

fn content_type(part: &MessagePart<'_>) -> String {
    let fallback = match part.body {
        PartType::Text(_) => "text/plain",
        PartType::Html(_) => "text/html",
        PartType::Message(_) => "message/rfc822",
        _ => "application/octet-stream",
    };
    let declared = part.content_type().and_then(|kind| {
        let subtype = kind.subtype()?;
        let is_token = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        (is_token(kind.ctype()) && is_token(subtype))
            .then(|| format!("{}/{subtype}", kind.ctype()).to_ascii_lowercase())
    });
    declared.unwrap_or_else(|| fallback.to_owned())
}
