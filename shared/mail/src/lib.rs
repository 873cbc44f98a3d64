//! Mail in, mail out: reading messages, separating new text from old, recognising automatic mail, threading,
//! composing. Pure: no clock, no randomness, no input or output.
//!
//! [`read`] makes an [`IncomingMail`] of raw bytes, [`separate`] finds what its sender newly wrote,
//! [`thread_hints`] says which case it may belong to, [`silence`] whether it may be answered automatically,
//! [`compose`] writes what goes out.

mod automatic;
mod composing;
mod printing;
mod reading;
mod separate;
mod threading;
mod wording;

pub use automatic::{DeliveryAction, DeliveryReport, FailedRecipient, Signal};
pub use composing::{OutgoingMail, Submitted, compose, text_to_html};
pub use printing::{PrintedAttachment, PrintedMail};
pub use reading::{
    IncomingMail, MAX_HEADERS, MAX_MESSAGE_BYTES, MAX_MULTIPARTS, MAX_PARTS, MAX_RECIPIENTS, MAX_TEXT_BYTES,
    Mailbox, Unreadable, html_to_text, read,
};
pub use separate::{Context, Forwarded, Part, PartKind, Purpose, Separated, separate, separate_in};
pub use threading::{
    Silence, ThreadHints, case_references, plus_tag, purpose, silence, strip_prefixes, thread_hints,
};
