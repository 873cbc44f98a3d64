//! One connection: bytes in, answers out.

use crate::smtp::{
    Limits, MailIntake, Recipients,
    conversation::{Conversation, Next, Reply},
    places::{NoPlace, Place},
    trace_header::trace_header,
};
use jiff::Timestamp;
use smtp_proto::request::receiver::{DataReceiver, DummyDataReceiver};
use std::{io, net::IpAddr, slice::Iter, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;

/// How long it may take to send a client away.
const FAREWELL: Duration = Duration::from_secs(5);
/// Longest command line. RFC 5321 §4.5.3.1.4 has 512 bytes, and extensions add to that.
const LINE: usize = 4096;
/// How much is read at once.
const CHUNK: usize = 16 * 1024;

/// What the bytes that come next are.
enum Reading {
    /// A command, as far as it has come.
    Command(Vec<u8>),
    /// A message, as far as it has come.
    Message { receiver: DataReceiver, bytes: Vec<u8> },
    /// A message that is too large already: read to its end, and not kept.
    Excess(DummyDataReceiver),
}

impl Reading {
    fn message() -> Self {
        let mut receiver = DataReceiver::new();
        let mut bytes = Vec::new();
        // The end of data is CRLF, dot, CRLF, and the first CRLF may be the one that ended DATA itself
        // (RFC 5321 §4.1.1.4): an empty message is a lone dot.
        receiver.ingest(&mut b"\r\n".iter(), &mut bytes);
        bytes.clear();
        Self::Message { receiver, bytes }
    }
}

/// How a session came to its end before the client took its leave.
enum End {
    TooSlow,
    ServerStops,
    BrokeOff(io::Error),
}

/// Talks to one client until it leaves, is sent away, or the server stops.
pub(crate) async fn serve<S, I>(
    mut stream: S,
    place: Place,
    recipients: &Recipients,
    limits: Limits,
    intake: &I,
    stopping: CancellationToken,
) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
    I: MailIntake,
{
    let client = place.client();
    let mut patience = Patience { place, stopping };
    let conversation = Conversation::new(recipients, limits);
    let answers = conversation.greeting().bytes;
    let reading = Reading::Command(Vec::new());
    let domain = recipients.domain();
    let mut session = Session { conversation, reading, answers, client, domain, limits, intake };
    let mut chunk = vec![0; CHUNK];
    let end = loop {
        match session.exchange(&mut stream, &mut chunk, &mut patience).await {
            Ok(Next::Close) => return Ok(()),
            Ok(Next::Command | Next::Message) => {}
            Err(end) => break end,
        }
    };
    let reason = match end {
        End::TooSlow => "it took too long",
        End::ServerStops => "the server stops",
        End::BrokeOff(error) => return Err(error),
    };
    say_farewell(stream, &session.conversation.closing(reason)).await;
    Ok(())
}

/// Tells a client that there is no place for it now.
pub(crate) async fn refuse<S: AsyncWrite + Unpin>(
    stream: S,
    recipients: &Recipients,
    limits: Limits,
    reason: NoPlace,
) {
    say_farewell(stream, &Conversation::new(recipients, limits).no_place(reason)).await;
}

/// Last words; whether the client hears them is its own affair.
async fn say_farewell<S: AsyncWrite + Unpin>(mut stream: S, reply: &Reply) {
    let told = async {
        stream.write_all(&reply.bytes).await?;
        stream.shutdown().await
    };
    let _ = timeout(FAREWELL, told).await;
}

/// How long is waited for a client.
struct Patience {
    place: Place,
    stopping: CancellationToken,
}

impl Patience {
    /// Waits for the client to send or to take something.
    async fn wait_for<T>(&mut self, client: impl Future<Output = io::Result<T>>) -> Result<T, End> {
        tokio::select! {
            done = client => done.map_err(End::BrokeOff),
            () = self.place.patience_ends(Instant::now()) => Err(End::TooSlow),
            () = self.stopping.cancelled() => Err(End::ServerStops),
        }
    }
}

struct Session<'a, I> {
    conversation: Conversation<'a>,
    reading: Reading,
    /// What goes out before anything more is read: the answers to commands that came together
    /// (RFC 2920) go out together.
    answers: Vec<u8>,
    client: IpAddr,
    domain: &'a str,
    limits: Limits,
    intake: &'a I,
}

