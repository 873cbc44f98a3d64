//! The demo: invented inquiries, sent through the real channels into a desk that runs.

mod channels;
mod script;
mod table;
mod watch;

pub(crate) use channels::Channels;
use script::Way;
pub(crate) use script::{ScriptedInquiry, script};
pub(crate) use table::{Row, write_table};
pub(crate) use watch::WatchedCase;
