//! The specialists' web desk: signing in, the worklist, and one case with everything that can be done to it.

mod action;
mod case;
mod findings;
mod frame;
mod history;
mod notice;
mod sign_in;
mod worklist;

pub use action::{ActionError, Attempt, AttemptTarget, FlagAction, RequestAction, input};
pub use case::{
    Attachment, CaseMessage, CasePage, ContactCard, DeskChoice, FlagCard, FlagState, RequestCard,
};
pub use findings::{EvidenceQuote, Findings, GapFinding, TopicFound};
pub use frame::{DeskFrame, SignedIn};
pub use history::{Actor, HistoryEntry, Occurrence};
pub use notice::Notice;
pub use sign_in::{SignInError, SignInPage};
pub use worklist::{SearchPage, WorklistPage, WorklistRow, WorklistTab, WorklistView};
