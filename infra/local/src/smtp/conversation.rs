//! What the server says: the order of commands and the answer to each (RFC 5321 §4), without any I/O.

use crate::smtp::{
    Limits, Recipients,
    announced_size::{AnnouncedSize, announced_size},
    places::NoPlace,
};
use smtp_proto::{
    EXT_8BIT_MIME, EXT_ENHANCED_STATUS_CODES, EXT_PIPELINING, EXT_SIZE, EXT_SMTP_UTF8, EhloResponse, Error,
    MailFrom, Request,
};
use std::borrow::Cow;

/// After so many commands in one session that make no sense, whoever sends them is no mail server.
const MOST_MISTAKES: u32 = 20;

/// What to do once the answer is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Read the next command.
    Command,
    /// Read a message.
    Message,
    /// Close the connection.
    Close,
}

/// An answer, as it goes over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    /// One line or more, each ended by CRLF.
    pub(crate) bytes: Vec<u8>,
    /// What follows.
    pub(crate) next: Next,
}

impl Reply {
    fn line(text: impl AsRef<str>) -> Self {
        Self { bytes: format!("{}\r\n", text.as_ref()).into_bytes(), next: Next::Command }
    }

    fn closing(text: impl AsRef<str>) -> Self {
        Self { next: Next::Close, ..Self::line(text) }
    }
}

/// Who sends a message, and to whom.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Envelope {
    /// What the client calls itself.
    pub(crate) client: String,
    /// The reverse path; empty for bounces.
    pub(crate) sender: String,
    /// The forward paths that were accepted, each once.
    pub(crate) recipients: Vec<String>,
}

/// Where a mail transaction stands (RFC 5321 §3.3).
enum Transaction {
    None,
    From { sender: String },
    To { sender: String, recipients: Vec<String>, commands: usize },
}

/// One session with one client.
pub(crate) struct Conversation<'a> {
    recipients: &'a Recipients,
    limits: Limits,
    client: Option<String>,
    transaction: Transaction,
    mistakes: u32,
}

impl<'a> Conversation<'a> {
    /// A session that has just begun.
    pub(crate) fn new(recipients: &'a Recipients, limits: Limits) -> Self {
        Self { recipients, limits, client: None, transaction: Transaction::None, mistakes: 0 }
    }

    /// What the server says first.
    pub(crate) fn greeting(&self) -> Reply {
        Reply::line(format!("220 {} ESMTP Lotse", self.recipients.domain()))
    }

    /// What the server says to a client that it has no place for.
    pub(crate) fn no_place(&self, reason: NoPlace) -> Reply {
        let domain = self.recipients.domain();
        Reply::closing(match reason {
            NoPlace::AllTaken => format!("421 4.3.2 {domain} has too many connections; try again later"),
            NoPlace::EnoughForOneClient => {
                format!(
                    "421 4.7.0 {domain} has too many connections from your address; close one or try again later"
                )
            }
        })
    }

    /// What the server says when it stops, or when the client took too long.
    pub(crate) fn closing(&self, why: &str) -> Reply {
        Reply::closing(format!("421 4.4.2 {} closes the connection: {why}", self.recipients.domain()))
    }

    /// The answer to a line, whole and with its end.
    pub(crate) fn answer(&mut self, line: &[u8]) -> Reply {
        if self.client.is_some() {
            match announced_size(line) {
                AnnouncedSize::Bytes(bytes) if bytes > self.limits.message_bytes as u128 => {
                    return self.too_large();
                }
                AnnouncedSize::NoNumber => return self.mistake("501 5.5.4 SIZE takes one to twenty digits"),
                AnnouncedSize::Bytes(_) | AnnouncedSize::None => {}
            }
        }
        match Request::parse(&mut line.iter()) {
            Ok(request) => self.answer_request(&request),
            Err(error) => self.answer_mistake(&error),
        }
    }

    /// The answer to a line that does not end: the rest cannot be told from the next command.
    pub(crate) fn line_too_long() -> Reply {
        Reply::closing("500 5.5.2 Line too long")
    }

    fn answer_request(&mut self, request: &Request<Cow<'_, str>>) -> Reply {
        match request {
            Request::Ehlo { host } => self.greet(host, true),
            Request::Helo { host } => self.greet(host, false),
            Request::Mail { from } => self.begin(from),
            Request::Rcpt { to } => self.add_recipient(&to.address),
            Request::Data => self.start_data(),
            Request::Rset => {
                self.transaction = Transaction::None;
                Reply::line("250 2.0.0 OK")
            }
            Request::Noop { .. } => Reply::line("250 2.0.0 OK"),
            Request::Vrfy { .. } => {
                Reply::line("252 2.1.5 Addresses are not looked up; send the mail and see")
            }
            Request::Help { .. } => Reply::line("214 2.0.0 See RFC 5321"),
            Request::Quit => Reply::closing("221 2.0.0 Goodbye"),
            // Its data would follow unasked and would be read as commands.
            Request::Bdat { .. } => Reply::closing("502 5.5.1 CHUNKING is not offered; use DATA"),
            other => self.mistake(format!("502 5.5.1 {} is not offered", other.name())),
        }
    }

