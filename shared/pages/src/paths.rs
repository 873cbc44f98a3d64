//! Every address that a page links or posts to. The functions that answer them route by the same names, so
//! that a page never points to where nobody answers. No path holds personal data: ids and tokens only.

use crate::{
    PageLanguage,
    desk::{FlagAction, RequestAction, WorklistView},
};
use lotse_domain::{CaseId, DeskId, FlagNumber, RequestId};

/// The inquiry form (GET).
pub const FORM: &str = "/";
/// Where the inquiry form is sent (POST).
pub const SEND_INQUIRY: &str = "/inquiries";
/// Before the token of a status page.
pub const STATUS_PREFIX: &str = "/s/";
/// The desk's worklist (GET). Parameters: `view`, `desk`, `after`.
pub const DESK: &str = "/desk";
/// The sign-in page (GET) and where it is sent (POST).
pub const SIGN_IN: &str = "/desk/sign-in";
/// The way to the company's own sign-in service (GET), where there is one. Parameter: `return_to`.
pub const BEGIN_SIGN_IN: &str = "/desk/sign-in/begin";
/// Where that service sends the browser back to (GET); registered there.
pub const FINISH_SIGN_IN: &str = "/desk/sign-in/finish";
/// Ends the session (POST).
pub const SIGN_OUT: &str = "/desk/sign-out";
/// Sets the desk's language (POST).
pub const SETTINGS: &str = "/desk/settings";
/// Searches cases (POST: what is searched for may name a person, and addresses end up in logs).
pub const SEARCH: &str = "/desk/search";
/// Before a case's id.
pub const CASE_PREFIX: &str = "/desk/cases/";
/// Deliveries that were given up (GET).
pub const PARKED: &str = "/desk/parked";
/// The development mailbox (GET), where no relay is configured.
pub const MAILBOX: &str = "/dev/mail";

/// The form in one language.
pub fn form(language: PageLanguage) -> String {
    format!("{FORM}?lang={}", language.tag())
}

/// The status page of a token.
pub fn status(token: &str) -> String {
    format!("{STATUS_PREFIX}{token}")
}

/// Where the contact is told that the inquiry has arrived (GET), by the status page's token.
pub fn confirmation(token: &str) -> String {
    format!("{STATUS_PREFIX}{token}/sent")
}

/// Where a reply from the status page is sent (POST).
pub fn reply(token: &str) -> String {
    format!("{STATUS_PREFIX}{token}/reply")
}

/// A view of a desk's worklist (GET).
pub fn worklist(desk: &DeskId, view: WorklistView) -> String {
    format!("{DESK}?desk={desk}&view={}", view.name())
}

/// A case at the desk (GET).
pub fn case(case: CaseId) -> String {
    format!("{CASE_PREFIX}{case}")
}

/// Where an action on a request is sent (POST).
pub fn request_action(case: CaseId, request: RequestId, action: RequestAction) -> String {
    format!("{CASE_PREFIX}{case}/requests/{request}/{}", action.name())
}

/// Where an action on a safety flag is sent (POST).
pub fn flag_action(case: CaseId, flag: FlagNumber, action: FlagAction) -> String {
    format!("{CASE_PREFIX}{case}/flags/{flag}/{}", action.name())
}

/// Where the retry of a parked delivery is sent (POST).
pub fn retry(parked: &str) -> String {
    format!("{PARKED}/{parked}/retry")
}

/// One mail in the development mailbox (GET).
pub fn mail(name: &str) -> String {
    format!("{MAILBOX}/{name}")
}

/// The mail as it would have been sent (GET, `message/rfc822`).
pub fn raw_mail(name: &str) -> String {
    format!("{MAILBOX}/{name}/raw")
}
