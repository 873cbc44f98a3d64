//! What the last server on a mail's way writes in front of it (RFC 5321 §4.4, RFC 9228).

use crate::smtp::conversation::Envelope;
use jiff::{Timestamp, fmt::rfc2822, tz::TimeZone};
use std::net::IpAddr;

/// `Return-Path`, `Delivered-To` for each recipient, and `Received`: so that a stored message says by
/// itself what its envelope was.
pub(crate) fn trace_header(envelope: &Envelope, client: IpAddr, domain: &str, at: Timestamp) -> Vec<u8> {
    let date = rfc2822::to_string(&at.to_zoned(TimeZone::UTC)).unwrap_or_default();
    let mut lines = vec![format!("Return-Path: <{}>", printable(&envelope.sender))];
    lines.extend(
        envelope.recipients.iter().map(|recipient| format!("Delivered-To: {}", printable(recipient))),
    );
    lines.push(format!("Received: from {} ([{client}])", printable(&envelope.client)));
    lines.push(format!("\tby {domain} with ESMTP; {date}\r\n"));
    lines.join("\r\n").into_bytes()
}

/// Without what could end the line or the word: a client chooses these texts.
fn printable(text: &str) -> String {
    text.chars()
        .filter(|letter| {
            !letter.is_control() && !letter.is_whitespace() && !matches!(letter, '<' | '>' | '(' | ')')
        })
        .take(255)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_envelope_is_written_in_front_and_cannot_add_lines_of_its_own() {
        let envelope = Envelope {
            client: "mail.klinik.example\r\nX-Evil: 1".to_owned(),
            sender: String::new(),
            recipients: vec!["service+token@nordhafen-pharma.example".to_owned()],
        };
        let at = "2026-11-22T11:00:00Z".parse().unwrap();
        let header = trace_header(&envelope, [192, 0, 2, 7].into(), "nordhafen-pharma.example", at);
        assert_eq!(
            String::from_utf8(header).unwrap(),
            "Return-Path: <>\r\n\
             Delivered-To: service+token@nordhafen-pharma.example\r\n\
             Received: from mail.klinik.exampleX-Evil:1 ([192.0.2.7])\r\n\
             \tby nordhafen-pharma.example with ESMTP; Sun, 22 Nov 2026 11:00:00 +0000\r\n"
        );
    }
}
