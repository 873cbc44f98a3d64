//! What the functions that answer HTTP share, between the network and their handlers: a body is read within
//! its limit, a form into its fields, a page leaves with the headers that protect whoever reads it.
//!
//! What comes in is hostile. Nothing here echoes it, logs it or does more work for it than its size.

mod body;
mod form;
mod problem;
mod respond;

pub use body::{UnreadBody, read_body};
pub use form::{Form, FormError, query_value};
pub use problem::{problem_response, unavailable};
pub use respond::{Privacy, asset_response, html, see_other};
