//! Error pages: what was wrong and what to do, in both languages, since whoever sees one may have come by any way.

use crate::{PageLanguage, PublicFrame, texts::ProblemTexts};
use askama::Template;

/// What went wrong, as far as it helps whoever sees it. None repeats what was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// 400: what was sent cannot be read.
    Unreadable,
    /// 403: signed in, but without right to this.
    Forbidden,
    /// 403: the page was open for too long, or the form was not ours.
    FormExpired,
    /// 404: nothing under this address.
    NotFound,
    /// 404: a status link that we did not make, or that was cut on its way. The status tells no more than that,
    /// so that nobody learns which links exist.
    LinkInvalid,
    /// 405: the address exists, but not for this.
    MethodNotAllowed,
    /// 408: sending took longer than the server waits.
    TooSlow,
    /// 409: the case holds as many messages as a case can.
    CaseFull,
    /// 413: more than the server takes.
    TooLarge {
        /// What it takes, in bytes.
        limit: usize,
    },
    /// 429: too many in too short a time.
    TooMany,
    /// 500: our fault.
    Internal,
    /// 503: busy or being maintained.
    Unavailable,
}

impl Problem {
    /// The HTTP status code.
    pub fn status(self) -> u16 {
        match self {
            Self::Unreadable => 400,
            Self::Forbidden | Self::FormExpired => 403,
            Self::NotFound | Self::LinkInvalid => 404,
            Self::MethodNotAllowed => 405,
            Self::TooSlow => 408,
            Self::CaseFull => 409,
            Self::TooLarge { .. } => 413,
            Self::TooMany => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }

    /// What was wrong, in a few words.
    pub fn title(self, language: PageLanguage) -> &'static str {
        ProblemTexts::of(language).title(self)
    }

    /// What happened and what to do, in a sentence or two.
    pub fn advice(self, language: PageLanguage) -> String {
        let advice = ProblemTexts::of(language).advice(self);
        match self {
            Self::TooLarge { limit } => {
                let (german, english) = ("Höchstens erlaubt sind", "The most we can take is");
                format!("{advice} {} {}.", language.choose((german, english)), size_words(limit))
            }
            _ => advice.to_owned(),
        }
    }
}

/// A number of bytes as people write it.
pub(crate) fn size_words(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

/// The page for a problem.
#[derive(Template)]
#[template(path = "public/problem.html")]
pub struct ProblemPage {
    /// What surrounds the page.
    pub frame: PublicFrame,
    /// What went wrong.
    pub problem: Problem,
}

impl ProblemPage {
    fn title(&self) -> &'static str {
        self.problem.title(self.frame.language)
    }

    /// The same in the other language.
    fn other_title(&self) -> &'static str {
        self.problem.title(self.frame.language.other())
    }

    fn advice(&self) -> String {
        self.problem.advice(self.frame.language)
    }

    fn other_advice(&self) -> String {
        self.problem.advice(self.frame.language.other())
    }

    fn texts(&self) -> &'static ProblemTexts {
        ProblemTexts::of(self.frame.language)
    }
}