impl<I: MailIntake> Session<'_, I> {
    /// Sends what is to be said, and reads what comes back.
    async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        stream: &mut S,
        chunk: &mut [u8],
        patience: &mut Patience,
    ) -> Result<Next, End> {
        let answers = std::mem::take(&mut self.answers);
        patience.wait_for(stream.write_all(&answers)).await?;
        patience.wait_for(stream.flush()).await?;
        let length = patience.wait_for(stream.read(chunk)).await?;
        let received = chunk.get(..length).unwrap_or_default();
        if received.is_empty() {
            return Ok(Next::Close);
        }
        let next = self.receive(&mut received.iter()).await;
        if next == Next::Close {
            patience.wait_for(stream.write_all(&self.answers)).await?;
            patience.wait_for(stream.shutdown()).await?;
        }
        Ok(next)
    }

    /// Takes all bytes in; their answers stand in `answers` then.
    async fn receive(&mut self, bytes: &mut Iter<'_, u8>) -> Next {
        while !bytes.as_slice().is_empty() {
            let reply = match &mut self.reading {
                Reading::Command(line) => {
                    let rest = bytes.as_slice();
                    let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
                    let (taken, rest) = rest.split_at(end);
                    line.extend_from_slice(taken);
                    *bytes = rest.iter();
                    if line.len() > LINE {
                        Conversation::line_too_long()
                    } else if line.ends_with(b"\n") {
                        let line = std::mem::take(line);
                        self.conversation.answer(&line)
                    } else {
                        continue;
                    }
                }
                Reading::Message { receiver, bytes: message } => {
                    let complete = receiver.ingest(bytes, message);
                    if message.len() > self.limits.message_bytes {
                        if !complete {
                            self.reading = Reading::Excess(DummyDataReceiver::new_data(receiver));
                            continue;
                        }
                        self.reading = Reading::Command(Vec::new());
                        self.conversation.take_envelope();
                        self.conversation.too_large()
                    } else if complete {
                        let message = std::mem::take(message);
                        self.reading = Reading::Command(Vec::new());
                        self.store(message).await
                    } else {
                        continue;
                    }
                }
                Reading::Excess(receiver) => {
                    if !receiver.ingest(bytes) {
                        continue;
                    }
                    self.reading = Reading::Command(Vec::new());
                    self.conversation.take_envelope();
                    self.conversation.too_large()
                }
            };
            self.answers.extend(reply.bytes);
            match reply.next {
                Next::Command => {}
                Next::Message => self.reading = Reading::message(),
                Next::Close => return Next::Close,
            }
        }
        Next::Command
    }

    async fn store(&mut self, message: Vec<u8>) -> Reply {
        let envelope = self.conversation.take_envelope();
        let at = Timestamp::now();
        let mut raw = trace_header(&envelope, self.client, self.domain, at);
        raw.extend(message);
        match self.intake.take(raw, envelope, at).await {
            Ok(()) => Conversation::accepted(),
            Err(error) => {
                tracing::error!(error = %error, "an incoming mail could not be stored");
                Conversation::not_stored()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::smtp::{Envelope, Room, places::Places};
    use lotse_domain::ports::Unavailable;
    use lotse_policy::Policy;
    use std::sync::Mutex;
    use tokio::io::duplex;

    #[derive(Default)]
    struct Kept {
        mails: Mutex<Vec<Vec<u8>>>,
        broken: bool,
    }

    impl MailIntake for Kept {
        async fn take(&self, raw: Vec<u8>, _: Envelope, _: Timestamp) -> Result<(), Unavailable> {
            if self.broken {
                return Err(Unavailable::for_now("the disk is full"));
            }
            self.mails.lock().unwrap().push(raw);
            Ok(())
        }
    }

    /// Sends everything at once, in pieces of `piece` bytes, and gives what the server said.
    async fn talk(intake: &Kept, limits: Limits, said: &[u8], piece: usize) -> String {
        let recipients = Recipients::of(&Policy::shipped().unwrap().company);
        let (mut client, stream) = duplex(64 * 1024);
        let stopping = CancellationToken::new();
        let talking = async {
            for piece in said.chunks(piece) {
                // The server may have sent the client away already.
                if client.write_all(piece).await.is_err() {
                    break;
                }
                tokio::task::yield_now().await;
            }
            let mut answers = String::new();
            client.read_to_string(&mut answers).await.unwrap();
            answers
        };
        let place = Places::new(Room::ORDINARY).take([192, 0, 2, 7].into()).ok().unwrap();
        let (answers, served) =
            tokio::join!(talking, serve(stream, place, &recipients, limits, intake, stopping));
        served.unwrap();
        answers
    }

    fn codes(answers: &str) -> Vec<&str> {
        answers.lines().filter(|line| line.get(3..4) == Some(" ")).filter_map(|line| line.get(..3)).collect()
    }

    const LIMITS: Limits = Limits { message_bytes: 2000, recipients: 100 };
    const ENVELOPE: &str = "EHLO a.example\r\nMAIL FROM:<a@b.example>\r\n\
        RCPT TO:<service@nordhafen-pharma.example>\r\nDATA\r\n";

    #[tokio::test]
    async fn a_pipelined_mail_is_stored_whole_however_its_bytes_are_cut() {
        let said = format!("{ENVELOPE}Subject: x\r\n\r\n..punkt\r\nGr\u{fc}\u{df}e\r\n.\r\nQUIT\r\n");
        for piece in [1, 2, 7, 4096] {
            let intake = Kept::default();
            let answers = talk(&intake, LIMITS, said.as_bytes(), piece).await;
            assert_eq!(codes(&answers), ["220", "250", "250", "250", "354", "250", "221"], "{answers}");
            let mails = intake.mails.lock().unwrap();
            let text = String::from_utf8_lossy(&mails[0]).into_owned();
            assert!(text.starts_with("Return-Path: <a@b.example>\r\n"), "{text}");
            assert!(text.ends_with("\r\nSubject: x\r\n\r\n.punkt\r\nGr\u{fc}\u{df}e\r\n"), "{text}");
        }
    }

    #[tokio::test]
    async fn an_empty_message_ends_with_its_first_dot() {
        let intake = Kept::default();
        let answers = talk(&intake, LIMITS, format!("{ENVELOPE}.\r\nQUIT\r\n").as_bytes(), 4096).await;
        assert_eq!(codes(&answers).last(), Some(&"221"), "{answers}");
        assert_eq!(intake.mails.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn what_is_too_large_is_refused_and_the_next_mail_is_taken() {
        let large = "x".repeat(5000);
        let said = format!("{ENVELOPE}{large}\r\n.\r\n{ENVELOPE}klein\r\n.\r\nQUIT\r\n");
        for piece in [100, 100_000] {
            let intake = Kept::default();
            let answers = talk(&intake, LIMITS, said.as_bytes(), piece).await;
            assert!(answers.contains("552 5.3.4"), "{answers}");
            assert_eq!(intake.mails.lock().unwrap().len(), 1);
        }
    }

    #[tokio::test]
    async fn a_dot_after_a_bare_line_feed_ends_nothing() {
        // „SMTP smuggling“: a second mail hidden in the first.
        let said = format!("{ENVELOPE}eins\n.\nMAIL FROM:<x@y.example>\r\n.\r\nQUIT\r\n");
        let intake = Kept::default();
        talk(&intake, LIMITS, said.as_bytes(), 4096).await;
        assert_eq!(intake.mails.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn what_cannot_be_stored_is_not_acknowledged() {
        let intake = Kept { broken: true, ..Kept::default() };
        let answers = talk(&intake, LIMITS, format!("{ENVELOPE}x\r\n.\r\nQUIT\r\n").as_bytes(), 4096).await;
        assert_eq!(codes(&answers), ["220", "250", "250", "250", "354", "451", "221"], "{answers}");
    }

    #[tokio::test]
    async fn an_endless_line_ends_the_session() {
        let intake = Kept::default();
        let answers = talk(&intake, LIMITS, "x".repeat(20_000).as_bytes(), 1000).await;
        assert!(answers.contains("500 5.5.2"), "{answers}");
    }
}
