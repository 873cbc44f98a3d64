//! Signing in.

use super::DeskFrame;
use crate::{texts::DeskTexts, words::Words};
use askama::Template;

/// Why somebody is not signed in. None tells whether a user name exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInError {
    /// Name or password do not fit, or the user is disabled.
    Refused,
    /// Too many attempts in too short a time.
    TooMany,
    /// The session has ended, or belongs to a user who is disabled.
    SessionEnded,
}

impl Words for SignInError {
    fn pair(&self) -> (&'static str, &'static str) {
        match self {
            Self::Refused => (
                "Name und Passwort passen nicht zusammen, oder der Zugang ist gesperrt. Bitte versuchen Sie es noch einmal oder wenden Sie sich an Ihre Verwaltung.",
                "Name and password do not fit, or the account is disabled. Please try again, or ask your administrator.",
            ),
            Self::TooMany => (
                "Zu viele Versuche. Bitte warten Sie eine Minute.",
                "Too many attempts. Please wait a minute.",
            ),
            Self::SessionEnded => (
                "Ihre Sitzung ist beendet. Bitte melden Sie sich wieder an.",
                "Your session has ended. Please sign in again.",
            ),
        }
    }
}

/// The sign-in page.
#[derive(Template)]
#[template(path = "desk/sign_in.html")]
pub struct SignInPage {
    /// What surrounds the page.
    pub frame: DeskFrame,
    /// The name typed before.
    pub user: String,
    /// The path to go to once signed in; empty: the worklist. Whoever follows it accepts own paths only.
    pub return_to: String,
    /// What went wrong before.
    pub error: Option<SignInError>,
}

impl SignInPage {
    fn texts(&self) -> &'static DeskTexts {
        self.frame.texts()
    }
}
