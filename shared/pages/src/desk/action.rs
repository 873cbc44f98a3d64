//! What can be done to a request and to a safety flag, and what is wrong with an attempt.

use crate::words::Words;
use lotse_domain::{FlagNumber, Request, RequestId, RequestState, SafetyFlag, UserId};

/// The names of the inputs that the desk's forms send.
pub mod input {
    /// The session's token against forged requests, in every form.
    pub const CSRF: &str = "csrf";
    /// The case's version that the page showed, in every form of a case.
    pub const VERSION: &str = "version";
    /// The text of an answer or a question.
    pub const TEXT: &str = "text";
    /// Why a request is moved, closed or reopened, or a flag dismissed.
    pub const REASON: &str = "reason";
    /// The desk to move to; empty: unchanged.
    pub const DESK: &str = "desk";
    /// The topic to move to, by its name; empty: unchanged.
    pub const TOPIC: &str = "topic";
    /// The number under which pharmacovigilance or quality keeps the report.
    pub const NUMBER: &str = "number";
    /// What is searched for.
    pub const QUERY: &str = "query";
    /// The language's tag, in the settings.
    pub const LANGUAGE: &str = "lang";
    /// The path to return to.
    pub const RETURN_TO: &str = "return_to";
    /// The sign-in name.
    pub const USER: &str = "user";
    /// The password.
    pub const PASSWORD: &str = "password";
    /// The cursor of the next page of a search.
    pub const AFTER: &str = "after";
}

/// Something that can be done to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RequestAction {
    /// Take it on.
    Claim,
    /// Give it back to the desk.
    Release,
    /// Confirm that it is at the right desk.
    ConfirmRoute,
    /// Answer it.
    Answer,
    /// Ask the contact something.
    Ask,
    /// Move it to another desk or topic, with a reason.
    Move,
    /// Close it, with a reason.
    Close,
    /// Open it again, with a reason.
    Reopen,
}

impl RequestAction {
    /// All actions, in the order in which the page shows them.
    pub const ALL: [Self; 8] = [
        Self::Claim,
        Self::Release,
        Self::ConfirmRoute,
        Self::Answer,
        Self::Ask,
        Self::Move,
        Self::Close,
        Self::Reopen,
    ];

    /// The last segment of the path that it is posted to.
    pub fn name(self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::Release => "release",
            Self::ConfirmRoute => "confirm",
            Self::Answer => "answer",
            Self::Ask => "ask",
            Self::Move => "move",
            Self::Close => "close",
            Self::Reopen => "reopen",
        }
    }

    /// The action with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }
}

impl RequestAction {
    /// Whether it needs no more than a button.
    pub(crate) fn needs_no_entry(self) -> bool {
        matches!(self, Self::Claim | Self::Release | Self::ConfirmRoute)
    }

    /// Whether its button is the one to press next.
    pub(crate) fn is_main(self) -> bool {
        matches!(self, Self::Claim | Self::ConfirmRoute)
    }
}

impl Words for RequestAction {
    fn pair(&self) -> (&'static str, &'static str) {
        match self {
            Self::Claim => ("Übernehmen", "Claim"),
            Self::Release => ("Zurückgeben", "Release"),
            Self::ConfirmRoute => ("Zuordnung bestätigen", "Confirm the route"),
            Self::Answer => ("Antworten", "Answer"),
            Self::Ask => ("Beim Kontakt nachfragen", "Ask the contact"),
            Self::Move => ("Weitergeben", "Move"),
            Self::Close => ("Abschließen", "Close"),
            Self::Reopen => ("Wieder öffnen", "Reopen"),
        }
    }
}

/// Something that can be done to a safety flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FlagAction {
    /// Record that pharmacovigilance or quality has it, under its number.
    Acknowledge,
    /// Dismiss it, with a reason.
    Dismiss,
}

impl FlagAction {
    /// The last segment of the path that it is posted to.
    pub fn name(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Dismiss => "dismiss",
        }
    }

    /// The action with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Acknowledge, Self::Dismiss].into_iter().find(|action| action.name() == name)
    }
}

