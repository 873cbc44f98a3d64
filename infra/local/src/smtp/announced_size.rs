//! The size that a client announces with `MAIL … SIZE=` (RFC 1870).
//!
//! Read here, and not by `smtp-proto`: that counts a number beyond 64 bits anew from nothing.

/// What a command announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnnouncedSize {
    /// Nothing, or it is no `MAIL` command.
    None,
    /// So many bytes.
    Bytes(u128),
    /// Something that is no size: RFC 1870 §6 has one to twenty digits.
    NoNumber,
}

/// The size that a command line announces.
pub(crate) fn announced_size(line: &[u8]) -> AnnouncedSize {
    let is_mail = line.get(..5).is_some_and(|command| command.eq_ignore_ascii_case(b"MAIL "));
    let Some(path_end) = line.iter().rposition(|byte| *byte == b'>').filter(|_| is_mail) else {
        return AnnouncedSize::None;
    };
    let parameters = line.get(path_end + 1..).unwrap_or_default();
    for parameter in parameters.split(u8::is_ascii_whitespace) {
        if parameter.get(..4).is_some_and(|name| name.eq_ignore_ascii_case(b"SIZE")) {
            let value = parameter.get(4..).unwrap_or_default().strip_prefix(b"=");
            return value.and_then(bytes_of).map_or(AnnouncedSize::NoNumber, AnnouncedSize::Bytes);
        }
    }
    AnnouncedSize::None
}

fn bytes_of(value: &[u8]) -> Option<u128> {
    let fits = (1..=20).contains(&value.len()) && value.iter().all(u8::is_ascii_digit);
    fits.then(|| value.iter().fold(0, |sum, digit| sum * 10 + u128::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_one_to_twenty_digits() {
        for (line, expected) in [
            ("MAIL FROM:<a@b.example>", AnnouncedSize::None),
            ("MAIL FROM:<a@b.example> SIZE=0", AnnouncedSize::Bytes(0)),
            ("mail from:<> body=8BITMIME size=1000", AnnouncedSize::Bytes(1000)),
            ("MAIL FROM:<a@b.example> SIZE=18446744073709551616", AnnouncedSize::Bytes(1 << 64)),
            (
                "MAIL FROM:<a@b.example> SIZE=99999999999999999999",
                AnnouncedSize::Bytes(99_999_999_999_999_999_999),
            ),
            ("MAIL FROM:<a@b.example> SIZE=100000000000000000000", AnnouncedSize::NoNumber),
            ("MAIL FROM:<a@b.example> SIZE=", AnnouncedSize::NoNumber),
            ("MAIL FROM:<a@b.example> SIZE", AnnouncedSize::NoNumber),
            ("MAIL FROM:<a@b.example> SIZE=-1", AnnouncedSize::NoNumber),
            ("MAIL FROM:<a@b.example> SIZE=ten", AnnouncedSize::NoNumber),
            ("MAIL FROM:<\"> SIZE=7\"@b.example>", AnnouncedSize::None),
            ("RCPT TO:<a@b.example> SIZE=7", AnnouncedSize::None),
            ("", AnnouncedSize::None),
        ] {
            assert_eq!(announced_size(line.as_bytes()), expected, "{line}");
        }
    }
}
