//! Our Message-ID, where SES leaves it alone.
//!
//! SES puts its own Message-ID in place of ours. A reply repeats the `References` of what it answers (RFC 5322
//! §3.6.4), which SES does not touch: with our Message-ID among them, a reply proves by it which case it
//! belongs to, beside the reply address. Mail programs also put into one thread what shares a reference, so
//! a conversation stays together.

const FIELD: &[u8] = b"references:";

/// The message with its own Message-ID as the last of its references. All else stays as it is.
pub(super) fn with_own_message_id(message: &[u8], message_id: &str) -> Vec<u8> {
    let own = format!("<{message_id}>");
    let mut out = Vec::with_capacity(message.len() + own.len() + 16);
    if let Some(end) = end_of_references(message) {
        let (before, after) = message.split_at(end);
        out.extend_from_slice(before);
        // A field goes on in a line that begins with a blank (RFC 5322 §2.2.3).
        out.extend_from_slice(format!("\r\n {own}").as_bytes());
        out.extend_from_slice(after);
    } else {
        out.extend_from_slice(format!("References: {own}\r\n").as_bytes());
        out.extend_from_slice(message);
    }
    out
}

/// Where the field `References` ends, before its last line break; `None` where there is no such field.
fn end_of_references(message: &[u8]) -> Option<usize> {
    let mut position = 0;
    let mut inside = false;
    loop {
        let rest = message.get(position..)?;
        let length = rest.windows(2).position(|pair| pair == b"\r\n");
        let line = rest.get(..length.unwrap_or(rest.len()))?;
        let goes_on = line.first().is_some_and(|byte| matches!(byte, b' ' | b'\t'));
        if inside && !goes_on {
            // The line before ended two bytes ago.
            return position.checked_sub(2);
        }
        let name = line.get(..FIELD.len()).unwrap_or_default();
        inside |= name.eq_ignore_ascii_case(FIELD);
        let length = match length {
            // An empty line ends the headers (RFC 5322 §2.1).
            None | Some(0) => return inside.then_some(position + line.len()),
            Some(length) => length,
        };
        position += length + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amended(message: &str) -> String {
        String::from_utf8(with_own_message_id(message.as_bytes(), "own@nordhafen.example")).unwrap()
    }

    #[test]
    fn a_first_mail_gets_the_field() {
        let message = "From: a@b.example\r\nSubject: Ihre Anfrage\r\n\r\nReferences: in the text\r\n";
        assert_eq!(amended(message), format!("References: <own@nordhafen.example>\r\n{message}"));
    }

    #[test]
    fn a_later_mail_keeps_what_it_refers_to() {
        assert_eq!(
            amended("References: <one@klinik.example>\r\n <two@nordhafen.example>\r\nSubject: s\r\n\r\ntext"),
            "References: <one@klinik.example>\r\n <two@nordhafen.example>\r\n <own@nordhafen.example>\r\n\
             Subject: s\r\n\r\ntext",
        );
        assert_eq!(
            amended("Subject: s\r\nreferences:\r\n <one@klinik.example>\r\n\r\ntext"),
            "Subject: s\r\nreferences:\r\n <one@klinik.example>\r\n <own@nordhafen.example>\r\n\r\ntext",
        );
    }

    #[test]
    fn whatever_is_no_mail_stays_whole() {
        for message in
            ["", "\r\n", "no header at all", "References: <a@b>", "References:\r\n\r\n", "\r\n\r\n"]
        {
            let amended = amended(message);
            assert!(amended.contains("<own@nordhafen.example>"), "{message:?}");
            let without = amended.replace("References: <own@nordhafen.example>\r\n", "");
            assert_eq!(without.replace("\r\n <own@nordhafen.example>", ""), message, "{message:?}");
        }
    }
}
