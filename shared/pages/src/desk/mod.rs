//! The specialists' web desk: signing in, the worklist, and one case with everything that can be done to it.

mod action;
mod case;
mod evidence;
mod frame;
mod history;
mod notice;
mod sign_in;
mod unanswered;
mod worklist;

pub use action::{
    ActionError, Attempt, AttemptTarget, FlagAction, RequestAction, allowed_on_flag, allowed_on_request,
    input,
};
pub use case::CasePage;
pub use frame::{DeskChoice, DeskFrame, SignedIn};
pub use notice::Notice;
pub use sign_in::{SignInBy, SignInError, SignInPage, SignedInPage};
pub use worklist::{SearchPage, WorklistPage, WorklistRow, WorklistTab, WorklistView};
