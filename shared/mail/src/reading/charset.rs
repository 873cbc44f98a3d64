//! Text whose character set is not declared, or declared wrongly.

use mail_parser::{
    Encoding, MessagePart, MimeHeaders,
    decoders::{
        base64::base64_decode, charsets::map::charset_decoder, quoted_printable::quoted_printable_decode,
    },
};
use std::borrow::Cow;

/// What undeclared 8-bit text is in Western Europe: Windows-1252, which has all of ISO-8859-1's letters.
const WESTERN: &[u8] = b"windows-1252";

fn decode_western(bytes: &[u8]) -> String {
    charset_decoder(WESTERN)
        .map_or_else(|| String::from_utf8_lossy(bytes).into_owned(), |decode| decode(bytes))
}

/// Header lines with raw 8-bit letters that are not UTF-8 (RFC 6532) are read as Western European.
pub(super) fn repair_headers(raw: &[u8]) -> Cow<'_, [u8]> {
    let ends = [&b"\n\n"[..], b"\n\r\n"].iter().filter_map(|blank| memchr::memmem::find(raw, blank)).min();
    let (head, rest) = raw.split_at_checked(ends.unwrap_or(raw.len())).unwrap_or_default();
    if str::from_utf8(head).is_ok() {
        return Cow::Borrowed(raw);
    }
    let mut repaired = Vec::with_capacity(raw.len() + head.len() / 8);
    for line in head.split_inclusive(|&byte| byte == b'\n') {
        match str::from_utf8(line) {
            Ok(_) => repaired.extend_from_slice(line),
            Err(_) => repaired.extend_from_slice(decode_western(line).as_bytes()),
        }
    }
    repaired.extend_from_slice(rest);
    Cow::Owned(repaired)
}

/// The text of a part, decoded again where it shows that its character set was declared wrongly.
pub(super) fn repair_text<'a>(part: &'a MessagePart<'_>, raw: &[u8], text: &'a str) -> Cow<'a, str> {
    let declared = part.content_type().and_then(|kind| kind.attribute("charset")).unwrap_or_default();
    let looks_lossy = text.contains('\u{fffd}');
    let is_western = declared.to_ascii_lowercase();
    let is_western = ["iso-8859-1", "iso-8859-15", "windows-1252", "latin1", "us-ascii", "ascii"]
        .contains(&is_western.as_str());
    // UTF-8 read as Western European begins its letters with these.
    let looks_like_utf8 = is_western && text.contains(['Ã', 'Â', 'â']);
    if !looks_lossy && !looks_like_utf8 {
        return Cow::Borrowed(text);
    }
    let Some(bytes) = decoded_bytes(part, raw) else { return Cow::Borrowed(text) };
    match str::from_utf8(&bytes) {
        Ok(utf8) => Cow::Owned(utf8.to_owned()),
        Err(_)
            if looks_lossy
                && (declared.is_empty() || is_utf8_or_ascii(declared))
                && is_mostly_broken(text) =>
        {
            Cow::Owned(decode_western(&bytes))
        }
        Err(_) => Cow::Borrowed(text),
    }
}

fn is_utf8_or_ascii(charset: &str) -> bool {
    ["utf-8", "utf8", "us-ascii", "ascii", "unknown-8bit", "x-unknown"]
        .iter()
        .any(|known| charset.eq_ignore_ascii_case(known))
}

/// True where more letters were lost than were read: then it is not UTF-8 with a fault in it.
fn is_mostly_broken(text: &str) -> bool {
    let lost = text.chars().filter(|&c| c == '\u{fffd}').count();
    let read = text.chars().filter(|&c| !c.is_ascii() && c != '\u{fffd}').count();
    lost > read
}

fn decoded_bytes<'a>(part: &MessagePart<'_>, raw: &'a [u8]) -> Option<Cow<'a, [u8]>> {
    let bytes = raw.get(part.offset_body as usize..part.offset_end as usize)?;
    match part.encoding {
        Encoding::None => Some(Cow::Borrowed(bytes)),
        Encoding::Base64 => base64_decode(bytes).map(Cow::Owned),
        Encoding::QuotedPrintable => quoted_printable_decode(bytes).map(Cow::Owned),
    }
}
