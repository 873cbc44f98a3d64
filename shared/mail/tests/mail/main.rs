//! What this crate promises, told by mails.

mod automatic;
mod composing;
mod fixtures;
mod reading;
mod separating;
mod threading;