    fn answer_mistake(&mut self, error: &Error) -> Reply {
        match error {
            Error::UnknownCommand => self.mistake("500 5.5.1 No such command"),
            Error::InvalidSenderAddress => self.mistake("501 5.1.7 The sender's address is not one"),
            Error::InvalidRecipientAddress => self.mistake("501 5.1.3 The recipient's address is not one"),
            Error::SyntaxError { syntax } => self.mistake(format!("501 5.5.4 Expected: {syntax}")),
            Error::InvalidParameter { .. } => self.mistake("501 5.5.4 A parameter's value is not one"),
            Error::UnsupportedParameter { .. } => self.mistake("555 5.5.4 A parameter is not offered"),
            _ => self.mistake("501 5.5.4 The line is not complete"),
        }
    }

    /// The envelope of the message that has been read; the transaction is over.
    pub(crate) fn take_envelope(&mut self) -> Envelope {
        let client = self.client.clone().unwrap_or_default();
        match std::mem::replace(&mut self.transaction, Transaction::None) {
            Transaction::To { sender, recipients, .. } => Envelope { client, sender, recipients },
            Transaction::From { sender } => Envelope { client, sender, recipients: Vec::new() },
            Transaction::None => Envelope { client, ..Envelope::default() },
        }
    }

    /// The answer once the message is stored for good.
    pub(crate) fn accepted() -> Reply {
        Reply::line("250 2.0.0 Stored")
    }

    /// The answer where the message could not be stored now.
    pub(crate) fn not_stored() -> Reply {
        Reply::line("451 4.3.0 The message could not be stored; try again later")
    }

    /// The answer to a message that is larger than the policy allows.
    pub(crate) fn too_large(&self) -> Reply {
        Reply::line(format!(
            "552 5.3.4 The message is too large; {} bytes are accepted",
            self.limits.message_bytes
        ))
    }

    fn greet(&mut self, client: &str, extended: bool) -> Reply {
        self.client = Some(client.to_owned());
        self.transaction = Transaction::None;
        let domain = self.recipients.domain();
        if !extended {
            return Reply::line(format!("250 {domain}"));
        }
        let mut response = EhloResponse::new(domain);
        response.capabilities =
            EXT_8BIT_MIME | EXT_ENHANCED_STATUS_CODES | EXT_PIPELINING | EXT_SIZE | EXT_SMTP_UTF8;
        response.size = self.limits.message_bytes;
        let mut reply = Reply { bytes: Vec::new(), next: Next::Command };
        if response.write(&mut reply.bytes).is_err() {
            return Reply::line(format!("250 {domain}"));
        }
        reply
    }

    fn begin(&mut self, from: &MailFrom<Cow<'_, str>>) -> Reply {
        if self.client.is_none() {
            return self.mistake("503 5.5.1 Say EHLO first");
        }
        if !matches!(self.transaction, Transaction::None) {
            return self.mistake("503 5.5.1 A mail is begun already; send RSET to give it up");
        }
        self.transaction = Transaction::From { sender: from.address.to_string() };
        Reply::line("250 2.1.0 OK")
    }

    fn add_recipient(&mut self, address: &str) -> Reply {
        if matches!(self.transaction, Transaction::None) {
            return self.mistake("503 5.5.1 Say MAIL first");
        }
        if !self.recipients.include(address) {
            return Reply::line("550 5.1.1 No mail is taken for this address");
        }
        let transaction = std::mem::replace(&mut self.transaction, Transaction::None);
        let (sender, mut recipients, commands) = match transaction {
            Transaction::To { sender, recipients, commands } => (sender, recipients, commands),
            Transaction::From { sender } => (sender, Vec::new(), 0),
            Transaction::None => (String::new(), Vec::new(), 0),
        };
        let too_many = commands >= self.limits.recipients;
        if !too_many && !recipients.iter().any(|known| known == address) {
            recipients.push(address.to_owned());
        }
        self.transaction = Transaction::To { sender, recipients, commands: commands.saturating_add(1) };
        if too_many {
            return Reply::line(format!(
                "452 4.5.3 Too many recipients; {} are accepted for one mail",
                self.limits.recipients
            ));
        }
        Reply::line("250 2.1.5 OK")
    }

    fn start_data(&mut self) -> Reply {
        match self.transaction {
            Transaction::To { .. } => {
                Reply { next: Next::Message, ..Reply::line("354 Go on; end with a line that is a dot") }
            }
            Transaction::From { .. } => Reply::line("554 5.5.1 No valid recipients"),
            Transaction::None => self.mistake("503 5.5.1 Say MAIL first"),
        }
    }

