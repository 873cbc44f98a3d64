//! The HTML that people see: the inquiry form, the status page, the desk, and the pages for whoever
//! operates a local server. In German and English.
//!
//! The reader is at the edge of the system where typed values become text. Each page is a struct of plain
//! data that derives [`Template`]; a function fills it and calls [`Template::render`]. Nothing here reads a
//! clock, a file or a store: the time comes in with the page, templates and assets are compiled in.
//!
//! * `templates/` holds one file per page and the parts they share; `assets/` the stylesheet, the script and
//!   the logo, delivered by [`assets()`] under paths that carry a hash of their content.
//! * [`words`] holds the words for every term of the domain, `texts` the sentences of the pages. Both are
//!   typed: a text that lacks one language does not compile.
//! * [`paths`] holds every address that a page links or posts to. Whoever routes requests uses the same.
//! * Everything works without script, and every value is escaped by the template engine. The pages need no
//!   more than this content security policy: [`CONTENT_SECURITY_POLICY`].
//!
//! `cargo run -p lotse-pages --example preview -- DIR` writes every page with sample data into a folder.

mod assets;
mod control;
mod conversation;
mod countries;
pub mod desk;
mod form;
mod frame;
mod highlight;
mod language;
mod moment;
mod names;
pub mod operator;
pub mod paths;
mod problem;
mod status;
mod texts;
pub mod words;

pub use askama::{Error as RenderError, Template};
pub use assets::{Asset, CONTENT_SECURITY_POLICY, asset, assets};
pub use conversation::MessageKind;
pub use countries::is_country;
pub use form::{
    Entries, FieldError, HONEYPOT, IDEMPOTENCY_KEY, InquiryField, InquiryFormPage, TICKED, fields_for,
};
pub use frame::{Company, Home, PublicFrame};
pub use highlight::{Mark, Piece, Span, highlight};
pub use language::PageLanguage;
pub use names::Names;
pub use problem::{Problem, ProblemPage};
pub use status::{ConfirmationPage, PublicMessage, ReplyForm, RequestStatus, StatusPage};
