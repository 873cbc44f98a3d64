//! What surrounds every public page: the company, the language and its switch, local time.

use crate::{PageLanguage, moment::Moment, paths, texts::PublicTexts};
use jiff::{Timestamp, tz::TimeZone};

/// The company that the pages speak for; its policy names it.
#[derive(Clone, Debug)]
pub struct Company {
    /// The company's name.
    pub name: String,
    /// Address of its privacy notice.
    pub privacy_url: Option<String>,
    /// Address of its legal notice.
    pub imprint_url: Option<String>,
    /// Phone number for what cannot wait.
    pub phone: Option<String>,
}

/// Where the way out of a page leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// To the inquiry form: for contacts.
    InquiryForm,
    /// To the worklist: for people at a desk.
    Desk,
}

/// What surrounds a public page.
#[derive(Clone, Debug)]
pub struct PublicFrame {
    /// The language of the page.
    pub language: PageLanguage,
    /// The company.
    pub company: Company,
    /// The same page in the other language. `None` where it cannot be had again in that language.
    pub other_language_url: Option<String>,
    /// Where the company's name links to, and the way out of an error page.
    pub home: Home,
    /// The zone that times are shown in.
    pub zone: TimeZone,
}

impl PublicFrame {
    pub(crate) fn texts(&self) -> &'static PublicTexts {
        PublicTexts::of(self.language)
    }

    pub(crate) fn language(&self) -> PageLanguage {
        self.language
    }

    pub(crate) fn home_path(&self) -> String {
        match self.home {
            Home::InquiryForm => self.form_path(),
            Home::Desk => paths::DESK.to_owned(),
        }
    }

    pub(crate) fn home_words(&self) -> &'static str {
        match self.home {
            Home::InquiryForm => self.texts().to_form,
            Home::Desk => self.texts().to_desk,
        }
    }

    pub(crate) fn form_path(&self) -> String {
        paths::form(self.language)
    }

    pub(crate) fn moment(&self, at: &Timestamp) -> Moment {
        Moment::new(*at, &self.zone, self.language)
    }
}
