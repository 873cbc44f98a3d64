//! Mail coming in: an SMTP server (RFC 5321) for the company's own addresses.
//!
//! It stands behind the company's mail server, or beside a developer: no TLS, no authentication, no relaying.
//! A message is answered `250` once it is stored for good; what is larger than the policy allows is refused
//! while it streams in, without being kept. Nobody keeps others out: places are counted for each client, and
//! while the server is crowded, whoever is silent loses his place (`places`).
//!
//! Syntax, dot-stuffing and the end of data are read by `smtp-proto`. (`mailin` was tried first: it refuses
//! the empty reverse path, which every bounce has, knows no `SIZE`, and cannot wait for a store.)

mod announced_size;
mod connection;
mod conversation;
mod listener;
mod places;
mod recipients;
mod trace_header;

pub(crate) use conversation::Envelope;
pub(crate) use listener::{Listener, MailIntake};
pub(crate) use places::Room;
pub(crate) use recipients::Recipients;

/// What a client may ask of the server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Largest message, in bytes as transferred.
    pub(crate) message_bytes: usize,
    /// Most recipients of one message.
    pub(crate) recipients: usize,
}