impl Words for FlagAction {
    fn pair(&self) -> (&'static str, &'static str) {
        match self {
            Self::Acknowledge => ("Übernahme festhalten", "Record the acknowledgement"),
            Self::Dismiss => ("Hinweis verwerfen", "Dismiss the flag"),
        }
    }
}

/// What this person may do to the request as it stands, in the order in which the page offers it. The case
/// itself decides again when it is done: somebody else may have been faster.
pub fn allowed_on_request(request: &Request, user: &UserId) -> Vec<RequestAction> {
    let state = &request.state;
    let taken_by_another = state.assignee().is_some_and(|assignee| assignee != user);
    let is_allowed = |action: &RequestAction| match action {
        RequestAction::Claim => state.is_at_a_desk() && state.assignee().is_none(),
        RequestAction::Release => state.assignee() == Some(user),
        RequestAction::ConfirmRoute => state.is_at_a_desk() && request.confirm,
        RequestAction::Answer | RequestAction::Ask => state.is_at_a_desk() && !taken_by_another,
        RequestAction::Move => !state.is_done() && !taken_by_another,
        RequestAction::Close => !matches!(state, RequestState::Closed { .. }) && !taken_by_another,
        RequestAction::Reopen => state.is_done(),
    };
    RequestAction::ALL.into_iter().filter(is_allowed).collect()
}

/// What a person may do to the safety flag as it stands.
pub fn allowed_on_flag(flag: &SafetyFlag) -> Vec<FlagAction> {
    if flag.is_open() { vec![FlagAction::Acknowledge, FlagAction::Dismiss] } else { Vec::new() }
}

/// What an attempt was aimed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptTarget {
    /// A request.
    Request(RequestId, RequestAction),
    /// A safety flag.
    Flag(FlagNumber, FlagAction),
}

/// An action that was refused: the page shows again what was typed, beside what is wrong with it.
#[derive(Clone)]
pub struct Attempt {
    /// What it was aimed at.
    pub target: AttemptTarget,
    /// The text, reason or number typed.
    pub typed: String,
    /// The desk chosen to move to, as its input sent it; empty elsewhere.
    pub desk: String,
    /// The topic chosen, likewise.
    pub topic: String,
    /// What is wrong.
    pub error: ActionError,
}

/// What is wrong with an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionError {
    /// No text for the contact.
    TextMissing,
    /// No reason.
    ReasonMissing,
    /// Neither another desk nor another topic.
    TargetMissing,
    /// No number of pharmacovigilance or quality.
    NumberMissing,
    /// More text than can be kept.
    TooLong,
    /// The contact has no mail address that can be written to.
    NoAddress,
    /// The case refused it; the notice on top of the page says why.
    NotDone,
}

impl Words for ActionError {
    fn pair(&self) -> (&'static str, &'static str) {
        match self {
            Self::TextMissing => (
                "Bitte schreiben Sie, was der Kontakt lesen soll.",
                "Please write what the contact is to read.",
            ),
            Self::ReasonMissing => (
                "Bitte geben Sie einen Grund an. Er steht später im Verlauf.",
                "Please give a reason. It will stand in the history.",
            ),
            Self::TargetMissing => (
                "Bitte wählen Sie eine andere Abteilung oder ein anderes Thema.",
                "Please choose another desk or topic.",
            ),
            Self::NumberMissing => (
                "Bitte geben Sie die Nummer an, unter der die Meldung dort geführt wird.",
                "Please give the number under which the report is kept there.",
            ),
            Self::TooLong => ("Bitte kürzen Sie den Text.", "Please shorten the text."),
            Self::NoAddress => (
                "Von diesem Kontakt ist keine E-Mail-Adresse bekannt. Bitte rufen Sie an und schließen Sie die Anfrage danach ab.",
                "No email address of this contact is known. Please call, and close the request afterwards.",
            ),
            Self::NotDone => (
                "Noch nicht ausgeführt. Was Sie geschrieben haben, steht noch hier.",
                "Not done yet. What you wrote still stands here.",
            ),
        }
    }
}
