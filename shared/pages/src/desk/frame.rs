//! What surrounds every page of the desk.

use super::Notice;
use crate::{PageLanguage, moment::Moment, texts::DeskTexts};
use jiff::{Timestamp, tz::TimeZone};
use lotse_domain::{DeskId, UserId};

/// Whoever is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The sign-in name.
    pub id: UserId,
    /// The name to show.
    pub name: String,
    /// The session's token against forged requests; every form of the desk carries it in the input `csrf`.
    pub csrf: String,
}

/// A desk to choose.
#[derive(Clone, Debug)]
pub struct DeskChoice {
    /// Its id.
    pub id: DeskId,
    /// Its name in the language of the page.
    pub name: String,
}

/// What surrounds a page of the desk.
#[derive(Clone, Debug)]
pub struct DeskFrame {
    /// The language of the page.
    pub language: PageLanguage,
    /// The company's name.
    pub company: String,
    /// Whoever is signed in; `None` on the sign-in page and on pages that need none.
    pub user: Option<SignedIn>,
    /// The zone that times are shown in.
    pub zone: TimeZone,
    /// The time at which the page is made: due times are told from it.
    pub now: Timestamp,
    /// What has just been done, or why it has not.
    pub notice: Option<Notice>,
    /// How many deliveries were given up and need a person; 0 hides the link to them.
    pub parked: usize,
    /// True where mails are kept in the development mailbox, which the header then links.
    pub mailbox: bool,
    /// The path of this page, to come back to after the language was changed.
    pub here: String,
}

impl DeskFrame {
    pub(crate) fn texts(&self) -> &'static DeskTexts {
        DeskTexts::of(self.language)
    }

    pub(crate) fn language(&self) -> PageLanguage {
        self.language
    }

    pub(crate) fn moment(&self, at: &Timestamp) -> Moment {
        Moment::new(*at, &self.zone, self.language)
    }

    pub(crate) fn is_overdue(&self, due: &Timestamp) -> bool {
        *due < self.now
    }

    pub(crate) fn due_words(&self, due: &Timestamp) -> String {
        crate::moment::due_words(self.now, *due, self.language)
    }

    pub(crate) fn csrf(&self) -> &str {
        self.user.as_ref().map_or("", |user| user.csrf.as_str())
    }

    /// This page in the other language, for whoever has no settings yet.
    pub(crate) fn other_language_url(&self) -> String {
        let separator = if self.here.contains('?') { '&' } else { '?' };
        format!("{}{separator}lang={}", self.here, self.language.other().tag())
    }
}