    fn mistake(&mut self, text: impl AsRef<str>) -> Reply {
        self.mistakes = self.mistakes.saturating_add(1);
        if self.mistakes > MOST_MISTAKES {
            return self.closing("too many commands that make no sense");
        }
        Reply::line(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotse_policy::Policy;

    fn recipients() -> Recipients {
        Recipients::of(&Policy::shipped().unwrap().company)
    }

    /// Each line of the client, and how the server's answer starts.
    fn play(conversation: &mut Conversation<'_>, lines: &[(&str, &str)]) {
        for (line, expected) in lines {
            let reply = conversation.answer(format!("{line}\r\n").as_bytes());
            let text = String::from_utf8(reply.bytes).unwrap();
            assert!(text.starts_with(expected), "{line}: {text}");
        }
    }

    const LIMITS: Limits = Limits { message_bytes: 1000, recipients: 3 };

    #[test]
    fn a_mail_is_taken_in_the_order_of_rfc_5321() {
        let recipients = recipients();
        let mut conversation = Conversation::new(&recipients, LIMITS);
        play(
            &mut conversation,
            &[
                ("MAIL FROM:<arzt@klinik.example>", "503 5.5.1 Say EHLO"),
                ("EHLO mail.klinik.example", "250-nordhafen-pharma.example"),
                ("RCPT TO:<service@nordhafen-pharma.example>", "503 5.5.1 Say MAIL"),
                ("DATA", "503"),
                ("MAIL FROM:<arzt@klinik.example> SIZE=900 BODY=8BITMIME SMTPUTF8", "250"),
                ("MAIL FROM:<arzt@klinik.example>", "503"),
                ("DATA", "554"),
                ("RCPT TO:<niemand@elsewhere.example>", "550 5.1.1"),
                ("RCPT TO:<service+abc@nordhafen-pharma.example>", "250"),
                ("DATA", "354"),
            ],
        );
        let envelope = conversation.take_envelope();
        assert_eq!(envelope.sender, "arzt@klinik.example");
        assert_eq!(envelope.recipients, ["service+abc@nordhafen-pharma.example"]);
        play(&mut conversation, &[("DATA", "503"), ("QUIT", "221")]);
    }

    #[test]
    fn a_bounce_with_its_empty_sender_is_taken() {
        let recipients = recipients();
        let mut conversation = Conversation::new(&recipients, LIMITS);
        play(
            &mut conversation,
            &[
                ("HELO mta.example", "250 "),
                ("MAIL FROM:<>", "250"),
                ("RCPT TO:<service@nordhafen-pharma.example>", "250"),
                ("DATA", "354"),
            ],
        );
        assert_eq!(conversation.take_envelope().sender, "");
    }

    #[test]
    fn what_is_announced_as_too_large_is_refused_before_it_is_sent() {
        let recipients = recipients();
        let mut conversation = Conversation::new(&recipients, LIMITS);
        play(
            &mut conversation,
            &[
                ("MAIL FROM:<a@b.example> SIZE=1001", "503"),
                ("EHLO a.example", "250-"),
                ("MAIL FROM:<a@b.example> SIZE=1001", "552 5.3.4"),
                ("MAIL FROM:<a@b.example> SIZE=18446744073709551617", "552 5.3.4"),
                ("MAIL FROM:<a@b.example> SIZE=99999999999999999999", "552 5.3.4"),
                ("MAIL FROM:<a@b.example> SIZE=184467440737095516170", "501 5.5.4"),
                ("MAIL FROM:<a@b.example> SIZE=", "501 5.5.4"),
                ("MAIL FROM:<a@b.example> SIZE=many", "501 5.5.4"),
                ("DATA", "503"),
                ("MAIL FROM:<a@b.example> SIZE=1000", "250"),
            ],
        );
    }

    #[test]
    fn of_ten_thousand_recipients_the_first_few_are_taken() {
        let recipients = recipients();
        let mut conversation = Conversation::new(&recipients, LIMITS);
        play(&mut conversation, &[("EHLO a.example", "250-"), ("MAIL FROM:<a@b.example>", "250")]);
        for count in 1..=10_000 {
            let line = format!("RCPT TO:<service+{count}@nordhafen-pharma.example>");
            play(&mut conversation, &[(&line, if count <= 3 { "250" } else { "452 4.5.3" })]);
        }
        assert_eq!(conversation.take_envelope().recipients.len(), 3);
    }

    #[test]
    fn a_client_that_speaks_nonsense_is_sent_away() {
        let recipients = recipients();
        let mut conversation = Conversation::new(&recipients, LIMITS);
        for _ in 0..MOST_MISTAKES {
            play(&mut conversation, &[("GET / HTTP/1.1", "500")]);
        }
        play(&mut conversation, &[("Host: x", "421")]);
    }
}
