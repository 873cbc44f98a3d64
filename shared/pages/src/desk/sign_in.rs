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
    /// The company's sign-in service vouched for nobody, or the sign-in took too long.
    NotVouchedFor,
    /// Signed in with the company, but nobody here knows what the person works on.
    NoDesk,
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
            Self::NotVouchedFor => (
                "Die Anmeldung wurde nicht abgeschlossen. Bitte versuchen Sie es noch einmal.",
                "The sign-in was not completed. Please try again.",
            ),
            Self::NoDesk => (
                "Ihr Zugang ist keiner Abteilung zugeordnet oder gesperrt. Bitte wenden Sie sich an Ihre Verwaltung.",
                "Your account belongs to no desk, or is disabled. Please ask your administrator.",
            ),
            Self::SessionEnded => (
                "Ihre Sitzung ist beendet. Bitte melden Sie sich wieder an.",
                "Your session has ended. Please sign in again.",
            ),
        }
    }
}

/// How people sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInBy {
    /// With a name and a password of this desk.
    Password,
    /// With the company's own sign-in service.
    Company {
        /// The address that leads there ([`BEGIN_SIGN_IN`](crate::paths::BEGIN_SIGN_IN)).
        begin: String,
    },
}

/// The sign-in page.
#[derive(Template)]
#[template(path = "desk/sign_in.html")]
pub struct SignInPage {
    /// What surrounds the page.
    pub frame: DeskFrame,
    /// How people sign in.
    pub by: SignInBy,
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

/// The page after the company's service has vouched for somebody. It leads on by itself: a browser sends a
/// strict cookie (`SameSite=Strict`) only where the page before was ours.
#[derive(Template)]
#[template(path = "desk/signed_in.html")]
pub struct SignedInPage {
    /// What surrounds the page.
    pub frame: DeskFrame,
    /// The path to go on to; a page of the desk.
    pub return_to: String,
}

impl SignedInPage {
    fn texts(&self) -> &'static DeskTexts {
        self.frame.texts()
    }
}
